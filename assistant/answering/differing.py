"""Documents that give different values for the same thing: only where it is the same thing beyond doubt.

Two sentences speak of the same where the words around the two values are the same ones but for what either's document
says of itself (its title, the headings above) and words of change (调整为, 现). Whatever else tells them apart (another
place, another year, 一般 and 重大) makes them two things: a difference that is missed is better than one made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from assistant.answering.citations import Chosen
from assistant.answering.kinds import Asking, KindName, asking
from assistant.answering.marking.marked import answers
from assistant.answering.ranking import Ranked
from assistant.text.dates import dates
from assistant.text.document_dates import document_date
from assistant.text.likeness import likeness
from assistant.text.normal import fold, literal
from assistant.text.tokens import Term, Tokens

_COMPARED = frozenset[KindName](("date", "number", "person"))
_LOOKED_AT = 16  # of the ranked sentences
_MOST = 4  # sentences that differ
_SHARED = 0.5  # of the words around the value, at least
_SUBJECT = 2  # characters of a title that tell its document from others
_ALIKE = 0.3  # of the two sentences' bigrams, at least

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d{2}(?!\d)")
_RELATIVE = re.compile(
    "全年|本年|今年|去年|上年|同比|当年|年度|上半年|下半年|季度|本月|上月|截至|目前为止|this year|last year|quarter"
)
# 自2025年2月1日起: when a value began to hold, which is no part of what it is the value of.
_SINCE = re.compile(
    r"自?(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:起|开始)|\b(?:since|from|as of|effective) [^,]{4,20}"
)
_BOUND = re.compile(
    r"不?(?:超过|少于|低于|高于|多于|足|满)|至少|至多|最多|最少|最高|最低|以上|以下|以内|大约|约|近|左右"
    r"|\b(?:at least|at most|up to|more than|less than|about|over|under|minimum|maximum)\b"
)
_CHANGES = """
调整 改为 变更 修改 修订 现 现在 现行 目前 为 是 有 的 于 由 共 一共 总共 原 原来 旧 新 将 已 应 应当 须 需 可 可以 规定
实行 执行 确定 设 设有 等 每 其 该 本 了 在 和 与 及 则 都 即 共计 分别 起 自 至 达 达到 提高 降低 提高到
the a an is are was were be of to in at on by for it now has have had its this that and with as been
will shall must may can
"""
_CHANGE = frozenset(_CHANGES.split())
_KINDS = """
办法 指南 规定 规则 通知 报告 手册 细则 简章 章程 公告 方案 制度 意见 条例 管理 服务 关于 说明 须知 介绍 基础 常识 工作
公示 通告 决定 要点 rules guide policy notice report handbook manual facts information
"""
_KINDS_OF_TEXT = frozenset(_KINDS.split())
_LABEL = re.compile(r"^\s*第\d+条|^\s*[(（]?\d{1,2}[)）.、]")
_CLAUSE_END = re.compile("[，,。；;！!？?]")


@dataclass(frozen=True, slots=True)
class Differing:
    """A sentence, the value that it gives, and the date of its document."""

    chosen: Chosen
    text: str
    date: str | None


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one sentence says of what is asked: the value, and the words around it; folded but for `text`."""

    chosen: Chosen
    text: str  # of the value, as it is written
    value: str  # in one way of writing
    words: frozenset[str]  # of the sentence up to the value and of the value's clause
    clause: str  # in which these words stand
    context: str  # the sentence, the headings above it and its document's title
    subject: str  # what the title says that the document is about
    years: frozenset[str]  # that the sentence names
    bound: frozenset[str]  # 至少, 以上


def differing(question: str, terms: Sequence[Term], tokens: Tokens, ranked: Sequence[Ranked]) -> list[Differing]:
    """The sentences that give different values, that of the newest document first; empty where none does.

    The best sentence is one of them, and must have the value that is asked for marked in its `answers`.
    """
    best = ranked[0].candidate.chosen
    read = asking(question)
    kinds = {one.kind for one in read.asked}
    if len(kinds) != 1 or kinds - _COMPARED or read.several or not best.answers:
        return []
    if _YEAR.search(fold(read.text)):
        return []  # it asks for the value of one year
    claim = _claim(best, tokens)
    found: list[_Claim] = []
    for item in ranked[1:_LOOKED_AT]:
        other = item.candidate.chosen
        if any(other.document.id == one.chosen.document.id for one in (claim, *found)):
            continue
        if likeness(ranked[0].candidate.text, item.candidate.text) < _ALIKE:
            continue
        spans = answers(question, terms, tokens, other.document.text, other.start, other.end)
        if len(spans) != 1:
            continue
        second = _claim(Chosen(other.document, other.passage, other.start, other.end, spans), tokens)
        if _differs(read, claim, second) and _same_thing(read, terms, claim, second):
            found.append(second)
    if not found:
        return []
    dated = [
        Differing(one.chosen, one.text, document_date(one.chosen.document)) for one in (claim, *found[: _MOST - 1])
    ]
    return sorted(dated, key=lambda one: one.date or "", reverse=True)


