"""The confidence of an answer, given the same evidence."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.confidence import confidence, fewness
from assistant.answering.marking.marked import offers
from assistant.answering.ranking import rank, weights
from assistant.text.tokens import Tokens
from tests.index.library import CACHE, TEXTS, make_assistant, write


def test_few_subjects_are_up_to_a_hundred_and_many_from_three_hundred() -> None:
    assert [fewness(count) for count in (0, 1, 100, 300, 10_000)] == [1, 1, 1, 0, 0]
    assert fewness(100) > fewness(150) > fewness(250) > 0


@pytest.mark.parametrize(
    ("question", "pairing"), [("涉密文件能带回家吗？", "chinese"), ("Who keeps records?", "english")]
)
def test_the_same_evidence_says_more_in_a_library_of_few_subjects(tmp_path: Path, question: str, pairing: str) -> None:
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    found, candidates = assistant.inspect(question)
    assert found.subjects == len(TEXTS)
    few, many = (confidence(replace(found, subjects=count), rank(candidates), Tokens(CACHE)) for count in (3, 500))
    likelier = weights()["few_subjects"][pairing]
    assert few >= many
    assert (few > many) == (likelier > 0)


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("押金多少钱？", "借用桌椅的，每次交押金200元。", True),
        ("押金多少钱？", "借用桌椅的，应当交押金。", False),
        ("调解室的电话是多少？", "租赁纠纷由街道调解室调解，不收费。", False),
        ("他是哪一年去世的？", "村里人都说他是个好人。", False),
        ("他是哪一年去世的？", "他于1998年去世。", True),
        ("总经理叫什么名字？", "主持人：王建国（总经理）", True),
        ("怎么借桌椅？", "到村委会登记。", True),  # what is asked for has no form to look for
    ],
)
def test_whether_a_sentence_offers_what_is_asked_for(question: str, sentence: str, expected: bool) -> None:
    tokens = Tokens(CACHE)
    assert offers(question, tokens.question(question).terms, tokens, sentence, 0, len(sentence)) == expected


def test_a_sentence_without_what_is_asked_for_is_less_sure(tmp_path: Path) -> None:
    texts = {"甲.txt": "借用规定\n\n借用桌椅的，应当交押金。\n", "乙.txt": "值班\n\n值班的人负责关灯。\n"}
    write(tmp_path / "texts", texts)
    assistant = make_assistant(tmp_path)
    assistant.update()
    asked, told = (assistant.ask(question) for question in ("借用桌椅的押金是多少钱？", "借用桌椅的押金应当交吗？"))
    assert asked.confidence < told.confidence


def test_documents_whose_titles_differ_in_numbers_are_on_one_subject(tmp_path: Path) -> None:
    notices = {f"2024-{number} 停水通知.txt": f"2024年第{number}号 停水通知\n\n明日停水。\n" for number in range(12)}
    lines = "".join(f'{{"id": "{number}", "title": "停水通知", "text": "明日停水。"}}\n' for number in range(3))
    write(tmp_path / "texts", {**notices, "值班.txt": "值班\n\n值班的人负责关灯。\n", "corpus.jsonl": lines})
    assistant = make_assistant(tmp_path)
    assistant.update()
    assert assistant.inspect("停水吗？")[0].subjects == 2 + 3
    assert assistant.snapshot().subject_count(frozenset(("2024-1 停水通知.txt", "2024-2 停水通知.txt"))) == 1


def test_a_sentence_in_the_words_of_the_question_is_surer(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    found, candidates = assistant.inspect("涉密文件不得带回家中吗？")
    ranked = rank(candidates)
    part = replace(ranked[0], candidate=replace(ranked[0].candidate, pairs=0.99))
    whole, partly = (confidence(found, [first, *ranked[1:]], Tokens(CACHE)) for first in (ranked[0], part))
    assert ranked[0].candidate.pairs == 1
    assert math.log(whole / (1 - whole)) - math.log(partly / (1 - partly)) > 0.9
