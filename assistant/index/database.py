"""The SQLite database of one library: the truth, from which every search structure can be made again.

Ids are never used twice (AUTOINCREMENT), so that a derived index can be told apart by them. Vectors are kept by the
hash of the text that was embedded and by model, apart from the documents: they are committed as soon as they are made,
and stay when a text or the model changes back.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamagedError, IndexVersionError
from assistant.types import Document, DocumentInfo, Passage, Problem, Window
from embeddings.embedder import Vectors

FORMAT = 1
FILE_NAME = "library.sqlite"
Ids = NDArray[np.int64]

_SCHEMA = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL,
    problems TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, file TEXT NOT NULL, digest TEXT NOT NULL,
    title TEXT NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL, encoding TEXT, pages TEXT NOT NULL
);
CREATE INDEX documents_file ON documents (file);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT NOT NULL, page INTEGER
);
CREATE INDEX passages_document ON passages (document);
CREATE TABLE windows (
    id INTEGER PRIMARY KEY AUTOINCREMENT, passage INTEGER NOT NULL REFERENCES passages ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, key BLOB NOT NULL
);
CREATE INDEX windows_passage ON windows (passage);
CREATE TABLE models (
    id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, name TEXT NOT NULL, dim INTEGER NOT NULL
);
CREATE TABLE vectors (
    model INTEGER NOT NULL REFERENCES models, key BLOB NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, key)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was at the last update."""

    path: str
    size: int  # bytes
    mtime_ns: int
    digest: str  # sha256 of the bytes
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A model whose vectors the database holds."""

    id: int
    fingerprint: str
    name: str
    dim: int


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its row and its document's row."""

    id: int
    document_id: int
    passage: Passage
    title: str


