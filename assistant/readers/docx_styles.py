"""What the paragraph styles of a Word document say: headings, titles, lists, tables of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"(?:toc\s*(?:\d|heading)|目录\s*\d*)$", re.IGNORECASE)
_TITLE_STYLES = frozenset({"title", "标题"})
BODY_LEVEL = 9  # of an outline, counted from 0
_DEEPEST_STYLE = 20  # styles based on each other in a circle end here


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style, with those it is based on, says about its paragraphs."""

    level: int  # of a heading, 1 is the outermost; 0 for text
    list_id: str
    depth: int
    contents: bool
    title: bool


PLAIN = Style(0, "", 0, contents=False, title=False)


def read_styles(element: Any) -> dict[str, Style]:
    """What each paragraph style says, by its id."""
    styles = {style.get(qn("w:styleId"), ""): style for style in element.findall(qn("w:style"))}
    return {style_id: _resolved(style_id, styles) for style_id in styles}


def _resolved(style_id: str, styles: dict[str, Any]) -> Style:
    level, list_id, depth, contents, title = None, "", None, False, False
    for step in range(_DEEPEST_STYLE):
        style = styles.get(style_id)
        if style is None:
            break
        name = _value(style, "w:name")
        contents = contents or _CONTENTS_STYLE.match(name) is not None
        title = title or (step == 0 and name.lower() in _TITLE_STYLES)
        outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        heading = _HEADING_STYLE.match(name)
        if level is None and outline is not None:
            level = _integer(outline.get(qn("w:val")), BODY_LEVEL) + 1
        elif level is None and heading:
            level = int(heading.group(1))
        numbers = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if numbers is not None:
            list_id = list_id or _value(numbers, "w:numId")
            depth = depth if depth is not None else _integer(_value(numbers, "w:ilvl"), 0)
        style_id = _value(style, "w:basedOn")
    level = level if level is not None and 1 <= level <= BODY_LEVEL and not contents else 0
    return Style(level, list_id, depth or 0, contents=contents, title=title)


def _value(parent: Any, tag: str) -> str:
    child = parent.find(qn(tag))
    return "" if child is None else str(child.get(qn("w:val"), ""))


def _integer(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default
