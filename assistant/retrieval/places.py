"""Places of a library that a search is kept to: folders, files and documents, by their paths."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from assistant.errors import QuestionError

_NAMED = 3  # near ones, in a message


def documents_within(places: Iterable[str], documents: Sequence[str], library: Path) -> frozenset[str]:
    """Those documents (by id) that are in one of some places. Raises QuestionError for a place that is not there.

    A place is a folder, a file that holds documents, or a document; relative to the library, or in full.
    """
    found: set[str] = set()
    for place in places:
        path = _relative(place, library)
        inside = documents if not path else [name for name in documents if _is_in(_normal(name), path)]
        if not inside:
            raise QuestionError(_unknown(place, path, documents))
        found.update(inside)
    return frozenset(found)


def _relative(place: str, library: Path) -> str:
    """The path of a place within the library; empty for the library itself."""
    given = place.strip()
    pure = PurePath(given)
    if pure.is_absolute() and pure.is_relative_to(library):
        given = pure.relative_to(library).as_posix()
    parts = [part for part in _normal(given).replace("\\", "/").split("/") if part not in ("", ".")]
    return "/".join(parts)


def _normal(name: str) -> str:
    """Some systems take the accents of a name apart."""
    return unicodedata.normalize("NFC", name)


def _is_in(name: str, path: str) -> bool:
    return name == path or (name.startswith(path) and name[len(path)] in "/#")


def _unknown(place: str, path: str, documents: Sequence[str]) -> str:
    near = _near(path, documents)
    hint = f" Near it: {', '.join(near)}." if near else ""
    return (
        f"The library has no folder or document “{place}” that holds texts.{hint} Give a path relative to the library; "
        "`youju status --json` lists all documents."
    )


def _near(path: str, documents: Sequence[str]) -> list[str]:
    """Places whose path or name is like a path, or holds it."""
    known: dict[str, None] = {}
    for name in documents:
        file, _, rest = name.partition("#")
        known.update(dict.fromkeys(parent.as_posix() for parent in reversed(PurePath(file).parents[:-1])))
        known.update(dict.fromkeys((file, name) if rest else (file,)))
    lowered = path.lower()
    holding = [name for name in known if lowered and lowered in name.lower()]
    by_name: dict[str, list[str]] = {}
    for name in known:
        for form in {name.lower(), PurePath(name).name.lower()}:
            by_name.setdefault(form, []).append(name)
    like = [*_like(lowered, by_name), *_like(PurePath(lowered).name, by_name)]
    return list(dict.fromkeys([*holding, *(name for form in like for name in by_name[form])]))[:_NAMED]


def _like(name: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(name, known, _NAMED, cutoff=0.5)
