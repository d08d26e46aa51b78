"""The report of a run as one HTML page that asks nothing from anywhere. Pure: results in, markup out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.evaluation import plots
from assistant.evaluation.comparison import Change, Comparison, Move, commit_of
from assistant.evaluation.labels import GROUPS, RETRIEVAL, label, shown
from assistant.evaluation.markup import safe
from assistant.evaluation.metrics import share_interval
from assistant.evaluation.style import STYLE
from assistant.evaluation.worst import worst

_LEGS = ("dense", "keyword", "fused")
_MOST_MOVES = 15
_MOST_PROBLEMS = 30
# Nothing is loaded and nothing runs, even if a text should get past the escaping.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(results: Mapping[str, Any], comparisons: Sequence[Comparison] = ()) -> str:
    """The whole page of a run."""
    names = ", ".join(results["sets"])
    compared = {comparison.name: comparison for comparison in comparisons}
    sets = "".join(
        _set(name, entry, compared.get(name), alone=len(results["sets"]) == 1)
        for name, entry in results["sets"].items()
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Youju evaluation: {safe(names)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>How well Youju answers: {safe(names)}</h1>{_made(results)}{sets}{_method()}</main></body></html>\n"
    )


def _made(results: Mapping[str, Any]) -> str:
    commit = commit_of(results)
    version = results["versions"].get("youju")
    facts = [str(results["made_at"])[:16].replace("T", " "), f"Youju {version}" if version else ""]
    facts.append(f"commit {commit}" if commit else "")
    return f'<p class="made">{safe(" · ".join(filter(None, facts)))}</p>'


def _set(name: str, entry: Mapping[str, Any], comparison: Comparison | None, *, alone: bool) -> str:
    figures: Mapping[str, float] = entry["figures"]
    library = entry["library"]
    asked = (
        f"{figures['questions']:,.0f} questions, {figures['answerable']:,.0f} of them answerable, asked of "
        f"{library['documents']:,} documents ({library['passages']:,} passages)."
    )
    heading = "" if alone else f"<h2>{safe(name)}</h2>"
    cards = [
        _retrieval(figures),
        _group("Answers", "answering", figures, ""),
        _group("Citations", "citations", figures, ""),
        _refusal(entry),
        *_calibration(entry),
        _times(figures),
        _settings(entry),
    ]
    before = _comparison(comparison) if comparison else ""
    return (
        f"{heading}<p>{safe(asked)}</p>{_problems(entry['problems'])}{_tiles(entry)}{before}"
        f'<div class="cards">{"".join(cards)}</div>{worst(entry["cases"])}'
    )


def _tiles(entry: Mapping[str, Any]) -> str:
    figures, cases = entry["figures"], entry["cases"]
    answerable = [row for row in cases if row["case"]["answerable"]]
    judged = sum(row["right"] is not None for row in answerable)
    worded = sum(row["shown_holds"] is not None for row in answerable)
    placed = sum(bool(row["ranks"]) for row in answerable)
    others = sum(row["case"]["answerable"] is False for row in cases)
    rejected = sum(row.get("unwanted_cited") is not None for row in cases)
    tiles = [
        _share_tile("first sentence right", figures.get("answering.right"), judged),
        _share_tile("any sentence shown right", figures.get("answering.any_shown"), worded),
        _share_tile("right passage found first", figures.get("fused.hit_at_1"), placed),
        _share_tile("questions without an answer refused", figures.get("refusal.unanswerable_refused"), others),
        _share_tile("rejected places not cited", figures.get("citations.rejected_avoided"), rejected),
    ]
    equal = figures.get("citations.equal")
    if equal is not None:
        # Rounding must not hide a single quote that differs.
        said, style = ("all", "") if equal == 1 else (f"{min(equal, 0.9999):.2%}", ' class="bad"')
        tiles.append(f'<div class="tile"><b{style}>{said}</b><span>quotes equal to their spans</span></div>')
    time = figures.get("time.ask_p50_ms")
    if time is not None:
        tiles.append(
            f'<div class="tile"><b>{time:,.0f} ms</b><span>for half of the answers</span>'
            f"<small>19 of 20 within {figures['time.ask_p95_ms']:,.0f} ms</small></div>"
        )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _share_tile(words: str, share: float | None, count: int) -> str:
    if share is None or not count:
        return ""
    low, high = share_interval(share, count)
    return (
        f'<div class="tile"><b>{share:.1%}</b><span>{safe(words)}</span>'
        f"<small>{low:.0%} to {high:.0%} is likely, from {count:,} questions</small></div>"
    )


def _retrieval(figures: Mapping[str, float]) -> str:
    if "fused.ndcg_at_10" not in figures:
        return ""
    groups = {words.name: {leg: figures[f"{leg}.{name}"] for leg in _LEGS} for name, words in RETRIEVAL.items()}
    keys = "".join(f'<span class="key {leg}"></span>{leg}' for leg in _LEGS)
    meanings = [
        ("dense", "by meaning, the embedding model alone"),
        ("keyword", "by words alone"),
        ("fused", "both together, which is what answers are made from"),
    ]
    legs = "; ".join(f"{leg}: {meaning}" for leg, meaning in meanings)
    plot = plots.bars(groups, _LEGS)
    return f'<div class="card"><h3>Search</h3><p class="soft">{legs}.</p><p class="soft">{keys}</p>{plot}</div>'


def _refusal(entry: Mapping[str, Any]) -> str:
    figures, threshold = entry["figures"], entry["settings"]["threshold"]
    points = entry["curves"]["risk_coverage"]
    plot = ""
    if points:
        now = (figures["selection.coverage"], figures["selection.risk"]) if "selection.risk" in figures else None
        plot = plots.risk_coverage(points, now, threshold)
    said = (
        '<p class="soft">Answering only where it is sure: how many questions are answered, and how many of the answers '
        "are wrong. An answer to a question that has none here is wrong. The setting <code>threshold</code> moves the "
        "point along the curve.</p>"
    )
    return _group("Refusal", "refusal", figures, said + plot if plot else "")


def _calibration(entry: Mapping[str, Any]) -> list[str]:
    """A card for each thing the confidence may be taken to promise; that there is an answer, where some have none."""
    figures = entry["figures"]
    named = [("reliability_right", "is right", "selection"), ("reliability", "exists", "refusal")]
    cards = []
    for key, words, group in named:
        error = figures.get(f"{group}.calibration_error")
        rows = entry["curves"][key]
        if error is None or not rows:
            continue
        said = (
            "On the dashed line a confidence of 70 % comes true in 70 of 100 questions; below it, in fewer. Expected "
            f"calibration error: {error:.3f}."
        )
        listed = (
            [_bin(row["probability"]), f"{row['count']:,}", f"{row['probability']:.3f}", f"{row['happened']:.3f}"]
            for row in rows
        )
        table = _table(["confidence", "questions", "promised", "came true"], listed)
        cards.append(
            f'<div class="card"><h3>Does the confidence tell that the answer {words}?</h3><p class="soft">{said}</p>'
            f"{plots.reliability(rows)}{table}</div>"
        )
    return cards


def _bin(probability: float) -> str:
    lower = min(int(probability * 10), 9)
    return f"{lower / 10:.1f} – {(lower + 1) / 10:.1f}"


def _group(title: str, group: str, figures: Mapping[str, float], before: str) -> str:
    rows = [
        f"<tr><th scope=row>{safe(words.name)}{_small(words.meaning)}</th>"
        f'<td class="figure">{shown(name, figures[name])}</td></tr>'
        for name, words in GROUPS[group].items()
        if name in figures
    ]
    if not rows and not before:
        return ""
    table = f'<div class="scroll"><table>{"".join(rows)}</table></div>' if rows else ""
    return f'<div class="card"><h3>{safe(title)}</h3>{before}{table}</div>'


def _small(words: str) -> str:
    return f"<small>{safe(words)}</small>" if words else ""


def _times(figures: Mapping[str, float]) -> str:
    stages = [name.removeprefix("time.").removesuffix("_p50_ms") for name in figures if name.endswith("_p50_ms")]
    if not stages:
        return ""
    rows = [
        [
            "a whole question" if stage == "ask" else stage.removeprefix("stage."),
            *(f"{figures[f'time.{stage}_{share}_ms']:,.1f}" for share in ("p50", "p95")),
        ]
        for stage in stages
    ]
    table = _table(["", "half within, ms", "19 of 20 within, ms"], rows)
    return f'<div class="card"><h3>Time</h3>{table}</div>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heads = "".join(f'<th class="figure">{safe(name)}</th>' for name in head[1:])
    body = "".join(
        f"<tr><th scope=row>{safe(first)}</th>"
        + "".join(f'<td class="figure">{safe(cell)}</td>' for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    first_head = f"<thead><tr><th>{safe(head[0])}</th>{heads}</tr></thead>"
    return f'<div class="scroll"><table>{first_head}<tbody>{body}</tbody></table></div>'


def _comparison(comparison: Comparison) -> str:
    rows = "".join(
        f"<tr><th scope=row>{safe(label(change.name).name)}</th>"
        f'<td class="figure">{shown(change.name, change.before)}</td>'
        f'<td class="figure">{shown(change.name, change.after)}</td>'
        f'<td class="figure {_tone(change)}">{_signed(change.difference)}</td></tr>'
        for change in comparison.changes
        if change.differs and not change.name.startswith("time.")
    )
    columns = "".join(f'<th class="figure">{words}</th>' for words in ("before", "now", "difference"))
    head = f"<thead><tr><th></th>{columns}</tr></thead>"
    table = (
        f'<div class="scroll"><table>{head}<tbody>{rows}</tbody></table></div>' if rows else "<p>No figure differs.</p>"
    )
    changed = "".join(f"<li>{safe(name)}: {safe(old)} → {safe(new)}</li>" for name, old, new in comparison.settings)
    settings = f'<p class="soft">Settings that differ:</p><ul class="moves">{changed}</ul>' if changed else ""
    moves = '<div class="cards">{}</div>'.format(
        "".join(
            f'<div class="card"><h3 class="{style}">{words}: {len(several):,}</h3>{_moves(several)}</div>'
            for words, style, several in (
                ("Got better", "good", comparison.better),
                ("Got worse", "bad", comparison.worse),
                ("Found earlier", "good", comparison.risen),
                ("Found later", "bad", comparison.fallen),
            )
            if several
        )
    )
    return (
        f'<div class="card wide"><h3>Since {safe(comparison.earlier)}</h3><p>{safe(comparison.verdict)}</p>'
        f"{settings}{table}</div>{moves}"
    )


def _tone(change: Change) -> str:
    return "" if label(change.name).neutral else "good" if change.better else "bad"


def _signed(difference: float) -> str:
    return f"{difference:+.3f}".replace("-", "\N{MINUS SIGN}")


def _moves(moves: Sequence[Move]) -> str:
    listed = "".join(
        f"<li><small>{safe(move.before)} → {safe(move.after)}</small><bdi>{safe(move.question)}</bdi></li>"
        for move in moves[:_MOST_MOVES]
    )
    more = f'<p class="soft">… and {len(moves) - _MOST_MOVES:,} more.</p>' if len(moves) > _MOST_MOVES else ""
    return f'<ul class="moves">{listed}</ul>{more}'


def _problems(problems: Sequence[Mapping[str, str]]) -> str:
    if not problems:
        return ""
    listed = "".join(f"<li>{safe(one['path'])}: {safe(one['reason'])}</li>" for one in problems[:_MOST_PROBLEMS])
    more = f"<li>… and {len(problems) - _MOST_PROBLEMS:,} more</li>" if len(problems) > _MOST_PROBLEMS else ""
    return (
        f'<div class="note"><b>{len(problems):,} to mend in the questions file.</b> A place that the library does not '
        f"hold counts as missed; a question that cannot be asked is left out.<ul>{listed}{more}</ul></div>"
    )


def _settings(entry: Mapping[str, Any]) -> str:
    rows = [[name, str(value)] for name, value in sorted(entry["settings"].items()) if name != "examples"]
    table = _table(["", "value"], rows)
    return f'<div class="card"><details><summary>Settings of this run</summary>{table}</details></div>'


def _method() -> str:
    return (
        '<p class="soft method">Each question is put to the Assistant that <code>youju ask</code> uses. Places are '
        "ranked as documents, or as passages where a quote or span is given. Measures: nDCG of Järvelin and "
        "Kekäläinen; exact match and F1 as the CMRC 2018 and SQuAD 1.1 scripts have them; risk–coverage of El-Yaniv "
        "and Wiener; calibration error over ten equal bins; the likely range is Wilson’s, 95 %.</p>"
    )
