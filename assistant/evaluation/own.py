"""A user's own questions put to a user's own library: what `youju evaluate` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from assistant import printing
from assistant.assistant import Assistant
from assistant.errors import SettingsError
from assistant.evaluation.publishing import publish
from assistant.evaluation.questions import Case
from assistant.evaluation.report import comparison_report, report
from assistant.evaluation.results import entry, results_of
from assistant.evaluation.run import evaluate

_MOST_PROBLEMS = 10


def check_places(*paths: Path | None) -> None:
    """Whether these files can be written, told before hours of measuring; their folders are made.

    Raises SettingsError.
    """
    for path in filter(None, paths):
        beside = path.with_name(f"{path.name}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.touch()
            beside.unlink()
        except OSError as error:
            raise SettingsError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error


def measure(assistant: Assistant, cases: Sequence[Case], name: str) -> dict[str, Any]:
    """Bring the index up to date, put every question, and give the results as JSON.

    Raises SettingsError where the index was made with another model: embedding the library with the one that is set
    would change what `youju ask` answers with.
    """
    status = assistant.status()
    if status.generation and status.model_changed:
        raise SettingsError(
            f"The index was made with the model “{status.model}”, and “{assistant.settings.model}” is set. Give that "
            "model an index of its own with --index DIR, or run `youju index` to change the model of this one."
        )
    with printing.progress() as show:
        assistant.load_model()
        assistant.update(show)
    with printing.counting(len(cases)) as count:
        evaluation = evaluate(assistant, cases, count)
    return results_of({name: entry(evaluation, assistant)})


def tell(
    results: Mapping[str, Any],
    earlier: Mapping[str, Any] | None,
    *,
    output: Path | None,
    html: Path | None,
    quiet: bool,
) -> dict[str, Any]:
    """Write what is asked for and, unless `quiet`, print the tables; gives back the results with the comparison."""
    whole, comparisons = publish(results, earlier=earlier, output=output, html=html)
    if not quiet:
        sets = {name: one["figures"] for name, one in results["sets"].items()}
        printing.out.print(Text(report(sets, ())))
        if earlier is not None:
            said = comparison_report(comparisons) or "The earlier run holds no set of this name to compare with."
            printing.out.print(Text(f"\n{said}"))
    problems = [problem for one in results["sets"].values() for problem in one["problems"]]
    for problem in problems[:_MOST_PROBLEMS]:
        printing.notice(f"{problem['path']}: {problem['reason']}")
    if len(problems) > _MOST_PROBLEMS:
        printing.notice(f"… and {len(problems) - _MOST_PROBLEMS:,} more such lines: see --json or --report.")
    if problems:
        printing.notice("A place that the library does not hold counts as missed; such figures are not final.")
    for path in filter(None, (output, html)):
        printing.notice(f"Written: {path}")
    return whole
