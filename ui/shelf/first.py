"""What stands where the conversation will be, while the library cannot be asked yet: why, and what to do. Pure."""

from __future__ import annotations

from assistant.types import Status
from ui.escape import escape
from ui.messages import Words
from ui.shelf.words import ShelfWords, shelf_words


def act(name: str, label: str, *, primary: bool = False) -> str:
    """A button that does something with the library, wherever on the page it stands."""
    kind = "button primary" if primary else "button"
    return f'<button type="button" class="{kind}" data-shelf="{name}">{escape(label)}</button>'


def reading(name: str, words: Words) -> str:
    """The first update is under way."""
    own = shelf_words(words)
    return _first("reading", own.first_reading, own.first_reading_detail.format(name=name), "", words)


def broken(message: str, words: Words, *, sample: bool, damaged: bool = False) -> str:
    """The library or its index, which is `damaged` then, cannot be used at all."""
    own = shelf_words(words)
    buttons = repair(own) if damaged else ""
    buttons += act("look", own.look_again) + _sample(own, sample=sample)
    return _first("broken", own.first_error, message, buttons, words)


def repair(own: ShelfWords) -> str:
    """A button that makes anew what is damaged of the index."""
    return f'<button type="button" class="button primary" data-work="repair">{escape(own.repair)}</button>'


def steps(status: Status, words: Words, *, sample: bool) -> str:
    """A library without an index: missing, empty, unreadable, or only never read."""
    own, path, name = shelf_words(words), str(status.library), status.library.name
    again, other = act("look", own.look_again), _sample(own, sample=sample)
    if any(problem.path == path for problem in status.problems):
        detail = own.first_missing_detail.format(path=path)
        return _first("missing", own.first_missing, detail, again + other, words)
    if status.changes.added:
        detail = words.count(own.first_unindexed_detail, len(status.changes.added), name=name)
        return _first("unindexed", own.first_unindexed, detail, act("update", words.index, primary=True) + other, words)
    if status.problems:
        return _first("unreadable", own.first_unreadable, own.first_unreadable_detail, again + other, words)
    return _first("empty", own.first_empty, own.first_empty_detail.format(path=path), again + other, words)


def _sample(own: ShelfWords, *, sample: bool) -> str:
    return f'{act("sample", own.use_sample)}<p class="hint">{escape(own.sample_hint)}</p>' if sample else ""


def _first(kind: str, title: str, detail: str, buttons: str, words: Words) -> str:
    link = f'<p><a href="/?show=library">{escape(shelf_words(words).open_library)}</a></p>'
    return (
        f'<div class="welcome first {kind}" lang="{words.language}"><h1>{escape(title)}</h1>'
        f'<p dir="auto">{escape(detail)}</p><div class="acts">{buttons}</div>{link}</div>'
    )
