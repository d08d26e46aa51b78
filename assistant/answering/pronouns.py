"""Sentences that begin with a pronoun bring the one before them, so that a quote says what it is about."""

from __future__ import annotations

import re

from assistant.answering.citations import Chosen
from assistant.text.measure import measure
from assistant.text.sentences import sentences

_MOST_BEFORE = 2  # sentences, where the one before begins with a pronoun, too
_LONGEST = 200  # characters of a sentence that is brought along (an English word counts two)
_LINK = "(?:但是?|而且?|因此|所以|不过|然而|同时|并且|後來|后来|随后|隨後|当时|當時|之后|之後|于是|於是|而|此外|另外)?[，,]?"
_CHINESE = re.compile(
    rf"[“「\"‘『（(]?{_LINK}(?:[他她它牠祂](?!乡|鄉|人|日|山之)|其(?![他它她实實余餘次一二三四五])|[该該](?![当當]|应|應)"
    r"|[这這](?![样樣]一?来|[么麼]|[时時]|[里裡裏]?[时時]|一?年来)|此(?![外后後次前时時间間致处處起])|上述|前述|前者|后者|後者|[两兩二]者|双方|雙方|[两兩二]人(?!以))"
)
_ENGLISH = re.compile(
    r"[\"“‘'(]?(?:(?:But|And|So|However|Therefore|Thus|Then|Later|Also|In addition|As a result),? )?"
    r"(?:He|She|It|They|His|Her|Its|Their|These|This|The former|The latter|Both)\b(?!-)",
    re.IGNORECASE,
)
# The text speaks of itself, or “it” stands for nothing before.
_NO_PRONOUN = re.compile(
    r"This (?:act|law|policy|agreement|regulation|directive|document|paper|section|chapter|article|notice|guide|manual|report|"
    r"contract|page|book|standard|convention|treaty|code|order|handbook|means that)\b"
    r"|(?:But |And |However, |Thus,? |Therefore,? )?It (?:(?:is|was|has been|had been|may be|can be|could be|should be|will be|would be|must be|"
    r"becomes?|became|seems?|seemed|appears?|appeared|follows|turned out|turns out)(?: (?:\w+ly|not|also|often|now|still))? ?"
    r"(?:known|said|believed|thought|estimated|reported|possible|impossible|important|necessary|clear|likely|unlikely|true|"
    r"common|easy|hard|difficult|customary|argued|claimed|expected|assumed|recommended|required|forbidden|illegal|legal|prohibited|"
    r"considered|understood|noted|suggested|found|shown|hoped|feared|worth|time|up to|advisable|essential|useful|best|better|"
    r"enough|that|not until|as if|as though)\b"
    r"|takes?\b|took\b|rain\w*|snow\w*|(?:is|was) (?:raining|snowing|hot|cold|dark|late|early)\b"
    r"|(?:is|was) (?:the |an? )?[\w' -]{1,60}? (?:that|who|which|whom)\b)"
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
