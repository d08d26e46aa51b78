"""The library in short as markup, its updates and previews of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.types import PassageChanges, Preview, Problem, Progress, Status, UpdateReport
from ui.escape import escape
from ui.messages import Words
from ui.shelf.reasons import in_words

PROBLEMS_SHOWN = 200
NAMES_SHOWN = 40  # of documents of each kind in a preview


def library(status: Status, model: str, words: Words) -> str:
    """What the library holds, in short, and the one thing that matters most about it; `.going` is for its updates."""
    facts = ""
    if status.built_at is not None:
        facts = words.comma.join(
            (words.count(words.documents, status.documents), words.count(words.passages, status.passages))
        )
    return _side(status.library.name, str(status.library), facts, notice(status, model, words), words)


def library_error(name: str, path: str, words: Words, *, damaged: bool = False) -> str:
    """The same when the library, or its index, which is `damaged` then, cannot be read; its page says more."""
    return _side(name, path, "", ("problem", words.index_damaged if damaged else words.library_error), words)


def library_unknown(name: str, path: str, words: Words) -> str:
    """The same before anything was looked at, as the first update has begun."""
    return _side(name, path, "", ("loading", words.updating), words)


def notice(status: Status, model: str, words: Words) -> tuple[str, str]:
    """The kind and the words of what matters most."""
    unread = any(problem.path == str(status.library) for problem in status.problems)
    if status.built_at is None:
        return ("problem", words.library_error) if unread else ("stale", words.never_indexed)
    if unread:
        return "stale", words.library_unread
    if model == "failed":
        return "problem", words.model_failed
    if model == "loading":
        return "loading", words.model_loading
    if status.changes:
        return "stale", newer(status, words)
    if status.model_changed:
        return "stale", words.model_changed
    if status.problems:
        return "problem", words.count(words.problems, len(status.problems))
    return "current", words.current


def _side(name: str, path: str, facts: str, said: tuple[str, str], words: Words) -> str:
    kind, text = said
    return (
        f'<div class="library" lang="{words.language}"><a class="name" href="/?show=library" title="{escape(path)}">'
        f'<bdi>{escape(name or path)}</bdi></a><p class="facts">{escape(facts)}</p><div class="going"></div>'
        f'<p class="notice {kind}">{escape(text)}</p></div>'
    )


def going(state: Progress, words: Words, *, stopping: bool = False) -> tuple[str, float | None]:
    """Where an update stands in a few words, and the share that is done where that is known."""
    done, total = (
        (state.windows, state.windows_total) if state.stage == "embed" else (state.documents, state.documents_total)
    )
    if stopping:
        return words.stopping, None
    if state.stage not in ("read", "embed") or not total:
        return {"scan": words.stage_scan, "publish": words.stage_publish}.get(state.stage, words.updating), None
    share = min(1.0, done / total)
    stage = words.stage_embed if state.stage == "embed" else words.stage_read.format(done=done, total=total)
    parts = [f"{stage} {share:.0%}" if state.stage == "embed" else stage]
    if state.seconds_left is not None:
        parts.append(words.time_left.format(time=duration(state.seconds_left, words)))
    return words.comma.join(parts), share


def progress(state: Progress, words: Words, *, stopping: bool = False) -> str:
    """Where an update stands."""
    total, done = state.windows_total, state.windows
    parts = [
        {
            "scan": words.stage_scan,
            "read": words.stage_read.format(done=state.documents, total=state.documents_total),
            "embed": words.stage_embed,
            "publish": words.stage_publish,
        }.get(state.stage, words.updating)
    ]
    if state.stage == "embed":
        parts.append(words.count(words.documents, state.documents))
        parts.append(words.windows.format(done=done, total=total))
        if state.windows_per_second > 0:
            parts.append(words.speed.format(speed=_speed(state.windows_per_second)))
        if state.seconds_left is not None:
            parts.append(words.time_left.format(time=duration(state.seconds_left, words)))
    elif state.stage == "read":
        total, done = state.documents_total, state.documents
    if stopping:
        return running([words.stopping], 0, 0, words)
    return running(parts, done, total if state.stage in ("read", "embed") else 0, words)


def previewing(state: Progress, words: Words) -> str:
    """Where a preview stands."""
    reading = words.stage_read.format(done=state.documents, total=state.documents_total)
    stage = {"scan": words.stage_scan, "read": reading}.get(state.stage, words.estimating)
    total = state.documents_total if state.stage == "read" else 0
    return running([words.previewing.format(stage=stage)], state.documents, total, words)


def running(parts: Sequence[str], done: int, total: int, words: Words) -> str:
    """What goes on; without a total the bar shows only that something does."""
    measure = f' value="{min(done, total)}" max="{total}"' if total else ""
    label = escape(words.comma.join(parts))
    return (
        f'<div class="update running" lang="{words.language}"><p>{label}</p>'
        f'<progress title="{label}"{measure}></progress></div>'
    )


def updated(report: UpdateReport, words: Words) -> str:
    """What an update did."""
    if not report.changed:
        return _said("done", [words.nothing_new], words)
    parts = [
        _counts((report.added, report.edited, report.removed, report.renamed), words),
        _passages(report.passages_changed, words),
        words.count(words.embedded, report.embedded) + words.comma + duration(report.seconds, words),
    ]
    return _said("done", [words.updated.format(what=words.semicolon.join(filter(None, parts)))], words)


def stopped(reached: Progress, words: Words, *, unfollowed: bool) -> str:
    """An update that somebody ended: no error, for nothing is lost."""
    parts = [words.count(words.stopped, reached.windows) if reached.windows else words.stopped_early]
    if unfollowed:
        parts.append(words.unfollowed)
    return _said("done", [words.semicolon.join(parts)], words)


def update_failed(message: str, detail: str, words: Words, *, damaged: bool = False) -> str:
    """An update that did not work; the index is what it was, and where that is not `damaged` it still answers."""
    lead = words.index_damaged if damaged else words.update_failed
    return _said("failed", [lead, message, detail], words)


def preview_failed(message: str, detail: str, words: Words) -> str:
    """A preview that did not work."""
    return _said("failed", [words.preview_failed, message, detail], words)


def preview(found: Preview, words: Words) -> str:
    """What an update would do."""
    kinds = (
        ("added", words.added, found.added),
        ("edited", words.edited, found.edited),
        ("removed", words.removed, found.removed),
        ("renamed", words.renamed, found.renamed),
    )
    if not found:
        facts = [words.preview_nothing]
    elif not found.windows:
        facts = [_passages(found.passages, words), words.nothing_to_embed]
    else:
        time = words.time_unknown
        if found.seconds is not None:
            time = words.expected.format(time=duration(found.seconds, words))
        facts = [_passages(found.passages, words), words.count(words.to_embed, found.windows) + words.comma + time]
    summary = words.semicolon.join(filter(None, facts))
    groups = "".join(_names(kind, label.format(n=len(names)), names, words) for kind, label, names in kinds if names)
    return (
        f'<details class="preview" lang="{words.language}" open><summary>{escape(words.preview_title)}</summary>'
        f'<div class="documents">{groups}</div>'
        f'<p class="facts">{escape(summary[0].upper() + summary[1:])}</p>{problem_list(found.problems, words)}'
        "</details>"
    )


def _names(kind: str, label: str, names: Sequence[str], words: Words) -> str:
    shown = "".join(f"<li><bdi>{escape(name)}</bdi></li>" for name in names[:NAMES_SHOWN])
    if len(names) > NAMES_SHOWN:
        shown += f'<li class="more">{escape(words.more.format(n=len(names) - NAMES_SHOWN))}</li>'
    return f'<p class="kind {kind}">{escape(label)}</p><ul>{shown}</ul>'


def _said(kind: str, texts: Sequence[str], words: Words) -> str:
    lines = "".join(f'<p dir="auto">{escape(text)}</p>' for text in texts if text)
    return f'<div class="update {kind}" lang="{words.language}">{lines}</div>'


def duration(seconds: float, words: Words) -> str:
    """A time in its largest useful unit, rounded up: never “0 seconds left” while something is left."""
    whole = max(1, round(seconds))
    if whole < 100:
        return words.count(words.seconds, whole)
    if whole < 100 * 60:
        return words.count(words.minutes, round(whole / 60))
    return words.count(words.hours, round(whole / 3600))


def newer(status: Status, words: Words) -> str:
    """How many texts differ from the index, and how."""
    changes = status.changes
    numbers = (len(changes.added), len(changes.edited), len(changes.removed), 0)
    return words.count(words.newer, sum(numbers), how=_counts(numbers, words))


def _counts(numbers: tuple[int, int, int, int], words: Words) -> str:
    """How many were added, edited, removed and renamed, of what there was any."""
    labels = (words.added, words.edited, words.removed, words.renamed)
    return words.list_comma.join(
        label.format(n=number) for label, number in zip(labels, numbers, strict=True) if number
    )


def _passages(changes: PassageChanges, words: Words) -> str:
    counts = _counts((changes.added, changes.changed, changes.removed, 0), words)
    return words.passage_changes.format(counts=counts) if counts else ""


def problem_list(problems: Sequence[Problem], words: Words) -> str:
    """Files with what is wrong with them, folded away."""
    if not problems:
        return ""
    rows = "".join(
        f'<li><bdi>{escape(problem.path)}</bdi><span dir="auto">{escape(in_words(problem.reason, words))}</span></li>'
        for problem in problems[:PROBLEMS_SHOWN]
    )
    if len(problems) > PROBLEMS_SHOWN:
        rows += f'<li class="more">{escape(words.more.format(n=len(problems) - PROBLEMS_SHOWN))}</li>'
    label = escape(words.count(words.problems, len(problems)))
    return f'<details class="notice problem"><summary>{label}</summary><ul>{rows}</ul></details>'


def clock(stamp: str, now: datetime, words: Words) -> str:
    """An ISO 8601 time as a clock on the wall of the reader shows it; what is no time is shown as it is."""
    try:
        when = datetime.fromisoformat(stamp).astimezone(now.tzinfo)
    except ValueError:
        return stamp
    if when.date() == now.date():
        return words.today.format(time=f"{when:%H:%M}")
    return f"{when:%Y-%m-%d %H:%M}"


def _speed(windows_per_second: float) -> str:
    return f"{windows_per_second:.1f}" if windows_per_second < 10 else f"{windows_per_second:.0f}"
