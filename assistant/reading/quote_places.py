"""Where a quote stands among the letters of PDF pages, although the two differ a little.

The reader joins lines, takes out hyphens, leaves out headers and puts columns, tables and footnotes in order; a page
gives its characters as they were drawn. Compared are letters and digits alone. Pieces of the quote are looked for where
it does not stand there as a whole, each as near as can be to the others.
"""

from __future__ import annotations

import unicodedata

_Piece = tuple[int, int, int]  # where it begins in the quote, its length, where it begins on the pages

# A shorter piece (letters) counts only this near to its neighbours.
_TELLING, _NEAR = 6, 300
# The quote was found if one piece of so many letters was; or so much of it, or so much of it in short pieces.
_SURE, _SHARE, _MOST = 12, 0.6, 0.9
# Places of the quote, and of its longest piece, that are compared: further ones are hardly meant.
_MOST_PLACES, _MOST_STARTS = 200, 20
_LONGEST_QUOTE = 5_000  # letters


def letters(characters: str) -> str:
    """The letters and digits that are compared; "" for a character that is none."""
    folded = unicodedata.normalize("NFKC", characters).casefold()
    return "".join(filter(str.isalnum, folded))


def places(pages: str, quote: str, before: str = "") -> list[tuple[int, int]]:
    """The spans of the pages' letters that a quote takes, in order; none where it is not there.

    All three are letters alone. Of several places, the one is chosen before which the letters are most like `before`.
    """
    quote = quote[:_LONGEST_QUOTE]
    if not quote:
        return []
    whole = _occurrences(pages, quote)
    if whole:
        best = max(whole, key=lambda place: _common_end(pages[:place], before))
        return [(best, best + len(quote))]
    if parted := _parted(pages, quote, before):
        return parted
    found = _located(pages, _pieces(pages, quote), quote)
    length = sum(piece[1] for piece in found)
    longest = max((piece[1] for piece in found), default=0)
    if not (
        longest >= _SURE or (longest >= _TELLING and length >= _SHARE * len(quote)) or length >= _MOST * len(quote)
    ):
        return []
    return _merged([(place, place + size) for _, size, place in found])


def _occurrences(pages: str, words: str) -> list[int]:
    found: list[int] = []
    place = pages.find(words)
    while place >= 0 and len(found) < _MOST_PLACES:
        found.append(place)
        place = pages.find(words, place + 1)
    return found


def _common_end(one: str, other: str, most: int = 200) -> int:
    return _common_start(one[-most:][::-1], other[-most:][::-1])


def _common_start(one: str, other: str) -> int:
    return next(
        (count for count, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _parted(pages: str, quote: str, before: str) -> list[tuple[int, int]]:
    """The quote in two parts, where something lies between them: the end of a page, a header, a footnote."""
    first, last = quote[:_TELLING], quote[-_TELLING:]
    heads = [(place, _common_start(pages[place : place + len(quote)], quote)) for place in _occurrences(pages, first)]
    ends = [place + len(last) for place in _occurrences(pages, last)]
    tails = [(end, _common_end(pages[max(0, end - len(quote)) : end], quote, len(quote))) for end in ends]
    pairs = [
        (_common_end(pages[:place], before), place + head - end, place, end)
        for place, head in heads
        for end, tail in tails
        if place < end - tail and head + tail >= len(quote)
    ]
    if not pairs:
        return []
    _, _, place, end = max(pairs)  # the nearest of those that what is before the quote tells
    head = dict(heads)[place]
    return _merged([(place, place + head), (end - len(quote) + head, end)])


def _pieces(pages: str, quote: str) -> list[tuple[int, int]]:
    """The quote in pieces that the pages hold, as long as can be from left to right: (start, length)."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(quote):
        length, too_long = 0, len(quote) - start + 1
        while too_long - length > 1:  # what the pages hold, they hold any beginning of
            middle = (length + too_long) // 2
            if quote[start : start + middle] in pages:
                length = middle
            else:
                too_long = middle
        if length > 1:
            found.append((start, length))
        start += max(1, length)
    return found


def _located(pages: str, pieces: list[tuple[int, int]], quote: str) -> list[_Piece]:
    """Each piece where it stands nearest to the ones beside it, beginning with the longest."""
    if not pieces:
        return []
    longest = max(range(len(pieces)), key=lambda index: pieces[index][1])
    start, length = pieces[longest]
    best: list[_Piece] = []
    for place in _occurrences(pages, quote[start : start + length])[:_MOST_STARTS]:
        found = [(start, length, place)]
        found += _along(pages, quote, pieces[longest + 1 :], found[0])
        found += _along(pages, quote, pieces[:longest][::-1], found[0])
        if sum(piece[1] for piece in found) > sum(piece[1] for piece in best):
            best = found
    return best


def _along(pages: str, quote: str, pieces: list[tuple[int, int]], last: _Piece) -> list[_Piece]:
    """Pieces one after the other, away from one that is located; short ones only near the one before."""
    found = []
    for start, length in pieces:
        words = quote[start : start + length]
        expected = last[2] + start - last[0]
        after = pages.find(words, max(0, expected))
        before = pages.rfind(words, 0, max(0, expected) + length)
        near = [place for place in (before, after) if place >= 0]
        if not near:
            continue
        place = min(near, key=lambda place: abs(place - expected))
        if length >= _TELLING or abs(place - expected) <= _NEAR:
            last = (start, length, place)
            found.append(last)
    return found


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
