"""Where a part of a document stands: the passages under 第三章, the text of 第十二条, its second paragraph, an item."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.addressing.parts import ALL, LAST, MAY_MEAN, NAMED, WITHIN, Part, Step, name_of, number, step_of
from assistant.index.database import StoredPassage
from assistant.text.blocks import paragraphs
from assistant.text.enumerations import item_starts
from assistant.text.marks import masked, trim

_TEXT_BEGINS = ("条", "1.1", "1.1.1", "附件")  # numbers that stand before their text, not above it
_OUTLINES = frozenset({"一", "1"})
_ARTICLE = re.compile(
    r"(?:(?<=[。！？；\s”’）)])|\A)第\s*(?:[〇零一二三四五六七八九十百千两]{1,9}|\d{1,4})\s*[条條](?:之[一二三四五六七八九十]{1,2})?"
    r"(?=[\s\u3000*【（(]|[^的规規款项項第至和或及与與、，。）)；])"
)
_FAR = 100
_DECORATION = re.compile(r"[\s*_#>•●·-]*")
_ITEM = re.compile(
    r"[\s*•·-]*(?:[（(]\s*(?P<bracketed>[一二三四五六七八九十]{1,3}|\d{1,2}|[a-z])\s*[）)]|(?P<plain>\d{1,2})\s*(?:[.．](?!\d)|、)"
    r"|(?P<counted>[一二三四五六七八九十]{1,3})(?:是|、)|(?P<ring>[①-⑳]))"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of a passage that belongs to a part."""

    passage: int
    start: int
    end: int
    item: bool = False  # of the list that an earlier piece begins


