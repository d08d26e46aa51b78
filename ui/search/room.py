"""The search room before anything was looked for, and the dialog that chooses places. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlencode

from ui.escape import escape
from ui.messages import Words
from ui.search.words import search_words

MOST_PLACES = 30  # chosen: they stand in the address of a search, which must stay one that a server takes


Mode = Literal["passages", "mentions"]


def address(query: str, mode: Mode, within: Sequence[str] = ()) -> str:
    """Of a search."""
    asked = [("show", "search"), ("mode", mode), ("q", query), *(("within", place) for place in within)]
    return "/?" + urlencode(asked, errors="replace")


def room(words: Words) -> str:
    """The field, the two ways to look, and where the results will be."""
    own = search_words(words.language)
    modes = "".join(
        f'<label><input type="radio" name="mode" value="{mode}"{" checked" if mode == "passages" else ""}>'
        f"<span>{escape(label)}</span></label>"
        for mode, label in (("passages", own.by_meaning), ("mentions", own.every))
    )
    hints = "".join(
        f'<p class="hint" data-mode="{mode}">{escape(hint)}</p>'
        for mode, hint in (("passages", own.hint_meaning), ("mentions", own.hint_every))
    )
    return (
        f'<div class="sheet searching"><h1>{escape(own.title)}</h1><div role="search" id="search-form" '
        f'aria-label="{escape(own.title)}">'
        f'<div class="line"><input type="search" class="field" id="search-words" name="q" autocomplete="off" '
        f'enterkeyhint="search" aria-label="{escape(own.field)}" placeholder="{escape(own.placeholder)}" dir="auto">'
        f'<button type="button" class="button primary">{escape(own.search)}</button></div>'
        f'<div class="line"><fieldset class="modes"><legend class="spoken">{escape(own.mode)}</legend>'
        f"{modes}</fieldset>"
        f"{scope('search-scope', words)}</div></div>"
        f'<div class="hints">{hints}</div><p id="search-told" role="status"></p>'
        f'<div id="search-found" class="found" data-problem=""></div>'
        f'<template id="search-waiting"><p class="waiting"><span class="spinner"></span>{escape(own.searching)}</p>'
        f"</template>"
        f'<template id="search-loading"><p class="waiting"><span class="spinner"></span>'
        f'<span>{escape(own.model_loading)}</span></p><button type="button" class="button switch">{escape(own.switch)}'
        f'</button></template><template id="search-again"><button type="button" class="button again">'
        f"{escape(own.retry)}</button></template></div>"
    )


def scope(name: str, words: Words) -> str:
    """The button that says where is looked and opens the dialog, and the one that goes back to the whole library."""
    own = search_words(words.language)
    return (
        f'<span class="scope"><button type="button" id="{name}" aria-haspopup="dialog">'
        f'{escape(own.within)}<span id="{name}-name">{escape(own.whole)}</span></button>'
        f'<button type="button" id="{name}-clear" class="clear" aria-label="{escape(own.whole)}" '
        f'title="{escape(own.whole)}" hidden><span aria-hidden="true">×</span></button></span>'
    )


def dialog(words: Words) -> str:
    """Where folders and documents are chosen; it is filled when it opens."""
    own = search_words(words.language)
    return (
        f'<dialog id="places" class="places" aria-labelledby="places-title" data-most="{MOST_PLACES}" '
        f'lang="{words.language}"><div class="top"><h2 id="places-title">{escape(own.choose)}</h2>'
        f'<button type="button" class="quiet leave" aria-label="{escape(own.close)}"><span aria-hidden="true">×</span>'
        f'</button></div><input type="search" class="field" id="places-filter" autocomplete="off" '
        f'aria-label="{escape(own.filter)}" placeholder="{escape(own.filter)}" dir="auto">'
        f'<div class="chosen"><span class="none">{escape(own.nothing_chosen)}</span>'
        f'<ul aria-label="{escape(own.chosen)}" data-remove="{escape(own.remove)}"></ul></div>'
        f'<p class="told" role="status" data-most="{escape(own.too_many.format(n=MOST_PLACES))}"></p>'
        f'<div id="places-list" role="group" aria-label="{escape(own.tree)}" tabindex="-1"></div>'
        f'<div class="actions"><button type="button" class="button whole">{escape(own.whole)}</button>'
        f'<span class="space"></span><button type="button" class="button leave">{escape(own.cancel)}</button>'
        f'<button type="button" class="button primary take">{escape(own.take)}</button></div></dialog>'
    )
