"""Only the file of an indexed document, by the rules of a scan, is ever given out."""

import sqlite3
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import ReadError
from assistant.reading.opening import open_document
from assistant.reading.original import original_file
from tests.index.library import TEXTS, make_assistant, write


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    library = tmp_path / "texts"
    write(library, TEXTS | {"语料.jsonl": '{"id": "a/b", "title": "甲", "text": "语料的一行。"}\n'})
    (tmp_path / "secret.txt").write_text("外面的秘密")
    made = make_assistant(tmp_path)
    made.update()
    return made


def rename(assistant: Assistant, before: str, after: str) -> None:
    """Have the index say that a document came from another file, as one that was tampered with could."""
    connection = sqlite3.connect(assistant.index_dir / "library.sqlite")
    with connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE files SET path = ? WHERE path = ?", (after, before))
        connection.execute("UPDATE documents SET file = ? WHERE file = ?", (after, before))
    connection.close()


def test_the_file_of_a_document(assistant: Assistant) -> None:
    assert original_file(assistant, "保密/办法.md") == (assistant.library / "保密" / "办法.md").resolve()
    assert original_file(assistant, "语料.jsonl#a/b") == (assistant.library / "语料.jsonl").resolve()
    assert open_document(assistant, "语料.jsonl#a/b").state == "present"


@pytest.mark.parametrize(
    "name",
    ["../secret.txt", "/etc/passwd", "", ".", "保密", "保密/../粮食.txt", "粮食.txt\0", "\0", "./粮食.txt", "粮食.txt/",
     "语料.jsonl", "\ud800", "C:\\Windows\\win.ini", "保密\\办法.md", "youju.toml", "%2e%2e/secret.txt"],
)  # fmt: skip
def test_what_is_not_in_the_index_is_not_given_out(assistant: Assistant, name: str) -> None:
    with pytest.raises(KeyError):
        original_file(assistant, name)


@pytest.mark.parametrize(
    "name",
    ["../secret.txt", "../texts/粮食.txt", "保密/../粮食.txt", "./粮食.txt", "粮食.txt/", "保密//办法.md",
     ".hidden/粮食.txt", "保密", "~$粮食.docx", "粮食.exe", "没有.txt", "a\0.txt", "粮食.txt\n.txt"],
)  # fmt: skip
def test_an_index_that_was_tampered_with_leads_nowhere(assistant: Assistant, name: str) -> None:
    (assistant.library / "粮食.exe").write_text("x")
    (assistant.library / ".hidden").mkdir()
    (assistant.library / ".hidden" / "粮食.txt").write_text("x")
    rename(assistant, "粮食.txt", name)
    with pytest.raises(ReadError) as caught:
        original_file(assistant, "粮食.txt")
    assert "\n" not in str(caught.value)
    assert str(assistant.library) not in str(caught.value)
    assert open_document(assistant, "粮食.txt").state == "gone"


def test_an_absolute_path_in_the_index_leads_nowhere(assistant: Assistant) -> None:
    rename(assistant, "粮食.txt", str(assistant.library / "粮食.txt"))
    with pytest.raises(ReadError):
        original_file(assistant, "粮食.txt")


def test_links_are_followed_within_the_library_only(assistant: Assistant, tmp_path: Path) -> None:
    file = assistant.library / "粮食.txt"
    text = file.read_bytes()
    file.unlink()
    file.symlink_to(tmp_path / "secret.txt")
    with pytest.raises(ReadError, match="out of the library"):
        original_file(assistant, "粮食.txt")
    file.unlink()
    (assistant.library / "另一.txt").write_bytes(text)
    file.symlink_to("另一.txt")
    assert original_file(assistant, "粮食.txt") == (assistant.library / "另一.txt").resolve()
    file.unlink()
    file.symlink_to("粮食.txt")
    with pytest.raises(ReadError):
        original_file(assistant, "粮食.txt")
    (assistant.library / "保密").rename(tmp_path / "elsewhere")
    for target in (tmp_path / "elsewhere", assistant.library / "别处"):
        target.mkdir(exist_ok=True)
        (target / "办法.md").touch()
        (assistant.library / "保密").symlink_to(target)
        with pytest.raises(ReadError, match="is a link to a folder"):
            original_file(assistant, "保密/办法.md")
        (assistant.library / "保密").unlink()


def test_a_library_that_is_away_is_told_apart_from_a_file_that_is_gone(assistant: Assistant, tmp_path: Path) -> None:
    assistant.library.rename(tmp_path / "elsewhere")
    assert open_document(assistant, "粮食.txt").state == "away"
    assistant.library.mkdir()
    assert open_document(assistant, "粮食.txt").state == "gone"


def test_what_the_rules_leave_out_by_now_is_not_given_out(assistant: Assistant) -> None:
    (assistant.library / ".youjuignore").write_text("保密/\n")
    with pytest.raises(ReadError, match="youjuignore"):
        original_file(assistant, "保密/办法.md")
    assert original_file(assistant, "粮食.txt").name == "粮食.txt"
