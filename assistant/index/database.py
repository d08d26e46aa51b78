"""The SQLite database of one library: the truth, from which every search structure can be made again.

Ids are never used twice (AUTOINCREMENT), so that a derived index can be told apart by them. Vectors are kept by the
hash of the text that was embedded and by model, apart from the documents: they are committed as soon as they are made,
and stay when a text or the model changes back.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamagedError, LibraryIndexError
from assistant.index import schema
from assistant.index.contents import contents
from assistant.index.vectors import Model, VectorTable
from assistant.readers.reading import digest
from assistant.types import Document, DocumentInfo, Heading, Passage, Problem, Window

FILE_NAME = "library.sqlite"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was at the last update. Size and times tell only where to look: its digest says what changed."""

    path: str
    size: int  # bytes
    mtime_ns: int
    digest: str  # sha256 of the bytes; empty: it could not be read
    problems: tuple[Problem, ...] = ()
    ctime_ns: int = 0  # which cannot be set back, as a time of change can

    def looks_like(self, stat: os.stat_result) -> bool:
        """Whether a file seems to be as it was."""
        times = storable(stat.st_mtime_ns), storable(stat.st_ctime_ns)
        return (self.size, self.mtime_ns, self.ctime_ns) == (stat.st_size, *times)


def storable(time_ns: int) -> int:
    """A time as a row can hold it: that of a file may be after the year 2262."""
    return max(-(1 << 63), min(time_ns, (1 << 63) - 1))


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its row and its document's row."""

    id: int
    document_id: int
    passage: Passage
    title: str


@dataclass(frozen=True, slots=True)
class EmbeddedWindow:
    """A window with what is embedded before its text, and the key of its vector."""

    context: str  # the title its document is embedded under
    heading: tuple[str, ...]
    passage: tuple[int, int]
    window: Window
    key: bytes


