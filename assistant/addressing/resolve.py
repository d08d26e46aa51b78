"""The documents and parts of documents that a question names, looked up in a library.

《某办法》 prefers that document; 《某办法》第十二条 goes straight to that article; what no text has is refused by its
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.addressing.addresses import Asked, asks_only, asks_title, asks_what, is_subject, read
from assistant.addressing.numbered import may_be, words_of
from assistant.addressing.outline import Outline, Piece, Place
from assistant.addressing.parts import NAMED, WITHIN, Part, Step, is_counted
from assistant.addressing.refusals import no_document, no_part, only_mentioned
from assistant.addressing.scopes import Scope, scopes, version_of
from assistant.addressing.subjects import find_subject
from assistant.addressing.titles import KIND, Title, Titles, mentions, titles
from assistant.index.database import StoredPassage
from assistant.index.snapshot import Snapshot
from assistant.text.marks import without_marks
from assistant.text.normal import fold, has_chinese, literal
from assistant.text.tokens import Required, required
from assistant.types import Refusal

_MOST_VERSIONS = 3  # of a document whose contents are asked for
_MOST_BEARERS = 10  # of a number, each another issuer's
_FEW = 20  # documents: each is looked through for a part that no document is named for
_MOST_DOCUMENTS = 500  # with such a part; 10 of them are shown
_READ = 20_000  # passages that hold a number such as 第3条
_CHECKED = 200  # passages that may mention a title


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A part of a document, or a whole one, that a question names."""

    document: str
    label: str  # as it is shown: 《…》 › 第十二条
    pieces: tuple[Piece, ...]
    heading: str = ""  # the part's own, as the document writes it; empty for a document
    depth: int = 0  # how many headings of its passages' paths lead to it, its own included
    is_long: bool = False  # 第三章, or a document: its outline may have to do
    is_cited: bool = False  # passages that only tell of it

    @property
    def passages(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(piece.passage for piece in self.pieces))


@dataclass(frozen=True, slots=True)
class Address:
    """What a question names, as far as the library has it."""

    documents: frozenset[str] = frozenset()  # preferred; nothing else is left out
    parts: tuple[FoundPart, ...] = ()  # exactly what is named
    only: bool = False  # the question asks for nothing but what stands there
    title_only: bool = False  # it asks for the heading of the place
    is_sure: bool = True  # one document is meant; else any that has such a part may be
    rest: str = ""  # of the question
    refusal: Refusal | None = None  # what is named is in no text
    names: tuple[str, ...] = ()  # of the documents, as they are shown: 《…》
    by_number: bool = False  # a 文号 is named
    is_exact: bool = False  # the documents are those named, and no others are

    @property
    def passages(self) -> tuple[int, ...]:
        """The exact places, in order."""
        return tuple(dict.fromkeys(number for part in self.parts for number in part.passages))

    @property
    def asked_there(self) -> str:
        """The words that tell passages of the place apart; empty where those of the whole question do.

        Every passage of a document goes with its title, but only one holds its number; a passage that says the title's
        words once more (第一条 为加强电动自行车管理) is no answer for that.
        """
        return self.rest if (self.parts or self.by_number or self.is_exact) and not self.only else ""

    @property
    def shown(self) -> tuple[str, ...]:
        """What was understood: parts, or else documents."""
        return tuple(dict.fromkeys(part.label for part in self.parts if part.heading)) or self.names


def resolve(
    snapshot: Snapshot, question: str, *, documents: Sequence[str] = (), inside: frozenset[str] | None = None
) -> Address:
    """What a question names in a library.

    `documents` are those that the question before was about: 第三条 without a title is theirs. `inside` are those that
    the search is kept to; None for all.
    """
    known = titles(snapshot)
    reading = read(question)
    named = scopes(snapshot, known, reading, inside)
    asked = [one for one in reading.parts if one.part.headed or any(s.titles and s.titles[0].part for s in named)]
    asked = [one for one in asked if all(one.end <= scope.start or scope.end <= one.start for scope in named)]
    asked = [one for one in asked if one.clear or any(_is_beside(reading.folded, scope, one) for scope in named)]
    kinds = [reading.kind_before(one) for one in asked]
    taken = [(scope.start, scope.end) for scope in named]
    rest = reading.rest(*taken, *((start, end) for kind, start, end in kinds if kind))
    only, title_only = asks_only(rest), asks_title(rest)
    if not only or not (named or documents):
        asked = [one for one in asked if not is_counted(one.part)]
    if not (named or asked):
        return Address()
    kind = next((kind for kind, _, _ in kinds if kind), "")
    look = _Look(snapshot, known, inside, chinese=has_chinese(question))
    if asked:
        found = look.parts(named, asked, documents, only=only or title_only, kind=kind)
        title_only = title_only or all(
            is_counted(one.part) and one.part.steps[-1].kind not in ("条", *WITHIN) for one in asked
        )
    else:
        found = look.documents(named, rest, only=only)
    preferred = frozenset(title.document for scope in named for title in scope.titles)
    about = [scope for scope in named if is_subject(reading, scope.start, rest)]
    refusal = found.refusal or (None if found.parts or preferred else look.missing(about))
    return Address(
        preferred,
        found.parts,
        (only or found.is_subject) and not any(part.is_cited for part in found.parts),
        title_only and bool(asked),
        found.is_sure,
        rest,
        refusal,
        tuple(dict.fromkeys(shown_title(title) for scope in named for title in scope.titles[: _shown(scope)])),
        any(scope.kind == "number" and scope.titles for scope in named),
        len(named) == 1 and named[0].is_sure and named[0].kind != "spoken",
    )


