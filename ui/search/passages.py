"""The passages that best match, as a list. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.retrieval.why import Why
from assistant.types import Hit, Passage, Span
from ui import links
from ui.escape import escape, read_as, titled, without_blank_lines
from ui.messages import Words
from ui.search.marked import marked
from ui.search.why import brief, explained, is_weak, reason_of
from ui.search.words import search_words

SHOWN = 10  # at once
MOST = 100  # that are listed: what comes after so many is found by better words, or by every mention
_LONGEST = 1_500  # characters of a passage that are shown: one without any sentence end may have a million
_BEFORE = 300  # of these, before the best window


def found(hits: Sequence[Hit], places: Sequence[str], start: int, words: Words, *, dense_weight: float = 0.5) -> str:
    """Some of the passages, how many there are by now, and a button for more; all of it one list.

    `places` is what the question names, `dense_weight` what it was searched with.
    """
    own = search_words(words.language)
    shown = [(hit, reason_of(hit, dense_weight=dense_weight)) for hit in hits[start : start + SHOWN]]
    upto = start + len(shown)
    if not hits:
        return f'<p class="told">{escape(own.no_passage)}</p>'
    told = f'<p class="told">{escape(words.count(own.best, upto))}</p>'
    note = ""
    if start == 0 and all(is_weak(reason) for _, reason in shown):
        note = f'<p class="weak">{escape(own.weak)}</p>'
    cards = "".join(_card(hit, reason, places, words) for hit, reason in shown)
    rest = min(len(hits) - upto, SHOWN)
    if rest > 0:
        label = escape(own.more.format(n=rest))
        more = f'<button type="button" class="button more" value="{upto}">{label}</button>'
    else:
        more = f'<p class="end">{escape(words.count(own.best_of_all, upto))}</p>' if upto >= MOST else ""
    return f"{told}{note}{cards}{more}"


def placed(passage: Passage, words: Words) -> str:
    """The heading path and the page, as text; empty where a passage has neither."""
    page = "" if passage.page is None else words.page.format(n=passage.page)
    return words.comma.join(filter(None, [" › ".join(passage.heading), page]))


def _card(hit: Hit, reason: Why, places: Sequence[str], words: Words) -> str:
    passage = hit.passage
    place = placed(passage, words)
    path = f'<p class="place" {read_as(place)}>{escape(place)}</p>' if place else ""
    at = (passage.start, passage.end) if hit.window is None else (hit.window.start, hit.window.end)
    link = escape(links.reading(passage.document, at))
    return (
        f'<article class="card"><h2 {read_as(hit.title)}><a class="original" href="{link}">'
        f"<bdi>{escape(titled(hit.title, passage.document, words))}</bdi></a></h2>{path}"
        f'<p class="passage" {read_as(hit.text)}>{without_blank_lines(_text(hit, reason.spans))}</p>'
        f'<p class="file"><bdi class="path">{escape(passage.document)}</bdi></p>'
        f'<div class="tools">{brief(reason, words.language)}'
        f"{explained(hit, words.language, places=places, found=reason)}</div></article>"
    )


def _text(hit: Hit, spans: Sequence[Span]) -> str:
    """The passage with the words of the question marked; of a very long one what is around the best window."""
    text = hit.text
    if len(text) <= _LONGEST:
        return marked(text, spans)
    window = hit.passage.start if hit.window is None else hit.window.start
    first = min(max(window - hit.passage.start - _BEFORE, 0), len(text) - _LONGEST)
    last = first + _LONGEST
    inside = [(max(a, first) - first, min(b, last) - first) for a, b in spans if b > first and a < last]
    return ("…" if first else "") + marked(text[first:last], inside) + ("…" if last < len(text) else "")
