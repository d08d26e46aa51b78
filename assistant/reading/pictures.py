"""Pages of PDF files as pictures, and the places of quotes on them.

Both are made in a worker process with limits on memory, time and output, as files are read (`readers.worker`): a
hostile file costs one error. The process is kept, so that the next page takes no time to start it.
"""

from __future__ import annotations

import math
import os
import stat
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from assistant.errors import ReadError
from assistant.readers.worker import Limits, LostError, Worker, in_one_line
from assistant.reading.bounded import Bounded

T = TypeVar("T")
_Key = tuple[str, int, int]  # path, size, time of change in ns

NARROWEST, WIDEST = 100, 4_000  # pixels
_KEPT = 64_000_000  # bytes of pictures
_KEPT_BOXES, _KEPT_FAILURES = 500, 500
_SLOW_FOR = 120.0  # seconds after which a page that took too long is tried again: the computer may have been busy
_LARGEST = 60_000_000  # bytes of one picture: 12 million pixels of noise
_LONGEST_QUOTE, _LONGEST_BEFORE = 20_000, 500  # characters
_MOST_PAGES = 20  # on which a quote is looked for
_MOST_WAITING = 8  # requests: each holds a thread of the server for as long
_PNG = b"\x89PNG\r\n\x1a\n"
_MODULE = "assistant.reading.page_process"
_LIMITS = Limits(seconds=20)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG file; width and height in pixels."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """A line of a quote on a page, in fractions of the page's width and height from its left upper corner."""

    x0: float
    y0: float
    x1: float
    y1: float


