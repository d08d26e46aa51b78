"""Headings of Word documents without heading styles: short paragraphs in larger, bolder or heading letters.

Official documents are written so: the title in large letters, 一、 in 黑体, （一） in 楷体, the text in 仿宋.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from docx.oxml.ns import qn

from assistant.readers.body import one_line
from assistant.text.headings import is_short_line, recognise
from assistant.text.measure import measure

# So much larger than the text are headings and the title.
_LARGER, _TITLE_LARGER = 1.1, 1.2
# The title is one of the first paragraphs, of so many lines and characters.
_TITLE_WITHIN, _TITLE_LINES, _LONGEST_TITLE = 10, 4, 80
# Headings are believed where there are so many, in at most so much of the text, and few numbered ones are missing.
_FEWEST, _MOST_SHARE, _SHARE_MISSING = 2, 0.3, 0.25
# More of a kind below each other are lines of a cover or a list.
_MOST_BELOW = 2
_LONGEST = 45
_HEADING_FONT = re.compile(r"黑体|hei|小标宋|楷|kai", re.IGNORECASE)
# The head of an official paper names who wrote it, not what it is about.
_LETTERHEAD = re.compile(r"(?:文件|公报|简报|专报|通报|纪要)$")
_SIZE = 21  # half points, where a document says nothing
_DEEPEST_STYLE = 20


class Look(NamedTuple):
    """How most letters of a paragraph look."""

    size: int  # half points
    bold: bool
    font: str  # of headings (黑体, 楷体 …), else ""
    centred: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as it will be written; without a look it is never taken for a heading."""

    text: str
    level: int = 0  # of a heading, 1 is the outermost; 0 for text
    item: bool = False
    look: Look | None = None


class Looks:
    """Tells the look of paragraphs, with what their styles say."""

    def __init__(self, styles: Any) -> None:
        self._styles = {style.get(qn("w:styleId"), ""): style for style in styles.findall(qn("w:style"))}
        defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        self._default = _letters([defaults] if defaults is not None else [])
        self._known: dict[str, Mapping[str, str]] = {}

    def of(self, paragraph: Any, style_id: str) -> Look:
        """The look of the run with the most text."""
        style = self._of_style(style_id)
        lengths: Counter[tuple[tuple[str, str], ...]] = Counter()
        for run in paragraph.iter(qn("w:r")):
            length = sum(len((text.text or "").strip()) for text in run.findall(qn("w:t")))
            properties = run.find(qn("w:rPr"))
            own = _letters([properties] if properties is not None else [])
            letters = {**self._default, **style, **self._of_style(own.get("style", "")), **own}
            lengths[tuple(sorted(letters.items()))] += length
        letters = dict(lengths.most_common(1)[0][0]) if lengths else {}
        centred = paragraph.find(f"{qn('w:pPr')}/{qn('w:jc')}")
        size = letters.get("size", "")
        return Look(
            int(size) if size.isdecimal() else _SIZE,
            letters.get("bold", "0") not in ("0", "false", "off"),
            font if _HEADING_FONT.search(font := letters.get("font", "")) else "",
            centred is not None and centred.get(qn("w:val")) == "center",
        )

    def _of_style(self, style_id: str) -> Mapping[str, str]:
        if style_id not in self._known:
            chain: list[Any] = []
            step = self._styles.get(style_id)
            while step is not None and len(chain) < _DEEPEST_STYLE:
                chain += step.findall(qn("w:rPr"))
                based = step.find(qn("w:basedOn"))
                step = self._styles.get(based.get(qn("w:val"), "")) if based is not None else None
            self._known[style_id] = _letters(chain)
        return self._known[style_id]


def _letters(properties: Sequence[Any]) -> dict[str, str]:
    """What properties of letters say; the first to say a thing counts."""
    found: dict[str, str] = {}
    for element in properties:
        for name, key in (("w:sz", "size"), ("w:b", "bold"), ("w:rStyle", "style")):
            child = element.find(qn(name))
            if child is not None:
                found.setdefault(key, child.get(qn("w:val"), "1"))
        fonts = element.find(qn("w:rFonts"))
        font = fonts.get(qn("w:eastAsia")) if fonts is not None else None
        if font:
            found.setdefault("font", font)
    return found


