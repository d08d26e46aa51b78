"""The tables of the database, and how an index of an older format becomes one of the present."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import weakref
from pathlib import Path

from assistant.errors import IndexVersionError, LibraryIndexError

FORMAT = 2

_TABLES = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL,
    problems TEXT NOT NULL, ctime_ns INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, file TEXT NOT NULL, digest TEXT NOT NULL,
    title TEXT NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL, encoding TEXT, pages TEXT NOT NULL,
    outline TEXT NOT NULL DEFAULT ''
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
}


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


def connect_for_reading(path: Path) -> sqlite3.Connection:
    if os.access(path.parent, os.W_OK):
        return _connect(f"{path.absolute().as_uri()}?mode=ro")
    # A reader of a write-ahead log writes beside it; where it may not, nobody else can either.
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:
        return _connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
    try:  # what the log holds belongs to the database: both are read from a private copy
        folder = tempfile.mkdtemp(prefix="youju-")
        copies = [shutil.copyfile(file, Path(folder, file.name)) for file in (path, log)]
    except OSError as error:
        raise LibraryIndexError(f"The index {path} cannot be opened where it is read-only: {error}.") from error
    connection = _connect(f"{copies[0].as_uri()}?mode=rw")
    weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
    return connection


class _Connection(sqlite3.Connection):
    """Unlike its base, it can tell when it is gone."""


def _connect(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False, factory=_Connection
    )
