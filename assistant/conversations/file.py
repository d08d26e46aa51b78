"""The file of conversations: one connection for all threads, faults of the disk told as such, damage set aside."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import filelock

from assistant.conversations import schema
from assistant.errors import ConversationError, LibraryIndexError
from assistant.index.schema import connect_for_reading, connect_writable, is_left_behind

_BUSY = 10_000  # milliseconds to wait for another process; its transactions take a few
_LOCK_SECONDS = 10.0
_Result = TypeVar("_Result")
_LOGS = ("-wal", "-shm", "-journal")
# Of who may not write: reading is tried in another way.
_NO_WRITING = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_AUTH,
    }
)


class ConversationFile:
    """Safe to use from several threads; other processes may use the same file, or replace it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._writable = False
        self._identity: tuple[int, int] | None = None  # of the file that is open
        self._notice: str | None = None

    def exists(self) -> bool:
        """Whether there is one, as far as can be seen."""
        try:
            return self.path.exists()
        except OSError:  # a folder that may not be entered
            return False

    def read(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Work on one state of the file; without one, on an empty one. Raises ConversationError."""
        return self._run(work, write=False)

    def write(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Work that is done as a whole or not at all. Raises ConversationError."""
        return self._run(work, write=True)

    def checkpoint(self) -> None:
        """Empty the log, which still holds what was removed; not where somebody is reading just now."""
        with self._lock:
            if self._connection is not None and self._writable:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def notice(self) -> str | None:
        """What happened to the file, for the user; told once."""
        with self._lock:
            told, self._notice = self._notice, None
            return told

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.close()
            self._connection = self._identity = None

    def _run(self, work: Callable[[sqlite3.Connection], _Result], *, write: bool) -> _Result:
        with self._lock:
            try:
                try:
                    return self._attempt(work, write=write)
                except sqlite3.Error as error:
                    if not schema.is_damage(error):
                        raise
                    self._set_aside(error)
                return self._attempt(work, write=write)
            except (sqlite3.Error, OSError, filelock.Timeout, OverflowError) as error:
                self.close()
                raise self._impossible(error, write=write) from error
            except LibraryIndexError as error:  # of a copy that could not be made
                raise self._impossible(error.__cause__ or error, write=False) from error

    def _attempt(self, work: Callable[[sqlite3.Connection], _Result], *, write: bool) -> _Result:
        if not write and not self.path.exists():
            with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
                schema.make(empty)
                return work(empty)
        connection = self._opened(write=write)
        connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        try:
            result = work(connection)
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.rollback()
            raise
        connection.commit()
        return result

    def _opened(self, *, write: bool) -> sqlite3.Connection:
        if self._connection is not None and (self._is_left_behind() or (write and not self._writable)):
            self.close()
        if self._connection is None:
            try:
                self._connection, self._writable = self._open(), True
            except sqlite3.Error as error:
                if write or getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NO_WRITING:
                    raise
                self._connection, self._writable = self._open_for_reading(), False
            except OSError:
                if write:
                    raise
                self._connection, self._writable = self._open_for_reading(), False
        return self._connection

    def _is_left_behind(self) -> bool:
        """Whether the file was replaced, moved or removed since it was opened."""
        try:
            return _identity(self.path) != self._identity or (
                not self._writable and self._connection is not None and is_left_behind(self._connection)
            )
        except FileNotFoundError:
            return True

    def _open(self) -> sqlite3.Connection:
        connection = self._connected()
        try:
            self._identity = _identity(self.path)
            if not schema.is_present(connection, self.path) or _journal(connection) != "wal":
                with self._alone():
                    self._prepare(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def _connected(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = connect_writable(self.path)  # readable by its owner alone, and so are its logs
        connection.text_factory = _text
        connection.execute(f"PRAGMA busy_timeout = {_BUSY}").fetchone()
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """For who holds the lock."""
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        schema.prepare(connection, self.path)

    def _open_for_reading(self) -> sqlite3.Connection:
        """Where nothing may be written, not even the log of who reads."""
        connection = connect_for_reading(self.path)
        try:
            self._identity = _identity(self.path)
            connection.text_factory = _text
            if not schema.is_present(connection, self.path):
                raise sqlite3.OperationalError("it is of an older version and cannot be brought up to date here")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time makes the file or moves it away."""
        with filelock.FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_SECONDS):
            yield

    def _set_aside(self, error: sqlite3.Error) -> None:
        """Move a damaged file away, unless another process just has."""
        damaged = self._identity
        self.close()
        with self._alone():
            try:
                if _identity(self.path) != damaged:
                    return
            except FileNotFoundError:
                return
            aside = _free(self.path.with_name(f"{self.path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}"))
            for suffix in _LOGS:  # first: a log that is left would be taken for the new file's
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").replace(f"{aside}{suffix}")
            self.path.replace(aside)
            kept = self._brought_over(aside)
        told = (
            f"{kept:,} of them could be read and were kept" if kept else "None could be read, and a new file was begun"
        )
        self._notice = (
            f"The conversations in {self.path} were damaged ({error}). {told}; the damaged file is {aside}. Your texts "
            "and the index are untouched."
        )

    def _brought_over(self, aside: Path) -> int:
        """Begin a new file with what can still be read of a damaged one: how many conversations."""
        with contextlib.closing(self._connected()) as connection:
            self._prepare(connection)
            try:
                return schema.salvage(aside, connection)
            except sqlite3.Error:  # and nothing of it was committed
                return 0

    def _impossible(self, error: BaseException, *, write: bool) -> ConversationError:
        if write:
            return ConversationError(
                f"The conversation cannot be kept in {self.path} ({error}). Make room on the disk, and see that you "
                "may write there; asking goes on without keeping."
            )
        return ConversationError(
            f"The conversations in {self.path} cannot be read now ({error}). See that you may read the file, and try "
            "again; asking goes on without them."
        )


def _identity(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_dev, stat.st_ino


def _journal(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def _text(value: bytes) -> str:
    """Text that somebody damaged is still shown."""
    return value.decode("utf-8", "replace")


def _free(path: Path) -> Path:
    """A name that is not taken."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
