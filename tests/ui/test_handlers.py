from __future__ import annotations

import html
import inspect
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from assistant.conversations.turns import NewTurn, StoredTurn
from assistant.errors import (
    ConversationError,
    IndexBusyError,
    IndexDamagedError,
    LibraryError,
    NotIndexedError,
    QuestionError,
    SettingsError,
)
from embeddings.embedder import EmbedderError
from tests.ui.fake_library import FakeAssistant
from tests.waiting import until
from ui import handlers
from ui.conversations.turns import arriving
from ui.desk import Asked, Desk
from ui.messages import CHINESE, ENGLISH, Words


def test_only_the_chat_knows_gradio() -> None:
    folder = Path(handlers.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name not in ("app.py", "chat.py", "loading.py", "server.py"):
            assert "import gradio" not in path.read_text("utf-8"), path


def test_the_fake_keeps_the_api_of_the_real_one() -> None:
    from assistant.assistant import Assistant

    for name, member in inspect.getmembers(FakeAssistant):
        if not name.startswith("_"):
            assert type(member) is type(getattr(Assistant, name))
            if inspect.isfunction(member):
                assert inspect.signature(member) == inspect.signature(getattr(Assistant, name))


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk(FakeAssistant())  # type: ignore[arg-type]
    yield made
    made.close()


def fake_of(desk: Desk) -> FakeAssistant:
    return desk.assistant  # type: ignore[return-value]


def asking(desk: Desk, asked: Asked, words: Words) -> Generator[str]:
    """What a tab sees of one turn."""
    begun = handlers.begin(desk, asked, words)
    if not begun:
        return
    belongs, number = conversation_of(begun), int(re.findall(r'id="turn-(\d+)"', begun)[0])
    shown = begun
    while 'class="turn pending"' in shown:
        yield shown
        underway = desk.recent(belongs, number)
        assert underway
        shown = handlers.outcome(desk, underway, words, 0.2)
    underway = desk.recent(belongs, number)
    assert underway
    yield arriving(underway, shown)


def conversation_of(markup: str) -> str:
    found = re.search('class="belongs" id="arrival-\d+" href="#([^"]*)"', markup)
    assert found
    return html.unescape(found[1])


def test_a_question_is_pending_then_answered(desk: Desk) -> None:
    pending, answered = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    assert 'class="turn pending" id="turn-1"' in pending
    assert CHINESE.searching in pending
    assert 'class="turn answered" id="turn-1"' in answered
    assert 'id="src-1-1"' in answered


@pytest.mark.parametrize("question", ["", " ", "\n\t", "　"])
def test_an_empty_question_does_nothing(desk: Desk, question: str) -> None:
    fake = fake_of(desk)
    assert list(asking(desk, Asked(question), CHINESE)) == []
    assert fake.asked == []


def test_a_question_before_there_is_an_index_shows_the_way_to_one(desk: Desk) -> None:
    fake_of(desk).failure = NotIndexedError("Run “youju index” first.")
    *_, shown = asking(desk, Asked("问题"), CHINESE)
    assert '<a href="/?show=library">' in shown
    fake_of(desk).failure = IndexBusyError("Another process is updating.")
    *_, shown = asking(desk, Asked("问题"), CHINESE)
    assert "show=library" not in shown


def test_a_question_during_loading_waits_and_is_answered(desk: Desk) -> None:
    fake = fake_of(desk)
    fake.state = "loading"
    fake.gate.clear()
    turns = asking(desk, Asked("每年轮换多少储备粮？"), CHINESE)
    assert "正在加载模型…" in next(turns)
    assert "正在加载模型…" in next(turns)  # it comes back while it waits, or a tab that was closed could not end it
    fake.state = "ready"
    assert CHINESE.searching in next(turns)
    fake.gate.set()
    *_, last = turns
    assert 'class="turn answered"' in last


@pytest.mark.parametrize(
    ("failure", "chinese"),
    [
        (QuestionError("The question has no word."), "这个问题没法查找：问题要有字或词。"),
        (NotIndexedError("Run “youju index” first."), "这个资料库还没有索引"),
        (IndexBusyError("Another process is updating."), "另一个程序正在更新这个索引"),
        (IndexDamagedError("library.sqlite cannot be read."), "索引损坏了，原文没有受影响"),
        (LibraryError("/texts is missing."), "读不到资料库"),
        (SettingsError("threshold"), "有一个设置或问题文件有错"),
        (EmbedderError("No model called x."), "向量模型用不了"),
        (RuntimeError("secret internals"), "出了意外"),
        (TimeoutError("secret internals"), "出了意外"),
        (KeyError("secret internals"), "出了意外"),
    ],
)
def test_every_error_is_one_message_in_the_conversation(desk: Desk, failure: Exception, chinese: str) -> None:
    fake = fake_of(desk)
    fake.failure = failure
    *_, shown = asking(desk, Asked("问题"), CHINESE)
    assert 'class="turn failed"' in shown
    assert chinese in shown.replace("&#10;", "")
    assert "secret" not in shown
    assert "Traceback" not in shown
    *_, english = asking(desk, Asked("question"), ENGLISH)
    assert 'class="turn failed"' in english
    assert "secret" not in english


def test_an_english_error_is_told_once_in_its_own_words(desk: Desk) -> None:
    fake = fake_of(desk)
    fake.failure = QuestionError("The question has no word to search for")
    *_, shown = asking(desk, Asked("???"), ENGLISH)
    assert shown.count("The question has no word to search for") == 1
    assert ENGLISH.question_error.split(":", maxsplit=1)[0] not in shown


def test_a_hundred_thousand_characters_get_a_clear_message(desk: Desk) -> None:
    *_, shown = asking(desk, Asked("问" * 100_000), CHINESE)
    assert "最长 2000 字" in shown
    assert len(shown) < 7000


def test_a_refusal_is_not_an_error(desk: Desk) -> None:
    *_, shown = asking(desk, Asked("反间谍法规定了哪些刑罚？"), CHINESE)
    assert 'class="turn refused"' in shown


def test_a_question_may_refer_to_the_one_before_it_in_its_conversation(desk: Desk) -> None:
    fake = fake_of(desk)
    *_, first = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    same = conversation_of(first)
    *_, following = asking(desk, Asked("它每年轮换多少？", same), CHINESE)
    *_, other = asking(desk, Asked("它每年轮换多少？"), CHINESE)
    assert fake.after == [None, "储备粮的日常保管由谁负责？", None]
    assert "理解为：" in following
    assert "按原问题回答" in following
    assert "理解为：" not in other
    assert conversation_of(other) != same


def test_an_error_changes_nothing_of_what_the_next_question_may_refer_to(desk: Desk) -> None:
    fake = fake_of(desk)
    *_, first = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    fake.failure = RuntimeError("secret internals")
    list(asking(desk, Asked("它呢？", conversation_of(first)), CHINESE))
    fake.failure = None
    list(asking(desk, Asked("它呢？", conversation_of(first)), CHINESE))
    assert fake.after == [None, "储备粮的日常保管由谁负责？", "储备粮的日常保管由谁负责？"]


def test_a_question_asked_again_takes_the_place_of_its_turn_and_refers_to_what_was_before(desk: Desk) -> None:
    fake = fake_of(desk)
    *_, first = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    same = conversation_of(first)
    list(asking(desk, Asked("它每年轮换多少？", same), CHINESE))
    *_, again = asking(desk, Asked("它每季度检查几次？", same, replaces=2), CHINESE)
    assert 'id="turn-2"' in again
    assert fake.after[-1] == "储备粮的日常保管由谁负责？"
    kept = desk.conversations.open(same).turns
    assert [turn.question for turn in kept] == ["储备粮的日常保管由谁负责？", "它每季度检查几次？"]
    list(asking(desk, Asked("它每季度检查几次？", same, replaces=2, alone=True), CHINESE))
    assert fake.after[-1] is None


def test_a_turn_is_kept_as_soon_as_it_is_asked_and_whether_or_not_anybody_waits(desk: Desk) -> None:
    fake = fake_of(desk)
    fake.gate.clear()
    turns = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    same = conversation_of(next(turns))
    turns.close()  # the tab is gone
    assert [turn.kind for turn in desk.conversations.open(same).turns] == ["stopped"]
    assert desk.underway(same, 1)
    fake.gate.set()
    until(lambda: desk.underway(same, 1) is None)
    (kept,) = desk.conversations.open(same).turns
    assert kept.kind == "answered"
    assert list(kept.digests) == ["粮食安全/储备粮管理.md"]


def test_a_stopped_question_says_so_and_its_late_answer_is_nobodys(desk: Desk) -> None:
    fake = fake_of(desk)
    fake.gate.clear()
    turns = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    same = conversation_of(next(turns))
    assert desk.stop(same, 1)
    assert 'class="turn stopped"' in next(turns)
    assert not desk.stop(same, 1)
    fake.gate.set()
    list(asking(desk, Asked("每年轮换多少储备粮？", same), CHINESE))
    assert [turn.kind for turn in desk.conversations.open(same).turns] == ["stopped", "answered"]


def test_an_answer_that_is_being_kept_is_not_stopped_any_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, stopped = desk.conversations.replace, []

    def stop_first(conversation: str, number: int, turn: NewTurn) -> StoredTurn:
        stopped.append(desk.stop(conversation, number))
        return replace(conversation, number, turn)

    monkeypatch.setattr(desk.conversations, "replace", stop_first)
    *_, shown = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    assert stopped == [False]
    assert 'class="turn answered"' in shown
    assert desk.conversations.open(conversation_of(shown)).turns[0].kind == "answered"


@pytest.mark.parametrize("replaces", [None, 1])
def test_a_question_in_a_conversation_that_is_gone_begins_a_new_one(desk: Desk, replaces: int | None) -> None:
    *_, shown = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    desk.conversations.delete(gone := conversation_of(shown))
    *_, shown = asking(desk, Asked("每年轮换多少储备粮？", gone, replaces=replaces), CHINESE)
    assert 'class="turn answered"' in shown
    (kept,) = desk.conversations.open(conversation_of(shown)).turns
    assert (kept.question, kept.number) == ("每年轮换多少储备粮？", 1)


def test_a_turn_that_is_gone_is_asked_again_and_not_kept(desk: Desk) -> None:
    *_, shown = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    *_, again = asking(desk, Asked("每年轮换多少储备粮？", conversation_of(shown), replaces=7), CHINESE)
    assert (conversation_of(again), 'id="turn-1000001"' in again) == ("", True)
    assert len(desk.conversations.open(conversation_of(shown)).turns) == 1


def test_an_answer_that_the_disk_did_not_take_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> StoredTurn:
        raise ConversationError("The disk is full.")

    *_, shown = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    assert "unkept" not in shown
    monkeypatch.setattr(desk.conversations, "replace", full)
    *_, shown = asking(desk, Asked("储备粮的日常保管由谁负责？"), CHINESE)
    assert 'class="turn answered"' in shown
    assert 'class="unkept"' in shown


def test_every_mention_is_a_turn_of_its_own_kind(desk: Desk) -> None:
    *_, listed = asking(desk, Asked("列出所有提到“储备粮”的段落"), CHINESE)
    assert "2 个段落提到" in listed
    *_, none = asking(desk, Asked("列出所有提到“火星车”的段落"), CHINESE)
    assert 'class="turn refused"' in none
    assert "没有哪个段落提到" in none
