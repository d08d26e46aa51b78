"""The texts of a library as they are now: of the index where a file is as it was indexed, else read anew.

Nothing is written. A file that was edited since is read through the worker that an update reads with; what it held is
kept for the next time, by path, size and times.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from assistant.errors import LibraryError, LibraryIndexError, ReadError
from assistant.index.database import Database, FileRow
from assistant.index.scan import Scan, file_digest, scan
from assistant.readers.worker import Reader
from assistant.text.dictionary import DICTIONARY_FILE
from assistant.text.normal import literal
from assistant.text.paragraphs import split
from assistant.text.tokens import required
from assistant.types import Document, Passage

if TYPE_CHECKING:
    from assistant.assistant import Assistant

logger = logging.getLogger(__name__)

# Texts read anew that are kept, in characters of all of them and in files; the last one is kept whatever its length.
_KEPT_CHARACTERS, _KEPT_FILES = 40_000_000, 64
# A longer text that is not indexed is not cut to learn under which headings its places are: that takes seconds.
_CUT_CHARACTERS = 2_000_000
# Files that are new or edited are looked through for a quote that left its document: at most so many, of so many bytes.
_NEW_FILES, _NEW_BYTES = 24, 4_000_000
_HOLDING = 200  # passages that may hold a quote literally
_TOO_SLOW = "too slow"  # how an update notes the digest of a file that takes longer than the limits

Place = tuple[tuple[str, ...], int | None]  # heading path and page


@dataclass(frozen=True)
class Present:
    """A document as it is now, or why there is none."""

    document: Document | None
    newer: bool = False  # than the index
    reason: str = ""  # why it cannot be read; empty without a document: it is gone
    passages: Sequence[tuple[int, str | tuple[str, ...], int | None]] = field(default=(), repr=False)

    def place(self, offset: int) -> Place:
        """Under which headings and on which page of the document something stands."""
        index = bisect_right(self.passages, offset, key=lambda passage: passage[0]) - 1
        if index < 0:
            return (), None
        _, heading, page = self.passages[index]
        return tuple(json.loads(heading)) if isinstance(heading, str) else heading, page


class _File:
    """What one file held at some moment. Thread-safe."""

    def __init__(self, documents: Sequence[Document], reason: str = "") -> None:
        self.reason = reason
        self._documents = documents
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}
        self._passages: dict[str, tuple[Passage, ...]] = {}
        self.characters = 0
        for number, document in enumerate(documents):
            self._numbers.setdefault(document.id, number)
            self.characters += len(document.text)

    def __iter__(self) -> Iterator[Document]:
        for number in self._numbers.values():
            with self._lock:
                document = self._documents[number]
            yield document

    def document(self, name: str) -> Document | None:
        number = self._numbers.get(name)
        if number is None:
            return None
        with self._lock:
            return self._documents[number]

    def passages(self, document: Document, characters: int) -> tuple[Passage, ...]:
        """How the document is cut; empty where that would take long."""
        if len(document.text) > _CUT_CHARACTERS:
            return ()
        if document.id not in self._passages:
            self._passages[document.id] = split(
                document.id,
                document.text,
                passage_characters=characters,
                page_starts=document.pages,
                outline=document.outline,
            )
        return self._passages[document.id]


class _Kept:
    """Files that were read anew, the last ones."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: OrderedDict[tuple[str, int, int, int], _File] = OrderedDict()

    def get(self, key: tuple[str, int, int, int]) -> _File | None:
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
            return self._files.get(key)

    def put(self, key: tuple[str, int, int, int], file: _File) -> None:
        with self._lock:
            for other in [other for other in self._files if other[0] == key[0]]:
                del self._files[other]
            self._files[key] = file
            while len(self._files) > 1 and (
                len(self._files) > _KEPT_FILES or sum(one.characters for one in self._files.values()) > _KEPT_CHARACTERS
            ):
                self._files.popitem(last=False)


_KEPT: WeakKeyDictionary[Assistant, _Kept] = WeakKeyDictionary()
_KEPT_LOCK = threading.Lock()