def with_headings(blocks: Sequence[Block]) -> tuple[list[Block], str]:
    """The blocks with headings known by their look, and the title; as they are where styles mark headings."""
    looked = [index for index, block in enumerate(blocks) if block.look is not None]
    if sum(block.level > 0 for block in blocks) >= _FEWEST or len(looked) < _FEWEST:
        return list(blocks), ""
    sizes: Counter[Look] = Counter()
    for index in looked:
        look = blocks[index].look
        if look is not None:
            sizes[look._replace(centred=False)] += len(blocks[index].text)
    body = sizes.most_common(1)[0][0]
    title = _title(blocks, looked, body)
    result = list(blocks)
    for index, level in _headings(blocks, body, title).items():
        result[index] = replace(blocks[index], level=level, item=False)
    if not title:
        return result, ""
    told = one_line("\n".join(blocks[index].text for index in title))
    result[title[0] : title[-1] + 1] = [replace(blocks[title[0]], text=told, level=1, item=False)]
    return result, told


def _title(blocks: Sequence[Block], looked: Sequence[int], body: Look) -> list[int]:
    """The lines of the title: the largest of the first ones, without the head of the paper."""
    large = [
        index
        for index in looked[:_TITLE_WITHIN]
        if (look := blocks[index].look) is not None
        and look.size >= _TITLE_LARGER * body.size
        and not blocks[index].level
        and measure(blocks[index].text) <= _LONGEST_TITLE
    ]
    plain = [index for index in large if not _LETTERHEAD.search(blocks[index].text)]
    lines: list[int] = []
    for index in plain or large:
        first = blocks[lines[0]].look if lines else None
        if first is None or (look := blocks[index].look) is None or look.size > first.size:
            lines = [index]
        elif look == first and index == lines[-1] + 1 and first.centred and len(lines) < _TITLE_LINES:
            lines.append(index)
    return lines if measure("".join(blocks[index].text for index in lines)) <= _LONGEST_TITLE else lines[:1]


def _headings(blocks: Sequence[Block], body: Look, title: Sequence[int]) -> dict[int, int]:
    """The other headings with their levels; empty where that is not clear."""
    begin = title[-1] + 1 if title else 0
    found = [index for index in range(begin, len(blocks)) if _stands_out(blocks[index], body)]
    found = [index for index in found if any(not _stands_out(block, body) for block in blocks[index + 1 :])]
    found = [index for run in _runs(found, blocks) if len(run) <= _MOST_BELOW for index in run]
    unnumbered = [index for index in found if recognise(blocks[index].text, 0, len(blocks[index].text)) is None]
    taken = sum(len(blocks[index].text) for index in found)
    if len(unnumbered) < _FEWEST or taken > _MOST_SHARE * sum(len(block.text) for block in blocks):
        return {}
    missing = sum(_is_numbered(block.text) for index, block in enumerate(blocks) if index not in found)
    if missing > _SHARE_MISSING * len(found):
        return {}
    looks = dict.fromkeys(look._replace(centred=False) for index in found if (look := blocks[index].look) is not None)
    order = sorted(looks, key=lambda look: -look.size)  # of one size, the one that comes first is further out
    first = 2 if title else 1
    return {
        index: first + order.index(look._replace(centred=False))
        for index in found
        if (look := blocks[index].look) is not None
    }


def _runs(found: Sequence[int], blocks: Sequence[Block]) -> list[list[int]]:
    """Candidates of one look directly below each other."""
    runs: list[list[int]] = []
    for index in found:
        if runs and index == runs[-1][-1] + 1 and blocks[index].look == blocks[index - 1].look:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _is_numbered(text: str) -> bool:
    heading = recognise(text, 0, len(text))
    return heading is not None and not heading.inline and (heading.family == "legal" or heading.rank <= 7)


def _stands_out(block: Block, body: Look) -> bool:
    """Whether a paragraph could be a heading, and looks otherwise than the text."""
    look, text = block.look, block.text
    if look is None or "\n" in text or block.level or measure(text) > _LONGEST:
        return False
    number = recognise(text, 0, len(text))
    if number is None and (block.item or not is_short_line(text)):
        return False
    if number is not None and (number.inline or number.sentence):
        return False
    larger = look.size >= _LARGER * body.size
    bolder = look.bold and not body.bold and look.size >= body.size
    return larger or bolder or (look.font not in ("", body.font) and not body.font)
