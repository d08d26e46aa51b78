"""What an update is going to write: files that changed, read and cut. Nothing is written here."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import IndexDamagedError, ReadError, ReadTimeoutError
from assistant.index.cutting import CutPassage, Recipe, cut
from assistant.index.database import Database, FileRow, storable
from assistant.index.scan import Scan, file_digest
from assistant.index.staging import Staging
from assistant.readers.worker import Reader
from assistant.text.dictionary import DICTIONARY_FILE, read_dictionary
from assistant.types import Document, PassageChanges, Problem, Progress

logger = logging.getLogger(__name__)

OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class Plan:
    """Everything that differs from the index; documents by name, none in two of the lists."""

    staging: Staging  # the documents to write
    rows: list[FileRow] = field(default_factory=list)  # files that are new, edited, or have another time
    gone: list[str] = field(default_factory=list)  # files that are not there any more
    replaced: list[str] = field(default_factory=list)  # documents whose rows go, whatever comes for them
    added: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    removed: dict[str, None] = field(default_factory=dict)
    renamed: list[str] = field(default_factory=list)  # by their new names
    passages: PassageChanges = field(default_factory=PassageChanges)
    to_mend: set[str] = field(default_factory=set)  # files whose documents are to be written again and cannot be read
    dictionary: str = ""  # the library's own words
    new_dictionary: bool = False  # other words than those the index was made with

    @property
    def writes(self) -> bool:
        """Whether anything that answers can see changes."""
        return bool(self.staging.count or self.replaced or self.new_dictionary)


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
        self._to_mend = database.files_to_mend()
        self._indexed = database.files()
        self._twins = {row.digest: path for path, row in self._indexed.items()}  # content → a file that has it
        self._left: dict[str, list[str]] = {}  # content → files that are gone and had it
        # File → its documents, by name less the file's → title, and the title they are embedded under.
        self._contexts: dict[str, dict[str, tuple[str, str]]] = {}
        self._names = {name: file for name, file in database.files_of_documents() if not found.is_gone(file)}
        self._plan = Plan(Staging(database))
        self._passages_added = self._passages_changed = self._passages_removed = 0

    def make(self) -> Plan:
        plan = self._plan
        known = self._database.setting("dictionary") or ""
        plan.dictionary = "" if self._found.is_gone(DICTIONARY_FILE) else known
        plan.gone = [path for path in sorted(self._indexed) if self._found.is_gone(path)]
        for path in plan.gone:
            if path == DICTIONARY_FILE:
                continue
            self._left.setdefault(self._indexed[path].digest, []).append(path)
            self._drop(self._database.digests(path))
        plan.to_mend = {path for path in self._indexed if self._again(path)}.difference(plan.gone, [DICTIONARY_FILE])
        for count, (path, stat) in enumerate(self._found.files.items()):
            self._on_progress(Progress("read", documents=count, documents_total=len(self._found.files)))
            if path == DICTIONARY_FILE:
                self._compare_dictionary(stat)
            else:
                self._compare(path, stat)
        removed = self._passages_removed + sum(len(self._database.passage_spans(name)) for name in plan.removed)
        plan.passages = PassageChanges(self._passages_added, self._passages_changed, removed)
        plan.new_dictionary = plan.dictionary != known
        return plan

    def _drop(self, names: Iterable[str]) -> None:
        self._plan.replaced.extend(names)
        self._plan.removed.update(dict.fromkeys(names))

    def _compare(self, path: str, stat: os.stat_result) -> None:
        old = self._indexed.get(path)
        try:
            digest = self._digest(path, stat)
            known = old is not None and digest and old.digest in (digest, self._too_slow(digest))
            if old is not None and known and not self._again(path):
                self._note(_row(path, stat, old.digest, old.problems))
                return
            reading = self._reader.read(self._library / path, path)
            if not _row(path, stat, digest, ()).looks_like(
                (self._library / path).stat()
            ):  # while it was read: of which state is not known
                digest = ""
        except (OSError, ReadError) as error:
            self._unreadable(path, stat, error)
            return
        clashes = self._replace(path, digest, reading.documents)
        # Without a digest it is compared again by every update: the other text of that name may be gone by then.
        self._note(_row(path, stat, "" if clashes else digest, (*reading.problems, *clashes)))

    def _compare_dictionary(self, stat: os.stat_result) -> None:
        """Note the library's own words; those of a file that cannot be read now stay as they were."""
        try:
            digest = file_digest(self._library / DICTIONARY_FILE)
            self._plan.dictionary, problems = read_dictionary(self._library)
        except OSError as error:
            digest = ""
            problems = (Problem(DICTIONARY_FILE, f"cannot be read ({error.strerror}): check its permissions"),)
        self._note(_row(DICTIONARY_FILE, stat, digest, problems))

    def _digest(self, path: str, stat: os.stat_result) -> str:
        """Of a file that is too large to be read, none, unless it seems to be as it was: that alone would take long."""
        if stat.st_size <= self._recipe.limits.file_bytes:
            return file_digest(self._library / path)
        old = self._indexed.get(path)
        return old.digest if old is not None and old.looks_like(stat) else ""

    def _too_slow(self, digest: str) -> str:
        """What stands for the digest of a file that took longer than the limits allow."""
        return f"too slow within {self._recipe.limits.seconds:g} s: {digest}"

    def _again(self, path: str) -> bool:
        """Whether the documents of a file are written again even where they are what they were."""
        return self._anew or path in self._to_mend

    def _note(self, row: FileRow) -> None:
        if row != self._indexed.get(row.path):
            self._plan.rows.append(row)

    def _unreadable(self, path: str, stat: os.stat_result, error: OSError | ReadError) -> None:
        """List the file; without a digest it is tried again by every update, unless that would take its time each time.

        What was indexed of it stays, unless its content is known to be another now.
        """
        logger.warning("%s: %s", path, error)
        old = self._indexed.get(path)
        reason = (
            f"cannot be read ({error.strerror}): check its permissions." if isinstance(error, OSError) else str(error)
        )
        try:
            digest = self._digest(path, stat) if isinstance(error, ReadError) else ""
        except OSError:
            digest = ""
        # The last time, too, it may have been unreadable.
        edited = bool(digest) and old is not None and old.digest.isalnum() and old.digest != digest
        if edited:
            self._replace(path, "", ())
        elif old is not None and self._database.digests(path):
            reason += " What was indexed of it before stays."
        else:
            self._plan.to_mend.discard(path)
        again = "" if not digest or not isinstance(error, ReadTimeoutError) else self._too_slow(digest)
        self._note(_row(path, stat, again, (Problem(path, reason),)))

    def _replace(self, path: str, digest: str, documents: Iterable[Document]) -> list[Problem]:
        """Note what becomes of the documents of one file: only those whose content changed are written again.

        Returns a problem for each document whose name another file's document has.
        """
        plan = self._plan
        clashes: list[Problem] = []
        missing = self._database.digests(path)
        left = self._left.get(digest) if path not in self._indexed else None
        renamed_from = left.pop() if left else None
        indexed_at = self._database.indexed_at(renamed_from or path)
        for document in documents:
            if self._names.setdefault(document.id, path) != path:
                other = self._names[document.id]
                clashes.append(Problem(document.id, f"is also the name of a text of {other}; rename one"))
                continue
            known = missing.pop(document.id, None)
            if known == document.digest and not self._again(path):
                continue
            context = self._context(document, path, digest, renamed_from)
            passages = cut(document, context, self._recipe)
            since = None  # when it was indexed, unless that is now
            if known is not None:
                plan.replaced.append(document.id)
                if known != document.digest:
                    plan.edited.append(document.id)
                else:
                    since = indexed_at.get(document.id)
                self._compare_passages(document, passages)
            elif renamed_from is not None:
                before = renamed_from + document.id.removeprefix(path)
                plan.renamed.append(document.id)
                plan.removed.pop(before, None)
                since = indexed_at.get(before)
            else:
                plan.added.append(document.id)
                self._passages_added += len(passages)
            plan.staging.add(path, document, context, passages, indexed_at=since)
        self._drop(missing)
        plan.to_mend.discard(path)
        return clashes

    def _compare_passages(self, document: Document, passages: Sequence[CutPassage]) -> None:
        """Count the passages of a document that are not in its old text, and those of the old text that are gone."""
        try:
            old = self._database.document(document.id).text
        except IndexDamagedError:  # it is replaced now
            old = ""
        before = Counter(old[start:end] for start, end in self._database.passage_spans(document.id))
        after = Counter(document.text[cut.passage.start : cut.passage.end] for cut in passages)
        new, gone = (after - before).total(), (before - after).total()
        changed = min(new, gone)
        self._passages_changed += changed
        self._passages_added += new - changed
        self._passages_removed += gone - changed

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


def _row(path: str, stat: os.stat_result, digest: str, problems: tuple[Problem, ...]) -> FileRow:
    return FileRow(path, stat.st_size, storable(stat.st_mtime_ns), digest, problems, storable(stat.st_ctime_ns))
