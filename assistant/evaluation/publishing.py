"""What becomes of a run: its results file, its page, and its tables beside those of an earlier run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.evaluation.comparison import Comparison, compare
from assistant.evaluation.page import page
from assistant.evaluation.provenance import write_results, write_whole


def publish(
    results: Mapping[str, Any], *, earlier: Mapping[str, Any] | None, output: Path | None, html: Path | None
) -> tuple[dict[str, Any], tuple[Comparison, ...]]:
    """Write what is asked for; gives back the results, with the comparison if there is one, and that comparison."""
    comparisons = compare(earlier, results) if earlier is not None else ()
    whole = {**results, "comparison": [asdict(one) for one in comparisons]} if earlier is not None else dict(results)
    if output is not None:
        write_results(output, whole)
    if html is not None:
        write_whole(html, page(results, comparisons))
    return whole, comparisons
