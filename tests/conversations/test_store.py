"""Conversations are kept, listed, renamed, marked, deleted and restored."""

import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.conversations.store import FILE_NAME, Conversations
from assistant.conversations.turns import NewTurn
from assistant.errors import UnknownConversationError
from assistant.types import Turn
from tests.conversations.samples import cited, listing, refused, turn

MISSING = "0" * 22


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "index" / FILE_NAME


@pytest.fixture
def kept(path: Path) -> Iterator[Conversations]:
    conversations = Conversations(path)
    yield conversations
    conversations.close()


def execute(path: Path, statement: str, *values: object) -> int:
    connection = sqlite3.connect(path)
    with connection:
        count = connection.execute(statement, values).rowcount
    connection.close()
    return count


def wait_for(happened: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    return happened()


def test_looking_makes_nothing(kept: Conversations, path: Path) -> None:
    assert kept.listed() == ()
    assert kept.listed("粮食") == ()
    with pytest.raises(UnknownConversationError):
        kept.open(MISSING)
    assert not path.parent.exists()


def test_files_are_the_owners_alone(kept: Conversations, path: Path) -> None:
    kept.add(kept.create().id, turn())
    found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob(f"{FILE_NAME}*")}
    assert found == dict.fromkeys((FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"), 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_conversation_is_listed_once_it_has_a_turn(kept: Conversations) -> None:
    made = kept.create(within=["粮食", "a.txt"])
    assert kept.listed() == ()
    kept.add(made.id, turn())
    (info,) = kept.listed()
    assert (info.id, info.title, info.turns, info.excerpt) == (made.id, "中央储备粮每年轮换多少？", 1, "")
    assert made.info.created == info.created < info.changed
    assert info.created.endswith("+00:00")
    assert kept.open(made.id).within == ("粮食", "a.txt")
    assert len({kept.create().id for _ in range(50)}) == 50
    assert len(made.id) >= 22


def test_every_kind_of_turn_comes_back(kept: Conversations) -> None:
    made = kept.create()
    turns = [
        turn(within=("粮食",), asked_at="2026-03-01T14:05:00+08:00"),
        NewTurn("火星？", refused()),
        NewTurn("提到", listing()),
        NewTurn("坏", message="The index is damaged."),
        NewTurn("停"),
    ]
    stored = [kept.add(made.id, one) for one in turns]
    found = kept.open(made.id)
    assert list(found.turns) == stored
    assert [one.kind for one in stored] == ["answered", "refused", "answered", "failed", "stopped"]
    assert [one.number for one in stored] == [1, 2, 3, 4, 5]
    assert stored[0].answer == turns[0].answer
    assert stored[0].digests == {"粮食/办法.md": "ab" * 32}
    assert (stored[0].within, stored[0].asked_at) == (("粮食",), "2026-03-01T14:05:00+08:00")
    assert stored[3].message == "The index is damaged."
    assert stored[4].asked_at


def test_another_process_finds_what_was_kept(kept: Conversations, path: Path) -> None:
    made = kept.create()
    kept.add(made.id, turn())
    other = Conversations(path)
    assert other.open(made.id) == kept.open(made.id)
    other.add(made.id, turn("再问"))
    other.close()
    assert len(kept.open(made.id).turns) == 2


def test_the_newest_change_comes_first(kept: Conversations) -> None:
    ids = [kept.create().id for _ in range(4)]
    for one in ids:
        kept.add(one, turn())
    kept.add(ids[1], turn())
    kept.rename(ids[0], "新的名字")  # says nothing new
    kept.replace(ids[2], 1, turn())
    order = [ids[2], ids[1], ids[3], ids[0]]
    assert [info.id for info in kept.listed()] == order
    assert [info.id for info in kept.listed(limit=2, offset=1)] == order[1:3]


def test_an_edited_question_takes_the_place_of_the_old(kept: Conversations) -> None:
    made = kept.create()
    for question in ("一问", "二问", "三问"):
        kept.add(made.id, turn(question))
    stored = kept.replace(made.id, 1, NewTurn("改问", refused("改问")))
    assert (stored.number, stored.kind) == (1, "refused")
    found = kept.open(made.id)
    assert [one.question for one in found.turns] == ["改问", "二问", "三问"]
    assert found.title == "改问"
    assert kept.listed("一问") == ()
    with pytest.raises(UnknownConversationError, match="turn 4"):
        kept.replace(made.id, 4, turn())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  粮食\n\t安全 ", "粮食 安全"),
        ("a\u202egnp.exe\u2066\x00\x07b", "agnp.exe b"),
        ("\ud800x", "\ufffdx"),
        ("", "中央储备粮每年轮换多少？"),
        (" \u200b\u202e\x00 ", "中央储备粮每年轮换多少？"),
        ("长" * 500, "长" * 119 + "…"),
        ("x" * 1_000_000, "x" * 119 + "…"),
    ],
    ids=range(7),
)
def test_titles_are_cleaned(kept: Conversations, given: str, shown: str) -> None:
    made = kept.create()
    kept.add(made.id, turn())
    kept.rename(made.id, "先前")
    assert kept.rename(made.id, given).title == shown
    assert kept.listed()[0].title == kept.open(made.id).title == shown


