"""Every mention: all passages that hold some words literally, in the order of the texts; nothing is ranked or left out.

The keyword index says which passages may hold them; each of these is then read. What a heading or a title says belongs
to the first passage under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import QuestionError
from assistant.index.database import StoredPassage
from assistant.index.snapshot import Area, Snapshot
from assistant.text.marks import marks, without_marks
from assistant.text.normal import CJK, fold, fold_with_offsets, literal, literal_with_offsets
from assistant.text.tokens import holds, required
from assistant.types import DocumentMentions, Mention, Mentions

_PARTS = re.compile(r"\"([^\"]+)\"|“([^”]+)”|「([^」]+)」|(\S+)")
_CHARACTER = re.compile(rf"[{CJK}]")
_READ = 2_000  # passages at once

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that belong together, as the texts' two search copies have them."""

    literal: str
    folded: str

    def are_in(self, text: str) -> bool:
        return any(True for _ in holds(literal(text), self.literal)) or any(
            True for _ in holds(fold(text), self.folded)
        )


def mentions(snapshot: Snapshot, query: str, area: Area | None) -> Mentions:
    """Every passage that holds all words of a query; words in quotation marks as one. Raises QuestionError."""
    parts = [next(filter(None, match.groups())).strip() for match in _PARTS.finditer(query)]
    parts = [part for part in dict.fromkeys(parts) if any(character.isalnum() for character in part)]
    if not parts:
        raise QuestionError("The quotation marks hold no words. Write the words that the passages shall hold.")
    words = [_Words(literal(part), fold(part)) for part in parts]
    candidates = _candidates(snapshot, words, area)
    found: dict[str, list[tuple[StoredPassage, Mention]]] = {}
    for first in range(0, len(candidates), _READ):
        ids = candidates[first : first + _READ]
        stored = snapshot.passages({*ids, *(number - 1 for number in ids)})
        for number in ids:
            mention = _mention(snapshot, words, stored[number], stored.get(number - 1))
            if mention is not None:
                name = mention.passage.document
                found.setdefault(name, []).append((stored[number], mention))
    documents = (
        DocumentMentions(name, rows[0][0].title, tuple(mention for _, mention in rows))
        for name, rows in sorted(found.items())
    )
    return Mentions(tuple(parts), tuple(documents))


def _candidates(snapshot: Snapshot, words: Sequence[_Words], area: Area | None) -> list[int]:
    """Passages that may hold the words: themselves, or in their headings or title."""
    forms = [[required(form) for form in dict.fromkeys((part.literal, part.folded))] for part in words]
    ids = snapshot.keywords.holding(forms, within=None if area is None else area.ranges)
    for part in words:
        if not required(part.literal):  # a lone Chinese character, which is in no bigram of the words' own
            character = _CHARACTER.search(part.literal)
            if character is not None:
                ids = sorted(set(ids).intersection(snapshot.keywords.with_character(character[0])))
    return ids


def _mention(
    snapshot: Snapshot, words: Sequence[_Words], stored: StoredPassage, before: StoredPassage | None
) -> Mention | None:
    passage = stored.passage
    text = snapshot.document(passage.document).text
    shown = without_marks(text, passage.start, passage.end)
    missing = [part for part in words if not part.are_in(shown)]
    if missing:
        headings = _own_headings(stored, before)
        if not headings or not all(any(part.are_in(heading) for heading in headings) for part in missing):
            return None
    return Mention(passage, shown, _spans(text, passage.start, passage.end, words))


def _own_headings(stored: StoredPassage, before: StoredPassage | None) -> tuple[str, ...]:
    """What of its title and headings comes right before a passage, and not before the one before it."""
    heading = stored.passage.heading
    if before is None or before.document_id != stored.document_id:
        return (stored.title, *heading)
    above = before.passage.heading
    same = next(
        (i for i, (a, b) in enumerate(zip(heading, above, strict=False)) if a != b), min(len(heading), len(above))
    )
    return heading[same:]


def _spans(text: str, start: int, end: int, words: Sequence[_Words]) -> tuple[_Span, ...]:
    """Where a span of a document's text holds the words, as spans of the text; those that touch are one."""
    kept: list[int] = []
    position = start
    for left, right in marks(text, start, end):
        kept += range(position, left)
        position = right
    kept += range(position, end)
    shown = "".join(text[place] for place in kept)
    spans: list[_Span] = []
    for (form, offsets), wanted in (
        (literal_with_offsets(shown), [part.literal for part in words]),
        (fold_with_offsets(shown), [part.folded for part in words]),
    ):
        for one in wanted:
            for place in holds(form, one):
                first, last = offsets[place], _end(offsets, place + len(one))
                spans.append((kept[first], kept[last - 1] + 1))
    merged: list[_Span] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return tuple(merged)


def _end(offsets: Sequence[int], place: int) -> int:
    """Where what lies before a place of a folded text ends in the text itself.

    One character may have become several (㎏): then its first offset comes again, and the next is looked for.
    """
    last = offsets[place - 1]
    while offsets[place] == last:
        place += 1
    return offsets[place]
