"""Every mention as a list: counted, by document; what a page cannot hold at once comes in parts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.types import DocumentMentions, Mention, Mentions
from ui import links
from ui.escape import escape, read_as, titled
from ui.messages import Words
from ui.search.marked import mentioning
from ui.search.passages import placed
from ui.search.words import search_words

DOCUMENTS_SHOWN = 100  # at once
PASSAGES_SHOWN = 20  # of one document, at first
PASSAGES_MORE = 100
_ALSO = 30  # places of one passage that its link marks


def found(all_of_them: Mentions, generation: int, query: str, within: Sequence[str], words: Words) -> str:
    """How many there are, the files to export them to, and the first documents, the first of them open."""
    own = search_words(words.language)
    names = words.list_comma.join(f"“{one}”" for one in all_of_them.words)
    if not all_of_them.passages:
        told = escape(words.no_mention.format(words=names))
        return f'<p class="told">{told}</p><p class="hint">{escape(own.none_hint)}</p>'
    count = words.count(words.mentioned, all_of_them.passages, words=names)
    count += words.count(words.in_documents, len(all_of_them.documents))
    asked = [("q", query), *(("within", place) for place in within)]
    exports = "".join(
        f'<a class="button" download href="/search/mentions/export?'
        f'{escape(urlencode([("format", kind), *asked], errors="replace"))}">{escape(label)}</a>'
        for kind, label in (("csv", own.export_csv), ("md", own.export_markdown))
    )
    return (
        f'<p class="told">{escape(count)}</p><div class="exports">{exports}</div>'
        f'<div class="groups" data-generation="{generation}">{documents(all_of_them, 0, words)}</div>'
    )


def documents(all_of_them: Mentions, start: int, words: Words) -> str:
    """Some of the documents, each a part that opens; the very first one is open and filled."""
    shown = all_of_them.documents[start : start + DOCUMENTS_SHOWN]
    groups = "".join(_group(one, start + number, words) for number, one in enumerate(shown))
    rest = len(all_of_them.documents) - start - len(shown)
    if rest <= 0:
        return groups
    own = search_words(words.language)
    label = escape(own.more_documents.format(n=min(rest, DOCUMENTS_SHOWN), rest=rest))
    return f'{groups}<button type="button" class="button more" value="{start + len(shown)}">{label}</button>'


def passages(one: DocumentMentions, start: int, words: Words) -> str:
    """Some of the mentions of one document."""
    stop = start + (PASSAGES_MORE if start else PASSAGES_SHOWN)
    shown = one.mentions[start:stop]
    cards = "".join(card(mention, one, words) for mention in shown)
    rest = len(one.mentions) - start - len(shown)
    if rest <= 0:
        return cards
    own = search_words(words.language)
    label = escape(own.more_here.format(n=min(rest, PASSAGES_MORE), rest=rest))
    return f'{cards}<button type="button" class="quiet more" value="{start + len(shown)}">{label}</button>'


def _group(one: DocumentMentions, number: int, words: Words) -> str:
    inside = f'<div class="inside">{passages(one, 0, words)}</div>' if number == 0 else ""
    return (
        f'<details class="group" data-number="{number}"{" open" if number == 0 else ""}><summary dir="auto">'
        f'<span class="title"><bdi {read_as(one.title)}>{escape(titled(one.title, one.document, words))}</bdi> '
        f'<span class="count">{len(one.mentions)}</span></span> '
        f'<bdi class="path">{escape(one.document)}</bdi></summary>{inside}</details>'
    )


def card(mention: Mention, one: DocumentMentions, words: Words) -> str:
    """A passage that mentions what was looked for, with the way to it in the original."""
    passage = mention.passage
    first, *others = mention.spans or ((passage.start, passage.end),)
    link = escape(links.reading(one.document, first, others[:_ALSO]))
    place = placed(passage, words) or search_words(words.language).in_text
    return (
        f'<article class="card"><p class="place" {read_as(place)}>'
        f'<a class="original" href="{link}">{escape(place)}</a></p>'
        f'<p class="passage" {read_as(mention.text)}>{mentioning(mention)}</p></article>'
    )
