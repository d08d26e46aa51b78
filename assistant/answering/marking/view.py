"""A question and a sentence side by side, as the rules for answer spans read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.kinds import Asked
from assistant.text.marks import Span, masked
from assistant.text.normal import CJK, literal_with_offsets
from assistant.text.tokens import Term, stem

Fit = tuple[Span, float]  # words of a sentence that may answer, and how well they fit the kind that is asked for

CJK_SIGN = re.compile(f"[{CJK}]")
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Put:
    """One thing that a question asks for."""

    text: str  # the question's literal form
    asked: Asked
    terms: tuple[Term, ...]
    is_cjk: bool

    @property
    def before(self) -> str:
        return self.text[: self.asked.start]

    @property
    def after(self) -> str:
        return self.text[self.asked.end :]


@dataclass(frozen=True, slots=True)
class View:
    """A sentence, and the way back: offsets[i] is where its character i stands in the document."""

    text: str
    offsets: Sequence[int]
    is_cjk: bool

    def span(self, start: int, end: int) -> Span:
        """The place in the document."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def stems(self) -> list[tuple[str, Span]]:
        """The stems of its words in Latin letters, in order, and their places."""
        return [(stem(match[0].casefold()), match.span()) for match in WORD.finditer(self.text)]

    def until(self, stops: re.Pattern[str], start: int) -> int:
        """Where the first of some stops is, or its end."""
        found = stops.search(self.text, start)
        return found.start() if found else len(self.text)


def view_of(text: str, start: int, end: int) -> View:
    """A sentence's literal form where it holds Chinese, else the text itself with spaces for all white space.

    In English capitals tell names, which the literal form has not.
    """
    piece = masked(text[start:end])
    if not CJK_SIGN.search(piece):
        return View(re.sub(r"\s", " ", piece), range(start, end + 1), is_cjk=False)
    form, offsets = literal_with_offsets(piece)
    return View(form, [start + offset for offset in offsets], is_cjk=True)
