"""A text as blocks in order: headings, paragraphs, items of lists, and what stays whole (tables, code)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from assistant.text.enumerations import starts_item
from assistant.text.headings import (
    CONTENTS,
    Heading,
    is_deep,
    is_short_line,
    number_style,
    recognise,
    short_line_heading,
    title_text,
)
from assistant.text.lines import joins, lines
from assistant.text.marks import Span, trim
from assistant.text.measure import measure
from assistant.types import Heading as MarkedHeading

Kind = Literal["heading", "text", "item", "whole", "contents"]

# Headings one after the other, without text, that come again later: a table of contents without that word above it.
_CONTENTS_LINES = 4
_ATTACHED = re.compile(r"附(?:件|表)\s*[:：]\s*1\s*[.．、]")
_NEXT_ATTACHED = re.compile(r"\d{1,2}\s*[.．、]")
# One marked heading is a title; whoever marks headings marks more.
_OUTLINE = 2


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text between line breaks, trimmed of white space."""

    start: int
    end: int
    kind: Kind
    heading: Heading | None = None  # the heading it is, or (inline) begins with
    short: bool = False  # one line that is not a sentence
    after_blank: bool = False


def plain_blocks(masked: str, start: int = 0, end: int | None = None) -> list[Block]:
    """The blocks of a text without markup."""
    return classify(masked, [_block(masked, span, blank) for span, blank in paragraphs(masked, start, end)])


def outlined_blocks(masked: str, outline: tuple[MarkedHeading, ...]) -> list[Block]:
    """The blocks of a text whose format marks its headings.

    Others are looked for where no more than a title is marked, else only those that begin a paragraph (第十二条 …).
    """
    blocks: list[Block] = []
    position = 0
    guessing = len(outline) < _OUTLINE
    for mark in (*outline, MarkedHeading(len(masked), len(masked), 0)):
        for span, blank in paragraphs(masked, position, max(position, mark.start)):
            block = _block(masked, span, blank)
            if not guessing and (block.short or block.kind == "heading"):
                kind: Kind = "item" if starts_item(masked, *span) else "text"
                block = replace(block, kind=kind, heading=None, short=False)
            blocks.append(block)
        start, end = trim(masked, max(position, mark.start), mark.end)
        if start < end:
            title = title_text(masked, start, end)
            blocks.append(Block(start, end, "heading", Heading(title, "markdown", "#", mark.level, (start, end))))
        position = max(position, mark.end)
    return classify(masked, blocks)


def paragraphs(masked: str, start: int = 0, end: int | None = None) -> list[tuple[Span, bool]]:
    """The paragraphs (lines, wrapped lines joined), and whether blank lines lie before each."""
    found = lines(masked, start, end)
    spans: list[tuple[Span, bool]] = []
    joined = False
    for line, continued in zip(found, [*joins(masked, found), False], strict=False):
        if joined:
            (first, _), blank = spans[-1]
            spans[-1] = ((first, line.end), blank)
        else:
            spans.append(((line.start, line.end), line.after_blank))
        joined = continued
    return spans


def _block(masked: str, span: Span, after_blank: bool) -> Block:  # noqa: FBT001
    start, end = span
    heading = recognise(masked, start, end)
    if heading is not None:
        kind: Kind = "text" if heading.inline else "heading"
        return Block(start, end, kind, heading, after_blank=after_blank)
    if starts_item(masked, start, end):
        return Block(start, end, "item", after_blank=after_blank)
    short = end - start <= 100 and is_short_line(masked[start:end])
    return Block(start, end, "text", short=short, after_blank=after_blank)


def classify(masked: str, blocks: list[Block]) -> list[Block]:
    """Decide by their neighbours which blocks are headings, items, or lines of a table of contents."""
    blocks = _with_contents(masked, blocks)
    blocks = _with_short_lines(masked, blocks)
    blocks = _with_like_siblings(masked, blocks)
    return _with_items(masked, blocks)


def _with_contents(masked: str, blocks: list[Block]) -> list[Block]:
    """Join the lines of a table of contents into one block, so that its lines open no headings."""
    headings = [block.heading if block.kind == "heading" else None for block in blocks]
    titles = [heading.title if heading and not heading.sentence else "" for heading in headings]
    result: list[Block] = []
    index = 0
    while index < len(blocks):
        named = CONTENTS.match(masked[blocks[index].start : blocks[index].end]) is not None
        stop = index + named
        seen: set[str] = set()
        while stop < len(blocks) and (titles[stop] or (named and blocks[stop].short)) and titles[stop] not in seen:
            seen.add(titles[stop])
            stop += 1
        if not named and stop - index >= _CONTENTS_LINES:
            later = set(titles[stop:])
            repeated = sum(title in later for title in titles[index:stop])
            named = repeated >= (stop - index) / 2
        if named and stop - index > 1:
            result.append(Block(blocks[index].start, blocks[stop - 1].end, "contents"))
        else:
            stop = max(stop, index + 1)
            result += blocks[index:stop]
        index = stop
    return result


