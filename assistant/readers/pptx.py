"""Presentations: each slide is a page with its title as heading, its texts in reading order, tables and notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from assistant.readers import archive
from assistant.readers.body import HAN, Body, choose_title, clean, one_line
from assistant.readers.charts import chart_lines, diagram_lines
from assistant.readers.numbering import BULLET, format_number, numbered
from assistant.readers.reading import Reading
from assistant.readers.rows import Cell, table_lines
from assistant.types import Problem

_KIND = "a presentation (.pptx)"
_TITLES = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE})
_BODIES = frozenset(
    {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT}
)
_REPEATED = frozenset({PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER})
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
# A first line up to this length is the title of a slide without a title.
_LONGEST_TITLE = 30
_DEEPEST_GROUP = 30
# How numbers of paragraphs are written: ST_TextAutonumberScheme as (number, around it).
_NUMBER = re.compile(r"(?P<style>\w+?)(?P<around>ParenBoth|ParenR|Period|Plain|Minus|)$")
_NUMBER_STYLES = {
    "arabic": "decimal", "arabicDb": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter",
    "romanLc": "lowerRoman", "romanUc": "upperRoman", "circleNumDb": "decimalEnclosedCircle",
    "circleNumWdBlack": "decimalEnclosedCircle", "circleNumWdWhite": "decimalEnclosedCircle",
    "ea1Chs": "chineseCounting", "ea1Cht": "chineseCounting", "ea1JpnChsDb": "chineseCounting",
    "ea1JpnKor": "chineseCounting",
}  # fmt: skip


def read(data: bytes, document_id: str) -> Reading:
    """One document, a page for each slide. Raises ReadError."""
    opened = archive.open_archive(data, document_id, kind=_KIND, holds="ppt/")
    with archive.reading(document_id, _KIND, PythonPptxError):
        presentation = pptx.Presentation(archive.xml_package(opened, document_id))
        body, first = Body(), ""
        damaged: list[int] = []
        for number, slide in enumerate(presentation.slides, start=1):
            body.open_page()
            blocks = _Blocks([])
            title = _slide(slide, body, blocks)
            first = first or title
            damaged += [number] if blocks.damaged else []
        metadata = _core_title(presentation)
    if not body:
        raise archive.damaged(document_id, _KIND) if damaged else archive.no_text(document_id)
    title = choose_title(document_id, body, first, metadata)
    return body.reading(document_id, title, problems=_problems(document_id, damaged))


def _problems(document_id: str, damaged: Sequence[int]) -> tuple[Problem, ...]:
    if not damaged:
        return ()
    slides = ("Slide " if len(damaged) == 1 else "Slides ") + ", ".join(map(str, damaged))
    reason = f"{slides}: something there is damaged and was left out. Open the file and save it anew."
    return (Problem(document_id, reason),)


def _core_title(presentation: Any) -> str:
    try:
        return one_line(presentation.core_properties.title or "")
    except archive.DAMAGE:
        return ""


@dataclass(frozen=True, slots=True)
class _Box:
    """Something on a slide and where it is, in the units of the file."""

    shape: Any
    left: int
    top: int
    right: int
    bottom: int


@dataclass(slots=True)
class _Blocks:
    """The blocks of a slide, and whether each is an item of a list."""

    found: list[tuple[str, bool]]
    damaged: bool = False

    def read(self, shape: Any) -> None:
        try:
            self.found += _shape(shape, 0)
        except (*archive.DAMAGE, PythonPptxError):  # one shape is no reason to lose a presentation
            self.damaged = True


def _slide(slide: Any, body: Body, blocks: _Blocks) -> str:
    """Write a slide; its title comes back."""
    shapes = [shape for shape in slide.shapes if _placeholder(shape) not in _REPEATED]
    titles = [shape for shape in shapes if _placeholder(shape) in _TITLES and _frame_text(shape)]
    for shape in _in_order([shape for shape in shapes if shape not in titles[:1]]):
        blocks.read(shape)
    for choice in slide.shapes._spTree.iterfind(f"{_ALTERNATIVE}/{_CHOICE}"):  # noqa: SLF001
        for frame in choice.iter(qn("p:txBody")):
            blocks.found += _paragraphs(frame, bullets=False)
    texts = blocks.found
    title = one_line(_frame_text(titles[0])) if titles else ""
    if not title and len(texts) > 1 and not texts[0][1]:
        line = one_line(texts[0][0])
        if len(line) <= _LONGEST_TITLE and not line.endswith(("。", "；", "，", ".", ",", ";")):
            title, texts = line, texts[1:]
    body.add(title, level=1)
    for text, item in texts:
        body.add(text, item=item)
    if slide.has_notes_slide:
        _notes(slide, body)
    return title


def _notes(slide: Any, body: Body) -> None:
    frame = slide.notes_slide.notes_text_frame
    texts = [text for text, _ in _paragraphs(frame._txBody, bullets=False)] if frame is not None else []  # noqa: SLF001
    for index, text in enumerate(texts):
        mark = ("备注：" if HAN.search(text) else "Notes: ") if not index else ""
        body.add(mark + text)


def _placeholder(shape: Any) -> Any:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _frame_text(shape: Any) -> str:
    return clean(shape.text_frame.text.replace("\v", "\n")) if shape.has_text_frame else ""


def _shape(shape: Any, depth: int) -> list[tuple[str, bool]]:
    """The blocks of a shape, and whether each is an item of a list."""
    if hasattr(shape, "shapes"):
        inner = _in_order(list(shape.shapes)) if depth < _DEEPEST_GROUP else []
        return [block for one in inner for block in _shape(one, depth + 1)]
    if shape.has_text_frame:
        return _paragraphs(shape.text_frame._txBody, bullets=_placeholder(shape) in _BODIES)  # noqa: SLF001
    if getattr(shape, "has_table", False):
        return [(line, False) for line in table_lines(_grid(shape.table))]
    if getattr(shape, "has_chart", False):
        return [(line, False) for line in chart_lines(shape.chart_part._element)]  # noqa: SLF001
    return [(text, True) for text in _diagram(shape)]


def _paragraphs(frame: Any, *, bullets: bool) -> list[tuple[str, bool]]:
    """The paragraphs of a text frame with their numbers; those of a body are items where there are several."""
    counts: dict[int, int] = {}
    found: list[tuple[str, str]] = []
    for paragraph in frame.findall(qn("a:p")):
        text = clean("".join(_runs(paragraph)))
        properties = paragraph.find(qn("a:pPr"))
        depth = int(properties.get("lvl", "0")) if properties is not None else 0
        number = _number(properties, counts, depth) if text else None
        if number is None:
            counts = {level: count for level, count in counts.items() if level < depth} if text else counts
            number = BULLET if bullets else ""
        if text:
            found.append((number, text))
    if len(found) < 2:
        found = [("" if number == BULLET else number, text) for number, text in found]
    return [(numbered(number, text), bool(number)) for number, text in found]


def _runs(paragraph: Any) -> Iterable[str]:
    for child in paragraph.iter(qn("a:t"), qn("a:br")):
        yield (child.text or "") if child.tag == qn("a:t") else "\n"


def _number(properties: Any, counts: dict[int, int], depth: int) -> str | None:
    """The number or bullet that a paragraph itself asks for, "" for none, None where it leaves it to the layout."""
    if properties is None:
        return None
    if properties.find(qn("a:buNone")) is not None:
        return ""
    if properties.find(qn("a:buChar")) is not None:
        return BULLET
    automatic = properties.find(qn("a:buAutoNum"))
    if automatic is None:
        return None
    start = int(automatic.get("startAt", "1"))
    counts[depth] = counts.get(depth, start - 1) + 1
    for deeper in [level for level in counts if level > depth]:
        del counts[deeper]
    match = _NUMBER.match(automatic.get("type", "arabicPeriod"))
    style, around = (match["style"], match["around"]) if match else ("arabic", "Period")
    number = format_number(counts[depth], _NUMBER_STYLES.get(style, "decimal"))
    if HAN.search(number):
        return f"（{number}）" if around == "ParenBoth" else f"{number}、"
    return {"ParenBoth": f"({number})", "ParenR": f"{number})", "Period": f"{number}."}.get(around, number)


def _grid(table: Any) -> list[list[Cell | None]]:
    """The cells of a table in their places; a merged cell is the same object in all of them."""
    header = bool(table.first_row)
    grid: list[list[Cell | None]] = [[None] * len(row.cells) for row in table.rows]
    for top, row in enumerate(table.rows):
        for left, cell in enumerate(row.cells):
            if cell.is_spanned:
                continue
            frame = cell._tc.txBody  # noqa: SLF001
            texts = _paragraphs(frame, bullets=False) if frame is not None else []
            shared = Cell(" ".join(text for text, _ in texts), header and top == 0)
            height, width = (cell.span_height, cell.span_width) if cell.is_merge_origin else (1, 1)
            for down in range(top, min(top + height, len(grid))):
                for right in range(left, min(left + width, len(grid[down]))):
                    grid[down][right] = shared
    return grid


def _diagram(shape: Any) -> list[str]:
    """The texts of SmartArt, which are in a part of their own."""
    relations = next(shape._element.iter(_DIAGRAM), None)  # noqa: SLF001
    if relations is None:
        return []
    part = shape.part.related_part(relations.get(_RELATION))
    return [BULLET + line for line in diagram_lines(parse_xml(part.blob))]


def _in_order(shapes: Sequence[Any]) -> list[Any]:
    """Shapes as they are read: cut again and again at the widest gap, across or between columns."""
    boxes = []
    for shape in shapes:
        try:
            left, top, width, height = (int(one or 0) for one in (shape.left, shape.top, shape.width, shape.height))
        except (*archive.DAMAGE, PythonPptxError):
            left = top = width = height = 0
        boxes.append(_Box(shape, left, top, left + width, top + height))
    return [box.shape for box in _cut(boxes, 0)]


def _cut(boxes: list[_Box], depth: int) -> list[_Box]:
    if len(boxes) < 2 or depth > _DEEPEST_GROUP:
        return sorted(boxes, key=lambda box: (box.top, box.left))
    across = _gap(sorted((box.top, box.bottom) for box in boxes))
    between = _gap(sorted((box.left, box.right) for box in boxes))
    if across is None and between is None:
        return sorted(boxes, key=lambda box: (box.top, box.left))
    if between is None or (across is not None and across[0] >= between[0]):
        assert across is not None
        first = [box for box in boxes if box.top < across[1]]
        rest = [box for box in boxes if box.top >= across[1]]
    else:
        first = [box for box in boxes if box.left < between[1]]
        rest = [box for box in boxes if box.left >= between[1]]
    return _cut(first, depth + 1) + _cut(rest, depth + 1)


def _gap(intervals: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The widest gap between intervals that are sorted: its width and where it ends; None where they all touch."""
    best: tuple[int, int] | None = None
    reach = intervals[0][1]
    for begin, end in intervals[1:]:
        if begin >= reach and (best is None or begin - reach > best[0]):
            best = (begin - reach, begin)
        reach = max(reach, end)
    return best
