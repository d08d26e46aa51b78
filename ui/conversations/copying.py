"""An answer's quotes with their sources, as they are copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.citing.sources import SourceFacts, facts
from assistant.citing.styles import Language, Style, answer_quotations, quotations
from assistant.types import Answer, Document

if TYPE_CHECKING:
    from assistant.assistant import Assistant


def copied(assistant: Assistant, answer: Answer, style: Style, language: str, citation: int | None = None) -> str:
    """All of an answer in some style, or one of its citations; `language` as in the lang attribute."""
    titles = {one.document: one.title for one in answer.citations}

    def facts_of(name: str) -> SourceFacts:
        try:
            return facts(assistant.document(name))
        except KeyError:  # it is not in the library any more: only what was kept is known
            return facts(Document(name, titles[name], "", ""))

    spoken: Language = "zh" if language.startswith("zh") else "en"
    if citation is None:
        return answer_quotations(answer, style, spoken, facts_of)
    return quotations([one for one in answer.citations if one.number == citation], style, spoken, facts_of)
