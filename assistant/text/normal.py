"""The normal form that search compares: compatibility forms, simplified script and lower case folded.

It exists only in search copies; what is shown and quoted is never changed. `fold_with_offsets` keeps the way back.
Sources: Unicode NFKC (UAX #15); OpenCC's character table t2s, which keeps lengths.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any


@cache
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """The search form of a text: NFKC, traditional characters as simplified ones, lower case."""
    normal = unicodedata.normalize("NFKC", text).lower()
    return normal if normal.isascii() else str(_simplifier().convert(normal))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The search form, and for each of its characters the offset in `text` it came from, then len(text)."""
    folded: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1  # a base character and its combining marks are normalised together
        piece = fold(text[start:end])
        folded.append(piece)
        offsets.extend([start] * len(piece))
        start = end
    return "".join(folded), [*offsets, len(text)]
