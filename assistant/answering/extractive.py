"""Extractive answers: literal sentences, the decisive one first, or an honest refusal."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.citations import cite
from assistant.answering.confidence import confidence
from assistant.answering.ranking import rank
from assistant.answering.selection import choose
from assistant.answering.sentences import candidates
from assistant.index.snapshot import Snapshot
from assistant.retrieval.search import Found
from assistant.text.tokens import Tokens
from assistant.types import Citation, Refusal, Sentence


@dataclass(frozen=True, slots=True)
class Composed:
    """Sentences with citations, or a refusal."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    refusal: Refusal | None


def compose(snapshot: Snapshot, tokens: Tokens, found: Found, *, threshold: float) -> Composed:
    """Answer from what was found, or refuse where the confidence is below `threshold`."""
    ranked = rank(candidates(snapshot, tokens, found))
    sure = confidence(found, ranked) if ranked else 0.0
    if not ranked or sure < threshold:
        return Composed((), (), sure, _refusal(snapshot, tokens, found))
    sentences, citations = cite(choose(found.query.text, ranked))
    return Composed(sentences, citations, sure, None)


def _refusal(snapshot: Snapshot, tokens: Tokens, found: Found) -> Refusal:
    terms = found.query.tokens.terms
    missing = tuple(term.text for term in terms if not snapshot.occurs(term) and tokens.is_noun(term))
    if any(term.is_cjk for term in terms):
        reason = "文本中没有找到这个问题的答案。" + (f"文本中没有出现：{'、'.join(missing)}。" if missing else "")
    else:
        named = f" They do not mention: {', '.join(missing)}." if missing else ""
        reason = f"The texts hold no answer to this question.{named}"
    return Refusal(reason, missing)
