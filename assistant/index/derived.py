"""The derived files of one generation: vectors.faiss, keywords/ and derived.json, which is written last.

Each generation has a folder of its own, made complete before the database commits that generation, so that whoever
reads a generation finds its files. A folder that is missing, unfinished or damaged (checksums say so) is made again
from the database; nothing is embedded for that.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.index import keywords
from assistant.index.database import Database, damaged
from assistant.index.keywords import KeywordIndex
from assistant.index.private import NO_ROOM, no_room
from assistant.index.vectors import Model
from assistant.text import tokens as token_module
from assistant.text.marks import without_marks
from assistant.text.tokens import Tokens
from embeddings.vector_index import EXACT_LIMIT, VectorIndex, VectorIndexError

_FOLDER, _VECTORS, _KEYWORDS, _MANIFEST = "derived", "vectors.faiss", "keywords", "derived.json"
_KEPT_GENERATIONS = 2  # a reader that has just read the generation number must still find its files
_SMALL_CHANGE = 5_000  # rows; above it building anew is as quick as changing


class DerivedError(Exception):
    """The derived files of a generation are missing, unfinished or damaged: build them again."""


@dataclass(frozen=True, slots=True)
class Derived:
    """The search structures of one generation."""

    vectors: VectorIndex
    keywords: KeywordIndex


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Rows of the database that a generation removed from, and added to, an older one; added ids are ascending."""

    generation: int  # the older one
    removed_passages: Sequence[int]
    added_passages: Sequence[int]
    removed_windows: Sequence[int]
    added_windows: Sequence[int]

    def __len__(self) -> int:
        return sum(
            len(rows) for rows in (self.removed_passages, self.added_passages, self.removed_windows, self.added_windows)
        )


def build(
    index_dir: Path, database: Database, model: Model, tokens: Tokens, *, changes: RowChanges | None = None
) -> None:
    """Write the files of the database's present generation.

    `changes` (what differs from an older generation with sound files) makes it cheaper. Raises IndexDamagedError where
    a vector is missing or is none, OSError, VectorIndexError.
    """
    generation = database.generation
    folder = _path(index_dir, generation)
    shutil.rmtree(folder, ignore_errors=True)  # left by an update that did not commit
    folder.mkdir(parents=True, mode=0o700)
    version, tokens = _version(database), tokens.with_dictionary(_dictionary(database))
    old = _path(index_dir, changes.generation if changes is not None else 0)
    if changes is not None and len(changes) <= _SMALL_CHANGE and _made_by(version, old):
        texts = _search_texts(database, changes.added_passages)
        keywords.update(old / _KEYWORDS, folder / _KEYWORDS, tokens, changes.removed_passages, texts)
    else:
        keywords.build(folder / _KEYWORDS, tokens, _search_texts(database, None))
    try:
        vectors = _vectors(index_dir, database, model, changes)
    except ValueError as error:
        raise damaged(database.path, f"its vectors: {error}") from error
    manifest = {
        "version": version,
        "generation": generation,
        "model": model.fingerprint,
        "dim": model.dim,
        "counts": database.counts(),
        "vectors": vectors.save(folder / _VECTORS),
        "keywords": keywords.checksums(folder / _KEYWORDS),
    }
    _write_durably(folder, json.dumps(manifest, indent=1))


def _version(database: Database) -> str:
    """What the present keyword index is made by: this program's way of cutting, and the library's own words."""
    words = hashlib.sha256(_dictionary(database).encode()).hexdigest()[:16]
    return f"1 {token_module.VERSION} {words}"


def _dictionary(database: Database) -> str:
    return database.setting("dictionary") or ""


def _made_by(version: str, folder: Path) -> bool:
    """Whether the keyword index of another generation can be gone on with."""
    try:
        return bool(json.loads((folder / _MANIFEST).read_text("utf-8"))["version"] == version)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _vectors(index_dir: Path, database: Database, model: Model, changes: RowChanges | None) -> VectorIndex:
    """Read from the database, which is quick; only inverted lists, whose training is not, are changed instead."""
    count = database.counts()[2]
    if changes is not None and count > EXACT_LIMIT and len(changes) <= _SMALL_CHANGE:
        before = count - len(changes.added_windows) + len(changes.removed_windows)
        old = _path(index_dir, changes.generation)
        try:
            sha256 = json.loads((old / _MANIFEST).read_text("utf-8"))["vectors"]
            index = VectorIndex.load(old / _VECTORS, sha256=sha256, dim=model.dim, count=before)
        except (OSError, ValueError, KeyError, TypeError, VectorIndexError):
            index = None
        if index is not None and index.approximate:
            new = bool(changes.added_windows)
            blocks = list(database.vectors.of_windows(model, above=changes.added_windows[0] - 1)) if new else []
            ids = np.concatenate([np.empty(0, np.int64), *(block for block, _ in blocks)])
            rows = np.concatenate([np.empty((0, model.dim), np.float16), *(block for _, block in blocks)])
            return index.with_changes(changes.removed_windows, ids, rows)
    return VectorIndex.build_in_blocks(lambda: database.vectors.of_windows(model), count, model.dim)


