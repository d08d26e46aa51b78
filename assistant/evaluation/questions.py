"""Questions with what is known of their answers, read from JSON Lines: a public set's, or a user's own few.

A line is an object. It needs `question`, and something to judge an answer by: `answers`, `quote`, `passage_ids` or
`document` (perhaps with `start` and `end`), `also` (more places that are right), `not` (places that do not say so, and
are not to be cited), or `answerable`, which alone asks for an answer, whatever it is, or for a refusal. All else is
optional; other names are let be, and so are lines that begin with # or //:

    {"question": "谁负责？", "document": "a.txt", "quote": "各级党委负责。"}
    {"question": "罚款多少？", "answerable": false, "kind": "adversarial"}
    {"question": "何时施行？", "not": [{"document": "a.txt", "quote": "2019年公布。"}]}
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

from assistant.errors import SettingsError

Half = Literal["dev", "test"]
Kind = Literal["random", "adversarial"]

_MOST_MISTAKES = 20  # told at once
_BROKEN = re.compile("[\ud800-\udfff]")
_SHAPE = '{"question": "…", "document": "a.txt", "quote": "…"}'
_PLACE_SHAPE = '{"document": "a.txt", "quote": "…"}'
_COMMENTS = ("#", "//")
# How the public sets say that a question was asked of a text that happens not to be here.
_RANDOM_TYPES = frozenset(("random", "left_out_paragraph"))


@dataclass(frozen=True, slots=True)
class Quoted:
    """Some words of a document, and where they stand, as far as that is known."""

    document: str
    quote: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what is known of its answer; what is not known is empty or None."""

    id: str  # "line 7" where the file gives none
    question: str
    answerable: bool | None = True  # None: not known
    answers: tuple[str, ...] = ()  # alternatives: each is right
    passage_ids: tuple[str, ...] = ()  # documents that answer it: "name.txt", "corpus.jsonl#7", or "7" for the latter
    document: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None  # the sentence or part of it that answers, as the document has it
    asked_of: str | None = None  # where an unanswerable question seems to have an answer: then it is adversarial
    kind: Kind | None = None  # of an unanswerable question, where the file says which
    line: int = field(default=0, compare=False)  # of the file; 0: not from a file
    also: tuple[Quoted, ...] = ()  # that answer as well as `quote` does
    unwanted: tuple[Quoted, ...] = ()  # that do not answer, and are not to be cited first: "not" in the file
    within: tuple[str, ...] = ()  # the folders and documents that it is asked of; empty: all

    @property
    def place(self) -> str:
        """What the case is called in a message: its line, which an editor finds, and its id if it has one."""
        numbered = f"line {self.line}"
        return self.id if not self.line or self.id == numbered else f"{numbered} ({self.id})"

    @property
    def gives_place(self) -> bool:
        """Whether it says where in a document the answer stands."""
        return self.quote is not None or self.start is not None or bool(self.also)

    @property
    def half(self) -> Half:
        """The half of its set that a case belongs to: settings are chosen on "dev" and reported on "test"."""
        return "test" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "dev"


def read_questions(path: Path) -> tuple[Case, ...]:
    """Read a questions file. Raises SettingsError that names the file, every line with a mistake and what to do."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"The questions file {path} cannot be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The questions file {path} is not UTF-8 ({error}). Save it as UTF-8.") from error
    cases = tuple(case for case in cases_of(path, text.split("\n")) if case is not None)
    if not cases:
        raise SettingsError(f"The questions file {path} holds no question. Write one a line: {_SHAPE}")
    return cases


def cases_of(path: Path, lines: Sequence[str]) -> list[Case | None]:
    """The case of each line of a questions file, None for an empty line and a comment. Raises as `read_questions`."""
    cases: list[Case | None] = []
    mistakes: list[str] = []
    lines_of_ids: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        where = f"line {number}"
        case = None
        try:
            if line.strip() and not line.lstrip().startswith(_COMMENTS):
                case = _case(_object(line, where), where, number)
                earlier = lines_of_ids.setdefault(case.id, number)
                if earlier != number:
                    raise SettingsError(
                        f"{where}: the id “{case.id}” is also on line {earlier}. Give each question its own."
                    )
        except SettingsError as error:
            mistakes.append(str(error))
        cases.append(case)
    if mistakes:
        raise SettingsError(_told(path, mistakes))
    return cases


def evenly_spaced(cases: tuple[Case, ...], count: int) -> tuple[Case, ...]:
    """`count` of the cases at equal distances, in order, so that every part of a set is met; all if there are fewer."""
    if count >= len(cases):
        return cases
    return tuple(cases[position * len(cases) // count] for position in range(count))


def _told(path: Path, mistakes: list[str]) -> str:
    if len(mistakes) == 1:
        return f"{path}, {mistakes[0]}"
    listed = "".join(f"\n  {mistake}" for mistake in mistakes[:_MOST_MISTAKES])
    more = f"\n  … and {len(mistakes) - _MOST_MISTAKES:,} more" if len(mistakes) > _MOST_MISTAKES else ""
    return f"{path} has {len(mistakes):,} lines to mend:{listed}{more}"


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{where} is not JSON: {error}. Write one object a line, such as {_SHAPE}") from error
    if not isinstance(row, dict):
        raise SettingsError(f"{where} is not an object. Write {_SHAPE}")
    if _BROKEN.search(json.dumps(row, ensure_ascii=False)):
        raise SettingsError(f"{where} holds half a character (\\ud800 to \\udfff). Write the text itself.")
    return row


def _case(row: dict[str, Any], where: str, number: int) -> Case:
    question = _text(row, "question", where)
    if question is None:
        raise SettingsError(f'{where} has no "question". Add one.')
    answerable = row.get("answerable")
    if not isinstance(answerable, bool | None):
        raise SettingsError(f'{where}: "answerable" must be true or false.')
    start, end = _span(row, where)
    identity = row.get("id")
    asked_of = _text(row, "asked_of", where)
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
        asked_of=asked_of,
        kind=_kind(row, asked_of) if answerable is False else None,
        line=number,
        also=_quoted(row, "also", where),
        unwanted=_quoted(row, "not", where),
        within=_texts(row, "within", where),
    )
    known = case.answers or case.passage_ids or case.quote or case.document or case.also
    if answerable is None and known:
        return replace(case, answerable=True)
    if answerable is None and not case.unwanted:
        raise SettingsError(
            f'{where}: nothing is known of the answer. Add "quote" (the sentence that answers) or "answers", '
            'or "answerable": false if the texts do not say, or true if any answer is better than none.'
        )
    return case


def _kind(row: dict[str, Any], asked_of: str | None) -> Kind | None:
    named = row.get("kind")
    if named in ("random", "adversarial"):
        return cast(Kind, named)
    if asked_of is not None or row.get("type") == "adversarial":
        return "adversarial"
    return "random" if row.get("type") in _RANDOM_TYPES else None


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


def _quoted(row: dict[str, Any], name: str, where: str) -> tuple[Quoted, ...]:
    values = row.get(name)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise SettingsError(f'{where}: "{name}" must be a list of places, such as [{_PLACE_SHAPE}].')
    places = []
    for value in values:
        document, quote = _text(value, "document", where), _text(value, "quote", where)
        if document is None or quote is None:
            raise SettingsError(f'{where}: a place of "{name}" needs "document" and "quote": {_PLACE_SHAPE}')
        places.append(Quoted(document, quote, *_span(value, where)))
    return tuple(places)


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
