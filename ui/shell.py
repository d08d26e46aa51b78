"""The frame of the page: the side with the rooms and the conversations, the room that is open, and the pane beside it.

It is sent around Gradio's own markup, so that it stands before any script has run. Pure.
"""

from __future__ import annotations

from ui.escape import escape
from ui.frame import Shell
from ui.messages import CHINESE, ENGLISH, TITLE, Words
from ui.search.room import dialog, room, scope

STYLES = ("base", "frame", "chat", "sources", "conversations", "reader", "search", "places", "why", "shelf")
ROOMS = ("chat", "search", "library")  # as the `show` of an address names them
_ICONS = {
    "chat": "M4 5h16v11H9l-5 4z",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
    "library": "M5 4h4v16H5zM11 4h4v16h-4zM17 5l3-.8 3.2 15-3 .8z",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "new": "M12 5v14M5 12h14",
}


def icon(name: str) -> str:
    """A drawing beside words, which says nothing that they do not."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{_ICONS[name]}"/></svg>'


def shell(words: Words, *, open_to_network: bool = False) -> Shell:
    """The page around Gradio's part of it, in one language."""
    styles = "".join(f'<link rel="stylesheet" href="/ui/{name}.css">' for name in STYLES)
    head = f'<title>{TITLE}</title>{styles}<script type="module" src="/ui/page.js"></script>'
    return Shell(head, _before(words, open_to_network=open_to_network), _after(words))


def _before(words: Words, *, open_to_network: bool) -> str:
    names = dict(zip(ROOMS, (words.conversation_room, words.search_room, words.library_room), strict=True))
    rooms = "".join(
        f'<li><a href="/{"" if room == "chat" else f"?show={room}"}" data-room="{room}">{icon(room)}'
        f"<span>{escape(name)}</span></a></li>"
        for room, name in names.items()
    )
    warning = f'<p class="notice stale">{escape(words.network_open)}</p>' if open_to_network else ""
    other = ENGLISH if words is CHINESE else CHINESE
    appearances = (("system", words.system), ("light", words.light), ("dark", words.dark))
    choices = "".join(f'<option value="{name}">{escape(label)}</option>' for name, label in appearances)
    return (
        f'<div id="frame" lang="{words.language}"><a class="skip" href="#question">{escape(words.skip)}</a>'
        f'<header id="top"><button type="button" id="menu" aria-expanded="false" aria-controls="side">{icon("menu")}'
        f'<span class="spoken">{escape(words.menu)}</span></button><strong>{escape(words.brand)}</strong>'
        f'<span id="top-title"></span><button type="button" id="open-pane" hidden>{escape(words.pane_sources)}</button>'
        f'</header><nav id="side" aria-label="{escape(words.rooms)}"><p class="brand"><strong>{escape(words.brand)}'
        f'</strong></p><button type="button" id="new">{icon("new")}<span>{escape(words.new_conversation)}</span>'
        f"</button>"
        f'<ul class="rooms">{rooms}</ul><section id="conversations" aria-label="{escape(words.conversations)}">'
        f'<input type="search" id="find-conversation" placeholder="{escape(words.find_conversation)}" '
        f'aria-label="{escape(words.find_conversation)}"><div id="conversation-list"></div></section>'
        f'<footer>{warning}<p id="away" class="notice problem" role="status"></p><div id="state"></div>'
        f'<div class="settings"><label><span class="spoken">{escape(words.appearance)}</span>'
        f'<select id="appearance">{choices}</select></label>'
        f'<button type="button" id="language" lang="{other.language}" value="{other.language}">'
        f"{escape(words.other_language)}</button></div></footer></nav>"
        f'<main id="main"><section class="room" id="room-chat"><div id="conversation" tabindex="0" '
        f'aria-label="{escape(words.answers)}" role="region"><div id="welcome"></div>'
        f'<div id="turns" role="log" aria-live="polite" aria-label="{escape(words.answers)}"></div></div>'
        f'<div id="asking">{scope("scope", words)}'
    )


def _after(words: Words) -> str:
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{name}" aria-controls="{name}" aria-selected="false">'
        f"{escape(label)}</button>"
        for name, label in (("sources", words.pane_sources), ("reader", words.pane_reader))
    )
    return (
        f'</div></section><section class="room" id="room-search" hidden>{room(words)}</section>'
        '<section class="room" id="room-library" hidden></section></main>'
        f'<aside id="pane" aria-label="{escape(words.pane)}" hidden><div class="tabs"><div role="tablist" '
        f'aria-label="{escape(words.pane)}">{tabs}</div><button type="button" id="close-pane">{escape(words.close)}'
        f'</button></div><div id="sources" role="tabpanel" aria-labelledby="tab-sources" tabindex="0"></div>'
        f'<div id="reader" role="tabpanel" aria-labelledby="tab-reader" tabindex="0" hidden></div></aside>'
        f'{dialog(words)}<div id="quote-shown" role="tooltip" hidden></div><div id="told" role="status"></div>'
        f'<template id="words"><span id="word-unreachable">{escape(words.unreachable)}</span>'
        f'<span id="word-copied">{escape(words.copied)}</span>'
        f'<span id="word-not-copied">{escape(words.not_copied)}</span>'
        f'<span id="word-undo">{escape(words.undo)}</span>'
        f'<span id="word-deleted">{escape(words.deleted)}</span>'
        f'<span id="word-question">{escape(words.question)}</span>'
        f'<span id="word-placeholder">{escape(words.placeholder)}</span><span id="word-ask">{escape(words.ask)}</span>'
        f'<span id="word-cancel">{escape(words.cancel)}</span>'
        f'<span id="word-judged">{escape(words.judged)}</span>'
        f'<span id="word-unjudged">{escape(words.unjudged)}</span>'
        f'<span id="word-unkept">{escape(words.unkept)}</span>'
        f'<span id="word-begun-anew">{escape(words.begun_anew)}</span>'
        f'<span id="word-scope">{escape(words.scope_all)}</span></template></div>'
    )
