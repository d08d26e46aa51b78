"""Which documents a question names: by title, marked or not, and by number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.addressing.addresses import Asked, Reading, without_lead
from assistant.addressing.numbers import Bearers, bearers, named_by
from assistant.addressing.short_names import possible_names
from assistant.addressing.titles import STRONG_KIND, Title, Titles, date_of, is_generic
from assistant.addressing.works import works
from assistant.index.snapshot import Snapshot
from assistant.text.normal import CJK, literal

_MOST_TITLES = 5  # that a name may mean, and all be preferred
_MOST_WORDS = 10  # of an English title
_LONGEST_NAME = 30  # characters of one that is not marked
_BEGINNING = 300  # characters: where a document says its date
_KIND_ENDS = re.compile(r"(?:条例|办法|章程|规定|细则|规则|守则|规程|指南|手册|须知|方案|预案|法)")
# The year of a version: 《…》（2019）, 2019年的《…》, 《…》2019版. That of 《…》2024年的额度 is another matter.
_YEAR_IN_NAME = re.compile(r"[(\[【〔]?((?:19|20)\d\d)年?[^()\d]{0,8}[)\]】〕]?》?$")
_YEAR_AFTER = re.compile(r"\s*[(\[【〔]?((?:19|20)\d\d)年?(?:[^()\d]{0,8}[)\]】〕]|(?:修订|修正)?[版本])")
_YEAR_BEFORE = re.compile(r"((?:19|20)\d\d)\s*年?(?:版|修订|修正|发布|公布|印发|出台|制定)*的?\s*$")
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
    look = _Named(snapshot, known, reading, inside)
    found = [*look.by_title(), *look.by_part()]
    spans: list[Scope] = []
    for scope in sorted(found, key=lambda scope: (not scope.titles, scope.start, not scope.is_sure)):
        if all(scope.end <= other.start or other.end <= scope.start for other in spans):
            spans.append(scope)
    spans += _by_number(snapshot, known, reading, inside)
    if inside is not None:
        spans = [replace(s, titles=tuple(title for title in s.titles if title.document in inside)) for s in spans]
    return tuple(sorted(spans, key=lambda scope: scope.start))


class _Named:
    """What one question names by title."""

    def __init__(self, snapshot: Snapshot, known: Titles, reading: Reading, inside: frozenset[str] | None) -> None:
        self._snapshot = snapshot
        self._known = known
        self._reading = reading
        self._inside = inside

    def by_title(self) -> Iterator[Scope]:
        """Titles in 《》 or quotation marks, and those that stand there without."""
        reading, known = self._reading, self._known
        hidden = list(reading.folded)
        for name in reading.names:
            meant = known.named(name.text)
            if name.marked and not is_generic(name.text):
                yield self._scope(name.text, name.start, name.end, "marked")
            elif meant:
                yield self._of_year(Scope(name.text, name.start, name.end, meant, kind="spoken"))
            if name.marked or meant:
                hidden[name.start : name.end] = "\n" * (name.end - name.start)
        for number in reading.numbers:
            hidden[number.start : number.end] = "\n" * (number.end - number.start)
        left = "".join(hidden)
        for start, end, found in known.spoken(left):
            yield self._of_year(Scope(reading.folded[start:end], start, end, found, kind="spoken"))
        yield from self._beginning(left)

    def _beginning(self, left: str) -> Iterator[Scope]:
        """A short name that a question begins with: preferred, for its words may mean something else."""
        lead = len(left) - len(without_lead(left))
        for end in _KIND_ENDS.finditer(left, lead):
            for name in possible_names(left[lead : end.end()]):
                meant = self._known.short(name)
                if meant:
                    start = end.end() - len(name)
                    yield self._of_year(Scope(name, start, end.end(), meant, kind="spoken", is_sure=False))
                    return

    def by_part(self) -> Iterator[Scope]:
        """What stands beside a part: 保密办法第三条, Section 3 of the safety policy."""
        reading = self._reading
        for asked in reading.parts:
            yield from self._after(asked)
            run = reading.before(asked)
            whole = without_lead(run)
            if not re.search(f"[{CJK}]", whole):
                continue
            end = reading.folded.rindex(run, 0, asked.start) + len(run)
            first: Scope | None = None
            for name in possible_names(whole):
                if is_generic(name):
                    continue
                scope = self._scope(name, end - len(name), end, "spoken")
                if scope.titles:
                    first = scope
                    break
                if STRONG_KIND.fullmatch(name) and len(name) <= _LONGEST_NAME:
                    first = first or scope
            if first is not None:
                yield first

    def _after(self, asked: Asked) -> Iterator[Scope]:
        """The longest title that follows “Section 3 of the”."""
        after = self._reading.after(asked)
        if not after:
            return
        begin = self._reading.folded.index(after, asked.end)
        stop = _ENDS.search(after)
        words = list(re.finditer(r"\S+", after[: stop.start()] if stop else after))[:_MOST_WORDS]
        for last in reversed(words):
            name = after[: last.end()]
            scope = self._scope(name, begin, begin + len(name), "spoken")
            if scope.titles:
                yield scope
                return

    def _scope(self, name: str, start: int, end: int, kind: str) -> Scope:
        """The documents of a name: of that title, else of the only title that holds it or that it is short for."""
        known = self._known
        meant = known.named(name)
        groups = () if meant else known.holding(name)
        if len(groups) > _MOST_TITLES:
            groups = ()
        documents = meant or tuple(title for group in groups for title in group)
        documents = documents or works(self._snapshot, known, name, self._inside) or known.short(name)
        return self._of_year(Scope(name, start, end, documents, kind=kind, is_sure=len(groups) <= 1))

    def _of_year(self, scope: Scope) -> Scope:
        """The version of a year, where the question names one beside the title and the library has it."""
        folded = self._reading.folded
        own = _YEAR_IN_NAME.search(folded, scope.start, scope.end)
        after = _YEAR_AFTER.match(folded, scope.end)
        before = _YEAR_BEFORE.search(folded[: scope.start])
        year = own or after or before
        if year is None or len(scope.titles) < 2:
            return scope
        titles = tuple(title for title in scope.titles if self._year(title) == year[1])
        if not titles:
            return scope
        start = before.start() if before is not None and year is before else scope.start
        return replace(scope, titles=titles, start=start, end=after.end() if after is not None else scope.end)

    def _year(self, title: Title) -> str:
        return version_of(self._snapshot, title)[:4]


def version_of(snapshot: Snapshot, title: Title) -> str:
    """The date of a version; the text tells it where the title does not."""
    return title.date or date_of(literal(snapshot.document(title.document).text[:_BEGINNING]))


def _by_number(snapshot: Snapshot, known: Titles, reading: Reading, inside: frozenset[str] | None) -> Iterator[Scope]:
    found: dict[tuple[str, ...], Bearers] = {}
    for number in reading.numbers:
        forms = number.forms()
        if forms not in found:
            found[forms] = bearers(snapshot, number, known.numbered, inside)
        borne = found[forms]
        names = borne.documents or named_by(number, known.by_document)
        if number.said is not None and not (names or borne.citing):
            continue  # such words may be no number of a document
        documents = tuple(known.by_document[name] for name in names)
        yield Scope(number.text, number.start, number.end, documents, borne.citing, "number")
