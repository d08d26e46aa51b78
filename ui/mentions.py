"""Every mention as markup: counted, by document, as many as a turn holds; the search room lists the rest.

Pure. As in `render`, what comes from documents and questions goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.types import Answer, DocumentMentions, Mention, Mentions
from ui.escape import escape, titled
from ui.messages import Words
from ui.render import framed, stale, understood
from ui.search.mentions import card
from ui.search.room import address
from ui.search.words import search_words
from ui.sources import panelled

# A page with thousands of passages answers no click for seconds.
PASSAGES_OF_ONE = 20  # of one document
PASSAGES_SHOWN = 200  # of all of them
DOCUMENTS_SHOWN = 200


def answer(given: Answer, found: Mentions, turn: int, words: Words, within: Sequence[str] = ()) -> str:
    """The turn of a question for every mention; `within` are the places that it was kept to."""
    names = escape(words.list_comma).join(f"<bdi>“{escape(one)}”</bdi>" for one in found.words)
    notes = f'<p class="notes">{stale(words)}</p>' if given.index.stale else ""
    note = understood(given, words)
    if not found.passages:
        body = f'{note}<p class="lead">{_named(words.no_mention, names)}</p>{notes}'
        return framed(given.question, turn, "refused", body, words)
    documents = len(found.documents)
    if found.about:
        count = _named(words.count(words.about, documents, words="{words}"), names)
    else:
        count = _named(words.count(words.mentioned, found.passages, words="{words}"), names)
        count += escape(words.count(words.in_documents, documents))
    show = escape(words.count(words.show_about if found.about else words.show_mentions, found.passages))
    body = (
        f'{note}<div class="text"><p class="sentence">{count}</p></div>{notes}'
        f'<p class="notes"><a class="show" href="#sources-{turn}">{show}</a></p>'
    )
    name = words.documents_about if found.about else words.mentions
    cards = panelled(given, turn, name, "".join(_documents(found, words, within)), "mentions", words)
    return framed(given.question, turn, "answered", body, words, cards)


def _named(text: str, names: str) -> str:
    """A text of the page with markup in the place of {words}."""
    before, _, after = text.partition("{words}")
    return escape(before) + names + escape(after)


def _documents(found: Mentions, words: Words, within: Sequence[str]) -> Iterator[str]:
    """A part that opens and closes for each document; the first is open."""
    left = PASSAGES_SHOWN
    hidden = 0
    for number, document in enumerate(found.documents[:DOCUMENTS_SHOWN]):
        shown = document.mentions[: min(PASSAGES_OF_ONE, left)]
        left -= len(shown)
        hidden += len(document.mentions) - len(shown)
        yield _document(document, shown, words, is_open=number == 0, is_one=found.about)
    others = len(found.documents) - DOCUMENTS_SHOWN
    if others > 0:
        yield f'<p class="more">{escape(words.count(words.more_documents, others))}</p>'
    if hidden or others > 0:
        link = escape(address(_wanted(found), "mentions", within))
        yield f'<p class="more"><a href="{link}">{escape(search_words(words.language).all_mentions)}</a></p>'


def _document(
    document: DocumentMentions, shown: tuple[Mention, ...], words: Words, *, is_open: bool, is_one: bool
) -> str:
    """The passages of one document; where there is but one, its name tells documents of the same title apart."""
    rest = len(document.mentions) - len(shown)
    more = f'<p class="more">{escape(words.count(words.more_here, rest))}</p>' if rest else ""
    name = escape(titled(document.title, document.document, words))
    count = "" if is_one else f'<span class="count">{len(document.mentions)}</span> '
    beside = f'{count}<bdi class="path">{escape(document.document)}</bdi>'
    cards = "".join(card(mention, document, words) for mention in shown)
    return (
        f'<details class="mentioning"{" open" if is_open else ""}><summary dir="auto"><bdi>{name}</bdi> '
        f"{beside}</summary>{cards}{more}</details>"
    )


def _wanted(found: Mentions) -> str:
    """The words, as a search for every mention takes them."""
    return " ".join(f"“{one}”" if len(one.split()) > 1 else one for one in found.words)
