"""A file that is given lands directly in the chosen folder, whole and under its own name, or nothing changes."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import threading
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.errors import LibraryError
from assistant.index.scan import scan
from assistant.library import names, receiving
from assistant.library.receiving import Received, RefusedError, folders, receive
from tests.index.library import TEXTS, make_assistant, settings, write

CONTENT = "新的规定\n\n每年检查一次。\n".encode()
Tree = dict[str, bytes | None]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library within a folder whose other files nobody may touch."""
    library = tmp_path / "outer" / "texts"
    write(library, {"甲.txt": "甲。\n", "子/乙.txt": "乙。\n", "a/b/c.txt": "丙。\n"})
    write(library.parent, {"secret.txt": "秘密。\n", "elsewhere/x.txt": "别处。\n"})
    return library


def tree(library: Path) -> Tree:
    """Everything in the folder above the library; of a link, where it leads."""
    top = library.parent
    return {
        path.relative_to(top).as_posix(): (
            str(path.readlink()).encode() if path.is_symlink() else None if path.is_dir() else path.read_bytes()
        )
        for path in sorted(top.rglob("*"))
    }


def give(library: Path, name: str, *chunks: bytes, **options: object) -> Received:
    values = {"limit_bytes": 1_000_000, **options}
    return receive(library, name, chunks or (CONTENT,), **values)  # type: ignore[arg-type]


def refused(library: Path, name: str, *chunks: bytes, **options: object) -> str:
    """The reason; everything is as it was."""
    before = tree(library)
    with pytest.raises(RefusedError) as caught:
        give(library, name, *chunks, **options)
    assert tree(library) == before
    assert str(caught.value).endswith(".")
    assert all(sign.isprintable() for sign in str(caught.value))
    return caught.value.reason


def test_off_unless_it_is_switched_on(tmp_path: Path) -> None:
    assert settings(tmp_path).uploads is False
    assert settings(tmp_path, uploads=True).uploads is True


@pytest.mark.parametrize("folder", ["", "子", "a/b"])
def test_a_file_lands_in_its_folder_and_is_indexed(tmp_path: Path, library: Path, folder: str) -> None:
    shutil.copytree(library, tmp_path / "texts")
    library = tmp_path / "texts"
    found = give(library, "新规定.txt", CONTENT[:7], CONTENT[7:], folder=folder)
    path = f"{folder}/新规定.txt".removeprefix("/")
    assert found == Received(path, "added", len(CONTENT))
    assert (library / path).read_bytes() == CONTENT
    assert path in scan(library).files
    assistant = make_assistant(tmp_path)
    assistant.update()
    assert assistant.document(path).text == CONTENT.decode()


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".", "..", "/etc/passwd.txt", "../x.txt", "..\\x.txt", "a/b.txt", "C:\\x.txt", "C:x.txt",
        "x.txt:y.txt",
        "//server/x.txt", "x\0.txt", "x\n.txt", "x\x1b[2J.txt", "x\x7f.txt", "x\u202etxt.md", "\u2066x.txt",
        "x\u200e.txt", "x\u2028.txt", "x\ufeff.txt", "x\u200b.txt", "x\ud800.txt", ".x.txt", "..txt", "x.txt.",
        "x.txt ", " x.txt", "x.txt\u3000", "con.txt", "NUL.md", "Com1.txt", "lpt9.tar.txt", "COM¹.txt", "aux .txt",
        "conin$.txt", "字" * 84 + ".txt", "x" * 252 + ".txt", "x" * 100_000 + ".txt", "what?.txt", "a*b.txt", "<b>.txt",
        'q".txt', "a|b.txt", "~$报告.docx", "x.txt~", "youju.toml", "YOUJU.TOML", "youju.dict", "Youju.Dict",
        ".youjuignore", "library.sqlite", "desktop.ini", "Thumbs.db",
    ],
)  # fmt: skip
def test_names_that_are_none_are_refused(library: Path, name: str) -> None:
    assert refused(library, name) == "name"


@pytest.mark.parametrize(
    "name",
    ["报告（2024年）.txt", "a b.txt", "x" * 251 + ".txt", "字" * 83 + ".txt", "C.txt", "console.txt", "com10.txt",
     "com.txt", "x..txt", "${x}.md", "&lt;.txt", "'.txt", "می‌خواهم.txt", "👩‍🔬.txt", "A.TXT", "-rf.txt", "%2e%2e.txt"],
)  # fmt: skip
def test_names_that_only_look_odd_are_kept(library: Path, name: str) -> None:
    assert give(library, name).path == name
    assert (library / name).read_bytes() == CONTENT
    assert name in scan(library).files


