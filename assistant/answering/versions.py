"""Versions of one document from other years: what they say of one thing is shown together, the newest first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.citations import Chosen
from assistant.answering.differing import subject
from assistant.answering.ranking import Ranked
from assistant.answering.years import agrees
from assistant.text.document_dates import document_date
from assistant.text.likeness import likeness
from assistant.text.normal import fold
from assistant.text.tokens import Tokens
from assistant.types import Document

_LOOKED_AT = 16  # of the ranked sentences
_NEAR = 3.0  # log-odds below the best sentence
_MOST = 3
_ON_IT = 0.8  # of the best sentence's coverage of the question, at least
_ALIKE = 0.3  # of the two sentences' bigrams, at least
_SAME_TITLE = 0.6  # of the titles' bigrams, without years
_EQUAL = 0.9  # of the bigrams of two sentences that say the same, either way
_EQUALLY_NEAR = 1.0  # log-odds between two sentences that say the same

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d{2}(?!\d)")
_TITLE_YEAR = re.compile(r"[(（]?(?:1[89]|20)\d{2}(?:年版?|版)?(?:\d{1,2}月)?(?:\d{1,2}日)?[)）]?")

# 管理办法, 指南: of what kind a document is says little of what it is about.
_KIND = re.compile(
    "(?:(?:管理|工作|实施|暂行|试行)?(?:办法|指南|规定|规则|通知|报告|手册|细则|简章|章程|公告|方案|制度|条例|须知|说明))+"
    r"(?:\((?:试行|暂行|修订|修订稿|草案)\))?$"
)


def newest_of_equal(question: str, ranked: Sequence[Ranked]) -> list[Ranked]:
    """The ranked sentences, where the best one is said by a newer document, too, with that one first."""
    best = ranked[0]
    if _YEAR.search(fold(question)):
        return list(ranked)
    dated = document_date(best.candidate.chosen.document)
    newest, newest_date = best, dated
    for item in ranked[1:_LOOKED_AT]:
        if item.relevance < best.relevance - _EQUALLY_NEAR:
            break
        if dated is None or item.candidate.chosen.document.id == best.candidate.chosen.document.id:
            continue
        date = document_date(item.candidate.chosen.document)
        if date is not None and date > (newest_date or "") and _equal(best.candidate.text, item.candidate.text):
            newest, newest_date = item, date
    return [newest, *(item for item in ranked if item is not newest)]


def _equal(one: str, other: str) -> bool:
    short, long = sorted((len(one), len(other)))
    return short > _EQUAL * long and likeness(one, other) >= _EQUAL and _figures(one) == _figures(other)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", fold(text))


def versions(question: str, ranked: Sequence[Ranked], tokens: Tokens) -> list[Ranked]:
    """The best sentence and those of the same document's other years on the same thing, the newest first.

    Empty where there is none, or where the question says which year it asks of.
    """
    best = ranked[0].candidate
    title, dated = best.chosen.document.title, document_date(best.chosen.document)
    if dated is None or _YEAR.search(fold(question)):
        return []
    found = [(dated, ranked[0])]
    for item in ranked[1:_LOOKED_AT]:
        other = item.candidate
        if item.relevance < ranked[0].relevance - _NEAR or len(found) == _MOST:
            break
        date = document_date(other.chosen.document)
        if date is None or date[:4] in {year[:4] for year, _ in found}:
            continue
        if other.coverage < _ON_IT * best.coverage or likeness(best.text, other.text) < _ALIKE:
            continue
        told = _is_named_by_year(best.chosen.document) or _is_named_by_year(other.chosen.document)
        if told and _same_document(title, other.chosen.document.title, tokens):
            found.append((date, item))
    return [item for _, item in sorted(found, key=lambda one: one[0], reverse=True)] if len(found) > 1 else []


def _is_named_by_year(document: Document) -> bool:
    """Whether its title or file name has a year: else two articles of one title that name dates would be versions."""
    name = "" if "#" in document.id else document.id
    return _YEAR.search(fold(document.title)) is not None or _YEAR.search(fold(name)) is not None


def _same_document(one: str, other: str, tokens: Tokens) -> bool:
    first, second = (_KIND.sub("", fold(_TITLE_YEAR.sub("", title))) for title in (one, other))
    about = subject(first, tokens)
    return about == subject(second, tokens) and bool(first and second) and likeness(first, second) >= _SAME_TITLE


def of_another_document(question: str, chosen: Chosen) -> bool:
    """Whether a question asks of one year, and a sentence's document is of another and its passage is silent on it."""
    asked = set(_YEAR.findall(fold(question)))
    if len(asked) == 1 and (agreeing := agrees(next(iter(asked)), chosen)):
        return agreeing < 0
    dated = document_date(chosen.document)
    if len(asked) != 1 or dated is None or dated[:4] in asked:
        return False
    passage = chosen.document.text[chosen.passage.start : chosen.passage.end]
    said = fold("\n".join((chosen.document.title, *chosen.passage.heading, passage)))
    return not asked & set(_YEAR.findall(said))
