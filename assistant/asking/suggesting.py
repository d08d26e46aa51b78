"""Questions that may come next, made of the library's own headings near what an answer cites; nothing is invented.

《某办法》第十二条 was cited: 《某办法》第十三条是怎么规定的？ and 《某办法》关于印章与档案有哪些规定？ A refusal offers
the headings that its nearest passages stand under. Only what `assistant.addressing` leads straight to that place is
offered.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from weakref import WeakKeyDictionary

from assistant.addressing.addresses import asks_only, asks_what, read
from assistant.addressing.outline import Outline, Place, Row
from assistant.addressing.parts import NAMED, Part, Step, name_of
from assistant.addressing.scopes import scopes
from assistant.addressing.subjects import find_subject
from assistant.addressing.titles import Title, Titles, titles
from assistant.asking.phrasing import Heading, names_of_document, phrased
from assistant.index.snapshot import Snapshot
from assistant.readers.titles import title_of_name
from assistant.retrieval.why import levels
from assistant.text.normal import has_chinese, literal
from assistant.types import Answer, Citation, Span

_MOST_PLACES = 6  # cited or found, that are looked around
_MOST_TRIED = 12  # headings; to see where a question leads takes up to a millisecond
_MOST_OUTLINES = 16  # of a library, kept: that of 1,000 passages takes 15 ms
_FEW_PASSAGES = 3  # of a document: who has read one needs no summary of it
_SIBLINGS = 2  # on either side


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the library answers, and where."""

    question: str
    document: str
    start: int  # of the heading, or of what stands under it
    end: int  # of the last passage under it
    heading: str = ""  # as the document writes it; empty for a whole document


@dataclass(frozen=True, slots=True)
class _Book:
    """A document by its name and outline."""

    title: Title
    name: str  # by which questions mean it and no other, as it is shown
    outline: Outline

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.outline.rows

    def at(self, start: int) -> int | None:
        """The row that a span begins in, or, where that is a heading, leads to."""
        index = bisect_right(self.rows, start, key=lambda row: row.start) - 1
        if index < 0 or self.rows[index].end <= start:
            index += 1
        return index if index < len(self.rows) else None

    def under(self, index: int, depth: int) -> _Target:
        """The heading of some depth above a row."""
        path = self.rows[index].path[: depth + 1]
        first = last = index
        while first and self.rows[first - 1].path[: depth + 1] == path:
            first -= 1
        while last + 1 < len(self.rows) and self.rows[last + 1].path[: depth + 1] == path:
            last += 1
        return _Target(self, first, last, depth)

    def whole(self, depth: int = -1) -> _Target:
        return _Target(self, 0, len(self.rows) - 1, depth)


@dataclass(frozen=True, slots=True)
class _Target:
    """A heading with what stands under it, or a whole document."""

    book: _Book
    first: int  # row of the outline
    last: int
    depth: int  # of the heading in the rows' paths; -1 for a document

    @property
    def key(self) -> tuple[str, int, int]:
        return self.book.title.document, self.first, self.last

    @property
    def heading(self) -> Heading:
        row = self.book.rows[self.first]
        return Heading(row.path[self.depth] if self.depth >= 0 else "", row.steps[: self.depth + 1])

    def holds(self, place: Place) -> bool:
        """Whether a place is this one: it begins here, and does not go on beyond."""
        first, end = self.book.rows[self.first], self.book.rows[self.last].end
        pieces = place.pieces
        return bool(pieces) and pieces[0].passage == first.passage and all(piece.end <= end for piece in pieces)

    def span(self) -> Span:
        """From its heading on, where that stands above its text; a document from its beginning."""
        rows, text = self.book.rows, self.book.outline.text
        start, end = rows[self.first].start, rows[self.last].end
        above = rows[self.first - 1].end if self.first else 0
        if self.depth < 0 or above >= start:
            return min(above, start), end
        signs = re.sub(r"\s", "", self.heading.written)  # white space in it was collapsed
        own = list(re.finditer(r"\s*".join(map(re.escape, signs)), text[above:start]))
        return (above + own[-1].start() if own else start), end


