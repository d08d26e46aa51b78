"""A turn as markup, whether it has just been answered or was kept before: with its marks and what may be asked next."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assistant.asking.suggesting import suggestions
from assistant.conversations.turns import StoredTurn
from assistant.types import Answer
from ui import mentions, render, sources
from ui.desk import Desk
from ui.escape import escape
from ui.messages import Words
from ui.render import Around
from ui.telling import told

logger = logging.getLogger(__name__)

SUGGESTIONS = 3


def arriving(conversation: str, markup: str) -> str:
    """A turn on its way to the page, and the conversation it belongs to."""
    return f'<div class="arrival"><a class="belongs" href="#{escape(conversation)}" hidden></a>{markup}</div>'


def answered(
    given: Answer,
    number: int,
    words: Words,
    desk: Desk,
    *,
    asked: Sequence[str] = (),
    marks: sources.Marks | None = None,
) -> str:
    """An answer, a refusal or a list of mentions; `asked` are the conversation's questions, which are not suggested."""
    if given.mentions is not None:
        return mentions.answer(given, given.mentions, number, words)
    return render.answer(given, number, words, Around(_suggested(given, desk, asked), marks or {}))


def failed(question: str, number: int, error: Exception, desk: Desk, words: Words) -> str:
    """A question that could not be answered."""
    return render.error(question, number, *told(error, words, desk.assistant.settings.question_characters), words)


def kept(turn: StoredTurn, words: Words, desk: Desk, *, last: bool, asked: Sequence[str]) -> str:
    """A turn of the store; only the last one brings its sources, and suggests what may be asked next."""
    match turn.kind:
        case "answered" | "refused" if turn.answer is not None:
            marks = dict(turn.marks)
            if turn.answer.mentions is not None:
                return mentions.answer(turn.answer, turn.answer.mentions, turn.number, words)
            suggested = _suggested(turn.answer, desk, asked) if last else ()
            return render.answer(turn.answer, turn.number, words, Around(suggested, marks, cards=last))
        case "stopped":
            return render.stopped(turn.question, turn.number, words)
        case "failed":
            return render.error(turn.question, turn.number, words.failed_before, turn.message, words)
    return render.error(turn.question, turn.number, words.unreadable_turn, turn.message, words)


def _suggested(given: Answer, desk: Desk, asked: Sequence[str]) -> tuple[str, ...]:
    try:
        found = suggestions(desk.assistant, given, limit=SUGGESTIONS, asked=asked)
    except Exception:  # a suggestion is a convenience: without any the answer is as good
        logger.exception("suggestions")
        return ()
    return tuple(one.question for one in found)
