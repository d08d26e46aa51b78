"""Figures as Markdown tables, for the terminal and for a README. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation.comparison import Comparison
from assistant.evaluation.figures import Figures
from assistant.evaluation.judging import LEGS
from assistant.evaluation.labels import GROUPS, RETRIEVAL, label, shown
from assistant.evaluation.sets import Reached, Target

_MOST_CASES = 10


def report(sets: Mapping[str, Figures], targets: Sequence[Reached]) -> str:
    """The tables of one run: retrieval, everything else, targets."""
    parts = [_retrieval_table(sets), _others_table(sets)]
    if targets:
        parts.append(_targets_table(targets))
    return "\n\n".join(part for part in parts if part)


def comparison_report(comparisons: Sequence[Comparison]) -> str:
    """What changed since an earlier run: the figures that differ, and the questions that got better or worse."""
    parts = []
    for one in comparisons:
        rows = [
            [label(c.name).name, shown(c.name, c.before), shown(c.name, c.after), f"{c.difference:+.3f}"]
            for c in one.changes
            if c.differs and not c.name.startswith("time.")
        ]
        parts.append(
            markdown_table([f"{one.name}, since {one.earlier}", "before", "now", "difference"], rows)
            if rows
            else f"{one.name}: no figure differs from {one.earlier} (time aside)."
        )
        parts.append(one.verdict)
        for sign, moves in (("+", one.better), ("-", one.worse)):
            parts.extend(f"  {sign} {move.before} → {move.after}: {move.question}" for move in moves[:_MOST_CASES])
            if len(moves) > _MOST_CASES:
                parts.append(f"  {sign} … and {len(moves) - _MOST_CASES:,} more")
    return "\n".join(parts)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column is words, the others are figures."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _retrieval_table(sets: Mapping[str, Figures]) -> str:
    rows = [
        [f"{name}, {leg}", *(shown(measure, figures.get(f"{leg}.{measure}")) for measure in RETRIEVAL)]
        for name, figures in sets.items()
        for leg in LEGS
        if f"{leg}.ndcg_at_10" in figures
    ]
    return markdown_table(["retrieval", *(measure.name for measure in RETRIEVAL.values())], rows) if rows else ""


def _others_table(sets: Mapping[str, Figures]) -> str:
    times = sorted({name for figures in sets.values() for name in figures if name.startswith("time.")})
    names = [*(name for group in GROUPS.values() for name in group), *times]
    rows = [["questions (answerable)", *(f"{f['questions']:.0f} ({f['answerable']:.0f})" for f in sets.values())]]
    rows += [
        [label(name).name, *(shown(name, figures.get(name)) for figures in sets.values())]
        for name in names
        if any(name in figures for figures in sets.values())
    ]
    return markdown_table(["", *sets], rows)


def _targets_table(targets: Sequence[Reached]) -> str:
    rows = [
        [
            f"{reached.target.set}: {reached.target.figure}",
            _limit(reached.target),
            "–" if reached.value is None else f"{reached.value:.4f}",
            "not measured" if reached.value is None else "yes" if reached.met else "**NO**",
        ]
        for reached in targets
    ]
    return markdown_table(["target", "limit", "reached", "met"], rows)


def _limit(target: Target) -> str:
    limits = (("≥", target.at_least), ("≤", target.at_most))
    return ", ".join(f"{sign} {limit:.4f}" for sign, limit in limits if limit is not None)
