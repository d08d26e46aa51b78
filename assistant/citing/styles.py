"""Quotes with their sources, to be copied: plain, Markdown, footnotes, GB/T 7714—2015.

A quote stays literal between “ ”: quotation marks within it are not turned into ‘ ’, as Chinese typesetting has it,
because what is copied must be found in the text again just so. Left out everywhere are only control characters and
those that turn the direction of writing: they could make a quote read as something else. A title does follow the rule:
《…〈…〉…》.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from assistant.addressing.parts import step_of
from assistant.citing.gbt7714 import References
from assistant.citing.sources import SourceFacts
from assistant.types import Answer, Citation

Style = Literal["plain", "markdown", "footnotes", "gbt7714"]
Language = Literal["zh", "en"]
FactsOf = Callable[[str], SourceFacts]  # by the document's id

STYLES: tuple[Style, ...] = ("plain", "markdown", "footnotes", "gbt7714")

# Control characters but tabs and line ends, marks of direction, halves of surrogate pairs.
_ACTING = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
# What Markdown, HTML, LaTeX or a template would read, anywhere in a line and at its beginning.
_MARKUP = re.compile(r"[\\`*_\[\]{}#|~$!^=@]|(?<=www)\.|(?<=http):|(?<=https):|(?<=ftp):|(?<=mailto):", re.IGNORECASE)
_LINE_START = re.compile(r"^[ \t]*(?:([+-])|(\d+)([.)]))?", re.MULTILINE)
_CIRCLED = [*map(chr, range(0x2460, 0x2474)), *map(chr, range(0x3251, 0x3260)), *map(chr, range(0x32B1, 0x32C0))]
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_INNER = str.maketrans("《》", "〈〉")
_MONTHS = "January February March April May June July August September October November December"


def quotation(citation: Citation, style: Style, language: Language, facts: SourceFacts) -> str:
    """One quote with its source."""
    return quotations([citation], style, language, lambda document: facts)


def quotations(citations: Sequence[Citation], style: Style, language: Language, facts_of: FactsOf) -> str:
    """Several quotes with their sources, in order; notes and references below all of them."""
    if style == "plain":
        dash = "——" if language == "zh" else "— "
        blocks = [
            f"“{_literal(one.quote)}”\n{dash}{_source(one, language, facts_of(one.document))}" for one in citations
        ]
        return "\n\n".join(blocks)
    if style == "markdown":
        return "\n\n".join(_block(one, language, facts_of(one.document)) for one in citations)
    marks, notes = _noted(citations, style, language, facts_of)
    quotes = [f"“{_literal(one.quote)}”{mark}" for one, mark in zip(citations, marks, strict=True)]
    return "\n".join([*quotes, "", *notes]) if quotes else ""


def answer_quotations(answer: Answer, style: Style, language: Language, facts_of: FactsOf) -> str:
    """The sentences of an answer with marks, and below them the source of each; empty for a refusal."""
    if not answer.sentences:
        return ""
    marks, notes = _noted(answer.citations, style, language, facts_of)
    by_number = {one.number: mark for one, mark in zip(answer.citations, marks, strict=True)}
    shown = markdown if style == "markdown" else _literal
    lines = [
        f"“{shown(sentence.text)}”" + "".join(dict.fromkeys(by_number.get(one, "") for one in sentence.citations))
        for sentence in answer.sentences
    ]
    return ("\n\n" if style == "markdown" else "\n").join(lines) + "\n\n" + "\n".join(notes)


def markdown(text: str) -> str:
    """Any text as text of a Markdown document: nothing in it is read as markup, HTML, LaTeX or an address."""
    text = _literal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _MARKUP.sub(lambda match: f"\\{match[0]}", text)
    # Without indentation, which would make code of a line; a number or a dash at its beginning makes no list.
    return _LINE_START.sub(
        lambda match: f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}" if match[2] else "", text
    )


def _literal(text: str) -> str:
    return _ACTING.sub("", _LINE_END.sub("\n", text))


def _line(text: str) -> str:
    return " ".join(_literal(text).split())


def _block(citation: Citation, language: Language, facts: SourceFacts) -> str:
    """A block quote, each of its lines marked."""
    quote = [line for line in f"“{markdown(citation.quote)}”".split("\n") if line.strip()]
    dash = "——" if language == "zh" else "— "
    return "\n".join(f"> {line}" for line in (*quote, "", dash + markdown(_source(citation, language, facts)))).replace(
        "> \n", ">\n"
    )


def _noted(
    citations: Sequence[Citation], style: Style, language: Language, facts_of: FactsOf
) -> tuple[list[str], list[str]]:
    """For each citation its mark, and all notes."""
    if style == "gbt7714":
        references = References(citations, [facts_of(one.document) for one in citations], locator)
        return references.marks, [_line(entry) for entry in references.entries]
    sources = [_source(one, language, facts_of(one.document)) for one in citations]
    if style == "plain":
        return [f"[{one.number}]" for one in citations], [
            f"[{one.number}] {source}" for one, source in zip(citations, sources, strict=True)
        ]
    if style == "markdown":
        return [f"[^{one.number}]" for one in citations], [
            f"[^{one.number}]: {markdown(source)}" for one, source in zip(citations, sources, strict=True)
        ]
    if language == "zh":
        marks = [_circled(number) for number in range(1, len(citations) + 1)]
        return marks, [f"{mark}{source}。" for mark, source in zip(marks, sources, strict=True)]
    marks = [str(number).translate(_RAISED) for number in range(1, len(citations) + 1)]
    return marks, [f"{number}. {source}." for number, source in enumerate(sources, 1)]


def _circled(number: int) -> str:
    return _CIRCLED[number - 1] if number <= len(_CIRCLED) else f"({number})"


# sources in words


def _source(citation: Citation, language: Language, facts: SourceFacts) -> str:
    """国务院：《专利代理条例》（国令第706号，2018年11月6日），第一章第三条，第 3 页."""
    title = _line(facts.title or citation.title)
    about = [_line(facts.number) if facts.number not in title else "", _date(_dated(facts), language)]
    about = [one for one in about if one]
    authors = [_line(author) for author in facts.authors if not title.startswith(author)]
    place = locator(citation, facts) or _headings(citation, title)
    if language == "zh":
        named = ("、".join(authors) + "：" if authors else "") + f"《{title.translate(_INNER)}》"
        named += f"（{'，'.join(about)}）" if about else ""
        page = f"第 {citation.page} 页" if citation.page is not None else ""
        return "，".join(part for part in (named, place, page) if part)
    named = (", ".join(authors) + ", " if authors else "") + f"“{title}”" + (f" ({', '.join(about)})" if about else "")
    page = f"p. {citation.page}" if citation.page is not None else ""
    return ", ".join(part for part in (named, place, page) if part)


def _headings(citation: Citation, title: str) -> str:
    """The heading path of a place, without the title that it may begin with."""
    path = [_line(heading) for heading in citation.heading]
    return " › ".join(heading for heading in (path[1:] if path[:1] == [title] else path) if heading)


def _dated(facts: SourceFacts) -> str:
    return facts.date or (facts.year if facts.year not in facts.title else "")


def _date(date: str, language: Language) -> str:
    parts = [int(part) for part in date.split("-") if part.isdecimal()]
    if language == "zh":
        return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    words = [str(part) for part in parts]
    if len(parts) > 1 and 1 <= parts[1] <= 12:
        words[1] = _MONTHS.split()[parts[1] - 1]
    return " ".join(reversed(words))


def locator(citation: Citation, facts: SourceFacts) -> str:
    """The numbered part of a statute that a quote is of, by its headings: 第三章第十二条, Section 3; else empty.

    Where the text tells where its articles begin, that counts: a heading is the passage's, which may be cut otherwise.
    """
    labels: list[str] = []
    for heading in citation.heading:
        step = step_of(heading)
        if step is not None and step.kind in ("编", "分编", "章", "节", "条"):
            latin = re.match(r"[A-Za-z§]+\.?\s*[\dIVXLC.]+", heading.strip())
            labels.append(latin[0].rstrip(".") if latin else step.label)
    exact = facts.article(citation.start)
    if exact and (not citation.heading or "条" in "".join(labels[-1:])):
        labels = [label for label in labels if "条" not in label] + [exact]
    separator = ", " if any(label.isascii() for label in labels) else ""
    return separator.join(labels)
