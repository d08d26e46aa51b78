"""The state of the library that questions are asked of: always the newest one that can be opened."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from assistant.errors import IndexDamagedError, IndexVersionError, LibraryIndexError
from assistant.index.database import unreadable
from assistant.index.derived import DerivedError
from assistant.index.snapshot import Snapshot
from assistant.index.update import rebuild_derived
from assistant.text.tokens import Tokens

logger = logging.getLogger(__name__)


class Snapshots:
    """Holds one snapshot, and replaces it when this or another process has published a newer one. Thread-safe."""

    def __init__(self, library: Path, index_dir: Path, tokens: Tokens) -> None:
        self._library = library
        self._index_dir = index_dir
        self._tokens = tokens
        self._lock = threading.Lock()
        self.held: Snapshot | None = None  # None before anybody asked

    def current(self, *, wait: bool = False) -> Snapshot:
        """The newest generation's. While another thread opens it, the one before answers, unless the caller waits.

        Raises NotIndexedError, LibraryIndexError.
        """
        held = self.held
        if held is not None and not held.is_outdated():
            return held
        if not self._lock.acquire(blocking=wait or held is None):
            assert held is not None
            return held
        try:
            if self.held is None or self.held.is_outdated():
                self.held = self._next(self.held)
            return self.held
        finally:
            self._lock.release()

    def close(self) -> None:
        with self._lock:
            if self.held is not None:
                self.held.close()
                self.held = None

    def _next(self, held: Snapshot | None) -> Snapshot:
        """The newest one, or the one that is held where that cannot be opened now: answers go on meanwhile."""
        try:
            return self._open()
        except (IndexDamagedError, IndexVersionError):
            raise
        except LibraryIndexError as error:
            if held is None:
                raise
            logger.warning("%s Questions are answered from generation %d meanwhile.", error, held.generation)
            return held

    def _open(self) -> Snapshot:
        try:
            return Snapshot(self._index_dir, self._library)
        except DerivedError as error:
            logger.warning("%s The search index is made again from the database.", error)
            rebuild_derived(self._index_dir, self._tokens)
        try:
            return Snapshot(self._index_dir, self._library)
        except DerivedError as error:
            raise unreadable(self._index_dir, error) from error
