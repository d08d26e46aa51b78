"""A document in the reader as markup: what it is, where the quote stands, the tools, the text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.citing.styles import STYLES
from assistant.reading.opening import Opened
from assistant.types import Span
from ui import links
from ui.escape import escape, read_as, titled
from ui.messages import Words
from ui.reader import body, sheet
from ui.reader.asked import Asked, written
from ui.reader.tools import icon, tool
from ui.reader.words import ReaderWords, count, reader_words

MOST_ENTRIES = 3_000  # headings in the table of contents
VERSION = 16  # characters of a document's digest that tell one version from another


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a text that is sent."""

    start: int
    characters: int


def window(length: int, start: int, whole: int, part: int) -> Window:
    """All of a text up to `whole` characters; of a longer one `part` of them, a third of that before `start`."""
    if length <= whole:
        return Window(0, length)
    return Window(max(0, min(start - part // 3, length - part)), part)


def article(opened: Opened, asked: Asked, words: Words, sent: Window, *, own_page: bool = False) -> str:
    """The whole reader; `own_page` where it is a page of its own."""
    ours = reader_words(words)
    document = opened.document
    marks = asked.marks(len(document.text))
    blocks = opened.part(sent.start, sent.characters)
    first, last = (blocks[0].start, blocks[-1].end) if blocks else (0, 0)
    facts = {
        "document": document.id,
        "version": document.digest[:VERSION],
        "length": str(len(document.text)),
        "address": address(asked),
        "copied": ours.copied,
        "not-copied": words.not_copied,
        "nothing-chosen": ours.nothing_chosen,
        "not-found": ours.not_found,
        "first-found": ours.first_found,
    }
    if asked.at is not None and asked.fits(document.text):
        facts["at"] = written([asked.at])
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in facts.items())
    level = "h1" if own_page else "h2"
    pictured = sheet.pictured(opened)
    return (
        f'<article class="reader document{" pictured" if pictured else ""}" lang="{words.language}"{attributes}>'
        f'<header class="head"><{level} class="title" {read_as(document.title)}>'
        f"{escape(titled(document.title, document.id, words))}</{level}>"
        f'<div class="where">{where(opened, asked, words)}</div>'
        f"{_tools(opened, asked, words, own_page=own_page)}</header>"
        f'<div class="leaves">{sheet.sheet(opened, words) if pictured else ""}'
        f'<div class="leaf" tabindex="0" role="region" aria-label="{escape(ours.text)}">'
        f"{more(opened, ours, before=first)}"
        f'<div class="body" lang="">{body.parts(opened, blocks, marks)}</div>'
        f"{more(opened, ours, after=last)}</div></div></article>"
    )


def where(opened: Opened, asked: Asked, words: Words) -> str:
    """The place that was gone to, and what the document is: heading path, page, passage; kind, encoding, file."""
    ours = reader_words(words)
    document = opened.document
    fits = asked.fits(document.text)
    at = asked.at if fits else None
    notes = []
    if not fits:
        notes.append(ours.outside)
    elif not asked.holds(document.text):
        notes.append(ours.changed)
    state, detail = {
        "present": ("", ""),
        "newer": (ours.newer, ours.newer_detail),
        "gone": (ours.gone, ours.gone_detail),
        "away": (ours.away, ours.away_detail),
    }[opened.state]
    if detail:
        notes.append(detail)
    place = "" if at is None else _place(opened, at, words)
    kind = ours.kinds.get(opened.kind, opened.kind.upper())
    badges = f'<span class="badge kind">{escape(kind)}</span>' if kind else ""
    if opened.encoding:
        badges += f'<span class="badge">{escape(ours.encoding.format(name=opened.encoding.upper()))}</span>'
    if state:
        badges += f'<span class="badge warn">{escape(state)}</span>'
    told = "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    return (
        f'{place}<p class="facts" data-version="{document.digest[:VERSION]}">{badges}'
        f'<span class="file"><span class="spoken">{escape(ours.file)} </span>'
        f'<bdi class="path">{escape(document.id)}</bdi></span></p>{told}'
    )


def _place(opened: Opened, at: Span, words: Words) -> str:
    ours = reader_words(words)
    path = escape(" › ".join(opened.heading_of(at)))
    number, pages = opened.passage_number(at), opened.pages_of(at)
    steps = []
    if pages:
        steps.append(ours.page.format(n=pages[0] if len(pages) == 1 else f"{pages[0]}–{pages[-1]}"))
    if number is not None:
        of = ours.passage_of.format(n=len(opened.passages))
        steps.append(ours.passage.format(n=number) + ("，" if words.language == "zh-CN" else " ") + of)
    detail = "".join(f'<span class="step">{escape(step)}</span>' for step in steps)
    shown = f'<bdi class="headings">{path}</bdi>' if path else ""
    return (
        f'<p class="place" data-page="{pages[0] if pages else ""}">'
        f'<span class="spoken">{escape(ours.place)} </span>{shown}{detail}</p>'
    )


def address(asked: Asked) -> str:
    """Of the reader as it was asked for, for a tab of its own."""
    parameters = {"document": asked.document}
    if asked.at is not None:
        parameters["at"] = written([asked.at])
    if asked.also:
        parameters["also"] = written(asked.also)
    if asked.numbers:
        parameters["numbers"] = ",".join(map(str, asked.numbers))
    if asked.start is not None:
        parameters["from"] = str(asked.start)
    if asked.quote:
        parameters["quote"] = asked.quote
    return "/read?" + urlencode(parameters, errors="replace")


def _tools(opened: Opened, asked: Asked, words: Words, *, own_page: bool) -> str:
    ours = reader_words(words)
    original = "/reader/original?" + urlencode({"document": opened.document.id}, errors="replace")
    href = address(asked)
    choices = "" if own_page else _link(href, "own-tab", ours.own_tab, new_tab=True)
    choices += _copying(ours, words) + _button("copy-link", ours.copy_link)
    choices += _link(href + "#print", "print", ours.print_it, new_tab=not own_page)
    if opened.state not in ("gone", "away"):
        choices += f'<a class="download" href="{escape(original)}" download>{escape(ours.download)}</a>'
    quotes = (
        f'<div class="quotes" role="group" aria-label="{escape(ours.quotes)}">'
        f"{tool('previous-quote', 'back', ours.previous_quote, 'p')}"
        f'<span class="step-of" role="status"></span>{tool("next-quote", "on", ours.next_quote, "n")}</div>'
    )
    contents = (
        f'<details class="menu contents"><summary title="{escape(ours.contents)}">{icon("list")}'
        f"<span>{escape(ours.contents)}</span></summary>"
        f'<nav class="choices" aria-label="{escape(ours.contents)}"></nav></details>'
    )
    find = (
        f'<div class="find" role="search"><input type="search" class="field" name="query" autocomplete="off" '
        f'placeholder="{escape(ours.find)}" aria-label="{escape(ours.find)}" aria-keyshortcuts="/" maxlength="500">'
        f'<span class="count" role="status"></span>{tool("previous-found", "up", ours.previous_found)}'
        f"{tool('next-found', 'down', ours.next_found)}</div>"
    )
    views = ""
    if sheet.pictured(opened):
        names = (("text", ours.view_text), ("both", ours.view_both), ("page", ours.view_page))
        buttons = "".join(
            f'<button type="button" value="{name}" aria-pressed="false">{escape(label)}</button>'
            for name, label in names
        )
        views = f'<div class="views" role="group" aria-label="{escape(ours.view)}">{buttons}</div>'
    return (
        f'<div class="toolbar" role="group" aria-label="{escape(ours.tools)}">{quotes}{contents}{views}{find}'
        f'<details class="menu extra"><summary aria-label="{escape(ours.more)}" title="{escape(ours.more)}">'
        f'{icon("more")}</summary><div class="choices">{choices}</div></details></div>'
        f'<p class="done" role="status"></p>'
    )


def _copying(ours: ReaderWords, words: Words) -> str:
    """What copies the quote that was gone to, or what is selected, with its source: a choice for each style."""
    names = (words.copy_plain, words.copy_markdown, words.copy_footnotes, words.copy_gbt)
    return "".join(
        f'<button type="button" class="copy-quote" value="{style}">'
        f"{escape(ours.copy_quote.format(style=name))}</button>"
        for style, name in zip(STYLES, names, strict=True)
    )


def _button(kind: str, label: str) -> str:
    return f'<button type="button" class="{kind}">{escape(label)}</button>'


def _link(href: str, kind: str, label: str, *, new_tab: bool) -> str:
    tab = ' target="_blank" rel="noopener"' if new_tab else ""
    return f'<a class="{kind}" href="{escape(href)}"{tab}>{escape(label)}</a>'


def more(opened: Opened, ours: ReaderWords, *, before: int = 0, after: int | None = None) -> str:
    """A link to what comes before or after the part that is shown; hidden where there is nothing."""
    length = len(opened.document.text)
    if after is None:
        kind, left, start, label = "earlier", before, max(0, before - 1), ours.earlier
    else:
        kind, left, start, label = "later", length - after, after, ours.later
    hidden = "" if left else " hidden"
    href = links.reading_from(opened.document.id, start)
    return (
        f'<p class="more {kind}"{hidden}><a href="{escape(href)}" data-label="{escape(label)}">'
        f"{escape(count(label, left))}</a></p>"
    )


def contents(opened: Opened, words: Words) -> str:
    """The headings of a document, each a link to its place."""
    ours = reader_words(words)
    if not opened.contents:
        return f'<p class="empty">{escape(ours.no_contents)}</p>'
    entries = "".join(
        f'<li data-level="{min(6, entry.level)}"><a {read_as(entry.text)} data-start="{entry.start}" '
        f'href="{escape(links.reading_from(opened.document.id, entry.start))}">{escape(entry.text)}</a></li>'
        for entry in opened.contents[:MOST_ENTRIES]
    )
    cut = len(opened.contents) > MOST_ENTRIES
    note = f'<p class="empty">{escape(ours.contents_cut.format(n=MOST_ENTRIES))}</p>' if cut else ""
    return f"{note}<ol>{entries}</ol>"
