"""Sentences of every subject: how near they come to a question tells what "unrelated" is, in any library.

A library's own windows do not tell it: where all texts are on one subject, all of them are near. The vectors of these
sentences are kept with the library's, like those of windows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("reference.txt")  # Chinese, an empty line, English: our own writing


@cache
def sentences() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The Chinese and the English sentences."""
    chinese, english = _FILE.read_text("utf-8").strip().split("\n\n")
    return tuple(chinese.split("\n")), tuple(english.split("\n"))
