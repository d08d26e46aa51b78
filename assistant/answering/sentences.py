"""What speaks for each sentence of the best passages: the signals from which answers and refusals are made."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answering.citations import Chosen
from assistant.answering.kinds import agreement
from assistant.answering.ranges import meant
from assistant.answering.years import agrees, year_asked
from assistant.index.snapshot import Snapshot
from assistant.retrieval.search import Found
from assistant.retrieval.words import share
from assistant.text.marks import without_marks
from assistant.text.normal import fold
from assistant.text.sentences import sentences
from assistant.text.tokens import Term, Tokens, terms_in
from assistant.types import Hit

_PASSAGES_READ = 8  # sentences are looked for in so many of the best passages
_LONG = 200  # characters; a sentence is not better for being longer than that

SIGNALS = ("dense", "passage", "first", "coverage", "context", "rest", "rare", "pairs", "kind", "length", "asks")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, and what speaks for it."""

    chosen: Chosen
    text: str  # without marks, white space collapsed
    rank: int  # of its passage, from 0
    dense: float  # of its window, in deviations above the background
    passage: float  # its passage's fused score, less the best passage's
    first: float  # 1 in the best passage
    coverage: float  # share of the weight of the question's words that it holds, 0 to 1, as all shares here
    context: float  # the same for it together with title, headings and first sentence of its passage: what it is about
    rest: float  # share of the weight in words that it holds and that context does not
    rare: float  # coverage where words that few of the candidates hold weigh more
    pairs: float  # share of the question's bigrams (of its words, where it has none) that it holds
    kind: float  # whether it has the kind of answer that is asked for: -1, 0 (none known) or 1
    length: float  # of its folded text, 0 to 1
    asks: float  # 1 if it is a question itself
    unknown: float  # share of the weight in names that no passage of the library holds: the same for every sentence
    year: int = 0  # whether it speaks of the year that is asked for: -1, 0 (it does not say) or 1
    meant: frozenset[Term] = frozenset()  # numbers of the question that a range in it holds

    def signals(self) -> tuple[float, ...]:
        """In the order of `SIGNALS`."""
        return tuple(getattr(self, name) for name in SIGNALS)


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence as it is compared with the question."""

    chosen: Chosen
    text: str
    held: frozenset[Term]  # words of the question
    context: frozenset[Term]
    pairs: float
    length: int  # folded
    rank: int
    dense: float
    year: int
    meant: frozenset[Term]


def candidates(snapshot: Snapshot, tokens: Tokens, found: Found) -> list[Candidate]:
    """Every sentence of the best passages, in the passages' order."""
    question = found.query.text
    weights = found.query.weights
    read = [
        sentence
        for rank, hit in enumerate(found.hits[:_PASSAGES_READ])
        for sentence in _read(snapshot, found, rank, hit)
    ]
    rarity = {
        term: weight * math.log(1 + len(read) / (1 + sum(term in sentence.held for sentence in read)))
        for term, weight in weights.items()
    }
    best = found.hits[0].score if found.hits else 0.0
    unknown = frozenset(t for t in weights if not snapshot.keywords.frequency(t) and tokens.is_noun(t))
    return [
        Candidate(
            sentence.chosen,
            sentence.text,
            sentence.rank,
            sentence.dense,
            found.hits[sentence.rank].score - best,
            float(sentence.rank == 0),
            share(weights, sentence.held),
            share(weights, sentence.held | sentence.context),
            share(weights, sentence.held - sentence.context),
            share(rarity, sentence.held),
            sentence.pairs,
            agreement(question, sentence.text),
            min(sentence.length, _LONG) / _LONG,
            float(sentence.text.endswith(("?", "？"))),
            share(weights, unknown - sentence.held),
            sentence.year,
            sentence.meant,
        )
        for sentence in read
    ]


def _read(snapshot: Snapshot, found: Found, rank: int, hit: Hit) -> list[_Read]:
    """The sentences of one passage."""
    document = snapshot.document(hit.passage.document)
    tokens = found.query.tokens
    asked = year_asked(found.query.text)
    about: frozenset[Term] | None = None
    made: list[_Read] = []
    for start, end in sentences(document.text, hit.passage.start, hit.passage.end):
        text = " ".join(without_marks(document.text, start, end).split())
        if not text:
            continue
        folded = fold(text)
        ranged = meant(tokens.terms, folded)
        held = terms_in(tokens.terms, folded) | ranged
        if about is None:
            about = held | terms_in(tokens.terms, fold("\n".join((hit.title, *hit.passage.heading))))
        if tokens.bigrams:
            pairs = sum(pair in folded for pair in tokens.bigrams) / len(tokens.bigrams)
        else:
            pairs = len(held) / len(tokens.terms) if tokens.terms else 0.0
        dense = max(
            (score for (left, right), score in found.windows[rank].items() if left < end and start < right), default=0.0
        )
        chosen = Chosen(document, hit.passage, start, end)
        year = agrees(asked, chosen) if asked else 0
        held, context = (with_year(terms, tokens.terms, asked, year) for terms in (held, about))
        made.append(_Read(chosen, text, held, context, pairs, len(folded), rank, dense, year, ranged))
    return made


def with_year(held: frozenset[Term], terms: Iterable[Term], asked: str | None, agreeing: int) -> frozenset[Term]:
    """The words that a text holds, where the year that is asked for counts by what is meant, and not as written."""
    if not asked or not agreeing:
        return held
    year = frozenset(term for term in terms if term.folded == asked)
    return held | year if agreeing > 0 else held - year
