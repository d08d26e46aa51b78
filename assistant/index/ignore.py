"""What of a library is left out: by its `.youjuignore`, and always what programs leave lying about."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from gitmatch import InvalidPatternError, Pattern, pattern2regex

from assistant.errors import LibraryError
from assistant.types import Problem

IGNORE_FILE = ".youjuignore"  # at the library's root
_MOST_BYTES = 1_000_000

# Left out without a word, besides everything hidden: nobody put them there on purpose. In lower case.
_LITTER = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "$recycle.bin", "#recycle"})
_LITTER |= {"system volume information", "lost+found", "@eadir"}
_TEMPORARY = (".tmp", "~", ".swp", ".swo", ".crdownload", ".part", ".partial", ".download")

_LONGEST_LINE = 4096  # characters; no path of Linux is longer, and some lines take time by the square of their length
_STAR, _FOLDERS = r"[^/\0]*", r"(?:[^/\0]+/)*"  # what gitmatch writes for “*”, and for “**/”


def is_litter(name: str) -> bool:
    """Whether a file or folder is hidden, or of the kind that systems leave in every folder."""
    return name.startswith(".") or name.lower() in _LITTER


def is_temporary(name: str) -> bool:
    """Whether a file is one that an office program, an editor or a download keeps while it is at work."""
    lower = name.lower()
    return lower.startswith("~$") or lower.endswith(_TEMPORARY) or (lower[:1] == "#" == lower[1:][-1:])


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a `.youjuignore` in gitignore syntax; the last one that fits a path decides.

    Unlike in git, “?” and “[ ]” stand for a character, not for a byte of its UTF-8, and blanks that end a line may be
    tabs.
    """

    patterns: tuple[Pattern[str], ...] = ()
    problems: tuple[Problem, ...] = ()
    # A rule that keeps files in could not be read: what the others leave out may be wanted.
    doubtful: bool = False

    def leave_out(self, path: str, *, folder: bool) -> bool:
        """Whether a path in folders that are not left out is (relative to the library, “/” between its names)."""
        for pattern in reversed(self.patterns):
            if pattern.match(path, is_dir=folder):
                return not pattern.negative
        return False


def read_rules(library: Path) -> Rules:
    """The rules of a library. A line that is none is a problem, and the others hold.

    Raises LibraryError where there is a file that cannot be read: what belongs to the library is not known then, and
    guessing would index what is to be left out, or take out what is indexed.
    """
    path = library / IGNORE_FILE
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            raise OSError("it is no regular file" if status.st_size <= _MOST_BYTES else "it is larger than 1 MB")
        content = path.read_bytes()
    except FileNotFoundError:
        if not path.is_symlink():
            return Rules()
        raise _unreadable(path, "it is a link to nothing") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: what Python 3.11 raises for links in a circle
        raise _unreadable(path, getattr(error, "strerror", None) or str(error)) from error
    return _parse(content.removeprefix(b"\xef\xbb\xbf"))


def _unreadable(path: Path, reason: str) -> LibraryError:
    return LibraryError(
        f"The rules {path} cannot be read ({reason}), so it is not known which files belong to the library. Mend or "
        "remove that file; the index stays as it was until then."
    )


def _parse(content: bytes) -> Rules:
    patterns: list[Pattern[str]] = []
    problems: list[Problem] = []
    garbled: list[int] = []
    doubtful = False
    for number, encoded in enumerate(content.splitlines(), 1):
        try:
            line = encoded.decode("utf-8")
        except UnicodeDecodeError:
            line = "\0"
        if "\0" in line:  # of UTF-16, too, every line looks like this
            garbled.append(number)
            doubtful |= b"!" in encoded
            continue
        try:
            pattern = _pattern(line)
        except ValueError as error:
            doubtful |= line.startswith("!")
            problems.append(_problem(f"line {number}", f"“{line[:80]}” is no rule of gitignore syntax ({error})"))
        else:
            patterns += [] if pattern is None else [pattern]
    if garbled:
        shown = ", ".join(map(str, garbled[:10])) + (", …" if len(garbled) > 10 else "")
        where = f"line {shown}" if len(garbled) == 1 else f"lines {shown}"
        problems.append(_problem(where, "not UTF-8; save the file in that encoding"))
    if doubtful:
        problems.append(
            Problem(
                IGNORE_FILE, "until that is mended, what is indexed and left out by the other rules stays in the index"
            )
        )
    return Rules(tuple(patterns), tuple(problems), doubtful)


def _problem(where: str, what: str) -> Problem:
    return Problem(IGNORE_FILE, f"{where}: {what}. The other rules hold; correct or remove this.")


def _pattern(line: str) -> Pattern[str] | None:
    """The pattern of a line, or None for a comment or a blank one. Raises ValueError."""
    if not line.strip() or line.startswith("#"):
        return None
    if len(line) > _LONGEST_LINE:
        raise ValueError("it is longer than any path")
    # Git takes more stars for two. gitmatch does not, and overlooks the two in “/**/a”, which is the same as “**/a”.
    line = re.sub(r"^(!?)/(?=\*\*(/|[ \t]*$))", r"\1", re.sub(r"\*{3,}", "**", line))
    try:
        regex = pattern2regex(line)
    except InvalidPatternError as error:
        raise ValueError("a [ is without its ], a range is the wrong way round, or a \\ is the last sign") from error
    if regex is None:
        raise ValueError("it fits no file")
    names = (_settled(names, _STAR) for names in regex.regex.split(_FOLDERS))
    return replace(regex, regex=_settled(_FOLDERS.join(names), _FOLDERS)).compile()


def _settled(regex: str, wild: str) -> str:
    """The same expression, where all but the last of what stands for anything takes the least it can, once and for all.

    That leaves the most to what follows, so trying the others would find nothing more; it would only take forever on
    a path that almost fits “*a*a*a*a*a*b”. Python's fnmatch does the same.
    """
    first, *rest = regex.split(wild)
    return first + "".join(f"(?>{wild}?{then})" for then in rest[:-1]) + "".join(wild + then for then in rest[-1:])