def test_a_long_question_is_a_short_title(kept: Conversations) -> None:
    made = kept.create()
    kept.add(made.id, turn("\u202e粮食\n" * 50_000))
    title = kept.listed()[0].title
    assert title == "粮食 " * 12 + "粮食…"
    other = kept.create()
    kept.add(other.id, NewTurn("\u202e\x00"))
    assert kept.open(other.id).title[:4].isdecimal()  # when it was begun


def test_deleted_is_gone_and_can_be_restored(kept: Conversations) -> None:
    made = kept.create()
    kept.add(made.id, turn())
    before = kept.open(made.id)
    kept.delete(made.id)
    assert kept.listed() == kept.listed("轮换") == ()
    for call in (
        kept.open,
        kept.last_turn,
        kept.delete,
        lambda id_: kept.add(id_, turn()),
        lambda id_: kept.rename(id_, "x"),
    ):
        with pytest.raises(UnknownConversationError, match="deleted"):
            call(made.id)
    assert kept.restore(made.id) == before.info
    assert kept.open(made.id) == before


def holds(path: Path, secret: str) -> list[str]:
    return [file.name for file in path.parent.glob(f"{FILE_NAME}*") if secret.encode() in file.read_bytes()]


def test_what_was_deleted_leaves_the_disk_by_itself(path: Path) -> None:
    kept = Conversations(path, undo_seconds=0.3)
    made, other = kept.create(), kept.create()
    kept.add(other.id, turn("留下的"))
    kept.add(made.id, turn("绝密" * 3_000))
    assert holds(path, "绝密绝密")
    kept.delete(made.id)
    assert wait_for(lambda: not holds(path, "绝密绝密"))
    with pytest.raises(UnknownConversationError):
        kept.restore(made.id)
    assert [info.id for info in kept.listed()] == [other.id]
    kept.close()


def test_the_next_start_removes_what_was_deleted(path: Path) -> None:
    kept = Conversations(path)
    made, other = kept.create(), kept.create()
    kept.add(made.id, turn("绝密" * 3_000))
    kept.add(other.id, turn("刚删"))
    empty = kept.create()
    kept.delete(made.id)
    kept.delete(other.id)
    kept.close()
    execute(path, "UPDATE conversations SET deleted = deleted - 3600 WHERE id = ?", made.id)
    execute(path, "UPDATE conversations SET created = '2020-01-01' WHERE id = ?", empty.id)
    again = Conversations(path)
    assert again.listed() == ()
    assert holds(path, "绝密绝密") == []
    assert again.restore(other.id).title == "刚删"  # which somebody may still undo
    with pytest.raises(UnknownConversationError):
        again.open(empty.id)
    again.close()


def test_a_follow_up_refers_to_the_last_answered_turn(kept: Conversations) -> None:
    made = kept.create()
    assert kept.last_turn(made.id) is None
    kept.add(made.id, turn("头一问"))
    kept.add(made.id, NewTurn("火星？", refused()))
    kept.add(made.id, NewTurn("停"))
    assert kept.last_turn(made.id) == Turn("头一问", ("粮食/办法.md", "safety.txt"))


@pytest.mark.parametrize(
    "wrong", [MISSING, "", "../../etc/passwd", "' OR 1=1 --", "x" * 10_000, "\ud800" * 20, "a\x00b"]
)
def test_unknown_ids_are_told(kept: Conversations, wrong: str) -> None:
    kept.create()
    with pytest.raises(UnknownConversationError, match="not there"):
        kept.open(wrong)


def test_an_edited_turn_spoils_neither_its_conversation_nor_the_list(kept: Conversations, path: Path) -> None:
    made = kept.create()
    for question in ("一问<script>", "二问", "三问", "四问"):
        kept.add(made.id, turn(question))
    execute(path, "UPDATE turns SET record = CAST(replace(record, '百分之', '千分之') AS BLOB) WHERE number = 1")
    execute(path, "UPDATE turns SET record = 12 WHERE number = 2")
    execute(path, "UPDATE turns SET format = 99 WHERE number = 3")
    execute(path, "UPDATE conversations SET within = '{[', title = CAST(x'ff61' AS TEXT), changed = x'00'")
    found = kept.open(made.id)
    assert [one.kind for one in found.turns] == ["unreadable"] * 3 + ["answered"]
    assert [one.question for one in found.turns] == ["一问<script>", "二问", "三问", "四问"]
    assert found.within == ()
    assert len(kept.listed()) == len(kept.listed("三问")) == 1
    last = kept.last_turn(made.id)
    assert last is not None
    assert last.question == "四问"
    assert kept.replace(made.id, 1, turn("好的")).kind == "answered"


def test_texts_that_sqlite_cannot_hold_are_kept(kept: Conversations) -> None:
    made = kept.create(within=["\ud800.txt", "a\x00b"])
    asked = NewTurn(
        "\ud800问\x00", cited("\ud800问\x00", "\udfff引文\x00"), within=("\udc80",), digests={"\ud800": "1"}
    )
    stored = kept.add(made.id, asked)
    found = kept.open(made.id)
    assert found.turns == (stored,)
    assert found.turns[0].answer == asked.answer
    assert found.within == ("\ud800.txt", "a\x00b")
    assert found.title == "\ufffd问"
    assert len(kept.listed("引文")) == 1
