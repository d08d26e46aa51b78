"""Files that are not what they seem, or not for long: each is read, or told in one line, and the next one is read."""

import os
import stat
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.readers import read
from assistant.readers.reading import Reading
from assistant.readers.table import FORMATS
from assistant.readers.worker import Limits, Reader
from tests.readers.oracle import assert_consistent, assert_told
from tests.readers.samples import SAMPLES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and sparse files are those of POSIX")

SUFFIXES = sorted(SAMPLES)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(Limits(memory_bytes=500_000_000, seconds=20)) as opened:
        yield opened


def told(reader: Reader, path: Path, name: str | None = None) -> str:
    """The error, or "" for a file that is read."""
    name = name or path.name
    try:
        reading = reader.read(path, name)
    except ReadError as error:
        escaped = {sign: sign.encode("unicode_escape").decode() for sign in "\n\r\x1b\u202e"}
        assert_told(error, name.translate(str.maketrans(escaped)))
        return str(error)
    assert_consistent(reading, name)
    return ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_gigabyte_is_refused_without_reading_it(tmp_path: Path, reader: Reader, suffix: str) -> None:
    path = tmp_path / f"大.{suffix}"
    path.touch()
    os.truncate(path, 1 << 30)
    tracemalloc.start()
    assert "larger than 200 MB" in told(reader, path)
    with pytest.raises(ReadError, match="larger than 200 MB"):
        read(path, path.name, limit_bytes=200_000_000)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


OBSTACLES: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "no regular file"),
    "folder": (Path.mkdir, "no regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "no regular file"),
    "link to nothing": (lambda path: path.symlink_to("nothing"), "no longer there"),
    "link to itself": (lambda path: path.symlink_to(path.name), "leads to itself"),
    "link through a file": (lambda path: path.symlink_to("/dev/null/x"), "cannot be read"),
    "nothing": (lambda path: None, "no longer there"),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
@pytest.mark.parametrize("suffix", ["txt", "jsonl", "docx", "pdf", "eml"])
def test_what_is_no_file_is_told(tmp_path: Path, reader: Reader, suffix: str, obstacle: str) -> None:
    make, reason = OBSTACLES[obstacle]
    path = tmp_path / f"甲.{suffix}"
    make(path)
    assert reason in told(reader, path)


def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "甲.txt"
    os.mkfifo(path)
    looks: list[int] = []

    def is_file_at_first(mode: int) -> bool:
        looks.append(mode)
        return len(looks) == 1

    monkeypatch.setattr(stat, "S_ISREG", is_file_at_first)
    with pytest.raises(ReadError, match="no regular file"):
        read(path, "甲.txt", limit_bytes=1000)
    assert len(looks) == 2


def test_a_file_without_permission(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "甲.txt"
    path.write_text("粮食安全。", "utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert "Give yourself permission" in told(reader, path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_another_format_under_a_wrong_name(tmp_path: Path, reader: Reader, suffix: str) -> None:
    """Never damage that is none, never the bytes of it as text."""
    for other in SUFFIXES:
        path = tmp_path / f"{other}.{suffix}"
        path.write_bytes(SAMPLES[other]())
        told(reader, path)
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
        assert told(reader, path)


NAMES = ["行\n行", "\x1b[31m红", "右\u202e左", "空 格\u3000", "~", "-rf", "a\rb", "x" * 240, "#", "%s{0}"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["txt", "docx", "jsonl"])
def test_names_of_all_kinds(tmp_path: Path, reader: Reader, name: str, suffix: str) -> None:
    """A message stays one line, whatever the name of the file."""
    path = tmp_path / f"{name}.{suffix}"
    path.write_bytes(SAMPLES[suffix]())
    assert told(reader, path) == ""
    path.write_bytes(b"\x00\x01\x02" * 9)
    message = told(reader, path)
    assert message
    assert len(message.splitlines()) == 1
    assert "\x1b" not in message


@pytest.mark.parametrize("suffix", ["txt", "docx"])
def test_a_name_that_is_no_text_is_told(tmp_path: Path, reader: Reader, suffix: str) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xc4." + suffix.encode())
    path.write_bytes(SAMPLES[suffix]())
    with pytest.raises(ReadError, match=r"not valid UTF-8\. Rename it"):
        reader.read(path, path.name)
    assert reader.read(path, f"甲.{suffix}").documents


@pytest.mark.parametrize("suffix", ["txt", "jsonl", "docx", "pdf"])
def test_a_file_that_changes_while_it_is_read(tmp_path: Path, reader: Reader, suffix: str) -> None:
    path = tmp_path / f"甲.{suffix}"
    whole = SAMPLES[suffix]()
    path.write_bytes(whole)
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            for data in (whole * 3, whole[: len(whole) // 2], b""):
                path.write_bytes(data)
            path.unlink()
            path.write_bytes(whole)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(60):
            told(reader, path)
    finally:
        stop.set()
        thread.join()
    assert told(reader, path) == ""


@pytest.mark.parametrize("size", [0, 3])
def test_a_file_that_is_longer_than_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """One that grows, or whose file system does not say: all of it is read, up to the limit."""
    path = tmp_path / "甲.txt"
    path.write_text("粮食安全是国之大者。", "utf-8")
    true = os.fstat

    def smaller(descriptor: int) -> os.stat_result:
        found = list(true(descriptor))
        found[stat.ST_SIZE] = size
        return os.stat_result(found)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fstat", smaller)
        assert read(path, "甲.txt", limit_bytes=100).documents[0].text == "粮食安全是国之大者。"
        with pytest.raises(ReadError, match="larger than 20 bytes"):
            read(path, "甲.txt", limit_bytes=20)


def test_titles_stay_short() -> None:
    """They are embedded with every window."""
    from assistant.readers import jsonl, mail

    readings: list[Reading] = [
        jsonl.read(b'{"title": "' + b"a " * 5000 + b'", "text": "b"}', "a.jsonl"),
        mail.read(b"Subject: " + b"a " * 5000 + b"\n\nb", "a.eml"),
    ]
    for reading in readings:
        assert len(reading.documents[0].title) == 300


def test_every_format_has_a_sample() -> None:
    """So that all of this is tried with each."""
    assert set(FORMATS.values()) == {FORMATS[f".{suffix}"] for suffix in SAMPLES}
