"""How sure it is that the texts answer a question: the evidence, and the probability fitted on it.

Evidence weighs differently in each language, and where question and passage are in different ones: words can then
hardly speak for or against a passage. So each of these has fitted weights of its own.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from assistant.answering.kinds import lacks
from assistant.answering.marking.marked import offers
from assistant.answering.opposites import is_negated, negated_otherwise, turned_round
from assistant.answering.ranking import Ranked, weights
from assistant.answering.sentences import with_year
from assistant.answering.years import year_asked
from assistant.retrieval.search import Found
from assistant.retrieval.words import share
from assistant.text.normal import fold
from assistant.text.tokens import Term, Tokens, terms_in

# Nearness (see Found) of texts on the question's subject is about 5 or more, of others about 2: in between lies doubt.
_RELATED, _SPREAD = 4.0, 1.5
_CHINESE = re.compile("[\u4e00-\u9fff]")
_FEW = 0.1  # of a text's characters: one with fewer Chinese ones is in another language
_WORD = re.compile(r"[^\W_]+")
# Left-out questions of zh_wiki (dev half), put to random parts of it, have odds above 1 in .03 of the cases with 30
# documents, .05 with 100, .08 with 300 and .13 with all 524 (`python -m assistant.evaluation.parts`).
_FEW_SUBJECTS, _MANY_SUBJECTS = 100, 300
_MANY_PAIRS = 3  # of characters: a sentence that has all of the question's says what it asks in the same words
_OTHER_YEAR = 0.2  # at most, of a sentence that speaks of another year than the one asked for
_MARGIN = 3.0  # where there is one sentence only

Languages = Literal["chinese", "english", "across"]


def confidence(found: Found, ranked: Sequence[Ranked], tokens: Tokens) -> float:
    """The probability that the best of some sentences answers the question, 0 to 1."""
    pairing = languages(found, ranked)
    best, words = ranked[0].candidate, found.query.tokens
    chosen = best.chosen
    more = weights()["few_subjects"][pairing] * fewness(found.subjects)
    if not offers(found.query.text, words.terms, tokens, chosen.document.text, chosen.start, chosen.end):
        more -= weights()["nothing_offered"][pairing]
    if best.pairs == 1 and sum(len(pair) > 1 for pair in words.bigrams) >= _MANY_PAIRS:
        more += weights()["verbatim"][pairing]
    sure = _logistic(weights()["confidence"][pairing], evidence(found, ranked), more)
    return min(sure, _OTHER_YEAR) if ranked[0].candidate.year < 0 else sure


def is_enough(sure: float, found: Found, ranked: Sequence[Ranked], threshold: float | None) -> bool:
    """Whether a confidence is enough to answer; without a threshold, the one fitted for these languages decides."""
    return sure >= (weights()["threshold"][languages(found, ranked)] if threshold is None else threshold)


def languages(found: Found, ranked: Sequence[Ranked]) -> Languages:
    """What a question and the passage of the best sentence are written in; English stands for every other language."""
    passage = is_chinese(found.hits[ranked[0].candidate.rank].text)
    question = is_chinese(found.query.text)
    return "across" if passage != question else "chinese" if question else "english"


def is_chinese(text: str) -> bool:
    """Whether more of a text than names and quotations is Chinese."""
    return len(_CHINESE.findall(text)) > _FEW * len(text)


def evidence(found: Found, ranked: Sequence[Ranked]) -> dict[str, float]:
    """What speaks for there being an answer at all, given the sentences, best first."""
    hits, best = found.hits, ranked[0].candidate
    top = hits[best.rank]
    behind = hits[3:10]
    words = found.query.weights
    question, sentence = fold(found.query.text), fold(best.text)
    passage = "\n".join((fold("\n".join((top.title, *top.passage.heading))), fold(top.text)))
    asked = year_asked(found.query.text) if best.year else None
    in_passage, in_sentence = (
        with_year(terms_in(tuple(words), text) | best.meant, words, asked, best.year) for text in (passage, sentence)
    )
    missing = [term for term in words if term not in in_passage]
    total = sum(words.values()) or 1.0
    strongest = max((hit.keyword or 0.0 for hit in hits), default=0.0)
    return {
        "nearness": _near(found, best.dense),
        "nearest": _near(found, max(hit.dense or 0.0 for hit in hits)),
        "score": top.score,
        "lead": (top.dense or 0.0) - sum(h.dense or 0.0 for h in behind) / len(behind) if behind else 0.0,
        "score_lead": top.score - hits[min(3, len(hits) - 1)].score,
        "margin": ranked[0].relevance - ranked[1].relevance if len(ranked) > 1 else _MARGIN,
        "keyword_agrees": float((top.keyword or 0.0) >= strongest),
        "context": best.context,
        "coverage": best.coverage,
        "passage_coverage": share(words, in_passage),
        "best_coverage": max(found.coverage, default=0.0),
        "rest": best.rest,
        "pairs": best.pairs,
        "joined": _joined(question, sentence),
        "words": math.log(1 + len(words)),
        "missing": max((words[term] for term in missing), default=0.0) / total,
        "missing_names": sum(words[term] for term in missing if _is_name(term)) / total,
        "missing_numbers": sum(words[term] for term in missing if _is_number(term)) / total,
        "sentence_lacks_name": float(any(_is_name(term) and term not in in_sentence for term in words)),
        "sentence_lacks_number": float(any(_is_number(term) and term not in in_sentence for term in words)),
        "unknown": best.unknown,
        "kind": best.kind,
        "lacks": float(lacks(found.query.text, best.text)),
        "asks_negated": float(is_negated(question)),
        "negated": float(negated_otherwise(question, sentence)),
        "turned_round": float(turned_round(question, sentence)),
    }


def _near(found: Found, dense: float) -> float:
    return math.tanh((found.nearness(dense) - _RELATED) / _SPREAD)


def _is_name(term: Term) -> bool:
    return not term.is_cjk and term.text[:1].isupper()


def _is_number(term: Term) -> bool:
    return any(character.isdecimal() for character in term.folded)


def _joined(question: str, sentence: str) -> float:
    """Share of the question's pairs of neighbouring words that a sentence has, too: for languages that space words."""
    asked, said = _WORD.findall(question), _WORD.findall(sentence)
    pairs = list(itertools.pairwise(asked))
    known = set(itertools.pairwise(said))
    return sum(pair in known for pair in pairs) / len(pairs) if pairs else 0.0


def fewness(subjects: int) -> float:
    """1 for a library on few subjects, 0 for one on many.

    Of many, one is likely to be on a subject like the one asked about; of a few a person asks what is in them.
    """
    return min(1.0, max(0.0, math.log(_MANY_SUBJECTS / max(subjects, 1)) / math.log(_MANY_SUBJECTS / _FEW_SUBJECTS)))


def _logistic(fitted: Mapping[str, float], signals: Mapping[str, float], more: float) -> float:
    """Probability from log-odds: 1 / (1 + e^-(intercept + Σ weight · signal + more))."""
    odds = fitted["intercept"] + more + sum(fitted[name] * value for name, value in signals.items())
    return (1 + math.tanh(odds / 2)) / 2  # the same, without overflow
