"""The documents of a library as a table, its filters and its pages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.library.dictionary import is_dictionary
from assistant.library.overview import KEYS, STATES, Entry, Overview, matching, ordered, page_of
from ui import links
from ui.escape import escape
from ui.messages import Words
from ui.shelf import bar
from ui.shelf.reasons import in_words
from ui.shelf.sizes import size
from ui.shelf.words import ShelfWords, shelf_words

ROWS = 50  # on a page: a table that stays smooth, however many documents there are
_COLUMNS = ("title", "path", "kind", "encoding", "bytes", "passages", "indexed_at", "state")
_BADGES = {"problem": "bad", "added": "warn", "edited": "warn", "removed": "warn", "current": "good"}
_REASONS_SHOWN = 5  # of one file; a corpus may have one for every line


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the table a tab wants to see."""

    text: str = ""
    kind: str = ""
    state: str = ""
    sort: str = "state"  # what needs somebody's attention first
    down: bool = False
    page: int = 1

    @property
    def key(self) -> str:
        return self.sort if self.sort in KEYS else "state"


def documents(found: Overview, asked: Asked, words: Words, now: datetime) -> str:
    """The choices of both filters, and a page of the table."""
    own = shelf_words(words)
    entries = ordered(
        matching(found, text=asked.text, kind=asked.kind, state=asked.state), asked.key, descending=asked.down
    )
    page = page_of(entries, asked.page, size=ROWS)
    filtered = bool(asked.text.strip() or asked.kind or asked.state)
    counted = f'<p class="counted" role="status">{escape(words.count(own.matches, page.total))}</p>'
    if not entries:
        body = f'<p class="none">{escape(own.no_match if filtered else own.empty)}</p>'
    else:
        rows = "".join(_row(entry, own, words, now) for entry in page.entries)
        heads = "".join(_head(column, asked, own) for column in _COLUMNS)
        body = (
            f'<table class="documents" role="table" aria-label="{escape(own.documents)}"><thead role="rowgroup">'
            f'<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{rows}</tbody></table>'
        )
    return (
        f'<div data-part="kinds">{_kinds(found, asked, own)}</div><div data-part="states">'
        f'{_states(found, asked, own)}</div><div data-part="table">{counted}{body}'
        f"{_pager(page.number, page.pages, own)}</div>"
    )


def _kinds(found: Overview, asked: Asked, own: ShelfWords) -> str:
    kinds = list(found.kinds)
    if asked.kind and asked.kind not in dict(kinds):  # the last one of it is gone, and the filter still set
        kinds.append((asked.kind, 0))
    options = "".join(
        f'<option value="{escape(kind)}"{_if(kind == asked.kind, "selected")}>{escape(kind)} ({number:,})</option>'
        for kind, number in kinds
        if kind
    )
    return f'<option value="">{escape(own.any_kind)} ({len(found.entries):,})</option>{options}'


def _states(found: Overview, asked: Asked, own: ShelfWords) -> str:
    counts = found.counts
    choices = [("", own.any_state, len(found.entries))]
    choices += [(state, own.states[state], counts[state]) for state in STATES if counts[state] or state == asked.state]
    return "".join(
        f'<button type="button" class="choice {state}" id="shelf-state-{state or "any"}" value="{state}" '
        f'aria-pressed="{str(state == asked.state).lower()}">{escape(label)} <span>{number:,}</span></button>'
        for state, label, number in choices
    )


def _head(column: str, asked: Asked, own: ShelfWords) -> str:
    label = escape(_labels(own)[column])
    sorted_by = column == asked.key
    direction = ("descending" if asked.down else "ascending") if sorted_by else "none"
    sign = ("▼" if asked.down else "▲") if sorted_by else ""
    return (
        f'<th scope="col" role="columnheader" class="{column}" aria-sort="{direction}"><button type="button" '
        f'class="sort" id="shelf-sort-{column}" value="{column}">{label}<span aria-hidden="true">{sign}</span>'
        f"</button></th>"
    )


