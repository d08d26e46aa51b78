"""Valid UTF-8 is told from GBK that is valid UTF-8 by chance: “costs £2” is not “costs 拢2”, “支援” not “֧Ԯ”."""

from __future__ import annotations

import pytest

from assistant.config import SAMPLE_LIBRARY
from assistant.errors import ReadError
from assistant.readers.encoding import decode
from tests.readers.short_texts import CYRILLIC, ENGLISH, GBK, GBK_WITHIN_ASCII, GREEK, GROUPS

# So many texts of a group may be read wrongly: “么” alone is “ô” too, and of Big5 three short ones are GBK as well.
MAY_FAIL = {"GBK, valid UTF-8 by chance": 1, "Big5": 3}


def read(data: bytes) -> str:
    try:
        return decode(data, "a.txt").text
    except ReadError as error:
        return str(error)


@pytest.mark.parametrize("group", GROUPS)
def test_short_texts_are_read_in_their_encoding(group: str) -> None:
    encoding, texts = GROUPS[group]
    wrong = {text: read(text.encode(encoding)) for text in texts if read(text.encode(encoding)) != text}
    assert len(wrong) <= MAY_FAIL.get(group, 0), wrong


def test_the_chinese_ones_are_valid_utf_8_and_so_a_test() -> None:
    for text in (*GBK, *GBK_WITHIN_ASCII):
        text.encode("gbk").decode("utf-8")


@pytest.mark.parametrize("text", [*ENGLISH, *CYRILLIC, *GREEK])
def test_the_same_within_a_longer_english_text(text: str) -> None:
    long = "The rules were adopted on 4 March 2024.\n\n" * 40 + text + "\n\nSee the notes below.\n" * 10
    decoded = decode(long.encode(), "a.txt")
    assert (decoded.text, decoded.encoding) == (long, "utf-8")


def test_the_rules_of_the_sample_cost_pounds() -> None:
    data = (SAMPLE_LIBRARY / "library-rules.md").read_bytes()
    decoded = decode(data, "library-rules.md")
    assert decoded.encoding == "utf-8"
    assert "replacing a lost card costs £2." in decoded.text


@pytest.mark.parametrize("text", ["Hotel Bristol … £120 a night", "Hotel … £120", "Hotel £120", "£120"])
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_a_price_in_pounds(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize("text", ["މޯލްޓާ", "ߒߞߏ", "Afɣanistan", "Poljčane", "Mēxihco", "Ĝibutia franko", "Қазақстан"])
def test_a_valid_text_in_a_far_language_is_not_refused(text: str) -> None:
    assert decode(text.encode(), "a.txt").text == text
