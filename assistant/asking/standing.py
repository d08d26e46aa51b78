"""A question as it stands alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question as it stands alone, and what of it was added."""

    question: str
    added: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # by id, whose titles were added without being in the earlier question