def load(index_dir: Path, database: Database, model: Model) -> Derived:
    """The search structures of the state that `database` reads.

    Raises DerivedError, and LibraryIndexError where there is no room for the copy that is searched.
    """
    folder = _path(index_dir, database.generation)
    _, passages, windows = database.counts()
    try:
        manifest = _manifest(folder, database, model)
        index = KeywordIndex(folder / _KEYWORDS, manifest["keywords"])
        vectors = VectorIndex.load(folder / _VECTORS, sha256=manifest["vectors"], dim=model.dim, count=windows)
    except (OSError, ValueError, KeyError, TypeError, VectorIndexError) as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:  # nothing is wrong with the files
            raise no_room(error) from error
        raise DerivedError(f"{folder} cannot be used: {error}") from error
    if len(index) != passages:
        raise DerivedError(f"{folder / _KEYWORDS} holds {len(index)} passages, the database {passages}.")
    return Derived(vectors, index)


def is_sound(index_dir: Path, database: Database, model: Model) -> bool:
    """Whether the files of the state that `database` reads can be loaded."""
    try:
        load(index_dir, database, model)
    except DerivedError:
        return False
    return True


def sound_generation(index_dir: Path, database: Database, model: Model) -> int | None:
    """The present generation, where the next one's files can be made from its own; None where they are not sound."""
    folder = _path(index_dir, database.generation)
    try:
        sound = keywords.checksums(folder / _KEYWORDS) == _manifest(folder, database, model)["keywords"]
    except (OSError, ValueError, KeyError, TypeError, DerivedError):
        return None
    return database.generation if sound else None


def _manifest(folder: Path, database: Database, model: Model) -> dict[str, Any]:
    """What was written last. Raises DerivedError where it is of another state, OSError, ValueError, KeyError."""
    manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
    expected = (_version(database), database.generation, model.fingerprint, list(database.counts()))
    if tuple(manifest[key] for key in ("version", "generation", "model", "counts")) != expected:
        raise DerivedError(f"{folder} belongs to another state of the library.")
    return manifest


def remove_old(index_dir: Path, generation: int, *, kept: int = _KEPT_GENERATIONS) -> int:
    """Remove what generations long past have left; returns of how many.

    Those above the present one are of a database that a repair has replaced, or of an update that did not commit.
    """
    folders = [folder for folder in (index_dir / _FOLDER).glob("*") if folder.name.isdecimal()]
    old = [folder for folder in folders if not generation - kept < int(folder.name) <= generation]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def remove_all(index_dir: Path) -> None:
    """Of all generations: they are made again when they are missed."""
    shutil.rmtree(index_dir / _FOLDER, ignore_errors=True)


def move(source: Path, target: Path) -> None:
    """Take the files of one index folder to another that has none."""
    (source / _FOLDER).replace(target / _FOLDER)
    _sync(target)


def _path(index_dir: Path, generation: int) -> Path:
    return index_dir / _FOLDER / str(generation)


def _search_texts(database: Database, ids: Sequence[int] | None) -> Iterator[tuple[int, str]]:
    """Title, heading path and text of passages: what the keyword leg searches."""
    name, text = "", ""
    for stored in database.stored_passages(ids):
        passage = stored.passage
        if passage.document != name:
            name, text = passage.document, database.document(passage.document).text
        yield (
            stored.id,
            "\n\n".join((stored.title, *passage.heading, without_marks(text, passage.start, passage.end))),
        )


def _write_durably(folder: Path, manifest: str) -> None:
    """Every file reaches the disk before the manifest that vouches for it."""
    for file in (folder / _KEYWORDS).iterdir():
        _sync(file)
    _sync(folder / _KEYWORDS)
    unfinished = folder / f"{_MANIFEST}.new"
    unfinished.write_text(manifest, "utf-8")
    _sync(unfinished)
    unfinished.replace(folder / _MANIFEST)
    _sync(folder)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    with contextlib.suppress(PermissionError):  # folders cannot be opened everywhere
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
