"""Search with what a question names: exact places first, and the named documents' best passages before others'.

The scores of the passages stay what they are without that, so that they say the same for every question: only the order
is another.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.addressing.resolve import Address, resolve
from assistant.index.snapshot import Area, Snapshot
from assistant.retrieval.fusion import fuse
from assistant.retrieval.search import Found, Query, search
from assistant.retrieval.words import word_weights
from assistant.text.tokens import Tokens
from assistant.types import Hit, Span
from embeddings.embedder import Embedder

# What a named document's passage is ahead by, in the fused score, in which the best passage of a library has about 8:
# another document's still comes before it where it matches that much better.
PREFERENCE = 3.0
EXACT_PREFERENCE = 6.0  # where it is not searched for the words of the title, which would speak for it
_FEW_PASSAGES = 3
_READ = 50  # exact places, of more that match less
_MOST_DOCUMENTS = 10  # shown, where any that has the part may be meant

_Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Match:
    """A hit with what composing an answer needs besides."""

    hit: Hit
    windows: Mapping[Span, float]
    coverage: float


def find(
    snapshot: Snapshot,
    question: str,
    tokens: Tokens,
    embedder: Embedder,
    *,
    limit: int,
    dense_weight: float,
    inside: frozenset[str] | None = None,
    documents: Sequence[str] = (),
) -> tuple[Found, Address]:
    """The passages that match a question, those that it names before all others, and what it names.

    `inside` are the documents that the search is kept to, None for all; `documents` those of the question before.
    """
    began = time.perf_counter()
    words = tokens.question(question)
    tokenized = time.perf_counter()
    address = resolve(snapshot, question, documents=documents, inside=inside)
    weights = word_weights(snapshot, tokens, words.terms)
    resolved = time.perf_counter()
    query = Query(question, words, weights, embedder.encode_queries([question])[0])
    embedded = time.perf_counter()
    area = snapshot.area(inside)
    inner = query
    if _tells_apart(snapshot, address):
        rest = tokens.question(address.asked_there)
        if rest.terms:
            inner = replace(query, tokens=rest, weights=word_weights(snapshot, tokens, rest.terms))
    found, address = _search(snapshot, query, inner, address, limit, dense_weight, area)
    timings = {
        "tokens": (tokenized - began) * 1e3,
        "address": (resolved - tokenized) * 1e3,
        "embed": (embedded - resolved) * 1e3,
        **found.timings_ms,
    }
    return replace(found, timings_ms=timings, subjects=snapshot.subject_count(inside)), address


def _tells_apart(snapshot: Snapshot, address: Address) -> bool:
    """Whether the words besides the names are needed to tell passages apart: not in a document of a few passages."""
    if not address.asked_there:
        return False
    return (
        bool(address.parts) or address.by_number or len(snapshot.passage_ids(sorted(address.documents))) > _FEW_PASSAGES
    )


def _search(
    snapshot: Snapshot,
    query: Query,
    inner: Query,
    address: Address,
    limit: int,
    dense_weight: float,
    area: Area,
) -> tuple[Found, Address]:
    """Search, and the places in the order in which they are shown.

    `inner` has the words of the question besides its names, where only they tell the passages of a place apart.
    """
    found = search(snapshot, query, limit=limit, dense_weight=dense_weight, area=area)
    if not (address.documents or address.parts):
        return found, address
    began = time.perf_counter()
    named: Found | None = None
    exact: Found | None = None
    if address.documents:
        ids = snapshot.passage_ids(sorted(address.documents))
        named = search(snapshot, inner, limit=limit, dense_weight=dense_weight, area=snapshot.area_of(ids))
    if address.passages:
        ids = list(address.passages[: limit if _in_order(address) else None])
        exact = search(
            snapshot, inner, limit=min(len(ids), _READ), dense_weight=dense_weight, area=snapshot.area_of(ids)
        )
    matches = _united(found, named, exact, dense_weight=dense_weight)
    preferred = {_place(hit) for hit in named.hits} if named is not None else set()
    places = _ordered(snapshot, address, matches)
    ahead = EXACT_PREFERENCE if address.is_exact and inner is not query else PREFERENCE
    first = {place: rank for rank, place in enumerate(places)}

    def order(one: _Match) -> tuple[float, float]:
        hit = one.hit
        place = _place(hit)
        return first.get(place, len(first)), -hit.score - ahead * (place in preferred)

    best = sorted(matches.values(), key=order)[:limit]
    timings = {**found.timings_ms, "fuse": found.timings_ms["fuse"] + (time.perf_counter() - began) * 1e3}
    arranged = replace(
        found,
        query=inner,
        hits=tuple(one.hit for one in best),
        windows=tuple(one.windows for one in best),
        coverage=tuple(one.coverage for one in best),
        timings_ms=timings,
    )
    return arranged, address if address.is_sure else _by_rank(address, places)


def _place(hit: Hit) -> _Place:
    return hit.passage.document, hit.passage.start


def _united(found: Found, named: Found | None, exact: Found | None, *, dense_weight: float) -> dict[_Place, _Match]:
    """The hits of several searches, each once, with scores that can be compared."""
    matches: dict[_Place, _Match] = {}
    for one in (found, named, exact):  # the later ones are told apart by what is asked of the named documents
        if one is not None:
            rows = zip(one.hits, one.windows, one.coverage, strict=True)
            matches.update({_place(hit): _Match(hit, windows, coverage) for hit, windows, coverage in rows})
    places = list(matches)
    hits = [matches[place].hit for place in places]
    fused = fuse(
        {index: hit.dense or 0.0 for index, hit in enumerate(hits)},
        {index: hit.keyword or 0.0 for index, hit in enumerate(hits)},
        {index: matches[place].coverage for index, place in enumerate(places)},
        dense_weight=dense_weight,
    )
    return {
        place: replace(matches[place], hit=replace(hits[index], score=fused[index]))
        for index, place in enumerate(places)
    }


def _ordered(snapshot: Snapshot, address: Address, matches: Mapping[_Place, _Match]) -> list[_Place]:
    """The exact places: in the order of the text where they are asked for as such, else best first."""
    stored = snapshot.passages(address.passages)
    places = [(stored[number].passage.document, stored[number].passage.start) for number in address.passages]
    places = [place for place in places if place in matches]
    return places if _in_order(address) else sorted(places, key=lambda place: -matches[place].hit.score)


def _in_order(address: Address) -> bool:
    return address.only and address.is_sure


def _by_rank(address: Address, places: list[_Place]) -> Address:
    """The parts of the documents that match best, where any document that has such a part may be meant."""
    ranks: dict[str, int] = {}
    for document, _ in places:
        ranks.setdefault(document, len(ranks))
    parts = [part for part in address.parts if ranks.get(part.document, _MOST_DOCUMENTS) < _MOST_DOCUMENTS]
    return replace(address, parts=tuple(sorted(parts, key=lambda part: ranks[part.document])))
