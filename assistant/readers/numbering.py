"""Numbers of lists as Word and web pages count them, written as the reader of the page sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.text.chinese_numbers import DIGITS, as_spoken, in_full
from assistant.text.enumerations import starts_item

BULLET = "• "

_PLAIN = DIGITS + "十百千"
_FORMAL = str.maketrans(_PLAIN, "零壹贰叁肆伍陆柒捌玖拾佰仟")
_FORMAL_TRADITIONAL = str.maketrans(_PLAIN, "零壹貳參肆伍陸柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LARGEST = 9999  # greater numbers are written in digits
_LEVELS = 9  # of a list in Word
_PLACE = re.compile(r"%([1-9])")
# After these a number needs no space before its text.
_CLOSED = re.compile(r"[、。．，：）】〕》」]$|^[①-⒇]$")


def format_number(number: int, style: str) -> str:
    """A number in a style of Word's (ST_NumberFormat); unknown styles and numbers out of range in digits."""
    if style == "none":
        return ""
    if not 0 < number <= _LARGEST:
        return str(number)
    if style in ("upperRoman", "lowerRoman"):
        return _roman(number).upper() if style == "upperRoman" else _roman(number)
    if style in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("decimalZero", "decimalFullWidth", "ordinal"):
        return _decimal(number, style)
    if style.startswith(("chineseCounting", "taiwaneseCounting", "japaneseCounting", "koreanCounting")):
        return as_spoken(number)
    if style in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"):
        return "".join("〇" if digit == "0" else DIGITS[int(digit)] for digit in str(number))
    if style in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        traditional = style != "chineseLegalSimplified"
        return in_full(number).translate(_FORMAL_TRADITIONAL if traditional else _FORMAL)
    if style in ("ideographTraditional", "ideographZodiac"):
        signs = _STEMS if style == "ideographTraditional" else _BRANCHES
        return signs[(number - 1) % len(signs)]
    return _enclosed(number, style)


def _decimal(number: int, style: str) -> str:
    if style == "decimalZero":
        return f"{number:02}"
    if style == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _enclosed(number: int, style: str) -> str:
    if number <= 20 and style.startswith("decimalEnclosedCircle"):
        return chr(0x2460 + number - 1)
    if number <= 20 and style == "decimalEnclosedParen":
        return chr(0x2474 + number - 1)
    if number <= 20 and style == "decimalEnclosedFullstop":
        return f"{number}."
    if number <= 10 and style == "ideographEnclosedCircle":
        return f"（{DIGITS[number] if number < 10 else '十'}）"
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def numbered(number: str, text: str) -> str:
    """An item with its number or bullet before it, unless it was typed there already."""
    if not number or not text:
        return text
    if starts_item(text, 0, len(text)) and (number == BULLET or text.startswith(number)):
        return text
    return number + text if number == BULLET or _CLOSED.search(number) else f"{number} {text}"


@dataclass(frozen=True, slots=True)
class Level:
    """How Word numbers one level of a list."""

    start: int = 1
    style: str = "decimal"
    pattern: str = "%1."
    legal: bool = False  # all numbers in digits
    restart: int = -1  # restart after this level (from 1); 0 never, -1 after any higher one


@dataclass(slots=True)
class Lists:
    """The lists of a Word document, counting as its paragraphs come by."""

    levels: Mapping[str, Mapping[int, Level]]  # by the id of the abstract list
    lists: Mapping[str, tuple[str, Mapping[int, Level], Mapping[int, int]]]  # its abstract list, levels, new starts
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    def next(self, list_id: str, depth: int) -> str:
        """The number of the next paragraph at a depth (from 0) of a list; BULLET, or "" without one."""
        if list_id not in self.lists or not 0 <= depth < _LEVELS:
            return ""
        abstract, own, starts = self.lists[list_id]
        levels = {**self.levels.get(abstract, {}), **own}
        level = levels.get(depth, Level(pattern=f"%{depth + 1}."))
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if depth in starts and (list_id, depth) not in self._started:
            counts[depth] = starts[depth] - 1
        self._started.add((list_id, depth))
        count = counts[depth]
        counts[depth] = level.start if count is None else count + 1
        for deeper in range(depth + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else -1
            if restart < 0 or depth < restart:
                counts[deeper] = None
        return _written(level, levels, counts)

    @classmethod
    def none(cls) -> Lists:
        return cls({}, {})


def _written(level: Level, levels: Mapping[int, Level], counts: list[int | None]) -> str:
    if level.style == "bullet":
        return BULLET

    def place(match: re.Match[str]) -> str:
        index = int(match.group(1)) - 1
        shown = levels.get(index, Level())
        number = counts[index]
        if number is None:  # an item of a deeper level without one above it
            number = counts[index] = shown.start
        return format_number(number, "decimal" if level.legal else shown.style)

    return " ".join(_PLACE.sub(place, level.pattern).split())


def read_lists(numbering: Any, linked: Mapping[str, str], qn: Any) -> Lists:
    """The lists of a `w:numbering` element; `linked` gives the list id of a list style, `qn` the qualified name."""

    def value(parent: Any, tag: str, default: str = "") -> str:
        child = parent.find(qn(tag))
        return default if child is None else str(child.get(qn("w:val"), default))

    def level_of(element: Any) -> Level:
        return Level(
            start=_integer(value(element, "w:start", "1"), 1),
            style=_style(element, qn),
            pattern=value(element, "w:lvlText"),
            legal=element.find(qn("w:isLgl")) is not None,
            restart=_integer(value(element, "w:lvlRestart", "-1"), -1),
        )

    def levels_of(parent: Any) -> dict[int, Level]:
        return {_integer(item.get(qn("w:ilvl")), 0): level_of(item) for item in parent.findall(qn("w:lvl"))}

    abstract: dict[str, dict[int, Level]] = {}
    links: dict[str, str] = {}
    for element in numbering.findall(qn("w:abstractNum")):
        abstract_id = element.get(qn("w:abstractNumId"), "")
        abstract[abstract_id] = levels_of(element)
        links[abstract_id] = value(element, "w:numStyleLink")
    lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
    for element in numbering.findall(qn("w:num")):
        overrides = element.findall(qn("w:lvlOverride"))
        own: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for override in overrides:
            own.update(levels_of(override))
            if override.find(qn("w:startOverride")) is not None:
                starts[_integer(override.get(qn("w:ilvl")), 0)] = _integer(value(override, "w:startOverride"), 1)
        lists[element.get(qn("w:numId"), "")] = (value(element, "w:abstractNumId"), own, starts)
    for list_id, (abstract_id, own, starts) in list(lists.items()):
        target = lists.get(linked.get(links.get(abstract_id, ""), ""))
        if target is not None and not abstract.get(abstract_id):
            lists[list_id] = (target[0], own, starts)
    return Lists(abstract, lists)


def _style(level: Any, qn: Any) -> str:
    """The number format of a level; newer formats stand in an alternative with an older one beside it."""
    for element in level.iter(qn("w:numFmt")):
        style = str(element.get(qn("w:val"), "decimal"))
        if style != "custom":
            return style
    return "decimal"


def _integer(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default
