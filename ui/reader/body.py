"""A document's text as markup: its blocks, with quotes marked, in parts that the browser lays out as they are needed.

No white space stands between the elements: all text within a block is the document's. Pure.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from assistant.reading.opening import Block, Opened
from assistant.types import Span
from ui.escape import read_as
from ui.reader.asked import Mark
from ui.reader.exact import exact

_PART = 3_000  # characters; parts are laid out when they come near to what is seen
_LINE = 34  # characters in a line, about, of a text in Chinese
_CELLS = re.compile(r"[^；]*；?")
_COLUMN = re.compile(r"\s*[^：:；\r\n]{1,30}[：:]")
_SIGNS = re.compile(r" {0,3}#{1,6}[ \t]+|\s*\|(?:\s*:?-+:?\s*\|)+\s*")  # of Markdown: they are written, not said


def parts(opened: Opened, blocks: Sequence[Block], marks: Sequence[Mark]) -> str:
    """Blocks that follow each other, as markup."""
    return "".join(_part(opened, group, marks) for group in _grouped(blocks))


def _grouped(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        if group and block.end - group[0].start > _PART:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _part(opened: Opened, blocks: Sequence[Block], marks: Sequence[Mark]) -> str:
    start, end = blocks[0].start, blocks[-1].end
    within = [mark for mark in marks if mark.start < end and mark.end > start]
    made = "".join(_block(opened, block, within) for block in blocks)
    lines = sum(0.4 if block.kind == "blank" else math.ceil((block.end - block.start) / _LINE) for block in blocks)
    return f'<div class="part" data-start="{start}" data-end="{end}" data-lines="{math.ceil(lines)}">{made}</div>'


def _block(opened: Opened, block: Block, marks: Sequence[Mark]) -> str:
    text = opened.document.text
    goes_on = "" if _ends_line(text, block.end) else " goes-on"
    spoken = read_as(text[block.start : block.end])
    attributes = f'class="block {block.kind}{goes_on}" data-start="{block.start}" {spoken}'
    if block.kind == "heading":
        attributes += f' role="heading" aria-level="{min(6, block.level + 2)}" data-level="{min(6, block.level)}"'
    elif block.kind == "blank":
        attributes += ' aria-hidden="true"'
    page = _page_begun(opened.pages, block)
    if page is not None:
        attributes += f' data-page="{page}"'
    within = [mark for mark in marks if mark.start < block.end and mark.end > block.start]
    if block.kind == "row" and not text[block.start : block.end].lstrip().startswith("|"):
        content = _cells(text, block, within)
    else:
        signs = _SIGNS.match(text, block.start, block.end) if block.kind in ("heading", "row") else None
        middle = signs.end() if signs else block.start
        content = f'<span class="signs">{marked(text, block.start, middle, within)}</span>' if signs else ""
        content += marked(text, middle, block.end, within)
    return f"<p {attributes}>{content}</p>"


def _ends_line(text: str, end: int) -> bool:
    return end == len(text) or text[end - 1] in "\n\r\v\f\x85\u2028\u2029"


def _page_begun(pages: Sequence[int], block: Block) -> int | None:
    """The page that begins in a block; of several, the first."""
    index = bisect_left(pages, block.start)
    return index + 1 if index < len(pages) and pages[index] < block.end and block.kind != "blank" else None


def _cells(text: str, block: Block, marks: Sequence[Mark]) -> str:
    """A row of a table, cell by cell, the names of the columns set apart."""
    made = ""
    for cell in _CELLS.finditer(text, block.start, block.end):
        if cell.start() == cell.end():
            continue
        name = _COLUMN.match(text, cell.start(), cell.end())
        middle = name.end() if name else cell.start()
        column = f'<span class="column">{marked(text, cell.start(), middle, marks)}</span>' if name else ""
        made += f'<span class="cell">{column}{marked(text, middle, cell.end(), marks)}</span>'
    return made


def marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """text[start:end] with the quotes in it marked; where they overlap, the one that is gone to is seen."""
    made = ""
    for (left, right), mark in _pieces(start, end, marks):
        piece = exact(text[left:right])
        made += piece if mark is None else _mark(piece, mark, first=left <= _seen(text, mark) < right)
    return made


def _seen(text: str, mark: Mark) -> int:
    """Where a quote can first be seen: its number stands there."""
    place = mark.start
    while place < min(mark.end - 1, mark.start + 200) and text[place].isspace():
        place += 1
    return place


def _pieces(start: int, end: int, marks: Sequence[Mark]) -> Iterator[tuple[Span, Mark | None]]:
    edges = {start, end}
    for mark in marks:
        edges |= {max(start, min(end, mark.start)), max(start, min(end, mark.end))}
    ordered = sorted(edges)
    pending: tuple[Span, Mark | None] | None = None
    for left, right in pairwise(ordered):
        over = [mark for mark in marks if mark.start <= left and mark.end >= right]
        seen = min(over, key=lambda one: (not one.chosen, one.start, one.end), default=None)
        if pending is not None and pending[1] is seen:
            pending = ((pending[0][0], right), seen)
            continue
        if pending is not None:
            yield pending
        pending = ((left, right), seen)
    if pending is not None:
        yield pending


def _mark(piece: str, mark: Mark, *, first: bool) -> str:
    chosen = " chosen" if mark.chosen else ""
    number = f' data-number="{mark.number}" tabindex="-1"' if first else ""
    place = ' id="place"' if first and mark.chosen else ""
    return f'<mark class="quoted{chosen}"{place} data-span="{mark.start}-{mark.end}"{number}>{piece}</mark>'
