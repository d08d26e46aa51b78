"""`check` finds what is wrong with an index, `check(repair=True)` mends it, `gc` frees what nothing needs."""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.config import load_settings
from assistant.errors import IndexDamagedError, LibraryError, NotIndexedError
from assistant.index.database import FILE_NAME
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, make_assistant, settings, write

QUESTION = "粮食自给率是多少？"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(tmp_path / "texts", TEXTS)
    return tmp_path / "texts"


@pytest.fixture
def indexed(tmp_path: Path, library: Path) -> Path:
    """The index folder; nobody has it open."""
    assistant = make_assistant(tmp_path)
    assistant.update()
    assistant.close()
    return tmp_path / "index"


def change(index: Path, statement: str, *values: object) -> int:
    with sqlite3.connect(index / FILE_NAME) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        count = connection.execute(statement, values).rowcount
    connection.close()
    return count


def whole(assistant: Assistant) -> dict[str, str]:
    return {info.id: assistant.document(info.id).text for info in assistant.documents()}


def indexed_texts(tmp_path: Path) -> dict[str, str]:
    """What an assistant finds that is closed again."""
    with contextlib.closing(make_assistant(tmp_path)) as assistant:
        return whole(assistant)


def test_a_sound_index_has_no_findings(tmp_path: Path, indexed: Path) -> None:
    report = make_assistant(tmp_path).check()
    assert report.sound
    assert not report.repaired
    assert (report.documents, report.files) == (3, 3)
    assert report.passages
    assert report.windows


def test_nothing_to_check_without_an_index(tmp_path: Path, library: Path) -> None:
    for call in (make_assistant(tmp_path).check, make_assistant(tmp_path).gc):
        with pytest.raises(NotIndexedError, match="youju index"):
            call()
    assert not (tmp_path / "index" / FILE_NAME).exists()


def test_edited_texts_belong_to_the_next_update(tmp_path: Path, library: Path, indexed: Path) -> None:
    write(library, {"粮食.txt": "粮食安全\n\n今年改为百分之九十。\n", "新.txt": "新的文本。\n"})
    (library / "safety.txt").unlink()
    report = make_assistant(tmp_path).check()
    assert report.sound
    assert report.files == 1


def poison(index: Path) -> int:
    nan = np.full(256, np.nan, dtype=np.float16).tobytes()
    return change(index, "UPDATE vectors SET vector = ? WHERE key = (SELECT key FROM windows LIMIT 1)", nan)


def shorten(index: Path) -> int:
    return change(index, "UPDATE vectors SET vector = substr(vector, 9) WHERE key = (SELECT key FROM windows LIMIT 1)")


