"""A turn as it is kept: JSON that pydantic makes from our types and checks against them.

Text may hold lone surrogates (a file name, a broken text file), for which UTF-8 has no place: they are let through both
ways, which is why pydantic reads Python values here and not JSON itself.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from assistant.conversations.turns import NewTurn, StoredTurn
from assistant.errors import ConversationError

TURN_FORMAT = 1
_LARGEST = 200 * 2**20  # bytes of one turn; an answer that lists every passage of a large library may be long
_DAMAGED = (
    "This turn is damaged and cannot be shown. Ask the question again; the rest of the conversation is untouched."
)
_NEWER = "This turn was kept by a newer version of Youju. Open it with that version, or ask the question again."


@cache
def _turns() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(NewTurn)


def written(turn: NewTurn) -> bytes:
    """Raises ConversationError for a turn that is too large to keep."""
    values = _turns().dump_python(turn)
    try:
        record = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    except MemoryError as error:
        raise _too_large() from error
    if len(record) > _LARGEST:
        raise _too_large()
    return record


def checksum(record: bytes) -> bytes:
    return hashlib.sha256(record).digest()


def read(number: int, form: object, record: object, kept_checksum: object, line: str) -> StoredTurn:
    """A turn of that number, or an unreadable one; `line` is the question as the search knows it."""
    from pydantic import ValidationError

    if isinstance(form, int) and form > TURN_FORMAT:
        return _unreadable(number, record, _NEWER, line)
    if not isinstance(record, bytes) or checksum(record) != kept_checksum:
        return _unreadable(number, record, _DAMAGED, line)
    try:
        turn: NewTurn = _turns().validate_python(_values(record))
    except (ValueError, ValidationError, RecursionError):
        return _unreadable(number, record, _DAMAGED, line)
    return stored(number, turn)


def stored(number: int, turn: NewTurn) -> StoredTurn:
    return StoredTurn(
        number, turn.kind, turn.question, turn.answer, turn.message, turn.within, turn.asked_at, turn.digests
    )


def _values(record: bytes) -> Any:
    return json.loads(record.decode("utf-8", "surrogatepass"))


def _unreadable(number: int, record: object, message: str, line: str) -> StoredTurn:
    question = ""
    if isinstance(record, bytes):
        try:
            values = _values(record)
            question = values["question"] if isinstance(values["question"], str) else ""
        except (ValueError, RecursionError, KeyError, TypeError, IndexError):
            question = ""
    return StoredTurn(number, "unreadable", question or line, message=message)


def _too_large() -> ConversationError:
    return ConversationError(
        f"This turn is too large to be kept (over {_LARGEST // 2**20} MB). Ask for less, for example within one folder."
    )
