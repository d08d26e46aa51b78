"""A long text folded for finding: as `text.normal.literal` folds it, but without accents, marks and most white space.

A table of characters and numpy fold 20 million of them in half a second. Characters become others one by one, so that
a place in the folded text leads to one in the text; what becomes several (㎏, …) or none (a soft hyphen) is told apart.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.text.lines import CJK
from assistant.text.marks import marks
from assistant.text.normal import literal

_CODES = 0x110000
_WIDE = re.compile(f"[{CJK}]")
# Stands between characters that are folded together: nothing is folded to it.
_BETWEEN = "\ue000"
_WHITE = np.array([code for code in range(0x3001) if chr(code).isspace()], dtype=np.uint32)
_LINE_ENDS = np.array([ord(sign) for sign in "\n\r\v\f\x85\u2028\u2029"], dtype=np.uint32)
_Codes = NDArray[np.uint32]
_Offsets = NDArray[np.int32]
_UNKNOWN, _DROPPED, _SEVERAL = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A text as it is compared; `offsets[i]` is the place in the text from which `form[i]` came."""

    form: str  # a space is where white space parts two words of letters
    offsets: NDArray[np.int32]  # shape (len(form),), never falling
    paragraphs: NDArray[np.int32]  # the places in the form at which a paragraph begins after a blank line, rising


class _Table:
    """What each character becomes, found out when it first comes up. Thread-safe: each entry is always the same."""

    def __init__(self) -> None:
        self._codes: _Codes | None = None
        self._words: NDArray[np.uint8] | None = None  # 0: not known, 1: no, 2: a letter or digit that is not Chinese
        self._several: dict[int, str] = {}
        self._lock = threading.Lock()

    def fold(self, codes: _Codes) -> _Codes:
        if self._codes is None:
            self._codes = np.full(_CODES, _UNKNOWN, dtype=np.uint32)
        folded = self._codes[codes]
        unknown = folded == _UNKNOWN
        if unknown.any():
            with self._lock:
                self._learn(np.unique(codes[unknown]).tolist())
            folded = self._codes[codes]
        return folded

    def are_words(self, forms: _Codes) -> NDArray[np.bool_]:
        """Which characters are of words with spaces between them."""
        if self._words is None:
            self._words = np.zeros(_CODES, dtype=np.uint8)
        known = self._words[forms]
        if (known == 0).any():
            for code in np.unique(forms[known == 0]).tolist():
                self._words[code] = 2 if chr(code).isalnum() and not _WIDE.match(chr(code)) else 1
            known = self._words[forms]
        return np.equal(known, 2)

    def several(self, code: int) -> str:
        return self._several[code]

    def _learn(self, codes: list[int]) -> None:
        assert self._codes is not None
        plain = [code for code in codes if not (0xD800 <= code < 0xE000 or chr(code) == _BETWEEN)]
        forms = literal("".join(f"{chr(code)}{_BETWEEN}" for code in plain)).split(_BETWEEN)
        known = dict(zip(plain, forms[:-1], strict=True))
        for code in codes:
            form = "".join(filter(_counts, unicodedata.normalize("NFD", known.get(code, chr(code)))))
            if not ("\u3099" in form or "\u309a" in form):  # half-width kana have these apart
                form = unicodedata.normalize("NFC", form)
            if len(form) > 1:
                self._several[code] = form
            self._codes[code] = ord(form) if len(form) == 1 else _SEVERAL if form else _DROPPED


def _counts(character: str) -> bool:
    """Whether a character is compared: no white space, no accent apart from its letter, nothing without a shape."""
    accent = "\u0300" <= character < "\u0370"
    return not (character.isspace() or accent or unicodedata.category(character) in ("Cf", "Cc"))


_table = _Table()


def folded(text: str) -> Folded:
    """The folded form of a text; marks such as ##paidbegin## are left out."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    forms = _table.fold(codes)
    if "##" in text or "<!--" in text:
        for start, end in marks(text, 0, len(text)):
            forms[start:end] = _DROPPED
    counts = forms != _DROPPED
    kept, left_out = (np.flatnonzero(places).astype(np.int32) for places in (counts, ~counts))
    forms, kept = _unfolded(codes, forms[kept], kept)
    forms, kept, paragraphs = _spaced(codes, forms, kept, left_out)
    return Folded(forms.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"), kept, paragraphs)


def _unfolded(codes: _Codes, forms: _Codes, kept: _Offsets) -> tuple[_Codes, _Offsets]:
    """Characters that become several put in their place."""
    places = np.flatnonzero(forms == _SEVERAL)
    if not len(places):
        return forms, kept
    several = [_table.several(int(code)) for code in codes[kept[places]]]
    counts = np.ones(len(kept), dtype=np.int64)
    counts[places] = [len(form) for form in several]
    begins = (np.cumsum(counts) - counts)[places]
    forms, kept = np.repeat(forms, counts), np.repeat(kept, counts)
    for begin, form in zip(begins.tolist(), several, strict=True):
        forms[begin : begin + len(form)] = list(map(ord, form))
    return forms, kept


def _spaced(codes: _Codes, forms: _Codes, kept: _Offsets, left_out: _Offsets) -> tuple[_Codes, _Offsets, _Offsets]:
    """With spaces between words of letters, and where paragraphs begin."""
    gaps = np.flatnonzero(np.diff(kept) > 1)  # something is left out after each of these
    gaps = gaps[np.isin(codes[kept[gaps] + 1], _WHITE) | np.isin(codes[kept[gaps + 1] - 1], _WHITE)]
    between = gaps[_table.are_words(forms[gaps]) & _table.are_words(forms[gaps + 1])]
    ends = left_out[np.isin(codes[left_out], _LINE_ENDS)]
    ends = ends[(codes[ends] != ord("\r")) | (codes[np.minimum(ends + 1, len(codes) - 1)] != ord("\n"))]
    parted = gaps[np.searchsorted(ends, kept[gaps + 1]) - np.searchsorted(ends, kept[gaps]) > 1] + 1
    paragraphs = (parted + np.searchsorted(between, parted)).astype(np.int32)
    if len(between):
        forms, kept = np.insert(forms, between + 1, ord(" ")), np.insert(kept, between + 1, kept[between] + 1)
    return forms, kept, paragraphs
