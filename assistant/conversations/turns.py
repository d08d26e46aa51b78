"""The nouns of conversations: frozen, as those of `assistant.types`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.types import Answer, Span

Kind = Literal["answered", "refused", "failed", "stopped", "unreadable"]


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A question and what came of it: an answer, else the message of an error, else nothing, where it was stopped."""

    question: str
    answer: Answer | None = None
    message: str | None = None  # of the error that came instead of an answer
    within: tuple[str, ...] = ()  # the folders and documents that were asked; empty: the whole library
    asked_at: str = ""  # ISO 8601 with offset; empty: now
    digests: Mapping[str, str] = field(default_factory=dict)  # of the cited documents as they were, by id

    @property
    def kind(self) -> Kind:
        if self.answer is not None:
            return "answered" if self.answer.answered else "refused"
        return "stopped" if self.message is None else "failed"


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A turn as it was kept; of one that cannot be read any more, the question where that can be."""

    number: int  # within its conversation, from 1
    kind: Kind
    question: str
    answer: Answer | None = None
    message: str | None = None  # of a failed or unreadable one: what happened
    within: tuple[str, ...] = ()
    asked_at: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConversationInfo:
    """One row of the list of conversations."""

    id: str
    title: str  # as it was given, else the first question, shortened
    created: str  # ISO 8601 with offset
    changed: str
    turns: int
    excerpt: str = ""  # where a search found its words
    matched: tuple[Span, ...] = ()  # the words, within the excerpt


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all its turns."""

    info: ConversationInfo
    turns: tuple[StoredTurn, ...] = ()
    within: tuple[str, ...] = ()  # the folders and documents it was begun for

    @property
    def id(self) -> str:
        return self.info.id

    @property
    def title(self) -> str:
        return self.info.title
