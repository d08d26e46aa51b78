"""What each word of a question says: common words little, rare ones much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.index.snapshot import Snapshot
from assistant.text.tokens import Term, Tokens

_REWORDED = 0.3


def word_weights(snapshot: Snapshot, tokens: Tokens, terms: Sequence[Term]) -> dict[Term, float]:
    """How much each word of a question says: its inverse document frequency, log(1 + passages / holding it).

    A word that no text holds and that names nothing counts less: the question only puts it in other words.
    """
    passages = len(snapshot.keywords)
    weights = {}
    for term in terms:
        holding = snapshot.keywords.frequency(term)
        reworded = holding == 0 and not tokens.is_noun(term)
        weights[term] = math.log(1 + passages / (1 + holding)) * (_REWORDED if reworded else 1.0)
    return weights


def share(weights: Mapping[Term, float], held: frozenset[Term]) -> float:
    """The held words' part of the whole weight, 0 to 1; 0 for a question without words."""
    total = sum(weights.values())
    return sum(weights[term] for term in held) / total if total else 0.0
