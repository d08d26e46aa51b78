"""Whether a question can be searched for at all."""

from __future__ import annotations

from assistant.errors import QuestionError, QuestionLengthError


def check_question(question: str, limit: int) -> None:
    """Raises QuestionError for a question that is empty, longer than `limit` characters, broken or without a word."""
    if not question.strip():
        raise QuestionError("The question is empty. Write what you want to know.")
    if len(question) > limit:
        raise QuestionLengthError(
            f"The question is too long: {len(question):,} characters, at most {limit:,} are searched for. Shorten "
            "it to what you want to know.",
            limit,
        )
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("The question is not valid Unicode text (its encoding is broken). Type it again.")
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question holds no words, only signs. Write what you want to know in words.")
