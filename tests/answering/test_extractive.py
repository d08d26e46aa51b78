"""Answers are the best sentences, the decisive one first, and nothing is said twice."""

from pathlib import Path

import pytest

from assistant.answering.ranking import weights
from assistant.answering.sentences import SIGNALS
from assistant.types import Answer
from tests.index.library import make_assistant, write

LONG = "坚持最严格的耕地保护制度，严禁随意占用基本农田。"


def ask(tmp_path: Path, texts: dict[str, str], question: str) -> Answer:
    write(tmp_path / "texts", texts)
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    return assistant.ask(question)


def test_the_decisive_sentence_comes_first(tmp_path: Path) -> None:
    texts = {"a.txt": f"某县工作要点\n\n各乡镇要认真学习。{LONG}涉密人员应当签订保密承诺书。会议每季度召开一次。\n"}
    answer = ask(tmp_path, texts, "涉密人员应当签订什么？")
    assert answer.sentences[0].text == "涉密人员应当签订保密承诺书。"
    assert len(answer.sentences) <= 4


def test_a_copied_text_is_not_said_twice(tmp_path: Path) -> None:
    answer = ask(tmp_path, {"a.txt": LONG, "b/a.txt": LONG, "c.txt": "消防通道不得占用。"}, "耕地保护制度是什么？")
    assert [sentence.text for sentence in answer.sentences].count(LONG) == 1


def test_a_list_that_begins_with_the_decisive_sentence_stays_together(tmp_path: Path) -> None:
    text = "清河镇采取四项办法减少隐患：一是检查；二是改造；三是演练；四是督办。会议每季度召开一次。\n"
    answer = ask(tmp_path, {"a.txt": text}, "清河镇采取哪些办法减少隐患？")
    assert answer.text == "清河镇采取四项办法减少隐患：\n一是检查；\n二是改造；\n三是演练；\n四是督办。"
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (2,), (3,), (4,), (5,)]
    assert [sentence.item for sentence in answer.sentences] == [False, True, True, True, True]


def test_marks_are_not_quoted(tmp_path: Path) -> None:
    text = "##paidbegin##粮食自给率##x##要达到100%。##paidend##\n"
    answer = ask(tmp_path, {"a.txt": text}, "粮食自给率要达到多少？")
    assert answer.sentences[0].text == "粮食自给率要达到100%。"
    assert [citation.quote for citation in answer.citations] == ["粮食自给率", "要达到100%。"]
    assert all("##" not in hit.text for hit in answer.hits)
    assert all(text[c.start : c.end] == c.quote for c in answer.citations)


def test_a_number_asked_for_and_not_there_lowers_the_confidence(tmp_path: Path) -> None:
    texts = {"a.txt": "组织学习《保密法》和有关法规。\n", "b.txt": "消防通道不得占用。\n", "c.txt": "会议按时召开。\n"}
    asked = ask(tmp_path, texts, "《保密法》是哪一年公布的？")
    other = make_assistant(tmp_path, threshold=0.0).ask("怎样学习《保密法》和有关法规？")
    assert asked.confidence < other.confidence


def test_the_weights_are_for_the_signals_there_are(tmp_path: Path) -> None:
    assert set(weights()["sentence"]) == set(SIGNALS)
    with pytest.raises(KeyError):
        weights()["nonsense"]
