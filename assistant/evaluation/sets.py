"""The public development sets, the figures to reach on them, and a library made of each.

The data lies in a folder `shared` beside the checkout and is never copied into the project; its README names sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.config import SAMPLE_LIBRARY
from assistant.evaluation.figures import Figures

SHARED = Path(__file__).resolve().parents[3] / "shared"
CORPUS = "passages.jsonl"
SETS = ("zh_wiki", "en_wiki", "zh_law", "seeds")


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to reach on one set."""

    set: str
    figure: str
    at_least: float


@dataclass(frozen=True, slots=True)
class Reached:
    """A target and what was measured; None if no question of the run bears on it."""

    target: Target
    value: float | None

    @property
    def met(self) -> bool:
        return self.value is None or self.value >= self.target.at_least


TARGETS = (
    Target("zh_wiki", "fused.ndcg_at_10", 0.99),
    Target("en_wiki", "fused.ndcg_at_10", 0.955),
    Target("zh_law", "fused.ndcg_at_10", 0.66),
    Target("seeds", "answering.best_citation_on_span", 10 / 12),
    *(Target(name, "citations.equal", 1.0) for name in SETS),
)


def reached(name: str, figures: Figures) -> tuple[Reached, ...]:
    """The targets of one set with what was measured."""
    return tuple(Reached(target, figures.get(target.figure)) for target in TARGETS if target.set == name)


def library_of(name: str, *, shared: Path, work: Path) -> Path:
    """The library of a set: the seeds or the sample themselves, or a folder in `work` that holds the corpus alone."""
    if name == "sample":
        return SAMPLE_LIBRARY
    if name == "seeds":
        return shared / "seeds"
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
