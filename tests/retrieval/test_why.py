"""Why a passage was found: shares add up to the fused score, and words are found where they stand however written."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.retrieval.fusion import fuse
from assistant.retrieval.why import why
from assistant.types import Hit, Passage
from tests.index.library import TEXTS, make_assistant, write


def hit(text="", terms=(), *, dense=3.0, keyword=1.0, coverage=0.5, absent=()):
    passage = Passage("甲.txt", 0, len(text))
    return Hit(passage, "甲", text, 1.0, dense, keyword, tuple(terms), None, coverage, tuple(absent))


_SCORES = st.floats(0, 10)


@given(_SCORES, _SCORES, st.floats(0, 1), st.floats(0.1, 1))
def test_the_shares_are_those_of_the_fused_score(dense, keyword, coverage, weight):
    assume(dense + keyword + coverage > 0.01)
    fused = fuse({1: dense}, {1: keyword}, {1: coverage}, dense_weight=weight)[1]
    alone = fuse({1: dense}, {}, {}, dense_weight=weight)[1]
    found = why(hit(dense=dense, keyword=keyword, coverage=coverage), dense_weight=weight)
    assert found.meaning + found.words == pytest.approx(1)
    assert found.meaning * fused == pytest.approx(alone, abs=1e-9)


@pytest.mark.parametrize(
    ("scores", "weight", "meaning"),
    [
        ({"dense": None}, 0.0, 0.0),  # keywords alone
        ({"keyword": 3.0}, 1.0, 1.0),  # meaning alone
        ({"dense": -2.0}, 0.5, 0.0),  # further off than unrelated texts
        ({"keyword": None, "coverage": None}, 0.5, 1.0),
        ({"dense": -1.0, "keyword": None, "coverage": 0.0}, 0.5, 0.5),  # a place that the question names
    ],
)
def test_a_leg_that_says_nothing_has_no_share(scores, weight, meaning):
    found = why(hit(**scores), dense_weight=weight)
    assert (found.meaning, found.words) == (meaning, 1 - meaning)


@pytest.mark.parametrize(
    ("dense", "coverage", "levels"),
    [
        (6.0, 0.9, ("strong", "strong")),
        (3.0, 0.3, ("some", "some")),
        (1.0, 0.1, ("none", "none")),
        (None, None, ("none", "none")),
    ],
)
def test_levels(dense, coverage, levels):
    found = why(hit("粮食", ["粮食"], dense=dense, coverage=coverage))
    assert (found.meaning_level, found.words_level) == levels


@pytest.mark.parametrize(
    ("text", "term", "words"),
    [
        ("应当在三十日内书面告知，逾期30日的除外。", "30日", ["三十日", "30日"]),
        ("應當簽訂保密承諾書，並交保密辦公室。", "保密", ["保密", "保密"]),
        ("签订保密承诺书", "承諾書", ["承诺书"]),
        ("二〇二四年度总结，2024年，12024年", "2024年", ["二〇二四年", "2024"]),
        ("第十二条 依照第12条办理", "第十二条", ["第十二条", "第12条"]),
        ("增长率达到１２％左右", "12%", ["１２％"]),
        ("粮食产\n量增加", "产量", ["产\n量"]),
        ("The officers keep Records; a record-keeper", "record", ["Records", "record"]),
        ("Everybody records what was recorded.", "recording", ["records", "recorded"]),
        ("约5㎏的面粉", "5kg", ["5㎏"]),
        ("第44条", "4", []),
        ("完全没有", "粮食", []),
    ],
)
def test_words_are_found_where_they_stand_however_they_are_written(text, term, words):
    (matched,) = why(hit(text, [term])).matched
    assert matched.word == term
    assert [text[start:end] for start, end in matched.spans] == words


def test_marks_of_words_that_overlap_or_touch_are_one():
    found = why(hit("涉密人员管理", ["涉密人", "人员", "管理"]))
    assert found.spans == ((0, 6),)


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_every_span_lies_in_the_text_and_is_not_empty(text, terms):
    for one in why(hit(text, terms)).matched:
        assert all(0 <= start < end <= len(text) for start, end in one.spans)


def test_a_real_hit_tells_its_coverage_and_both_kinds_of_words(tmp_path):
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    try:
        best = assistant.search("涉密人员应当签订哪种保密承诺书和外星协议？")[0]
    finally:
        assistant.close()
    found = why(best)
    assert best.coverage is not None
    assert 0 < best.coverage < 1
    assert "外星" in "".join(found.absent)
    assert {"涉密", "签订"} <= {one.word for one in found.matched if one.spans}
    assert {one.word for one in found.matched}.isdisjoint(found.absent)
    assert "涉密人员" in [best.text[start:end] for start, end in found.spans]
