"""A library's own words: `youju.dict` in its root, in jieba's format, a line `word [frequency [tag]]` each.

The words are for finding only: a library that changes them has its keyword index made again, and embeds nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.text.normal import CJK, literal
from assistant.types import Problem

DICTIONARY_FILE = "youju.dict"
_MOST_CHARACTERS = 50  # of a word
_MOST_FREQUENT = 10**9  # jieba's own dictionary adds up to 60 million
_WORD = re.compile(rf"[^\W_]*[{CJK}][^\W_]*")
_TAG = re.compile(r"[a-z][a-z0-9]*")


@dataclass(frozen=True, slots=True)
class DictionaryWord:
    """A word as the search copies write it."""

    word: str
    frequency: int | None = None  # None: as much as it takes to be cut out whole
    tag: str = "n"  # of jieba's: n noun, v verb, …


def read_dictionary(library: Path) -> tuple[str, tuple[Problem, ...]]:
    """The sound lines of a library's dictionary, as one text, and a problem for each of the others.

    A library without one has an empty one. Raises OSError where it cannot be read.
    """
    try:
        content = (library / DICTIONARY_FILE).read_bytes()
    except FileNotFoundError:
        return "", ()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reason = "is not UTF-8, so none of its words is used; save it as UTF-8"
        return "", (Problem(DICTIONARY_FILE, reason),)
    return parse_dictionary(text)


def parse_dictionary(text: str) -> tuple[str, tuple[Problem, ...]]:
    """The sound lines of a dictionary, as one text, and a problem for each of the others."""
    sound, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        wrong = _wrong(line)
        if wrong:
            problems.append(Problem(DICTIONARY_FILE, f"line {number}: {wrong}. Correct or remove the line"))
        elif line.strip():
            sound.append(" ".join(line.split()))
    return "\n".join(sound), tuple(problems)


def dictionary_words(text: str) -> tuple[DictionaryWord, ...]:
    """The words of sound lines; of a word that is there twice the last line counts."""
    words = {}
    for line in text.splitlines():
        word, frequency, tag = _fields(line)
        words[word] = DictionaryWord(word, int(frequency) if frequency else None, tag or "n")
    return tuple(words.values())


def _fields(line: str) -> tuple[str, str, str]:
    """Word, frequency and tag; empty where the line has none."""
    word, *rest = line.split()
    frequency = rest.pop(0) if rest and rest[0].isdecimal() else ""
    return literal(word), frequency, " ".join(rest)


def _wrong(line: str) -> str | None:
    """What is wrong with a line."""
    if not line.strip():
        return None
    word, frequency, tag = _fields(line)
    if not _WORD.fullmatch(word):
        return "is no Chinese word: it needs Chinese characters, and may have letters and digits besides"
    if len(word) > _MOST_CHARACTERS:
        return f"is longer than {_MOST_CHARACTERS} characters"
    if len(frequency) > len(str(_MOST_FREQUENT)) or int(frequency or 0) > _MOST_FREQUENT:
        return f"its frequency is above {_MOST_FREQUENT:,}"
    if tag and not _TAG.fullmatch(tag):
        return "is not “word frequency tag”, of which only the word must be there"
    return None
