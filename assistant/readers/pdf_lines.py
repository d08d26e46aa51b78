"""The lines of a PDF page in reading order. A page holds characters with places, and neither words nor columns.

Characters become segments (what stands together on one baseline), segments become lines, column after column.
Lengths are in points; the y axis points up.
"""

from __future__ import annotations

import ctypes
import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from assistant.readers.pdf_tables import Grid, Table, grids, make_table
from assistant.text.lines import CJK

# A wider gap (in ems) parts the cells of a table, or columns.
_GAP = 1.2
# A wider gap (in ems) between Chinese characters is a space.
_SPREAD = 0.5
_SPACE = 0.17  # so much wider than the other gaps of its line
# Columns of running text are at least so wide (ems) and mostly hold full lines; those of tables do not.
_NARROWEST_COLUMN = 9
_FULL, _SHARE_FULL = 0.72, 0.4
# Places at which columns may be parted, over the middle of the page.
_STEPS = 250
# So many lines beside each other are columns.
_FEWEST_BESIDE = 6
# Columns within columns: no page has more than eight.
_DEEPEST = 3

_IS_CJK = re.compile(f"[{CJK}]")
_BOLD = re.compile(r"bold|black|heavy|simhei|heiti|黑体|-hei|dengxian-b", re.IGNORECASE)
_HYPHEN_OF_PDFIUM = 0x02  # it stands for a hyphen at the end of a line


