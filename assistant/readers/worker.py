"""Files read safely: all but small texts in another process, with limits on memory, time and output.

A crash, a hang or a bomb of a parser is one ReadError for that file. The process is kept for many files and started
again after it was lost. What it says comes back as JSON and texts: a parser that was taken over cannot make this
process run anything.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from assistant.errors import ReadError
from assistant.readers import table
from assistant.readers.reading import Reading
from assistant.readers.shelf import Shelf, packed, unpacked
from assistant.types import Document, Problem

logger = logging.getLogger(__name__)

# Formats that our own code reads, without a parser that could be harmed by its input; up to so many bytes they are
# read here, which takes well under a second.
_TEXT_FORMATS = frozenset({".txt", ".text", ".md", ".markdown", ".jsonl", ".csv", ".tsv"})
_READ_HERE = 1_000_000
# What a worker may say, in bytes: of a character, beside the texts, and of everything but a text in one message.
_BYTES_PER_CHARACTER = 4
_BESIDE_TEXT = 64_000_000
_LONGEST_MESSAGE = 16_000_000
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
    characters: int = 20_000_000  # of one document; a line of a corpus that is longer is left out
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
        """The documents of one file. Raises ReadError saying what happened, to which file, and what to do.

        Everything that can go wrong has gone wrong when this returns. The documents of a corpus then come from a
        temporary file one after the other.
        """
        if not table.supported(path) or (path.suffix.lower() in _TEXT_FORMATS and _is_small(path)):
            return _read(path, document_id, self._limits)
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


def _is_small(path: Path) -> bool:
    try:
        return path.stat().st_size <= _READ_HERE
    except OSError:  # reading it will say why
        return True


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
            _send(self._to, _message({"path": os.fspath(path), "id": document_id}))
            self._to.flush()
            reading = self._reading(document_id)
        except (OSError, EOFError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise self._loss(slow=late.is_set()) from error
        finally:
            timer.cancel()
        self.used = self.idle = True
        if isinstance(reading, ReadError):
            raise reading
        return reading

    def _reading(self, document_id: str) -> Reading | ReadError:
        """What the process says of a file. Raises EOFError, ValueError, TypeError or KeyError where that is nothing."""
        head = self._told(_receive(self._from, _LONGEST_MESSAGE))
        if "error" in head:
            return ReadError(str(head["error"]))
        problems = tuple(Problem(str(problem["path"]), str(problem["reason"])) for problem in head["problems"])
        left = _BESIDE_TEXT + _BYTES_PER_CHARACTER * max(self._limits.characters, self._limits.file_bytes)
        shelf = Shelf()
        for _ in range(int(head["documents"])):
            about = _receive(self._from, left)
            self._told(about)
            text = _receive(self._from, left - len(about))
            left -= len(about) + len(text)
            if head["documents"] == 1:
                return Reading((unpacked(about, text),), problems)
            try:
                shelf.put(about, text)
            except OSError as error:
                raise ReadError(
                    f"The texts of {document_id} cannot be put aside in {tempfile.gettempdir()}: "
                    f"{error.strerror or error}. Make room there and index again."
                ) from error
        return Reading(shelf, problems)

    @staticmethod
    def _told(message: bytes) -> dict[str, Any]:
        told = json.loads(message)
        if not isinstance(told, dict):
            raise TypeError("no message")
        if "memory" in told:
            raise _LostError(memory=True)
        return told

    def _loss(self, *, slow: bool) -> _LostError:
        self._process.kill()
        code = self._process.wait()
        out_of_time = {-signal.SIGXCPU, -signal.SIGALRM} if os.name == "posix" else set()
        return _LostError(slow=slow or code in out_of_time, code=code)


def _message(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _send(pipe: IO[bytes], *messages: bytes) -> None:
    for message in messages:
        pipe.write(_LENGTH.pack(len(message)))
        pipe.write(message)


def _receive(pipe: IO[bytes], most: int) -> bytes:
    """The next message. Raises EOFError where the pipe ends before it does, ValueError for one that is too long."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    if length > most:
        raise ValueError(f"a message of {length} bytes")
    message = pipe.read(length)
    if len(message) < length:
        raise EOFError
    return message


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
            request = json.loads(_receive(requests, _LONGEST_MESSAGE).decode("utf-8", "surrogatepass"))
        except EOFError:
            return
        _limit_time(limits.seconds)
        try:
            for messages in _answer(Path(request["path"]), request["id"], limits):
                _send(answers, *messages)
            answers.flush()
        except MemoryError:
            _send(answers, _message({"memory": True}))
            answers.flush()
            return


def _answer(path: Path, document_id: str, limits: Limits) -> Iterator[tuple[bytes, ...]]:
    """What is said of a file: an error; or its problems and how many documents follow, and each of these."""
    try:
        reading = _read(path, document_id, limits)
    except ReadError as error:
        yield (_message({"error": str(error)}),)
        return
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001  a panic of Rust is no Exception
        yield (_message({"error": str(_damaged(document_id, error))}),)
        return
    problems = [dataclasses.asdict(problem) for problem in reading.problems]
    yield (_message({"documents": len(reading.documents), "problems": problems}),)
    for document in reading.documents:
        yield packed(document)


def _read(path: Path, document_id: str, limits: Limits) -> Reading:
    """The documents that keep the limits; of several, those that do not are told in problems."""
    try:
        reading = table.read(path, document_id, limit_bytes=limits.file_bytes)
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # whatever a parser raises is about the file; the others are read all the same
        logger.info("reading failed", exc_info=True)
        raise _damaged(document_id, error) from error
    over = {document.id: reason for document in reading.documents if (reason := _excess(document, limits))}
    if not over:
        return reading
    if len(reading.documents) == 1:
        raise ReadError(f"{document_id} {over[reading.documents[0].id]}")
    kept = tuple(document for document in reading.documents if document.id not in over)
    return Reading(kept, (*reading.problems, *(Problem(name, f"It {reason}") for name, reason in over.items())))


def _damaged(document_id: str, error: BaseException) -> ReadError:
    reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return ReadError(
        f"{document_id} is damaged, or is not what its name says ({reason}). Open it with the program it was made with "
        "and save it again."
    )


def _excess(document: Document, limits: Limits) -> str:
    if len(document.text) > limits.characters:
        return (
            f"holds {len(document.text):,} characters, more than {limits.characters:,}, and was left out. Split it, or "
            "raise the limit (setting document_characters)."
        )
    if len(document.pages) > limits.pages:
        return f"has {len(document.pages):,} pages, more than {limits.pages:,}, and was left out. Split it."
    return ""


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
