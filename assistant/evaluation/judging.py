"""One case put to the Assistant a user has, and what came back judged against what is known of the answer."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from assistant.answering import citations as citation_module
from assistant.assistant import Assistant
from assistant.evaluation.metrics import (
    cmrc_exact_match,
    cmrc_f1,
    hit_at,
    holds,
    mrr_at_10,
    ndcg_at_10,
    word_exact_match,
    word_f1,
)
from assistant.evaluation.places import Gold
from assistant.evaluation.questions import Case
from assistant.types import Answer, Citation, Hit, Sentence

LEGS: Mapping[str, float | None] = {"dense": 1.0, "keyword": 0.0, "fused": None}
SEARCH_LIMIT = 30  # hits: a document may be several passages, and ten different documents are ranked
_SPAN = "the gold span"
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation, judged; None where nothing is known to judge it by."""

    document: str
    start: int
    end: int
    quote: str
    equal: bool  # the quote is what the document has at its span
    on_gold_document: bool | None
    on_gold_sentence: bool | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the Assistant did with one case; None where nothing is known to judge it by."""

    case: Case
    confidence: float
    answered: bool
    sentences: tuple[str, ...]  # what was shown, the decisive one first
    cited: tuple[Cited, ...]  # in the order of the citation numbers
    right: bool | None  # what was shown, or a refusal withheld, is right; an unanswerable question has no right answer
    withheld: str  # what a refusal of an answerable question kept back
    decisive_holds: bool | None  # the decisive sentence, with the list that it begins, says an answer
    shown_holds: bool | None  # any sentence shown says one
    best_on_gold_span: bool | None  # a quote behind the decisive sentence, or behind the list that it begins
    gold_cited: float | None  # share of the gold sentences that a quote meets
    closeness: Mapping[str, float]  # what is marked in the decisive sentence as the answer, or all of it, against
    # `answers` or else the gold quote: measure → value
    retrieval: Mapping[str, Mapping[str, float]]  # leg → measure → value; empty where no place is known
    milliseconds: float  # of `ask`, as its caller waited
    ranks: Mapping[str, int | None] = field(default_factory=dict)  # leg → rank of the first gold name
    timings_ms: Mapping[str, float] = field(default_factory=dict)  # per stage, as the answer says
    unwanted_cited: bool | None = None  # a quote behind the decisive sentence is one that does not answer


def put(case: Case, gold: Gold, assistant: Assistant) -> Outcome:
    """Ask one question, search for it with every leg, and judge both."""
    began = time.perf_counter()
    answer = _ask(case, assistant)
    milliseconds = (time.perf_counter() - began) * 1000
    withheld = None
    if case.answerable and not answer.answered:
        withheld = _ask(case, assistant, threshold=0.0)
    rankings = _rankings(case, gold, assistant)
    return judge(case, gold, answer, assistant, milliseconds, rankings, withheld)


def _ask(case: Case, assistant: Assistant, **how: Any) -> Answer:
    return assistant.ask(case.question, **_within(case), **how)


def _within(case: Case) -> dict[str, Any]:
    return {"within": case.within} if case.within else {}


def judge(
    case: Case,
    gold: Gold,
    answer: Answer,
    assistant: Assistant,
    milliseconds: float,
    rankings: Mapping[str, tuple[Sequence[str], frozenset[str]]],
    withheld: Answer | None = None,
) -> Outcome:
    """Judge an answer; `withheld` is what would have been shown instead of a refusal."""
    decisive = _text(_decisive(answer))
    known = bool(case.answerable and case.answers)
    cited = tuple(_cited(citation, case, gold, assistant) for citation in answer.citations)
    places = [(one.document, one.start, one.end) for one in cited]
    return Outcome(
        case=case,
        confidence=answer.confidence,
        answered=answer.answered,
        sentences=tuple(sentence.text for sentence in answer.sentences),
        cited=cited,
        right=_is_right(case, gold, withheld or answer),
        withheld=_text(_decisive(withheld)) if withheld else "",
        decisive_holds=holds(decisive, case.answers) if known else None,
        shown_holds=any(holds(sentence.text, case.answers) for sentence in answer.sentences) if known else None,
        best_on_gold_span=_best_on_span(answer, gold) if case.answerable and gold.spanned else None,
        gold_cited=gold.met(places) if case.answerable and (gold.spanned or gold.sentences) else None,
        closeness=_closeness(_marked(answer) or decisive, case) if case.answerable else {},
        retrieval={leg: _measures(*ranking) for leg, ranking in rankings.items()},
        milliseconds=milliseconds,
        ranks={leg: _first_rank(*ranking) for leg, ranking in rankings.items()},
        timings_ms=dict(answer.timings_ms),
        unwanted_cited=_cites_unwanted(answer, gold) if gold.unwanted else None,
    )


def _is_right(case: Case, gold: Gold, answer: Answer) -> bool | None:
    """By the words of the decisive sentence, or without words by its place, or without a span by its document."""
    if not case.answerable:
        return None if case.answerable is None else False
    if case.answers:
        return holds(_text(_decisive(answer)), case.answers)
    if gold.spanned:
        return _best_on_span(answer, gold)
    if not gold.documents:
        return None
    return any(citation.document in gold.documents for citation in _best_citations(answer))


def _decisive(answer: Answer) -> tuple[Sentence, ...]:
    """The first sentence with the items of the list that it begins."""
    return (*answer.sentences[:1], *takewhile(lambda sentence: sentence.item, answer.sentences[1:]))


def _text(sentences: Sequence[Sentence]) -> str:
    return " ".join(sentence.text for sentence in sentences)


def _best_citations(answer: Answer) -> list[Citation]:
    numbers = {number for sentence in _decisive(answer) for number in sentence.citations}
    return [citation for citation in answer.citations if citation.number in numbers]


def _best_on_span(answer: Answer, gold: Gold) -> bool:
    return any(gold.on_span(one.document, one.start, one.end) for one in _best_citations(answer))


def _cites_unwanted(answer: Answer, gold: Gold) -> bool:
    return any(gold.is_unwanted(one.document, one.start, one.end) for one in _best_citations(answer))


def _marked(answer: Answer) -> str:
    """The words marked in the decisive sentence as what was asked for."""
    return " ".join(piece for citation in _best_citations(answer) for piece, asked in citation.pieces if asked)


def _cited(citation: Citation, case: Case, gold: Gold, assistant: Assistant) -> Cited:
    place = citation.document, citation.start, citation.end
    sentences_known = case.answerable and (gold.spanned or gold.sentences)
    return Cited(
        *place,
        citation.quote,
        equal=_is_literal(citation, assistant),
        on_gold_document=citation.document in gold.documents if case.answerable and gold.documents else None,
        on_gold_sentence=gold.on_sentence(*place) if sentences_known else None,
    )


def _is_literal(citation: Citation, assistant: Assistant) -> bool:
    try:
        text = assistant.document(citation.document).text
    except KeyError:
        return False
    return citation_module.holds(citation, text)


def _closeness(given: str, case: Case) -> dict[str, float]:
    """As the script of the language's best-known set has it: CMRC 2018 for Chinese, SQuAD 1.1 for all else."""
    wanted = case.answers or ((case.quote,) if case.quote else ())
    if not wanted:
        return {}
    if any(map(_HAN.search, (case.question, *wanted))):
        return {"exact_match": cmrc_exact_match(given, wanted), "character_f1": cmrc_f1(given, wanted)}
    return {"word_exact_match": word_exact_match(given, wanted), "word_f1": word_f1(given, wanted)}


