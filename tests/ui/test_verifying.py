"""What is told of the quotes of an old conversation."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.citing.verification import Verdict
from ui.conversations import verifying
from ui.conversations.words import turn_words
from ui.messages import CHINESE, ENGLISH, Words

MOVED = Verdict("moved", "甲.txt", "甲", 3, 8)
CHANGED = replace(MOVED, state="changed", pieces=(("十", "removed"), ("十五", "added")))


def told(words: Words, *found: Verdict) -> str:
    verdicts = {(1, number): verdict for number, verdict in enumerate(found, 1)}
    facts: dict[str, Any] = verifying.facts(verdicts, words, turn_words(words))
    return html.unescape(facts["turns"][1]["markup"])


@pytest.mark.parametrize(
    ("words", "standing", "differing"),
    [
        (CHINESE, "引文仍在原文里，2 处移了位置", "1 处引文与现在的原文不同"),
        (ENGLISH, "Every quote still stands in the texts, 2 in other places", "1 quote differs"),
    ],
)
def test_a_quote_that_only_moved_does_not_differ(words: Words, standing: str, differing: str) -> None:
    assert standing in told(words, MOVED, MOVED)
    assert 'class="verified good"' in told(words, MOVED, MOVED)
    mixed = told(words, MOVED, CHANGED)
    assert differing in mixed
    assert 'class="verified"' in mixed
    assert "<del>十</del><ins>十五</ins>" in mixed


def test_a_text_that_cannot_be_read_now_is_not_said_to_differ() -> None:
    unreadable = replace(MOVED, state="unreadable", reason="The folder does not exist.")
    assert "1 处引文现在无法核对" in told(CHINESE, unreadable, MOVED)
    assert "不同" not in told(CHINESE, unreadable, MOVED)
    both = told(ENGLISH, unreadable, CHANGED, CHANGED)
    assert "2 quotes differ" in both
    assert "; 1 quote cannot be checked now" in both


def test_the_address_of_a_quote_names_where_the_others_of_its_answer_stand_now() -> None:
    gone = Verdict("deleted", "甲.txt")
    verdicts = {(1, 1): MOVED, (1, 2): replace(MOVED, start=20, end=30), (1, 3): gone, (2, 1): CHANGED}
    facts: dict[str, Any] = verifying.facts(verdicts, CHINESE, turn_words(CHINESE))
    first, third = (facts["turns"][1]["citations"][number]["href"] for number in (1, 3))
    assert parse_qs(urlsplit(first).query) == {
        "document": ["甲.txt"],
        "at": ["3-8"],
        "also": ["20-30"],
        "numbers": ["1,2"],
    }
    assert third is None