def sorting(own: ShelfWords) -> str:
    """The choices of a list that sorts the table where it has no heads."""
    labels = _labels(own)
    return "".join(
        f'<option value="{column}{mark}">{escape(labels[column] + direction)}</option>'
        for column in ("state", *(column for column in _COLUMNS if column != "state"))
        for mark, direction in (("", own.sorted_up), ("-", own.sorted_down))
    )


def _labels(own: ShelfWords) -> dict[str, str]:
    labels = (own.title, own.path, own.kind, own.encoding, own.size, own.passages, own.indexed_at, own.state)
    return dict(zip(_COLUMNS, labels, strict=True))


def _row(entry: Entry, own: ShelfWords, words: Words, now: datetime) -> str:
    document = entry.document
    title = entry.title.strip() or entry.path.rpartition("/")[2]
    name = f"<bdi>{escape(title)}</bdi>"
    if document is not None:
        name = f'<a href="{escape(links.reading(entry.path))}">{name}</a>'
    elif is_dictionary(entry.path):
        name = f'<a href="/?show=library&amp;part=dictionary">{name}</a>'
    cells: dict[str, str] = {
        "title": name + _reasons(entry, words),
        "path": f"<bdi>{escape(entry.path)}</bdi>",
        "kind": escape(entry.kind or own.no_kind),
        "state": f'<span class="badge {_BADGES[entry.state]}">{escape(own.states[entry.state])}</span>',
    }
    if document is not None:
        cells["encoding"] = escape((document.encoding or "").upper())
        cells["bytes"] = "" if document.bytes is None else escape(size(document.bytes))
        cells["passages"] = f"{document.passages:,}"
        if document.indexed_at is not None:
            shown = escape(bar.clock(document.indexed_at, now, words))
            cells["indexed_at"] = f'<time datetime="{escape(document.indexed_at)}">{shown}</time>'
    labels = _labels(own)
    made = "".join(_cell(column, cells.get(column, ""), labels[column]) for column in _COLUMNS)
    return f'<tr role="row" class="is-{entry.state}">{made}</tr>'


def _cell(column: str, content: str, label: str) -> str:
    """A cell knows its column's name: as a card, a row has no head above it."""
    if column == "title":
        return f'<th scope="row" role="rowheader" class="title">{content}</th>'
    empty = "" if content else " empty"
    return f'<td role="cell" class="{column}{empty}" data-label="{escape(label)}">{content}</td>'


def _reasons(entry: Entry, words: Words) -> str:
    if not entry.problems:
        return ""
    shown = [_reason(reason, words) for reason in entry.problems[:_REASONS_SHOWN]]
    if len(entry.problems) > _REASONS_SHOWN:
        shown.append(f"<li>{escape(words.more.format(n=len(entry.problems) - _REASONS_SHOWN))}</li>")
    return f'<ul class="reasons">{"".join(shown)}</ul>'


def _reason(reason: str, words: Words) -> str:
    told = in_words(reason, words)
    original = f' title="{escape(reason)}"' if told != reason else ""
    return f'<li dir="auto"{original}>{escape(told)}</li>'


def _pager(number: int, pages: int, own: ShelfWords) -> str:
    if pages == 1:
        return ""
    steps: Sequence[tuple[str, str, int, Callable[[int], bool]]] = (
        ("first", own.first, 1, lambda to: number > to),
        ("previous", own.previous, number - 1, lambda to: to >= 1),
        ("next", own.next, number + 1, lambda to: to <= pages),
        ("last", own.last, pages, lambda to: number < to),
    )
    buttons = [
        f'<button type="button" class="button" id="shelf-page-{name}" value="{to}"{_if(not can(to), "disabled")}>'
        f"{escape(label)}</button>"
        for name, label, to, can in steps
    ]
    place = f'<span class="place">{escape(own.page_of.format(n=number, pages=pages))}</span>'
    return f'<nav class="pager" aria-label="{escape(own.pages)}">{"".join([*buttons[:2], place, *buttons[2:]])}</nav>'


def _if(true: bool, attribute: str) -> str:  # noqa: FBT001 - an attribute without a value
    return f" {attribute}" if true else ""
