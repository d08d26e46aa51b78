"""Works within documents: the measure that a notice attaches, one of a collection; its title is a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.addressing.titles import Title, Titles, key
from assistant.index.snapshot import Snapshot
from assistant.text.marks import masked
from assistant.text.normal import literal
from assistant.text.tokens import required

_READ = 200  # passages that may be under such a title
_MOST = 20  # documents that are looked through
_LONGEST_TITLE = 100  # characters, over two lines
_FOLLOWS = 1_500  # characters: within so many of its title a work has begun, even where contents come first
_BEGINS = re.compile(r"^\s*[#*]*\s*(?:第\s*[一1１]\s*[条條章编編部]|一\s*、|1\s*[.．、])", re.MULTILINE)
_ENDS = re.compile(r"[。；;，,：:]\s*$")


def works(snapshot: Snapshot, known: Titles, name: str, inside: frozenset[str] | None) -> tuple[Title, ...]:
    """Documents with a work of that title, and where in them it begins."""
    wanted = key(name)
    if len(wanted) < 4 or not re.search(r"[^\W\d_a-z]", wanted):
        return ()
    ranges = snapshot.area(inside).ranges
    ids = snapshot.keywords.holding([[required(literal(name).strip())]], within=ranges)
    documents = dict.fromkeys(stored.passage.document for stored in snapshot.passages(ids[:_READ]).values())
    found = []
    for document in list(documents)[:_MOST]:
        begin = _begin(snapshot.document(document).text, wanted)
        if begin is not None:
            found.append(replace(known.by_document[document], title=name.strip(), begin=begin))
    return tuple(found)


def _begin(text: str, wanted: str) -> int | None:
    """Where the text under a title begins: the last such line that a work follows, for contents come before it."""
    ends = [end for end in _title_lines(text, wanted) if _BEGINS.search(text, end, end + _FOLLOWS)]
    return ends[-1] if ends else None


def _title_lines(text: str, wanted: str) -> Iterator[int]:
    """The ends of the lines, or pairs of lines, that are a title."""
    lines = masked(text).splitlines(keepends=True)
    position = 0
    for index, line in enumerate(lines):
        position += len(line)
        if not line.strip() or len(line) > _LONGEST_TITLE or _ENDS.search(line):
            continue
        if key(line) == wanted:
            yield position
            continue
        following: Sequence[str] = lines[index + 1 : index + 2]
        if following and wanted.startswith(key(line)) and key(line.strip() + following[0].strip()) == wanted:
            yield position + len(following[0])
