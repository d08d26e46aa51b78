"""A document opened for reading: its text in blocks, its table of contents, its passages by number."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath

from assistant.index.database import Database
from assistant.reading.bounded import Bounded
from assistant.reading.contents import Entry, contents
from assistant.reading.original import Indexed, State, file_row, reading, state_of
from assistant.reading.sections import Block, HeadingLine, heading_line, section_blocks, section_edges
from assistant.text.marks import masked
from assistant.types import Document, Passage, Span

__all__ = ["Block", "Entry", "Opened", "State", "lay_out", "open_document"]

# Characters of the documents that stay opened, and of the blocks of one that stay cut.
_KEPT = 30_000_000
_KEPT_BLOCKS = 2_000_000


@dataclass(frozen=True)
class Opened:
    """A document as it was indexed, and how its file stands to that."""

    document: Document
    passages: tuple[Passage, ...]  # in order
    contents: tuple[Entry, ...]  # its headings, in order
    state: State  # of the file: as it was indexed, changed since, not there (any more), or away with the whole library
    _masked: str = field(repr=False)
    _cut: Bounded[int, tuple[Block, ...]] = field(repr=False, compare=False)

    @property
    def kind(self) -> str:
        """What its name ends with, in lower case and without the dot: "pdf", "docx", "md"; "" where there is nothing.

        That of a line of a corpus (file.jsonl#id) is that of its file.
        """
        name = self.document.id
        file = name[: name.lower().find(".jsonl#") + 6] if ".jsonl#" in name.lower() else name
        return PurePosixPath(file).suffix.lower().removeprefix(".")

    @property
    def encoding(self) -> str | None:
        return self.document.encoding

    @property
    def pages(self) -> tuple[int, ...]:
        """The offset at which each page begins, page 1 first; empty for a format without pages."""
        return self.document.pages

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks: together they are the whole text. Of a long text rather take a `part`."""
        return tuple(chain.from_iterable(map(self._section, range(len(self._edges) - 1))))

    def passage_number(self, span: Span) -> int | None:
        """Which passage (from 1) a span lies in or, where it begins before one, reaches into; None for neither."""
        index = bisect_right(self._passage_starts, span[0]) - 1
        if index >= 0 and self.passages[index].end > span[0]:
            return index + 1
        following = index + 1
        return following + 1 if following < len(self.passages) and self._passage_starts[following] < span[1] else None

    def heading_of(self, span: Span) -> tuple[str, ...]:
        """The heading path of a span: that of its passage, else of the headings above it."""
        number = self.passage_number(span)
        if number is not None:
            return self.passages[number - 1].heading
        path: list[Entry] = []
        for entry in self.contents[: bisect_right(self.contents, span[0], key=lambda entry: entry.start)]:
            while path and path[-1].level >= entry.level:
                path.pop()
            path.append(entry)
        return tuple(entry.text for entry in path)

    def page_of(self, offset: int) -> int | None:
        """The page (from 1) of a place; None for a format without pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None

    def pages_of(self, span: Span) -> tuple[int, ...]:
        """The pages (from 1) that a span lies on; empty for a format without pages."""
        if not self.pages:
            return ()
        first, last = self.page_of(span[0]), self.page_of(max(span[0], span[1] - 1))
        assert first is not None
        assert last is not None
        return tuple(range(first, last + 1))

    def part(self, offset: int, characters: int) -> tuple[Block, ...]:
        """The blocks that text[offset:offset + characters] lies in, whole; none beyond the end of the text."""
        start, end = max(0, offset), min(len(self._masked), max(0, offset) + max(1, characters))
        if start >= end:
            return ()
        sections = range(bisect_right(self._edges, start) - 1, bisect_left(self._edges, end))
        blocks = list(chain.from_iterable(map(self._section, sections)))
        first = bisect_right(blocks, start, key=lambda block: block.end)
        return tuple(blocks[first : bisect_left(blocks, end, key=lambda block: block.start)])

    @cached_property
    def _passage_starts(self) -> list[int]:
        return [passage.start for passage in self.passages]

    @cached_property
    def _headings(self) -> list[HeadingLine]:
        found: list[HeadingLine] = []
        for entry in self.contents:
            line = heading_line(self._masked, entry.start, entry.end, entry.level)
            if line is not None and (not found or line.start >= found[-1].end):
                found.append(line)
        return found

    @cached_property
    def _edges(self) -> tuple[int, ...]:
        return section_edges(self._masked, self._headings)

    def _section(self, number: int) -> tuple[Block, ...]:
        blocks = self._cut.get(number)
        if blocks is None:
            start, end = self._edges[number : number + 2]
            first = bisect_left(self._headings, start, key=lambda line: line.start)
            last = bisect_left(self._headings, end, key=lambda line: line.start)
            blocks = tuple(section_blocks(self._masked, start, end, self._headings[first:last]))
            self._cut.put(number, blocks, end - start)
        return blocks


_opened: Bounded[tuple[str, int, str, str], Opened] = Bounded(_KEPT)


def open_document(assistant: Indexed, document_id: str) -> Opened:
    """A document as it was indexed last. Raises KeyError, NotIndexedError, LibraryIndexError."""
    with reading(assistant) as database:
        file = file_row(database, document_id)
        (version,) = database.connection.execute(
            "SELECT digest FROM documents WHERE name = ?", (document_id,)
        ).fetchone()
        key = (str(assistant.index_dir), database.generation, document_id, version)
        opened = _opened.get(key)
        if opened is None:
            opened = lay_out(database.document(document_id), _passages(database, document_id))
            _opened.put(key, opened, len(opened.document.text))
    state = state_of(assistant.library, file)
    return opened if opened.state == state else replace(opened, state=state)


def _passages(database: Database, document_id: str) -> list[Passage]:
    query = (
        'SELECT start, "end", heading, page FROM passages JOIN documents ON documents.id = document WHERE name = ? '
        "ORDER BY start"
    )
    paths: dict[str, tuple[str, ...]] = {}  # most passages share theirs with the one before
    found = []
    for start, end, heading, page in database.connection.execute(query, (document_id,)):
        path = paths.get(heading)
        if path is None:
            path = paths[heading] = tuple(json.loads(heading))
        found.append(Passage(document_id, start, end, path, page))
    return found


def lay_out(document: Document, passages: Sequence[Passage], state: State = "present") -> Opened:
    """A document with its passages, in order, opened."""
    masked_text = masked(document.text)
    return Opened(
        document, tuple(passages), contents(document, passages, masked_text), state, masked_text, Bounded(_KEPT_BLOCKS)
    )
