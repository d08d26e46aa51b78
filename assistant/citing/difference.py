"""How one text became another, in pieces that read well.

Chinese is compared by characters, Latin words and numbers as wholes (三十日 → 六十日, 2021 → 2022), and what is the
same by chance between two changes goes with them: a reader sees one change, not confetti.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added"]
Piece = tuple[str, Kind]

# Longer texts are compared by clauses, and of many clauses only what is before and after all changes is kept: the time
# of a comparison grows with the square of the length. (Characters, clauses.)
_LONGEST = 1_500
_MOST_CLAUSES = 1_500

_TOKEN = re.compile(
    r"[0-9０-９]+(?:[.,:：．][0-9０-９]+)*[%％‰]?"  # 1,000.5 and 8:30
    r"|[〇零○一二三四五六七八九十百千万亿两]{2,}"  # 三十, which is a number as 30 is one
    r"|[^\W\d_\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*"
    r"|\s+|.",
    re.DOTALL,
)
_CLAUSE = re.compile(r"[^，。；！？,;.!?\n]*[，。；！？,;.!?\n]+\s*|[^，。；！？,;.!?\n]+")
_WORD = re.compile(r"\w")


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in order.

    “same” and “removed” together are `before`, “same” and “added” together are `after`; no two neighbours are of one
    kind, and what was removed stands before what took its place.
    """
    pattern = _TOKEN if max(len(before), len(after)) <= _LONGEST else _CLAUSE
    old, new = pattern.findall(before), pattern.findall(after)
    edits = _edits(old, new) if max(len(old), len(new)) <= _MOST_CLAUSES else _middle(old, new)
    return _as_pieces(_without_chance(edits))


_Edit = tuple[list[str], list[str], list[str]]  # what is the same, then what is removed after it and added there


def _edits(before: list[str], after: list[str]) -> list[_Edit]:
    edits: list[_Edit] = []
    same: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            same = before[a:b]
        else:
            edits.append((same, before[a:b], after[c:d]))
            same = []
    return [*edits, (same, [], [])]


def _middle(before: list[str], after: list[str]) -> list[_Edit]:
    """All that lies between the beginnings and the ends that are the same, as one change."""
    shorter = min(len(before), len(after))
    first = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    last = next((place for place in range(shorter - first) if before[-1 - place] != after[-1 - place]), shorter - first)
    ends = len(before) - last, len(after) - last
    return [(before[:first], before[first : ends[0]], after[first : ends[1]]), (before[ends[0] :], [], [])]


def _without_chance(edits: list[_Edit]) -> list[_Edit]:
    """What is the same, but shorter than the changes on both of its sides, becomes a part of them."""
    kept: list[_Edit] = []
    for edit in edits:
        same, removed, added = edit
        while kept and (removed or added) and _words(same) < min(_size(kept[-1]), _size((same, removed, added))):
            before = kept.pop()
            same, removed, added = before[0], before[1] + same + removed, before[2] + same + added
        kept.append((same, removed, added))
    return kept


def _size(edit: _Edit) -> int:
    return max(_words(edit[1]), _words(edit[2]))


def _words(tokens: list[str]) -> int:
    """Characters of Chinese, words and numbers."""
    return sum(_WORD.match(token) is not None for token in tokens)


def _as_pieces(edits: list[_Edit]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for same, removed, added in edits:
        changes: list[Piece] = [("".join(same), "same"), ("".join(removed), "removed"), ("".join(added), "added")]
        pieces += [piece for piece in changes if piece[0]]
    return tuple(pieces)
