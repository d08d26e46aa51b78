"""Many questions from a file, answered in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.contract import NO_ID
from assistant.errors import QuestionError, SettingsError
from assistant.types import Answer, IndexState, Refusal

if TYPE_CHECKING:
    from assistant.assistant import Assistant


def read_questions(path: Path) -> list[tuple[object, str]]:
    """Ids (NO_ID where a line has none) and questions of a JSON Lines file. Raises SettingsError naming the line."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise SettingsError(f"The questions file {path} cannot be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The questions file {path} is not UTF-8 ({error}). Save it as UTF-8.") from error
    questions: list[tuple[object, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise SettingsError(f"{path}, line {number}, is not JSON: {error}. Correct or remove the line.") from error
        question = value.get("question") if isinstance(value, dict) else None
        if not isinstance(question, str):
            raise SettingsError(f'{path}, line {number}, has no "question". Each line needs {{"question": "…"}}.')
        questions.append((value.get("id", NO_ID), question))
    if not questions:
        raise SettingsError(f'{path} holds no questions. Each line needs {{"question": "…"}}.')
    return questions


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON value")


def answer_all(
    assistant: Assistant, questions: Sequence[tuple[object, str]], *, within: Sequence[str] = ()
) -> Iterator[tuple[object, Answer]]:
    """Answers in order; a question that cannot be searched for is answered by a refusal that says why.

    Raises QuestionError for a place to search `within` that is not there.
    """
    if within:
        assistant.documents(within=within)
    state: IndexState | None = None
    for question_id, question in questions:
        try:
            answer = assistant.ask(question, within=within)
        except QuestionError as error:
            if state is None:  # the same for all of them
                status = assistant.status()
                state = IndexState(status.generation, status.built_at or "", bool(status.changes))
            answer = Answer(question, (), (), (), 0.0, Refusal(str(error)), state)
        yield question_id, answer
