"""Which sentences an answer shows: the decisive one with what belongs to it, and those that come near it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.below import below, points_below
from assistant.answering.citations import Chosen
from assistant.answering.differing import Differing, differing
from assistant.answering.kinds import Asking, asking
from assistant.answering.lists import Neighbours, listed
from assistant.answering.marking.marked import answers
from assistant.answering.pronouns import understandable
from assistant.answering.ranking import Ranked
from assistant.answering.versions import newest_of_equal, of_another_document, versions
from assistant.text.likeness import likeness
from assistant.text.tokens import Term, Tokens

_MOST_SENTENCES = 5
# In log-odds: a further sentence is at least a twentieth as likely to answer as the decisive one. On the dev half
# of zh_wiki 0.7 shows an answer to .88 of the questions with 1.2 sentences, 3.0 to .935 with 2.4.
_NEAR = 3.0
_REPETITION = 0.7  # share of common bigrams above which a sentence only repeats another


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences of an answer, in order; the first of them may give different values for one thing."""

    chosen: tuple[Chosen, ...]
    differing: tuple[Differing, ...] = ()


def _asks_for_all(read: Asking) -> bool:
    """Whether a whole list may answer: it is asked for all, how, or in words that ask nothing (提高产量的办法)."""
    return read.several or not read.asked or any(one.kind == "manner" for one in read.asked)


def _marked(question: str, terms: Sequence[Term], tokens: Tokens, chosen: Chosen) -> Chosen:
    """A sentence with the words in it that answer; none in a document of another year than the one asked of."""
    if of_another_document(question, chosen):
        return chosen
    spans = answers(question, terms, tokens, chosen.document.text, chosen.start, chosen.end)
    return replace(chosen, answers=spans)


def choose(
    question: str, terms: Sequence[Term], ranked: Sequence[Ranked], tokens: Tokens, neighbours: Neighbours
) -> Selection:
    """The decisive sentence with what it lists or what contradicts it, and others that come near and say more.

    `neighbours` gives the passages around one in its document.
    """
    ranked = newest_of_equal(question, ranked)
    best = ranked[0].candidate.chosen
    read = asking(question)
    points = points_below(ranked[0].candidate.text)
    found = None
    if points or not read.one_thing:
        found = listed(best, neighbours, within=read.several, under=_asks_for_all(read))
    if points and found is None:
        found = below(best, neighbours)
    values: list[Differing] = []
    if found is None:
        marked = replace(
            ranked[0], candidate=replace(ranked[0].candidate, chosen=_marked(question, terms, tokens, best))
        )
        values = differing(question, terms, tokens, [marked, *ranked[1:]])
        same = [] if values else versions(question, ranked, tokens)
        found = (
            [value.chosen for value in values]
            or [_marked(question, terms, tokens, one.candidate.chosen) for one in same]
            or [marked.candidate.chosen]
        )
    texts = [one.document.text[one.start : one.end] for one in found]
    for item in ranked:
        if len(found) >= _MOST_SENTENCES or item.relevance < ranked[0].relevance - _NEAR:
            break
        if all(likeness(item.candidate.text, text) < _REPETITION for text in texts):
            found.append(item.candidate.chosen)
            texts.append(item.candidate.text)
    return Selection(tuple(one if one.item else understandable(one) for one in found), tuple(values))
