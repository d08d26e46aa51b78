"""A file that somebody gives goes into the library folder: under its own name, directly in the chosen folder.

Nothing is overwritten unasked. The file is written beside under a hidden name and moved into place when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from assistant.errors import LibraryError
from assistant.index.database import FILE_NAME as DATABASE_FILE
from assistant.index.ignore import Rules, is_litter, read_rules
from assistant.index.scan import file_digest
from assistant.library.kinds import HEAD, wrong_kind
from assistant.library.names import fault, proper, same
from assistant.library.replacing import beside, keep_permissions, settle, settle_folder, sweep
from assistant.readers.table import FORMATS, advice, supported

Outcome = Literal["added", "there", "replaced"]
Reason = Literal[
    "name",  # it cannot be a file's name
    "kind",  # no reader for it, or it is not what its name says
    "empty",
    "large",
    "room",  # on the disk
    "exists",  # a file of that name holds something else: `replace` would take its place
    "similar",  # other systems take another file's name for the same one
    "folder",  # there is no such folder, or none that is indexed
    "ignored",  # by .youjuignore
    "disk",  # whatever the system says
]

_RESERVE = 100_000_000  # bytes that stay free for the index and everybody else
_LOOK = 8 << 20  # bytes between two looks at the room that is left
_MOST_FOLDERS = 1000  # more nobody chooses from
_placing = threading.Lock()  # two uploads of one page


class RefusedError(LibraryError):
    """A file that was not taken; the library is as it was. The message is English, `reason` is for any language."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Received:
    """Where a file is now. “there”: a file of that name with the same content was already in the folder."""

    path: str  # relative to the library, "/" between its names
    outcome: Outcome
    bytes: int


def receive(
    library: Path,
    name: str,
    chunks: Iterable[bytes],
    *,
    folder: str = "",
    limit_bytes: int,
    replace: bool = False,
) -> Received:
    """Put what comes in `chunks` into a folder of the library (relative to it, "" is the library itself).

    Raises RefusedError, LibraryError where the library or its rules cannot be read, and what `chunks` raises; nothing
    is left behind then. `replace` takes the place of a file of exactly that name.
    """
    place = _folder(library, folder)
    name = proper(name)
    if (wrong := fault(name)) is not None:
        raise RefusedError("name", f"The name “{_printable(name)}” {wrong}. Give the file another name.")
    _check_kind(name)
    path = place / name
    shown = path.relative_to(library).as_posix()
    if read_rules(library).leave_out(shown, folder=False):
        raise RefusedError("ignored", f"{shown} would never be indexed: .youjuignore leaves it out. Name it otherwise.")
    _neighbour(path, shown)  # before anything is read for nothing
    sweep(place)
    try:
        with beside(place) as (new, file):
            digest, size = _write(file, place, chunks, name, limit_bytes)
            file.close()
            with _placing:
                outcome = _put(new, path, shown, digest, replace=replace)
        settle_folder(place)
    except _FromChunks as error:
        raise error.cause from None
    except OSError as error:
        raise _disk(shown, error) from error
    return Received(shown, outcome, size)


def folders(library: Path) -> tuple[str, ...]:
    """The folders that `receive` takes files into, besides the library itself; none where they cannot be looked at.

    Of very many the first thousand.
    """
    try:
        rules = read_rules(library)
    except LibraryError:
        return ()
    return tuple(sorted(islice(_walk(library, "", rules), _MOST_FOLDERS)))


def _walk(library: Path, within: str, rules: Rules) -> Iterator[str]:
    try:
        with os.scandir(library / within) as entries:
            names = sorted(
                entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and not is_litter(entry.name)
            )
    except OSError:
        return
    for name in names:
        folder = f"{within}/{name}" if within else name
        hidden = rules.leave_out(folder, folder=True) or (library / folder / DATABASE_FILE).exists()
        if not hidden and name.isprintable():  # a name that cannot be shown cannot be chosen
            yield folder
            yield from _walk(library, folder, rules)


class _FromChunks(Exception):  # noqa: N818 - carries what the giver of the file raised past our own errors of the disk
    def __init__(self, cause: BaseException) -> None:
        self.cause = cause


def _printable(name: str) -> str:
    """A name as a message can show it: cut short, and nothing in it acts."""
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return shown if len(shown) <= 100 else f"{shown[:99]}…"


