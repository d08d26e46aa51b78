"""An index of an older version goes on; one of a newer version is refused and left alone."""

import re
import sqlite3
from pathlib import Path

import pytest

from assistant.errors import IndexVersionError
from assistant.index import schema
from assistant.index.database import FILE_NAME, Database
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, make_assistant, write

# The tables as version 0.1.0 made them (format 1), and its rows in their terms.
_FORMAT_1 = """
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


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """An index of format 1."""
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    assistant.close()
    index = tmp_path / "index"
    with sqlite3.connect(index / FILE_NAME) as connection:
        for statement in _FORMAT_1.strip().split(";\n"):
            connection.execute(statement)
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
    assert "outline" not in columns(older)["documents"]
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


def test_every_older_format_has_a_migration() -> None:
    assert sorted(schema.MIGRATIONS) == list(range(1, schema.FORMAT))


@pytest.mark.parametrize("call", ["update", "status", "preview", "check", "gc", "documents"])
def test_a_newer_index_is_refused_and_left_alone(tmp_path: Path, older: Path, call: str) -> None:
    with sqlite3.connect(older / FILE_NAME) as connection:
        connection.execute("UPDATE settings SET value = ? WHERE key = 'format'", (str(schema.FORMAT + 1),))
    connection.close()
    content = (older / FILE_NAME).read_bytes()
    with pytest.raises(IndexVersionError, match=re.escape(str(older))):
        getattr(make_assistant(tmp_path), call)()
    assert (older / FILE_NAME).read_bytes() == content