def test_names_are_stored_composed(library: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Überblick é.txt")
    assert give(library, decomposed).path == unicodedata.normalize("NFC", decomposed) != decomposed


@pytest.mark.parametrize("folder", ["nowhere", "甲.txt", "甲.txt/x", "..", "子/..", "子/../..", "/", "/etc", "子/", ".",
                                    "子\\x", "x\0y", "\ud800", "子//x", "x" * 300, "x/" * 3000])  # fmt: skip
def test_only_a_folder_of_the_library_takes_files(library: Path, folder: str) -> None:
    assert refused(library, "x.txt", folder=folder) == "folder"


def test_folders_that_nobody_reads_take_none(library: Path) -> None:
    write(library, {".git/x.txt": "x", "ix/library.sqlite": "x", "__MACOSX/x.txt": "x"})
    for folder in (".git", "ix", "__MACOSX"):
        assert refused(library, "新.txt", folder=folder) == "folder"


@pytest.mark.parametrize("target", ["../elsewhere", "../../outer/elsewhere", "子", ".", "nowhere", "链接"])
def test_links_to_folders_take_none(library: Path, target: str) -> None:
    """A scan does not follow them, and they may lead anywhere."""
    (library / "链接").symlink_to(target)
    (library / "子" / "链接").symlink_to(library.parent / "elsewhere")
    assert refused(library, "x.txt", folder="链接") == "folder"
    assert refused(library, "新.txt", folder="子/链接") == "folder"
    with pytest.raises(RefusedError, match="a link"):
        give(library, "新.txt", folder="链接")


def test_a_library_that_is_a_link_takes_files(tmp_path: Path, library: Path) -> None:
    link = tmp_path / "链接"
    link.symlink_to(library)
    assert give(link, "新.txt", folder="子").path == "子/新.txt"
    assert (library / "子/新.txt").exists()


def test_what_youjuignore_leaves_out_is_not_taken(library: Path) -> None:
    write(library, {".youjuignore": "草稿*\n/a/\n", "草稿夹/x.txt": "x"})
    assert refused(library, "草稿.txt") == "ignored"
    assert refused(library, "x.txt", folder="草稿夹") == "ignored"
    assert refused(library, "x.txt", folder="a/b") == "ignored"
    assert give(library, "定稿.txt").outcome == "added"


@pytest.mark.parametrize("name", ["x.doc", "x.zip", "x.exe", "x", "x.txt.exe", "图.png", "x.toml", "x.tx\u0442"])
def test_only_what_a_reader_is_for_is_taken(library: Path, name: str) -> None:
    assert refused(library, name) == "kind"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("x.txt", b"%PDF-1.7\n...", "a PDF file"),
        ("x.md", b"PK\x03\x04....", "an Office file"),
        ("x.csv", _OLE, "older Office"),
        ("x.html", b"\x7fELF\x02\x01\x01", "a program or a database"),
        ("x.pdf", "不是文件。".encode() * 2000, "plain text.*\\.txt"),
        ("x.pdf", b"<!DOCTYPE html><html>", "a web page"),
        ("x.docx", _OLE, "password"),
        ("x.docx", "a不是文件。".encode() * 2000, "plain text"),
        ("x.docx", b"ab\xff\xfe", "damaged"),
        ("x.epub", b"%PDF-1.7", "a PDF file"),
    ],
)
def test_a_file_is_what_its_name_says(library: Path, name: str, content: bytes, told: str) -> None:
    for chunks in ((content,), tuple(content[at : at + 1] for at in range(len(content)))):
        assert refused(library, name, *chunks) == "kind"
    with pytest.raises(RefusedError, match=told):
        give(library, name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.pdf", b"\n" * 900 + b"%PDF-1.4"), ("x.docx", b"PK\x03\x04"), ("x.xls", b"<table>"), ("x.xls", _OLE),
     ("x.txt", "中文".encode("gb18030")), ("x.txt", "中文".encode("utf-16")), ("x.txt", b"GIF8 is a word")],
)  # fmt: skip
def test_what_only_a_reader_can_tell_is_left_to_it(library: Path, name: str, content: bytes) -> None:
    assert give(library, name, content).outcome == "added"


