"""What happens to the files behind an open page: each accident is told, and what was asked is not lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.conversations.store import Conversations
from tests.fake_embedder import FakeEmbedder
from tests.index.library import TEXTS, make_assistant, write
from tests.ui.fake_library import FakeAssistant
from tests.ui.running import Running
from tests.waiting import until
from ui.desk import Asked, Desk
from ui.escape import escape
from ui.messages import CHINESE, ENGLISH, Words
from ui.shelf import state
from ui.shelf.updates import Updates

OWN = {"x-youju": "1", "accept-language": "zh"}
QUESTION = "涉密人员上岗前应当签订什么？"


@pytest.fixture
def made(tmp_path: Path) -> Assistant:
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    return assistant


@pytest.fixture
def served() -> Iterator[Running]:
    with Running(FakeAssistant()) as running:
        yield running


def test_a_damaged_index_is_told_wherever_the_page_asks_for_it(made: Assistant) -> None:
    with Running(made) as served:
        assert httpx.get(f"{served.url}/search/places", headers=OWN).status_code == 200
        for suffix in ("", "-wal"):
            path = Path(f"{made.index_dir / 'library.sqlite'}{suffix}")
            path.write_bytes(b"junk" * 5000)
        for room, body in (("passages", {"query": "粮食"}), ("mentions", {"query": "粮食"})):
            answer = httpx.post(f"{served.url}/search/{room}", json=body, headers=OWN)
            assert (answer.status_code, CHINESE.damaged_error in answer.text) == (200, True)
        places = httpx.get(f"{served.url}/search/places", headers=OWN)
        assert (places.status_code, CHINESE.damaged_error in places.text) == (200, True)


@pytest.mark.parametrize("words", [CHINESE, ENGLISH])
def test_a_damaged_index_offers_to_be_repaired_and_nothing_says_that_it_still_answers(
    made: Assistant, words: Words
) -> None:
    for suffix in ("", "-wal"):
        Path(f"{made.index_dir / 'library.sqlite'}{suffix}").write_bytes(b"junk" * 5000)
    updates = Updates(made)
    updates.start()
    until(lambda: not updates.running)
    view = state.view(made, updates, words)
    assert 'data-work="repair"' in (view.welcome or "")
    assert escape(words.index_damaged) in (view.library or "")
    assert escape(words.library_error) not in (view.library or "")
    assert escape(words.damaged_error) in view.progress
    assert escape(words.update_failed) not in view.progress
    updates.upkeep.start("repair")
    until(lambda: not updates.upkeep.running)
    view = state.view(made, updates, words)
    assert (view.progress, 'data-work="repair"' in (view.welcome or "")) == ("", False)
    assert made.ask(QUESTION).answered


def test_a_conversation_that_is_gone_is_told_as_such_and_not_as_the_library(served: Running) -> None:
    for headers, words in ((OWN, CHINESE), ({**OWN, "accept-language": "en"}, ENGLISH)):
        for path in ("/conversations/AAAAAAAAAAAAAAAAAAAAAA", "/conversations/-/turns/1000001"):
            answer = httpx.get(served.url + path, headers=headers)
            assert (answer.status_code, escape(words.gone_conversation) in answer.text) == (404, True)
            assert words.library_error not in answer.text


def test_a_damaged_file_of_conversations_is_told_to_every_tab(served: Running) -> None:
    desk = served.desk
    desk.begin(Asked("储备粮的日常保管由谁负责？"))
    desk.conversations.close()
    path = desk.conversations.path
    path.write_bytes(b"no conversations <script>" * 500)
    for _ in range(2):
        listed = httpx.get(f"{served.url}/conversations", headers=OWN).text
        assert CHINESE.conversations_damaged in listed
        assert "damaged&#45;" in listed
        assert "<script>" not in listed


def test_conversations_that_cannot_be_read_are_told_where_they_would_be_listed(served: Running) -> None:
    desk = served.desk
    desk.conversations.path.mkdir(parents=True)
    listed = httpx.get(f"{served.url}/conversations", headers=OWN)
    assert (listed.status_code, CHINESE.conversation_error in listed.text) == (200, True)


def test_a_question_asked_before_the_page_turned_to_the_sample_is_answered_and_kept_where_it_was_asked(
    tmp_path: Path,
) -> None:
    gate = threading.Event()

    class Slow(FakeEmbedder):
        def encode_queries(self, texts: Any) -> Any:
            gate.wait(30)
            return super().encode_queries(texts)

    write(tmp_path / "texts", TEXTS)
    before = make_assistant(tmp_path, Slow())
    before.update()
    other = FakeAssistant()
    made: list[Path] = []

    def make(library: Path) -> Any:
        made.append(library)
        other.library = library
        return other

    desk = Desk(before, make)
    index = before.index_dir
    underway = desk.begin(Asked(QUESTION))
    tabs = [threading.Thread(target=desk.use_sample) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(made) == 1
    del before
    gate.set()
    assert "保密承诺书" in underway.settled.result(30).text
    kept = Conversations(index / "conversations.sqlite")
    until(lambda: kept.open(underway.conversation).turns[0].kind == "answered")
    kept.close()
    desk.close()


def test_the_page_turns_to_the_sample_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks meanwhile is answered from the library that the question is kept with."""
    write(tmp_path / "texts", TEXTS)
    before, other = make_assistant(tmp_path), FakeAssistant()
    desk = Desk(before, lambda library: other)  # type: ignore[arg-type,return-value]
    seen: list[object] = []

    def opened(path: Path) -> Conversations:
        seen.append(desk.assistant)
        return Conversations(path)

    monkeypatch.setattr("ui.desk.Conversations", opened)
    desk.use_sample()
    assert seen == [before]
    assert desk.assistant is other
    desk.close()
