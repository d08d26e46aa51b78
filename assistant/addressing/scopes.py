"""Which documents a question names: by title, marked or not, and by number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.addressing.addresses import Asked, Reading, without_lead
from assistant.addressing.numbers import Bearers, bearers
from assistant.addressing.titles import STRONG_KIND, Title, Titles, is_generic
from assistant.index.snapshot import Snapshot
from assistant.text.normal import CJK

_MOST_TITLES = 5  # that a name may mean, and all be preferred
_MOST_WORDS = 10  # of an English title
_ENDS = re.compile(r"[?.!,;:]|\s(?:say|says|state|states|provide|provides|require|requires|about|mean|means)\b")


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that a question names in one place, if there are any."""

    text: str  # as the question writes it
    start: int
    end: int
    titles: tuple[Title, ...]
    passages: tuple[int, ...] = ()  # that cite a number which no document bears
    kind: str = "marked"  # "marked" (《》), "spoken", "number"
    is_sure: bool = True  # else a name that several titles hold

    @property
    def shown(self) -> str:
        return f"《{self.text}》" if self.kind == "marked" else self.text


def scopes(snapshot: Snapshot, known: Titles, reading: Reading, inside: frozenset[str] | None) -> tuple[Scope, ...]:
    """What a question names, in its order; also what no document is."""
    found = [*_by_title(known, reading), *_by_part(known, reading)]
    spans: list[Scope] = []
    for scope in sorted(found, key=lambda scope: (not scope.titles, scope.start)):
        if all(scope.end <= other.start or other.end <= scope.start for other in spans):
            spans.append(scope)
    spans += _by_number(snapshot, known, reading, inside)
    if inside is not None:
        spans = [replace(s, titles=tuple(title for title in s.titles if title.document in inside)) for s in spans]
    return tuple(sorted(spans, key=lambda scope: scope.start))


def _by_title(known: Titles, reading: Reading) -> Iterator[Scope]:
    """Titles in 《》 or quotation marks, and those that stand there without."""
    hidden = list(reading.folded)
    for name in reading.names:
        meant = known.named(name.text)
        if name.marked and not is_generic(name.text):
            yield _scope(known, name.text, name.start, name.end, "marked")
        elif meant:
            yield Scope(name.text, name.start, name.end, meant, kind="spoken")
        if name.marked or meant:
            hidden[name.start : name.end] = "\n" * (name.end - name.start)
    for number in reading.numbers:
        hidden[number.start : number.end] = "\n" * (number.end - number.start)
    for start, end, found in known.spoken("".join(hidden)):
        yield Scope(reading.folded[start:end], start, end, found, kind="spoken")


def _by_part(known: Titles, reading: Reading) -> Iterator[Scope]:
    """What stands beside a part: 保密办法第三条, Section 3 of the safety policy."""
    for asked in reading.parts:
        yield from _after(known, reading, asked)
        run = reading.before(asked)
        name = without_lead(run)
        if len(name) < 2 or not re.search(f"[{CJK}]", name):
            continue
        start = reading.folded.rindex(run, 0, asked.start) + len(run) - len(name)
        if is_generic(name):
            continue
        scope = _scope(known, name, start, start + len(name), "spoken")
        if scope.titles or (STRONG_KIND.fullmatch(name) and len(name) <= 30):
            yield scope


def _after(known: Titles, reading: Reading, asked: Asked) -> Iterator[Scope]:
    """The longest title that follows “Section 3 of the”."""
    after = reading.after(asked)
    if not after:
        return
    begin = reading.folded.index(after, asked.end)
    stop = _ENDS.search(after)
    words = list(re.finditer(r"\S+", after[: stop.start()] if stop else after))[:_MOST_WORDS]
    for last in reversed(words):
        name = after[: last.end()]
        scope = _scope(known, name, begin, begin + len(name), "spoken")
        if scope.titles:
            yield scope
            return


def _scope(known: Titles, name: str, start: int, end: int, kind: str) -> Scope:
    """The documents of a name: of that title, else of the only title that holds it."""
    meant = known.named(name)
    if meant:
        return Scope(name, start, end, meant, kind=kind)
    groups = known.holding(name)
    if len(groups) > _MOST_TITLES:
        groups = ()
    documents = tuple(title for group in groups for title in group)
    return Scope(name, start, end, documents, kind=kind, is_sure=len(groups) <= 1)


def _by_number(snapshot: Snapshot, known: Titles, reading: Reading, inside: frozenset[str] | None) -> Iterator[Scope]:
    found: dict[tuple[str, ...], Bearers] = {}
    for number in reading.numbers:
        forms = number.forms()
        if forms not in found:
            found[forms] = bearers(snapshot, number, known.numbered, inside)
        borne = found[forms]
        documents = tuple(known.by_document[name] for name in borne.documents)
        yield Scope(number.text, number.start, number.end, documents, borne.citing, "number")
