"""The table of contents of a document: where the headings stand that its outline and its passages' heading paths name.

A heading that stands alone lies between two passages; one whose text goes on in its line (第十二条 …) begins a passage.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.text.headings import recognise, title_text
from assistant.text.lines import LINE_BREAK, lines
from assistant.types import Document, Passage

_LONGEST_TITLE = 300  # characters; a longer heading is a line of text that is marked as one


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading and its place."""

    start: int
    end: int
    level: int  # 1 is the outermost
    text: str  # in one line, without markup


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    letters: str


def contents(document: Document, passages: Sequence[Passage], masked: str) -> tuple[Entry, ...]:
    """The headings of a document in order. `masked` is its text as `marks.masked` gives it."""
    shown = _shown(document, masked)
    outline = [_Place(mark.start, mark.end, _letters(shown(mark.start, mark.end))) for mark in document.outline]
    found: dict[int, Entry] = {}
    above = 0
    for passage in passages:
        for entry in _opened(masked, shown, outline, above, passage):
            found.setdefault(entry.start, entry)
        above = max(above, passage.end)
    for entry in _outlined(document, shown):
        found.setdefault(entry.start, entry)
    entries = [found[start] for start in sorted(found)]
    return tuple(entry for entry, before in zip(entries, [None, *entries], strict=False) if not _within(entry, before))


def _within(entry: Entry, before: Entry | None) -> bool:
    return before is not None and entry.start < before.end


def _shown(document: Document, masked: str) -> Callable[[int, int], str]:
    """How a heading at a place is shown."""
    if document.id.lower().endswith((".md", ".markdown")):
        from assistant.text.markdown import plain_title

        return lambda start, end: plain_title(masked[start:end].strip().strip("#").strip())[:_LONGEST_TITLE]
    return lambda start, end: title_text(masked, start, end)[:_LONGEST_TITLE]


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title[:_LONGEST_TITLE]))


def _opened(
    masked: str, shown: Callable[[int, int], str], outline: Sequence[_Place], above: int, passage: Passage
) -> Iterator[Entry]:
    """The headings that a passage is the first under; those above it lie after the place `above`."""
    path = [(level, title, _letters(title)) for level, title in enumerate(passage.heading, 1)]
    end = _line_end(masked, passage.start, passage.end)
    own = recognise(masked, passage.start, end)
    if own is not None:
        start, stop = own.span
        if path and own.inline and path[-1][2] == _letters(own.title):
            yield Entry(start, stop, path.pop()[0], own.title)
        elif not own.inline and end == passage.end and (own.family == "legal" or own.rank <= 6):
            yield Entry(start, stop, len(path) + 1, own.title)  # nothing is under it
    elif masked[masked.rfind("\n", 0, passage.start) + 1 : passage.start].strip(" \t").strip("#") == "" and (
        masked[max(0, passage.start - 2) : passage.start].rstrip().endswith("#")
    ):
        yield Entry(passage.start, end, len(path) + 1, shown(passage.start, end))
    yield from _between(shown, _places(masked, shown, outline, above, passage.start), path)


def _line_end(masked: str, start: int, end: int) -> int:
    line_break = LINE_BREAK.search(masked, start, end)
    return line_break.start() if line_break else end


def _places(
    masked: str, shown: Callable[[int, int], str], outline: Sequence[_Place], start: int, end: int
) -> list[_Place]:
    """What may be a heading in masked[start:end]: what the outline says, and lines."""
    if not masked[start:end].strip():
        return []
    first = bisect_left(outline, start, key=lambda place: place.start)
    marked = outline[first : bisect_left(outline, end, key=lambda place: place.start)]
    places = [*marked]
    edges = [start, *(edge for place in marked for edge in (place.start, place.end)), end]
    for left, right in list(pairwise(edges))[::2]:
        for line in lines(masked, left, max(left, right)):
            places.append(_Place(line.start, line.end, _letters(shown(line.start, line.end))))
    return sorted((place for place in places if place.letters), key=lambda place: place.start)


def _between(
    shown: Callable[[int, int], str], places: list[_Place], path: list[tuple[int, str, str]]
) -> Iterator[Entry]:
    """The places that are headings of a path, from the last one up."""
    while places and path:
        last = places.pop()
        candidates = [last]
        if places:  # a heading wrapped into two lines
            candidates.append(_Place(places[-1].start, last.end, places[-1].letters + last.letters))
        for candidate in candidates:
            match = next((index for index in reversed(range(len(path))) if path[index][2] == candidate.letters), None)
            if match is not None:
                yield Entry(candidate.start, candidate.end, path[match][0], path[match][1])
                del path[match:]
                if candidate is not last:
                    places.pop()
                break


def _outlined(document: Document, shown: Callable[[int, int], str]) -> Iterator[Entry]:
    """The headings that the format marks, each a level below the one that it is under."""
    open_levels: list[int] = []
    for mark in document.outline:
        while open_levels and open_levels[-1] >= mark.level:
            open_levels.pop()
        open_levels.append(mark.level)
        if text := shown(mark.start, mark.end):
            yield Entry(mark.start, mark.end, len(open_levels), text)
