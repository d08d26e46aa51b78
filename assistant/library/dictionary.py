"""A library's own words, `youju.dict`, as a person edits them: read with what is wrong, and written all or nothing."""

from __future__ import annotations

import hashlib
import stat
import threading
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import LibraryError, ReadError, SettingsError
from assistant.library.replacing import replace_file
from assistant.readers.encoding import decode
from assistant.text.dictionary import DICTIONARY_FILE, DictionaryWord, dictionary_words, parse_dictionary
from assistant.types import Problem

MOST_BYTES = 5_000_000  # as large as jieba's own; more than that nobody edits in a page
_MOST_TOLD = 20  # lines in a message
_MISSING = ""  # the digest of a file that is not there
_writing = threading.Lock()  # two tabs of one page; another program can only come between a look and a rename


class DictionaryChangedError(LibraryError):
    """Somebody else changed the dictionary since it was read: nothing was written."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What is in the file, and what of it counts."""

    text: str  # as it is written there, lines ending with "\\n"
    words: tuple[DictionaryWord, ...]  # of its sound lines, as the search copies write them
    problems: tuple[Problem, ...]
    digest: str  # sha256 of the file, hexadecimal; "" without one


def read_dictionary(library: Path) -> Dictionary:
    """The dictionary of a library, an empty one where there is no file.

    Text that is not UTF-8 is shown as it was meant, with a problem: written again, it counts. Raises LibraryError.
    """
    content = _content(_place(library))
    if content is None:
        return Dictionary("", (), (), _MISSING)
    digest = hashlib.sha256(content).hexdigest()
    try:
        text = _lines(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        reason = "is not UTF-8, so none of its words is used; save it as UTF-8"
        return Dictionary(_guessed(content), (), (Problem(DICTIONARY_FILE, reason),), digest)
    sound, problems = parse_dictionary(text)
    return Dictionary(text, dictionary_words(sound), problems, digest)


def is_dictionary(path: str) -> bool:
    """Whether a path, relative to the library, is that of its dictionary."""
    return path == DICTIONARY_FILE


def check_dictionary(text: str) -> tuple[Problem, ...]:
    """What is wrong with the lines of a text, as `write_dictionary` would refuse it for."""
    return parse_dictionary(text)[1]


def write_dictionary(library: Path, text: str, *, seen: str) -> Dictionary:
    """Put the text into the file, if that is still what was `seen` (its digest), and return what is there then.

    The next update uses the words. Raises SettingsError for lines that are no words and for a text that is too large,
    DictionaryChangedError, and LibraryError where it cannot be written; the file is as it was then.
    """
    text = _lines(text)
    if text and not text.endswith("\n"):
        text += "\n"
    _refuse_bad_lines(text)
    content = text.encode("utf-8")
    if len(content) > MOST_BYTES:
        raise SettingsError(
            f"The dictionary would have {len(content):,} bytes; at most {MOST_BYTES:,} can be saved here. Leave out "
            "words that are cut right without it."
        )
    with _writing:
        path = _place(library)
        before = _content(path)
        if (_MISSING if before is None else hashlib.sha256(before).hexdigest()) != seen:
            raise DictionaryChangedError(
                f"{DICTIONARY_FILE} was changed by somebody else since it was read here. Copy your words, read it "
                "again, and add them; nothing was written."
            )
        if content != before:
            replace_file(path, content)
    return read_dictionary(library)


def _refuse_bad_lines(text: str) -> None:
    problems = check_dictionary(text)
    if problems:
        told = [f"{problem.reason}." for problem in problems[:_MOST_TOLD]]
        if len(problems) > _MOST_TOLD:
            told.append(f"… and {len(problems) - _MOST_TOLD:,} more.")
        raise SettingsError("\n".join((f"{DICTIONARY_FILE} was not saved:", *told)))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guessed(content: bytes) -> str:
    """The text of a file in another encoding; nothing where it is no text."""
    try:
        return _lines(decode(content, DICTIONARY_FILE).text)
    except ReadError:
        return ""


def _place(library: Path) -> Path:
    """Where the file is or would be; what a link within the library leads to. Raises LibraryError."""
    if not library.is_dir():
        raise LibraryError(f"The folder {library} does not exist. Check the path, or make it and put texts into it.")
    path = library / DICTIONARY_FILE
    try:
        if not path.is_symlink():
            return path
        place = path.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: what Python 3.11 raises for links in a circle
        raise _unreadable(path, "it is a link that leads nowhere") from error
    if not place.is_relative_to(library.resolve()):
        raise _unreadable(path, "it is a link that leads out of the library")
    return place


def _content(path: Path) -> bytes | None:
    """The bytes of the file; None without one. Raises LibraryError."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _unreadable(path, "it is no regular file")
        if found.st_size > MOST_BYTES:
            raise _unreadable(path, f"it has {found.st_size:,} bytes, and at most {MOST_BYTES:,} can be edited here")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error


def _unreadable(path: Path, reason: str) -> LibraryError:
    return LibraryError(
        f"The dictionary {path} cannot be read ({reason}). Edit it with a text editor, or put a file in its place; "
        "nothing was written."
    )
