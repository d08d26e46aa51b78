"""Whether the first bytes of a file belie the end of its name, so that it is not taken for what it cannot be read as.

Only what is sure is told: the readers look closer, and know more kinds of damage.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from assistant.readers.archive import other

_ZIPS = {
    ".docx": "a Word document (.docx)",
    ".docm": "a Word document (.docm)",
    ".pptx": "a presentation (.pptx)",
    ".pptm": "a presentation (.pptm)",
    ".ppsx": "a presentation (.ppsx)",
    ".epub": "an e-book (.epub)",
}
_TEXTS = frozenset({".txt", ".text", ".md", ".markdown", ".jsonl", ".csv", ".tsv", ".html", ".htm", ".xhtml", ".eml"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How files begin that are no texts; none of these is how one in any encoding begins.
_NO_TEXT = (
    _OLE,
    b"PK\x03\x04",
    b"%PDF-",
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"\x1f\x8b\x08",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
)
_NO_DOCUMENT = (b"SQLite format 3\0", b"\x7fELF", b"MZ\x90\0")  # databases and programs
HEAD = 4096  # bytes that are looked at
_PDF_WITHIN = 1024  # bytes before its mark that readers put up with


def wrong_kind(name: str, head: bytes) -> str | None:
    """What a file is by its first HEAD bytes where its name says otherwise; else None."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".pdf" and b"%PDF-" not in head[: _PDF_WITHIN + 5]:
        return _told(name, head, "a PDF file")
    if suffix in _ZIPS and not head.startswith(b"PK"):
        return _told(name, head, _ZIPS[suffix])
    if head.startswith(_NO_DOCUMENT):
        return f"{name} is a program or a database, not a document. Give the document that it was made from or holds."
    if suffix in _TEXTS and head.startswith(_NO_TEXT):
        return _told(name, head, "a text file")
    return None


def _told(name: str, head: bytes, kind: str) -> str:
    if head.startswith(_OLE):  # which of both it is, only its end tells
        return (
            f"{name} is not {kind}, but of an older Office or WPS format (.doc, .xls, .ppt, .wps) or protected by a "
            "password. Open it, remove the password, and save it in the new format."
        )
    return str(other(_whole(head), name, kind))


def _whole(head: bytes) -> bytes:
    """Without the character that its end cuts through, if it is UTF-8: it would be taken for damaged."""
    if len(head) < HEAD:
        return head
    for end in range(len(head), max(0, len(head) - 4), -1):
        try:
            head[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return head[:end]
    return head
