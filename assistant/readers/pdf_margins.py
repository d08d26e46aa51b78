"""Running headers, footers and page numbers: what stands at the edge of several pages at the same height."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from assistant.readers.pdf_lines import Segment

# So many rows at each edge of a page may be headers or footers.
_ROWS = 4
# How far (points) a header may lie from where it lies on other pages.
_NEAR = 8
# A header is set off from the text or in letters of another size, or it is on most pages.
_MOST = 0.5
# What is set off from the text lies so many sizes away from it.
_SET_OFF = 2.2
# A date at the edge has so many characters and is on more than so many pages; other numbers may be text.
_DATE, _FEW = 4, 2
# Of the numbers in a footer, so many go up with the pages.
_SHARE_COUNTING = 0.6

_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"(?<![^\W\d_])[ivxlc]{1,7}$")
_PAGE_NUMBER = re.compile(
    r"[-—–―－·•.~ ]+(?:\d{1,4}|[ivxlc]{1,7})[-—–―－·•.~ ]+"
    r"|第\s*[\d一二三四五六七八九十百]{1,5}\s*页(?:[\s,，/／]*共\s*[\d一二三四五六七八九十百]{1,5}\s*页)?"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}|\d{1,4}\s*页"
    r"|(?:page|p\.)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)

_Row = list[Segment]


def margins(pages: Sequence[Sequence[Segment]]) -> list[frozenset[Segment]]:
    """For each page the segments that are a header or footer of it."""
    dropped: list[set[Segment]] = [set() for _ in pages]
    for edge in (1, -1):
        edges = [_edge_rows(page, edge) for page in pages]
        repeated = _repeated(edges)
        for number, rows in enumerate(edges):
            for index, row in enumerate(rows[:_ROWS]):
                inner = rows[index + 1] if index + 1 < len(rows) else None
                alone = inner is None or abs(row[0].baseline - inner[0].baseline) > _SET_OFF * row[0].size
                alone = alone or (inner is not None and inner[0].size > 1.1 * row[0].size)
                if not all(_is_margin(segment, number, repeated, len(pages), set_off=alone) for segment in row):
                    break
                dropped[number].update(row)
    return [frozenset(segments) for segments in dropped]


def _edge_rows(page: Sequence[Segment], edge: int) -> list[_Row]:
    """The outermost rows of a page from the top (1) or bottom (-1) inwards, one more than may be dropped."""
    rows: list[_Row] = []
    for segment in sorted(page, key=lambda segment: -edge * segment.baseline):
        if rows and abs(rows[-1][0].baseline - segment.baseline) < 0.5 * segment.size:
            rows[-1].append(segment)
        elif len(rows) <= _ROWS:
            rows.append([segment])
        else:
            break
    return rows


def _pattern(text: str) -> str:
    """What stays the same in a line that counts the pages; Roman numbers count those before the others."""
    return _DIGITS.sub("#", "".join(_ROMAN.sub("ⅰ", text.strip()).split()))


def _repeated(edges: list[list[_Row]]) -> dict[str, list[tuple[int, Segment]]]:
    """What stands on several pages at the same height, with the pages; numbers in it are equal or count the pages."""
    places: dict[str, list[tuple[int, Segment]]] = {}
    for number, rows in enumerate(edges):
        for segment in (segment for row in rows[:_ROWS] for segment in row):
            places.setdefault(_pattern(segment.text), []).append((number, segment))
    found: dict[str, list[tuple[int, Segment]]] = {}
    for pattern, where in places.items():
        middle = median(segment.baseline for _, segment in where)
        near = [(number, segment) for number, segment in where if abs(segment.baseline - middle) < _NEAR]
        if len({number for number, _ in near}) >= 2 and (_is_same(near) or _is_counting(near)):
            found[pattern] = near
    return found


def _is_same(where: list[tuple[int, Segment]]) -> bool:
    first = where[0][1].text
    telling = any(char.isalpha() for char in first) or (len(first) >= _DATE and len(where) > _FEW)
    return telling and all(segment.text == first for _, segment in where)


def _is_counting(where: list[tuple[int, Segment]]) -> bool:
    """Whether a number goes up by one with every page."""
    numbers = [(page, [int(digits) for digits in _DIGITS.findall(segment.text)[:4]]) for page, segment in where]
    if all(not found for _, found in numbers):
        return all(_ROMAN.search(segment.text.strip()) for _, segment in where)
    pairs = [(a, b) for a, b in pairwise(numbers) if a[1] and len(a[1]) == len(b[1])]
    for index in range(len(numbers[0][1])):
        counting = sum(b[1][index] - a[1][index] == b[0] - a[0] and b[0] > a[0] for a, b in pairs if index < len(a[1]))
        if pairs and counting >= _SHARE_COUNTING * len(pairs):
            return True
    return False


def _is_margin(
    segment: Segment, page: int, repeated: dict[str, list[tuple[int, Segment]]], pages: int, *, set_off: bool
) -> bool:
    text = segment.text.strip()
    if _PAGE_NUMBER.fullmatch(text):
        return True
    if set_off and text == str(page + 1):
        return True
    where = repeated.get(_pattern(text), [])
    if not any(other == segment and number == page for number, other in where):
        return False
    return set_off or len({number for number, _ in where}) > max(2, _MOST * pages)
