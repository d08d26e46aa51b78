"""The state of the library, the model and what is being done, as every tab shows it; looked at again and again."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.errors import IndexDamagedError, UpdateStoppedError
from assistant.types import Status
from ui import render
from ui.messages import Words
from ui.shelf import bar, checks, first
from ui.shelf.updates import Updates
from ui.shelf.upkeep import STOPPABLE
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
    going: str = ""  # what is being done, in a few words
    share: float | None = None  # of it that is done, from 0 to 1
    work: str = ""  # what is done besides updating: "check", "repair", "clean", "questions"
    work_progress: str = ""
    work_stoppable: bool = False
    seen: str | None = None  # another one: what the library's room shows is old


def view(assistant: Assistant, updates: Updates, words: Words, *, sample: bool = False) -> View:
    """The state of the library, the model and what is being done, as the page shows it. Raises nothing.

    `sample` offers the sample library where this one cannot be asked.
    """
    following, outcome = updates.following, _outcome(assistant, updates, words)
    if updates.running:
        return _updating(assistant, updates, words)
    if updates.previewing:  # which looks at the texts as well
        previewing = bar.previewing(updates.preview_progress, words)
        shown = View(outcome, previewing, UPDATE_INTERVAL, following=following, wanted=True)
        return _with_work(shown, updates, words)
    try:
        status = updates.status()
        examples = assistant.examples(EXAMPLES)[:EXAMPLES] if status.generation else ()
    except Exception as error:  # noqa: BLE001 - an event meets the world here; `told` logs what is unexpected
        folder = assistant.settings.library
        detail, damaged = " ".join(told(error, words)), isinstance(error, IndexDamagedError)
        shown = View(
            outcome,
            "",
            FOLLOWING_INTERVAL if following else IDLE_INTERVAL,
            words.update,
            library=bar.library_error(folder.name, str(folder), words, damaged=damaged),
            welcome=first.broken(detail, words, sample=sample, damaged=damaged),
            following=following,
            seen=_seen(detail, updates),
        )
        return _with_work(shown, updates, words)
    model = assistant.model_state
    indexed = status.generation > 0
    welcome = render.welcome(words, examples=examples) if indexed else first.steps(status, words, sample=sample)
    shown = View(
        outcome,
        _preview(assistant, updates, status, words),
        _interval(updates, model),
        words.update if indexed else words.index,
        library=bar.library(status, model, words),
        welcome=welcome,
        following=following,
        wanted=bool(status.changes) or status.model_changed,
        seen=_seen((status, model), updates),
    )
    return _with_work(shown, updates, words)


def _updating(assistant: Assistant, updates: Updates, words: Words) -> View:
    """The texts are being looked at already: what the library holds is shown as it was until the update has ended."""
    folder = assistant.settings.library
    known = updates.known or _first_look(updates)
    going, share = bar.going(updates.progress, words, stopping=updates.stopping)
    if known is None:
        library = bar.library_unknown(folder.name, str(folder), words)
    else:
        library = bar.library(known, assistant.model_state, words)
    return View(
        bar.progress(updates.progress, words, stopping=updates.stopping),
        "",
        UPDATE_INTERVAL,
        words.updating,
        library=library,
        welcome=first.reading(folder.name, words) if known is not None and not known.generation else None,
        updating=True,
        stopping=updates.stopping,
        following=updates.following,
        going=going,
        share=share,
    )


def _first_look(updates: Updates) -> Status | None:
    try:
        return updates.status()
    except Exception:  # noqa: BLE001 - the update meets the same and tells it
        return None


def _with_work(shown: View, updates: Updates, words: Words) -> View:
    """What is done besides updating, too."""
    upkeep = updates.upkeep
    if not upkeep.running:
        return shown
    going, share = checks.going(upkeep.work, upkeep.progress, words, stopping=upkeep.stopping)
    return replace(
        shown,
        interval=UPDATE_INTERVAL,
        going=going,
        share=share,
        work=upkeep.work,
        work_progress=checks.progress(upkeep.work, upkeep.progress, words, stopping=upkeep.stopping),
        work_stoppable=upkeep.work in STOPPABLE and not upkeep.stopping,
    )


def _interval(updates: Updates, model: str) -> float:
    if model in ("waiting", "loading"):
        return MODEL_INTERVAL
    return FOLLOWING_INTERVAL if updates.following else IDLE_INTERVAL


def _preview(assistant: Assistant, updates: Updates, status: Status, words: Words) -> str:
    found = updates.preview_of(status)
    if isinstance(found, Exception):
        return bar.preview_failed(*told(found, words), words)
    return "" if found is None else bar.preview(found, words)


def _seen(found: object, updates: Updates) -> str:
    """What tells two states of the room apart."""
    of = repr((found, updates.ended, updates.upkeep.times, updates.upkeep.running))
    return hashlib.sha256(of.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _outcome(assistant: Assistant, updates: Updates, words: Words) -> str:
    """How the last update ended: if it failed, until the next; else for a while."""
    outcome, recent = updates.outcome, time.monotonic() - updates.ended < REPORT_SHOWN
    if isinstance(outcome, UpdateStoppedError):
        return bar.stopped(updates.progress, words, unfollowed=updates.unfollowed) if recent else ""
    if isinstance(outcome, Exception):
        return bar.update_failed(*told(outcome, words), words, damaged=isinstance(outcome, IndexDamagedError))
    return bar.updated(outcome, words) if outcome is not None and recent else ""
