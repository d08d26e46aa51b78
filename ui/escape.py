"""Text from anywhere as text of the page.

What comes from documents, questions and error messages goes through `escape`, which leaves nothing that HTML,
Markdown, LaTeX or a template would read: every ASCII punctuation mark becomes a numeric reference.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable

from ui.messages import Words

# Left out of what is shown: they can make a quote or a file name read as something it is not.
BIDIRECTIONAL_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_BLANK_LINES = re.compile(r"&#10;(?:[ \u3000]*&#10;)+")
_SHORT = 8  # characters of what was asked for that stay on one line


def _escapes() -> dict[int, str]:
    table = {ord(mark): f"&#{ord(mark)};" for mark in string.punctuation}
    table |= dict.fromkeys(map(ord, BIDIRECTIONAL_CONTROLS), "")
    table |= dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\ufffd")
    table |= {ord("\t"): " ", ord("\r"): "", ord("\n"): "&#10;", 0x85: "&#10;", 0x2028: "&#10;", 0x2029: "&#10;"}
    return table


_ESCAPES = _escapes()
# A letter of each script that tells a language, before any other letter of it: kana stand beside Han characters.
_LETTERS = re.compile(r"(?P<ja>[\u3040-\u30ff])|(?P<ko>[\uac00-\ud7a3])|(?P<zh>[\u3400-\u9fff\uf900-\ufaff])|[^\W\d_]")
_LOOKED_AT = 400  # characters of a text: enough to tell its language


def escape(text: str) -> str:
    """Text from anywhere as text of an element or of a quoted attribute, on one line and with nothing to interpret."""
    shown = text.translate(_ESCAPES)
    if shown.isascii():
        return shown
    return "".join("\ufffd" if unicodedata.category(sign) == "Cs" else sign for sign in shown)


def without_blank_lines(markup: str) -> str:
    """Markup of `escape`: of several ends of lines, with nothing but spaces between them, one is left."""
    return _BLANK_LINES.sub("&#10;", markup)


def read_as(text: str) -> str:
    """Attributes of an element with text from anywhere: its direction, and the language as far as its script tells it.

    Else a screen reader would read it as the language of the page, and quotation marks would be as wide as Chinese
    ones in an English text. An empty `lang` says that the language is not known.
    """
    counts = Counter(found.lastgroup for found in _LETTERS.finditer(text[:_LOOKED_AT]))
    other = counts.pop(None, 0)
    language = max(counts, key=lambda one: (one == "ja", counts[one]), default=None)
    # A word of Chinese is written with fewer letters than one of English.
    return f'dir="auto" lang="{language if language and 3 * counts.total() >= other else ""}"'


def titled(title: str, document: str, words: Words) -> str:
    """A title as the language of the page writes one; a document without one is called by its path."""
    shown = title.strip() or document
    return shown if shown.startswith("《") else words.quoted_title.format(title=shown)


def pieces(parts: Iterable[tuple[str, bool]]) -> str:
    """A quote, what was asked for in it emphasised."""
    return "".join(_asked(text) if asked else escape(text) for text, asked in parts)


def _asked(text: str) -> str:
    kind = "asked short" if len(text) <= _SHORT else "asked"
    return f'<strong class="{kind}">{escape(text)}</strong>'
