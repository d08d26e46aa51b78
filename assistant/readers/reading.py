"""What a reader returns, and the only place where a document and its digest are made."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import ReadError
from assistant.readers.encoding import Decoded, decode
from assistant.types import Document, Heading, Problem

_LONGEST_TITLE = 300  # characters: it is embedded with every window
_SHOWS_SOMETHING = re.compile(r"[^\s\ufeff\x1a]")


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents of one file (of a large corpus each is made when it is asked for), and what could not be read."""

    documents: Sequence[Document]
    problems: tuple[Problem, ...] = ()


def digest(title: str, text: str, pages: tuple[int, ...] = (), outline: tuple[Heading, ...] = ()) -> str:
    """The version of a document: sha256 of title, NUL, text and, if any, pages and outline; hexadecimal."""
    structure = f"\0{pages}\0{[(h.start, h.end, h.level) for h in outline]}" if pages or outline else ""
    return hashlib.sha256(f"{title}\0{text}{structure}".encode()).hexdigest()


def make_document(
    document_id: str,
    title: str,
    text: str,
    *,
    encoding: str | None = None,
    pages: tuple[int, ...] = (),
    outline: tuple[Heading, ...] = (),
) -> Document:
    """A Document with its digest. `title` and `text` hold no lone surrogates; a title becomes one line, cut if long."""
    title = " ".join(title.split())
    if len(title) > _LONGEST_TITLE:
        title = title[: _LONGEST_TITLE - 1] + "…"
    return Document(document_id, title, text, digest(title, text, pages, outline), encoding, pages, outline)


def decode_text(data: bytes, document_id: str) -> tuple[Decoded, tuple[Problem, ...]]:
    """The text of a text file, and a problem where characters of it are broken. Raises ReadError without any text."""
    decoded = decode(data, document_id)
    if _SHOWS_SOMETHING.search(decoded.text) is None:
        raise ReadError(f"{document_id} holds no text. Put text into it, or remove it.")
    if not decoded.broken:
        return decoded, ()
    line = decoded.text.count("\n", 0, decoded.text.find("\ufffd")) + 1
    count = f"{decoded.broken:,} characters are" if decoded.broken > 1 else "1 character is"
    reason = (
        f"{count} broken in {decoded.encoding}, first in line {line:,}; � stands there and everything else was read. "
        "Was the file cut off? Save it again as UTF-8."
    )
    return decoded, (Problem(document_id, reason),)
