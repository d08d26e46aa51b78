"""The candidate sentences by relevance: a weighted sum of their signals, with fitted weights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answering.sentences import SIGNALS, Candidate

WEIGHTS = Path(__file__).with_name("weights.json")  # made by `python -m assistant.evaluation.fit`


# In log-odds: the fit never saw what is told of another year than the one asked for, in a text that is named after it.
_YEAR = 3.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its relevance: a log-odds, higher is better."""

    candidate: Candidate
    relevance: float


@cache
def weights() -> Mapping[str, Any]:
    """The fitted weights: `sentence` of its signals, `confidence` of the evidence, for each pairing of languages."""
    read: Mapping[str, Any] = json.loads(WEIGHTS.read_text("utf-8"))
    return read


def rank(found: Sequence[Candidate], fitted: Mapping[str, float] | None = None) -> list[Ranked]:
    """Sentences by relevance, best first."""
    chosen = weights()["sentence"] if fitted is None else fitted
    ranked = [
        Ranked(c, sum(chosen[name] * value for name, value in zip(SIGNALS, c.signals(), strict=True)) + _YEAR * c.year)
        for c in found
    ]
    return sorted(ranked, key=lambda item: -item.relevance)
