"""Folders for copies that only this process reads. What a killed process left behind is removed by the next one."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from pathlib import Path

import filelock

_PREFIX, _LOCK = "youju-copy-", "lock"
_OLD = 60.0  # seconds: a younger folder may be one whose lock is only just being taken


def private_folder(owner: object) -> Path:
    """A new folder in the temporary folder that is removed when `owner` is gone. Raises OSError."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = filelock.FileLock(folder / _LOCK, thread_local=False)
    lock.acquire(timeout=0)
    weakref.finalize(owner, _remove, folder, lock)
    return folder


def _remove(folder: Path, lock: filelock.BaseFileLock) -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders whose process is gone: the system gave back their locks."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < _OLD or not (folder / _LOCK).exists():
                continue
            lock = filelock.FileLock(folder / _LOCK, thread_local=False)
            lock.acquire(timeout=0)
        except (OSError, filelock.Timeout):  # of somebody else, or in use
            continue
        _remove(folder, lock)
