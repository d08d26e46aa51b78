"""A quote is found among the letters of pages although the reader put them in order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.quote_places import letters, places

BODY = "本办法自公布之日起施行各村应当于每年三月底以前报送上一年度的情况逾期不报的由镇政府通报批评并责令限期改正"


def marked(pages: str, quote: str, before: str = "") -> list[str]:
    return [pages[start:end] for start, end in places(pages, quote, before)]


@pytest.mark.parametrize(
    ("pages", "quote", "found"),
    [
        ("甲" + BODY + "乙", BODY, [BODY]),
        (BODY[:20] + "镇政府文件第3页" + BODY[20:], BODY, [BODY[:20], BODY[20:]]),  # a footer between two pages
        ("甲" + BODY[30:] + BODY[:30] + "乙", BODY, [BODY[30:] + BODY[:30]]),  # columns the other way round
        (BODY[:20] + "x" + BODY[21:], BODY, [BODY[:20], BODY[21:]]),  # another letter
        (BODY[:20] + BODY[22:], BODY, [BODY[:20] + BODY[22:]]),  # letters are missing
        (
            "序号单位数量" + "甲" * 30 + "1清河村120",
            "单位清河村数量120",
            ["单位数量", "清河村120"],
        ),  # a table's row
        ("全不相同的文字在这里", BODY, []),
        ("各村应当甲于每年乙", "责令限期改正并通报批评各村应当", []),  # too little of it
        ("", BODY, []),
        (BODY, "", []),
        ("甲乙", "乙", ["乙"]),
        ("甲乙", "丙", []),
    ],
)
def test_where_a_quote_stands(pages: str, quote: str, found: list[str]) -> None:
    assert marked(pages, quote) == found


def test_what_is_before_a_quote_tells_which_of_several_is_meant() -> None:
    pages = "甲方" + BODY + "乙方" + BODY + "丙方" + BODY
    for number, name in enumerate("甲乙丙"):
        ((start, _),) = places(pages, BODY, f"以上{name}方")
        assert start == 2 + number * (2 + len(BODY))


def test_a_quote_in_two_parts_is_not_made_of_another_one_that_is_whole() -> None:
    """A text that comes again with another number, and runs over the end of a page where it is meant."""
    pages = BODY + "1号" + BODY[:30] + "第3页" + BODY[30:] + "2号" + BODY + "3号"
    assert marked(pages, BODY + "2号") == [BODY[:30], BODY[30:] + "2号"]


@given(st.text("甲乙丙ab1", max_size=60), st.text("甲乙丙ab1", max_size=30), st.text("甲乙", max_size=4))
@settings(max_examples=300, deadline=None)
def test_spans_are_in_order_and_of_the_quote(pages: str, quote: str, before: str) -> None:
    position = 0
    for start, end in places(pages, quote, before):
        assert position <= start < end <= len(pages)
        position = end
    if quote and quote in pages:
        assert marked(pages, quote, before) == [quote]


def test_letters() -> None:
    assert letters("Ｆｉ ﬁ-⼀，①Ⅳ…") == "fifi一1iv"
