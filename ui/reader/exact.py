"""A document's text as text of the page, character for character, so that places in it can be found again in the page.

`ui.escape.escape` leaves out what could mislead; here it stands where it stood, as a sign that misleads nobody.
"""

from __future__ import annotations

import re
import string

from ui.escape import BIDIRECTIONAL_CONTROLS

_UNKNOWN = "\ufffd"


def _table() -> dict[int, str]:
    table = {ord(mark): f"&#{ord(mark)};" for mark in string.punctuation}
    table |= dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *map(ord, BIDIRECTIONAL_CONTROLS)], _UNKNOWN)
    table |= dict.fromkeys(range(0xD800, 0xE000), _UNKNOWN)
    # What ends a line ends it here, too;
    table |= dict.fromkeys([0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], "\n")
    del table[0x09]
    return table


_SIGNS = _table()
_BEFORE_LINE_BREAK = re.compile("\r(?=\n)")


def exact(text: str) -> str:
    """Text of a document as text of an element that keeps white space: each code point of it is one code point there.

    Control characters and those that turn the direction of the text become a �.
    """
    if "\r" in text:
        parts = _BEFORE_LINE_BREAK.split(text)
        return "&#13;".join(part.translate(_SIGNS) for part in parts)  # which browsers do not draw
    return text.translate(_SIGNS)
