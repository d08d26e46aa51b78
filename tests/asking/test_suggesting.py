"""Questions that may come next: from the headings near what was cited, answered by just these, and never twice."""

import gc
import weakref
from dataclasses import replace

import pytest

from assistant.addressing.resolve import resolve
from assistant.asking.suggesting import suggestions
from tests.index.library import make_assistant, write

ARTICLES = "\n\n".join(
    f"第{number}条 {text}"
    for number, text in (
        ("一", "为了加强便民服务站的管理，制定本办法。"),
        ("二", "服务站每天八点开门。"),
        ("三", "值班人员应当登记来访的村民。"),
        ("四", "印章由两名干部分别保管。"),
        ("五", "档案每年整理一次。"),
    )
)
TEXTS = {
    "办法.txt": "便民服务站管理办法\n\n第一章 总则\n\n"
    + ARTICLES.replace("第二条", "第二章 开放与值班\n\n第二条").replace("第四条", "第三章 印章与档案\n\n第四条"),
    "报告.md": "# 清河镇工作报告\n\n开头的话写在这里。\n\n## 一、农业生产\n\n粮食总产量达到三万吨，比上年增长。\n\n"
    "## 二、公共服务\n\n### （一）道路建设\n\n新修道路二十公里，惠及八个村。\n\n"
    "### （二）饮水安全\n\n改造水厂三座，水质达标。\n\n"
    "## 三、存在的问题\n\n排涝能力不足，低洼地块容易受淹。\n",
    "handbook.md": "# Staff Handbook\n\n## Chapter 1 Leave\n\n### 1.1 Annual leave\n\n"
    "Everybody has 25 days of leave.\n\n"
    "### 1.2 Sickness\n\nCall your manager before nine.\n\n## Chapter 2 Pay\n\nSalaries are paid on the 25th.\n",
    "手册.md": "# 仓库手册\n\n## 一、入库\n\n### （一）基本要求\n\n入库货物当天清点。\n\n"
    "### （二）登记\n\n登记本放在门口。\n\n"
    "## 二、出库\n\n### （一）基本要求\n\n出库货物要有签字单据。\n\n### （二）装车\n\n叉车司机负责装车，轻拿轻放。\n\n"
    "## 三、主要内容\n\n最后写一点别的话。\n",
    "散文.txt": "海边的一天，风很大。\n\n灯塔管理员的女儿在岸上等船。\n\n船没有来，她回去了。\n\n第二天天气晴朗。\n",
    "版本/甲仓的规定.txt": "同名规定\n\n第一条 甲方每天巡查一次仓库。\n\n第二条 甲方每周上报一次。\n",
    "版本/乙仓的规定.txt": "同名规定\n\n第一条 乙方每月盘点一次货架。\n\n第二条 乙方每季上报一次。\n",
    "法.jsonl": "\n".join(
        f'{{"id": "{n}", "title": "养蜂法 第{c}条", "text": "{t}"}}'
        for n, c, t in ((1, "一", "蜂箱应当编号。"), (2, "二", "蜜源由县里划定。"), (3, "三", "转地放蜂应当备案。"))
    ),
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suggesting")
    write(folder / "texts", TEXTS)
    assistant = make_assistant(folder, threshold=0)
    assistant.update()
    yield assistant
    assistant.close()


def asked(assistant, question, **how):
    return suggestions(assistant.snapshot(), assistant.ask(question), **how)


def test_the_next_article_its_chapter_and_the_one_after(assistant):
    assert [one.question for one in asked(assistant, "《便民服务站管理办法》第二条是怎么规定的？")] == [
        "《便民服务站管理办法》第三条是怎么规定的？",
        "《便民服务站管理办法》关于开放与值班有哪些规定？",
        "《便民服务站管理办法》关于印章与档案有哪些规定？",
    ]


def test_sibling_headings_and_the_heading_above(assistant):
    questions = [one.question for one in asked(assistant, "新修道路多少公里，惠及几个村？", limit=4)]
    assert questions[:3] == [
        "《清河镇工作报告》关于饮水安全讲了什么？",
        "《清河镇工作报告》关于公共服务讲了什么？",
        "《清河镇工作报告》中存在的问题有哪些？",
    ]


def test_english_is_asked_in_english(assistant):
    questions = [one.question for one in asked(assistant, "How many days of leave has everybody?")]
    assert questions
    assert all("“Staff Handbook”" in question and question.endswith("?") for question in questions)


def test_articles_that_are_documents_of_their_own_lead_to_the_next(assistant):
    found = asked(assistant, "《养蜂法》第一条是怎么规定的？")
    assert [(one.question, one.document) for one in found[:2]] == [
        ("《养蜂法》第二条是怎么规定的？", "法.jsonl#2"),
        ("《养蜂法》第三条是怎么规定的？", "法.jsonl#3"),
    ]


QUESTIONS = (
    "《便民服务站管理办法》第二条是怎么规定的？",
    "印章由谁保管？",
    "粮食总产量达到多少？",
    "排涝能力怎么样？",
    "改造水厂几座？",
    "How are salaries paid?",
    "灯塔管理员的女儿在哪里等船？",
    "转地放蜂要备案吗？",
    "叉车司机负责什么？",
    "登记本放在哪里？",
    "乙方每月盘点几次？",
    "《清河镇工作报告》讲了什么？",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_is_answered_from_its_own_place(assistant, question):
    answer = assistant.ask(question)
    for one in suggestions(assistant.snapshot(), answer, limit=10):
        followed = assistant.ask(one.question, after=answer.turn)
        assert followed.citations
        assert all(
            cited.document == one.document and one.start <= cited.start and cited.end <= one.end
            for cited in followed.citations
        )
        address = resolve(assistant.snapshot(), one.question)
        assert address.only
        assert address.is_sure
        text = assistant.document(one.document).text
        assert 0 <= one.start < one.end <= len(text)


def test_enough_is_suggested(assistant):
    found = {question: asked(assistant, question) for question in QUESTIONS}
    assert sum(len(some) for some in found.values()) >= 19
    assert all(len({one.question for one in some}) == len(some) <= 3 for some in found.values())


def test_what_was_asked_is_not_suggested_in_whatever_words(assistant):
    question = "《便民服务站管理办法》第二条是怎么规定的？"
    before = ["《便民服务站管理办法》第三条有哪些内容？", "便民服務站管理辦法對開放與值班有什麼規定"]
    found = [one.question for one in asked(assistant, question, asked=before, limit=10)]
    assert found
    assert not any("第三条" in one or "开放与值班" in one or "第二条" in one for one in found)
    everything = [*before, *found]
    assert not set(found) & {one.question for one in asked(assistant, question, asked=everything, limit=10)}


def test_a_title_that_two_documents_bear_gives_way_to_the_name_of_the_file(assistant):
    found = asked(assistant, "乙方每月盘点几次？")
    assert found[0].question == "《乙仓的规定》第二条是怎么规定的？"
    assert not any("同名规定" in one.question for one in found)


def test_a_heading_that_comes_twice_is_not_asked_for_by_its_name_alone(assistant):
    found = [one.question for one in asked(assistant, "叉车司机负责什么？", limit=10)]
    assert "《仓库手册》关于出库讲了什么？" in found
    assert not any("基本要求" in question for question in found)


def test_a_refusal_offers_the_headings_of_what_was_near(assistant):
    answer = assistant.ask("改造水厂几座？", threshold=1.0)
    assert not answer.answered
    found = suggestions(assistant.snapshot(), answer)
    assert found[0].question == "《清河镇工作报告》关于饮水安全讲了什么？"
    far = tuple(replace(hit, dense=0.0, coverage=0.0) for hit in answer.hits)
    assert suggestions(assistant.snapshot(), replace(answer, hits=far)) == ()


def test_a_document_that_is_gone_and_places_beyond_its_end_are_passed_over(assistant):
    answer = assistant.ask("改造水厂几座？")
    gone = replace(answer, hits=(), citations=tuple(replace(c, document="没有.txt") for c in answer.citations))
    assert suggestions(assistant.snapshot(), gone) == ()
    beyond = replace(answer, hits=(), citations=tuple(replace(c, start=10**9) for c in answer.citations))
    assert suggestions(assistant.snapshot(), beyond) == ()


def test_a_list_of_mentions_and_a_limit_of_none_suggest_nothing(assistant):
    assert asked(assistant, "列出所有提到粮食的段落") == ()
    assert asked(assistant, "改造水厂几座？", limit=0) == ()


def test_a_snapshot_is_not_kept_alive(tmp_path):
    write(tmp_path / "texts", {"报告.md": TEXTS["报告.md"]})
    assistant = make_assistant(tmp_path, threshold=0)
    assistant.update()
    assert asked(assistant, "改造水厂几座？")
    kept = weakref.ref(assistant.snapshot())
    assistant.close()
    del assistant
    gc.collect()
    assert kept() is None
