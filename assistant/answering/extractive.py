"""Extractive answers: literal sentences, the decisive one first, or an honest refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.citations import cite
from assistant.answering.confidence import confidence, is_chinese, is_enough
from assistant.answering.differing import Differing
from assistant.answering.ranking import Ranked, rank
from assistant.answering.selection import choose
from assistant.answering.sentences import candidates
from assistant.index.snapshot import Snapshot
from assistant.retrieval.search import Found
from assistant.text.tokens import Tokens
from assistant.types import Citation, Refusal, Sentence, Value


@dataclass(frozen=True, slots=True)
class Composed:
    """Sentences with citations, or a refusal."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    refusal: Refusal | None
    differing: tuple[Value, ...] = ()  # values for the same thing that are not the same, the newest first


def compose(snapshot: Snapshot, tokens: Tokens, found: Found, *, threshold: float | None) -> Composed:
    """Answer from what was found, or refuse where the confidence is below `threshold` (None: the fitted one)."""
    ranked = rank(candidates(snapshot, tokens, found))
    sure = confidence(found, ranked, tokens) if ranked else 0.0
    if not ranked or not is_enough(sure, found, ranked, threshold):
        return Composed((), (), sure, _refusal(snapshot, tokens, found))
    return chosen_of(snapshot, tokens, found, ranked, sure)


def chosen_of(snapshot: Snapshot, tokens: Tokens, found: Found, ranked: Sequence[Ranked], sure: float) -> Composed:
    """The answer that ranked sentences, best first, make."""
    selected = choose(found.query.text, found.query.tokens.terms, ranked, tokens, snapshot.around)
    sentences, citations = cite(selected.chosen)
    return Composed(sentences, citations, sure, None, _values(selected.differing, citations))


def _values(differing: Sequence[Differing], citations: Sequence[Citation]) -> tuple[Value, ...]:
    """Each value with the number of the citation that holds it."""
    values = []
    for one in differing:
        start = one.chosen.answers[0][0]
        number = next(
            citation.number
            for citation in citations
            if citation.document == one.chosen.document.id and citation.start <= start < citation.end
        )
        values.append(Value(one.text, number, one.date))
    return tuple(values)


def _refusal(snapshot: Snapshot, tokens: Tokens, found: Found) -> Refusal:
    chinese = is_chinese(found.query.text)
    # Words in one language say nothing of what texts in the other hold.
    told = not found.hits or any(is_chinese(hit.text) == chinese for hit in found.hits)
    terms = found.query.tokens.terms if told else ()
    missing = tuple(term.text for term in terms if not snapshot.occurs(term) and tokens.is_noun(term))
    if chinese:
        reason = "文本中没有找到这个问题的答案。" + (f"文本中没有出现：{'、'.join(missing)}。" if missing else "")
    else:
        named = f" They do not mention: {', '.join(missing)}." if missing else ""
        reason = f"The texts hold no answer to this question.{named}"
    return Refusal(reason, missing)
