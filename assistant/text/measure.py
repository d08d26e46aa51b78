"""How long a text is for a reader: Chinese characters count one, an English word counts two."""

from __future__ import annotations

import re

# Words of the alphabets; a longer run counts as several, so that a line without spaces is not one word.
_LETTERS = r"0-9A-Za-z\u00c0-\u024f\u0370-\u1fff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a'’_-"
_WORD = re.compile(rf"[{_LETTERS}]{{1,12}}")
_OTHER = re.compile(rf"[^\s{_LETTERS}]")


def measure(text: str, start: int = 0, end: int | None = None) -> int:
    """The length of text[start:end]: two for each word of an alphabet (12 letters at most), else one a character."""
    end = len(text) if end is None else end
    return 2 * len(_WORD.findall(text, start, end)) + len(_OTHER.findall(text, start, end))
