"""Folders and documents to choose from, as a tree and by name, and the markup of its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from urllib.parse import quote

from assistant.text.normal import literal
from assistant.types import DocumentInfo
from ui.escape import escape
from ui.messages import Words
from ui.search.words import SearchWords, search_words

ROWS = 200  # at once: more than anybody reads, and a list of them opens at once
_DIGITS = re.compile(r"(\d+)")


@dataclass(slots=True)
class Place:
    """A folder, a file that holds many documents, or a document."""

    path: str  # as `within` takes it
    name: str
    kind: Literal["folder", "file", "document"]
    documents: int = 1
    inside: list[Place] = field(default_factory=list)


class Places:
    """The places of a library at one generation."""

    def __init__(self, documents: Sequence[DocumentInfo]) -> None:
        self._root = Place("", "", "folder", 0)
        folders = {"": self._root}
        for one in documents:
            file = one.file or one.id
            parent = self._folder(folders, file.rpartition("/")[0])
            if file != one.id:
                if file not in folders:
                    folders[file] = Place(file, file.rpartition("/")[2], "file", 0)
                    parent.inside.append(folders[file])
                parent = folders[file]
                parent.documents += 1
            parent.inside.append(Place(one.id, one.title.strip() or file.rpartition("/")[2], "document"))
            self._count(folders, file)
        for folder in folders.values():
            folder.inside.sort(key=lambda place: (place.kind == "document", _natural(place.path)))
        self._by_path = folders

    @staticmethod
    def _folder(folders: dict[str, Place], path: str) -> Place:
        if path not in folders:
            above, _, name = path.rpartition("/")
            folders[path] = Place(path, name, "folder", 0)
            Places._folder(folders, above).inside.append(folders[path])
        return folders[path]

    @staticmethod
    def _count(folders: dict[str, Place], file: str) -> None:
        path = file
        while path:
            path = path.rpartition("/")[0]
            folders[path].documents += 1

    def inside(self, path: str) -> Sequence[Place]:
        """What is right in a folder; of the library itself where there is no such one."""
        return self._by_path.get(path, self._root).inside

    def named(self, query: str) -> Sequence[Place]:
        """Those whose name or path holds every word of a query, folders first; folded as the texts are."""
        wanted = literal(query).split()
        return [place for form, place in self.folded if all(word in form for word in wanted)]

    @cached_property
    def folded(self) -> list[tuple[str, Place]]:
        """Every place with its name and path as they are compared; of many thousands it takes half a second."""
        every = [place for folder in self._by_path.values() for place in folder.inside]
        every.sort(key=lambda place: (place.kind == "document", _natural(place.path)))
        return [(literal(f"{place.name} {place.path}"), place) for place in every]


def rows(found: Sequence[Place], start: int, words: SearchWords, *, paths: bool) -> str:
    """Some hundred rows of a list; `paths` shows where each is, where they are not in their folder's place."""
    shown = found[start : start + ROWS]
    if not shown:
        return f'<p class="none">{escape(words.no_place)}</p>'
    rest = len(found) - start - len(shown)
    more = ""
    if rest > 0:
        label = escape(words.more_places.format(n=min(rest, ROWS), rest=rest))
        more = f'<li><button type="button" class="quiet more" value="{start + len(shown)}">{label}</button></li>'
    return f"<ul>{''.join(_row(place, words, paths=paths) for place in shown)}{more}</ul>"


def _row(place: Place, words: SearchWords, *, paths: bool) -> str:
    name = f'<bdi class="name">{escape(place.name)}</bdi>'
    if place.kind == "document":
        file = place.path if paths else place.path.rpartition("/")[2]
        detail = "" if file == place.name else f'<bdi class="path">{escape(file)}</bdi>'
        unfold = ""
    else:
        forms = words.folder_count.split("|")
        count = (forms[0] if place.documents == 1 else forms[-1]).format(n=place.documents)
        detail = f'<span class="count">{escape(count)}</span>'
        above = place.path.rpartition("/")[0]
        if paths and above:
            detail += f'<bdi class="path">{escape(above)}</bdi>'
        label = escape(words.unfold.format(name=place.name))
        unfold = (
            f'<button type="button" class="unfold" aria-expanded="false" aria-label="{label}">'
            f'<span aria-hidden="true">›</span></button>'
        )
    # Quoted: what is escaped for show leaves out signs that a path may hold.
    value = escape(quote(place.path, safe="", errors="replace"))
    box = f'<label><input type="checkbox" value="{value}"><span>{name} {detail}</span></label>'
    return f'<li class="row {place.kind}">{unfold}{box}</li>'


def together(names: Sequence[str], words: Words) -> str:
    """What some places are called in one line."""
    own = search_words(words.language)
    if len(names) > 2:
        return own.places.format(first=names[0], n=len(names), rest=len(names) - 1)
    return words.list_comma.join(names) if names else own.whole


def _natural(path: str) -> list[tuple[int, int, str]]:
    """Names in the order of their numbers: 2 before 10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in _DIGITS.split(path) if part]
