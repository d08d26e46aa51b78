"""What kind of answer a question asks for, and whether a sentence has one: by surface patterns, Chinese and English."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: how questions ask for it, and what a sentence that gives it has."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]
    is_sure: bool  # an answer of this kind cannot do without it; places and reasons are given in too many ways


def _kind(name: str, asked: str, given: str, *, is_sure: bool, ignore_case: bool = True) -> Kind:
    pattern = re.compile(given, re.IGNORECASE if ignore_case else 0)
    return Kind(name, re.compile(asked, re.IGNORECASE), pattern, is_sure)


KINDS = (
    _kind(
        "date",
        r"何时|什么时候|什么时间|哪一?[年月日天]|几[年月日号]|哪个世纪"
        r"|\bwhen (?:did|do|does|was|were|is|are|has|have|had|will|can)\b"
        r"|(?:what|which) (?:year|date|century|decade|day|month)",
        rf"[0-9０-９〇零一二三四五六七八九十]+(?:年|月|日|世纪|年代|时|点|号)|时[代期]|[春夏秋冬]|季"
        rf"|\b[12][0-9]{{3}}\b|\bcentur(?:y|ies)\b|\b(?:{_MONTHS})\b",
        is_sure=True,
    ),
    _kind(
        "number",
        r"多少|几[^乎年月日号]|多[大长高远久重深]|百分之|比例"
        r"|how (?:many|much|long|often|far|old|tall|large)|what (?:percentage|number|amount|share)",
        r"[0-9０-９〇零二三四五六七八九十百千万亿两]"
        r"|一(?:个|次|年|月|天|日|号|项|条|种|名|位|人|半|倍|成|座|所|章|节|届)"
        r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion|half|twice)\b",
        is_sure=True,
    ),
    _kind(
        "place",
        r"哪里|哪儿|何处|何地|什么地方|哪个?(?:国家?|城市|省|市|县|区|地区|地方|洲|州)"
        r"|\bwhere\b|(?:what|which) (?:country|city|state|region|place)",
        r"[省市县区镇乡村国州洲岛河山湖海港]|位于|\b(?:in|at|near|from|to) [A-Z]",
        is_sure=False,
        ignore_case=False,
    ),
    _kind(
        "reason",
        r"为什么|为何|为啥|原因|由来|怎么会|\bwhy\b",
        r"因|由于|所以|为了|使得?|导致|\b(?:because|due to|since|so that|in order|cause[ds]?|reason)\b",
        is_sure=False,
    ),
)


def agreement(question: str, sentence: str) -> float:
    """1 if a sentence has the kind of answer that is asked for, -1 if not, 0 if no known kind is asked for."""
    asked = [kind for kind in KINDS if kind.asked.search(question)]
    return 0.0 if not asked else 1.0 if any(kind.given.search(sentence) for kind in asked) else -1.0


def lacks(question: str, sentence: str) -> bool:
    """Whether a date or a number is asked for and a sentence has none."""
    asked = [kind for kind in KINDS if kind.is_sure and kind.asked.search(question)]
    return bool(asked) and not any(kind.given.search(sentence) for kind in asked)