def test_every_sample_of_every_format_is_taken(library: Path) -> None:
    for path in sorted((Path(__file__).parents[2] / "assistant" / "sample").iterdir()):
        if path.is_file() and receiving.supported(path):
            assert give(library, path.name, path.read_bytes()).outcome == "added"


def test_the_same_file_again_is_already_there(library: Path) -> None:
    give(library, "新.txt")
    before = (library / "新.txt").stat()
    assert give(library, "新.txt") == Received("新.txt", "there", len(CONTENT))
    assert give(library, "新.txt", replace=True).outcome == "there"
    after = (library / "新.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_file_of_that_name_is_replaced_only_on_request(library: Path) -> None:
    (library / "甲.txt").chmod(0o640)
    assert refused(library, "甲.txt") == "exists"
    assert refused(library, "甲.txt", "丁。\n".encode()) == "exists"  # of the same length
    assert give(library, "甲.txt", replace=True) == Received("甲.txt", "replaced", len(CONTENT))
    assert (library / "甲.txt").read_bytes() == CONTENT
    assert stat.S_IMODE((library / "甲.txt").stat().st_mode) == 0o640
    assert "甲.txt" not in {path.name for path in library.glob(".*")}


def test_replacing_breaks_a_hard_link_and_never_writes_through_it(library: Path) -> None:
    os.link(library.parent / "secret.txt", library / "新.txt")
    assert give(library, "新.txt", replace=True).outcome == "replaced"
    assert (library.parent / "secret.txt").read_text("utf-8") == "秘密。\n"


@pytest.mark.parametrize("replace", [False, True])
def test_a_folder_or_link_of_that_name_stays(library: Path, replace: bool) -> None:
    (library / "夹.txt").mkdir()
    (library / "链.txt").symlink_to("../secret.txt")
    (library / "断.txt").symlink_to("../nowhere.txt")
    for name in ("夹.txt", "链.txt", "断.txt"):
        assert refused(library, name, replace=replace) == "exists"


@pytest.mark.parametrize(
    ("there", "given"),
    [("Report.txt", "report.txt"), ("report.txt", "REPORT.TXT"), ("Straße.txt", "STRASSE.txt"),
     (unicodedata.normalize("NFD", "é.txt"), "é.txt"), ("É.txt", "é.txt"), ("می‌خواهم.txt", "میخواهم.txt")],
)  # fmt: skip
def test_names_that_are_one_to_other_systems_are_refused(library: Path, there: str, given: str) -> None:
    (library / there).write_bytes(CONTENT)
    assert refused(library, given) == "similar"
    assert refused(library, given, replace=True) == "similar"


def test_the_limit_ends_the_reading(library: Path) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 1000

    before = tree(library)
    with pytest.raises(RefusedError, match=r"larger than 5,500 bytes.*file_megabytes") as caught:
        receive(library, "大.txt", endless(), limit_bytes=5_500)
    assert caught.value.reason == "large"
    assert taken == 6
    assert tree(library) == before
    assert give(library, "大.txt", b"x" * 5_500, limit_bytes=5_500).bytes == 5_500


def test_nothing_is_not_taken(library: Path) -> None:
    assert refused(library, "空.txt", b"", b"") == "empty"
    before = tree(library)
    with pytest.raises(RefusedError):
        receive(library, "空.txt", (), limit_bytes=10)
    assert tree(library) == before


def test_room_is_looked_after_while_it_comes(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = [10**12, 10**12, 10**8]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free.pop(0)))
    before = tree(library)
    with pytest.raises(RefusedError, match="nearly full") as caught:
        receive(library, "大.txt", (b"x" * (5 << 20) for _ in range(100)), limit_bytes=10**9)
    assert caught.value.reason == "room"
    assert not free
    assert tree(library) == before


class GoneError(Exception):
    """Whoever gave the file is gone."""


@pytest.mark.parametrize("error", [GoneError, OSError, KeyboardInterrupt, LibraryError])
def test_who_breaks_off_leaves_nothing(library: Path, error: type[BaseException]) -> None:
    def chunks() -> Iterator[bytes]:
        yield CONTENT
        raise error("gone")

    before = tree(library)
    with pytest.raises(error, match="gone") as caught:
        receive(library, "新.txt", chunks(), limit_bytes=1000)
    assert type(caught.value) is error
    assert tree(library) == before


