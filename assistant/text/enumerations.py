"""Enumerations: 一是…二是…, 第一，…第二，…, （一）…, 1. …, ① …, bullets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_CHINESE = "[一二三四五六七八九十]{1,3}"

# At the beginning of a line anything that counts or marks is an item.
_LINE_ITEM = re.compile(
    rf"""(?:
      {_CHINESE}[、．]|{_CHINESE}(?:是|要|则)(?!否)
    | [（(]\s*(?:{_CHINESE}|\d{{1,3}}|[a-zA-Z]|[ivx]{{1,4}})\s*[）)]
    | \d{{1,3}}(?:[、）)]|[.．](?!\d))
    | [①-⒇❶-❿㈠-㈩]
    | [•●○■□◆◇▪·※＊*+-][\s\u3000]+ | [•●■◆▪※] | —— | [a-zA-Z][.)]\s
    | 第{_CHINESE}[，、,：:] | 其{_CHINESE}[，、,是] | (?:首先|其次|再次|最后)[，,]
    | 第[一二三四五六七八九十百千零〇\d]{{1,6}}[编編章节節条條]
    | \|
    )""",
    re.VERBOSE,
)

# Within a paragraph an item follows the end of a sentence or clause.
_INNER_ITEM = re.compile(
    rf"""(?:(?<=[。！？；：，!?;:,”）)\s])|\A)(?P<item>
      {_CHINESE}(?:是|要)(?!否)
    | 第{_CHINESE}[，、,] | 其{_CHINESE}[，、,是] | (?:首先|其次|再次|最后|一方面|另一方面)(?=[，,]?)
    | [（(](?:{_CHINESE}|\d{{1,2}})[）)]
    | [①-⒇❶-❿㈠-㈩]
    )""",
    re.VERBOSE,
)


# Digits within a paragraph count only for a list that is told as one: anywhere else they may be an amount.
_INNER_NUMBER = re.compile(r"(?:(?<=[。；：;:])|(?<=[。；：;:] ))\d{1,2}(?:[、)）]|[.．](?!\d))")

# The styles of marks, each with its number; a bullet has none. 第三条 and the rows of a table begin no item of a list.
_NUMERAL = {sign: value for value, sign in enumerate("一二三四五六七八九", start=1)}
_LAST, _UNREADABLE = -1, -2
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "最后": _LAST, "一方面": 1, "另一方面": 2}
_STYLES = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("是", rf"(?P<number>{_CHINESE})(?:是|要|则)(?!否)"),
        ("、", rf"(?P<number>{_CHINESE})[、．]"),
        ("第", rf"第(?P<number>{_CHINESE})[，、,：:]"),
        ("其", rf"其(?P<number>{_CHINESE})[，、,是]"),
        ("（一）", rf"[（(]\s*(?P<number>{_CHINESE})\s*[）)]"),
        ("（1）", r"[（(]\s*(?P<number>\d{1,3})\s*[）)]"),
        ("（a）", r"[（(]\s*(?P<number>[a-zA-Z])\s*[）)]"),
        ("1.", r"(?P<number>\d{1,3})[.．](?!\d)"),
        ("1、", r"(?P<number>\d{1,3})[、）)]"),
        ("①", "(?P<number>[①-⒇❶-❿㈠-㈩])"),
        ("a.", r"(?P<number>[a-zA-Z])[.)]\s"),
        ("首先", "(?P<number>首先|其次|再次|最后|一方面|另一方面)[，,]?"),
        ("•", r"[•●○■□◆◇▪·※＊*+-][\s\u3000]+|[•●■◆▪※]|——"),
    )
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The number or bullet of an item, and where it stands."""

    start: int
    end: int
    style: str
    number: int | None  # None: a bullet; -1: the last, whatever its number (最后); -2: of no list (一二、)

    def follows(self, other: Mark) -> bool:
        """Whether its item is the next one of the same list."""
        if self.style != other.style:
            return False
        if self.number is None or other.number is None:
            return self.number == other.number
        return other.number >= 0 and self.number in (other.number + 1, _LAST)

    @property
    def begins(self) -> bool:
        """Whether its item may be the first of a list."""
        return self.number in (0, 1, None)


def item_marks(text: str, start: int, end: int) -> tuple[Mark, ...]:
    """The marks of all items within text[start:end], in order."""
    places = {*item_starts(text, start, end), *(match.start() for match in _INNER_NUMBER.finditer(text, start, end))}
    marks = (_mark(text, place, end) for place in sorted(places))
    return tuple(mark for mark in marks if mark is not None)


def _mark(text: str, place: int, end: int) -> Mark | None:
    for style, pattern in _STYLES:
        match = pattern.match(text, place, end)
        if match:
            return Mark(place, match.end(), style, _number(match["number"]) if pattern.groups else None)
    return None


def _number(written: str) -> int:
    if written in _ORDER:
        return _ORDER[written]
    if written.isdecimal():
        return int(written)
    if written.isascii():
        return ord(written.lower()) - ord("a") + 1
    if len(written) == 1 and not written.isalpha():
        return int(unicodedata.numeric(written)) if unicodedata.numeric(written, 0) else _UNREADABLE
    tens, _, units = written.rpartition("十")
    if "十" not in written:
        return _NUMERAL[written] if len(written) == 1 else _UNREADABLE
    return (_NUMERAL.get(tens, 1) * 10 + _NUMERAL.get(units, 0)) if len(tens) <= 1 else _UNREADABLE


def starts_item(text: str, start: int, end: int) -> bool:
    """Whether the line text[start:end] begins with the number or bullet of an item."""
    return _LINE_ITEM.match(text, start, end) is not None


def item_starts(text: str, start: int, end: int) -> tuple[int, ...]:
    """Where the items within text[start:end] begin, in order: at line starts and after sentences and clauses."""
    piece = text[start:end]
    found = {start + match.start("item") for match in _INNER_ITEM.finditer(piece)}
    position = 0
    for line in piece.splitlines(keepends=True):
        left = position + len(line) - len(line.lstrip())
        if starts_item(piece, left, position + len(line)):
            found.add(start + left)
        position += len(line)
    return tuple(sorted(found))
