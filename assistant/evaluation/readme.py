"""The table of a README: the figures that matter of one run, written between two marks, with the commit they are of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.evaluation.labels import shown
from assistant.evaluation.provenance import write_whole
from assistant.evaluation.report import markdown_table

BEGIN, END = "<!-- evaluation: begin -->", "<!-- evaluation: end -->"

_ROWS = {
    "dense.ndcg_at_10": "passages by meaning alone, nDCG@10",
    "keyword.ndcg_at_10": "passages by words alone, nDCG@10",
    "fused.ndcg_at_10": "**passages, nDCG@10**",
    "fused.hit_at_1": "a right passage comes first",
    "answering.decisive": "the first sentence shown holds the answer",
    "answering.any_shown": "any sentence shown holds it",
    "answering.character_f1": "character F1 of the marked words, else of the sentence",
    "answering.word_f1": "the same, word F1 (English)",
    "citations.equal": "quotes equal to their spans",
    "refusal.answerable_answered": "questions with an answer that get one",
    "refusal.random_refused": "questions without one that are refused",
    "refusal.adversarial_refused": "… where they were written to look answerable",
    "refusal.unanswerable_auroc": "AUROC of the confidence",
    "refusal.calibration_error": "expected calibration error",
}


def write_table(readme: Path, results: Mapping[str, Any]) -> None:
    """Replace what stands between the marks of a README. Raises SettingsError where there are none."""
    try:
        text = readme.read_text("utf-8")
    except OSError as error:
        raise SettingsError(f"{readme} cannot be read: {error.strerror}. Check the path.") from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SettingsError(f"{readme} has no place for the table. Write {BEGIN} and {END} where it belongs.")
    write_whole(readme, f"{before}{BEGIN}\n{table(results)}\n{END}{after}")


def table(results: Mapping[str, Any]) -> str:
    """The sets as columns, each with its number of questions, and the commit and the choice of questions below."""
    sets = {name: one["figures"] for name, one in results["sets"].items()}
    rows = [["questions (with an answer)", *(f"{f['questions']:.0f} ({f['answerable']:.0f})" for f in sets.values())]]
    rows += [
        [name, *(shown(figure, figures.get(figure)) for figures in sets.values())]
        for figure, name in _ROWS.items()
        if any(figure in figures for figures in sets.values())
    ]
    half = results["selection"]["half"]
    of = "all questions" if half is None else f"the {half} halves"
    return f"{markdown_table(['', *sets], rows)}\n\nOf {of}, at commit {str(results['commit'])[:10]}."
