"""The outcomes of many cases summed up: a flat mapping from a figure's dotted name to its value.

A figure that no case bears on is left out, so that nothing is reported that was not measured. `labels` says what each
means in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from statistics import fmean
from typing import Any, TypeVar

from assistant.evaluation.judging import LEGS, Outcome
from assistant.evaluation.metrics import (
    area_under_risk_coverage,
    auroc,
    expected_calibration_error,
    percentile,
    refusal_scores,
    reliability,
    risk_coverage,
)

Figures = dict[str, float]
_T = TypeVar("_T")


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Every figure of one set of questions."""
    return {
        "questions": float(len(outcomes)),
        "answerable": float(sum(outcome.case.answerable is True for outcome in outcomes)),
        **_retrieval(outcomes),
        **_answering(outcomes),
        **_citations(outcomes),
        **_refusal(outcomes),
        **_selection(outcomes),
        **_times(outcomes),
    }


def curves(outcomes: Sequence[Outcome]) -> dict[str, list[dict[str, Any]]]:
    """The risk–coverage curve of right answers, and the reliability of the confidence that there is an answer at all
    and that the answer is right.
    """
    confidences, right = _judged(outcomes)
    told = [outcome for outcome in outcomes if outcome.case.answerable is not None]
    everything = [outcome.confidence for outcome in told]
    answerable = [bool(outcome.case.answerable) for outcome in told]
    return {
        "risk_coverage": [asdict(point) for point in risk_coverage(confidences, right)],
        "reliability": [asdict(row) for row in reliability(everything, answerable)],
        "reliability_right": [asdict(row) for row in reliability(confidences, right)],
    }


def _judged(outcomes: Sequence[Outcome]) -> tuple[list[float], list[bool]]:
    known = [outcome for outcome in outcomes if outcome.right is not None]
    return [outcome.confidence for outcome in known], [bool(outcome.right) for outcome in known]


def _retrieval(outcomes: Sequence[Outcome]) -> Figures:
    judged = [outcome.retrieval for outcome in outcomes if outcome.retrieval]
    if not judged:
        return {}
    return {f"{leg}.{name}": fmean(row[leg][name] for row in judged) for leg in LEGS for name in judged[0][leg]}


def _answering(outcomes: Sequence[Outcome]) -> Figures:
    answerable = [outcome for outcome in outcomes if outcome.case.answerable]
    return {
        **_mean("answering.right", answerable, lambda o: None if o.right is None else o.answered and o.right),
        **_mean("answering.decisive", outcomes, lambda outcome: outcome.decisive_holds),
        **_mean("answering.any_shown", outcomes, lambda outcome: outcome.shown_holds),
        **_mean("answering.best_citation_on_span", outcomes, lambda outcome: outcome.best_on_gold_span),
        **_mean("answering.exact_match", outcomes, lambda outcome: outcome.closeness.get("exact_match")),
        **_mean("answering.character_f1", outcomes, lambda outcome: outcome.closeness.get("character_f1")),
        **_mean("answering.word_exact_match", outcomes, lambda outcome: outcome.closeness.get("word_exact_match")),
        **_mean("answering.word_f1", outcomes, lambda outcome: outcome.closeness.get("word_f1")),
    }


def _citations(outcomes: Sequence[Outcome]) -> Figures:
    cited = [one for outcome in outcomes for one in outcome.cited]
    return {
        **_mean("citations.equal", cited, lambda one: one.equal),
        **_mean("citations.gold_document", cited, lambda one: one.on_gold_document),
        **_mean("citations.precision", cited, lambda one: one.on_gold_sentence),
        **_mean("citations.recall", outcomes, lambda outcome: outcome.gold_cited),
        **_mean("citations.rejected_avoided", outcomes, _avoided),
    }


def _avoided(outcome: Outcome) -> bool | None:
    return None if outcome.unwanted_cited is None else not outcome.unwanted_cited


def _refusal(outcomes: Sequence[Outcome]) -> Figures:
    with_answer = [outcome for outcome in outcomes if outcome.case.answerable]
    without = [outcome for outcome in outcomes if outcome.case.answerable is False]
    kinds = {
        "unanswerable": without,
        "random": [outcome for outcome in without if outcome.case.kind == "random"],
        "adversarial": [outcome for outcome in without if outcome.case.kind == "adversarial"],
    }
    reached = _mean("refusal.answerable_answered", with_answer, lambda outcome: outcome.answered)
    for kind, members in kinds.items():
        reached |= _mean(f"refusal.{kind}_refused", members, lambda outcome: not outcome.answered)
        if members and with_answer:
            both = [*with_answer, *members]
            answerable = [bool(outcome.case.answerable) for outcome in both]
            reached[f"refusal.{kind}_auroc"] = auroc([outcome.confidence for outcome in both], answerable)
            scores = asdict(refusal_scores([not outcome.answered for outcome in both], answerable))
            prefix = "" if kind == "unanswerable" else f"{kind}_"
            # The recall of one kind is its share refused, which is there already.
            reached |= {f"refusal.{prefix}{name}": scores[name] for name in scores if not prefix or name != "recall"}
    if without and with_answer:
        reached["refusal.calibration_error"] = expected_calibration_error(
            [outcome.confidence for outcome in (*with_answer, *without)],
            [True] * len(with_answer) + [False] * len(without),
        )
    return reached


def _selection(outcomes: Sequence[Outcome]) -> Figures:
    """What answering only where one is sure brings: the risk is the share of wrong answers among those given."""
    confidences, right = _judged(outcomes)
    if not right:
        return {}
    given = [outcome for outcome in outcomes if outcome.answered and outcome.right is not None]
    return {
        "selection.coverage": len(given) / len(right),
        **_mean("selection.risk", given, lambda outcome: not outcome.right),
        "selection.area": area_under_risk_coverage(risk_coverage(confidences, right)),
        "selection.calibration_error": expected_calibration_error(confidences, right),
    }


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


def _mean(name: str, items: Iterable[_T], of: Callable[[_T], float | None]) -> Figures:
    values = [float(value) for value in map(of, items) if value is not None]
    return {name: fmean(values)} if values else {}
