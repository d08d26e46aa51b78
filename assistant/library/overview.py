"""Everything that is known of a library's files as one table: indexed, changed since, new, and with problems.

The table is made once; what filters, orders and pages it are pure functions.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, Literal, get_args

from assistant.assistant import Assistant
from assistant.errors import NotIndexedError
from assistant.index.contents import kind_of
from assistant.text.dictionary import DICTIONARY_FILE
from assistant.text.normal import literal
from assistant.types import DocumentInfo, Status

# How a file stands to the index. “problem”: nothing of it is indexed, for the reason that is told.
State = Literal["problem", "added", "edited", "removed", "current"]
Key = Literal[
    "path", "title", "kind", "state", "encoding", "characters", "passages", "bytes", "indexed_at", "modified_at"
]
STATES: tuple[State, ...] = get_args(State)
KEYS: tuple[Key, ...] = get_args(Key)

# Between a title, its path and the next title: nobody writes these, and no normal form changes them.
_PATH, _NEXT = "\ue0f0", "\ue0f1"
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table: a document, or a file that has none."""

    path: str  # the document's id, or the path of a file or folder, relative to the library
    file: str  # that it came from: of a line of a corpus not its path
    title: str  # "" for what is not indexed
    kind: str  # "docx", "pdf", "md", "txt", …; "" for a folder, and for a file that only its whole name tells
    state: State
    problems: tuple[str, ...] = ()  # reasons; also of files that were read in spite of them
    document: DocumentInfo | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A library as it stands to its index now."""

    status: Status  # with its generation, when it was built, and how many files are ignored
    entries: tuple[Entry, ...]  # by path
    dictionary: bool  # the library's own words are other ones than the index was made with

    @property
    def counts(self) -> Mapping[State, int]:
        """How many entries `matching` finds for each state."""
        found = Counter(entry.state for entry in self.entries)
        found["problem"] = sum(1 for entry in self.entries if entry.state == "problem" or entry.problems)
        return {state: found[state] for state in STATES}

    @property
    def kinds(self) -> tuple[tuple[str, int], ...]:
        """The kinds that there are and how many of each, the most frequent first."""
        return tuple(Counter(entry.kind for entry in self.entries).most_common())


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a table."""

    entries: tuple[Entry, ...]
    number: int  # from 1
    pages: int  # at least 1
    total: int  # entries on all pages


def overview(assistant: Assistant) -> Overview:
    """The whole table; works without an index. Raises LibraryIndexError."""
    status = assistant.status()
    documents: tuple[DocumentInfo, ...] = ()
    if status.generation:
        with contextlib.suppress(NotIndexedError):  # it was removed meanwhile
            documents = assistant.documents()
    # An update may have come between the two looks: what it added is a document by now.
    states: dict[str, State] = dict.fromkeys(status.changes.added, "added")
    states |= dict.fromkeys(status.changes.edited, "edited")
    states |= dict.fromkeys(status.changes.removed, "removed")
    dictionary = states.pop(DICTIONARY_FILE, None) is not None
    problems: dict[str, list[str]] = {}
    for problem in status.problems:
        problems.setdefault(problem.path, []).append(problem.reason)
    entries = {document.id: _of_document(document, states, problems) for document in documents}
    files = {document.file or document.id for document in documents}
    for path in chain(problems, states):
        if path not in entries and (path in problems or path not in files):
            state = states.get(path, "current" if path in files else "problem")
            entries[path] = Entry(path, path, "", _kind(path), state, tuple(problems.get(path, ())))
    return Overview(status, tuple(entries[path] for path in sorted(entries)), dictionary)


def _of_document(document: DocumentInfo, states: Mapping[str, State], problems: Mapping[str, Sequence[str]]) -> Entry:
    file = document.file or document.id
    state = states.get(file, "current")
    return Entry(
        document.id,
        file,
        document.title,
        document.kind,
        "current" if state == "added" else state,
        tuple(problems.get(document.id, ())),
        document,
    )


