"""Kinds of documents (通知, 会议纪要, a report), as their titles say them."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.text.normal import literal
from assistant.text.tokens import stem
from assistant.types import Mentions

# What such documents are called in their titles, where the question calls them otherwise.
_RULES = "制度|规定|办法|细则|规则|规范|守则|规程|准则|章程|条例"
_CALLED = {
    "会议纪要": "纪要|会议记录|会议纪要",
    "会议记录": "纪要|会议记录|会议纪要",
    "通知书": "通知书?",
    **dict.fromkeys(("制度", "规章制度", "规章", "规定"), _RULES),
    **dict.fromkeys(("法规", "法律法规"), f"法|法典|{_RULES}"),
    "法律": "法|法典",
    "判决": "判决书",
}
_ANY = re.compile(r"文件|文档|文章|文本|材料|资料|篇目|(?:document|doc|file|text|paper|article)s?")
_BRACKETS = r"(?:\s*[(\[【〔][^()\[\]【】〔〕]*[)\]】〕])?"
_LATIN = re.compile(r"[a-z]+")


def of_kind(found: Mentions, kind: str) -> Mentions:
    """The mentions in documents of a kind, as their titles have it; all, where no document is of that kind."""
    chosen = tuple(one for one in found.documents if is_of(one.title, kind)) if kind else ()
    return replace(found, documents=chosen) if chosen else found


def is_of(title: str, kind: str) -> bool:
    """Whether a title says that the document is of a kind."""
    if _ANY.fullmatch(kind):
        return True
    if _LATIN.match(kind):
        return stem(kind.split()[-1]) in {stem(word) for word in _LATIN.findall(literal(title))}
    return re.search(rf"(?:{_CALLED.get(kind, re.escape(kind))}){_BRACKETS}[》\s]*$", literal(title)) is not None
