"""The state of the library, the model and the update, as every tab shows it; looked at again and again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.errors import UpdateStoppedError
from ui import render
from ui.messages import Words
from ui.shelf import bar
from ui.shelf.updates import Updates
from ui.telling import told

if TYPE_CHECKING:
    from assistant.assistant import Assistant

EXAMPLES = 4
# Seconds between two looks of a tab at the state: while something moves, and while nothing does.
UPDATE_INTERVAL = 0.5
MODEL_INTERVAL = 1.0
FOLLOWING_INTERVAL = 2.0
IDLE_INTERVAL = 20.0
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
    updating: bool = False
    stopping: bool = False
    following: bool = False
    wanted: bool = False  # an update has something to do


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
    except Exception as error:  # noqa: BLE001 - an event meets the world here; `told` logs what is unexpected
        folder = assistant.settings.library
        shown = bar.library_error(
            folder.name, str(folder), " ".join(told(error, words, assistant.settings.question_characters)), words
        )
        return View(progress, "", interval, words.update, library=shown, following=following)
    preview = updates.preview_of(status)
    if isinstance(preview, Exception):
        previewed = bar.preview_failed(*told(preview, words, assistant.settings.question_characters), words)
    else:
        previewed = "" if preview is None else bar.preview(preview, words)
    indexed = status.generation > 0
    return View(
        progress,
        previewed,
        interval,
        words.update if indexed else words.index,
        library=bar.library(status, model, words, datetime.now().astimezone()),
        welcome=render.welcome(words, indexed=indexed, examples=examples),
        following=following,
        wanted=not indexed or bool(status.changes) or status.model_changed,
    )


def _outcome(assistant: Assistant, updates: Updates, words: Words) -> str:
    """How the last update ended: if it failed, until the next; else for a while."""
    outcome, recent = updates.outcome, time.monotonic() - updates.ended < REPORT_SHOWN
    if isinstance(outcome, UpdateStoppedError):
        return bar.stopped(updates.progress, words, unfollowed=updates.unfollowed) if recent else ""
    if isinstance(outcome, Exception):
        return bar.update_failed(*told(outcome, words, assistant.settings.question_characters), words)
    return bar.updated(outcome, words) if outcome is not None and recent else ""
