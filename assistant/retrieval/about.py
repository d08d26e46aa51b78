"""The documents about something, one passage of each: those whose titles say so, else those that mention it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.index.snapshot import Snapshot
from assistant.retrieval.kinds import is_of
from assistant.retrieval.mentions import mentions, parts_of
from assistant.text.marks import without_marks
from assistant.text.normal import literal
from assistant.text.tokens import Tokens, holds, latin_stems
from assistant.types import DocumentMentions, Mention, Mentions

_SEPARATOR = "\ue000"  # a private character: no form folds it
_UNSURE = 2  # documents of that kind and about it, where something else than documents may be asked for


def documents_about(
    snapshot: Snapshot, tokens: Tokens, words: str, kind: str, inside: frozenset[str] | None, *, is_sure: bool
) -> Mentions | None:
    """The documents about some words, each with the first passage that holds them; None where there are none.

    Where the question may ask for something else than documents (not `is_sure`), only several of just this kind count.
    `inside` are those that the search is kept to, None for all.
    """
    parts = parts_of(words)
    area = snapshot.area(inside)
    held = mentions(snapshot, words, area)
    if not held.documents and words.isascii():
        held = mentions(snapshot, " ".join(f"“{part.removesuffix('s')}”" for part in parts), area)  # drills, drill
    if not held.documents:
        terms = [term.text for term in tokens.question(" ".join(parts)).terms]
        held = mentions(snapshot, " ".join(f"“{term}”" for term in terms), area) if len(terms) > 1 else held
    titled = _titled(snapshot, parts, held, inside)
    groups = [[one for one in group if is_of(one.title, kind)] for group in (titled, held.documents)]
    chosen = next(filter(None, groups), [])
    if not is_sure and len(chosen) < _UNSURE:
        return None
    if not chosen and not any(is_of(title, kind) for _, title in snapshot.titles()):
        chosen = titled or list(held.documents)  # nothing here goes by that name
    documents = tuple(replace(one, mentions=one.mentions[:1]) for one in chosen)
    return Mentions(parts, documents, about=True) if documents else None


def _titled(
    snapshot: Snapshot, parts: Sequence[str], held: Mentions, inside: frozenset[str] | None
) -> list[DocumentMentions]:
    """The documents whose titles hold all of some words; a title need not stand in the text."""
    rows = snapshot.titles()
    wanted = [literal(part) for part in parts]
    forms = literal(_SEPARATOR.join(title.replace(_SEPARATOR, " ") for _, title in rows)).split(_SEPARATOR)
    named = {
        name: title
        for (name, title), form in zip(rows, forms, strict=True)
        if (inside is None or name in inside) and all(_says(form, part) for part in wanted)
    }
    first = {one.document: one for one in held.documents if one.document in named}
    begins = {name: snapshot.passage_ids([name])[:1] for name in named if name not in first}
    stored = snapshot.passages([number for numbers in begins.values() for number in numbers])
    for name, numbers in begins.items():
        for passage in [stored[number].passage for number in numbers]:
            text = without_marks(snapshot.document(name).text, passage.start, passage.end)
            first[name] = DocumentMentions(name, named[name], (Mention(passage, text, ()),))
    return [first[name] for name in sorted(first)]


def _says(title: str, words: str) -> bool:
    """Whether a folded title holds folded words, English ones in any form."""
    return latin_stems(words) <= latin_stems(title) if words.isascii() else any(True for _ in holds(title, words))
