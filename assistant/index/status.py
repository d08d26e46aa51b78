"""What an index holds, and how the texts on disk differ from it."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import LibraryError
from assistant.index.database import Database
from assistant.index.scan import Scan, newer, scan
from assistant.types import Changes, Problem, Status


def status(library: Path, index_dir: Path, model_name: str) -> Status:
    """Generation 0 without an index; a library that cannot be looked at is a problem among the others.

    `model_name` is the model that an update would use. Raises LibraryIndexError, sqlite3.Error.
    """
    try:
        found = scan(library)
        problems = found.problems
    except LibraryError as error:
        found, problems = None, (Problem(str(library), str(error)),)
    try:
        database = Database.open(index_dir)
    except FileNotFoundError:
        return Status(
            library,
            index_dir,
            generation=0,
            built_at=None,
            model=model_name,
            model_changed=False,
            documents=0,
            passages=0,
            windows=0,
            changes=Changes(tuple(found.files) if found else ()),
            problems=problems,
            ignored=found.ignored if found else 0,
        )
    try:
        database.check_library(library)
        return _of_index(database, library, index_dir, model_name, found, problems)
    finally:
        database.close()


def _of_index(
    database: Database,
    library: Path,
    index_dir: Path,
    model_name: str,
    found: Scan | None,
    problems: tuple[Problem, ...],
) -> Status:
    files = database.files()
    model = database.current_model()
    return Status(
        library,
        index_dir,
        database.generation,
        database.setting("built_at"),
        model.name if model else model_name,
        model is not None and model.name != model_name,
        *database.counts(),
        newer(library, found, files) if found else Changes(),
        (*problems, *(problem for row in files.values() for problem in row.problems)),
        found.ignored if found else 0,
    )