def _with_short_lines(masked: str, blocks: list[Block]) -> list[Block]:
    """Short unnumbered lines: alone before text a heading; several in a row are lines of one block."""
    result: list[Block] = []
    index = 0
    while index < len(blocks):
        stop = index
        while stop < len(blocks) and blocks[stop].short:
            stop += 1
        if stop == index:
            result.append(blocks[index])
            index += 1
            continue
        run = blocks[index:stop]
        following = blocks[stop] if stop < len(blocks) else None
        if index == 0 and (following is not None or len(run) > 1):
            heading = short_line_heading(masked, run[0].start, run[0].end, title=True)
            result.append(replace(run[0], kind="heading", heading=heading))
            run = run[1:]
        if len(run) == 1 and following is not None and _heads(masked, run[0], following):
            heading = short_line_heading(masked, run[0].start, run[0].end, title=False)
            result.append(replace(run[0], kind="heading", heading=heading))
        elif run:
            result.append(replace(run[0], end=run[-1].end))
        index = stop
    return result


def _heads(masked: str, line: Block, following: Block) -> bool:
    """Whether a short line is the heading of the block after it."""
    if following.kind == "heading":
        return following.heading is not None and following.heading.first
    own, length = measure(masked, line.start, line.end), measure(masked, following.start, following.end)
    return length > own and (length >= 40 or masked[following.end - 1] in "。！？；：.!?;:”")


def _with_like_siblings(masked: str, blocks: list[Block]) -> list[Block]:
    """Where most of （一）（二）（三） do not begin with a heading, the others do not either: all are items."""
    result = list(blocks)
    siblings: dict[str, list[int]] = {}
    ranks: dict[str, float] = {}

    def finish(rank: float) -> None:
        for style in [style for style in siblings if ranks[style] > rank]:
            indexes = siblings.pop(style)
            headings = [index for index in indexes if blocks[index].heading is not None]
            if 2 * len(headings) >= len(indexes):
                continue
            for index in headings:
                heading = blocks[index].heading
                if heading is not None and heading.inline:
                    result[index] = replace(blocks[index], kind="item", heading=None)

    for index, block in enumerate(blocks):
        if block.heading is not None and block.heading.family != "outline":
            finish(0)
            continue
        style, rank = number_style(masked, block.start, block.end)
        if style and block.kind != "contents":
            finish(rank)
            ranks[style] = rank
            siblings.setdefault(style, []).append(index)
    finish(0)
    return result


def _heads_text(masked: str, block: Block, previous: Block | None, following: Block | None) -> bool:
    """Whether （一）加强领导。 alone on its line heads the text below it, rather than being the last item of a list."""
    if following is None or following.kind != "text":
        return False
    if following.heading is not None:  # （二）基本原则。 above 1.问题导向。…
        own, deeper = block.heading, following.heading
        return own is not None and deeper.first and deeper.family == own.family and deeper.rank > own.rank
    if previous is not None and previous.heading is None and (previous.kind == "item" or _led(masked, previous)):
        return False
    return measure(masked, following.start, following.end) > measure(masked, block.start, block.end)


def _led(masked: str, previous: Block) -> bool:
    return masked[previous.end - 1] in "：:"


def _with_items(masked: str, blocks: list[Block]) -> list[Block]:
    """Numbered lines that are items of a list rather than headings."""
    result: list[Block] = []
    article = False
    headings: set[str] = set()  # the styles that are headings in this section
    attached = False  # 附件：1.… begins a list of what is attached
    for index, block in enumerate(blocks):
        heading = block.heading
        attached = _ATTACHED.match(masked, block.start, block.end) is not None or (
            attached and _NEXT_ATTACHED.match(masked, block.start, block.end) is not None
        )
        if attached and heading is not None:
            result.append(Block(block.start, block.end, "item", after_blank=block.after_blank))
            continue
        if heading is None or heading.family not in ("legal", "outline"):
            result.append(block)
            continue
        if heading.family == "legal":
            article = heading.style in ("条", "article") and heading.inline
            headings = set()
            result.append(block)
            continue
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        previous = result[-1] if result else None
        if _is_item(masked, block, previous, following, article=article, style_seen=heading.style in headings):
            result.append(Block(block.start, block.end, "item", after_blank=block.after_blank))
        else:
            if heading.rank <= 6:
                headings = set()
            headings.add(heading.style)
            result.append(block)
    return result


def _is_item(
    masked: str, block: Block, previous: Block | None, following: Block | None, *, article: bool, style_seen: bool
) -> bool:
    heading = block.heading
    assert heading is not None
    if article and heading.rank >= 7:
        return True
    if heading.sentence:
        return not _heads_text(masked, block, None if style_seen else previous, following)
    if style_seen:
        return False
    if is_deep(heading) and not heading.first:
        return True
    led = previous is not None and previous.heading is None and _led(masked, previous)
    if heading.inline:
        return heading.rank > 8.1 or (led and is_deep(heading))
    sibling = following is None or (following.heading is not None and following.heading.style == heading.style)
    sibling = sibling or (following is not None and following.kind == "item")
    return sibling and (is_deep(heading) or (led and heading.rank >= 7))
