"""What a sentence points to that says nothing without it: the rows of a table, or lines without numbers (如下：)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.citations import Chosen
from assistant.answering.lists import MOST_ITEMS, Neighbours, passages_around
from assistant.text.marks import Span, trim
from assistant.text.measure import measure

_POINTS = re.compile(
    r"(?:如下|下表|以下|下列)[^。；，,]{0,12}[。：:]?$|(?:如|见)(?:附表|表\s?\d+)(?:所示|所列)?[。：:]?$"
    r"|\b(?:as follows|the following|(?:table|list|listed|shown|given|set out) below"
    r"|(?:in|by) the following \w+)[.:]?$",
    re.IGNORECASE,
)
_ROW = re.compile(r"\||[^：:；;|]{1,20}[：:][^；;|]+[；;]\s*[^：:；;|]{1,20}[：:]|[^\t\n]+\t[^\t\n]+")
_RULE = re.compile(r"[\s|:+=-]+")
_LONGEST_LINE = 80  # a longer one is a paragraph: Chinese characters, an English word counts two
_LONGEST_APART = 30  # where a blank line is before it
_CAPTIONS = 2  # lines between the sentence and its table: 表1 收费标准, 单位：元


def points_below(text: str) -> bool:
    """Whether a sentence only says that what is asked for stands below it."""
    return _POINTS.search(" ".join(text.split())) is not None


def below(chosen: Chosen, neighbours: Neighbours) -> list[Chosen] | None:
    """A sentence with the table or the lines right under it in its section; None where there are none."""
    text = chosen.document.text
    shown: list[Chosen] = []
    for passage in passages_around(chosen.passage, neighbours):
        for start, end in _lines(text, max(passage.start, chosen.end), passage.end):
            shown.append(Chosen(chosen.document, passage, start, end, item=True))
    rows = _rows(text, shown) or _short(text, chosen.end, shown)
    return [chosen, *rows[:MOST_ITEMS]] if rows else None


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    position = start
    while position < end:
        line = text.find("\n", position, end)
        border = end if line < 0 else line
        left, right = trim(text, position, border)
        if left < right:
            yield left, right
        position = border + 1


def _rows(text: str, lines: list[Chosen]) -> list[Chosen]:
    """The rows of a table that begins among the first lines."""
    rows: list[Chosen] = []
    for number, line in enumerate(lines):
        if _ROW.match(text, line.start, line.end):
            if not _RULE.fullmatch(text, line.start, line.end):
                rows.append(line)
        elif rows or number >= _CAPTIONS:
            break
    return rows


def _short(text: str, position: int, lines: list[Chosen]) -> list[Chosen]:
    """Short lines up to the first gap; where every line has one after it, up to the first paragraph."""
    found: list[Chosen] = []
    parted: bool | None = None  # whether a blank line lies between the first two
    for line in lines:
        gap = text.count("\n", position, line.start) > 1
        if found and parted is None:
            parted = gap
        longest = _LONGEST_APART if gap and found else _LONGEST_LINE
        if measure(text, line.start, line.end) > longest or (gap and parted is False):
            break
        found.append(line)
        position = line.end
    return found if len(found) > 1 else []
