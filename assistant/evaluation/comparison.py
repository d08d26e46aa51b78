"""Two runs side by side: every figure's difference, and which questions got better or worse. Works on results files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.labels import label
from assistant.evaluation.metrics import sign_test

_SAME = 5e-4  # a smaller difference does not show in three decimals


@dataclass(frozen=True, slots=True)
class Change:
    """One figure, before and now; None where a run did not measure it."""

    name: str
    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)

    @property
    def differs(self) -> bool:
        return self.before is not None and self.after is not None and abs(self.difference) >= _SAME

    @property
    def better(self) -> bool:
        return (self.difference < 0) == label(self.name).lower_is_better


@dataclass(frozen=True, slots=True)
class Move:
    """One question whose answer got better or worse, or whose first right hit moved."""

    case: str
    question: str
    before: str  # "right", "wrong", "refused", "answered", or a rank
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in one set of questions."""

    name: str
    earlier: str  # when, and of which commit
    changes: tuple[Change, ...]
    questions: int  # in both runs
    better: tuple[Move, ...]
    worse: tuple[Move, ...]
    risen: tuple[Move, ...]  # the first right hit of the fused search
    fallen: tuple[Move, ...]
    settings: tuple[tuple[str, str, str], ...]  # name, before, now: of those that differ

    @property
    def verdict(self) -> str:
        """How many questions changed, and how likely so uneven a change is by chance."""
        better, worse = len(self.better), len(self.worse)
        said = f"Of {self.questions:,} questions in both runs {better:,} got better and {worse:,} worse"
        if not better + worse:
            return f"{said}."
        return f"{said}; by chance alone they would differ so unevenly with probability {sign_test(better, worse):.2g}."


def compare(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> tuple[Comparison, ...]:
    """The sets that both results hold; where each holds a single one, these two, whatever they are called."""
    before, after = earlier["sets"], later["sets"]
    pairs = [(name, before[name], after[name]) for name in after if name in before]
    if not pairs and len(before) == len(after) == 1:
        pairs = [(name, *before.values(), entry) for name, entry in after.items()]
    named = " ".join(filter(None, (str(earlier.get("made_at", ""))[:16].replace("T", " "), commit_of(earlier))))
    return tuple(_compare_set(name, named or "an earlier run", old, new) for name, old, new in pairs)


def verdict_of(case: Mapping[str, Any]) -> str:
    """What became of a question: right, wrong, refused; answered where nobody can tell, or where nothing should be."""
    if not case["answered"]:
        return "refused"
    if case["case"]["answerable"] is False:
        return "answered"
    right = case.get("right")
    if right is None and case.get("unwanted_cited"):
        right = False
    return "answered" if right is None else "right" if right else "wrong"


def is_good(case: Mapping[str, Any]) -> bool:
    """Whether that is what should become of it."""
    answerable = case["case"]["answerable"]
    wanted = ("refused",) if answerable is False else ("right", "answered")
    return verdict_of(case) in wanted or (answerable is None and not case["answered"])


def commit_of(results: Mapping[str, Any]) -> str:
    """The commit a run was made with, shortened; empty where there is none."""
    commit, dirty, _ = str(results.get("commit") or "").partition("-dirty")
    return commit[:10] + dirty


def _compare_set(name: str, earlier: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    old, new = before["figures"], after["figures"]
    # A question is the same one if its words are; ids such as “line 7” move when a line is added above.
    known = {case["case"]["question"]: case for case in before["cases"]}
    pairs = [(known[q], case) for case in after["cases"] if (q := case["case"]["question"]) in known]
    comparable = [(a, b) for a, b in pairs if a["case"]["answerable"] == b["case"]["answerable"]]
    moved = [(is_good(b) - is_good(a), _move(verdict_of(a), verdict_of(b), b)) for a, b in comparable]
    ranked = [
        (_reciprocal(b) - _reciprocal(a), _move(_rank(a), _rank(b), b))
        for a, b in comparable
        if a.get("ranks") and b.get("ranks")
    ]
    settings = before.get("settings", {}), after.get("settings", {})
    return Comparison(
        name,
        earlier,
        tuple(Change(figure, old.get(figure), new.get(figure)) for figure in dict.fromkeys((*new, *old))),
        len(comparable),
        tuple(move for change, move in moved if change > 0),
        tuple(move for change, move in moved if change < 0),
        tuple(move for change, move in sorted(ranked, key=lambda pair: -pair[0]) if change > 0),
        tuple(move for change, move in sorted(ranked, key=lambda pair: pair[0]) if change < 0),
        tuple(
            (key, str(settings[0].get(key, "–")), str(settings[1].get(key, "–")))
            for key in dict.fromkeys((*settings[0], *settings[1]))
            if settings[0].get(key) != settings[1].get(key)
        ),
    )


def _move(before: str, after: str, case: Mapping[str, Any]) -> Move:
    return Move(case["case"]["id"], case["case"]["question"], before, after)


def _rank(case: Mapping[str, Any]) -> str:
    rank = case["ranks"].get("fused")
    return "not found" if rank is None else f"rank {rank}"


def _reciprocal(case: Mapping[str, Any]) -> float:
    rank = case["ranks"].get("fused")
    return 0.0 if rank is None else 1 / rank
