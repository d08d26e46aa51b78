"""The library's room as markup: its head with everything that is known of the index, and the frame of its parts. Pure.

A script asks for the parts again when the library has changed, and puts them where the frame has a place for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.library.dictionary import is_dictionary
from assistant.types import Status
from ui.escape import escape
from ui.messages import Words
from ui.shelf import bar
from ui.shelf.first import act, repair
from ui.shelf.reasons import in_words
from ui.shelf.table import sorting
from ui.shelf.words import ShelfWords, shelf_words

PARTS = ("documents", "dictionary", "check", "questions")  # as the `part` of an address names them


def frame(words: Words, upload_words: str) -> str:
    """What stays as long as the page does."""
    own = shelf_words(words)
    names = dict(zip(PARTS, (own.documents_part, own.dictionary_part, own.check_part, own.questions_part), strict=True))
    nav = "".join(
        f'<a href="/?show=library{"" if part == "documents" else f"&amp;part={part}"}" data-to="{part}">'
        f"{escape(name)}</a>"
        for part, name in names.items()
    )
    others = "".join(
        f'<section id="shelf-part-{part}" class="part" aria-label="{escape(names[part])}" data-part="{part}" hidden>'
        f"</section>"
        for part in PARTS[1:]
    )
    return (
        f'<div class="sheet shelf" lang="{words.language}"><header class="head"><div data-part="head"></div>'
        f'<div class="acts"><button type="button" class="button" id="shelf-update" data-shelf="update">'
        f"{escape(words.update)}</button>"
        f'<button type="button" class="button" id="shelf-preview" data-shelf="preview" hidden>{escape(words.preview)}'
        f'</button><button type="button" class="button danger" id="shelf-stop" hidden>{escape(words.stop)}</button>'
        f'<button type="button" id="shelf-follow" class="switch" role="switch" aria-checked="false">'
        f'<span class="track" aria-hidden="true"></span>{escape(own.follow)}</button></div>'
        f'<div id="shelf-running"></div><div id="shelf-outcome" role="status"></div><div id="shelf-previewed"></div>'
        f'</header><nav class="parts" aria-label="{escape(own.parts)}">{nav}</nav>'
        f'<section id="shelf-part-documents" class="part" aria-label="{escape(own.documents_part)}">'
        f'<div data-part="upload"></div><ul id="shelf-queue" hidden></ul>{_filters(own)}'
        f'<div id="shelf-table" data-part="table"></div></section>{others}'
        f'<template id="shelf-said">{upload_words}</template></div>'
    )


def _filters(own: ShelfWords) -> str:
    return (
        f'<form id="shelf-filters" role="search"><input type="search" id="shelf-find" class="field" '
        f'placeholder="{escape(own.find)}" aria-label="{escape(own.find)}" autocomplete="off" spellcheck="false">'
        f'<select id="shelf-kind" class="field" aria-label="{escape(own.kind)}" data-part="kinds"></select>'
        f'<select id="shelf-order" class="field" aria-label="{escape(own.sort_by)}">{sorting(own)}</select>'
        f'<div class="choices" role="group" aria-label="{escape(own.state)}" data-part="states"></div></form>'
    )


def head(status: Status, model: str, words: Words, now: datetime, *, sample: bool, updating: bool = False) -> str:
    """Everything that `youju status` says; `sample` offers that library where this one was never indexed."""
    own = shelf_words(words)
    kind, text = ("loading", words.updating) if updating else bar.notice(status, model, words)
    indexed = status.built_at is not None
    facts = [
        (own.folder, _path(str(status.library), own)),
        (own.index, _path(str(status.index), own)),
        (own.holds, escape(_holds(status, own, words) if indexed else own.never)),
    ]
    if status.built_at is not None:
        at = bar.clock(status.built_at, now, words) + words.comma + own.generation.format(n=status.generation)
        facts.append((own.indexed, f'<time datetime="{escape(status.built_at)}">{escape(at)}</time>'))
    model_name = f"<bdi>{escape(status.model)}</bdi>{escape(words.comma + own.model_states.get(model, model))}"
    if status.model_changed:
        model_name += f'<br><span class="notice stale">{escape(words.model_changed)}</span>'
    facts.append((own.model, model_name))
    facts.append((own.newer, _newer(status, own, words)))
    if status.ignored:
        facts.append((own.ignored, escape(words.count(own.ignored_items, status.ignored))))
    unread = [one for one in status.problems if one.path == str(status.library)]
    problem = "".join(_told(own.error_missing, in_words(one.reason, words)) for one in unread[:1])
    if not indexed and not updating:
        problem += _begin(status, own, words, sample=sample, missing=bool(unread))
    return _titled(status.library.name or str(status.library), kind, text) + _facts(facts) + problem


def _begin(status: Status, own: ShelfWords, words: Words, *, sample: bool, missing: bool) -> str:
    """What to do with a library that was never indexed."""
    path, found = str(status.library), status.changes.added
    if missing:
        text = own.first_missing_detail.format(path=path)
    elif found:
        text = words.count(own.first_unindexed_detail, len(found), name=status.library.name)
    else:
        text = own.first_unreadable_here if status.problems else own.first_empty_detail.format(path=path)
    buttons = "" if found else act("look", own.look_again)
    hint = ""
    if sample:
        buttons += act("sample", own.use_sample)
        hint = f'<p class="hint">{escape(own.sample_hint)}</p>'
    return f'<div class="begin"><p dir="auto">{escape(text)}</p><div class="acts">{buttons}</div>{hint}</div>'


def head_error(
    name: str, path: str, message: Sequence[str], words: Words, *, sample: bool, damaged: bool = False
) -> str:
    """The head where the library or its index, which is `damaged` then, cannot be read, with what to do."""
    own = shelf_words(words)
    buttons = (repair(own) if damaged else "") + act("look", own.look_again)
    buttons += f'<a class="button" href="/?show=library&amp;part=check">{escape(own.check_part)}</a>'
    buttons += act("sample", own.use_sample) if sample else ""
    lead, *details = [one for one in message if one]
    return (
        _titled(name, "problem", words.index_damaged if damaged else words.library_error)
        + _facts([(own.folder, _path(path, own))])
        + _told(lead, " ".join(details))
        + f'<div class="acts">{buttons}</div>'
    )


def _titled(name: str, kind: str, text: str) -> str:
    return f'<h1><bdi>{escape(name)}</bdi></h1><p class="notice {kind}">{escape(text)}</p>'


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    listed = "".join(f"<div><dt>{escape(label)}</dt><dd>{content}</dd></div>" for label, content in facts)
    return f'<dl class="known">{listed}</dl>'


def _told(lead: str, detail: str) -> str:
    more = f'<p class="detail" dir="auto">{escape(detail)}</p>' if detail else ""
    return f'<div class="problem"><p class="lead">{escape(lead)}</p>{more}</div>'


def _path(path: str, own: ShelfWords) -> str:
    return (
        f'<bdi class="path">{escape(path)}</bdi> <button type="button" class="quiet copy-path" value="{escape(path)}">'
        f"{escape(own.copy_path)}</button>"
    )


def _holds(status: Status, own: ShelfWords, words: Words) -> str:
    return words.count(
        own.holds_texts,
        status.windows,
        documents=words.count(words.documents, status.documents),
        passages=words.count(words.passages, status.passages),
    )


def _newer(status: Status, own: ShelfWords, words: Words) -> str:
    """How many files differ, each kind with a link to them."""
    if any(problem.path == str(status.library) for problem in status.problems):
        return escape(own.unknown)
    changes = status.changes
    parts = []
    for state, label, paths in (
        ("added", words.added, changes.added),
        ("edited", words.edited, changes.edited),
        ("removed", words.removed, changes.removed),
    ):
        number = sum(1 for path in paths if not is_dictionary(path))
        if number:
            text = escape(label.format(n=number))
            parts.append(f'<a href="/?show=library&amp;state={state}">{text}</a>')
    if dictionary_changed(status):
        parts.append(f'<a href="/?show=library&amp;part=dictionary">{escape(own.newer_dictionary)}</a>')
    if not parts:
        return escape(own.nothing_newer if status.generation else own.never)
    return escape(words.list_comma).join(parts)


def dictionary_changed(status: Status) -> bool:
    """Whether the library's own words are other ones than the index was made with."""
    changes = status.changes
    return any(map(is_dictionary, (*changes.added, *changes.edited, *changes.removed)))
