"""Sentences that begin with a pronoun bring the one before them, so that a quote says what it is about."""

from __future__ import annotations

import re

from assistant.answering.citations import Chosen
from assistant.text.measure import measure
from assistant.text.sentences import sentences

_MOST_BEFORE = 2  # sentences, where the one before begins with a pronoun, too
_LONGEST = 200  # characters of a sentence that is brought along (an English word counts two)
_LINK = (
    "(?:但是?|而且?|因此|所以|不过|然而|同时|并且|后来|後來|随后|隨後|当时|當時|之后|之後|于是|於是|此外|另外)?[，,]?"
)
_CHINESE = re.compile(
    rf"[“「\"‘『（(]?{_LINK}(?:[他她它牠祂](?![乡鄉人日]|山之)|其(?![他它她实實余餘次一二三四五])|[该該](?![当當应應])"
    r"|[这這](?![样樣]一?来|[么麼]|[里裡裏]?[时時]|一?年来)|此(?![外后後次前时時间間致处處起])|上述|前述|前者|后者|後者"
    r"|[两兩二]者|双方|雙方|[两兩二]人(?!以))"
)
_ALSO = "(?:(?:But|And|So|However|Therefore|Thus|Then|Later|Also|In addition|As a result),? )"
_PRONOUN = "(?:He|She|It|They|His|Her|Its|Their|These|This|The former|The latter|Both)"
_ENGLISH = re.compile(rf"[\"“‘'(]?(?:{_PRONOUN}|{_ALSO}(?i:{_PRONOUN}))\b(?!-)")
# The text speaks of itself, or “it” stands for nothing before.
_ITSELF = (
    "act|law|policy|agreement|regulation|directive|document|paper|section|chapter|article|notice|guide|manual|"
    "report|contract|page|book|standard|convention|treaty|code|order|handbook"
)
_BEING = (
    "(?:is|was|has been|had been|(?:may|can|could|should|will|would|must) be|becomes?|became|seems?|seemed|appears?|"
    r"appeared|follows|turne?d? out|turns out)(?: (?:\w+ly|not|also|often|now|still))?"
)
_THAT = (
    "known|said|believed|thought|estimated|reported|possible|impossible|important|necessary|clear|likely|unlikely|true|"
    "common|easy|hard|difficult|customary|argued|claimed|expected|assumed|recommended|required|forbidden|illegal|legal|"
    "prohibited|considered|understood|noted|suggested|found|shown|hoped|feared|worth|time|up to|advisable|essential|"
    "useful|best|better|enough|that|not until|as if|as though"
)
_WEATHER = r"rain\w*|snow\w*|(?:is|was) (?:raining|snowing|hot|cold|dark|late|early)\b"
_CLEFT = r"(?:is|was) (?:the |an? )?[\w' -]{1,60}? (?:that|who|which|whom)\b"
_NO_PRONOUN = re.compile(
    rf"This (?:{_ITSELF})\b|{_ALSO}?It (?:{_BEING} (?:{_THAT})\b|takes?\b|took\b|{_WEATHER}|{_CLEFT})"
    r"|Both (?:[A-Za-z]+ )?(?:[\w'-]+ ){0,3}and\b",
    re.IGNORECASE,
)


def refers_back(sentence: str) -> bool:
    """Whether a sentence begins with words that stand for something said before."""
    if _CHINESE.match(sentence):
        return True
    return _ENGLISH.match(sentence) is not None and _NO_PRONOUN.match(sentence) is None


def understandable(chosen: Chosen) -> Chosen:
    """The same sentence, beginning with the one before it where it needs that; nothing before its passage is taken."""
    text = chosen.document.text
    if not refers_back(text[chosen.start : chosen.end]):
        return chosen
    before = [span for span in sentences(text, chosen.passage.start, chosen.passage.end) if span[1] <= chosen.start]
    start = chosen.start
    for left, right in reversed(before[-_MOST_BEFORE:]):
        if measure(text, left, right) > _LONGEST:
            break
        start = left
        if not refers_back(text[left:right]):
            break
    return Chosen(chosen.document, chosen.passage, start, chosen.end, chosen.answers, chosen.item)
