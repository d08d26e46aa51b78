"""Cutting a text that is too long for a passage: at sentence ends, best before an item, in pieces of like size."""

from __future__ import annotations

from typing import NamedTuple

from assistant.text.enumerations import item_starts
from assistant.text.marks import Span
from assistant.text.measure import measure
from assistant.text.sentences import sentences_of_masked

# Costs of a cut: what it separates. The cost of a piece is 1 plus how much it falls short of half the limit.
_BEFORE_ITEM = 0.1
_AFTER_SENTENCE = 0.6
_AFTER_CLAUSE = 0.9  # after a semicolon
_SHORT_PIECE = 6.0
# A sentence shorter than such a part of the limit is not worth cutting after: 100,000 tiny lines take no minute.
_GRAINS = 40


class _Atom(NamedTuple):
    start: int
    end: int
    cost: float  # of a cut before it


def pieces(masked: str, spans: list[Span], limit: int) -> list[Span]:
    """Cut consecutive blocks into pieces up to `limit` (see `measure`); only a longer sentence is longer."""
    if measure(masked, spans[0][0], spans[-1][1]) <= limit:
        return [(spans[0][0], spans[-1][1])]
    atoms: list[_Atom] = []
    lengths: list[int] = []
    for atom in (atom for span in spans for atom in _atoms(masked, span, limit)):
        length = measure(masked, atom.start, atom.end)
        if atoms and lengths[-1] * _GRAINS < limit:
            atoms[-1] = _Atom(atoms[-1].start, atom.end, atoms[-1].cost)
            lengths[-1] += length
        else:
            atoms.append(atom)
            lengths.append(length)
    # best[i]: the cheapest way to cut the first i atoms, and where its last piece begins.
    best: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(atoms) + 1):
        choices = []
        length = 0
        for first in range(stop - 1, -1, -1):
            length += lengths[first]
            if length > limit and first < stop - 1:
                break
            short = max(0.0, 0.5 - length / limit)
            choices.append((best[first][0] + atoms[first].cost + 1 + _SHORT_PIECE * short * short, first))
        best.append(min(choices))
    cuts: list[Span] = []
    stop = len(atoms)
    while stop:
        first = best[stop][1]
        cuts.append((atoms[first].start, atoms[stop - 1].end))
        stop = first
    return cuts[::-1]


def _atoms(masked: str, span: Span, limit: int) -> list[_Atom]:
    """The sentences of one block, with what a cut before each costs; before the block itself nothing."""
    start, end = span
    if (end - start) * _GRAINS < limit:
        return [_Atom(start, end, 0.0)]
    items = set(item_starts(masked, start, end))
    atoms: list[_Atom] = []
    for left, right in sentences_of_masked(masked, start, end):
        if not atoms:
            cost = 0.0
        elif left in items:
            cost = _BEFORE_ITEM
        else:
            cost = _AFTER_CLAUSE if masked[atoms[-1].end - 1] in "；;" else _AFTER_SENTENCE
        atoms.append(_Atom(left, right, cost))
    return atoms
