"""The commands, with the fake model: what they print, their exit codes, and one clear message for every mistake."""

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

import assistant.assistant as assistant_module
from assistant import cli
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, write


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path / "texts", TEXTS)
    for name in ("DATA_DIR", "CACHE_DIR"):
        monkeypatch.setenv(f"YOUJU_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("YOUJU_THRESHOLD", "0")  # the fake model says nothing about confidence
    for name in ("LIBRARY", "INDEX", "MODEL"):
        monkeypatch.delenv(f"YOUJU_{name}", raising=False)
    monkeypatch.setattr(assistant_module, "load_embedder", lambda name, **_: FakeEmbedder(name=name))
    return tmp_path / "texts"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["youju", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return int(stopped.value.code or 0), captured.out, captured.err

    return run


def test_index_ask_search_status(run: Any, library: Path) -> None:
    code, out, _ = run("index", library)
    assert code == 0
    assert "3 documents" in out
    code, out, _ = run("ask", "粮食自给率要达到多少？")  # the library last indexed
    assert code == 0
    assert "100%" in out
    assert "[1]" in out
    code, out, _ = run("search", "保密承诺书", "--json", "--limit", "2")
    assert code == 0
    assert len(json.loads(out)["passages"]) == 2
    code, out, _ = run("status", "--json")
    status = json.loads(out)
    assert code == 0
    assert (status["documents"], status["generation"], status["library"]) == (3, 1, str(library))
    assert {d["encoding"] for d in status["contents"]} == {"utf-8"}
    code, out, _ = run("index", "--library", library, "--json")
    assert json.loads(out)["embedded"] == 0


def test_many_questions_in_order(run: Any, library: Path, tmp_path: Path) -> None:
    run("index", library)
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"id": None, "question": "粮食"},
        {"id": "a", "question": "粮食自给率要达到多少？"},
        {"question": "？！"},
        {"id": 3, "question": "fire drill"},
    ]
    questions.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", "utf-8")
    code, out, _ = run("ask", "--questions", questions, "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer.get("id", "none") for answer in answers] == [None, "a", "none", 3]
    assert answers[2]["answered"] is False
    assert "no words" in answers[2]["refusal"]["reason"]


def test_no_answer_is_exit_code_3(run: Any, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index", library)
    monkeypatch.setenv("YOUJU_THRESHOLD", "1")
    code, out, _ = run("ask", "反间谍法规定了哪些刑罚？")
    assert code == 3
    assert "not an answer" in out
    code, out, _ = run("ask", "反间谍法规定了哪些刑罚？", "--json")
    assert code == 3
    assert json.loads(out)["answered"] is False


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "粮食"], "youju index"),
        (["ask"], "give one question"),
        (["ask", "a", "--questions", "b"], "give one question"),
        (["ask", "粮食", "--library", "/no/such"], "does not exist"),
        (["ask", "--questions", "/no/such.jsonl"], "cannot be read"),
        (["nonsense"], "No such command"),
        (["search"], "Missing argument"),
        (["search", "粮食", "--limit", "0"], "--limit"),
        (["index", "a", "--library", "b"], "give the library once"),
        (["chat", "/no/such"], "does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_are_one_message_and_exit_code_1(run: Any, library: Path, arguments: list[str], message: str) -> None:
    code, out, err = run(*arguments)
    assert code == 1
    assert out == ""
    assert message in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}\n", "line 1"),
        ('{"question": "好"}\nnot json\n', "line 2"),
        ("\n\n", "no questions"),
        (b"\xff\xfe\xff", "UTF-8"),
        ("[" * 100_000, "line 1"),
        ('{"question": "好", "id": NaN}', "NaN"),
    ],
    ids=["no question", "not json", "blank", "encoding", "nested", "nan"],
)
def test_bad_question_files(run: Any, library: Path, tmp_path: Path, content: str | bytes, message: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    code, _, err = run("ask", "--questions", path)
    assert code == 1
    assert message in err


def test_bad_questions_and_settings(run: Any, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index", library)
    for question in ("", "？？", "粮" * 100_000):
        code, _, err = run("ask", question)
        assert code == 1
        assert err.startswith("Error: The question")
    monkeypatch.delenv("YOUJU_THRESHOLD")
    (library / "youju.toml").write_text("threshold = 7\n")
    code, _, err = run("status")
    assert code == 1
    assert "threshold" in err
    (library / "youju.toml").write_text("threshold = ?\n")
    assert "TOML" in run("status")[2]
    (library / "youju.toml").write_text("thresold = 0.5\n")
    assert "thresold" in run("status")[2]


def test_a_wrong_model_is_told_at_once_whatever_the_index_holds(run: Any, library: Path) -> None:
    run("index", library)
    for command in (["ask", "粮食"], ["index"], ["search", "粮食"]):
        code, _, err = run(*command, "--model", "no-such/model")
        assert code == 1
        assert "There is no model “no-such/model”" in err


def test_another_model_set_is_said(run: Any, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index", library)
    monkeypatch.setenv("YOUJU_MODEL", "other")
    code, _, err = run("ask", "粮食自给率")
    assert code == 0
    assert "youju index" in err


def test_a_newer_index_is_refused(run: Any, library: Path, tmp_path: Path) -> None:
    index = tmp_path / "kept here"
    assert run("index", library, "--index", index)[0] == 0
    connection = sqlite3.connect(index / "library.sqlite")
    connection.execute("UPDATE settings SET value = '99' WHERE key = 'format'")
    connection.commit()
    connection.close()
    code, _, err = run("ask", "粮食", "--index", index)
    assert code == 1
    assert "newer version" in err


def test_an_index_knows_its_library(run: Any, library: Path, tmp_path: Path) -> None:
    index = tmp_path / "kept here"
    run("index", library, "--index", index)
    write(tmp_path / "other", {"b.txt": "别的文本。"})
    run("index", tmp_path / "other")
    assert json.loads(run("status", "--index", index, "--json")[1])["library"] == str(library)
    code, _, err = run("index", tmp_path / "other", "--index", index)
    assert code == 1
    assert "belongs to the library" in err


def test_markup_in_texts_is_printed_as_it_is(run: Any, tmp_path: Path, library: Path) -> None:
    write(library, {"标记.txt": "颜色代码[red]红色[/red]与[link=http://x]链接[/link]写在文中。\n"})
    run("index", library)
    assert "[red]红色[/red]" in run("search", "颜色代码")[1]
