"""What all tabs of a page share: the update that runs, the preview of one, and whether the folder is followed.

All of it belongs to the process. Everything long happens in threads; nothing here waits, and nothing raises.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TYPE_CHECKING

from assistant.errors import IndexBusyError, IndexDamagedError, LibraryError
from assistant.types import Preview, Progress, Status, UpdateReport
from assistant.watch import Watch
from ui.shelf.upkeep import Upkeep

if TYPE_CHECKING:
    from assistant.assistant import Assistant

BUSY_SECONDS = 5.0  # until an update by itself tries again after another process's
LOOK_SHARE = 0.05  # of the time, at most, goes into looking at what the library holds
# Seconds for which anybody waits for a look: then what the last one found is shown, or, before there is any, an error.
LOOK_WAITED, FIRST_LOOK_WAITED = 2.0, 20.0


class _VoidError(Exception):
    """A preview that nobody waits for any more."""


class Updates:
    """The one update of this process: started by any tab or by an edit, watched by all, stopped by any."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._preview_thread: threading.Thread | None = None
        self._watch: Watch | None = None
        self._status: Status | None = None
        self.known: Status | None = None  # what the last look found
        self._status_lock = threading.Lock()
        self._look: Future[Status] | None = None  # that is under way
        self._look_is_old = False  # something was changed since it began
        self._look_again = 0.0
        self.progress = Progress("scan")
        self.outcome: UpdateReport | Exception | None = None
        self.ended = 0.0  # time.monotonic() of the outcome
        self.unfollowed = False  # by stopping the update whose outcome this is
        self.preview: Preview | Exception | None = None
        self.preview_progress = Progress("scan")
        self._previewed: object = None  # how the texts differed from the index when it began
        self.upkeep = Upkeep(assistant, self._lock, lambda: self.running, self._upkept)

    # the update

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        return self.running and self._stop.is_set()

    def start(self, *, by_itself: bool = False) -> None:
        """Begin an update; while one or other work is running, do nothing. A preview tells nothing of what follows.

        Nor where it would begin by itself for a folder that is followed no more.
        """
        with self._lock:
            if self.running or self.upkeep.running or (by_itself and self._watch is None):
                return
            self._stop = threading.Event()
            self.progress, self.outcome, self.unfollowed = Progress("scan"), None, False
            self._forget_preview()
            # A daemon: stopping the program must not wait, and an interrupted update goes on from where it stopped.
            self._thread = threading.Thread(target=self._run, args=(self._stop,), name="update", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the update that is running; what it embedded is kept. The folder is not followed any more then.

        Otherwise the next edit, or the one that was just made, would begin what somebody has just ended.
        """
        with self._lock:
            if self.running:
                self._stop.set()
                self.unfollowed = self._watch is not None
                self._unfollow()

    def _run(self, stop: threading.Event) -> None:
        outcome: UpdateReport | Exception
        try:
            outcome = self._assistant.update(self._show, stop=stop)
        except Exception as error:  # noqa: BLE001 - an event meets the world here; what tells of it logs the unexpected
            outcome = error
        self.look_anew()
        self.ended, self.outcome = time.monotonic(), outcome

    def _show(self, state: Progress) -> None:
        self.progress = state

    # the preview

    @property
    def previewing(self) -> bool:
        return self._preview_thread is not None

    def start_preview(self) -> None:
        """Find out what an update would do; while that or an update is running, do nothing."""
        with self._lock:
            if self.running or self.previewing:
                return
            self.preview, self.preview_progress = None, Progress("scan")
            self._preview_thread = threading.Thread(target=self._run_preview, name="preview", daemon=True)
            self._preview_thread.start()

    def preview_of(self, status: Status) -> Preview | Exception | None:
        """The preview, as long as the texts differ from the index in the same way as when it was made."""
        with self._lock:
            if self.preview is not None and self._previewed != _difference(status):
                self._forget_preview()
            return self.preview

    def _forget_preview(self) -> None:
        self._preview_thread = self.preview = None

    def _run_preview(self) -> None:
        found: Preview | Exception
        previewed: object = None
        try:
            previewed = _difference(self._assistant.status())
            found = self._assistant.preview(self._show_preview)
        except _VoidError:
            return
        except Exception as error:  # noqa: BLE001 - as above
            found = error
        with self._lock:
            if self._preview_thread is threading.current_thread():
                self._preview_thread, self.preview, self._previewed = None, found, previewed

    def _show_preview(self, state: Progress) -> None:
        if self._preview_thread is not threading.current_thread():
            raise _VoidError
        self.preview_progress = state

    # following the folder

    @property
    def following(self) -> bool:
        return self._watch is not None

    def follow(self, *, on: bool) -> None:
        """Update by itself whenever edits have settled, or leave that."""
        with self._lock:
            if on and self._watch is None:
                settings = self._assistant.settings
                quiet = settings.watch_seconds
                self._watch = Watch(settings.library, settings.index_dir, self._settled, quiet=quiet)
            elif not on:
                self._unfollow()

    def close(self) -> None:
        """The page is going: nothing begins any more."""
        with self._lock:
            self._unfollow()
            self._stop.set()
        self.upkeep.stop()

    def _unfollow(self) -> None:
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def _settled(self) -> None:
        """Called by the watch: update until the index is what the folder is; edits made meanwhile lead to another."""
        while self.following:
            waited = [thread for thread in (self._thread, self.upkeep.thread) if thread and thread.is_alive()]
            if waited:
                waited[0].join()
                continue
            if not self._is_wanted():
                return
            self.start(by_itself=True)
            if self._thread is not None:
                self._thread.join()
            if self.upkeep.running:  # it was faster
                continue
            if not isinstance(self.outcome, IndexBusyError):
                return
            time.sleep(BUSY_SECONDS)

    def _is_wanted(self) -> bool:
        try:
            status = self._assistant.status()
        except Exception:  # noqa: BLE001 - the update meets the same and tells it
            return True
        return not status.generation or bool(status.changes)

    # the library

    def status(self) -> Status:
        """What the library holds now; for large libraries, now and then. Raises what Assistant.status raises.

        A look that takes long, as on a slow drive, goes on by itself, and nobody waits for its end.
        """
        with self._status_lock:
            if self._status is not None and time.monotonic() < self._look_again:
                return self._status
            if self._look is None:
                self._look = Future()
                threading.Thread(target=self._look_through, args=(self._look,), name="look", daemon=True).start()
            look, known = self._look, self.known
        try:
            return look.result(FIRST_LOOK_WAITED if known is None else LOOK_WAITED)
        except NotYet as late:
            if look.done():  # a TimeoutError of the assistant's own
                raise
            if known is not None:
                return known
            raise slow(self._assistant) from late

    def _look_through(self, look: Future[Status]) -> None:
        """In a thread of its own: look until nothing was changed meanwhile."""
        while True:
            with self._status_lock:
                self._look_is_old = False
            began = time.monotonic()
            found: Status | Exception
            try:
                found = self._assistant.status()
            except Exception as error:  # noqa: BLE001 - handed to whoever waits
                found = error
            with self._status_lock:
                if self._look_is_old:
                    continue
                self._look = None
                if isinstance(found, Exception):
                    look.set_exception(found)
                    return
                self._status = self.known = found
                now = time.monotonic()
                self._look_again = now + (now - began) / LOOK_SHARE
                look.set_result(found)
                return

    def _upkept(self) -> None:
        """Other work has ended: a repair has mended what an update may have failed of."""
        if self.upkeep.work == "repair" and isinstance(self.outcome, IndexDamagedError):
            self.outcome = None
        self.look_anew()

    def look_anew(self) -> None:
        """Something was changed just now: the next look is no earlier one."""
        with self._status_lock:
            self._status, self._look_is_old = None, True


def slow(assistant: Assistant) -> LibraryError:
    """What is told where nothing is known yet of a library that takes long to look through."""
    return LibraryError(
        f"The folder {assistant.library} is still being looked through: its drive is slow, or gone. Check that it is "
        "connected; the page shows what is there once it is known."
    )


def _difference(status: Status) -> object:
    return status.generation, status.changes, status.model, status.model_changed
