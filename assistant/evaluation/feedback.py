"""What a user says of an answer, kept as a case in the library's own questions file, which `youju evaluate` runs.

Three things can be said, and each says something else of an answer, of a refusal and of one citation:

             an answer                        a refusal                   a citation
"right"      its first sentence's places      the texts do not say:       this place answers
             answer the question              not answerable
"wrong"      these places do not answer:      (it gives no source)        this place does not answer:
             another does, or none                                        not to be cited first
"missing"    the texts do not say, and it     the texts do say: an        the quote stands there, but says nothing
             should have been refused         answer is wanted            of what was asked: not to be cited first

A question has one line, however often it is asked and judged: its right places (`document` and `quote`, more of them in
`also`), the places that do not answer (`not`), and whether it can be answered at all, where that was said. So an answer
and its citations never contradict each other: it is "right" where all places of its first sentence are. Saying the same
again takes it back. A question that followed another is kept as it was understood.

Lines that Youju wrote are told by `judged_at`. All others, and what Youju does not know in its own, stay as they are; a
file with a mistake is never written to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import filelock

from assistant.errors import SettingsError
from assistant.evaluation.questions import Case, cases_of
from assistant.text.normal import literal
from assistant.types import Answer, Citation

Verdict = Literal["right", "wrong", "missing"]
Row = dict[str, Any]

QUESTIONS_FILE = "questions.jsonl"
_WRITTEN = "judged_at"
_TELLING = ("answerable", "answers", "passage_ids", "document", "quote", "also", "not")
_OURS = frozenset(("question", "within", _WRITTEN))
_BOM = "\ufeff"
_SECONDS = 10.0  # for another tab or process to finish writing a file of some kilobytes


@dataclass(frozen=True, slots=True)
class Kept:
    """What is in force after something was said."""

    verdict: Verdict | None  # of the answer or citation that was judged; None: taken back
    case: Case | None  # the question's line; None: it says nothing any more and is gone


@dataclass(frozen=True, slots=True)
class Judged:
    """What a questions file says of answers, read once for a whole page."""

    rows: Mapping[str, Row]  # by what tells questions apart

    def verdicts(self, answer: Answer, *, within: Sequence[str] = ()) -> dict[int | None, Verdict]:
        """What is in force of an answer, under None, and of its citations, under their numbers."""
        row = self.rows.get(_key(_question(answer), within))
        if row is None:
            return {}
        numbers = (None, *(citation.number for citation in answer.citations))
        found = {number: _verdict(row, _Target.of(answer, number)) for number in numbers}
        return {number: verdict for number, verdict in found.items() if verdict is not None}


def questions_file(index_dir: Path) -> Path:
    """The questions file of the library that an index is of: beside the index, for the library is never written to."""
    return index_dir / QUESTIONS_FILE


def offered(answer: Answer, citation_number: int | None = None) -> tuple[Verdict, ...]:
    """What can be said of an answer, or of one of its citations. Raises ValueError for a number it does not have."""
    return _Target.of(answer, citation_number).offered


def judged(path: Path) -> Judged:
    """What a questions file says of answers; nothing where there is none. Raises SettingsError as `read_questions`."""
    rows: dict[str, Row] = {}
    for _, row in _rows(path, _lines(path)):
        rows.setdefault(_key(row["question"], row.get("within")), row)
    return Judged(rows)


def record(
    path: Path,
    answer: Answer,
    verdict: Verdict,
    citation_number: int | None = None,
    *,
    at: datetime,
    within: Sequence[str] = (),
) -> Kept:
    """Keep what is said of an answer or of one of its citations; what was said before is replaced, the same taken back.

    `within` is what the question was kept to. Safe from several threads and processes. Raises ValueError for what is
    not `offered`, SettingsError for a file with a mistake, or one that cannot be written; it is as it was then.
    """
    target = _Target.of(answer, citation_number)
    if verdict not in target.offered:
        raise ValueError(f"“{verdict}” cannot be said of this answer, only {', '.join(target.offered)}")
    question = _question(answer)
    key = _key(question, within)
    path = path.resolve()  # a link to a file that is kept elsewhere stays one
    with _alone(path):
        lines = _lines(path)
        known = {_key(row["question"], row.get("within")): index for index, row in reversed(_rows(path, lines))}
        index = known.get(key)
        row: Row = {"question": question, **({"within": list(within)} if within else {})}
        if index is not None:
            row = json.loads(lines[index].removeprefix(_BOM))
        said = None if _verdict(row, target) == verdict else verdict
        _say(row, target, said)
        row.pop(_WRITTEN, None)
        row[_WRITTEN] = at.isoformat(timespec="seconds")
        lines = _replaced(lines, index, row)
        kept = {_key(one["question"], one.get("within")): number for number, one in reversed(_rows(path, lines))}
        cases = cases_of(path, [line.removeprefix(_BOM) for line in lines])
        _write(path, "\n".join(lines))
    return Kept(said, cases[kept[key]] if key in kept else None)


@dataclass(frozen=True, slots=True)
class _Target:
    """What is judged: an answer by the places of its first sentence, or one citation."""

    citations: tuple[Citation, ...]
    whole: bool
    refused: bool

    @classmethod
    def of(cls, answer: Answer, number: int | None) -> _Target:
        if number is None:
            numbers = answer.sentences[0].citations if answer.sentences else ()
            first = tuple(one for one in answer.citations if one.number in numbers)
            return cls(first, whole=True, refused=not answer.answered)
        for citation in answer.citations:
            if citation.number == number:
                return cls((citation,), whole=False, refused=False)
        raise ValueError(f"the answer has no citation {number}")

    @property
    def offered(self) -> tuple[Verdict, ...]:
        return ("right", "wrong", "missing") if self.citations else ("right", "missing")


def _verdict(row: Row, target: _Target) -> Verdict | None:
    """What a line says of an answer or a citation."""
    answerable = row.get("answerable")
    if target.refused:
        return None if answerable is None else "missing" if answerable else "right"
    if target.whole and answerable is False:
        return "missing"
    if not target.citations:  # a list of mentions, which cites nothing
        return "right" if answerable else None
    right, rejected = _right(row), row.get("not", [])
    if all(_place_in(right, one) is not None for one in target.citations):
        return "right"
    found = [_place_in(rejected, one) for one in target.citations]
    if any(place is None for place in found):
        return None
    silent = not target.whole and all(place and place.get("verdict") == "missing" for place in found)
    return "missing" if silent else "wrong"


def _say(row: Row, target: _Target, verdict: Verdict | None) -> None:
    """Change a line so that it says one thing of an answer or a citation, and nothing else of it."""
    right = [place for place in _right(row) if not _is_of(place, target.citations)]
    rejected = [place for place in row.get("not", []) if not _is_of(place, target.citations)]
    if target.whole and (target.refused or not target.citations or row.get("answerable") is False):
        row.pop("answerable", None)
    unanswerable: Verdict = "right" if target.refused else "missing"
    if target.whole and verdict == unanswerable:
        row["answerable"], right = False, []
    elif target.whole and verdict is not None and not target.citations:
        row["answerable"] = True
    elif verdict == "right":
        if row.get("answerable") is False:
            del row["answerable"]
        right += map(_place, target.citations)
    elif verdict is not None:
        mark = {"verdict": verdict} if verdict == "missing" else {}
        rejected += [{**_place(one), **mark} for one in target.citations]
    for name in ("document", "start", "end", "quote", "also", "not"):
        row.pop(name, None)
    row |= right[0] if right else {}
    row |= {name: places for name, places in (("also", right[1:]), ("not", rejected)) if places}


def _right(row: Row) -> list[Row]:
    """The right places of a line, the first of which stands in the line itself."""
    first = {name: row[name] for name in ("document", "start", "end", "quote") if row.get(name) is not None}
    return [*([first] if first else []), *row.get("also", [])]


def _place(citation: Citation) -> Row:
    return {
        "document": citation.document,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def _place_in(places: Sequence[Row], citation: Citation) -> Row | None:
    """By document and quote: an edit elsewhere in the document moves a quote and does not change what it says."""
    return next((one for one in places if _is_of(one, (citation,))), None)


def _is_of(place: Row, citations: Sequence[Citation]) -> bool:
    return any(place.get("document") == one.document and place.get("quote") == one.quote for one in citations)


def _question(answer: Answer) -> str:
    return answer.asked or answer.question


def _key(question: str, within: Sequence[str] | str | None) -> str:
    """What tells questions apart: neither width, script, case nor the sign at the end, but where they were asked."""
    places = [within] if isinstance(within, str) else sorted(within or ())
    return json.dumps([literal(question).strip(" ?!。."), *places])


def _rows(path: Path, lines: Sequence[str]) -> list[tuple[int, Row]]:
    """The lines that Youju wrote, each with its place among all. Raises SettingsError for any line with a mistake."""
    plain = [line.removeprefix(_BOM) for line in lines]
    rows = [(index, json.loads(plain[index])) for index, case in enumerate(cases_of(path, plain)) if case is not None]
    return [(index, row) for index, row in rows if _WRITTEN in row]


def _replaced(lines: Sequence[str], index: int | None, row: Row) -> list[str]:
    """The lines with one of them, or a new one at the end, made what a row says; a row that says nothing is left out.

    What somebody else wrote into such a row stays there, in a comment.
    """
    written = json.dumps(row, ensure_ascii=False)
    if not any(row.get(name) is not None for name in _TELLING):
        written = "" if _OURS.issuperset(row) else f"# {written}"
    before = lines[index] if index is not None else lines[0] if lines else ""
    written += "\r" if written and before.endswith("\r") else ""
    if index is None:
        kept = [*lines[:-1], *filter(None, lines[-1:])]
        return [*kept, written, ""]
    mark = _BOM if before.startswith(_BOM) else ""
    return [*lines[:index], *([mark + written] if written or mark else []), *lines[index + 1 :]]


def _lines(path: Path) -> list[str]:
    """The lines of a questions file, without their line feeds; none where there is no file."""
    try:
        return path.read_bytes().decode().split("\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SettingsError(f"The questions file {path} cannot be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The questions file {path} is not UTF-8 ({error}). Save it as UTF-8.") from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep others from writing to a questions file meanwhile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with filelock.FileLock(path.with_name(f"{path.name}.lock"), timeout=_SECONDS, thread_local=False):
            yield
    except filelock.Timeout as error:
        raise SettingsError(
            f"Another process has been writing to {path} for long. Try again once it is done."
        ) from error
    except OSError as error:
        raise SettingsError(
            f"The questions file {path} cannot be written: {error.strerror}. It is as it was; make room there or "
            "correct its permissions."
        ) from error


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises OSError."""
    beside = path.with_name(f"{path.name}.new")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600  # it says what somebody asked
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
