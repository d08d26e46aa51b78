"""Every mention: all passages that hold some words literally, in the order of the texts; nothing is ranked or left out.

The keyword index says which passages may hold them; each of these is then read. What a heading or a title in the text
says belongs to the first passage under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.index.database import StoredPassage
from assistant.index.snapshot import EVERYWHERE, Area, Snapshot
from assistant.text.marks import marks, without_marks
from assistant.text.normal import fold, fold_with_offsets, literal, literal_with_offsets
from assistant.text.tokens import holds, required
from assistant.types import DocumentMentions, Mention, Mentions, Passage

_PARTS = re.compile(r"\"([^\"]+)\"|“([^”]+)”|「([^」]+)」|(\S+)")
_READ = 2_000  # passages at once

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that belong together, as the texts' two search copies have them."""

    literal: str
    folded: str

    @property
    def counts(self) -> bool:
        """Whether there is a number in them: without one, the two copies hold them at the same places."""
        return any(character.isdecimal() for character in self.folded)


def mentions(snapshot: Snapshot, query: str, area: Area = EVERYWHERE) -> Mentions:
    """Every passage that holds all words of a query; words in quotation marks as one."""
    parts = parts_of(query)
    words = [_Words(literal(part), fold(part)) for part in parts]
    forms = [[required(form) for form in dict.fromkeys((one.literal, one.folded))] for one in words]
    candidates = snapshot.keywords.holding(forms, within=area.ranges)
    found: dict[str, list[Mention]] = {}
    titles: dict[str, str] = {}
    for first in range(0, len(candidates), _READ):
        ids = candidates[first : first + _READ]
        stored = snapshot.passages({*ids, *(number - 1 for number in ids)})
        for number in ids:
            passage = stored[number].passage
            mention = _mention(snapshot, words, passage, _end_above(stored[number], stored.get(number - 1)))
            if mention is not None:
                titles[passage.document] = stored[number].title
                found.setdefault(passage.document, []).append(mention)
    documents = (DocumentMentions(name, titles[name], tuple(rows)) for name, rows in sorted(found.items()))
    return Mentions(parts, tuple(documents))


def parts_of(query: str) -> tuple[str, ...]:
    """The words of a query, those in quotation marks as one."""
    parts = [next(filter(None, match.groups())).strip() for match in _PARTS.finditer(query)]
    return tuple(part for part in dict.fromkeys(parts) if any(character.isalnum() for character in part))


def _end_above(stored: StoredPassage, before: StoredPassage | None) -> int:
    """Where the passage before one ends: its own title and headings lie between the two."""
    return before.passage.end if before is not None and before.document_id == stored.document_id else 0


def _mention(snapshot: Snapshot, words: Sequence[_Words], passage: Passage, above: int) -> Mention | None:
    text = snapshot.document(passage.document).text
    spans: list[_Span] = []
    held: set[int] = set()
    for start, end in ((min(above, passage.start), passage.start), (passage.start, passage.end)):
        found = _spans(text, start, end, words)
        held.update(number for number, _ in found)
        spans += [span for _, span in found]
    if len(held) < len(words):
        return None
    return Mention(passage, without_marks(text, passage.start, passage.end), _merged(spans))


def _spans(text: str, start: int, end: int, words: Sequence[_Words]) -> list[tuple[int, _Span]]:
    """Where a span of a document's text holds words: the number of each, and the span."""
    if not text[start:end].strip():
        return []
    kept = _without_marks(text, start, end)
    shown = "".join(text[place] for place in kept) if len(kept) < end - start else text[start:end]
    spans: list[tuple[int, _Span]] = []
    copies = [(literal_with_offsets(shown), [one.literal for one in words])]
    if any(one.counts for one in words):
        copies.append((fold_with_offsets(shown), [one.folded for one in words]))
    for (form, offsets), wanted in copies:
        for number, one in enumerate(wanted):
            for place in holds(form, one):
                last = _end(offsets, place + len(one))
                spans.append((number, (kept[offsets[place]], kept[last - 1] + 1)))
    return spans


def _without_marks(text: str, start: int, end: int) -> Sequence[int]:
    """The places of a span that are in no mark."""
    left_out = marks(text, start, end)
    if not left_out:
        return range(start, end)
    kept: list[int] = []
    for left, right in left_out:
        kept += range(start, left)
        start = right
    return [*kept, *range(start, end)]


def _end(offsets: Sequence[int], place: int) -> int:
    """Where what lies before a place of a folded text ends in the text itself.

    One character may have become several (㎏): then its offset comes again, and the next one is looked for.
    """
    last = offsets[place - 1]
    while offsets[place] == last:
        place += 1
    return offsets[place]


def _merged(spans: Sequence[_Span]) -> tuple[_Span, ...]:
    """Spans in order; those that overlap are one."""
    merged: list[_Span] = []
    for left, right in sorted(spans):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return tuple(merged)