@dataclass(frozen=True, slots=True)
class Row:
    """A passage of a document with the headings above it, among them the part that the document itself is."""

    passage: int
    start: int
    end: int
    path: tuple[str, ...]
    steps: tuple[Step | None, ...]  # the numbers of the headings


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands."""

    heading: tuple[str, ...]  # as the document writes them, down to the part's own
    pieces: tuple[Piece, ...]


class Outline:
    """The numbered parts of one document."""

    def __init__(
        self, read: Callable[[], str], stored: Iterable[StoredPassage], part: Part | None = None, begin: int = 0
    ) -> None:
        """Of all passages of the document, or of some; `part`: which part of a whole the document is by its title.

        `begin`: where a work begins within the document, of which only that is the outline then. `read` gives the
        document's text; it is not called where the headings of the passages tell enough.
        """
        self._read = read
        outer = () if part is None else part.headed
        names, numbers = tuple(step.label for step in outer), tuple(outer)
        rows: list[Row] = []
        last: tuple[str, ...] = ()
        begun: tuple[tuple[str, ...], Step] | None = None  # an article that began a passage's text, and the path there
        for one in stored:
            passage = one.passage
            path = (*names, *passage.heading)
            steps = (*numbers, *(step_of(title) for title in passage.heading))
            again = bool(rows) and last == passage.heading  # a heading's number stands before the first of its text
            last = passage.heading
            step = self._beginning(passage.start, passage.end, steps, again=again)
            if step is not None and step.kind == "条":  # one under another's heading stands beside it
                above = next((i for i, other in enumerate(steps) if other and other.kind == "条"), len(steps))
                begun = (path, step)
                path, steps = (*path[:above], step.label), (*steps[:above], step)
            elif step is not None:
                path, steps = (*path, step.number), (*steps, step)
            elif begun is not None and begun[0] == path:
                above = next((i for i, other in enumerate(steps) if other and other.kind == "条"), len(steps))
                path, steps = (*path[:above], begun[1].label), (*steps[:above], begun[1])
            else:
                begun = None
            rows.append(Row(one.id, passage.start, passage.end, path, steps))
        self.rows = tuple(_one_work(rows, begin) if begin else rows)
        self._is_within = bool(begin)

    def _beginning(self, start: int, end: int, steps: Sequence[Step | None], *, again: bool) -> Step | None:
        """The number that a passage's text begins with, where none of its headings bears it.

        `again`: it is not the first passage under its headings.
        """
        if steps and steps[-1] is not None and steps[-1].kind == "条" and not again:
            return None  # so that no text is read for this
        text = self.text[start : min(end, start + 60)]
        text = text[_DECORATION.match(text).end() :]  # type: ignore[union-attr]
        step = step_of(text)
        if step is None or step.kind not in _TEXT_BEGINS or step in steps:
            return None
        return step if step.kind != "条" or _ARTICLE.match(text) else None

    @cached_property
    def text(self) -> str:
        """The document's text."""
        return self._read()

    def find(self, part: Part, *, strict: bool = False) -> Place | None:
        """Where a part stands; None where the document has none of that number.

        Where not `strict`, 二、 is 第二部分 in a document that has no parts of that name.
        """
        headed = self._absolute(part.headed, strict=strict)
        place = self._headed(headed, strict=strict) if headed else Place((), self._pieces(self.rows))
        if place is None:
            return None
        pieces = list(place.pieces)
        for step in part.within:
            pieces = self._paragraph(pieces, step) if step.kind == "款" else self._item(pieces, step)
            if not pieces:
                return None
        return Place(place.heading, tuple(pieces))

    def numbers(self, kind: str) -> tuple[Step, ...]:
        """The parts of a kind (or of what it means here), each once, in order."""
        kind = self._kind(Step(kind, "0"))
        found = dict.fromkeys(step for row in self.rows for step in row.steps if step and step.kind == kind)
        if kind == "条":
            found.update(dict.fromkeys(step for _, step in self._articles))
        return tuple(found)

    def count(self, part: Part) -> int:
        """How many paragraphs or items the place has in which the part is asked for."""
        *outer, last = part.steps
        place = self.find(Part(tuple(outer)))
        if place is None:
            return 0
        if last.kind == "款":
            return len(self._paragraphs(place.pieces))
        return len({count for _, _, count in self._items(place.pieces)})

    def expanded(self, part: Part) -> tuple[Part, ...]:
        """The parts that all of a kind (共几章) are; the last one alone of articles, whose number tells how many."""
        *outer, last = part.steps
        if last.number != ALL:
            return (part,)
        if last.kind in WITHIN:
            return (Part(tuple(outer)),)
        if last.kind == "条":
            return (Part((*outer, Step("条", f"{LAST}1"))),)
        return tuple(Part((*outer, step)) for step in self.numbers(last.kind)) if not outer else ()

    def _absolute(self, steps: Sequence[Step], *, strict: bool) -> tuple[Step, ...]:
        """最后一条 by its number; a number that no part has where there are not so many."""
        made: list[Step] = []
        for step in steps:
            if not step.number.startswith(LAST):
                made.append(step)
                continue
            rows: Sequence[Row] = self.rows
            if made:
                rows = self._under([one if strict else Step(self._kind(one), one.number) for one in made])
            kind = self._kind(step)
            here = dict.fromkeys(one for row in rows for one in row.steps if one and one.kind == kind)
            if kind == "条" and not made:
                here.update(dict.fromkeys(one for _, one in self._articles))
            back = int(step.number[1:])
            ordered = sorted(here, key=_in_order)
            made.append(ordered[-back] if back <= len(ordered) else Step(step.kind, ""))
        return tuple(made)

    def _kind(self, step: Step) -> str:
        """What bears a number in this document: a document without 第二部分 may have 二、."""
        means = MAY_MEAN.get(step.kind, (step.kind,))
        if "." in step.number:
            means = ("1.1", "1.1.1", *means)
        here = {one.kind for row in self.rows for one in row.steps if one is not None}
        return next((kind for kind in means if kind in here), step.kind)

    def _headed(self, wanted: Sequence[Step], *, strict: bool) -> Place | None:
        steps = [step if strict else Step(self._kind(step), step.number) for step in wanted]
        rows = self._under(steps)
        if not rows and len(steps) > 1 and steps[-1].kind == "条":  # articles are counted through all chapters
            rows = self._under(steps[-1:])
        if rows:
            depth = max(self._depth(rows[0], step) for step in steps[-1:])
            return Place(rows[0].path[: depth + 1], self._pieces(rows))
        return self._run_on(steps[-1]) if steps[-1].kind == "条" else None

    def _under(self, steps: Sequence[Step]) -> list[Row]:
        outermost = None
        if steps[0].kind in _OUTLINES:  # 1. may come again under every heading
            depths = [
                index
                for row in self.rows
                for index, step in enumerate(row.steps)
                if step and step.kind == steps[0].kind
            ]
            outermost = min(depths, default=None)
        found = []
        for row in self.rows:
            position = -1
            for step in steps:
                position = self._depth(row, step, position + 1)
                if position < 0 or (step is steps[0] and outermost is not None and position != outermost):
                    position = -1
                    break
            if position >= 0:
                found.append(row)
        return found

    def _depth(self, row: Row, step: Step, start: int = 0) -> int:
        """Which of a passage's headings is a step; -1 where none is."""
        for index in range(start, len(row.path)):
            if step.kind == NAMED:
                name = name_of(row.path[index])
                if name == step.number or (len(name) <= 12 and name.endswith(f"与{step.number}")):
                    return index
            elif row.steps[index] == step:
                return index
        return -1

    def _pieces(self, rows: Iterable[Row]) -> tuple[Piece, ...]:
        return tuple(Piece(row.passage, row.start, row.end) for row in rows)

    def _run_on(self, wanted: Step) -> Place | None:
        """An article in the middle of a paragraph: 第一条 …。第二条 …。"""
        found = self._articles
        for index, (start, step) in enumerate(found):
            row = next((row for row in self.rows if row.start <= start < row.end), None)
            if step != wanted or row is None:
                continue
            end = found[index + 1][0] if index + 1 < len(found) else row.end
            left, right = trim(self.text, start, min(end, row.end))
            pieces = [Piece(row.passage, left, right)]
            for other in self.rows:  # a long paragraph is several passages
                if row.end <= other.start < end and other.path == row.path:
                    pieces.append(Piece(other.passage, *trim(self.text, other.start, min(end, other.end))))
            return Place((*row.path, wanted.label), tuple(pieces))
        return None

    @cached_property
    def _articles(self) -> list[tuple[int, Step]]:
        """Where articles begin in the text, after whatever sentence."""
        start, end = (self.rows[0].start, self.rows[-1].end) if self._is_within and self.rows else (0, len(self.text))
        matches = ((match.start(), step_of(match[0])) for match in _ARTICLE.finditer(self.text, start, end))
        return [(start, step) for start, step in matches if step is not None]

    # within an article

    def _paragraphs(self, pieces: Sequence[Piece]) -> list[list[Piece]]:
        """The paragraphs (款) of an article; the items of a list belong to the one that leads to it."""
        found: list[list[Piece]] = []
        for piece in pieces:
            text = masked(self.text[piece.start : piece.end])
            for (start, end), _ in paragraphs(text):
                own = Piece(piece.passage, piece.start + start, piece.start + end)
                if found and _ITEM.match(text, start, end) and not _counts_itself(text[start:end]):
                    found[-1].append(Piece(own.passage, own.start, own.end, item=True))
                else:
                    found.append([own])
        return found

    def _paragraph(self, pieces: Sequence[Piece], step: Step) -> list[Piece]:
        found = self._paragraphs(pieces)
        index = int(step.number) - 1 if step.number.isdecimal() else -1
        if step.number.startswith(LAST):
            index = len(found) - int(step.number[1:])
        return found[index] if 0 <= index < len(found) else []

    def _items(self, pieces: Sequence[Piece]) -> list[tuple[Piece, str, str]]:
        """The items in some text, each with its style and number."""
        found = []
        for piece in pieces:
            starts = item_starts(self.text, piece.start, piece.end)
            for start, end in zip(starts, (*starts[1:], piece.end), strict=True):
                match = _ITEM.match(self.text, start, piece.end)
                if match is None:
                    continue
                style, written = next((name, value) for name, value in match.groupdict().items() if value)
                line = self.text.find("\n", start, end)
                own = Piece(piece.passage, *trim(self.text, start, end if line < 0 else line), item=True)
                found.append(
                    (
                        own,
                        style if written.isdecimal() else f"{style} 一",
                        str(ord(written) - ord("①") + 1) if style == "ring" else number(written) or "",
                    )
                )
        return found

    def _item(self, pieces: Sequence[Piece], step: Step) -> list[Piece]:
        """An item, after the words that lead to its list."""
        items = self._items(pieces)
        if step.number.startswith(LAST):
            counts = list(dict.fromkeys(count for _, _, count in items))
            step = Step(step.kind, ([""] * _FAR + counts)[-int(step.number[1:])])
        first = next((style for _, style, _ in items), "")
        nested = step.kind == "目" and any(style != first for _, style, _ in items)
        for index, (own, style, count) in enumerate(items):
            if count != step.number or (style == first) == nested:
                continue
            before = [other for other, kind, _ in items[:index] if kind == style]
            opening = min((other.start for other in before), default=own.start)
            lead = next((piece for piece in pieces if piece.start <= own.start < piece.end), None)
            if lead is None or lead.start >= opening:
                before_it = [piece for piece in pieces if piece.end <= own.start and not piece.item]
                return [*before_it[-1:], own]
            sentence = self._lead(lead.start, opening)
            return [Piece(lead.passage, *sentence), own] if sentence[0] < sentence[1] else [own]
        return []

    def _lead(self, start: int, end: int) -> tuple[int, int]:
        """The last paragraph of a span, which leads to what follows it."""
        left, right = trim(self.text, start, end)
        line = self.text.rfind("\n", left, right)
        return trim(self.text, line + 1 if line >= 0 else left, right)


def _one_work(rows: Sequence[Row], begin: int) -> list[Row]:
    """The rows of a work within a document: from where it begins until the articles are counted anew."""
    found: list[Row] = []
    highest = 0
    for row in rows:
        if row.end <= begin:
            continue
        number_here = next((_in_order(step)[0] for step in row.steps if step and step.kind == "条"), None)
        if number_here == 1 and highest > 1:
            break
        highest = max(highest, number_here or 0)
        found.append(row)
    return found


def _in_order(step: Step) -> tuple[int, int]:
    main, _, sub = step.number.partition("之")
    return int(main) if main.isdecimal() else 0, int(sub) if sub.isdecimal() else 0


def begins_item(text: str, start: int, end: int) -> bool:
    """Whether a sentence begins with the number of an item: （一）, 1., ①, 一是."""
    return _ITEM.match(text, start, end) is not None and not _counts_itself(text[start:end])


def _counts_itself(line: str) -> bool:
    """Whether a line begins with the number of an article, which is no item of one."""
    step = step_of(line)
    return step is not None and step.kind == "条"
