"""The table of contents of a library: a row for each document, made without reading a text."""

from __future__ import annotations

import posixpath
import sqlite3
from datetime import datetime
from functools import lru_cache

from assistant.types import DocumentInfo

# Passages are counted, and all else is read, from indexes alone: `documents_contents` holds these columns.
_CONTENTS = """
SELECT name, title, encoding, characters, (SELECT count(*) FROM passages WHERE passages.document = documents.id),
    file, indexed_at, size, mtime_ns
FROM documents LEFT JOIN files ON path = file ORDER BY name
"""


def contents(connection: sqlite3.Connection) -> tuple[DocumentInfo, ...]:
    """All documents, by name."""
    return tuple(
        DocumentInfo(name, title, encoding, characters, passages, kind_of(file), indexed_at, size, _date(mtime), file)
        for name, title, encoding, characters, passages, file, indexed_at, size, mtime in connection.execute(_CONTENTS)
    )


def kind_of(file: str) -> str:
    """What kind of file it is by the end of its name, in lower case; one without an end is text."""
    return posixpath.splitext(file)[1].lower().removeprefix(".") or "txt"


@lru_cache(maxsize=4096)  # all documents of a corpus have one
def _date(mtime_ns: int | None) -> str | None:
    """ISO 8601 with the offset of this computer's zone; None where there is none, or no calendar has it."""
    if mtime_ns is None:
        return None
    try:
        return datetime.fromtimestamp(mtime_ns // 1_000_000_000).astimezone().isoformat()
    except (OverflowError, ValueError, OSError):
        return None
