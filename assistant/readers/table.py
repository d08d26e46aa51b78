"""The table of formats. To add one: a file with `read(data, document_id) -> Reading`, and a row here."""

from __future__ import annotations

import errno
import os
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
    ".docx": "docx",
    ".docm": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".epub": "epub",
    ".pptx": "pptx",
    ".pptm": "pptx",
    ".ppsx": "pptx",
    ".pdf": "pdf",
    ".xlsx": "spreadsheet",
    ".xlsm": "spreadsheet",
    ".xls": "spreadsheet",
    ".ods": "spreadsheet",
    ".csv": "spreadsheet",
    ".tsv": "spreadsheet",
    ".eml": "mail",
}

_SAVE_AS = {
    "docx": "open it with Word, WPS or LibreOffice and save it as .docx (or .pdf)",
    "pptx": "open it with PowerPoint, WPS or LibreOffice and save it as .pptx (or .pdf)",
    "xlsx": "open it with Excel, WPS or LibreOffice and save it as .xlsx",
    "html": "open it with the program it was made with and save it as .html (or .pdf)",
    "mail": "open it with Outlook and save it as .html, or with another mail program as .eml",
    "ocr": "run text recognition (OCR) on it and save the result as .pdf or .txt",
    "unpack": "unpack it into the library",
}
# Formats that are not read: what such a file is, and what to do with it.
_NOT_READ = {
    ".doc": ("an old Word file", "docx"),
    ".dot": ("an old Word template", "docx"),
    ".wps": ("an old WPS file", "docx"),
    ".wpt": ("an old WPS template", "docx"),
    ".rtf": ("a rich text file", "docx"),
    ".odt": ("an OpenDocument text", "docx"),
    ".pages": ("a Pages file", "docx"),
    ".ppt": ("an old PowerPoint file", "pptx"),
    ".pps": ("an old PowerPoint show", "pptx"),
    ".dps": ("an old WPS presentation", "pptx"),
    ".odp": ("an OpenDocument presentation", "pptx"),
    ".key": ("a Keynote file", "pptx"),
    ".et": ("an old WPS spreadsheet", "xlsx"),
    ".numbers": ("a Numbers file", "xlsx"),
    ".chm": ("a help file", "html"),
    ".caj": ("a CAJ file", "html"),
    ".ofd": ("an OFD file", "html"),
    ".mobi": ("a Kindle book", "html"),
    ".azw3": ("a Kindle book", "html"),
    ".msg": ("an Outlook message", "mail"),
    ".jpg": ("a picture", "ocr"),
    ".jpeg": ("a picture", "ocr"),
    ".png": ("a picture", "ocr"),
    ".tif": ("a picture", "ocr"),
    ".tiff": ("a picture", "ocr"),
    ".zip": ("an archive", "unpack"),
    ".rar": ("an archive", "unpack"),
    ".7z": ("an archive", "unpack"),
}

_NOT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)


def supported(path: Path) -> bool:
    """Whether there is a reader for this file's suffix (in any case)."""
    return path.suffix.lower() in FORMATS


def advice(path: Path) -> str | None:
    """What a file is that is not read, and what to do with it; None for formats that are read or not known."""
    suffix = path.suffix.lower()
    if suffix not in _NOT_READ:
        return None
    what, how = _NOT_READ[suffix]
    return f"is {what} ({suffix}), which is not read: {_SAVE_AS[how]}"


def read(path: Path, document_id: str, *, limit_bytes: int) -> Reading:
    """Read the documents of one file. Raises ReadError saying what happened, to which file, and what to do."""
    if (reason := advice(path)) is not None:
        raise ReadError(f"{document_id} {reason}.")
    if not supported(path):
        known = ", ".join(sorted(FORMATS))
        raise ReadError(f"{document_id} is of a format that is not read (these are: {known}). Save it as one of them.")
    data = _bytes(path, document_id, limit_bytes)
    if not data:
        raise ReadError(f"{document_id} is empty (0 bytes). Put the file there again, or remove it.")
    module = import_module(f"assistant.readers.{FORMATS[path.suffix.lower()]}")
    return cast(Callable[[bytes, str], Reading], module.read)(data, document_id)


def _bytes(path: Path, document_id: str, limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes, however it changes meanwhile."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _no_file(document_id)
        # A pipe that took the file's place since is opened without waiting for a writer.
        with os.fdopen(os.open(path, os.O_RDONLY | _NOT_WAITING), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise _no_file(document_id)
            data = b"" if found.st_size > limit else file.read(found.st_size + 1)
            larger = found.st_size > limit
            if len(data) > found.st_size:  # it grew, or says nothing about its size
                data += file.read(limit + 1 - len(data))
    except FileNotFoundError:
        raise ReadError(f"{document_id} is no longer there (or is a link that leads nowhere). Index again.") from None
    except PermissionError:
        raise ReadError(f"{document_id} may not be read. Give yourself permission to read it.") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ReadError(f"{document_id} is a link that leads to itself. Remove it.") from None
        raise ReadError(f"{document_id} cannot be read: {error.strerror or error}. Check the disk it is on.") from error
    if larger or len(data) > limit:
        raise ReadError(
            f"{document_id} is larger than {_size(limit)}. Split it, or raise the limit (setting file_megabytes)."
        )
    return data


def _no_file(document_id: str) -> ReadError:
    return ReadError(f"{document_id} is no regular file. Replace it by one, or remove it.")


def _size(limit: int) -> str:
    return f"{limit / 1_000_000:,.0f} MB" if limit >= 1_000_000 else f"{limit:,} bytes"
