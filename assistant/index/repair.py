"""What a check found wrong is mended: from the database what is derived, from the texts what is not.

Nothing is given up before what takes its place is there. A database that cannot be read is set aside, not deleted; the
vectors that can still be read of it need not be made again.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import filelock

from assistant.errors import LibraryError
from assistant.index.check import Inspection, is_unit_vector
from assistant.index.database import FILE_NAME, Database, Model
from assistant.index.scan import scan
from assistant.index.update import busy, unwritable

SET_ASIDE = "damaged-*.sqlite*"
_SALVAGED = "salvaged.sqlite"
_LOGS = ("", "-wal", "-shm")


def prepare_repair(library: Path, index_dir: Path, found: Inspection) -> None:
    """Have the next update make anew what is wrong. Raises IndexBusyError, LibraryIndexError.

    Raises LibraryError where a damaged database cannot be made again, for want of texts: it stays where it is.
    """
    if found.rebuild_database and not scan(library).files:
        raise LibraryError(
            f"The folder {library} holds no text, so the damaged index {index_dir} cannot be made again from it and is "
            "left as it was. Put the texts back, or connect the disk that holds them."
        )
    try:
        with filelock.FileLock(index_dir / "lock", timeout=0):
            if found.rebuild_database:
                _start_anew(index_dir)
                return
            database = Database.create_or_open(index_dir)
            try:
                with database.transaction():
                    database.remove_vectors(found.bad_vectors)
                    database.set_files_to_mend(found.files_to_mend | database.files_to_mend())
            finally:
                database.close()
    except filelock.Timeout as error:
        raise busy(index_dir) from error
    except (OSError, sqlite3.Error) as error:
        raise unwritable(index_dir, error) from error


def _start_anew(index_dir: Path) -> None:
    """An empty database in the place of a damaged one, with the vectors that are still sound."""
    damaged, salvaged = index_dir / FILE_NAME, index_dir / _SALVAGED
    for suffix in _LOGS:
        Path(f"{salvaged}{suffix}").unlink(missing_ok=True)
    made = Database.create_or_open(index_dir, name=_SALVAGED)
    try:
        with contextlib.suppress(sqlite3.Error):
            _salvage(damaged, made)
        made.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        made.connection.execute("PRAGMA journal_mode = DELETE")
    finally:
        made.close()
    number = 1
    while (index_dir / f"damaged-{number}.sqlite").exists():
        number += 1
    for suffix in reversed(_LOGS):  # the database itself last: until then, the log still belongs to it
        with contextlib.suppress(FileNotFoundError):
            Path(f"{damaged}{suffix}").replace(index_dir / f"damaged-{number}.sqlite{suffix}")
    salvaged.replace(damaged)


def _salvage(damaged: Path, made: Database) -> None:
    """Copy the models and what can be read of their vectors."""
    source = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    with contextlib.closing(source):
        models = [Model(*row) for row in source.execute("SELECT * FROM models")]
        for model in models:
            with made.transaction():
                kept = made.add_model(model.fingerprint, model.name, model.dim)
            for order in ("", "DESC"):  # what cannot be reached from one end may be from the other
                with contextlib.suppress(sqlite3.Error), made.transaction():
                    made.connection.executemany(
                        "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", _sound_rows(source, model, kept, order)
                    )


def _sound_rows(
    source: sqlite3.Connection, model: Model, kept: Model, order: str
) -> Iterator[tuple[int, bytes, bytes]]:
    rows = source.execute(f"SELECT key, vector FROM vectors WHERE model = ? ORDER BY key {order}", (model.id,))
    with contextlib.suppress(sqlite3.Error):
        for key, vector in rows:
            if isinstance(key, bytes) and len(key) == 16 and is_unit_vector(vector, model.dim):
                yield kept.id, key, vector
