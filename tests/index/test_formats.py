"""An index of an older version goes on; one of a newer version is refused and left alone."""

import re
import sqlite3
from pathlib import Path

import pytest

from assistant.errors import IndexVersionError, LibraryIndexError
from assistant.index import schema
from assistant.index.database import FILE_NAME, Database
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, make_assistant, write

# The tables as older formats had them, and the present rows in their terms. Format 1 is version 0.1.0's.
_FORMAT_2 = """
DROP INDEX documents_contents;
ALTER TABLE documents DROP COLUMN indexed_at;
ALTER TABLE documents DROP COLUMN characters;
UPDATE settings SET value = '2' WHERE key = 'format'
"""
_FORMAT_1 = f"""{_FORMAT_2};
CREATE TABLE files_1 (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL,
    problems TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO files_1 SELECT path, size, mtime_ns, digest, problems FROM files;
DROP TABLE files;
ALTER TABLE files_1 RENAME TO files;
ALTER TABLE documents DROP COLUMN outline;
ALTER TABLE models DROP COLUMN windows_per_second;
DELETE FROM settings WHERE key = 'files_to_mend';
DROP INDEX windows_key;
UPDATE settings SET value = '1' WHERE key = 'format'
"""


OLDER = {1: _FORMAT_1, 2: _FORMAT_2}
_BUILT = "2026-01-05T06:07:08+08:00"


@pytest.fixture(params=sorted(OLDER))
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An index of an older format."""
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    assistant.close()
    index = tmp_path / "index"
    with sqlite3.connect(index / FILE_NAME) as connection:
        for statement in OLDER[request.param].strip().split(";\n"):
            connection.execute(statement)
        connection.execute("UPDATE settings SET value = ? WHERE key = 'built_at'", (_BUILT,))
    connection.close()
    return index


def columns(index: Path) -> dict[str, list[str]]:
    with sqlite3.connect(index / FILE_NAME) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for table in tables}
    connection.close()
    return found


@pytest.mark.parametrize("first", ["ask", "status", "update", "documents", "preview", "check"])
def test_an_older_index_is_migrated_by_whatever_comes_first(tmp_path: Path, older: Path, first: str) -> None:
    assert "indexed_at" not in columns(older)["documents"]
    embedder = FakeEmbedder()
    assistant = make_assistant(tmp_path, embedder)
    match first:
        case "ask":
            assert "100%" in assistant.ask("粮食自给率是多少？").text
        case _:
            getattr(assistant, first)()
    assert "100%" in assistant.ask("粮食自给率是多少？").text
    report = assistant.update()
    assert (report.added, report.edited, report.removed, report.embedded) == (0, 0, 0, 0)
    assert assistant.check().sound
    assert not embedder.texts_embedded
    assistant.close()
    fresh = make_assistant(tmp_path / "other")
    write(tmp_path / "other" / "texts", TEXTS)
    fresh.update()
    fresh.close()
    assert columns(older) == columns(tmp_path / "other" / "index")


def test_after_the_next_update_every_text_is_verified(tmp_path: Path, older: Path) -> None:
    make_assistant(tmp_path).update()
    database = Database.open(older)
    outlines = [row[0] for row in database.connection.execute("SELECT outline FROM documents")]
    database.close()
    assert outlines
    assert all(outlines)


def test_documents_of_an_older_index_are_as_old_as_the_index(tmp_path: Path, older: Path) -> None:
    """Also after the next update, which reads the texts of format 1 again; an edited one is new."""
    assistant = make_assistant(tmp_path)
    for _ in range(2):
        rows = assistant.documents()
        assert {row.id for row in rows} == set(TEXTS)
        assert {row.indexed_at for row in rows} == {_BUILT}
        assert all(row.characters == len(assistant.document(row.id).text) for row in rows)
        assistant.update()
    write(tmp_path / "texts", {"粮食.txt": TEXTS["粮食.txt"] + "三是储备。\n"})
    assistant.update()
    since = {row.id: row.indexed_at for row in assistant.documents()}
    built_at = since.pop("粮食.txt")
    assert set(since.values()) == {_BUILT}
    assert built_at == assistant.status().built_at != _BUILT


def test_an_index_that_was_never_finished_is_migrated(tmp_path: Path, older: Path) -> None:
    with sqlite3.connect(older / FILE_NAME) as connection:
        connection.execute("DELETE FROM settings WHERE key = 'built_at'")
    connection.close()
    assert {row.indexed_at for row in make_assistant(tmp_path).documents()} == {None}


def test_a_migration_that_breaks_off_leaves_the_index_as_it_was(
    tmp_path: Path, older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = columns(older)
    last = schema.FORMAT - 1
    broken = {**schema.MIGRATIONS, last: (*schema.MIGRATIONS[last], "INSERT INTO nowhere VALUES (1)")}
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(LibraryIndexError):
            make_assistant(tmp_path).documents()
    assert columns(older) == before
    assert len(make_assistant(tmp_path).documents()) == len(TEXTS)


def test_every_older_format_has_a_migration() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.FORMAT)) == sorted(OLDER)


@pytest.mark.parametrize("call", ["update", "status", "preview", "check", "gc", "documents"])
def test_a_newer_index_is_refused_and_left_alone(tmp_path: Path, older: Path, call: str) -> None:
    with sqlite3.connect(older / FILE_NAME) as connection:
        connection.execute("UPDATE settings SET value = ? WHERE key = 'format'", (str(schema.FORMAT + 1),))
    connection.close()
    content = (older / FILE_NAME).read_bytes()
    with pytest.raises(IndexVersionError, match=re.escape(str(older))):
        getattr(make_assistant(tmp_path), call)()
    assert (older / FILE_NAME).read_bytes() == content
