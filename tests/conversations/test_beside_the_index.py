"""Nothing that is done to an index touches the conversations beside it, and they are no part of a library."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversations.store import FILE_NAME, Conversations
from assistant.conversations.turns import NewTurn
from assistant.errors import NotIndexedError
from assistant.index.database import FILE_NAME as DATABASE
from assistant.index.database import recorded_library
from assistant.index.scan import scan
from tests.index.library import TEXTS, make_assistant, write
from tests.index.test_formats import OLDER

QUESTION = "粮食自给率是多少？"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    """Open all the while, with a log."""
    write(tmp_path / "texts", TEXTS)
    conversations = Conversations(tmp_path / "index" / FILE_NAME)
    conversations.add(conversations.create().id, NewTurn(QUESTION))
    conversations.path.with_name(f"{FILE_NAME}.damaged-20260101-000000").write_text("kept")
    yield conversations
    conversations.close()


def is_whole(kept: Conversations) -> bool:
    folder = kept.path.parent
    names = {FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", f"{FILE_NAME}.damaged-20260101-000000"}
    fresh = Conversations(kept.path)
    same = fresh.listed(QUESTION) == kept.listed(QUESTION) and len(kept.listed()) == 1
    fresh.close()
    return same and kept.notice() is None and names <= {file.name for file in folder.iterdir()}


def test_an_index_folder_with_conversations_alone_is_no_index(tmp_path: Path, kept: Conversations) -> None:
    assistant = make_assistant(tmp_path)
    assert recorded_library(tmp_path / "index") is None
    assert assistant.status().generation == 0
    for call in (assistant.check, assistant.gc, lambda: assistant.ask(QUESTION)):
        with pytest.raises(NotIndexedError):
            call()
    assert is_whole(kept)


def test_updates_gc_and_repair_leave_conversations_alone(tmp_path: Path, kept: Conversations) -> None:
    assistant = make_assistant(tmp_path)
    assistant.update()
    assert is_whole(kept)
    kept.add(kept.listed()[0].id, NewTurn(QUESTION, assistant.ask(QUESTION)))
    write(tmp_path / "texts", {"新.txt": "新的文本。\n"})
    assistant.update()
    assistant.gc()
    assert is_whole(kept)
    assert assistant.check().sound
    assistant.close()
    for suffix in ("-wal", "-shm"):  # from which the database would mend itself
        (tmp_path / "index" / f"{DATABASE}{suffix}").unlink(missing_ok=True)
    (tmp_path / "index" / DATABASE).write_bytes(b"\xa5" * 50_000)
    report = make_assistant(tmp_path).check(repair=True)
    assert report.sound
    assert report.repaired
    assert is_whole(kept)
    make_assistant(tmp_path).gc()
    assert is_whole(kept)
    answer = kept.open(kept.listed()[0].id).turns[1].answer
    assert answer is not None
    assert answer.answered


def test_an_older_index_is_migrated_beside_conversations(tmp_path: Path, kept: Conversations) -> None:
    make_assistant(tmp_path).update()
    connection = sqlite3.connect(tmp_path / "index" / DATABASE)
    with connection:
        for statement in OLDER[1].strip().split(";\n"):
            connection.execute(statement)
    connection.close()
    assert make_assistant(tmp_path).ask(QUESTION).answered
    make_assistant(tmp_path).update()
    assert is_whole(kept)


def test_conversations_within_a_library_are_no_texts(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    kept = Conversations(tmp_path / "texts" / "index" / FILE_NAME)
    kept.add(kept.create().id, NewTurn(QUESTION))
    assert set(scan(tmp_path / "texts").files) == set(TEXTS)
    assistant = make_assistant(tmp_path, index=tmp_path / "texts" / "index")
    assistant.update()
    found = scan(tmp_path / "texts")
    assert set(found.files) == set(TEXTS)
    assert found.problems == ()
    kept.close()