class Database:
    """One connection. A reader holds one state of the library from `begin` on, whatever is written meanwhile."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.vectors = VectorTable(connection)

    @classmethod
    def create_or_open(cls, index_dir: Path) -> Database:
        """Open for writing; a missing database is made, one of an older format migrated.

        Raises IndexVersionError, IndexDamagedError, OSError, and sqlite3.Error where the disk or permissions forbid it.
        """
        index_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = index_dir / FILE_NAME
        database = cls(schema.connect_writable(path), path)
        with database._opening():
            schema.prepare(database.connection, path)
        return database

    @classmethod
    def open(cls, index_dir: Path) -> Database:
        """Open for reading. Raises FileNotFoundError, LibraryIndexError of every kind."""
        try:
            return cls._open(index_dir)
        except sqlite3.Error as error:
            raise unreadable(index_dir, error) from error

    @classmethod
    def _open(cls, index_dir: Path) -> Database:
        path = index_dir / FILE_NAME
        if not path.is_file():
            raise FileNotFoundError(path)
        database = cls(schema.connect_for_reading(path), path)
        with database._opening():
            if not schema.is_made(database.connection):  # an update has only just begun, or was killed as it began
                raise FileNotFoundError(path)
            if schema.is_present(database.connection, path):
                return database
        database.close()
        cls.create_or_open(index_dir).close()  # an older format
        return cls._open(index_dir)

    @classmethod
    def empty(cls) -> Database:
        """One that holds nothing, in memory: what a library is compared with that was never indexed."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        schema.make(connection)
        return cls(connection, Path())

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Close where something is wrong, and tell damage as such."""
        try:
            yield
        except sqlite3.Error as error:
            self.close()
            if not schema.is_damage(error):
                raise
            raise damaged(self.path, error) from error
        except (LibraryIndexError, OSError):
            self.close()
            raise

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, against other writers at once."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    def check_library(self, library: Path) -> None:
        """Raises LibraryIndexError where the index is another library's, which is still there."""
        check_owner(self.path.parent, self.setting("library"), library)

    def begin(self) -> None:
        """Hold the present state for reading until `close`."""
        self.connection.execute("BEGIN")
        self.setting("generation")

    def setting(self, key: str) -> str | None:
        row = self.connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, key: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        return int(self.setting("generation") or 0)

    def current_model(self) -> Model | None:
        """The model the present generation was embedded with."""
        fingerprint = self.setting("fingerprint")
        return None if fingerprint is None else self.vectors.model(fingerprint)

    # documents

    def remove_document(self, name: str) -> None:
        self.connection.execute("DELETE FROM documents WHERE name = ?", (name,))

    def digests(self, file: str) -> dict[str, str]:
        """Names and digests of the documents that came from one file."""
        return dict(self.connection.execute("SELECT name, digest FROM documents WHERE file = ?", (file,)).fetchall())

    def indexed_at(self, file: str) -> dict[str, str | None]:
        """Of the documents that came from one file, by name: when they were indexed; None where that is not known."""
        return dict(
            self.connection.execute("SELECT name, indexed_at FROM documents WHERE file = ?", (file,)).fetchall()
        )

    def contexts(self, file: str) -> dict[str, tuple[str, str]]:
        """Of the documents that came from one file, by name: the title, and the one they are embedded under."""
        rows = self.connection.execute("SELECT name, title, context FROM documents WHERE file = ?", (file,))
        return {name: (title, context) for name, title, context in rows}

    def document(self, name: str) -> Document:
        """Raises KeyError, and IndexDamagedError where it is not what was read."""
        row = self.connection.execute(
            "SELECT name, title, text, digest, encoding, pages, outline FROM documents WHERE name = ?", (name,)
        ).fetchone()
        if row is None:
            raise KeyError(name)
        name, title, text, known, encoding, pages, outline = row
        document = Document(name, title, text, known, encoding, tuple(json.loads(pages)), _outline(outline))
        # An index of format 1 kept no outlines, of which the digest is made, too: nothing to compare with.
        if outline and digest(title, text, document.pages, document.outline) != known:
            raise damaged(self.path, f"the text of {name} is not the one that was read")
        return document

    def context(self, name: str) -> str:
        """The title a document is embedded under."""
        return str(self.connection.execute("SELECT context FROM documents WHERE name = ?", (name,)).fetchone()[0])

    def passage_spans(self, name: str) -> list[tuple[int, int]]:
        """Start and end of each passage of one document."""
        return self.connection.execute(
            'SELECT start, "end" FROM passages JOIN documents ON documents.id = document WHERE name = ?', (name,)
        ).fetchall()

    def documents(self) -> tuple[DocumentInfo, ...]:
        return contents(self.connection)

    def characters(self, name: str) -> int:
        """How long the text of a document is said to be."""
        return int(self.connection.execute("SELECT characters FROM documents WHERE name = ?", (name,)).fetchone()[0])

    def titles(self) -> list[tuple[str, str]]:
        """The name of every document, and its title."""
        return self.connection.execute("SELECT name, title FROM documents ORDER BY id").fetchall()

    def passages_of(self, name: str) -> list[int]:
        """Ids of the passages of one document, in order."""
        query = (
            "SELECT passages.id FROM passages JOIN documents ON documents.id = document WHERE name = ? ORDER BY start"
        )
        return [row[0] for row in self.connection.execute(query, (name,))]

    def files_of_documents(self) -> list[tuple[str, str]]:
        """The name of every document, and the file it came from."""
        return self.connection.execute("SELECT name, file FROM documents").fetchall()

    def passage_documents(self) -> NDArray[np.int64]:
        """Shape (passages, 2): id and document, by id."""
        (count,) = self.connection.execute("SELECT count(*) FROM passages").fetchone()
        rows = self.connection.execute("SELECT id, document FROM passages ORDER BY id")
        return np.fromiter(rows, dtype=np.dtype((np.int64, 2)), count=count)

    def document_names(self) -> list[tuple[int, str]]:
        return self.connection.execute("SELECT id, name FROM documents ORDER BY id").fetchall()

    def stored_passages(self, ids: Sequence[int] | None = None) -> Iterator[StoredPassage]:
        """All passages, or some, by id."""
        query = (
            'SELECT passages.id, document, name, start, "end", heading, page, title '
            "FROM passages JOIN documents ON documents.id = document"
        )
        if ids is not None:
            query += f" WHERE passages.id IN ({','.join(str(int(i)) for i in ids)})"
        for row in self.connection.execute(query + " ORDER BY passages.id"):
            passage = Passage(row[2], row[3], row[4], tuple(json.loads(row[5])), row[6])
            yield StoredPassage(row[0], row[1], passage, row[7])

    def embedded_windows(self, name: str) -> Iterator[EmbeddedWindow]:
        """Every window of one document, with all that its key is made of."""
        query = (
            'SELECT context, heading, passages.start, passages."end", windows.start, windows."end", key FROM windows '
            "JOIN passages ON passages.id = passage JOIN documents ON documents.id = document WHERE name = ? "
            "ORDER BY windows.id"
        )
        for context, heading, first, last, start, end, key in self.connection.execute(query, (name,)):
            yield EmbeddedWindow(context, tuple(json.loads(heading)), (first, last), Window(start, end), key)

    def files_of_windows(self, keys: Iterable[bytes]) -> set[str]:
        """The files whose documents have windows of these keys."""
        query = (
            "SELECT file, key FROM windows JOIN passages ON passages.id = passage "
            "JOIN documents ON documents.id = document"
        )
        wanted = frozenset(keys)
        return {file for file, key in self.connection.execute(query) if key in wanted}

    def row_ids(self, names: Iterable[str]) -> tuple[list[int], list[int]]:
        """Ids of the passages and the windows of some documents."""
        passages: list[int] = []
        windows: list[int] = []
        of_passages = "SELECT passages.id FROM passages JOIN documents ON documents.id = document WHERE name = ?"
        for name in names:
            found = [row[0] for row in self.connection.execute(of_passages, (name,))]
            passages += found
            for passage in found:
                rows = self.connection.execute("SELECT id FROM windows WHERE passage = ?", (passage,))
                windows += [row[0] for row in rows]
        return passages, windows

    def newest_rows(self) -> tuple[int, int, int]:
        """The highest ids of documents, passages and windows that were ever given."""
        rows = dict(self.connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        return int(rows.get("documents", 0)), int(rows.get("passages", 0)), int(rows.get("windows", 0))

    def rows_after(self, passage: int, window: int) -> tuple[list[int], list[int]]:
        """Ids of the passages and the windows above some id."""
        passages = self.connection.execute("SELECT id FROM passages WHERE id > ? ORDER BY id", (passage,))
        windows = self.connection.execute("SELECT id FROM windows WHERE id > ? ORDER BY id", (window,))
        return [row[0] for row in passages], [row[0] for row in windows]

    def window_rows(self) -> NDArray[np.int64]:
        """Shape (windows, 4): id, passage, start, end, by id."""
        (count,) = self.connection.execute("SELECT count(*) FROM windows").fetchone()
        rows = self.connection.execute('SELECT id, passage, start, "end" FROM windows ORDER BY id')
        return np.fromiter(rows, dtype=np.dtype((np.int64, 4)), count=count)

    def counts(self) -> tuple[int, int, int]:
        """Documents, passages, windows."""
        row = self.connection.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages), (SELECT count(*) FROM windows)"
        ).fetchone()
        return int(row[0]), int(row[1]), int(row[2])

    # files

    def files(self) -> dict[str, FileRow]:
        rows = self.connection.execute("SELECT path, size, mtime_ns, digest, problems, ctime_ns FROM files")
        return {
            path: FileRow(path, size, mtime, digest, tuple(Problem(*row) for row in json.loads(problems)), ctime)
            for path, size, mtime, digest, problems, ctime in rows
        }

    def set_file(self, row: FileRow) -> None:
        problems = json.dumps([(problem.path, problem.reason) for problem in row.problems], ensure_ascii=False)
        self.connection.execute(
            "INSERT OR REPLACE INTO files (path, size, mtime_ns, digest, problems, ctime_ns) VALUES (?, ?, ?, ?, ?, ?)",
            (row.path, row.size, row.mtime_ns, row.digest, problems, row.ctime_ns),
        )

    def files_to_mend(self) -> frozenset[str]:
        """Files whose documents the next update writes again, whatever they hold."""
        return frozenset(json.loads(self.setting("files_to_mend") or "[]"))

    def set_files_to_mend(self, paths: Iterable[str]) -> None:
        self.set_setting("files_to_mend", json.dumps(sorted(paths), ensure_ascii=False))

    def remove_file(self, path: str) -> None:
        self.connection.execute("DELETE FROM files WHERE path = ?", (path,))


