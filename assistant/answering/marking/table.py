"""The cell of a table's row that a question asks for, by the name of its column: in its head, or before its colon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.marking.view import Put
from assistant.text.marks import Span
from assistant.text.normal import literal

_CELL = re.compile(r"[^|]+")
_RULE = re.compile(r"[\s|:-]+")
_FARTHEST_HEAD = 200  # rows above the one that is asked about
_NAMED_CELL = re.compile(r"(?P<name>[^：:；;。|\n]{1,20})[：:][ \t]*(?P<value>[^；;。|\n]+)")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_NUMBER = re.compile(r"[\d一二三四五六七八九十百千万亿]")
_AMOUNT = re.compile(r"[\d.,，]+\s?(?:万|亿)?")
_LARGEST_VALUE = 40  # characters of a cell that may be marked whole
_MONEY = ("钱", "元")
_PRICE = re.compile("[费价钱金元]")


@dataclass(frozen=True, slots=True)
class _Cell:
    name: str  # of its column
    start: int
    end: int


def cell(put: Put, text: str, start: int, end: int) -> Span | None:
    """The value of text[start:end], a table's row, in the one column that the question names; or None.

    Another value of the row must be named in the question, too: the row is the one that is asked about.
    """
    if put.asked.kind not in ("number", "thing", "person", "date"):
        return None
    row = list(_row(text, start, end))
    if len(row) < 2:
        return None
    question = literal(put.text)
    said = [one for one in row if _is_said(question, text, one)]
    others = [one for one in row if one not in said]
    asked = [one for one in others if _is_asked(question, one.name)]
    if not asked and put.asked.noun in _MONEY:
        asked = [one for one in others if _PRICE.search(literal(one.name))]
    if not said or len(asked) != 1:
        return None
    left, right = asked[0].start, asked[0].end
    value = literal(text[left:right])
    if right - left > _LARGEST_VALUE or (put.asked.kind == "number" and not _is_amount(put.asked.noun, value)):
        return None
    return left, right


def _is_amount(noun: str, value: str) -> bool:
    """Whether a cell holds what is counted in the unit that is asked for, or a bare number."""
    if not _NUMBER.search(value):
        return False
    if _AMOUNT.fullmatch(value) or not noun or noun in value or noun[0] == "多":
        return True
    return noun in _MONEY and value.endswith("元")


def _is_asked(question: str, name: str) -> bool:
    """Whether a question names a column: its name is 学费(元/年), and 学费 is asked for."""
    words = literal(_IN_BRACKETS.sub("", name)).strip()
    return len(words) > 1 and words in question


def _is_said(question: str, text: str, one: _Cell) -> bool:
    value = literal(text[one.start : one.end])
    return len(value) > 1 and value in question


def _row(text: str, start: int, end: int) -> Iterator[_Cell]:
    if text[start:end].count("|") < 2:
        for match in _NAMED_CELL.finditer(text, start, end):
            yield _Cell(match["name"].strip(), *_trimmed(text, *match.span("value")))
        return
    head = _head(text, start)
    cells = [_trimmed(text, *match.span()) for match in _CELL.finditer(text, start, end)]
    cells = [span for span in cells if span[0] < span[1]]
    if head and len(head) == len(cells):
        yield from (_Cell(name, *span) for name, span in zip(head, cells, strict=True))


def _head(text: str, start: int) -> list[str]:
    """The names of the columns: the first of the lines right above that are rows, where a rule follows it."""
    lines = text[:start].split("\n")[:-1][-_FARTHEST_HEAD:]
    rows: list[str] = []
    for line in reversed(lines):
        if "|" not in line:
            break
        rows.append(line)
    if len(rows) < 2 or not _RULE.fullmatch(rows[-2]):
        return []
    return [name.strip() for name in rows[-1].strip().strip("|").split("|")]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
