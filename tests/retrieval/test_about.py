"""Questions for the documents about something, and for mentions in documents of a kind: a line for each document."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.types import Mentions
from tests.index.library import make_assistant, write

TEXTS = {
    **{
        f"通知/{n}号.txt": f"关于停电的通知（第{n}期）\n\n因线路检修，{n}号楼将于{n}月{n}日停电，请保存好数据资料。\n"
        for n in range(1, 6)
    },
    "通知/6号.txt": "关于更换电表的通知\n\n更换电表时需要短时停电，时间另行告知各楼住户。\n",
    "纪要.txt": "物业例会纪要\n\n会议听取了各楼停电情况的汇报，决定增购发电机一台。\n",
    "用电管理办法.txt": "用电管理办法\n\n第一条 停电前应当提前三日告知住户，并说明恢复供电的时间。\n",
    "用水管理办法.txt": "用水管理办法\n\n第一条 停水前应当提前三日告知住户，并说明恢复供水的时间。\n",
    "outage.txt": "Notice on power outages\n\nThe power will be off on Friday from nine until noon in the building.\n",
    "garden.txt": "Report on the garden\n\nDuring the power outage the pump of the garden stood still for a day.\n",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("library")
    write(folder / "texts", TEXTS)
    made = make_assistant(folder)
    made.update()
    return made


def listed(assistant: Assistant, question: str, *, within: tuple[str, ...] = ()) -> Mentions:
    found = assistant.ask(question, within=within).mentions
    assert found is not None, question
    return found


def names(found: Mentions) -> list[str]:
    return [one.document for one in found.documents]


NOTICES = [f"通知/{n}号.txt" for n in range(1, 6)]


@pytest.mark.parametrize(
    "question",
    """关于停电的通知有哪些？
有哪些关于停电的通知
哪些通知是关于停电的？
哪些通知与停电有关？
列出所有关于停电的通知
停电方面的通知有哪些
与停电有关的文件有哪些
有多少份关于“停电”的文件""".splitlines(),
)
def test_each_document_whose_title_says_so_is_listed_once(assistant: Assistant, question: str) -> None:
    found = listed(assistant, question)
    assert found.about
    assert names(found) == NOTICES
    assert all(len(one.mentions) == 1 for one in found.documents)
    first = found.documents[0].mentions[0]
    text = assistant.document("通知/1号.txt").text
    assert [text[start:end] for start, end in first.spans] == ["停电", "停电"]


def test_without_such_a_title_those_that_mention_it_are_listed(assistant: Assistant) -> None:
    assert names(listed(assistant, "关于发电机的文件有哪些？")) == ["纪要.txt"]
    assert names(listed(assistant, "关于停电的会议纪要有哪些？")) == ["纪要.txt"]


def test_only_places_that_are_asked_are_listed(assistant: Assistant) -> None:
    assert names(listed(assistant, "关于停电的通知有哪些？", within=("通知/3号.txt",))) == ["通知/3号.txt"]


def test_english_documents_are_found_in_either_number(assistant: Assistant) -> None:
    assert names(listed(assistant, "Which notices are about power outages?")) == ["outage.txt"]
    assert names(listed(assistant, "List all reports about the pumps")) == ["garden.txt"]


@pytest.mark.parametrize(
    "question", ["关于停水的办法有哪些？", "关于停电的规定有哪些？", "关于潜水艇的文件有哪些？", "停电通知说了什么？"]
)
def test_what_may_ask_for_something_else_is_answered_as_before(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).mentions is None


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("列出所有提到停电的通知", [*NOTICES, "通知/6号.txt"]),
        ("哪些会议纪要提到了停电？", ["纪要.txt"]),
        ("哪几条规定提到了停电？", ["用电管理办法.txt"]),
        ("列出所有提到停电的判决书", ["用电管理办法.txt", "纪要.txt", *NOTICES, "通知/6号.txt"]),
        ("Which reports mention the power outage?", ["garden.txt"]),
    ],
)
def test_mentions_in_documents_of_a_kind(assistant: Assistant, question: str, documents: list[str]) -> None:
    found = listed(assistant, question)
    assert names(found) == sorted(documents)
    assert not found.about
