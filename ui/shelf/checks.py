"""Checking, repairing and cleaning up an index as markup: how far it is, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.types import CheckReport, Finding, GcReport, Progress
from ui.escape import escape
from ui.messages import Words
from ui.shelf import bar
from ui.shelf.reasons import finding_in_words
from ui.shelf.sizes import size
from ui.shelf.upkeep import Ended, StoppedWorkError, Work
from ui.shelf.words import ShelfWords, shelf_words
from ui.telling import told

FINDINGS_SHOWN = 200


def going(work: Work, at: Progress, words: Words, *, stopping: bool = False) -> tuple[str, float | None]:
    """Where a piece of work stands in a few words, and the share that is done where that is known."""
    what = shelf_words(words).works[work]
    if stopping:
        return words.stopping, None
    if at.stage in ("read", "embed", "scan", "publish"):  # a repair updates
        text, share = bar.going(at, words)
        return f"{what}{words.comma}{text}", share
    if not at.documents_total:
        return f"{what}…", None
    return f"{what} {at.documents}/{at.documents_total}", min(1.0, at.documents / at.documents_total)


def progress(work: Work, at: Progress, words: Words, *, stopping: bool = False) -> str:
    """The same as a line with a bar."""
    text, share = going(work, at, words, stopping=stopping)
    return bar.running([text], round(1000 * (share or 0)), 0 if share is None else 1000, words)


def check_part(ended: Mapping[Work, Ended], words: Words) -> str:
    """What a check does, its buttons, and what the last one of this process found."""
    own = shelf_words(words)
    checked = ended.get("repair") or ended.get("check")
    cleaned = ended.get("clean")
    found = checked.outcome if checked is not None else None
    wrong = isinstance(found, CheckReport) and not found.sound
    buttons = "".join(
        f'<button type="button" class="{kind}" id="shelf-{name}" data-work="{name}">{escape(label)}</button>'
        for name, label, kind in (
            ("check", own.check, "button" if wrong else "button primary"),
            ("repair", own.repair, "button primary" if wrong else "button"),
            ("clean", own.clean, "button"),
        )
    )
    hints = f"<li>{escape(own.check_hint)}</li><li>{escape(own.clean_hint)}</li>"
    results = "".join(_ended(one, words) for one in (checked, cleaned) if one is not None)
    return (
        f'<h2>{escape(own.check_part)}</h2><p class="lead">{escape(own.check_lead)}</p><ul class="hints">{hints}</ul>'
        f'<div class="acts">{buttons}</div><div class="results" role="status">{results}</div>'
    )


def _ended(one: Ended, words: Words) -> str:
    own = shelf_words(words)
    match one.outcome:
        case CheckReport() as report:
            return _checked(report, words)
        case GcReport() as report:
            return f'<p class="result good">{escape(_cleaned(report, words))}</p>'
        case StoppedWorkError():
            return f'<p class="result">{escape(own.check_stopped)}</p>'
        case Exception() as error:
            return failed(own.check_failed, error, words)
    return ""


def failed(what: str, error: Exception, words: Words) -> str:
    """Work that did not come to its end, and what to do."""
    lead, detail = told(error, words)
    more = f'<p class="detail" dir="auto">{escape(detail)}</p>' if detail else ""
    return f'<div class="problem"><p class="lead">{escape(what)}</p><p dir="auto">{escape(lead)}</p>{more}</div>'


def _checked(report: CheckReport, words: Words) -> str:
    own = shelf_words(words)
    if report.sound:
        verdict = f'<p class="result good">{escape(own.check_sound)}</p>'
    else:
        text = own.check_left if report.repaired else own.check_wrong
        verdict = f'<p class="result bad">{escape(words.count(text, len(report.findings)))}</p>'
    verdict += _findings(report.findings, own, words)
    if report.repaired:
        mended = words.count(own.check_repaired, len(report.repaired))
        verdict += f'<p class="result good">{escape(mended)}</p>{_findings(report.repaired, own, words)}'
    looked = own.check_looked.format(
        documents=words.count(words.documents, report.documents),
        passages=words.count(words.passages, report.passages),
        windows=report.windows,
        files=report.files,
        time=bar.duration(report.seconds, words),
    )
    return f'{verdict}<p class="detail">{escape(looked)}</p>'


def _findings(findings: Sequence[Finding], own: ShelfWords, words: Words) -> str:
    if not findings:
        return ""
    rows = "".join(
        f"<li><bdi>{escape(own.places.get(one.place, one.place))}</bdi>"
        f'<span dir="auto">{escape(finding_in_words(one.reason, words))}</span></li>'
        for one in findings[:FINDINGS_SHOWN]
    )
    if len(findings) > FINDINGS_SHOWN:
        rows += f'<li class="more">{escape(words.more.format(n=len(findings) - FINDINGS_SHOWN))}</li>'
    return f'<ul class="findings" tabindex="0" aria-label="{escape(own.finding)}">{rows}</ul>'


def _cleaned(report: GcReport, words: Words) -> str:
    own = shelf_words(words)
    if not (report.vectors or report.models or report.generations or report.bytes):
        return own.cleaned_nothing
    counted = (
        (own.cleaned_vectors, report.vectors),
        (own.cleaned_models, report.models),
        (own.cleaned_generations, report.generations),
    )
    what = words.list_comma.join(words.count(text, number) for text, number in counted if number)
    return own.cleaned.format(what=what or own.cleaned_unneeded, size=size(report.bytes))
