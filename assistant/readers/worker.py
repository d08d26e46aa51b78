"""Files read safely: all but small texts in another process, with limits on memory, time and output.

A crash, a hang or a bomb of a parser is one ReadError for that file. The process is kept for many files and started
again after it was lost. What it says comes back as JSON and texts: a parser that was taken over cannot make this
process run anything.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypeVar

from assistant.errors import ReadError, ReadTimeoutError
from assistant.readers import table
from assistant.readers.process import LONGEST_MESSAGE, Limits, encoded, read_within, receive, send
from assistant.readers.reading import Reading
from assistant.readers.shelf import Shelf, unpacked
from assistant.types import Problem

__all__ = ["Limits", "LostError", "Reader", "Worker"]

T = TypeVar("T")

# Formats that our own code reads, without a parser that could be harmed by its input; up to so many bytes they are
# read here, which takes well under a second.
_TEXT_FORMATS = frozenset({".txt", ".text", ".md", ".markdown", ".jsonl", ".csv", ".tsv"})
_READ_HERE = 1_000_000
# What a worker may say, in bytes: of a character, and beside the texts.
_BYTES_PER_CHARACTER = 4
_BESIDE_TEXT = 64_000_000
# Control characters, line breaks, marks that turn the direction of writing, halves of surrogate pairs.
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {} import serve; serve()"


class Reader:
    """Reads files: small texts here, others in a worker process. For one thread; close it, or use it with `with`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._worker: Worker | None = None

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
        try:
            document_id.encode()
        except UnicodeEncodeError:
            raise ReadError(f"{in_one_line(document_id)}: its name is not valid UTF-8. Rename it.") from None
        try:
            reading = self._read(path, document_id)
        except ReadError as error:
            raise type(error)(in_one_line(str(error))) from error
        return replace(
            reading, problems=tuple(replace(one, reason=in_one_line(one.reason)) for one in reading.problems)
        )

    def _read(self, path: Path, document_id: str) -> Reading:
        if not table.supported(path) or (path.suffix.lower() in _TEXT_FORMATS and _is_small(path)):
            return read_within(path, document_id, self._limits)
        while True:
            try:
                worker = self._running()
            except OSError as error:
                raise ReadError(
                    f"{document_id} was not read: the process for it cannot be started ({error.strerror or error}). "
                    "Close other programs and index again."
                ) from error
            used = worker.used
            try:
                return worker.read(path, document_id)
            except LostError as loss:
                self.close()
                # A worker that read other files before may have been lost to what they left behind.
                if not used or loss.slow:
                    raise _lost(document_id, loss, self._limits) from loss
            except BaseException:  # Ctrl-C: what the worker is doing is of no use any more
                if not worker.idle:
                    self.close()
                raise

    def _running(self) -> Worker:
        if self._worker is not None and not self._worker.runs():
            self.close()
        if self._worker is None:
            self._worker = Worker(self._limits)
        return self._worker


def in_one_line(message: str) -> str:
    """A message whose file name, or whatever a parser says, may hold line breaks and other signs that would act."""
    return _ACTING.sub(lambda match: match.group().encode("unicode_escape").decode(), message)


def _is_small(path: Path) -> bool:
    try:
        return path.stat().st_size <= _READ_HERE
    except OSError:  # reading it will say why
        return True


class LostError(Exception):
    """A worker ended without an answer."""

    def __init__(self, *, slow: bool = False, memory: bool = False, code: int = 0) -> None:
        super().__init__(code)
        self.slow = slow
        self.memory = memory
        self.code = code


def _lost(document_id: str, loss: LostError, limits: Limits) -> ReadError:
    if loss.slow:
        return ReadTimeoutError(
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


class Worker:
    """A process that reads one file after the other, or does what the `serve` of another module does."""

    def __init__(self, limits: Limits, module: str = "assistant.readers.process") -> None:
        self._limits = limits
        self.used = False
        self.idle = True
        told = json.dumps(asdict(limits))
        # A session of its own: Ctrl-C is for this process, which then ends the other.
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START.format(module), json.dumps(sys.path), told, str(os.getpid())],
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
        """Raises ReadError for what is wrong with the file, LostError where the process had to be given up."""
        reading = self.ask({"path": os.fspath(path), "id": document_id}, lambda: self._reading(document_id))
        if isinstance(reading, ReadError):
            raise reading
        return reading

    def ask(self, request: dict[str, Any], answer: Callable[[], T]) -> T:
        """Send a request and take its answer, with `told` and `receive`, within the time that there is.

        Raises LostError where the process had to be given up, also because `answer` finds that it says nothing.
        """
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        self.idle = False
        timer = threading.Timer(self._limits.seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            send(self._to, encoded(request))
            self._to.flush()
            answered = answer()
        except (OSError, EOFError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise self._loss(slow=late.is_set()) from error
        finally:
            timer.cancel()
        self.used = self.idle = True
        return answered

    def receive(self, most: int) -> bytes:
        """The next message. Raises EOFError, ValueError."""
        return receive(self._from, most)

    def told(self) -> dict[str, Any]:
        """The next message, which says something. Raises EOFError, ValueError, TypeError, LostError."""
        return self._told(self.receive(LONGEST_MESSAGE))

    def _reading(self, document_id: str) -> Reading | ReadError:
        """What the process says of a file. Raises EOFError, ValueError, TypeError or KeyError where that is nothing."""
        head = self.told()
        if "error" in head:
            return ReadError(str(head["error"]))
        problems = tuple(Problem(str(problem["path"]), str(problem["reason"])) for problem in head["problems"])
        left = _BESIDE_TEXT + _BYTES_PER_CHARACTER * max(self._limits.characters, self._limits.file_bytes)
        shelf = Shelf()
        for _ in range(int(head["documents"])):
            about = self.receive(left)
            self._told(about)
            text = self.receive(left - len(about))
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
            raise LostError(memory=True)
        return told

    def _loss(self, *, slow: bool) -> LostError:
        self._process.kill()
        code = self._process.wait()
        out_of_time = {-signal.SIGXCPU, -signal.SIGALRM} if os.name == "posix" else set()
        return LostError(slow=slow or code in out_of_time, code=code)
