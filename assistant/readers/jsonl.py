"""JSON Lines corpora: a document a line, `{"id" or "_id", "title"?, "text"}`. A bad line never stops the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.readers.reading import Reading, decode_text, make_document
from assistant.readers.titles import title_of
from assistant.types import Document, Problem

_LINE_END = re.compile(r"\r?\n")
# Neither SQLite nor UTF-8 can carry these.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

# What is wrong with a line: in the singular, in the plural, and what to do.
_NOT_JSON = ("is not valid JSON", "are not valid JSON", "Write one JSON object a line.")
_NO_OBJECT = ("is no JSON object", "are no JSON objects", 'Write {"id": …, "title": …, "text": …}, one a line.')
_NO_TEXT = ("has no text", "have no text", "Give each line a “text”.")
_BAD_ID = ("has an id that is neither text nor a whole number", "have ids that are neither text nor whole numbers",
           "Correct the ids.")  # fmt: skip
_UNSTORABLE_TEXT = (
    "holds a NUL character or half a surrogate pair", "hold NUL characters or halves of surrogate pairs",
    "Remove these characters.",
)  # fmt: skip
_REPEATED = ("repeats the id of an earlier line", "repeat ids of earlier lines", "Give each line an id of its own.")

_Fault = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """A good line: its number, id (None without one), title and text."""

    line: int
    name: str | None
    title: str
    text: str


def read(data: bytes, document_id: str) -> Reading:
    """The documents of a corpus; lines that give none are told in problems, equal ones together. Raises ReadError."""
    decoded, problems = decode_text(data, document_id)
    faults: dict[_Fault, list[int]] = {}
    rows: list[_Row] = []
    names: set[str] = set()
    for number, line in _lines(decoded.text):
        row = _row(number, line)
        if isinstance(row, _Row) and row.name is not None and row.name in names:
            row = _REPEATED
        if isinstance(row, _Row):
            rows.append(row)
            names.add(row.name or "")
        else:
            faults.setdefault(row, []).append(number)
    documents = tuple(_document(document_id, row, names, decoded.encoding) for row in rows)
    return Reading(documents, (*problems, *(_problem(document_id, *fault) for fault in faults.items())))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1; U+2028 and the like end none."""
    position, number = 0, 0
    while position < len(text):
        number += 1
        match = _LINE_END.search(text, position)
        end = match.start() if match else len(text)
        if text[position:end].strip():
            yield number, text[position:end]
        position = match.end() if match else len(text)


def _row(number: int, line: str) -> _Row | _Fault:
    try:
        value = json.loads(line.strip())
    except (ValueError, RecursionError):
        return _NOT_JSON
    if not isinstance(value, dict):
        return _NO_OBJECT
    name = value.get("id") if value.get("id") not in (None, "") else value.get("_id")
    if isinstance(name, bool) or not isinstance(name, str | int | None):
        return _BAD_ID
    text, title = value.get("text"), value.get("title")
    if not isinstance(text, str) or not text.strip():
        return _NO_TEXT
    row = _Row(number, str(name) if name not in (None, "") else None, title if isinstance(title, str) else "", text)
    if any(_UNSTORABLE.search(part) for part in (row.name or "", row.title, row.text)):
        return _UNSTORABLE_TEXT
    return row


def _document(document_id: str, row: _Row, names: set[str], encoding: str) -> Document:
    name = row.name
    if name is None:
        # The number of the line, unless another line calls itself that.
        name = str(row.line)
        while name in names:
            name = f"line-{name}"
    title = row.title.strip() or title_of(row.text)
    return make_document(f"{document_id}#{name}", title, row.text, encoding=encoding)


def _problem(document_id: str, fault: _Fault, numbers: list[int]) -> Problem:
    one, many, advice = fault
    if len(numbers) == 1:
        return Problem(document_id, f"Line {numbers[0]:,} {one}. {advice}")
    return Problem(document_id, f"{len(numbers):,} lines {many}, first: line {numbers[0]:,}. {advice}")
