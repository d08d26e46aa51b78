"""Whether texts on disk are newer than the index."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable

from assistant.errors import LibraryError, LibraryIndexError

logger = logging.getLogger(__name__)

# Looking at the texts on disk: for every answer where that is quick, else for a small share of the time.
_QUICK_LOOK, _LOOK_SHARE = 0.02, 0.05  # seconds, share


class Freshness:
    """Knows whether texts on disk are newer than the index, without making answers wait for a walk over them."""

    def __init__(self, is_stale: Callable[[], bool]) -> None:
        self._is_stale = is_stale
        self._look_again = 0.0
        self._known = False
        self._stale = False
        self._epoch = 0  # of the index: what a look found out about an older one is void
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> Callable[[], bool]:
        """Begin to look, if the last look is old; the result waits a little for it, else tells what was last known."""
        with self._lock:
            running = self._thread is not None and self._thread.is_alive()
            if not running and time.monotonic() >= self._look_again:
                self._thread = threading.Thread(target=self._look, name="freshness", daemon=True)
                self._thread.start()
            thread = self._thread

        def result() -> bool:
            if thread is not None:
                thread.join(0.02 if self._known else None)
            return self._stale

        return result

    def forget(self) -> None:
        """The index is new: look again at the next occasion, and wait for it."""
        with self._lock:
            self._epoch += 1
            self._look_again = 0.0
            self._known = False
            self._thread = None

    def _look(self) -> None:
        epoch, began = self._epoch, time.thread_time()  # its own work: a busy machine makes no look expensive
        stale = self._stale
        try:
            stale = self._is_stale()
        except (LibraryError, LibraryIndexError, OSError, sqlite3.Error) as error:
            logger.info("the texts on disk cannot be compared with the index: %s", error)
        spent = time.thread_time() - began
        with self._lock:
            if epoch == self._epoch:
                self._stale, self._known = stale, True
                self._look_again = time.monotonic() + (0.0 if spent < _QUICK_LOOK else spent / _LOOK_SHARE)
