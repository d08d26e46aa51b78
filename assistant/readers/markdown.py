"""Markdown files: the text of the document is the source, but that rows of tables say the names of their columns."""

from __future__ import annotations

import re

from assistant.readers.reading import Reading, decode_text, make_document
from assistant.readers.rows import Cell, table_lines
from assistant.readers.titles import title_of
from assistant.text.markdown import front_matter, markdown_blocks, tables
from assistant.text.marks import masked

_MOST_COLUMNS = 200
_BLANK_BEFORE = re.compile(r"(?:\A|\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)\Z")
_BLANK_AFTER = re.compile(r"[ \t]*(?:\r|\n|\Z)")


def read(data: bytes, document_id: str) -> Reading:
    """One document, titled by its front matter or first heading. Raises ReadError."""
    decoded, problems = decode_text(data, document_id)
    text = _with_rows(decoded.text)
    begin, title = front_matter(text)
    if not title:
        headings = (block.heading for block in markdown_blocks(masked(text)) if block.heading)
        title = next((heading.title for heading in headings if heading.family == "markdown"), "")
    title = title or title_of(text[begin:], document_id)
    return Reading((make_document(document_id, title, text, encoding=decoded.encoding),), problems)


def _with_rows(text: str) -> str:
    """A text with each row of its tables as a paragraph: | 经理 | 600元 | alone does not say what is 600元."""
    newline = "\r\n" if "\r\n" in text else "\n"
    parts: list[str] = []
    position = 0
    for (start, end), rows in tables(text):
        if len(rows) < 2 or not 2 <= len(rows[0]) <= _MOST_COLUMNS:
            continue
        grid = [[Cell(cell, header=not index) for cell in row] for index, row in enumerate(rows)]
        lines = [line for line in table_lines(grid) if line]
        if not lines:
            continue
        before = text[position:start]
        gap = "" if not before.strip() or _BLANK_BEFORE.search(before) else newline
        ends = newline if _BLANK_AFTER.match(text, end) else 2 * newline
        parts += [before, gap, (2 * newline).join(lines), ends]
        position = end
    return "".join((*parts, text[position:]))
