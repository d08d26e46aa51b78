"""Folders for copies that only this process reads. What a killed process left behind is removed by the next one."""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
import weakref
from pathlib import Path

import filelock

from assistant.errors import LibraryIndexError

# What only writing meets, and so the copy and not what is copied.
NO_ROOM = frozenset({errno.ENOSPC, errno.EROFS, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_PREFIX, _LOCK = "youju-copy-", "lock"
_OLD = 60.0  # seconds: a younger folder may be one whose lock is only just being taken


def private_folder(owner: object) -> Path:
    """A new folder in the temporary folder that is removed when `owner` is gone. Raises LibraryIndexError."""
    try:
        _sweep()
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = filelock.FileLock(folder / _LOCK, thread_local=False)
        lock.acquire(timeout=0)
    except OSError as error:
        raise no_room(error) from error
    weakref.finalize(owner, _remove, folder, lock)
    return folder


def no_room(error: OSError) -> LibraryIndexError:
    return LibraryIndexError(
        f"What is searched cannot be copied into the folder for temporary files ({error}). Make room there, or name "
        "another folder in the variable TMPDIR; the index and your texts are untouched."
    )


def _remove(folder: Path, lock: filelock.BaseFileLock) -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders whose process is gone: the system gave back their locks."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < _OLD:
                continue
            if not (folder / _LOCK).exists():  # its process was killed before it took the lock, or as it removed it
                shutil.rmtree(folder, ignore_errors=True)
                continue
            lock = filelock.FileLock(folder / _LOCK, thread_local=False)
            lock.acquire(timeout=0)
        except (OSError, filelock.Timeout):  # of somebody else, or in use
            continue
        _remove(folder, lock)
