"""The update, the preview and the following that all tabs of a page share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import IndexBusyError, LibraryError
from assistant.types import Changes, Status
from tests.index.library import make_assistant, write
from tests.ui.fake_library import FakeAssistant
from tests.waiting import until
from ui.messages import CHINESE
from ui.shelf import state
from ui.shelf import updates as updates_module
from ui.shelf.updates import Updates


def shown(fake: FakeAssistant, updates: Updates) -> str:
    """What the page says of the update, with its punctuation."""
    return state.view(fake, updates, CHINESE).progress.replace("&#47;", "/")


def previewed(fake: FakeAssistant, updates: Updates) -> str:
    return state.view(fake, updates, CHINESE).preview.replace("&#47;", "/").replace("&#46;", ".")


def ended(updates: Updates) -> None:
    until(lambda: not updates.running)


def test_one_update_for_all_tabs_while_questions_are_answered() -> None:
    fake = FakeAssistant()
    fake.changes = Changes(("新.md",), (), ())
    fake.steps = threading.Semaphore(0)
    updates = Updates(fake)
    updates.start()
    first = updates._thread
    updates.start()
    assert updates._thread is first
    until(lambda: "0/240 个窗口" in shown(fake, updates))
    view = state.view(fake, updates, CHINESE)
    assert (view.updating, view.interval) == (True, state.UPDATE_INTERVAL)
    assert (view.going, view.share) == ("正在计算向量 0%，还需约 6 秒", 0.0)
    assert fake.ask("储备粮的日常保管由谁负责？").answered
    fake.steps.release(10)
    ended(updates)
    view = state.view(fake, updates, CHINESE)
    assert "索引已更新" in view.progress
    assert "4 篇文档" in (view.library or "")
    assert fake.generation == 4


def test_the_outcome_of_an_update_leaves_the_page_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeAssistant()
    updates = Updates(fake)
    updates.start()
    ended(updates)
    assert shown(fake, updates)
    monkeypatch.setattr(state, "REPORT_SHOWN", 0.0)
    assert shown(fake, updates) == ""


@pytest.mark.parametrize(
    ("failure", "told"),
    [(IndexBusyError("Another process is updating."), "另一个程序正在更新这个索引"), (OSError("secret"), "出了意外")],
)
def test_an_update_that_fails_says_so_until_the_next(failure: Exception, told: str) -> None:
    fake = FakeAssistant()
    fake.update_failure = failure
    updates = Updates(fake)
    updates.start()
    ended(updates)
    markup = shown(fake, updates)
    assert "索引没有更新，原来的仍可使用" in markup
    assert told in markup
    assert "secret" not in markup
    assert fake.ask("每年轮换多少储备粮？").answered
    fake.update_failure = None
    updates.start()
    ended(updates)
    assert "索引没有更新" not in shown(fake, updates)


@pytest.mark.parametrize("known", [False, True])
def test_nobody_waits_for_a_slow_drive(monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    """What was found before is shown; and one look goes on, however many ask for it."""
    monkeypatch.setattr(updates_module, "LOOK_WAITED", 0.01)
    monkeypatch.setattr(updates_module, "FIRST_LOOK_WAITED", 0.01)
    fake = FakeAssistant()
    updates = Updates(fake)
    if known:
        assert not state.view(fake, updates, CHINESE).wanted
        updates.look_anew()
    look, looks, gate = fake.status, [], threading.Event()

    def slowly() -> Status:
        looks.append(fake.changes)
        gate.wait(30)
        return look()

    monkeypatch.setattr(fake, "status", slowly)
    for _ in range(3):
        view = state.view(fake, updates, CHINESE)
        assert ("drive is slow" in (view.welcome or "")) is not known
        assert ("索引是最新的" in (view.library or "")) is known
    assert len(looks) == 1
    fake.changes = Changes(("新.md",), (), ())
    updates.look_anew()
    gate.set()
    until(lambda: state.view(fake, updates, CHINESE).wanted)


def test_what_an_update_that_ended_changed_is_seen_at_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where looking takes so long that it is done now and then only."""
    monkeypatch.setattr(updates_module, "LOOK_SHARE", 1e-9)
    fake = FakeAssistant()
    fake.changes = Changes(("新.md",), (), ())
    updates = Updates(fake)
    assert state.view(fake, updates, CHINESE).wanted
    fake.changes = Changes()
    assert state.view(fake, updates, CHINESE).wanted  # from the look before
    updates.start()
    ended(updates)
    assert not state.view(fake, updates, CHINESE).wanted


