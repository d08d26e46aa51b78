"""A run as one JSON object: `--json` prints it, a results file holds it, the page shows it, a later run is compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.evaluation.run import Evaluation

FORMAT = 2  # 1 had no sentences, ranks or verdicts of single questions
_WITHOUT_PLACES = {"library", "index", "data_dir", "cache_dir"}  # of this machine, and without effect on a figure


def entry(evaluation: Evaluation, assistant: Assistant) -> dict[str, Any]:
    """One set of questions: settings, size of the library, figures, curves, and every question."""
    from assistant.evaluation.figures import curves

    status = assistant.status()
    return {
        "settings": assistant.settings.model_dump(mode="json", exclude=_WITHOUT_PLACES),
        "library": {"documents": status.documents, "passages": status.passages, "windows": status.windows},
        "figures": evaluation.figures,
        "curves": curves(evaluation.outcomes),
        "problems": [asdict(problem) for problem in evaluation.problems],
        "cases": [asdict(outcome) for outcome in evaluation.outcomes],
    }


def results_of(sets: Mapping[str, Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """Everything of one run, with what is needed to make it again."""
    from assistant.evaluation.provenance import provenance

    # Through JSON, so that a run is the same thing before and after it was written.
    results: dict[str, Any] = json.loads(json.dumps({**provenance(), "format": FORMAT, **more, "sets": sets}))
    return results


def read_results(path: Path) -> dict[str, Any]:
    """A results file of an earlier run. Raises SettingsError that says what is wrong with it."""
    try:
        results: dict[str, Any] = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"The earlier run {path} cannot be read: {error.strerror}. Check the path.") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"The earlier run {path} is not JSON: {error}. {_WANTED}") from error
    if not _is_results(results):
        raise SettingsError(f"{path} is not the results of a run. {_WANTED}")
    if results.get("format") != FORMAT:
        raise SettingsError(
            f"{path} was written by another version of this program (format {results.get('format', 1)}, wanted "
            f"{FORMAT}): its questions cannot be compared. Make it again with this version."
        )
    return results


_WANTED = "Give a file written by `youju evaluate … --output FILE.json`."


def _is_results(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("sets"), dict) or not value["sets"]:
        return False
    return all(
        isinstance(one, dict) and isinstance(one.get("figures"), dict) and isinstance(one.get("cases"), list)
        for one in value["sets"].values()
    )
