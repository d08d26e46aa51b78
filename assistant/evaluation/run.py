"""Measures an Assistant on questions with known answers: `make evaluate`, `python -m assistant.evaluation.run`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as Bars

from assistant.assistant import Assistant
from assistant.config import Settings, load_settings
from assistant.errors import QuestionError, SettingsError, YoujuError
from assistant.evaluation.figures import Figures, figures
from assistant.evaluation.judging import Outcome, put
from assistant.evaluation.places import locate
from assistant.evaluation.publishing import publish
from assistant.evaluation.questions import Case, Half, evenly_spaced, read_questions
from assistant.evaluation.readme import write_table
from assistant.evaluation.report import comparison_report, report
from assistant.evaluation.results import entry, read_results, results_of
from assistant.evaluation.sets import SETS, SHARED, library_of, questions_of, reached
from assistant.models import LoadEmbedder
from assistant.types import Problem, Progress
from embeddings.embedder import EmbedderError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured on one library with one set of questions."""

    outcomes: tuple[Outcome, ...]
    figures: Figures
    problems: tuple[Problem, ...]  # path: the line or id of a case; places and questions that make no sense here


def evaluate(
    assistant: Assistant,
    cases: Sequence[Case],
    on_case: Callable[[], None] = lambda: None,
    *,
    stop: threading.Event | None = None,
) -> Evaluation:
    """Put every case to an Assistant whose index is up to date; `on_case` is called after each.

    `stop` ends it after the case that is being put; what was measured by then is given. Raises NotIndexedError and
    EmbedderError; a question that cannot be asked is a problem and is left out.
    """
    places, problems = locate(cases, assistant)
    outcomes: list[Outcome] = []
    for case in cases:
        if stop is not None and stop.is_set():
            break
        try:
            outcomes.append(put(case, places[case.id], assistant))
        except QuestionError as error:
            problems += (Problem(case.place, str(error)),)
        on_case()
    return Evaluation(tuple(outcomes), figures(outcomes), problems)


def select(cases: tuple[Case, ...], half: Half | None, count: int | None) -> tuple[Case, ...]:
    """One half of the cases or all, and of those `count` evenly spaced ones or all."""
    chosen = tuple(case for case in cases if half in (None, case.half))
    return chosen if count is None else evenly_spaced(chosen, count)


@app.command()
def main(
    sets: Annotated[
        list[str] | None, typer.Option("--set", help=f"One of {', '.join(SETS)}; repeat for several.")
    ] = None,
    questions: Annotated[int | None, typer.Option(min=1, help="Only so many questions a set, evenly spaced.")] = None,
    half: Annotated[Half | None, typer.Option(help="Only the half to choose on, or the half to report.")] = None,
    model: Annotated[str | None, typer.Option(help="Any sentence-transformers model, by name or folder.")] = None,
    shared: Annotated[Path, typer.Option(help="The folder of the public data.")] = SHARED,
    output: Annotated[Path, typer.Option(help="The results file to write.")] = Path("results/evaluation.json"),
    html: Annotated[Path | None, typer.Option("--report", help="An HTML page to write.")] = None,
    readme: Annotated[Path | None, typer.Option(help="A README whose table of figures to write anew.")] = None,
    compare: Annotated[Path | None, typer.Option(help="The results file of an earlier run to compare with.")] = None,
) -> None:
    """Measure retrieval, answers, citations, refusal and time on the development sets; exit 1 if a target is missed."""
    if not (shared / "evaluation").is_dir():
        typer.echo(f"The public evaluation data is not here ({shared}): nothing to measure.")
        return
    try:
        earlier = None if compare is None else read_results(compare)
        sets_measured = {name: _evaluate_set(name, shared, model, half, questions) for name in _known(sets)}
    except (YoujuError, EmbedderError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    measured: dict[str, Figures] = {name: one["figures"] for name, one in sets_measured.items()}
    targets = [target for name, values in measured.items() for target in reached(name, values)]
    results = results_of(
        sets_measured,
        selection={"half": half, "questions_a_set": questions},
        targets=[{**asdict(target), "met": target.met} for target in targets],
    )
    typer.echo(report(measured, targets))
    _, comparisons = publish(results, earlier=earlier, output=output, html=html)
    if readme is not None:
        write_table(readme, results)
    if comparisons:
        typer.echo("\n" + comparison_report(comparisons))
    typer.echo(f"\nEverything measured is in {output}" + (f", and to be read in {html}." if html else "."))
    if not all(target.met for target in targets):
        raise typer.Exit(1)


def _known(sets: list[str] | None) -> list[str]:
    unknown = [name for name in sets or () if name not in SETS]
    if unknown:
        raise SettingsError(f"There is no set “{unknown[0]}”. Choose from {', '.join(SETS)}.")
    return sets or list(SETS)


def open_set(
    name: str, shared: Path, model: str | None, bars: Bars, *, load: LoadEmbedder | None = None
) -> tuple[Assistant, Settings]:
    """An Assistant on a development set, its index up to date; the caller closes it."""
    # The index is kept between runs, so that only what is new to it is embedded.
    work = load_settings(library=shared).cache_dir / "evaluation"
    settings = load_settings(
        library=library_of(name, shared=shared, work=work), index=work / name / "index", model=model
    )
    assistant = Assistant(settings, load=load)
    indexing = bars.add_task(f"{name}: indexing", total=None)

    def show(progress: Progress) -> None:
        bars.update(indexing, total=progress.windows_total or None, completed=progress.windows)

    try:
        assistant.load_model()
        assistant.update(show)
    except BaseException:
        assistant.close()
        raise
    bars.update(indexing, total=1, completed=1)
    return assistant, settings


def _evaluate_set(name: str, shared: Path, model: str | None, half: Half | None, count: int | None) -> dict[str, Any]:
    cases = select(read_questions(questions_of(name, shared=shared)), half, count)
    with Bars(console=Console(stderr=True)) as bars:
        assistant, _ = open_set(name, shared, model, bars)
        with closing(assistant):
            asking = bars.add_task(f"{name}: asking", total=len(cases))
            return entry(evaluate(assistant, cases, lambda: bars.advance(asking)), assistant)


if __name__ == "__main__":
    app()
