"""The outcomes of many cases summed up: a flat mapping from a figure's dotted name to its value.

A figure that no case bears on is left out, so that nothing is reported that was not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any

from assistant.evaluation.judging import LEGS, Outcome
from assistant.evaluation.metrics import (
    auroc,
    expected_calibration_error,
    percentile,
    refusal_scores,
    reliability,
    risk_coverage,
)

Figures = dict[str, float]


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Every figure of one set of questions."""
    return {
        "questions": float(len(outcomes)),
        "answerable": float(sum(outcome.case.answerable for outcome in outcomes)),
        **_retrieval(outcomes),
        **_answering(outcomes),
        **_citations(outcomes),
        **_refusal(outcomes),
        **_times(outcomes),
    }


def curves(outcomes: Sequence[Outcome]) -> dict[str, list[dict[str, Any]]]:
    """The risk–coverage curve and the reliability table of the confidence that the texts hold an answer."""
    confidences = [outcome.confidence for outcome in outcomes]
    answerable = [outcome.case.answerable for outcome in outcomes]
    return {
        "risk_coverage": [asdict(point) for point in risk_coverage(confidences, answerable)],
        "reliability": [asdict(row) for row in reliability(confidences, answerable)],
    }


def _retrieval(outcomes: Sequence[Outcome]) -> Figures:
    judged = [outcome.retrieval for outcome in outcomes if outcome.retrieval]
    if not judged:
        return {}
    return {f"{leg}.{name}": fmean(row[leg][name] for row in judged) for leg in LEGS for name in judged[0][leg]}


def _answering(outcomes: Sequence[Outcome]) -> Figures:
    return {
        **_mean("answering.decisive", outcomes, lambda outcome: outcome.decisive_holds),
        **_mean("answering.any_shown", outcomes, lambda outcome: outcome.shown_holds),
        **_mean("answering.best_citation_on_span", outcomes, lambda outcome: outcome.best_on_gold_span),
        **_mean("answering.exact_match", outcomes, lambda outcome: outcome.closeness.get("exact_match")),
        **_mean("answering.character_f1", outcomes, lambda outcome: outcome.closeness.get("character_f1")),
        **_mean("answering.word_f1", outcomes, lambda outcome: outcome.closeness.get("word_f1")),
    }


def _citations(outcomes: Sequence[Outcome]) -> Figures:
    cited = [outcome for outcome in outcomes if outcome.quotes]
    return {
        **_ratio("citations.equal", ((o.quotes_equal, len(o.quotes)) for o in cited)),
        **_ratio("citations.gold_document", ((o.on_gold_document, len(o.quotes)) for o in cited)),
        **_ratio("citations.span_precision", ((o.on_gold_span, len(o.quotes)) for o in cited)),
        **_mean("citations.span_recall", outcomes, lambda o: None if o.on_gold_span is None else o.on_gold_span > 0),
    }


def _refusal(outcomes: Sequence[Outcome]) -> Figures:
    with_answer = [outcome for outcome in outcomes if outcome.case.answerable]
    without = [outcome for outcome in outcomes if not outcome.case.answerable]
    kinds = {
        "unanswerable": without,
        "random": [outcome for outcome in without if outcome.case.asked_of is None],
        "adversarial": [outcome for outcome in without if outcome.case.asked_of is not None],
    }
    reached = _mean("refusal.answerable_answered", with_answer, lambda outcome: outcome.answered)
    for kind, members in kinds.items():
        reached |= _mean(f"refusal.{kind}_refused", members, lambda outcome: not outcome.answered)
        if members and with_answer:
            both = [*with_answer, *members]
            reached[f"refusal.{kind}_auroc"] = auroc([o.confidence for o in both], [o.case.answerable for o in both])
    if without and with_answer:
        answerable = [outcome.case.answerable for outcome in outcomes]
        scores = refusal_scores([not outcome.answered for outcome in outcomes], answerable)
        reached |= {f"refusal.{name}": value for name, value in asdict(scores).items()}
        reached["refusal.calibration_error"] = expected_calibration_error([o.confidence for o in outcomes], answerable)
    return reached


def _times(outcomes: Sequence[Outcome]) -> Figures:
    stages: dict[str, list[float]] = {"ask": [outcome.milliseconds for outcome in outcomes]}
    for outcome in outcomes:
        for stage, value in outcome.timings_ms.items():
            stages.setdefault(f"stage.{stage}", []).append(value)
    return {
        f"time.{stage}_{name}_ms": percentile(values, share)
        for stage, values in stages.items()
        if values
        for name, share in (("p50", 0.50), ("p95", 0.95))
    }


def _mean(name: str, outcomes: Iterable[Outcome], of: Callable[[Outcome], float | None]) -> Figures:
    values = [float(value) for value in map(of, outcomes) if value is not None]
    return {name: fmean(values)} if values else {}


def _ratio(name: str, pairs: Iterable[tuple[int | None, int]]) -> Figures:
    known = [(part, whole) for part, whole in pairs if part is not None]
    total = sum(whole for _, whole in known)
    return {name: sum(part for part, _ in known) / total} if total else {}
