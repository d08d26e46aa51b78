"""A turn comes back as it was kept, whatever texts hold; what somebody edited is told and not shown as an answer."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from assistant.conversations import serialised
from assistant.conversations.turns import NewTurn, StoredTurn
from tests.conversations.samples import TURNS, cited, turn


def again(record: bytes, form: int = serialised.TURN_FORMAT) -> StoredTurn:
    return serialised.read(7, form, record, serialised.checksum(record), "第一行")


@given(TURNS)
@settings(max_examples=200, deadline=None)
def test_any_turn_comes_back_whole(kept: NewTurn) -> None:
    back = again(serialised.written(kept))
    assert back == serialised.stored(7, kept)
    assert (back.answer, back.kind) == (kept.answer, kept.kind)


def test_a_pair_of_lone_surrogates_stays_a_pair() -> None:
    """Written as JSON escapes they would come back as one character, and every span after them would be wrong."""
    kept = turn("\ud83d\ude00 \ud800 \x00")
    assert again(serialised.written(kept)).question == kept.question


def test_a_huge_turn_comes_back_whole() -> None:
    kept = NewTurn("问", cited(quote="粮" * 3_000_000))
    assert again(serialised.written(kept)).answer == kept.answer


def edited(kept: NewTurn, **changes: Any) -> bytes:
    return json.dumps({**json.loads(serialised.written(kept)), **changes}, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b"\xff\xfe",
        b"[" * 200_000,
        edited(turn("问题"), answer={"question": "x"}),
        edited(turn("问题"), answer=[1]),
        edited(turn("问题"), within={"a": 1}),
        edited(turn("问题"), question=["<b>"]),
    ],
    ids=range(10),
)
def test_what_is_no_turn_is_unreadable_and_keeps_its_question(record: bytes) -> None:
    back = again(record)
    assert (back.number, back.kind, back.answer) == (7, "unreadable", None)
    assert back.question in ("问题", "第一行")
    assert back.message
    assert "damaged" in back.message


def test_an_edited_turn_is_unreadable_even_where_it_makes_sense() -> None:
    record = serialised.written(turn("每年多少？"))
    changed = record.replace("百分之二十".encode(), "百分之九十".encode())
    assert changed != record
    back = serialised.read(1, 1, changed, serialised.checksum(record), "")
    assert (back.kind, back.question) == ("unreadable", "每年多少？")


def test_a_turn_of_a_newer_format_says_so() -> None:
    back = again(edited(turn("问题"), answer={"new": 1}), serialised.TURN_FORMAT + 1)
    assert (back.kind, back.question) == ("unreadable", "问题")
    assert back.message
    assert "newer version" in back.message
