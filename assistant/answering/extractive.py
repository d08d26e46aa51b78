"""Extractive answers: one to four literal sentences, the decisive one first, or an honest refusal."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answering.citations import Chosen, cite
from assistant.answering.kinds import lacks
from assistant.answering.sentences import SIGNALS, Candidate, candidates
from assistant.index.snapshot import Snapshot
from assistant.retrieval.search import Found
from assistant.text.normal import fold
from assistant.text.tokens import Tokens
from assistant.types import Citation, Refusal, Sentence

WEIGHTS = Path(__file__).with_name("weights.json")  # made by `python -m assistant.evaluation.fit`

_MOST_SENTENCES = 4
_NEAR = 0.7  # in log-odds: a further sentence is at least half as likely to answer as the decisive one
# Nearness (see Found) of texts on the question's subject is about 5 or more, of others about 2: in between lies doubt.
_RELATED, _SPREAD = 4.0, 1.5
_FIRST_ITEM = re.compile(r"一是|[（(]一[)）]|(?:^|[:：])\s*[（(]?1[)）.、．]")
_NEXT_ITEM = re.compile(r"[二三四五六七八九十]是|[（(][二三四五六七八九十][)）]|[（(]?[2-9][)）.、．](?!\d)")
_REPETITION = 0.7  # share of common bigrams above which a sentence only repeats another


@dataclass(frozen=True, slots=True)
class Composed:
    """Sentences with citations, or a refusal."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its relevance: a log-odds, higher is better."""

    candidate: Candidate
    relevance: float


def compose(snapshot: Snapshot, tokens: Tokens, found: Found, *, threshold: float) -> Composed:
    """Answer from what was found, or refuse where the confidence is below `threshold`."""
    ranked = rank(candidates(snapshot, tokens, found))
    if not ranked:
        return Composed((), (), 0.0, _refusal(snapshot, tokens, found))
    confidence = _logistic(weights()["confidence"], evidence(found, ranked[0].candidate))
    if confidence < threshold:
        return Composed((), (), confidence, _refusal(snapshot, tokens, found))
    sentences, citations = cite(_choose(ranked))
    return Composed(sentences, citations, confidence, None)


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """The fitted weights: of a sentence's signals, and of the evidence for an answer."""
    read: Mapping[str, Mapping[str, float]] = json.loads(WEIGHTS.read_text("utf-8"))
    return read


def rank(found: Sequence[Candidate], fitted: Mapping[str, float] | None = None) -> list[Ranked]:
    """Sentences by relevance, best first."""
    chosen = weights()["sentence"] if fitted is None else fitted
    ranked = [
        Ranked(c, sum(chosen[name] * value for name, value in zip(SIGNALS, c.signals(), strict=True))) for c in found
    ]
    return sorted(ranked, key=lambda item: -item.relevance)


def evidence(found: Found, best: Candidate) -> dict[str, float]:
    """What speaks for there being an answer at all, given the best sentence."""
    hits = found.hits
    top = hits[best.rank]
    behind = hits[3:10]
    strongest = max((hit.keyword or 0.0 for hit in hits), default=0.0)
    return {
        "nearness": math.tanh((found.nearness(best.dense) - _RELATED) / _SPREAD),
        "lead": (top.dense or 0.0) - sum(h.dense or 0.0 for h in behind) / len(behind) if behind else 0.0,
        "score_lead": top.score - hits[min(3, len(hits) - 1)].score,
        "keyword_agrees": float((top.keyword or 0.0) >= strongest),
        "context": best.context,
        "lacks": float(lacks(found.query.text, best.text)),
        "unknown": best.unknown,
    }


def _logistic(fitted: Mapping[str, float], signals: Mapping[str, float]) -> float:
    """Probability from log-odds: 1 / (1 + e^-(intercept + Σ weight · signal))."""
    odds = fitted["intercept"] + sum(fitted[name] * value for name, value in signals.items())
    return (1 + math.tanh(odds / 2)) / 2  # the same, without overflow


def _choose(ranked: Sequence[Ranked]) -> list[Chosen]:
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


def _refusal(snapshot: Snapshot, tokens: Tokens, found: Found) -> Refusal:
    terms = found.query.tokens.terms
    missing = tuple(term.text for term in terms if not snapshot.occurs(term) and tokens.is_noun(term))
    if any(term.is_cjk for term in terms):
        reason = "文本中没有找到这个问题的答案。" + (f"文本中没有出现：{'、'.join(missing)}。" if missing else "")
    else:
        named = f" They do not mention: {', '.join(missing)}." if missing else ""
        reason = f"The texts hold no answer to this question.{named}"
    return Refusal(reason, missing)
