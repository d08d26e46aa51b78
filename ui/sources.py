"""The sources of an answer as markup: a card for each passage, with the quotes in it marked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.types import Answer, Citation, Hit, Passage, Span
from ui import links
from ui.escape import escape, pieces, read_as, titled, without_blank_lines
from ui.messages import Words
from ui.search.marked import marked
from ui.search.why import explained, reason_of

NEAREST_SHOWN = 5  # passages under a refusal
STYLES = ("plain", "markdown", "footnotes", "gbt7714")  # in which quotes can be copied with their sources
QUESTION_SHOWN = 200  # characters of a question that are repeated above its answer and its sources
Marks = Mapping[int | None, str]


def cited(given: Answer, turn: int, words: Words, marks: Marks) -> str:
    """One card for each cited passage, in the order in which the answer cites them, then the other passages."""
    grouped: dict[tuple[str, int, int], list[Citation]] = {}
    hits = {(hit.passage.document, hit.passage.start, hit.passage.end): hit for hit in given.hits}
    for citation in given.citations:
        place = next(
            (
                key
                for key in hits
                if key[0] == citation.document and key[1] <= citation.start and citation.end <= key[2]
            ),
            (citation.document, citation.start, citation.end),
        )
        grouped.setdefault(place, []).append(citation)
    cards = "".join(
        _card(
            hits.get(place),
            citations,
            turn,
            words,
            _of_citations(citations, marks, words),
            given.places,
            given.citations,
        )
        for place, citations in grouped.items()
    )
    others = [hit for place, hit in hits.items() if place not in grouped]
    if others:
        rest = "".join(_card(hit, (), turn, words, places=given.places) for hit in others)
        label = escape(words.other_passages.format(n=len(others)))
        cards += f'<details class="others"><summary>{label}</summary>{rest}</details>'
    return panelled(given, turn, words.cited, cards, "cited", words)


def nearest(given: Answer, turn: int, words: Words) -> str:
    """The passages nearest to a question that the texts do not answer; nothing where there is none."""
    hits = given.hits[:NEAREST_SHOWN]
    if not hits:
        return ""
    cards = "".join(_card(hit, (), turn, words, places=given.places) for hit in hits)
    explained = f'<p class="explain">{escape(words.nearest_detail)}</p>'
    return panelled(given, turn, words.nearest, explained + cards, "nearest", words)


def panelled(given: Answer, turn: int, heading: str, cards: str, kind: str, words: Words) -> str:
    """A turn's sources under a heading."""
    return (
        f'<div class="sources {kind}" id="sources-{turn}" lang="{words.language}"><div class="top">'
        f'<h2>{escape(heading)}</h2><p class="for" {read_as(given.question)}>'
        f"{escape(given.question.strip()[:QUESTION_SHOWN])}</p></div>{cards}</div>"
    )


def verdicts(kinds: Sequence[tuple[str, str]], citation: int | None, marks: Marks, words: Words) -> str:
    """Buttons by which a reader says whether the source is right; what was said is pressed."""
    given = marks.get(citation)
    name = words.verdict if citation is None else f"{words.verdict} [{citation}]"
    buttons = "".join(
        f'<button type="button" class="verdict {kind}" value="{kind}{"" if citation is None else f":{citation}"}" '
        f'aria-pressed="{"true" if given == kind else "false"}"{_hint(label, words)}>{escape(label)}</button>'
        for kind, label in kinds
    )
    return f'<span class="verdicts" role="group" aria-label="{escape(name)}">{buttons}</span>'


def _hint(label: str, words: Words) -> str:
    """What a button means, where its label does not say it all."""
    return f' title="{escape(words.verdict_missing_hint)}"' if label == words.verdict_missing else ""


def copying(words: Words, citation: int | None = None) -> str:
    """The menu that copies an answer's quotes with their sources, or one of them, in the style that is wanted."""
    names = (words.copy_plain, words.copy_markdown, words.copy_footnotes, words.copy_gbt)
    of = "" if citation is None else f":{citation}"
    choices = "".join(
        f'<button type="button" class="copy-as" value="{style}{of}">{escape(name)}</button>'
        for style, name in zip(STYLES, names, strict=True)
    )
    name = "" if citation is None else f' aria-label="{escape(words.copy_one.format(n=citation))}"'
    return (
        f'<details class="menu copying"><summary{name}>{escape(words.copy)}</summary>'
        f'<div class="choices">{choices}</div></details><span class="copied" role="status" aria-live="polite"></span>'
    )


