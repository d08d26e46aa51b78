"""Lines of PDF pages joined to paragraphs.

A line goes on with the next one where it is full, the next one is not indented, and nothing sets the two apart: their
distance, size, a number or bullet at the beginning, cells of a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from operator import itemgetter

from assistant.readers.pdf_lines import Flow, Line
from assistant.text.enumerations import starts_item
from assistant.text.headings import recognise
from assistant.text.lines import CJK

# In ems: what is indented, and how far the right edges of full lines may lie apart.
_INDENT = 0.8
_RAGGED, _RAGGED_CJK = 0.6, 1.2
# With fewer lines in a kind of column, those of the facing pages tell its edges too.
_FEW_LINES = 8
# An English line so long (share of its column) that ends within a sentence was wrapped, if a small letter follows.
_LONG_LINE = 0.6
# So much of the text lies at the edge of its column.
_SHARE_AT_EDGE = 0.1
# A title goes on in the next line only if it takes so much of the column.
_WIDE_TITLE = 0.4
_FULL_TITLE = 0.8  # in letters of the text's size: not the lines below a title
# Lines that begin so far right are a signature and a date.
_FAR_RIGHT = 0.4
# Two words of so many letters that the text also has alone are two words with a hyphen.
_TELLING_PART = 4
# A distance so many times the usual one parts paragraphs.
_APART = 1.28
# A line so short is no paragraph that was cut off by the end of a page.
_TINY = 15
# Sizes that differ by less are the same.
_SAME_SIZE = 0.06
# Text so much smaller than most, below everything else of a column, is its footnotes.
_NOTE_SIZE = 0.92

_IS_CJK = re.compile(f"[{CJK}]")
_SENTENCE_END = re.compile(r"[。！？；!?;.…][”’」』）)】》\"]*$")
_SURE_END = re.compile(r"[。！？：:；;!?][”’」』）)】》\"]*$")
_WITHIN_SENTENCE = re.compile(r"[a-z,-]$")
_LEADER = re.compile(r"(?:[.．…·]\s?){4,}\s*[-—]?\s*\w{0,6}$|…{2,}\s*\d+$")
# What always begins a paragraph of its own.
_LABEL = re.compile(
    r"(?:摘\s*要|关\s*键\s*[词字]|中图分类号|文献标[识志]码|收稿日期|基金项目|作者简介|附\s*件)\s*\d*\s*[】\]]?\s*[:：]"
    r"|(?:Abstract|ABSTRACT|Key\s?words|KEY\s?WORDS)\s*[:：—.]"
)
_HYPHEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*[-\u2010\u00ad]$")
_DASH = re.compile(r"(?<=\S)[-\u2010\u2013\u2014/]$")
# What is not parted at the end of a line: a word, or a character with the marks around it.
_FIRST_CHUNK = re.compile(rf"[“‘「『（《〈【(\[]*(?:[{CJK}][”’」』）》〉】、，。；：！？…:)\]]*|[^\s{CJK}]+)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_STARTS_OUTLINE = re.compile(
    r"第[一二三四五六七八九十百\d]{1,5}[章节条编]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
)


@dataclass(slots=True)
class Paragraph:
    """A paragraph, its lines, and the offsets in it at which pages begin; pages count from 0."""

    text: str
    size: float
    bold: bool
    places: list[Place]
    pages: list[tuple[int, int]]  # (page, offset)
    table: bool = False

    @property
    def set_in(self) -> bool:
        """Whether its first line is indented."""
        return self.places[0].indent > _INDENT * self.size


@dataclass(frozen=True, slots=True)
class _Text:
    """What is usual in a document."""

    body: float  # the size of its letters
    leading: dict[float, float]  # the distance of lines, by size
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A line, its page, and the edges of its column."""

    line: Line
    page: int
    left: float
    right: float
    table: bool  # one of several lines with cells below each other

    @property
    def indent(self) -> float:
        return self.line.left - self.left


