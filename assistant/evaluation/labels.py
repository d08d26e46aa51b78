"""What every figure is called, what it means, and which way is better. The order is that of every table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A figure in words."""

    name: str
    meaning: str
    lower_is_better: bool = False
    neutral: bool = False  # neither way is better in itself


RETRIEVAL: Mapping[str, Label] = {
    "hit_at_1": Label("hit@1", "questions whose first hit is a right one"),
    "hit_at_5": Label("hit@5", "questions with a right hit among the first five"),
    "hit_at_10": Label("hit@10", "questions with a right hit among the first ten"),
    "mrr_at_10": Label("MRR@10", "one over the rank of the first right hit, 0 beyond ten, on average"),
    "ndcg_at_10": Label(
        "nDCG@10", "right hits among the first ten, the earlier the more they count; 1 is the best order"
    ),
}

GROUPS: Mapping[str, Mapping[str, Label]] = {
    "answering": {
        "answering.right": Label(
            "first sentence right",
            "of the answerable questions: the first sentence shown, with the list that it begins, says an answer; "
            "where none is given in words, it is quoted from the right place",
        ),
        "answering.decisive": Label("first sentence holds an answer", "word for word, width, case and spaces aside"),
        "answering.any_shown": Label("any sentence shown holds one", "word for word, width, case and spaces aside"),
        "answering.best_citation_on_span": Label("first quote meets the gold span", "where the file gives the place"),
        "answering.exact_match": Label(
            "exact match (CMRC 2018)",
            "what is marked as the answer (or else the first sentence) is an answer and nothing more, punctuation "
            "aside; Chinese",
        ),
        "answering.character_f1": Label(
            "character F1 (CMRC 2018)",
            "longest run of characters that what is marked (or else the first sentence) and an answer share; Chinese",
        ),
        "answering.word_exact_match": Label("exact match (SQuAD)", "the same, by words; other languages"),
        "answering.word_f1": Label(
            "word F1 (SQuAD)", "words that what is marked (or else the first sentence) and an answer share"
        ),
    },
    "citations": {
        "citations.equal": Label("quotes equal to their spans", "anything below 1 is a defect of the program"),
        "citations.gold_document": Label("quotes from a right document", "of all quotes shown"),
        "citations.precision": Label(
            "citation precision",
            "of all quotes shown, those on a gold sentence: one in the given quote or span, or one of a right passage "
            "that says an answer",
        ),
        "citations.recall": Label(
            "citation recall", "share of a question's gold sentences quoted; a refusal quotes none"
        ),
        "citations.rejected_avoided": Label(
            "rejected places not cited",
            "of the questions with a place that does not answer them: the first sentence does not quote it; a refusal "
            "quotes none",
        ),
    },
    "refusal": {
        "refusal.answerable_answered": Label("answerable questions answered", "the others are refused for nothing"),
        "refusal.unanswerable_refused": Label("unanswerable questions refused", "the others get a wrong answer"),
        "refusal.random_refused": Label("… random ones", "asked of texts that are not here"),
        "refusal.adversarial_refused": Label("… adversarial ones", "written to look answerable from these texts"),
        "refusal.unanswerable_auroc": Label(
            "AUROC of the confidence",
            "chance that an answerable question gets more confidence than an unanswerable one",
        ),
        "refusal.random_auroc": Label("… against random ones", "asked of texts that are not here"),
        "refusal.adversarial_auroc": Label("… against adversarial ones", "written to look answerable from these texts"),
        "refusal.precision": Label("refusal, precision", "of the refused questions, those without an answer"),
        "refusal.recall": Label("refusal, recall", "of the questions without an answer, those refused"),
        "refusal.f1": Label("refusal, F1", "harmonic mean of the two"),
        "refusal.random_precision": Label("… precision, random ones", "leaving adversarial ones aside"),
        "refusal.random_f1": Label("… F1, random ones", "leaving adversarial ones aside"),
        "refusal.adversarial_precision": Label("… precision, adversarial ones", "leaving random ones aside"),
        "refusal.adversarial_f1": Label("… F1, adversarial ones", "leaving random ones aside"),
        "selection.coverage": Label(
            "coverage", "share of all questions answered at the threshold in use", neutral=True
        ),
        "selection.risk": Label("risk", "of those, the share with a wrong first sentence", lower_is_better=True),
        "selection.area": Label(
            "area under the risk–coverage curve", "mean risk over all thresholds", lower_is_better=True
        ),
    },
    "calibration": {
        "refusal.calibration_error": Label(
            "expected calibration error, an answer is there",
            "how far the confidence is from the share of questions that have an answer",
            lower_is_better=True,
        ),
        "selection.calibration_error": Label(
            "expected calibration error, the answer is right",
            "how far the confidence is from the share of right first sentences",
            lower_is_better=True,
        ),
    },
}

_PLAIN = {"questions": Label("questions", "asked"), "answerable": Label("answerable", "of them")}


def label(name: str) -> Label:
    """The label of any figure."""
    if name.startswith("time."):
        return _time_label(name)
    leg, _, measure = name.partition(".")
    if measure in RETRIEVAL:
        return Label(f"{RETRIEVAL[measure].name}, {leg}", RETRIEVAL[measure].meaning)
    everything = {**_PLAIN, **{key: value for group in GROUPS.values() for key, value in group.items()}}
    return everything.get(name, Label(name, ""))


def _time_label(name: str) -> Label:
    stage, share = name.removeprefix("time.").removesuffix("_ms").rsplit("_", 1)
    meaning = {"p50": "half of the questions take less", "p95": "19 of 20 questions take less"}.get(share, "")
    plain = f"… {stage.removeprefix('stage.')} {share}, ms" if stage.startswith("stage.") else f"{stage} {share}, ms"
    return Label(plain, meaning, lower_is_better=True)


def shown(name: str, value: float | None) -> str:
    """A figure's value as every table shows it."""
    if value is None:
        return "–"
    if name in _PLAIN:
        return f"{value:.0f}"
    return f"{value:.1f}" if name.startswith("time.") else f"{value:.3f}"
