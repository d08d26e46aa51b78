"""Addresses of the page's own rooms."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.types import Span


def reading(document: str, at: Span | None = None, also: Sequence[Span] = ()) -> str:
    """Of a document in the reader: `at` is the quote that is gone to, `also` are others that are marked."""
    asked = {"document": document}
    if at is not None:
        asked["at"] = f"{at[0]}-{at[1]}"
    if also:
        asked["also"] = ",".join(f"{start}-{end}" for start, end in also)
    return "/read?" + urlencode(asked, errors="replace")


def conversation(identity: str) -> str:
    """Of a conversation."""
    return "/?" + urlencode({"c": identity})
