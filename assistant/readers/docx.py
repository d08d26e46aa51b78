"""Word documents: paragraphs with the numbers of their lists, headings, tables in order, footnotes, text boxes.

python-docx opens the file and knows its parts; the body is walked here, because its paragraphs leave out insertions,
content controls and text boxes. What Word does not show is left out: deletions, hidden text, placeholders; so are the
table of contents (it repeats the headings), headers and footers.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from assistant.readers import archive
from assistant.readers.body import HAN, Body, choose_title, clean, lowered, one_line, raised
from assistant.readers.charts import CHART, DIAGRAM, chart_lines, diagram_lines, relation
from assistant.readers.docx_looks import Block, Look, Looks, with_headings
from assistant.readers.docx_math import FORMULA, formula
from assistant.readers.docx_styles import BODY_LEVEL, PLAIN, Style, read_styles
from assistant.readers.numbering import BULLET, Lists, numbered, read_lists
from assistant.readers.reading import Reading
from assistant.readers.rows import Cell, is_layout, table_lines

_KIND = "a Word document (.docx)"
# A paragraph in the style of titles is the title where it comes this early (characters).
_TITLE_WITHIN = 300
_MOST_COLUMNS = 200  # Word allows 63

_W = {
    name: qn(f"w:{name}")
    for name in (
        "p", "tbl", "tr", "tc", "r", "t", "tab", "ptab", "br", "cr", "sym", "noBreakHyphen", "sdt", "sdtPr",
        "sdtContent", "del", "moveFrom", "footnoteReference", "endnoteReference", "txbxContent",
        "val", "type", "id", "char",
    )
}  # fmt: skip
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_LEFT_OUT = frozenset({_W["del"], _W["moveFrom"], qn("w:instrText"), qn("w:delText"), qn("w:rPr"), qn("w:pPr"),
                       qn("w:object"), qn("w:rt"), _W["sdtPr"]})  # fmt: skip
_SIGNS = {_W["tab"]: " ", _W["ptab"]: " ", _W["br"]: "\n", _W["cr"]: "\n", _W["noBreakHyphen"]: "-"}


def read(data: bytes, document_id: str) -> Reading:
    """One document. Raises ReadError."""
    opened = archive.open_archive(data, document_id, kind=_KIND, holds="word/")
    with archive.reading(document_id, _KIND, OpcError, PythonDocxError):
        writer = _Writer(docx.Document(archive.xml_package(opened, document_id)))
        writer.write()
    if not writer.body:
        raise archive.no_text(document_id)
    body = writer.body
    title = choose_title(document_id, body, writer.title or body.first_heading, writer.core_title)
    return body.reading(document_id, title)


@dataclass(slots=True)
class _Paragraph:
    """The text of a paragraph and what hangs on it."""

    text: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # kind and id
    boxes: list[Any] = field(default_factory=list)
    drawings: list[Any] = field(default_factory=list)  # references to charts and diagrams


class _Writer:
    """Walks a document and writes its body."""

    def __init__(self, document: Any) -> None:
        self.body = Body()
        self.title = ""
        self._written: list[Block] = []
        self._length = 0
        self._related = document.part.related_parts
        self._looks = Looks(document.styles.element)
        self.core_title = _core_title(document)
        self._element = document.element.body
        self._styles = read_styles(document.styles.element)
        self._default = next((style for style in document.styles.element.findall(qn("w:style"))
                              if style.get(_W["type"]) == "paragraph" and style.get(qn("w:default")) in ("1", "true")),
                             None)  # fmt: skip
        self._lists = _lists(document)
        self._notes = {kind: _notes(document, kind) for kind in ("footnote", "endnote")}
        self._numbers = {"footnote": 0, "endnote": 0}
        self._end_notes: list[str] = []
        self._carried = ""  # a paragraph whose mark was deleted goes on in the next one

    def write(self) -> None:
        self._blocks(self._element)
        for text in (self._carried, *self._end_notes):
            self._write(text)
        blocks, title = with_headings(self._written) if not self.title else (self._written, "")
        self.title = self.title or title
        for block in blocks:
            self.body.add(block.text, level=block.level, item=block.item)

    def _write(self, text: str, *, level: int = 0, item: bool = False, look: Look | None = None) -> None:
        self._length += len(text)
        if text:
            self._written.append(Block(text, level, item, look))

    def _blocks(self, parent: Any) -> None:
        for block in _block_elements(parent):
            if block.tag == _W["p"]:
                self._paragraph(block)
            else:
                self._table(block)

    def _paragraph(self, element: Any) -> None:
        style = self._styles.get(self._style_id(element), PLAIN)
        found = _Paragraph()
        _collect(element, found)
        text = clean("".join(found.text))
        properties = element.find(qn("w:pPr"))
        if _mark_deleted(properties):
            self._carried += text
        else:
            number = self._number(properties, style)  # counted also where the paragraph is empty
            if text and not style.contents:
                look = self._looks.of(element, self._style_id(element))
                self._add(self._carried + text, number, self._level(properties, style), style, look)
                self._carried = ""
        self._hanging(found)

    def _hanging(self, found: _Paragraph) -> None:
        """What hangs on a paragraph comes after it."""
        for kind, note_id in found.notes:
            self._note(kind, note_id)
        for box in found.boxes:
            self._blocks(box)
        for drawing in found.drawings:
            part = self._related.get(relation(drawing))
            with contextlib.suppress(*archive.DAMAGE):  # the text goes without a damaged chart
                root = parse_xml(part.blob) if part is not None else None
                for line in chart_lines(root) if drawing.tag == CHART else diagram_lines(root):
                    self._write(line)

    def _add(self, text: str, number: str, level: int, style: Style, look: Look) -> None:
        if style.title:
            if not self.title and self._length < _TITLE_WITHIN:
                self.title = one_line(text)
                self._write(text, level=1)
                return
            level = level or 1
        if level and number == BULLET:
            number = ""
        if level and self.title:
            level += 1  # under the title
        self._write(numbered(number, text), level=level, item=bool(number) and not level, look=look)

    def _style_id(self, element: Any) -> str:
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style_id = style.get(_W["val"]) if style is not None else None
        if style_id is None and self._default is not None:
            style_id = self._default.get(qn("w:styleId"))
        return style_id or ""

    def _level(self, properties: Any, style: Style) -> int:
        own = None if properties is None else properties.find(qn("w:outlineLvl"))
        if own is None:
            return style.level
        level = _integer(own.get(_W["val"]), BODY_LEVEL)
        return level + 1 if 0 <= level < BODY_LEVEL else 0

    def _number(self, properties: Any, style: Style) -> str:
        list_id, depth = style.list_id, style.depth
        own = None if properties is None else properties.find(qn("w:numPr"))
        if own is not None:
            list_id = _value(own, "w:numId") or list_id
            depth = _integer(_value(own, "w:ilvl"), depth)
        return self._lists.next(list_id, depth) if list_id else ""

    def _note(self, kind: str, note_id: str) -> None:
        element = self._notes[kind].get(note_id)
        if element is None:
            return
        self._numbers[kind] += 1
        text = one_line(" ".join(_texts(element)))
        if not text:
            return
        words = ("脚注", "尾注") if HAN.search(text) else ("Footnote ", "Endnote ")
        note = f"{words[kind == 'endnote']}{self._numbers[kind]}" + ("：" if HAN.search(text) else ": ") + text
        if kind == "endnote":
            self._end_notes.append(note)
        else:
            self._write(note)

    def _table(self, element: Any) -> None:
        rows = [row for row in _children(element, _W["tr"]) if row.find(f"{qn('w:trPr')}/{_W['del']}") is None]
        nested = next(element.iterdescendants(_W["tbl"]), None) is not None
        grid, cells = _grid(rows)
        if not nested and not is_layout(grid):
            for line in table_lines(grid):
                self._write(line)
            for cell in cells:
                self._hanging_in(cell)
            return
        for cell in cells:
            self._blocks(cell)

    def _hanging_in(self, cell: Any) -> None:
        """The footnotes, text boxes and charts of a cell come after the table."""
        found = _Paragraph()
        for paragraph in cell.iterdescendants(_W["p"]):
            if not any(parent.tag == _W["txbxContent"] for parent in paragraph.iterancestors()):
                _collect(paragraph, found)
        self._hanging(found)


def _block_elements(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body, cell or box, also those in content controls and insertions."""
    for child in parent:
        if child.tag in (_W["p"], _W["tbl"]):
            yield child
        elif child.tag == _W["sdt"]:
            if not _is_contents(child) and child.find(f"{_W['sdtPr']}/{qn('w:showingPlcHdr')}") is None:
                for content in child.findall(_W["sdtContent"]):
                    yield from _block_elements(content)
        elif child.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml")):
            yield from _block_elements(child)


