"""What asking does: plain generators over the desk, without Gradio.

Nothing here belongs to a tab: conversations, updates and questions under way are on the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import TimeoutError as NotYet

from ui import render
from ui.conversations import turns
from ui.desk import Asked, Desk, StoppedError, Underway
from ui.messages import Words

WAITING_INTERVAL = 0.5  # seconds for which a question that is being answered says nothing new


def ask(desk: Desk, asked: Asked, words: Words) -> Iterator[str]:
    """The markup of one turn as it grows: that it is being answered, then the answer, the refusal or what went wrong.

    Yields nothing for an empty question. Raises nothing. The turn is kept whether or not anybody waits for it.
    """
    if not asked.question.strip():
        return
    underway = desk.begin(asked)
    question, number = underway.question, underway.number
    while True:
        # Again and again, also where nothing changed: a tab that was closed, or Ctrl-C, ends a generator only where
        # it yields.
        yield turns.arriving(underway.conversation, waiting(desk, underway, words))
        try:
            given = underway.settled.result(WAITING_INTERVAL)
        except NotYet as late:
            if not underway.settled.done():
                continue
            outcome = turns.failed(question, number, late, desk, words)  # a TimeoutError of the assistant's own
        except StoppedError:
            outcome = render.stopped(question, number, words)
        except Exception as error:  # noqa: BLE001 - an event meets the world here; `told` logs what is unexpected
            outcome = turns.failed(question, number, error, desk, words)
        else:
            outcome = turns.answered(given, number, words, desk, asked.within)
        yield turns.arriving(underway.conversation, outcome)
        return


def waiting(desk: Desk, underway: Underway, words: Words) -> str:
    """A question that is being answered, and what is waited for."""
    loading = desk.assistant.model_state in ("waiting", "loading")
    status = words.model_loading if loading else words.searching
    return render.pending(underway.question, underway.number, status, words)
