"""Writing an index: one process at a time, and every fault of the disk told as such."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import filelock

from assistant.errors import IndexBusyError, LibraryIndexError
from assistant.index import schema
from assistant.index.database import Database, damaged
from embeddings.vector_index import VectorIndexError


@contextmanager
def alone(index_dir: Path, *, timeout: float = 0) -> Iterator[None]:
    """Hold the lock of an index; `timeout` in seconds. Raises IndexBusyError, LibraryIndexError."""
    try:
        index_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with filelock.FileLock(index_dir / "lock", timeout=timeout):
            yield
    except filelock.Timeout as error:
        raise _busy(index_dir) from error
    except (OSError, sqlite3.Error, VectorIndexError) as error:
        raise _unwritable(index_dir, error) from error


@contextmanager
def writing(index_dir: Path, *, timeout: float = 0) -> Iterator[Database]:
    """The database of an index, for who holds its lock."""
    with alone(index_dir, timeout=timeout), closing(Database.create_or_open(index_dir)) as database:
        yield database


def _unwritable(index_dir: Path, error: Exception) -> LibraryIndexError:
    """What to tell of an error of the disk or of SQLite."""
    if isinstance(error, sqlite3.Error) and schema.is_damage(error):
        return damaged(index_dir, error)
    return LibraryIndexError(
        f"The index {index_dir} cannot be written ({error}). Make room or choose another folder with --index; what was "
        "indexed before, and your texts, are untouched."
    )


def _busy(index_dir: Path) -> IndexBusyError:
    return IndexBusyError(
        f"Another process is updating the index {index_dir}. Wait until it is done; questions are answered from the "
        "present index meanwhile."
    )
