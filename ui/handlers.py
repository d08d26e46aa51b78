"""What asking does: plain functions over the desk, without Gradio.

A question is begun by one call and waited for by others, as often as it takes: the tab that asked may be gone by then,
or be another one. Nothing here belongs to a tab.
"""

from __future__ import annotations

from concurrent.futures import TimeoutError as NotYet

from ui import render
from ui.conversations import turns
from ui.desk import Asked, Desk, StoppedError, Underway
from ui.messages import Words

WAITING_SECONDS = 1.0  # for which a question that is being answered says nothing new


def begin(desk: Desk, asked: Asked, words: Words) -> str:
    """Begin to answer a question: the markup of its turn, which is kept from now on. Nothing for an empty question."""
    if not asked.question.strip():
        return ""
    underway = desk.begin(asked)
    return turns.arriving(underway, waiting(desk, underway, words))


def waiting(desk: Desk, underway: Underway, words: Words) -> str:
    """A question that is being answered, and what is waited for."""
    loading = desk.assistant.model_state in ("waiting", "loading")
    status = words.model_loading if loading else words.searching
    return render.pending(underway.question, underway.number, status, words)


def outcome(desk: Desk, underway: Underway, words: Words, seconds: float = WAITING_SECONDS) -> str:
    """The markup of a turn once it is settled: the answer, the refusal or what went wrong; before, that it waits.

    An answer that could not be kept brings a mark, which the script of the page tells. Raises nothing.
    """
    question, number = underway.question, underway.number
    try:
        given = underway.settled.result(seconds)
    except NotYet as late:
        if not underway.settled.done():
            return waiting(desk, underway, words)
        return turns.failed(question, number, late, desk, words)  # a TimeoutError of the assistant's own
    except StoppedError:
        return render.stopped(question, number, words)
    except Exception as error:  # noqa: BLE001 - an event meets the world here; `told` logs what is unexpected
        return turns.failed(question, number, error, desk, words)
    # A conversation that was deleted meanwhile keeps nothing, and nobody misses it.
    unkept = '<p class="unkept" hidden></p>' if underway.unkept.is_set() else ""
    return turns.answered(given, number, words, desk, underway.within) + unkept
