"""Whose something is that a question is about."""

from __future__ import annotations

from assistant.asking.vocabulary import MEASURES
from assistant.asking.wording import Wording, is_aspect


def owner_of(earlier: Wording) -> tuple[int, int]:
    """Whose something is, where the earlier question asks for something of a topic; else the topic."""
    start, end = earlier.topic()
    form = earlier.form[start:end]
    owner, of, thing = form.rpartition("的")
    if of and owner and is_aspect(thing):
        return start, start + len(owner)
    last = [one for one in earlier.segments if one.is_word and start < one.start and one.end == end]
    if last and len(form) - (last[0].end - last[0].start) > 1 and earlier.form[last[0].start : end] in MEASURES:
        return start, last[0].start
    return start, end


def title_end(earlier: Wording, start: int, end: int) -> int:
    """A topic that begins with a title is that title: 《…》规定轮换数量."""
    closed = earlier.form.find("》", start, end)
    return closed + 1 if earlier.form[start] == "《" and closed >= 0 else end
