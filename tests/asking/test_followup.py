"""What a question leaves out is taken from the one before it; a question that leaves out nothing is never changed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.asking.followup import stand_alone
from assistant.asking.standing import Standalone
from assistant.text.tokens import Tokens
from assistant.types import Turn
from tests.asking.dialogues import FOLLOWING, RUNNING, TITLES
from tests.index.library import CACHE

SHARED = Path(__file__).parents[3] / "shared" / "evaluation"
OWN = Path(__file__).parents[1] / "questions" / "sample.jsonl"
TOKENS = Tokens(CACHE)

# Whatever was asked before, these say what they are about (or are no questions to the texts).
ALONE = """
那曲在哪里？
再生资源怎么回收？
再保险是什么？
还有谁可以申请撤销监护人的监护资格？
那么，什么是显微镜学？
那清河镇的镇长是谁？
那地震来了怎么办？
他人冒用我的身份证怎么办？
他信何时当选泰国总理？
其他国家也有这个节日吗？
其中最大的湖泊叫什么？
其实我想问的是公积金怎么提取？
它山堰位于哪里？
此外，公司还要交哪些税？
该不该给小费？
该怎么写遗嘱？
本科毕业后多久可以申请硕士学位？
本人去世后房子归谁？
这样的话语出自《论语》的哪一篇？
华人常常为发生意外而过世的人立庙，这种庙宇被称为什么？
孙休被封为琅邪王，当时他的封地在哪？
安贞门站为什么得此名？
艾努人称他们自己的语言为什么？
法院在什么时期逐渐往这一原则迈进？
别人答应赠与，但是还没有交付财产，可不可要求他交付？
楼上漏水，他自己不修也不给物业公司去修理怎么办?
立完遗嘱后想变更怎么办？
保管人验收内容包括什么?
什么是河口？
什么是“速成”和“仓颉”？
谁设计了悉尼歌剧院？
为什么战斗机不需要安装翼尖小翼？
为什么天是蓝的呢？
怎么才能快速入睡呢？
多少人参加了长征？
第三方支付是什么？
第一次世界大战什么时候开始？
第二产业包括哪些行业？
2023年全国粮食总产量是多少？
2023年诺贝尔文学奖得主是谁？
北京的最低工资是多少？
北京有多少个区？
《档案法》第三条呢？
民法典第三条怎么规定？
清河镇的人口呢？
粮食
罚款
网格员的日常工作
fire drill
2023年
谢谢
好的，谢谢
你好
你是谁？
几点了？
孩子不吃饭怎么办呢？
送错了快递怎么赔？
我还没说完呢
赵敏的律师是谁？
王强
王强偷了多少钱？
东山理工学院2023年学费多少？
东山理工学院在哪里？
在楼梯间充电会罚款吗？
公章由谁保管？
不系安全带扣几分？
2019年的补贴标准是多少？
今天天气怎么样？
真的吗？
哈哈
对
？
那些年我们一起追的女孩是谁拍的？
还有三天就到期的食品能卖吗？
再婚后前夫的孩子要改姓吗？
那不勒斯位于哪个国家？
邻居安装摄像头可能侵犯我的隐私，应该怎么办？
買了二手房，原業主所欠物業費該我付嗎？
他項權利證是什麼？
Is it possible to extend the probation period?
How long does it take to charge the battery?
How far is it from Davenports Neck to New Rochelle?
What does it mean when currencies are left to float?
Who gave their name to Normandy?
Who announced she would step down as leader?
Was the plan formalized?
Where is that building that burnt down in 1905?
When did the three Advocate Generals argue that Directives should create rights?
What about the fire in the library, was it arson?
And Then There Were None was written by whom?
What about it makes people angry?
这个漏洞的编号是什么？
上海呢，有哪些著名的大学？
不过十天就辞职，公司可以不发工资吗？
但丁是哪国人？
又名“白头翁”的鸟是什么鸟？
要是借款人去世了，债务谁来还？
第几次人口普查显示人口超过14亿？
同分考生怎么排序？
被告人的行为是否构成自首？
本院认为原告的诉讼请求应当支持吗？
需要什么材料才能办理护照？
能不能用公积金付首付？
請問強積金幾歲可以提取？
What is Circuit Switching?
What year did the war end?
Who is in charge of the Harrow Lane workshop?
Which treaty provides that European Union law be applied?
"""


def asked(question: str, before: str, *cited: str) -> Standalone:
    return stand_alone(question, Turn(before, cited), TOKENS, TITLES.__getitem__)


@pytest.mark.parametrize("row", FOLLOWING, ids=" | ".join)
def test_what_a_question_leaves_out_comes_from_the_one_before(row: tuple[str, ...]) -> None:
    before, question, wanted, *cited = row
    made = asked(question, before, *cited)
    assert made.question == wanted
    assert made.added
    assert all(text in wanted for text in made.added)


@pytest.mark.parametrize("question", ALONE.strip().splitlines())
@pytest.mark.parametrize(
    "before",
    [
        "储备粮的日常保管由谁负责？",
        "《储备粮管理办法》第二条是怎么规定的？",
        "2024年清河镇的莲藕产量是多少？",
        "网店对老顾客卖得更贵，法律允许吗？",
        "哪些地方提到了粮食安全？",
        "王强被判了几年？",
        "未佩戴安全头盔罚多少？",
        "云海大学2022年招多少人？",
        "云政发〔2024〕7号第三条",
        "Who keeps the records of the fire drill in 2024?",
    ],
)
def test_a_question_that_stands_alone_is_never_changed(question: str, before: str) -> None:
    for cited in ((), ("a",), ("b", "a")):
        assert asked(question, before, *cited) == Standalone(question)


@pytest.mark.parametrize("dialogue", RUNNING, ids=lambda dialogue: dialogue[0][0])
def test_a_dialogue_of_several_questions(dialogue: tuple[tuple[str, str], ...]) -> None:
    turn: Turn | None = None
    for question, wanted in dialogue:
        assert stand_alone(question, turn, TOKENS, TITLES.__getitem__).question == wanted
        turn = Turn(wanted)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("云海大学2022年招多少人？", "他叫什么？"),  # no person was spoken of
        ("怎么报名？", "怎么退费呢？"),
        ("谁负责实施？", "在家里呢？"),
        ("云海大学2022年招多少人？", "在家里呢？"),
    ],
)
def test_where_nothing_fits_a_question_stays_as_it_is(before: str, question: str) -> None:
    assert asked(question, before) == Standalone(question)


def test_two_topics_are_never_put_side_by_side_with_a_comma() -> None:
    """What stands before the whole of an earlier question is a condition, or a place or a person of its sentence."""
    chosen = random.Random(11)
    glued = re.compile(r"(?!.*(?:如果|要是|假如|对|的时候|的话|情况下|期间|以后|以前)).+，")
    joined = 0
    for _ in range(3000):
        before, question = chosen.choice(FOLLOWING)[0], chosen.choice(FOLLOWING)[1]
        made = asked(question, before).question
        whole = before.rstrip("？")
        joined += made != question
        if made != before and whole in made and "，" not in question:
            assert not glued.match(made.partition(whole)[0]), (before, question, made)
    assert joined > 1000


@pytest.mark.parametrize("question", ["2019年的呢？", "那2019年呢？", "2019年呢"])
@pytest.mark.parametrize(
    "before", ["云政发〔2024〕7号第三条", "国发[2021]3号讲什么？", "国办发（2020）12号什么时候施行？"]
)
def test_the_year_in_the_number_of_a_document_is_no_year(question: str, before: str) -> None:
    assert asked(question, before) == Standalone(question)
    assert asked(question, before, "a").question == question


def test_the_first_question_is_never_changed() -> None:
    for _, question, *_ in FOLLOWING:
        assert stand_alone(question, None, TOKENS, TITLES.__getitem__) == Standalone(question)
        assert asked(question, "？！") == Standalone(question)


def test_a_third_question_follows_the_second() -> None:
    turn = Turn("《储备粮管理办法》第二条是怎么规定的？")
    questions = (
        "那第三条呢？",
        "下一条呢？",
        "第二款呢？",
        "为什么？",
        "它由谁执行？",
        "那《档案法》呢？",
        "第五条呢？",
    )
    made = []
    for question in questions:
        alone = stand_alone(question, turn, TOKENS, TITLES.__getitem__)
        made.append(alone.question)
        turn = Turn(alone.question)
    assert made == [
        "《储备粮管理办法》第三条是怎么规定的？",
        "《储备粮管理办法》第4条是怎么规定的？",
        "《储备粮管理办法》第4条第二款是怎么规定的？",
        "《储备粮管理办法》第4条第二款是怎么规定的？为什么？",
        "《储备粮管理办法》由谁执行？",
        "《档案法》由谁执行？",
        "《档案法》第五条怎么规定？",
    ]
    turn = Turn("2024年清河镇的莲藕产量是多少？")
    made = []
    for question in ("那2023年呢？", "面积呢？", "石桥村呢？", "为什么？", "那2022年呢？", "震级大一级，能量多多少？"):
        alone = stand_alone(question, turn, TOKENS, TITLES.__getitem__)
        made.append(alone.question)
        turn = Turn(alone.question)
    assert made == [
        "2023年清河镇的莲藕产量是多少？",
        "2023年清河镇的莲藕面积是多少？",
        "2023年石桥村的莲藕面积是多少？",
        "2023年石桥村的莲藕面积是多少？为什么？",
        "2022年石桥村的莲藕面积是多少？",
        "震级大一级，能量多多少？",
    ]


def test_a_cited_document_whose_title_is_added_is_named() -> None:
    assert asked("那第三条呢？", "储备粮由谁保管？", "a").documents == ("a",)
    assert asked("该办法何时施行？", "储备粮由谁保管？", "b", "a").documents == ("a",)
    assert asked("那第三条呢？", "《档案法》说什么？", "a").documents == ()


def test_a_cited_document_that_has_gone_is_left_out() -> None:
    assert asked("那第三条呢？", "储备粮由谁保管？", "gone").question == "那第三条呢？"
    assert asked("What about Article 3?", "Who keeps it?", "gone").question == "What about Article 3?"


def test_a_document_of_another_kind_is_not_the_one_that_is_meant() -> None:
    assert asked("该条例何时施行？", "储备粮由谁保管？", "a").question == "该条例何时施行？"
    assert asked("该条例何时施行？", "《储备粮管理办法》何时施行？").question == "该条例何时施行？"


def test_only_the_question_of_a_long_story_is_taken_over() -> None:
    story = "小明修房子，要从小李的院子里过。小李不同意，两人吵了起来。请问，修建房屋可以临时借道吗？"
    assert asked("为什么？", story).question == "修建房屋可以临时借道吗？为什么？"
    assert asked("为什么？", "长" * 201 + "是什么？").question == "为什么？"


def questions() -> Iterator[str]:
    for name in ("zh_wiki", "en_wiki", "zh_law"):
        for line in (SHARED / name / "questions.jsonl").read_text("utf-8").splitlines():
            yield json.loads(line)["question"]
    for line in OWN.read_text("utf-8").splitlines():
        yield json.loads(line)["question"]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the evaluation data is not at {SHARED} beside the checkout")
def test_hardly_any_question_of_the_evaluation_is_changed() -> None:
    """Those that are begin with a pronoun that stands for nothing in them: 他司职什么位置？ Where did he begin …"""
    every = list(questions())
    chosen = random.Random(7)
    changed = {one for one in every if asked(one, chosen.choice(every), chosen.choice("ab")).question != one}
    assert len(every) > 4000
    assert len(changed) < 0.0025 * len(every), changed
    pronouns = ("他", "其", "在1986年，他", "1994年他", "where did he", "when did they", "when did this")
    assert {one for one in changed if not one.lower().startswith(pronouns)} == set()


@pytest.mark.timeout(20)
def test_words_that_can_be_read_in_many_ways_are_read_in_one() -> None:
    """哪一个 is 哪, 一 and 个, too: 25 of them in a row could be parted in 33 million ways."""
    many = "哪" + "一个" * 25 + "甲"
    assert asked(f"2023年{many}呢？", "小麦产量是多少？").question == f"2023年{many}呢？"
    assert asked("为什么？", f"小麦产量是多少？{many}。").question == f"{many}？为什么？"


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=40), st.sampled_from([row[1] for row in FOLLOWING])),
    st.one_of(st.text(max_size=60), st.sampled_from([row[0] for row in FOLLOWING])),
)
def test_whatever_is_asked_something_is_asked(question: str, before: str) -> None:
    made = asked(question, before, "a")
    assert all(text in made.question for text in made.added)
    assert made.question.strip() or not question.strip()
    if made.question == question:
        assert made.added == ()


def test_a_particle_is_nothing_that_was_left_out() -> None:
    asked = stand_alone("那产假呢？", Turn("婚假呢？", ("办法.md",)), TOKENS, TITLES.__getitem__)
    assert asked == Standalone("那产假呢？")
