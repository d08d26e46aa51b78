"""Fusion of the embedding leg and the keyword leg: pure functions over scores.

Ranks are not fused (RRF): that loses much wherever one leg is much stronger. Scores are made comparable instead.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from embeddings.embedder import Vectors

KEYWORD_SCALE = 8.0  # a best keyword match weighs like eight deviations above the background


def deviations(scores: Vectors, background: Vectors) -> Vectors:
    """How many standard deviations scores lie above those of a background sample. Shapes (n,) and (m,) give (n,)."""
    spread = float(background.std()) if len(background) else 0.0
    centre = float(background.mean()) if len(background) else 0.0
    # A library of a few like windows has no spread to speak of: cosines of unrelated texts differ by about 0.02.
    return np.asarray((scores - centre) / max(spread, 0.01), dtype=np.float32)


def fuse(
    dense: Mapping[int, float], keyword: Mapping[int, float], *, dense_weight: float, candidates: int
) -> dict[int, float]:
    """One score for every candidate of either leg.

    `dense` must hold every candidate, in deviations; `keyword` holds what its leg returned, at most `candidates`. Where
    it returned that many, one it did not return is given the last score, which it can at most have; else nothing.
    """
    best = max(keyword.values(), default=0.0)
    floor = min(keyword.values()) if len(keyword) >= candidates else 0.0
    share = (1 - dense_weight) * KEYWORD_SCALE if best > 0 else 0.0
    return {
        passage: dense_weight * score + share * (keyword.get(passage, floor) / (best or 1.0))
        for passage, score in dense.items()
    }
