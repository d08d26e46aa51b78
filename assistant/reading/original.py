"""The file that a document was read from: only one that is in the index and that a scan would take today."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Protocol

from assistant.errors import LibraryError, NotIndexedError, ReadError
from assistant.index.database import Database, FileRow, damaged, unreadable
from assistant.index.scan import file_digest, obstacle
from assistant.index.schema import is_damage
from assistant.readers.worker import in_one_line

State = Literal["present", "newer", "gone", "away"]  # away: with the whole library, as on a drive taken out


class Indexed(Protocol):
    """What is needed of an Assistant."""

    library: Path
    index_dir: Path


@contextmanager
def reading(assistant: Indexed) -> Iterator[Database]:
    """The database of an index, at one generation. Raises NotIndexedError, LibraryIndexError."""
    try:
        database = Database.open(assistant.index_dir)
    except FileNotFoundError as error:
        raise NotIndexedError(
            f"There is no index in {assistant.index_dir} yet. Run `youju index` for this library."
        ) from error
    try:
        database.begin()
        database.check_library(assistant.library)
        yield database
    except sqlite3.Error as error:
        raise (damaged if is_damage(error) else unreadable)(assistant.index_dir, error) from error
    finally:
        database.close()


def file_row(database: Database, document_id: str) -> FileRow:
    """The file a document came from, as it was at the last update. Raises KeyError."""
    query = (
        "SELECT path, size, mtime_ns, files.digest, ctime_ns FROM documents JOIN files ON files.path = documents.file "
        "WHERE documents.name = ?"
    )
    try:
        document_id.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: no name that the database could hold
        raise KeyError(document_id) from None
    row = database.connection.execute(query, (document_id,)).fetchone()
    if row is None:
        raise KeyError(document_id)
    path, size, mtime_ns, digest, ctime_ns = row
    return FileRow(path, size, mtime_ns, digest, ctime_ns=ctime_ns)


def original_file(assistant: Indexed, document_id: str) -> Path:
    """The file of a document, without links: what may be shown and given out.

    Raises KeyError for a document that is not in the index, ReadError for a file that is gone or that the library
    does not hold by its rules (it lies outside, is hidden, or is ruled out since), LibraryIndexError.
    """
    with reading(assistant) as database:
        row = file_row(database, document_id)
    return _accepted(assistant.library, row.path)


def state_of(library: Path, row: FileRow) -> State:
    """Whether a file is as it was indexed."""
    try:
        path = _accepted(library, row.path)
        stat = path.stat()
        if row.looks_like(stat) or (stat.st_size == row.size and file_digest(path) == row.digest):
            return "present"
    except (ReadError, OSError):
        return "gone" if library.is_dir() else "away"
    return "newer"


def _accepted(library: Path, name: str) -> Path:
    """Raises ReadError for a name that a scan would not give, and for what a scan would not take."""
    try:
        reason = obstacle(library, name)
        if reason is None:
            return (library / name).resolve(strict=True)
    except (OSError, RuntimeError, ValueError, LibraryError) as error:
        reason = f"cannot be reached ({getattr(error, 'strerror', None) or error})"
    raise ReadError(in_one_line(f"{name} cannot be shown: it {reason}. Update the index."))
