"""A worker that says which process it is, and that the system ends a second after a request that is not answered."""

import os
from collections.abc import Iterator
from typing import Any

from assistant.readers import process


def serve() -> None:
    process._ALONE = -4  # of the five seconds that there are
    process.serve_with(_answer)


def _answer(request: dict[str, Any], limits: process.Limits) -> Iterator[tuple[bytes, ...]]:
    yield (process.encoded({"pid": os.getpid()}),)
