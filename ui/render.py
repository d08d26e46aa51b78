"""Answers and errors as markup; with `bar`, which does so for the library's state, the only place that makes any. Pure.

What comes from documents, questions and error messages goes through `escape`, which leaves nothing that HTML,
Markdown, LaTeX or a template would read: every ASCII punctuation mark becomes a numeric reference. Everything made
here is a single line, so that the Markdown component takes it as one block of HTML and looks no further into it.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from assistant.types import Answer, Citation, Hit, Sentence, Value
from ui.messages import Words

# Left out of what is shown: they can make a quote or a file name read as something it is not.
BIDIRECTIONAL_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
QUESTION_SHOWN = 200  # characters of a question that are repeated above its answer
QUOTE_SHOWN = 300  # characters of a quote in the text that hovering shows
_SPACES = re.compile(r"\s+")
NEAREST_SHOWN = 5  # passages under a refusal
# The confidence of an answer in words; where refusing begins is fitted, or a setting.
HIGH_CONFIDENCE = 0.8
MIDDLE_CONFIDENCE = 0.6


def _escapes() -> dict[int, str]:
    table = {ord(mark): f"&#{ord(mark)};" for mark in string.punctuation}
    table |= dict.fromkeys(map(ord, BIDIRECTIONAL_CONTROLS), "")
    table |= dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], "\ufffd")
    table |= {ord("\t"): " ", ord("\r"): "", ord("\n"): "&#10;", 0x85: "&#10;", 0x2028: "&#10;", 0x2029: "&#10;"}
    return table


_ESCAPES = _escapes()


def escape(text: str) -> str:
    """Text from anywhere as text of an element or of a quoted attribute, on one line and with nothing to interpret."""
    shown = text.translate(_ESCAPES)
    if shown.isascii():
        return shown
    return "".join("\ufffd" if unicodedata.category(sign) == "Cs" else sign for sign in shown)


def pending(question: str, turn: int, status: str, words: Words) -> str:
    """A question that is being answered."""
    body = f'<p class="status"><span class="spinner"></span>{escape(status)}</p>'
    return framed(question, turn, "pending", body, words)


def answer(given: Answer, turn: int, words: Words) -> str:
    """An answer with its [1] marks, or a refusal, and the sources of either."""
    if not given.answered:
        return _refusal(given, turn, words)
    citations = {citation.number: citation for citation in given.citations}
    sentences = _sentences(given.sentences, citations, turn, words)
    if given.differing:
        sentences += _differing(given.differing, citations, turn, words)
    notes = [f'<span class="confidence">{escape(_confidence(given.confidence, words))}</span>']
    if given.index.stale:
        notes.append(f'<span class="stale">{escape(words.stale_answer)}</span>')
    label = words.count(words.sources, len(given.citations))
    notes.append(f'<a class="show" href="#sources-{turn}">{escape(label)}</a>')
    notes.append(
        f'<button type="button" class="copy"><span class="before">{escape(words.copy)}</span>'
        f'<span class="after">{escape(words.copied)}</span></button>'
    )
    body = (
        f'<div class="text">{sentences}</div><p class="notes">{"".join(notes)}</p>'
        f'<pre class="plain" hidden>{escape(plain_text(given, words))}</pre>'
    )
    body = understood(given, words) + body
    return framed(given.question, turn, "answered", body, words, _sources(given, turn, words))


def understood(given: Answer, words: Words) -> str:
    """What of an earlier question was added to this one, and a button that asks it without that; else nothing."""
    if not given.asked:
        return ""
    added = ""
    if given.added:
        names = escape(words.list_comma).join(f"<bdi>{escape(one)}</bdi>" for one in given.added)
        added = f'<span class="added">{escape(words.added_before)}{names}{escape(words.added_after)}</span>'
    return (
        f'<p class="understood" dir="auto">{escape(words.understood)}<bdi class="asked">{escape(given.asked)}</bdi>'
        f"{added} "
        f'<button type="button" class="as-written">{escape(words.as_written)}</button></p>'
        f'<pre class="written" hidden>{escape(given.question)}</pre>'
    )


def _sentences(sentences: Sequence[Sentence], citations: Mapping[int, Citation], turn: int, words: Words) -> str:
    """Paragraphs, and lists for the items that follow the sentence which begins them."""
    made = ""
    for item, group in groupby(sentences, key=lambda sentence: sentence.item):
        tag = '<li class="sentence" dir="auto">{}</li>' if item else '<p class="sentence" dir="auto">{}</p>'
        parts = "".join(tag.format(_sentence(sentence, citations, turn, words)) for sentence in group)
        made += f'<ul class="items">{parts}</ul>' if item else parts
    return made


def _sentence(sentence: Sentence, citations: Mapping[int, Citation], turn: int, words: Words) -> str:
    """A sentence with its marks, what was asked for emphasised."""
    cited = [citations[number] for number in sentence.citations if number in citations]
    if any(citation.answers for citation in cited):
        text = _pieces((_SPACES.sub(" ", piece), asked) for citation in cited for piece, asked in citation.pieces)
    else:
        text = escape(sentence.text)
    return text + "".join(_mark(citation, turn, words) for citation in cited)


def _pieces(pieces: Iterable[tuple[str, bool]]) -> str:
    return "".join(
        f'<strong class="asked">{escape(text)}</strong>' if asked else escape(text) for text, asked in pieces
    )


def _differing(values: Sequence[Value], citations: Mapping[int, Citation], turn: int, words: Words) -> str:
    """That documents give different values, and each value with its document's date."""
    listed = "".join(
        f'<li><bdi>{escape(value.text)}</bdi> <span class="date">{escape(value.date or words.undated)}</span>'
        + (_mark(citations[value.citation], turn, words) if value.citation in citations else "")
        + "</li>"
        for value in values
    )
    return f'<div class="differing" role="note"><p>{escape(words.differing)}</p><ul>{listed}</ul></div>'