def _folder(library: Path, folder: str) -> Path:
    """The folder, which is one that a scan walks into. Raises RefusedError."""
    if not library.is_dir():
        raise LibraryError(f"The folder {library} does not exist. Check the path, or make it and put texts into it.")
    shown = _printable(folder)
    place = library
    try:
        for part in folder.split("/") if folder else ():
            if part in ("", ".", "..") or "\\" in part or "\0" in part or Path(part).is_absolute() or Path(part).drive:
                raise RefusedError("folder", f"“{shown}” is no folder of the library. Choose one that is there.")
            place /= part
            found = place.lstat()
            if stat.S_ISLNK(found.st_mode):
                raise RefusedError(
                    "folder", f"“{shown}” is or goes through a link, which is not followed. Choose another."
                )
            if not stat.S_ISDIR(found.st_mode):
                raise RefusedError("folder", f"“{shown}” is a file. Choose a folder of the library.")
            if is_litter(part) or (place / DATABASE_FILE).exists():
                raise RefusedError(
                    "folder", f"“{shown}” is hidden or holds an index: nothing in it is read. Choose another."
                )
        if not place.resolve().is_relative_to(library.resolve()):
            raise RefusedError("folder", f"“{shown}” leads out of the library. Choose a folder in it.")
    except (FileNotFoundError, NotADirectoryError):
        raise RefusedError("folder", f"The library has no folder “{shown}”. Choose one that is there.") from None
    except (OSError, ValueError, RuntimeError) as error:
        raise RefusedError("folder", f"The folder “{shown}” cannot be looked at ({error}). Choose another.") from error
    rules = read_rules(library)
    parts = place.relative_to(library).parts
    if any(rules.leave_out("/".join(parts[:end]), folder=True) for end in range(1, len(parts) + 1)):
        raise RefusedError("ignored", f"Nothing in “{shown}” is indexed: .youjuignore leaves it out. Choose another.")
    return place


def _check_kind(name: str) -> None:
    """Raises RefusedError for a name that no reader is for."""
    path = Path(name)
    if (reason := advice(path)) is not None:
        raise RefusedError("kind", f"{name} {reason}.")
    if not supported(path):
        kind = PurePosixPath(name).suffix.lower() or "files without a suffix"
        raise RefusedError(
            "kind", f"{name} cannot be read: no reader for {kind}. Save it as one of {', '.join(FORMATS)}."
        )


def _neighbour(path: Path, shown: str) -> os.stat_result | None:
    """What has this very name, if it is a file. Raises RefusedError where another name is too much like it, OSError."""
    wanted = same(path.name)
    try:
        with os.scandir(path.parent) as entries:
            names = {entry.name for entry in entries}
    except OSError as error:
        raise _disk(shown, error) from error
    for other in names:
        if other != path.name and same(other) == wanted:
            raise RefusedError(
                "similar",
                f"{shown} was not saved: {_printable(other)} is there, which other systems take for the same name. "
                "Rename one of them.",
            )
    if path.name not in names:
        return None
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError("exists", f"{shown} was not saved: a folder or a link of that name is there. Rename it.")
    return found


def _write(file: BinaryIO, folder: Path, chunks: Iterable[bytes], name: str, limit: int) -> tuple[str, int]:
    """Write all of it; its sha256, hexadecimal, and its size in bytes. Raises RefusedError, OSError, _FromChunks."""
    digest, size, head, looked = hashlib.sha256(), 0, b"", -_LOOK
    given = iter(chunks)
    while True:
        try:
            chunk = next(given, None)
        except BaseException as error:
            raise _FromChunks(error) from error
        if chunk is None:
            break
        size += len(chunk)
        if size > limit:
            raise RefusedError(
                "large",
                f"{name} is larger than {_size(limit)}. Split it, or raise the limit (setting file_megabytes).",
            )
        if size - looked >= _LOOK:
            looked = size
            if shutil.disk_usage(folder).free < len(chunk) + _RESERVE:
                raise RefusedError(
                    "room", f"{name} was not saved: the disk is nearly full. Make room on it and try again."
                )
        digest.update(chunk)
        file.write(chunk)
        if len(head) < HEAD:
            head += chunk[: HEAD - len(head)]
    if not size:
        raise RefusedError("empty", f"{name} is empty (0 bytes). Was it still being written? Give it again.")
    if (wrong := wrong_kind(name, head)) is not None:
        raise RefusedError("kind", wrong)
    settle(file)
    return digest.hexdigest(), size


def _put(new: Path, path: Path, shown: str, digest: str, *, replace: bool) -> Outcome:
    """Move the file into its place. Raises RefusedError, OSError."""
    before = _neighbour(path, shown)
    if before is None:
        try:
            _link(new, path)
        except FileExistsError:  # another process was faster
            before = _neighbour(path, shown)
        else:
            return "added"
    if before is None:
        raise RefusedError("exists", f"{shown} came and went while it was saved. Give it again.")
    if before.st_size == new.stat().st_size and file_digest(path) == digest:
        return "there"
    if not replace:
        raise RefusedError(
            "exists", f"{shown} is there already and holds something else. Replace it, or give the file another name."
        )
    if not os.access(path, os.W_OK):
        raise PermissionError(0, "the file that is there is read-only")
    keep_permissions(new, before)
    new.replace(path)
    return "replaced"


def _link(new: Path, path: Path) -> None:
    """Give the file its name, which no other file has. Raises FileExistsError, OSError."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: the name is taken first, and then given to the file
        path.open("xb").close()
        try:
            new.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _size(limit: int) -> str:
    return f"{limit / 1_000_000:,.0f} MB" if limit >= 1_000_000 else f"{limit:,} bytes"


def _disk(shown: str, error: OSError) -> RefusedError:
    return RefusedError(
        "disk",
        f"{shown} was not saved ({error.strerror or error}). Check the permissions of the folder and the room on the "
        "disk.",
    )
