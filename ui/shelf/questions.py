"""The library's own questions and the figures of their last run as markup. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.evaluation.last_run import LastRun
from ui.escape import escape
from ui.messages import Words
from ui.shelf import bar, checks
from ui.shelf.reasons import in_words
from ui.shelf.upkeep import Ended, StoppedWorkError
from ui.shelf.words import ShelfWords, shelf_words

MISSES_SHOWN = 50
_LEAST_DIFFERENCE = 0.0005  # which a table shows


@dataclass(frozen=True, slots=True)
class OwnQuestions:
    """The questions file of a library, as far as it can be read."""

    path: str
    cases: int = 0
    judged: int = 0  # by what was said on the page
    mistake: str = ""  # why the file cannot be run


def questions_part(
    own_questions: OwnQuestions,
    last: LastRun | None,
    ended: Ended | None,
    words: Words,
    now: datetime,
    *,
    generation: int,
) -> str:
    """How many there are, a button that runs them, and the figures of the last run with their difference."""
    own = shelf_words(words)
    body = f'<h2>{escape(own.questions_part)}</h2><p class="lead">{escape(own.questions_lead)}</p>'
    if own_questions.mistake:
        body += (
            f'<div class="problem"><p class="lead">{escape(own.questions_mistakes)}</p>'
            f'<p class="detail" dir="auto">{escape(own_questions.mistake)}</p></div>'
        )
    elif not own_questions.cases:
        body += f'<p class="none">{escape(own.questions_none)}</p>'
    else:
        counted = words.count(own.questions_count, own_questions.cases)
        if own_questions.judged:
            counted += words.comma + words.count(own.questions_judged, own_questions.judged)
        label = own.run_again if last else own.run_questions
        body += (
            f'<p class="counted">{escape(counted)}</p><div class="acts"><button type="button" class="button primary" '
            f'id="shelf-questions" data-work="questions">{escape(label)}</button></div>'
        )
    body += (
        f'<p class="detail">{escape(own.questions_file)}{escape(own.colon)}'
        f'<bdi class="path">{escape(own_questions.path)}</bdi></p>'
    )
    body += f'<div class="results" role="status">{_ended(ended, words)}</div>'
    if last is not None:
        before = ended.before if ended is not None and isinstance(ended.outcome, LastRun) else None
        body += _figures(last, before, own, words, now, generation=generation)
    return body


def _ended(ended: Ended | None, words: Words) -> str:
    own = shelf_words(words)
    if ended is None or isinstance(ended.outcome, LastRun):
        return ""
    if isinstance(ended.outcome, StoppedWorkError):
        return f'<p class="result">{escape(own.run_stopped)}</p>'
    assert isinstance(ended.outcome, Exception)
    return checks.failed(own.run_failed, ended.outcome, words)


def _figures(
    last: LastRun, before: LastRun | None, own: ShelfWords, words: Words, now: datetime, *, generation: int
) -> str:
    good = words.count(own.run_good, last.questions, good=f"{last.good:,}")
    body = f'<p class="when">{escape(own.run_at.format(time=bar.clock(last.made_at, now, words)))}</p>'
    if generation != last.generation:
        body += f'<p class="notice stale">{escape(own.run_old)}</p>'
    body += f'<p class="good-count">{escape(good)}</p>'
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{last.figures[figure]:.0%}</td>'
        + ("" if before is None else f"<td>{escape(_difference(figure, last.figures, before.figures))}</td>")
        + "</tr>"
        for figure, name in own.figures.items()
        if figure in last.figures
    )
    if rows:
        heads = [own.figure, own.value, *([] if before is None else [own.before])]
        head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
        body += f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    if last.misses:
        missed = "".join(
            f'<li><span dir="auto">{escape(one.question)}</span> '
            f'<span class="badge warn">{escape(own.became.get(one.became, one.became))}</span></li>'
            for one in last.misses[:MISSES_SHOWN]
        )
        hidden = last.questions - last.good - min(len(last.misses), MISSES_SHOWN)
        if hidden > 0:
            missed += f'<li class="more">{escape(words.more.format(n=hidden))}</li>'
        body += f'<details class="misses" open><summary>{escape(own.misses)}</summary><ul>{missed}</ul></details>'
    if last.problems:
        listed = "".join(
            f'<li><bdi>{escape(one.path)}</bdi> <span dir="auto">{escape(in_words(one.reason, words))}</span></li>'
            for one in last.problems[:MISSES_SHOWN]
        )
        body += f'<details class="misses"><summary>{escape(own.run_problems)}</summary><ul>{listed}</ul></details>'
    return body


def _difference(figure: str, after: Mapping[str, float], before: Mapping[str, float]) -> str:
    if figure not in before:
        return "–"
    difference = after[figure] - before[figure]
    return "±0" if abs(difference) < _LEAST_DIFFERENCE else f"{difference * 100:+.1f}"
