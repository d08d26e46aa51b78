"""One case put to the Assistant a user has, and what came back judged against what is known of the answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering import citations as citation_module
from assistant.assistant import Assistant
from assistant.evaluation.metrics import (
    cmrc_exact_match,
    cmrc_f1,
    hit_at,
    holds,
    mrr_at_10,
    ndcg_at_10,
    word_f1,
)
from assistant.evaluation.questions import Case
from assistant.types import Answer, Citation, Hit, Problem

LEGS: Mapping[str, float | None] = {"dense": 1.0, "keyword": 0.0, "fused": None}
SEARCH_LIMIT = 30  # hits: a document may be several passages, and ten different documents are ranked
_SPAN = "the gold span"


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the library holds a case's answer."""

    documents: frozenset[str] = frozenset()  # empty: not known
    spans: tuple[tuple[str, int, int], ...] = ()  # document, start, end: alternatives, each is right
    spanned: bool = False  # a span is known; without `spans` it is none of this library's

    def on_document(self, citation: Citation) -> bool:
        return citation.document in self.documents

    def on_span(self, document: str, start: int, end: int) -> bool:
        """Whether a span shares a character with a gold span."""
        return any(name == document and start < right and left < end for name, left, right in self.spans)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the Assistant did with one case; None where nothing is known to judge it by."""

    case: Case
    confidence: float
    answered: bool
    quotes: tuple[str, ...]  # what was cited, in the order of the citation numbers
    documents: tuple[str, ...]  # the document of each quote
    quotes_equal: int  # of the quotes, how many are what their document has at their span
    on_gold_document: int | None  # of the quotes
    on_gold_span: int | None  # of the quotes
    best_on_gold_span: bool | None  # the quote behind the decisive sentence
    decisive_holds: bool | None  # the decisive sentence says an answer
    shown_holds: bool | None  # any sentence shown says one
    closeness: Mapping[str, float]  # decisive sentence against `answers`: exact_match, character_f1, word_f1
    retrieval: Mapping[str, Mapping[str, float]]  # leg → measure → value; empty where no place is known
    milliseconds: float  # of `ask`, as its caller waited
    timings_ms: Mapping[str, float]  # per stage, as the answer says


def locate(cases: Iterable[Case], assistant: Assistant) -> tuple[dict[str, Gold], tuple[Problem, ...]]:
    """Find each case's place in the library, by case id. What it does not hold is a problem, and counts as missed."""
    documents = [info.id for info in assistant.documents()]
    names = {name.partition("#")[2]: name for name in documents if "#" in name} | {name: name for name in documents}
    found: dict[str, Gold] = {}
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for case in cases:
        wanted = [*case.passage_ids, *((case.document,) if case.document else ())]
        problems.extend(
            Problem(case.id, f"The library has no document “{name}”. Correct the name or index it.")
            for name in wanted
            if name not in names
        )
        spans = _spans_of(case, names, assistant, texts)
        spanned = case.quote is not None or case.start is not None
        if spanned and not spans:
            sought = f"“{case.quote[:40]}”" if case.quote else f"span {case.start} to {case.end}"
            problems.append(
                Problem(case.id, f"{case.document or 'The library'} does not hold the quote {sought}. Correct it.")
            )
        held = {names.get(name, name) for name in wanted} | {name for name, _, _ in spans}
        found[case.id] = Gold(frozenset(held), spans, spanned)
    return found, tuple(problems)


def put(case: Case, gold: Gold, assistant: Assistant) -> Outcome:
    """Ask one question, search for it with every leg, and judge both."""
    began = time.perf_counter()
    answer = assistant.ask(case.question)
    milliseconds = (time.perf_counter() - began) * 1000
    return judge(case, gold, answer, assistant, milliseconds, _retrieval(case, gold, assistant))


