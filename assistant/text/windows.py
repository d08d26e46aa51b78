"""Windows: one to three whole sentences of a passage, which is what is embedded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.lines import CJK
from assistant.text.marks import Span, without_marks
from assistant.text.measure import measure
from assistant.text.sentences import clauses, sentences
from assistant.types import Passage, Window

_SENTENCES = 3
# A single sentence may be this many times the limit: half a sentence says less than a long one.
_LONGEST = 4
# A last window shorter than this share of the limit joins the one before it, if both are then at most 1.25 limits.
_REST = 0.2

_WRAPPED = re.compile(rf"(?<=[{CJK}])[ \t]*(?:\r\n|[\n\r\u2028])[ \t]*(?=[{CJK}])")
_WORD = re.compile(r"\w")


def windows(text: str, passage: Passage, *, window_characters: int = 120) -> tuple[Window, ...]:
    """Cut a passage into windows of whole sentences, each up to about `window_characters` (an English word counts two).

    Every sentence is in exactly one window; only one beyond four times the limit is cut, at clause ends.
    """
    found: list[tuple[Window, int, int]] = []  # with its length and number of sentences
    for start, end in _units(text, passage, window_characters):
        length = measure(text, start, end)
        if found:
            last, before, count = found[-1]
            empty = not _WORD.search(text, start, end)
            if count < _SENTENCES and (empty or before + length <= window_characters):
                found[-1] = (Window(last.start, end), before + length, count + 1)
                continue
        found.append((Window(start, end), length, 1))
    if len(found) > 1:
        (first, before, one), (last, length, two) = found[-2:]
        short = length < _REST * window_characters and before + length <= 1.25 * window_characters
        if short and one + two <= _SENTENCES:
            found[-2:] = [(Window(first.start, last.end), before + length, one + two)]
    return tuple(window for window, _, _ in found)


def _units(text: str, passage: Passage, window_characters: int) -> Iterator[Span]:
    """The sentences, or the clauses of one that is too long for a window."""
    limit = _LONGEST * window_characters
    for start, end in sentences(text, passage.start, passage.end):
        length = measure(text, start, end) if end - start > limit else 0
        if length <= limit:
            yield start, end
        else:
            yield from clauses(text, start, end, limit=max(1, (end - start) * limit // length))


def window_text(text: str, window: Window) -> str:
    """What is embedded of a window: without marks, white space collapsed, Chinese wrapped lines joined."""
    literal = without_marks(text, window.start, window.end)
    return " ".join(_WRAPPED.sub("", literal).split())
