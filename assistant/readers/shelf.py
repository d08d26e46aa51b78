"""Documents as they come from another process: checked when they arrive, and put aside so that many take no memory."""

from __future__ import annotations

import json
import tempfile
from array import array
from collections.abc import Sequence
from typing import Any, overload

from assistant.types import Document, Heading

# So many bytes stay in memory before they go to a temporary file.
_IN_MEMORY = 4_000_000


def packed(document: Document) -> tuple[bytes, bytes]:
    """A document as two messages: what is said about its text, and its text. No copy of the text beside that."""
    about = {
        "id": document.id,
        "title": document.title,
        "digest": document.digest,
        "encoding": document.encoding,
        "pages": document.pages,
        "outline": [(heading.start, heading.end, heading.level) for heading in document.outline],
    }
    return json.dumps(about, ensure_ascii=False).encode(), document.text.encode()


def unpacked(about: bytes, text: bytes) -> Document:
    """The document of two messages. Raises ValueError, TypeError or KeyError for what is none."""
    told: dict[str, Any] = json.loads(about)
    words = str(text, "utf-8")
    pages, outline = tuple(told["pages"]), tuple(Heading(*heading) for heading in told["outline"])
    offsets = [0, *pages, *(place for heading in outline for place in (heading.start, heading.end))]
    "".join((told["id"], told["title"], told["digest"], told["encoding"] or "")).encode()
    if not all(isinstance(offset, int) and 0 <= offset <= len(words) for offset in offsets):
        raise ValueError("a place outside the text")
    return Document(told["id"], told["title"], words, told["digest"], told["encoding"], pages, outline)


class Shelf(Sequence[Document]):
    """Documents in a temporary file that ends with this object; each is made anew whenever it is asked for."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by __del__
        self._places = array("Q", [0])

    def __del__(self) -> None:
        self._file.close()

    def put(self, about: bytes, text: bytes) -> None:
        """Add a document as `packed`. Raises ValueError, TypeError or KeyError for what is none, OSError."""
        unpacked(about, text)
        self._file.write(about)
        self._file.write(text)
        self._places.extend((self._places[-1] + len(about), self._places[-1] + len(about) + len(text)))

    def __len__(self) -> int:
        return len(self._places) // 2

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Document]: ...
    def __getitem__(self, index: int | slice) -> Document | Sequence[Document]:
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        first = 2 * range(len(self))[index]
        start, middle, end = self._places[first : first + 3]
        self._file.seek(start)
        return unpacked(self._file.read(middle - start), self._file.read(end - middle))
