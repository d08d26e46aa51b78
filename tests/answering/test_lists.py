"""A list is shown whole: the sentence that leads to it, then each item in order, each with its own citation."""

from pathlib import Path

import pytest

from assistant.answering.lists import MOST_ITEMS
from assistant.types import Answer
from tests.index.library import make_assistant, write

FLOOD = (
    "防汛工作方案\n\n各单位要落实好以下措施。\n"
    + "".join(
        f"{number}是{what}，" + "责任到人，每天检查，做好记录，按时上报有关情况，确保万无一失" * 3 + "。\n"
        for number, what in zip("一二三四", ("加强值守", "巡查堤防", "储备物资", "组织演练"), strict=True)
    )
    + "指挥部对落实情况进行督查。\n"
)


def ask(tmp_path: Path, text: str, question: str, name: str = "a.txt") -> Answer:
    write(tmp_path / "texts", {name: text})
    assistant = make_assistant(tmp_path, threshold=0.0)
    assistant.update()
    return assistant.ask(question)


def shown(answer: Answer) -> list[str]:
    """What is shown of a list, the items marked with a star; whatever else comes near follows it."""
    texts = [("*" if sentence.item else "") + sentence.text for sentence in answer.sentences]
    last = max((place for place, text in enumerate(texts) if text[0] == "*"), default=0)
    return texts[: last + 1]


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        (
            "采购措施如下：\n0. 准备材料。\n1. 提交申请。\n2. 等待审批。\n\n0. 别的事。\n",
            "采购措施有哪些？",
            ["采购措施如下：", "*0. 准备材料。", "*1. 提交申请。", "*2. 等待审批。"],
        ),
        (
            "责任按三管三必须划分：一是管行业，二是管业务，三是管经营。",
            "责任怎么划分？",
            ["责任按三管三必须划分：", "*一是管行业，", "*二是管业务，", "*三是管经营。"],
        ),
        (
            "第二条 在公园内禁止下列行为：\n（一）翻越围栏；\n（二）营火、烧烤；\n（三）携带犬只。\n第三条 罚款。\n",
            "公园内禁止哪些行为？",
            ["第二条 在公园内禁止下列行为：", "*（一）翻越围栏；", "*（二）营火、烧烤；", "*（三）携带犬只。"],
        ),
        (
            "报名条件如下：1.身体健康；2.大专学历；3.年龄不超过35岁。",
            "报名有什么条件？",
            ["报名条件如下：", "*1.身体健康；", "*2.大专学历；", "*3.年龄不超过35岁。"],
        ),
        (
            "特點有三點：第一，職官與長者並用。發揮長者作用。第二，刑禁與教化並施。第三，等級分明。",
            "鄉里制有哪些特點？",
            ["特點有三點：", "*第一，職官與長者並用。發揮長者作用。", "*第二，刑禁與教化並施。", "*第三，等級分明。"],
        ),
        (
            "救护步骤：首先，拨打电话。其次，检查呼吸。最后，等待医生。",
            "救护有哪些步骤？",
            ["救护步骤：", "*首先，拨打电话。", "*其次，检查呼吸。", "*最后，等待医生。"],
        ),
        (
            "需要提交的材料包括：\n\n- 身份证复印件；\n- 学历证书；\n- 推荐信两封。\n\n材料不退。\n",
            "需要提交哪些材料？",
            ["需要提交的材料包括：", "*- 身份证复印件；", "*- 学历证书；", "*- 推荐信两封。"],
        ),
        (
            "The safety officer has these duties:\n1. keep the records;\n2. hold the drills;\n3. report to us.\n",
            "What are the duties of the safety officer?",
            [
                "The safety officer has these duties:",
                "*1. keep the records;",
                "*2. hold the drills;",
                "*3. report to us.",
            ],
        ),
    ],
)
def test_a_list_is_whole_and_in_order(tmp_path: Path, text: str, question: str, expected: list[str]) -> None:
    answer = ask(tmp_path, text, question)
    assert shown(answer) == expected
    assert [sentence.citations for sentence in answer.sentences[: len(expected)]] == [
        (number,) for number in range(1, len(expected) + 1)
    ]


