"""Tables of PDF pages whose cells are parted by rules (drawn lines, or the edges of filled boxes).

Tables without rules are left to the lines of text they consist of.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from assistant.readers.rows import Cell, is_layout, table_lines

# In points: rules nearer than this are one, and shorter ones are none.
_NEAR = 3.0
_SHORTEST = 4.0
# A page with more of either is a drawing.
_MOST_SEGMENTS = 20_000
_MOST_RULES = 800
_MOST_PLACES = 10_000


class Rule(NamedTuple):
    """A straight line along an axis: where it lies across that axis, and from where to where it goes."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The places of a ruled table: edges from left to right and from top to bottom, and the cell of each place."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]  # descending
    cells: tuple[tuple[int, ...], ...]  # by row and column; places without a rule between them are one cell

    def cell(self, x: float, y: float) -> int | None:
        """The cell at a place of the page, None outside."""
        if not (self.xs[0] < x < self.xs[-1] and self.ys[-1] < y < self.ys[0]):
            return None
        row = bisect_right([-edge for edge in self.ys], -y) - 1
        return self.cells[row][bisect_right(self.xs, x) - 1]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its text: rows of cells, the heights of their middles, and the size of its letters."""

    grid: Grid
    size: float
    rows: tuple[tuple[Cell | None, ...], ...]
    heights: tuple[float, ...]


def grids(page: Any) -> list[Grid]:
    """The ruled tables of a page of pypdfium2, of at least two rows and columns."""
    flat, upright = _rules(page)
    if not 0 < len(flat) <= _MOST_RULES or not 0 < len(upright) <= _MOST_RULES:
        return []
    return [grid for group in _connected(flat, upright) if (grid := _grid(*group)) is not None]


def make_table(grid: Grid, size: float, texts: dict[int, str]) -> Table | None:
    """A table with the texts of its cells; None where it only frames text."""
    cells = {number: Cell(text) for number, text in texts.items() if text.strip()}
    rows, heights = [], []
    for row, (top, bottom) in zip(grid.cells, pairwise(grid.ys), strict=True):
        filled = tuple(cells.get(number) for number in row)
        if any(filled):
            rows.append(filled)
            heights.append((top + bottom) / 2)
    return Table(grid, size, tuple(rows), tuple(heights)) if len(rows) > 1 and not is_layout(rows) else None


def told_rows(pages: Sequence[Sequence[Table]]) -> list[list[tuple[Table, float, str]]]:
    """For each page the lines its tables are told in, with their heights.

    A table that goes on at the top of the next page has the names of its columns there too.
    """
    result: list[list[tuple[Table, float, str]]] = [[] for _ in pages]
    parts: list[tuple[int, Table]] = []
    for page, tables in enumerate(pages):
        for index, table in enumerate(sorted(tables, key=lambda table: -table.grid.ys[0])):
            goes_on = parts and index == 0 and parts[-1][0] == page - 1 and _alike(parts[-1][1], table)
            if parts and not goes_on:
                _tell(parts, result)
                parts = []
            parts.append((page, table))
    if parts:
        _tell(parts, result)
    return result


def _alike(first: Table, second: Table) -> bool:
    a, b = first.grid.xs, second.grid.xs
    return len(a) == len(b) and all(abs((x - a[0]) - (y - b[0])) < _NEAR for x, y in zip(a, b, strict=True))


def _tell(parts: list[tuple[int, Table]], result: list[list[tuple[Table, float, str]]]) -> None:
    places: list[tuple[int, Table, float]] = []
    rows: list[Sequence[Cell | None]] = []
    for part, (page, table) in enumerate(parts):
        for index, (row, height) in enumerate(zip(table.rows, table.heights, strict=True)):
            if part and index < len(rows) and _texts(row) == _texts(rows[index]):  # the names, again on this page
                continue
            rows.append(row)
            places.append((page, table, height))
    lines = table_lines(rows)
    offset = len(rows) - len(lines)  # the rows of names come first and are not told alone
    for number, line in enumerate(lines):
        page, table, height = places[min(max(number + offset, 0), len(places) - 1)]
        result[page].append((table, height, line))


def _texts(row: Sequence[Cell | None]) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _rules(page: Any) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules of a page."""
    flat: list[Rule] = []
    upright: list[Rule] = []
    for count, (x0, y0, x1, y1) in enumerate(_segments(page)):
        if count > _MOST_SEGMENTS:
            return [], []
        if abs(y0 - y1) < 1 and abs(x0 - x1) > _SHORTEST:
            flat.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) < 1 and abs(y0 - y1) > _SHORTEST:
            upright.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return _merged(flat), _merged(upright)