def error(question: str, turn: int, message: str, detail: str, words: Words) -> str:
    """A question that could not be answered: what happened, and what the message of the error says to do."""
    body = f'<p class="lead">{escape(words.error)}</p><p class="reason" dir="auto">{escape(message)}</p>'
    if detail:
        body += f'<p class="detail" dir="auto">{escape(detail)}</p>'
    return framed(question, turn, "failed", body, words)


def plain_text(given: Answer, words: Words) -> str:
    """An answer with its quotes and their places, to be copied."""
    lines = [
        ("  " if sentence.item else "") + sentence.text + "".join(f"[{number}]" for number in sentence.citations)
        for sentence in given.sentences
    ]
    if given.differing:
        values = [f"{one.text} ({one.date or words.undated}) [{one.citation}]" for one in given.differing]
        lines += ["", words.differing + words.semicolon.join(values)]
    lines.append("")
    for citation in given.citations:
        place = " › ".join([titled(citation.title, citation.document, words), *citation.heading])
        page = "" if citation.page is None else words.comma + words.page.format(n=citation.page)
        lines.append(f"[{citation.number}] {place}{page} ({citation.document})")
    return "\n".join(lines)


def welcome(words: Words, *, indexed: bool, examples: bool) -> str:
    """What stands where the conversation will be."""
    detail = words.welcome_detail if indexed else words.welcome_empty
    hint = f'<p class="hint">{escape(words.examples)}</p>' if examples else ""
    return (
        f'<div class="welcome" lang="{words.language}"><h1>{escape(words.welcome)}</h1>'
        f"<p>{escape(detail)}</p>{hint}</div>"
    )


def panel(words: Words) -> str:
    """The sources column before there is a source."""
    return (
        f'<div class="empty" lang="{words.language}"><h2>{escape(words.panel)}</h2>'
        f"<p>{escape(words.panel_empty)}</p></div>"
    )


def framed(question: str, turn: int, kind: str, body: str, words: Words, sources: str = "") -> str:
    """A turn: the question, what answers it, and its sources, which the page puts beside the conversation."""
    shown = question.strip()
    if len(shown) > QUESTION_SHOWN:
        shown = shown[:QUESTION_SHOWN] + words.shortened.format(n=len(question))
    return (
        f'<section class="turn {kind}" id="turn-{turn}" lang="{words.language}">'
        f'<h2 class="question" dir="auto">{escape(shown)}</h2><div class="reply">{body}</div>{sources}</section>'
    )


def _refusal(given: Answer, turn: int, words: Words) -> str:
    body = understood(given, words) + f'<p class="lead">{escape(words.refused)}</p>'
    missing = given.refusal.missing if given.refusal else ()
    if missing:
        names = escape(words.list_comma).join(f"<bdi>{escape(word)}</bdi>" for word in missing)
        body += f'<p class="missing">{escape(words.missing)}{names}</p>'
    else:
        body += f'<p class="reason">{escape(words.refused_detail)}</p>'
    if given.index.stale:
        body += f'<p class="notes"><span class="stale">{escape(words.stale_answer)}</span></p>'
    hits = given.hits[:NEAREST_SHOWN]
    if not hits:
        body += f'<p class="detail">{escape(words.nothing_near)}</p>'
        return framed(given.question, turn, "refused", body, words)
    body += (
        f'<p class="notes"><a class="show" href="#sources-{turn}">'
        f"{escape(words.count(words.show_nearest, len(hits)))}</a></p>"
    )
    cards = f'<p class="explain">{escape(words.nearest_detail)}</p>' + "".join(
        _card(hit, (), turn, words) for hit in hits
    )
    return framed(
        given.question, turn, "refused", body, words, panelled(given, turn, words.nearest, cards, "nearest", words)
    )


