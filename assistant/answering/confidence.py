"""How sure it is that the texts answer a question: the evidence, and the probability fitted on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.answering.kinds import lacks
from assistant.answering.ranking import Ranked, weights
from assistant.retrieval.search import Found

# Nearness (see Found) of texts on the question's subject is about 5 or more, of others about 2: in between lies doubt.
_RELATED, _SPREAD = 4.0, 1.5


def confidence(found: Found, ranked: Sequence[Ranked]) -> float:
    """The probability that the best of some sentences answers the question, 0 to 1."""
    return _logistic(weights()["confidence"], evidence(found, ranked))


def evidence(found: Found, ranked: Sequence[Ranked]) -> dict[str, float]:
    """What speaks for there being an answer at all, given the sentences, best first."""
    hits = found.hits
    best = ranked[0].candidate
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
