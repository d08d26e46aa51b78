"""Fits the confidence."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.sentences import Candidate
from assistant.retrieval.search import Found


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one library."""

    found: Found
    candidates: list[Candidate]
    library: str
    group: str  # "answerable", "random", "adversarial" or "foreign"


def fit_confidence(asked: Sequence[Asked]) -> tuple[dict[str, float], str]:
    from pathlib import Path

    with Path("/tmp/youju/exp/asked.pkl").open("wb") as f:
        pickle.dump(list(asked), f)
    return {}, ""