def _kind(path: str) -> str:
    name = path.rpartition("/")[2].lstrip(".")
    return kind_of(path) if "." in name else ""


def matching(overview: Overview, *, text: str = "", kind: str = "", state: str = "") -> tuple[Entry, ...]:
    """The entries that hold every word of `text` in their title or path, are of a kind, and in a state; "" is any.

    Width, case and script of the letters make no difference. The state “problem” is that of all that have one.
    """
    words = literal(text).split()
    entries: Iterable[Entry] = overview.entries
    if words and overview.entries:
        folded = _folded(_NEXT.join(_searched(entry) for entry in overview.entries))
        entries = (entry for entry, held in zip(entries, folded, strict=True) if all(word in held for word in words))
    return tuple(
        entry
        for entry in entries
        if kind in ("", entry.kind) and (state in ("", entry.state) or (state == "problem" and entry.problems))
    )


def _searched(entry: Entry) -> str:
    written = entry.title + entry.path
    if _PATH in written or _NEXT in written:
        return f"{entry.title}\n{entry.path}".replace(_PATH, " ").replace(_NEXT, " ")
    return f"{entry.title}{_PATH}{entry.path}"


@lru_cache(maxsize=1)
def _folded(written: str) -> tuple[str, ...]:
    """All entries as they are compared: of a large library it takes seconds, and every letter typed asks for it."""
    return tuple(literal(written).split(_NEXT))


def ordered(entries: Iterable[Entry], key: str, *, descending: bool = False) -> tuple[Entry, ...]:
    """By one of KEYS; equal ones stay in the order they came in, and what has no value comes last either way.

    Chinese is in the order of its pronunciation as far as GB 18030 has it, and numbers in the order of their values.
    Raises ValueError for another key.
    """
    value = _VALUES.get(key)
    if value is None:
        raise ValueError(f"There is no column “{key}”; there are {', '.join(KEYS)}.")
    having: list[tuple[Any, Entry]] = []
    missing: list[Entry] = []
    for entry in entries:
        found = value(entry)
        missing.append(entry) if found is None else having.append((found, entry))
    having.sort(key=lambda one: one[0], reverse=descending)
    return (*(entry for _, entry in having), *missing)


def _natural(text: str) -> tuple[tuple[int, bytes], ...]:
    """Text as it is ordered: digits by their value. The common characters of GB 18030 are in the order of pinyin."""
    pieces = _DIGITS.split(text.lower())
    return tuple(
        (_number(piece), b"") if place % 2 else (-1, piece.encode("gb18030", "replace"))
        for place, piece in enumerate(pieces)
    )


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= 18 else 10**18  # of a longer one the value says nothing


def _moment(written: str | None) -> float | None:
    return None if written is None else datetime.fromisoformat(written).timestamp()


def _of(read: Callable[[DocumentInfo], Any]) -> Callable[[Entry], Any]:
    return lambda entry: None if entry.document is None else read(entry.document)


_VALUES: dict[str, Callable[[Entry], Any]] = {
    "path": lambda entry: _natural(entry.path),
    "title": lambda entry: _natural(entry.title) if entry.title else None,
    "kind": lambda entry: entry.kind or None,
    "state": lambda entry: STATES.index(entry.state),
    "encoding": _of(lambda document: document.encoding),
    "characters": _of(lambda document: document.characters),
    "passages": _of(lambda document: document.passages),
    "bytes": _of(lambda document: document.bytes),
    "indexed_at": _of(lambda document: _moment(document.indexed_at)),
    "modified_at": _of(lambda document: _moment(document.modified_at)),
}


def page_of(entries: Sequence[Entry], number: int, *, size: int = 50) -> Page:
    """One page; a number below or above all pages is the first or the last one's. `size` is at least 1."""
    pages = max(1, -(-len(entries) // size))
    number = max(1, min(number, pages))
    return Page(tuple(entries[(number - 1) * size : number * size]), number, pages, len(entries))
