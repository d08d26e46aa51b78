"""Folding: what is found alike."""

from __future__ import annotations

from assistant.text.normal import fold_with_offsets, literal


def test_half_of_a_surrogate_pair_is_one_sign_that_stands_for_nothing() -> None:
    assert literal("論\ud800茶") == "论?茶"
    assert fold_with_offsets("論\udfff茶") == ("论?茶", [0, 1, 2, 3])
