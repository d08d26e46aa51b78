"""The commands, with the fake model: what they print, their exit codes, and one clear message for every mistake."""

import json
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import assistant.assistant as assistant_module
from assistant import cli
from assistant.assistant import Assistant
from assistant.types import CheckReport, Finding, GcReport, PassageChanges, Preview, Problem
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


def test_a_question_after_another(run: Any, library: Path) -> None:
    run("index", library)
    code, out, _ = run("ask", "那第一条呢？", "--after", "《保密办法》第二条怎么规定？")
    assert code == 0
    assert "理解为：《保密办法》第一条怎么规定？（补充：《保密办法》、怎么规定）" in out
    code, out, _ = run("ask", "那第一条呢？", "--after", "涉密文件不得带回哪里？", "--json")  # what that cites is known
    answer = json.loads(out)
    assert answer["question"] == "那第一条呢？"
    assert answer["asked"] == "《保密办法》第一条怎么规定？"
    assert answer["added"] == ["《保密办法》"]
    code, out, _ = run("ask", "Who keeps it?", "--after", "Where is the fire drill held?")
    assert "Understood as: Who keeps the fire drill? (added: the fire drill)" in out
    code, out, _ = run("ask", "粮食自给率要达到多少？", "--after", "涉密文件不得带回哪里？")
    assert "理解为" not in out


def test_every_mention_by_a_question(run: Any, library: Path) -> None:
    run("index", library)
    code, out, _ = run("ask", "列出所有提到涉密的段落")
    assert code == 0
    assert "2 passages of 1 document hold: 涉密" in out
    _, listed, _ = run("search", "--all", "涉密")
    assert out == listed
    code, out, _ = run("ask", "哪些地方提到了涉密？", "--in", "粮食.txt")
    assert code == 3
    assert out == "No passage holds 涉密.\n"
    code, out, _ = run("ask", "哪些地方提到了涉密？", "--json")
    assert json.loads(out)["mentions"]["passages"] == 2


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
        (["ask", "--after", "a", "--questions", "b"], "--after goes with one question"),
        (["ask", "粮食", "--library", "/no/such"], "does not exist"),
        (["ask", "--questions", "/no/such.jsonl"], "cannot be read"),
        (["nonsense"], "No such command"),
        (["search"], "Missing argument"),
        (["search", "粮食", "--limit", "0"], "--limit"),
        (["index", "a", "--library", "b"], "give the library once"),
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


def test_an_update_tells_what_became_of_the_passages(run: Any, library: Path) -> None:
    assert "passages: " in run("index", library)[1]
    done = json.loads(run("index", "--json")[1])
    assert set(done["passages_changed"]) == {"added", "changed", "removed"}


PREVIEW = Preview(
    tuple(f"新/{number}.md" for number in range(60)),
    ("改[red].md",),
    (),
    ("改了\n名.md",),
    PassageChanges(1200, 3, 2),
    480,
    150.0,
    (Problem("旧.doc", "is an old Word file; save it as .docx"),),
)


def test_a_dry_run_prints_what_an_update_would_do(
    run: Any, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Assistant, "preview", lambda self, on_progress=None: PREVIEW, raising=False)
    code, out, _ = run("index", library, "--dry-run")
    assert code == 0
    assert "60 added:\n  + 新/0.md\n" in out
    assert "  + 新/39.md\n  … and 20 more\n" in out
    assert "  ~ 改[red].md" in out
    assert "  > 改了\ufffd名.md" in out
    assert "removed:" not in out
    assert "Passages: 1,200 added, 3 changed, 2 removed." in out
    assert "480 windows to embed, which takes about 2 min." in out
    assert "旧.doc: is an old Word file" in out
    assert "Nothing was written" in out
    assert not list(tmp_path.rglob("library"))  # nor is it the library that is meant from now on
    found = json.loads(run("index", library, "--dry-run", "--json")[1])
    assert (found["changes"], found["windows"], found["seconds"]) == (True, 480, 150.0)
    assert found["passages"] == {"added": 1200, "changed": 3, "removed": 2}
    assert len(found["added"]) == 60


@pytest.mark.parametrize(
    ("windows", "seconds", "told"),
    [
        (480, None, "480 windows to embed, which takes a time that is not known yet."),
        (480, 0.01, "takes about 1 s."),
        (480, 7200.0, "takes about 2 h."),
        (0, 0.0, "0 windows to embed."),
    ],
)
def test_the_time_of_a_dry_run(
    run: Any, library: Path, monkeypatch: pytest.MonkeyPatch, windows: int, seconds: float | None, told: str
) -> None:
    found = Preview(("新.md",), (), (), (), PassageChanges(1, 0, 0), windows, seconds)
    monkeypatch.setattr(Assistant, "preview", lambda self, on_progress=None: found, raising=False)
    assert told in run("index", library, "--dry-run")[1]


