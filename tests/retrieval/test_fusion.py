"""Fusion: pure functions, by hand and as properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.fusion import SIGNALS, deviations, fuse, weights, without_language

SCORES = st.dictionaries(st.integers(0, 20), st.floats(-10, 10), min_size=1, max_size=12)
SHARES = st.dictionaries(st.integers(0, 20), st.floats(0, 1), max_size=12)
FITTED = {"dense": 2.0, "keyword": 4.0, "coverage": 6.0}


def test_by_hand() -> None:
    dense, keyword, coverage = {1: 4.0, 2: 2.0, 3: 1.0}, {2: 1.0, 3: 0.5}, {3: 1.0}
    fused = fuse(dense, keyword, coverage, dense_weight=0.5, fitted=FITTED)
    assert fused == {1: 4.0, 2: 2.0 + 2.0, 3: 1.0 + 1.0 + 3.0}
    fused = fuse(dense, keyword, coverage, dense_weight=0.25, fitted=FITTED)  # the words count three times as much
    assert fused == {1: 4.0, 2: 2.0 + 6.0, 3: 1.0 + 3.0 + 9.0}


@given(SCORES, SHARES, SHARES)
def test_one_leg_alone(dense: dict[int, float], keyword: dict[int, float], coverage: dict[int, float]) -> None:
    assert fuse(dense, keyword, coverage, dense_weight=1) == dense
    assert fuse(dense, keyword, coverage, dense_weight=0) == {one: keyword.get(one, 0.0) for one in dense}


@given(SCORES, SHARES, SHARES, st.floats(0.01, 1))
def test_better_in_everything_is_never_worse(
    dense: dict[int, float], keyword: dict[int, float], coverage: dict[int, float], balance: float
) -> None:
    fused = fuse(dense, keyword, coverage, dense_weight=balance)
    for one in dense:
        for other in dense:
            if dense[one] >= dense[other] and all(
                leg.get(one, 0.0) >= leg.get(other, 0.0) for leg in (keyword, coverage)
            ):
                assert fused[one] >= fused[other]


def test_the_fitted_weights_are_complete_and_nothing_speaks_against_a_passage() -> None:
    assert set(weights()) == set(SIGNALS)
    assert min(weights().values()) >= 0
    assert weights()["dense"] > 0


def test_deviations_of_the_background_itself() -> None:
    background = np.array([0.1, 0.2, 0.3], dtype=np.float32)
    assert deviations(background, background) == pytest.approx([-1.2247, 0, 1.2247], abs=1e-3)


def test_a_library_without_spread_does_not_blow_up() -> None:
    one = np.array([0.5], dtype=np.float32)
    assert np.isfinite(deviations(one, one)).all()
    assert np.isfinite(deviations(one, one[:0])).all()


def test_the_language_of_a_question_is_taken_out_of_its_vector() -> None:
    direction = np.array([0.6, 0.8, 0.0], dtype=np.float32)
    vector = np.array([0.0, 0.6, 0.8], dtype=np.float32)
    rest = without_language(vector, direction)
    assert float(rest @ direction) == pytest.approx(0, abs=1e-6)
    assert float(np.linalg.norm(rest)) == pytest.approx(1)
    assert without_language(vector, None) is vector
    assert np.isfinite(without_language(direction, direction)).all()
