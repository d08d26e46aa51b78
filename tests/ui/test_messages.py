from __future__ import annotations

import string
from dataclasses import fields

import pytest

from ui.messages import CHINESE, ENGLISH, Words, words_for


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("zh-TW", CHINESE),
        ("en-US,en;q=0.9,zh-CN;q=0.8", ENGLISH),
        ("zh;q=0.3, en;q=0.7", ENGLISH),
        ("fr-FR,fr;q=0.9,zh;q=0.5,en;q=0.4", CHINESE),
        ("fr-FR,fr;q=0.9", ENGLISH),
        ("en;q=broken,zh;q=0.1", CHINESE),
        (";;,,;q=", ENGLISH),
        ("", CHINESE),
        (None, CHINESE),
    ],
)
def test_the_browser_chooses_the_language(header: str | None, words: Words) -> None:
    assert words_for(header) is words


@pytest.mark.parametrize("name", [field.name for field in fields(Words) if field.name != "language"])
def test_both_languages_take_the_same_numbers(name: str) -> None:
    def places(words: Words) -> list[set[str | None]]:
        forms = str(getattr(words, name)).split("|")
        return [{place for _, place, _, _ in string.Formatter().parse(form)} - {None} for form in forms]

    assert places(CHINESE)[0] == places(ENGLISH)[0] == places(ENGLISH)[-1]


def test_one_and_many() -> None:
    assert ENGLISH.count(ENGLISH.documents, 1) == "1 document"
    assert ENGLISH.count(ENGLISH.documents, 0) == "0 documents"
    assert CHINESE.count(CHINESE.documents, 1) == "1 篇文档"
