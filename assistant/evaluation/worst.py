"""The questions that went wrong, worst first, as cards of the page: what was wanted and what was cited instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.comparison import verdict_of
from assistant.evaluation.markup import safe

MOST = 12  # of each kind on the page; the JSON has all
_LONGEST = 600  # characters of one text on the page

Row = Mapping[str, Any]  # one element of a results file's "cases"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to go wrong."""

    name: str
    meaning: str
    belongs: Callable[[Row], bool]
    order: Callable[[Row], float]  # the worst has the lowest


KINDS = (
    Kind(
        "Quotes that differ from their span",
        "A defect of the program: please report it.",
        lambda row: any(not cited["equal"] for cited in row["cited"]),
        lambda row: -row["confidence"],
    ),
    Kind(
        "Answered wrong",
        "The first sentence shown is not right; the surest first.",
        lambda row: row["case"]["answerable"] is not False and verdict_of(row) == "wrong",
        lambda row: -row["confidence"],
    ),
    Kind(
        "Answered although the texts do not say",
        "These should have been refused; the surest first.",
        lambda row: row["case"]["answerable"] is False and row["answered"],
        lambda row: -row["confidence"],
    ),
    Kind(
        "Refused although the texts say it",
        "Those whose first sentence would have been right come first, then by confidence.",
        lambda row: bool(row["case"]["answerable"]) and not row["answered"],
        lambda row: -row["confidence"] - bool(row["right"]),
    ),
    Kind(
        "Not among the first ten found",
        "Search, both legs together, put no right passage among the first ten.",
        lambda row: bool(row["ranks"]) and (row["ranks"]["fused"] is None or row["ranks"]["fused"] > 10),
        lambda row: -row["confidence"],
    ),
)


def worst(rows: Sequence[Row]) -> str:
    """A card for each way to go wrong that occurs."""
    return "".join(card for kind in KINDS if (card := _card(kind, [row for row in rows if kind.belongs(row)])))


def _card(kind: Kind, rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    first = sorted(rows, key=kind.order)[:MOST]
    more = f'<p class="soft">… and {len(rows) - MOST:,} more in the JSON.</p>' if len(rows) > MOST else ""
    listed = "".join(map(_case, first))
    return (
        f'<div class="card wide"><h3>{safe(kind.name)}: {len(rows):,}</h3><p class="soft">{safe(kind.meaning)}</p>'
        f"{listed}{more}</div>"
    )


def _case(row: Row) -> str:
    case = row["case"]
    facts = [("Wanted", _wanted(case))]
    if row["answered"]:
        facts.append(
            ("Cited instead" if verdict_of(row) != "right" else "Cited", "".join(map(_citation, row["cited"])))
        )
    elif row["withheld"]:
        judged = {True: "right", False: "not right", None: "not judged"}[row["right"]]
        facts.append(("Kept back", f"<blockquote>{_text(row['withheld'])}<small>{judged}</small></blockquote>"))
    if row["ranks"]:
        ranks = ", ".join(f"{leg} {'–' if rank is None else rank}" for leg, rank in row["ranks"].items())
        facts.append(("First right hit", safe(ranks)))
    kind = f"{case['kind']}, " if case["kind"] else ""
    facts.append(("Question", safe(f"{kind}{case['id']}" + (f", line {case['line']}" if case["line"] else ""))))
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    return (
        f'<details><summary><span class="words"><bdi>{_text(case["question"])}</bdi></span>'
        f'<span class="badge">{row["confidence"]:.0%} sure</span></summary><dl>{listed}</dl></details>'
    )


def _wanted(case: Mapping[str, Any]) -> str:
    if case["answerable"] is False:
        seems = f" It seems to stand in {safe(case['asked_of'])}." if case["asked_of"] else ""
        return f"A refusal: the texts do not say.{seems}"
    parts = []
    if case["answers"]:
        parts.append(f"<p><bdi>{_text(' / '.join(case['answers']))}</bdi></p>")
    place = case["document"] or ", ".join(case["passage_ids"])
    if case["start"] is not None:
        place += f", characters {case['start']}–{case['end']}"
    if case["quote"]:
        parts.append(f'<blockquote class="gold">{_text(case["quote"])}<small>{safe(place)}</small></blockquote>')
    elif place:
        parts.append(f'<p class="soft">in {safe(place)}</p>')
    for one in case.get("also", ()):
        small = safe(one["document"])
        parts.append(f'<blockquote class="gold">{_text(one["quote"])}<small>{small}</small></blockquote>')
    for one in case.get("unwanted", ()):
        small = f"{safe(one['document'])} · does not answer"
        parts.append(f'<blockquote class="other">{_text(one["quote"])}<small>{small}</small></blockquote>')
    return "".join(parts) or "<p>Any answer.</p>"


def _citation(cited: Mapping[str, Any]) -> str:
    gold = cited["on_gold_sentence"]
    style = "" if gold is None else ' class="gold"' if gold else ' class="other"'
    differs = "" if cited["equal"] else " · differs from its span"
    elsewhere = " · another document" if cited["on_gold_document"] is False else ""
    place = f"{cited['document']}, characters {cited['start']}–{cited['end']}{elsewhere}{differs}"
    return f"<blockquote{style}>{_text(cited['quote'])}<small>{safe(place)}</small></blockquote>"


def _text(words: str) -> str:
    return safe(words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…")
