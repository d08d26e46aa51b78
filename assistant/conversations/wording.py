"""Titles and other short texts as they are kept and shown: one line, with nothing that hides or turns what is read."""

from __future__ import annotations

import re
import unicodedata

TITLE_CHARACTERS = 120
AUTOMATIC_CHARACTERS = 40  # of a question as a title: about a line of a narrow list

# What makes a text read in another order than it is written: embeddings, overrides, isolates and marks.
_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_DROPPED = re.compile(f"[{_BIDIRECTIONAL}]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_LINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # lone surrogates and what is no character, as for XML
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Zs", "Zl", "Zp"})


def readable(text: str) -> str:
    """A text that UTF-8 and XML can hold, without control and bidirectional characters; its lines are kept."""
    return _CONTROLS.sub(" ", _LINES.sub("\n", _DROPPED.sub("", _NO_TEXT.sub("\ufffd", text))))


def one_line(text: str) -> str:
    """A readable text on one line."""
    return _SPACES.sub(" ", readable(text)).strip()


def shortened(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def title_of(text: str) -> str:
    """A title as a user gives one; empty where there is nothing to see of it."""
    return _seen(shortened(one_line(text[: TITLE_CHARACTERS * 20]), TITLE_CHARACTERS))


def automatic_title(question: str) -> str:
    """The title that a first question gives."""
    return _seen(shortened(one_line(question[: AUTOMATIC_CHARACTERS * 20]), AUTOMATIC_CHARACTERS))


def _seen(title: str) -> str:
    return title if any(unicodedata.category(sign) not in _UNSEEN for sign in title) else ""
