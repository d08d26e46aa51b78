"""Finding within a document: what people take for the same is found, at its exact place; nothing hostile does harm."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.readers.reading import make_document
from assistant.reading.finding import find_in
from assistant.reading.folding import folded
from assistant.reading.writings import whole, writings
from assistant.text.normal import fold, literal

CASES = [
    # text, query, what is found
    ("粮食安全是头等大事。粮食很重要。", "粮食", ["粮食", "粮食"]),
    ("發展與改革", "发展与改革", ["發展與改革"]),
    ("发展与改革", "發展與改革", ["发展与改革"]),
    ("使用ＡＢＣ１２型", "abc12", ["ＡＢＣ１２"]),
    ("Use ABC12.", "ａｂｃ", ["ABC"]),
    ("ｶﾞｽ", "ガス", ["ｶﾞｽ"]),
    ("重5㎏…", "5kg", ["5㎏"]),
    ("甲……乙", "…", ["…", "…"]),
    ("甲……乙", "......", ["……"]),
    ("ﬁre", "fi", ["ﬁ"]),
    ("café cafe\u0301 CAFÉ", "cafe", ["café", "cafe", "CAFÉ"]),
    ("cafe", "café", ["cafe"]),
    ("co\u00adoperate\u200b", "cooperate", ["co\u00adoperate"]),
    # white space
    ("线路\n安全", "线路安全", ["线路\n安全"]),
    ("线路\r\n\u3000\u3000安全", "线路安全", ["线路\r\n\u3000\u3000安全"]),
    ("第 一 章\u3000总 则", "第一章 总则", ["第 一 章\u3000总 则"]),
    ("第一章总则", "第一章 总则", ["第一章总则"]),
    ("标题\n\n正文", "标题正文", []),
    ("标题\n \n正文", "标题 正文", ["标题\n \n正文"]),
    ("a fire\n  drill", "fire drill", ["fire\n  drill"]),
    ("an island is land", "is land", ["is land"]),
    ("an island is land", "island", ["island"]),
    ("firedrill", "fire drill", []),
    ("用Python写", "用 Python 写", ["用Python写"]),
    ("用 Python 写", "用Python写", ["用 Python 写"]),
    ("one, two", "one,two", ["one, two"]),
    # numbers
    ("第十二条 第112条 第12条 第一百一十二条", "第12条", ["第十二条", "第12条"]),
    ("第十二条 第112条 第12条", "第十二条", ["第十二条", "第12条"]),
    ("三十日 二百三十日 30日 230日", "30日", ["三十日", "30日", "30日"]),
    ("增长百分之五点五，即5.5%", "5.5%", ["百分之五点五", "5.5%"]),
    ("二〇二四年、二○二四年、2024年", "2024年", ["二〇二四年", "二○二四年", "2024年"]),
    ("两个月、二个月、2个月", "2个月", ["两个月", "二个月", "2个月"]),
    ("罚款三万元、30000元、30,000元、3万元", "3万元", ["三万元", "30000元", "30,000元", "3万元"]),
    ("三分之一和1/3", "1/3", ["三分之一", "1/3"]),
    ("第二十三条第三款，第23条第3款", "第23条第三款", ["第二十三条第三款", "第23条第3款"]),
    ("一万零五十个", "10050个", ["一万零五十个"]),
    ("一些、十分、万一", "1", []),
    # marks
    ("甲##paidbegin##乙<!-- 注 -->丙", "甲乙丙", ["甲##paidbegin##乙<!-- 注 -->丙"]),
    ("甲##paidbegin##乙", "paidbegin", []),
    # hostile
    ("a.*b [x]", "A.*", ["a.*"]),
    ("a.*b (x", "(X", ["(x"]),
    ("$^\\ %s {0}", "\\ %s {0}", ["\\ %s {0}"]),
    ("，。！", "。", ["。"]),
    ("甲\ud800乙", "\ud800", ["\ud800"]),
    ("甲\ud800乙", "甲\ud800乙", ["甲\ud800乙"]),
    ("a\x00b", "ab", ["a\x00b"]),
    ("\ue000甲", "\ue000甲", ["\ue000甲"]),
    ("aaaa", "aa", ["aa", "aa"]),
    ("文", "", []),
    ("文 字", " \n\t", []),
    ("文", "\u200b\u0301", []),
    ("", "文", []),
    ("", "", []),
]


@pytest.mark.parametrize(("text", "query", "found"), CASES)
def test_what_is_found(text: str, query: str, found: list[str]) -> None:
    result = find_in(text, query)
    assert [text[start:end] for start, end in result.spans] == found
    assert result.total == len(found)


LETTERS = st.text(
    st.sampled_from("甲乙丙廣广ＡaBb1２ 　\n…㎏ﬁé\u0301，。第条三十%#!<->\u200b\U00020000\ud800"), max_size=40
)


@given(LETTERS, st.integers(0, 40), st.integers(1, 6))
@settings(max_examples=500, deadline=None)
def test_every_part_of_a_text_is_found_where_it_stands(text: str, start: int, length: int) -> None:
    query = text[start : start + length]
    result = find_in(text, query)
    position = 0
    for left, right in result.spans:
        assert position <= left < right <= len(text)
        position = right
    if re.search(r"\w", query) and "#" not in text and "<" not in text and "%" not in text and "\u0301" not in text:
        places = range(start, start + length)
        assert any(left in places or right - 1 in places for left, right in result.spans)


@given(LETTERS)
@settings(max_examples=300, deadline=None)
def test_folding_is_that_of_the_search_copies(text: str) -> None:
    """But for what it leaves out: white space, accents, control characters, marks."""
    plain = re.sub(r"[#<!>\u0301\u200bé-]", "", text)
    form = folded(plain)
    assert "".join(form.form.split()).replace("\ud800", "?") == "".join(literal(whole(plain)).split())
    assert len(form.form) == len(form.offsets)
    offsets = form.offsets.tolist()
    assert offsets == sorted(offsets)
    for letter, offset in zip(form.form, offsets, strict=True):
        assert letter == " " or letter in folded(plain[offset]).form


NUMBERS = [2, 7, 10, 12, 15, 20, 99, 100, 101, 110, 200, 205, 999, 1000, 1010, 2005, 10000, 20500, 100000, 1050000]


@pytest.mark.parametrize("number", [*NUMBERS, 12345678, 100000000, 250000000, 3000000001])
@pytest.mark.parametrize("unit", ["元", "人", "天"])
def test_each_writing_is_the_same_number(number: int, unit: str) -> None:
    query = f"共{number}{unit}"
    made = writings(query)
    assert any(re.search("[一二三四五六七八九十百千万亿]", one) for one in made)
    assert {fold(one) for one in made} == {fold(query)}
    assert all(query in writings(one) or find_in(query, one).total for one in made)


def test_total_counts_what_the_limit_leaves_out() -> None:
    result = find_in("文字，" * 5000, "字", limit=3)
    assert result.total == 5000
    assert result.spans == ((1, 2), (4, 5), (7, 8))


def test_a_document_is_its_text() -> None:
    document = make_document("a.txt", "标题", "正文在此")
    assert find_in(document, "文在").spans == ((1, 3),)


@pytest.mark.parametrize(
    "query",
    ["a" * 100_000, "a" * 99_999 + "b", "a " * 50_000, "，" * 100_000, " " * 100_000, "(" * 50_000, "第1条" * 30_000,
     "1" * 100_000, "1万" * 90, "a" * 1_000_000],
)  # fmt: skip
def test_hostile_queries_come_to_an_end(query: str) -> None:
    began = time.process_time()
    find_in("a" * 300_000 + "，" * 1000 + "a a a 第一条 1万1万" * 1000, query)
    assert time.process_time() - began < 60  # not the time by its square
