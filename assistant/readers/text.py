"""Plain text files."""

from __future__ import annotations

import re

from assistant.readers.reading import Reading, decode_text, make_document
from assistant.readers.titles import title_of
from assistant.types import Problem

_PAGE = re.compile(r"\s*<(?:!doctype html|html[\s>])", re.IGNORECASE)


def read(data: bytes, document_id: str) -> Reading:
    """One document. Raises ReadError."""
    decoded, problems = decode_text(data, document_id)
    if _PAGE.match(decoded.text):
        told = (
            "It is the source of a web page and was read as such. To read what the page shows, change the end of its "
        )
        problems = (*problems, Problem(document_id, f"{told}name to .html."))
    title = title_of(decoded.text, document_id)
    return Reading((make_document(document_id, title, decoded.text, encoding=decoded.encoding),), problems)
