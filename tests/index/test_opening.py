"""What is opened when a question comes: the newest generation, or the one before where that cannot be had now."""

import errno
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest

from assistant.errors import LibraryIndexError
from assistant.index import private, schema
from assistant.index.database import FILE_NAME, Database, recorded_library
from assistant.index.update import rebuild_derived
from assistant.text.tokens import Tokens
from tests.index.library import CACHE, TEXTS, make_assistant, write

QUESTION = "粮食自给率是多少？"


@pytest.fixture
def indexed(tmp_path: Path) -> Path:
    """The index folder; nobody has it open."""
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    assistant.close()
    return tmp_path / "index"


def no_room(*_: object, **__: object) -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_temporary_folder_is_told_and_nothing_is_made_again(
    tmp_path: Path, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = indexed / "derived" / "1" / "gone when the folder is made anew"
    mark.touch()
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkdtemp", no_room)
        with pytest.raises(LibraryIndexError, match=r"temporary files.*No space left.*TMPDIR"):
            make_assistant(tmp_path).ask(QUESTION)
    assert mark.exists()
    assert "100%" in make_assistant(tmp_path).ask(QUESTION).text


def test_answers_go_on_where_the_next_generation_cannot_be_opened(
    tmp_path: Path, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = make_assistant(tmp_path)
    asking.ask(QUESTION)
    write(tmp_path / "texts", {"粮食.txt": TEXTS["粮食.txt"].replace("100%", "95%")})
    make_assistant(tmp_path).update()
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkdtemp", no_room)
        answer = asking.ask(QUESTION)
        assert "100%" in answer.text
        assert answer.index.generation == 1
    answer = asking.ask(QUESTION)
    assert "95%" in answer.text
    assert answer.index.generation == 2


def test_derived_files_that_somebody_else_has_mended_are_left_alone(indexed: Path) -> None:
    """He may be reading them by now."""
    folder = indexed / "derived" / "1"
    (folder / "vectors.faiss").unlink()
    tokens = Tokens(CACHE)
    rebuild_derived(indexed, tokens)
    mark = folder / "gone when the folder is made anew"
    mark.touch()
    rebuild_derived(indexed, tokens)
    assert mark.exists()
    rebuild_derived(indexed, tokens, sound_too=True)
    assert not mark.exists()


def test_a_database_that_a_repair_made_anew_is_noticed_by_who_has_the_old_one_open(
    tmp_path: Path, indexed: Path
) -> None:
    asking = make_assistant(tmp_path)
    assert "100%" in asking.ask(QUESTION).text
    write(tmp_path / "texts", {"粮食.txt": TEXTS["粮食.txt"].replace("100%", "95%")})
    with sqlite3.connect(indexed / FILE_NAME) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'windows_key'").fetchone()
    connection.close()
    with (indexed / FILE_NAME).open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(os.urandom(4096))
    assert make_assistant(tmp_path).check(repair=True).sound
    answer = asking.ask(QUESTION)  # of the same generation as before: the first
    assert "95%" in answer.text
    assert asking.document("粮食.txt").text[answer.citations[0].start : answer.citations[0].end] in answer.text


class Refused(schema.Connection):
    """To a database beside which no log may be made."""

    def execute(self, *_: object) -> sqlite3.Cursor:
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error


@pytest.mark.parametrize("hot", [False, True])
def test_a_reader_who_may_not_write_beside_the_database_notices_an_update(
    tmp_path: Path, indexed: Path, hot: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it reads the file alone, or a copy of it and its log."""
    connect = schema._connect

    def connect_refused(uri: str) -> schema.Connection:
        return sqlite3.connect(uri, uri=True, factory=Refused) if uri.endswith("?mode=ro") else connect(uri)

    def edit(share: str) -> None:
        write(tmp_path / "texts", {"粮食.txt": TEXTS["粮食.txt"].replace("100%", share)})
        assistant = make_assistant(tmp_path)
        holding = Database.open(indexed) if hot else None  # keeps the log from being written back
        assistant.update()
        assistant.close()
        if holding is not None:
            kept.append(holding)

    kept: list[Database] = []
    edit("99%")
    asking = make_assistant(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_connect", connect_refused)
        assert "99%" in asking.ask(QUESTION).text
        snapshot = asking.snapshot()
        connection = snapshot._database.connection
        assert isinstance(connection, schema.Connection)
        assert (connection.copied is not None) == hot
        assert asking.ask(QUESTION)
        assert asking.snapshot() is snapshot  # nothing is opened again where nothing has changed
    edit("98%")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_connect", connect_refused)
        assert "98%" in asking.ask(QUESTION).text
    for database in kept:
        database.close()


def test_a_database_that_is_written_while_it_is_copied_is_not_read(
    tmp_path: Path, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy could hold one half of a state and the log of another."""
    connect, copyfile = schema._connect, shutil.copyfile
    holding = Database.create_or_open(indexed)
    holding.set_setting("something", "in the log")

    def connect_refused(uri: str) -> schema.Connection:
        return sqlite3.connect(uri, uri=True, factory=Refused) if uri.endswith("?mode=ro") else connect(uri)

    def copy_and_write(source: Path, target: Path) -> None:
        copyfile(source, target)
        holding.set_setting("something", "else")

    monkeypatch.setattr(schema, "_connect", connect_refused)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", copy_and_write)
        with pytest.raises(LibraryIndexError, match="somebody is writing it"):
            make_assistant(tmp_path).ask(QUESTION)
    assert "100%" in make_assistant(tmp_path).ask(QUESTION).text
    holding.close()


def test_a_database_that_may_not_be_read_is_told(
    tmp_path: Path, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(uri: str) -> schema.Connection:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(schema, "_connect", refuse)
    assistant = make_assistant(tmp_path)
    for call in (assistant.preview, assistant.check, assistant.status, lambda: recorded_library(indexed)):
        with pytest.raises(LibraryIndexError, match=r"unable to open database file.*may you write"):
            call()


def test_copies_of_killed_processes_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the lock that the system gave back, or killed before there was one; not a copy in use or just begun."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    class Owner:
        pass

    owner, last = Owner(), Owner()
    used = private.private_folder(owner)
    folders = [tmp_path / f"youju-copy-{name}" for name in ("killed", "unlocked", "young")]
    for folder in folders:
        folder.mkdir()
        (folder / "copy").write_bytes(b"0")
    (folders[0] / "lock").touch()
    for folder in (used, *folders[:2]):
        os.utime(folder, (0, 0))
    new = private.private_folder(last)
    assert {*tmp_path.iterdir()} == {used, new, folders[2]}
