"""An update: scan → diff → read → split → embed → publish.

Until the last step nothing that answers can see a change. Vectors are committed as they are made, so that a run that
was interrupted goes on where it stopped; documents, passages and windows are committed in one transaction that also
raises the generation, after the derived files of that generation are complete.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import filelock

from assistant.errors import IndexBusyError, LibraryError, LibraryIndexError
from assistant.index import derived, reference
from assistant.index.database import Database, Model, text_key
from assistant.index.derived import DerivedError, RowChanges
from assistant.index.plan import OnProgress, Plan, Recipe, embedded_text, make_plan
from assistant.index.scan import Scan, scan
from assistant.index.snapshot import Snapshot
from assistant.readers.table import FORMATS
from assistant.text.tokens import Tokens
from assistant.text.windows import window_text
from assistant.types import PassageChanges, Progress, UpdateReport
from embeddings.embedder import Embedder, Vectors
from embeddings.vector_index import VectorIndex

_COMMIT_WINDOWS = 512  # vectors that a kill may lose, at most: a few seconds' work


class Update:
    """One run. `load_embedder` is called only where something has to be embedded or the model may be another."""

    def __init__(
        self,
        library: Path,
        index_dir: Path,
        tokens: Tokens,
        recipe: Recipe,
        model_name: str,
        load_embedder: Callable[[], Embedder],
        on_progress: OnProgress,
    ) -> None:
        self._library = library
        self._index_dir = index_dir
        self._tokens = tokens
        self._recipe = recipe
        self._model_name = model_name
        self._load_embedder = load_embedder
        self._on_progress = on_progress

    def run(self) -> UpdateReport:
        """Bring the index up to date. Raises LibraryError, IndexBusyError, EmbedderError, LibraryIndexError."""
        began = time.monotonic()
        self._on_progress(Progress("scan"))
        self._check_texts(scan(self._library))  # before an index is made for a folder that has none
        try:
            self._index_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            with filelock.FileLock(self._index_dir / "lock", timeout=0):
                database = Database.create_or_open(self._index_dir)
                try:
                    return self._run_locked(database, scan(self._library), began)
                finally:
                    database.close()
        except filelock.Timeout as error:
            raise busy(self._index_dir) from error
        except (OSError, sqlite3.Error) as error:
            raise unwritable(self._index_dir, error) from error

    def _check_texts(self, found: Scan) -> None:
        if not found.files:
            unread = f" ({len(found.problems)} files in it have no reader)" if found.problems else ""
            raise LibraryError(
                f"The folder {self._library} holds no text that can be read{unread}. Put texts into it: "
                f"{', '.join(FORMATS)}. The index, if there is one, is left as it was."
            )

    def _check_library(self, database: Database) -> None:
        """An index given by folder may belong to another library, whose texts would all be dropped from it."""
        recorded = database.setting("library")
        if recorded is not None and Path(recorded) != self._library and Path(recorded).is_dir():
            raise LibraryIndexError(
                f"The index {self._index_dir} belongs to the library {recorded}. Choose another folder with --index "
                "for this one; nothing was changed."
            )
        if recorded != str(self._library):  # before anything else: an interrupted run goes on with the same library
            with database.transaction():
                database.set_setting("library", str(self._library))

    def _run_locked(self, database: Database, found: Scan, began: float) -> UpdateReport:
        self._check_library(database)
        self._check_texts(found)
        plan = make_plan(self._library, database, found, self._recipe, self._on_progress)
        old_model = database.current_model()
        embedded, model = 0, old_model
        if plan.added or model is None or not self._same_model(model) or not database.has_vectors(model, _reference()):
            embedded, model = self._embed(database, plan)
        changed = bool(plan.added or plan.removed or old_model is None or old_model.id != model.id)
        if changed or plan.rows or plan.gone or database.setting("splitting") != self._recipe.splitting:
            self._publish(database, plan, model, changed=changed)
        problems = [problem for row in database.files().values() for problem in row.problems]
        return UpdateReport(
            database.generation,
            changed,
            plan.documents_added,
            plan.documents_edited,
            plan.documents_removed,
            plan.documents_renamed,
            PassageChanges(),
            *database.counts(),
            embedded,
            time.monotonic() - began,
            (*found.problems, *problems),
        )

    def _same_model(self, model: Model) -> bool:
        """A model in a folder may have been changed under the same name: only loading it tells."""
        return model.name == self._model_name and not Path(self._model_name).expanduser().exists()

    def _embed(self, database: Database, plan: Plan) -> tuple[int, Model]:
        """Embed every window text that this model never embedded; returns how many, and the model."""
        embedder = self._load_embedder()
        with database.transaction():
            model = database.add_model(embedder.fingerprint, self._model_name, embedder.dim)
        known = database.keys(model)
        unknown = {
            key for new in plan.added for passage in new.passages for _, key in passage.windows if key not in known
        }
        current = database.current_model()
        if current is None or current.id != model.id:  # another model: the texts that stay are embedded again, too
            unknown |= database.window_keys() - known
        rest = {key: text for key, text in _reference().items() if key not in known}
        meter = _Meter(self._on_progress, len(plan.added), len(unknown) + len(rest))
        pending: dict[bytes, str] = {}
        for key, text in _window_texts(database, plan) if unknown else ():
            if key in unknown:
                unknown.remove(key)
                pending[key] = text
            if len(pending) == _COMMIT_WINDOWS:
                self._embed_block(database, model, embedder, pending, meter)
                pending = {}
        self._embed_block(database, model, embedder, pending, meter)
        embedded = meter.done
        self._embed_block(database, model, embedder, rest, meter)
        return embedded, model

    def _embed_block(
        self, database: Database, model: Model, embedder: Embedder, pending: dict[bytes, str], meter: _Meter
    ) -> None:
        """Embed in batches of texts of like length, so that little is padded, and commit."""
        items = sorted(pending.items(), key=lambda item: len(item[1]))
        size = self._recipe.batch_size
        made: list[tuple[list[bytes], Vectors]] = []
        try:
            for first in range(0, len(items), size):
                batch = items[first : first + size]
                made.append(([key for key, _ in batch], embedder.encode_passages([text for _, text in batch])))
                meter.advance(len(batch))
        finally:  # an interrupt keeps what was made
            with database.transaction():
                for keys, vectors in made:
                    database.add_vectors(model, keys, vectors)

    def _publish(self, database: Database, plan: Plan, model: Model, *, changed: bool) -> None:
        """Write documents, passages, windows and the derived files, and commit them as the next generation."""
        self._on_progress(Progress("publish"))
        before = self._reusable(database, model) if changed else None
        with database.transaction():
            old_passages, old_windows = database.row_ids(plan.removed)
            for name in plan.removed:
                database.remove_document(name)
            newest_passage, newest_window = database.newest_rows()
            for new in plan.added:
                row = database.add_document(new.file, new.document, new.context)
                for passage in new.passages:
                    database.add_passage(row, passage.passage, passage.windows)
            for path in plan.gone:
                database.remove_file(path)
            for file in plan.rows:
                database.set_file(file)
            database.set_setting("splitting", self._recipe.splitting)
            if not changed:
                return
            database.set_setting("fingerprint", model.fingerprint)
            database.set_setting("built_at", datetime.now().astimezone().isoformat(timespec="seconds"))
            database.set_setting("generation", str(database.generation + 1))
            changes = None
            if before is not None:
                passages, windows = database.rows_after(newest_passage, newest_window)
                changes = (*before, RowChanges(old_passages, passages, old_windows, windows))
            derived.build(self._index_dir, database, model, self._tokens, changes=changes)
        derived.remove_old(self._index_dir, database.generation)

    def _reusable(self, database: Database, model: Model) -> tuple[int, VectorIndex] | None:
        """The present generation's number and vectors, where its derived files are sound and of the same model."""
        current = database.current_model()
        if current is None or current.id != model.id:
            return None
        try:
            return database.generation, derived.load(self._index_dir, database, model).vectors
        except DerivedError:
            return None


