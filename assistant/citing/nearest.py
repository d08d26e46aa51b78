"""Where in a text a quote stands now, and where not literally, what stands there in its place.

The nearest text is looked for in three steps, each on less of the text: runs of three characters of the quote tell
regions (numpy, all quotes at once), the sentences of the best regions are compared by pairs of characters, and the best
few of these by what they have in common in order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from assistant.text.sentences import sentences
from assistant.types import Span

_OCCURRENCES = 200  # looked at before and after the place where a quote stood
_GRAM = 3  # characters
_BLOCK = 2_000_000  # characters of a text at once: each takes some 30 bytes
_TABLE = 20  # bits of a run's hash by which nearly all other runs are left out
_REGIONS = 4
_NARROWEST = 48  # characters of a region
_AROUND = 300  # characters beside a region in which its sentences may begin and end
_COMPARED = 4  # of the candidates of all regions
_LONGEST_QUOTE = 3_000  # characters of a quote that are compared; the rest of a longer one goes with them
_MOST_SENTENCES = 40  # of one quote
_CLAUSES_UP_TO = 150  # characters of a quote that may have become a part of a sentence
_WHOLE_SENTENCES = 0.6  # so near a sentence stands for itself, whatever a part of it would be
# What the same place is worth, in parts of the whole likeness: it decides between sentences that are about as near.
_NEARBY = 0.04
_NEARBY_WITHIN = 2_000  # characters

# So near, a sentence stands for the quote: of 740 sentences of public documents that one to three random edits were
# made in, 3 % are less near to what became of them; of 740 that were taken out, 9 % have another sentence as near as
# this (list items, rows of a table) and 4 % one as near as FAR, which is asked for away from a quote's place.
NEAR, FAR = 0.55, 0.66

_Codes = NDArray[np.uint32]
_WORDS = re.compile(r"[0-9]+(?:[.,:][0-9]+)*|[^\W\d_\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|\w")
_CLAUSE_END = re.compile(r"[，；：,;:]\s*")
_MULTIPLIERS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)  # odd, of the golden ratio and of xxHash


def occurrences(text: str, quote: str, near: int) -> tuple[int, ...]:
    """Where a text holds a quote, in order; of very many places those around `near`."""
    if not quote:
        return ()
    after = list(islice(_forward(text, quote, max(0, near)), _OCCURRENCES))
    before = list(islice(_backward(text, quote, max(0, near)), _OCCURRENCES))
    return tuple(sorted({*before, *after}))


def _forward(text: str, quote: str, place: int) -> Iterator[int]:
    place = text.find(quote, place)
    while place >= 0:
        yield place
        place = text.find(quote, place + 1)


def _backward(text: str, quote: str, place: int) -> Iterator[int]:
    """Those that begin before a place."""
    place = text.rfind(quote, 0, place + len(quote) - 1) if place else -1
    while place >= 0:
        yield place
        place = text.rfind(quote, 0, place + len(quote) - 1)


@dataclass(frozen=True, slots=True)
class Sought:
    """A quote that a text does not hold any more."""

    quote: str
    near: int  # where it would stand now
    known: Callable[[str], bool]  # whether a text is known to be another sentence than this one
    place: Callable[[int], float]  # what the place of a candidate is worth, 0 to 1: its heading path


@dataclass(frozen=True, slots=True)
class Near:
    """The span that is nearest to a quote, and how near it is: 0 to 1."""

    start: int
    end: int
    likeness: float


def nearest(text: str, sought: Sequence[Sought]) -> tuple[Near | None, ...]:
    """For each quote the sentences that stand for it now; None where none is near enough."""
    regions = _regions(text, [one.quote[:_LONGEST_QUOTE] for one in sought], [one.near for one in sought])
    return tuple(_best(text, one, found) for one, found in zip(sought, regions, strict=True))


# regions


def _regions(text: str, quotes: Sequence[str], near: Sequence[int]) -> list[list[Span]]:
    """For each quote the parts of the text that have most of its runs of characters, the rare ones counting more."""
    grams = [_hashes(_codes(quote), min(_GRAM, len(quote))) for quote in quotes]
    found: dict[int, tuple[NDArray[np.int64], _Codes]] = {}
    sizes = [min(_GRAM, len(quote)) for quote in quotes]
    for size in {size for size in sizes if size}:
        wanted = np.concatenate([own for own, one in zip(grams, sizes, strict=True) if one == size])
        found[size] = _places(text, np.unique(wanted), size)
    regions: list[list[Span]] = []
    for quote, own, place in zip(quotes, grams, near, strict=True):
        if not quote:
            regions.append([])
            continue
        places, hashes = found[min(_GRAM, len(quote))]
        own = np.unique(own)
        first, last = np.searchsorted(hashes, own, "left"), np.searchsorted(hashes, own, "right")
        held = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)])
        weights = np.repeat(1 / np.sqrt(np.maximum(last - first, 1)), last - first)
        regions.append(_densest(places[held], weights, len(quote), place))
    return regions


def _codes(text: str) -> _Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _hashes(codes: _Codes, size: int) -> _Codes:
    """A number for each run of characters; two runs rarely have the same."""
    if len(codes) < size or not size:
        return codes[:0]
    total = np.zeros(len(codes) - size + 1, dtype=np.uint32)
    for place in range(size):
        total += codes[place : place + len(total)] * np.uint32(_MULTIPLIERS[place])
    total ^= total >> np.uint32(15)
    total *= np.uint32(_MULTIPLIERS[1])
    return total


def _places(text: str, wanted: _Codes, size: int) -> tuple[NDArray[np.int64], _Codes]:
    """Where a text has runs whose hashes are wanted, and the hash at each of these places; in the hashes' order."""
    table = np.zeros(1 << _TABLE, dtype=bool)
    table[wanted >> np.uint32(32 - _TABLE)] = True
    places: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    found: list[_Codes] = [np.zeros(0, dtype=np.uint32)]
    for first in range(0, len(text), _BLOCK):
        hashes = _hashes(_codes(text[first : first + _BLOCK + size - 1]), size)
        likely = np.flatnonzero(table[hashes >> np.uint32(32 - _TABLE)])
        likely = likely[np.isin(hashes[likely], wanted)]
        places.append(likely + first)
        found.append(hashes[likely])
    hashes = np.concatenate(found)
    order = np.argsort(hashes, kind="stable")
    return np.concatenate(places)[order], hashes[order]


