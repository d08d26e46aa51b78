"""Search: both legs, every candidate scored by both, fused, and the best passages with what speaks for them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assistant.index.snapshot import Area, Snapshot
from assistant.retrieval.fusion import deviations, fuse
from assistant.text.marks import without_marks
from assistant.text.normal import fold
from assistant.text.tokens import QuestionTokens, terms_in
from assistant.types import Hit, Window
from embeddings.embedder import Vectors

CANDIDATES = 100  # passages from each leg
_WINDOWS_PER_PASSAGE = 3  # so many windows are searched for each candidate; a passage has one to five


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for both legs."""

    text: str
    tokens: QuestionTokens
    vector: Vectors  # shape (dim,)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search returns: the hits, and what composing an answer needs besides."""

    query: Query
    hits: tuple[Hit, ...]
    windows: tuple[Mapping[tuple[int, int], float], ...]  # for each hit: (start, end) of its windows → deviations
    unrelated: tuple[float, float]  # mean and deviation of unrelated sentences, in deviations above the background
    timings_ms: Mapping[str, float]

    def nearness(self, dense: float) -> float:
        """How far a window stands above sentences on every subject, in their deviations: the same in any library."""
        mean, deviation = self.unrelated
        return (dense - mean) / deviation


def search(snapshot: Snapshot, query: Query, *, limit: int, dense_weight: float, area: Area | None = None) -> Found:
    """The passages that best match a query, best first; of an area only, where one is given."""
    began = time.perf_counter()
    background = snapshot.background @ query.vector
    allowed, ranges = (None, None) if area is None else (area.windows, area.ranges)
    nearest = snapshot.vectors.search(query.vector[None, :], CANDIDATES * _WINDOWS_PER_PASSAGE, allowed=allowed)[1][0]
    passages = dict.fromkeys(snapshot.passages_of(nearest[nearest >= 0]).tolist())
    candidates = list(passages)[:CANDIDATES]
    dense_done = time.perf_counter()
    keyword = dict(snapshot.keywords.search(query.tokens, CANDIDATES, within=ranges))
    keyword_done = time.perf_counter()
    rows = snapshot.windows_of({*candidates, *keyword})
    scores = deviations(snapshot.vectors.reconstruct(rows[:, 0]) @ query.vector, background)
    dense: dict[int, float] = {}
    for passage, score in zip(rows[:, 1].tolist(), scores.tolist(), strict=True):
        dense[passage] = max(score, dense.get(passage, -np.inf))
    fused = fuse(dense, keyword, dense_weight=dense_weight, candidates=CANDIDATES)
    best = sorted(fused, key=lambda passage: (-fused[passage], passage))[:limit]
    hits, windows = [], []
    stored = snapshot.passages(best)
    for passage in best:
        place = rows[:, 1] == passage
        spans = {
            (int(start), int(end)): float(score)
            for (_, _, start, end), score in zip(rows[place], scores[place], strict=True)
        }
        start, end = max(spans, key=lambda span: spans[span])
        found = stored[passage]
        span = found.passage
        text = without_marks(snapshot.document(span.document).text, span.start, span.end)
        hits.append(
            Hit(
                span,
                found.title,
                text,
                fused[passage],
                dense[passage],
                keyword.get(passage),
                _matched(query, "\n\n".join((found.title, *span.heading, text))),
                Window(start, end),
            )
        )
        windows.append(spans)
    done = time.perf_counter()
    timings = {
        "dense": (dense_done - began) * 1e3,
        "keyword": (keyword_done - dense_done) * 1e3,
        "fuse": (done - keyword_done) * 1e3,
    }
    return Found(query, tuple(hits), tuple(windows), _unrelated(snapshot, query, background), timings)


def _unrelated(snapshot: Snapshot, query: Query, background: Vectors) -> tuple[float, float]:
    if snapshot.reference is None:
        return 0.0, 1.0  # the library's own windows have to do
    reference = snapshot.reference[0 if query.tokens.bigrams else 1] @ query.vector  # in the question's language
    scores = deviations(reference, background)
    return float(scores.mean()), max(float(scores.std()), 1e-3)


def _matched(query: Query, text: str) -> tuple[str, ...]:
    """The words of a question that a text holds, as the question writes them, in its order."""
    held = terms_in(query.tokens.terms, fold(text))
    return tuple(term.text for term in query.tokens.terms if term in held)
