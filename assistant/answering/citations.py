"""Citations: the only place that makes one.

A citation is a span of a document and the text of that span, cut from it here and nowhere else; `holds` tells whether
it still is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.marks import literal_spans
from assistant.types import Citation, Document, Passage, Sentence, Span


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence that answers: a span of a passage of a document."""

    document: Document
    passage: Passage
    start: int
    end: int
    answers: tuple[Span, ...] = ()  # the words in it that were asked for
    item: bool = False  # of the list that an earlier sentence begins


def cite(chosen: Sequence[Chosen]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Sentences and numbered citations, in order. A sentence that a mark interrupts has a citation for each piece."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for choice in chosen:
        numbers = []
        pieces = []
        for start, end in literal_spans(choice.document.text, choice.start, choice.end):
            quote = choice.document.text[start:end]
            numbers.append(len(citations) + 1)
            pieces.append(" ".join(quote.split()))
            citations.append(
                Citation(
                    len(citations) + 1,
                    choice.document.id,
                    choice.document.title,
                    choice.passage.heading,
                    choice.passage.page,
                    start,
                    end,
                    quote,
                    _within(choice.answers, start, end),
                )
            )
        if numbers:
            sentences.append(Sentence("".join(pieces), tuple(numbers), choice.item))
    return tuple(sentences), tuple(citations)


def _within(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The parts of some spans that lie in a piece of a sentence."""
    parts = ((max(left, start), min(right, end)) for left, right in spans)
    return tuple((left, right) for left, right in parts if left < right)


def holds(citation: Citation, text: str) -> bool:
    """Whether a quote is still what stands at its span."""
    return text[citation.start : citation.end] == citation.quote
