"""A check of an index: the database, every span and vector, the derived files, and the texts they came from."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant.errors import IndexDamagedError, LibraryError, NotIndexedError, ReadError
from assistant.index import derived
from assistant.index.cutting import Recipe, cut, embedded_text
from assistant.index.database import Database, unreadable
from assistant.index.derived import DerivedError
from assistant.index.plan import OnProgress
from assistant.index.scan import file_digest, scan
from assistant.index.schema import is_damage
from assistant.index.vectors import Model, text_key
from assistant.readers.worker import Reader
from assistant.text.dictionary import DICTIONARY_FILE
from assistant.text.windows import window_text
from assistant.types import Document, Finding, Progress
from embeddings.vector_index import VectorIndexError

DATABASE, VECTORS, DERIVED = "database", "vectors", "derived files"
_UNIT = 0.01  # by how much the length of a float16 vector may differ from 1
_MENTIONED = 20  # findings of SQLite's own check


@dataclass(slots=True)
class Inspection:
    """What was looked at, what is wrong, and what a repair has to do about it."""

    documents: int = 0
    passages: int = 0
    windows: int = 0
    files: int = 0
    findings: list[Finding] = field(default_factory=list)
    rebuild_database: bool = False
    rebuild_derived: bool = False
    bad_vectors: set[tuple[int, bytes]] = field(default_factory=set)  # model and key
    files_to_mend: set[str] = field(default_factory=set)

    @property
    def needs_update(self) -> bool:
        """Whether the texts are needed to make it good."""
        return bool(self.bad_vectors or self.files_to_mend)


class Check:
    """One check. Nothing is written; what it finds wrong is in its `Inspection`."""

    def __init__(self, library: Path, index_dir: Path, recipe: Recipe, on_progress: OnProgress) -> None:
        self._library = library
        self._index_dir = index_dir
        self._recipe = recipe
        self._on_progress = on_progress
        self._found = Inspection()

    def run(self) -> Inspection:
        """Raises NotIndexedError, IndexVersionError, LibraryIndexError for another library's index."""
        found = self._found
        self._on_progress(Progress("check"))
        try:
            database = Database.open(self._index_dir)
        except FileNotFoundError as error:
            raise NotIndexedError(f"There is no index in {self._index_dir} yet. Run `youju index`.") from error
        except IndexDamagedError as error:
            self._database_damage(str(error))
            return found
        try:
            database.begin()
            database.check_library(self._library)
            if self._integrity(database):
                found.documents, found.passages, found.windows = database.counts()
                model = database.current_model()
                if model is None:
                    raise NotIndexedError(f"The index in {self._index_dir} is not finished. Run `youju index`.")
                self._documents(database)
                self._vectors(database, model)
                self._derived(database, model)
                self._texts(database)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise unreadable(self._index_dir, error) from error
            self._database_damage(str(error))
        finally:
            database.close()
        return found

    def _database_damage(self, reason: str) -> None:
        self._found.rebuild_database = True
        self._found.findings.append(Finding(DATABASE, reason))

    def _integrity(self, database: Database) -> bool:
        rows = database.connection.execute(f"PRAGMA integrity_check({_MENTIONED})").fetchall()
        broken = [str(row[0]) for row in rows if row[0] != "ok"]
        orphans = database.connection.execute("PRAGMA foreign_key_check").fetchmany(_MENTIONED)
        broken += [f"a row of {table} refers to a row of {parent} that is not there" for table, _, parent, _ in orphans]
        for reason in broken:
            self._database_damage(reason)
        return not broken

    # documents

    def _documents(self, database: Database) -> None:
        files = dict(database.files_of_documents())
        known = database.files().keys()
        same_cut = database.setting("splitting") == self._recipe.splitting
        for count, (name, file) in enumerate(sorted(files.items())):
            self._on_progress(Progress("check", documents=count, documents_total=len(files)))
            if file not in known:
                self._document_damage(name, file, "its file is not in the list of files")
                continue
            try:
                document = database.document(name)
                wrong = next(_wrong_spans(database, document), None)
                if wrong is None and same_cut and not self._is_whole(database, document):
                    wrong = "a passage or window of it is missing, or is not as its text is cut"
            except IndexDamagedError:
                wrong = "its text is not the one that was read"
            except (ValueError, TypeError, KeyError) as error:
                wrong = f"its rows cannot be read ({error})"
            if wrong is not None:
                self._document_damage(name, file, wrong)

    def _is_whole(self, database: Database, document: Document) -> bool:
        """Whether the passages and windows of a document are what its text is cut into."""
        context = database.context(document.id)
        made = [
            (part.passage.heading, (part.passage.start, part.passage.end), window, key)
            for part in cut(document, context, self._recipe)
            for window, key in part.windows
        ]
        kept = [(row.heading, row.passage, row.window, row.key) for row in database.embedded_windows(document.id)]
        return made == kept

    def _document_damage(self, name: str, file: str, reason: str) -> None:
        self._found.files_to_mend.add(file)
        self._found.findings.append(Finding(name, reason))

    # vectors

    def _vectors(self, database: Database, model: Model) -> None:
        bad = set(_bad_vectors(database, model))
        self._found.bad_vectors |= {(model.id, key) for key in bad}
        if bad:
            reason = f"{len(bad):,} of them are damaged: not finite, not of length 1 or not of {model.dim} numbers"
            self._found.findings.append(Finding(VECTORS, reason))
        missing = database.vectors.keys_without(model)
        if missing:
            self._found.findings.append(Finding(VECTORS, f"{len(missing):,} windows have none"))
        if bad or missing:
            self._found.files_to_mend |= database.files_of_windows(bad | missing)

    # derived files

    def _derived(self, database: Database, model: Model) -> None:
        try:
            loaded = derived.load(self._index_dir, database, model)
            wrong = None
            for ids, vectors in database.vectors.of_windows(model):
                kept = loaded.vectors.reconstruct(ids)
                if not loaded.vectors.approximate and not np.array_equal(kept, vectors.astype(np.float32)):
                    wrong = "the FAISS index holds other vectors than the database"
            passages = {stored.id for stored in database.stored_passages()}
            if loaded.keywords.passages() != passages:
                wrong = "the keyword index holds other passages than the database"
        except (DerivedError, VectorIndexError, ValueError, OSError) as error:
            wrong = str(error)
        if wrong is not None:
            self._found.rebuild_derived = True
            self._found.findings.append(Finding(DERIVED, wrong))

    # texts on disk

    def _texts(self, database: Database) -> None:
        """Read again every text that is what it was, and compare; what was edited belongs to the next update."""
        try:
            present = scan(self._library).files
        except LibraryError:
            return
        rows = [row for row in database.files().values() if row.digest and row.path in present]
        rows = [row for row in rows if row.path != DICTIONARY_FILE]  # which is no text
        with Reader(self._recipe.limits) as reader:
            for count, row in enumerate(rows):
                self._on_progress(Progress("check", documents=count, documents_total=len(rows)))
                path = self._library / row.path
                try:
                    if file_digest(path) != row.digest:
                        continue
                    read = {document.id: document.digest for document in reader.read(path, row.path).documents}
                except (OSError, ReadError) as error:
                    self._found.findings.append(Finding(row.path, f"was indexed and cannot be read now: {error}"))
                    continue
                self._found.files += 1
                indexed = database.digests(row.path)
                clashing = {problem.path for problem in row.problems}
                for name in sorted(read.keys() | indexed.keys()):
                    if read.get(name) != indexed.get(name) and not (name in clashing and name not in indexed):
                        self._document_damage(name, row.path, "the index holds another text than its file")


