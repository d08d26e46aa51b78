"""Markdown as blocks: markdown-it-py says which lines are what, so that a # in code is no heading."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.text.blocks import Block, classify, paragraphs
from assistant.text.enumerations import starts_item
from assistant.text.headings import Heading, is_short_line, recognise
from assistant.text.marks import FILLER, Span, trim

_LINE_BREAK = re.compile(r"\r\n|[\n\r]")  # what markdown-it counts as one
_FRONT_MATTER = re.compile(
    r"\ufeff?(---|\+\+\+)[ \t]*(?:\r\n|[\n\r])(.*?)(?:\A|(?<=[\n\r]))\1[ \t]*(?=[\n\r]|\Z)", re.DOTALL
)
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_HASHES = re.compile(r"[ \t]*#{1,6}[ \t]+|[ \t]*#{1,6}(?=[\n\r]|$)")
_CLOSING_HASHES = re.compile(r"[ \t]+#+[ \t]*$")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_EMPHASIS = re.compile(r"(\*{1,3}|`+|~~|(?<!\w)_{1,3})(?=\S)(.+?)(?<=\S)\1(?!(?<=_)\w)")
_LONGEST_CELL = 2_000  # characters: a longer one keeps its signs, for looking for their pairs would take long
_BREAK_IN_CELL = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:b|i|em|strong|u|s|sub|sup|span|font|code|kbd|mark|small|a|p|div)(?:\s[^<>]*)?>", re.IGNORECASE
)
_WHOLE = frozenset({"bullet_list_open", "blockquote_open", "table_open", "fence", "code_block", "html_block"})


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable("inline")


def front_matter(text: str) -> tuple[int, str]:
    """Where the front matter ends (0 without one), and its title ("" without one)."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return 0, ""
    title = _FRONT_TITLE.search(match.group(2))
    return match.end(), title.group(1).strip("\"'“” ") if title else ""


def plain_title(markup: str) -> str:
    """The words of a heading without emphasis, code marks and link targets."""
    words = markup
    for _ in range(3):
        words = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", words))
    return " ".join(words.replace(FILLER, "").replace("\\", "").split())


def markdown_blocks(masked: str) -> list[Block]:
    """The blocks of a Markdown text; front matter and rules are none."""
    begin, _ = front_matter(masked)
    starts = [begin, *(match.end() for match in _LINE_BREAK.finditer(masked, begin)), len(masked)]
    tokens = [token for token in _parser().parse(masked[begin:]) if token.level == 0 and token.map]
    headed = any(token.type == "heading_open" for token in tokens)
    blocks: list[Block] = []
    line = 0
    for token in tokens:
        first, last = token.map or (0, 0)
        # Link definitions have no token; their text must not vanish.
        blocks += _paragraph(masked, starts[line], starts[max(line, first)], headed=headed)
        start, end = starts[first], starts[min(last, len(starts) - 1)]
        if token.type == "heading_open":
            blocks += _heading(masked, token, start, end)
        elif token.type in ("paragraph_open", "ordered_list_open"):
            blocks += _paragraph(masked, start, end, headed=headed)
        elif token.type in _WHOLE:
            blocks += _whole(masked, token, start, end)
        line = max(line, last)
    blocks += _paragraph(masked, starts[min(line, len(starts) - 1)], len(masked), headed=headed)
    return classify(masked, blocks)


def tables(text: str) -> list[tuple[Span, list[list[str]]]]:
    """The tables of a Markdown text: the span of each, and its rows, the first of which names the columns.

    Those within lists and quotations are left out: what stands before their lines is no part of the table.
    """
    if "|" not in text:
        return []
    begin, _ = front_matter(text)
    starts = [begin, *(match.end() for match in _LINE_BREAK.finditer(text, begin)), len(text)]
    found: list[tuple[Span, list[list[str]]]] = []
    rows: list[list[str]] | None = None
    for token in _parser().parse(text[begin:]):
        if token.type == "table_open" and token.level == 0 and token.map:
            rows = []
            found.append(((starts[token.map[0]], starts[token.map[0] + 2]), rows))
        elif token.type == "table_close":
            rows = None
        elif rows is not None and token.type == "tr_open" and token.map:
            (start, end), _ = found[-1]
            line = starts[token.map[0]], starts[token.map[0] + 1]
            if rows and "|" not in text[slice(*line)]:
                rows = None  # a paragraph that no blank line sets apart
                continue
            found[-1] = (start, max(end, line[1])), rows
            rows.append([])
        elif rows is not None and token.type == "inline":
            rows[-1].append(_cell(token.content))
    return found


def _cell(markup: str) -> str:
    plain = _TAG.sub("", _BREAK_IN_CELL.sub(" ", markup))
    return plain_title(plain) if len(plain) <= _LONGEST_CELL else plain


def _heading(masked: str, token: Token, start: int, end: int) -> list[Block]:
    rank = int(token.tag[1])
    if token.markup in ("=", "-"):
        end = masked.rfind(token.markup * 1, start, end)
        while end > start and masked[end - 1] in token.markup + " \t":
            end -= 1
    else:
        hashes = _HASHES.match(masked, start, end)
        start = hashes.end() if hashes else start
        closing = _CLOSING_HASHES.search(masked[start:end].rstrip())
        end = start + closing.start() if closing else end
    start, end = trim(masked, start, end)
    if start == end:
        return []
    heading = Heading(plain_title(masked[start:end]), "markdown", "#" * rank, rank, (start, end))
    return [Block(start, end, "heading", heading)]


def _paragraph(masked: str, start: int, end: int, *, headed: bool) -> list[Block]:
    """A paragraph, or a numbered list (often headings in Chinese texts): whole unless headings stand in it."""
    start, end = trim(masked, start, end)
    if start == end:
        return []
    blocks = []
    for (first, last), blank in paragraphs(masked, start, end):
        heading = recognise(masked, first, last)
        kind = "text" if heading is None or heading.inline else "heading"
        blocks.append(Block(first, last, "text" if kind == "text" else "heading", heading, after_blank=blank))
    if len(blocks) == 1 or any(block.heading and block.heading.rank <= 7 for block in blocks):
        for index, block in enumerate(blocks):
            if block.heading is None:
                item = starts_item(masked, block.start, block.end)
                short = not headed and not item and is_short_line(masked[block.start : block.end])
                blocks[index] = Block(block.start, block.end, "item" if item else "text", short=short)
        return blocks
    items = starts_item(masked, start, end)
    return [Block(start, end, "item" if items else "text")]


def _whole(masked: str, token: Token, start: int, end: int) -> list[Block]:
    start, end = trim(masked, start, end)
    if token.type == "fence":
        opening = _LINE_BREAK.search(masked, start, end)
        start = opening.end() if opening else end
        closing = max(masked.rfind("\n", start, end), masked.rfind("\r", start, end)) + 1
        if _FENCE.match(masked, max(closing, start), end):
            end = max(closing, start)
        start, end = trim(masked, start, end)
    kind = "item" if token.type == "bullet_list_open" else "whole"
    return [Block(start, end, "item" if kind == "item" else "whole")] if start < end else []
