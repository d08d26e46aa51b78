"""Checking, repairing, cleaning up and asking its own questions: one at a time, and never during an update."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import IndexBusyError
from assistant.evaluation.last_run import LastRun
from assistant.types import Changes, CheckReport, GcReport, Progress
from tests.index.library import TEXTS, make_assistant, write
from tests.ui.fake_library import FakeAssistant
from tests.ui.test_shelf_updates import ended, until
from ui.messages import CHINESE
from ui.shelf.state import UPDATE_INTERVAL, view
from ui.shelf.updates import Updates
from ui.shelf.upkeep import StoppedWorkError


class Checked(FakeAssistant):
    """A fake whose check can be held between its documents."""

    def __init__(self) -> None:
        super().__init__()
        self.checking = threading.Semaphore(0)
        self.mending: list[bool] = []

    def check(self, *, repair: bool = False, on_progress: Callable[[Progress], None] | None = None) -> CheckReport:
        self.mending.append(repair)
        for done in range(4):
            if on_progress:
                on_progress(Progress("check", documents=done, documents_total=4))
            self.checking.acquire(timeout=30)
        return super().check()


def test_a_check_goes_on_beside_questions_and_not_beside_an_update() -> None:
    fake = Checked()
    updates = Updates(fake)
    assert updates.upkeep.start("check")
    until(lambda: updates.upkeep.progress.documents_total == 4)
    assert fake.ask("储备粮的日常保管由谁负责？").answered
    assert not updates.upkeep.start("clean")
    updates.start()
    assert not updates.running
    shown = view(fake, updates, CHINESE)
    assert (shown.work, shown.work_stoppable, shown.interval) == ("check", True, UPDATE_INTERVAL)
    assert (shown.going, shown.share) == ("正在检查 0/4", 0.0)
    fake.checking.release(4)
    until(lambda: not updates.upkeep.running)
    assert isinstance(updates.upkeep.ended["check"].outcome, CheckReport)
    assert view(fake, updates, CHINESE).work == ""
    assert view(fake, updates, CHINESE).seen != shown.seen
    updates.start()
    ended(updates)
    assert fake.generation == 4


def test_nothing_else_is_done_during_an_update() -> None:
    fake = FakeAssistant()
    fake.steps = threading.Semaphore(0)
    updates = Updates(fake)
    updates.start()
    assert not updates.upkeep.start("repair")
    fake.steps.release(10)
    ended(updates)
    assert updates.upkeep.start("clean")
    until(lambda: "clean" in updates.upkeep.ended)
    assert isinstance(updates.upkeep.ended["clean"].outcome, GcReport)


def test_a_check_can_be_stopped() -> None:
    fake = Checked()
    updates = Updates(fake)
    updates.upkeep.start("check")
    until(lambda: bool(fake.mending))
    updates.upkeep.stop()
    assert updates.upkeep.stopping
    assert "正在停止…" in view(fake, updates, CHINESE).work_progress
    fake.checking.release()
    until(lambda: not updates.upkeep.running)
    assert isinstance(updates.upkeep.ended["check"].outcome, StoppedWorkError)


def test_a_repair_takes_the_place_of_the_check_before_it() -> None:
    fake = Checked()
    fake.checking.release(100)
    updates = Updates(fake)
    updates.upkeep.start("check")
    until(lambda: not updates.upkeep.running)
    updates.upkeep.start("repair")
    until(lambda: not updates.upkeep.running)
    assert set(updates.upkeep.ended) == {"repair"}
    assert fake.mending == [False, True]


def test_what_fails_is_kept_to_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeAssistant()
    failure = IndexBusyError("Another process is updating.")

    def gc() -> GcReport:
        raise failure

    monkeypatch.setattr(fake, "gc", gc)
    updates = Updates(fake)
    updates.upkeep.start("clean")
    until(lambda: "clean" in updates.upkeep.ended)
    assert updates.upkeep.ended["clean"].outcome is failure


def test_following_waits_for_a_check(tmp_path: Path) -> None:
    fake = Checked()
    (tmp_path / "texts").mkdir()
    fake.settings = fake.settings.model_copy(update={"library": tmp_path / "texts", "index": tmp_path / "index"})
    updates = Updates(fake)
    updates.upkeep.start("check")
    updates.follow(on=True)
    fake.changes = Changes(("a.txt",), (), ())
    (tmp_path / "texts" / "a.txt").write_text("文")
    until(lambda: bool(fake.mending))
    assert fake.updates == 0
    fake.checking.release(4)
    until(lambda: fake.generation == 4)
    updates.close()
    ended(updates)


def test_own_questions_are_run_and_compared_with_the_run_before(tmp_path: Path) -> None:
    write(tmp_path / "texts", TEXTS)
    assistant = make_assistant(tmp_path)
    assistant.update()
    updates = Updates(assistant)
    upkeep = updates.upkeep
    upkeep.start("questions")
    until(lambda: "questions" in upkeep.ended)
    assert "no questions of its own yet" in str(upkeep.ended["questions"].outcome)
    (assistant.index_dir / "questions.jsonl").write_text('{"question": "谁签字？", "answerable": false}\n', "utf-8")
    for before in (None, LastRun):
        upkeep.start("questions")
        until(lambda: "questions" in upkeep.ended)
        last = upkeep.ended["questions"]
        assert isinstance(last.outcome, LastRun)
        assert isinstance(last.before, before or type(None))
    assistant.close()
