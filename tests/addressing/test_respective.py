"""Questions about several named documents are answered from each of them, with its own citations."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.addressing.respective import respective
from assistant.assistant import Assistant
from tests.index.library import make_assistant, write

TEXTS = {
    "食堂.txt": "柳河中学食堂与小卖部管理制度\n\n第一条 食堂每天供餐三次。\n\n第二条 本制度自2031年3月1日起施行。\n",
    "游泳.txt": (
        "柳河市游泳场所管理条例\n\n第一条 游泳场所应当配备救生员。\n\n第二条 《水上安全规定》自2029年1月1日起施行。\n\n"
        "第三条 本条例自2031年8月1日起施行。2020年发布的规定同时废止。\n"
    ),
    "停车.txt": "柳河市停车管理办法\n\n第一条 停车场应当公示收费标准。\n\n第二条 自2032年5月1日起实施。\n",
    "随笔.txt": "夏天的河\n\n小时候，我们在河里游泳，在岸边的食堂吃饭。\n",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("library")
    write(folder / "texts", TEXTS)
    made = make_assistant(folder)
    made.update()
    return made


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        (
            "食堂制度和游泳条例分别从什么时候开始实施？",
            [("食堂.txt", "第二条 本制度自2031年3月1日起施行。"), ("游泳.txt", "第三条 本条例自2031年8月1日起施行。")],
        ),
        (
            "《柳河市停车管理办法》与《柳河市游泳场所管理条例》的施行时间分别是什么？",
            [("停车.txt", "第二条 自2032年5月1日起实施。"), ("游泳.txt", "第三条 本条例自2031年8月1日起施行。")],
        ),
        (
            "食堂制度、停车办法和游泳条例各自何时生效",
            [
                ("食堂.txt", "第二条 本制度自2031年3月1日起施行。"),
                ("停车.txt", "第二条 自2032年5月1日起实施。"),
                ("游泳.txt", "第三条 本条例自2031年8月1日起施行。"),
            ],
        ),
        (
            "《柳河中学食堂与小卖部管理制度》和停车办法第一条分别怎么规定？",
            [("食堂.txt", "第一条 食堂每天供餐三次。"), ("停车.txt", "第一条 停车场应当公示收费标准。")],
        ),
    ],
)
def test_each_document_answers_with_its_own_quote(
    assistant: Assistant, question: str, quotes: list[tuple[str, str]]
) -> None:
    answer = assistant.ask(question)
    assert [(one.document, one.quote) for one in answer.citations] == quotes
    assert [one.number for one in answer.citations] == list(range(1, len(quotes) + 1))
    assert [sentence.citations for sentence in answer.sentences] == [(one.number,) for one in answer.citations]
    assert all(assistant.document(one.document).text[one.start : one.end] == one.quote for one in answer.citations)
    assert len(answer.places) == len(quotes)


@pytest.mark.parametrize(
    "question",
    [
        "甲和乙分别是谁",
        "食堂制度分别规定了什么",
        "食堂制度和潜水规则分别何时生效",
        "食堂和游泳池分别几点开门",
        "分别说说食堂制度和游泳条例",
    ],
)
def test_without_several_known_documents_it_is_an_ordinary_question(assistant: Assistant, question: str) -> None:
    assert respective(assistant.snapshot(), question, None) == ()


def test_only_documents_that_are_asked_answer(assistant: Assistant) -> None:
    answer = assistant.ask("食堂制度和游泳条例分别何时生效？", within=["食堂.txt"])
    assert {one.document for one in answer.citations} <= {"食堂.txt"}
    assert respective(assistant.snapshot(), "食堂制度和游泳条例分别何时生效？", frozenset({"食堂.txt"})) == ()
