"""An update that is killed at any system call leaves a library that answers, and the next update completes."""

from __future__ import annotations

import pytest

from tests.index.faults.runner import CHANGING, Fault, Runner
from tests.index.faults.scenario import Bench, Failure, Prepared, every_update, hold, one_update, told, write_tree

pytestmark = pytest.mark.timeout(1800)  # seconds; hundreds of updates, on a busy machine


def killed_at(prepared: Prepared, runner: Runner, number: int, mode: str) -> tuple[bool, Failure | None]:
    write_tree(runner.index, prepared.base)
    kinds = ("write",) if mode == "half" else CHANGING
    result = prepared.update(runner, Fault(mode, kinds, at=number))
    calls = runner.calls()
    notes = {call.path for call in calls if call.kind == "note"}
    was_killed = "signal" in result
    wrong = [] if was_killed or result["error"] is None else [f"without a fault: {result['error']}"]
    wrong += hold(prepared, runner, published="publish" in notes, done="done" in notes)
    return was_killed, Failure(f"killed at {number} ({calls[-1]})", wrong) if wrong else None


@every_update
def test_killed_before_every_call(bench: Bench, prepared: Prepared) -> None:
    points, failures = bench.every_call(lambda runner, number: killed_at(prepared, runner, number, "kill"))
    told(f"killed before a call, update “{prepared.scenario.name}”", points, failures)
    assert points > 50


@one_update
def test_killed_in_the_middle_of_every_write(bench: Bench, prepared: Prepared) -> None:
    points, failures = bench.every_call(lambda runner, number: killed_at(prepared, runner, number, "half"))
    told(f"killed in the middle of a write, update “{prepared.scenario.name}”", points, failures)
    assert points > 25
