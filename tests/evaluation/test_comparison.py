"""Two runs side by side: what counts as better, whatever a figure's direction, and which questions moved."""

import json

import pytest

from assistant.errors import SettingsError
from assistant.evaluation.comparison import Change, compare, is_good, verdict_of
from assistant.evaluation.report import comparison_report
from assistant.evaluation.results import FORMAT, read_results


def case(question, *, answered=True, right=True, answerable=True, rank=1):
    return {
        "case": {"id": question, "question": question, "answerable": answerable},
        "answered": answered,
        "right": right,
        "ranks": {"fused": rank} if answerable else {},
    }


def run(cases, name="own", figures=None, **settings):
    entry = {"figures": figures or {"questions": len(cases)}, "cases": cases, "settings": settings}
    return {"format": FORMAT, "made_at": "2026-01-02T03:04:05+00:00", "commit": "a" * 40, "sets": {name: entry}}


@pytest.mark.parametrize(
    ("row", "verdict", "good"),
    [
        (case("？"), "right", True),
        (case("？", right=False), "wrong", False),
        (case("？", answered=False), "refused", False),  # although what it kept back is right
        (case("？", right=None), "answered", True),  # nobody can tell
        (case("？", answerable=False, right=False), "answered", False),
        (case("？", answerable=False, right=False, answered=False), "refused", True),
        # Only known what does not answer it.
        ({**case("？", answerable=None, right=None), "unwanted_cited": True}, "wrong", False),
        ({**case("？", answerable=None, right=None), "unwanted_cited": False}, "answered", True),
        ({**case("？", answerable=None, right=None, answered=False), "unwanted_cited": False}, "refused", True),
        ({**case("？"), "unwanted_cited": True}, "right", True),  # it also cites what is right
    ],
)
def test_what_became_of_a_question(row, verdict, good):
    assert (verdict_of(row), is_good(row)) == (verdict, good)


def test_questions_are_matched_by_their_words_and_sorted_by_what_became_of_them():
    before = [case("甲", right=False), case("乙"), case("丙", rank=None), case("丁", answerable=False), case("旧")]
    before.append(case("改", answerable=False))  # was thought to have no answer: another question now
    after = [
        case("甲"),
        case("乙", answered=False, rank=3),
        case("丙", rank=2),
        case("丁", answerable=False, answered=False),
        case("新"),
        case("改"),
    ]
    (found,) = compare(run(before), run(after))
    assert found.questions == 4
    assert [(move.question, move.before, move.after) for move in found.better] == [
        ("甲", "wrong", "right"),
        ("丁", "answered", "refused"),
    ]
    assert [(move.question, move.before, move.after) for move in found.worse] == [("乙", "right", "refused")]
    assert [(move.question, move.before, move.after) for move in found.risen] == [("丙", "not found", "rank 2")]
    assert [(move.question, move.before, move.after) for move in found.fallen] == [("乙", "rank 1", "rank 3")]
    assert (
        "2 got better and 1 worse; by chance alone they would differ so unevenly with probability 1." in found.verdict
    )
    assert found.earlier == "2026-01-02 03:04 aaaaaaaaaa"


def test_figures_and_settings_that_differ_are_told_with_their_direction():
    figures = {"fused.hit_at_1": 0.5, "selection.risk": 0.2, "time.ask_p50_ms": 9.0, "gone": 1.0}
    later = {"fused.hit_at_1": 0.75, "selection.risk": 0.1, "time.ask_p50_ms": 5.0, "new": 1.0}
    (found,) = compare(
        run([], figures=figures, threshold=0.5, model="a"), run([], figures=later, threshold=0.6, model="a")
    )
    changes = {change.name: change for change in found.changes}
    assert [changes[name].better for name in ("fused.hit_at_1", "selection.risk", "time.ask_p50_ms")] == [True] * 3
    assert not Change("selection.risk", 0.1, 0.2).better
    assert not changes["gone"].differs
    assert not changes["new"].differs
    assert not Change("fused.hit_at_1", 0.5, 0.5004).differs
    assert found.settings == (("threshold", "0.5", "0.6"),)
    told = comparison_report([found])
    assert "| hit@1, fused | 0.500 | 0.750 | +0.250 |" in told
    assert "| risk | 0.200 | 0.100 | -0.100 |" in told
    assert "p50" not in told  # times of two runs are not compared in the terminal


def test_single_sets_are_compared_whatever_their_names_and_others_by_name():
    assert [found.name for found in compare(run([], "old"), run([], "new"))] == ["new"]
    two = {**run([]), "sets": {"a": run([])["sets"]["own"], "b": run([])["sets"]["own"]}}
    assert [found.name for found in compare(two, run([], "b"))] == ["b"]
    assert compare(two, run([], "c")) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not the results of a run"),
        ('{"sets": {}}', "not the results of a run"),
        ('{"sets": {"a": {"figures": {}}}}', "not the results of a run"),
        ('{"sets": {"a": {"figures": {}, "cases": []}}}', "another version"),
    ],
)
def test_a_file_that_is_no_earlier_run_is_told(tmp_path, content, said):
    path = tmp_path / "earlier.json"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=said) as raised:
        read_results(path)
    assert str(path) in str(raised.value)


def test_a_results_file_is_read_back(tmp_path):
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps(run([case("甲")])), "utf-8")
    assert read_results(path) == run([case("甲")])
