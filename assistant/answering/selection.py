"""Which sentences an answer shows: the decisive one with what belongs to it, and those that come near it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.citations import Chosen
from assistant.answering.ranking import Ranked
from assistant.answering.sentences import Candidate
from assistant.text.normal import fold

_MOST_SENTENCES = 4
_NEAR = 0.7  # in log-odds: a further sentence is at least half as likely to answer as the decisive one
_FIRST_ITEM = re.compile(r"一是|[（(]一[)）]|(?:^|[:：])\s*[（(]?1[)）.、．]")
_NEXT_ITEM = re.compile(r"[二三四五六七八九十]是|[（(][二三四五六七八九十][)）]|[（(]?[2-9][)）.、．](?!\d)")
_REPETITION = 0.7  # share of common bigrams above which a sentence only repeats another


def choose(question: str, ranked: Sequence[Ranked]) -> list[Chosen]:
    """The decisive sentence with what it lists, and those that come near it and say something else."""
    taken = _listed(ranked[0].candidate, [item.candidate for item in ranked])
    for item in ranked:
        if len(taken) >= _MOST_SENTENCES or item.relevance < ranked[0].relevance - _NEAR:
            break
        if all(_likeness(item.candidate.text, other.text) < _REPETITION for other in taken):
            taken.append(item.candidate)
    return [candidate.chosen for candidate in taken]


def _listed(first: Candidate, found: Sequence[Candidate]) -> list[Candidate]:
    """A sentence that begins a list (…：一是…；) and the items that follow it in its passage."""
    taken = [first]
    if _FIRST_ITEM.search(first.text):
        passage = sorted((c for c in found if c.rank == first.rank), key=lambda c: c.chosen.start)
        for candidate in passage[passage.index(first) + 1 :]:
            if len(taken) == _MOST_SENTENCES or not _NEXT_ITEM.match(candidate.text):
                break
            taken.append(candidate)
    return taken


def _likeness(first: str, second: str) -> float:
    """Share of the shorter text's character bigrams that the other holds, 0 to 1."""
    a, b = _bigrams(first), _bigrams(second)
    return len(a & b) / min(len(a), len(b)) if a and b else float(first == second)


def _bigrams(text: str) -> set[str]:
    folded = re.sub(r"[\W_]+", "", fold(text))
    return {folded[i : i + 2] for i in range(len(folded) - 1)}