def body_size(pages: Sequence[Sequence[Flow]]) -> float:
    """The size most characters have."""
    sizes: Counter[float] = Counter()
    for line in (line for page in pages for flow in page for line in flow.lines if not line.row):
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def paragraphs(pages: Sequence[Sequence[Flow]], widths: Sequence[float]) -> list[Paragraph]:
    """The paragraphs of a document in reading order; footnotes stand before a paragraph that runs over the page."""
    body = body_size(pages)
    columns = _columns(pages, widths)
    text = _Text(body, _leading(pages), _words(pages))
    found: list[Paragraph] = []
    for number, (page, width) in enumerate(zip(pages, widths, strict=True)):
        for flow in page:
            left, right = columns[_key(flow, number, width)]
            main, notes = _without_notes(flow.lines, body)
            places = _places(main, number, left, right)
            begins_anew = _join(found, places, text)
            below: list[Paragraph] = []
            _join(below, _places(notes, number, left, right), text)
            # The last paragraph may go on in the next column: the notes must not come between.
            position = len(found) - 1 if places and begins_anew and not _ended(found[-1]) else len(found)
            found[position:position] = below
    return found


def _key(flow: Flow, page: int, width: float) -> tuple[float, tuple[int, ...], int]:
    return width, flow.column, page % 2  # margins of left and right pages may differ


def _columns(
    pages: Sequence[Sequence[Flow]], widths: Sequence[float]
) -> dict[tuple[float, tuple[int, ...], int], tuple[float, float]]:
    """The left and right edge of the text of each kind of column."""
    edges: dict[tuple[float, tuple[int, ...], int], list[Line]] = {}
    for number, (page, width) in enumerate(zip(pages, widths, strict=True)):
        for flow in page:
            rows = all(line.row for line in flow.lines)
            lines = [line for line in flow.lines if rows or not line.row]  # tables may be wider than the text
            edges.setdefault(_key(flow, number, width), []).extend(lines)
    result = {}
    for key, lines in edges.items():
        known = lines
        if len(lines) < _FEW_LINES:
            known = [*lines, *edges.get((key[0], key[1], 1 - key[2]), [])]
        left = _edge([(line.left, line) for line in known])
        right = -_edge([(-line.right, line) for line in known])
        result[key] = (left, right)
    return result


def _edge(places: list[tuple[float, Line]]) -> float:
    """The outermost place where much of the text begins: headers, footers and what sticks out are little of it."""
    places.sort(key=itemgetter(0))
    needed = _SHARE_AT_EDGE * sum(len(line.text) for _, line in places)
    for index, (place, line) in enumerate(places):
        near = takewhile(lambda other, limit=place + line.size: other[0] < limit, places[index:])  # type: ignore[misc]
        if sum(len(other.text) for _, other in near) >= needed:
            return place
    return places[0][0]


def _leading(pages: Sequence[Sequence[Flow]]) -> dict[float, float]:
    """The usual distance of lines, for each size."""
    distances: dict[float, Counter[float]] = {}
    for flow in (flow for page in pages for flow in page):
        for a, b in pairwise(flow.lines):
            if a.size == b.size and len(a.cells) == 1 and not a.row and not b.row:
                distances.setdefault(a.size, Counter())[round(2 * (a.baseline - b.baseline)) / 2] += 1
    usual = {}
    for size, counter in distances.items():
        # The smallest of the frequent ones: texts of short paragraphs have the distance of these more often.
        frequent = [distance for distance, count in counter.items() if count >= max(counter.values()) / 4]
        usual[size] = max(min(frequent), 0.9 * size)
    return usual


def _words(pages: Sequence[Sequence[Flow]]) -> frozenset[str]:
    """The words within lines, with their hyphens: they tell which hyphens at the ends of lines are part of a word."""
    return frozenset(
        match.group().lower()
        for page in pages
        for flow in page
        for line in flow.lines
        for match in _WORD.finditer(line.text)
    )


def _without_notes(lines: Sequence[Line], body: float) -> tuple[Sequence[Line], Sequence[Line]]:
    """The lines of a column, and its footnotes."""
    cut = len(lines)
    while cut and lines[cut - 1].size < _NOTE_SIZE * body and not lines[cut - 1].row:
        cut -= 1
    if 0 < cut < len(lines) and lines[cut - 1].baseline - lines[cut].baseline > 1.1 * lines[cut - 1].size:
        return lines[:cut], lines[cut:]
    return lines, ()


