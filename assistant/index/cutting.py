"""A document cut into passages and windows, each with the key of what is embedded for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.index.vectors import text_key
from assistant.readers.worker import Limits
from assistant.text.paragraphs import split
from assistant.text.windows import window_text, windows
from assistant.types import Document, Passage, Window

SPLIT_VERSION = "4"  # raise it when readers or splitting make something else of the same file


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the texts of a library are read, cut and embedded."""

    passage_characters: int
    window_characters: int
    batch_size: int
    limits: Limits

    @property
    def splitting(self) -> str:
        """Texts cut by another recipe are cut again."""
        return f"{SPLIT_VERSION}/{self.passage_characters}/{self.window_characters}"


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage with its windows and the keys of their vectors."""

    passage: Passage
    windows: tuple[tuple[Window, bytes], ...]


def embedded_text(title: str, heading: Sequence[str], text: str) -> str:
    """What is embedded for a window: its document's title and heading path stand before it."""
    context = " › ".join(part for part in (title, *heading) if part)
    return f"{context}\n{text}" if context else text


def cut(document: Document, context: str, recipe: Recipe) -> tuple[CutPassage, ...]:
    """Cut a document into passages and windows; `context` is the title it is embedded under."""
    text = document.text
    found = split(
        document.id,
        text,
        passage_characters=recipe.passage_characters,
        page_starts=document.pages,
        outline=document.outline,
    )
    passages = [_without_title(passage, document.title) for passage in found]
    return tuple(
        CutPassage(
            passage,
            tuple(
                (window, text_key(embedded_text(context, passage.heading, window_text(text, window))))
                for window in windows(text, passage, window_characters=recipe.window_characters)
            ),
        )
        for passage in passages
    )


def _without_title(passage: Passage, title: str) -> Passage:
    """A document's title stands before every heading path anyway."""
    return replace(passage, heading=passage.heading[1:]) if passage.heading[:1] == (title,) else passage
