"""What the tests of every format share: a table of cases, damaged copies of a file, and the public evaluation files."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.readers.reading import Reading
from assistant.text.paragraphs import split
from assistant.types import Document, Passage

SHARED_FILES = Path(__file__).parents[3] / "shared" / "evaluation" / "files"


@dataclass(frozen=True)
class Found:
    """A quote that must be in one passage, under these headings (the innermost last), on this page."""

    quote: str
    heading: tuple[str, ...] = ()
    page: int | None = None


def only(reading: Reading) -> Document:
    (document,) = reading.documents
    for mark in document.outline:
        assert 0 <= mark.start < mark.end <= len(document.text)
    assert list(document.pages) == sorted(document.pages)
    return document


def passages(document: Document) -> tuple[Passage, ...]:
    return split(document.id, document.text, page_starts=document.pages, outline=document.outline)


def assert_found(document: Document, found: Found) -> None:
    holding = [one for one in passages(document) if found.quote in document.text[one.start : one.end]]
    assert holding, f"{found.quote!r} is in no passage of:\n{document.text}"
    paths = [one.heading for one in holding]
    assert any(path[len(path) - len(found.heading) :] == found.heading for path in paths), paths
    if found.page is not None:
        assert [one.page for one in holding] == [found.page]


def shared_file(name: str) -> bytes:
    path = SHARED_FILES / name
    if not path.exists():
        pytest.skip(f"needs the public evaluation file {name} beside the checkout")
    return path.read_bytes()


def damaged_copies(data: bytes, *, seed: int, count: int) -> Iterator[bytes]:
    """Copies cut off, overwritten, with pieces doubled, left out or swapped."""
    chance = random.Random(seed)
    for index in range(count):
        copy = bytearray(data)
        kind = index % 5
        if kind == 0:
            yield bytes(copy[: chance.randrange(len(copy))])
            continue
        for _ in range(chance.choice((1, 3, 30))):
            start = chance.randrange(len(copy))
            length = chance.choice((1, 1, 8, 200))
            if kind in (1, 2):
                copy[start : start + length] = chance.randbytes(min(length, len(copy) - start))
            elif kind == 3:
                del copy[start : start + length]
            else:
                copy[start:start] = copy[start : start + length]
            if not copy:
                break
        yield bytes(copy)


def rewritten(data: bytes, chance: random.Random) -> bytes:
    """A zip file that is whole, with bytes changed inside one of its parts: past every checksum."""
    source = zipfile.ZipFile(BytesIO(data))
    names = [name for name in source.namelist() if name.endswith((".xml", ".rels", ".xhtml", ".opf", ".ncx"))]
    target = chance.choice(names)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            blob = bytearray(source.read(name))
            if name == target:
                for _ in range(chance.choice((1, 2, 5))):
                    start = chance.randrange(len(blob))
                    end = min(len(blob), start + chance.choice((1, 4, 40)))
                    piece = chance.choice((b"", b"9", b"-1", b"<", b"&", b'"', b"x" * 9, bytes(blob[start:end][::-1])))
                    blob[start:end] = piece
            copy.writestr(name, bytes(blob))
    return packed.getvalue()


def assert_harmless(read: Callable[[bytes, str], Reading], data: bytes, name: str) -> None:
    """Whatever is in the file: a Reading or a ReadError that names the file."""
    try:
        reading = read(data, name)
    except ReadError as error:
        if name not in str(error):
            raise AssertionError(f"{error} names no file") from error
        return
    document = only(reading)
    assert document.text.strip()
    assert document.title
    document.text.encode()


def with_part(data: bytes, name: str, blob: bytes) -> bytes:
    """A copy of a zip file with one part added or replaced."""
    source = zipfile.ZipFile(BytesIO(data))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as copy:
        for old in source.namelist():
            if old != name:
                copy.writestr(old, source.read(old))
        copy.writestr(name, blob)
    return packed.getvalue()


def part(data: bytes, name: str) -> bytes:
    return zipfile.ZipFile(BytesIO(data)).read(name)
