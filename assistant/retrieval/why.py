"""Why a passage was found: what meaning and words contributed to its score, and which words of the question it holds.

Numbers, levels and places only: what they are called is the page's. Levels are by what passages that answer have and
others have not, over six Chinese and English libraries: of those that answer, half stand more than 3 to 6 deviations
above the background and nearly all more than 2.5, and half hold more than a third of the question's words by weight,
which of the others one in four does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.retrieval.fusion import weights
from assistant.text.abbreviations import other_names
from assistant.text.normal import CJK, fold, fold_with_offsets, has_chinese
from assistant.text.tokens import holds, stem
from assistant.types import Hit, Span

Level = Literal["strong", "some", "none"]

_STRONG_DENSE, _SOME_DENSE = 4.0, 2.5  # deviations
_STRONG_COVERAGE, _SOME_COVERAGE = 0.5, 0.15
_RUN = re.compile(rf"[^\W_{CJK}]+(?:[.'’\-/][^\W_{CJK}]+)*[%‰‱]?")
_PART = re.compile(rf"[^\W_{CJK}]+")
_YEAR = re.compile(r"(\d{4})年")


@dataclass(frozen=True, slots=True)
class Matched:
    """A word of the question that the passage holds."""

    word: str  # as the question writes it
    spans: tuple[Span, ...]  # in `Hit.text`, in order; none where only its title or a heading above holds the word


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for a passage."""

    meaning: float  # the leg's share of the score, 0 to 1
    words: float  # the rest
    meaning_level: Level
    words_level: Level
    dense: float | None  # deviations above what unrelated texts have; None where the leg is off
    keyword: float | None  # BM25, as a part of what the question's words could bring; None where it holds none
    coverage: float | None  # by weight, the share of the question's words that it holds
    matched: tuple[Matched, ...]
    absent: tuple[str, ...]  # words of the question that it does not hold

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the passage's text holds any word of the question; in order, none touches another."""
        merged: list[Span] = []
        for start, end in sorted(span for one in self.matched for span in one.spans):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return tuple(merged)


def why(hit: Hit, *, dense_weight: float = 0.5, fitted: Mapping[str, float] | None = None) -> Why:
    """What speaks for a passage that was found with some `dense_weight`, as `fuse` adds it up.

    What speaks against it (a meaning further off than unrelated texts') counts as nothing; where nothing speaks for it,
    because the question names its place, each leg has half.
    """
    meaning, words = _parts(hit, dense_weight, weights() if fitted is None else fitted)
    share = meaning / (meaning + words) if meaning + words else 0.5
    return Why(share, 1 - share, *levels(hit), hit.dense, hit.keyword, hit.coverage, _matched(hit), hit.absent)


def levels(hit: Hit) -> tuple[Level, Level]:
    """How much meaning, and words, speak for a passage."""
    words = _level(hit.coverage, _SOME_COVERAGE, _STRONG_COVERAGE) if hit.terms else "none"
    return _level(hit.dense, _SOME_DENSE, _STRONG_DENSE), words


def _parts(hit: Hit, dense_weight: float, fitted: Mapping[str, float]) -> tuple[float, float]:
    """What each leg adds to the score, in the same unit."""
    keyword, coverage = hit.keyword or 0.0, hit.coverage or 0.0
    if dense_weight == 0:
        return 0.0, keyword
    share = (1 - dense_weight) / dense_weight / fitted["dense"]
    return max(hit.dense or 0.0, 0.0), share * (fitted["keyword"] * keyword + fitted["coverage"] * coverage)


def _level(value: float | None, some: float, strong: float) -> Level:
    if value is None or value < some:
        return "none"
    return "strong" if value >= strong else "some"


def _matched(hit: Hit) -> tuple[Matched, ...]:
    folded, offsets = fold_with_offsets(hit.text)
    stems = _stems(folded) if any(not has_chinese(_key(term)) for term in hit.terms) else {}
    found = []
    for term in hit.terms:
        key = _key(term)
        if has_chinese(key):
            places = [(place, place + len(key)) for place in holds(folded, key)]
        else:
            places = stems.get(stem(key), [])
        names = [name for *_, others in other_names(key) for name in others]
        places = [*places, *((place, place + len(name)) for name in names for place in holds(folded, name))]
        found.append(Matched(term, tuple(dict.fromkeys((offsets[a], _end(offsets, b)) for a, b in places))))
    return tuple(found)


def _key(term: str) -> str:
    """A question's word as the search copies have it: a year is written without 年, too."""
    folded = fold(term).strip()
    year = _YEAR.fullmatch(folded)
    return year[1] if year else folded


def _stems(folded: str) -> dict[str, list[Span]]:
    """Where a folded text has words that are not Chinese, by their stems; parts of joined words count, too."""
    found: dict[str, list[Span]] = {}
    for run in _RUN.finditer(folded):
        spans = dict.fromkeys(
            [run.span(), (run.start(), run.start() + len(run[0].rstrip("%‰‱")))]
            + [part.span() for part in _PART.finditer(folded, *run.span())]
        )
        for start, end in spans:
            found.setdefault(stem(folded[start:end]), []).append((start, end))
    return found


def _end(offsets: Sequence[int], place: int) -> int:
    """Where what lies before a place of a folded text ends in the text itself: behind the whole of a number or sign."""
    last = offsets[place - 1]
    while offsets[place] == last:
        place += 1
    return offsets[place]
