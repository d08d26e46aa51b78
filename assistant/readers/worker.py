"""Files read safely: parsers of binary formats run in another process, with limits on memory, time and output.

A crash, a hang or a bomb of a parser is one ReadError for that file. The process is kept for many files and started
again after it was lost. What it says comes back as JSON: a parser that was taken over cannot make this process run
anything.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from assistant.errors import ReadError
from assistant.readers import table
from assistant.readers.reading import Reading
from assistant.types import Document, Heading, Problem

# Formats that our own code reads, without a parser that could be harmed by its input.
_TEXT_FORMATS = frozenset({".txt", ".text", ".md", ".markdown", ".jsonl", ".csv", ".tsv"})
# Bytes of JSON a character takes at most, and what a reading says beside its text.
_BYTES_PER_CHARACTER = 6
_BESIDE_TEXT = 16_000_000
# Seconds after which a worker ends itself, beyond its time, should this process be gone.
_ALONE = 10
_LENGTH = struct.Struct(">Q")
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from assistant.readers.worker import serve; serve()"
_PR_SET_PDEATHSIG = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take."""

    file_bytes: int = 200_000_000
    memory_bytes: int = 1_000_000_000
    seconds: float = 60
    characters: int = 20_000_000  # of the texts of one file
    pages: int = 10_000


