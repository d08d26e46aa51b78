"""Why a passage was found, in plain words, as markup. Pure.

It stands in turns, too, and Gradio's sanitiser takes every style and aria attribute away: what is seen here is made of
elements and classes alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.retrieval.why import Why, why
from assistant.types import Hit
from ui.escape import escape
from ui.search.words import WhyWords, why_words

_WORDS_NAMED = 8  # of a question; those of a long one say no more
_CELLS = 20  # of the bar
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LEVELS = ("strong", "some", "none")


def reason_of(hit: Hit, *, dense_weight: float = 0.5) -> Why:
    """What speaks for a passage; a text that is not valid Unicode is compared as it is shown."""
    terms = tuple(_SURROGATE.sub("\ufffd", term) for term in hit.terms)
    return why(replace(hit, text=_SURROGATE.sub("\ufffd", hit.text), terms=terms), dense_weight=dense_weight)


def explained(hit: Hit, language: str, *, places: Sequence[str] = (), found: Why | None = None) -> str:
    """A part that opens: which words of the question a passage holds, what meaning and words contributed.

    `places` is what the question names, as `Answer.places`; `found` is `reason_of(hit)` where somebody has it already.
    """
    words, reason = why_words(language), found or reason_of(hit)
    named = _named(hit, places, words)
    lines = [f'<p class="named">{named}</p>'] if named else []
    if _is_found_by_place(reason):
        lines += [] if named else [f"<p>{escape(words.place_only)}</p>"]
    else:
        lines.append(f"<p>{_reasons(reason, words)}</p>{_bar(reason, words)}")
    if reason.absent:
        lines.append(f'<p class="absent">{_with(words.absent, "words", _list(reason.absent, words))}</p>')
    lines.append(_figures(reason, words))
    body = "".join(lines)
    return (
        f'<details class="why"><summary>{escape(words.why)}</summary><div class="because" lang="{language}">{body}'
        f"</div></details>"
    )


def brief(reason: Why, language: str) -> str:
    """How well a passage matches, in a few words."""
    words = why_words(language)
    held = words.brief_words[_LEVELS.index(reason.words_level)]
    if reason.words_level == "none" and reason.matched:
        held = words.brief_common
    said = [held] if reason.dense is None else [words.meaning[_LEVELS.index(reason.meaning_level)], held]
    kind = "strong" if "strong" in (reason.meaning_level, reason.words_level) else "weak" if is_weak(reason) else "some"
    return f'<span class="brief {kind}">{escape(" · ".join(said))}</span>'


def is_weak(reason: Why) -> bool:
    """Whether neither the meaning nor the words of a passage are near to the question."""
    return reason.meaning_level == "none" and reason.words_level == "none"


def shares(reason: Why) -> tuple[int, int]:
    """What meaning and words contributed, in whole per cent, which are 100 together."""
    meaning = round(reason.meaning * 100)
    return meaning, 100 - meaning


def _is_found_by_place(reason: Why) -> bool:
    """Whether nothing speaks for a passage but that the question names where it stands."""
    return (reason.dense or 0) <= 0 and not reason.keyword and not reason.coverage


def _named(hit: Hit, places: Sequence[str], words: WhyWords) -> str:
    """What of the question names the place of a passage; empty where nothing does, as far as can be seen."""
    headings = [heading.strip() for heading in hit.passage.heading]
    title = hit.title.strip().strip("《》")
    for place in places:
        name, *parts = (part.strip() for part in place.split("›"))
        if name.strip("《》") != title:
            continue
        if parts and any(heading.startswith(parts[-1]) for heading in headings):
            return _with(words.place, "place", _isolated(place))
        if not parts:
            return _with(words.document, "place", _isolated(place))
    return ""


def _reasons(reason: Why, words: WhyWords) -> str:
    """Both legs in a sentence, each with its share."""
    meaning, kept = shares(reason)
    here = [one.word for one in reason.matched if one.spans]
    above = [one.word for one in reason.matched if not one.spans]
    if here:
        held = _with(words.held, "words", _list(here, words))
        held += _with(words.also_above, "words", _list(above, words)) if above else ""
    elif above:
        held = _with(words.held_above, "words", _list(above, words))
    else:
        held = escape(words.held_in_part if kept else words.held_nowhere)
    held += escape(words.share.format(n=kept)) if kept else ""
    if reason.dense is None:
        return escape(words.meaning_off + words.semicolon) + held + escape(words.full_stop)
    near = words.meaning[_LEVELS.index(reason.meaning_level)] + (words.share.format(n=meaning) if meaning else "")
    return escape(near + words.semicolon) + held + escape(words.full_stop)


def _bar(reason: Why, words: WhyWords) -> str:
    """Both shares as a bar of two kinds of cells, and in words."""
    meaning, kept = shares(reason)
    near = min(max(round(meaning / 100 * _CELLS), meaning > 0), _CELLS - (kept > 0))
    cells = '<i class="near"></i>' * near + '<i class="held"></i>' * (_CELLS - near)
    return (
        f'<p class="shares"><span class="bar">{cells}</span>'
        f'<span class="key near">{escape(words.key_meaning.format(n=meaning))}</span>'
        f'<span class="key held">{escape(words.key_words.format(n=kept))}</span></p>'
    )


def _figures(reason: Why, words: WhyWords) -> str:
    figures = [] if reason.dense is None else [words.figure_dense.format(n=f"{reason.dense:.1f}")]
    if reason.coverage is not None:
        figures.append(words.figure_coverage.format(n=round(min(max(reason.coverage, 0.0), 1.0) * 100)))
    return f'<p class="figures">{escape(words.semicolon.join(figures))}</p>' if figures else ""


def _list(names: Sequence[str], words: WhyWords) -> str:
    shown = escape(words.comma).join(_isolated(words.quoted.format(word=name)) for name in names[:_WORDS_NAMED])
    rest = len(names) - _WORDS_NAMED
    return shown + (escape(words.many.format(n=len(names), rest=rest)) if rest > 0 else "")


def _isolated(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def _with(text: str, name: str, markup: str) -> str:
    """A text of the page with markup in the place of a name in braces."""
    before, _, after = text.partition(f"{{{name}}}")
    return escape(before) + markup + escape(after)
