"""What runs in the worker process, and how it and the other one talk: messages, each with its length before it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from assistant.errors import ReadError
from assistant.readers import table
from assistant.readers.reading import Reading
from assistant.readers.shelf import packed
from assistant.types import Document, Problem

logger = logging.getLogger(__name__)

LONGEST_MESSAGE = 16_000_000  # bytes of everything but documents
# Seconds after which a worker ends itself, beyond its time, should the other process be gone.
_ALONE = 10
_LENGTH = struct.Struct(">Q")
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take."""

    file_bytes: int = 200_000_000
    memory_bytes: int = 1_000_000_000
    seconds: float = 60
    characters: int = 20_000_000  # of one document; a line of a corpus that is longer is left out
    pages: int = 10_000


# What a worker says to a request: messages, some at a time.
Answer = Callable[[dict[str, Any], Limits], Iterator[tuple[bytes, ...]]]


def encoded(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


def send(pipe: IO[bytes], *messages: bytes) -> None:
    for message in messages:
        pipe.write(_LENGTH.pack(len(message)))
        pipe.write(message)


def receive(pipe: IO[bytes], most: int) -> bytes:
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
    """The worker that reads: the only function that runs in that process."""
    serve_with(_answer)


def serve_with(answer: Answer) -> None:
    """Answer requests from standard input until it ends, within the limits that the command line gives."""
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
            request = json.loads(receive(requests, LONGEST_MESSAGE).decode("utf-8", "surrogatepass"))
        except EOFError:
            return
        _limit_time(limits.seconds)
        try:
            for messages in answer(request, limits):
                send(answers, *messages)
            answers.flush()
        except MemoryError:
            send(answers, encoded({"memory": True}))
            answers.flush()
            return
        _limit_time(None)


def _answer(request: dict[str, Any], limits: Limits) -> Iterator[tuple[bytes, ...]]:
    """What is said of a file: an error; or its problems and how many documents follow, and each of these."""
    path, document_id = Path(request["path"]), request["id"]
    try:
        reading = read_within(path, document_id, limits)
    except ReadError as error:
        yield (encoded({"error": str(error)}),)
        return
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001  a panic of Rust is no Exception
        yield (encoded({"error": str(_damaged(document_id, error))}),)
        return
    problems = [asdict(problem) for problem in reading.problems]
    yield (encoded({"documents": len(reading.documents), "problems": problems}),)
    for document in reading.documents:
        yield packed(document)


def read_within(path: Path, document_id: str, limits: Limits) -> Reading:
    """The documents that keep the limits; of several, those that do not are told in problems."""
    try:
        reading = table.read(path, document_id, limit_bytes=limits.file_bytes)
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # whatever a parser raises is about the file; the others are read all the same
        logger.debug("reading failed", exc_info=True)
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


def _limit_time(seconds: float | None) -> None:
    """The system ends this process some time after the other one should have done so, even within a parser.

    None while nothing is asked of it: it may wait for as long as the other process likes.
    """
    if sys.platform == "win32":
        return
    import resource

    if seconds is None:
        signal.alarm(0)
        return
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
