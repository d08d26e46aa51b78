"""Following a library, with real files: what leads to a call, what does not, and what goes wrong on the way."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from assistant import watch as watch_module
from assistant.watch import Watch
from tests.index.library import make_assistant
from tests.waiting import until

QUIET = 0.2
Start = Callable[..., "Calls"]


class Calls:
    """Counts the calls, and notes which texts were there at each."""

    def __init__(self, library: Path, during: Callable[[int], None] | None = None) -> None:
        self.library = library
        self.seen: list[set[str]] = []
        self.during = during
        self.watch: Watch | None = None

    def __call__(self) -> None:
        self.seen.append({path.relative_to(self.library).as_posix() for path in self.library.rglob("*.txt")})
        if self.during is not None:
            self.during(len(self.seen))

    def wait(self, number: int) -> None:
        """Until there were that many calls."""
        until(lambda: len(self.seen) >= number)

    def none_more(self) -> None:
        """Nothing comes for many times the quiet."""
        before = len(self.seen)
        time.sleep(QUIET * 6)
        assert len(self.seen) == before


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    (folder / "里").mkdir(parents=True)
    (folder / "a.txt").write_text("甲")
    (folder / "里" / "b.txt").write_text("乙")
    return folder


@pytest.fixture
def follow(library: Path, tmp_path: Path) -> Iterator[Start]:
    """Begins to follow the library and waits for the first call."""
    watches: list[Watch] = []

    def start(during: Callable[[int], None] | None = None, index: Path | None = None, *, first: bool = True) -> Calls:
        calls = Calls(library, during)
        calls.watch = Watch(library, index or tmp_path / "index", calls, quiet=QUIET)
        watches.append(calls.watch)
        if first:
            calls.wait(1)
        return calls

    yield start
    for one in watches:
        one.close()
        one._thread.join(5)
        assert not one._thread.is_alive()


def test_importing_it_imports_nothing_that_watches() -> None:
    program = "import sys, assistant.watch; print('watchfiles' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "edit",
    [
        lambda library: (library / "a.txt").write_text("甲乙丙"),
        lambda library: (library / "new.txt").write_text("新"),
        lambda library: (library / "里" / "b.txt").unlink(),
        lambda library: (library / "a.txt").rename(library / "里" / "c.txt"),
        lambda library: (library / ".youjuignore").write_text("a.txt\n"),
        lambda library: shutil.rmtree(library / "里"),
        lambda library: (library / "里").rename(library / "外"),
        lambda library: (
            (library / ".a.txt.swp").write_text("丁") and (library / ".a.txt.swp").rename(library / "a.txt")
        ),
    ],
    ids=["edited", "new", "deleted", "moved", "rules", "folder deleted", "folder renamed", "saved by renaming"],
)
def test_each_kind_of_edit_leads_to_one_call(follow: Start, library: Path, edit: Callable[[Path], Any]) -> None:
    calls = follow()
    edit(library)
    calls.wait(2)
    calls.none_more()


def test_a_new_folder_and_what_comes_into_it_later(
    follow: Start, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_LOOK", 10**9)
    calls = follow()
    (library / "深" / "更深").mkdir(parents=True)
    (library / "深" / "更深" / "c.txt").write_text("丙")
    calls.wait(2)
    assert "深/更深/c.txt" in calls.seen[-1]
    calls.none_more()
    (library / "深" / "更深" / "d.txt").write_text("丁")
    calls.wait(3)
    assert "深/更深/d.txt" in calls.seen[-1]


def test_what_a_scan_leaves_out_counts_for_nothing(follow: Start, library: Path, tmp_path: Path) -> None:
    (library / ".youjuignore").write_text("*.log\n/private/\n")
    (library / "private").mkdir()
    (tmp_path / "outside").mkdir()
    (library / "link").symlink_to(tmp_path / "outside")
    index = library / "index"
    calls = follow(index=index)
    index.mkdir()
    for path in (
        ".hidden.txt",
        "~$a.txt",
        "a.txt~",
        "里/b.txt.tmp",
        "Thumbs.db",
        "run.log",
        "private/c.txt",
        "index/library.sqlite",
        "index/x.txt",
        "link/d.txt",
    ):
        (library / path).write_text("无")
        assert calls.watch
        assert not calls.watch._matters(str(library / path)) or path.startswith("link")
    (library / ".git").mkdir()
    (library / ".git" / "e.txt").write_text("无")
    calls.none_more()
    (library / "a.txt").write_text("甲乙")
    calls.wait(2)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere watching does not follow links, or costs the same")
def test_only_folders_that_count_are_watched(
    follow: Start, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link to the root of the file system would have all of it watched."""
    (library / ".youjuignore").write_text("/private/\n")
    for folder in ("private", ".git"):
        (library / folder).mkdir()
    (library / "link").symlink_to("/")
    watched: list[object] = []

    def watch(*paths: Path, recursive: bool, stop_event: threading.Event, **_: object) -> Iterator[set[object]]:
        watched.append((set(paths), recursive))
        while not stop_event.wait(QUIET):
            yield set()

    monkeypatch.setattr(watchfiles, "watch", watch)
    follow()
    assert watched == [({library, library / "里"}, False)]