class Database:
    """One connection. A reader holds one state of the library from `begin` on, whatever is written meanwhile."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    @classmethod
    def create_or_open(cls, index_dir: Path) -> Database:
        """Open for writing; a missing database is made. Raises IndexVersionError, IndexDamagedError, OSError."""
        index_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = index_dir / FILE_NAME
        database = cls(_connect(path, mode="rwc"), path)
        with database._opening():
            if not database._is_made():
                with database.transaction():
                    for statement in _SCHEMA.split(";\n"):
                        database.connection.execute(statement)
                    database.set_setting("format", str(FORMAT))
                    database.set_setting("generation", "0")
            database._check_format()
            database.connection.execute("PRAGMA journal_mode = WAL")
            database.connection.execute("PRAGMA synchronous = FULL")
            database.connection.execute("PRAGMA foreign_keys = ON")
        return database

    @classmethod
    def open(cls, index_dir: Path) -> Database:
        """Open for reading. Raises FileNotFoundError, IndexVersionError, IndexDamagedError."""
        path = index_dir / FILE_NAME
        if not path.is_file():
            raise FileNotFoundError(path)
        database = cls(_connect(path, mode="ro"), path)
        with database._opening():
            if not database._is_made():  # an update has only just begun, or was killed as it began
                raise FileNotFoundError(path)
            database._check_format()
        return database

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Close where something is wrong, and tell damage as such."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            self.close()
            raise _damaged(self.path, error) from error
        except (IndexVersionError, OSError):
            self.close()
            raise

    def _is_made(self) -> bool:
        query = "SELECT count(*) FROM sqlite_master WHERE name = 'settings'"
        return bool(self.connection.execute(query).fetchone()[0])

    def _check_format(self) -> None:
        found = int(self.setting("format") or 0)
        if found > FORMAT:
            raise IndexVersionError(
                f"The index {self.path} was made by a newer version of Youju (format {found}; this version reads up to "
                f"{FORMAT}). Install that version, or choose another folder with --index; your texts are untouched."
            )

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

    # models and vectors

    def model(self, fingerprint: str) -> Model | None:
        row = self.connection.execute("SELECT * FROM models WHERE fingerprint = ?", (fingerprint,)).fetchone()
        return None if row is None else Model(*row)

    def current_model(self) -> Model | None:
        """The model the present generation was embedded with."""
        fingerprint = self.setting("fingerprint")
        return None if fingerprint is None else self.model(fingerprint)

    def add_model(self, fingerprint: str, name: str, dim: int) -> Model:
        self.connection.execute(
            "INSERT INTO models (fingerprint, name, dim) VALUES (?, ?, ?) "
            "ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name",
            (fingerprint, name, dim),
        )
        model = self.model(fingerprint)
        assert model is not None
        return model

    def add_vectors(self, model: Model, keys: Sequence[bytes], vectors: Vectors) -> None:
        rows = zip(keys, vectors.astype(np.float16), strict=True)
        self.connection.executemany(
            "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", ((model.id, key, row.tobytes()) for key, row in rows)
        )

    def keys(self, model: Model) -> set[bytes]:
        """What this model has embedded."""
        return {row[0] for row in self.connection.execute("SELECT key FROM vectors WHERE model = ?", (model.id,))}

    def window_keys(self) -> set[bytes]:
        return {row[0] for row in self.connection.execute("SELECT DISTINCT key FROM windows")}

    def window_vectors(self, model: Model, ids: Sequence[int] | None = None) -> tuple[Ids, Vectors]:
        """Ids and vectors of all windows, or of some. Shapes (n,) and (n, dim)."""
        query = (
            "SELECT windows.id, vectors.vector FROM windows "
            "JOIN vectors ON vectors.key = windows.key AND vectors.model = ?"
        )
        if ids is not None:
            query += f" WHERE windows.id IN ({','.join(str(int(i)) for i in ids)})"
        found: list[int] = []
        buffer = bytearray()
        for row_id, vector in self.connection.execute(query + " ORDER BY windows.id", (model.id,)):
            found.append(row_id)
            buffer += vector
        vectors = np.frombuffer(bytes(buffer), dtype=np.float16).reshape(len(found), model.dim)
        return np.array(found, dtype=np.int64), vectors.astype(np.float32)

    def has_vectors(self, model: Model, keys: Iterable[bytes]) -> bool:
        """Whether the model has embedded all of these."""
        query = "SELECT 1 FROM vectors WHERE model = ? AND key = ?"
        return all(self.connection.execute(query, (model.id, key)).fetchone() for key in keys)

    def vectors(self, model: Model, keys: Sequence[bytes]) -> Vectors:
        """Shape (len(keys), dim). Raises KeyError for a key that the model has not embedded."""
        query = "SELECT vector FROM vectors WHERE model = ? AND key = ?"
        found = []
        for key in keys:
            row = self.connection.execute(query, (model.id, key)).fetchone()
            if row is None:
                raise KeyError(key)
            found.append(row[0])
        vectors = np.frombuffer(b"".join(found), dtype=np.float16).reshape(len(found), model.dim)
        return vectors.astype(np.float32)

    # documents

    def add_document(self, file: str, document: Document, context: str) -> int:
        """`context` is the title it is embedded under, which a new name of its file does not change."""
        values = (file, document.digest, document.title, context, document.text, document.encoding)
        cursor = self.connection.execute(
            "INSERT INTO documents (name, file, digest, title, context, text, encoding, pages) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (document.id, *values, json.dumps(document.pages)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def add_passage(self, document_id: int, passage: Passage, windows: Iterable[tuple[Window, bytes]]) -> int:
        cursor = self.connection.execute(
            'INSERT INTO passages (document, start, "end", heading, page) VALUES (?, ?, ?, ?, ?)',
            (document_id, passage.start, passage.end, json.dumps(passage.heading, ensure_ascii=False), passage.page),
        )
        assert cursor.lastrowid is not None
        passage_id = cursor.lastrowid
        self.connection.executemany(
            'INSERT INTO windows (passage, start, "end", key) VALUES (?, ?, ?, ?)',
            ((passage_id, window.start, window.end, key) for window, key in windows),
        )
        return passage_id

    def remove_document(self, name: str) -> None:
        self.connection.execute("DELETE FROM documents WHERE name = ?", (name,))

    def digests(self, file: str) -> dict[str, str]:
        """Names and digests of the documents that came from one file."""
        return dict(self.connection.execute("SELECT name, digest FROM documents WHERE file = ?", (file,)).fetchall())

    def contexts(self, file: str) -> dict[str, tuple[str, str]]:
        """Of the documents that came from one file, by name: the title, and the one they are embedded under."""
        rows = self.connection.execute("SELECT name, title, context FROM documents WHERE file = ?", (file,))
        return {name: (title, context) for name, title, context in rows}

    def document(self, name: str) -> Document:
        """Raises KeyError."""
        row = self.connection.execute(
            "SELECT name, title, text, digest, encoding, pages FROM documents WHERE name = ?", (name,)
        ).fetchone()
        if row is None:
            raise KeyError(name)
        name, title, text, digest, encoding, pages = row
        return Document(name, title, text, digest, encoding, tuple(json.loads(pages)))

    def documents(self) -> tuple[DocumentInfo, ...]:
        rows = self.connection.execute(
            "SELECT name, title, encoding, length(text), "
            "(SELECT count(*) FROM passages WHERE passages.document = documents.id) FROM documents ORDER BY name"
        )
        return tuple(DocumentInfo(*row) for row in rows)

    def files_of_documents(self) -> list[tuple[str, str]]:
        """The name of every document, and the file it came from."""
        return self.connection.execute("SELECT name, file FROM documents").fetchall()

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

    def embedded_windows(self, name: str) -> Iterator[tuple[str, tuple[str, ...], Window, bytes]]:
        """Of every window of one document: the title it is embedded under, heading path, span and key."""
        query = (
            'SELECT context, heading, windows.start, windows."end", key FROM windows '
            "JOIN passages ON passages.id = passage JOIN documents ON documents.id = document WHERE name = ?"
        )
        for context, heading, start, end, key in self.connection.execute(query, (name,)):
            yield context, tuple(json.loads(heading)), Window(start, end), key

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

    def newest_rows(self) -> tuple[int, int]:
        """The highest ids of passages and windows that were ever given."""
        rows = dict(self.connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        return int(rows.get("passages", 0)), int(rows.get("windows", 0))

    def rows_after(self, passage: int, window: int) -> tuple[list[int], list[int]]:
        """Ids of the passages and the windows above some id."""
        passages = self.connection.execute("SELECT id FROM passages WHERE id > ? ORDER BY id", (passage,))
        windows = self.connection.execute("SELECT id FROM windows WHERE id > ? ORDER BY id", (window,))
        return [row[0] for row in passages], [row[0] for row in windows]

    def window_rows(self) -> NDArray[np.int64]:
        """Shape (windows, 4): id, passage, start, end, by id."""
        rows = self.connection.execute('SELECT id, passage, start, "end" FROM windows ORDER BY id').fetchall()
        return np.array(rows, dtype=np.int64).reshape(len(rows), 4)

    def counts(self) -> tuple[int, int, int]:
        """Documents, passages, windows."""
        row = self.connection.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages), (SELECT count(*) FROM windows)"
        ).fetchone()
        return int(row[0]), int(row[1]), int(row[2])

    # files

    def files(self) -> dict[str, FileRow]:
        rows = self.connection.execute("SELECT path, size, mtime_ns, digest, problems FROM files")
        return {
            path: FileRow(path, size, mtime_ns, digest, tuple(Problem(*problem) for problem in json.loads(problems)))
            for path, size, mtime_ns, digest, problems in rows
        }

    def set_file(self, row: FileRow) -> None:
        problems = json.dumps([(problem.path, problem.reason) for problem in row.problems], ensure_ascii=False)
        self.connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
            (row.path, row.size, row.mtime_ns, row.digest, problems),
        )

    def remove_file(self, path: str) -> None:
        self.connection.execute("DELETE FROM files WHERE path = ?", (path,))


def text_key(text: str) -> bytes:
    """What the vector of a text is kept under: 16 bytes of its sha256."""
    return hashlib.sha256(text.encode()).digest()[:16]


def recorded_library(index_dir: Path) -> Path | None:
    """The library that an index was made from; None where there is no index."""
    try:
        database = Database.open(index_dir)
    except FileNotFoundError:
        return None
    library = database.setting("library")
    database.close()
    return None if library is None else Path(library)


def _connect(path: Path, *, mode: str) -> sqlite3.Connection:
    if mode == "rwc" and not path.exists():
        path.touch(mode=0o600)
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False)
    if mode == "ro" and not os.access(path.parent, os.W_OK):
        # A reader of a write-ahead log writes beside it; where it may not, nobody else can either.
        connection.close()
        connection = sqlite3.connect(f"{uri}&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    return connection


def _damaged(path: Path, error: Exception) -> IndexDamagedError:
    return IndexDamagedError(
        f"The index {path} cannot be read ({error}). Your texts are untouched: move this folder away (or choose "
        "another with --index) and run `youju index` to build it again."
    )