def _places(lines: Sequence[Line], page: int, left: float, right: float) -> list[Place]:
    tables = [line.row for line in lines]
    for index, (a, b) in enumerate(pairwise(lines)):
        if len(a.cells) > 1 and len(b.cells) > 1 and _aligned(a, b):
            tables[index] = tables[index + 1] = True
    return [Place(line, page, left, right, tables[index]) for index, line in enumerate(lines)]


def _aligned(a: Line, b: Line) -> bool:
    return any(abs(x - y) < 0.6 * a.size for x in a.cells[1:] for y in b.cells[1:]) or len(a.cells) == len(b.cells) > 2


def _join(found: list[Paragraph], places: list[Place], text: _Text) -> bool:
    """Add the lines of a flow to the paragraphs; whether its last line is in a paragraph that began in it."""
    begun = False
    last: Place | None = None
    for place in places:
        paragraph = found[-1] if found else None
        if paragraph is not None and _goes_on(paragraph, last, place, text):
            _add(paragraph, place, text.words)
        else:
            line = place.line
            found.append(Paragraph(line.text, line.size, line.bold, [place], [(place.page, 0)], table=place.table))
            begun = True
        last = place
    return begun


def _goes_on(paragraph: Paragraph, last: Place | None, place: Place, text: _Text) -> bool:
    """Whether a line belongs to the paragraph before it."""
    line, before = place.line, paragraph.places[-1].line
    if paragraph.table or place.table or _LEADER.search(before.text) or _LABEL.match(line.text):
        return False
    if abs(line.size - paragraph.size) > _SAME_SIZE * max(line.size, paragraph.size):
        return False
    if len(paragraph.places) == 1 and line.bold != before.bold and len(line.text) > 3:
        return False
    if last is None:  # the first line of a column or page
        return _continues_elsewhere(paragraph, place)
    usual = text.leading.get(line.size, 1.5 * line.size)
    if len(paragraph.places) > 1 and paragraph.places[-2].line.baseline > before.baseline:
        usual = min(usual, paragraph.places[-2].line.baseline - before.baseline)
    if before.baseline - line.baseline > _APART * usual + 1:
        return False
    if (_centred(last) or _is_first_of_title(paragraph, place)) and _centred(place):
        share = _WIDE_TITLE if line.size > (1 + _SAME_SIZE) * text.body else _FULL_TITLE
        return not _SENTENCE_END.search(before.text) and not _begins(line.text) and _is_wide(last, share)
    if _at_right(last) and _at_right(place):  # who signed, and when
        return False
    if not _was_wrapped(last, line) or _is_indented(paragraph, place):
        return False
    if not _SENTENCE_END.search(before.text) or not _begins(line.text):
        return True
    # 二是… may stand at the beginning of any line; where paragraphs are indented, such a line begins none.
    return paragraph.set_in and place.indent <= _INDENT * line.size and not _STARTS_OUTLINE.match(line.text)


def _is_wide(place: Place, share: float) -> bool:
    """Whether a centred line is so long that the title may go on in the next one."""
    return place.line.right - place.line.left > share * (place.right - place.left)


def _is_first_of_title(paragraph: Paragraph, place: Place) -> bool:
    """Whether a line fills its column and the next one is below its middle: a title broken at its end."""
    first = paragraph.places[0]
    middles = abs(first.line.left + first.line.right - place.line.left - place.line.right) / 2
    return len(paragraph.places) == 1 and not paragraph.set_in and middles < place.line.size


def _at_right(place: Place) -> bool:
    far = place.indent > _FAR_RIGHT * (place.right - place.left)
    return far and place.right - place.line.right < _RAGGED_CJK * place.line.size


