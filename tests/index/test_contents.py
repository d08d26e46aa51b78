"""The table of contents: what each document is, how large, and since when it is in the index."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from assistant import contract
from assistant.assistant import Assistant
from assistant.index.contents import kind_of
from assistant.index.database import FILE_NAME, Database
from assistant.types import DocumentInfo
from tests.index.library import TEXTS, make_assistant, write

LONG_AGO = "2020-02-03T04:05:06+08:00"


def indexed(tmp_path: Path, texts: dict[str, str]) -> Assistant:
    """A library that was indexed long ago."""
    write(tmp_path / "texts", texts)
    assistant = make_assistant(tmp_path)
    assistant.update()
    age(tmp_path / "index")
    return make_assistant(tmp_path)


def age(index: Path) -> None:
    with sqlite3.connect(index / FILE_NAME) as connection:
        connection.execute("UPDATE documents SET indexed_at = ?", (LONG_AGO,))
    connection.close()


def rows(assistant: Assistant) -> dict[str, DocumentInfo]:
    return {row.id: row for row in assistant.documents()}


def test_a_row_says_what_a_document_is(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    path = tmp_path / "texts" / "保密/办法.md"
    moment = datetime(2024, 5, 6, 7, 8, 9).astimezone()
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    assistant = make_assistant(tmp_path)
    assistant.update()
    row = rows(assistant)["保密/办法.md"]
    assert (row.title, row.kind, row.encoding, row.file) == ("保密办法", "md", "utf-8", "保密/办法.md")
    assert row.characters == len(TEXTS[row.id])
    assert row.bytes == path.stat().st_size == len(TEXTS[row.id].encode())
    assert row.passages == 2
    assert row.modified_at == moment.isoformat()
    assert row.indexed_at == assistant.status().built_at


def test_lines_of_a_corpus_are_of_its_file(tmp_path: Path) -> None:
    lines = [{"id": "甲.pdf", "text": "甲说了一些话。"}, {"id": "乙", "text": "乙说了另一些话。"}]
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    found = rows(indexed(tmp_path, {"语料.JSONL": content}))
    assert set(found) == {"语料.JSONL#甲.pdf", "语料.JSONL#乙"}
    for row in found.values():
        assert (row.kind, row.file, row.bytes) == ("jsonl", "语料.JSONL", len(content.encode()))


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("a/报告.DOCX", "docx"),
        ("a.b/报告", "txt"),
        ("a/.txt", "txt"),
        ("报告.", "txt"),
        ("报告.第一版.Pdf", "pdf"),
        ("", "txt"),
    ],
)
def test_the_kind_is_the_end_of_the_name(file: str, kind: str) -> None:
    assert kind_of(file) == kind


def test_only_what_is_new_or_edited_is_indexed_now(tmp_path: Path) -> None:
    assistant = indexed(tmp_path, TEXTS)
    library = tmp_path / "texts"
    (library / "保密/办法.md").rename(library / "办法（旧）.md")
    write(library, {"粮食.txt": TEXTS["粮食.txt"].replace("100%", "95%"), "新.txt": "新的规定\n\n每年一次。\n"})
    report = assistant.update()
    assert (report.added, report.edited, report.renamed) == (1, 1, 1)
    now = assistant.status().built_at
    assert {name: row.indexed_at for name, row in rows(assistant).items()} == {
        "办法（旧）.md": LONG_AGO,
        "safety.txt": LONG_AGO,
        "粮食.txt": now,
        "新.txt": now,
    }


def test_lines_of_a_corpus_keep_their_own_dates(tmp_path: Path) -> None:
    corpus = {name: f"{name}说了一些话。" for name in "甲乙丙"}

    def content() -> str:
        return "\n".join(json.dumps({"id": name, "text": text}, ensure_ascii=False) for name, text in corpus.items())

    assistant = indexed(tmp_path, {"语料.jsonl": content()})
    corpus |= {"乙": "乙改口了。", "丁": "丁来了。"}
    write(tmp_path / "texts", {"语料.jsonl": content()})
    assistant.update()
    now = assistant.status().built_at
    assert {row.id[-1]: row.indexed_at for row in assistant.documents()} == {
        "甲": LONG_AGO, "乙": now, "丙": LONG_AGO, "丁": now,
    }  # fmt: skip
    (tmp_path / "texts" / "语料.jsonl").rename(tmp_path / "texts" / "新语料.jsonl")
    age(tmp_path / "index")
    assert assistant.update().renamed == 4
    assert {row.indexed_at for row in assistant.documents()} == {LONG_AGO}


def test_what_is_only_written_again_keeps_its_date(tmp_path: Path) -> None:
    """Texts cut otherwise, and texts that a repair wrote anew."""
    indexed(tmp_path, TEXTS)
    assistant = make_assistant(tmp_path, passage_characters=120)
    assistant.update()
    assert {row.indexed_at for row in assistant.documents()} == {LONG_AGO}
    with sqlite3.connect(tmp_path / "index" / FILE_NAME) as connection:
        connection.execute("PRAGMA foreign_keys = ON")  # else it is the database that is damaged, and made anew
        connection.execute("DELETE FROM passages")
    connection.close()
    assert assistant.check(repair=True).repaired
    assert {row.indexed_at for row in rows(make_assistant(tmp_path)).values()} == {LONG_AGO}


def test_a_new_time_of_a_file_is_noted_where_its_text_is_the_same(tmp_path: Path) -> None:
    assistant = indexed(tmp_path, TEXTS)
    before = rows(assistant)["粮食.txt"]
    os.utime(tmp_path / "texts" / "粮食.txt", (86_400, 86_400))
    assert not assistant.update().changed
    after = rows(assistant)["粮食.txt"]
    assert after.modified_at == datetime.fromtimestamp(86_400).astimezone().isoformat() != before.modified_at
    assert after.indexed_at == LONG_AGO


@pytest.mark.parametrize("time_ns", [2**63 + 10**10, -(2**62), 253402300800 * 10**9 * 10])
def test_a_time_that_no_calendar_has_stops_nothing(
    tmp_path: Path, time_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems keep them; others would not, so a look at the file pretends it."""
    write(tmp_path / "texts", TEXTS)
    stat = Path.stat

    class Odd:
        def __init__(self, real: os.stat_result) -> None:
            self.real = real

        def __getattr__(self, name: str) -> object:
            return time_ns if name in ("st_mtime_ns", "st_ctime_ns") else getattr(self.real, name)

    def look(path: Path, **options: bool) -> os.stat_result | Odd:
        real = stat(path, **options)
        return Odd(real) if path.name == "粮食.txt" else real

    monkeypatch.setattr(Path, "stat", look)
    assistant = make_assistant(tmp_path)
    assert assistant.update().added == len(TEXTS)
    assert not assistant.status().changes
    row = rows(assistant)["粮食.txt"]
    assert row.modified_at is None or datetime.fromisoformat(row.modified_at)


def test_no_text_is_read_for_the_table(tmp_path: Path) -> None:
    """All that it shows of a document lies in one index: texts of any length cost nothing."""
    indexed(tmp_path, TEXTS)
    database = Database.open(tmp_path / "index")
    told: list[str] = []
    database.connection.set_trace_callback(told.append)
    database.documents()
    database.connection.set_trace_callback(None)
    (query,) = (statement for statement in told if "FROM documents" in statement)
    plan = [row[3] for row in database.connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    database.close()
    assert "SCAN documents USING COVERING INDEX documents_contents" in plan
    assert not any("TEMP B-TREE" in step for step in plan)


def test_the_json_only_gained_keys(tmp_path: Path) -> None:
    assistant = indexed(tmp_path, TEXTS)
    (row, *_) = contract.status_json(assistant.status(), assistant.documents())["contents"]
    assert list(row) == [
        "id", "title", "encoding", "characters", "passages", "kind", "indexed_at", "bytes", "modified_at", "file",
    ]  # fmt: skip
    assert json.loads(json.dumps(row)) == row
