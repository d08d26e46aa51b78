"""What an update is going to write: files that changed, read and cut. Nothing is written here."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import ReadError
from assistant.index.database import Database, FileRow
from assistant.index.scan import Scan, file_digest
from assistant.readers import table
from assistant.text.paragraphs import split
from assistant.text.windows import window_text, windows
from assistant.types import Document, Passage, Problem, Progress, Window

logger = logging.getLogger(__name__)

SPLIT_VERSION = "1"  # raise it when readers or splitting make something else of the same file
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the texts of a library are read, cut and embedded."""

    passage_characters: int
    window_characters: int
    batch_size: int
    limit_bytes: int

    @property
    def splitting(self) -> str:
        """Texts cut by another recipe are cut again."""
        return f"{SPLIT_VERSION}/{self.passage_characters}/{self.window_characters}"


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage with its windows and the keys of their vectors."""

    passage: Passage
    windows: tuple[tuple[Window, bytes], ...]


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to write, and the file it came from."""

    file: str
    document: Document
    passages: tuple[CutPassage, ...]


@dataclass(slots=True)
class Plan:
    """Everything that differs from the index."""

    rows: list[FileRow] = field(default_factory=list)  # files that are new, edited, or have another time
    gone: list[str] = field(default_factory=list)  # files that are not there any more
    removed: list[str] = field(default_factory=list)  # names of documents to remove or replace
    added: list[NewDocument] = field(default_factory=list)
    documents_added: int = 0
    documents_edited: int = 0
    documents_removed: int = 0


def embedded_text(title: str, heading: Sequence[str], text: str) -> str:
    """What is embedded for a window: its document's title and heading path stand before it."""
    context = " › ".join(part for part in (title, *heading) if part)
    return f"{context}\n{text}" if context else text


def window_key(text: str) -> bytes:
    """What a vector is kept under: 16 bytes of the sha256 of the embedded text."""
    return hashlib.sha256(text.encode()).digest()[:16]


def make_plan(library: Path, database: Database, found: Scan, recipe: Recipe, on_progress: OnProgress) -> Plan:
    """Compare every file by content, and read and cut those that are new or changed."""
    plan = Plan()
    indexed = database.files()
    same_recipe = database.setting("splitting") == recipe.splitting
    plan.gone = sorted(indexed.keys() - found.files.keys())
    for path in plan.gone:
        _replace(plan, database.digests(path), path, (), recipe, anew=False)
    for count, (path, stat) in enumerate(found.files.items()):
        on_progress(Progress("read", documents=count, documents_total=len(found.files)))
        old = indexed.get(path)
        try:
            digest = file_digest(library / path)
        except OSError as error:  # what was indexed of it stays, until it can be read again
            kept = "; what was indexed of it before stays" if old is not None else ""
            problem = Problem(path, f"cannot be read ({error.strerror}): check its permissions{kept}")
            digest = old.digest if old is not None else ""
            plan.rows.append(FileRow(path, stat.st_size, stat.st_mtime_ns, digest, (problem,)))
            continue
        if old is not None and old.digest == digest and same_recipe:
            if (old.size, old.mtime_ns) != (stat.st_size, stat.st_mtime_ns):
                plan.rows.append(FileRow(path, stat.st_size, stat.st_mtime_ns, digest, old.problems))
            continue
        documents, problems = _read(library / path, path, recipe)
        plan.rows.append(FileRow(path, stat.st_size, stat.st_mtime_ns, digest, problems))
        _replace(plan, database.digests(path), path, documents, recipe, anew=not same_recipe)
    return plan


def _read(path: Path, name: str, recipe: Recipe) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    try:
        reading = table.read(path, name, limit_bytes=recipe.limit_bytes)
    except ReadError as error:
        logger.warning("%s", error)
        return (), (Problem(name, str(error)),)
    return reading.documents, reading.problems


def _replace(
    plan: Plan, old: dict[str, str], file: str, documents: Iterable[Document], recipe: Recipe, *, anew: bool
) -> None:
    """Note what becomes of the documents of one file: only those whose content changed are written again."""
    missing = dict(old)
    for document in documents:
        known = missing.pop(document.id, None)
        if known == document.digest and not anew:
            continue
        if known is not None:
            plan.removed.append(document.id)
            plan.documents_edited += known != document.digest
        else:
            plan.documents_added += 1
        plan.added.append(NewDocument(file, document, cut(document, recipe)))
    plan.removed.extend(missing)
    plan.documents_removed += len(missing)


def cut(document: Document, recipe: Recipe) -> tuple[CutPassage, ...]:
    """Cut a document into passages and windows."""
    text = document.text
    found = split(document.id, text, passage_characters=recipe.passage_characters, page_starts=document.pages)
    passages = [_without_title(passage, document.title) for passage in found]
    return tuple(
        CutPassage(
            passage,
            tuple(
                (window, window_key(embedded_text(document.title, passage.heading, window_text(text, window))))
                for window in windows(text, passage, window_characters=recipe.window_characters)
            ),
        )
        for passage in passages
    )


def _without_title(passage: Passage, title: str) -> Passage:
    """A document's title stands before every heading path anyway."""
    return replace(passage, heading=passage.heading[1:]) if passage.heading[:1] == (title,) else passage
