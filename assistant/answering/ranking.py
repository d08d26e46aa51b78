"""The candidate sentences by relevance: a weighted sum of their signals, with fitted weights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answering.sentences import SIGNALS, Candidate

WEIGHTS = Path(__file__).with_name("weights.json")  # made by `python -m assistant.evaluation.fit`


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its relevance: a log-odds, higher is better."""

    candidate: Candidate
    relevance: float


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
