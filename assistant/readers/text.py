"""Plain text files."""

from __future__ import annotations

from assistant.readers.reading import Reading, decode_text, make_document
from assistant.readers.titles import title_of


def read(data: bytes, document_id: str) -> Reading:
    """One document. Raises ReadError."""
    decoded, problems = decode_text(data, document_id)
    title = title_of(decoded.text, document_id)
    return Reading((make_document(document_id, title, decoded.text, encoding=decoded.encoding),), problems)
