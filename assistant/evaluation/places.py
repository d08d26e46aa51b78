"""Where the library holds what a questions file says of an answer, and what comes nearest to what it does not hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache

from assistant.assistant import Assistant
from assistant.errors import QuestionError
from assistant.evaluation.metrics import holds
from assistant.evaluation.questions import Case, Quoted
from assistant.text.sentences import sentences
from assistant.types import Problem

Place = tuple[str, int, int]  # document, start, end

# In a longer text the words of an answer stand here and there by chance: only a quote tells its sentence.
_SHORT_TEXT = 3000
_MOST_SUGGESTIONS = 50  # looking for what is near takes time; after so many the mistake is not in single lines
_LIKE = 0.4  # share of a quote's character bigrams that the nearest place needs to be worth telling
_SHOWN = 80  # characters of a quote in a message
_GONE = 'The library holds none of the places under "not": nothing is left to avoid. Correct or remove them.'


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the library holds a case's answer."""

    documents: frozenset[str] = frozenset()  # empty: not known
    spans: tuple[Place, ...] = ()  # alternatives, each is right
    spanned: bool = False  # a span is known; without `spans` it is none of this library's
    sentences: tuple[tuple[Place, ...], ...] = ()  # alternatives: all sentences of one are to be cited
    unwanted: tuple[Place, ...] = ()  # that do not answer

    def is_unwanted(self, document: str, start: int, end: int) -> bool:
        """Whether a span shares a character with a place that does not answer."""
        return any(_meet(place, (document, start, end)) for place in self.unwanted)

    def on_span(self, document: str, start: int, end: int) -> bool:
        """Whether a span shares a character with a gold span."""
        return any(_meet(place, (document, start, end)) for place in self.spans)

    def on_sentence(self, document: str, start: int, end: int) -> bool:
        """Whether a span shares a character with a gold sentence."""
        return any(_meet(place, (document, start, end)) for several in self.sentences for place in several)

    def met(self, cited: Sequence[Place]) -> float:
        """The share of the gold sentences that meet a citation, of the alternative that does best."""
        return max((sum(any(_meet(p, c) for c in cited) for p in s) / len(s) for s in self.sentences), default=0.0)


def _meet(first: Place, second: Place) -> bool:
    return first[0] == second[0] and first[1] < second[2] and second[1] < first[2]


class Library:
    """The documents of an Assistant by every name that a questions file may use; each text is fetched once."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._texts: dict[str, str] = {}
        self.documents = sorted(info.id for info in assistant.documents())
        short: dict[str, str | None] = {}
        for name in self.documents:
            for other in {name.rpartition("/")[2], name.partition("#")[2]} - {""}:
                short[other] = None if other in short else name
        self._names = {name: full for name, full in short.items() if full is not None}
        self._names |= {name: name for name in self.documents}

    def named(self, name: str) -> str | None:
        """The document that is meant: by its id, its id within a corpus, or its file's name where that is unique."""
        return self._names.get(name) or self._names.get(name.replace("\\", "/").removeprefix("./"))

    def text(self, document: str) -> str:
        if document not in self._texts:
            self._texts[document] = self._assistant.document(document).text
        return self._texts[document]

    def similar_name(self, name: str) -> str | None:
        return next(iter(get_close_matches(name, self._names, n=1)), None)

    def likely_documents(self, words: str) -> list[str]:
        """The documents that a search for a quote's words finds."""
        try:
            hits = self._assistant.search(words[:200], limit=5)
        except QuestionError:
            return []
        return list(dict.fromkeys(hit.passage.document for hit in hits))


def locate(cases: Iterable[Case], assistant: Assistant) -> tuple[dict[str, Gold], tuple[Problem, ...]]:
    """Find each case's place in the library, by case id. What it does not hold is a problem, and counts as missed."""
    library = Library(assistant)
    found: dict[str, Gold] = {}
    problems: list[Problem] = []
    for case in cases:
        wanted = [*case.passage_ids, *((case.document,) if case.document else ()), *(one.document for one in case.also)]
        for name in wanted:
            if library.named(name) is None:
                near = library.similar_name(name) if len(problems) < _MOST_SUGGESTIONS else None
                advice = f"Did you mean “{near}”?" if near else "Correct the name or index it."
                problems.append(Problem(case.place, f"The library has no document “{name}”. {advice}"))
        spans = _spans_of(case, library)
        named = case.document is None or library.named(case.document) is not None
        if case.gives_place and not spans and named:
            detailed = len(problems) < _MOST_SUGGESTIONS
            problems.append(Problem(case.place, _not_there(_first_place(case), library, detailed=detailed)))
        unwanted = [_spans_of(_of_place(case, one), library) for one in case.unwanted]
        if case.unwanted and not any(unwanted):
            problems.append(Problem(case.place, _GONE))
        held = {library.named(name) or name for name in wanted} | {name for name, _, _ in spans}
        gold = tuple(_sentences_around(place, library) for place in spans)
        if not case.gives_place and case.answers:
            gold = tuple(_sentences_that_say(case.answers, held, library))
        rejected = tuple(place for several in unwanted for place in several)
        found[case.id] = Gold(frozenset(held), spans, case.gives_place, gold, rejected)
    return found, tuple(problems)


