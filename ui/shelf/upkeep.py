"""What is done with an index besides updating it: checking, repairing, cleaning up, and asking its own questions.

One thing at a time, and never during an update; it goes on in a thread, nothing here waits, and nothing raises.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.evaluation.last_run import LastRun, last_run, run_own
from assistant.types import CheckReport, GcReport, Progress

if TYPE_CHECKING:
    from assistant.assistant import Assistant

Work = Literal["check", "repair", "clean", "questions"]
STOPPABLE: frozenset[Work] = frozenset({"check", "repair", "questions"})  # cleaning up is a single step


class StoppedWorkError(Exception):
    """Somebody stopped it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a piece of work ended."""

    work: Work
    outcome: CheckReport | GcReport | LastRun | Exception
    before: LastRun | None = None  # the run before, of the library's own questions


class Upkeep:
    """The one piece of work of this process; all tabs see it."""

    def __init__(
        self,
        assistant: Assistant,
        lock: threading.Lock,
        updating: Callable[[], bool],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`lock` is the one under which updates begin as well; `changed` is called when the index may be another."""
        self._assistant = assistant
        self._lock = lock
        self._updating = updating
        self._changed = changed
        self._stop = threading.Event()
        self.thread: threading.Thread | None = None
        self.work: Work = "check"  # the one that runs, or ran last
        self.progress = Progress("check")
        self.ended: dict[Work, Ended] = {}  # of each kind the last
        self.times = 0  # that something ended

    @property
    def running(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    @property
    def stopping(self) -> bool:
        return self.running and self._stop.is_set()

    def start(self, work: Work) -> bool:
        """Begin it; False, and nothing is done, while an update or another piece of work is running."""
        with self._lock:
            if self.running or self._updating():
                return False
            self._stop = threading.Event()
            self.work, self.progress = work, Progress("check")
            self.ended.pop(work, None)
            if work in ("check", "repair"):  # what one of them found, the other may have changed
                self.ended.pop("repair" if work == "check" else "check", None)
            self.thread = threading.Thread(target=self._run, args=(work, self._stop), name=work, daemon=True)
            self.thread.start()
            return True

    def stop(self) -> None:
        """End what is running, if it can be: a check changes nothing, and a repair goes on from where it was."""
        if self.running and self.work in STOPPABLE:
            self._stop.set()

    def _run(self, work: Work, stop: threading.Event) -> None:
        before = None
        outcome: CheckReport | GcReport | LastRun | Exception
        try:
            if work == "questions":
                before = last_run(self._assistant.index_dir)
                found = run_own(self._assistant, self._count, stop)
                outcome = StoppedWorkError() if found is None else found
            elif work == "clean":
                outcome = self._assistant.gc()
            else:
                outcome = self._assistant.check(repair=work == "repair", on_progress=lambda at: self._show(at, stop))
        except Exception as error:  # noqa: BLE001 - an event meets the world here; what tells of it logs the unexpected
            outcome = error
        self._changed()
        self.ended[work] = Ended(work, outcome, before)
        self.times += 1

    def _show(self, at: Progress, stop: threading.Event) -> None:
        if stop.is_set():
            raise StoppedWorkError
        self.progress = at

    def _count(self, done: int, total: int) -> None:
        self.progress = Progress("questions", documents=done, documents_total=total)
