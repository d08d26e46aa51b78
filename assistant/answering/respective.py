"""The answers for several documents as one: each with its own sentences and citations, in the order of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.extractive import Composed
from assistant.types import Citation, Sentence

_SENTENCES = 3  # of each document


def united(each: Sequence[Composed]) -> Composed | None:
    """One answer of several, as sure as the least sure of them; None where one of them is a refusal."""
    if any(one.refusal is not None for one in each):
        return None
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for one in each:
        shown = one.sentences if any(sentence.item for sentence in one.sentences) else one.sentences[:_SENTENCES]
        before = len(citations)
        used = sorted({number for sentence in shown for number in sentence.citations})
        numbers = {number: before + place for place, number in enumerate(used, 1)}
        citations += [replace(one.citations[number - 1], number=numbers[number]) for number in used]
        sentences += [
            replace(sentence, citations=tuple(numbers[number] for number in sentence.citations)) for sentence in shown
        ]
    return Composed(tuple(sentences), tuple(citations), min(one.confidence for one in each), None)
