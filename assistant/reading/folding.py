"""A long text folded for finding: as `text.normal.literal` folds it, but without white space, accents and marks.

A table of characters and numpy fold 20 million of them in half a second. Characters become others one by one, so that
a place in the folded text leads to one in the text; what becomes several (㎏, …) or none (a soft hyphen) is told apart.
"""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.text.marks import marks
from assistant.text.normal import literal

_CODES = 0x110000
# Stands between characters that are folded together: nothing is folded to it.
_BETWEEN = "\ue000"
_UNKNOWN, _DROPPED, _SEVERAL = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A text as it is compared; `offsets[i]` is the place in the text from which `form[i]` came."""

    form: str
    offsets: NDArray[np.int32]  # shape (len(form),), never falling


class _Table:
    """What each character becomes, found out when it first comes up. Thread-safe: each entry is always the same."""

    def __init__(self) -> None:
        self._codes: NDArray[np.uint32] | None = None
        self._several: dict[int, str] = {}
        self._lock = threading.Lock()

    def fold(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        if self._codes is None:
            self._codes = np.full(_CODES, _UNKNOWN, dtype=np.uint32)
        folded = self._codes[codes]
        unknown = folded == _UNKNOWN
        if unknown.any():
            with self._lock:
                self._learn(np.unique(codes[unknown]).tolist())
            folded = self._codes[codes]
        return folded

    def several(self, code: int) -> str:
        return self._several[code]

    def _learn(self, codes: list[int]) -> None:
        assert self._codes is not None
        plain = [code for code in codes if not (0xD800 <= code < 0xE000 or chr(code) == _BETWEEN)]
        forms = literal("".join(f"{chr(code)}{_BETWEEN}" for code in plain)).split(_BETWEEN)
        known = dict(zip(plain, forms[:-1], strict=True))
        for code in codes:
            form = "".join(filter(_counts, unicodedata.normalize("NFD", known.get(code, chr(code)))))
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
    kept = np.flatnonzero(forms != _DROPPED).astype(np.int32)
    forms = forms[kept]
    places = np.flatnonzero(forms == _SEVERAL)
    if len(places):
        several = [_table.several(int(code)) for code in codes[kept[places]]]
        counts = np.ones(len(kept), dtype=np.int64)
        counts[places] = [len(form) for form in several]
        begins = (np.cumsum(counts) - counts)[places]
        kept, forms = np.repeat(kept, counts), np.repeat(forms, counts)
        for begin, form in zip(begins.tolist(), several, strict=True):
            forms[begin : begin + len(form)] = list(map(ord, form))
    return Folded(forms.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"), kept)
