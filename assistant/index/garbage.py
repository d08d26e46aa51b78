"""What no generation needs any more: vectors of old texts and models, files of old generations, what was set aside."""

from __future__ import annotations

import contextlib
from pathlib import Path

from assistant.errors import NotIndexedError
from assistant.index import derived
from assistant.index.database import FILE_NAME, Database
from assistant.index.embedding import reference_texts
from assistant.index.repair import SET_ASIDE
from assistant.index.writing import alone
from assistant.types import GcReport


def collect(index_dir: Path) -> GcReport:
    """Drop it, and give the room back to the disk. Raises NotIndexedError, IndexBusyError, LibraryIndexError."""
    if not (index_dir / FILE_NAME).is_file():
        raise NotIndexedError(f"There is no index in {index_dir} yet. Run `youju index`.")
    with alone(index_dir):
        before = _size(index_dir)
        with contextlib.closing(Database.create_or_open(index_dir)) as database:
            with database.transaction():
                model = database.current_model()
                vectors, models = database.vectors.remove_unneeded(model, reference_texts()) if model else (0, 0)
            generations = derived.remove_old(index_dir, database.generation, kept=1)
            for path in index_dir.glob(SET_ASIDE):
                path.unlink(missing_ok=True)
            database.connection.execute("VACUUM")
            # Somebody who reads the old state keeps its room for now: no reason to wait.
            database.connection.execute("PRAGMA busy_timeout = 100")
            database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return GcReport(vectors, models, generations, max(0, before - _size(index_dir)))


def _size(index_dir: Path) -> int:
    """Bytes of all files; one that two generations share counts once."""
    found = {}
    for path in index_dir.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # the log of a reader who has just ended
            stat = path.lstat()
            found[stat.st_dev, stat.st_ino] = stat.st_size
    return sum(found.values())
