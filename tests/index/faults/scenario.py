"""The updates that faults are done to, and what must be true after each fault."""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.index.faults.runner import Runner, Seen, seen_of
from tests.index.library import TEXTS, write

RUNNERS = min(4, os.cpu_count() or 1)
Tree = Mapping[str, bytes | None]  # by path relative to the index; None is a folder
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Scenario:
    """An update: the texts before (none: there is no index yet) and after it, and the models."""

    name: str
    before: Mapping[str, str] | None
    after: Mapping[str, str]
    model_before: str = "fake"
    model_after: str = "fake"


_BEFORE = {**TEXTS, "水利.txt": "水利工程\n\n水库大坝每年汛前检查一次。\n"}
_AFTER = {
    "粮食.txt": _BEFORE["粮食.txt"].replace("二是推广优良品种。", "二是推广优良品种和节水技术。"),
    "保密/办法（旧）.md": _BEFORE["保密/办法.md"],
    "safety.txt": _BEFORE["safety.txt"],
    "档案.txt": "档案管理\n\n档案保存期满二十五年的，应当向社会开放。\n",
}
FIRST = Scenario("first", None, _BEFORE)
CHANGES = Scenario("changes", _BEFORE, _AFTER)  # edited, renamed, added, removed
MODEL = Scenario("model", _BEFORE, _BEFORE, model_after="other")
SCENARIOS = (FIRST, CHANGES, MODEL)
EVERYTHING = os.environ.get("YOUJU_FAULTS") == "all"
every_update = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
one_update = pytest.mark.parametrize(
    "scenario", SCENARIOS if EVERYTHING else (CHANGES,), ids=lambda scenario: scenario.name
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scenario whose texts lie as they are after the change, and the index as it is before the update."""

    scenario: Scenario
    base: Tree
    old: Seen | None
    new: Seen

    def update(self, runner: Runner, *arguments: Any, **values: Any) -> dict[str, Any]:
        return runner.do("update", *arguments, model=self.scenario.model_after, **values)

    def ask(self, runner: Runner, *arguments: Any) -> Seen | None:
        return seen_of(runner.do("ask", *arguments, model=self.scenario.model_after))


@dataclass(frozen=True, slots=True)
class Failure:
    """A fault after which something was not as it must be."""

    point: str
    wrong: Sequence[str]

    def __str__(self) -> str:
        return f"{self.point}: {'; '.join(self.wrong)}"


class Bench:
    """Some runner processes over one library."""

    def __init__(self, root: Path, shim: Path) -> None:
        self.library = root / "texts"
        self._write_texts(_BEFORE)
        self.runners = [Runner(root, f"runner{number}", self.library, shim) for number in range(RUNNERS)]

    def close(self) -> None:
        for runner in self.runners:
            runner.close()

    def prepare(self, scenario: Scenario) -> Prepared:
        runner = self.runners[0]
        self._write_texts(scenario.after)
        write_tree(runner.index, {})
        new = seen_of(runner.do("build", model=scenario.model_after))
        assert new is not None
        assert new.texts == {name: new.texts[name] for name in scenario.after}
        write_tree(runner.index, {})
        old = None
        if scenario.before is not None:
            self._write_texts(scenario.before)
            old = seen_of(runner.do("build", model=scenario.model_before))
            self._write_texts(scenario.after)
        return Prepared(scenario, read_tree(runner.index), old, new)

    def _write_texts(self, texts: Mapping[str, str]) -> None:
        shutil.rmtree(self.library, ignore_errors=True)
        write(self.library, dict(texts))

    def each(self, items: Iterable[Item], work: Callable[[Runner, Item], Failure | None]) -> list[Failure]:
        """Do the work for every item, on all runners at once."""
        free: queue.SimpleQueue[Runner] = queue.SimpleQueue()
        for runner in self.runners:
            free.put(runner)

        def one(item: Item) -> Failure | None:
            runner = free.get()
            try:
                return work(runner, item)
            finally:
                free.put(runner)

        with ThreadPoolExecutor(RUNNERS) as pool:
            return [failure for failure in pool.map(one, items) if failure is not None]

    def every_call(self, work: Callable[[Runner, int], tuple[bool, Failure | None]]) -> tuple[int, list[Failure]]:
        """Do the work for calls 1, 2, … up to the first that is not reached any more; how many were, and failures."""
        reached: list[int] = []
        over = threading.Event()

        def numbers() -> Iterator[int]:
            return itertools.takewhile(lambda _: not over.is_set(), itertools.count(1))

        failures: list[Failure] = []
        source, lock = numbers(), threading.Lock()

        def on_one(runner: Runner, _: object) -> None:
            while True:
                with lock:
                    number = next(source, None)
                if number is None:
                    return
                was_reached, failure = work(runner, number)
                if failure is not None:
                    failures.append(failure)
                if was_reached:
                    reached.append(number)
                else:
                    over.set()

        self.each(self.runners, on_one)
        assert reached
        # Threads of an update may order its calls differently from run to run, and the last ones more or less.
        assert set(range(1, max(reached) + 1)) - set(reached) <= set(range(max(reached) - 3, max(reached)))
        return len(reached), failures


def hold(prepared: Prepared, runner: Runner, *, published: bool, done: bool) -> list[str]:
    """After a fault, in fresh processes: the library answers, and an update completes, whichever comes first.

    `published`: all vectors were committed before, so none is embedded again; `done`: the update had said it is done.
    Returns what is wrong.
    """
    wrong: list[str] = []
    state = read_tree(runner.index)
    seen = None
    with _noted(wrong, "asked"):
        seen = prepared.ask(runner)
        _is_old_or_new(prepared, seen, done=done)
    mended = read_tree(runner.index)
    known = published or (seen is not None and seen.same(prepared.new))
    with _noted(wrong, "updated after that"):
        _completes(prepared, runner, published=known)
    if _without_logs(mended) != _without_logs(state):  # asking mended something: an update must do so, too
        write_tree(runner.index, state)
        with _noted(wrong, "updated without asking before"):
            _completes(prepared, runner, published=known)
    return wrong


@contextlib.contextmanager
def _noted(wrong: list[str], when: str) -> Iterator[None]:
    try:
        yield
    except AssertionError as error:
        wrong.append(f"{when}: {error}")


def _is_old_or_new(prepared: Prepared, seen: Seen | None, *, done: bool) -> None:
    if seen is None:
        assert prepared.old is None, "the index that was there is gone"
        assert not done, "what was said to be done is gone"
        return
    is_new = seen.same(prepared.new)
    assert is_new or seen.same(prepared.old), f"neither the old nor the new library: {_difference(seen, prepared)}"
    assert is_new or not done, "what was said to be done is gone"
    if prepared.old is not None:
        assert seen.generation >= prepared.old.generation
        assert not is_new or seen.generation > prepared.old.generation


def _completes(prepared: Prepared, runner: Runner, *, published: bool) -> None:
    result = prepared.update(runner, looks=True, checks=True)
    assert result["error"] is None, f"the next update: {result['error']}\n{result['trace']}"
    after = seen_of(result["during"])
    assert after is not None
    assert after.same(prepared.new), f"after the next update: {_difference(after, prepared)}"
    assert not result.get("findings"), f"after the next update, a check finds {result['findings']}"
    if published:
        assert not result["embedded"], f"embedded again: {result['embedded'][:3]} …"


def _difference(seen: Seen, prepared: Prepared) -> str:
    new = prepared.new
    return (
        f"documents {sorted(seen.texts)} for {sorted(new.texts)}, counts {seen.counts} for {new.counts}, model "
        f"{seen.model} for {new.model}, other texts "
        f"{sorted(name for name in seen.texts.keys() & new.texts.keys() if seen.texts[name] != new.texts[name])}"
    )


def _without_logs(tree: Tree) -> Tree:
    return {path: content for path, content in tree.items() if not path.endswith(("-shm", "-wal", "lock"))}


def read_tree(folder: Path) -> Tree:
    paths = sorted(folder.rglob("*")) if folder.exists() else []
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in paths}


def write_tree(folder: Path, tree: Tree) -> None:
    """Make a folder hold exactly this; without anything in it, there is no folder."""
    shutil.rmtree(folder, ignore_errors=True)
    if tree:
        folder.mkdir(mode=0o700)
    for path, content in sorted(tree.items()):
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)


def told(title: str, points: int, failures: list[Failure]) -> None:
    """Print how many points were enumerated, and fail with the list of those after which something was wrong."""
    print(f"\n{title}: {points} points, {len(failures)} failed")  # noqa: T201 seen with pytest -s
    shown = "\n".join(str(failure) for failure in failures[:20])
    assert not failures, f"{title}: {len(failures)} of {points} points failed\n{shown}"
