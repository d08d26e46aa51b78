"""An update: scan → diff → read → split → embed → publish.

Until the last step nothing that answers can see a change. Vectors are committed as they are made, so that a run that
was interrupted goes on where it stopped; documents, passages and windows are committed in one transaction that also
raises the generation, after the derived files of that generation are complete.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from assistant.errors import LibraryError, LibraryIndexError, UpdateStoppedError
from assistant.index import derived
from assistant.index.cutting import Recipe
from assistant.index.database import Database
from assistant.index.derived import RowChanges
from assistant.index.embedding import embed, measure_speed, reference_texts, unknown_keys
from assistant.index.plan import OnProgress, Plan, make_plan
from assistant.index.scan import Scan, scan
from assistant.index.snapshot import Snapshot
from assistant.index.vectors import Model
from assistant.index.writing import writing
from assistant.readers.table import FORMATS
from assistant.text.tokens import Tokens
from assistant.types import Preview, Progress, UpdateReport
from embeddings.embedder import Embedder, EmbedderError


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
        stop: threading.Event | None = None,
    ) -> None:
        self._library = library
        self._index_dir = index_dir
        self._tokens = tokens
        self._recipe = recipe
        self._model_name = model_name
        self._load_embedder = load_embedder
        self._on_progress = on_progress
        self._stop = stop or threading.Event()

    def _tell(self, state: Progress) -> None:
        """Tell how far it is, and end here on request: whatever was embedded is committed on the way out."""
        if self._stop.is_set():
            raise UpdateStoppedError(
                f"The update of the index {self._index_dir} was stopped. What was embedded is kept; the next update "
                "goes on from there, and questions are answered from the index as it was."
            )
        self._on_progress(state)

    def run(self) -> UpdateReport:
        """Bring the index up to date.

        Raises LibraryError, IndexBusyError, EmbedderError, UpdateStoppedError, LibraryIndexError.
        """
        began = time.monotonic()
        if self._library.is_relative_to(self._index_dir):
            raise LibraryIndexError(
                f"The index cannot be kept in {self._index_dir}, which holds the texts themselves. Choose a folder of "
                "its own with --index; nothing was changed."
            )
        self._tell(Progress("scan"))
        self._check_texts(scan(self._library))  # before an index is made for a folder that has none
        with writing(self._index_dir) as database:
            return self._run_locked(database, scan(self._library), began)

    def preview(self) -> Preview:
        """What `run` would do now. Texts that changed are read for it; nothing is written, and no lock is taken.

        Raises LibraryError, LibraryIndexError, UpdateStoppedError.
        """
        self._tell(Progress("scan"))
        found = scan(self._library)
        self._check_texts(found)
        try:
            database = Database.open(self._index_dir)
        except FileNotFoundError:
            database = Database.empty()
        try:
            database.begin()
            database.check_library(self._library)
            plan = make_plan(self._library, database, found, self._recipe, self._tell)
            windows = len(unknown_keys(database, plan, database.vectors.model_named(self._model_name)))
            noted = {row.path: row for row in (*database.files().values(), *plan.rows)}
            return Preview(
                tuple(plan.added),
                tuple(plan.edited),
                tuple(plan.removed),
                tuple(plan.renamed),
                plan.passages,
                windows,
                self._expected_seconds(database, plan, windows),
                (*found.problems, *(p for path, row in noted.items() if path not in plan.gone for p in row.problems)),
                plan.new_dictionary,
            )
        except sqlite3.Error as error:
            raise LibraryIndexError(
                f"The index {self._index_dir} cannot be compared with the texts ({error}). Try again; if it stays so, "
                "run `youju check`."
            ) from error
        finally:
            database.close()

    def _expected_seconds(self, database: Database, plan: Plan, windows: int) -> float | None:
        if not windows:
            return 0.0
        model = database.vectors.model_named(self._model_name)
        speed = model.windows_per_second if model is not None else None
        if speed is None:
            self._tell(Progress("embed", windows_total=windows))
            try:
                speed = measure_speed(database, plan, self._load_embedder(), self._recipe)
            except EmbedderError:  # what an update would do is known without it
                return None
        return windows / speed if speed else None

    def _check_texts(self, found: Scan) -> None:
        if not found.has_texts:
            unread = f" ({len(found.problems)} files in it have no reader)" if found.problems else ""
            unread += f" (.youjuignore leaves {found.ignored:,} files or folders out)" if found.ignored else ""
            raise LibraryError(
                f"The folder {self._library} holds no text that can be read{unread}. Put texts into it: "
                f"{', '.join(FORMATS)}. The index, if there is one, is left as it was."
            )

    def _check_library(self, database: Database) -> None:
        """An index given by folder may belong to another library, whose texts would all be dropped from it."""
        database.check_library(self._library)
        recorded = database.setting("library")
        if recorded != str(self._library):  # before anything else: an interrupted run goes on with the same library
            with database.transaction():
                database.set_setting("library", str(self._library))

    def _run_locked(self, database: Database, found: Scan, began: float) -> UpdateReport:
        self._check_library(database)
        self._check_texts(found)
        plan = make_plan(self._library, database, found, self._recipe, self._tell)
        old_model = database.current_model()
        embedded, model = 0, old_model
        if (
            model is None
            or not self._same_model(model)
            or self._lacks_reference(database, model)
            or unknown_keys(database, plan, model)  # a renamed file has none
        ):
            embedder = self._load_embedder()
            with database.transaction():
                model = database.vectors.add_model(embedder.fingerprint, self._model_name, embedder.dim)
            embedded = embed(database, plan, embedder, model, self._recipe, self._tell)
        changed = plan.writes or old_model is None or old_model.id != model.id
        recut = database.setting("splitting") != self._recipe.splitting
        if changed or recut or plan.rows or plan.gone or plan.to_mend != database.files_to_mend():
            self._tell(Progress("publish"))
            self._publish(database, plan, model, changed=changed)
        problems = [problem for row in database.files().values() for problem in row.problems]
        return UpdateReport(
            database.generation,
            changed,
            len(plan.added),
            len(plan.edited),
            len(plan.removed),
            len(plan.renamed),
            plan.passages,
            *database.counts(),
            embedded,
            time.monotonic() - began,
            (*found.problems, *problems),
        )

    def _same_model(self, model: Model) -> bool:
        """A model in a folder may have been changed under the same name: only loading it tells."""
        return model.name == self._model_name and not Path(self._model_name).expanduser().exists()

    def _lacks_reference(self, database: Database, model: Model) -> bool:
        return len(database.vectors.known(model, reference_texts())) < len(reference_texts())

    def _publish(self, database: Database, plan: Plan, model: Model, *, changed: bool) -> None:
        """Write documents, passages, windows and the derived files, and commit them as the next generation."""
        before = self._reusable(database, model) if changed else None
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        with database.transaction():
            old_passages, old_windows = database.row_ids(plan.replaced)
            for name in plan.replaced:
                database.remove_document(name)
            _, newest_passage, newest_window = database.newest_rows()
            plan.staging.publish(now)
            for path in plan.gone:
                database.remove_file(path)
            for file in plan.rows:
                database.set_file(file)
            database.set_setting("splitting", self._recipe.splitting)
            database.set_files_to_mend(plan.to_mend)
            database.set_setting("dictionary", plan.dictionary)
            if not changed:
                return
            database.set_setting("fingerprint", model.fingerprint)
            database.set_setting("built_at", now)
            database.set_setting("generation", str(database.generation + 1))
            changes = None
            if before is not None:
                passages, windows = database.rows_after(newest_passage, newest_window)
                changes = RowChanges(before, old_passages, passages, old_windows, windows)
            derived.build(self._index_dir, database, model, self._tokens, changes=changes)
        derived.remove_old(self._index_dir, database.generation)

    def _reusable(self, database: Database, model: Model) -> int | None:
        """The present generation's number, where its derived files are sound and of the same model."""
        current = database.current_model()
        if current is None or current.id != model.id:
            return None
        return derived.sound_generation(self._index_dir, database, model)


def rebuild_derived(index_dir: Path, tokens: Tokens, *, sound_too: bool = False) -> None:
    """Make the derived files of the present generation again; nothing is embedded.

    Files that are sound by now (another process has mended them) stay, unless `sound_too`. Raises IndexBusyError,
    LibraryIndexError.
    """
    with writing(index_dir, timeout=60) as database:
        model = database.current_model()
        assert model is not None
        database.begin()
        if sound_too or not derived.is_sound(index_dir, database, model):
            derived.build(index_dir, database, model, tokens)


def settle(index_dir: Path, snapshot: Snapshot) -> None:
    """Write the log back into the database after an update, and let the snapshot go on from there.

    Left for the next time where another process has the index.
    """
    with contextlib.suppress(LibraryIndexError), writing(index_dir) as database:
        if not snapshot.is_outdated():
            database.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            snapshot.renew()
