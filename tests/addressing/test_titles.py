"""A title is known by its whole, by its short forms, and by a part of it that no other title has; not by any word."""

import pytest

from assistant.addressing.titles import Titles, _titles, is_generic, mentions
from assistant.text.normal import literal

ROWS = (
    ("法律/个保法.txt", "中华人民共和国个人信息保护法"),
    ("办法（2023年）.txt", "石桥村便民服务站管理办法（2023年）"),
    ("旧/办法.txt", "石桥村便民服务站管理办法（2019年）"),
    ("通知.html", "国务院办公厅关于印发《政府网站集约化试点工作方案》的通知"),
    ("劳动合同法.txt", "中华人民共和国劳动合同法"),
    ("细则.txt", "中华人民共和国食品安全法实施条例"),
    ("解释.txt", "关于适用《中华人民共和国民法典》总则编若干问题的解释（一）"),
    ("p.jsonl#1", "中华人民共和国刑法 第二百六十四条"),
    ("p.jsonl#2", "中华人民共和国刑法 第一百二十条之一"),
    ("p.jsonl#3", "噪音管制條例"),
    ("p.jsonl#4", "教育"),
    ("p.jsonl#5", "保密常识"),
    ("policy.txt", "Harrow Lane Workshop: Safety Policy"),
)


@pytest.fixture(scope="module")
def known() -> Titles:
    return _titles(ROWS)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("中华人民共和国个人信息保护法", ["法律/个保法.txt"]),
        ("个人信息保护法", ["法律/个保法.txt"]),
        ("個人信息保護法", ["法律/个保法.txt"]),
        ("个人信息保护法（2021年）", ["法律/个保法.txt"]),
        ("石桥村便民服务站管理办法", ["办法（2023年）.txt", "旧/办法.txt"]),  # the newest first
        ("石桥村便民服务站管理办法（2019年）", ["旧/办法.txt"]),
        ("石桥村便民服务站管理办法[2019年]", ["旧/办法.txt"]),
        ("国务院办公厅关于印发政府网站集约化试点工作方案的通知", ["通知.html"]),
        ("关于适用民法典总则编若干问题的解释（一）", ["解释.txt"]),
        ("刑法", ["p.jsonl#1", "p.jsonl#2"]),
        ("噪音管制条例", ["p.jsonl#3"]),
        ("the Harrow Lane Workshop safety policy", ["policy.txt"]),
        ("policy.txt", ["policy.txt"]),
        ("办法", []),
        ("合同法", []),
        ("食品安全法", []),
        ("关于适用民法典总则编若干问题的解释（二）", []),
    ],
)
def test_a_title_is_known_by_its_forms(known: Titles, name: str, found: list[str]) -> None:
    assert [title.document for title in known.named(name)] == found


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("便民服务站管理办法", 1),
        ("政府网站集约化试点工作方案", 1),
        ("个人信息保护", 1),
        ("safety policy", 1),
        ("合同法", 0),  # is not 劳动合同法
        ("食品安全法", 0),  # is not its 实施条例
        ("民法典", 0),  # is not what explains it
        ("policy", 1),
        ("办法", 0),
    ],
)
def test_a_part_of_a_title_means_it_where_it_cannot_mean_another_document(known: Titles, name: str, count: int) -> None:
    assert len(known.holding(name)) == count


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("请问根据个人信息保护法，应当如何告知？", "个人信息保护法"),
        ("劳动合同法第三条", "劳动合同法"),
        ("刑法第二百六十四条", "刑法"),
        ("the harrow lane workshop: safety policy, what does it say", "harrow lane workshop: safety policy"),
        ("新劳动合同法解读", None),  # is another text
        ("劳动合同法实施条例", None),
        ("个人劳动合同法", None),  # would be another law
        ("请问保密常识讲了什么？", "保密常识"),  # there is nothing else to the question
        ("哪些保密常识要知道", None),
        ("教育是什么", None),  # a word
        ("刑法学是什么", None),
    ],
)
def test_titles_are_found_without_marks(known: Titles, question: str, found: str | None) -> None:
    spoken = [question[start:end] for start, end, _ in known.spoken(literal(question))]
    assert spoken == ([found] if found else [])


def test_a_document_that_is_an_article_is_a_part_of_the_whole(known: Titles) -> None:
    first, second = known.named("刑法")
    assert [title.part.label for title in (first, second) if title.part] == ["第二百六十四条", "第一百二十条之一"]
    assert first.title == "中华人民共和国刑法"


def test_words_that_only_say_what_kind_of_document_is_meant() -> None:
    assert all(map(is_generic, ("办法", "本办法", "该条例", "这部法")))
    assert not any(map(is_generic, ("保密办法", "刑法")))


def test_a_longer_name_does_not_mention_a_shorter_one() -> None:
    assert mentions("根据劳动合同法的规定", "劳动合同法")
    assert mentions("依照《合同法》处理", "合同法")
    assert mentions("中华人民共和国合同法", "合同法")
    assert not mentions("根据劳动合同法的规定", "合同法")
    assert not mentions("合同法解释", "合同法")
    assert mentions("漫画soul eater里", "soul eater")
    assert not mentions("soul eaters", "soul eater")