def suggestions(
    snapshot: Snapshot, answer: Answer, *, asked: Sequence[str] = (), limit: int = 3
) -> tuple[Suggestion, ...]:
    """Up to `limit` questions that the library answers from headings near what an answer cites, or a refusal found.

    None was `asked` before. Fewer where the texts have no headings, and none for a list of mentions.
    """
    shelf = _Shelf(snapshot)
    before = [literal(text) for text in (answer.question, answer.asked, *asked) if text]
    found: list[Suggestion] = []
    for tried, target in enumerate(_targets(shelf, answer)):
        if len(found) >= limit or tried == _MOST_TRIED:
            break
        name, heading = target.book.name, target.heading
        if _is_asked(name, heading, before):
            continue
        for question in phrased(name, heading):
            if literal(question) not in before and shelf.leads(question, target):
                found.append(Suggestion(question, target.book.title.document, *target.span(), heading.written))
                before.append(literal(question))
                break
    return tuple(found)


def _is_asked(name: str, heading: Heading, before: Sequence[str]) -> bool:
    """Whether somebody asked for a place in other words: 《某办法》第三条有哪些内容."""
    title = literal(name).strip("《》“”")
    words = [literal(word) for word in (heading.number, heading.name) if word]
    return any(title in text and any(word in text for word in words) for text in before)


def _targets(shelf: _Shelf, answer: Answer) -> Iterator[_Target]:
    """The places near an answer, the most natural first, each once."""
    cited = _places((citation.document, citation.start) for citation in _by_sentence(answer))
    # Beside what is cited, what was found says little, unless it is nearly an answer itself.
    wanted = {"strong"} if cited else {"strong", "some"}
    near = [hit for hit in answer.hits if not wanted.isdisjoint(levels(hit))]
    chinese = has_chinese(answer.question)
    if cited:  # who has an answer is not led to documents in another language
        near = [hit for hit in near if has_chinese(hit.title) == chinese]
    near.sort(key=lambda hit: has_chinese(hit.title) != chinese)
    seen: set[tuple[str, int, int]] = set()
    for place in cited[:1]:
        seen.update(target.key for target in list(shelf.above(*place))[:1])  # what was just read
    around = [list(shelf.around(*place)) for place in cited]
    yield from _unseen(_in_turn(around), seen)
    above = [list(shelf.above(*place)) for place in _places((h.passage.document, h.passage.start) for h in near)]
    yield from _unseen(_in_turn(above), seen)


def _unseen(targets: Iterable[_Target], seen: set[tuple[str, int, int]]) -> Iterator[_Target]:
    for target in targets:
        if target.key not in seen:
            seen.add(target.key)
            yield target


def _by_sentence(answer: Answer) -> list[Citation]:
    by_number = {citation.number: citation for citation in answer.citations}
    numbers = [number for sentence in answer.sentences for number in sentence.citations]
    return [by_number[number] for number in numbers if number in by_number]


