"""Several threads and processes keep turns of one conversation; a kill at any moment leaves what was kept whole."""

import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversations.store import FILE_NAME, Conversations
from assistant.errors import ConversationError
from tests.conversations.samples import turn

WRITER = """
import sys
from pathlib import Path
from assistant.conversations.store import Conversations
from tests.conversations.samples import turn
path, name, start, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
kept = Conversations(path)
print("ready", flush=True)
sys.stdin.readline()
for number in range(start, start + count):
    stored = kept.add(name, turn(f"问题{number}"))
    print(stored.number, number, flush=True)
"""
FULL = """
import resource, sys
from pathlib import Path
from assistant.conversations.store import Conversations
from assistant.errors import ConversationError
from tests.conversations.samples import turn
path, name = Path(sys.argv[1]), sys.argv[2]
kept = Conversations(path)
kept.listed()
size = path.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20_000, resource.RLIM_INFINITY))
told = 0
for number in range(20):
    try:
        kept.add(name, turn("大" * 20_000))
    except ConversationError as error:
        assert "cannot be kept" in str(error) and str(path) in str(error), error
        told += 1
assert told, "nothing was told"
assert kept.open(name).turns[0].question == "先前"
print("told", told)
"""
READ_ONLY = """
import os, sys
from pathlib import Path
from assistant.conversations.store import Conversations
from assistant.errors import ConversationError
from tests.conversations.samples import turn
path, name = Path(sys.argv[1]), sys.argv[2]
kept = Conversations(path)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
assert [info.title for info in kept.listed("先前")] == [sys.argv[3]]
for call in (lambda: kept.add(name, turn()), kept.create, lambda: kept.delete(name)):
    try:
        call()
    except ConversationError as error:
        assert "cannot be kept" in str(error), error
    else:
        raise AssertionError("written")
assert len(kept.open(name).turns) == 1
assert kept.notice() is None
"""
KILLED = """
import os, sys
from pathlib import Path
from assistant.conversations.store import Conversations
kept = Conversations(Path(sys.argv[1]))
kept.rename(sys.argv[2], "先前的名字")
os._exit(0)
"""
CLOSED = """
import os, sys
from pathlib import Path
from assistant.conversations.store import Conversations
from assistant.errors import ConversationError
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
kept = Conversations(Path(sys.argv[1]))
for call in (kept.listed, kept.create, lambda: kept.open(sys.argv[2])):
    try:
        call()
    except ConversationError as error:
        assert "asking goes on" in str(error), error
    else:
        raise AssertionError("nothing was told")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / FILE_NAME


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def test_two_processes_and_threads_never_lose_a_turn(path: Path) -> None:
    kept = Conversations(path)
    name = kept.create().id
    processes = [start(WRITER, path, name, 1000 * number, 40) for number in (1, 2)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        tell(process)
    threads = [
        threading.Thread(target=lambda at=at: [kept.add(name, turn(f"问题{at + one}")) for one in range(20)])
        for at in (3000, 4000)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0, out
    turns = kept.open(name).turns
    assert [one.number for one in turns] == list(range(1, 121))
    asked = {
        f"问题{at + one}" for at, count in ((1000, 40), (2000, 40), (3000, 20), (4000, 20)) for one in range(count)
    }
    assert {one.question for one in turns} == asked
    kept.close()


def test_two_processes_begin_the_file_at_once(path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom assistant.conversations.store import Conversations\n"
        "from tests.conversations.samples import turn\nkept = Conversations(Path(sys.argv[1]))\n"
        "print('ready', flush=True)\nsys.stdin.readline()\nkept.add(kept.create().id, turn())\n"
    )
    processes = [start(program, path) for _ in range(4)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        tell(process)
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    for process in processes:
        process.communicate()
    kept = Conversations(path)
    assert len(kept.listed()) == 4
    assert kept.notice() is None
    kept.close()


@pytest.mark.parametrize("moment", [0.0, 0.004, 0.015, 0.04, 0.09, 0.2])
def test_a_kill_leaves_every_turn_that_was_told(path: Path, moment: float) -> None:
    first = Conversations(path)
    name = first.create().id
    process = start(WRITER, path, name, 0, 100_000)
    assert process.stdout
    process.stdout.readline()
    tell(process)
    told = [process.stdout.readline()]
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    told += process.stdout.readlines()  # `communicate` knows nothing of what was read ahead with the first line
    process.communicate()
    numbers = [int(line.split()[0]) for line in told if line.endswith("\n")]
    turns = first.open(name).turns
    assert [one.number for one in turns] == list(range(1, len(turns) + 1))
    assert numbers[-1] <= len(turns) <= numbers[-1] + 1
    assert all(one.kind == "answered" for one in turns)
    assert first.add(name, turn()).number == len(turns) + 1
    assert first.notice() is None
    first.close()


def kept_one(path: Path) -> str:
    kept = Conversations(path)
    name = kept.create().id
    kept.add(name, turn("先前"))
    kept.close()
    return name


def run(program: str, *arguments: object) -> str:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_full_disk_is_told_and_what_was_kept_stays(path: Path) -> None:
    name = kept_one(path)
    assert run(FULL, path, name).startswith("told")
    kept = Conversations(path)
    assert kept.open(name).turns[0].question == "先前"
    assert kept.add(name, turn()).number == len(kept.open(name).turns)
    assert kept.notice() is None
    kept.close()


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """Beneath folders that everybody may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="youju-tests-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "index" / FILE_NAME
        (Path(folder) / "index").chmod(0o755)


@pytest.mark.parametrize("logged", [False, True], ids=["closed", "with a log"])
def test_a_read_only_folder_is_read(elsewhere: Path, logged: bool) -> None:
    name = kept_one(elsewhere)
    if logged:  # as a killed process leaves it
        run(KILLED, elsewhere, name)
        assert elsewhere.with_name(f"{FILE_NAME}-wal").stat().st_size
    for file in elsewhere.parent.iterdir():
        file.chmod(0o444)
    elsewhere.parent.chmod(0o555)
    run(READ_ONLY, elsewhere, name, "先前的名字" if logged else "先前")


def test_a_folder_that_may_not_be_entered_is_told(elsewhere: Path) -> None:
    name = kept_one(elsewhere)
    elsewhere.parent.chmod(0o000)
    run(CLOSED, elsewhere, name)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    kept = Conversations(tmp_path / "file" / "index" / FILE_NAME)
    assert kept.listed() == ()
    with pytest.raises(ConversationError, match="cannot be kept"):
        kept.create()