def test_a_stopped_update_is_no_error_and_says_what_is_kept() -> None:
    fake = FakeAssistant()
    fake.steps = threading.Semaphore(2)
    updates = Updates(fake)
    updates.start()
    until(lambda: "80/240" in shown(fake, updates))
    updates.stop()
    view = state.view(fake, updates, CHINESE)
    assert view.stopping
    assert "正在停止…" in view.progress
    fake.steps.release()
    ended(updates)
    assert "已停止更新；算好的 80 个窗口都留着，下次更新接着做" in shown(fake, updates)
    assert "failed" not in shown(fake, updates)
    assert fake.generation == 3
    fake.steps.release(10)
    updates.start()
    ended(updates)
    assert fake.generation == 4
    assert "已停止" not in shown(fake, updates)


def test_stopping_when_nothing_runs_does_nothing() -> None:
    fake = FakeAssistant()
    updates = Updates(fake)
    updates.stop()
    updates.start()
    ended(updates)
    assert fake.generation == 4


def test_a_preview_is_made_in_the_background_and_shown_to_all() -> None:
    fake = FakeAssistant()
    fake.changes = Changes(("新.md",), ("改.md",), ())
    fake.reading = threading.Semaphore(0)
    updates = Updates(fake)
    updates.start_preview()
    until(lambda: "0/4" in previewed(fake, updates))
    first = updates._preview_thread
    updates.start_preview()  # one at a time
    assert updates._preview_thread is first
    view = state.view(fake, updates, CHINESE)
    assert (view.wanted, view.interval) == (True, state.UPDATE_INTERVAL)
    fake.reading.release(10)
    until(lambda: not updates.previewing)
    markup = previewed(fake, updates)
    assert "新.md" in markup
    assert "要计算 480 个窗口，约需 12 秒" in markup
    assert fake.generation == 3


def test_a_preview_says_nothing_about_what_comes_after_an_update() -> None:
    fake = FakeAssistant()
    fake.changes = Changes(("新.md",), (), ())
    updates = Updates(fake)
    updates.start_preview()
    until(lambda: not updates.previewing)
    assert "新.md" in previewed(fake, updates)
    updates.start()
    ended(updates)
    assert previewed(fake, updates) == ""


def test_a_preview_that_an_update_overtakes_is_given_up() -> None:
    fake = FakeAssistant()
    fake.reading = threading.Semaphore(0)
    updates = Updates(fake)
    updates.start_preview()
    thread = updates._preview_thread
    assert thread
    until(lambda: updates.preview_progress.stage == "read")
    updates.start()
    ended(updates)
    fake.reading.release()  # one step of four: it is not read to the end
    thread.join(10)
    assert not thread.is_alive()
    assert updates.preview is None
    assert not updates.previewing


def test_a_preview_is_void_once_the_texts_are_others() -> None:
    fake = FakeAssistant()
    fake.changes = Changes(("新.md",), (), ())
    updates = Updates(fake)
    updates.start_preview()
    until(lambda: not updates.previewing)
    fake.changes = Changes(("新.md", "又.md"), (), ())
    assert previewed(fake, updates) == ""


def test_a_preview_that_fails_says_so() -> None:
    fake = FakeAssistant()
    fake.preview_failure = LibraryError("The folder /x cannot be read.")
    updates = Updates(fake)
    updates.start_preview()
    until(lambda: not updates.previewing)
    assert "没能预览" in previewed(fake, updates)
    fake.preview_failure = RuntimeError("secret")
    updates.start_preview()
    until(lambda: not updates.previewing)
    assert "出了意外" in previewed(fake, updates)
    assert "secret" not in previewed(fake, updates)


def test_no_preview_during_an_update() -> None:
    fake = FakeAssistant()
    fake.steps = threading.Semaphore(0)
    updates = Updates(fake)
    updates.start()
    updates.start_preview()
    assert not updates.previewing
    fake.steps.release(10)
    ended(updates)


def test_following_updates_by_itself_until_it_is_left(tmp_path: Path) -> None:
    write(tmp_path / "texts", {"a.txt": "第一段文字。"})
    assistant = make_assistant(tmp_path, watch_seconds=0.2)
    updates = Updates(assistant)
    try:
        updates.follow(on=True)
        until(lambda: assistant.status().documents == 1)  # what was new before is taken up as well
        write(tmp_path / "texts", {"b.txt": "第二段文字。"})
        until(lambda: assistant.status().documents == 2)
        ended(updates)
        assert updates.following
        updates.follow(on=False)
        write(tmp_path / "texts", {"c.txt": "第三段文字。"})
        time.sleep(1)
        assert assistant.status().documents == 2
    finally:
        updates.close()
        ended(updates)
        assistant.close()


