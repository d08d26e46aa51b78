"""Files that cannot be read for a while: what is indexed of them stays, and is made good as soon as they can."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.index.database import FILE_NAME
from assistant.readers.reading import Reading
from assistant.readers.worker import Reader
from tests.index.library import TEXTS, make_assistant, write

NAME = "粮食.txt"
QUESTION = "粮食自给率是多少？"


@pytest.fixture
def indexed(tmp_path: Path) -> Path:
    """The index folder; nobody has it open."""
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    assistant.close()
    return tmp_path / "index"


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """One file takes too long to read, until the function is called."""
    read = Reader.read

    def slow(reader: Reader, path: Path, document_id: str) -> Reading:
        if document_id == NAME:
            raise ReadError(f"{NAME} took longer than 60 seconds to read and was left out.")
        return read(reader, path, document_id)

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", slow)
        yield patch.undo


def change(index: Path, statement: str) -> None:
    connection = sqlite3.connect(index / FILE_NAME)
    connection.execute("PRAGMA foreign_keys = ON")
    with connection:
        assert connection.execute(statement).rowcount
    connection.close()


def test_texts_to_be_cut_anew_stay_until_they_can_be_read(
    tmp_path: Path, indexed: Path, unread: Callable[[], None]
) -> None:
    for _ in range(3):
        assistant = make_assistant(tmp_path, window_characters=20)
        report = assistant.update()
        assert report.documents == 3
        assert [problem.path for problem in report.problems] == [NAME]
        assert "What was indexed of it before stays." in report.problems[0].reason
        assert "100%" in assistant.ask(QUESTION).text
    assert not report.changed
    unread()
    assert not assistant.update().problems
    assert assistant.check().sound
    assert not assistant.update().changed


def test_a_repair_waits_for_files_that_cannot_be_read(
    tmp_path: Path, indexed: Path, unread: Callable[[], None]
) -> None:
    change(indexed, "DELETE FROM passages WHERE document = (SELECT id FROM documents WHERE name = '粮食.txt')")
    assistant = make_assistant(tmp_path)
    assert not assistant.check(repair=True).sound
    assert assistant.update().documents == 3
    unread()
    assistant.update()
    assert assistant.check().sound
    assert "100%" in assistant.ask(QUESTION).text


def test_vectors_that_are_gone_hinder_no_update(tmp_path: Path, indexed: Path, unread: Callable[[], None]) -> None:
    change(
        indexed,
        "DELETE FROM vectors WHERE key IN (SELECT key FROM windows JOIN passages ON passages.id = passage "
        "JOIN documents ON documents.id = document WHERE name = '粮食.txt')",
    )
    assistant = make_assistant(tmp_path)
    assistant.check(repair=True)
    (tmp_path / "texts" / "safety.txt").unlink()
    assert assistant.update().removed == 1
    assert "100%" in assistant.ask(QUESTION).text


def test_a_text_whose_name_another_had_is_indexed_as_soon_as_that_is_gone(tmp_path: Path) -> None:
    library = tmp_path / "texts"
    write(
        library, {"a.jsonl": '{"id": "b.txt", "text": "语料里的一句话。"}\n', "a.jsonl#b.txt": "文件里的另一句话。\n"}
    )
    assistant = make_assistant(tmp_path)
    for _ in range(2):
        report = assistant.update()
        assert (report.documents, [problem.path for problem in report.problems]) == (1, ["a.jsonl#b.txt"])
    assert not report.changed
    (library / "a.jsonl").unlink()
    report = assistant.update()
    assert (report.documents, report.problems) == (1, ())
    assert "另一句" in assistant.document("a.jsonl#b.txt").text
