"""What the events of the page do: plain functions and generators over an Assistant, without Gradio.

Nothing here belongs to a tab: a conversation lives in its tab, and what tabs share is in `updates`.
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

from assistant.errors import (
    IndexBusyError,
    LibraryIndexError,
    NotIndexedError,
    QuestionError,
    UpdateStoppedError,
    YoujuError,
)
from assistant.types import Answer, Turn
from embeddings.embedder import EmbedderError
from ui import bar, mentions, render
from ui.messages import Words
from ui.updates import Updates

if TYPE_CHECKING:
    from assistant.assistant import Assistant

logger = logging.getLogger(__name__)

EXAMPLES = 4
# Seconds between two looks of a tab at the state: while something moves, and while nothing does.
UPDATE_INTERVAL = 0.5
MODEL_INTERVAL = 1.0
FOLLOWING_INTERVAL = 2.0
IDLE_INTERVAL = 20.0
WAITING_INTERVAL = 0.5  # seconds for which a question that is being answered says nothing new
REPORT_SHOWN = 60.0  # seconds for which the outcome of an update stays on the page


@dataclass(frozen=True, slots=True)
class View:
    """Everything around the conversation; what is None stays as it is."""

    progress: str
    preview: str
    interval: float  # seconds until the next look
    button: str | None = None
    library: str | None = None
    welcome: str | None = None
    examples: tuple[str, ...] | None = None
    updating: bool = False
    stopping: bool = False
    following: bool = False
    wanted: bool = False  # an update has something to do


@dataclass(frozen=True, slots=True)
class Arrival:
    """The markup of a turn as far as it has come, and what the next question of its tab may refer to."""

    markup: str
    last: Turn | None


def ask(assistant: Assistant, question: str, turn: int, words: Words, after: Turn | None = None) -> Iterator[Arrival]:
    """One turn as it grows: that it is being answered, then the answer, the refusal or what went wrong.

    A question may follow the one that `after` is. Yields nothing for an empty question. Raises nothing.
    """
    if not question.strip():
        return
    yield Arrival(render.pending(question, turn, _waiting(assistant, words), words), after)
    settled: Future[Answer] = Future()
    threading.Thread(target=_settle, args=(settled, assistant, question, after), name="ask", daemon=True).start()
    while True:
        try:
            given = settled.result(WAITING_INTERVAL)
            yield Arrival(_answered(given, turn, words), given.turn)
            return
        except NotYet as late:
            if settled.done():  # a TimeoutError of the assistant's own
                yield Arrival(render.error(question, turn, *_told(late, words, assistant), words), after)
                return
            # Also where nothing changed: a tab that was closed, or Ctrl-C, ends a generator only where it yields.
            yield Arrival(render.pending(question, turn, _waiting(assistant, words), words), after)
        except Exception as error:  # noqa: BLE001 - an event meets the world here; _told logs what is unexpected
            yield Arrival(render.error(question, turn, *_told(error, words, assistant), words), after)
            return


def _answered(given: Answer, turn: int, words: Words) -> str:
    if given.mentions is not None:
        return mentions.answer(given, given.mentions, turn, words)
    return render.answer(given, turn, words)


def view(assistant: Assistant, updates: Updates, words: Words) -> View:
    """The state of the library, the model and the update, as the page shows it. Raises nothing."""
    following, progress = updates.following, _outcome(assistant, updates, words)
    if updates.running:
        # The texts are being looked at already: what the library holds is shown again when the update has ended.
        shown = bar.progress(updates.progress, words, stopping=updates.stopping)
        stopping = updates.stopping
        return View(shown, "", UPDATE_INTERVAL, words.updating, updating=True, stopping=stopping, following=following)
    if updates.previewing:  # which looks at the texts as well
        shown = bar.previewing(updates.preview_progress, words)
        return View(progress, shown, UPDATE_INTERVAL, following=following, wanted=True)
    model = assistant.model_state
    interval = FOLLOWING_INTERVAL if following else IDLE_INTERVAL
    if model in ("waiting", "loading"):
        interval = MODEL_INTERVAL
    try:
        status = updates.status()
        examples = assistant.examples(EXAMPLES)[:EXAMPLES] if status.generation else ()
    except Exception as error:  # noqa: BLE001 - an event meets the world here; _told logs what is unexpected
        folder = assistant.settings.library
        shown = bar.library_error(folder.name, str(folder), " ".join(_told(error, words, assistant)), words)
        return View(progress, "", interval, words.update, library=shown, following=following)
    preview = updates.preview_of(status)
    if isinstance(preview, Exception):
        previewed = bar.preview_failed(*_told(preview, words, assistant), words)
    else:
        previewed = "" if preview is None else bar.preview(preview, words)
    indexed = status.generation > 0
    return View(
        progress,
        previewed,
        interval,
        words.update if indexed else words.index,
        library=bar.library(status, model, words, datetime.now().astimezone()),
        welcome=render.welcome(words, indexed=indexed, examples=bool(examples)),
        examples=examples,
        following=following,
        wanted=not indexed or bool(status.changes) or status.model_changed,
    )


def _outcome(assistant: Assistant, updates: Updates, words: Words) -> str:
    """How the last update ended: if it failed, until the next; else for a while."""
    outcome, recent = updates.outcome, time.monotonic() - updates.ended < REPORT_SHOWN
    if isinstance(outcome, UpdateStoppedError):
        return bar.stopped(updates.progress, words, unfollowed=updates.unfollowed) if recent else ""
    if isinstance(outcome, Exception):
        return bar.update_failed(*_told(outcome, words, assistant), words)
    return bar.updated(outcome, words) if outcome is not None and recent else ""


def _settle(settled: Future[Answer], assistant: Assistant, question: str, after: Turn | None) -> None:
    try:
        settled.set_result(assistant.ask(question, after=after))
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
