"""A worker that says how long it might have waited for the request it answers before the system ended it."""

import signal
from collections.abc import Iterator
from typing import IO, Any

from assistant.readers import process

_waited: list[float] = []
_receive = process.receive


def serve() -> None:
    process.receive = _noting
    process.serve_with(_answer)


def _noting(pipe: IO[bytes], most: int) -> bytes:
    _waited.append(signal.getitimer(signal.ITIMER_REAL)[0])
    return _receive(pipe, most)


def _answer(request: dict[str, Any], limits: process.Limits) -> Iterator[tuple[bytes, ...]]:
    yield (process.encoded({"seconds": _waited[-1]}),)
