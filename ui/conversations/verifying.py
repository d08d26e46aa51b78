"""Whether the quotes of kept answers still stand in the texts, as markup and as facts for the script of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assistant.citing.verification import Cited, Verdict
from assistant.conversations.turns import StoredTurn
from ui import links
from ui.conversations.words import TurnWords
from ui.escape import escape, titled
from ui.messages import Words

if TYPE_CHECKING:
    from assistant.assistant import Assistant

Verdicts = Mapping[tuple[int, int], Verdict]  # by turn and citation
Numbered = Sequence[tuple[int, Verdict]]  # those of one turn, each with the number of its citation
_TAGS = {"same": "span", "removed": "del", "added": "ins"}


def verdicts(assistant: Assistant, turns: Sequence[StoredTurn]) -> Verdicts:
    """What became of every quote of some turns."""
    keys, wanted = [], []
    for turn in turns:
        for one in turn.answer.citations if turn.answer else ():
            keys.append((turn.number, one.number))
            wanted.append(Cited.of(one, turn.digests.get(one.document, "")))
    return dict(zip(keys, assistant.verify(wanted), strict=True))


def facts(found: Verdicts, words: Words, said: TurnWords) -> dict[str, Any]:
    """For each turn what is told of its quotes, and for each citation its state and its present address."""
    turns = {}
    for number, group in groupby(sorted(found.items()), key=lambda item: item[0][0]):
        own = [(citation, verdict) for (_, citation), verdict in group]
        turns[number] = {
            "markup": _told(own, words, said),
            "citations": {citation: _fact(citation, verdict, own, said) for citation, verdict in own},
        }
    return {"turns": turns}


def _fact(citation: int, verdict: Verdict, own: Numbered, said: TurnWords) -> dict[str, Any]:
    return {"state": verdict.state, "label": _label(verdict, said), "href": _address(citation, verdict, own)}


def _address(citation: int, verdict: Verdict, own: Numbered) -> str | None:
    """Of a quote as it stands now, where the answer's other quotes are marked as well; None where it stands nowhere."""
    there = [(one.document, (one.start, one.end), number) for number, one in own if one.end]
    return links.citing((verdict.document, (verdict.start, verdict.end), citation), there) if verdict.end else None


def _label(verdict: Verdict, said: TurnWords) -> str:
    if verdict.state == "deleted":
        return said.document_gone if verdict.gone else said.deleted_quote
    labels = {
        "unchanged": said.unchanged,
        "moved": said.moved,
        "changed": said.changed_form if verdict.only_form else said.changed,
        "unreadable": said.unreadable,
    }
    return labels[verdict.state]


def _told(own: Numbered, words: Words, said: TurnWords) -> str:
    """One line where every quote stands as it was cited; else a line for each that does not."""
    others = [(citation, verdict) for citation, verdict in own if verdict.state != "unchanged"]
    clock = f"{datetime.now().astimezone():%H:%M}"
    if not others:
        line = escape(words.count(said.all_unchanged, len(own), time=clock))
        return f'<div class="verified good" lang="{words.language}"><p>{line}</p></div>'
    rows = "".join(_row(citation, verdict, own, words, said) for citation, verdict in others)
    unread = sum(verdict.state == "unreadable" for _, verdict in others)
    differing = sum(verdict.state != "moved" for _, verdict in others) - unread
    counted = ((said.some_differ, differing), (said.some_unreadable, unread))
    leads = [words.count(told, number, time=clock) for told, number in counted if number]
    lead = escape(words.semicolon.join(leads) or words.count(said.only_moved, len(others), time=clock))
    if not leads:
        return f'<div class="verified good" lang="{words.language}"><p>{lead}</p><ul>{rows}</ul></div>'
    return f'<div class="verified" lang="{words.language}"><p class="lead">{lead}</p><ul>{rows}</ul></div>'


def _row(citation: int, verdict: Verdict, own: Numbered, words: Words, said: TurnWords) -> str:
    kind = {"moved": "", "changed": " warn"}.get(verdict.state, " bad")
    row = f'<span class="number">[{citation}]</span> <span class="badge{kind}">{escape(_label(verdict, said))}</span>'
    address = _address(citation, verdict, own)
    if address is None:
        row += f' <bdi dir="auto">{escape(titled(verdict.title, verdict.document, words))}</bdi>'
    else:
        page = "" if verdict.page is None else words.page.format(n=verdict.page)
        place = words.comma.join(filter(None, [" › ".join(verdict.heading), page]))
        name = titled(verdict.title, verdict.document, words) + (f" {place}" if place else "")
        row += f' <a href="{escape(address)}" dir="auto"><bdi>{escape(name)}</bdi></a>'
    if verdict.reason:
        row += f' <span class="reason" dir="auto">{escape(verdict.reason)}</span>'
    if verdict.newer:
        row += f' <span class="newer">{escape(said.newer)}</span>'
    if verdict.state == "changed":
        pieces = "".join(f"<{_TAGS[kind]}>{escape(text)}</{_TAGS[kind]}>" for text, kind in verdict.pieces)
        row += f'<p class="difference" dir="auto">{pieces}</p>'
    return f"<li>{row}</li>"


def notes(found: Verdicts, said: TurnWords) -> dict[tuple[int, int], str]:
    """What is printed with a quote of an export."""
    told = {}
    for key, verdict in found.items():
        note = _label(verdict, said)
        if verdict.state == "changed":
            present = "".join(text for text, kind in verdict.pieces if kind != "removed")
            note += said.now.format(text=" ".join(present.split()))
        told[key] = note
    return told
