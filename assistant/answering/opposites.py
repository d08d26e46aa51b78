"""Words that mean the opposite of each other, and negation: a question may turn round what a text says."""

from __future__ import annotations

import re

_NEGATION = re.compile(r"\b(?:not|no|never|none|neither|nor|without|cannot)\b|n['’]t\b|不|没|未|无|非|禁止|勿", re.I)
_ENGLISH = """
increase decrease, more less, more fewer, before after, first last, largest smallest, most least, highest lowest,
north south, east west, northern southern, eastern western, begin end, start end, win lose, won lost, early late,
older younger, above below, high low, higher lower, public private, rich poor, strong weak, major minor,
support oppose, allow prohibit, inside outside, same different, male female, positive negative, internal external,
greater less, longer shorter, upper lower, import export, buy sell, cause prevent, maximum minimum
"""
_CHINESE = """
增加 减少, 提高 降低, 上升 下降, 增长 下降, 最高 最低, 最大 最小, 最多 最少, 以上 以下, 之前 之后, 第一 最后, 首次 末次,
允许 禁止, 可以 不得, 支持 反对, 开始 结束, 进口 出口, 原告 被告, 买方 卖方, 出租 承租, 上级 下级, 室内 室外, 公办 民办,
南部 北部, 东部 西部, 上游 下游, 男性 女性, 有偿 无偿, 故意 过失, 主要 次要, 赞成 反对, 扩大 缩小, 加强 减弱, 批准 驳回
"""


def _pairs(listed: str) -> tuple[tuple[str, str], ...]:
    rows = [row.split() for row in listed.replace("\n", " ").split(",")]
    return tuple((one, other) for pair in rows for one, other in (pair, pair[::-1]))


_OPPOSITES = (*_pairs(_ENGLISH), *_pairs(_CHINESE))


def turned_round(question: str, sentence: str) -> bool:
    """Whether a folded sentence has the opposite of a word of a folded question, and not the word itself."""
    return any(_has(question, one) and _has(sentence, other) and not _has(sentence, one) for one, other in _OPPOSITES)


def is_negated(text: str) -> bool:
    return _NEGATION.search(text) is not None


def negated_otherwise(question: str, sentence: str) -> bool:
    """Whether only one of a question and a sentence has a negation."""
    return is_negated(question) != is_negated(sentence)


def _has(text: str, word: str) -> bool:
    """English words as beginnings of words: increased, increases."""
    at = text.find(word)
    while at >= 0:
        if not word.isascii() or at == 0 or not text[at - 1].isalnum():
            return True
        at = text.find(word, at + 1)
    return False
