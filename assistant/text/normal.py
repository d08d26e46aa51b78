"""The normal forms that search compares: of characters, of line breaks, and of numbers.

`literal` folds compatibility forms, traditional script, letter case and white space; `fold` also writes numbers in one
way. They exist only in search copies: what is shown and quoted is never changed. `…_with_offsets` keep the way back.
Sources: Unicode NFKC (UAX #15); OpenCC's character table t2s, which keeps lengths.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from assistant.text.numerals import numerals

CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK = re.compile(f"[{CJK}]")

# A line break within Chinese text parts nothing; any other white space is one space.
_SPACE = re.compile(rf"(?P<wrapped>(?<=[{CJK},;:、。”’)》」』])[^\S\n]*\n[^\S\n]*(?=[{CJK}“‘(《「『]))|\s+")
_Replacement = tuple[int, int, str]


def has_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _CJK.search(text) is not None


@cache
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def literal(text: str) -> str:
    """NFKC, traditional characters as simplified ones, lower case, white space as single spaces or none."""
    folded = _characters(text)
    return _replaced(folded, _spaces(folded))


def fold(text: str) -> str:
    """The search form of a text: its literal form with numbers written one way."""
    folded = literal(text)
    return _replaced(folded, _numbers(folded))


def literal_with_offsets(text: str) -> tuple[str, list[int]]:
    """The literal form, and for each of its characters the offset in `text` it came from, then len(text)."""
    folded = _characters(text)
    if len(folded) == len(text) and not text.isascii() and _one_by_one(text):
        offsets = list(range(len(text) + 1))
    else:
        folded, offsets = _character_offsets(text)
    return _replaced_with_offsets(folded, offsets, _spaces(folded))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The search form, with offsets as in `literal_with_offsets`; those of a number all lead to where it begins."""
    folded, offsets = literal_with_offsets(text)
    return _replaced_with_offsets(folded, offsets, _numbers(folded))


def _characters(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text).lower()
    if normal.isascii():
        return normal
    try:
        return str(_simplifier().convert(normal))
    except UnicodeEncodeError:  # half of a surrogate pair: no character, and what converts takes only UTF-8
        return str(_simplifier().convert(normal.encode("utf-8", "replace").decode("utf-8")))


_character = lru_cache(maxsize=20_000)(_characters)


def _one_by_one(text: str) -> bool:
    """Whether each character alone becomes one character."""
    return all(len(_character(character)) == 1 and not unicodedata.combining(character) for character in text)


def _character_offsets(text: str) -> tuple[str, list[int]]:
    folded: list[str] = []
    offsets: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1  # a base character and its combining marks are normalised together
        piece = _character(text[start:end])
        folded.append(piece)
        offsets.extend([start] * len(piece))
        start = end
    return "".join(folded), [*offsets, len(text)]


def _spaces(folded: str) -> Iterator[_Replacement]:
    for match in _SPACE.finditer(folded):
        if match[0] != " ":
            yield match.start(), match.end(), "" if match["wrapped"] is not None else " "


def _numbers(folded: str) -> Iterator[_Replacement]:
    for numeral in numerals(folded):
        if folded[numeral.start : numeral.end] != numeral.form:
            yield numeral.start, numeral.end, numeral.form


def _replaced(text: str, replacements: Iterable[_Replacement]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, form in replacements:
        pieces += [text[position:start], form]
        position = end
    return "".join([*pieces, text[position:]]) if pieces else text


def _replaced_with_offsets(
    text: str, offsets: list[int], replacements: Iterable[_Replacement]
) -> tuple[str, list[int]]:
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for start, end, form in replacements:
        pieces += [text[position:start], form]
        kept += offsets[position:start] + [offsets[start]] * len(form)
        position = end
    return "".join([*pieces, text[position:]]), kept + offsets[position:]