def _is_indented(paragraph: Paragraph, place: Place) -> bool:
    """Whether a line begins a paragraph by where it begins."""
    first = paragraph.places[0]
    indent = _INDENT * place.line.size
    if len(paragraph.places) > 1:
        return abs(place.indent - paragraph.places[-1].indent) > indent
    if place.indent > first.indent + indent:  # under an item hangs the rest of it
        return not _begins(first.line.text)
    if abs(place.indent - first.indent) <= indent and paragraph.set_in:
        # Two lines that are both indented: two paragraphs, or a block that is set in.
        return _SURE_END.search(first.line.text) is not None
    return False


def _continues_elsewhere(paragraph: Paragraph, place: Place) -> bool:
    """Whether a paragraph goes on at the top of the next column or page."""
    line, last = place.line, paragraph.places[-1]
    if _ended(paragraph) or not _was_wrapped(last, line):
        return False
    hanging = last.indent if len(paragraph.places) > 1 else 0.0
    indented = place.indent > max(0.0, hanging) + _INDENT * line.size
    if paragraph.set_in:
        return not indented and not _STARTS_OUTLINE.match(line.text)
    if _SURE_END.search(last.line.text) or _begins(line.text):
        return False
    return not indented or line.text[0].islower() or last.line.text[-1] in "，、,（(“-"


def _ended(paragraph: Paragraph) -> bool:
    """Whether a paragraph is over, so that nothing of the next column or page can belong to it."""
    text = paragraph.text
    if paragraph.table or _LEADER.search(text) or text[-1] in "：:":
        return True
    return len(paragraph.places) == 1 and (_SENTENCE_END.search(text) is not None or len(text) < _TINY)


def _begins(text: str) -> bool:
    """Whether a line looks like the beginning of an item or a section."""
    told = any(char.isalpha() for char in text)  # “3.” alone is the end of a sentence
    return told and (starts_item(text, 0, len(text)) or recognise(text, 0, len(text)) is not None)


def _centred(place: Place) -> bool:
    before, after = place.indent, place.right - place.line.right
    return min(before, after) > place.line.size and abs(before - after) < 1.5 * place.line.size


def _was_wrapped(last: Place, following: Line) -> bool:
    """Whether the beginning of the next line had no room at the end of this one, or a sentence is cut there."""
    line = last.line
    chunk = _FIRST_CHUNK.match(following.text)
    share = (following.right - following.left) / max(len(following.text), 1)
    needed = share * (len(chunk.group()) + 1) if chunk else 0.0
    wide = _IS_CJK.match(line.text[-1]) or _IS_CJK.match(following.text)
    slack = (_RAGGED_CJK if wide else _RAGGED) * line.size
    if line.right + needed + slack > last.right:
        return True
    long = line.right - line.left > _LONG_LINE * (last.right - last.left)
    return long and following.text[0].islower() and _WITHIN_SENTENCE.search(line.text) is not None


def _add(paragraph: Paragraph, place: Place, words: frozenset[str]) -> None:
    before, text = paragraph.text, place.line.text
    joined = _joined(before, text, words)
    if place.page != paragraph.pages[-1][0]:
        paragraph.pages.append((place.page, len(joined) - len(text)))
    paragraph.text = joined
    paragraph.places.append(place)


def _joined(before: str, after: str, words: frozenset[str]) -> str:
    """Two lines of a paragraph as one: a hyphen is taken back, and Chinese gets no space."""
    hyphen, rest = _HYPHEN.search(before), _WORD.match(after)
    if hyphen and rest:
        keeps = not after[0].islower() or _keeps_hyphen(hyphen.group()[:-1].lower(), rest.group().lower(), words)
        return before + after if keeps else before[:-1] + after
    if _DASH.search(before) or _IS_CJK.match(before[-1]) or _IS_CJK.match(after):
        return before + after
    return f"{before} {after}"


def _keeps_hyphen(first: str, second: str, words: frozenset[str]) -> bool:
    """Whether the hyphen between two parts of a word belongs to it, by how the text writes them elsewhere."""
    whole = first.rsplit("-", 1)[-1] + second
    if whole in words:
        return False
    return f"{first}-{second}" in words or ({first, second} <= words and min(len(first), len(second)) >= _TELLING_PART)
