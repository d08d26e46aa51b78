"""A search finds every conversation that holds all the words, and nothing in a query is a command."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversations.searching import excerpt, search_text, search_words
from assistant.conversations.store import FILE_NAME, Conversations
from assistant.conversations.turns import NewTurn
from assistant.errors import ConversationError
from tests.conversations.samples import TURNS, cited, listing, turn


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversations]:
    conversations = Conversations(tmp_path_factory.mktemp("index") / FILE_NAME)
    first = conversations.create().id
    conversations.add(first, turn("中央儲備糧的輪換"))
    conversations.add(first, NewTurn("ＡＢＣ Fire_Drills 50% 第二十二条 第二百三十五条"))
    conversations.rename(first, "我的标题")
    second = conversations.create().id
    conversations.add(second, NewTurn("电工\n持证", cited("电工\n持证", quote="检修设备前应当先切断电源。")))
    conversations.add(conversations.create().id, NewTurn("清单", listing()))
    yield conversations
    conversations.close()


def found(kept: Conversations, query: str) -> list[int]:
    """Which of the three conversations, in the order they were begun."""
    order = [info.id for info in reversed(kept.listed())]
    return sorted(order.index(info.id) for info in kept.listed(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [0, 1, 2]),
        (" \n ", [0, 1, 2]),
        ("储备粮", [0, 1, 2]),  # of a cited title, too
        ("輪換", [0, 1, 2]),
        ("中央储备", [0]),
        ("abc", [0]),
        ("ABC ｆｉｒｅ", [0]),
        ("我的標題", [0]),
        ("标题 轮换 drills", [0]),  # in the title, in one turn and in another
        ("标题 电源", []),
        ("20%", [0]),
        ("二十二", [0]),
        ("第22条", [0]),
        ("十五条", [0]),  # a part of a number
        ("切断电源", [1]),
        ("轮换计划 第三章", []),
        ("轮换计划", [2]),
        ("%", [0]),
        ("_", [0]),
        ("50%", [0]),
        ("*", []),
        ('"', []),
        ("'; DROP TABLE turns; --", []),
        ("中央 OR 电源", []),
        ("中央 NOT 电源", []),
        ("[a-z]", []),
        ("\x00\ud800", []),
        ("<mark>", []),
    ],
)
def test_what_a_query_finds(kept: Conversations, query: str, expected: list[int]) -> None:
    assert found(kept, query) == expected


def test_an_excerpt_shows_the_words(kept: Conversations) -> None:
    (info,) = kept.listed("切断 電源")
    assert info.excerpt == "检修设备前应当先切断电源。"
    assert [info.excerpt[start:end] for start, end in info.matched] == ["切断", "电源"]
    (part,) = kept.listed("十五条")
    assert [part.excerpt[start:end] for start, end in part.matched] == ["十五条"]
    (titled,) = kept.listed("我的標題")
    assert (titled.excerpt, titled.matched) == ("我的标题", ((0, 4),))
    (numbered,) = kept.listed("20%")
    assert [numbered.excerpt[start:end] for start, end in numbered.matched] == ["百分之二十"]


def test_a_long_query_is_told(kept: Conversations) -> None:
    for query in ("粮" * 1_001, " ".join(map(str, range(31)))):
        with pytest.raises(ConversationError, match="too much"):
            kept.listed(query)


def test_a_word_far_into_a_long_line_is_shown() -> None:
    text = search_text(NewTurn("问", cited(quote="一二三四五六七八九。" * 3_000 + "紫色的大象在跳舞。" + "尾" * 5_000)))
    shown, spans = excerpt(text, search_words("大象"))
    assert [shown[start:end] for start, end in spans] == ["大象"]
    assert len(shown) <= 92


@given(TURNS, st.integers(0, 50), st.integers(1, 12))
@settings(max_examples=150, deadline=None)
def test_any_part_of_a_question_finds_it(asked: NewTurn, start: int, length: int) -> None:
    """With the place of what was found in the excerpt, where there is something to see."""
    text = search_text(asked)
    query = text.plain.partition("\n")[0][start : start + length]
    words = search_words(query)
    shown, spans = excerpt(text, words)
    assert all(0 <= first < last <= len(shown) for first, last in spans)
    for word in words:
        assert any(word.position(line) >= 0 for line in text.folded.split("\n")), (query, text)
