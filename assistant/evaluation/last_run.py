"""A library's own questions put to it, and the figures of the last time, kept beside its index for the page to show."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.errors import SettingsError
from assistant.evaluation.comparison import is_good, verdict_of
from assistant.evaluation.feedback import questions_file
from assistant.evaluation.provenance import write_whole
from assistant.evaluation.questions import Case, read_questions
from assistant.evaluation.results import FORMAT, entry
from assistant.evaluation.run import evaluate
from assistant.types import Problem

RUN_FILE = "evaluation.json"
_MOST = 200  # questions and problems that are told one by one


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that did not become what it should."""

    question: str
    became: str  # "wrong", "refused", or "answered" where it should have been refused


@dataclass(frozen=True, slots=True)
class LastRun:
    """What was measured the last time."""

    made_at: str  # ISO 8601 with offset
    generation: int  # of the index that was asked
    model: str
    questions: int
    figures: Mapping[str, float]  # as in a results file; `labels` says what each means
    good: int  # questions that became what they should
    misses: tuple[Miss, ...]  # the first 200 of the others
    problems: tuple[Problem, ...]  # the first 200: questions and places that make no sense here


def read_own(index_dir: Path) -> tuple[Case, ...]:
    """The questions of the library that an index is of. Raises SettingsError, also where there are none."""
    path = questions_file(index_dir)
    if not path.exists() or not path.read_bytes().strip():
        raise SettingsError(
            f"This library has no questions of its own yet: {path} is not there or empty. Say of answers on the page "
            "(`youju chat`) whether their sources are right, or give a file: `youju evaluate QUESTIONS.jsonl`."
        )
    return read_questions(path)


def is_own(path: Path, index_dir: Path) -> bool:
    """Whether a questions file is that of the library that an index is of."""
    return path.resolve() == questions_file(index_dir).resolve()


def run_own(
    assistant: Assistant,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stop: threading.Event | None = None,
) -> LastRun | None:
    """Put a library its own questions and keep the figures; nothing is printed, and the index stays as it is.

    `on_progress` is told how many of how many questions are done. None where `stop` ended it: the run before stays the
    last one. Raises SettingsError, NotIndexedError, EmbedderError, LibraryIndexError.
    """
    cases = read_own(assistant.index_dir)
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        on_progress(done, len(cases))

    on_progress(0, len(cases))
    assistant.load_model()
    evaluation = evaluate(assistant, cases, count, stop=stop)
    if stop is not None and stop.is_set():
        return None
    return keep(assistant, entry(evaluation, assistant))


def keep(assistant: Assistant, measured: Mapping[str, Any]) -> LastRun:
    """Keep a run of the library's own questions as its last; `measured` is a set of a results file.

    Raises SettingsError where it cannot be written.
    """
    status, rows = assistant.status(), measured["cases"]
    misses = [Miss(row["case"]["question"], verdict_of(row)) for row in rows if not is_good(row)]
    run = LastRun(
        datetime.now().astimezone().isoformat(timespec="seconds"),
        status.generation,
        status.model,
        len(rows),
        measured["figures"],
        len(rows) - len(misses),
        tuple(misses[:_MOST]),
        tuple(Problem(**problem) for problem in measured["problems"][:_MOST]),
    )
    path = assistant.index_dir / RUN_FILE
    try:
        write_whole(path, json.dumps({"format": FORMAT, **asdict(run)}, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise SettingsError(
            f"The figures cannot be kept in {path}: {error.strerror}. Make room there or correct its permissions."
        ) from error
    return run


def last_run(index_dir: Path) -> LastRun | None:
    """The last run of a library's own questions; None where there is none, or its file makes no sense."""
    try:
        row = json.loads((index_dir / RUN_FILE).read_text("utf-8"))
        if row.pop("format") != FORMAT:
            return None
        figures = {str(name): float(value) for name, value in row.pop("figures").items()}
        misses = tuple(Miss(str(one["question"]), str(one["became"])) for one in row.pop("misses"))
        problems = tuple(Problem(str(one["path"]), str(one["reason"])) for one in row.pop("problems"))
        return LastRun(
            datetime.fromisoformat(row["made_at"]).isoformat(),
            int(row["generation"]),
            str(row["model"]),
            int(row["questions"]),
            figures,
            int(row["good"]),
            misses,
            problems,
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
