"""A sentence that begins with a pronoun brings the one before it, in one quote."""

from pathlib import Path

import pytest

from assistant.answering.citations import Chosen
from assistant.answering.pronouns import refers_back, understandable
from assistant.types import Document, Passage
from tests.index.library import make_assistant, write


@pytest.mark.parametrize(
    "sentence",
    [
        "他于1921年去世。",
        "它由三部分组成。",
        "其面积为30公顷。",
        "该站于2019年启用。",
        "这一规定自公布之日起施行。",
        "此类案件由中级法院管辖。",
        "上述材料一式两份。",
        "但他没有出席。",
        "後者較為常見。",
        "牠們以昆蟲為食。",
        "They settled in France.",
        "It was built in 1895.",
        "However, it was closed.",
        "This led to a war.",
        "These rules apply to all.",
        "His works are famous.",
    ],
)
def test_pronouns_refer_back(sentence: str) -> None:
    assert refers_back(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "其他人员不得入内。",
        "其实不难。",
        "其次，检查呼吸。",
        "此外，还要登记。",
        "这样一来，问题解决了。",
        "该当何罪。",
        "他乡遇故知。",
        "张三负责。",
        "It is known that water boils.",
        "It was not until 1990 that it opened.",
        "It is important to lock the door.",
        "It takes two days.",
        "It rained all day.",
        "This policy takes effect today.",
        "Both the council and the mayor agreed.",
        "Items are kept for a year.",
        "Hers was the best.",
    ],
)
def test_other_words_do_not(sentence: str) -> None:
    assert not refers_back(sentence)


def test_the_sentence_before_is_brought_and_the_answer_stays_marked(tmp_path: Path) -> None:
    text = "某县志略\n\n县里有一座老桥。青龙桥建于明代。它全长86米，宽5米。桥上有亭。\n"
    write(tmp_path / "texts", {"a.txt": text})
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    answer = assistant.ask("全长多少米，宽5米？")
    citation = answer.citations[0]
    assert answer.sentences[0].text == citation.quote == "青龙桥建于明代。它全长86米，宽5米。"
    assert [text[start:end] for start, end in citation.answers] == ["86米"]
    assert [piece for piece, asked in citation.pieces if asked] == ["86米"]


@pytest.mark.parametrize(
    ("text", "sentence", "expected"),
    [
        ("甲站很大。它很新。它很美。", "它很美。", "甲站很大。它很新。它很美。"),  # until something is named
        ("甲站很大。乙站很小。它很美。", "它很美。", "乙站很小。它很美。"),
        ("它很美。甲站很大。", "它很美。", "它很美。"),  # nothing stands before it
        ("长" * 300 + "。它很美。", "它很美。", "它很美。"),  # more than anybody reads
    ],
)
def test_how_much_is_brought(text: str, sentence: str, expected: str) -> None:
    start = text.index(sentence)
    chosen = Chosen(Document("a", "", text, ""), Passage("a", 0, len(text)), start, start + len(sentence))
    made = understandable(chosen)
    assert text[made.start : made.end] == expected


def test_nothing_before_the_passage_is_taken() -> None:
    text = "甲站很大。它很美。"
    chosen = Chosen(Document("a", "", text, ""), Passage("a", 5, len(text)), 5, len(text))
    assert understandable(chosen) == chosen
