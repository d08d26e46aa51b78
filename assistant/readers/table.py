"""The table of formats. To add one: a file with `read(data, document_id) -> Reading`, and a row here."""

from __future__ import annotations

import stat
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from assistant.errors import ReadError
from assistant.readers.reading import Reading

# Suffix → module of this package, imported on first use.
FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "jsonl",
}


def supported(path: Path) -> bool:
    """Whether there is a reader for this file's suffix (in any case)."""
    return path.suffix.lower() in FORMATS


def read(path: Path, document_id: str, *, limit_bytes: int) -> Reading:
    """Read the documents of one file. Raises ReadError saying what happened, to which file, and what to do."""
    if not supported(path):
        known = ", ".join(sorted(FORMATS))
        raise ReadError(f"{document_id} is of a format that is not read (these are: {known}). Save it as one of them.")
    data = _bytes(path, document_id, limit_bytes)
    module = import_module(f"assistant.readers.{FORMATS[path.suffix.lower()]}")
    return cast(Callable[[bytes, str], Reading], module.read)(data, document_id)


def _bytes(path: Path, document_id: str, limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes, however it changes meanwhile."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ReadError(f"{document_id} is no regular file. Replace it by one, or remove it.")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise ReadError(f"{document_id} is no longer there (or is a link that leads nowhere). Index again.") from None
    except PermissionError:
        raise ReadError(f"{document_id} may not be read. Give yourself permission to read it.") from None
    except OSError as error:
        raise ReadError(f"{document_id} cannot be read: {error.strerror or error}. Check the disk it is on.") from error
    if len(data) > limit:
        raise ReadError(
            f"{document_id} is larger than {_size(limit)}. Split it, or raise the limit (setting file_megabytes)."
        )
    return data


def _size(limit: int) -> str:
    return f"{limit / 1_000_000:,.0f} MB" if limit >= 1_000_000 else f"{limit:,} bytes"