class Pages:
    """Draws pages, one at a time, and keeps those drawn last. Thread-safe; starts nothing before it is asked.

    What was asked last is drawn next: who turns pages fast has left those before. Of many that wait the first gives up.
    """

    def __init__(self, limits: Limits = _LIMITS) -> None:
        self._limits = limits
        self._pictures: Bounded[tuple[_Key, int, int], Picture] = Bounded(_KEPT)
        self._boxes: Bounded[tuple[_Key, tuple[int, ...], str, str], tuple[tuple[Box, ...], ...]] = Bounded(_KEPT_BOXES)
        self._failures: Bounded[tuple[_Key, str], tuple[str, float]] = Bounded(_KEPT_FAILURES)
        self._worker: Worker | None = None
        self._ending: Callable[[], object] | None = None  # of that process; also where this object is dropped
        # Linux ends the process with the thread that started it: this one stays.
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[tuple[Future[Any], dict[str, Any], Callable[[Worker], Any]]] = deque()
        self._lock = threading.Lock()

    def picture(self, path: Path, page: int, *, width: int = 1400) -> Picture:
        """As `page_picture`."""
        width = min(WIDEST, max(NARROWEST, width))
        key = _identity(path)
        picture = self._pictures.get((key, page, width))
        if picture is None:
            request = {"task": "picture", "path": key[0], "page": page, "width": width}
            picture = self._ask(key, f"page {page}", request, _taken_picture)
            self._pictures.put((key, page, width), picture, len(picture.png))
        return picture

    def boxes(
        self, path: Path, page_numbers: Sequence[int], quote: str, *, before: str = ""
    ) -> tuple[tuple[Box, ...], ...]:
        """As `quote_boxes`."""
        numbers = tuple(page_numbers)
        wanted, before = quote[:_LONGEST_QUOTE], before[-_LONGEST_BEFORE:]
        key = _identity(path)
        boxes = self._boxes.get((key, numbers, wanted, before))
        if boxes is None:
            request = {"task": "boxes", "path": key[0], "pages": numbers[:_MOST_PAGES]}
            request |= {"quote": wanted, "before": before}
            found = self._ask(key, f"pages {numbers}", request, _taken_boxes)
            boxes = tuple(found[index] if index < len(found) else () for index in range(len(numbers)))
            self._boxes.put((key, numbers, wanted, before), boxes, 1)
        return boxes

    def close(self) -> None:
        """End the process, if there is one; the next call starts another."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.submit(self._end).result()
            thread.shutdown()

    def _ask(self, key: _Key, part: str, request: dict[str, Any], take: Callable[[Worker], T | ReadError]) -> T:
        """What the process says. What it was lost over is not tried again while the file is the same, or a while."""
        failure, until = self._failures.get((key, part)) or ("", 0.0)
        if time.monotonic() < until:
            raise ReadError(failure)
        asked: Future[T | ReadError] = Future()
        with self._lock:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="pages")
            self._waiting.append((asked, request, take))
            left = self._waiting.popleft()[0] if len(self._waiting) > _MOST_WAITING else None
            self._thread.submit(self._draw_next)
        if left is not None:
            left.set_result(ReadError("Too many pages were asked for at once. Wait a moment, and show this one again."))
        try:
            answer = asked.result()
        except LostError as loss:
            failure = _lost(Path(key[0]).name, part, loss, self._limits)
            until = time.monotonic() + _SLOW_FOR if loss.slow else math.inf
            self._failures.put((key, part), (failure, until), 1)
            raise ReadError(failure) from loss
        if isinstance(answer, ReadError):
            raise answer
        return answer

    def _draw_next(self) -> None:
        with self._lock:
            if not self._waiting:  # what this was for gave up
                return
            asked, request, take = self._waiting.pop()
        try:
            asked.set_result(self._answer(request, take))
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            asked.set_exception(error)

    def _answer(self, request: dict[str, Any], take: Callable[[Worker], T | ReadError]) -> T | ReadError:
        while True:
            try:
                worker = self._running()
            except OSError as error:
                reason = error.strerror or error
                return ReadError(f"The process that draws pages cannot be started ({reason}). Close other programs.")
            used = worker.used
            try:
                return worker.ask(request, partial(take, worker))
            except LostError as loss:
                self._end()
                # One that did other things before may have been lost to what they left behind, or long ago.
                if not used or loss.slow:
                    raise

    def _running(self) -> Worker:
        if self._worker is not None and not self._worker.runs():
            self._end()
        if self._worker is None:
            self._worker = Worker(self._limits, _MODULE)
            self._ending = weakref.finalize(self, self._worker.end)
        return self._worker

    def _end(self) -> None:
        ending, self._ending, self._worker = self._ending, None, None
        if ending is not None:
            ending()


def _identity(path: Path) -> _Key:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ReadError(in_one_line(f"{path.name} is not a regular file. Put the file itself there."))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReadError(in_one_line(f"{path.name} cannot be read ({reason}). Update the index.")) from error
    return os.fspath(path), found.st_size, found.st_mtime_ns


def _taken_picture(worker: Worker) -> Picture | ReadError:
    """Raises ValueError, TypeError or KeyError for what is no picture."""
    told = worker.told()
    if "error" in told:
        return ReadError(in_one_line(str(told["error"])))
    width, height = int(told["width"]), int(told["height"])
    png = worker.receive(_LARGEST)
    if not png.startswith(_PNG) or png[16:24] != width.to_bytes(4, "big") + height.to_bytes(4, "big"):
        raise ValueError("no picture")
    return Picture(png, width, height)


def _taken_boxes(worker: Worker) -> tuple[tuple[Box, ...], ...] | ReadError:
    """Raises ValueError, TypeError or KeyError for what is no boxes."""
    told = worker.told()
    if "error" in told:
        return ReadError(in_one_line(str(told["error"])))
    return tuple(tuple(_box(*corners) for corners in page) for page in told["boxes"])


def _box(x0: object, y0: object, x1: object, y1: object) -> Box:
    corners = [float(edge) for edge in (x0, y0, x1, y1) if isinstance(edge, int | float)]
    if len(corners) != 4 or not all(0 <= edge <= 1 for edge in corners):
        raise ValueError("no place on a page")
    return Box(*corners)


def _lost(name: str, part: str, loss: LostError, limits: Limits) -> str:
    if loss.slow:
        reason = f"it takes longer than {limits.seconds:g} seconds"
    elif loss.memory:
        reason = f"it needs more than {limits.memory_bytes // 1_000_000:,} MB of memory"
    else:
        reason = "the program that draws it crashed: the file is damaged, or needs more memory than there may be"
    return in_one_line(f"{name}: {part} cannot be shown ({reason}). Open it with a PDF program; its text is unharmed.")


_pages = Pages()


def page_picture(path: Path, page: int, *, width: int = 1400) -> Picture:
    """A page (from 1) of a PDF file, `width` pixels wide; less where the page is so large that this were too much.

    Raises ReadError: not a PDF file, encrypted, damaged, without such a page, or too hard to draw.
    """
    return _pages.picture(path, page, width=width)


def quote_boxes(
    path: Path, page_numbers: Sequence[int], quote: str, *, before: str = ""
) -> tuple[tuple[Box, ...], ...]:
    """For each of some pages (from 1, in order) where a quote stands on it, line by line; () where it does not.

    `before` is some of the text before the quote: it tells which is meant where the quote stands there twice. Raises
    ReadError as `page_picture` does.
    """
    return _pages.boxes(path, page_numbers, quote, before=before)
