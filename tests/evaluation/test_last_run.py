"""A library's own questions put to it: the figures are kept beside the index, and what is there is never trusted."""

import json
import threading

import pytest

from assistant.errors import SettingsError
from assistant.evaluation.feedback import questions_file
from assistant.evaluation.last_run import RUN_FILE, Miss, is_own, last_run, read_own, run_own
from tests.index.library import TEXTS, make_assistant, write

CASES = (
    {"question": "涉密人员上岗前应当签订什么？", "quote": "第一条 涉密人员上岗前应当签订保密承诺书。"},
    {"question": "确保粮食自给率达多少？", "not": [{"document": "粮食.txt", "quote": "确保粮食自给率达100%。"}]},
    {"question": "严格实行耕地占补平衡吗？", "answerable": False},
    {"question": "严格实行耕地占补平衡？", "answerable": True},
    {"question": "？？", "answerable": False},
)


@pytest.fixture
def assistant(tmp_path):
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path, threshold=0)
    assistant.update()
    yield assistant
    assistant.close()


@pytest.fixture
def questions(assistant):
    path = questions_file(assistant.index_dir)
    path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in CASES), "utf-8")
    return path


def test_the_questions_are_put_and_the_figures_kept(assistant, questions):
    seen = []
    generation = assistant.status().generation
    run = run_own(assistant, lambda done, total: seen.append((done, total)))
    assert seen == [(number, 5) for number in range(6)]
    assert run == last_run(assistant.index_dir)
    assert (run.questions, run.good, run.generation, run.model) == (4, 2, generation, "fake")
    assert run.misses == (Miss("确保粮食自给率达多少？", "wrong"), Miss("严格实行耕地占补平衡吗？", "answered"))
    assert run.figures["citations.rejected_avoided"] == 0
    assert run.figures["refusal.unanswerable_refused"] == 0
    assert run.figures["refusal.answerable_answered"] == 1
    assert run.figures["answerable"] == 2
    assert [problem.path for problem in run.problems] == ["line 5"]
    assert run.made_at[10] == "T"


def test_the_index_stays_as_it_is(assistant, questions, tmp_path):
    (tmp_path / "texts" / "新.txt").write_text("新的一句话。\n", "utf-8")
    run_own(assistant)
    assert assistant.status().generation == 1


def test_a_run_that_is_stopped_leaves_the_one_before(assistant, questions):
    before = run_own(assistant)
    stop, seen = threading.Event(), []

    def progress(done, _):
        seen.append(done)
        if done == 2:
            stop.set()

    assert run_own(assistant, progress, stop) is None
    assert seen == [0, 1, 2]
    assert last_run(assistant.index_dir) == before


@pytest.mark.parametrize("content", [None, "", "\n\n"])
def test_a_library_without_questions_says_how_to_come_by_some(assistant, content):
    if content is not None:
        questions_file(assistant.index_dir).write_text(content, "utf-8")
    with pytest.raises(SettingsError, match="no questions of its own"):
        read_own(assistant.index_dir)
    assert last_run(assistant.index_dir) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": 1}',
        lambda row: {**row, "format": 99},
        lambda row: {**row, "figures": 3},
        lambda row: {**row, "figures": {"a": None}},
        lambda row: {**row, "misses": [1]},
        lambda row: {**row, "made_at": "yesterday"},
        lambda row: {**row, "questions": 1e999},
        lambda row: {name: value for name, value in row.items() if name != "good"},
    ],
)
def test_a_damaged_file_is_no_run(assistant, questions, damage):
    run_own(assistant)
    path = assistant.index_dir / RUN_FILE
    path.write_bytes(damage if isinstance(damage, bytes) else json.dumps(damage(json.loads(path.read_text()))).encode())
    assert last_run(assistant.index_dir) is None


def test_figures_that_cannot_be_kept_are_told(assistant, questions):
    (assistant.index_dir / f"{RUN_FILE}.new").mkdir()
    with pytest.raises(SettingsError, match="cannot be kept"):
        run_own(assistant)


def test_its_own_file_is_known_by_any_path(assistant, questions, tmp_path):
    (tmp_path / "link.jsonl").symlink_to(questions)
    assert is_own(tmp_path / "link.jsonl", assistant.index_dir)
    assert not is_own(tmp_path / "other.jsonl", assistant.index_dir)
