"""The words of conversations: what became of their quotes."""

from __future__ import annotations

from dataclasses import dataclass

from ui.messages import CHINESE as _CHINESE
from ui.messages import Words


@dataclass(frozen=True, slots=True)
class TurnWords:
    """In one language; a text with “|” has a form for one and a form for many."""

    unchanged: str
    moved: str
    changed: str
    changed_form: str
    deleted_quote: str
    document_gone: str
    unreadable: str
    newer: str
    now: str
    all_unchanged: str
    only_moved: str
    some_differ: str
    some_unreadable: str


CHINESE = TurnWords(
    unchanged="与原文一致",
    moved="原文移了位置",
    changed="原文已改动",
    changed_form="原文只改了写法",
    deleted_quote="原文已删去这一句",
    document_gone="这篇文档已不在资料库里",
    unreadable="原文现在读不到",
    newer="（文件比索引新，更新索引后可在原文中打开）",
    now="：现在是“{text}”",
    all_unchanged="引文与现在的原文一致（{time} 核对）|{n} 处引文都与现在的原文一致（{time} 核对）",
    only_moved="引文仍在原文里，{n} 处移了位置（{time} 核对）",
    some_differ="{n} 处引文与现在的原文不同（{time} 核对）",
    some_unreadable="{n} 处引文现在无法核对（{time}）",
)

ENGLISH = TurnWords(
    unchanged="as in the text",
    moved="moved in the text",
    changed="changed in the text",
    changed_form="written differently in the text",
    deleted_quote="deleted from the text",
    document_gone="the document is no longer in the library",
    unreadable="the text cannot be read now",
    newer="(the file is newer than the index: update the index to open it there)",
    now=": now “{text}”",
    all_unchanged="The {n} quote stands in the text as cited (checked {time})|"
    "All {n} quotes stand in the texts as cited (checked {time})",
    only_moved="Every quote still stands in the texts, {n} in another place (checked {time})|"
    "Every quote still stands in the texts, {n} in other places (checked {time})",
    some_differ="{n} quote differs from the text of today (checked {time})|"
    "{n} quotes differ from the texts of today (checked {time})",
    some_unreadable="{n} quote cannot be checked now ({time})|{n} quotes cannot be checked now ({time})",
)


def turn_words(words: Words) -> TurnWords:
    """In the language of the page."""
    return CHINESE if words is _CHINESE else ENGLISH