def _of_citations(citations: Sequence[Citation], marks: Marks, words: Words) -> str:
    kinds = (("right", words.verdict_right), ("wrong", words.verdict_wrong))
    parts = []
    for citation in citations:
        number = f'<span class="number">[{citation.number}]</span>' if len(citations) > 1 else ""
        own = copying(words, citation.number) + verdicts(kinds, citation.number, marks, words)
        parts.append(f'<span class="of-citation judging">{number}{own}</span>')
    return "".join(parts)


def address(citation: Citation, among: Iterable[Citation]) -> str:
    """Of a quote in the reader, where the answer's other quotes are marked as well."""
    return links.citing(_quotation(citation), map(_quotation, among))


def _quotation(citation: Citation) -> links.Quoted:
    return citation.document, (citation.start, citation.end), citation.number


def placed(citation: Citation, words: Words) -> str:
    """A citation's place in words: 《…》第 14 段."""
    title = titled(citation.title, citation.document, words)
    return title if citation.ordinal is None else title + words.ordinal.format(n=citation.ordinal)


def _card(
    hit: Hit | None,
    citations: Sequence[Citation],
    turn: int,
    words: Words,
    tools: str = "",
    places: Sequence[str] = (),
    among: Sequence[Citation] = (),
) -> str:
    """A passage with its title, heading path, page and file; the quotes in it marked and numbered."""
    if hit is not None:
        passage, title, text = hit.passage, hit.title, hit.text
    else:
        first = citations[0]
        passage = Passage(first.document, first.start, first.end, first.heading, first.page)
        title, text = first.title, first.quote
    numbers = "".join(f'<span class="number">[{citation.number}]</span>' for citation in citations)
    page = "" if passage.page is None else words.page.format(n=passage.page)
    place = words.comma.join(filter(None, [" › ".join(passage.heading), page]))
    path = f'<p class="place" {read_as(place)}>{escape(place)}</p>' if place else ""
    whole = links.reading(passage.document, (passage.start, passage.end))
    link = address(citations[0], among) if citations else whole
    reasons, held = "", tuple[Span, ...]()
    if hit is not None:
        found = reason_of(hit)
        reasons, held = explained(hit, words.language, places=places, found=found), found.spans
    return (
        f'<article class="card"><h3 {read_as(title)}>{numbers}<a class="original" href="{escape(link)}">'
        f"<bdi>{escape(titled(title, passage.document, words))}</bdi></a></h3>{path}"
        f"{_passage(text, passage.start, citations, turn, held)}"
        f'<p class="file"><bdi class="path">{escape(passage.document)}</bdi></p>'
        f'<div class="tools">{tools}{reasons}</div></article>'
    )


def _passage(text: str, start: int, citations: Iterable[Citation], turn: int, held: Sequence[Span]) -> str:
    """A passage's text with the quotes in it marked, and besides them the words of the question that it holds.

    A quote that is not literally in it stands before it.
    """
    apart, spans = "", []
    for citation in citations:
        at = _nearest_place(text, citation.quote, citation.start - start)
        if at is None:
            quote = _quoted(pieces(citation.pieces), citation.number, turn)
            apart += f'<p class="passage quote" {read_as(citation.quote)}>{quote}</p>'
        else:
            spans.append((at, at + len(citation.quote), citation.number, citation))
    shown, done = "", 0
    for begin, end, number, citation in sorted(spans, key=lambda span: span[:3]):
        whole = begin >= done
        begin = max(begin, done)  # quotes may overlap: the earlier one keeps what both hold
        end = max(begin, end)
        quote = pieces(citation.pieces) if whole else escape(text[begin:end])
        shown += _beside(text, done, begin, held) + _quoted(quote, number, turn)
        done = end
    shown += _beside(text, done, len(text), held)
    if not spans:
        shown = without_blank_lines(shown)
    return f'{apart}<p class="passage" {read_as(text)}>{shown}</p>'


def _beside(text: str, start: int, end: int, held: Sequence[Span]) -> str:
    """What of a passage is not quoted, the words of the question marked lightly."""
    spans = [(max(a, start) - start, min(b, end) - start) for a, b in held if a < end and b > start]
    return marked(text[start:end], spans, 'span class="held"')


def _quoted(quote: str, number: int, turn: int) -> str:
    return f'<mark id="src-{turn}-{number}" tabindex="-1"><span class="number">[{number}]</span>{quote}</mark>'


def _nearest_place(text: str, quote: str, expected: int) -> int | None:
    """Where a quote stands in a passage; if it stands there more than once, the place nearest to its span."""
    places = []
    at = text.find(quote) if quote else -1
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return min(places, key=lambda place: abs(place - expected), default=None)
