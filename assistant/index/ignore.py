"""What of a library is left out: by its `.youjuignore`, and always what programs leave lying about."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from assistant.errors import LibraryError
from assistant.types import Problem

IGNORE_FILE = ".youjuignore"  # at the library's root
_MOST_BYTES = 1_000_000

# Left out without a word, besides everything hidden: nobody put them there on purpose. In lower case.
_LITTER = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "$recycle.bin", "#recycle"})
_LITTER |= {"system volume information", "lost+found", "@eadir"}
_TEMPORARY = (".tmp", "~", ".swp", ".swo", ".crdownload", ".part", ".partial", ".download")

# What pathspec takes for something else than git does, or Python's regular expressions warn of.
_UNCLEAR_SET = re.compile(r"(?<!\\)\[[!^]?(?:\[|[^\]]*(?:\\|--|&&|\|\||~~|\[[:.=]))")
_MOST_STARS = 4  # in one name: more may take forever on a name that almost fits


def is_litter(name: str) -> bool:
    """Whether a file or folder is hidden, or of the kind that systems leave in every folder."""
    return name.startswith(".") or name.lower() in _LITTER


def is_temporary(name: str) -> bool:
    """Whether a file is one that an office program, an editor or a download keeps while it is at work."""
    lower = name.lower()
    return lower.startswith("~$") or lower.endswith(_TEMPORARY) or (lower[:1] == "#" == lower[1:][-1:])


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a `.youjuignore` in gitignore syntax; the last one that fits a path decides."""

    patterns: tuple[GitIgnoreSpecPattern, ...] = ()
    problems: tuple[Problem, ...] = ()
    # A rule that keeps files in could not be read: what the others leave out may be wanted.
    doubtful: bool = False

    def leave_out(self, path: str, *, folder: bool) -> bool:
        """Whether a path (relative to the library, “/” between names) is left out; for paths in folders that are not.

        A pattern of pathspec also fits everything below what it names, which would let `!a/` bring back what a rule
        leaves out inside of a; git looks at each path by itself, and so does this.
        """
        whole = f"{path}/" if folder else path
        name = whole[path.rfind("/") + 1 :]
        for pattern in reversed(self.patterns):
            regex = pattern.regex
            assert regex is not None
            # One without an anchor is for every name, or for every folder's.
            if regex.fullmatch(whole) if regex.pattern.startswith("^") else regex.search(name):
                return bool(pattern.include)
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
    patterns: list[GitIgnoreSpecPattern] = []
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


def _pattern(line: str) -> GitIgnoreSpecPattern | None:
    """The pattern of a line, or None for a comment or a blank one. Raises ValueError."""
    if not line.strip() or line.startswith("#"):
        return None
    line = line.replace("[[]", "\\[")  # the same, and Python's regular expressions do not warn of it
    if _UNCLEAR_SET.search(line):
        raise ValueError("in [ ] write letters and ranges only")
    if any(len(re.findall(r"\*+", name)) > _MOST_STARS for name in line.split("/")) or line.count("**") > _MOST_STARS:
        raise ValueError("too many *")
    # To pathspec, “a/**” fits the folder a as well; this says the same as git means by it.
    line = re.sub(r"/\*\*(/?)\s*$", r"/**/*\1", line)
    try:
        pattern = GitIgnoreSpecPattern(line)
    except (GitIgnorePatternError, re.error) as error:
        raise ValueError("something is missing, or a range is the wrong way round") from error
    if pattern.include is None:
        raise ValueError("a [ without its ]" if "[" in line else "it fits no file")
    return pattern
