"""A disk that is full or fails, at any call: the update says so, nothing is lost, and with room again it completes."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from tests.index.faults.runner import NEEDING_ROOM, Fault, Runner, seen_of
from tests.index.faults.scenario import Bench, Failure, Prepared, hold, one_update, told, write_tree

FULL = Fault("from", NEEDING_ROOM)  # from a call on; a write is half done first
FULL_ONCE = Fault("once", NEEDING_ROOM)  # another program's file was removed at once
FAILING = Fault("once", ("sync",), error=errno.EIO)

pytestmark = pytest.mark.timeout(1800)  # seconds; hundreds of updates, on a busy machine


def failed_at(prepared: Prepared, runner: Runner, number: int, fault: Fault) -> tuple[bool, Failure | None]:
    write_tree(runner.index, prepared.base)
    here = Fault(fault.mode, fault.kinds, number, fault.error)
    result = prepared.update(runner, here, asks=True, looks=True)
    if result["calls"] < number:
        return False, None
    calls = runner.calls()
    failed = next(call for call in calls if call.error)
    wrong = [] if result["error"] is None else misleading(result, str(runner.index))
    looks = {"asked by the same process at the fault": result["during"]}
    if fault is FULL:
        full = Fault(FULL.mode, FULL.kinds, at=1)
        looks["asked by a fresh process while the disk is full"] = runner.do(
            "ask", full, model=prepared.scenario.model_after
        )
    for when, look in looks.items():
        try:
            seen = seen_of(look)
            assert seen is not None or prepared.old is None, "the index that was there is gone"
            assert seen is None or seen.same(prepared.new) or seen.same(prepared.old), "neither old nor new"
        except AssertionError as error:
            wrong.append(f"{when}: {error}")
    published = any(call.kind == "note" and call.path == "publish" for call in calls)
    # Without an error the update needed no more room, or only its clearing up failed.
    wrong += hold(prepared, runner, published=published, done=result["error"] is None)
    return True, Failure(f"{fault.mode} at {number} ({failed})", wrong) if wrong else None


def misleading(result: dict[str, Any], index: str) -> list[str]:
    """What is wrong with how an update told that it failed: not that the index is damaged, and where it is."""
    error: str = result["error"]
    if not error.startswith("LibraryIndexError: "):
        last = " | ".join(line.strip() for line in result["trace"].splitlines()[-6:-1] if not result["known"])
        return [f"the update raised {error} {last}"]
    told_all = "cannot be written" in error and index in error
    return [] if told_all else [f"the message does not say what happened, and where: {error}"]


@one_update
def test_full_from_every_call_on(bench: Bench, prepared: Prepared) -> None:
    points, failures = bench.every_call(lambda runner, number: failed_at(prepared, runner, number, FULL))
    told(f"disk full from a call on, update “{prepared.scenario.name}”", points, failures)
    assert points > 50


@one_update
def test_full_for_one_call(bench: Bench, prepared: Prepared) -> None:
    points, failures = bench.every_call(lambda runner, number: failed_at(prepared, runner, number, FULL_ONCE))
    told(f"disk full for one call, update “{prepared.scenario.name}”", points, failures)
    assert points > 50


@one_update
def test_a_sync_fails(bench: Bench, prepared: Prepared) -> None:
    points, failures = bench.every_call(lambda runner, number: failed_at(prepared, runner, number, FAILING))
    told(f"a sync fails, update “{prepared.scenario.name}”", points, failures)
    assert points > 20