def judge(
    case: Case,
    gold: Gold,
    answer: Answer,
    assistant: Assistant,
    milliseconds: float,
    retrieval: Mapping[str, Mapping[str, float]],
) -> Outcome:
    citations = answer.citations
    decisive = answer.sentences[0].text if answer.sentences else ""
    best = _best_citation(answer)
    spanned = case.answerable and gold.spanned
    known = bool(case.answerable and case.answers)
    return Outcome(
        case=case,
        confidence=answer.confidence,
        answered=answer.answered,
        quotes=tuple(citation.quote for citation in citations),
        documents=tuple(citation.document for citation in citations),
        quotes_equal=sum(_is_literal(citation, assistant) for citation in citations),
        on_gold_document=sum(map(gold.on_document, citations)) if case.answerable and gold.documents else None,
        on_gold_span=sum(gold.on_span(c.document, c.start, c.end) for c in citations) if spanned else None,
        best_on_gold_span=(best is not None and gold.on_span(best.document, best.start, best.end)) if spanned else None,
        decisive_holds=holds(decisive, case.answers) if known else None,
        shown_holds=any(holds(sentence.text, case.answers) for sentence in answer.sentences) if known else None,
        closeness=_closeness(decisive, case.answers) if known else {},
        retrieval=retrieval,
        milliseconds=milliseconds,
        timings_ms=dict(answer.timings_ms),
    )


def _spans_of(
    case: Case, names: Mapping[str, str], assistant: Assistant, texts: dict[str, str]
) -> tuple[tuple[str, int, int], ...]:
    """The gold spans of a case; `texts` keeps what was read between cases."""
    document = names.get(case.document) if case.document else None
    if document is not None and case.start is not None and case.end is not None:
        text = _text_of(document, assistant, texts)
        if case.end <= len(text) and case.quote in (None, text[case.start : case.end]):
            return ((document, case.start, case.end),)
    if case.quote is None or (case.document and document is None):
        return ()
    places = [document] if document else sorted(set(names.values()))
    return tuple(
        (place, start, start + len(case.quote))
        for place in places
        for start in _occurrences(_text_of(place, assistant, texts), case.quote)
    )


def _text_of(document: str, assistant: Assistant, texts: dict[str, str]) -> str:
    if document not in texts:
        texts[document] = assistant.document(document).text
    return texts[document]


def _occurrences(text: str, quote: str) -> Iterable[int]:
    start = text.find(quote)
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def _retrieval(case: Case, gold: Gold, assistant: Assistant) -> dict[str, dict[str, float]]:
    if not (case.answerable and (gold.documents or gold.spanned)):
        return {}
    measured = {}
    for leg, dense_weight in LEGS.items():
        hits = assistant.search(case.question, limit=SEARCH_LIMIT, dense_weight=dense_weight)
        ranking, names = ranking_of(hits, gold)
        measured[leg] = {
            "hit_at_1": hit_at(ranking, names, 1),
            "hit_at_5": hit_at(ranking, names, 5),
            "hit_at_10": hit_at(ranking, names, 10),
            "mrr_at_10": mrr_at_10(ranking, names),
            "ndcg_at_10": ndcg_at_10(ranking, names),
        }
    return measured


def ranking_of(hits: Sequence[Hit], gold: Gold) -> tuple[list[str], frozenset[str]]:
    """The ranking that is measured, each name once at its first appearance, and which of its names are gold.

    Documents are ranked, unless a span is known: then passages are, and those that meet it count as one.
    """
    if not gold.spanned:
        return list(dict.fromkeys(hit.passage.document for hit in hits)), gold.documents
    passages = [hit.passage for hit in hits]
    named = (_SPAN if gold.on_span(p.document, p.start, p.end) else f"{p.document} # {p.start}" for p in passages)
    return list(dict.fromkeys(named)), frozenset({_SPAN})


def _best_citation(answer: Answer) -> Citation | None:
    numbers = answer.sentences[0].citations if answer.sentences else ()
    return next((citation for citation in answer.citations if citation.number in numbers), None)


def _is_literal(citation: Citation, assistant: Assistant) -> bool:
    try:
        text = assistant.document(citation.document).text
    except KeyError:
        return False
    return citation_module.holds(citation, text)


def _closeness(sentence: str, answers: tuple[str, ...]) -> dict[str, float]:
    return {
        "exact_match": cmrc_exact_match(sentence, answers),
        "character_f1": cmrc_f1(sentence, answers),
        "word_f1": word_f1(sentence, answers),
    }
