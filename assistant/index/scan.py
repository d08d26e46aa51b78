"""Which files a library holds, and how they differ from the index."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.config import SETTINGS_FILE
from assistant.errors import LibraryError
from assistant.index.database import FILE_NAME as DATABASE_FILE
from assistant.index.database import FileRow
from assistant.index.ignore import Rules, is_litter, is_temporary, read_rules
from assistant.readers.table import FORMATS, advice, supported
from assistant.text.dictionary import DICTIONARY_FILE
from assistant.types import Changes, Problem

_OWN_FILES = frozenset({SETTINGS_FILE})
_CONVERSATIONS = ("conversations.sqlite", "conversations.lock")  # beside an index that may not be made yet


@dataclass(frozen=True, slots=True)
class Scan:
    """The files of a library as a walk found them."""

    files: Mapping[str, os.stat_result]  # readable formats and the dictionary, by path relative to the library
    problems: tuple[Problem, ...]  # files that no reader is for, links that lead out, rules that are none, …
    unseen: tuple[str, ...] = ()  # folders and files that cannot be looked at now, or may have been left out wrongly
    ignored: int = 0  # left out by the library's own rules; a folder, which is not walked into, counts as one
    folders: tuple[Path, ...] = ()  # walked through, the library first

    @property
    def has_texts(self) -> bool:
        return any(path != DICTIONARY_FILE for path in self.files)

    def is_gone(self, path: str) -> bool:
        """Whether an indexed file is known not to be there any more."""
        return path not in self.files and not any(path == p or path.startswith(f"{p}/") for p in self.unseen)


def scan(library: Path) -> Scan:
    """Walk the library. What is hidden, temporary, an index or ruled out by `.youjuignore` is left out.

    Raises LibraryError where the library or its rules cannot be read.
    """
    if not library.exists():
        raise LibraryError(f"The folder {library} does not exist. Check the path, or make it and put texts into it.")
    if not library.is_dir():
        raise LibraryError(f"{library} is not a folder. Give the folder that holds your texts.")
    return _Walk(library, read_rules(library)).run()


def obstacle(library: Path, name: str) -> str | None:
    """Why `scan` would not give the file of this name (its path relative to the library); None where it would.

    Raises LibraryError where the library's rules cannot be read.
    """
    pure = PurePosixPath(name)
    outside = not name or "\0" in name or pure.is_absolute() or Path(name).is_absolute() or ".." in pure.parts
    if outside or pure.as_posix() != name or ("\\" in name and Path(name).as_posix() != name):
        return "is not a path within the library"
    return _Walk(library, read_rules(library)).obstacle(pure)


class _Walk:
    """One walk over a library."""

    def __init__(self, library: Path, rules: Rules) -> None:
        self._library = library
        self._rules = rules
        self._files: dict[str, os.stat_result] = {}
        self._problems = list(rules.problems)
        self._unseen: list[str] = []
        self._folders: list[Path] = []
        self._ignored = 0

    def run(self) -> Scan:
        for folder, subfolders, names in os.walk(self._library, onerror=self._cannot_enter):
            self._folders.append(Path(folder))
            subfolders[:] = [name for name in sorted(subfolders) if self._enter(Path(folder, name))]
            for name in sorted(names):
                self._take(Path(folder, name))
        return Scan(
            self._files,
            tuple(self._problems),
            tuple(dict.fromkeys(self._unseen)),
            self._ignored,
            tuple(self._folders),
        )

    def obstacle(self, name: PurePosixPath) -> str | None:
        """Why a file is not taken; None where it is."""
        known = len(self._problems)
        folders = [Path(self._library, folder) for folder in reversed(name.parents) if folder != PurePosixPath()]
        if all(self._enter(folder) for folder in folders):
            if not os.path.lexists(path := Path(self._library, name)):
                return "is not there any more"
            self._take(path)
        if self._files:
            return None
        if self._problems[known:]:
            return self._problems[-1].reason
        return "is left out by the library's .youjuignore" if self._ignored else "is none of the library's texts"

    def _cannot_enter(self, error: OSError) -> None:
        folder = Path(error.filename)
        if folder == self._library:
            raise LibraryError(f"The folder {folder} cannot be read ({error.strerror}). Check its permissions.")
        self._unseen.append(_shown(folder, self._library))
        reason = f"cannot be entered: {error.strerror}; what was indexed of it stays"
        self._problems.append(Problem(self._unseen[-1], reason))

    def _enter(self, folder: Path) -> bool:
        """Whether to walk into a folder."""
        if is_litter(folder.name) or self._left_out(folder, is_folder=True):
            return False
        if folder.is_symlink():
            shown = _shown(folder, self._library)
            self._problems.append(Problem(shown, "is a link to a folder; links are not followed"))
            return False
        return not _holds_index(folder)

    def _take(self, path: Path) -> None:
        """Note a file, or why it is none of the library's texts."""
        name = path.name
        own = name in _OWN_FILES and path.parent == self._library
        if own or is_litter(name) or is_temporary(name) or self._left_out(path, is_folder=False):
            return
        shown = _shown(path, self._library)
        try:
            reason = _obstacle(path, self._library)
            if reason is None:
                self._files[shown] = path.stat()
            else:
                self._problems.append(Problem(shown, reason))
        except RuntimeError:  # what Python 3.11 raises for links that lead to each other
            self._problems.append(Problem(shown, "is a link that leads to itself; remove it"))
        except OSError as error:
            self._unseen.append(shown)
            self._problems.append(Problem(shown, f"cannot be read: {error.strerror}"))

    def _left_out(self, path: Path, *, is_folder: bool) -> bool:
        """Whether the library's own rules leave something out."""
        rules = self._rules
        if not rules.patterns or not rules.leave_out(path.relative_to(self._library).as_posix(), folder=is_folder):
            return False
        self._ignored += 1
        if rules.doubtful:
            self._unseen.append(_shown(path, self._library))
        return True


def _holds_index(folder: Path) -> bool:
    try:
        return (folder / DATABASE_FILE).exists() or all((folder / name).exists() for name in _CONVERSATIONS)
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
    if path != library / DICTIONARY_FILE and not supported(path):
        if (reason := advice(path)) is not None:
            return reason
        kind = path.suffix.lower() or "files without a suffix"
        return f"no reader for {kind}; save it as one of {', '.join(FORMATS)}"
    return None


def _shown(path: Path, library: Path) -> str:
    name = path.relative_to(library).as_posix()
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def newer(library: Path, found: Scan, indexed: Mapping[str, FileRow]) -> Changes:
    """What differs from the index. A file whose size or times changed is compared by content."""
    edited = []
    for path in sorted(found.files.keys() & indexed.keys()):
        row, stat = indexed[path], found.files[path]
        if not row.looks_like(stat):
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
