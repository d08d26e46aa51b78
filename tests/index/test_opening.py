"""What is opened when a question comes: the newest generation, or the one before where that cannot be had now."""

import errno
import tempfile
from pathlib import Path

import pytest

from assistant.errors import LibraryIndexError
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
    manifest = indexed / "derived" / "1" / "derived.json"
    before = manifest.stat()
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkdtemp", no_room)
        with pytest.raises(LibraryIndexError, match=r"temporary files.*No space left.*TMPDIR"):
            make_assistant(tmp_path).ask(QUESTION)
    assert manifest.stat() == before
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
    mended = (folder / "derived.json").stat()
    rebuild_derived(indexed, tokens)
    assert (folder / "derived.json").stat() == mended
    rebuild_derived(indexed, tokens, sound_too=True)
    assert (folder / "derived.json").stat() != mended
