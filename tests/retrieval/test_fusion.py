"""Fusion: scores, not ranks, and every candidate keeps its place in both legs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.fusion import KEYWORD_SCALE, deviations, fuse

scores = st.dictionaries(st.integers(0, 50), st.floats(-5, 20, allow_nan=False), min_size=1, max_size=30)
shares = st.floats(0, 1)


def test_by_hand() -> None:
    fused = fuse({1: 4.0, 2: 2.0, 3: 1.0}, {2: 10.0, 3: 5.0}, dense_weight=0.5, candidates=100)
    assert fused == {1: 2.0, 2: 1.0 + 0.5 * KEYWORD_SCALE, 3: 0.5 + 0.25 * KEYWORD_SCALE}


def test_a_passage_that_a_full_keyword_leg_left_out_gets_its_last_score() -> None:
    assert fuse({1: 0.0, 2: 0.0, 3: 0.0}, {1: 8.0, 2: 4.0}, dense_weight=0.0, candidates=2)[3] == 4.0


@given(scores)
def test_one_leg_alone_keeps_its_order(dense: dict[int, float]) -> None:
    assert fuse(dense, {}, dense_weight=1, candidates=100) == dense
    keyword = {passage: score + 6 for passage, score in dense.items()}
    alone = fuse(dense, keyword, dense_weight=0, candidates=100)
    assert sorted(alone, key=lambda p: (alone[p], p)) == sorted(keyword, key=lambda p: (keyword[p], p))


@given(scores, scores, shares)
def test_better_in_both_legs_is_never_worse(dense: dict[int, float], keyword: dict[int, float], share: float) -> None:
    keyword = {passage: abs(score) for passage, score in keyword.items() if passage in dense}
    fused = fuse(dense, keyword, dense_weight=share, candidates=100)
    for first in dense:
        for second in dense:
            if dense[first] >= dense[second] and keyword.get(first, 0) >= keyword.get(second, 0):
                assert fused[first] >= fused[second] - 1e-9


def test_deviations_of_the_background_itself() -> None:
    background = np.array([0.7, 0.8, 0.9], dtype=np.float32)
    assert deviations(background, background) == pytest.approx([-1.2247, 0, 1.2247], abs=1e-3)


def test_a_library_without_spread_does_not_blow_up() -> None:
    one = np.array([0.8], dtype=np.float32)
    assert np.isfinite(deviations(one, one)).all()
    assert np.isfinite(deviations(one, one[:0])).all()
