"""The tree of a web page: its elements and texts in order, what is hidden, and its tables as grids of cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

from assistant.readers.body import CJK, clean, lowered, raised
from assistant.readers.rows import Cell


def names(text: str) -> frozenset[str]:
    """Words of elements, classes and ids."""
    return frozenset(text.split())


NEVER = names(
    "script style noscript template svg canvas iframe frame frameset object embed applet audio video map head "
    "title link meta button select option optgroup datalist textarea input progress meter dialog nav menu rp "
    "rt"
)
BLOCKS = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section summary table "
    "tbody td tfoot th thead tr ul"
)
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_WHITE = re.compile("[ \\t\\r\\n\\f]+")
_WRAPPED_CHINESE = re.compile(rf"(?<=[{CJK}])[ \t]*[\r\n][ \t\r\n\f]*(?=[{CJK}])")
# What a table may claim to span.
_MOST_COLUMNS, _MOST_ROWS = 100, 1000


def events(root: LexborNode, enters: Callable[[LexborNode], bool]) -> Iterator[tuple[LexborNode, bool]]:
    """Texts and elements below a node in order, an element when it begins and (True) when it ends.

    A page may nest deeper than Python can recurse.
    """
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving or node.is_text_node:
            yield node, leaving
        elif node.is_element_node and (node.mem_id == root.mem_id or enters(node)):
            yield node, False
            stack.append((node, True))
            child = node.last_child
            while child is not None:
                stack.append((child, False))
                child = child.prev


def is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
    )


def source_text(node: LexborNode, *, preformatted: bool) -> str:
    """Line breaks of the source are spaces, and nothing between Chinese characters; wide spaces indent paragraphs."""
    text = node.text_content or ""
    above = node.parent.tag if node.parent is not None else ""
    if above in ("sup", "sub"):
        text = raised(text) if above == "sup" else lowered(text)
    if preformatted:
        return text
    return _WHITE.sub(" ", _WRAPPED_CHINESE.sub("", text))


_Reaching = dict[int, tuple[Cell, int]]  # column → a cell from above, and how many rows it still takes


def table_grid(table: LexborNode) -> list[list[Cell | None]]:
    """The cells in their places; one that spans several is the same object in all of them."""
    grid: list[list[Cell | None]] = []
    reaching: _Reaching = {}
    for row in table.css("tr"):
        line: list[Cell | None] = []
        below: _Reaching = {}
        for element in row.iter():
            if element.tag not in ("td", "th") or is_hidden(element):
                continue
            _take(line, reaching, below)
            cell = Cell(_cell_text(element), element.tag == "th")
            columns = integer(element.attributes.get("colspan"), 1) if len(line) < _MOST_COLUMNS else 1
            rows = min(integer(element.attributes.get("rowspan"), 1), _MOST_ROWS)
            for _ in range(max(1, min(columns, _MOST_COLUMNS))):
                if rows > 1:
                    below[len(line)] = (cell, rows - 1)
                line.append(cell)
        _take(line, reaching, below)
        reaching = below
        grid.append(line)
    return grid


def _take(line: list[Cell | None], reaching: _Reaching, below: _Reaching) -> None:
    """Put the cells that reach down from the rows above into a row."""
    while len(line) in reaching:
        cell, rows = reaching.pop(len(line))
        if rows > 1:
            below[len(line)] = (cell, rows - 1)
        line.append(cell)


def _cell_text(element: LexborNode) -> str:
    pieces: list[str] = []
    for node, leaving in events(element, lambda node: node.tag not in NEVER and not is_hidden(node)):
        if node.is_text_node:
            pieces.append(source_text(node, preformatted=False))
        elif node.tag == "br" or node.tag in BLOCKS:
            pieces.append("" if leaving and node.tag == "br" else "\n")
    lines = [line for line in clean("".join(pieces)).split("\n") if line]
    return " ".join(lines)


def integer(text: str | None, default: int) -> int:
    try:
        return int((text or "")[:9])
    except ValueError:
        return default
