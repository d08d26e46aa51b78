"""The routes of conversations, without a browser."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.errors import ConversationError
from assistant.evaluation import feedback
from assistant.evaluation.feedback import Judged, judged
from tests.ui.fake_library import FakeAssistant
from tests.ui.running import Running
from ui.desk import Asked
from ui.messages import CHINESE

WHO = "储备粮的日常保管由谁负责？"


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with Running(FakeAssistant()) as running:
        yield running


@pytest.fixture
def unkept(served: Running, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an answered turn that could not be kept."""

    def full(**_: object) -> None:
        raise ConversationError("The disk is full.")

    monkeypatch.setattr(served.desk.conversations, "create", full)
    underway = served.desk.begin(Asked(WHO))
    assert underway.conversation == ""
    underway.settled.result(30)
    return f"{served.url}/conversations/-/turns/{underway.number}"


@pytest.mark.parametrize("style", ["plain", "markdown", "footnotes", "gbt7714"])
def test_an_answer_that_could_not_be_kept_is_copied_all_the_same(unkept: str, style: str) -> None:
    copied = httpx.get(f"{unkept}/quotes", params={"style": style})
    assert copied.status_code == 200
    assert "地方粮食部门每季度检查一次" in copied.text


def test_an_answer_that_could_not_be_kept_is_judged_all_the_same(unkept: str) -> None:
    said = httpx.post(f"{unkept}/verdict", json={"verdict": "right", "citation": 1}, headers={"x-youju": "1"})
    assert said.json() == {"": "right", "1": "right"}


def test_a_verdict_that_the_disk_does_not_take_is_told_as_that(
    served: Running, unkept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(feedback, "_write", full)
    said = httpx.post(f"{unkept}/verdict", json={"verdict": "right"}, headers={"x-youju": "1", "accept-language": "zh"})
    assert said.status_code == 400
    assert CHINESE.disk_error in said.text
    assert CHINESE.settings_error not in said.text


def test_an_answer_that_is_not_there_is_not_copied(served: Running) -> None:
    served.assistant.gate.clear()
    served.desk.begin(Asked(WHO))
    for address in (f"/conversations/-/turns/{number}/quotes?style=plain" for number in (1, 77)):
        assert httpx.get(served.url + address).status_code == 404
    served.assistant.gate.set()


def test_what_was_said_of_answers_is_read_once_for_a_whole_conversation(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = served.desk.begin(Asked(WHO))
    first.settled.result(30)
    served.desk.begin(Asked(WHO, first.conversation)).settled.result(30)
    read: list[Path] = []

    def counted(path: Path) -> Judged:
        read.append(path)
        return judged(path)

    monkeypatch.setattr("ui.conversations.turns.judged", counted)
    opened = httpx.get(f"{served.url}/conversations/{first.conversation}")
    assert opened.text.count('class="turn answered"') == 2
    assert len(read) == 1
