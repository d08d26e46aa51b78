"""`youju search --all`, and `--in` of `search` and `ask`."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import assistant.assistant as assistant_module
from assistant import cli
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, write


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on an indexed library; the fake model says nothing about confidence."""
    write(tmp_path / "texts", TEXTS)
    for name in ("LIBRARY", "INDEX", "MODEL"):
        monkeypatch.delenv(f"YOUJU_{name}", raising=False)
    for name, value in {"DATA_DIR": tmp_path / "data", "CACHE_DIR": tmp_path / "cache", "THRESHOLD": 0}.items():
        monkeypatch.setenv(f"YOUJU_{name}", str(value))
    monkeypatch.setattr(assistant_module, "load_embedder", lambda name, **_: FakeEmbedder(name=name))

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["youju", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return int(stopped.value.code or 0), captured.out, captured.err

    assert run("index", tmp_path / "texts")[0] == 0
    return run


def test_every_mention_is_counted_and_grouped(run: Any) -> None:
    code, out, _ = run("search", "--all", "涉密")
    assert code == 0
    assert out.startswith("2 passages of 1 document hold: 涉密")
    assert "(保密/办法.md)" in out
    assert "第一条" in out
    assert "涉密文件不得带回家中" in out
    assert run("search", "--all", "税收")[1] == "No passage holds 税收.\n"


def test_every_mention_needs_no_model(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, **_: object) -> None:
        raise AssertionError(name)

    monkeypatch.setattr(assistant_module, "load_embedder", refuse)
    assert run("search", "--all", "粮食")[0] == 0


def test_the_json_of_every_mention(run: Any) -> None:
    code, out, _ = run("search", "--all", "第2条 涉密", "--json")
    value = json.loads(out)
    assert code == 0
    assert {key: value[key] for key in ("query", "words", "passages")} == {
        "query": "第2条 涉密",
        "words": ["第2条", "涉密"],
        "passages": 1,
    }
    (document,) = value["documents"]
    (mention,) = document.pop("mentions")
    assert document == {"document": "保密/办法.md", "title": "保密办法", "passages": 1}
    text = TEXTS["保密/办法.md"]
    assert [text[start:end] for start, end in mention["spans"]] == ["第二条", "涉密"]
    assert "涉密文件" in text[mention["start"] : mention["end"]]
    assert set(mention) == {"heading", "page", "start", "end", "text", "spans"}


def test_a_search_in_places(run: Any) -> None:
    code, out, _ = run("search", "保密承诺书", "--in", "safety.txt", "--in", "粮食.txt", "--json")
    assert code == 0
    assert {passage["document"] for passage in json.loads(out)["passages"]} == {"safety.txt", "粮食.txt"}
    assert run("search", "--all", "涉密", "--in", "粮食.txt")[1] == "No passage holds 涉密.\n"
    code, out, _ = run("ask", "保密承诺书", "--in", "保密", "--json")
    assert {passage["document"] for passage in json.loads(out)["passages"]} == {"保密/办法.md"}


def test_many_questions_in_places(run: Any, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"question": "粮食自给率"}\n{"question": "粮食"}\n', "utf-8")
    code, out, _ = run("ask", "--questions", questions, "--in", "safety.txt", "--json")
    assert code == 0
    for line in out.splitlines():
        assert {passage["document"] for passage in json.loads(line)["passages"]} == {"safety.txt"}
    code, out, err = run("ask", "--questions", questions, "--in", "safety.text", "--json")
    assert (code, out) == (1, "")
    assert "“safety.text”" in err


def test_an_unknown_place_names_near_ones(run: Any) -> None:
    for arguments in (("search", "粮食"), ("ask", "粮食"), ("search", "--all", "粮食")):
        code, _, err = run(*arguments, "--in", "保密/办发.md")
        assert code == 1
        assert "Near it: 保密/办法.md" in err