def _mark(citation: Citation, turn: int, words: Words) -> str:
    """A link [1] whose name says which source it is, and whose title is the quote."""
    quote = citation.quote if len(citation.quote) <= QUOTE_SHOWN else citation.quote[:QUOTE_SHOWN] + "…"
    title = titled(citation.title, citation.document, words)
    return (
        f'<a class="cite" href="#src-{turn}-{citation.number}" title="{escape(quote)}">'
        f'<span class="spoken">{escape(words.source)} </span>[{citation.number}]'
        f'<span class="spoken"> {escape(title)}</span></a>'
    )


def _sources(given: Answer, turn: int, words: Words) -> str:
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
    cards = "".join(_card(hits.get(place), citations, turn, words) for place, citations in grouped.items())
    others = [hit for place, hit in hits.items() if place not in grouped]
    if others:
        rest = "".join(_card(hit, (), turn, words) for hit in others)
        label = escape(words.other_passages.format(n=len(others)))
        cards += f'<details class="others"><summary>{label}</summary>{rest}</details>'
    return panelled(given, turn, words.cited, cards, "cited", words)


def panelled(given: Answer, turn: int, heading: str, cards: str, kind: str, words: Words) -> str:
    """A turn's sources under a heading."""
    return (
        f'<div class="sources {kind}" id="sources-{turn}" lang="{words.language}"><div class="top"><div>'
        f'<h2>{escape(heading)}</h2><p class="for" dir="auto">{escape(given.question.strip()[:QUESTION_SHOWN])}</p>'
        f'</div><button type="button" class="close">{escape(words.close)}</button></div>{cards}</div>'
    )


def _card(hit: Hit | None, citations: Sequence[Citation], turn: int, words: Words) -> str:
    """A passage with its title, heading path, page and file; the quotes in it marked and numbered."""
    if hit is not None:
        document, heading, page = hit.passage.document, hit.passage.heading, hit.passage.page
        title, text, start = hit.title, hit.text, hit.passage.start
    else:
        first = citations[0]
        document, heading, page = first.document, first.heading, first.page
        title, text, start = first.title, first.quote, first.start
    numbers = "".join(f'<span class="number">[{citation.number}]</span>' for citation in citations)
    place = words.comma.join(filter(None, [" › ".join(heading), "" if page is None else words.page.format(n=page)]))
    path = f'<p class="place" dir="auto">{escape(place)}</p>' if place else ""
    matched = ""
    if hit is not None and hit.terms and not citations:
        matched = f'<span class="terms">{escape(words.matched + words.list_comma.join(hit.terms))}</span>'
    return (
        f'<article class="card"><h3 dir="auto">{numbers}<bdi>{escape(titled(title, document, words))}</bdi></h3>{path}'
        f"{_passage(text, start, citations, turn)}"
        f'<p class="file">{matched}<bdi class="path">{escape(document)}</bdi></p></article>'
    )


def _passage(text: str, start: int, citations: Iterable[Citation], turn: int) -> str:
    """A passage's text with the quotes in it marked; a quote that is not literally in it stands before it."""
    apart, spans = "", []
    for citation in citations:
        at = _nearest_place(text, citation.quote, citation.start - start)
        if at is None:
            apart += (
                f'<p class="passage quote" dir="auto">{_quoted(_pieces(citation.pieces), citation.number, turn)}</p>'
            )
        else:
            spans.append((at, at + len(citation.quote), citation.number, citation))
    marked, done = "", 0
    for begin, end, number, citation in sorted(spans, key=lambda span: span[:3]):
        whole = begin >= done
        begin = max(begin, done)  # quotes may overlap: the earlier one keeps what both hold
        end = max(begin, end)
        quote = _pieces(citation.pieces) if whole else escape(text[begin:end])
        marked += escape(text[done:begin]) + _quoted(quote, number, turn)
        done = end
    return f'{apart}<p class="passage" dir="auto">{marked}{escape(text[done:])}</p>'


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


def titled(title: str, document: str, words: Words) -> str:
    """A title as the language of the page writes one; a document without one is called by its path."""
    shown = title.strip() or document
    return shown if shown.startswith("《") else words.quoted_title.format(title=shown)


def _confidence(confidence: float, words: Words) -> str:
    if confidence >= HIGH_CONFIDENCE:
        return words.confidence_high
    return words.confidence_middle if confidence >= MIDDLE_CONFIDENCE else words.confidence_low