def _is_contents(control: Any) -> bool:
    gallery = control.find(f"{_W['sdtPr']}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and gallery.get(_W["val"]) == "Table of Contents"


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Rows or cells, also those in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (_W["sdt"], _W["sdtContent"], qn("w:customXml"), qn("w:ins")):
            yield from _children(child, tag)


def _collect(element: Any, found: _Paragraph) -> None:
    """Everything that is seen of a paragraph, in order."""
    for child in element:
        tag = child.tag
        if tag in _LEFT_OUT or not isinstance(tag, str):
            continue
        text = _said(child)
        if text is not None:
            found.text.append(text)
        elif tag in (_W["footnoteReference"], _W["endnoteReference"]):
            kind = "footnote" if tag == _W["footnoteReference"] else "endnote"
            found.notes.append((kind, child.get(_W["id"], "")))
        elif tag == _W["txbxContent"]:
            found.boxes.append(child)
        elif tag in (CHART, DIAGRAM):
            found.drawings.append(child)
        elif tag == _ALTERNATIVE:
            _collect(child[:1], found)  # the choices say the same; the first is the newest
        elif not _hidden(child):
            begin = len(found.text)
            _collect(child, found)
            if tag == _W["r"] and (position := child.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")) is not None:
                turn = {"superscript": raised, "subscript": lowered}.get(position.get(_W["val"]), str)
                found.text[begin:] = [turn("".join(found.text[begin:]))]


def _said(element: Any) -> str | None:
    """The text that an element stands for by itself; None for one that holds others."""
    tag = element.tag
    if tag == _W["t"]:
        return element.text or ""
    if tag == FORMULA:
        return formula(element)
    return _symbol(element) if tag == _W["sym"] else _SIGNS.get(tag)


def _hidden(element: Any) -> bool:
    """Hidden text, and the prompts of content controls that nobody filled in."""
    if element.tag == _W["r"]:
        vanish = element.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        return vanish is not None and vanish.get(_W["val"], "1") not in ("0", "false", "off")
    return element.tag == _W["sdt"] and element.find(f"{_W['sdtPr']}/{qn('w:showingPlcHdr')}") is not None


def _symbol(element: Any) -> str:
    code = int(element.get(_W["char"], "0"), 16)
    return "" if code < 0x20 or 0xE000 <= code < 0xF900 or code > 0xFFFF else chr(code)  # others only Wingdings knows


def _mark_deleted(properties: Any) -> bool:
    return properties is not None and properties.find(f"{qn('w:rPr')}/{_W['del']}") is not None


def _texts(element: Any) -> Iterator[str]:
    """The paragraphs of a note or a cell."""
    for paragraph in element.iterdescendants(_W["p"]):
        found = _Paragraph()
        _collect(paragraph, found)
        if text := clean("".join(found.text)):
            yield text


def _grid(rows: list[Any]) -> tuple[list[list[Cell | None]], list[Any]]:
    """The cells of a table in their places, a merged cell in all of its places, and the elements of the cells."""
    grid: list[list[Cell | None]] = []
    elements: list[Any] = []
    for row in rows:
        header = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        above = grid[-1] if grid else []
        before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
        line: list[Cell | None] = [None] * (min(_integer(before.get(_W["val"]), 0), 9) if before is not None else 0)
        for element in _children(row, _W["tc"]):
            properties = element.find(qn("w:tcPr"))
            merged = None if properties is None else properties.find(qn("w:vMerge"))
            column = len(line)
            if merged is not None and merged.get(_W["val"]) != "restart" and column < len(above):
                cell = above[column]
            else:
                cell = Cell(" ".join(_texts(element)), header)
                elements.append(element)
            span = _integer(_value(properties, "w:gridSpan") if properties is not None else "", 1)
            line += [cell] * max(1, min(span, _MOST_COLUMNS))
        grid.append(line)
    return grid, elements


def _lists(document: Any) -> Lists:
    element = _part(document, RELATIONSHIP_TYPE.NUMBERING)
    if element is None:
        return Lists.none()
    linked = {
        style.get(qn("w:styleId"), ""): _value(numbers, "w:numId")
        for style in document.styles.element.findall(qn("w:style"))
        if (numbers := style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None
    }
    return read_lists(element, linked, qn)


def _notes(document: Any, kind: str) -> dict[str, Any]:
    """The footnotes or endnotes by their ids; those with a type are separators."""
    element = _part(document, RELATIONSHIP_TYPE.FOOTNOTES if kind == "footnote" else RELATIONSHIP_TYPE.ENDNOTES)
    notes = [] if element is None else element.findall(qn(f"w:{kind}"))
    return {note.get(_W["id"], ""): note for note in notes if note.get(_W["type"]) in (None, "normal")}


def _part(document: Any, relationship: str) -> Any:
    """The root of a part of the document, None without it or where it is damaged: the text goes without."""
    try:
        return parse_xml(document.part.part_related_by(relationship).blob)
    except (LookupError, ValueError, SyntaxError):
        return None


def _core_title(document: Any) -> str:
    try:
        return one_line(document.core_properties.title or "")
    except archive.DAMAGE:
        return ""


def _value(parent: Any, tag: str) -> str:
    child = parent.find(qn(tag))
    return "" if child is None else str(child.get(_W["val"], ""))


def _integer(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default