def _of_place(case: Case, place: Quoted) -> Case:
    """The same case, as if one place were all that it gives."""
    return replace(case, document=place.document, quote=place.quote, start=place.start, end=place.end, also=())


def _first_place(case: Case) -> Case:
    return case if case.quote is not None or case.start is not None else _of_place(case, case.also[0])


def _spans_of(case: Case, library: Library) -> tuple[Place, ...]:
    others = (span for place in case.also for span in _spans_of(_of_place(case, place), library))
    return tuple(dict.fromkeys((*_own_spans(case, library), *others)))


def _own_spans(case: Case, library: Library) -> tuple[Place, ...]:
    document = library.named(case.document) if case.document else None
    if document is not None and case.start is not None and case.end is not None:
        text = library.text(document)
        if case.end <= len(text) and case.quote in (None, text[case.start : case.end]):
            return ((document, case.start, case.end),)
    if case.quote is None or (case.document and document is None):
        return ()
    places = [document] if document else library.documents
    return tuple(
        (place, start, start + len(case.quote))
        for place in places
        for start in _occurrences(library.text(place), case.quote)
    )


def _occurrences(text: str, quote: str) -> Iterable[int]:
    start = text.find(quote)
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def _sentences_around(place: Place, library: Library) -> tuple[Place, ...]:
    """The sentences a span lies in; the span itself where it holds no sentence."""
    document, start, end = place
    text = library.text(document)
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", end)
    found = sentences(text, low, len(text) if high < 0 else high)
    return tuple((document, s, e) for s, e in found if s < end and start < e) or (place,)


def _sentences_that_say(
    answers: tuple[str, ...], documents: Iterable[str], library: Library
) -> Iterator[tuple[Place, ...]]:
    """The sentences of short documents in which one of the answers stands; a long answer may take several."""
    for document in sorted(documents):
        text = library.text(document) if library.named(document) else ""
        if len(text) > _SHORT_TEXT or not holds(text, answers):
            continue
        for answer in answers:
            for start in _occurrences(text, answer):
                around = _sentences_around((document, start, start + len(answer)), library)
                if holds(text[around[0][1] : around[-1][2]], (answer,)):  # the 4 of 1944 is not the answer 4
                    yield around
        # Where an answer stands in another width or case.
        yield from (((document, s, e),) for s, e in sentences(text, 0, len(text)) if holds(text[s:e], answers))


def _not_there(case: Case, library: Library, *, detailed: bool) -> str:
    """What to say of a quote or span that the library does not hold, with the place that comes nearest."""
    if case.quote is None:
        length = len(library.text(library.named(case.document or "") or library.documents[0]))
        return (
            f"{case.document} has {length:,} characters: the span {case.start} to {case.end} ends beyond. "
            "Correct it, or give a quote."
        )
    quote = case.quote
    said = f"{case.document or 'The library'} does not hold the quote “{_short(quote)}”."
    if not detailed:
        return f"{said} Correct it."
    document = library.named(case.document) if case.document else None
    others = [name for name in library.likely_documents(quote) if name != document]
    elsewhere = next(((name, library.text(name).find(quote)) for name in others if quote in library.text(name)), None)
    if elsewhere is not None:
        name, start = elsewhere
        return f"{said} It stands in {name}, characters {start}–{start + len(quote)}: correct the document."
    candidates = [document] if document else others
    near = max(((*place, name) for name in candidates if (place := nearest(library.text(name), quote))), default=None)
    if near is None:
        return f"{said} Nothing there comes near it: copy the sentence from the text."
    _, start, end, name = near
    return (
        f"{said} Nearest, in {name}, characters {start}–{end}: “{_short(library.text(name)[start:end], 200)}”. "
        "Copy it from there, every sign the same."
    )


def nearest(text: str, quote: str) -> tuple[float, int, int] | None:
    """The span of a text that is most like a quote, and how like it is (0 to 1); None if nothing is.

    The stretch of about the quote's length in which most characters begin one of its bigrams; width and case aside.
    """
    sought, searched = _flat(quote), _flat(text)
    bigrams = {sought[i : i + 2] for i in range(len(sought) - 1)}
    begins = [searched[i : i + 2] in bigrams for i in range(len(searched) - 1)]
    length = len(sought) + len(sought) // 10 + 2
    best = 0
    current = most = sum(begins[:length])
    for position in range(1, max(1, len(begins) - length + 1)):
        current += begins[position + length - 1] - begins[position - 1]
        if current > most:
            most, best = current, position
    inside = [position for position in range(best, min(best + length, len(begins))) if begins[position]]
    if not inside:
        return None
    start, end = inside[0], inside[-1] + 2
    shared = {searched[i : i + 2] for i in range(start, end - 1)} & bigrams
    likeness = len(shared) / len(bigrams)
    return (likeness, start, end) if likeness >= _LIKE else None


def _flat(text: str) -> str:
    return "".join(map(_flat_character, text))


@lru_cache(maxsize=65536)
def _flat_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded if len(folded) == 1 else character  # the length stays, so that places do


def _short(text: str, length: int = _SHOWN) -> str:
    words = text.replace("\n", "⏎").replace("\r", "")
    return words if len(words) <= length else words[:length] + "…"
