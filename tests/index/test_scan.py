"""Which files a library holds: the rules of its `.youjuignore`, and what is left out always."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import LibraryError
from assistant.index.ignore import is_litter, is_temporary, read_rules
from assistant.index.scan import Scan, scan
from tests.index.library import make_assistant, write


def found(library: Path, rules: str | bytes, *names: str) -> Scan:
    for name in names:
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("文")
    library.mkdir(exist_ok=True)
    (library / ".youjuignore").write_bytes(rules if isinstance(rules, bytes) else rules.encode())
    return scan(library)


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        ("", "a.txt b.md 草稿/c.txt 草稿/旧/d.txt 定稿/e.txt"),
        ("# 说明\n\n   \n", "a.txt b.md 草稿/c.txt 草稿/旧/d.txt 定稿/e.txt"),
        ("*.txt", "b.md"),
        ("草稿/", "a.txt b.md 定稿/e.txt"),
        ("草稿", "a.txt b.md 定稿/e.txt"),
        ("/草稿/旧/", "a.txt b.md 草稿/c.txt 定稿/e.txt"),
        ("旧/", "a.txt b.md 草稿/c.txt 定稿/e.txt"),
        ("*\n!*/\n!*.md", "b.md"),
        ("*.txt\n!c.txt\n", "b.md 草稿/c.txt"),
        ("草稿/\n!草稿/c.txt\n", "a.txt b.md 定稿/e.txt"),  # nothing below an ignored folder comes back, as in git
        ("草稿/*\n!草稿/c.txt\n", "a.txt b.md 草稿/c.txt 定稿/e.txt"),
        ("草稿/**\n!草稿/c.txt\n", "a.txt b.md 草稿/c.txt 定稿/e.txt"),
        ("旧/\n!草稿/\n", "a.txt b.md 草稿/c.txt 定稿/e.txt"),
        ("**/旧/*.txt\r\n*.md\r\n", "a.txt 草稿/c.txt 定稿/e.txt"),
        ("\ufeff*.md", "a.txt 草稿/c.txt 草稿/旧/d.txt 定稿/e.txt"),
        ("[a-d].*", "定稿/e.txt"),
        ("?稿/", "a.txt b.md"),
        ("[草案]稿/", "a.txt b.md 定稿/e.txt"),
        ("A.*\n*.TXT", "a.txt b.md 草稿/c.txt 草稿/旧/d.txt 定稿/e.txt"),
        ("/**/旧/ \t\n/**.md", "a.txt 草稿/c.txt 定稿/e.txt"),
        ("\\a.txt", "b.md 草稿/c.txt 草稿/旧/d.txt 定稿/e.txt"),
    ],
)
def test_rules_of_gitignore_syntax(tmp_path: Path, rules: str, kept: str) -> None:
    names = ("a.txt", "b.md", "草稿/c.txt", "草稿/旧/d.txt", "定稿/e.txt")
    got = found(tmp_path / "texts", rules, *names)
    assert set(got.files) == set(kept.split())
    assert got.problems == ()


def test_what_is_left_out_is_counted_a_folder_once(tmp_path: Path) -> None:
    got = found(tmp_path / "texts", "草稿/\n*.log\n*.md", "a.txt", "b.md", "草稿/c.txt", "草稿/d.txt", "e.log", ".f.md")
    assert got.ignored == 3
    assert found(tmp_path / "texts", "").ignored == 0


def test_a_folder_that_is_left_out_is_not_walked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: looked.append(str(path)) or scandir(path))
    got = found(tmp_path / "texts", "草稿/", "草稿/深/c.txt", "定稿/e.txt")
    assert [Path(path).name for path in looked] == ["texts", "定稿"]
    assert [path.name for path in got.folders] == ["texts", "定稿"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed, and it is what this is compared with")
def test_rules_mean_what_they_mean_to_git(tmp_path: Path) -> None:
    """Some hundreds of random rules over one tree, with git itself as the judge."""
    chance = random.Random(7)
    pieces = ("a", "b", "ab", "中文", "a.txt", "*", "?", "a*", "*.txt", "*.md", "**", "[ab]", "[!a]", "[a-b]*", "*a*")
    pieces += ("A", "***", "**.md", "*a*t*t", "[^!-~]*", "[]x]*", "*[!-/]", "[[:alpha:]]", "[[:alnum:][:punct:]]*")
    pieces += ("中*", "*文*", "[中文]*", "\\a*", "\\!*", "x\\ y.txt", "[\\]a]", "[a", "[[:none:]]")
    top = ("a", "b", "ab", "中文")
    texts = ("a.txt", "b.md", "中文.txt", "x y.txt", "!b.txt", "].md")
    names = [f"{folder}{name}" for name in texts for folder in _folders(top)]
    library = tmp_path / "texts"
    for name in names:
        (library / name).parent.mkdir(parents=True, exist_ok=True)
        (library / name).write_text("文")
    subprocess.run(["git", "init", "-q", library], check=True, capture_output=True)

    def rule() -> str:
        parts = "/".join(chance.choice(pieces) for _ in range(chance.randint(1, 3)))
        before = chance.choice(["", "", "!"]) + chance.choice(["", "", "/", "/**/"])
        return before + parts + chance.choice(["", "", "/", " ", "/**", "/**/"])

    settings = ["-c", f"core.excludesFile={os.devnull}", "-c", "core.ignoreCase=false"]
    command = ["git", *settings, "ls-files", "-o", "-z", "-X", ".youjuignore"]
    for _ in range(250):
        rules = [rule() for _ in range(chance.randint(1, 5))]
        (library / ".youjuignore").write_text("\n".join(rules), "utf-8")
        done = subprocess.run(command, cwd=library, capture_output=True, check=True)
        git = set(filter(None, done.stdout.decode().split("\0"))) - {".youjuignore"}
        assert set(scan(library).files) == git, rules


def _folders(top: tuple[str, ...]) -> list[str]:
    return ["", *(f"{one}/" for one in top), *(f"{one}/{two}/" for one in top for two in top)]


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ("*a" * 60 + "b", "a" * 250),
        ("*?[a-z]" * 60 + "b", "a" * 250),
        ("/".join(["*a*a*a*a*a*"] * 8 + ["*b"]), "/".join(["a" * 250] * 9)),
        ("**/*a/" * 60 + "b", "a/" * 2000 + "a"),
        ("a/**/" * 60 + "b", "a/" * 2000 + "a"),
    ],
)
def test_a_rule_of_many_stars_is_as_quick_as_any(tmp_path: Path, rule: str, path: str) -> None:
    """Trying all that each star may stand for would go on beyond the time that pytest leaves a test."""
    (tmp_path / ".youjuignore").write_text(rule, "utf-8")
    rules = read_rules(tmp_path)
    assert not rules.problems
    assert not rules.leave_out(path, folder=False)
    assert rules.leave_out(f"{path[:-1]}b", folder=False)


def test_names_may_hold_line_breaks_and_what_is_not_unicode(tmp_path: Path) -> None:
    (tmp_path / ".youjuignore").write_text("a?b.txt\n草*\n", "utf-8")
    rules = read_rules(tmp_path)
    for name in ("a\nb.txt", "里/a\udce9b.txt", "草\n\udce9"):
        assert rules.leave_out(name, folder=False)
    assert not rules.leave_out("a\n\nb.txt", folder=False)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[abc", "[ is without its ]"),
        ("[[:none:]]*", "[ is without its ]"),
        ("[z-a]", "wrong way round"),
        ("[a--b]", "wrong way round"),
        ("a\\", "\\ is the last"),
        ("!", "fits no file"),
        ("/", "fits no file"),
        ("a" * 4097, "longer than any path"),
    ],
)
def test_a_line_that_is_no_rule_is_told_and_the_others_hold(tmp_path: Path, line: str, told: str) -> None:
    got = found(tmp_path / "texts", f"*.md\n\n{line}\n草稿/\n", "a.txt", "b.md", "草稿/c.txt")
    assert set(got.files) == {"a.txt"}
    assert got.problems[0].path == ".youjuignore"
    assert "line 3: " in got.problems[0].reason
    assert told in got.problems[0].reason
    assert "other rules hold" in got.problems[0].reason


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-16-be", "utf-32"])
def test_rules_that_are_not_utf_8_are_told_with_their_lines(tmp_path: Path, encoding: str) -> None:
    got = found(tmp_path / "texts", "# 规则\n草稿/\n*.md\n".encode(encoding), "a.txt", "b.md", "草稿/c.txt")
    assert "1, 2" in got.problems[0].reason
    assert "UTF-8" in got.problems[0].reason
    assert "草稿/c.txt" in got.files
    assert ("b.md" in got.files) == (encoding != "gbk")  # a line of ASCII is a rule in GBK, too


@pytest.mark.parametrize("line", ["!重要/".encode("gbk"), b"![abc", "\n!重要/".encode("utf-16")])
def test_while_a_rule_that_keeps_files_in_is_not_understood_nothing_is_taken_out(tmp_path: Path, line: bytes) -> None:
    library = tmp_path / "texts"
    write(library, {"重要/a.txt": "重要的文字。", "b.txt": "平常的文字。"})
    assistant = make_assistant(tmp_path)
    try:
        assistant.update()
        (library / ".youjuignore").write_bytes(b"*\n!b.txt\n" + line)
        assert assistant.status().changes.removed == ()
        report = assistant.update()
        assert (report.documents, report.removed) == (2, 0)
        assert any("stays in the index" in problem.reason for problem in report.problems)
        (library / ".youjuignore").write_text("*\n!b.txt\n")
        assert assistant.update().documents == 1
    finally:
        assistant.close()


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling", "circle", "huge"])
def test_rules_that_cannot_be_read_leave_the_index_as_it_is(tmp_path: Path, kind: str) -> None:
    """Guessing would index what is to be left out, or take out what is indexed."""
    library = tmp_path / "texts"
    write(library, {"a.txt": "一段文字。"})
    rules = library / ".youjuignore"
    assistant = make_assistant(tmp_path)
    try:
        assistant.update()
        write(library, {"b.txt": "又一段文字。"})
        match kind:
            case "folder":
                rules.mkdir()
            case "pipe":
                if sys.platform == "win32":
                    pytest.skip("Windows has no named pipes among its files")
                os.mkfifo(rules)
            case "dangling":
                rules.symlink_to(library / "nothing")
            case "circle":
                rules.symlink_to(rules)
            case "huge":
                rules.write_bytes(b"#" * 1_000_001)
        with pytest.raises(LibraryError, match="index stays as it was"):
            assistant.update()
        status = assistant.status()
        assert status.documents == 1
        assert ".youjuignore" in status.problems[0].reason
    finally:
        assistant.close()


def test_an_edit_of_the_rules_counts_for_the_next_update(tmp_path: Path) -> None:
    library = tmp_path / "texts"
    write(library, {"a.txt": "一段文字。", "草稿/b.txt": "又一段文字。"})
    assistant = make_assistant(tmp_path)
    try:
        assert assistant.update().documents == 2
        (library / ".youjuignore").write_text("草稿/\n", "utf-8")
        assert assistant.status().changes.removed == ("草稿/b.txt",)
        assert assistant.update().documents == 1
        (library / ".youjuignore").unlink()
        assert assistant.status().changes.added == ("草稿/b.txt",)
        report = assistant.update()
        assert (report.documents, report.embedded) == (2, 0)
    finally:
        assistant.close()


LEFT_LYING = (
    ".hidden.txt",
    ".git/config.txt",
    "~$报告.docx",
    ".~lock.报告.docx#",
    "报告.docx.tmp",
    "~WRL0001.TMP",
    "报告.txt~",
    "报告.txt.swp",
    "报告.pdf.crdownload",
    "报告.pdf.part",
    "#报告.txt#",
    "Thumbs.db",
    "desktop.ini",
    "Desktop.ini",
    ".DS_Store",
    "里/Thumbs.db",
    "__MACOSX/._a.txt",
    "$RECYCLE.BIN/a.txt",
)


def test_what_programs_leave_lying_about_is_left_out_without_a_word(tmp_path: Path) -> None:
    got = found(tmp_path / "texts", "!*\n!.*\n!~$*\n", "报告.txt", *LEFT_LYING)  # no rule brings it back
    assert set(got.files) == {"报告.txt"}
    assert got.problems == ()
    assert got.ignored == 0


@pytest.mark.parametrize("name", ["a.txt", "part.md", "~a.txt", "#一.txt", "$100.txt", "tmp.csv", "#"])
def test_a_text_with_such_a_sign_in_its_name_is_a_text(name: str) -> None:
    assert not is_litter(name)
    assert not is_temporary(name)