def _wrong_spans(database: Database, document: Document) -> Iterator[str]:
    """What is wrong with the passages and windows of a document."""
    text = document.text
    if database.characters(document.id) != len(text):
        yield "its length is not that of its text"
    spans = database.passage_spans(document.id)
    if any(not 0 <= start < end <= len(text) for start, end in spans):
        yield "a passage lies outside its text"
    if any(one[1] > two[0] for one, two in itertools.pairwise(sorted(spans))):
        yield "two passages overlap"
    if any(not 0 <= start <= len(text) for start in document.pages):
        yield "a page begins outside its text"
    for row in database.embedded_windows(document.id):
        first, last = row.passage
        if not first <= row.window.start < row.window.end <= last:
            yield "a window lies outside its passage"
        if text_key(embedded_text(row.context, row.heading, window_text(text, row.window))) != row.key:
            yield "a window is not the text that was embedded"


def _bad_vectors(database: Database, model: Model) -> Iterator[bytes]:
    rows = database.connection.execute("SELECT key, vector FROM vectors WHERE model = ?", (model.id,))
    for key, vector in rows:
        if not is_unit_vector(vector, model.dim):
            yield key


def is_unit_vector(value: object, dim: int) -> bool:
    """Whether the bytes of a row are a float16 vector of `dim` numbers and of length 1."""
    if not isinstance(value, bytes) or len(value) != 2 * dim:
        return False
    numbers = np.frombuffer(value, dtype=np.float16).astype(np.float32)
    return bool(np.isfinite(numbers).all() and abs(float(np.linalg.norm(numbers)) - 1) < _UNIT)
