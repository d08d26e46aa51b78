from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import (
    IndexBusyError,
    IndexDamagedError,
    LibraryError,
    NotIndexedError,
    QuestionError,
    SettingsError,
)
from assistant.types import Changes, Turn
from embeddings.embedder import EmbedderError
from tests.ui.fake_library import FakeAssistant
from ui import handlers
from ui.messages import CHINESE, ENGLISH
from ui.updates import Updates


def test_handlers_and_render_know_nothing_of_gradio() -> None:
    for module in ("handlers", "updates", "render", "mentions", "bar", "messages"):
        assert "gradio" not in Path(handlers.__file__).with_name(f"{module}.py").read_text("utf-8").lower().replace(
            "without gradio", ""
        )


def test_the_fake_keeps_the_api_of_the_real_one() -> None:
    from assistant.assistant import Assistant

    for name, member in inspect.getmembers(FakeAssistant):
        if not name.startswith("_"):
            assert type(member) is type(getattr(Assistant, name))
            if inspect.isfunction(member):
                assert inspect.signature(member) == inspect.signature(getattr(Assistant, name))


def markup(arrivals: Iterator[handlers.Arrival]) -> Iterator[str]:
    return (arrival.markup for arrival in arrivals)


def test_a_question_is_pending_then_answered() -> None:
    pending, answered = markup(handlers.ask(FakeAssistant(), "储备粮的日常保管由谁负责？", 2, CHINESE))
    assert 'class="turn pending" id="turn-2"' in pending
    assert CHINESE.searching in pending
    assert 'class="turn answered" id="turn-2"' in answered
    assert 'id="src-2-1"' in answered


@pytest.mark.parametrize("question", ["", " ", "\n\t", "　"])
def test_an_empty_question_does_nothing(question: str) -> None:
    fake = FakeAssistant()
    assert list(handlers.ask(fake, question, 1, CHINESE)) == []
    assert fake.asked == []


def test_a_question_during_loading_waits_and_is_answered() -> None:
    fake = FakeAssistant()
    fake.state = "loading"
    fake.gate.clear()
    turns = markup(handlers.ask(fake, "每年轮换多少储备粮？", 1, CHINESE))
    assert "正在加载模型…" in next(turns)
    assert "正在加载模型…" in next(turns)  # it comes back while it waits, or a tab that was closed could not end it
    fake.state = "ready"
    assert CHINESE.searching in next(turns)
    fake.gate.set()
    assert 'class="turn answered"' in next(turns)
    assert list(turns) == []


@pytest.mark.parametrize(
    ("failure", "chinese"),
    [
        (QuestionError("The question has no word."), "这个问题没法查找：问题要有字或词，最长 2000 字。"),
        (NotIndexedError("Run “youju index” first."), "这个资料库还没有索引"),
        (IndexBusyError("Another process is updating."), "另一个程序正在更新这个索引"),
        (IndexDamagedError("library.sqlite cannot be read."), "索引出了问题"),
        (LibraryError("/texts is missing."), "读不到资料库"),
        (SettingsError("threshold"), "读不到资料库"),
        (EmbedderError("No model called x."), "向量模型用不了"),
        (RuntimeError("secret internals"), "出了意外"),
        (TimeoutError("secret internals"), "出了意外"),
        (KeyError("secret internals"), "出了意外"),
    ],
)
def test_every_error_is_one_message_in_the_conversation(failure: Exception, chinese: str) -> None:
    fake = FakeAssistant()
    fake.failure = failure
    *_, shown = markup(handlers.ask(fake, "问题", 1, CHINESE))
    assert 'class="turn failed"' in shown
    assert chinese in shown.replace("&#10;", "")
    assert "secret" not in shown
    assert "Traceback" not in shown
    *_, english = markup(handlers.ask(fake, "question", 1, ENGLISH))
    assert 'class="turn failed"' in english
    assert "secret" not in english


