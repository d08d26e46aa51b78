"""Lists as a whole: the sentence that leads to one and all items in order, also where they are passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answering.citations import Chosen
from assistant.text.enumerations import Mark, item_marks, starts_item
from assistant.text.marks import Span, trim
from assistant.text.sentences import sentences
from assistant.types import Passage

MOST_ITEMS = 20
_REACH = 24  # passages looked at before and after the one that was found
_LONGEST_HEADING = 40  # characters of a first sentence that says what its paragraph is about
_BETWEEN = 3  # passages between two numbered items that belong to the first of them

Neighbours = Callable[[Passage, int, int], Sequence[Passage]]

_LEADS = re.compile(
    r"[：:]\s*$|(?:如下|以下|下列)[^。；]{0,20}[。，：:]?$|[一二三四五六七八九十两几\d]+(?:个?方面|[项种条点类步]|个[^。；]{1,6})[^。；]{0,8}[。：:]?$"
    r"|\b(?:as follows|the following|these (?:steps|rules|conditions|things))\b[^.;]{0,40}[.:]?$"
)


@dataclass(frozen=True, slots=True)
class _Item:
    """A mark and the passage it stands in."""

    mark: Mark
    place: int  # of the passage, among those looked at


def listed(chosen: Chosen, neighbours: Neighbours, *, within: bool, under: bool = False) -> list[Chosen] | None:
    """A sentence with the whole list that it begins; None: there is none.

    With `within` also the list it stands in, with `under` also the one in the paragraph of which it is the heading.

    `neighbours` gives the passages around one in its document, itself among them: at most so many before and after.
    """
    text, passage = chosen.document.text, chosen.passage
    leads = _LEADS.search(" ".join(text[chosen.start : chosen.end].split())) is not None
    marked = starts_item(text, passage.start, passage.end) or bool(item_marks(text, passage.start, passage.end))
    if not (leads or marked):
        return None
    around = passages_around(passage, neighbours)
    own = around.index(passage)
    items = [_Item(mark, place) for place, one in enumerate(around) for mark in item_marks(text, one.start, one.end)]
    best: list[Chosen] | None = None
    for chain in _chains(items, around):
        spans = list(_spans(text, chain, items, around))
        first = chain[0].mark.start
        begins = chosen.start < first and (first < chosen.end or (leads and not text[chosen.end : first].strip()))
        inside = within and first <= chosen.start < max(end for _, (_, end) in spans)
        heads = under and _heads(text, chosen, chain, items)
        if begins or inside or heads:
            lead = (
                _lead(text, chosen, around, chain[0]) if inside else _part(chosen, chosen.start, min(first, chosen.end))
            )
            shown = [_item(chosen, around[place], span) for place, span in spans[:MOST_ITEMS]]
            best = [*([lead] if lead else []), *shown]
            if begins or around[own].start <= first:
                break  # else a list around this one may begin in its own passage
    return best


def _heads(text: str, chosen: Chosen, chain: Sequence[_Item], items: Sequence[_Item]) -> bool:
    """Whether a sentence is the heading of a paragraph that tells a list: 三、提高产量。各地要努力。一是…二是…"""
    first = chain[0].mark.start
    if chosen.end > first or chosen.end - chosen.start > _LONGEST_HEADING or "\n" in text[chosen.start : first]:
        return False
    if text[: chosen.start].rpartition("\n")[2].strip():
        return False  # not the first of its line
    return not any(chosen.end <= item.mark.start < first for item in items)


def passages_around(passage: Passage, neighbours: Neighbours) -> list[Passage]:
    """Passages of the same section, in order."""
    near = list(neighbours(passage, _REACH, _REACH))
    own = near.index(passage) if passage in near else None
    if own is None:
        return [passage]
    first, last = own, own
    while first > 0 and _same_section(near[first - 1], passage):
        first -= 1
    while last + 1 < len(near) and _same_section(near[last + 1], passage):
        last += 1
    return near[first : last + 1]


def _same_section(one: Passage, other: Passage) -> bool:
    short, long = sorted((one.heading, other.heading), key=len)
    return long[: len(short)] == short


def _chains(items: Sequence[_Item], around: Sequence[Passage]) -> Iterator[list[_Item]]:
    """The lists of two items or more; those within another one come first."""
    chains: list[list[_Item]] = []
    taken: set[int] = set()
    for number, item in enumerate(items):
        if number in taken or not item.mark.begins:
            continue
        chain = [item]
        for later, other in enumerate(items[number + 1 :], start=number + 1):
            if other.place - chain[-1].place > (1 if item.mark.number is None else _BETWEEN):
                break
            if other.mark.follows(chain[-1].mark):
                chain.append(other)
                taken.add(later)
            elif other.mark.style == item.mark.style:
                break  # another list of the same style
        if len(chain) > 1:
            chains.append(chain)
    yield from sorted(chains, key=lambda chain: -chain[0].mark.start)


def _spans(
    text: str, chain: Sequence[_Item], items: Sequence[_Item], around: Sequence[Passage]
) -> Iterator[tuple[int, Span]]:
    """What the items are: each up to the next mark; passages without a mark between two items belong to the first."""
    for one, following in pairwise(chain):
        inner = [item for item in items if one.mark.start <= item.mark.start < following.mark.start]
        for item, border in pairwise([*inner, following]):
            for place in range(item.place, border.place + 1):
                start = max(item.mark.start, around[place].start)
                end = min(border.mark.start, around[place].end)
                left, right = trim(text, start, end) if start < end else (start, start)
                if left < right:
                    yield place, (left, right)
    last = chain[-1]
    yield last.place, _last(text, last.mark, around[last.place])


def _last(text: str, mark: Mark, passage: Passage) -> Span:
    """The last item: its line where it begins one, else its sentence."""
    found = sentences(text, passage.start, passage.end)
    end = next((right for left, right in found if left <= mark.start < right), passage.end)
    if mark.start == passage.start or text[mark.start - 1] in "\n\r \t\u3000":
        line = text.find("\n", mark.start, passage.end)
        end = max(end, line if line >= 0 else passage.end)
    return trim(text, mark.start, end)


def _lead(text: str, chosen: Chosen, around: Sequence[Passage], first: _Item) -> Chosen | None:
    """The words or the sentence right before the first item, where they lead to it."""
    passage = around[first.place]
    found = sentences(text, passage.start, passage.end)
    for left, right in reversed(found):
        if left < first.mark.start < right:
            return _part(replace(chosen, passage=passage), left, first.mark.start)
        if right <= first.mark.start:
            return _leading(replace(chosen, passage=passage), (left, right))
    if first.place > 0:
        before = around[first.place - 1]
        return _leading(replace(chosen, passage=before), sentences(text, before.start, before.end)[-1])
    return None


def _leading(chosen: Chosen, span: Span) -> Chosen | None:
    words = " ".join(chosen.document.text[span[0] : span[1]].split())
    return _part(chosen, *span) if _LEADS.search(words) else None


def _part(chosen: Chosen, start: int, end: int) -> Chosen | None:
    left, right = trim(chosen.document.text, start, end)
    return replace(chosen, start=left, end=right, answers=()) if left < right else None


def _item(chosen: Chosen, passage: Passage, span: Span) -> Chosen:
    return Chosen(chosen.document, passage, *span, item=True)
