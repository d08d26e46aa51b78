"""Fits the confidence: for each pairing of languages a logistic regression of "this question has an answer here"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.confidence import evidence, languages
from assistant.answering.ranking import rank
from assistant.answering.sentences import Candidate
from assistant.evaluation.fit_models import fit_probability
from assistant.retrieval.search import Found

# A set counts by its number of questions to this power: a large one more than a small one, but not as much more.
_POWER = 0.75
# Questions of other sets count less than the set's own, together: nearly all of them are on quite other subjects.
_FOREIGN = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one library."""

    found: Found
    candidates: list[Candidate]
    library: str
    group: str  # "answerable", "random", "adversarial" or "foreign"


def fit_confidence(asked: Sequence[Asked]) -> tuple[dict[str, dict[str, float]], str]:
    """Weights for each pairing of languages; and in words, what share of each group they answer with 0.5 or more."""
    ranked = [rank(one.candidates) for one in asked]
    rows = [evidence(one.found, sentences) for one, sentences in zip(asked, ranked, strict=True)]
    pairings = np.array([languages(one.found, sentences) for one, sentences in zip(asked, ranked, strict=True)])
    names = list(rows[0])
    signals = np.array([[row[name] for name in names] for row in rows])
    answerable = np.array([one.group == "answerable" for one in asked])
    fitted: dict[str, dict[str, float]] = {}
    odds = np.zeros(len(asked))
    for pairing in ("chinese", "english", "across"):
        place = pairings == pairing
        importance = _importance([one for one, here in zip(asked, place, strict=True) if here])
        weights = fit_probability(names, signals[place], answerable[place], importance)
        fitted[pairing] = weights
        odds[place] = signals[place] @ np.array([weights[name] for name in names]) + weights["intercept"]
    told = []
    groups = sorted({(one.library, one.group) for one in asked})
    for group in groups:
        place = np.array([(one.library, one.group) == group for one in asked])
        told.append(f"{', '.join(group)}: {np.mean(odds[place] > 0):.3f} of {place.sum()} answered")
    return fitted, "\n".join(told)


def _importance(asked: Sequence[Asked]) -> np.ndarray:
    own = Counter(one.library for one in asked if one.group != "foreign")
    foreign = Counter(one.library for one in asked if one.group == "foreign")
    weights = []
    for one in asked:
        whole = float(max(own[one.library], 10)) ** _POWER
        is_foreign = one.group == "foreign"
        weights.append(_FOREIGN * whole / foreign[one.library] if is_foreign else whole / own[one.library])
    return np.array(weights)
