"""Search: both legs, every candidate scored by both, fused, and the best passages with what speaks for them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.index.snapshot import EVERYWHERE, Area, Snapshot
from assistant.retrieval.fusion import deviations, fuse, without_language
from assistant.text.marks import without_marks
from assistant.text.normal import fold
from assistant.text.tokens import QuestionTokens, Term, terms_in
from assistant.types import Hit, Span, Window
from embeddings.embedder import Vectors

CANDIDATES = 100  # passages from each leg
_WINDOWS_PER_PASSAGE = 3  # so many windows are searched for each candidate; a passage has one to five


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for both legs."""

    text: str
    tokens: QuestionTokens
    weights: Mapping[Term, float]  # of its words
    vector: Vectors  # shape (dim,), float32


@dataclass(frozen=True, slots=True)
class Scored:
    """Every candidate passage of either leg, by each signal of the fusion."""

    dense: Mapping[int, float]  # of its best window, in deviations above the background
    keyword: Mapping[int, float]
    coverage: Mapping[int, float]
    windows: NDArray[np.int64]  # rows (window, passage, start, end)
    deviations: Vectors  # of each of these windows
    unrelated: tuple[float, float]  # mean and deviation of unrelated sentences, in deviations above the background
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search returns: the hits, and what composing an answer needs besides."""

    query: Query
    hits: tuple[Hit, ...]
    windows: tuple[Mapping[Span, float], ...]  # for each hit: its windows → deviations
    coverage: tuple[float, ...]  # of each hit: the share of the weight of the question's words that it holds
    unrelated: tuple[float, float]  # mean and deviation of unrelated sentences, in deviations above the background
    timings_ms: Mapping[str, float]
    subjects: int  # that the documents searched may be on

    def nearness(self, dense: float) -> float:
        """How far a window stands above sentences on every subject, in their deviations: the same in any library."""
        mean, deviation = self.unrelated
        return (dense - mean) / deviation


def search(snapshot: Snapshot, query: Query, *, limit: int, dense_weight: float, area: Area = EVERYWHERE) -> Found:
    """The passages that best match a query, best first, of an area."""
    scored = score(snapshot, query, area)
    began = time.perf_counter()
    fused = fuse(scored.dense, scored.keyword, scored.coverage, dense_weight=dense_weight)
    best = sorted(fused, key=lambda passage: (-fused[passage], passage))[:limit]
    stored = snapshot.passages(best)
    hits, windows = [], []
    for passage in best:
        place = scored.windows[:, 1] == passage
        spans = {
            (start, end): deviation
            for (start, end), deviation in zip(
                map(tuple, scored.windows[place, 2:].tolist()), scored.deviations[place].tolist(), strict=True
            )
        }
        start, end = max(spans, key=lambda span: spans[span])
        found = stored[passage]
        span = found.passage
        text = without_marks(snapshot.document(span.document).text, span.start, span.end)
        held, absent = _matched(query, "\n\n".join((found.title, *span.heading, text)))
        hits.append(
            Hit(
                span,
                found.title,
                text,
                fused[passage],
                scored.dense[passage],
                scored.keyword.get(passage),
                held,
                Window(start, end),
                scored.coverage.get(passage, 0.0),
                absent,
            )
        )
        windows.append(spans)
    timings = {**scored.timings_ms, "fuse": scored.timings_ms["fuse"] + (time.perf_counter() - began) * 1e3}
    covered = tuple(scored.coverage.get(passage, 0.0) for passage in best)
    return Found(query, tuple(hits), tuple(windows), covered, scored.unrelated, timings, snapshot.subject_count())


def score(snapshot: Snapshot, query: Query, area: Area = EVERYWHERE) -> Scored:
    """The best passages of either leg, each scored by both."""
    began = time.perf_counter()
    vector = without_language(query.vector, snapshot.language_direction)
    background = snapshot.background @ vector
    nearest = snapshot.vectors.search(vector[None, :], CANDIDATES * _WINDOWS_PER_PASSAGE, allowed=area.windows)[1][0]
    near = list(dict.fromkeys(snapshot.passages_of(nearest[nearest >= 0]).tolist()))[:CANDIDATES]
    dense_done = time.perf_counter()
    returned = dict(snapshot.keywords.search(query.tokens, CANDIDATES, within=area.ranges))
    candidates = list(dict.fromkeys((*near, *returned)))
    keyword, coverage = snapshot.keywords.score(query.tokens, query.weights, candidates)
    keyword_done = time.perf_counter()
    rows = snapshot.windows_of(candidates)
    scores = deviations(snapshot.vectors.reconstruct(rows[:, 0]) @ vector, background)
    dense: dict[int, float] = {}
    for passage, deviation in zip(rows[:, 1].tolist(), scores.tolist(), strict=True):
        dense[passage] = max(deviation, dense.get(passage, -np.inf))
    timings = {
        "dense": (dense_done - began) * 1e3,
        "keyword": (keyword_done - dense_done) * 1e3,
        "fuse": (time.perf_counter() - keyword_done) * 1e3,
    }
    unrelated = _unrelated(snapshot, query, vector, background)
    return Scored(dense, keyword, coverage, rows, scores, unrelated, timings)


def _unrelated(snapshot: Snapshot, query: Query, vector: Vectors, background: Vectors) -> tuple[float, float]:
    if snapshot.reference is None:
        return 0.0, 1.0  # the library's own windows have to do
    reference = snapshot.reference[0 if query.tokens.bigrams else 1] @ vector  # in the question's language
    scores = deviations(reference, background)
    return float(scores.mean()), max(float(scores.std()), 1e-3)


def _matched(query: Query, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a question that a text holds and those that it does not, as the question writes them, in order."""
    held = terms_in(query.tokens.terms, fold(text))
    terms = query.tokens.terms
    return tuple(term.text for term in terms if term in held), tuple(term.text for term in terms if term not in held)
