"""Which year a sentence of a dated document speaks of: 去年 and 过去一年 mean one year in each year's report.

The nearest statement counts: the sentence's own, those before it in its passage, the headings above, deepest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.citations import Chosen
from assistant.text.document_dates import document_date
from assistant.text.normal import fold

YEAR = re.compile(r"(?<![\d.])(?:1[89]|20)\d{2}(?![\d.%]|,\d)")
# Texts that are written for each year anew; “2008” in the title of another one may be part of a name.
_YEARLY = re.compile(
    r"报告|公报|总结|年报|计划|预算|决算|年鉴|白皮书|述职|要点|\b(?:report|review|summary|plan|budget|yearbook|bulletin)\b"
)
# They tell of the year that they are named after, where others look back from its beginning.
_OF_ITS_YEAR = re.compile(r"总结|年报|公报|年鉴|述职|年度|\b(?:annual|yearbook|review|summary)\b")
_THAN = r"(?<!比)(?<!较)(?<!与)(?<!同)(?<!和)(?<!是)(?<!以)(?<!于)"  # 比上年增长: what is told is of another year
_RELATIVE = (
    (-2, re.compile(rf"{_THAN}前年|\bthe year before last\b")),
    (
        -1,
        re.compile(
            rf"{_THAN}(?:去年|上年|上[一1]年)(?!同期|末|底|[龄轻纪限])"
            r"|(?<!than )(?<!from )(?<!with )(?<!over )\blast year\b"
        ),
    ),
    (0, re.compile(r"今年|本年度?(?!龄)|\b(?:this|the current) year\b")),
    (1, re.compile(r"明年|来年|下[一1]年|\bnext year\b")),
)
_PAST = re.compile(r"过去的?[一1]年|(?<!\d)[一1]年来|(?<!\w)\b(?:in|over|during) the (?:past|last) year\b")
_LATE = "11"  # month: who looks back from then on means the year that ends
_BEFORE = 400  # characters of a passage before a sentence


def year_asked(question: str) -> str | None:
    """The year that a question names, where it names one only."""
    years = set(YEAR.findall(fold(question)))
    return years.pop() if len(years) == 1 else None


def agrees(asked: str, chosen: Chosen) -> int:
    """1 where a sentence speaks of the year that is asked for, -1 where it speaks of others, 0 where it does not say.

    Only of documents that say when they are from; years that are written out count in yearly reports alone, since the
    evidence knows of these words.
    """
    date = document_date(chosen.document)
    if date is None:
        return 0
    title = fold(chosen.document.title)
    yearly = _YEARLY.search(title) is not None
    for said in _statements(chosen):
        relative = _relative(said, date, title)
        written = set(YEAR.findall(said)) if yearly or relative else set()
        if asked in relative | written:
            return 1
        if relative or (written and not _compares(said)):
            return -1
    return 0


def _statements(chosen: Chosen) -> Iterator[str]:
    """What may say of which year a sentence is, folded, the nearest first."""
    text, passage = chosen.document.text, chosen.passage
    yield fold(text[chosen.start : chosen.end])
    before = fold(text[max(passage.start, chosen.start - _BEFORE) : chosen.start])
    yield from reversed(re.split(r"(?<=[。!?;\n])", before))
    yield from (fold(heading) for heading in reversed(passage.heading) if heading != chosen.document.title)


def _relative(said: str, date: str, title: str) -> set[str]:
    """The years that relative words of a document of some date mean."""
    own = int(date[:4])
    years = {str(own + step) for step, pattern in _RELATIVE if pattern.search(said)}
    if _PAST.search(said):
        ends = _OF_ITS_YEAR.search(title) or date[5:7] >= _LATE
        years |= {str(own if ends else own - 1)}
    return years


def _compares(said: str) -> bool:
    """Whether years may only be named for comparison: 比2020年增长, 自2019年以来, in 2020 as the plan of 2018 says."""
    return re.search(r"[比较自从与]\s?(?:1[89]|20)\d{2}|以来|\b(?:since|from|than|with|of)\b", said) is not None
