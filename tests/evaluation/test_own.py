"""`youju evaluate`: a user's own questions through the real Assistant, with the fake model."""

import json
import sys

import pytest

import assistant.assistant as assistant_module
from assistant import cli
from tests.fake_embedder import FakeEmbedder

LINES = (
    {"question": "粮食自给率达到多少？", "document": "甲.txt", "quote": "粮食自给率达到一百。"},
    {"id": "乙", "question": "国家安全的基础是什么？", "answers": ["人民"]},
    {"question": "月亮离太阳多远？", "answerable": False},
)


@pytest.fixture
def library(tmp_path, monkeypatch):
    for name in ("DATA_DIR", "CACHE_DIR"):
        monkeypatch.setenv(f"YOUJU_{name}", str(tmp_path / name.lower()))
    for name in ("LIBRARY", "INDEX", "MODEL"):
        monkeypatch.delenv(f"YOUJU_{name}", raising=False)
    monkeypatch.setenv("YOUJU_THRESHOLD", "0")  # what the fake's vectors mean is not calibrated
    monkeypatch.setattr(assistant_module, "load_embedder", lambda name, **_: FakeEmbedder(name=name))
    monkeypatch.setattr("embeddings.embedder.check_model", lambda name: None)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "甲.txt").write_text("粮食自给率达到一百。\n涉密人员签订保密承诺书。\n", "utf-8")
    (tmp_path / "texts" / "乙.txt").write_text("国家安全的基础是人民。\n", "utf-8")
    return tmp_path / "texts"


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in LINES), "utf-8")
    return path


@pytest.fixture
def run(monkeypatch, capsys, library):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["youju", "evaluate", *map(str, arguments), "--library", str(library)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return int(stopped.value.code or 0), captured.out, " ".join(captured.err.split())

    return run


def test_a_library_never_indexed_is_indexed_and_measured(run, questions, library):
    code, out, err = run(questions)
    assert code == 0, err
    assert "| questions (answerable) | 3 (2) |" in out
    assert "| own, fused | 1.000 |" in out
    assert "| quotes equal to their spans | 1.000 |" in out


def test_json_file_page_and_comparison(run, questions, tmp_path):
    earlier, later, html = tmp_path / "new" / "a.json", tmp_path / "b.json", tmp_path / "page" / "own.html"
    code, out, _ = run(questions, "--json", "--output", earlier)
    assert code == 0
    printed = json.loads(out)
    assert printed == json.loads(earlier.read_text("utf-8"))
    (entry,) = printed["sets"].values()
    assert [case["right"] for case in entry["cases"]] == [True, True, False]
    assert [case["case"]["line"] for case in entry["cases"]] == [1, 2, 3]
    assert entry["library"]["documents"] == 2
    assert "library" not in entry["settings"]

    questions.write_text(questions.read_text("utf-8").replace('"人民"', '"军队"'), "utf-8")
    code, out, err = run(questions, "--compare", earlier, "--output", later, "--report", html)
    assert code == 0
    assert "- right → wrong: 国家安全的基础是什么？" in out
    assert "".join(f"Written: {html}".split()) in "".join(err.split())  # a long path is broken over lines
    (comparison,) = json.loads(later.read_text("utf-8"))["comparison"]
    assert [move["question"] for move in comparison["worse"]] == ["国家安全的基础是什么？"]
    assert "Got worse: 1" in html.read_text("utf-8")


def test_edited_texts_are_indexed_before_they_are_asked(run, questions, library):
    run(questions)
    (library / "甲.txt").write_text("涉密人员签订保密承诺书。\n", "utf-8")
    code, _, err = run(questions)
    assert code == 0
    assert "line 1: 甲.txt does not hold the quote" in err
    assert "counts as missed" in err


def test_mistakes_in_files_are_told_before_anything_is_loaded(run, questions, tmp_path, monkeypatch):
    def never(*_, **__):
        raise AssertionError("nothing is to be loaded")

    monkeypatch.setattr(assistant_module, "load_embedder", never)
    monkeypatch.setattr(assistant_module.Assistant, "__init__", never)
    good = questions.read_text("utf-8")
    questions.write_text(good + '\n{"question": "谁？"}', "utf-8")
    code, _, err = run(questions)
    assert code == 1
    assert "own.jsonl, line 4: nothing is known of the answer" in err
    questions.write_text(good, "utf-8")
    code, _, err = run(questions, "--compare", questions)
    assert code == 1
    assert "not JSON" in err
    code, _, err = run(tmp_path / "nowhere.jsonl")
    assert code == 1
    assert "nowhere.jsonl" in err


def test_a_place_that_cannot_be_written_is_told_before_anything_is_measured(run, questions, tmp_path, monkeypatch):
    monkeypatch.setattr("assistant.evaluation.own.measure", lambda *_: pytest.fail("nothing is to be measured"))
    code, _, err = run(questions, "--report", questions / "page.html")
    assert code == 1
    assert "page.html cannot be written" in err


def test_another_model_does_not_take_over_the_index(run, questions, library, tmp_path):
    run(questions)
    code, _, err = run(questions, "--model", "other")
    assert code == 1
    assert "--index DIR" in err
    code, out, _ = run(questions, "--model", "other", "--index", tmp_path / "other", "--json")
    assert code == 0
    (entry,) = json.loads(out)["sets"].values()
    assert entry["settings"]["model"] == "other"


def test_without_a_file_its_own_questions_are_put_and_their_figures_kept(run, questions, library):
    from assistant.config import load_settings
    from assistant.evaluation.feedback import questions_file
    from assistant.evaluation.last_run import last_run

    index = load_settings(library=library).index_dir
    code, _, err = run()
    assert code == 1
    assert "no questions of its own" in err
    assert str(questions_file(index)) in err
    run(questions)
    assert last_run(index) is None  # others' questions are not the library's own
    questions_file(index).write_text("# 我的问题\n" + questions.read_text("utf-8"), "utf-8")
    code, out, err = run()
    assert code == 0, err
    assert "| questions (answerable) | 3 (2) |" in out
    kept = last_run(index)
    assert (kept.questions, kept.figures["fused.hit_at_1"], kept.generation) == (3, 1.0, 1)
    questions_file(index).write_text('{"question": "国家安全的基础是什么？", "answers": ["人民"]}', "utf-8")
    run(questions_file(index))
    assert last_run(index).questions == 1
