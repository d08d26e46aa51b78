"""A sentence that only points below it (如下表所示) brings the rows or lines that follow."""

from pathlib import Path

import pytest

from assistant.answering.below import points_below
from assistant.text.tokens import Tokens
from tests.index.library import CACHE, make_assistant, write

TABLE = "| 项目 | 费用 |\n|---|---|\n| 营业执照 | 30元 |\n| 卫生许可 | 80元 |"


def shown(tmp_path: Path, text: str, question: str, name: str = "办法.md") -> list[str]:
    write(tmp_path / "texts", {name: text})
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    return [sentence.text for sentence in assistant.ask(question).sentences]


def test_a_table_follows_as_it_is_read(tmp_path: Path) -> None:
    text = f"# 办法\n\n各窗口的收费标准如下表所示。\n\n{TABLE}\n\n本办法自印发之日起施行。\n"
    rows = ["项目：营业执照；费用：30元。", "项目：卫生许可；费用：80元。"]
    assert shown(tmp_path, text, "各窗口的收费标准是多少？") == ["各窗口的收费标准如下表所示。", *rows]


def test_a_table_of_bars_in_a_plain_text_follows_without_its_rule(tmp_path: Path) -> None:
    text = f"办法\n\n各窗口的收费标准如下表所示。\n\n{TABLE}\n\n本办法自印发之日起施行。\n"
    assert shown(tmp_path, text, "各窗口的收费标准是多少？", "办法.txt") == [
        "各窗口的收费标准如下表所示。",
        "| 项目 | 费用 |",
        "| 营业执照 | 30元 |",
        "| 卫生许可 | 80元 |",
    ]


def test_rows_as_spreadsheets_and_word_tables_are_read(tmp_path: Path) -> None:
    rows = ["名称：一号厅；人数：30人。", "名称：二号厅；人数：50人。"]
    text = f"房间\n\n会议室的安排如下表：\n\n表1 安排\n{rows[0]}\n{rows[1]}\n\n请提前预约。\n"
    assert shown(tmp_path, text, "会议室怎么安排的？", "房间.txt") == ["会议室的安排如下表：", *rows]


@pytest.mark.parametrize(
    ("gap", "after"), [("\n", "\n\n请在工作时间拨打。"), ("\n\n", "\n\n" + "请各位居民在工作时间拨打电话，" * 4)]
)
def test_lines_without_numbers_up_to_the_next_paragraph(tmp_path: Path, gap: str, after: str) -> None:
    lines = ["办公室 0371-1111", "人事科 0371-2222", "财务科 0371-3333"]
    text = "联系方式\n\n各科室的联系电话如下：" + gap + gap.join(lines) + after + "\n"
    assert shown(tmp_path, text, "各科室的联系电话是多少？", "电话.txt") == ["各科室的联系电话如下：", *lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收费标准如下。", True),
        ("收费标准见表 2。", True),
        ("The fees are listed below.", True),
        ("The fees are as follows:", True),
        ("如下所述，办法已经废止，不再执行。", False),
        ("一共有三个方面。", False),
        ("The temperature fell below zero.", False),
    ],
)
def test_what_points_below(text: str, expected: bool) -> None:
    assert points_below(text) == expected


def test_words_that_only_ask_are_none_of_the_question() -> None:
    terms = Tokens(CACHE).question("What must be done when you lose a device?").terms
    assert [term.text for term in terms] == ["lose", "device"]