def shown_title(title: Title) -> str:
    """A title as it is shown: in 《》 where it is Chinese."""
    text = title.title.strip()
    if not has_chinese(text):
        return text
    if text.startswith("《") and text.endswith("》") and "《" not in text[1:]:
        return text
    return f"《{text.replace('《', '〈').replace('》', '〉')}》"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was found of the parts a question names."""

    parts: tuple[FoundPart, ...] = ()
    is_sure: bool = True
    refusal: Refusal | None = None
    is_subject: bool = False  # they are what is asked of documents by its name


class _Look:
    """Looks in one library for what one question names."""

    def __init__(self, snapshot: Snapshot, known: Titles, inside: frozenset[str] | None, *, chinese: bool) -> None:
        self._snapshot = snapshot
        self._known = known
        self._inside = inside
        self._ranges = snapshot.area(inside).ranges
        self._chinese = chinese
        self._outlines: dict[tuple[str, int], Outline] = {}

    def documents(self, named: Sequence[Scope], rest: str, *, only: bool) -> _Parts:
        """The contents of documents, where nothing else is asked for; the passages that cite a number no one bears."""
        parts: list[FoundPart] = []
        for scope in named:
            if scope.passages and not scope.titles:
                parts += self._cited(scope.shown, self._snapshot.passages(scope.passages).values())
            if not only and scope.is_sure and len(named) == 1 and (places := self._subjects(scope, rest)):
                return _Parts(tuple(places), is_subject=True)
            most = _MOST_BEARERS if scope.kind == "number" else _MOST_VERSIONS
            chosen = self._newest(scope.titles)[:most] if only and scope.is_sure else ()
            if scope.kind == "spoken" and not rest and not re.search(rf"{KIND}$", scope.text):
                chosen = ()  # a question that is a document's title asks what it asks
            if scope.kind != "number" and asks_what(rest):
                chosen = ()
            for title in chosen:
                if title.part is None:
                    pieces = tuple(Piece(r.passage, r.start, r.end) for r in self._outline(title).rows)
                    parts.append(FoundPart(title.document, shown_title(title), pieces, is_long=True))
        # Two issuers may have given the same number: then which is meant is not said.
        several = any(scope.kind == "number" and len(scope.titles) > 1 for scope in named)
        return _Parts(tuple(parts), is_sure=not several)

    def _subjects(self, scope: Scope, rest: str) -> list[FoundPart]:
        """What is asked of some documents by its name: 主要任务, 原告, 判决结果."""
        found = []
        for title in self._newest(scope.titles)[:_MOST_VERSIONS]:
            outline = self._outline(title)
            place = find_subject(outline.text, outline, rest) if outline.rows else None
            if place is not None:
                found.append(self._found(title, Part(()), place[1], place[0]))
        return found

    def parts(
        self, named: Sequence[Scope], asked: Sequence[Asked], before: Sequence[str], *, only: bool, kind: str = ""
    ) -> _Parts:
        """The parts that are asked for, each in the document named beside it, or in those of the question before.

        `kind`: the question says which kind of document it is.
        """
        parts: list[FoundPart] = []
        is_sure = True
        missing: list[tuple[Scope | None, Part]] = []
        for one in asked:
            scope = _scope_of(named, one)
            here = scope.titles if scope is not None else self._implied(before)
            if one.broken and here:
                parts += self._breaking(here, one.part)
                continue
            found = self._in(here, one.part) if here else []
            if scope is None and not found:
                found = self._of_kind(self._anywhere(one.part), kind)
                is_sure = is_sure and len(found) <= 1
            elif scope is not None and not here:
                found = self._mentioned(scope, one.part)
            if not found:
                missing.append((scope, one.part))
            parts += found
            is_sure = is_sure and (scope is None or scope.is_sure)
        if parts or not missing:
            return _Parts(tuple(dict.fromkeys(parts)), is_sure)
        return _Parts(refusal=self._refusal(missing, before, only=only))

    def missing(self, named: Sequence[Scope]) -> Refusal | None:
        """A refusal where a question names documents and no text has or mentions any of them."""
        lost = [scope for scope in named if scope.kind != "spoken" and not scope.titles and not scope.passages]
        lost = [scope for scope in lost if scope.kind == "number" or not self._mentioning(scope.text)]
        if not lost or len(lost) < len(named):
            return None
        return no_document([scope.shown for scope in lost], inside=self._inside is not None, chinese=self._chinese)

    def _refusal(
        self, missing: Sequence[tuple[Scope | None, Part]], before: Sequence[str], *, only: bool
    ) -> Refusal | None:
        """Why none of the parts was found, where that shows that there is no answer."""
        scope, part = missing[0]
        labels = [one.label for _, one in missing]
        if scope is not None and not scope.titles:
            if scope.kind == "spoken":
                return None  # such words may be no name
            if scope.passages or self._mentioning(scope.text):
                return only_mentioned(scope.shown, labels, chinese=self._chinese) if only else None
            return no_document([scope.shown], inside=self._inside is not None, chinese=self._chinese)
        here = scope.titles if scope is not None else self._implied(before)
        if not here:
            return no_part("", labels, (), None, chinese=self._chinese) if only else None
        kind = part.headed[-1].kind if part.headed else "条"
        steps = self._steps(here, kind)
        if not steps and not only:
            return None
        inner = None
        outer = Part(tuple(step for step in part.steps if step not in part.within[-1:]))
        if part.within and outer.steps and self._in(here, outer):
            outline = self._outline(here[0])
            inner = (outer.label, outline.count(part), part.within[-1].kind)
        return no_part(shown_title(here[0]), labels, steps, inner, chinese=self._chinese)

    def _steps(self, here: Sequence[Title], kind: str) -> tuple[Step, ...]:
        """The parts of a kind that some documents have, or are."""
        if kind == NAMED:
            return ()
        own = [step for title in here if title.part for step in title.part.headed if step.kind == kind]
        return tuple(dict.fromkeys(own)) or self._outline(here[0]).numbers(kind)

    def _outline(self, title: Title) -> Outline:
        place = title.document, title.begin
        if place not in self._outlines:
            self._outlines[place] = self._outline_of(title, self._snapshot.passages_in([title.document]))
        return self._outlines[place]

    def _outline_of(self, title: Title, stored: Iterable[StoredPassage]) -> Outline:
        part = self._known.by_document[title.document].part
        return Outline(lambda: self._snapshot.document(title.document).text, stored, part, title.begin)

    def _implied(self, before: Sequence[str]) -> tuple[Title, ...]:
        """The documents of the question before, the only one of the library, or the only one the search is kept to."""
        names = [name for name in before if self._inside is None or name in self._inside]
        if not names and len(self._everything()) == 1:
            names = list(self._everything())
        return tuple(self._known.by_document[name] for name in names if name in self._known.by_document)

    def _everything(self) -> Sequence[str]:
        return list(self._known.by_document) if self._inside is None else sorted(self._inside)

    def _in(self, here: Sequence[Title], part: Part, *, strict: bool = False) -> list[FoundPart]:
        """A part of some documents, each a version of the whole or a part of it."""
        own = [title for title in here if title.part is not None and title.part.headed == part.headed]
        whole = [title for title in here if title.part is None]
        found = []
        for title in own or self._newest(whole):
            outline = self._outline(title)
            for one in self._meant(outline, part):
                place = outline.find(one, strict=strict)
                if place is not None:
                    found.append(self._found(title, one, place))
        return found

    def _meant(self, outline: Outline, part: Part) -> tuple[Part, ...]:
        """A part, or all of a kind that it stands for: 附件 without a number, 共几章."""
        last = part.steps[-1]
        if last.kind == "附件" and not last.number and last not in outline.numbers(last.kind):
            return tuple(Part((*part.steps[:-1], step)) for step in outline.numbers(last.kind))
        return outline.expanded(part)

    def _of_kind(self, found: list[FoundPart], kind: str) -> list[FoundPart]:
        """Those in documents of a kind, where there are any: 办法第三条 is that of a 办法."""
        if not kind:
            return found
        of_kind = re.compile(rf"{kind}(?:\([^)]*\))?(?:》?的通知)?$")
        return [one for one in found if of_kind.search(literal(self._known.by_document[one.document].title))] or found

    def _newest(self, here: Sequence[Title]) -> Sequence[Title]:
        """Versions of a document, the newest first; the texts tell their dates where the titles do not."""
        if not 1 < len(here) <= _FEW:
            return here

        return sorted(here, key=lambda title: version_of(self._snapshot, title), reverse=True)

    def _found(self, title: Title, part: Part, place: Place, name: str = "") -> FoundPart:
        within = "".join(step.label for step in part.within)
        heading = place.heading[-1] if place.heading else name or part.label
        label = f"{shown_title(title)} › {heading}{within}"
        is_long = part.headed[-1].kind != "条" if part.headed else bool(name and place.heading)
        is_long = is_long and not part.within
        depth = len(place.heading) - (len(title.part.headed) if title.part else 0)
        return FoundPart(title.document, label, place.pieces, heading, max(0, depth), is_long)

    def _anywhere(self, part: Part) -> list[FoundPart]:
        """A part of every document that has it."""
        everything = self._everything()
        if len(everything) <= _FEW:
            here = [self._known.by_document[name] for name in everything]
            return self._in_any(here, part, strict=True) or self._in_any(here, part, strict=False)
        step = part.headed[-1]
        documents: dict[str, list[StoredPassage]] = {}
        for stored in self._holding(words_of(step), _READ):
            name = stored.passage.document
            if may_be(step, self._known.by_document[name], stored):
                documents.setdefault(name, []).append(stored)
        look = _Look(self._snapshot, self._known, self._inside, chinese=self._chinese)
        for name in list(documents)[:_MOST_DOCUMENTS]:  # outlines of the passages of this part alone: for nothing else
            look._outlines[name, 0] = self._outline_of(self._known.by_document[name], documents[name])
        here = [self._known.by_document[name] for name in list(documents)[:_MOST_DOCUMENTS]]
        return look._in_any(here, part, strict=True)

    def _in_any(self, here: Iterable[Title], part: Part, *, strict: bool) -> list[FoundPart]:
        return [found for title in here for found in self._in([title], part, strict=strict)]

    def _breaking(self, here: Sequence[Title], part: Part) -> list[FoundPart]:
        """What some documents say of breaking one of their parts: other articles that name it."""
        own = {number for found in self._in(here, part) for number in found.passages}
        holding = [one for one in self._snapshot.passages_in(title.document for title in here) if one.id not in own]
        return self._cited(part.label, [one for one in holding if self._names(one, part)])

    def _mentioned(self, scope: Scope, part: Part) -> list[FoundPart]:
        """Passages that tell of a part of a document that is not in the library."""
        holding = self._snapshot.passages(scope.passages).values() if scope.passages else self._mentioning(scope.text)
        return self._cited(f"{scope.shown} › {part.label}", [one for one in holding if self._names(one, part)])

    def _cited(self, label: str, holding: Iterable[StoredPassage]) -> list[FoundPart]:
        return [
            FoundPart(
                one.passage.document,
                f"{shown_title(self._known.by_document[one.passage.document])} › {label}",
                (Piece(one.id, one.passage.start, one.passage.end),),
                label,
                is_cited=True,
            )
            for one in holding
        ]

    def _names(self, stored: StoredPassage, part: Part) -> bool:
        """Whether the text of a passage names a part."""
        wanted = re.escape(fold("".join(step.label for step in part.headed[-1:])))
        return re.search(rf"{wanted}(?!之)", fold(self._text(stored))) is not None

    def _mentioning(self, name: str) -> list[StoredPassage]:
        """Passages that hold a title, in whatever way it is written."""
        text = literal(name).strip().removeprefix("中华人民共和国")
        found = []
        for stored in self._holding([required(text)], _CHECKED):
            if mentions(literal("\n".join((stored.title, *stored.passage.heading, self._text(stored)))), text):
                found.append(stored)
        return found

    def _holding(self, forms: Sequence[Required], limit: int) -> list[StoredPassage]:
        """Passages that hold the words of one of some forms."""
        ids = self._snapshot.keywords.holding([forms], within=self._ranges)
        return list(self._snapshot.passages(ids[:limit]).values())

    def _text(self, stored: StoredPassage) -> str:
        passage = stored.passage
        return without_marks(self._snapshot.document(passage.document).text, passage.start, passage.end)


def _shown(scope: Scope) -> int:
    """How many documents of a scope are shown by name: of a title its newest version, of a number all that bear it."""
    return _MOST_BEARERS if scope.kind == "number" else 1


def _scope_of(named: Sequence[Scope], asked: Asked) -> Scope | None:
    """The document that a part is one of: the one named last before it, or else the one after it."""
    before = [scope for scope in named if scope.end <= asked.start]
    return before[-1] if before else next(iter(named), None)


def _is_beside(folded: str, scope: Scope, asked: Asked) -> bool:
    """Whether a part stands right behind a document's name."""
    between = folded[scope.end : asked.start]
    return scope.end <= asked.start and re.fullmatch(r"\s*(?:的|中的?|里的?)?\s*(?:\([^)]*\))?\s*", between) is not None
