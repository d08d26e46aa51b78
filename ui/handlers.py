"""What the events of the page do: plain functions and generators over an Assistant, without Gradio.

Nothing here belongs to a tab: a conversation lives in its tab, and the one thing that tabs share is the update
that is running, which all of them show.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.errors import IndexBusyError, LibraryIndexError, NotIndexedError, QuestionError, YoujuError
from assistant.types import Answer, Progress, UpdateReport
from embeddings.embedder import EmbedderError
from ui import render
from ui.messages import Words

if TYPE_CHECKING:
    from assistant.assistant import Assistant

logger = logging.getLogger(__name__)

EXAMPLES = 4
# Seconds between two looks of a tab at the state: while something moves, and while nothing does.
UPDATE_INTERVAL = 0.5
MODEL_INTERVAL = 1.0
IDLE_INTERVAL = 20.0
WAITING_INTERVAL = 0.5  # seconds for which a question that is being answered says nothing new
REPORT_SHOWN = 60.0  # seconds for which the outcome of an update stays on the page


@dataclass(frozen=True, slots=True)
class View:
    """Everything around the conversation; what is None stays as it is."""

    progress: str
    button: str
    interval: float  # seconds until the next look
    library: str | None = None
    welcome: str | None = None
    examples: tuple[str, ...] | None = None
    updating: bool = False
    wanted: bool = False  # an update has something to do


class Updates:
    """The one update of this process: started by any tab, watched by all, ended by none."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._progress = Progress("scan")
        self._outcome: UpdateReport | Exception | None = None
        self._ended = 0.0

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin an update; while one is running, do nothing."""
        with self._lock:
            if self.running:
                return
            self._progress, self._outcome = Progress("scan"), None
            # A daemon: stopping the program must not wait, and an interrupted update goes on from where it stopped.
            self._thread = threading.Thread(target=self._run, name="update", daemon=True)
            self._thread.start()

    def markup(self, words: Words) -> str:
        """Where the update stands, or how the last one ended if that was just now."""
        if self.running:
            return render.progress(self._progress, words)
        outcome = self._outcome
        if isinstance(outcome, Exception):
            return render.update_failed(*_told(outcome, words, self._assistant), words)
        if outcome is not None and time.monotonic() - self._ended < REPORT_SHOWN:
            return render.updated(outcome, words)
        return ""

    def _run(self) -> None:
        try:
            self._outcome = self._assistant.update(self._show)
        except Exception as error:  # noqa: BLE001 - an event meets the world here; _told logs what is unexpected
            self._outcome = error
        self._ended = time.monotonic()

    def _show(self, state: Progress) -> None:
        self._progress = state


def ask(assistant: Assistant, question: str, turn: int, words: Words) -> Iterator[str]:
    """The markup of one turn as it grows: that it is being answered, then the answer, the refusal or what went wrong.

    Yields nothing for an empty question. Raises nothing.
    """
    if not question.strip():
        return
    yield render.pending(question, turn, _waiting(assistant, words), words)
    settled: Future[Answer] = Future()
    threading.Thread(target=_settle, args=(settled, assistant, question), name="ask", daemon=True).start()
    while True:
        try:
            yield render.answer(settled.result(WAITING_INTERVAL), turn, words)
            return
        except NotYet as late:
            if settled.done():  # a TimeoutError of the assistant's own
                yield render.error(question, turn, *_told(late, words, assistant), words)
                return
            # Also where nothing changed: a tab that was closed, or Ctrl-C, ends a generator only where it yields.
            yield render.pending(question, turn, _waiting(assistant, words), words)
        except Exception as error:  # noqa: BLE001 - an event meets the world here; _told logs what is unexpected
            yield render.error(question, turn, *_told(error, words, assistant), words)
            return


def view(assistant: Assistant, updates: Updates, words: Words) -> View:
    """The state of the library, the model and the update, as the page shows it. Raises nothing."""
    if updates.running:
        # The texts are being looked at already: what the library holds is shown again when the update has ended.
        return View(updates.markup(words), words.updating, UPDATE_INTERVAL, updating=True)
    model = assistant.model_state
    interval = MODEL_INTERVAL if model in ("waiting", "loading") else IDLE_INTERVAL
    progress = updates.markup(words)
    try:
        status = assistant.status()
        examples = assistant.examples(EXAMPLES)[:EXAMPLES] if status.generation else ()
    except Exception as error:  # noqa: BLE001 - an event meets the world here; _told logs what is unexpected
        folder = assistant.settings.library
        shown = render.library_error(folder.name, str(folder), " ".join(_told(error, words, assistant)), words)
        return View(progress, words.update, IDLE_INTERVAL, library=shown)
    indexed = status.generation > 0
    return View(
        progress,
        words.update if indexed else words.index,
        interval,
        library=render.library(status, model, words, datetime.now().astimezone()),
        welcome=render.welcome(words, indexed=indexed, examples=bool(examples)),
        examples=examples,
        wanted=not indexed or bool(status.changes) or status.model_changed,
    )


def _settle(settled: Future[Answer], assistant: Assistant, question: str) -> None:
    try:
        settled.set_result(assistant.ask(question))
    except Exception as error:  # noqa: BLE001 - handed to the thread that waits
        settled.set_exception(error)


def _waiting(assistant: Assistant, words: Words) -> str:
    return words.model_loading if assistant.model_state in ("waiting", "loading") else words.searching


def _told(error: Exception, words: Words, assistant: Assistant) -> tuple[str, str]:
    """What to tell of an error: a message in the language of the page, and the error's own text if it is for people."""
    detail = str(error)
    match error:
        case QuestionError():
            message = words.question_error.format(n=assistant.settings.question_characters)
        case NotIndexedError():
            message, detail = words.not_indexed_error, ""
        case IndexBusyError():
            message = words.busy_error
        case LibraryIndexError():
            message = words.index_error
        case EmbedderError():
            message = words.model_error
        case YoujuError():
            message = words.library_error
        case _:
            logger.error("unexpected error", exc_info=error)
            message, detail = words.unexpected_error, ""
    return (detail, "") if words.language == "en" and detail else (message, detail)