def test_a_dry_run_where_nothing_changed(run: Any, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Preview((), (), (), (), PassageChanges(), 0, 0.0)
    monkeypatch.setattr(Assistant, "preview", lambda self, on_progress=None: nothing, raising=False)
    code, out, _ = run("index", library, "--dry-run")
    assert (code, out) == (0, "An update would change nothing.\n")
    assert json.loads(run("index", library, "--dry-run", "--json")[1])["changes"] is False


def checked(*findings: Finding, repaired: tuple[Finding, ...] = ()) -> Any:
    def check(self: Assistant, *, repair: bool = False, on_progress: Any = None) -> CheckReport:
        return CheckReport(4, 1800, 2400, 4, () if repair and repaired else findings, repaired if repair else (), 1.25)

    return check


def test_a_check_that_finds_nothing(run: Any, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assistant, "check", checked(), raising=False)
    code, out, err = run("check", "--library", library)
    assert (code, err.strip()) == (0, "")
    assert out == ("4 documents, 1,800 passages, 2,400 windows and 4 texts on disk checked: sound (1.2 s).\n")


def test_a_check_that_finds_something_is_exit_code_1_until_it_is_mended(
    run: Any, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding("保密/办法[1].md", "3 passages are no text of the document")
    monkeypatch.setattr(Assistant, "check", checked(finding, repaired=(finding,)), raising=False)
    code, out, err = run("check", "--library", library)
    assert code == 1
    assert "保密/办法[1].md: 3 passages are no text of the document\n" in out
    assert "1 wrong" in out
    assert "youju check --repair" in err
    code, out, _ = run("check", "--library", library, "--json")
    assert code == 1
    found = json.loads(out)
    assert found["sound"] is False
    assert found["findings"] == [{"place": finding.place, "reason": finding.reason}]
    code, out, err = run("check", "--library", library, "--repair")
    assert (code, err.strip()) == (0, "")
    assert "mended  保密/办法[1].md" in out
    assert "sound, 1 mended" in out


def test_what_a_repair_cannot_mend_is_exit_code_1(run: Any, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assistant, "check", checked(Finding("database", "a page of it is damaged")), raising=False)
    code, out, err = run("check", "--library", library, "--repair")
    assert code == 1
    assert "database: a page of it is damaged" in out
    assert "--repair" not in err


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (GcReport(1200, 1, 2, 3_450_000), "1,200 vectors, 1 model, 2 old generations; 3.5 MB freed."),
        (GcReport(1, 0, 0, 900), "1 vector, 0 models, 0 old generations; 900 bytes freed."),
        (GcReport(9, 0, 0, 12_300_000_000), "12.3 GB freed."),
        (GcReport(0, 0, 0, 0), "There is nothing that is not needed."),
    ],
)
def test_gc_says_what_it_dropped(
    run: Any, library: Path, monkeypatch: pytest.MonkeyPatch, report: GcReport, told: str
) -> None:
    monkeypatch.setattr(Assistant, "gc", lambda self: report, raising=False)
    code, out, _ = run("gc", "--library", library)
    assert code == 0
    assert told in out
    assert json.loads(run("gc", "--library", library, "--json")[1])["bytes"] == report.bytes


def test_ignored_files_are_counted_in_the_status(run: Any, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index", library)
    status = Assistant.status
    monkeypatch.setattr(Assistant, "status", lambda self: replace(status(self), ignored=3))
    assert "3 files or folders, by .youjuignore" in run("status")[1]


@pytest.mark.parametrize("arguments", [["--watch"], []])
def test_chat_follows_the_folder_where_that_is_asked_for(
    run: Any, library: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    import ui.server

    served: list[bool] = []
    monkeypatch.setattr(ui.server, "serve", lambda *_, watch, **__: served.append(watch))
    assert run("chat", library, "--no-browser", *arguments)[0] == 0
    assert served == [bool(arguments)]


def test_a_dry_run_says_what_the_update_then_does(run: Any, library: Path) -> None:
    assert "3 added:" in run("index", library, "--dry-run")[1]
    assert "indexed" in run("status", "--library", library)[1]
    assert json.loads(run("status", "--library", library, "--json")[1])["generation"] == 0
    run("index", library)
    write(library, {"粮食.txt": TEXTS["粮食.txt"] + "三、保障\n四是加强监督检查。\n", "新.md": "新的一段文字。"})
    (library / "safety.txt").rename(library / "drills.txt")
    expected = json.loads(run("index", "--dry-run", "--json")[1])
    done = json.loads(run("index", "--json")[1])
    kinds = ("added", "edited", "removed", "renamed")
    assert [len(expected[kind]) for kind in kinds] == [done[kind] for kind in kinds] == [1, 1, 0, 1]
    assert expected["passages"] == done["passages_changed"]
    assert expected["windows"] == done["embedded"] > 0
    assert json.loads(run("index", "--dry-run", "--json")[1])["changes"] is False


def test_check_and_gc_of_a_real_index(run: Any, library: Path) -> None:
    assert run("check", "--library", library)[0] == 1  # never indexed
    run("index", library)
    code, out, _ = run("check")
    assert code == 0
    assert "3 documents" in out
    (library / "safety.txt").unlink()
    run("index")
    assert json.loads(run("gc", "--json")[1])["vectors"] > 0
    assert run("check")[0] == 0