class Char(NamedTuple):
    """A character, turned so that its line runs to the right."""

    char: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    space: str  # the white space before it: "real", "seen" (pdfium saw a gap) or ""


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters that stand together on one baseline."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    space: float = 0.0  # the usual width of its spaces
    row: bool = False  # the row of a table, told as a sentence


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column; `cells` are the beginnings of what wide gaps part in it."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    cells: tuple[float, ...]
    row: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines from top to bottom of one column, or of what spans all columns."""

    column: tuple[int, ...]  # which of the columns; () spans them all
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """The segments of a page in no order, and what the page is like."""

    segments: tuple[Segment, ...]
    width: float
    aside: tuple[Segment, ...] = ()  # text that runs in another direction
    tables: tuple[Table, ...] = ()
    pictures: bool = False  # pictures cover much of the page
    unreadable: int = 0  # glyphs of which the file does not say what characters they are


def page_text(page: Any) -> PageText:
    """Read a page of pypdfium2. Raises PdfiumError."""
    width, height = page.get_size()
    text = page.get_textpage()
    try:
        by_turn, unreadable = _characters(text)
    finally:
        text.close()
    turns = sorted(by_turn, key=lambda turn: -len(by_turn[turn]))
    chars = by_turn[turns[0]] if turns else []
    main, tables = _with_tables(chars, grids(page)) if turns[:1] == [0] else (_segments(chars), [])
    aside = [segment for turn in turns[1:] for segment in _segments(by_turn[turn])]
    count = sum(map(len, by_turn.values()))
    pictures = count < 200 and _covered_by_pictures(page, width * height)
    return PageText(tuple(main), round(width), tuple(aside), tuple(tables), pictures, unreadable)


def _with_tables(chars: list[Char], found: list[Grid]) -> tuple[list[Segment], list[Table]]:
    """What stands outside of tables, and the tables with their texts."""
    tables: list[Table] = []
    for grid in found:
        inside: dict[int, list[Char]] = {}
        outside: list[Char] = []
        for char in chars:
            number = grid.cell((char.left + char.right) / 2, char.baseline + 0.3 * char.size)
            (outside if number is None else inside.setdefault(number, [])).append(char)
        texts = {number: "\n".join(line.text for line in _lines(_segments(own))) for number, own in inside.items()}
        sizes = [char.size for own in inside.values() for char in own]
        table = make_table(grid, median(sizes), texts) if sizes else None
        if table is not None:
            tables.append(table)
            chars = outside
    return _segments(chars), tables


def _characters(text: Any) -> tuple[dict[int, list[Char]], int]:
    """The visible characters of a page by the quarter turns of their lines, and how many cannot be read."""
    found: dict[int, list[Char]] = {}
    unreadable = 0
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    size, turn, bold, owner, space = 0.0, 0, False, None, ""
    for index, char in _unicode(text):
        if char.isspace():
            space = "seen" if space != "real" and pdfium.FPDFText_IsGenerated(text, index) else "real"
            continue
        if char < " " or "\ud800" <= char < "\uf900" or "\ufff0" <= char <= "\uffff":  # surrogates, private use, none
            unreadable += 1
            continue
        textobject = pdfium.FPDFText_GetTextObject(text, index)
        current = ctypes.addressof(textobject.contents) if textobject else None
        if current is None or current != owner:
            owner = current
            pdfium.FPDFText_GetMatrix(text, index, matrix)
            size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
            angle = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
            turn = round(angle) % 4 if abs(angle - round(angle)) < 0.12 else -1
            bold = _is_bold(text, index)
        if turn < 0 or not 0.5 < size < 1000:  # a watermark across the page
            continue
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        left, right, baseline = (
            (box.left, box.right, y.value),
            (box.bottom, box.top, -x.value),
            (-box.right, -box.left, -y.value),
            (-box.top, -box.bottom, x.value),
        )[turn]
        found.setdefault(turn, []).append(Char(char, left, right, baseline, size, bold, space))
        space = ""
    return found, unreadable


def _unicode(text: Any) -> Iterator[tuple[int, str]]:
    """The characters of a page with their numbers; pdfium gives those beyond U+FFFF in two halves."""
    high = 0
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        yield index, "-" if code == _HYPHEN_OF_PDFIUM else chr(code) if code < 0x110000 else "\ufffd"


def _is_bold(text: Any, index: int) -> bool:
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, 128, flags)
    return bool(flags.value & 1 << 18) or _BOLD.search(name.value.decode("utf-8", "replace")) is not None


def _covered_by_pictures(page: Any, area: float) -> bool:
    covered = 0.0
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        covered += (right - left) * (top - bottom)
    return covered > 0.3 * area


def _segments(chars: list[Char]) -> list[Segment]:
    runs: list[list[Char]] = []
    for char in chars:
        if runs and _follows(runs[-1][-1], char):
            runs[-1].append(char)
        else:
            runs.append([char])
    return [_segment(run) for run in runs]


def _follows(last: Char, char: Char) -> bool:
    size = max(last.size, char.size)
    raised = 0.55 if min(last.size, char.size) < 0.85 * size else 0.25  # ¹ and the like
    return abs(last.baseline - char.baseline) < raised * size and -0.5 * size < char.left - last.right < _GAP * size


def _segment(run: list[Char]) -> Segment:
    pairs = [
        (char, (char.left - last.right) / char.size, bool(_IS_CJK.match(last.char) or _IS_CJK.match(char.char)))
        for last, char in pairwise(run)
    ]
    # pdfium takes the gaps of justified Chinese for spaces; there, and in a spread title, all gaps are wide.
    gaps = [gap for _, gap, wide in pairs if wide]
    spread = median(gaps) + _SPACE if len(gaps) > 3 else _SPREAD
    parts = [run[0].char]
    number = run[0].char.isdigit()  # so far there is only one: 1.2 概况
    for char, gap, wide in pairs:
        if char.space == "real" or (char.space and (gap > (_SPACE if number else spread) or not wide)):
            parts.append(" ")
        number = number and (char.char.isdigit() or char.char == ".")
        parts.append(char.char)
    size = _most([round(2 * char.size) / 2 for char in run])
    normal = [char for char in run if abs(char.size - size) < 0.5] or run
    bold = 2 * sum(char.bold for char in run) > len(run)
    right = max(char.right for char in run)
    spaces = [char.left - last.right for last, char in pairwise(run) if char.space]
    space = median(spaces) if spaces else 0.0
    return Segment("".join(parts), run[0].left, right, median(char.baseline for char in normal), size, bold, space)


def _most(values: list[float]) -> float:
    return Counter(values).most_common(1)[0][0]


def flows(segments: list[Segment]) -> list[Flow]:
    """The columns of a page in reading order, and between them what spans them."""
    return list(_flows(segments, ()))


def _flows(segments: list[Segment], column: tuple[int, ...]) -> Iterator[Flow]:
    gutter = _gutter(segments) if len(column) < _DEEPEST else None
    if gutter is None:
        if segments:
            yield Flow(column, tuple(_lines(segments)))
        return
    ordered = sorted(segments, key=lambda segment: -segment.baseline)
    for across, group in groupby(ordered, key=lambda segment: segment.left < gutter < segment.right):
        band = list(group)
        if across:
            yield Flow(column, tuple(_lines(band)))
            continue
        before = [segment for segment in band if segment.right <= gutter]
        after = [segment for segment in band if segment.right > gutter]
        end = _end_of_columns(before, after)
        yield from _flows([segment for segment in before if segment.baseline > end], (*column, 0))
        yield from _flows([segment for segment in after if segment.baseline > end], (*column, 1))
        if below := [segment for segment in band if segment.baseline <= end]:
            yield Flow(column, tuple(_lines(below)))


def _end_of_columns(before: list[Segment], after: list[Segment]) -> float:
    """The height below which what looks like the left column is no part of the columns: short lines that span both."""
    if not after:
        return -math.inf
    last = min(segment.baseline for segment in after)
    baselines = sorted({segment.baseline for segment in before}, reverse=True)
    distances = [a - b for a, b in pairwise(baselines)]
    if not distances or baselines[0] < last:
        return -math.inf
    usual = median(distances)
    widest = max(segment.right - segment.left for segment in before)
    for upper, lower in pairwise(baselines):
        if lower < last - usual / 2 and upper < last + 2.5 * usual and upper - lower > 1.5 * usual:
            below = [segment for segment in before if segment.baseline <= lower]
            if all(segment.right - segment.left < _FULL * widest for segment in below):
                return lower
    return -math.inf


def _gutter(segments: list[Segment]) -> float | None:
    """The x at which a page is parted into two columns of running text, or None."""
    if len(segments) < _FEWEST_BESIDE:
        return None
    lefts, rights = sorted(segment.left for segment in segments), sorted(segment.right for segment in segments)
    low, high = lefts[0], rights[-1]
    best: tuple[int, list[float]] = (0, [])
    for step in range(_STEPS):
        x = low + (high - low) * (0.15 + 0.7 * step / _STEPS)
        before, after = bisect_right(rights, x), len(lefts) - bisect_left(lefts, x)
        score = 2 * min(before, after) - (len(segments) - before - after)
        if score > best[0]:
            best = (score, [x])
        elif score == best[0] and best[1]:
            best[1].append(x)
    if not best[1]:
        return None
    gutter = best[1][len(best[1]) // 2]
    sides = (
        [segment for segment in segments if segment.right <= gutter],
        [segment for segment in segments if segment.left >= gutter],
    )
    return gutter if _is_beside(*sides) and all(_is_running_text(side) for side in sides) else None


def _is_beside(before: list[Segment], after: list[Segment]) -> bool:
    """Whether enough lines of both sides lie at the same height."""
    top = min(max(s.baseline + s.size for s in side) for side in (before, after))
    bottom = max(min(s.baseline for s in side) for side in (before, after))
    beside = sum(bottom <= segment.baseline <= top for segment in (*before, *after))
    return beside >= _FEWEST_BESIDE or (beside >= 2 and len(before) >= 2 * _FEWEST_BESIDE)


def _is_running_text(side: list[Segment]) -> bool:
    lines = _lines(side)
    widest = max(line.right - line.left for line in lines)
    full = [line for line in lines if line.right - line.left >= _FULL * widest and len(line.cells) == 1]
    return widest >= _NARROWEST_COLUMN * median(line.size for line in lines) and len(full) >= _SHARE_FULL * len(lines)


def _lines(segments: list[Segment]) -> list[Line]:
    """What stands on one baseline is one line."""
    rows: list[list[Segment]] = []
    first = segments[0]  # the largest of a row
    for segment in sorted(segments, key=lambda segment: (-segment.baseline, segment.left)):
        if rows:
            small = min(first.size, segment.size) < 0.85 * max(first.size, segment.size)
            if first.baseline - segment.baseline < (0.5 if small else 0.3) * max(first.size, segment.size):
                rows[-1].append(segment)
                first = max(first, segment, key=lambda other: other.size)
                continue
        rows.append([segment])
        first = segment
    return [_line(sorted(row, key=lambda segment: segment.left)) for row in rows]


def _line(row: list[Segment]) -> Line:
    text, cells = row[0].text, [row[0].left]
    right = row[0].right
    gaps = [b.left - a.right for a, b in pairwise(row)]
    wide_gap = max([_GAP * row[0].size, *(2 * segment.space for segment in row)])
    # A justified line of a narrow column, or a title; three numbers at like distances are a row all the same.
    few = 2 if any(char.isdigit() for segment in row for char in segment.text) else 1
    uniform = len(gaps) > few and max(gaps) < 1.15 * min(gaps)
    if uniform:
        wide_gap = math.inf
    for segment in row[1:]:
        gap = segment.left - right
        if gap > wide_gap:
            cells.append(segment.left)
        wide = _IS_CJK.match(text[-1]) or _IS_CJK.match(segment.text)
        spaced = gap > (_SPREAD if wide else 0.15) * segment.size and not (wide and uniform)
        text += (" " if spaced else "") + segment.text
        right = max(right, segment.right)
    main = max(row, key=lambda segment: len(segment.text))
    return Line(text, row[0].left, right, main.baseline, main.size, main.bold, tuple(cells), row=main.row)
