"""Addresses of the page's own rooms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import urlencode

from assistant.types import Span

Quoted = tuple[str, Span, int]  # a citation: its document, its place there, its number
_MOST_BESIDE = 30  # other quotes that an address names: it stands at every mark of an answer


def reading(
    document: str, at: Span | None = None, also: Sequence[Span] = (), *, numbers: Sequence[int] = (), quote: str = ""
) -> str:
    """Of a document in the reader: `at` is the quote that is gone to, `also` are others that are marked.

    `numbers` are those of the citations: of `at`, then of each of `also`; without any they are numbered as they stand.
    `quote` is the fingerprint of the first (`ui.reader.asked.fingerprint`): with it the reader tells when the text has
    changed and something else stands there.
    """
    asked = {"document": document}
    if at is not None:
        asked["at"] = f"{at[0]}-{at[1]}"
    if also:
        asked["also"] = ",".join(f"{start}-{end}" for start, end in also)
    if numbers:
        asked["numbers"] = ",".join(map(str, numbers))
    if quote:
        asked["quote"] = quote
    return "/read?" + urlencode(asked, errors="replace")


def citing(chosen: Quoted, answer: Iterable[Quoted]) -> str:
    """Of a quote in the reader, the answer's other quotes in the same document marked with their numbers."""
    document, at, number = chosen
    others = {place: own for other, place, own in answer if other == document and place != at}
    others = dict(islice(others.items(), _MOST_BESIDE))
    return reading(document, at, tuple(others), numbers=(number, *others.values()))


def reading_from(document: str, start: int) -> str:
    """Of a document in the reader, from somewhere in its text on."""
    return "/read?" + urlencode({"document": document, "from": start}, errors="replace")


def conversation(identity: str) -> str:
    """Of a conversation."""
    return "/?" + urlencode({"c": identity})
