"""What an address of the reader asks for. Anybody can write one: nothing in it is trusted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Span

_MOST_MARKS = 200
_LONGEST = 20_000  # characters of a list of spans
_SPAN = re.compile(r"([0-9]{1,10})-([0-9]{1,10})")
_NUMBER = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A quote that is marked in a text."""

    start: int
    end: int
    number: int
    chosen: bool = False  # the one that is gone to


@dataclass(frozen=True, slots=True)
class Asked:
    """A document and the places in it; they need not be within it."""

    document: str
    at: Span | None = None  # the quote that is gone to
    also: tuple[Span, ...] = ()  # other quotes
    numbers: tuple[int, ...] = ()  # of the citations: of `at`, then of each of `also`
    start: int | None = None  # where reading begins, if it is no quote
    quote: str = ""  # what the quote that is gone to was, as `links.fingerprint` has it
    unclear: bool = False  # a place was asked for that is none

    def marks(self, length: int) -> tuple[Mark, ...]:
        """The quotes that are within a text of some length, in order."""
        asked = [] if self.at is None else [self.at]
        asked += [span for span in self.also if span != self.at]
        numbers = self.numbers if len(self.numbers) == len(asked) else ()
        if not numbers:
            order = sorted(range(len(asked)), key=lambda index: asked[index])
            numbers = tuple(order.index(index) + 1 for index in range(len(asked)))
        marks = (Mark(*span, number, span == self.at) for span, number in zip(asked, numbers, strict=True))
        return tuple(sorted((mark for mark in marks if mark.end <= length), key=lambda mark: (mark.start, mark.end)))

    def fits(self, text: str) -> bool:
        """Whether the place that was asked for is in the text."""
        return not self.unclear and (self.at is None or self.at[1] <= len(text))

    def holds(self, text: str) -> bool:
        """Whether the quote that is gone to is still what it was; True where the address does not say."""
        if not self.quote or self.at is None or not self.fits(text):
            return True
        return fingerprint(text[slice(*self.at)]) == self.quote


def fingerprint(quote: str) -> str:
    """By which an address knows a quote again: 8 hexadecimal digits."""
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def asked(document: str, at: str = "", also: str = "", numbers: str = "", start: str = "", quote: str = "") -> Asked:
    """The parameters of an address, understood as far as they can be."""
    place = span_of(at)
    others = tuple(dict.fromkeys(filter(None, map(span_of, also[:_LONGEST].split(",")))))
    others = tuple(span for span in others if span != place)[:_MOST_MARKS]
    return Asked(
        document,
        place,
        others,
        tuple(int(number) for number in numbers[:_LONGEST].split(",") if re.fullmatch(r"[1-9][0-9]{0,3}", number)),
        number_of(start),
        quote if re.fullmatch(r"[0-9a-f]{8}", quote) else "",
        unclear=bool(at) and place is None,
    )


def span_of(written: str) -> Span | None:
    """“120-135” as a span; None for what is none, or empty."""
    match = _SPAN.fullmatch(written)
    if match is None or int(match[1]) >= int(match[2]):
        return None
    return int(match[1]), int(match[2])


def number_of(written: str) -> int | None:
    """A number that is not negative; None for anything else."""
    return int(written) if _NUMBER.fullmatch(written) else None


def written(spans: Sequence[Span]) -> str:
    """Spans as an address has them."""
    return ",".join(f"{start}-{end}" for start, end in spans)
