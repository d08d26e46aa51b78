"""Passages: the paragraphs of a document with their heading paths, long ones cut, lists kept together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from assistant.text.blocks import Block, outlined_blocks, plain_blocks
from assistant.text.headings import Heading, Path, is_salutation, number_style
from assistant.text.marks import Span, masked
from assistant.text.measure import measure
from assistant.text.pieces import pieces
from assistant.types import Heading as MarkedHeading
from assistant.types import Passage

# A paragraph shorter than this goes with the next one: it says too little to be found alone.
_TINY = 12
# Items up to this length stay with their neighbours; longer ones are paragraphs of their own.
_SHORT_ITEM = 80
# So many sections of exactly one paragraph each show that the text after the last one is no part of it.
_SECTIONS = 2

_Found = tuple[Span, tuple[str, ...]]  # a passage and its heading path


def split(
    document_id: str,
    text: str,
    *,
    passage_characters: int = 500,
    page_starts: tuple[int, ...] = (),
    outline: tuple[MarkedHeading, ...] = (),
) -> tuple[Passage, ...]:
    """Split a document into passages, in order and without overlap; all words are in a passage or a heading path.

    `document_id` tells Markdown (.md, .markdown) and lines of a corpus, whose paragraphs stay together up to
    `passage_characters` (Chinese characters; an English word counts two). Where an `outline` has several headings,
    others are looked for only within paragraphs (第十二条 …).
    """
    masked_text = masked(text)
    passages = []
    for (start, end), heading in _passages(masked_text, document_id.lower(), outline, passage_characters):
        page = max(1, bisect_right(page_starts, start)) if page_starts else None
        passages.append(Passage(document_id, start, end, heading, page))
    return tuple(passages)


class _Group:
    """Blocks that stay together under one heading path."""

    def __init__(self, masked_text: str, limit: int) -> None:
        self._text = masked_text
        self._limit = limit
        self._blocks: list[Block] = []
        self._length = 0
        self._led = False  # a line ending with a colon leads to what follows
        self._titles: tuple[str, ...] = ()

    def add(self, block: Block, titles: tuple[str, ...]) -> None:
        self._blocks.append(block)
        self._titles = titles
        self._length += measure(self._text, block.start, block.end)
        self._led = self._led or self._text[block.end - 1] in "：:"

    def flush(self) -> Iterator[_Found]:
        """The passages of the blocks, which are then forgotten."""
        if self._blocks:
            spans = [(block.start, block.end) for block in self._blocks]
            yield from ((piece, self._titles) for piece in pieces(self._text, spans, self._limit))
        self._blocks, self._length, self._led = [], 0, False

    def takes(self, block: Block) -> bool:
        """Whether a block stays with the ones before it."""
        if not self._blocks:
            return True
        last = self._blocks[-1]
        if "contents" in (last.kind, block.kind):
            return False
        if self._text[last.end - 1] in "：:" or is_salutation(self._text[last.start : last.end][:80]):
            return True
        own = measure(self._text, block.start, block.end)
        if block.kind == "item" and last.kind == "item":
            return self._led or max(own, measure(self._text, last.start, last.end)) <= _SHORT_ITEM
        if self._led and last.kind != "item" and self._text[last.end - 1] in "；;":
            return True
        tiny = self._length < _TINY or (own < _TINY and self._length < 3 * _TINY)
        return tiny and block.kind == "text" and self._length + own <= self._limit


def _passages(masked_text: str, name: str, outline: tuple[MarkedHeading, ...], limit: int) -> Iterator[_Found]:
    blocks = outlined_blocks(masked_text, outline) if outline else _blocks(masked_text, name)
    together = ".jsonl#" in name
    conclusions = _conclusions(blocks)
    path = Path()
    group = _Group(masked_text, limit)
    for index, block in enumerate(blocks):
        if block.heading is not None:
            yield from group.flush()
            yield from _bare(path.push(block.heading))
            if not block.heading.inline:
                continue
        elif index in conclusions:
            yield from group.flush()
            path.close_inline()
        elif block.kind == "item" and (style := number_style(masked_text, block.start, block.end)[0]) in path.styles:
            yield from group.flush()
            yield from _bare(path.leave(style))
        elif not (together or path.in_article or group.takes(block)):
            yield from group.flush()
        path.text()
        group.add(block, path.titles)
    yield from group.flush()
    yield from _bare(path.close())


def _blocks(masked_text: str, name: str) -> list[Block]:
    if name.endswith((".md", ".markdown")):
        from assistant.text.markdown import markdown_blocks

        return markdown_blocks(masked_text)
    return plain_blocks(masked_text)


def _bare(headings: list[tuple[Heading, tuple[str, ...]]]) -> Iterator[_Found]:
    """Headings with nothing under them are passages, so that they can be found."""
    for heading, titles in headings:
        yield heading.span, titles


def _conclusions(blocks: list[Block]) -> set[int]:
    """The blocks that end the last of several sections of one paragraph each (一、甲。… 二、乙。… 三、丙。… 结语)."""
    found: set[int] = set()
    singles: dict[str, int] = {}
    for index, block in enumerate(blocks[:-1]):
        heading, following = block.heading, blocks[index + 1]
        if heading is None:
            continue
        if not heading.inline or heading.family == "legal":
            singles.clear()
        elif following.heading is not None:
            singles[heading.style] = singles.get(heading.style, 0) + (following.heading.style == heading.style)
        elif singles.get(heading.style, 0) >= _SECTIONS and following.kind == "text":
            found.add(index + 1)
        else:
            singles[heading.style] = -len(blocks)
    return found