def recorded_library(index_dir: Path) -> Path | None:
    """The library that an index was made from; None where there is no index."""
    try:
        database = Database.open(index_dir)
    except FileNotFoundError:
        return None
    try:
        library = database.setting("library")
    except sqlite3.Error as error:
        raise (damaged if schema.is_damage(error) else unreadable)(database.path, error) from error
    finally:
        database.close()
    return None if library is None else Path(library)


def outline_json(outline: Sequence[Heading]) -> str:
    return json.dumps([(heading.start, heading.end, heading.level) for heading in outline])


def _outline(value: str) -> tuple[Heading, ...]:
    return tuple(Heading(*heading) for heading in json.loads(value)) if value else ()


def check_owner(index_dir: Path, recorded: str | None, library: Path) -> None:
    """Raises LibraryIndexError where the library an index was made from is another one, which is still there."""
    if recorded is not None and Path(recorded) != library and Path(recorded).is_dir():
        raise LibraryIndexError(
            f"The index {index_dir} belongs to the library {recorded}, not to {library}. Choose another folder with "
            "--index, or that library with --library; nothing was changed."
        )


def unreadable(path: Path, error: object) -> LibraryIndexError:
    return LibraryIndexError(
        f"The index {path} cannot be read now ({error}). Is there room on the disk, and may you write there? Try "
        "again then; what was indexed, and your texts, are untouched."
    )


def damaged(path: Path, error: object) -> IndexDamagedError:
    return IndexDamagedError(
        f"The index {path} is damaged ({error}). Your texts are untouched: `youju check --repair` mends it."
    )
