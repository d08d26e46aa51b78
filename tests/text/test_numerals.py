"""Numbers are written one way in the search copy, and words that merely hold a numeral are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.normal import fold, fold_with_offsets, literal, literal_with_offsets
from assistant.text.numerals import numerals

SIGNS = "國务院零〇○一二三五十百千万亿两点分之第条年月日个几至0123.,%  \n３Ａaé1½㎏，。"

HOLDING = """
一些 三农 十分 万一 千万 第三产业 第三方 第三人 第一时间 统一日期 唯一 一个 两会 几十年 十几年 数十万 三四十 十三五规划
三万五 二百五 五四运动 三五年 九一八 一二三产业 两点一线 百分之几 五台山 三门峡 千岛湖 陆地 五千克 四处 100,200 1.2.3
"""


def chinese(value: int) -> str:
    """A number below 100,000,000 as it is written in full; another way than the code under test."""
    if value >= 10_000:
        low = value % 10_000
        zero = "零" if 0 < low < 1_000 else ""
        return chinese(value // 10_000) + "万" + zero + (chinese(low) if low else "")
    made, zero = "", False
    for power, sign in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            made += ("零" if zero and made else "") + "零一二三四五六七八九"[digit] + sign
            zero = False
        else:
            zero = True
    return made.removeprefix("一") if made.startswith("一十") else made


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("第十二条", "第12条"),
        ("第 12 条", "第12条"),
        ("第三章", "第3章"),
        ("三十日内", "30日内"),
        ("五个工作日", "5个工作日"),
        ("两年", "2年"),
        ("三至五年", "3至5年"),
        ("二〇二一年三月五日", "2021年3月5日"),
        ("二○○五年", "2005年"),
        ("一九七八年", "1978年"),
        ("百分之三十", "30%"),
        ("百分之六点九", "6.9%"),
        ("百分之百", "100%"),
        ("千分之三", "3‰"),
        ("三分之二", "2/3"),
        ("三万元", "30000元"),
        ("3万元", "30000元"),
        ("1.5亿", "150000000"),
        ("一亿五千万", "150000000"),
        ("三点五亿", "350000000"),
        ("六点六个百分点", "6.6个百分点"),
        ("十万零三千", "103000"),
        ("二十一世纪", "21世纪"),
        ("贰佰伍拾元", "250元"),
        ("30,000元", "30000元"),
        ("第１２條", "第12条"),
    ],
)
def test_numbers_are_written_one_way(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("text", HOLDING.split())
def test_words_that_merely_hold_a_numeral_stay(text: str) -> None:
    assert fold(text) == text


def test_what_a_number_counts() -> None:
    (found,) = numerals("依第十二条办理")
    assert (found.start, found.end, found.prefix, found.number, found.unit) == (1, 5, "第", "12", "条")
    assert found.form == "第12条"
    assert [numeral.form for numeral in numerals("2021年增长30%，共12人")] == ["2021年", "12人"]


@given(st.integers(min_value=11, max_value=99_999_999))
def test_every_whole_number_in_full_is_the_number(value: int) -> None:
    assert fold(f"共{chinese(value)}元") == f"共{value}元"
    assert fold(f"第{chinese(value)}条") == f"第{value}条"


@given(st.text(alphabet=SIGNS, max_size=20))
def test_every_character_of_both_forms_has_its_place(text: str) -> None:
    for form, with_offsets in ((literal, literal_with_offsets), (fold, fold_with_offsets)):
        folded, offsets = with_offsets(text)
        assert folded == form(text)
        assert len(offsets) == len(folded) + 1
        assert offsets == sorted(offsets)
        assert offsets[-1] == len(text)


@given(st.text(alphabet=SIGNS, max_size=20))
def test_the_literal_form_of_itself_is_itself(text: str) -> None:
    assert literal(literal(text)) == literal(text)


def test_a_line_break_within_chinese_text_parts_nothing() -> None:
    assert literal("粮食\n  安全，\n确保") == "粮食安全,确保"
    assert literal("粮食\n\n安全") == "粮食 安全"
    assert literal("fire\ndrill  twice") == "fire drill twice"
