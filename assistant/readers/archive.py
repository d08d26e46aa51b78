"""Zip-based formats (docx, pptx, epub), opened with their bombs defused before anything is parsed.

Sizes are checked as declared; `zipfile` reads no more than declared, so a lie shows as a checksum that is wrong.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from assistant.errors import ReadError

# Word itself writes a few dozen entries, an illustrated book a few thousand.
_MOST_ENTRIES = 20_000
# Bytes: of one XML or HTML part (a thousand pages have about 10 MB, a table of a million cells 60 MB), and of all of
# them. What is too much for the memory a worker may take ends there.
_LARGEST_PART = 128 << 20
_LARGEST_TEXT = 256 << 20
# Text packs to a tenth, the most repetitive tables to a hundredth; deflate ends at a thousandth.
_HIGHEST_RATIO = 120
_RATIO_FROM = 2 << 20  # bytes; smaller parts do no harm
_CHEAP = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

# What zip, XML and office libraries raise on damaged input.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,  # what lxml and ElementTree derive their parse errors from
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    OSError,
    RuntimeError,  # an encrypted entry; too deep a nesting; NotImplementedError: an unknown compression
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF-", "a PDF file", ".pdf"),
    (b"{\\rtf", "a rich text file", ".rtf"),
    (b"\x89PNG", "a PNG picture", ".png"),
    (b"\xff\xd8\xff", "a JPEG picture", ".jpg"),
    (b"Rar!", "a RAR archive", ".rar"),
    (b"7z\xbc\xaf", "a 7z archive", ".7z"),
    (b"\x1f\x8b", "a gzip archive", ".gz"),
    (b"PK\x03\x04", "an Office file, an e-book or another zip archive", ".docx, .xlsx, .pptx, .epub or .zip"),
)
_CONTENTS = (
    ("word/", "a Word document", ".docx"),
    ("ppt/", "a presentation", ".pptx"),
    ("xl/", "an Excel workbook", ".xlsx"),
    ("META-INF/container.xml", "an e-book", ".epub"),
    ("content.xml", "an OpenDocument file", ".odt, .ods or .odp"),
)

_TEXT_PART = re.compile(r"\.(?:xml|rels|xhtml|html?|opf|ncx)$", re.IGNORECASE)
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*?(?:/>|>\s*</(?:\w+:)?Relationship\s*>)")
_TARGET = re.compile(rb"""\bTarget\s*=\s*["']([^"']*)["']""")
_EXTERNAL = re.compile(rb"""\bTargetMode\s*=\s*["']External["']""", re.IGNORECASE)
# The libraries refuse documents with macros and templates, whose text is the same, and know no "strict" names.
_REPLACED = (
    (b"application/vnd.ms-word.document.macroEnabled.main+xml",
     b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    (b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
     b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    (b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
     b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/", b"http://schemas.openxmlformats.org/wordprocessingml/2006/"),
    (b"http://purl.oclc.org/ooxml/presentationml/", b"http://schemas.openxmlformats.org/presentationml/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)  # fmt: skip


def open_archive(data: bytes, document_id: str, *, kind: str, holds: str) -> zipfile.ZipFile:
    """The zip archive that a file is, safe to read parts of. Raises ReadError.

    `kind` names the format in messages (“a Word document (.docx)”); `holds` is how a part begins that all its files
    have (“word/”).
    """
    if not data:
        raise ReadError(f"{document_id} is empty (0 bytes). Put the file there again, or remove it.")
    if not data.startswith(b"PK"):
        raise other(data, document_id, kind)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except DAMAGE as error:
        raise damaged(document_id, kind) from error
    _check_sizes(entries, document_id)
    names = [entry.filename for entry in entries]
    if not any(name.startswith(holds) for name in names):
        for begin, what, suffix in _CONTENTS:
            if any(name.startswith(begin) for name in names):
                raise ReadError(f"{document_id} is not {kind} but {what}. Change the end of its name to {suffix}.")
        raise ReadError(f"{document_id} is not {kind} but another zip archive. Unpack it, or give it its right name.")
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a part. Raises one of DAMAGE; ValueError where it would be packed in a way that is slow to check."""
    entry = archive.getinfo(name)
    if entry.compress_type not in _CHEAP:
        raise ValueError(f"{name} is packed by method {entry.compress_type}")
    return archive.read(entry)


def xml_package(archive: zipfile.ZipFile, document_id: str) -> io.BytesIO:
    """The XML parts of an Office file as a package of their own: no pictures, videos, macros, fonts.

    A damaged picture then costs nothing, and so does a relationship to a part that is not there. Office files have no
    document type declarations, so there are no entities to expand. Raises ReadError, or one of DAMAGE.
    """
    names = {name for name in archive.namelist() if name.lower().endswith((".xml", ".rels"))}
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as copy:
        for name in sorted(names):
            blob = read_part(archive, name)
            if any(doctype in blob for doctype in _DOCTYPES):
                raise ReadError(
                    f"{document_id} declares XML entities in {name}, which no Office program does: it may be made to "
                    "do harm and was not read. Remove it, or save its words as another file."
                )
            for old, new in _REPLACED:
                blob = blob.replace(old, new)
            if name.lower().endswith(".rels"):
                blob = _existing(blob, name, names)
            copy.writestr(name, blob)
    package.seek(0)
    return package


def _existing(blob: bytes, name: str, names: set[str]) -> bytes:
    """Relationships without those to parts that are not in the package."""
    folder = posixpath.dirname(posixpath.dirname(name))

    def kept(match: re.Match[bytes]) -> bytes:
        target = _TARGET.search(match.group())
        if target is None or _EXTERNAL.search(match.group()):
            return match.group()
        path = posixpath.normpath(posixpath.join("/" + folder, target.group(1).decode("utf-8", "replace")))
        return match.group() if {path[1:], unquote(path[1:])} & names else b""

    return _RELATIONSHIP.sub(kept, blob)


@contextmanager
def reading(document_id: str, kind: str, *also: type[Exception]) -> Iterator[None]:
    """Whatever the libraries raise on damaged input, `also` of their own kinds, is a ReadError."""
    known: tuple[type[Exception], ...] = (*DAMAGE, *also)
    try:
        yield
    except known as error:
        raise damaged(document_id, kind) from error


def damaged(document_id: str, kind: str) -> ReadError:
    return ReadError(
        f"{document_id} is damaged: it cannot be read as {kind}. Was it cut off while it was copied? Copy it again, or "
        "open it with the program it was made with and save it anew."
    )


def no_text(document_id: str) -> ReadError:
    return ReadError(
        f"{document_id} holds no text (only pictures, perhaps). Save it as a file with text (scanned pages need text "
        "recognition first), or remove it."
    )


def _check_sizes(entries: list[zipfile.ZipInfo], document_id: str) -> None:
    if len(entries) > _MOST_ENTRIES:
        raise _bomb(document_id, f"it holds {len(entries):,} files")
    total = 0
    for entry in entries:
        if not _TEXT_PART.search(entry.filename):
            continue  # it is not unpacked
        total += entry.file_size
        if entry.file_size > _LARGEST_PART:
            raise _bomb(document_id, f"{entry.filename} would unpack to {entry.file_size >> 20:,} MB")
        if entry.file_size > _RATIO_FROM and entry.file_size > _HIGHEST_RATIO * max(entry.compress_size, 1):
            raise _bomb(document_id, f"{entry.filename} is packed {entry.file_size // max(entry.compress_size, 1):,}:1")
    if total > _LARGEST_TEXT:
        raise _bomb(document_id, f"its parts would unpack to {total >> 20:,} MB")


def _bomb(document_id: str, why: str) -> ReadError:
    return ReadError(
        f"{document_id} was not unpacked: {why}, more than a text needs, and it might fill the memory. "
        "If it is yours, split it, or save its words as another file."
    )


def _ole(data: bytes, document_id: str, kind: str) -> ReadError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ReadError(
            f"{document_id} is protected by a password. Open it, remove the password (File › Info › Protect), and "
            "save it again."
        )
    return ReadError(
        f"{document_id} is not {kind} but a file of an older Office or WPS format (.doc, .xls, .ppt, .wps). Open it "
        "and save it in the new format."
    )


def other(data: bytes, document_id: str, kind: str) -> ReadError:
    """What a file is that should be of another kind, and how to call it."""
    if data.startswith(_OLE):
        return _ole(data, document_id, kind)
    for magic, what, suffix in _MAGIC:
        if data.startswith(magic):
            return ReadError(f"{document_id} is not {kind} but {what}. Change the end of its name to {suffix}.")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return ReadError(f"{document_id} is not {kind} but a web page. Change the end of its name to .html.")
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return damaged(document_id, kind)
    if b"\0" in head:
        return damaged(document_id, kind)
    return ReadError(f"{document_id} is not {kind} but plain text. Change the end of its name to .txt.")
