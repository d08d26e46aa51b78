"""What an update is going to write: files that changed, read and cut. Nothing is written here."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import ReadError
from assistant.index.database import Database, FileRow, text_key
from assistant.index.scan import Scan, file_digest
from assistant.readers.worker import Limits, Reader
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
    limits: Limits

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
    """A document to write, the file it came from, and the title it is embedded under (see `_Planner`)."""

    file: str
    document: Document
    context: str
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
    documents_renamed: int = 0


def embedded_text(title: str, heading: Sequence[str], text: str) -> str:
    """What is embedded for a window: its document's title and heading path stand before it."""
    context = " › ".join(part for part in (title, *heading) if part)
    return f"{context}\n{text}" if context else text


def make_plan(library: Path, database: Database, found: Scan, recipe: Recipe, on_progress: OnProgress) -> Plan:
    """Compare every file by content, and read and cut those that are new or changed."""
    with Reader(recipe.limits) as reader:
        return _Planner(library, database, found, recipe, on_progress, reader).make()


class _Planner:
    """Reads what changed.

    A title may come from the file's name, and titles are embedded with each window: so that a renamed or copied file
    embeds nothing, its documents stay under the title that the same content was embedded under first.
    """

    def __init__(
        self,
        library: Path,
        database: Database,
        found: Scan,
        recipe: Recipe,
        on_progress: OnProgress,
        reader: Reader,
    ) -> None:
        self._library = library
        self._database = database
        self._found = found
        self._recipe = recipe
        self._on_progress = on_progress
        self._reader = reader
        self._anew = database.setting("splitting") != recipe.splitting
        self._indexed = database.files()
        self._twins = {row.digest: path for path, row in self._indexed.items()}  # content → a file that has it
        self._left: dict[str, list[str]] = {}  # content → files that are gone and had it
        # File → its documents, by name less the file's → title, and the title they are embedded under.
        self._contexts: dict[str, dict[str, tuple[str, str]]] = {}
        self._names = {name: file for name, file in database.files_of_documents() if not found.is_gone(file)}
        self._plan = Plan()

    def make(self) -> Plan:
        plan = self._plan
        plan.gone = [path for path in sorted(self._indexed) if self._found.is_gone(path)]
        for path in plan.gone:
            self._left.setdefault(self._indexed[path].digest, []).append(path)
            names = self._database.digests(path)
            plan.removed.extend(names)
            plan.documents_removed += len(names)
        for count, (path, stat) in enumerate(self._found.files.items()):
            self._on_progress(Progress("read", documents=count, documents_total=len(self._found.files)))
            self._compare(path, stat)
        return plan

    def _compare(self, path: str, stat: os.stat_result) -> None:
        old = self._indexed.get(path)
        try:
            digest = file_digest(self._library / path)
            if old is not None and old.digest == digest and not self._anew:
                self._note(FileRow(path, stat.st_size, stat.st_mtime_ns, digest, old.problems))
                return
            reading = self._reader.read(self._library / path, path)
        except (OSError, ReadError) as error:
            self._unreadable(path, stat, error)
            return
        clashes = self._replace(path, digest, reading.documents)
        self._note(FileRow(path, stat.st_size, stat.st_mtime_ns, digest, (*reading.problems, *clashes)))

    def _note(self, row: FileRow) -> None:
        if row != self._indexed.get(row.path):
            self._plan.rows.append(row)

    def _unreadable(self, path: str, stat: os.stat_result, error: OSError | ReadError) -> None:
        """List the file; without a digest it is tried again by every update, for limits and permissions may change.

        What was indexed of it stays, unless its content is known to be another now.
        """
        logger.warning("%s: %s", path, error)
        old = self._indexed.get(path)
        reason = (
            f"cannot be read ({error.strerror}): check its permissions" if isinstance(error, OSError) else str(error)
        )
        try:
            read_before = old.digest if old is not None else ""
            edited = isinstance(error, ReadError) and file_digest(self._library / path) != read_before
        except OSError:
            edited = False
        if edited:
            self._replace(path, "", ())
        elif old is not None and self._database.digests(path):
            reason += " What was indexed of it before stays."
        self._note(FileRow(path, stat.st_size, stat.st_mtime_ns, "", (Problem(path, reason),)))

    def _replace(self, path: str, digest: str, documents: Iterable[Document]) -> list[Problem]:
        """Note what becomes of the documents of one file: only those whose content changed are written again.

        Returns a problem for each document whose name another file's document has.
        """
        plan = self._plan
        clashes: list[Problem] = []
        missing = self._database.digests(path)
        left = self._left.get(digest) if path not in self._indexed else None
        renamed_from = left.pop() if left else None
        for document in documents:
            if self._names.setdefault(document.id, path) != path:
                other = self._names[document.id]
                clashes.append(Problem(document.id, f"is also the name of a text of {other}; rename one"))
                continue
            known = missing.pop(document.id, None)
            if known == document.digest and not self._anew:
                continue
            if known is not None:
                plan.removed.append(document.id)
                plan.documents_edited += known != document.digest
            elif renamed_from is not None:
                plan.documents_renamed += 1
                plan.documents_removed -= 1
            else:
                plan.documents_added += 1
            context = self._context(document, path, digest, renamed_from)
            plan.added.append(NewDocument(path, document, context, cut(document, context, self._recipe)))
        plan.removed.extend(missing)
        plan.documents_removed += len(missing)
        return clashes

    def _context(self, document: Document, path: str, digest: str, renamed_from: str | None) -> str:
        """The title a document is embedded under."""
        own = renamed_from or path
        twin = own if own in self._indexed else self._twins.setdefault(digest, path)
        if twin not in self._contexts:
            known = self._database.contexts(twin) if twin in self._indexed else {}
            self._contexts[twin] = {name.removeprefix(twin): titles for name, titles in known.items()}
        first = (document.title, document.title)
        title, context = self._contexts[twin].setdefault(document.id.removeprefix(path), first)
        unchanged = twin != path or title == document.title
        return context if unchanged else document.title


def cut(document: Document, context: str, recipe: Recipe) -> tuple[CutPassage, ...]:
    """Cut a document into passages and windows."""
    text = document.text
    found = split(
        document.id,
        text,
        passage_characters=recipe.passage_characters,
        page_starts=document.pages,
        outline=document.outline,
    )
    passages = [_without_title(passage, document.title) for passage in found]
    return tuple(
        CutPassage(
            passage,
            tuple(
                (window, text_key(embedded_text(context, passage.heading, window_text(text, window))))
                for window in windows(text, passage, window_characters=recipe.window_characters)
            ),
        )
        for passage in passages
    )


def _without_title(passage: Passage, title: str) -> Passage:
    """A document's title stands before every heading path anyway."""
    return replace(passage, heading=passage.heading[1:]) if passage.heading[:1] == (title,) else passage
