"""Why a passage was found, in plain words, as markup. Pure."""

from __future__ import annotations

from assistant.types import Hit
from ui.escape import escape


def explained(hit: Hit, language: str) -> str:
    """The words of the question that a passage holds, and what meaning and keywords contributed."""
    label = "命中：" if language == "zh-CN" else "Matched: "
    return f'<span class="terms">{escape(label + "、".join(hit.terms))}</span>' if hit.terms else ""
