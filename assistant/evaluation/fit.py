"""Fits the weights of `assistant/answering/weights.json` on the dev halves of the public sets.

`python -m assistant.evaluation.fit`; the test halves are what `make evaluate ARGS="--half test"` then reports.

* Sentences: a conditional logit (McFadden 1974) over the candidate sentences of each question, maximising the
  probability that a sentence which holds an answer is chosen.
* Confidence: a logistic regression of "this question has an answer here" on the evidence. Besides the sets' own
  unanswerable questions, the questions of other sets are put to a library, where they have no answer. Every group of
  questions weighs by `_IMPORTANCE`, however many there are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console
from rich.progress import Progress as Bars

from assistant.answering.confidence import evidence
from assistant.answering.ranking import WEIGHTS, rank
from assistant.answering.sentences import SIGNALS, Candidate
from assistant.assistant import Assistant
from assistant.evaluation.metrics import holds
from assistant.evaluation.questions import Case, evenly_spaced, read_questions
from assistant.evaluation.run import open_set
from assistant.evaluation.sets import SHARED
from assistant.retrieval.search import Found

# On standardised weights: keeps signals that say the same from growing against each other.
_L2_CHOICE, _L2_PROBABILITY = 0.02, 0.003
_FOREIGN = 120  # questions of each other set that are put to a library
_LIBRARIES = ("zh_wiki", "en_wiki", "zh_law", "sample")
_SAMPLE_QUESTIONS = Path(__file__).parents[2] / "tests" / "sample" / "questions.jsonl"
# How much a group of questions counts. Adversarial ones were written to look answerable: rare in ordinary use.
_IMPORTANCE = {"answerable": 1.0, "left out": 1.0, "adversarial": 0.1, "foreign": 0.5}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question put to one library."""

    found: Found
    candidates: list[Candidate]
    library: str
    group: str

    @property
    def answerable(self) -> bool:
        return self.group == "answerable"


@dataclass(slots=True)
class _Data:
    """What was seen; one row a question."""

    choices: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)  # (n, signals), (n,) holds an answer
    asked: list[_Asked] = field(default_factory=list)


def _see(assistant: Assistant, cases: Sequence[Case], library: str, data: _Data, *, foreign: bool = False) -> None:
    for case in cases:
        found, candidates = assistant.inspect(case.question)
        if not candidates:
            continue
        unanswerable = "adversarial" if case.asked_of else "left out"
        group = "foreign" if foreign else "answerable" if case.answerable else unanswerable
        data.asked.append(_Asked(found, candidates, library, group))
        if group == "answerable" and case.answers:
            right = np.array([holds(c.text, case.answers) for c in candidates])
            if right.any() and not right.all():
                data.choices.append((np.array([c.signals() for c in candidates], dtype=np.float64), right))


def fit_choice(choices: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Weights that make a right candidate the most likely one; signals that never vary get 0."""
    spread = np.vstack([signals - signals.mean(0) for signals, _ in choices]).std(0)
    scale = np.where(spread > 1e-9, spread, np.inf)
    groups = [(torch.tensor(signals / scale), torch.tensor(right)) for signals, right in choices]
    weight = torch.zeros(len(SIGNALS), dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        total = torch.zeros((), dtype=torch.float64)
        for signals, right in groups:
            chosen = torch.log_softmax(signals @ weight, 0)
            total = total - torch.logsumexp(chosen[right], 0)
        return total / len(groups) + _L2_CHOICE * weight.square().sum()

    _minimise(loss, [weight])
    fitted = weight.detach().numpy() / scale
    return {name: round(float(value), 4) for name, value in zip(SIGNALS, fitted, strict=True)}


def fit_probability(
    names: Sequence[str], signals: np.ndarray, answerable: np.ndarray, weights: np.ndarray
) -> dict[str, float]:
    """Intercept and weights of a logistic regression. Shapes (n, names), (n,), (n,)."""
    centre, spread = signals.mean(0), signals.std(0) + 1e-9
    x = torch.tensor((signals - centre) / spread)
    y, importance = torch.tensor(answerable, dtype=torch.float64), torch.tensor(weights)
    weight = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    intercept = torch.zeros((), dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        each = torch.nn.functional.binary_cross_entropy_with_logits(x @ weight + intercept, y, reduction="none")
        return (each * importance).sum() / importance.sum() + _L2_PROBABILITY * weight.square().sum()

    _minimise(loss, [weight, intercept])
    slopes = weight.detach().numpy() / spread
    constant = float(intercept.detach()) - float((slopes * centre).sum())
    return {"intercept": round(constant, 4)} | {n: round(float(v), 4) for n, v in zip(names, slopes, strict=True)}


def _minimise(loss: object, parameters: list[torch.Tensor]) -> None:
    optimiser = torch.optim.LBFGS(parameters, max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value: torch.Tensor = loss()  # type: ignore[operator]
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(closure)  # type: ignore[no-untyped-call]


def main(
    shared: Annotated[Path, typer.Option(help="The folder of the public data.")] = SHARED,
    output: Annotated[Path, typer.Option(help="The weights file to write.")] = WEIGHTS,
) -> None:
    """Fit both and write them; prints how well the confidence does on what it was fitted on."""
    if not (shared / "evaluation").is_dir():
        typer.echo(f"The public evaluation data is not here ({shared}): nothing to fit on.")
        return
    questions = {name: _questions(name, shared) for name in _LIBRARIES}
    data = _Data()
    for name in _LIBRARIES:
        with Bars(console=Console(stderr=True)) as bars, closing(open_set(name, shared, None, bars)[0]) as assistant:
            _see(assistant, questions[name], name, data)
            for other in _LIBRARIES:
                if other != name:
                    _see(assistant, evenly_spaced(questions[other], _FOREIGN), name, data, foreign=True)
    sentence = fit_choice(data.choices)
    rows = [evidence(asked.found, rank(asked.candidates, sentence)) for asked in data.asked]
    names = list(rows[0])
    signals = np.array([[row[name] for name in names] for row in rows])
    answerable = np.array([asked.answerable for asked in data.asked])
    sizes = Counter((asked.library, asked.group) for asked in data.asked)
    importance = np.array([_IMPORTANCE[a.group] / sizes[a.library, a.group] for a in data.asked])
    confidence = fit_probability(names, signals, answerable, importance)
    output.write_text(json.dumps({"sentence": sentence, "confidence": confidence}, indent=1) + "\n", "utf-8")
    logits = signals @ np.array([confidence[name] for name in names]) + confidence["intercept"]
    for library, group in sorted(sizes):
        place = np.array([(asked.library, asked.group) == (library, group) for asked in data.asked])
        typer.echo(f"{library}, {group}: {np.mean(logits[place] > 0):.3f} of {place.sum()} answered")
    typer.echo(f"The weights are in {output}.")


def _questions(name: str, shared: Path) -> tuple[Case, ...]:
    """The dev half of a public set; all of the sample's, which are few and asked in everyday words."""
    if name == "sample":
        return read_questions(_SAMPLE_QUESTIONS)
    cases = read_questions(shared / "evaluation" / name / "questions.jsonl")
    return tuple(case for case in cases if case.half == "dev")


if __name__ == "__main__":
    typer.run(main)
