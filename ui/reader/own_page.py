"""The reader as a page of its own: it stands alone, can be kept as an address, and printed. Pure."""

from __future__ import annotations

from assistant.reading.opening import Opened
from ui.escape import escape, titled
from ui.frame import ICON
from ui.messages import TITLE, Words
from ui.reader.article import Window, article
from ui.reader.asked import Asked
from ui.reader.words import reader_words

_LIBRARY = "/?show=library"


def own_page(opened: Opened, asked: Asked, words: Words, sent: Window) -> str:
    """A document as a whole page."""
    title = titled(opened.document.title, opened.document.id, words)
    return _page(title, article(opened, asked, words, sent, own_page=True), words)


def problem_page(lead: str, detail: str, words: Words) -> str:
    """A page that says why there is no document."""
    content = (
        f'<div class="problem" role="alert"><h1 class="lead">{escape(lead)}</h1>'
        + (f'<p class="detail" dir="auto">{escape(detail)}</p>' if detail else "")
        + "</div>"
    )
    return _page(lead, f'<div class="apart">{content}</div>', words)


def _page(title: str, content: str, words: Words) -> str:
    ours = reader_words(words)
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><meta name="robots" content="noindex"><title>{escape(title)} · {TITLE}</title>'
        f'<link rel="icon" type="image/svg+xml" href="{ICON}"><script src="/ui/appearance.js"></script>'
        f'<link rel="stylesheet" href="/ui/base.css"><link rel="stylesheet" href="/ui/reader.css">'
        f'<link rel="stylesheet" href="/ui/read.css">'
        f'<script type="module" src="/ui/read.js"></script></head><body class="page reading">'
        f'<nav class="home" aria-label="{escape(words.brand)}"><a class="brand" href="/">{escape(words.brand)}</a>'
        f'<a href="{escape(_LIBRARY)}">{escape(ours.library)}</a></nav>'
        f'<main id="reader">{content}</main><div id="told" role="status"></div>'
        f'<template id="words"><span id="word-unreachable">{escape(words.unreachable)}</span></template>'
        "</body></html>"
    )