@pytest.mark.parametrize("step", ["beside", "settle", "_link", "file_digest", "keep_permissions"])
def test_a_disk_that_refuses_leaves_nothing(library: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(receiving, step, fail)
    name, content = ("新.txt", CONTENT) if step == "_link" else ("甲.txt", "丁。\n".encode())
    assert refused(library, name, content, replace=True) == "disk"


def test_a_file_system_without_hard_links(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert give(library, "新.txt").outcome == "added"
    assert (library / "新.txt").read_bytes() == CONTENT
    assert refused(library, "甲.txt") == "exists"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", no_links)
        assert refused(library, "丙.txt") == "disk"


def test_of_many_at_once_with_one_name_one_is_taken(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(12)
    link = os.link

    def slowly(*paths: Path) -> None:
        time.sleep(0.05)
        link(*paths)

    monkeypatch.setattr(os, "link", slowly)

    def work(number: int) -> None:
        start.wait()
        try:
            outcomes.append(give(library, ("同名.txt", "同名.TXT")[number % 2], b"%d" % (number % 6)).outcome)
        except RefusedError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("added") == 1
    assert set(outcomes) <= {"added", "there", "exists", "similar"}
    assert len([path for path in library.iterdir() if path.name.startswith("同名")]) == 1
    assert not list(library.glob(".*"))


def test_what_is_still_coming_is_no_text(library: Path) -> None:
    """Neither to a scan nor to the watch, which goes by one."""
    seen = []

    def chunks() -> Iterator[bytes]:
        yield CONTENT
        (hidden,) = library.glob(".youju-*")
        seen.append((scan(library), names.is_litter(hidden.name)))
        yield CONTENT

    before = scan(library)
    receive(library, "新.txt", chunks(), limit_bytes=1000)
    ((during, litter),) = seen
    assert litter
    assert (during.files.keys(), during.problems) == (before.files.keys(), ())
    assert scan(library).files.keys() == {*before.files, "新.txt"}


def test_a_missing_library_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="does not exist"):
        give(tmp_path / "nowhere", "x.txt")
    assert not list(tmp_path.iterdir())


_SIGNS = st.sampled_from([*"./\\:~$ \0\n*?<>|\"'%", "..", "\u202e", "\u2066", "\ud800", "é", "e\u0301", "甲", "A", "ß"])
_NAMES = st.one_of(
    st.text(max_size=20),
    st.builds(str.__add__, st.text(max_size=90), st.sampled_from([".txt", ".TXT", ".md", ".txt.", ".txt ", ".txt/"])),
    st.builds(
        "".join, st.lists(st.one_of(_SIGNS, st.sampled_from(["txt", "secret", ".txt", "con", "youju"])), max_size=9)
    ),
)


@given(name=_NAMES, folder=st.one_of(st.sampled_from(["", "子", "a/b", "链", "..", "a/.."]), _NAMES))
@example(name="../secret.txt", folder="")
@example(name="secret.txt", folder="..")
@example(name="x.txt", folder="链")
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
def test_whatever_the_name_a_file_lands_directly_in_its_folder_or_is_refused(
    library: Path, name: str, folder: str
) -> None:
    link = library / "链"
    if not link.is_symlink():
        link.symlink_to("../elsewhere")
    before = tree(library)
    found = None
    with contextlib.suppress(RefusedError):
        found = give(library, name, folder=folder, replace=True)
    after = tree(library)
    if found is None:
        assert after == before
        return
    path = library / found.path
    assert folder in ("", "子", "a/b") or (library / folder).is_dir()
    assert path.parent == library / folder
    assert path.name == unicodedata.normalize("NFC", name)
    key = path.relative_to(library.parent).as_posix()
    assert after == {**before, key: CONTENT}
    assert found.path in scan(library).files
    assert names.fault(path.name) is None
    path.unlink()
    library.joinpath("甲.txt").write_text("甲。\n", "utf-8")


def test_texts_of_the_library_are_never_touched(tmp_path: Path) -> None:
    library = tmp_path / "o" / "texts"
    write(library, TEXTS)
    for name in TEXTS:
        assert refused(library, Path(name).name, folder=Path(name).parent.as_posix().removeprefix(".")) == "exists"


def test_the_folders_offered_are_those_that_are_indexed(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    for name in ("乙/内", "甲", ".隐藏", "不要/内", "索引"):
        (texts / name).mkdir(parents=True)
    (texts / "链接").symlink_to(texts / "甲")
    (texts / "索引" / "library.sqlite").touch()
    (texts / ".youjuignore").write_text("不要/\n", "utf-8")
    assert folders(texts) == ("乙", "乙/内", "甲")
    assert folders(tmp_path / "nowhere") == ()
