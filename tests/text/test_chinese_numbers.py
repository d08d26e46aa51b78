"""Chinese numbers, written out and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.chinese_numbers import as_spoken, in_full, loosely


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "零"),
        (7, "七"),
        (12, "一十二"),
        (105, "一百零五"),
        (1_020, "一千零二十"),
        (30_020, "三万零二十"),
        (102_000, "一十万二千"),
        (200_000_003, "二亿零三"),
    ],
)
def test_written_out(value: int, text: str) -> None:
    assert in_full(value) == text


@pytest.mark.parametrize(("value", "text"), [(10, "十"), (12, "十二"), (112, "一百一十二"), (100_000, "十万")])
def test_as_one_says_it(value: int, text: str) -> None:
    assert as_spoken(value) == text


@given(st.integers(0, 10**16 - 1))
def test_what_was_written_is_read_again(value: int) -> None:
    assert loosely(in_full(value)) == loosely(as_spoken(value)) == value
    assert loosely(in_full(value).replace("零", "〇").replace("二", "两")) == value


def test_what_is_no_number_is_told() -> None:
    with pytest.raises(KeyError):
        loosely("三年")
