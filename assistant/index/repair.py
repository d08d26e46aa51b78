"""What a check found wrong is mended: from the database what is derived, from the texts what is not.

Nothing is given up before what takes its place is there. A database that cannot be read is set aside, not deleted; the
vectors that can still be read of it need not be made again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import LibraryIndexError
from assistant.index import derived
from assistant.index.check import Inspection, is_unit_vector
from assistant.index.database import FILE_NAME, Database, check_owner
from assistant.index.vectors import Model
from assistant.index.writing import alone, writing

SET_ASIDE = "damaged-*.sqlite*"
_REBUILT = "rebuilt"  # folder of an index made anew, kept where that was interrupted: its vectors are


def mark(index_dir: Path, found: Inspection) -> None:
    """Have the next update make anew what is wrong. Raises IndexBusyError, LibraryIndexError."""
    with writing(index_dir) as database, database.transaction():
        database.vectors.remove(found.bad_vectors)
        database.set_files_to_mend(found.files_to_mend | database.files_to_mend())


@contextmanager
def rebuilding(library: Path, index_dir: Path) -> Iterator[Path]:
    """A folder for an index that takes the place of one whose database is damaged, once it is complete.

    It begins with the vectors that are still sound. Where the block raises, the damaged one stays where it is. Raises
    IndexBusyError, LibraryIndexError.
    """
    with alone(index_dir):
        folder = index_dir / _REBUILT
        try:
            made = Database.create_or_open(folder)
        except LibraryIndexError:  # damaged, or of another version, as well
            shutil.rmtree(folder)
            made = Database.create_or_open(folder)
        try:
            _salvage(index_dir / FILE_NAME, made, library)
        finally:
            made.close()
        yield folder
        _take_place(index_dir, folder)


def _take_place(index_dir: Path, folder: Path) -> None:
    """Killed anywhere, this leaves the damaged database in its place, or the new one."""
    database, new = index_dir / FILE_NAME, folder / FILE_NAME
    made = Database.create_or_open(folder)
    made.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    made.connection.execute("PRAGMA journal_mode = DELETE")  # all of it in one file, on the disk
    made.close()
    number = 1
    while (index_dir / f"damaged-{number}.sqlite").exists():
        number += 1
    aside = index_dir / f"damaged-{number}.sqlite"
    for suffix in ("-wal", "-shm", "-journal"):  # which do not belong to the new one
        with contextlib.suppress(FileNotFoundError):
            Path(f"{database}{suffix}").replace(f"{aside}{suffix}")
    try:
        os.link(database, aside)
    except OSError:  # a file system without hard links
        shutil.copyfile(database, aside)
    derived.remove_all(index_dir)
    new.replace(database)
    derived.move(folder, index_dir)
    shutil.rmtree(folder, ignore_errors=True)


def _salvage(damaged: Path, made: Database, library: Path) -> None:
    """Copy the models and what can be read of their vectors. Raises LibraryIndexError for another library's index."""
    source = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    with contextlib.closing(source):
        with contextlib.suppress(sqlite3.Error):
            for (recorded,) in source.execute("SELECT value FROM settings WHERE key = 'library'"):
                if isinstance(recorded, str):
                    check_owner(damaged.parent, recorded, library)
        with contextlib.suppress(sqlite3.Error):
            for model in [Model(*row) for row in source.execute("SELECT * FROM models")]:
                _salvage_vectors(source, made, model)


def _salvage_vectors(source: sqlite3.Connection, made: Database, model: Model) -> None:
    with made.transaction():
        kept = made.vectors.add_model(model.fingerprint, model.name, model.dim)
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
