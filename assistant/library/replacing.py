"""Files of a library that are written whole or not at all: beside their place, and then moved into it.

What is being written has a hidden name, which no scan and no watch takes for a text.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from assistant.errors import LibraryError

_PREFIX, _SUFFIX = ".youju-", ".part"
_OURS = re.compile(re.escape(_PREFIX) + "[0-9a-f]{16}" + re.escape(_SUFFIX))
_OLD = 24 * 3600.0  # seconds: what is older was left by a process that was killed


@contextmanager
def beside(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file of a hidden name, open for writing; it is removed at the end, unless it was moved away.

    It has the permissions that a new file of this user has. Raises OSError.
    """
    path = folder / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
    file = path.open("xb")
    try:
        with file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)


def settle(file: BinaryIO) -> None:
    """Have what was written on the disk, not only under way to it."""
    file.flush()
    os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """The same for the names in a folder, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def keep_permissions(file: Path, before: os.stat_result) -> None:
    """Give a file that takes the place of another its permissions and, where that is allowed, its owner. OSError."""
    with contextlib.suppress(OSError, AttributeError):  # somebody else's file that one may write; Windows
        os.chown(file, before.st_uid, before.st_gid)
    file.chmod(stat.S_IMODE(before.st_mode))


def sweep(folder: Path) -> None:
    """Remove what a killed process left behind long ago."""
    with contextlib.suppress(OSError):
        with os.scandir(folder) as entries:
            left = [Path(entry.path) for entry in entries if _OURS.fullmatch(entry.name)]
        for path in left:
            if time.time() - path.lstat().st_mtime > _OLD:
                path.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes) -> None:
    """Make a file hold this, with the permissions that it has. Raises LibraryError; the file is as it was then."""
    sweep(path.parent)
    try:
        before = path.stat() if path.exists() else None
        if before is not None and not os.access(path, os.W_OK):
            raise PermissionError(0, "it is read-only")
        with beside(path.parent) as (new, file):
            file.write(content)
            settle(file)
            file.close()
            if before is not None:
                keep_permissions(new, before)
            new.replace(path)
        settle_folder(path.parent)
    except OSError as error:
        raise LibraryError(
            f"{path} cannot be written ({error.strerror or error}). Check the permissions of the folder and the room "
            "on the disk; the file is as it was."
        ) from error