def test_an_english_error_is_told_once_in_its_own_words() -> None:
    fake = FakeAssistant()
    fake.failure = QuestionError("The question has no word to search for")
    *_, shown = markup(handlers.ask(fake, "???", 1, ENGLISH))
    assert shown.count("The question has no word to search for") == 1
    assert ENGLISH.question_error.split(":", maxsplit=1)[0] not in shown


def test_a_hundred_thousand_characters_get_a_clear_message() -> None:
    *_, shown = markup(handlers.ask(FakeAssistant(), "问" * 100_000, 1, CHINESE))
    assert "最长 2000 字" in shown
    assert len(shown) < 3000


def test_a_refusal_is_not_an_error() -> None:
    *_, shown = markup(handlers.ask(FakeAssistant(), "反间谍法规定了哪些刑罚？", 1, CHINESE))
    assert 'class="turn refused"' in shown


def test_what_the_next_question_may_refer_to_comes_with_the_answer() -> None:
    fake = FakeAssistant()
    pending, answered = handlers.ask(fake, "储备粮的日常保管由谁负责？", 1, CHINESE)
    assert pending.last is None
    assert answered.last == Turn("储备粮的日常保管由谁负责？", ("粮食安全/储备粮管理.md",))
    pending, following = handlers.ask(fake, "它每年轮换多少？", 2, CHINESE, answered.last)
    assert pending.last == answered.last
    assert fake.after == [None, "储备粮的日常保管由谁负责？"]
    assert following.last is not None
    assert following.last.question == "储备粮每年轮换多少？"  # as it stands alone
    assert "理解为：" in following.markup
    assert "按原问题回答" in following.markup


def test_an_error_changes_nothing_of_what_the_next_question_may_refer_to() -> None:
    fake = FakeAssistant()
    fake.failure = RuntimeError("secret internals")
    before = Turn("储备粮的日常保管由谁负责？")
    assert [arrival.last for arrival in handlers.ask(fake, "它呢？", 2, CHINESE, before)] == [before, before]


def test_every_mention_is_a_turn_of_its_own_kind() -> None:
    *_, listed = markup(handlers.ask(FakeAssistant(), "列出所有提到“储备粮”的段落", 1, CHINESE))
    assert "2 个段落提到" in listed
    *_, none = markup(handlers.ask(FakeAssistant(), "列出所有提到“火星车”的段落", 1, CHINESE))
    assert 'class="turn refused"' in none
    assert "没有哪个段落提到" in none


def test_a_view_of_a_quiet_library() -> None:
    fake = FakeAssistant()
    view = handlers.view(fake, Updates(fake), CHINESE)
    assert "4 篇文档" in (view.library or "")
    assert view.examples == fake.offered
    assert (view.button, view.updating, view.wanted) == ("更新索引", False, False)
    assert view.interval == handlers.IDLE_INTERVAL


def test_a_view_without_an_index_offers_to_build_it_and_no_examples() -> None:
    fake = FakeAssistant(indexed=False)
    view = handlers.view(fake, Updates(fake), CHINESE)
    assert view.examples == ()
    assert (view.button, view.wanted) == ("建立索引", True)
    assert "建立索引" in (view.welcome or "")


def test_newer_texts_make_an_update_wanted() -> None:
    fake = FakeAssistant()
    fake.changes = Changes(("新.md",), (), ())
    assert handlers.view(fake, Updates(fake), CHINESE).wanted


def test_the_page_looks_often_while_the_model_loads() -> None:
    fake = FakeAssistant()
    fake.state = "loading"
    view = handlers.view(fake, Updates(fake), CHINESE)
    assert view.interval == handlers.MODEL_INTERVAL
    assert "正在加载模型…" in (view.library or "")


@pytest.mark.parametrize("failure", [LibraryError("/texts is missing. Choose a folder."), OSError("secret internals")])
def test_a_library_that_cannot_be_read_is_told_in_the_bar(failure: Exception) -> None:
    fake = FakeAssistant()
    fake.status_failure = failure
    view = handlers.view(fake, Updates(fake), ENGLISH)
    assert ENGLISH.library_error in (view.library or "")
    assert "secret" not in (view.library or "")
