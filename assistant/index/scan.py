"""Which files a library holds, and how they differ from the index."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.config import SETTINGS_FILE
from assistant.errors import LibraryError
from assistant.index.database import FILE_NAME as DATABASE_FILE
from assistant.index.database import FileRow
from assistant.readers.table import FORMATS, advice, supported
from assistant.types import Changes, Problem

_OWN_FILES = frozenset({SETTINGS_FILE})


@dataclass(frozen=True, slots=True)
class Scan:
    """The files of a library as a walk found them."""

    files: Mapping[str, os.stat_result]  # readable formats, by path relative to the library
    problems: tuple[Problem, ...]  # files that no reader is for, links that lead out, folders that cannot be entered
    unseen: tuple[str, ...] = ()  # folders and files that cannot be looked at now

    def is_gone(self, path: str) -> bool:
        """Whether an indexed file is known not to be there any more."""
        return path not in self.files and not any(path == p or path.startswith(f"{p}/") for p in self.unseen)


def scan(library: Path) -> Scan:
    """Walk the library. Hidden and temporary office files and indexes are left out. Raises LibraryError."""
    if not library.exists():
        raise LibraryError(f"The folder {library} does not exist. Check the path, or make it and put texts into it.")
    if not library.is_dir():
        raise LibraryError(f"{library} is not a folder. Give the folder that holds your texts.")
    files: dict[str, os.stat_result] = {}
    problems: list[Problem] = []
    unseen: list[str] = []

    def unreadable(error: OSError) -> None:
        if Path(error.filename) == library:
            raise LibraryError(f"The folder {library} cannot be read ({error.strerror}). Check its permissions.")
        unseen.append(_shown(Path(error.filename), library))
        problems.append(Problem(unseen[-1], f"cannot be entered: {error.strerror}; what was indexed of it stays"))

    for folder, subfolders, names in os.walk(library, onerror=unreadable):
        visible = sorted(name for name in subfolders if not name.startswith("."))
        linked = [name for name in visible if Path(folder, name).is_symlink()]
        links = (_shown(Path(folder, name), library) for name in linked)
        problems.extend(Problem(link, "is a link to a folder; links are not followed") for link in links)
        subfolders[:] = [name for name in visible if not _holds_index(Path(folder, name))]
        for name in sorted(names):
            if name.startswith((".", "~$")) or (folder == str(library) and name in _OWN_FILES):
                continue
            path = Path(folder, name)
            shown = _shown(path, library)
            try:
                reason = _obstacle(path, library)
                if reason is None:
                    files[shown] = path.stat()
                else:
                    problems.append(Problem(shown, reason))
            except RuntimeError:  # what Python 3.11 raises for links that lead to each other
                problems.append(Problem(shown, "is a link that leads to itself; remove it"))
            except OSError as error:
                unseen.append(shown)
                problems.append(Problem(shown, f"cannot be read: {error.strerror}"))
    return Scan(files, tuple(problems), tuple(dict.fromkeys(unseen)))


def _holds_index(folder: Path) -> bool:
    try:
        return (folder / DATABASE_FILE).exists()
    except OSError:
        return False


def _obstacle(path: Path, library: Path) -> str | None:
    """Why a file is not read at all, or None."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not valid UTF-8; rename it"
    if path.is_symlink() and not path.resolve().is_relative_to(library.resolve()):
        return "is a link that leads out of the library; put the file itself there"
    if not path.is_file():
        return "is not a regular file" if path.exists() else "is a link to nothing"
    if not supported(path):
        if (reason := advice(path)) is not None:
            return reason
        kind = path.suffix.lower() or "files without a suffix"
        return f"no reader for {kind}; save it as one of {', '.join(FORMATS)}"
    return None


def _shown(path: Path, library: Path) -> str:
    name = path.relative_to(library).as_posix()
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def newer(library: Path, found: Scan, indexed: Mapping[str, FileRow]) -> Changes:
    """What differs from the index. A file whose size or time changed is compared by content."""
    edited = []
    for path in sorted(found.files.keys() & indexed.keys()):
        row, stat = indexed[path], found.files[path]
        if (row.size, row.mtime_ns) != (stat.st_size, stat.st_mtime_ns):
            try:
                if file_digest(library / path) != row.digest:
                    edited.append(path)
            except OSError:
                edited.append(path)
    added = tuple(sorted(found.files.keys() - indexed.keys()))
    return Changes(added, tuple(edited), tuple(path for path in sorted(indexed) if found.is_gone(path)))


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