def _densest(places: NDArray[np.int64], weights: NDArray[np.float64], length: int, near: int) -> list[Span]:
    """The regions in which the most, and the rarest, runs of a quote lie, and the best one near a place."""
    if not len(places):
        return []
    width = max(length, _NARROWEST)
    bins, index = np.unique(places // width, return_inverse=True)
    weight = np.bincount(index, weights=weights)
    following = np.append(np.where(np.diff(bins) == 1, weight[1:], 0), 0)
    score = weight + following  # of two neighbours: a quote may lie across their border
    chosen = list(np.argsort(-score, kind="stable")[:_REGIONS])
    close = np.flatnonzero(np.abs(bins * width - near) <= max(_NEARBY_WITHIN, 2 * width))
    if len(close):
        chosen.append(close[np.argmax(score[close])])
    return [(int(bins[one]) * width, (int(bins[one]) + 2) * width) for one in dict.fromkeys(chosen)]


# candidates


def _best(text: str, sought: Sought, regions: Sequence[Span]) -> Near | None:
    quote = sought.quote[:_LONGEST_QUOTE]
    whole = _chosen(text, sought, _runs_of_sentences(text, quote, regions))
    if whole is not None and whole.likeness >= _WHOLE_SENTENCES:
        return whole
    if len(quote) <= _CLAUSES_UP_TO:
        part = _chosen(text, sought, _runs_of_clauses(text, quote, regions))
        if part is not None and (whole is None or part.likeness > whole.likeness + 2 * _NEARBY):
            whole = part
    if whole is None:
        return None
    close = abs(whole.start - sought.near) <= _NEARBY_WITHIN or sought.place(whole.start) > 0
    return whole if whole.likeness >= (NEAR if close else FAR) else None


def _chosen(text: str, sought: Sought, spans: Collection[Span]) -> Near | None:
    """The nearest of some spans; among those that are about as near, one at the place of the quote."""
    quote = sought.quote
    pairs = _pairs(quote[:_LONGEST_QUOTE])
    roughly = {span: _shared(pairs, _pairs(text[slice(*span)])) + _bonus(sought, span) for span in spans}
    best: tuple[float, Near] | None = None
    for span in sorted(roughly, key=lambda one: (-roughly[one], one))[:_COMPARED]:
        candidate = text[slice(*span)]
        if sought.known(candidate):
            continue
        likeness = alike(quote, candidate)
        value = likeness + _bonus(sought, span) + _NEARBY * sought.place(span[0])
        if best is None or value > best[0]:
            best = value, Near(*span, likeness)
    return best[1] if best else None


def _bonus(sought: Sought, span: Span) -> float:
    return _NEARBY / (1 + abs(span[0] - sought.near) / _NEARBY_WITHIN)


def _runs_of_sentences(text: str, quote: str, regions: Sequence[Span]) -> set[Span]:
    """One or several neighbouring sentences of about the length of the quote."""
    runs: set[Span] = set()
    count = min(_MOST_SENTENCES, len(sentences(quote, 0, len(quote))))
    for region in regions:
        found = _sentences_around(text, region)
        for first in range(len(found)):
            for last in range(first, min(len(found), first + count + 2)):
                runs.add((found[first][0], found[last][1]))
    return {run for run in runs if _fits(run, len(quote), least=0.3)}


def _runs_of_clauses(text: str, quote: str, regions: Sequence[Span]) -> set[Span]:
    """The same of parts of sentences: two sentences may have become one."""
    runs: set[Span] = set()
    for region in regions:
        for start, end in _sentences_around(text, region):
            ends = [match.end() for match in _CLAUSE_END.finditer(text, start, end)]
            edges = sorted({start, *ends, end})
            for index, first in enumerate(edges):
                later = edges[index + 1 : bisect_left(edges, first + 2 * len(quote) + 20)]
                runs.update((first, last) for last in later)
    return {run for run in runs if _fits(run, len(quote), least=0.5)}


def _fits(span: Span, length: int, *, least: float) -> bool:
    return least * length <= span[1] - span[0] <= 3 * length + 20


def _sentences_around(text: str, region: Span) -> list[Span]:
    low, high = max(0, region[0] - _AROUND), min(len(text), region[1] + _AROUND)
    # Cut at line breaks, so that no sentence begins in the middle of a word where that can be helped.
    line = text.rfind("\n", max(0, low - _AROUND), low)
    low = line + 1 if line >= 0 else low
    line = text.find("\n", high, high + _AROUND)
    high = line if line >= 0 else high
    return [(start + low, end + low) for start, end in sentences(text[low:high], 0, high - low)]


# likeness


def alike(one: str, other: str) -> float:
    """How much of two texts is the same, in order: 0 to 1, by Chinese characters, words and numbers."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return float(one.split() == other.split())
    same = sum(block.size for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks())
    return 2 * same / (len(first) + len(second))


def _words(text: str) -> list[str]:
    return _WORDS.findall(text[: 2 * _LONGEST_QUOTE].casefold())


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(zip(text, text[1:] or text, strict=False))


def _shared(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    """Dice coefficient."""
    return 2 * len(one & other) / max(1, len(one) + len(other))
