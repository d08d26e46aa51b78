"""What the search room has looked for lately: found once, shown in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.types import Hit, Mentions
from ui.search import passages
from ui.search.places import Places
from ui.search.recent import Recent

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_SEARCHES = 4  # whose results are kept while they are looked through

Passages = tuple[tuple[Hit, ...], tuple[str, ...]]


class ChangedError(Exception):
    """Another generation of the library is asked by now, and what was found in the one before is forgotten."""


class Searched:
    """Searches of all tabs, by the generation that was asked. Thread-safe."""

    def __init__(self) -> None:
        self._passages: Recent[Passages] = Recent(_SEARCHES)
        self._mentions: Recent[Mentions] = Recent(_SEARCHES)
        self._places: Recent[Places] = Recent(1)

    def passages(self, assistant: Assistant, query: str, within: tuple[str, ...]) -> Passages:
        """Every passage that is listed for a question, and the places that the question names.

        Raises as `Assistant.search` does.
        """

        def search() -> Passages:
            hits = assistant.search(query, limit=passages.MOST, within=within)
            return hits, assistant.named(query, within=within)

        return self._passages.made((*_state(assistant), query, within), search)

    def mentions(
        self, assistant: Assistant, query: str, within: tuple[str, ...], generation: int | None = None
    ) -> tuple[Mentions, int]:
        """Every mention, and the generation in which: of a certain one where a list is to go on.

        Raises as `Assistant.mentions` does, and ChangedError.
        """
        index, present = _state(assistant)
        if generation is not None and generation != present:
            kept = self._mentions.get((index, generation, query, within))
            if kept is None:
                raise ChangedError
            return kept, generation
        key = (index, present, query, within)
        return self._mentions.made(key, lambda: assistant.mentions(query, within=within)), present

    def places(self, assistant: Assistant) -> Places:
        """Folders and documents. Raises NotIndexedError, LibraryIndexError."""
        return self._places.made(_state(assistant), lambda: Places(assistant.documents()))


def _state(assistant: Assistant) -> tuple[str, int]:
    """Which library is asked, and which generation of it. Raises NotIndexedError, LibraryIndexError."""
    return str(assistant.index_dir), assistant.snapshot().generation
