"""A damaged file is moved aside and told once; what can be read of it is kept, and asking is never blocked."""

import sqlite3
from pathlib import Path

import pytest

from assistant.conversations import schema
from assistant.conversations.store import FILE_NAME, Conversations
from assistant.errors import ConversationError, UnknownConversationError
from tests.conversations.samples import turn


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / FILE_NAME


def fill(path: Path, count: int = 30) -> list[str]:
    kept = Conversations(path)
    ids = [kept.create().id for _ in range(count)]
    for number, one in enumerate(ids):
        kept.add(one, turn(f"问题{number}" + "长" * 3_000))
    kept.close()
    return ids


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{FILE_NAME}.damaged-*"))


@pytest.mark.parametrize(
    "content", [b"not a database" * 1_000, b"SQLite format 3\x00" + b"\xff" * 9_000], ids=["text", "noise"]
)
def test_what_is_no_database_is_moved_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    kept = Conversations(path)
    name = kept.create().id
    assert kept.add(name, turn()).number == 1
    told = kept.notice()
    assert told is not None
    (moved,) = aside(path)
    assert str(moved) in told
    assert kept.notice() is None
    assert moved.read_bytes() == content
    assert [info.id for info in kept.listed()] == [name]
    kept.close()
    path.write_bytes(content)
    assert Conversations(path).listed() == ()  # reading, too
    assert len(aside(path)) == 2


def test_an_empty_file_is_begun(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()
    kept = Conversations(path)
    kept.add(kept.create().id, turn())
    assert len(kept.listed()) == 1
    assert kept.notice() is None
    assert aside(path) == []


def test_another_database_is_moved_aside(path: Path) -> None:
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE turns (precious)")
    connection.close()
    kept = Conversations(path)
    kept.add(kept.create().id, turn())
    assert len(aside(path)) == 1
    assert "something else" in (kept.notice() or "")


def test_what_can_be_read_of_a_damaged_file_is_kept(path: Path) -> None:
    ids = fill(path)
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    for page in range(pages // 2, pages // 2 + 12):
        content[page * 4096 : (page + 1) * 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    kept = Conversations(path)
    readable = 0
    for one in ids:
        try:
            turns = kept.open(one).turns
        except UnknownConversationError:
            continue
        readable += any(turn.kind == "answered" for turn in turns)
    assert len(ids) // 3 < readable < len(ids)
    assert len(aside(path)) == 1
    told = kept.notice() or ""
    assert "could be read and were kept" in told
    assert kept.add(ids[0], turn()).number == 2
    kept.create()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    kept.close()


def test_a_table_that_is_gone_is_damage(path: Path) -> None:
    ids = fill(path, 3)
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE searched")
    connection.close()
    kept = Conversations(path)
    assert kept.listed("问题") == ()
    assert len(kept.listed()) == 3
    assert kept.open(ids[1]).turns[0].kind == "answered"
    assert len(aside(path)) == 1
    kept.close()


def test_a_second_process_does_not_move_the_new_file(path: Path) -> None:
    fill(path, 2)
    first, second = Conversations(path), Conversations(path)
    assert len(first.listed()) == len(second.listed()) == 2
    damaged = path.read_bytes()
    first.close()
    second.close()
    path.write_bytes(b"\xa5" * len(damaged))
    name = first.create().id
    first.add(name, turn("新的"))
    assert [info.id for info in second.listed()] == [name]
    assert len(aside(path)) == 1
    assert (first.notice() is None, second.notice() is None) == (False, True)


def test_damage_that_another_process_has_just_set_aside_is_not_moved_again(path: Path) -> None:
    fill(path, 2)
    late, first = Conversations(path), Conversations(path)
    late.listed()
    first.close()
    path.rename(path.with_name("gone"))
    name = first.create().id
    first.add(name, turn("新的"))
    late._file._set_aside(sqlite3.DatabaseError("malformed"))
    assert aside(path) == []
    assert late.notice() is None
    assert [info.id for info in late.listed()] == [name]


def test_a_file_that_was_removed_or_put_back_is_noticed(path: Path) -> None:
    ids = fill(path, 2)
    kept = Conversations(path)
    assert len(kept.listed()) == 2
    before = path.read_bytes()
    for file in path.parent.glob(f"{FILE_NAME}*"):
        file.unlink()
    assert kept.listed() == ()
    kept.add(kept.create().id, turn())
    assert len(kept.listed()) == 1
    kept.close()
    other = path.with_name("backup")
    other.write_bytes(before)
    other.replace(path)
    assert {info.id for info in kept.listed()} == set(ids)
    kept.close()


def test_a_newer_format_is_told_and_left_alone(path: Path) -> None:
    fill(path, 1)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.FORMAT + 1}")
    connection.close()
    before = path.read_bytes()
    kept = Conversations(path)
    for call in (kept.listed, kept.create):
        with pytest.raises(ConversationError, match="newer version"):
            call()
    assert path.read_bytes() == before
    assert aside(path) == []
    assert kept.notice() is None


def test_an_older_format_is_migrated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = fill(path, 1)
    monkeypatch.setattr(schema, "FORMAT", schema.FORMAT + 1)
    monkeypatch.setitem(schema.MIGRATIONS, 1, ("ALTER TABLE conversations ADD COLUMN colour TEXT",))
    kept = Conversations(path)
    assert kept.open(name).turns[0].kind == "answered"
    kept.close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT colour FROM conversations").fetchall() == [(None,)]
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path, 1)
    monkeypatch.setattr(schema, "FORMAT", schema.FORMAT + 1)
    monkeypatch.setitem(schema.MIGRATIONS, 1, ("ALTER TABLE conversations ADD COLUMN colour TEXT", "nonsense"))
    with pytest.raises(ConversationError):
        Conversations(path).listed()
    monkeypatch.undo()
    kept = Conversations(path)
    assert len(kept.listed()) == 1
    assert aside(path) == []
    kept.close()