def _segments(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """The straight lines of all paths of a page."""
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        a, b, c, d, e, f = path.get_matrix().get()
        begin = last = (0.0, 0.0)
        for index in range(max(0, pdfium.FPDFPath_CountSegments(path))):
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
                continue
            point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                begin = point
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                yield (*last, *point)
            if pdfium.FPDFPathSegment_GetClose(segment):
                yield (*point, *begin)
            last = point


def _merged(rules: list[Rule]) -> list[Rule]:
    """Rules that lie on each other or go on in each other are one."""
    merged: list[Rule] = []
    level: list[Rule] = []
    for rule in [*sorted(rules), None]:
        if level and (rule is None or rule.at - level[-1].at > _NEAR / 2 or rule.at - level[0].at > _NEAR):
            at = sum(other.at for other in level) / len(level)
            start, end = None, 0.0
            for other in sorted(level, key=lambda other: other.start):
                if start is not None and other.start <= end + _NEAR:
                    end = max(end, other.end)
                    continue
                if start is not None:
                    merged.append(Rule(at, start, end))
                start, end = other.start, other.end
            merged.append(Rule(at, start or 0.0, end))
            level = []
        if rule is not None:
            level.append(rule)
    return merged


def _connected(flat: list[Rule], upright: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules in groups that cross or touch each other."""
    group_of = {("flat", index): index for index in range(len(flat))}
    members: dict[int, list[tuple[str, int]]] = {index: [("flat", index)] for index in range(len(flat))}
    for number, rule in enumerate(upright):
        touched = {
            group_of["flat", index]
            for index, other in enumerate(flat)
            if other.start - _NEAR < rule.at < other.end + _NEAR and rule.start - _NEAR < other.at < rule.end + _NEAR
        }
        if not touched:
            continue
        target = min(touched)
        for group in touched - {target}:
            for member in members[group]:
                group_of[member] = target
            members[target] += members.pop(group)
        members[target].append(("upright", number))
    return [
        ([flat[i] for kind, i in group if kind == "flat"], [upright[i] for kind, i in group if kind == "upright"])
        for group in members.values()
    ]


def _grid(flat: list[Rule], upright: list[Rule]) -> Grid | None:
    if len(flat) < 2 or not upright:
        return None
    # A table may be open at its sides.
    xs = _edges([rule.at for rule in upright] + [min(r.start for r in flat), max(r.end for r in flat)])
    ys = _edges([rule.at for rule in flat] + [min(r.start for r in upright), max(r.end for r in upright)])[::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_PLACES:
        return None
    owner = list(range(rows * columns))

    def find(place: int) -> int:
        while owner[place] != place:
            owner[place] = owner[owner[place]]
            place = owner[place]
        return place

    for row in range(rows):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(columns):
            place = row * columns + column
            across = (xs[column] + xs[column + 1]) / 2
            if column and not _covers(upright, xs[column], middle):
                owner[find(place)] = find(place - 1)
            if row and not _covers(flat, ys[row], across):
                owner[find(place)] = find(place - columns)
    cells = [find(place) for place in range(rows * columns)]
    if len(set(cells)) < 4:
        return None
    return Grid(tuple(xs), tuple(ys), tuple(tuple(cells[r * columns : (r + 1) * columns]) for r in range(rows)))


def _covers(rules: list[Rule], at: float, along: float) -> bool:
    return any(abs(rule.at - at) < _NEAR and rule.start < along < rule.end for rule in rules)


def _edges(values: list[float]) -> list[float]:
    """Different edges in order."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _NEAR:
            edges.append(value)
    return edges
