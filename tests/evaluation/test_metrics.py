"""Every measure against values worked out by hand, and what must hold of it for any input."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.metrics import (
    CoveragePoint,
    RefusalScores,
    area_under_risk_coverage,
    auroc,
    cmrc_exact_match,
    cmrc_f1,
    expected_calibration_error,
    hit_at,
    holds,
    mrr_at_10,
    ndcg_at_10,
    percentile,
    refusal_scores,
    reliability,
    risk_coverage,
    share_interval,
    sign_test,
    word_exact_match,
    word_f1,
)

names = st.lists(st.sampled_from("甲乙丙丁戊己庚辛壬癸子丑寅卯"), unique=True)
judged = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_hit_looks_at_the_first_k_only():
    assert [hit_at(["甲", "乙", "丙"], {"丙"}, k) for k in (1, 2, 3, 10)] == [0, 0, 1, 1]


def test_reciprocal_rank_is_that_of_the_first_gold_name_within_ten():
    assert mrr_at_10(["甲", "乙", "丙", "丁"], {"丙", "丁"}) == pytest.approx(1 / 3)
    assert mrr_at_10([*"一二三四五六七八九十", "甲"], {"甲"}) == 0


def test_ndcg_by_hand():
    # gold at ranks 1 and 3 of 2: (1 + 1/2) / (1 + 1/log2 3)
    assert ndcg_at_10(["甲", "乙", "丙"], {"甲", "丙"}) == pytest.approx(1.5 / (1 + 1 / math.log2(3)))
    assert ndcg_at_10(["乙", "甲"], {"甲"}) == pytest.approx(1 / math.log2(3))
    assert ndcg_at_10(["甲"], set()) == 0


@given(names, st.sets(st.sampled_from("甲乙丙丁"), min_size=1))
def test_the_three_measures_of_a_ranking_agree_on_nothing_and_everything(ranking, gold):
    found = hit_at(ranking, gold, 10)
    assert (mrr_at_10(ranking, gold) > 0) == (ndcg_at_10(ranking, gold) > 0) == (found == 1)
    assert 0 <= ndcg_at_10(ranking, gold) <= 1 + 1e-12
    ideal = [*sorted(gold), *(name for name in ranking if name not in gold)]
    assert ndcg_at_10(ideal, gold) == pytest.approx(1)
    assert mrr_at_10(ideal, gold) == hit_at(ideal, gold, 1) == 1


@pytest.mark.parametrize(
    ("prediction", "answers", "exact", "f1"),
    [
        ("村雨城", ["村雨城"], 1, 1),
        ("《村雨城》。", ["村雨城"], 1, 1),  # punctuation aside
        ("任天堂游戏谜之村雨城", ["村雨城"], 0, 6 / 13),  # a run of 3: precision 3/10, recall 1
        ("甲乙丙丁", ["甲丙", "乙丙"], 0, 2 / 3),  # a run, not a subsequence: 甲丙 alone gives 1/3
        ("是1997年", ["1997年"], 0, 4 / 5),  # 是 / 1997 / 年
        ("Real World 乐团", ["real world"], 0, 2 * (2 / 4) / (2 / 4 + 1)),  # real / world / 乐 / 团
        ("没有", ["粮食"], 0, 0),
        ("", ["粮食"], 0, 0),
    ],
)
def test_cmrc_measures_by_hand(prediction, answers, exact, f1):
    assert cmrc_exact_match(prediction, answers) == exact
    assert cmrc_f1(prediction, answers) == pytest.approx(f1)


@given(st.text("粮食安全ab1 ，。", max_size=12), st.text("粮食安全ab1 ，。", max_size=12))
def test_cmrc_f1_is_symmetric_between_0_and_1_and_grows_with_alternatives(first, second):
    assert cmrc_f1(first, [second]) == pytest.approx(cmrc_f1(second, [first]))
    assert 0 <= cmrc_f1(first, [second]) <= cmrc_f1(first, [second, first]) <= 1
    assert cmrc_f1(first, [first]) in (0, 1)  # 0 only for nothing but punctuation


@pytest.mark.parametrize(
    ("prediction", "answers", "expected"),
    [
        ("the 10th and 11th centuries", ["10th and 11th centuries"], 1),
        ("The Normans, in Normandy!", ["Normandy"], 1 / 2),  # normans / in / normandy: precision 1/3
        ("ＣＡＦÉ «bar»", ["café bar"], 1),  # full width, accents, French quotes
        ("rose is a rose", ["rose"], 1 / 2),  # counted as often as it occurs: 1 of 3, and 1 of 1
        ("", ["Normandy"], 0),
        ("粮食 安全", ["粮食，安全"], 0),  # spaces make words here: cmrc_f1 is the measure for Chinese
    ],
)
def test_word_f1_by_hand(prediction, answers, expected):
    assert word_f1(prediction, answers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("prediction", "answer", "exact"),
    [("The Normans!", "normans", 1), ("ＣＡＦÉ", "a café", 1), ("two Normans", "Normans", 0), ("", "Normans", 0)],
)
def test_word_exact_match_leaves_articles_case_width_and_punctuation_aside(prediction, answer, exact):
    assert word_exact_match(prediction, ["other", answer]) == exact


@pytest.mark.parametrize(
    ("text", "answer", "said"),
    [
        ("国家安全最广泛、最深厚的基础是人民。", "人民", True),
        ("确保粮食自给率达100%", "100％", True),  # full-width sign
        ("确保粮食自给率达100%", "10", False),  # a number is not part of another
        ("实行耕地“占一补一”、“先补后占”政策", "占一补一、先补后占", True),
        ("In the 10th and 11th centuries.", "10TH AND 11th centuries", True),
        ("It began in 1944.", "4", False),
        ("参加WTO以后", "wto", True),
        ("没有。", "。", False),
    ],
)
def test_holds_compares_words_and_han_characters(text, answer, said):
    assert holds(text, [answer]) is said
    assert holds(text, []) is False
    assert holds(text, ["不在文中", answer]) is said


def test_auroc_by_hand_with_ties():
    assert auroc([0.9, 0.8, 0.3, 0.1], [True, True, False, False]) == 1
    assert auroc([0.9, 0.8, 0.3, 0.1], [False, False, True, True]) == 0
    # pairs: .8>.5 1, .8>.2 1, .5=.5 1/2, .5>.2 1
    assert auroc([0.8, 0.5, 0.5, 0.2], [True, True, False, False]) == pytest.approx(3.5 / 4)
    with pytest.raises(ValueError, match="at least one"):
        auroc([0.5, 0.6], [True, True])


@given(judged.filter(lambda pairs: len({positive for _, positive in pairs}) == 2))
def test_auroc_is_the_chance_that_a_positive_stands_above_a_negative(pairs):
    positives = [score for score, positive in pairs if positive]
    negatives = [score for score, positive in pairs if not positive]
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    assert auroc(*zip(*pairs, strict=True)) == pytest.approx(wins / (len(positives) * len(negatives)))


def test_refusal_scores_by_hand():
    # refused: two rightly, one wrongly; one that should have been refused was answered
    scores = refusal_scores([True, True, True, False, False], [False, False, True, False, True])
    assert scores == RefusalScores(pytest.approx(2 / 3), pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert refusal_scores([False, False], [True, False]) == RefusalScores(0, 0, 0)


def test_risk_coverage_by_hand():
    points = risk_coverage([0.9, 0.7, 0.7, 0.2], [True, False, True, False])
    assert points == (
        CoveragePoint(0.9, 0.25, 0),
        CoveragePoint(0.7, 0.75, pytest.approx(1 / 3)),
        CoveragePoint(0.2, 1, 0.5),
    )


def test_area_under_risk_coverage_by_hand():
    # risks 0, 1/2, 1/3, 1/2 at the four coverages: their mean
    points = risk_coverage([0.9, 0.8, 0.7, 0.6], [True, False, True, False])
    assert area_under_risk_coverage(points) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    # The middle two cannot be told apart: a half of the coverages has the risk of all three.
    tied = risk_coverage([0.9, 0.7, 0.7, 0.2], [True, False, True, False])
    assert area_under_risk_coverage(tied) == pytest.approx(0 / 4 + (1 / 3) / 2 + (1 / 2) / 4)
    assert area_under_risk_coverage(()) == 0


@given(judged)
def test_the_area_is_least_where_right_answers_come_first(pairs):
    area = area_under_risk_coverage(risk_coverage(*zip(*pairs, strict=True)))
    ordered = sorted((right for _, right in pairs), reverse=True)
    best = area_under_risk_coverage(risk_coverage([-float(rank) for rank in range(len(ordered))], ordered))
    assert -1e-9 <= best <= area + 1e-9 <= 1 + 1e-9


@given(judged)
def test_risk_coverage_ends_with_everything_answered(pairs):
    points = risk_coverage(*zip(*pairs, strict=True))
    assert points[-1].coverage == 1
    assert points[-1].risk == pytest.approx(sum(not right for _, right in pairs) / len(pairs))
    coverages = [point.coverage for point in points]
    assert coverages == sorted(set(coverages))


def test_calibration_by_hand():
    # bin .1: promised .1, happened 1/2, weight 1/2; bin .9: promised .95, happened 1, weight 1/2
    probabilities, happened = [0.1, 0.1, 0.9, 1.0], [True, False, True, True]
    assert [(row.count, row.happened) for row in reliability(probabilities, happened)] == [(2, 0.5), (2, 1)]
    assert expected_calibration_error(probabilities, happened) == pytest.approx(0.5 * 0.4 + 0.5 * 0.05)
    assert expected_calibration_error([], []) == 0


@given(judged)
def test_calibration_error_lies_between_the_overall_gap_and_one(pairs):
    probabilities, happened = zip(*pairs, strict=True)
    gap = abs(sum(probabilities) - sum(happened)) / len(pairs)
    assert gap - 1e-9 <= expected_calibration_error(probabilities, happened) <= 1 + 1e-9
    assert sum(row.count for row in reliability(probabilities, happened)) == len(pairs)


def test_share_interval_by_hand():
    # Wilson's own formula for 8 of 10, z = 1.96: centre .7167, half width .2266
    assert share_interval(0.8, 10) == (pytest.approx(0.4902, abs=1e-3), pytest.approx(0.9433, abs=1e-3))
    assert share_interval(1, 5)[1] == 1
    assert share_interval(0, 5)[0] == 0
    with pytest.raises(ValueError, match="at least one"):
        share_interval(0.5, 0)


def test_sign_test_by_hand():
    assert sign_test(0, 0) == 1
    assert sign_test(5, 0) == sign_test(0, 5) == pytest.approx(2 / 32)
    assert sign_test(3, 1) == pytest.approx(2 * (1 + 4) / 16)
    assert sign_test(4, 4) == 1
    exact = 2 * sum(math.comb(1002, k) for k in range(481)) / 2**1002
    assert sign_test(480, 522) == pytest.approx(exact, rel=0.01)  # approximated, being large


def test_percentile_by_hand():
    assert [percentile([4, 1, 3, 2], share) for share in (0, 0.5, 0.95, 1)] == [1, 2.5, pytest.approx(3.85), 4]
    with pytest.raises(ValueError, match="needs values"):
        percentile([], 0.5)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 1), st.floats(0, 1))
def test_percentiles_lie_within_the_values_and_in_order(values, first, second):
    low, high = sorted((first, second))
    assert min(values) - 1e-6 <= percentile(values, low) <= percentile(values, high) + 1e-6 <= max(values) + 2e-6