def _places(places: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return list(dict.fromkeys(places))[:_MOST_PLACES]


def _in_turn(several: Sequence[Sequence[_Target]]) -> Iterator[_Target]:
    """The first of each, then the second of each, and so on."""
    for rank in zip_longest(*several):
        yield from (target for target in rank if target is not None)


class _Shelf:
    """The documents of a library that questions can name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known = titles(snapshot)
        self._books: dict[str, _Book | None] = {}

    def book(self, document: str) -> _Book | None:
        """A document; None where it is gone, or no name means it and no other."""
        if document not in self._books:
            self._books[document] = self._book(document)
        return self._books[document]

    def _book(self, document: str) -> _Book | None:
        title = self._known.by_document.get(document)
        name = None if title is None else _name(self._known, title)
        if title is None or name is None:
            return None
        book = _Book(title, name, _outline(self._snapshot, title))
        return book if book.rows else None

    def around(self, document: str, start: int) -> Iterator[_Target]:
        """Headings near a cited place: the next, the one above, those further on and before, the whole document."""
        yield from self._other_articles(document)
        book = self.book(document)
        index = None if book is None else book.at(start)
        if book is None or index is None:
            return
        after, before = _neighbours(book, index, 1), _neighbours(book, index, -1)
        above = [book.under(index, depth) for depth in range(len(book.rows[index].path) - 2, -1, -1)]
        yield from (*after[:1], *above[:1], *after[1:], *before, *above[1:])
        if len(book.rows) > _FEW_PASSAGES:
            yield book.whole()

    def above(self, document: str, start: int) -> Iterator[_Target]:
        """The headings that a found passage stands under, from the inside out."""
        book = self.book(document)
        index = None if book is None else book.at(start)
        if book is not None and index is not None:
            path = book.rows[index].path
            yield from (book.under(index, depth) for depth in range(len(path) - 1, -1, -1))
            if not path and len(book.rows) > _FEW_PASSAGES:
                yield book.whole()

    def _other_articles(self, document: str) -> Iterator[_Target]:
        """The articles after and before one that is a document of its own."""
        title = self._known.by_document.get(document)
        step = title.part.headed[-1] if title is not None and title.part is not None and title.part.headed else None
        if title is None or step is None or not step.number.isdecimal():
            return
        others = {one.part.headed: one for one in self._known.named(title.title) if one.part is not None}
        for near in (1, 2, -1):
            other = others.get((Step(step.kind, str(int(step.number) + near)),))
            book = None if other is None else self.book(other.document)
            if book is not None:
                yield book.whole(depth=0)

    def leads(self, question: str, target: _Target) -> bool:
        """Whether a question, asked of this library, is answered with just what stands at a place."""
        reading = read(question)
        named = scopes(self._snapshot, self._known, reading, None)
        if len(named) != 1 or not named[0].is_sure or reading.numbers or len(reading.parts) > 1:
            return False
        meant, rest = named[0].titles, reading.rest((named[0].start, named[0].end))
        outline, title = target.book.outline, target.book.title
        if reading.parts:
            part = reading.parts[0].part
            own = tuple(one for one in meant if one.part is not None and one.part.headed == part.headed)
            place = outline.find(part) if (own or meant) == (title,) and asks_only(rest) else None
            return place is not None and target.holds(place)
        if meant != (title,) or asks_only(rest):
            return meant == (title,) and target.depth < 0 and not asks_what(rest)
        place = outline.find(Part((Step(NAMED, name_of(target.heading.written)),)), strict=True)
        if place is None or not target.holds(place):
            return False  # so that not every line of the text is looked at for it
        found = find_subject(outline.text, outline, rest)
        return found is not None and target.depth >= 0 and target.holds(found[1])


def _neighbours(book: _Book, index: int, way: int) -> list[_Target]:
    """The headings after (`way` 1) or before (-1) a row, those under its own heading among them.

    Of another part than its own only where its own has none, or no more that come after it.
    """
    own = book.rows[index].path
    found: list[_Target] = []
    place = index + way
    while 0 <= place < len(book.rows) and len(found) < _SIBLINGS:
        path = book.rows[place].path
        same = next((n for n, (a, b) in enumerate(zip(own, path, strict=False)) if a != b), min(len(own), len(path)))
        if way < 0 and same < len(own) - 1 and found:
            break
        if same == len(path):
            place += way
            continue
        found.append(book.under(place, same))
        place = found[-1].last + 1 if way > 0 else found[-1].first - 1
    return found


_OUTLINES: WeakKeyDictionary[Snapshot, dict[tuple[str, int], Outline]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def _outline(snapshot: Snapshot, title: Title) -> Outline:
    """The outline of a document, kept for the next answer."""
    key = title.document, title.begin
    with _LOCK:
        kept = _OUTLINES.setdefault(snapshot, {})
        outline = kept.pop(key, None)
        if outline is None:
            document = snapshot.document  # which does not keep the snapshot alive, as that itself would
            stored = snapshot.passages_in([title.document])
            outline = Outline(lambda: document(title.document).text, stored, title.part, title.begin)
        kept[key] = outline
        while len(kept) > _MOST_OUTLINES:
            kept.pop(next(iter(kept)))
    return outline


def _name(known: Titles, title: Title) -> str | None:
    """A name that means a document and no other, for a part of a whole that of the whole; None where none does."""
    stem = title_of_name(title.document) if "#" not in title.document else ""
    for name in (*names_of_document(title.title), *names_of_document(stem)):
        meant = known.named(name.strip("《》“”"))
        if meant == (title,) or (title.part is not None and meant and all(one.part is not None for one in meant)):
            return name
    return None
