"""Addresses of the page's own rooms."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.types import Span


def reading(document: str, at: Span | None = None, also: Sequence[Span] = (), *, quote: str = "") -> str:
    """Of a document in the reader: `at` is the quote that is gone to, `also` are others that are marked.

    `quote` is the fingerprint of the first (`ui.reader.asked.fingerprint`): with it the reader tells when the text has
    changed and something else stands there.
    """
    asked = {"document": document}
    if at is not None:
        asked["at"] = f"{at[0]}-{at[1]}"
    if also:
        asked["also"] = ",".join(f"{start}-{end}" for start, end in also)
    if quote:
        asked["quote"] = quote
    return "/read?" + urlencode(asked, errors="replace")


def reading_from(document: str, start: int) -> str:
    """Of a document in the reader, from somewhere in its text on."""
    return "/read?" + urlencode({"document": document, "from": start}, errors="replace")


def conversation(identity: str) -> str:
    """Of a conversation."""
    return "/?" + urlencode({"c": identity})