OF_GRAIN = "document = (SELECT id FROM documents WHERE name = '粮食.txt')"
DAMAGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "text": (
        "粮食.txt",
        lambda index: change(
            index, "UPDATE documents SET text = replace(text, '100%', '999%') WHERE name = '粮食.txt'"
        ),
    ),
    "title": ("粮食.txt", lambda index: change(index, "UPDATE documents SET title = '伪造' WHERE name = '粮食.txt'")),
    "length": ("粮食.txt", lambda index: change(index, "UPDATE documents SET characters = 1 WHERE name = '粮食.txt'")),
    "passage": ("粮食.txt", lambda index: change(index, 'UPDATE passages SET "end" = 100000 WHERE ' + OF_GRAIN)),
    "window": (
        "粮食.txt",
        lambda index: change(
            index,
            "UPDATE windows SET start = start + 1 WHERE passage IN (SELECT id FROM passages WHERE " + OF_GRAIN + ")",
        ),
    ),
    "window gone": ("derived files", lambda index: change(index, "DELETE FROM windows WHERE id = 1")),
    "passage gone": ("粮食.txt", lambda index: change(index, "DELETE FROM passages WHERE " + OF_GRAIN)),
    "heading": (
        "粮食.txt",
        lambda index: change(index, "UPDATE passages SET heading = '[' WHERE " + OF_GRAIN),
    ),
    "document gone": ("粮食.txt", lambda index: change(index, "DELETE FROM documents WHERE name = '粮食.txt'")),
    "vectors gone": ("vectors", lambda index: change(index, "DELETE FROM vectors")),
    "vector not finite": ("vectors", poison),
    "vector too short": ("vectors", shorten),
    "no derived files": (
        "derived files",
        lambda index: (index / "derived" / "1" / "vectors.faiss").rename(index / "lost"),
    ),
    "keywords": (
        "derived files",
        lambda index: [os.truncate(file, 3) for file in (index / "derived" / "1" / "keywords").glob("*.store")],
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_and_mended(tmp_path: Path, library: Path, indexed: Path, name: str) -> None:
    place, damage = DAMAGES[name]
    expected = indexed_texts(tmp_path)
    assert damage(indexed)
    found = make_assistant(tmp_path).check()
    assert place in {finding.place for finding in found.findings}
    assert not found.repaired

    embedder = FakeEmbedder()
    assistant = make_assistant(tmp_path, embedder)
    mended = assistant.check(repair=True)
    assert mended.sound, mended.findings
    assert set(mended.repaired) == set(found.findings)
    assert whole(assistant) == expected
    answer = assistant.ask(QUESTION)
    assert "100%" in answer.text
    assert make_assistant(tmp_path).check().sound
    if place != "vectors":
        assert not embedder.texts_embedded


def lose(index: Path) -> int:
    return change(index, "DELETE FROM vectors WHERE key = (SELECT key FROM windows LIMIT 1)")


@pytest.mark.parametrize("damage", [poison, shorten, lose])
def test_vectors_that_are_none_are_told_by_whoever_needs_them(
    tmp_path: Path, library: Path, indexed: Path, damage: Callable[[Path], int]
) -> None:
    assert damage(indexed)
    assistant = make_assistant(tmp_path)
    before = assistant.ask(QUESTION)
    write(library, {"新.txt": "新的文本。\n"})
    with pytest.raises(IndexDamagedError, match=r"vectors.*check --repair"):
        assistant.update()
    assert assistant.ask(QUESTION).citations == before.citations
    (indexed / "derived" / "1" / "vectors.faiss").unlink()
    with pytest.raises(IndexDamagedError, match=r"vectors.*check --repair"):
        make_assistant(tmp_path).ask(QUESTION)
    assert assistant.check(repair=True).sound
    assert make_assistant(tmp_path).ask(QUESTION).citations == before.citations


def test_an_altered_text_is_never_quoted(tmp_path: Path, indexed: Path) -> None:
    change(indexed, "UPDATE documents SET text = replace(text, '100%', '999%')")
    with pytest.raises(IndexDamagedError, match=r"粮食.txt.*check --repair"):
        make_assistant(tmp_path).ask(QUESTION)


@pytest.mark.parametrize("damage", ["header", "middle", "half", "empty"])
def test_a_database_that_cannot_be_read_is_set_aside_and_built_again(
    tmp_path: Path, library: Path, indexed: Path, damage: str
) -> None:
    expected = indexed_texts(tmp_path)
    file = indexed / FILE_NAME
    content = bytearray(file.read_bytes())
    if damage == "header":
        content[:100] = bytes(100)
    elif damage == "middle":  # the schema stays readable
        content[4096 : len(content) // 2] = os.urandom(len(content) // 2 - 4096)
    elif damage == "half":
        content = content[: len(content) // 2]
    else:
        content = bytearray(b"not a database at all, but long enough to be looked at as one" * 100)
    file.write_bytes(content)

    assistant = make_assistant(tmp_path)
    found = assistant.check()
    assert [finding.place for finding in found.findings][:1] == ["database"]
    assert file.read_bytes() == content  # only looked at
    assistant.close()

    assistant = make_assistant(tmp_path)
    assert assistant.check(repair=True).sound
    assert whole(assistant) == expected
    assert (indexed / "damaged-1.sqlite").read_bytes() == content
    assert {path.name for path in library.rglob("*.*")} >= {"粮食.txt", "safety.txt"}
    assistant.close()  # a reader would keep what VACUUM writes in the log
    assert assistant.gc().bytes >= len(content)
    assert not (indexed / "damaged-1.sqlite").exists()


def test_a_damaged_database_is_kept_while_the_texts_are_not_there(tmp_path: Path, library: Path, indexed: Path) -> None:
    file = indexed / FILE_NAME
    content = file.read_bytes()[:-4096]
    file.write_bytes(content)
    library.rename(tmp_path / "elsewhere")
    for folder in ("missing", "empty"):
        if folder == "empty":
            library.mkdir()
        with pytest.raises(LibraryError, match=str(library)):
            make_assistant(tmp_path).check(repair=True)
        assert file.read_bytes() == content
    library.rmdir()
    (tmp_path / "elsewhere").rename(library)
    assert make_assistant(tmp_path).check(repair=True).sound


def test_sound_vectors_are_kept_of_a_damaged_database(tmp_path: Path, indexed: Path) -> None:
    with sqlite3.connect(indexed / FILE_NAME) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'passages'").fetchone()
    connection.close()
    content = bytearray((indexed / FILE_NAME).read_bytes())
    content[(root - 1) * 4096 : root * 4096] = os.urandom(4096)
    (indexed / FILE_NAME).write_bytes(content)
    embedder = FakeEmbedder()
    assistant = make_assistant(tmp_path, embedder)
    assert assistant.check(repair=True).sound
    assert not embedder.texts_embedded
    assert "100%" in assistant.ask(QUESTION).text


def test_gc_drops_what_no_generation_needs(tmp_path: Path, library: Path, indexed: Path) -> None:
    write(
        library, {f"多/{number}.txt": f"第{number}号文件\n\n" + f"第{number}条规定如下。" * 300 for number in range(5)}
    )
    make_assistant(tmp_path).update()
    for number in range(5):
        (library / f"多/{number}.txt").unlink()
    make_assistant(tmp_path).update()
    other = FakeEmbedder(fingerprint="fake-2")
    Assistant(settings(tmp_path, model="other"), load=lambda name: other).update()
    assistant = Assistant(settings(tmp_path, model="other"), load=lambda name: other)

    before = sum(file.stat().st_size for file in indexed.rglob("*") if file.is_file())
    freed = assistant.gc()
    after = sum(file.stat().st_size for file in indexed.rglob("*") if file.is_file())
    assert freed.models == 1
    assert freed.vectors > 10
    assert freed.generations >= 1
    assert freed.bytes > 0.9 * (before - after) > 100_000
    assert assistant.check().sound
    assert "100%" in assistant.ask(QUESTION).text
    again = assistant.gc()
    assert (again.vectors, again.models, again.generations) == (0, 0, 0)
    # What is needed was kept: an update has nothing to embed.
    other.texts_embedded.clear()
    assert assistant.update().embedded == 0
    assert not other.texts_embedded


def test_gc_drops_the_files_of_a_database_that_was_made_anew(tmp_path: Path, library: Path, indexed: Path) -> None:
    for number in range(3):
        write(library, {"新.txt": f"第{number}次。\n"})
        make_assistant(tmp_path).update()
    (indexed / FILE_NAME).write_bytes((indexed / FILE_NAME).read_bytes()[:-4096])
    assistant = make_assistant(tmp_path)
    assert assistant.check(repair=True).sound
    assistant.gc()
    assert [folder.name for folder in (indexed / "derived").iterdir()] == ["1"]
    assert assistant.check().sound


def test_gc_while_another_answers(tmp_path: Path, indexed: Path) -> None:
    asking = make_assistant(tmp_path)
    before = asking.ask(QUESTION)
    make_assistant(tmp_path).gc()
    assert asking.ask(QUESTION).citations == before.citations


def test_whoever_names_only_a_damaged_index_is_told_to_name_the_library(indexed: Path) -> None:
    """Which library it is of stands in the database: another, or the sample, must not be taken for it."""
    (indexed / FILE_NAME).write_bytes(b"damaged " * 1000)
    with pytest.raises(IndexDamagedError, match=r"check --repair.*--library"):
        load_settings(index=indexed)
