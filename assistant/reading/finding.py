"""Finding words within one document, as they are written or nearly so.

Compared are the search copies' literal forms: full and half width, letter case, traditional and simplified script are
the same; so are numbers in either writing (第12条, 第十二条). White space between Chinese characters does not count, be
it a space or the end of a line; between two words of letters it must be there in both or in neither.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.reading.bounded import Bounded
from assistant.reading.folding import Folded, folded
from assistant.reading.writings import whole, writings
from assistant.text.normal import fold, fold_with_offsets
from assistant.types import Document, Span

_LONGEST_QUERY = 100_000  # characters; what is beyond is not looked for, and so nothing is found
_KEPT = 24_000_000  # characters of the texts that stay folded
_AROUND = 30  # characters before and after a number that tell whether it is this number


@dataclass(frozen=True, slots=True)
class Found:
    """How often words occur in a text, and where: the first of the places, in order, without overlap."""

    total: int
    spans: tuple[Span, ...]


_folded: Bounded[str, Folded] = Bounded(_KEPT)


def find_in(document: Document | str, query: str, *, limit: int = 2000) -> Found:
    """Where a document's text holds a query; at most `limit` places, of which there may be more.

    A query without anything to compare (empty, white space), or of more than 100,000 characters, is nowhere.
    """
    text = document if isinstance(document, str) else document.text
    if len(query) > _LONGEST_QUERY:
        return Found(0, ())
    wanted = folded(query)
    if not wanted.form:
        return Found(0, ())
    copy = _folded.get(text)
    if copy is None:
        copy = folded(text)
        _folded.put(text, copy, len(text))
    spans: Iterator[Span] = _places(copy, query, wanted)
    others = writings(query)
    if others:
        number = fold(whole(query.strip()))
        spans = _merged(spans, (span for other in others for span in _same_number(text, copy, other, number)))
    total, first = 0, []
    for span in spans:
        total += 1
        if total <= limit:
            first.append(span)
    return Found(total, tuple(first))


def _places(copy: Folded, query: str, wanted: Folded) -> Iterator[Span]:
    """The places of a query, in order. Only one with white space in it may go on in another paragraph."""
    form, length = copy.form, len(wanted.form)
    offsets, paragraphs = copy.offsets.data, copy.paragraphs.data  # plain integers, and sooner than numpy gives them
    together = not any(map(str.isspace, query.strip()))
    place, ended = form.find(wanted.form), 0
    while place >= 0:
        start, last = offsets[place], offsets[place + length - 1]
        apart = together and last - start >= length and _holds(paragraphs, place + 1, place + length)
        if start >= ended and not apart:
            ended = last + 1
            yield start, ended
            place = form.find(wanted.form, place + length)
        else:
            place = form.find(wanted.form, place + 1)


def _holds(rising: Sequence[int], start: int, end: int) -> bool:
    """Whether one of some numbers is at least `start` and less than `end`."""
    index = bisect_left(rising, start)
    return index < len(rising) and rising[index] < end


def _same_number(text: str, copy: Folded, other: str, number: str) -> Iterator[Span]:
    """The places of another writing of a number, where it is that number: 三十日, but not that of 二百三十日."""
    for start, end in _places(copy, other, folded(other)):
        low = max(0, start - _AROUND)
        form, offsets = fold_with_offsets(whole(text[low : end + _AROUND]))
        place = form.find(number)
        while place >= 0:
            if offsets[place] == start - low:
                yield start, end
                break
            place = form.find(number, place + 1)


def _merged(*streams: Iterator[Span]) -> Iterator[Span]:
    """Spans of several searches in order; of those that overlap the first, or the longer one that begins there."""
    ended = 0
    for start, end in sorted({span for stream in streams for span in stream}, key=lambda span: (span[0], -span[1])):
        if start >= ended:
            ended = end
            yield start, end
