"""Editing a library's own words: what is there is never lost, and what is wrong is told line by line."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.errors import LibraryError, SettingsError, YoujuError
from assistant.index.scan import scan
from assistant.library import replacing
from assistant.library.dictionary import (
    MOST_BYTES,
    DictionaryChangedError,
    check_dictionary,
    read_dictionary,
    write_dictionary,
)
from assistant.text.dictionary import DICTIONARY_FILE
from tests.index.library import TEXTS, make_assistant, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / DICTIONARY_FILE


def content(library: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in library.iterdir() if path.is_file()}


def test_a_library_without_one_has_an_empty_one_to_begin_with(tmp_path: Path, file: Path) -> None:
    found = read_dictionary(tmp_path)
    assert (found.text, found.words, found.problems, found.digest) == ("", (), (), "")
    written = write_dictionary(tmp_path, "涉密人员 300 nr\r\n占补平衡", seen="")
    assert file.read_bytes() == "涉密人员 300 nr\n占补平衡\n".encode()
    assert [(word.word, word.frequency, word.tag) for word in written.words] == [
        ("涉密人员", 300, "nr"),
        ("占补平衡", None, "n"),
    ]
    assert written == read_dictionary(tmp_path)
    assert list(content(tmp_path)) == [DICTIONARY_FILE]


def test_bad_lines_are_shown_with_the_text_and_the_others_count(tmp_path: Path, file: Path) -> None:
    file.write_bytes("\ufeff占补平衡\r\nnetwork\r\n涉密人员\r\n".encode())
    found = read_dictionary(tmp_path)
    assert found.text == "占补平衡\nnetwork\n涉密人员\n"
    assert [word.word for word in found.words] == ["占补平衡", "涉密人员"]
    (problem,) = found.problems
    assert problem.reason.startswith("line 2: ")
    assert check_dictionary(found.text) == found.problems


def test_bad_lines_are_told_one_by_one_and_nothing_is_written(tmp_path: Path, file: Path) -> None:
    file.write_text("占补平衡\n", "utf-8")
    seen = read_dictionary(tmp_path).digest
    with pytest.raises(SettingsError) as caught:
        write_dictionary(tmp_path, "占补平衡\nnetwork\n粮食 多少\n" + "坏，行\n" * 30, seen=seen)
    told = str(caught.value).splitlines()
    assert told[1].startswith("line 2: is no Chinese word")
    assert told[2].startswith("line 3: is not “word frequency tag”")
    assert told[-1] == "… and 12 more."
    assert file.read_text("utf-8") == "占补平衡\n"


def test_what_somebody_else_wrote_meanwhile_stays(tmp_path: Path, file: Path) -> None:
    for before, after in ((None, "别人的词\n"), ("旧词\n", "别人的词\n"), ("旧词\n", None)):
        file.unlink(missing_ok=True)
        if before is not None:
            file.write_text(before, "utf-8")
        seen = read_dictionary(tmp_path).digest
        file.unlink(missing_ok=True)
        if after is not None:
            file.write_text(after, "utf-8")
        with pytest.raises(DictionaryChangedError, match="somebody else"):
            write_dictionary(tmp_path, "我的词\n", seen=seen)
        assert content(tmp_path) == ({} if after is None else {DICTIONARY_FILE: after.encode()})


def test_of_two_tabs_that_save_at_once_one_is_told(tmp_path: Path) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def save(number: int) -> None:
        start.wait()
        try:
            outcomes.append(write_dictionary(tmp_path, "词" * (number + 1), seen="").text)
        except DictionaryChangedError:
            outcomes.append("")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (written,) = [text for text in outcomes if text]
    assert read_dictionary(tmp_path).text == written


def test_another_encoding_is_shown_as_it_was_meant_and_counts_when_it_is_saved(tmp_path: Path, file: Path) -> None:
    text = "占补平衡\n涉密人员\n高标准农田\n"
    file.write_bytes(text.encode("gb18030"))
    found = read_dictionary(tmp_path)
    assert found.text == text
    assert found.words == ()
    assert "not UTF-8" in found.problems[0].reason
    assert len(write_dictionary(tmp_path, found.text, seen=found.digest).words) == 3


def test_permissions_stay(tmp_path: Path, file: Path) -> None:
    file.write_text("旧词\n", "utf-8")
    file.chmod(0o640)
    write_dictionary(tmp_path, "新词\n", seen=read_dictionary(tmp_path).digest)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_is_already_there_is_not_written(tmp_path: Path, file: Path) -> None:
    written = write_dictionary(tmp_path, "新词\n", seen="")
    before = file.stat()
    write_dictionary(tmp_path, "新词", seen=written.digest)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_link_within_the_library_is_followed_and_one_out_of_it_is_not(tmp_path: Path) -> None:
    library = tmp_path / "texts"
    write(tmp_path, {"texts/词/own.dict": "旧词\n", "outside.dict": "外面的词\n"})
    link = library / DICTIONARY_FILE
    link.symlink_to("词/own.dict")
    write_dictionary(library, "新词\n", seen=read_dictionary(library).digest)
    assert link.is_symlink()
    assert (library / "词/own.dict").read_text("utf-8") == "新词\n"
    for target in ("../outside.dict", DICTIONARY_FILE):
        link.unlink()
        link.symlink_to(target)
        with pytest.raises(LibraryError, match="link that leads"):
            read_dictionary(library)
        with pytest.raises(LibraryError, match="link that leads"):
            write_dictionary(library, "新词\n", seen="")
    assert (tmp_path / "outside.dict").read_text("utf-8") == "外面的词\n"


@pytest.mark.timeout(20)
def test_what_is_no_file_is_neither_read_nor_replaced(tmp_path: Path, file: Path) -> None:
    file.mkdir()
    for call in (lambda: read_dictionary(tmp_path), lambda: write_dictionary(tmp_path, "词语\n", seen="")):
        with pytest.raises(LibraryError, match="no regular file"):
            call()
    file.rmdir()
    os.mkfifo(file)
    with pytest.raises(LibraryError, match="no regular file"):
        read_dictionary(tmp_path)


def test_too_much_is_refused(tmp_path: Path, file: Path) -> None:
    with pytest.raises(SettingsError, match="at most 5,000,000"):
        write_dictionary(tmp_path, "占补平衡\n" * (MOST_BYTES // 13 + 1), seen="")
    assert not file.exists()
    file.write_bytes(b"x" * (MOST_BYTES + 1))
    with pytest.raises(LibraryError, match="5,000,001 bytes"):
        read_dictionary(tmp_path)


def test_without_a_library_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="does not exist"):
        write_dictionary(tmp_path / "nowhere", "词语\n", seen="")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("step", ["open", "settle", "replace", "read-only"])
def test_a_disk_that_refuses_leaves_the_file_as_it_was(
    tmp_path: Path, file: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("旧词\n", "utf-8")
    seen = read_dictionary(tmp_path).digest

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        match step:
            case "open":
                patch.setattr(replacing, "beside", fail)
            case "settle":
                patch.setattr(replacing, "settle", fail)
            case "replace":
                patch.setattr(Path, "replace", fail)
            case _:
                patch.setattr(os, "access", lambda *_: False)
        with pytest.raises(LibraryError, match=r"cannot be written \((No space|it is read-only)"):
            write_dictionary(tmp_path, "新词\n", seen=seen)
    assert content(tmp_path) == {DICTIONARY_FILE: "旧词\n".encode()}


_LINES = st.lists(
    st.one_of(st.text(max_size=6), st.text("占补平衡５Ｇ \t", max_size=9), st.just("网络 3 v")), max_size=6
)


@given(text=st.builds(str.join, st.sampled_from(["\n", "\r\n", "\r"]), _LINES))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_written_as_it_is_or_refused(tmp_path: Path, text: str) -> None:
    seen = read_dictionary(tmp_path).digest
    before = content(tmp_path)
    try:
        found = write_dictionary(tmp_path, text, seen=seen)
    except YoujuError:
        assert content(tmp_path) == before
    else:
        assert not found.problems
        assert found.text.rstrip("\n") == text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
        assert list(content(tmp_path)) == [DICTIONARY_FILE]


def test_what_a_killed_process_left_is_no_text_and_is_swept_up_later(tmp_path: Path) -> None:
    old, young = tmp_path / ".youju-0123456789abcdef.part", tmp_path / ".youju-fedcba9876543210.part"
    other = tmp_path / ".youju-notes.part"
    for path in (old, young, other):
        path.write_text("占补平衡\n", "utf-8")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    found = scan(tmp_path)
    assert not found.files
    assert not found.problems
    write_dictionary(tmp_path, "新词\n", seen="")
    assert not old.exists()
    assert young.exists()
    assert other.exists()


def test_the_next_update_uses_the_words(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    write_dictionary(tmp_path / "texts", "占补平衡\n", seen="")
    assert assistant.preview().dictionary
    assert assistant.update().changed
    assert assistant.snapshot().dictionary == "占补平衡"
