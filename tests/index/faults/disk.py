"""What a disk may hold after a power cut, worked out from a log of calls.

Every file has the content that programs see and the one that a sync has brought to the disk; every folder has its
present names and those of its last sync. From them come the states of `LOSSES`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.index.faults.runner import Call
from tests.index.faults.scenario import Tree

# Name → what of it is on the disk. "names": all names are, in order (a journalling file system that orders its
# metadata, ext4 and XFS by default), and a truncation is a change of names; without it only those of synced folders.
LOSSES = {
    "all that was not synced": (False, "synced"),
    "names that were not synced": (False, "all"),
    "contents that were not synced, so files are short": (True, "synced"),
    "contents that were not synced, so files hold zeros": (True, "zeros"),
    "some writes that were not synced": (True, "some"),
    "only what other processes shared in memory": (True, "all"),
}
_SECTOR = 512


@dataclass(slots=True, eq=False)
class _File:
    present: bytearray
    synced: bytes
    ordered: bytearray  # as synced, but for truncations since
    writes: list[tuple[int, bytes]] = field(default_factory=list)  # since the last sync

    def write(self, offset: int, data: bytes) -> None:
        _put(self.present, offset, data)
        self.writes.append((offset, data))

    def truncate(self, size: int) -> None:
        for content in (self.present, self.ordered):
            content[size:] = b""
            content.extend(bytes(size - len(content)))

    def sync(self) -> None:
        self.synced, self.ordered = bytes(self.present), bytearray(self.present)
        self.writes.clear()

    def content(self, what: str, *, names: bool, chance: random.Random) -> bytes:
        if what == "all":
            return bytes(self.present)
        if not names:
            return self.synced
        left = bytearray(self.ordered)
        if what == "zeros":
            left.extend(bytes(max(0, len(self.present) - len(left))))
        elif what == "some":
            for offset, data in self.writes:  # a write may come to the disk in parts
                for start in range(0, len(data), _SECTOR):
                    if chance.random() < 0.5:
                        _put(left, offset + start, data[start : start + _SECTOR])
        return bytes(left)


def _put(content: bytearray, offset: int, data: bytes) -> None:
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


@dataclass(slots=True, eq=False)
class _Folder:
    present: dict[str, _Folder | _File] = field(default_factory=dict)
    synced: dict[str, _Folder | _File] = field(default_factory=dict)

    def sync(self) -> None:
        self.synced = dict(self.present)


class Disk:
    """A folder to which logged calls are done one after the other."""

    def __init__(self, root: Path, base: Tree) -> None:
        """`base` lies at `root` now, and all of it is on the disk."""
        self._root = root
        self._top = _Folder()
        self._inodes: dict[int, _File] = {}
        for path, content in sorted(base.items()):
            folder, name = self._place(root / path)
            if content is None:
                folder.present[name] = folder.synced[name] = _Folder()
            else:
                file = _File(bytearray(content), content, bytearray(content))
                folder.present[name] = folder.synced[name] = file
                self._inodes[(root / path).stat().st_ino] = file

    def _place(self, path: Path | str) -> tuple[_Folder, str]:
        *folders, name = PurePosixPath(path).relative_to(self._root).parts
        place = self._top
        for folder in folders:
            inner = place.present[folder]
            assert isinstance(inner, _Folder)
            place = inner
        return place, name

    def do(self, call: Call) -> None:
        match call.kind:
            case "write":
                self._inodes[call.inode].write(call.offset, call.data)
            case "grow" | "truncate":
                self._inodes[call.inode].truncate(call.offset)
            case "sync" if call.inode in self._inodes:
                self._inodes[call.inode].sync()
            case "sync":
                self._folder(call.path).sync()
            case "open" if call.offset:  # it was there, and is emptied
                self._inodes[call.inode].truncate(0)
            case "open":
                folder, name = self._place(call.path)
                folder.present[name] = self._inodes[call.inode] = _File(bytearray(), b"", bytearray())
            case "mkdir":
                folder, name = self._place(call.path)
                folder.present[name] = _Folder()
            case "unlink" | "rmdir":
                folder, name = self._place(call.path)
                del folder.present[name]
            case "rename":
                folder, name = self._place(call.path)
                target, new_name = self._place(call.path2)
                target.present[new_name] = folder.present.pop(name)
            case "link":
                folder, name = self._place(call.path)
                target, new_name = self._place(call.path2)
                target.present[new_name] = folder.present[name]

    def _folder(self, path: str) -> _Folder:
        if PurePosixPath(path) == PurePosixPath(self._root):
            return self._top
        folder, name = self._place(path)
        found = folder.present[name]
        assert isinstance(found, _Folder), path
        return found

    def after(self, loss: str, seed: int = 0) -> Tree:
        """What is there when the power comes back; what processes share in memory is in no case."""
        names, what = LOSSES[loss]
        chance = random.Random(seed)
        return dict(_walk(self._top, "", lambda file: file.content(what, names=names, chance=chance), names=names))


def _walk(
    folder: _Folder, path: str, content: Callable[[_File], bytes], *, names: bool
) -> Iterator[tuple[str, bytes | None]]:
    entries: Mapping[str, _Folder | _File] = folder.present if names else folder.synced
    for name, entry in sorted(entries.items()):
        if isinstance(entry, _Folder):
            yield path + name, None
            yield from _walk(entry, f"{path}{name}/", content, names=names)
        elif not name.endswith("-shm"):
            yield path + name, content(entry)
