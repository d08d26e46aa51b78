from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citing.difference import Kind, difference

SAME, GONE, NEW = "same", "removed", "added"


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        (
            "应当在三十日内书面答复。",
            "应当在六十日内书面答复。",
            [("应当在", SAME), ("三十", GONE), ("六十", NEW), ("日内书面答复。", SAME)],
        ),
        ("涉密人员不得出境。", "涉密人员得出境。", [("涉密人员", SAME), ("不", GONE), ("得出境。", SAME)]),
        (
            "自2021年1月1日起施行",
            "自2022年1月1日起施行",
            [("自", SAME), ("2021", GONE), ("2022", NEW), ("年1月1日起施行", SAME)],
        ),
        (
            "罚款500元以上1,000元以下",
            "罚款1000元以上5,000元以下",
            [
                ("罚款", SAME),
                ("500", GONE),
                ("1000", NEW),
                ("元以上", SAME),
                ("1,000", GONE),
                ("5,000", NEW),
                ("元以下", SAME),
            ],
        ),
        (
            "每日8:30开放。",
            "每日9:00开放。",
            [("每日", SAME), ("8:30", GONE), ("9:00", NEW), ("开放。", SAME)],
        ),
        (
            "公司员工应当遵守本办法。",
            "全体职工必须严格遵守本规定。",
            [
                ("公司员工应当", GONE),
                ("全体职工必须严格", NEW),
                ("遵守本", SAME),
                ("办法", GONE),
                ("规定", NEW),
                ("。", SAME),
            ],
        ),
        (
            "The drill is held twice a year.",
            "The drill is held thrice a year.",
            [("The drill is held ", SAME), ("twice", GONE), ("thrice", NEW), (" a year.", SAME)],
        ),
        (
            "最迟于 Friday 提交。",
            "最迟于 Monday 提交。",
            [("最迟于 ", SAME), ("Friday", GONE), ("Monday", NEW), (" 提交。", SAME)],
        ),
        ("一模一样", "一模一样", [("一模一样", SAME)]),
        ("全都没了", "", [("全都没了", GONE)]),
        ("", "全是新的", [("全是新的", NEW)]),
        ("", "", []),
    ],
)
def test_a_difference_reads_well(before: str, after: str, pieces: list[tuple[str, Kind]]) -> None:
    assert list(difference(before, after)) == pieces


TEXTS = st.text(alphabet="不得应当三十六二〇0123,.:年月日 \nabAB，。％é", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(text for text, kind in pieces if kind != NEW) == before
    assert "".join(text for text, kind in pieces if kind != GONE) == after
    assert all(text for text, _ in pieces)
    assert all(one[1] != other[1] for one, other in pairwise(pieces))
    assert (NEW, GONE) not in [(one[1], other[1]) for one, other in pairwise(pieces)]


@pytest.mark.parametrize(
    ("before", "after"), [("甲，" * 40_000, "甲，" * 39_000 + "乙，"), ("中" * 9_000, "国" * 9_000)]
)
def test_long_texts_are_compared_roughly_and_wholly(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(text for text, kind in pieces if kind != NEW) == before
    assert "".join(text for text, kind in pieces if kind != GONE) == after
    assert len(pieces) <= 4
