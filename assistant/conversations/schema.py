"""The tables of conversations, and how a file of an older format becomes one of the present."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import ConversationError

FORMAT = 1
APPLICATION = 0x596A4356  # "YjCV": tells a file of ours from any other database

_TABLES = """
CREATE TABLE conversations (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL DEFAULT '',
    automatic TEXT NOT NULL DEFAULT '', within TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL, deleted REAL
);
CREATE INDEX conversations_changed ON conversations (changed);
CREATE TABLE turns (
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE, number INTEGER NOT NULL,
    format INTEGER NOT NULL, record BLOB NOT NULL, checksum BLOB NOT NULL, UNIQUE (conversation, number)
);
CREATE TABLE searched (
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE, number INTEGER NOT NULL,
    folded TEXT NOT NULL, plain TEXT NOT NULL, UNIQUE (conversation, number)
);
"""
# What is copied of a damaged file: each table after those it refers to, with its columns and its order.
_COPIED = {
    "conversations": ("key, id, title, automatic, within, created, changed, deleted", ("key",)),
    "turns": ("conversation, number, format, record, checksum", ("rowid",)),
    "searched": ("conversation, number, folded, plain", ("rowid",)),
}

# What makes of each older format the next one, as statements.
MIGRATIONS: dict[int, tuple[str, ...]] = {}

# Results of SQLite that say that the file itself is wrong: corrupt, of a format it does not know, no database.
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_NOTADB})


class ForeignFileError(sqlite3.DatabaseError):
    """The file is a database, but not one of conversations."""


def is_damage(error: sqlite3.Error) -> bool:
    """Whether it is the file that is wrong, and not the disk, the permissions or another process."""
    if isinstance(error, ForeignFileError):
        return True
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    lacking = code == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such column"))
    return code in _DAMAGE or lacking


def is_present(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the tables are there in the present format. Raises ConversationError for a newer one."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise ForeignFileError("it is a database of something else")
        return False
    if not 1 <= found <= FORMAT:
        raise ConversationError(
            f"The conversations in {path} were kept by a newer version of Youju (format {found}; this version reads up "
            f"to {FORMAT}). Use that version, or move the file away; asking goes on without keeping."
        )
    return bool(found == FORMAT)


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables or bring them to the present format, all or nothing. Raises ConversationError, sqlite3.Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not is_present(connection, path):  # asked again: another process may just have done it
            _make_present(connection)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def make(connection: sqlite3.Connection) -> None:
    """The tables of a file that holds nothing."""
    connection.execute("BEGIN")
    _make_present(connection)
    connection.commit()


def salvage(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy what can still be read of a damaged file; returns how many conversations. Raises sqlite3.Error."""
    source = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    with contextlib.closing(source):
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN IMMEDIATE")
        for table, (columns, order) in _COPIED.items():
            places = ", ".join("?" * len(columns.split(", ")))
            for direction in ("ASC", "DESC"):  # what cannot be reached from one end may be from the other
                ordered = ", ".join(f"{column} {direction}" for column in order)
                rows = _sound_rows(source, f"SELECT {columns} FROM {table} ORDER BY {ordered}")
                connection.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})", rows)
        for table in ("turns", "searched"):
            connection.execute(f"DELETE FROM {table} WHERE conversation NOT IN (SELECT key FROM conversations)")
        connection.commit()
    (kept,) = connection.execute("SELECT count(DISTINCT conversation) FROM turns").fetchone()
    return int(kept)


def _sound_rows(source: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    with contextlib.suppress(sqlite3.Error):
        yield from source.execute(query)


def _make_present(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application == APPLICATION:
        statements = tuple(statement for older in range(found, FORMAT) for statement in MIGRATIONS[older])
    else:
        statements = tuple(_TABLES.strip().split(";\n"))
    for statement in statements:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
