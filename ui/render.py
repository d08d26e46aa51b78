"""Turns as markup: answers, refusals and errors. Pure.

What comes from documents, questions and error messages goes through `escape`. Everything made here is a single line, so
that the Markdown component through which a turn arrives takes it as one block of HTML and looks no further into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assistant.types import Answer, Citation, Sentence, Value
from ui import sources
from ui.escape import escape, pieces, read_as
from ui.messages import Words

QUESTION_KEPT = 5_000  # characters of a question that can be edited
QUOTE_SHOWN = 300  # characters of a quote in the text that hovering shows
_SPACES = re.compile(r"\s+")
# The confidence of an answer in words; where refusing begins is fitted, or a setting.
HIGH_CONFIDENCE = 0.8
MIDDLE_CONFIDENCE = 0.6


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an answer and is not part of it."""

    suggestions: tuple[str, ...] = ()  # questions that may follow
    marks: Mapping[int | None, str] = field(default_factory=dict)  # verdicts of the reader: on citations, on the whole
    cards: bool = True  # with the sources; those of an older turn are fetched when they are wanted


NOTHING_AROUND = Around()


def pending(question: str, turn: int, status: str, words: Words) -> str:
    """A question that is being answered, with a button that stops it."""
    body = (
        f'<p class="status"><span class="spinner"></span><span>{escape(status)}</span>'
        f'<button type="button" class="stop-asking">{escape(words.stop)}</button></p>'
    )
    return framed(question, turn, "pending", body, words)


def stopped(question: str, turn: int, words: Words) -> str:
    """A question that was stopped, or that the end of the program cut off."""
    return framed(question, turn, "stopped", f'<p class="lead">{escape(words.asking_stopped)}</p>', words)


def answer(given: Answer, turn: int, words: Words, around: Around = NOTHING_AROUND) -> str:
    """An answer with its [1] marks, or a refusal, and the sources of either."""
    if not given.answered:
        return _refusal(given, turn, words, around)
    citations = {citation.number: citation for citation in given.citations}
    body = understood(given, words) + f'<div class="text">{_sentences(given.sentences, citations, turn, words)}'
    if given.differing:
        body += _differing(given.differing, citations, turn, words)
    facts = [f'<span class="confidence">{escape(_confidence(given.confidence, words))}</span>']
    if given.index.stale:
        facts.append(stale(words))
    label = words.count(words.sources, len(given.citations))
    facts.append(f'<a class="show" href="#sources-{turn}">{escape(label)}</a>')
    verdicts = (("right", words.verdict_right), ("wrong", words.verdict_wrong), ("missing", words.verdict_missing))
    body += (
        f'</div><p class="notes">{"".join(facts)}</p>'
        f'<div class="tools" aria-live="off">{sources.copying(words)}'
        f"{sources.verdicts(verdicts, None, around.marks, words)}</div>"
        f"{_suggestions(around, words)}"
    )
    cards = sources.cited(given, turn, words, around.marks) if around.cards else ""
    return framed(given.question, turn, "answered", body, words, cards)


def _suggestions(around: Around, words: Words) -> str:
    if not around.suggestions:
        return ""
    buttons = "".join(
        f'<button type="button" class="suggestion" {read_as(one)}>{escape(one)}</button>' for one in around.suggestions
    )
    return f'<div class="suggestions"><p>{escape(words.suggestions)}</p>{buttons}</div>'


def understood(given: Answer, words: Words) -> str:
    """What of an earlier question was added to this one, and a button that asks it without that; else nothing."""
    if not given.asked:
        return ""
    added = ""
    if given.added:
        names = escape(words.list_comma).join(f"<bdi>{escape(one)}</bdi>" for one in given.added)
        added = f'<span class="added">{escape(words.added_before)}{names}{escape(words.added_after)}</span>'
    return (
        f'<p class="understood" dir="auto">{escape(words.understood)}'
        f'<bdi class="asked" {read_as(given.asked)}>{escape(given.asked)}</bdi>{added} '
        f'<button type="button" class="as-written">{escape(words.as_written)}</button></p>'
    )


def _sentences(sentences: Sequence[Sentence], citations: Mapping[int, Citation], turn: int, words: Words) -> str:
    """Paragraphs, and lists for the items that follow the sentence which begins them."""
    made = ""
    for item, group in groupby(sentences, key=lambda sentence: sentence.item):
        tag = '<li class="sentence" {}>{}</li>' if item else '<p class="sentence" {}>{}</p>'
        parts = "".join(tag.format(read_as(one.text), _sentence(one, citations, turn, words)) for one in group)
        made += f'<ul class="items">{parts}</ul>' if item else parts
    return made


def _sentence(sentence: Sentence, citations: Mapping[int, Citation], turn: int, words: Words) -> str:
    """A sentence with its marks, what was asked for emphasised."""
    cited = [citations[number] for number in sentence.citations if number in citations]
    if any(citation.answers for citation in cited):
        text = pieces((_SPACES.sub(" ", piece), asked) for citation in cited for piece, asked in citation.pieces)
    else:
        text = escape(sentence.text)
    return text + "".join(_mark(citation, citations.values(), turn, words) for citation in cited)


