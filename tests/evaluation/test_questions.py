"""Questions files: the public formats, a user's own few lines, and what is said of a bad one."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingsError
from assistant.evaluation.questions import Case, Quoted, evenly_spaced, read_questions


def write(folder, *lines):
    path = folder / "questions.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_the_format_of_a_public_corpus(tmp_path):
    path = write(
        tmp_path,
        {
            "id": "q1",
            "question": "何时公布？",
            "passage_ids": ["p1"],
            "answers": ["1988年"],
            "answerable": True,
            "split": "x",
        },
        {"id": "q2", "question": "Who?", "passage_ids": [], "answers": [], "answerable": False, "asked_of": "p1"},
    )
    assert read_questions(path) == (
        Case("q1", "何时公布？", answers=("1988年",), passage_ids=("p1",)),
        Case("q2", "Who?", answerable=False, asked_of="p1", kind="adversarial"),
    )


def test_the_format_with_a_span(tmp_path):
    line = {"id": "s", "question": "要签什么？", "document": "甲.txt", "start": 3, "end": 8, "quote": "签订承诺书"}
    assert read_questions(write(tmp_path, line)) == (
        Case("s", "要签什么？", document="甲.txt", start=3, end=8, quote="签订承诺书"),
    )


def test_a_users_own_lines_need_little_and_are_called_by_their_line(tmp_path):
    path = write(
        tmp_path,
        "\ufeff" + '{"question": "谁负责？", "quote": "各级党委负责。"}',
        "",
        '{"question": "多少条？", "answers": "15条"}\r',
        '{"question": "没有写的", "answerable": false}',
    )
    assert [(case.id, case.quote, case.answers, case.answerable) for case in read_questions(path)] == [
        ("line 1", "各级党委负责。", (), True),
        ("line 3", None, ("15条",), True),
        ("line 4", None, (), False),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"question": ', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"question": "\\ud800", "answers": ["甲"]}', "half a character"),
        ('["谁？"]', "is not an object"),
        ('{"answers": ["甲"]}', 'has no "question"'),
        ('{"question": " ", "answers": ["甲"]}', "not empty"),
        ('{"question": "谁？"}', "nothing is known"),
        ('{"question": "谁？", "answers": [1]}', "list of texts"),
        ('{"question": "谁？", "answers": ["甲"], "answerable": "no"}', "true or false"),
        ('{"question": "谁？", "document": "a", "start": 5, "end": 5}', "start < end"),
        ('{"question": "谁？", "document": "a", "start": 5}', "start < end"),
        ('{"question": "谁？", "document": "a", "start": true, "end": 5}', "start < end"),
        ('{"question": "谁？", "quote": "甲", "start": 1, "end": 2}', '"document"'),
        ('{"question": "谁？", "id": "一", "answers": ["甲"]}', "also on line 1"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path, line, said):
    path = write(tmp_path, {"id": "一", "question": "何时？", "answers": ["甲"]}, line)
    with pytest.raises(SettingsError, match="line 2") as raised:
        read_questions(path)
    assert said in str(raised.value)
    assert str(path) in str(raised.value)


def test_all_mistakes_are_told_at_once_each_with_its_line(tmp_path):
    path = write(tmp_path, "{", {"question": "谁？", "answers": ["甲"]}, "[]", *[{"question": "谁？"}] * 30)
    with pytest.raises(SettingsError) as raised:
        read_questions(path)
    said = str(raised.value).splitlines()
    assert said[0] == f"{path} has 32 lines to mend:"
    assert [line.split()[1] for line in said[1:4]] == ["1", "3", "4:"]
    assert said[-1] == "  … and 12 more"
    assert len(said) == 22


def test_a_message_names_the_line_and_the_id(tmp_path):
    path = write(
        tmp_path, "", {"question": "谁？", "answers": ["甲"]}, {"id": "乙", "question": "何时？", "answers": ["2"]}
    )
    assert [case.place for case in read_questions(path)] == ["line 2", "line 3 (乙)"]
    assert Case("丙", "？").place == "丙"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ({"asked_of": "p"}, "adversarial"),
        ({"type": "adversarial"}, "adversarial"),
        ({"type": "left_out_paragraph"}, "random"),
        ({"kind": "random", "asked_of": "p"}, "random"),  # what is said outright
        ({"kind": "adversarial"}, "adversarial"),
        ({"type": "abstractive", "kind": "who"}, None),
        ({}, None),
    ],
)
def test_the_kind_of_an_unanswerable_question_is_known_where_the_file_says_it(tmp_path, line, kind):
    (case,) = read_questions(write(tmp_path, {"question": "谁？", "answerable": False, **line}))
    assert case.kind == kind
    (answerable,) = read_questions(write(tmp_path, {"question": "谁？", "answers": ["甲"], **line}))
    assert answerable.kind is None


@pytest.mark.parametrize("content", [b"", b"\n\n", "谁？".encode("gb18030"), None])
def test_a_file_without_questions_is_told(tmp_path, content):
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"questions\.jsonl"):
        read_questions(path)


@given(st.integers(0, 60), st.integers(1, 60))
def test_an_evenly_spaced_choice_keeps_order_and_spreads(total, count):
    cases = tuple(Case(str(number), "谁？") for number in range(total))
    positions = [int(case.id) for case in evenly_spaced(cases, count)]
    assert len(positions) == min(total, count)
    assert positions == sorted(set(positions))
    gaps = {later - earlier for earlier, later in pairwise(positions)}
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_halves_are_fixed_by_the_id_alone_and_about_equal():
    halves = [Case(f"q{number}", "谁？").half for number in range(1000)]
    assert halves[:6] == [Case(f"q{number}", "何时？", answers=("甲",)).half for number in range(6)]
    spread = ["dev", "test", "dev", "dev", "test", "dev", "test", "test"]
    assert halves[:8] == spread  # a change here would spoil every honest split made before
    assert 450 < halves.count("dev") < 550


def test_more_right_places_and_those_that_are_not(tmp_path):
    places = [
        {"document": "甲.txt", "quote": "一", "start": 3, "end": 4, "note": "其他"},
        {"document": "乙", "quote": "二"},
    ]
    path = write(
        tmp_path,
        "# 注",
        {"question": "谁？", "not": places},
        "  // 注",
        {"question": "何时？", "also": places[1:], "within": ["办法", "甲.txt"]},
        {"question": "几年？", "answerable": True},
    )
    assert read_questions(path) == (
        Case("line 2", "谁？", answerable=None, unwanted=(Quoted("甲.txt", "一", 3, 4), Quoted("乙", "二"))),
        Case("line 4", "何时？", also=(Quoted("乙", "二"),), within=("办法", "甲.txt")),
        Case("line 5", "几年？"),
    )


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ("甲", "list of places"),
        (["甲"], "list of places"),
        ([{"quote": "一"}], "needs"),
        ([{"document": "a"}], "needs"),
    ],
)
@pytest.mark.parametrize("name", ["not", "also"])
def test_a_place_that_says_too_little_is_told(tmp_path, name, places, said):
    with pytest.raises(SettingsError, match=f'"{name}".*' if said == "list of places" else said):
        read_questions(write(tmp_path, {"question": "谁？", "answers": ["甲"], name: places}))
