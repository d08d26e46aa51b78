"""Paragraphs set on pages as programs set them: wrapped, in columns, with headers, footers and footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.readers.pdfs import HEIGHT, WIDTH, Page, width

_MARGIN = 80
_GUTTER = 24
# What may not be parted: a Latin word up to a soft hyphen, a character with the marks after it.
_CHUNK = re.compile(
    r"[“‘「（《(]*(?:[\u2e80-\uffee]|[\u0020-\u00ac\u00ae-\u024f]+?(?:\u00ad|\s+|(?=[\u2e80-\uffee“]|$)))[”’」）》，。；：！？、)]*"
)


@dataclass(frozen=True)
class Layout:
    """How text is set; lengths in points, the indentation in ems."""

    columns: int = 1
    size: float = 12
    leading: float = 20
    indent: float = 2
    gap: float = 0  # between paragraphs
    header: str = ""
    footer: str = ""  # {} is the page's number
    note: str = ""  # under the first column of the first page


def typeset(paragraphs: Sequence[str], layout: Layout = Layout()) -> list[Page]:
    """Pages of these paragraphs; one that begins with # is a heading in larger letters."""
    measure = (WIDTH - 2 * _MARGIN - (layout.columns - 1) * _GUTTER) / layout.columns
    pages: list[Page] = []
    column, y = layout.columns - 1, 0.0
    for paragraph in paragraphs:
        heading = paragraph.startswith("#")
        size = layout.size * 1.5 if heading else layout.size
        text = paragraph.lstrip("# ")
        indent = 0 if heading else layout.indent * size
        for number, line in enumerate(_wrapped(text, size, measure, indent)):
            if y < _MARGIN + (60 if layout.note and len(pages) == 1 and column == 0 else 0):
                column, y = (column + 1) % layout.columns, HEIGHT - _MARGIN - 20
                if column == 0:
                    pages.append(_page(layout, len(pages) + 1))
            x = _MARGIN + column * (measure + _GUTTER) + (indent if number == 0 else 0)
            pages[-1].line(x, y, line, size)
            y -= layout.leading * size / layout.size
        y -= layout.gap
    return pages


def _page(layout: Layout, number: int) -> Page:
    page = Page()
    if layout.header:
        page.line(WIDTH / 2 - width(layout.header, 9) / 2, HEIGHT - 50, layout.header, 9)
    if layout.footer:
        footer = layout.footer.format(number)
        page.line(WIDTH / 2 - width(footer, 9) / 2, 40, footer, 9)
    if layout.note and number == 1:
        page.line(_MARGIN, _MARGIN, layout.note, layout.size * 0.75)
    return page


def _wrapped(text: str, size: float, measure: float, indent: float) -> Iterator[str]:
    line, room = "", measure - indent
    for chunk in _CHUNK.findall(text):
        if line and width((line + chunk).replace("\u00ad", "").rstrip(), size) > room:
            yield line.rstrip().removesuffix("\u00ad").replace("\u00ad", "") + ("-" if line.endswith("\u00ad") else "")
            line, room = "", measure
        line += chunk
    if line:
        yield line.rstrip().replace("\u00ad", "")
