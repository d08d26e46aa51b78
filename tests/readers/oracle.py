"""What must be true of everything that comes from reading a file, whatever is in the file."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.errors import ReadError
from assistant.readers.reading import Reading, digest
from assistant.text.paragraphs import split
from assistant.text.windows import windows
from assistant.types import Document

# How a message says what to do.
_ADVICE = re.compile(
    r"\b(?:check|open|save|copy|remove|split|change|unpack|put|replace|give|index again|run|raise|make|correct|write)\b"
    r"|\b(?:ask|get|close)\b",
    re.IGNORECASE,
)


def assert_told(error: ReadError, name: str) -> None:
    """A message that names the file and says what to do, in one line."""
    message = str(error)
    assert name in message, message
    assert _ADVICE.search(message.replace(name, "")), message
    assert message.replace("\u3000", " ").isprintable(), message
    assert len(message) < 600, message


def assert_consistent(reading: Reading, name: str, *, characters: int = 20_000_000) -> None:
    """Documents that an index can hold, with every place inside its text, and something told where there is none."""
    assert reading.documents or reading.problems
    for problem in reading.problems:
        assert problem.path == name or problem.path.startswith(f"{name}#")
        assert problem.reason.isprintable(), problem.reason
        assert _ADVICE.search(problem.reason), problem.reason
    names = [document.id for document in reading.documents]
    assert len(set(names)) == len(names)
    for document in reading.documents:
        assert document.id == name or document.id.startswith(f"{name}#")
        assert_document(document)
        assert len(document.text) <= characters


def assert_document(document: Document) -> None:
    text = document.text
    text.encode()
    assert "\0" not in text
    assert text.strip()
    assert document.title.strip()
    document.title.encode()
    assert len(document.title) <= 300
    assert not {"\0", "\n", "\r"} & set(document.title)
    assert document.digest == digest(document.title, text, document.pages, document.outline)
    assert list(document.pages) == sorted(document.pages)
    assert not document.pages or (document.pages[0] >= 0 and document.pages[-1] <= len(text))
    for heading in document.outline:
        assert 0 <= heading.start < heading.end <= len(text)
        assert heading.level >= 1
        assert text[heading.start : heading.end].strip()
    for heading, following in pairwise(document.outline):
        assert heading.end <= following.start
    _assert_cut(document)


def _assert_cut(document: Document) -> None:
    """Its passages and windows are places of it, in order, and on its pages."""
    passages = split(document.id, document.text, page_starts=document.pages, outline=document.outline)
    for passage in passages:
        assert 0 <= passage.start < passage.end <= len(document.text)
        assert passage.page is None or 1 <= passage.page <= len(document.pages)
        for window in windows(document.text, passage, window_characters=120):
            assert passage.start <= window.start < window.end <= passage.end
    for passage, following in pairwise(passages):
        assert passage.end <= following.start
