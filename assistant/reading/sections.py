"""A text in blocks for display: every character is in exactly one block, in order.

A long text is cut into sections first, each of which can be cut into blocks alone: a part of 20 million characters is
shown without looking at the rest.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.text.blocks import paragraphs
from assistant.text.enumerations import starts_item
from assistant.text.headings import recognise
from assistant.text.lines import LINE_BREAK
from assistant.text.marks import FILLER, trim

Kind = Literal["heading", "paragraph", "item", "row", "blank"]

LONGEST_BLOCK = 2_000  # characters
_SECTION = 50_000
# How far after a multiple of that a blank line or the end of a line is looked for.
_NEAR = 5_000
# A cut within a long paragraph leaves at least so much before it.
_LEAST = 500

_BLANK_LINE = re.compile(r"(?:\r\n|[\n\r])[^\S\n\r]*(?:\r\n|[\n\r])\s*")
_SENTENCE_END = re.compile(r"[。！？!?…]+[”’」』）)】》\"]*|\.(?=\s)")
_CLAUSE_END = re.compile(r"[；;，,、：:]|\s")
_WORD = re.compile(r"\w")
_JOINERS = "\u200d\ufe0e\ufe0f"
# A table's row as `readers.rows` writes it: all cells but the first have the names of their columns before them.
_CELL = re.compile(r"\s*[^：:；。！？，…\r\n]{1,30}[：:]\s*[^\s：:；。]")
_LONGEST_ROW = 900


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph for display with its indentation and its line break, or a part of a long one."""

    start: int
    end: int
    kind: Kind
    level: int = 0  # of a heading, 1 is the outermost


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """The lines that a heading takes, with the line break."""

    start: int
    end: int
    level: int


def heading_line(masked: str, start: int, end: int, level: int) -> HeadingLine | None:
    """The lines of a heading; None where other words stand in them (第十二条 before its text)."""
    left = start
    while left and not LINE_BREAK.match(masked, left - 1):
        left -= 1
        if masked[left].isalnum():
            return None
    end = trim(masked, start, end)[1]
    line_break = LINE_BREAK.search(masked, end)
    stop = line_break.start() if line_break else len(masked)
    if _WORD.search(masked, end, stop):
        return None
    return HeadingLine(left, line_break.end() if line_break else stop, level)


def section_edges(masked: str, headings: Sequence[HeadingLine]) -> tuple[int, ...]:
    """Where sections begin, and the end of the text: between paragraphs where there are any."""
    starts = [line.start for line in headings]
    edges = [0]
    while len(masked) - edges[-1] > _SECTION + _NEAR:
        edge = _edge(masked, edges[-1] + _SECTION)
        index = bisect_right(starts, edge) - 1
        if index >= 0 and starts[index] < edge < headings[index].end:
            edge = headings[index].end
        edges.append(edge)
    return (*edges, len(masked)) if len(masked) > edges[-1] else tuple(edges)


def _edge(masked: str, place: int) -> int:
    for pattern in (_BLANK_LINE, LINE_BREAK, _SENTENCE_END):
        match = pattern.search(masked, place, min(place + _NEAR, len(masked)))
        if match and match.end() < place + _NEAR:  # else the match may go on beyond
            return match.end()
    return _between_characters(masked, place)


def section_blocks(masked: str, start: int, end: int, headings: Sequence[HeadingLine]) -> Iterator[Block]:
    """The blocks of masked[start:end]; `headings` are those within, in order."""
    position = start
    for line in headings:
        yield from _paragraphs(masked, position, line.start)
        yield from _pieces(masked, line.start, line.end, "heading", line.level)
        position = line.end
    yield from _paragraphs(masked, position, end)


def _paragraphs(masked: str, start: int, end: int) -> Iterator[Block]:
    if start >= end:
        return
    position = start
    for (left, right), _ in paragraphs(masked, start, end):
        begin = position
        for line_break in LINE_BREAK.finditer(masked, position, left):
            begin = line_break.end()
        yield from _between(masked, position, begin)
        line_break_after = LINE_BREAK.search(masked, right, end)
        position = line_break_after.end() if line_break_after else end
        yield from _pieces(masked, begin, position, _kind(masked, left, right))
    yield from _between(masked, position, end)


def _between(masked: str, start: int, end: int) -> Iterator[Block]:
    """What lies between paragraphs: white space, and marks, which are part of the text."""
    return _pieces(masked, start, end, "paragraph" if FILLER in masked[start:end] else "blank")


def _kind(masked: str, start: int, end: int) -> Kind:
    if masked[start] == "|":
        return "row"
    if starts_item(masked, start, end):
        heading = recognise(masked, start, end)
        return "paragraph" if heading is not None and heading.family == "legal" else "item"
    if end - start <= _LONGEST_ROW and "；" in (line := masked[start:end]):
        first, *others = line.rstrip("。； ").split("；")
        if others and all(map(_CELL.match, others)) and (_CELL.match(first) or len(first) <= 30):
            return "row"
    return "paragraph"


def _pieces(masked: str, start: int, end: int, kind: Kind, level: int = 0) -> Iterator[Block]:
    while end - start > LONGEST_BLOCK:
        cut = _cut(masked, start)
        yield Block(start, cut, kind, level)
        start = cut
    if start < end:
        yield Block(start, end, kind, level)


def _cut(masked: str, start: int) -> int:
    """Where a long paragraph that begins at `start` is best cut."""
    least, most = start + _LEAST, start + LONGEST_BLOCK
    for pattern in (_SENTENCE_END, _CLAUSE_END):
        ends = [match.end() for match in pattern.finditer(masked, least, most)]
        if ends:
            return ends[-1]
    return _between_characters(masked, most)


def _between_characters(masked: str, place: int) -> int:
    """A place near this one that no combining mark or joiner follows."""
    for near in range(place, place - 50, -1):
        if not unicodedata.combining(masked[near]) and masked[near] not in _JOINERS and masked[near - 1] != "\u200d":
            return near
    return place
