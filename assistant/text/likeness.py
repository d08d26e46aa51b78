"""How much two texts say the same, by their characters."""

from __future__ import annotations

import re

from assistant.text.normal import fold

_NO_LETTER = re.compile(r"[\W_]+")


def likeness(first: str, second: str) -> float:
    """Share of the shorter text's character bigrams that the other holds, 0 to 1; of the texts' search forms."""
    a, b = _bigrams(first), _bigrams(second)
    return len(a & b) / min(len(a), len(b)) if a and b else float(first == second)


def _bigrams(text: str) -> set[str]:
    folded = _NO_LETTER.sub("", fold(text))
    return {folded[i : i + 2] for i in range(len(folded) - 1)}
