"""Finding words within one document, as they are written or nearly so.

Compared are the search copies' literal forms: full and half width, letter case, traditional and simplified script are
the same; so are numbers in either writing (第12条, 第十二条). White space between Chinese characters does not count, be
it a space or the end of a line; between two words of letters it must be there in both or in neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.reading.bounded import Bounded
from assistant.reading.folding import Folded, folded
from assistant.reading.writings import writings
from assistant.text.lines import CJK
from assistant.text.normal import fold, fold_with_offsets
from assistant.types import Document, Span

_LONGEST_QUERY = 100_000  # characters; what is beyond is not looked for, and so nothing is found
_KEPT = 24_000_000  # characters of the texts that stay folded
_AROUND = 30  # characters before and after a number that tell whether it is this number

_WIDE = re.compile(f"[{CJK}]")
_PARAGRAPHS = re.compile(r"(?:\r\n|[\n\r\v\f\x85\u2028\u2029])\s*?(?:\r\n|[\n\r\v\f\x85\u2028\u2029])")


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
    spans: Iterator[Span] = _places(text, copy, query, wanted)
    others = writings(query)
    if others:
        number = fold(query.strip())
        spans = _merged(spans, (span for other in others for span in _same_number(text, copy, other, number)))
    total, first = 0, []
    for span in spans:
        total += 1
        if total <= limit:
            first.append(span)
    return Found(total, tuple(first))


def _places(text: str, copy: Folded, query: str, wanted: Folded) -> Iterator[Span]:
    """The places of a query, in order."""
    form, length = copy.form, len(wanted.form)
    offsets = copy.offsets.data  # gives plain integers, and sooner than numpy does
    gaps = _gaps(query, wanted)
    spaced = any(gap for _, gap, _ in gaps)
    place, ended = form.find(wanted.form), 0
    while place >= 0:
        start, last = offsets[place], offsets[place + length - 1]
        plain = last - start == length - 1 and not spaced
        if start >= ended and (plain or _is_spaced_alike(text, copy, place, gaps)):
            ended = last + 1
            yield start, ended
            place = form.find(wanted.form, place + length)
        else:
            place = form.find(wanted.form, place + 1)


def _gaps(query: str, wanted: Folded) -> list[tuple[int, bool, bool]]:
    """Before which characters of a query white space counts: (index, whether there is any, whether it must agree).

    Where it need not agree, only the end of a paragraph parts what the query writes together.
    """
    form, offsets = wanted.form, wanted.offsets.tolist()
    found = []
    for index in range(1, len(form)):
        between = query[offsets[index - 1] + 1 : offsets[index]]
        spaced = any(map(str.isspace, between))
        left, right = form[index - 1], form[index]
        words = left.isalnum() and right.isalnum() and not (_WIDE.match(left) or _WIDE.match(right))
        found.append((index, spaced, words))
    return found


def _is_spaced_alike(text: str, copy: Folded, place: int, gaps: list[tuple[int, bool, bool]]) -> bool:
    offsets = copy.offsets[place : place + len(gaps) + 1].tolist()
    for index, spaced, words in gaps:
        left, right = offsets[index - 1] + 1, offsets[index]
        if right <= left:
            if words and spaced:
                return False
            continue
        between = text[left:right]
        if words and spaced != any(map(str.isspace, between)):
            return False
        if not spaced and _PARAGRAPHS.search(between):
            return False
    return True


def _same_number(text: str, copy: Folded, other: str, number: str) -> Iterator[Span]:
    """The places of another writing of a number, where it is that number: 三十日, but not that of 二百三十日."""
    for start, end in _places(text, copy, other, folded(other)):
        low = max(0, start - _AROUND)
        form, offsets = fold_with_offsets(text[low : end + _AROUND])
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