def test_a_text_saved_without_a_change_leads_to_no_call(follow: Start, library: Path) -> None:
    calls = follow()
    status = (library / "a.txt").stat()
    (library / "a.txt").write_text("甲")
    os.utime(library / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    calls.none_more()


def test_a_file_of_no_concern_that_is_written_all_the_time_delays_nothing(
    follow: Start, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_MOST_QUIETS", 10**9)
    (library / ".youjuignore").write_text("*.log\n")
    calls = follow()
    stop = threading.Event()

    def write() -> None:
        while not stop.wait(0.02):
            with (library / "run.log").open("a") as log:
                log.write("行\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        (library / "a.txt").write_text("甲乙")
        calls.wait(2)
    finally:
        stop.set()
        writer.join()


def test_edits_that_never_end_are_settled_at_some_time(
    follow: Start, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_MOST_QUIETS", 3)
    calls = follow()
    for number in range(3000):
        (library / "a.txt").write_text(str(number))
        if len(calls.seen) > 1:
            break
        time.sleep(0.02)
    assert len(calls.seen) > 1


def test_thousands_of_files_at_once_are_one_edit(follow: Start, library: Path) -> None:
    calls = follow()
    for number in range(4000):
        folder = library / f"堆{number % 20}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text("文")
    until(lambda: len(calls.seen[-1]) == 4002)
    calls.none_more()
    assert len(calls.seen) <= 5


def test_an_edit_during_a_call_leads_to_another(follow: Start, library: Path) -> None:
    def edit(number: int) -> None:
        if number == 2:
            (library / "during.txt").write_text("中")
            time.sleep(QUIET * 3)

    calls = follow(edit)
    (library / "a.txt").write_text("甲乙")
    calls.wait(3)
    assert "during.txt" in calls.seen[2]
    calls.none_more()


def test_a_call_that_fails_is_not_the_last(follow: Start, library: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fail(number: int) -> None:
        if number == 1:
            raise RuntimeError("一")

    calls = follow(fail)
    (library / "a.txt").write_text("甲乙")
    calls.wait(2)
    assert "follows the library failed" in caplog.text


def test_a_library_that_is_deleted_and_comes_back_is_followed_again(
    follow: Start, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_LOOK", 10**9)
    calls = follow()
    shutil.rmtree(library)
    calls.none_more()
    (library / "里").mkdir(parents=True)
    (library / "back.txt").write_text("回")
    calls.wait(2)
    assert calls.seen[-1] == {"back.txt"}
    time.sleep(QUIET * 3)
    (library / "more.txt").write_text("多")
    until(lambda: "more.txt" in calls.seen[-1])


def test_a_library_that_is_not_there_yet(follow: Start, library: Path) -> None:
    shutil.rmtree(library)
    calls = follow(first=False)
    calls.none_more()
    library.mkdir()
    (library / "first.txt").write_text("一")
    calls.wait(1)
    assert calls.seen[-1] == {"first.txt"}


def test_without_watches_left_it_looks_for_itself(
    follow: Start, library: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def exhausted(*_: object, **__: object) -> Iterator[set[object]]:
        raise OSError(errno.ENOSPC, "OS file watch limit reached")
        yield set()

    monkeypatch.setattr(watchfiles, "watch", exhausted)
    calls = follow()
    (library / "里" / "b.txt").write_text("乙乙")
    calls.wait(2)
    calls.none_more()
    assert caplog.text.count("tells nothing of edits") == 1


LIMITED = """
import logging, sys, threading
from pathlib import Path
from assistant.watch import Watch

library, called = Path(sys.argv[1]), threading.Semaphore(0)
watch = Watch(library, library / "index", called.release, quiet=0.2)
assert called.acquire(timeout=20)
(library / "f9" / "a.txt").write_text("changed")
print("called again" if called.acquire(timeout=15) else "not called")
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs Linux's unshare, to have a limit of its own")
@pytest.mark.parametrize("limit", ["max_inotify_watches", "max_inotify_instances"])
def test_the_real_limit_of_the_system(tmp_path: Path, limit: str) -> None:
    for number in range(30):
        (tmp_path / f"f{number}").mkdir()
        (tmp_path / f"f{number}" / "a.txt").write_text("a")
    lowered = f'echo {5 if limit.endswith("watches") else 0} > /proc/sys/user/{limit} || exit 77; exec "$@"'
    command = ["unshare", "-r", "sh", "-c", lowered, "sh", sys.executable, "-c", LIMITED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 77 or done.stderr.startswith("unshare:"):
        pytest.skip(f"this system allows no limit of its own: {done.stderr}")
    assert done.stdout == "called again\n"
    assert "tells nothing of edits" in done.stderr


def test_a_folder_that_tells_nothing_is_looked_at_now_and_then(
    follow: Start, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of one on another computer, edited there."""
    monkeypatch.setattr(watch_module, "_LOOK", 0.3)

    def silent(*_: object, stop_event: threading.Event, **__: object) -> Iterator[set[object]]:
        while not stop_event.wait(QUIET):
            yield set()

    monkeypatch.setattr(watchfiles, "watch", silent)
    calls = follow()
    (library / "a.txt").write_text("甲乙")
    calls.wait(2)


def test_after_closing_nothing_is_called(follow: Start, library: Path) -> None:
    calls = follow()
    (library / "a.txt").write_text("甲乙")
    assert calls.watch
    calls.watch.close()
    calls.none_more()
    assert not calls.watch._thread.is_alive()


def test_closing_does_not_wait_for_a_call(follow: Start, library: Path) -> None:
    gate = threading.Event()
    calls = follow(lambda number: gate.wait(30) and None)
    assert calls.watch
    calls.watch.close()
    (library / "a.txt").write_text("甲乙")
    gate.set()
    calls.none_more()


def test_an_update_into_an_index_within_the_library_does_not_lead_to_another(tmp_path: Path, library: Path) -> None:
    assistant = make_assistant(tmp_path, index=library / "里" / "索引")
    calls = Calls(library, lambda number: assistant.update() and None)
    watch = Watch(library, assistant.index_dir, calls, quiet=QUIET)
    try:
        until(lambda: assistant.status().documents == 2)
        calls.none_more()
        (library / "c.txt").write_text("丙丙丙")
        until(lambda: assistant.status().documents == 3)
        calls.none_more()
        assert len(calls.seen) == 2
    finally:
        watch.close()
        watch._thread.join(10)
        assistant.close()