def _reference() -> dict[bytes, str]:
    return {text_key(sentence): sentence for language in reference.sentences() for sentence in language}


def rebuild_derived(index_dir: Path, tokens: Tokens) -> None:
    """Make the derived files of the present generation again; nothing is embedded. Raises IndexBusyError."""
    try:
        with filelock.FileLock(index_dir / "lock", timeout=60):
            database = Database.create_or_open(index_dir)
            try:
                model = database.current_model()
                assert model is not None
                database.begin()
                derived.build(index_dir, database, model, tokens)
            finally:
                database.close()
    except filelock.Timeout as error:
        raise busy(index_dir) from error
    except (OSError, sqlite3.Error) as error:
        raise unwritable(index_dir, error) from error


def settle(index_dir: Path, snapshot: Snapshot) -> None:
    """Write the log back into the database after an update, and let the snapshot go on from there.

    Left for the next time where another process has the index.
    """
    with (
        contextlib.suppress(filelock.Timeout, OSError, sqlite3.Error),
        filelock.FileLock(index_dir / "lock", timeout=0),
    ):
        database = Database.create_or_open(index_dir)
        try:
            if snapshot.newest_generation() == snapshot.generation:
                database.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                snapshot.renew()
        finally:
            database.close()


def unwritable(index_dir: Path, error: Exception) -> LibraryIndexError:
    return LibraryIndexError(
        f"The index {index_dir} cannot be written ({error}). Make room or choose another folder with --index; what was "
        "indexed before, and your texts, are untouched."
    )


def busy(index_dir: Path) -> IndexBusyError:
    return IndexBusyError(
        f"Another process is updating the index {index_dir}. Wait until it is done; questions are answered from the "
        "present index meanwhile."
    )


def _window_texts(database: Database, plan: Plan) -> Iterator[tuple[bytes, str]]:
    """Keys and embedded texts of the new windows, then of those that stay."""
    for new in plan.added:
        document = new.document
        for cut in new.passages:
            for window, key in cut.windows:
                text = window_text(document.text, window)
                yield key, embedded_text(new.context, cut.passage.heading, text)
    removed = set(plan.removed)
    for _, name in database.document_names():
        if name not in removed:
            document = database.document(name)
            for context, heading, window, key in database.embedded_windows(name):
                yield key, embedded_text(context, heading, window_text(document.text, window))


class _Meter:
    """Counts windows and tells the speed and the time left, measured over the whole run."""

    def __init__(self, on_progress: OnProgress, documents: int, total: int) -> None:
        self._on_progress = on_progress
        self._documents = documents
        self._total = total
        self._began = time.monotonic()
        self.done = 0
        self.advance(0)

    def advance(self, count: int) -> None:
        self.done += count
        elapsed = time.monotonic() - self._began
        speed = self.done / elapsed if self.done else 0.0
        left = (self._total - self.done) / speed if speed else None
        self._on_progress(Progress("embed", self._documents, self._documents, self.done, self._total, speed, left))
