"""Figures as Markdown tables, for the terminal and for a README. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation.figures import Figures
from assistant.evaluation.judging import LEGS
from assistant.evaluation.sets import Reached

_RETRIEVAL = {
    "hit_at_1": "hit@1",
    "hit_at_5": "hit@5",
    "hit_at_10": "hit@10",
    "mrr_at_10": "MRR@10",
    "ndcg_at_10": "nDCG@10",
}
_OTHERS = {
    "answering.decisive": "decisive sentence holds an answer",
    "answering.any_shown": "any sentence shown holds an answer",
    "answering.best_citation_on_span": "best citation meets the gold span",
    "answering.exact_match": "decisive sentence = answer (CMRC exact match)",
    "answering.character_f1": "decisive sentence, CMRC F1",
    "answering.word_f1": "decisive sentence, SQuAD word F1",
    "citations.equal": "quotes equal to their spans",
    "citations.gold_document": "quotes from a gold document",
    "citations.span_precision": "quotes that meet the gold span",
    "citations.span_recall": "gold spans met by a quote",
    "refusal.answerable_answered": "answerable questions answered",
    "refusal.unanswerable_refused": "unanswerable questions refused",
    "refusal.random_refused": "… random ones",
    "refusal.adversarial_refused": "… adversarial ones",
    "refusal.unanswerable_auroc": "AUROC of the confidence",
    "refusal.random_auroc": "… against random ones",
    "refusal.adversarial_auroc": "… against adversarial ones",
    "refusal.precision": "refusal, precision",
    "refusal.recall": "refusal, recall",
    "refusal.f1": "refusal, F1",
    "refusal.calibration_error": "expected calibration error",
}


def report(sets: Mapping[str, Figures], targets: Sequence[Reached]) -> str:
    """The tables of one run: retrieval, everything else, targets."""
    parts = [_retrieval_table(sets), _others_table(sets)]
    if targets:
        parts.append(_targets_table(targets))
    return "\n\n".join(part for part in parts if part)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column is words, the others are figures."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _retrieval_table(sets: Mapping[str, Figures]) -> str:
    rows = [
        [f"{name}, {leg}", *(_figure(figures.get(f"{leg}.{measure}")) for measure in _RETRIEVAL)]
        for name, figures in sets.items()
        for leg in LEGS
        if f"{leg}.ndcg_at_10" in figures
    ]
    return markdown_table(["retrieval", *_RETRIEVAL.values()], rows) if rows else ""


def _others_table(sets: Mapping[str, Figures]) -> str:
    times = sorted({name for figures in sets.values() for name in figures if name.startswith("time.")})
    labels = _OTHERS | {name: _time_label(name) for name in times}
    rows = [["questions (answerable)", *(f"{f['questions']:.0f} ({f['answerable']:.0f})" for f in sets.values())]]
    rows += [
        [label, *(_milliseconds(f.get(name)) if name in times else _figure(f.get(name)) for f in sets.values())]
        for name, label in labels.items()
        if any(name in figures for figures in sets.values())
    ]
    return markdown_table(["", *sets], rows)


def _time_label(name: str) -> str:
    stage, share = name.removeprefix("time.").removesuffix("_ms").rsplit("_", 1)
    return f"… {stage.removeprefix('stage.')} {share}, ms" if stage.startswith("stage.") else f"{stage} {share}, ms"


def _targets_table(targets: Sequence[Reached]) -> str:
    rows = [
        [
            f"{reached.target.set}: {reached.target.figure}",
            f"{reached.target.at_least:.4f}",
            "–" if reached.value is None else f"{reached.value:.4f}",
            "not measured" if reached.value is None else "yes" if reached.met else "**NO**",
        ]
        for reached in targets
    ]
    return markdown_table(["target", "at least", "reached", "met"], rows)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
