"""Passages that may be of a numbered part: by the words that each of them holds, and by their headings."""

from __future__ import annotations

from assistant.addressing.parts import NAMED, Step, name_of, step_of
from assistant.addressing.titles import Title
from assistant.index.database import StoredPassage
from assistant.text.tokens import Required, required


def words_of(step: Step) -> list[Required]:
    """What every passage of a part holds: its number is written in some way, in a heading or at its beginning."""
    english = {"条": "article", "节": "section", "章": "chapter", "编": "part", "附件": "appendix"}
    if step.kind == NAMED:
        return [required(step.number)]
    if step.kind == "附件":
        return [required(f"{word}{step.number}") for word in ("附件", "附录", "附表")]
    number = step.number.partition("之")[0]
    return [Required(words=(f"第{number}{step.kind}",)), required(f"{english.get(step.kind, 'section')} {number}")]


def may_be(step: Step, title: Title, stored: StoredPassage) -> bool:
    """Whether a passage is likely of a part, as its headings have it."""
    if title.part is not None:
        return step in title.part.headed
    if step.kind == NAMED:
        return any(name_of(heading).endswith(step.number) for heading in stored.passage.heading)
    return any(step_of(heading) == step for heading in stored.passage.heading)
