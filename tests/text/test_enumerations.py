import pytest

from assistant.text.enumerations import item_marks, item_starts, starts_item


@pytest.mark.parametrize(
    "line",
    [
        "一是健全机制",
        "（一）甲",
        "1. one",
        "1、甲",
        "①甲",
        "- 甲",
        "——甲",
        "第一，甲",
        "其二，乙",
        "首先，丙",
        "a) one",
        "• 甲",
    ],
)
def test_lines_that_begin_an_item(line: str):
    assert starts_item(line, 0, len(line))


@pytest.mark.parametrize("line", ["一般来说", "1.5亿元", "第一次会议", "2019年", "首先进的", "A plan", "一是否"])
def test_lines_that_do_not(line: str):
    assert not starts_item(line, 0, len(line))


def test_items_within_a_paragraph():
    text = "任务有三。一是结合实际。唯一是这样。二是健全机制；第三，依靠技术。"
    assert [text[start : start + 2] for start in item_starts(text, 0, len(text))] == ["一是", "二是", "第三"]


def test_items_by_lines():
    text = "The keeper must:\n- lock\n- write\n1. call"
    assert [text[start : start + 3] for start in item_starts(text, 0, len(text))] == ["- l", "- w", "1. "]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("采取：一是检查；二是改造", [("是", 1), ("是", 2)]),
        ("十一是甲，十二是乙", [("是", 11), ("是", 12)]),
        ("包括：1.甲；2.乙", [("1.", 1), ("1.", 2)]),
        ("价格为3.5元；1.2倍", []),
        ("（一）甲\n1. 乙", [("（一）", 1), ("1.", 1)]),
        ("①甲；②乙", [("①", 1), ("①", 2)]),
        ("首先，甲。最后，乙。", [("首先", 1), ("首先", -1)]),
        ("- a\n- b", [("•", None), ("•", None)]),
        ("b) x", [("a.", 2)]),
        ("0. 甲\n1. 乙", [("1.", 0), ("1.", 1)]),
        ("一二、甲", [("、", -2)]),
        ("第三条 甲", []),
    ],
)
def test_marks_of_items(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert [(mark.style, mark.number) for mark in item_marks(text, 0, len(text))] == expected


def test_which_item_follows():
    marks = item_marks("一是甲；二是乙；三是丙；首先，甲；最后，乙", 0, 40)
    first, second, third, begin, last = marks
    assert first.begins
    assert not second.begins
    assert second.follows(first)
    assert not third.follows(first)
    assert not begin.follows(third)
    assert last.follows(begin)
    assert not begin.follows(last)
