"""What kind of answer is asked for, and whether a sentence has one."""

import pytest

from assistant.answering.kinds import agreement, asking, lacks


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("《保密法》是哪一年公布的？", "该法于一九八八年公布。", 1.0),
        ("《保密法》是哪一年公布的？", "组织学习《保密法》和配套法规。", -1.0),
        ("软枝黄蝉的盛花期是什么时候？", "盛花期为夏季。", 1.0),
        ("国务院安委会提出了多少条措施？", "贯彻15条硬措施。", 1.0),
        ("全镇有多少户？", "进一步做好工作。", -1.0),  # 一 in 进一步 is no number
        ("戈登出生在哪里？", "他生于印第安纳州。", 1.0),
        ("为什么要轮作？", "由于地力下降。", 1.0),
        ("保密工作怎么做？", "加强教育。", 0.0),
        ("When did the war end?", "It ended in 1945.", 1.0),
        ("How many members are there?", "There are twelve of them, all women, and two dogs.", 1.0),
        ("What does it mean when currencies float?", "They rise and fall.", 0.0),
    ],
)
def test_agreement(question: str, sentence: str, expected: float) -> None:
    assert agreement(question, sentence) == expected


def test_only_dates_and_numbers_are_missed() -> None:
    assert lacks("《保密法》是哪一年公布的？", "组织学习《保密法》。")
    assert lacks("How many members are there?", "The committee meets often.")
    assert not lacks("戈登出生在哪里？", "他生于印第安纳波利斯。")
    assert not lacks("保密工作怎么做？", "加强教育。")


@pytest.mark.parametrize(
    ("question", "kind", "noun"),
    [
        ("何时施行？", "date", "时"),
        ("啥时候开会", "date", "时候"),
        ("幾時施行？", "date", ""),
        ("《办法》是哪一年公布的？", "date", "年"),
        ("周六上午几点开门？", "date", "点"),
        ("星期几休息？", "date", ""),
        ("When does it take effect?", "date", ""),
        ("In what year was it built?", "date", "year"),
        ("会议几天开一次？", "number", "天"),
        ("要罚多少钱？", "number", "钱"),
        ("有多少人参加？", "number", "人"),
        ("复试占百分之几？", "number", ""),
        ("天水围河全长有多少公里？", "number", "公里"),
        ("试用期多久？", "number", "多久"),
        ("How many members are there?", "number", "many members"),
        ("What percentage passed?", "number", "percentage"),
        ("谁来管这件事？", "person", ""),
        ("誰是現任校長？", "person", ""),
        ("哪位老师带队？", "person", ""),
        ("Who founded it?", "person", ""),
        ("总部设在哪？", "place", ""),
        ("他是哪个国家的人？", "place", "国家"),
        ("Where is it held?", "place", ""),
        ("为啥要轮作？", "reason", ""),
        ("分手的理由是什么？", "reason", ""),
        ("Why was it closed?", "reason", ""),
        ("出了事咋办？", "manner", ""),
        ("How are messages delivered?", "manner", ""),
        ("十字园蛛又叫什么？", "name", ""),
        ("他的笔名是什么？", "name", ""),
        ("什么是国家秘密？", "definition", "国家秘密"),
        ("What is encryption?", "definition", "encryption"),
        ("哪个部门负责审批？", "thing", "部门负责"),
        ("需要什么材料？", "thing", "材料"),
        ("Which treaty was signed?", "thing", "treaty"),
    ],
)
def test_what_is_asked_for(question: str, kind: str, noun: str) -> None:
    assert [(one.kind, one.noun) for one in asking(question).asked] == [(kind, noun)]


def test_words_that_join_clauses_ask_nothing() -> None:
    assert [one.kind for one in asking("Which player claimed that he may leave when his contract ends?").asked] == [
        "thing"
    ]
    assert [one.kind for one in asking("When she came to power, what did she change?").asked] == ["thing"]
    assert [one.kind for one in asking("When and where was it held?").asked] == ["date", "place"]
    assert asking("法律允许吗？").asked == ()


@pytest.mark.parametrize(
    ("question", "several", "one_thing"),
    [
        ("公园内禁止哪些行为？", True, False),
        ("采取了什么措施？", True, False),
        ("报名有什么条件？", True, False),
        ("What are the duties of the officer?", True, False),
        ("分布在哪些国家？", True, False),
        ("谁负责？", False, True),
        ("罚多少钱？", False, True),
        ("哪个部门负责？", False, True),
        ("Which company did it?", False, True),
        ("Which companies did it?", False, False),
        ("责任怎么划分？", False, False),
    ],
)
def test_lists_and_single_things(question: str, several: bool, one_thing: bool) -> None:
    read = asking(question)
    assert (read.several, read.one_thing) == (several, one_thing)
