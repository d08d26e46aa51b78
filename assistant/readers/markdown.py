"""Markdown files: the text of the document is the source."""

from __future__ import annotations

from assistant.readers.reading import Reading, decode_text, make_document
from assistant.readers.titles import title_of
from assistant.text.markdown import front_matter, markdown_blocks
from assistant.text.marks import masked


def read(data: bytes, document_id: str) -> Reading:
    """One document, titled by its front matter or first heading. Raises ReadError."""
    decoded, problems = decode_text(data, document_id)
    text = decoded.text
    begin, title = front_matter(text)
    if not title:
        headings = (block.heading for block in markdown_blocks(masked(text)) if block.heading)
        title = next((heading.title for heading in headings if heading.family == "markdown"), "")
    title = title or title_of(text[begin:], document_id)
    return Reading((make_document(document_id, title, text, encoding=decoded.encoding),), problems)
