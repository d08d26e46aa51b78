"""The tables of the database, and how an index of an older format becomes one of the present."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from assistant.errors import IndexVersionError, LibraryIndexError
from assistant.index.private import private_folder

FORMAT = 3

# All that a table of contents shows lies in an index of its own: a text of any length need not be read for it.
_TABLES = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL,
    problems TEXT NOT NULL, ctime_ns INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, file TEXT NOT NULL, digest TEXT NOT NULL,
    title TEXT NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL, encoding TEXT, pages TEXT NOT NULL,
    outline TEXT NOT NULL DEFAULT '', indexed_at TEXT, characters INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX documents_file ON documents (file);
CREATE INDEX documents_contents ON documents (name, title, encoding, file, characters, indexed_at);
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
CREATE INDEX windows_key ON windows (key);
CREATE TABLE models (
    id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, name TEXT NOT NULL, dim INTEGER NOT NULL,
    windows_per_second REAL
);
CREATE TABLE vectors (
    model INTEGER NOT NULL REFERENCES models, key BLOB NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, key)
) WITHOUT ROWID;
"""

# What makes of each older format the next one. Nothing of it may need the texts or a model; `splitting` is forgotten
# where the next update has to read all texts again, for which it embeds nothing.
MIGRATIONS = {
    1: (
        "ALTER TABLE files ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE documents ADD COLUMN outline TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX windows_key ON windows (key)",
        "ALTER TABLE models ADD COLUMN windows_per_second REAL",
        "DELETE FROM settings WHERE key = 'splitting'",
    ),
    2: (
        "ALTER TABLE documents ADD COLUMN indexed_at TEXT",
        "ALTER TABLE documents ADD COLUMN characters INTEGER NOT NULL DEFAULT 0",
        # When each document was indexed was not kept: not later than the index was built, at least.
        "UPDATE documents SET characters = length(text), "
        "indexed_at = (SELECT value FROM settings WHERE key = 'built_at')",
        "CREATE INDEX documents_contents ON documents (name, title, encoding, file, characters, indexed_at)",
    ),
}

# Results of SQLite that say nothing about the file: permission, busy, locked, memory, read-only, interrupted, input or
# output, full, cannot open, a lock that is not to be had, not authorised.
_CIRCUMSTANCES = frozenset({3, 5, 6, 7, 8, 9, 10, 13, 14, 15, 23})


def is_made(connection: sqlite3.Connection) -> bool:
    query = "SELECT count(*) FROM sqlite_master WHERE name = 'settings'"
    return bool(connection.execute(query).fetchone()[0])


def is_present(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the format is the present one, not an older one. Raises IndexVersionError for one that is not known."""
    (found,) = connection.execute("SELECT coalesce(max(value), '0') FROM settings WHERE key = 'format'").fetchone()
    if not found.isdecimal() or not 1 <= int(found) <= FORMAT:
        raise IndexVersionError(
            f"The index {path} was made by a newer version of Youju (format {found}; this version reads up to "
            f"{FORMAT}). Install that version, or choose another folder with --index; your texts are untouched."
        )
    return int(found) == FORMAT


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables or bring them to the present format, all or nothing. Raises IndexVersionError, sqlite3.Error."""
    if is_made(connection):
        is_present(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if is_made(connection) and is_present(connection, path):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not is_made(connection):  # asked again: another process may just have done it
            _create(connection)
        elif not is_present(connection, path):
            _migrate(connection)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def make(connection: sqlite3.Connection) -> None:
    """The tables of an index that holds nothing."""
    connection.execute("BEGIN IMMEDIATE")
    _create(connection)
    connection.commit()


def _create(connection: sqlite3.Connection) -> None:
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO settings VALUES ('format', ?), ('generation', '0')", (str(FORMAT),))


def _migrate(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("SELECT value FROM settings WHERE key = 'format'").fetchone()
    for older in range(int(found), FORMAT):
        for statement in MIGRATIONS[older]:
            connection.execute(statement)
    connection.execute("UPDATE settings SET value = ? WHERE key = 'format'", (str(FORMAT),))


def connect_writable(path: Path) -> sqlite3.Connection:
    if not path.exists():
        path.touch(mode=0o600)
    return _connect(f"{path.absolute().as_uri()}?mode=rwc")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether it is the file that is wrong, and not the disk, the permissions or another process."""
    code = getattr(error, "sqlite_errorcode", None)  # Python's own errors have none
    return code is None or code & 0xFF not in _CIRCUMSTANCES


def connect_for_reading(path: Path) -> Connection:
    """Where nothing can be written beside the database (a reader of a log does), it is read from elsewhere."""
    state, identity = _state(path), _identity(path)
    if os.access(path.parent, os.W_OK):
        connection = _connect(f"{path.absolute().as_uri()}?mode=ro")
        connection.look, connection.seen = partial(_identity, path), identity
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            if is_damage(error):  # who opened it will meet it, too
                return connection
            connection.close()  # a full disk, or a log that only a writer could undo
        else:
            return connection
    if not any(file.exists() and file.stat().st_size for file in _logs(path)):
        connection = _connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
        connection.look, connection.seen = partial(_state, path), state
        return connection
    try:  # what a log holds belongs to the database
        copied = _copy(path, state)
        connection = _connect(f"{(copied.folder / path.name).as_uri()}?mode=rw")
    except OSError as error:
        raise LibraryIndexError(
            f"The index {path} cannot be opened where nothing can be written beside it: {error}. Make room, or run "
            "`youju index` where it may be written."
        ) from error
    connection.copied = copied
    connection.look, connection.seen = partial(_state, path), state
    return connection


def is_left_behind(connection: sqlite3.Connection) -> bool:
    """Whether the database has become what this connection cannot see: another file, or one read from elsewhere."""
    if not isinstance(connection, Connection) or connection.look is None:
        return False
    try:
        return connection.look() != connection.seen
    except FileNotFoundError:  # while another takes its place
        return False


def _logs(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")


def _identity(path: Path) -> tuple[object, ...]:
    """Which file it is, whatever it holds."""
    stat = path.stat()
    return stat.st_dev, stat.st_ino


def _state(path: Path) -> tuple[object, ...]:
    """What tells that the database or a log of it was written."""
    found: list[object] = [_identity(path)]
    for file in (path, *_logs(path)):
        with contextlib.suppress(FileNotFoundError):
            stat = file.stat()
            found.append((file.name, stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(found)


class _Copied:
    """A private copy of a database and its logs. Raises OSError, also where they were written meanwhile."""

    def __init__(self, path: Path, state: tuple[object, ...]) -> None:
        self.folder = private_folder(self)
        for file in (path, *_logs(path)):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(file, self.folder / file.name)
        if _state(path) != state:
            raise OSError(errno.EAGAIN, "somebody is writing it")


@lru_cache(maxsize=1)
def _copy(path: Path, state: tuple[object, ...]) -> _Copied:
    return _Copied(path, state)


class Connection(sqlite3.Connection):
    """A connection, and what tells whether it still sees the database."""

    copied: _Copied | None = None  # what it reads from, which is removed when nobody does any more
    look: Callable[[], object] | None = None  # at the file or files it reads,
    seen: object = None  # which looked like this when it was opened

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """As ever; where even the message of a mistake is no text, it is told as the damage that it is."""
        try:
            return super().execute(sql, parameters)
        except UnicodeDecodeError as error:
            raise sqlite3.DatabaseError("malformed database schema") from error


def _connect(uri: str) -> Connection:
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False, factory=Connection)