class Reader:
    """Reads files: texts here, binary formats in a worker process. For one thread; close it, or use it with `with`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._worker: _Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker process, if there is one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

    def read(self, path: Path, document_id: str) -> Reading:
        """The documents of one file. Raises ReadError saying what happened, to which file, and what to do."""
        if path.suffix.lower() in _TEXT_FORMATS or not table.supported(path):
            return table.read(path, document_id, limit_bytes=self._limits.file_bytes)
        while True:
            worker = self._running()
            used = worker.used
            try:
                return worker.read(path, document_id)
            except _LostError as loss:
                self.close()
                # A worker that read other files before may have been lost to what they left behind.
                if not used or loss.slow:
                    raise _lost(document_id, loss, self._limits) from loss
            except BaseException:  # Ctrl-C: what the worker is doing is of no use any more
                if not worker.idle:
                    self.close()
                raise

    def _running(self) -> _Worker:
        if self._worker is not None and not self._worker.runs():
            self.close()
        if self._worker is None:
            self._worker = _Worker(self._limits)
        return self._worker


def read_safely(path: Path, document_id: str, *, limits: Limits) -> Reading:
    """Read one file alone; a `Reader` is faster for several. Raises ReadError."""
    with Reader(limits) as reader:
        return reader.read(path, document_id)


class _LostError(Exception):
    """A worker ended without an answer."""

    def __init__(self, *, slow: bool = False, memory: bool = False, code: int = 0) -> None:
        super().__init__(code)
        self.slow = slow
        self.memory = memory
        self.code = code


def _lost(document_id: str, loss: _LostError, limits: Limits) -> ReadError:
    if loss.slow:
        return ReadError(
            f"{document_id} took longer than {limits.seconds:g} seconds to read and was left out. Split it, save it "
            "again, or raise the limit (setting read_seconds)."
        )
    if loss.memory:
        return ReadError(
            f"{document_id} needs more than {limits.memory_bytes // 1_000_000:,} MB of memory to read and was left "
            "out. Split it, or raise the limit (setting read_megabytes)."
        )
    how = f"signal {-loss.code}" if loss.code < 0 else f"code {loss.code}"
    return ReadError(
        f"{document_id} made the program that reads it crash ({how}): it is damaged, or needs more memory than the "
        "setting read_megabytes allows. Open it with the program it was made with and save it again."
    )


class _Worker:
    """A process that reads one file after the other."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.used = False
        self.idle = True
        told = json.dumps(dataclasses.asdict(limits))
        # A session of its own: Ctrl-C is for this process, which then ends the other.
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps(sys.path), told, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to: IO[bytes] = self._process.stdin
        self._from: IO[bytes] = self._process.stdout

    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """End the process at once, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            self._to.close()
        self._from.close()

    def read(self, path: Path, document_id: str) -> Reading:
        """Raises ReadError for what is wrong with the file, _LostError where the process had to be given up."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        self.idle = False
        timer = threading.Timer(self._limits.seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            _send(self._to, {"path": os.fspath(path), "id": document_id})
            most = _BESIDE_TEXT + _BYTES_PER_CHARACTER * self._limits.characters
            answer = _receive(self._from, most)
        except (OSError, ValueError):
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            raise self._loss(slow=late.is_set())
        self.used = self.idle = True
        match answer:
            case {"error": str(message)}:
                raise ReadError(message)
            case {"documents": list(documents), "problems": list(problems)}:
                with contextlib.suppress(TypeError, KeyError, ValueError):
                    return _reading(documents, problems)
        raise _LostError(memory="memory" in answer)

    def _loss(self, *, slow: bool) -> _LostError:
        self._process.kill()
        code = self._process.wait()
        out_of_time = {-signal.SIGXCPU, -signal.SIGALRM} if os.name == "posix" else set()
        return _LostError(slow=slow or code in out_of_time, code=code)


def _send(pipe: IO[bytes], message: dict[str, Any]) -> None:
    data = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes], most: int) -> dict[str, Any] | None:
    """The next message; None where the pipe ends before it does. Raises ValueError for what is none."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise ValueError(f"a message of {length} bytes")
    data = pipe.read(length)
    message = json.loads(data.decode("utf-8", "surrogatepass")) if len(data) == length else None
    return message if isinstance(message, dict) else None


def _reading(documents: list[dict[str, Any]], problems: list[dict[str, str]]) -> Reading:
    return Reading(
        tuple(
            Document(
                **{
                    **document,
                    "pages": tuple(document["pages"]),
                    "outline": tuple(Heading(**heading) for heading in document["outline"]),
                }
            )
            for document in documents
        ),
        tuple(Problem(**problem) for problem in problems),
    )


def serve() -> None:
    """The worker: answer requests from standard input until it ends. The only function that runs in that process."""
    limits = Limits(**json.loads(sys.argv[2]))
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):  # a parser that prints must not spoil the answers
        os.dup2(nothing, descriptor)
    _die_with(int(sys.argv[3]))
    _limit_memory(limits.memory_bytes)
    while True:
        try:
            request = _receive(requests, 1 << 20)
        except ValueError:
            return
        if request is None:
            return
        _limit_time(limits.seconds)
        try:
            answer = _answer(Path(request["path"]), request["id"], limits)
            _send(answers, answer)
        except MemoryError:
            _send(answers, {"memory": True})
            return


def _answer(path: Path, document_id: str, limits: Limits) -> dict[str, Any]:
    try:
        reading = table.read(path, document_id, limit_bytes=limits.file_bytes)
    except ReadError as error:
        return {"error": str(error)}
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001  whatever a parser raises (a panic of Rust is no Exception) is about the file
        reason = f"{type(error).__name__}: {error}"[:200]
        return {
            "error": f"{document_id} is damaged, or is not what its name says ({reason}). Open it with the program it "
            "was made with and save it again."
        }
    characters = sum(len(document.text) for document in reading.documents)
    pages = sum(len(document.pages) for document in reading.documents)
    if characters > limits.characters:
        return {
            "error": f"{document_id} holds {characters:,} characters, more than {limits.characters:,}. Split it, or "
            "raise the limit (setting document_characters)."
        }
    if pages > limits.pages:
        return {"error": f"{document_id} has {pages:,} pages, more than {limits.pages:,}. Split it."}
    return {
        "documents": [dataclasses.asdict(document) for document in reading.documents],
        "problems": [dataclasses.asdict(problem) for problem in reading.problems],
    }


def _limit_memory(most: int) -> None:
    """Allocations beyond the limit fail; Windows knows no such limit, and macOS takes no notice of it."""
    if sys.platform == "win32":
        return
    import resource

    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: float) -> None:
    """The system ends this process some time after the other one should have done so, even within a parser."""
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(seconds) + _ALONE)
    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + _ALONE, hard))


def _die_with(parent: int) -> None:
    """Have the system end this process when the one that started it is gone."""
    if sys.platform != "linux":
        return  # elsewhere it ends when its input does, or when its time is over
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit()
