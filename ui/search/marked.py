"""A text with some of its words marked, as markup. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.types import Mention, Span
from ui.escape import escape, without_blank_lines


def marked(text: str, spans: Iterable[Span], tag: str = "mark") -> str:
    """A text from anywhere with what stands at some places of it, in order, in elements of their own."""
    shown, done = "", 0
    for left, right in spans:
        begin, end = max(left, done), min(right, len(text))
        if begin < end:
            shown += f"{escape(text[done:begin])}<{tag}>{escape(text[begin:end])}</{tag.partition(' ')[0]}>"
            done = end
    return shown + escape(text[done:])


def mentioning(mention: Mention) -> str:
    """A passage with the words marked; where marks of the text were left out of it, places no longer agree."""
    start, end = mention.passage.start, mention.passage.end
    whole = len(mention.text) == end - start
    spans = ((a - start, b - start) for a, b in mention.spans if b > start) if whole else ()
    return without_blank_lines(marked(mention.text, spans))
