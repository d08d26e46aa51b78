"""Fusion of what speaks for a passage: pure functions over scores.

Ranks are not fused (RRF): that loses much wherever one leg is much stronger. Scores are made comparable instead, and
added with fitted weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from embeddings.embedder import Vectors

WEIGHTS = Path(__file__).with_name("weights.json")  # made by `python -m assistant.evaluation.fit`
SIGNALS = ("dense", "keyword", "coverage")


@cache
def weights() -> Mapping[str, float]:
    """The fitted weight of each signal."""
    read: Mapping[str, float] = json.loads(WEIGHTS.read_text("utf-8"))
    return read


def without_language(vector: Vectors, direction: Vectors | None) -> Vectors:
    """A question's vector without what tells its language, so that texts in another one are not held to be far off.

    `direction`, of length 1, leads from English sentences to Chinese ones on the same subjects. Shapes (dim,).
    """
    if direction is None:
        return vector
    rest = vector - float(vector @ direction) * direction
    return np.asarray(rest / max(float(np.linalg.norm(rest)), 1e-6), dtype=np.float32)


def deviations(scores: Vectors, background: Vectors) -> Vectors:
    """How many standard deviations scores lie above those of a background sample. Shapes (n,) and (m,) give (n,)."""
    spread = float(background.std()) if len(background) else 0.0
    centre = float(background.mean()) if len(background) else 0.0
    # A library of a few like windows has no spread to speak of: cosines of unrelated texts differ by about 0.02.
    return np.asarray((scores - centre) / max(spread, 0.01), dtype=np.float32)


def fuse(
    dense: Mapping[int, float],
    keyword: Mapping[int, float],
    coverage: Mapping[int, float],
    *,
    dense_weight: float,
    fitted: Mapping[str, float] | None = None,
) -> dict[int, float]:
    """One score for every candidate, in the deviations of `dense`, which must hold every candidate.

    `keyword` is BM25 in parts of what a question's words could at most bring, `coverage` the share of their weight that
    a passage holds; what they do not hold counts as 0. `dense_weight` 0.5 is the fitted balance, 1 the embedding leg
    alone, 0 the keyword leg alone.
    """
    if dense_weight == 0:
        return {passage: keyword.get(passage, 0.0) for passage in dense}
    chosen = weights() if fitted is None else fitted
    share = (1 - dense_weight) / dense_weight
    words = {name: share * chosen[name] / chosen["dense"] for name in SIGNALS[1:]}
    return {
        passage: score + words["keyword"] * keyword.get(passage, 0.0) + words["coverage"] * coverage.get(passage, 0.0)
        for passage, score in dense.items()
    }