def _rankings(case: Case, gold: Gold, assistant: Assistant) -> dict[str, tuple[Sequence[str], frozenset[str]]]:
    """What each leg ranks, and which of those names are gold; nothing where no place is known."""
    if not (case.answerable and (gold.documents or gold.spanned)):
        return {}
    return {
        leg: ranking_of(
            assistant.search(case.question, limit=SEARCH_LIMIT, dense_weight=dense_weight, **_within(case)), gold
        )
        for leg, dense_weight in LEGS.items()
    }


def ranking_of(hits: Sequence[Hit], gold: Gold) -> tuple[list[str], frozenset[str]]:
    """The ranking that is measured, each name once at its first appearance, and which of its names are gold.

    Documents are ranked, unless a span is known: then passages are, and those that meet it count as one.
    """
    if not gold.spanned:
        return list(dict.fromkeys(hit.passage.document for hit in hits)), gold.documents
    passages = [hit.passage for hit in hits]
    named = (_SPAN if gold.on_span(p.document, p.start, p.end) else f"{p.document} # {p.start}" for p in passages)
    return list(dict.fromkeys(named)), frozenset({_SPAN})


def _measures(ranking: Sequence[str], gold: frozenset[str]) -> dict[str, float]:
    return {
        "hit_at_1": hit_at(ranking, gold, 1),
        "hit_at_5": hit_at(ranking, gold, 5),
        "hit_at_10": hit_at(ranking, gold, 10),
        "mrr_at_10": mrr_at_10(ranking, gold),
        "ndcg_at_10": ndcg_at_10(ranking, gold),
    }


def _first_rank(ranking: Sequence[str], gold: frozenset[str]) -> int | None:
    return next((rank for rank, name in enumerate(ranking, start=1) if name in gold), None)