@pytest.fixture
def followed(tmp_path: Path) -> FakeAssistant:
    """A fake over a real folder, so that there is something to follow."""
    fake = FakeAssistant()
    (tmp_path / "texts").mkdir()
    fake.settings = fake.settings.model_copy(update={"library": tmp_path / "texts", "index": tmp_path / "index"})
    return fake


def edit(fake: FakeAssistant, name: str) -> None:
    fake.changes = Changes((name,), (), ())
    (fake.settings.library / name).write_text("文")


def test_edits_made_during_an_update_lead_to_another_one(followed: FakeAssistant) -> None:
    followed.steps = threading.Semaphore(0)
    updates = Updates(followed)
    updates.follow(on=True)
    edit(followed, "a.txt")
    until(lambda: updates.running)
    edit(followed, "b.txt")
    followed.steps.release(6)
    until(lambda: followed.generation == 4)
    until(lambda: updates.running and followed.updates == 2)
    followed.steps.release(6)
    until(lambda: followed.generation == 5)
    ended(updates)
    updates.close()


def test_an_edit_during_an_update_of_somebody_waits_for_it(followed: FakeAssistant) -> None:
    followed.steps = threading.Semaphore(0)
    updates = Updates(followed)
    updates.start()
    updates.follow(on=True)
    edit(followed, "a.txt")
    time.sleep(1)
    assert followed.updates == 1
    followed.steps.release(6)
    until(lambda: followed.generation == 4)
    followed.steps.release(6)
    until(lambda: followed.generation == 5)
    ended(updates)
    updates.close()


def test_an_edit_that_leaves_the_texts_as_they_were_updates_nothing(followed: FakeAssistant) -> None:
    updates = Updates(followed)
    updates.follow(on=True)
    (followed.settings.library / "a.txt").write_text("文")
    time.sleep(1.5)
    assert followed.updates == 0
    assert updates.outcome is None
    updates.close()


def test_an_error_of_an_update_by_itself_is_shown_like_that_of_any(followed: FakeAssistant) -> None:
    followed.update_failure = LibraryError("The folder /x holds no text that can be read.")
    updates = Updates(followed)
    updates.follow(on=True)
    edit(followed, "a.txt")
    until(lambda: "索引没有更新，原来的仍可使用" in shown(followed, updates))
    assert updates.following
    followed.update_failure = None
    edit(followed, "b.txt")
    until(lambda: "索引已更新" in shown(followed, updates))
    updates.close()


def test_where_another_process_updates_it_tries_again(followed: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates_module, "BUSY_SECONDS", 0.1)
    followed.update_failure = IndexBusyError("Another process is updating.")
    updates = Updates(followed)
    updates.follow(on=True)
    edit(followed, "a.txt")
    until(lambda: followed.updates >= 2)
    followed.update_failure = None
    until(lambda: followed.generation == 4)
    updates.close()


def test_an_index_that_another_process_brought_up_to_date_meanwhile_needs_nothing(
    followed: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates_module, "BUSY_SECONDS", 0.1)
    followed.update_failure = IndexBusyError("Another process is updating.")
    updates = Updates(followed)
    updates.follow(on=True)
    edit(followed, "a.txt")
    until(lambda: followed.updates >= 1)
    followed.changes = Changes()
    time.sleep(0.5)
    tried = followed.updates
    time.sleep(0.5)
    assert followed.updates == tried
    updates.close()


def test_stopping_an_update_leaves_the_folder_unfollowed_and_says_so(followed: FakeAssistant) -> None:
    followed.steps = threading.Semaphore(1)
    updates = Updates(followed)
    updates.follow(on=True)
    edit(followed, "a.txt")
    until(lambda: "40/240" in shown(followed, updates))
    edit(followed, "b.txt")  # would begin at once what is being ended
    updates.stop()
    assert not updates.following
    followed.steps.release(10)
    ended(updates)
    assert "算好的 40 个窗口都留着，下次更新接着做；自动更新也关了" in shown(followed, updates)
    time.sleep(1)
    assert followed.updates == 1


@pytest.mark.parametrize("leave", [lambda updates: updates.follow(on=False), Updates.close])
def test_nothing_begins_by_itself_once_the_folder_is_left(
    followed: FakeAssistant, monkeypatch: pytest.MonkeyPatch, leave: Callable[[Updates], None]
) -> None:
    """Also where it is left between the look at the texts and the update that follows from it."""
    updates = Updates(followed)
    looked = threading.Event()

    def is_wanted() -> bool:
        leave(updates)
        looked.set()
        return True

    monkeypatch.setattr(updates, "_is_wanted", is_wanted)
    updates.follow(on=True)
    edit(followed, "a.txt")
    watch = updates._watch
    assert watch is not None
    assert looked.wait(10)
    watch._thread.join(10)
    ended(updates)
    assert followed.updates == 0
