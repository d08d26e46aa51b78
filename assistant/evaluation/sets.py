"""The development sets, the figures to reach on them, and a library made of each.

Public data lies in a folder `shared` beside the checkout and is never copied into the project; its README names
sources. Our own questions, over the sample library, over public documents and over made-up texts of other kinds, are in
`tests/questions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.config import SAMPLE_LIBRARY
from assistant.evaluation.figures import Figures

_ROOT = Path(__file__).resolve().parents[2]
SHARED = _ROOT.parent / "shared"
CORPUS = "passages.jsonl"
PUBLIC_SETS = ("zh_wiki", "en_wiki", "zh_law", "seeds")
OWN_SETS = ("files", "sample", "domains_a", "domains_b")
SETS = (*PUBLIC_SETS, *OWN_SETS)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to reach on one set, or not to exceed."""

    set: str
    figure: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A target and what was measured; None if no question of the run bears on it."""

    target: Target
    value: float | None

    @property
    def met(self) -> bool:
        if self.value is None:
            return True
        low, high = self.target.at_least, self.target.at_most
        return (low is None or self.value >= low) and (high is None or self.value <= high)


TARGETS = (
    Target("zh_law", "fused.ndcg_at_10", 0.70),
    Target("zh_law", "fused.hit_at_1", 0.63),
    Target("zh_wiki", "fused.ndcg_at_10", 0.995),
    Target("zh_wiki", "answering.decisive", 0.80),
    Target("zh_wiki", "answering.any_shown", 0.92),
    Target("zh_wiki", "refusal.unanswerable_auroc", 0.985),
    Target("zh_wiki", "refusal.answerable_answered", 0.95),
    Target("zh_wiki", "refusal.unanswerable_refused", 0.90),
    Target("zh_wiki", "refusal.calibration_error", at_most=0.05),
    Target("en_wiki", "fused.ndcg_at_10", 0.965),
    Target("en_wiki", "answering.decisive", 0.72),
    Target("en_wiki", "refusal.unanswerable_auroc", 0.65),
    Target("en_wiki", "refusal.calibration_error", at_most=0.05),
    Target("seeds", "answering.any_shown", 1.0),
    Target("seeds", "answering.best_citation_on_span", 10 / 12),
    Target("seeds", "refusal.unanswerable_refused", 1.0),
    *(Target(name, "citations.equal", 1.0) for name in SETS),
)


def reached(name: str, figures: Figures) -> tuple[Reached, ...]:
    """The targets of one set with what was measured."""
    return tuple(Reached(target, figures.get(target.figure)) for target in TARGETS if target.set == name)


def questions_of(name: str, *, shared: Path) -> Path:
    """The file of a set's questions."""
    if name in OWN_SETS:
        return _ROOT / "tests" / "questions" / f"{name}.jsonl"
    return shared / "evaluation" / name / "questions.jsonl"


def library_of(name: str, *, shared: Path, work: Path) -> Path:
    """The library of a set: a folder of texts as it is, or one in `work` that holds the corpus alone."""
    folders = {
        "sample": SAMPLE_LIBRARY,
        "seeds": shared / "seeds",
        "files": shared / "evaluation" / "files",
        "domains_a": _ROOT / "tests" / "domains" / "a",
        "domains_b": _ROOT / "tests" / "domains" / "b",
    }
    if name in folders:
        return folders[name]
    return corpus_library(work / name / "library", {CORPUS: (shared / "evaluation" / name / CORPUS).read_bytes()})


def corpus_library(library: Path, files: dict[str, bytes]) -> Path:
    """A library of exactly these files; one that is already right is not touched, so that nothing looks edited."""
    library.mkdir(parents=True, exist_ok=True)
    for path in library.iterdir():
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        path = library / name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
    return library
