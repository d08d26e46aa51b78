"""An index that may be read and not written: it answers, whatever state it was left in, and an update says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.index.faults.runner import CHANGING, Fault, Runner, seen_of
from tests.index.faults.scenario import CHANGES, Bench, Failure, Prepared, read_tree, told, write_tree

pytestmark = pytest.mark.timeout(1800)  # seconds; hundreds of updates, on a busy machine


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


def wrong_when_read_only(prepared: Prepared, runner: Runner, *, done: bool) -> list[str]:
    """What is wrong when the library is asked and updated without the right to write its index."""
    wrong = []
    before = read_tree(runner.index)
    with read_only(runner.index):
        result = runner.do("as_nobody", model=prepared.scenario.model_after)
    for when in ("look", "again"):
        try:
            seen = seen_of(result[when])
            assert seen is not None, "the index that was there is gone"
            assert seen.same(prepared.new) or (seen.same(prepared.old) and not done), "neither old nor new"
        except AssertionError as error:
            wrong.append(f"{when}: {error}")
    message = result["update"]["error"] or "nothing"
    if not (
        message.startswith("LibraryIndexError: ") and "cannot be written" in message and str(runner.index) in message
    ):
        wrong.append(f"the update raised {message} {result['update']['trace']}")
    if read_tree(runner.index) != before:
        wrong.append("something was written")
    return wrong


def test_an_index_that_was_closed(bench: Bench) -> None:
    prepared = bench.prepare(CHANGES)
    runner = bench.runners[0]
    write_tree(runner.index, prepared.base)
    assert wrong_when_read_only(prepared, runner, done=False) == []


def test_an_index_whose_update_was_killed_at_any_call(bench: Bench) -> None:
    """The newest generation may then be in the write-ahead log alone, or in part in the database."""
    prepared = bench.prepare(CHANGES)

    def check(runner: Runner, number: int) -> tuple[bool, Failure | None]:
        write_tree(runner.index, prepared.base)
        was_killed = "signal" in prepared.update(runner, Fault("kill", CHANGING, number))
        calls = runner.calls()
        done = any(call.kind == "note" and call.path == "done" for call in calls)
        wrong = wrong_when_read_only(prepared, runner, done=done)
        return was_killed, Failure(f"killed at {number} ({calls[-1]})", wrong) if wrong else None

    points, failures = bench.every_call(check)
    told("read only, as a killed update left it", points, failures)
    assert points > 50
