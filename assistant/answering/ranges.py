"""Numbers that a range holds: 12年 is meant by 满10年不满20年, and 5天 by 3天以上7天以内."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assistant.text.tokens import Term

_AMOUNT = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)(?P<unit>个工作日|工作日|个月|周岁|岁|年|天|日|小时|周|元|人|次|公里|平方米|米|吨|亩|分)"
)
_N = r"(\d+(?:\.\d+)?)"
_WITH = r"(?:\((?:不?含)[^()]{0,8}\))?"
_UNDER = "不满|不足|未满|低于|少于|不到|小于"


def meant(terms: Iterable[Term], folded: str) -> frozenset[Term]:
    """The terms, numbers with what they count, that a folded text does not name but holds in a range."""
    found = []
    for term in terms:
        amount = _AMOUNT.fullmatch(term.folded)
        if amount is None or (amount["unit"] in "年" and len(amount["number"]) > 3):
            continue
        number = float(amount["number"])
        if any(low <= number < high for low, high in _ranges(folded, amount["unit"])):
            found.append(term)
    return frozenset(found)


def _ranges(folded: str, unit: str) -> Iterator[tuple[float, float]]:
    """Half-open: what includes its end has a little more."""
    rest = folded
    for pattern, ends_within in _two_sided(unit):
        for match in pattern.finditer(rest):
            yield float(match[1]), float(match[2]) + (1e-6 if ends_within else 0.0)
        rest = pattern.sub("。", rest)
    under, within, over = _one_sided(unit)
    yield from ((0.0, float(match[1])) for match in under.finditer(rest))
    yield from ((0.0, float(match[1]) + 1e-6) for match in within.finditer(rest))
    yield from ((float(match[1] or match[2]), float("inf")) for match in over.finditer(rest))


@lru_cache(maxsize=64)
def _two_sided(unit: str) -> tuple[tuple[re.Pattern[str], bool], ...]:
    u = rf"\s?{unit}{_WITH}"
    return (
        (re.compile(rf"{_N}{u}(?:及?以上)?,?(?:但|且|并|、)?(?:{_UNDER}){_N}{u}"), False),
        (re.compile(rf"{_N}{u}(?:及?以上|以外)?,?(?:但|且|并|、)?(?:不超过)?{_N}{u}(?:以下|以内|内|的)?"), True),
        (re.compile(rf"{_N}(?:{u})?(?:以上)?\s?(?:至|到|[-—–~]+)\s?{_N}{u}"), True),
    )


@lru_cache(maxsize=64)
def _one_sided(unit: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    u = rf"\s?{unit}{_WITH}"
    return (
        re.compile(rf"(?:{_UNDER}){_N}{u}"),
        re.compile(rf"{_N}{u}(?:及?以下|以内)"),
        re.compile(rf"(?<!不)(?:满|超过){_N}{u}|{_N}{u}及?以上"),
    )
