"""A turn as markup, whether it has just been answered or was kept before: with its marks and what may be asked next."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assistant.conversations.turns import StoredTurn
from assistant.errors import NotIndexedError, SettingsError
from assistant.evaluation.feedback import Judged, judged, questions_file
from assistant.types import Answer
from ui import mentions, render
from ui.desk import Desk, Underway
from ui.escape import escape
from ui.messages import Words
from ui.render import Around
from ui.telling import told

logger = logging.getLogger(__name__)

SUGGESTIONS = 3


def arriving(underway: Underway, markup: str) -> str:
    """A turn on its way to the page, and the conversation it belongs to."""
    # With a number, for the component that it comes through shows nothing anew that is the same as before.
    belongs = f'<a class="belongs" id="arrival-{underway.serial}" href="#{escape(underway.conversation)}" hidden></a>'
    return f'<div class="arrival">{belongs}{markup}</div>'


def answered(given: Answer, number: int, words: Words, desk: Desk, within: Sequence[str] = ()) -> str:
    """An answer, a refusal or a list of mentions."""
    if given.mentions is not None:
        return mentions.answer(given, given.mentions, number, words, within)
    return render.answer(
        given, number, words, Around(_suggested(given, desk, ()), verdicts(desk).verdicts(given, within=within))
    )


def failed(question: str, number: int, error: Exception, desk: Desk, words: Words) -> str:
    """A question that could not be answered."""
    link = f'<p class="remedy"><a href="/?show=library">{escape(words.to_library)}</a></p>'
    return render.error(
        question, number, *told(error, words), words, link if isinstance(error, NotIndexedError) else ""
    )


def kept(turn: StoredTurn, said: Judged, words: Words, desk: Desk, *, last: bool, asked: Sequence[str]) -> str:
    """A turn of the store; only the last one brings its sources, and suggests what may be asked next."""
    match turn.kind:
        case "answered" | "refused" if turn.answer is not None:
            if turn.answer.mentions is not None:
                return mentions.answer(turn.answer, turn.answer.mentions, turn.number, words, turn.within)
            suggested = _suggested(turn.answer, desk, asked) if last else ()
            marks = said.verdicts(turn.answer, within=turn.within)
            return render.answer(turn.answer, turn.number, words, Around(suggested, marks, cards=last))
        case "stopped":
            return render.stopped(turn.question, turn.number, words)
        case "failed":
            return render.error(turn.question, turn.number, words.failed_before, turn.message or "", words)
    return render.error(turn.question, turn.number, words.unreadable_turn, turn.message or "", words)


def verdicts(desk: Desk) -> Judged:
    """What the reader has said of answers and their sources."""
    try:
        return judged(questions_file(desk.assistant.index_dir))
    except SettingsError as error:  # a questions file with a mistake is told when something is said
        logger.warning("%s", error)
        return Judged({})


def _suggested(given: Answer, desk: Desk, asked: Sequence[str]) -> tuple[str, ...]:
    try:
        found = desk.assistant.suggestions(given, asked=asked, limit=SUGGESTIONS)
    except Exception:  # a suggestion is a convenience: without any the answer is as good
        logger.exception("suggestions")
        return ()
    return tuple(one.question for one in found)
