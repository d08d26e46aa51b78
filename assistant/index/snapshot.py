"""One state of a library, held for reading: it is never changed, only replaced by the next one."""

from __future__ import annotations

import re
import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import NotIndexedError
from assistant.index import derived, schema
from assistant.index.database import Database, StoredPassage
from assistant.index.keywords import IdRange, KeywordIndex
from assistant.index.reference import sentences
from assistant.index.vectors import Ids, Model, text_key
from assistant.text.marks import without_marks
from assistant.text.normal import fold
from assistant.text.tokens import Term
from assistant.types import Citation, Document, DocumentInfo, Passage
from embeddings.embedder import Vectors
from embeddings.vector_index import VectorIndex

BACKGROUND_WINDOWS = 1_000  # a fixed sample: what an unrelated window scores, for each question
_CACHED_DOCUMENTS = 256
_CACHED_AREAS = 8
_MOST_OF_FEW_SUBJECTS = 10_000  # documents
_NUMBERS = re.compile(r"[\d一二三四五六七八九十〇零年月日号第\W_]+")
_READ = 10_000  # passages at once
_CHECKED_PASSAGES = 200  # hold all bigrams of a word: whether they hold the word itself is looked up in so many


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a library that a search is kept to; None is all of it."""

    ranges: tuple[IdRange, ...] | None  # of its passages' ids; between two of them lie passages of others
    windows: Ids | None


EVERYWHERE = Area(None, None)


class Snapshot:
    """The database as it was at one generation, with the search structures of that generation. Thread-safe."""

    generation: int
    built_at: str
    dictionary: str  # the library's own words, with which its texts were cut
    model: Model
    vectors: VectorIndex
    keywords: KeywordIndex
    background: Vectors  # of this library, shape (up to 1,000, dim)
    reference: tuple[Vectors, Vectors] | None  # of Chinese and of English sentences on every subject, shapes (n, dim)

    def __init__(self, index_dir: Path, library: Path) -> None:
        """Raises NotIndexedError, IndexVersionError, IndexDamagedError, LibraryIndexError, DerivedError."""
        database, present = _open(index_dir), _open(index_dir)
        self._database, self._present = database, present
        self._lock = lock = threading.Lock()
        # A snapshot is dropped, not closed, when the next one takes its place: questions may still be reading it.
        self.close = weakref.finalize(self, _close, database, present)
        database.begin()
        database.check_library(library)
        model = database.current_model()
        if model is None:
            raise NotIndexedError(f"The index in {index_dir} is not finished. Run `youju index` for this library.")
        self.generation, self.model = database.generation, model
        self.built_at = database.setting("built_at") or ""
        self.dictionary = database.setting("dictionary") or ""
        loaded = derived.load(index_dir, database, model)
        self.vectors, self.keywords = loaded.vectors, loaded.keywords
        rows = database.window_rows()
        self._windows = rows
        self._by_passage = np.argsort(rows[:, 1], kind="stable")
        self._passages = rows[self._by_passage, 1]
        places = np.linspace(0, len(rows) - 1, min(len(rows), BACKGROUND_WINDOWS)).astype(np.int64)
        self.background = self.vectors.reconstruct(rows[places, 0])
        self.reference = self._reference(database)

        @lru_cache(_CACHED_DOCUMENTS)
        def document(name: str) -> Document:
            with lock:
                return database.document(name)

        @lru_cache(_CACHED_AREAS)
        def area(documents: frozenset[str] | None) -> Area:
            if documents is None:
                return EVERYWHERE
            with lock:
                return _area(database, rows, documents)

        self.document, self.area = document, area  # neither keeps the snapshot alive
        self._contents: tuple[DocumentInfo, ...] | None = None  # of a large library it takes a second

    def _reference(self, database: Database) -> tuple[Vectors, Vectors] | None:
        """None where an index was made before the present sentences were: the next update embeds them."""
        try:
            chinese, english = (
                database.vectors.of(self.model, [text_key(sentence) for sentence in language])
                for language in sentences()
            )
        except KeyError:
            return None
        return chinese, english

    @cached_property
    def language_direction(self) -> Vectors | None:
        """From English to Chinese sentences on the same subjects: shape (dim,), length 1."""
        if self.reference is None:
            return None
        chinese, english = self.reference
        difference = chinese.mean(0) - english.mean(0)
        return np.asarray(difference / max(float(np.linalg.norm(difference)), 1e-6), dtype=np.float32)

    def is_outdated(self) -> bool:
        """Whether the database has come to another generation, or is another one now (a repair made it anew)."""
        with self._lock:
            return schema.is_left_behind(self._present.connection) or self._present.generation != self.generation

    def renew(self) -> None:
        """Read the same generation on from the database file, once the write-ahead log has been written back into it.

        A reader that began before keeps the log from starting anew, and it would grow with every update. Only for who
        holds the index's lock: no other generation may come between.
        """
        with self._lock:
            self._database.connection.rollback()
            self._database.begin()
            self._contents = None  # an update that changes no text may have noted other times of the files

    def subject_count(self, inside: frozenset[str] | None = None) -> int:
        """How many subjects its documents, or those `inside`, may be on.

        Titles that differ only in their numbers (停水通知 of each month) are one; lines of a corpus are one each.
        """
        subjects = self._subjects
        if subjects is None:
            return self._document_count if inside is None else len(inside)
        return len(set(subjects.values()) if inside is None else {subjects.get(name, name) for name in inside})

    @cached_property
    def _document_count(self) -> int:
        with self._lock:
            return int(self._database.connection.execute("SELECT count(*) FROM documents").fetchone()[0])

    @cached_property
    def _subjects(self) -> dict[str, str] | None:
        """What each document is on; None for more documents than can be of few subjects."""
        if self._document_count > _MOST_OF_FEW_SUBJECTS:
            return None
        return {name: name if "#" in name else _NUMBERS.sub("", title) or name for name, title in self.titles()}

    def passages_of(self, window_ids: Ids) -> Ids:
        """The passage of each window."""
        found: Ids = self._windows[np.searchsorted(self._windows[:, 0], window_ids), 1]
        return found

    def all_windows(self) -> NDArray[np.int64]:
        """Rows (window, passage, start, end), not to be changed."""
        return self._windows

    def windows_of(self, passages: Iterable[int]) -> NDArray[np.int64]:
        """Rows (window, passage, start, end) of all windows of some passages."""
        wanted = np.array(sorted(passages), dtype=np.int64)
        first = np.searchsorted(self._passages, wanted, side="left")
        last = np.searchsorted(self._passages, wanted, side="right")
        places = [self._by_passage[a:b] for a, b in zip(first, last, strict=True)]
        return self._windows[np.concatenate(places)] if places else self._windows[:0]

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Those of some passages that there are, by id."""
        wanted = sorted(ids)
        found = {}
        for first in range(0, len(wanted), _READ):
            with self._lock:
                stored = list(self._database.stored_passages(wanted[first : first + _READ]))
            found.update({one.id: one for one in stored})
        return found

    def titles(self) -> list[tuple[str, str]]:
        """The name of every document, and its title."""
        with self._lock:
            return self._database.titles()

    def passage_ids(self, documents: Iterable[str]) -> list[int]:
        """Ids of all passages of some documents: document by document, in the order of their texts."""
        with self._lock:
            return [number for name in documents for number in self._database.passages_of(name)]

    def passages_in(self, documents: Iterable[str]) -> list[StoredPassage]:
        """All passages of some documents, in the same order."""
        ids = self.passage_ids(documents)
        stored = self.passages(ids)
        return [stored[number] for number in ids]

    def area_of(self, passages: Iterable[int]) -> Area:
        """The part of the library that some passages are."""
        ids = sorted(set(passages))
        ranges: list[IdRange] = []
        for number in ids:
            if ranges and ranges[-1][1] == number - 1:
                ranges[-1] = (ranges[-1][0], number)
            else:
                ranges.append((number, number))
        return Area(tuple(ranges), self.windows_of(ids)[:, 0])

    def around(self, passage: Passage, before: int, after: int) -> tuple[Passage, ...]:
        """A passage and those next to it in its document, in order: at most so many before and after it."""
        query = (
            "SELECT passages.id FROM passages JOIN documents ON documents.id = document WHERE name = ? AND start = ?"
        )
        with self._lock:
            row = self._database.connection.execute(query, (passage.document, passage.start)).fetchone()
        # The ids of one document's passages follow each other in the order of its text.
        near = self.passages(range(row[0] - before, row[0] + after + 1)) if row else {}
        return tuple(
            near[number].passage for number in sorted(near) if near[number].passage.document == passage.document
        )

    def numbered(self, citations: Iterable[Citation]) -> tuple[Citation, ...]:
        """Citations, each with which passage of its document it is from."""
        query = "SELECT count(*) FROM passages JOIN documents ON documents.id = document WHERE name = ? AND start <= ?"
        with self._lock:
            execute = self._database.connection.execute
            return tuple(
                replace(one, ordinal=execute(query, (one.document, one.start)).fetchone()[0] or None)
                for one in citations
            )

    def occurs(self, term: Term) -> bool:
        """Whether any passage holds a word of a question, however the texts were cut into words."""
        if self.keywords.frequency(term):
            return True
        if not term.is_cjk:
            return False
        holding = self.passages(self.keywords.holding_all(term.folded, _CHECKED_PASSAGES))
        return any(
            term.folded in fold(without_marks(self.document(p.passage.document).text, p.passage.start, p.passage.end))
            for p in holding.values()
        )

    def documents(self) -> tuple[DocumentInfo, ...]:
        with self._lock:
            if self._contents is None:
                self._contents = self._database.documents()
            return self._contents


def _area(database: Database, windows: NDArray[np.int64], documents: frozenset[str]) -> Area:
    """The part of the library that some documents are; `windows` are the rows of all its windows."""
    rows = database.passage_documents()
    inside = np.isin(rows[:, 1], [number for number, name in database.document_names() if name in documents])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside, [0]]))).reshape(-1, 2)
    passages = rows[:, 0].tolist()
    ranges = tuple((passages[first], passages[last - 1]) for first, last in edges.tolist())
    return Area(ranges, windows[np.isin(windows[:, 1], rows[inside, 0]), 0])


def _open(index_dir: Path) -> Database:
    try:
        return Database.open(index_dir)
    except FileNotFoundError as error:
        raise NotIndexedError(f"There is no index in {index_dir} yet. Run `youju index` for this library.") from error


def _close(*databases: Database) -> None:
    for database in databases:
        database.close()
