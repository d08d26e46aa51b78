from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.marks import literal_spans, marks, masked, trim, without_marks

FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "##paidbegin##",
            "##paidend##",
            "<!-- 注 -->",
            "<!--",
            "-->",
            "##",
            "粮食",
            "。",
            " ",
            "\n",
            "\r\n",
            "\u3000",
            "a",
        ]
    ),
    max_size=14,
).map("".join)


def test_marks_are_found_in_chinese_and_english():
    text = "甲##paidbegin##乙<!-- 注 -->丙 ##end_2## d"
    assert [text[s:e] for s, e in marks(text, 0, len(text))] == ["##paidbegin##", "<!-- 注 -->", "##end_2##"]
    assert without_marks(text, 0, len(text)) == "甲乙丙  d"
    assert [text[s:e] for s, e in literal_spans(text, 0, len(text))] == ["甲", "乙", "丙", "d"]


def test_what_only_looks_like_a_mark_stays():
    for text in ("## 标题 ##", "C## 与 F##", "####", "<!-- 没有结束", "##1a##"):
        assert marks(text, 0, len(text)) == ()
        assert without_marks(text, 0, len(text)) == text


def test_a_mark_alone_on_its_line_takes_the_break_before_it():
    text = "上一行\n##paidend##\n下一行"
    assert masked(text).split("\n")[0].strip() == "上一行"
    assert masked(text).count("\n") == 1


@settings(deadline=None)
@given(FRAGMENTS)
def test_masking_keeps_offsets_and_all_other_characters(text: str):
    result = masked(text)
    assert len(result) == len(text)
    assert all(new in (old, "\x1f") for old, new in zip(text, result, strict=True))
    spans = marks(text, 0, len(text))
    assert all(result[start:end].strip() == "" for start, end in spans)


@settings(deadline=None)
@given(FRAGMENTS)
def test_literal_spans_are_what_is_left_without_marks(text: str):
    spans = literal_spans(text, 0, len(text))
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(without_marks(text, 0, len(text)).split())
    assert all(text[s:e] == text[s:e].strip() for s, e in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@settings(deadline=None)
@given(st.text())
def test_trim_strips(text: str):
    start, end = trim(text, 0, len(text))
    assert text[start:end] == text.strip()
