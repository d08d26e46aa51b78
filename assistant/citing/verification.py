"""Citations outlive changes: each quote is compared with the text as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.citing.difference import Piece, difference
from assistant.citing.nearest import Near, Sought, nearest, occurrences
from assistant.citing.present import Present, Texts
from assistant.text.normal import literal
from assistant.text.sentences import sentences
from assistant.types import Citation, Document

if TYPE_CHECKING:
    from assistant.assistant import Assistant

State = Literal["unchanged", "moved", "changed", "deleted", "unreadable"]

_CONTEXT = 80  # characters on either side by which one of several places is told
_NO_OTHER = 0.8  # so near a changed sentence counts even where another document holds the old one


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote as it was cited: of the document with this digest, `text[start:end] == quote`."""

    document: str
    digest: str  # of the document when it was cited; empty where that is not known
    title: str
    start: int
    end: int
    quote: str
    heading: tuple[str, ...] = ()
    page: int | None = None

    @classmethod
    def of(cls, one: Citation, digest: str) -> Cited:
        """A citation of an answer; `digest` is that of its document as it was then, empty where it is not known."""
        return cls(one.document, digest, one.title, one.start, one.end, one.quote, one.heading, one.page)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a quote.

    “unchanged” and “moved”: `text[start:end]` of the document is the quote. “changed”: it is the nearest text, and
    “same” and “added” pieces together are that text, “same” and “removed” ones the quote. “deleted”, “unreadable”:
    there is no such place, start and end are 0.
    """

    state: State
    document: str  # where it stands now, by id; for “deleted” and “unreadable” where it stood
    title: str = ""
    start: int = 0
    end: int = 0
    pieces: tuple[Piece, ...] = ()
    heading: tuple[str, ...] = ()  # of the place where it stands now
    page: int | None = None
    newer: bool = False  # the file is newer than the index: the reader shows this place only after an update
    gone: bool = False  # of “deleted”: the document itself is not there any more
    reason: str = ""  # of “unreadable”: what happened, to which file, and what to do

    @property
    def only_form(self) -> bool:
        """Whether a change is one of white space, letter case, width or script only: the words are the same."""
        removed = "".join(text for text, kind in self.pieces if kind != "added")
        added = "".join(text for text, kind in self.pieces if kind != "removed")
        return self.state == "changed" and "".join(literal(removed).split()) == "".join(literal(added).split())


def verify(assistant: Assistant, cited: Sequence[Cited]) -> tuple[Verdict, ...]:
    """What became of each quote, in the same order.

    The index is not touched, and no model is needed. Raises nothing that a file or the index can be the cause of.
    """
    if not cited:
        return ()
    cited = [_storable(one) for one in cited]
    verdicts: dict[int, Verdict] = {}
    by_document: dict[str, list[int]] = {}
    for number, one in enumerate(cited):
        by_document.setdefault(one.document, []).append(number)
    with Texts(assistant) as texts:
        for name, numbers in by_document.items():
            found = _verified(texts, name, [cited[number] for number in numbers])
            verdicts.update(zip(numbers, found, strict=True))
    return tuple(verdicts[number] for number in range(len(cited)))


def _storable(one: Cited) -> Cited:
    """Without halves of surrogate pairs, which no text has, but what was kept in a damaged way may."""
    document, title, quote = (text.encode("utf-8", "replace").decode() for text in (one.document, one.title, one.quote))
    return replace(one, document=document, title=title, quote=quote)


def _verified(texts: Texts, name: str, quotes: Sequence[Cited]) -> list[Verdict]:
    """The quotes of one document."""
    present = texts.present(name)
    if present.reason:
        return [Verdict("unreadable", name, one.title, newer=present.newer, reason=present.reason) for one in quotes]
    if present.document is None:
        renamed = texts.renamed(name)
        if renamed.document is None:
            return [
                _elsewhere(texts, one) or _of_heir(texts, one) or _deleted(one, present, gone=True) for one in quotes
            ]
        present = renamed
    within = _Within(present, texts.as_indexed(name) if present.newer else None, quotes)
    return [
        verdict if verdict is not None and not doubtful else _elsewhere(texts, one) or verdict or _deleted(one, present)
        for one, (verdict, doubtful) in zip(quotes, within.verdicts(), strict=True)
    ]


def _deleted(one: Cited, present: Present, *, gone: bool = False) -> Verdict:
    pieces: tuple[Piece, ...] = ((one.quote, "removed"),) if one.quote else ()
    return Verdict("deleted", one.document, one.title, pieces=pieces, newer=present.newer, gone=gone)


def _elsewhere(texts: Texts, one: Cited) -> Verdict | None:
    """Where another document holds a quote: one with the same content, else the only one, or the only of its title."""
    if not one.quote:
        return None
    for name in texts.copies(one.digest) if one.digest else ():
        if name != one.document:
            copy = texts.present(name)
            if copy.document is not None and one.quote in copy.document.text:
                return _moved(one, copy)
    others = texts.holding(one.quote, one.document)
    if len(others) > 1:
        others = [other for other in others if other.document is not None and other.document.title == one.title]
    return _moved(one, others[0]) if len(others) == 1 else None


def _of_heir(texts: Texts, one: Cited) -> Verdict | None:
    """What became of a quote in the only document that bears the title of the one that is gone: it was renamed."""
    heirs = [name for name in texts.titled(one.title) if name != one.document]
    heir = texts.present(heirs[0]) if len(heirs) == 1 else None
    return _Within(heir, None, [one]).verdicts()[0][0] if heir is not None and heir.document is not None else None


def _moved(one: Cited, present: Present) -> Verdict | None:
    verdict, _ = _Within(present, None, [one]).verdicts()[0]
    return verdict if verdict is not None and verdict.state == "moved" else None


class _Within:
    """The quotes of one document in its present text."""

    def __init__(self, present: Present, before: Document | None, quotes: Sequence[Cited]) -> None:
        """`before` is the document as it was indexed, where that is another state than the present one."""
        assert present.document is not None
        self._present = present
        self._document = present.document
        self._text = present.document.text
        self._before = before
        self._quotes = quotes
        self._places = [self._occurrences(one) for one in quotes]
        # Quotes that stand at one place only tell by how much the text around them has moved.
        self._shifts = sorted(
            (one.start, places[0] - one.start)
            for one, places in zip(quotes, self._places, strict=True)
            if len(places) == 1
        )

    def verdicts(self) -> list[tuple[Verdict | None, bool]]:
        """What became of each, and whether that is doubtful; None: nothing near it stands in the text."""
        found: list[tuple[Verdict | None, bool]] = []
        lost: list[int] = []
        for number, (one, places) in enumerate(zip(self._quotes, self._places, strict=True)):
            if places:
                found.append((self._standing(one, self._chosen(one, places)), False))
            else:
                lost.append(number)
                found.append((None, False))
        if lost:
            near = nearest(self._text, [self._sought(self._quotes[number]) for number in lost])
            for number, place in zip(lost, near, strict=True):
                if place is not None:
                    found[number] = (self._changed(self._quotes[number], place), place.likeness < _NO_OTHER)
        return found

    def _occurrences(self, one: Cited) -> tuple[int, ...]:
        same = one.digest == self._document.digest and one.document == self._document.id
        if same and one.quote and one.start >= 0 and self._text.startswith(one.quote, one.start):
            return (one.start,)
        return occurrences(self._text, one.quote, min(max(0, one.start), len(self._text)))

    def _expected(self, one: Cited) -> int:
        """Where a quote would stand, had only the text before it changed."""
        shift = min(self._shifts, key=lambda known: abs(known[0] - one.start), default=(0, 0))[1]
        return min(max(0, one.start + shift), len(self._text))

    def _chosen(self, one: Cited, places: Sequence[int]) -> int:
        """One of several places: by what stands around it, its headings, and how near it is."""
        if len(places) == 1:
            return places[0]
        expected = self._expected(one)
        before = self._before if self._before is not None and self._before.digest == one.digest else None

        def value(place: int) -> tuple[int, int, bool, int]:
            return (
                self._around(one, before, place) if before is not None else 0,
                _headed(one.heading, self._present.place(place)[0]),
                place == one.start,
                -abs(place - expected),
            )

        return max(places, key=value)

    def _around(self, one: Cited, before: Document, place: int) -> int:
        """How many characters next to a place are those that stood next to the quote."""
        old, new = before.text, self._text
        left = _alike_at_end(old[max(0, one.start - _CONTEXT) : one.start], new[max(0, place - _CONTEXT) : place])
        end, stop = one.end, place + len(one.quote)
        return left + _alike_at_end(old[end : end + _CONTEXT][::-1], new[stop : stop + _CONTEXT][::-1])

    def _standing(self, one: Cited, place: int) -> Verdict:
        same = place == one.start and self._document.id == one.document
        heading, page = self._present.place(place)
        return Verdict(
            "unchanged" if same else "moved",
            self._document.id,
            self._document.title,
            place,
            place + len(one.quote),
            ((one.quote, "same"),),
            heading,
            page,
            self._present.newer,
        )

    def _sought(self, one: Cited) -> Sought:
        before = self._before.text if self._before is not None and self._before.digest == one.digest else ""
        others = [other.quote for other in self._quotes if other.end <= one.start or other.start >= one.end]

        def stood(words: str) -> bool:
            if any(words in other for other in others) or before.find(words, 0, max(0, one.start)) >= 0:
                return True
            return before.find(words, max(0, one.end)) >= 0

        def known(candidate: str) -> bool:
            parts = [candidate[start:end] for start, end in sentences(candidate, 0, len(candidate))]
            return stood(candidate) or 2 * sum(len(part) for part in parts if stood(part)) > len(candidate)

        return Sought(
            one.quote,
            self._expected(one),
            known,
            lambda place: float(bool(one.heading) and self._present.place(place)[0] == one.heading),
        )

    def _changed(self, one: Cited, near: Near) -> Verdict:
        heading, page = self._present.place(near.start)
        return Verdict(
            "changed",
            self._document.id,
            self._document.title,
            near.start,
            near.end,
            difference(one.quote, self._text[near.start : near.end]),
            heading,
            page,
            self._present.newer,
        )


def _headed(cited: tuple[str, ...], present: tuple[str, ...]) -> int:
    """How much the heading path of a place is the one that was cited: wholly, in its last heading, or not."""
    return 2 * (cited == present) or int(cited[-1:] == present[-1:])


def _alike_at_end(one: str, other: str) -> int:
    """How many characters two texts end with in common."""
    shorter = min(len(one), len(other))
    return next((count for count in range(shorter) if one[-1 - count] != other[-1 - count]), shorter)
