"""The other ways to write the numbers of a query: 第12条 is also 第十二条, 30% is also 百分之三十.

`text.numerals` brings the writings of a number into one form. Going through all numbers of a long text takes seconds;
looking for the few ways to write one number takes none. Each of them is checked with that form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

from assistant.text.chinese_numbers import DIGITS, SCALES, in_full
from assistant.text.normal import fold, literal
from assistant.text.numerals import Numeral, numerals

_LONGEST = 200  # characters; a longer query is a quotation, which is looked for as it is
_MOST = 200  # writings of a query

_SHARES = {"%": "百分之", "‰": "千分之", "‱": "万分之"}
_SHARE = re.compile(r"(?<![\d.,/])\d{1,15}(?:(?:\.\d{1,15})?[%‰‱]|/\d{1,15}(?![\d.,/]))")


def writings(query: str) -> tuple[str, ...]:
    """Other ways to write a query with numbers in it; empty for one without, or with none that counts something."""
    text = whole(query.strip())
    if len(text) > _LONGEST:
        return ()
    plain, wanted = literal(text), fold(text)
    parts: list[list[str]] = []
    position = 0
    for numeral in sorted((*numerals(plain), *_shares(plain)), key=lambda numeral: numeral.start):
        if numeral.start >= position:
            parts += [[plain[position : numeral.start]], _writings(numeral)]
            position = numeral.end
    if not parts:
        return ()
    parts.append([plain[position:]])
    made = dict.fromkeys("".join(choice) for choice in islice(product(*parts), 10 * _MOST))
    same = (form for form in made if form != plain and fold(form) == wanted)
    return tuple(islice(same, _MOST))


def whole(text: str) -> str:
    """The text with “?” for each half of a surrogate pair, of which there are none in documents."""
    return text.encode("utf-8", "replace").decode()


def _shares(plain: str) -> Iterator[Numeral]:
    """30% and 1/3, which are in the common form already."""
    for match in _SHARE.finditer(plain):
        yield Numeral(match.start(), match.end(), match.group())


def _writings(numeral: Numeral) -> list[str]:
    number = numeral.number
    if number[-1:] in _SHARES:
        made = [number, *(f"{_SHARES[number[-1]]}{value}" for value in _values(number[:-1]))]
    elif "/" in number:
        above, _, below = number.partition("/")
        made = [number, *(f"{b}分之{a}" for b in _chinese(below) for a in _chinese(above))]
    else:
        made = _values(number)
        if numeral.unit in ("年", "号") or len(number) == 4:
            spelt = "".join(DIGITS[int(digit)] for digit in number if digit.isdigit())
            made += [spelt, spelt.replace("零", "〇"), spelt.replace("零", "○")]
    return [f"{numeral.prefix}{one}{numeral.unit}" for one in dict.fromkeys(made)]


def _values(number: str) -> list[str]:
    """12345678 as it is, with commas, in 万 and 亿, and in Chinese."""
    whole, _, decimals = number.partition(".")
    if not (whole.isdecimal() and (decimals.isdecimal() or not decimals)) or len(whole) > 16:
        return [number]
    made = [number, *([f"{int(whole):,}" + (f".{decimals}" if decimals else "")] if len(whole) > 3 else [])]
    if decimals:
        return made + [f"{one}点{''.join(DIGITS[int(digit)] for digit in decimals)}" for one in _chinese(whole)]
    value = int(whole)
    for sign, scale in SCALES.items():
        if value >= scale:
            scaled = f"{value // scale}" + (
                f".{value % scale:0{len(str(scale)) - 1}d}".rstrip("0") if value % scale else ""
            )
            made += [scaled + sign, *(one + sign for one in _values(scaled) if not one[0].isascii())]
    return made + _chinese(whole)


def _chinese(number: str) -> list[str]:
    """The ways to write a whole number with 十, 百, 千, 万, 亿: 二百零五, 两百零五."""
    if not number.isdecimal() or len(number) > 16:
        return []
    value = int(number)
    plain = in_full(value)
    made = [plain]
    if plain.startswith("一十"):
        made.append(plain[1:])
    made += [one.replace("零", sign) for one in made for sign in ("〇",) if "零" in one]
    for one in tuple(made):
        if one[0] == "二" and one[1:2] != "十":
            made.append("两" + one[1:])
    return made
