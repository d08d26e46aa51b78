"""Fits everything that is learned, on the dev halves of the sets: `python -m assistant.evaluation.fit`.

1. The adapter of questions (`fit_adapter`).
2. Passages: the weights of the fusion, a conditional logit (McFadden 1974) over the candidates of each question.
3. Sentences: the same over the sentences of the best passages.
4. Confidence: logistic regressions of "this question has an answer here" on the evidence (`fit_confidence`).

What comes later sees questions as adapters fitted without them see them: each half of the dev half has one of its own.
The test halves are what `make evaluate ARGS="--half test"` then reports.

The questions in `tests/questions/fitting`, over the public corpora, are never reported: the adapter is fitted on all of
them, the confidence across languages on those in another language than their passage.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress as Bars

from assistant.answering import ranking
from assistant.answering.sentences import SIGNALS
from assistant.assistant import Assistant
from assistant.config import load_settings
from assistant.evaluation.fit_adapter import Pairs, fit_adapter
from assistant.evaluation.fit_confidence import (
    FEW_SUBJECTS,
    NOTHING_OFFERED,
    THRESHOLDS,
    VERBATIM,
    Asked,
    fit_confidence,
)
from assistant.evaluation.fit_models import fit_choice
from assistant.evaluation.metrics import holds
from assistant.evaluation.places import Gold, locate
from assistant.evaluation.questions import Case, evenly_spaced, read_questions
from assistant.evaluation.run import open_set
from assistant.evaluation.sets import SHARED, questions_of
from assistant.retrieval import fusion
from assistant.types import Passage
from embeddings.embedder import Embedder, Vectors, load_embedder
from embeddings.query_adapter import ADAPTER, AdaptedEmbedder, adapted

_SETS = ("zh_wiki", "en_wiki", "zh_law", "files", "sample", "domains_a", "domains_b")
_FITTING = Path(__file__).parents[2] / "tests" / "questions" / "fitting"
_CANDIDATES = 200
_FOREIGN = 60  # questions of each other set that are put to a library


class _Folded:
    """An embedder that sees each question through the adapter that was fitted without it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.fingerprint, self.dim = embedder.name, embedder.fingerprint, embedder.dim
        self._known: dict[str, Vectors] = {}
        self._folds: dict[str, int] = {}
        self.matrices = [np.zeros((self.dim, self.dim), dtype=np.float32)] * 2

    def raw(self, texts: Sequence[str]) -> Vectors:
        """Not adapted. Shape (n, dim)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for first in range(0, len(new), 64):
            part = new[first : first + 64]
            self._known.update(zip(part, self._embedder.encode_queries(part), strict=True))
        return np.stack([self._known[text] for text in texts])

    def put(self, case: Case) -> None:
        self._folds[case.question] = fold(case)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        raw = self.raw(texts)
        rows = [adapted(raw[[i]], self.matrices[1 - self._folds[text]])[0] for i, text in enumerate(texts)]
        return np.stack(rows)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.encode_passages(texts)


def fold(case: Case) -> int:
    """The half of the dev half that a case belongs to: 0 or 1."""
    return hashlib.sha256(case.id.encode()).digest()[1] % 2


@dataclass(frozen=True, slots=True)
class _Set:
    """A set with its library, opened."""

    assistant: Assistant
    cases: tuple[Case, ...]  # of the dev half
    gold: Mapping[str, Gold]
    fitting: tuple[Case, ...]  # questions that are never reported
    fitting_gold: Mapping[str, Gold]


def main(shared: Annotated[Path, typer.Option(help="The folder of the public data.")] = SHARED) -> None:
    """Fit all and write the files of weights where they belong."""
    if not (shared / "evaluation").is_dir():
        typer.echo(f"The public evaluation data is not here ({shared}): nothing to fit on.")
        return
    with _opened(shared) as (sets, embedder):
        _fit_adapters(sets, embedder)
        _write(fusion.WEIGHTS, _fit_passages(sets))
        fusion.weights.cache_clear()
        answering = {"sentence": _fit_sentences(sets)}
        _write(ranking.WEIGHTS, answering)
        ranking.weights.cache_clear()
        confidence, told = fit_confidence(_asked(sets))
        chosen = {
            "threshold": THRESHOLDS,
            "few_subjects": FEW_SUBJECTS,
            "nothing_offered": NOTHING_OFFERED,
            "verbatim": VERBATIM,
        }
        _write(ranking.WEIGHTS, {**answering, "confidence": confidence, **chosen})
        typer.echo(told)


@contextmanager
def _opened(shared: Path) -> Iterator[tuple[dict[str, _Set], _Folded]]:
    """All sets, and the embedder they share, which adapts no question yet."""
    sets: dict[str, _Set] = {}
    folded: list[_Folded] = []

    def load(name: str) -> Embedder:
        if not folded:
            loaded = load_embedder(name, cache_dir=load_settings(library=shared).cache_dir)
            assert isinstance(loaded, AdaptedEmbedder)
            folded.append(_Folded(loaded.embedder))
        return folded[0]

    try:
        for name in _SETS:
            with Bars(console=Console(stderr=True)) as bars:
                assistant, _ = open_set(name, shared, None, bars, load=load)
            cases = read_questions(questions_of(name, shared=shared))
            cases = tuple(case for case in cases if case.half == "dev")
            path = _FITTING / f"{name}.jsonl"
            fitting = read_questions(path) if path.exists() else ()
            sets[name] = _Set(assistant, cases, locate(cases, assistant)[0], fitting, locate(fitting, assistant)[0])
            for case in (*cases, *fitting):
                folded[0].put(case)
        yield sets, folded[0]
    finally:
        for one in sets.values():
            one.assistant.close()


def _fit_adapters(sets: Mapping[str, _Set], embedder: _Folded) -> None:
    """The adapter of the whole dev half is written; those of its halves are put into the embedder."""
    windows: dict[str, Vectors] = {}
    pairs: list[tuple[Pairs, NDArray[np.int64]]] = []
    for name, one in sets.items():
        snapshot = one.assistant.snapshot()
        rows = snapshot.all_windows()
        windows[name] = snapshot.vectors.reconstruct(rows[:, 0])
        stored = snapshot.passages(np.unique(rows[:, 1]).tolist())
        passages = [stored[number].passage for number in rows[:, 1].tolist()]
        for cases, gold, own in ((one.cases, one.gold, True), (one.fitting, one.fitting_gold, False)):
            known = [case for case in cases if case.answerable]
            for foreign in (False, True):
                chosen = [case for case in known if (not own and _is_foreign(case, name)) == foreign]
                if chosen:
                    right = [
                        np.flatnonzero([_is_right(passage, gold[case.id]) for passage in passages]) for case in chosen
                    ]
                    weight = _PAIRS["foreign" if foreign else "own" if own else "fitting"]
                    weight *= min(1.0, len(chosen) / 40)
                    made = Pairs(name, embedder.raw([case.question for case in chosen]), right, weight, foreign)
                    pairs.append((made, np.array([fold(case) for case in chosen])))
    direction = next(iter(sets.values())).assistant.snapshot().language_direction
    assert direction is not None
    embedder.matrices = [
        fit_adapter([_part(one, folds == number) for one, folds in pairs], windows, direction).astype(np.float32)
        for number in (0, 1)
    ]
    np.save(ADAPTER, fit_adapter([one for one, _ in pairs], windows, direction))


_PAIRS = {"own": 1.0, "fitting": 0.5, "foreign": 0.5}  # how much a group of questions counts


def _is_foreign(case: Case, name: str) -> bool:
    """Whether a question is in another language than the texts."""
    chinese = any("\u4e00" <= character <= "\u9fff" for character in case.question)
    return chinese == name.startswith("en")


def _part(pairs: Pairs, chosen: NDArray[np.bool_]) -> Pairs:
    rows = np.flatnonzero(chosen).tolist()
    return Pairs(
        pairs.library, pairs.questions[rows], [pairs.right[row] for row in rows], pairs.weight, pairs.everywhere
    )


def _is_right(passage: Passage, gold: Gold) -> bool:
    if gold.spanned:
        return gold.on_span(passage.document, passage.start, passage.end)
    return passage.document in gold.documents


def _fit_passages(sets: Mapping[str, _Set]) -> dict[str, float]:
    choices: list[tuple[np.ndarray, np.ndarray]] = []
    importance: list[float] = []
    for one in sets.values():
        before = len(choices)
        for case in one.cases:
            if not case.answerable:
                continue
            found, _ = one.assistant.inspect(case.question, limit=_CANDIDATES)
            signals = [
                (hit.dense or 0.0, hit.keyword or 0.0, covered)
                for hit, covered in zip(found.hits, found.coverage, strict=True)
            ]
            right = np.array([_is_right(hit.passage, one.gold[case.id]) for hit in found.hits])
            if right.any() and not right.all():
                choices.append((np.array(signals, dtype=np.float64), right))
        importance += _importance(len(choices) - before)
    return fit_choice(choices, fusion.SIGNALS, importance)


def _importance(count: int) -> list[float]:
    """The weight of each question of a set: a large set counts more than a small one, but not as much more."""
    return [count**-0.5] * count if count else []


def _fit_sentences(sets: Mapping[str, _Set]) -> dict[str, float]:
    choices: list[tuple[np.ndarray, np.ndarray]] = []
    importance: list[float] = []
    for one in sets.values():
        before = len(choices)
        for case in one.cases:
            if case.answerable and case.answers:
                _, candidates = one.assistant.inspect(case.question)
                gold = one.gold[case.id]
                right = np.array(
                    [
                        holds(c.text, case.answers)
                        and (not gold.spanned or gold.on_span(c.chosen.document.id, c.chosen.start, c.chosen.end))
                        for c in candidates
                    ],
                    dtype=bool,
                )
                if right.any() and not right.all():
                    choices.append((np.array([c.signals() for c in candidates], dtype=np.float64), right))
        importance += _importance(len(choices) - before)
    return fit_choice(choices, SIGNALS, importance)


def _asked(sets: Mapping[str, _Set]) -> list[Asked]:
    """Every question of the dev halves put to its own library, and some to each other one, where it has no answer."""
    asked: list[Asked] = []
    for name, one in sets.items():
        across = tuple(case for case in one.fitting if _is_foreign(case, name))
        groups = [((*one.cases, *across), False)]
        groups += [(evenly_spaced(other.cases, _FOREIGN), True) for key, other in sets.items() if key != name]
        for cases, foreign in groups:
            for case in cases:
                found, candidates = one.assistant.inspect(case.question)
                if candidates:
                    group = "foreign" if foreign else "answerable" if case.answerable else case.kind or "random"
                    asked.append(Asked(found, candidates, name, group))
    return asked


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
    typer.echo(f"{path.name}: {json.dumps(value)}")


if __name__ == "__main__":
    typer.run(main)