HEADED = (
    "一、提高粮食产量。各地要高度重视。一是建设农田，兴修水利。二是推广良种。三是发展保险。\n"
    "二、加强储备管理。一是清查仓库。二是定期轮换。\n"
)


@pytest.mark.parametrize("question", ["有哪些提高粮食产量的措施？", "如何提高粮食产量？", "提高粮食产量"])
def test_a_heading_brings_the_list_of_its_paragraph(tmp_path: Path, question: str) -> None:
    assert shown(ask(tmp_path, HEADED, question)) == [
        "一、提高粮食产量。",
        "*一是建设农田，兴修水利。",
        "*二是推广良种。",
        "*三是发展保险。",
    ]


@pytest.mark.parametrize("asked", ["哪四项办法", "哪些办法", "哪几项办法", "哪4项办法"])
def test_which_four_asks_for_all_of_them(tmp_path: Path, asked: str) -> None:
    text = "镇里采取四项办法减少隐患：一是检查，整改389处；二是改造；三是演练；四是督办。"
    assert [item[:3] for item in shown(ask(tmp_path, text, f"镇里采取了{asked}减少隐患？"))] == [
        "镇里采",
        "*一是",
        "*二是",
        "*三是",
        "*四是",
    ]


def test_items_that_are_passages_of_their_own_are_brought_along(tmp_path: Path) -> None:
    answer = ask(tmp_path, FLOOD, "各单位要落实好哪些措施？")
    assert [text[:7] for text in shown(answer)] == [
        "各单位要落实好",
        "*一是加强值守",
        "*二是巡查堤防",
        "*三是储备物资",
        "*四是组织演练",
    ]
    assert not any("督查" in text for text in shown(answer))


def test_an_item_brings_its_list_where_all_of_it_is_asked_for(tmp_path: Path) -> None:
    answer = ask(tmp_path, FLOOD, "储备物资，责任到人，有哪些措施？")
    assert [text[:4] for text in shown(answer)] == ["各单位要", "*一是加", "*二是巡", "*三是储", "*四是组"]


def test_an_item_stays_alone_where_one_thing_is_asked_for(tmp_path: Path) -> None:
    text = "报名条件如下：\n1. 身体健康；\n2. 大专学历；\n3. 年龄不超过35岁。\n"
    answer = ask(tmp_path, text, "年龄不超过多少岁？")
    assert answer.sentences[0].text == "3. 年龄不超过35岁。"
    assert not any(sentence.item for sentence in answer.sentences)


def test_an_item_stays_alone_where_no_list_is_asked_for(tmp_path: Path) -> None:
    text = "报名条件如下：\n1. 身体健康，由医院证明；\n2. 大专学历；\n3. 年龄不超过35岁。\n"
    answer = ask(tmp_path, text, "身体健康怎样证明？")
    assert answer.sentences[0].text == "1. 身体健康，由医院证明；"
    assert not any(sentence.item for sentence in answer.sentences)


def test_what_stands_between_two_items_belongs_to_the_first(tmp_path: Path) -> None:
    text = "# 招生\n\n报名条件如下：\n\n1. 身体健康；\n\n   体检由医院完成。\n2. 大专学历。\n"
    answer = ask(tmp_path, text, "报名有什么条件？", "a.md")
    assert shown(answer) == ["报名条件如下：", "*1. 身体健康； 体检由医院完成。", "*2. 大专学历。"]


def test_a_long_list_is_cut_and_numbers_that_do_not_count_up_are_none(tmp_path: Path) -> None:
    items = "".join(f"{number}. 第{number}件物品；\n" for number in range(1, 31))
    answer = ask(tmp_path, f"物品清单如下：\n{items}", "物品清单有哪些物品？")
    assert sum(sentence.item for sentence in answer.sentences) == MOST_ITEMS
    other = ask(tmp_path / "other", "价格如下：一是好价。五是坏价。", "价格有哪些？")
    assert not any(sentence.item for sentence in other.sentences)
