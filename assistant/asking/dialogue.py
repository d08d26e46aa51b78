"""A question, the one before it, and what was cited to that."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.asking.wording import Piece, Wording
from assistant.text.normal import literal

_LEADS_ON = re.compile(r"那|还有|另外|此外|如果|要是|换成|假如")
_LONGEST_TITLE = 80  # characters: a longer one is not taken over


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What the rules look at."""

    asked: Wording
    start: int  # of `asked`, after 那, 还有 and the like
    earlier: Wording
    cited: Sequence[str]  # documents, by id
    titles: Callable[[str], str]  # raises KeyError for one that has gone since
    named: list[str] = field(default_factory=list)  # of those, whose titles were taken over

    @property
    def core(self) -> str:
        """The form of the question without what leads to it and what ends it."""
        return self.asked.form[self.start : self.asked.end]

    @property
    def leads_on(self) -> bool:
        """Whether it begins as one that follows another: 那…"""
        return _LEADS_ON.search(self.asked.form[: self.start]) is not None

    @property
    def whole(self) -> Piece:
        """All of the earlier question, with one question mark."""
        return self.earlier.text.rstrip(" \t\n　?？。.!！") + ("?" if self.earlier.text.isascii() else "？"), True

    def words(self, start: int, end: int) -> list[str]:
        """The words of a part of the question."""
        found = [one for one in self.asked.segments if one.is_word and start <= one.start and one.end <= end]
        return [self.asked.form[one.start : one.end] for one in found]

    def document(self, kind: str = "") -> tuple[str, str | None] | None:
        """《…》 of what was spoken of, if it is of a kind, and its id where it was only cited."""
        title = self.earlier.title()
        if title:
            return (title, None) if kind in literal(title) else None
        named = ((f"《{title}》", name) for name in self.cited if (title := title_of([name], self.titles)))
        return next(((title, name) for title, name in named if kind in literal(title)), None)


def title_of(documents: Sequence[str], titles: Callable[[str], str]) -> str:
    """The title of the first of some documents, without 《》; empty where it cannot be taken over."""
    try:
        title = titles(documents[0]).strip().strip("《》") if documents else ""
    except KeyError:
        return ""
    return title if len(title) <= _LONGEST_TITLE else ""
