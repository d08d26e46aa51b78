"""Following a library: told of edits by the system where it does, and looking for itself where it does not."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath

from assistant.errors import LibraryError
from assistant.index.ignore import IGNORE_FILE, Rules, is_litter, is_temporary, read_rules
from assistant.index.scan import scan

logger = logging.getLogger(__name__)

# Seconds between two looks that nothing asked for: folders of other computers tell nothing of what those do to them.
_LOOK = 20.0
_LOOK_SHARE = 0.2  # of the time, at most, goes into looking
_MOST_QUIETS = 30  # edits that never end are taken for settled after this many times the quiet
_BLIND = 60.0  # seconds until events are tried again where they could not be had

_Seen = Mapping[str, tuple[int, int]]  # size and time of every text, by its path


class Watch:
    """Calls `on_settled` from a thread of its own whenever the texts of a library have changed and come to rest.

    The first call comes `quiet` seconds after the start, since nobody knows what went before; each later one `quiet`
    seconds after the last edit. What a scan leaves out counts for nothing. An edit made during a call leads to another.
    A library that is not there leads to none; one that comes back is followed again.
    """

    def __init__(self, library: Path, index_dir: Path, on_settled: Callable[[], object], *, quiet: float = 2.0) -> None:
        self._library = library
        self._index_dir = index_dir
        self._on_settled = on_settled
        self._quiet = quiet
        self._closed = threading.Event()
        self._rules = Rules()
        self._folders: tuple[Path, ...] = ()  # of the last look
        self._look_cost = 0.0  # seconds
        self._blind = False  # no events are to be had
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it: no call begins after this. One that is under way is not waited for."""
        self._closed.set()

    def _run(self) -> None:
        handled: _Seen | None = None  # what was there when the last call began
        seen: _Seen | None = None  # what was there at the last look, if that is to be settled
        first = last = look = earliest = 0.0  # times: of the first and the last edit, and of the next look
        for touched in self._touched():
            now = time.monotonic()
            if touched:
                last, look = now, min(look, earliest)
            if seen is None:
                if now < look:
                    continue
                seen = self._look()
                first = last = now
                if seen == handled:
                    seen = None
            elif now - last >= self._quiet or now - first >= self._quiet * _MOST_QUIETS:
                found = self._look()
                if found is not None and (found == seen or now - first >= self._quiet * _MOST_QUIETS):
                    handled, seen = found, None
                    if not self._closed.is_set():
                        self._call()
                else:
                    seen, last = (None if found == handled else found), now
            earliest = time.monotonic() + self._look_cost / _LOOK_SHARE
            look = max(earliest, time.monotonic() + (self._quiet if self._blind else _LOOK))

    def _call(self) -> None:
        try:
            self._on_settled()
        except Exception:
            logger.exception("what follows the library failed; it is called again after the next edit")

    def _look(self) -> _Seen | None:
        """What is there now; None where the library cannot be read."""
        began = time.monotonic()
        try:
            found = scan(self._library)
            self._rules = read_rules(self._library)
        except (LibraryError, OSError) as error:
            logger.info("the library cannot be followed now: %s", error)
            return None
        finally:
            self._look_cost = time.monotonic() - began
        self._folders = found.folders
        return {path: (status.st_size, status.st_mtime_ns) for path, status in found.files.items()}

    def _touched(self) -> Iterator[bool]:
        """Endless until closed: True where something that matters was touched; False at least as often as `quiet`."""
        while not self._closed.is_set():
            yield True  # what happened while nobody listened
            try:
                yield from self._events()
                self._blind = False
            except FileNotFoundError:  # a folder that was deleted since the last look
                self._closed.wait(self._quiet)
            except (OSError, RuntimeError) as error:  # no more watches to be had, or the system cannot
                if not self._blind:
                    logger.warning("%s tells nothing of edits (%s); looking for them instead.", self._library, error)
                self._blind = True
                until = time.monotonic() + _BLIND
                while time.monotonic() < until and not self._closed.wait(min(self._quiet, _LOOK)):
                    yield False

    def _events(self) -> Iterator[bool]:
        """Until the folders are others. Raises OSError or RuntimeError where the system does not tell."""
        from watchfiles import watch

        root, folders = self._identity(), self._folders
        if root is None:
            self._closed.wait(self._quiet)
            return
        # On Linux a recursive watch follows links out of the library, and into every folder that is left out.
        linux = sys.platform == "linux"
        paths = [folder for folder in folders if _is_unicode(folder)] if linux else []
        for changes in watch(
            *(paths or [self._library]),
            watch_filter=None,
            debounce=500,
            step=100,
            stop_event=self._closed,
            rust_timeout=max(1, int(self._quiet * 1000)),
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=False,
            recursive=not linux,
            ignore_permission_denied=False,  # true would hide that the system has no watch left, as well
        ):
            yield any(self._matters(path) for _, path in changes)
            if self._identity() != root or self._folders != folders:
                return

    def _identity(self) -> tuple[int, int] | None:
        """Which folder the library is now: one that was deleted and made again tells nothing to who watched the old."""
        try:
            status = self._library.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _matters(self, changed: str) -> bool:
        path = Path(changed)
        if path.is_relative_to(self._index_dir) or not path.is_relative_to(self._library):
            return False
        inside = PurePath(path.relative_to(self._library))
        if inside == PurePath(IGNORE_FILE):
            return True
        if is_temporary(path.name) or any(is_litter(name) for name in inside.parts):
            return False
        parents = [parent.as_posix() for parent in inside.parents][-2::-1]
        if any(self._rules.leave_out(parent, folder=True) for parent in parents):
            return False
        return inside == PurePath() or not self._rules.leave_out(inside.as_posix(), folder=False)


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
