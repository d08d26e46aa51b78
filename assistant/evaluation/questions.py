"""Questions with what is known of their answers, read from JSON Lines: a public set's, or a user's own few.

A line is an object. It needs `question`, and either something to judge an answer by (`answers`, `quote`, `passage_ids`,
`document`, perhaps with `start` and `end`) or `"answerable": false`. All else is optional; other names are let be.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.errors import SettingsError

Half = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is known of its answer; what is not known is empty or None."""

    id: str  # "line 7" where the file gives none
    question: str
    answerable: bool = True
    answers: tuple[str, ...] = ()  # alternatives: each is right
    passage_ids: tuple[str, ...] = ()  # documents that answer it: "name.txt", "corpus.jsonl#7", or "7" for the latter
    document: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None  # the sentence or part of it that answers, as the document has it
    asked_of: str | None = None  # where an unanswerable question seems to have an answer: then it is adversarial

    @property
    def half(self) -> Half:
        """The half of its set that a case belongs to: settings are chosen on "dev" and reported on "test"."""
        return "test" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "dev"


def read_questions(path: Path) -> tuple[Case, ...]:
    """Read a questions file. Raises SettingsError naming the file and line of the first mistake."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The questions file {path} cannot be read: {error}. It must be UTF-8 text.") from error
    cases: list[Case] = []
    lines_of_ids: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        case = _case(_object(line, where), where, number)
        earlier = lines_of_ids.setdefault(case.id, number)
        if earlier != number:
            raise SettingsError(f"{where}: the id “{case.id}” is also on line {earlier}. Give each question its own.")
        cases.append(case)
    if not cases:
        raise SettingsError(f"The questions file {path} holds no question. Write one JSON object a line.")
    return tuple(cases)


def evenly_spaced(cases: tuple[Case, ...], count: int) -> tuple[Case, ...]:
    """`count` of the cases at equal distances, in order, so that every part of a set is met; all if there are fewer."""
    if count >= len(cases):
        return cases
    return tuple(cases[position * len(cases) // count] for position in range(count))


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{where} is not JSON: {error}. Write one object a line.") from error
    if not isinstance(row, dict):
        raise SettingsError(f'{where} is not an object. Write {{"question": "…", "quote": "…"}}.')
    return row


def _case(row: dict[str, Any], where: str, number: int) -> Case:
    question = _text(row, "question", where)
    if question is None:
        raise SettingsError(f'{where} has no "question". Add one.')
    answerable = row.get("answerable", True)
    if not isinstance(answerable, bool):
        raise SettingsError(f'{where}: "answerable" must be true or false.')
    start, end = _span(row, where)
    identity = row.get("id")
    case = Case(
        id=f"line {number}" if identity is None else str(identity),
        question=question,
        answerable=answerable,
        answers=_texts(row, "answers", where),
        passage_ids=_texts(row, "passage_ids", where),
        document=_text(row, "document", where),
        start=start,
        end=end,
        quote=_text(row, "quote", where),
        asked_of=_text(row, "asked_of", where),
    )
    known = case.answers or case.passage_ids or case.quote or case.document
    if answerable and not known:
        raise SettingsError(
            f'{where}: nothing is known of the answer. Add "quote" (the sentence that answers) or "answers", '
            'or "answerable": false if the texts do not say.'
        )
    return case


def _text(row: dict[str, Any], name: str, where: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f'{where}: "{name}" must be a text that is not empty.')
    return value


def _texts(row: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    values = row.get(name)
    if values is None:
        return ()
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise SettingsError(f'{where}: "{name}" must be a list of texts, such as ["…"].')
    return tuple(values)


def _span(row: dict[str, Any], where: str) -> tuple[int | None, int | None]:
    start, end = row.get("start"), row.get("end")
    if start is None and end is None:
        return None, None
    whole = all(isinstance(value, int) and not isinstance(value, bool) for value in (start, end))
    if not whole or not 0 <= start < end or row.get("document") is None:  # type: ignore[operator]
        raise SettingsError(
            f'{where}: "start" and "end" must be two whole numbers, 0 ≤ start < end, with the "document" they are in.'
        )
    return start, end