def _claim(chosen: Chosen, tokens: Tokens) -> _Claim:
    text = chosen.document.text
    (left, right), *_ = chosen.answers
    end = _CLAUSE_END.search(text, right, chosen.end)
    before, after = (
        _SINCE.sub(" ", fold(text[start:end]))
        for start, end in ((chosen.start, left), (right, end.start() if end else chosen.end))
    )
    clause = f"{before} {after}"
    sentence = _SINCE.sub(" ", fold(text[chosen.start : left] + " " + text[right : chosen.end]))
    title = fold(chosen.document.title)
    return _Claim(
        chosen,
        text[left:right],
        _value(text[left:right]),
        frozenset(_in_order(_LABEL.sub("", clause), tokens)),
        clause,
        "\n".join((sentence, title, *map(fold, chosen.passage.heading))),
        subject(title, tokens),
        frozenset(_YEAR.findall(sentence)),
        frozenset(_BOUND.findall(before[-6:] + text[left:right] + after[:4])),
    )


def subject(title: str, tokens: Tokens) -> str:
    """The first word of a title that says what its document is about (a single 甲 with the next one); or none."""
    about = ""
    for word in _in_order(title, tokens):
        if word not in _KINDS_OF_TEXT:
            about += word
        elif about:
            break
        if len(about) >= _SUBJECT:
            break
    return about if len(about) > 1 else ""


def _in_order(folded: str, tokens: Tokens) -> Iterator[str]:
    """The words of a folded text that say something: no numbers, no dates and no words of change."""
    without = folded
    for left, right in reversed(list(dates(folded))):
        without = without[:left] + " " + without[right:]
    for word in tokens.tagged(without):
        said = without[word.start : word.end]
        if said not in _CHANGE and said.isalpha():
            yield said


def _value(text: str) -> str:
    """In one way of writing: 三十日 and 30日, 1万元 and 10000元, 5,000 and 5000 are the same."""
    folded = re.sub(r"\s+", "", fold(text)).strip("，。,.;；:：“”\"'（）()《》")
    return re.sub(r"(?<=\d),(?=\d{3})", "", folded)


def _differs(read: Asking, one: _Claim, other: _Claim) -> bool:
    """Whether two values exclude each other; one that is part of the other does not."""
    first, second = one.value, other.value
    if not first or not second or first in second or second in first:
        return False
    if one.bound != other.bound:
        return False
    if read.asked[0].kind == "number":
        (a, unit), (b, other_unit) = _amount(first), _amount(second)
        if unit != other_unit:
            return False  # 2周 and 14天 may be the same
        return a != b
    if read.asked[0].kind == "date":
        return _exactness(first) == _exactness(second)
    return not set(re.split("[、和与及,]|and", first)) & set(re.split("[、和与及,]|and", second))


def _amount(value: str) -> tuple[object, str]:
    """A number and its unit; of a range the text of both numbers."""
    parts = re.findall(r"\d+(?:\.\d+)?", value)
    unit = re.sub(r"[\d.]+|以上|以下|以内|左右|内", "", value)
    try:
        return tuple(Decimal(part) for part in parts), unit
    except InvalidOperation:
        return value, unit


def _exactness(value: str) -> tuple[str, ...]:
    """How exactly a date says when: 2021年 and 2021年3月1日 are not compared."""
    return tuple(re.findall("[年月日号时点:]|周|星期", value)) or ("year",)


def _same_thing(read: Asking, terms: Sequence[Term], one: _Claim, other: _Claim) -> bool:
    if one.years != other.years:
        return False
    own_date, other_date = (document_date(claim.chosen.document) for claim in (one, other))
    if own_date != other_date and any(_RELATIVE.search(_sentence(claim)) for claim in (one, other)):
        return False  # the figure of a year, which another document gives of another year
    if not (_speaks_of(one.chosen, other.subject) and _speaks_of(other.chosen, one.subject)):
        return False
    asked = [term.folded for term in terms]
    if any(_says(one.context, word) and not _says(other.context, word) for word in asked):
        return False
    small, large = sorted((one, other), key=lambda claim: len(claim.words))
    shared = sum(_says(large.clause, word) for word in small.words)
    return bool(shared) and shared >= _SHARED * len(small.words) and _covers(one, other) and _covers(other, one)


def _speaks_of(chosen: Chosen, subject: str) -> bool:
    """Whether a document names what another one's title says that it is about."""
    return subject in fold(chosen.document.title) or subject in literal(chosen.document.text)


def _covers(one: _Claim, other: _Claim) -> bool:
    """Whether all words around a value are said by the other one's sentence, its headings or its title, too."""
    return all(_says(other.context, word) for word in one.words)


def _says(text: str, word: str) -> bool:
    """Whether a text holds a word, however it is cut; an English word must begin where one does."""
    return re.search(rf"\b{re.escape(word)}", text) is not None if word.isascii() else word in text


def _sentence(claim: _Claim) -> str:
    return fold(claim.chosen.document.text[claim.chosen.start : claim.chosen.end])
