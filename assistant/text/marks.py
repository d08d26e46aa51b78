"""Marks such as ##paidbegin## and HTML comments: in the text, but never searched, shown or quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

# What stands for a mark in masked text: white space to str.strip() and to \s, and no indentation to a reader.
FILLER = "\x1f"

_MARK = re.compile(r"##[A-Za-z][A-Za-z0-9_]{0,39}##|<!--")
_LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"


def marks(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The spans of the marks within text[start:end], in order. A comment that is never closed is no mark."""
    return tuple(_marks(text, start, end))


def _marks(text: str, start: int, end: int) -> Iterator[Span]:
    position = start
    open_comments = True
    while match := _MARK.search(text, position, end):
        position = match.end()
        if match.group() != "<!--":
            yield match.span()
        elif open_comments:
            close = text.find("-->", position, end)
            if close < 0:
                open_comments = False
            else:
                position = close + 3
                yield match.start(), position


def without_marks(text: str, start: int, end: int) -> str:
    """The search text of a span: text[start:end] with its marks left out."""
    return "".join(text[piece_start:piece_end] for piece_start, piece_end in _between(text, start, end))


def literal_spans(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The pieces of text[start:end] between its marks, trimmed of white space: what may be quoted."""
    trimmed = (trim(text, piece_start, piece_end) for piece_start, piece_end in _between(text, start, end))
    return tuple(piece for piece in trimmed if piece[0] < piece[1])


def _between(text: str, start: int, end: int) -> Iterator[Span]:
    position = start
    for mark_start, mark_end in _marks(text, start, end):
        yield position, mark_start
        position = mark_end
    yield position, end


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its edges; empty at `start` where there is nothing else."""
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return start, start
    left = start + len(piece) - len(piece.lstrip())
    return left, left + len(stripped)


def masked(text: str) -> str:
    """The text with FILLER in place of marks, of the same length, so that offsets are offsets into the text.

    A mark alone on its line takes the line break before it along: the lines around it are neighbours.
    """
    if "##" not in text and "<!--" not in text:
        return text
    pieces = []
    position = 0
    for start, end in _marks(text, 0, len(text)):
        begin = start
        if end == len(text) or text[end] in _LINE_BREAKS:
            while begin > position and text[begin - 1] in " \t\u3000":
                begin -= 1
            if begin > position and text[begin - 1] in _LINE_BREAKS:
                begin -= 2 if text[begin - 2 : begin] == "\r\n" and begin - 2 >= position else 1
            else:
                begin = start
        pieces += [text[position:begin], FILLER * (end - begin)]
        position = end
    pieces.append(text[position:])
    return "".join(pieces)
