"""A number in a question is held by a range of the text that it falls into."""

from pathlib import Path

import pytest

from assistant.answering.ranges import meant
from assistant.text.normal import fold
from assistant.text.tokens import Term
from tests.index.library import make_assistant, write


@pytest.mark.parametrize(
    ("number", "text", "expected"),
    [
        ("12年", "满10年不满20年的，年休假10天", True),
        ("20年", "满10年不满20年的，年休假10天", False),
        ("12年", "满1年不满10年的，年休假5天", False),
        ("25年", "满20年的，年休假15天", True),
        ("5天", "3天以上7天以内由分管副总经理审批", True),
        ("5天", "请假3天以内由部门负责人审批", False),
        ("2天", "请假3天以内由部门负责人审批", True),
        ("9天", "7天以上由总经理审批", True),
        ("5天", "7天以上由总经理审批", False),
        ("8000元", "5000元至5万元的，由总经理审批", True),
        ("8000元", "五千元以上不足五万元的，由总经理审批", True),
        ("六个月", "三个月到一年", False),  # two units
        ("70岁", "年满六十五周岁的老人", False),
        ("2023年", "满10年的，年休假15天", False),  # a year, and no length of time
        ("40小时", "每月不超过36小时", False),
    ],
)
def test_a_range_holds_a_number(number: str, text: str, expected: bool) -> None:
    folded = fold(number)
    assert bool(meant([Term(number, folded, True)], fold(text))) == expected


def test_the_row_that_holds_the_number_comes_first(tmp_path: Path) -> None:
    text = (
        "年休假规定\n\n工作满1年不满10年的，年休假5天。工作满10年不满20年的，年休假10天。工作满20年的，年休假15天。\n"
    )
    write(tmp_path / "texts", {"规定.txt": text})
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    answer = assistant.ask("工作12年有几天年休假？")
    assert answer.sentences[0].text == "工作满10年不满20年的，年休假10天。"
