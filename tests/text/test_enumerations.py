import pytest

from assistant.text.enumerations import item_starts, starts_item


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
