"""The list of conversations, and one of them, as markup. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.conversations.turns import Conversation, ConversationInfo
from ui import links
from ui.escape import escape, read_as
from ui.messages import Words


def conversations(found: Sequence[ConversationInfo], query: str, words: Words, *, damaged: str = "") -> str:
    """The list, grouped by how long ago each was changed; before it, what became of a file that was damaged."""
    notice = (
        f'<div class="problem"><p class="lead">{escape(words.conversations_damaged)}</p>'
        f'<details><summary>{escape(words.damaged_where)}</summary><p class="detail">{escape(damaged)}</p></details>'
        "</div>"
        if damaged
        else ""
    )
    if not found:
        empty = words.no_conversation_found if query.strip() else words.no_conversation
        return f'{notice}<p class="none">{escape(empty)}</p>'
    return f'{notice}<ul class="conversations">{"".join(_entry(one, words) for one in found)}</ul>'


def _entry(one: ConversationInfo, words: Words) -> str:
    excerpt = f'<span class="excerpt" {read_as(one.excerpt)}>{_matched(one)}</span>' if one.excerpt else ""
    actions = "".join(
        f'<button type="button" class="{kind}">{escape(label)}</button>'
        for kind, label in (("rename", words.rename), ("delete", words.delete))
    ) + "".join(
        f'<a class="export" href="/conversations/{escape(one.id)}/export?format={kind}" download>{escape(label)}</a>'
        for kind, label in (("md", words.export_markdown), ("docx", words.export_docx), ("html", words.export_html))
    )
    return (
        f'<li data-id="{escape(one.id)}"><a class="open" href="{escape(links.conversation(one.id))}" dir="auto">'
        f'<span class="title" {read_as(one.title)}>{escape(one.title)}</span>{excerpt}'
        f'<time datetime="{escape(one.changed)}">{escape(_day(one.changed, words))}</time></a>'
        f'<details class="menu"><summary aria-label="{escape(words.actions.format(title=one.title))}">'
        f'<span aria-hidden="true">⋯</span></summary><div class="choices">{actions}</div></details></li>'
    )


def _matched(one: ConversationInfo) -> str:
    """The excerpt of a search with the words marked."""
    shown, done = "", 0
    for start, end in one.matched:
        shown += f"{escape(one.excerpt[done:start])}<mark>{escape(one.excerpt[start:end])}</mark>"
        done = end
    return shown + escape(one.excerpt[done:])


def _day(stamp: str, words: Words) -> str:
    try:
        when = datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return ""
    return f"{when:%H:%M}" if when.date() == datetime.now().astimezone().date() else f"{when:%Y-%m-%d}"


def conversation(shown: Conversation, turns: str, words: Words) -> str:
    """A conversation with its turns, which are markup already."""
    within = "".join(f'<span class="place">{escape(place)}</span>' for place in shown.within)
    return (
        f'<div class="kept" data-id="{escape(shown.id)}" data-title="{escape(shown.title)}" lang="{words.language}">'
        f'<div class="within" hidden>{within}</div>{turns}</div>'
    )
