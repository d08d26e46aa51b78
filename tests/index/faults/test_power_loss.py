"""After a power cut at any moment of an update, whatever was not synced may be gone, and still nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.index.faults.disk import LOSSES, Disk
from tests.index.faults.runner import Call, Fault, Runner
from tests.index.faults.scenario import (
    EVERYTHING,
    Bench,
    Failure,
    Prepared,
    Tree,
    every_update,
    hold,
    one_update,
    read_tree,
    told,
    write_tree,
)

pytestmark = pytest.mark.timeout(1800)  # seconds; hundreds of updates, on a busy machine


@dataclass(frozen=True, slots=True)
class State:
    """What the disk holds after a power cut, and what the update had come to."""

    after: str
    tree: Tree
    published: bool
    done: bool


def recorded(prepared: Prepared, runner: Runner) -> tuple[list[Call], Disk]:
    """The calls of one whole update, and the disk as it was before them."""
    write_tree(runner.index, prepared.base)
    disk = Disk(runner.index, prepared.base)
    result = prepared.update(runner, Fault("count"))
    assert result["error"] is None
    assert result["calls"] > 0
    return runner.calls(), disk


def states(calls: list[Call], disk: Disk) -> Iterator[State]:
    """Every state that differs from those before it. Most is at stake where a run of writes ends."""
    known: set[object] = set()
    notes: set[str] = set()
    following = [*calls[1:], None]
    for number, (call, after) in enumerate(zip(calls, following, strict=True)):
        if call.kind == "note":
            notes.add(call.path)
        else:
            disk.do(call)
        goes_on = call.kind == "write" and after is not None and after.kind == "write" and after.inode == call.inode
        for loss in LOSSES if EVERYTHING or not goes_on else ():
            tree = disk.after(loss, seed=number)
            key = (frozenset(tree.items()), notes >= {"publish"}, notes >= {"done"})
            if key not in known:
                known.add(key)
                yield State(f"{number} ({call}), lost: {loss}", tree, published=key[1], done=key[2])


@every_update
def test_the_log_explains_the_folder(bench: Bench, prepared: Prepared) -> None:
    """No call that changes a file escapes: the logged ones, done again, make the very same folder."""
    runner = bench.runners[0]
    calls, disk = recorded(prepared, runner)
    for call in calls:
        disk.do(call)
    found = {path: content for path, content in read_tree(runner.index).items() if not path.endswith("-shm")}
    assert disk.after("only what other processes shared in memory") == found
    assert {call.kind for call in calls} >= {"open", "write", "sync", "rename", "mkdir", "unlink", "note"}


@one_update
def test_power_cut_after_every_call(bench: Bench, prepared: Prepared) -> None:
    calls, disk = recorded(prepared, bench.runners[0])
    found = list(states(calls, disk))

    def check(runner: Runner, state: State) -> Failure | None:
        write_tree(runner.index, state.tree)
        wrong = hold(prepared, runner, published=state.published, done=state.done)
        return Failure(f"power cut after {state.after}", wrong) if wrong else None

    failures = bench.each(found, check)
    told(f"power cut, update “{prepared.scenario.name}” of {len(calls)} calls", len(found), failures)
    assert len(found) > 100
