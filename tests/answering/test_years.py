"""去年 and 过去一年 mean another year in each year's report; a question that names a year is answered of that one."""

from pathlib import Path

import pytest

from assistant.answering.citations import Chosen
from assistant.answering.years import agrees, year_asked
from assistant.types import Answer, Document, Passage
from tests.index.library import make_assistant, write


def _agrees(title: str, text: str, sentence: str, asked: str, heading: tuple[str, ...] = ()) -> int:
    document = Document(f"{title}.txt", title, text, "")
    start = text.index(sentence)
    return agrees(asked, Chosen(document, Passage(document.id, 0, len(text), heading), start, start + len(sentence)))


@pytest.mark.parametrize(
    ("title", "sentence", "asked", "expected"),
    [
        ("松江镇2023年政府工作报告", "过去一年，粮食产量三万吨。", "2022", 1),
        ("松江镇2023年政府工作报告", "过去一年，粮食产量三万吨。", "2023", -1),
        ("松江镇2023年政府工作报告", "今年粮食产量要达到四万吨。", "2023", 1),
        ("松江镇2023年政府工作报告", "去年粮食产量三万吨。", "2023", -1),
        ("松江镇2023年工作总结", "一年来，修路三条。", "2023", 1),  # a summary tells of its own year
        ("松江镇2023年统计公报", "粮食产量三万吨，比上年增长百分之二。", "2023", 0),  # only compared with
        ("松江镇2023年政府工作报告", "2022年粮食产量三万吨。", "2023", -1),
        ("松江镇2023年政府工作报告", "粮食产量比2022年增长百分之二。", "2023", 0),
        ("松江镇2023年报名须知", "60岁以上年龄的人免费。", "2023", 0),
        ("松江镇", "去年粮食产量三万吨。", "2023", 0),  # nobody knows of when it is
        ("2008年松江运动会", "2001年松江镇获得主办权。", "2008", 0),  # a year that is part of a name
        ("Annual plan 2023", "Last year we planted 300 trees.", "2022", 1),
        ("Annual plan 2023", "Yields rose compared with last year.", "2022", 0),
    ],
)
def test_a_relative_year_is_one_of_its_document(title: str, sentence: str, asked: str, expected: int) -> None:
    assert _agrees(title, sentence, sentence, asked) == expected


def test_the_nearest_statement_counts() -> None:
    text = "过去一年，全镇奋发向上。粮食产量三万吨。今年种树五百棵。"
    title = "松江镇2023年政府工作报告"
    assert _agrees(title, text, "粮食产量三万吨。", "2022", ("二、今年的任务",)) == 1
    assert _agrees(title, text, "今年种树五百棵。", "2023") == 1
    assert _agrees(title, "粮食产量三万吨。", "粮食产量三万吨。", "2022", ("一、2022年工作回顾",)) == 1
    assert _agrees(title, "粮食产量三万吨。", "粮食产量三万吨。", "2023", ("一、2022年工作回顾",)) == -1


def test_questions_that_name_one_year() -> None:
    assert year_asked("二〇二三年粮食产量是多少？") == "2023"
    assert year_asked("2022年到2023年增加了多少？") is None
    assert year_asked("粮食产量是多少？") is None


def _ask(tmp_path: Path, question: str, years: tuple[int, ...], threshold: float | None = None) -> Answer:
    texts = {}
    for year in years:
        title = f"松江镇{year}年政府工作报告"
        texts[f"{title}.txt"] = f"{title}\n\n过去一年，全镇生产总值达到{year - 1900}亿元。\n"
    write(tmp_path / "texts", texts)
    assistant = make_assistant(tmp_path, threshold=threshold)
    assistant.update()
    return assistant.ask(question)


def test_a_question_that_names_a_year_is_answered_by_the_report_that_looks_back_at_it(tmp_path: Path) -> None:
    answer = _ask(tmp_path, "2023年全镇生产总值是多少？", (2022, 2023, 2024), threshold=0.0)
    assert answer.citations[0].document == "松江镇2024年政府工作报告.txt"
    assert answer.citations[0].answers


def test_the_report_of_that_year_alone_does_not_answer(tmp_path: Path) -> None:
    answer = _ask(tmp_path, "2023年全镇生产总值是多少？", (2023,))
    assert answer.confidence <= 0.2
    assert answer.refusal is not None
