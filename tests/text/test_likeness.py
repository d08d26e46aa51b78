"""How much two texts say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.likeness import likeness


def test_likeness_by_hand() -> None:
    assert likeness("甲乙丙", "甲乙丁") == pytest.approx(1 / 2)
    assert likeness("甲乙", "丙甲乙丁") == 1  # the shorter one is part of the other
    assert likeness("三十日内", "30日内") == 1
    assert likeness("Ａ，Ｂ c", "abc") == 1
    assert likeness("甲", "甲") == 1
    assert likeness("甲", "乙") == 0


@given(st.text(max_size=20), st.text(max_size=20))
def test_it_is_symmetric_and_between_0_and_1(first: str, second: str) -> None:
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
