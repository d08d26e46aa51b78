"""Which questions want every mention, and of which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.asking.listing import wanted, words_of

SHARED = Path(__file__).parents[3] / "shared" / "evaluation"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("列出所有提到粮食安全的段落", "粮食安全"),
        ("请列出所有提到“乡村振兴”的段落。", "“乡村振兴”"),
        ("请帮我找出所有提到网格员的段落", "网格员"),
        ("哪些地方提到了乡村振兴？", "乡村振兴"),
        ("哪些地方提到了“乡村振兴”？", "“乡村振兴”"),
        ("哪里提到了地震？", "地震"),
        ("找出全部含有“网格员”的段落", "“网格员”"),
        ("找出全部包含「网格员」的文档", "“网格员”"),
        ("网格员出现在哪些文件里？", "网格员"),
        ("“网格员”出现在哪里？", "“网格员”"),
        ("网格员在哪些文件中被提到过？", "网格员"),
        ("网格员在哪里被提及？", "网格员"),
        ("提到网格员的有几处？", "网格员"),
        ("提到网格员的段落有多少？", "网格员"),
        ("有多少处提到“粮食”？", "“粮食”"),
        ("全文有多少处提到“粮食”？", "“粮食”"),
        ("“粮食”一共出现了多少次？", "“粮食”"),
        ("公章被提到了几次？", "公章"),
        ("列出所有提到网格员和公章的段落", "网格员 公章"),
        ("列出所有提到网格员、公章以及押金的段落", "网格员 公章 押金"),
        ("列出所有提到“网格员”和“日常 走访”的段落", "“网格员” “日常 走访”"),
        ("列出所有提到社会和谐的段落", "社会和谐"),
        ("列出所有提到中华人民共和国的段落", "中华人民共和国"),
        ("列出所有提到《保密法》的段落", "保密法"),
        ("所有提到押金的地方", "押金"),
        ("提到“写着”的段落", "“写着”"),
        ("提到押金的段落", "押金"),
        ("文库里哪些文件提到了押金？", "押金"),
        ("哪几篇文档提到了押金", "押金"),
        ("搜索所有出现“保密”的文件", "“保密”"),
        ("哪裡提到了「網格員」？", "“網格員”"),
        ("列出所有提到糧食安全的段落", "糧食安全"),
        ("列出所有提到GDP的段落", "GDP"),
        ("列出所有提到防汛演练的通知", "防汛演练"),
        ("提到防汛演练的通知有哪些？", "防汛演练"),
        ("有几份会议纪要提到押金？", "押金"),
        ("哪几条条款提到了押金？", "押金"),
        ("押金在哪些规定里提到过？", "押金"),
        ("网格员出现在哪些报告里？", "网格员"),
        ("有多少份通知提到了网格员", "网格员"),
        ("Which notices mention the levy?", "levy"),
        ("List every clause that refers to the levy", "levy"),
        ("列出所有提到 fire drill 的段落", "“fire drill”"),
        ("List all passages that mention the fire drill", "“fire drill”"),
        ("list every passage mentioning tea", "tea"),
        ("Show me all mentions of the safety officer.", "“safety officer”"),
        ("Where is the safety officer mentioned?", "“safety officer”"),
        ("Where is “Harrow Lane” mentioned in the documents?", "“Harrow Lane”"),
        ("Which documents mention tea and water?", "tea water"),
        ("How many passages mention tea?", "tea"),
        ("Find all documents that contain the word levy", "levy"),
        ("where does “levy” appear?", "“levy”"),
    ],
)
def test_a_question_for_every_mention_is_known(question: str, words: str) -> None:
    assert wanted(question) == words


@pytest.mark.parametrize(
    "question",
    """
报告提到了哪些措施？
报告中提到的措施有哪些？
文中提到的地震避险方法有哪些？
会议提到了什么？
哪些食物含有维生素C？
哪些地区出现了洪水？
哪些地方出现了地震？
哪些地方含有石油？
哪些文件规定了保密期限？
哪些文件包含哪些内容？
哪些段落说明了怎么申请补贴？
哪些地方提到了如何申请补贴？
哪里提到了谁负责？
谁提到了粮食安全？
为什么提到粮食安全？
什么时候提到了粮食安全？
列出网格员的职责
列出所有安全措施
列出所有包含押金的规定
哪些规定提到的押金最高？
报告提到的规定有哪些？
找出所有漏洞
请列出申请低保的材料
地震出现在什么时候？
“网格员”是什么意思？
提到网格员，你想到什么？
列出所有提到的段落
列出所有提到“”的段落
列出提到A或B的段落
所有人都要签保密承诺书吗？
where does malaria occur?
Where is the fire drill held?
Where do people gather in an emergency?
Which documents contain the rules for lending?
Which documents do I need?
What does the report mention?
List all duties of the safety officer
Show me the rules
How many passages are there?
Who mentioned the drill?
粮食安全
""".strip().splitlines(),
)
def test_an_ordinary_question_is_none(question: str) -> None:
    assert wanted(question) is None


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the evaluation data is not at {SHARED} beside the checkout")
def test_no_question_of_the_evaluation_is_one() -> None:
    for name in ("zh_wiki", "en_wiki", "zh_law"):
        for line in (SHARED / name / "questions.jsonl").read_text("utf-8").splitlines():
            assert wanted(json.loads(line)["question"]) is None


@given(st.text(max_size=80))
def test_whatever_is_asked_the_words_are_of_the_question(question: str) -> None:
    place = words_of(question)
    if place is not None:
        assert 0 <= place[0] < place[1] <= len(question)
        assert wanted(question)


@given(st.text(st.characters(categories=["Lo", "Nd"]), min_size=2, max_size=12))
def test_quoted_words_are_looked_for_as_they_are(words: str) -> None:
    assert wanted(f"列出所有提到“{words}”的段落") == f"“{words}”"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("  列出所有提到“保密”的段落", "“保密”"),
        ("　哪些文件提到了“保密”呢？ ", "“保密”"),
        ("\n  where is “safety” mentioned? ", "“safety”"),
    ],
)
def test_space_around_a_question_changes_nothing(question: str, words: str) -> None:
    assert wanted(question) == words
