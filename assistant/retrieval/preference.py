"""Search with what a question names: exact places first, and the named documents' best passages before others'."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from assistant.index.snapshot import Area, Snapshot
from assistant.retrieval.addressed import Address
from assistant.retrieval.search import Found, Query, search
from assistant.types import Hit

# Of the fused score, in which the best passage of a whole library has about 8: what a named document's passages are
# preferred by. Another document's passage still comes first where it is better by that.
PREFERENCE = 2.5
_MOST_PLACES = 10  # documents, where any that has the part may be meant

_Windows = Mapping[tuple[int, int], float]


def search_addressed(
    snapshot: Snapshot, query: Query, address: Address, *, limit: int, dense_weight: float, area: Area | None
) -> Found:
    """The passages that best match a query, best first; those that it names come before all."""
    found = search(snapshot, query, limit=limit, dense_weight=dense_weight, area=area)
    if not (address.documents or address.parts):
        return found
    began = time.perf_counter()
    hits = {_place(hit): (hit, windows) for hit, windows in zip(found.hits, found.windows, strict=True)}
    if address.documents:
        named = snapshot.area_of(snapshot.passage_ids(sorted(address.documents)))
        own = search(snapshot, query, limit=limit, dense_weight=dense_weight, area=named)
        for hit, windows in zip(own.hits, own.windows, strict=True):
            hits[_place(hit)] = (replace(hit, score=hit.score + PREFERENCE), windows)
    exact = _exact(snapshot, query, address, limit, dense_weight)
    top = max((hit.score for hit, _ in hits.values()), default=0.0) + PREFERENCE
    for index, (hit, windows) in enumerate(exact):
        hits[_place(hit)] = (replace(hit, score=top + 1 - index / len(exact)), windows)
    best = sorted(hits.values(), key=lambda pair: -pair[0].score)[:limit]
    timings = {**found.timings_ms, "fuse": found.timings_ms["fuse"] + (time.perf_counter() - began) * 1e3}
    return replace(found, hits=tuple(hit for hit, _ in best), windows=tuple(w for _, w in best), timings_ms=timings)


def _place(hit: Hit) -> tuple[str, int]:
    return hit.passage.document, hit.passage.start


def _exact(
    snapshot: Snapshot, query: Query, address: Address, limit: int, dense_weight: float
) -> list[tuple[Hit, _Windows]]:
    """The passages of exact places: in the order of the text where the place is asked for, else best first."""
    ids = address.passages
    if not ids:
        return []
    in_order = address.only and address.is_sure
    ids = ids[:limit] if in_order else ids
    found = search(snapshot, query, limit=len(ids), dense_weight=dense_weight, area=snapshot.area_of(ids))
    pairs = list(zip(found.hits, found.windows, strict=True))
    if in_order:
        stored = snapshot.passages(ids)
        order = {(stored[number].passage.document, stored[number].passage.start): i for i, number in enumerate(ids)}
        pairs.sort(key=lambda pair: order[_place(pair[0])])
    return pairs[:limit]