def _differing(values: Sequence[Value], citations: Mapping[int, Citation], turn: int, words: Words) -> str:
    """That documents give different values, and each value with its document's date."""
    listed = "".join(
        f'<li><bdi>{escape(value.text)}</bdi> <span class="date">{escape(value.date or words.undated)}</span>'
        + (_mark(citations[value.citation], citations.values(), turn, words) if value.citation in citations else "")
        + "</li>"
        for value in values
    )
    return f'<div class="differing" role="note"><p>{escape(words.differing)}</p><ul>{listed}</ul></div>'


def error(question: str, turn: int, message: str, detail: str, words: Words, remedy: str = "") -> str:
    """A question that could not be answered: what happened, what the error says to do, and markup that does it."""
    body = f'<p class="lead">{escape(words.error)}</p><p class="reason" dir="auto">{escape(message)}</p>'
    if detail:
        body += f'<p class="detail" dir="auto">{escape(detail)}</p>'
    return framed(question, turn, "failed", body + remedy, words)


def welcome(words: Words, *, examples: Sequence[str]) -> str:
    """What stands where the conversation will be, with questions to begin with."""
    buttons = "".join(
        f'<button type="button" class="example" {read_as(one)}>{escape(one)}</button>' for one in examples
    )
    hint = f'<p class="hint">{escape(words.examples)}</p>{buttons}' if examples else ""
    return (
        f'<div class="welcome" lang="{words.language}"><h1>{escape(words.welcome)}</h1>'
        f"<p>{escape(words.welcome_detail)}</p>{hint}</div>"
    )


def framed(question: str, turn: int, kind: str, body: str, words: Words, cards: str = "") -> str:
    """A turn: the question, what answers it, and its sources, which the page puts beside the conversation."""
    shown = question.strip()
    if len(shown) > sources.QUESTION_SHOWN:
        shown = shown[: sources.QUESTION_SHOWN] + words.shortened.format(n=len(question))
    again = ""
    if kind != "pending":
        again = (
            f'<span class="again"><button type="button" class="edit">{escape(words.edit)}</button>'
            f'<button type="button" class="retry">{escape(words.retry)}</button></span>'
        )
    return (
        f'<section class="turn {kind}" id="turn-{turn}" lang="{words.language}">'
        f'<div class="asking" aria-live="off"><h2 class="question" {read_as(shown)}>{escape(shown)}</h2>{again}</div>'
        f'<pre class="written" hidden>{escape(question[:QUESTION_KEPT])}</pre>'
        f'<div class="reply">{body}</div>{cards}</section>'
    )


def stale(words: Words) -> str:
    """That the texts were changed since they were indexed, with the way to the library."""
    return f'<span class="stale"><a href="/?show=library">{escape(words.stale_answer)}</a></span>'


def _refusal(given: Answer, turn: int, words: Words, around: Around) -> str:
    body = f'<p class="lead">{escape(words.refused)}</p>'
    missing = given.refusal.missing if given.refusal else ()
    if missing:
        names = escape(words.list_comma).join(f"<bdi>{escape(word)}</bdi>" for word in missing)
        body += f'<p class="missing">{escape(words.missing)}{names}</p>'
    else:
        body += f'<p class="reason">{escape(words.refused_detail)}</p>'
    if given.index.stale:
        body += f'<p class="notes">{stale(words)}</p>'
    cards = sources.nearest(given, turn, words) if around.cards else ""
    if given.hits:
        shown = words.count(words.show_nearest, min(len(given.hits), sources.NEAREST_SHOWN))
        body += f'<p class="notes"><a class="show" href="#sources-{turn}">{escape(shown)}</a></p>'
    else:
        body += f'<p class="detail">{escape(words.nothing_near)}</p>'
    verdicts = (("right", words.verdict_refusal_right), ("missing", words.verdict_refusal_wrong))
    body += f'<div class="tools" aria-live="off">{sources.verdicts(verdicts, None, around.marks, words)}</div>'
    whole = f'{understood(given, words)}<div class="refusal">{body}</div>{_suggestions(around, words)}'
    return framed(given.question, turn, "refused", whole, words, cards)


def _mark(citation: Citation, among: Iterable[Citation], turn: int, words: Words) -> str:
    """A link [1] to its place in the original, whose name says which source it is and whose title is the quote."""
    quote = citation.quote if len(citation.quote) <= QUOTE_SHOWN else citation.quote[:QUOTE_SHOWN] + "…"
    return (
        f'<a class="cite" id="cite-{turn}-{citation.number}" href="{escape(sources.address(citation, among))}" '
        f'lang="{words.language}" title="{escape(quote)}">'
        f'<span class="spoken">{escape(words.source)} </span>[{citation.number}]'
        f'<span class="spoken">{escape(words.comma + sources.placed(citation, words))}</span></a>'
    )


def _confidence(confidence: float, words: Words) -> str:
    if confidence >= HIGH_CONFIDENCE:
        return words.confidence_high
    return words.confidence_middle if confidence >= MIDDLE_CONFIDENCE else words.confidence_low
