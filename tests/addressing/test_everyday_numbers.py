"""Numbers of documents as people say them: 2024年第150号通知 is the notice with 〔2024〕150号 on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.addressing.addresses import read
from assistant.assistant import Assistant
from tests.index.library import make_assistant, write


def notice(number: int, day: int, issuer: str = "后勤部") -> str:
    return f"关于清洗水箱的通知\n{issuer}〔2031〕{number}号\n\n各楼：\n定于{day}日清洗水箱，届时暂停供水两小时。\n"


TEXTS = {
    **{f"通知/清洗{n}.txt": notice(n, n) for n in range(11, 16)},
    "通知/清洗甲.txt": notice(21, 3),
    "通知/清洗乙.txt": notice(21, 4, "物业中心"),
    "通知/2031-034 关于灭蚊的通知.txt": "关于灭蚊的通知\n\n周五下午在院内喷药灭蚊，请关好门窗。\n",
    "通知/2031-03-5 值班表.txt": "值班表\n\n周五由老丁值班，周六由老马值班，周日由老牛值班。\n",
    "公告.txt": "关于停用旧印章的公告\n税务总局公告2031年第40号\n\n旧印章自即日起停用，新印章同时启用。\n",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("library")
    write(folder / "texts", TEXTS)
    made = make_assistant(folder)
    made.update()
    return made


def cited(assistant: Assistant, question: str) -> set[str]:
    return {citation.document for citation in assistant.ask(question).citations}


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("2031年第13号通知说了什么？", "通知/清洗13.txt"),
        ("2031年13号文说了什么", "通知/清洗13.txt"),
        ("后勤部2031年第13号的内容", "通知/清洗13.txt"),
        ("请问2031年第十三号文件讲了什么？", "通知/清洗13.txt"),
        ("后勤部〔2031〕13号文说了什么", "通知/清洗13.txt"),
        ("2031年第34号通知说了什么？", "通知/2031-034 关于灭蚊的通知.txt"),
        ("2031年第40号公告说了什么？", "公告.txt"),
        ("物业中心2031年第21号通知说了什么？", "通知/清洗乙.txt"),
    ],
)
def test_a_number_in_everyday_words_is_that_of_the_document(assistant: Assistant, question: str, document: str) -> None:
    assert cited(assistant, question) == {document}


def test_where_two_issuers_have_it_both_are_told(assistant: Assistant) -> None:
    answer = assistant.ask("2031年第21号通知说了什么？")
    assert {citation.document for citation in answer.citations} == {"通知/清洗甲.txt", "通知/清洗乙.txt"}
    assert answer.confidence < 1


@pytest.mark.parametrize(
    "question",
    [
        "2031年第13号台风叫什么",
        "2031年5号楼停水吗",
        "2031年10月1号放假吗",
        "2031年13号线什么时候开通",
        "2031年底第3号机组",
    ],
)
def test_other_numbers_are_none(question: str) -> None:
    assert read(question).numbers == ()


def test_a_number_that_no_document_bears_may_be_something_else(assistant: Assistant) -> None:
    refusal = assistant.ask("2031年第77号说了什么？").refusal
    assert refusal is None or "文本中没有2031年第77号" not in refusal.reason