class Texts:
    """A library's texts, for one verification: use it with `with`, in one thread."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._library = assistant.library
        with _KEPT_LOCK:
            self._kept = _KEPT.setdefault(assistant, _Kept())
        self._reader = Reader(assistant.limits)
        self._database = _database(assistant)
        self._files = self._database.files()
        self._names = dict(self._database.files_of_documents())

    def __enter__(self) -> Texts:
        return self

    def __exit__(self, *error: object) -> None:
        self._reader.close()
        self._database.close()

    def present(self, name: str) -> Present:
        """A document as it is now, by its id."""
        file = self._file_of(name)
        row = self._files.get(file)
        path = self._library / file
        if row is not None and name in self._names and self._is_as_indexed(row, path):
            if row.digest.startswith(_TOO_SLOW):
                return Present(
                    None, reason=row.problems[0].reason if row.problems else f"{file} takes too long to read."
                )
            if row.digest:
                indexed = self._indexed(name)
                if indexed is not None:
                    return Present(indexed, passages=self._rows(name))
        return self._anew(name, file, row)

    def as_indexed(self, name: str) -> Document | None:
        """A document as it was indexed, whatever became of its file."""
        return self._indexed(name) if name in self._names else None

    def _is_as_indexed(self, row: FileRow, path: Path) -> bool:
        try:
            return row.looks_like(path.stat())
        except (OSError, ValueError):
            return False

    def _indexed(self, name: str) -> Document | None:
        """None where the database does not give it: the file itself can still be read."""
        try:
            return self._database.document(name)
        except (KeyError, LibraryIndexError, sqlite3.Error, ValueError) as error:
            logger.warning("%s is read anew, for the index does not give it: %s", name, error)
            return None

    def _rows(self, name: str) -> list[tuple[int, str, int | None]]:
        query = (
            "SELECT start, heading, page FROM passages JOIN documents ON documents.id = document WHERE name = ? "
            "ORDER BY start"
        )
        try:
            return self._database.connection.execute(query, (name,)).fetchall()
        except sqlite3.Error:
            return []

    def _file_of(self, name: str) -> str:
        """The file that a document is, or a line of: a document that is not indexed any more is named after it."""
        if name in self._names or name in self._files:
            return self._names.get(name, name)
        parts = name.split("#")
        for count in range(1, len(parts)):
            head = "#".join(parts[:count])
            if head.lower().endswith(".jsonl") and (head in self._files or self._is_there(head)):
                return head
        return name

    def _is_there(self, file: str) -> bool:
        return isinstance(self._scan, Scan) and file in self._scan.files

    @cached_property
    def _scan(self) -> Scan | LibraryError:
        """What the library holds now; looked for only where something is not as it was."""
        try:
            return scan(self._library)
        except LibraryError as error:
            return error

    def _anew(self, name: str, file: str, row: FileRow | None) -> Present:
        found = self._scan
        if isinstance(found, LibraryError):
            return Present(None, reason=str(found))
        stat = found.files.get(file)
        if stat is None:
            if not found.is_gone(file):
                return Present(None, reason=self._why(file, found))
            return Present(None)
        if row is not None and row.digest.isalnum() and self._digest(file) == row.digest:
            indexed = self._indexed(name) if name in self._names else None
            if indexed is not None:  # only its times are others
                return Present(indexed, passages=self._rows(name))
        read = self._read(file, stat)
        if read.reason:
            return Present(None, newer=True, reason=read.reason)
        document = read.document(name)
        return Present(None, newer=True) if document is None else self._made(read, document)

    def _made(self, read: _File, document: Document) -> Present:
        passages = read.passages(document, self._assistant.settings.passage_characters)
        rows = [(one.start, _below(one.heading, document.title), one.page) for one in passages]
        return Present(document, newer=True, passages=rows)

    def _why(self, file: str, found: Scan) -> str:
        for problem in found.problems:
            if file == problem.path or file.startswith(f"{problem.path}/"):
                return f"{problem.path} {problem.reason}"
        return f"{file} cannot be looked at now. Check its permissions."

    def _digest(self, file: str) -> str:
        try:
            return file_digest(self._library / file)
        except OSError:
            return ""

    def _read(self, file: str, stat: os.stat_result) -> _File:
        key = (file, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        read = self._kept.get(key)
        if read is None:
            try:
                read = _File(self._reader.read(self._library / file, file).documents)
            except ReadError as error:
                read = _File((), str(error))
            except OSError as error:
                return _File((), f"{file} cannot be read ({error.strerror or error}). Check its permissions.")
            self._kept.put(key, read)
        return read

    # elsewhere

    def renamed(self, name: str) -> Present:
        """A document whose file is gone, in a file that is not indexed yet and has the same content."""
        file = self._file_of(name)
        row, found, indexed = self._files.get(file), self._scan, self.as_indexed(name)
        if row is None or indexed is None or isinstance(found, LibraryError) or not row.digest.isalnum():
            return Present(None)
        for path, stat in found.files.items():
            if path not in self._files and stat.st_size == row.size and self._digest(path) == row.digest:
                document = replace(indexed, id=path + name.removeprefix(file))
                return Present(document, newer=True, passages=self._rows(name))
        return Present(None)

    def copies(self, digest: str) -> list[str]:
        """The documents of the index that have a digest."""
        return self._by_digest.get(digest, [])

    @cached_property
    def _by_digest(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        with contextlib.suppress(sqlite3.Error):
            for name, digest in self._database.connection.execute("SELECT name, digest FROM documents ORDER BY name"):
                found.setdefault(digest, []).append(name)
        return found

    def titled(self, title: str) -> list[str]:
        """The documents of the index that have a title."""
        query = "SELECT name FROM documents WHERE title = ? ORDER BY name"
        try:
            return [row[0] for row in self._database.connection.execute(query, (title,))]
        except sqlite3.Error:
            return []

    def holding(self, quote: str, but: str) -> list[Present]:
        """Other documents that hold a quote literally now, each as it is now; some of very many."""
        names = dict.fromkeys(self._indexed_holding(quote))
        names.update(dict.fromkeys(document.id for document in self._new_documents if quote in document.text))
        names.pop(but, None)
        found = [self.present(name) for name in list(names)[:_NEW_FILES]]
        return [one for one in found if one.document is not None and quote in one.document.text]

    def _indexed_holding(self, quote: str) -> list[str]:
        words = required(literal(quote))
        if not words:
            return []
        try:
            snapshot = self._assistant.snapshot()
            ids = snapshot.keywords.holding([[words]])[:_HOLDING]
            return [one.passage.document for one in snapshot.passages(ids).values()]
        except (LibraryIndexError, sqlite3.Error, KeyError) as error:
            logger.info("other documents cannot be searched: %s", error)
            return []

    @cached_property
    def _new_documents(self) -> list[Document]:
        """Those of files that are new or edited, as far as reading them does not take long."""
        found = self._scan
        if isinstance(found, LibraryError):
            return []
        documents: list[Document] = []
        left = _NEW_BYTES
        changed = [
            (path, stat)
            for path, stat in found.files.items()
            if path != DICTIONARY_FILE and not (path in self._files and self._files[path].looks_like(stat))
        ]
        for path, stat in changed[:_NEW_FILES]:
            left -= stat.st_size
            if left >= 0:
                documents += self._read(path, stat)
        return documents


def _below(heading: tuple[str, ...], title: str) -> tuple[str, ...]:
    """A heading path without the document's title, as the index keeps it."""
    return heading[1:] if heading[:1] == (title,) else heading


def _database(assistant: Assistant) -> Database:
    """The index, held at one state; an empty one where there is none that can be read: texts are then read anew."""
    database: Database | None = None
    with contextlib.suppress(FileNotFoundError, LibraryIndexError, sqlite3.Error):
        database = Database.open(assistant.index_dir)
        database.begin()
        database.check_library(assistant.library)
        database.files()
        database.files_of_documents()
        return database
    if database is not None:
        database.close()
    return Database.empty()
