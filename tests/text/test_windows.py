from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.measure import measure
from assistant.text.sentences import sentences
from assistant.text.windows import window_text, windows
from assistant.types import Passage, Window


def whole(text: str) -> Passage:
    return Passage("a.txt", 0, len(text))


def cut(text: str, limit: int = 120) -> list[str]:
    return [window_text(text, window) for window in windows(text, whole(text), window_characters=limit)]


def test_up_to_three_chinese_sentences_to_a_window():
    text = "第一句在此。第二句在此。第三句在此。第四句在此。"
    assert cut(text) == ["第一句在此。第二句在此。第三句在此。", "第四句在此。"]


def test_a_window_keeps_to_the_limit():
    sentence = "粮食安全是国之大者，要牢牢守住耕地红线。"
    assert cut(sentence * 4, limit=50) == [sentence * 2, sentence * 2]


def test_an_english_word_counts_two():
    assert measure("Grain is kept dry.") == 9
    assert measure("粮食安全。") == 5
    sentence = "Grain is kept dry in the store of the village."
    assert cut(" ".join([sentence] * 4), limit=45) == [f"{sentence} {sentence}"] * 2


def test_a_short_last_sentence_goes_with_the_one_before():
    sentence = "粮食安全是国之大者，要牢牢守住十八亿亩耕地红线不放松。"
    assert cut(sentence + "必须这样。", limit=28) == [sentence + "必须这样。"]


def test_a_long_sentence_is_one_window_up_to_four_times_the_limit():
    sentence = "各县各乡都要抓好落实，" * 7 + "不得有误。"
    assert cut(sentence, limit=30) == [sentence]
    assert len(cut(sentence, limit=20)) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("粮食##paidbegin##安全。", "粮食安全。"),
        ("国家安全是民族\n复兴的根基。", "国家安全是民族复兴的根基。"),
        ("Grain is\n  kept\u3000dry.", "Grain is kept dry."),
        ("张三　李四", "张三 李四"),
    ],
)
def test_window_text_has_no_marks_and_single_spaces(text: str, expected: str):
    assert window_text(text, Window(0, len(text))) == expected


FRAGMENTS = st.sampled_from(
    ["粮食安全。", "要守住耕地红线，", "吗？", "\n", "（一）", "a b c. ", "##m##", "“", "”", "甲" * 90]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(FRAGMENTS, max_size=30).map("".join), st.integers(20, 200))
def test_every_sentence_is_in_exactly_one_window(text: str, limit: int):
    found = windows(text, whole(text), window_characters=limit)
    spans = sentences(text, 0, len(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    for start, end in spans:
        holding = [window for window in found if window.start < end and start < window.end]
        if measure(text, start, end) <= 4 * limit:
            assert len(holding) == 1
            assert holding[0].start <= start
            assert end <= holding[0].end
        else:
            assert holding[0].start <= start
            assert end <= holding[-1].end
    for window in found:
        inside = [span for span in spans if window.start <= span[0] and span[1] <= window.end]
        assert len(inside) <= 3
        lengths = [measure(text, *span) for span in inside if any(char.isalnum() for char in text[slice(*span)])]
        assert len(lengths) < 2 or sum(lengths) <= 1.25 * limit
