"""How the size of a library matters to refusals: `python -m assistant.evaluation.parts`, on the dev half of zh_wiki.

Questions that no text answers are put to random parts of the library of several sizes: the more texts there are, the
more often one of them is on something like what is asked for. What `few_subjects` (in `weights.json`) is chosen by.
"""

from __future__ import annotations

import math
import random
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress as Bars

from assistant.answering.confidence import fewness
from assistant.answering.ranking import weights
from assistant.assistant import Assistant
from assistant.evaluation.questions import read_questions
from assistant.evaluation.report import markdown_table
from assistant.evaluation.run import open_set
from assistant.evaluation.sets import SHARED, questions_of

_SET = "zh_wiki"
_SIZES = (30, 100, 300)  # documents


def main(
    shared: Annotated[Path, typer.Option(help="The folder of the public data.")] = SHARED,
    questions: Annotated[int | None, typer.Option(min=1, help="Only so many questions.")] = None,
) -> None:
    """Print the share of left-out questions with odds above 1 before the size of a library counts, and answered."""
    if not (shared / "evaluation").is_dir():
        typer.echo(f"The public evaluation data is not here ({shared}): nothing to measure.")
        return
    cases = read_questions(questions_of(_SET, shared=shared))
    asked = [case.question for case in cases if case.half == "dev" and case.answerable is False][:questions]
    with Bars(console=Console(stderr=True)) as bars:
        assistant, _ = open_set(_SET, shared, None, bars)
    with closing(assistant):
        names = [name for name, _ in assistant.snapshot().titles()]
        rows = [_row(assistant, asked, names, size) for size in (*_SIZES, len(names))]
    typer.echo(markdown_table(["documents", "odds above 1", "answered"], rows))


def _row(assistant: Assistant, asked: list[str], names: list[str], size: int) -> list[str]:
    chance = random.Random(7)
    counted = weights()["few_subjects"]["chinese"] * fewness(size)
    found = [assistant.ask(question, within=chance.sample(names, size)) for question in asked]
    likely = [math.log(max(one.confidence, 1e-9) / max(1 - one.confidence, 1e-9)) > counted for one in found]
    return [str(size), f"{sum(likely) / len(found):.3f}", f"{sum(one.answered for one in found) / len(found):.3f}"]


if __name__ == "__main__":
    typer.run(main)
