"""References as GB/T 7714—2015 has them, in the numeric system.

What the standard leaves to judgement, and how it is decided here:

* Type. A standard is [S], a report (政府工作报告, 白皮书) [R], a thesis [D], a book with an ISBN [M]. An official
  paper with a number (国发〔2021〕3号) is [A], as the standard's own example of a municipal office's notice is;
  statutes and all others are [Z], for the standard has no type for them.
* Carrier. An electronic resource must have one. What was read is a file of one's own: /DK, disk. It is not /OL, which
  would call for an address and the day of access, and no EB (an announcement on line): neither is known of a file.
* Place and publisher. An electronic resource without them leaves them out, rather than [出版地不详]: [出版者不详],
  which is for printed matter. A responsible body that is not known is left out in the numeric system.
* Number. It stands after the title, as a report's or standard's number does.
* Date. One that the text gives stands in round brackets where its day is known; a year that only the title tells, or
  from which it is in force, is an estimate and stands in square ones.
* Page. Texts without pages are located by chapter and article: they are what a statute is cited by.
* The same source in several places has one number, and the place stands after the mark: [1]第三条.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.citing.sources import SourceFacts
from assistant.text.normal import has_chinese
from assistant.types import Citation

_TYPES = {"standard": "S", "statute": "Z", "paper": "A", "report": "R", "thesis": "D", "book": "M", "other": "Z"}
_CARRIER = "DK"
_NAMED_AUTHORS = 3


class References:
    """The marks of some citations, and the list of their sources: one entry for each document."""

    def __init__(
        self,
        citations: Sequence[Citation],
        facts: Sequence[SourceFacts],
        locator: Callable[[Citation, SourceFacts], str],
    ) -> None:
        places: dict[str, list[str]] = {}
        first: dict[str, tuple[Citation, SourceFacts]] = {}
        for citation, known in zip(citations, facts, strict=True):
            first.setdefault(citation.document, (citation, known))
            place = _place(citation, locator(citation, known))
            held = places.setdefault(citation.document, [])
            if place not in held:
                held.append(place)
        numbers = {document: number for number, document in enumerate(first, 1)}
        self.marks = [
            f"[{numbers[one.document]}]" + (_place(one, locator(one, known)) if len(places[one.document]) > 1 else "")
            for one, known in zip(citations, facts, strict=True)
        ]
        self.entries = [
            f"[{numbers[document]}] "
            + reference(citation, known, places[document][0] if len(places[document]) == 1 else "")
            for document, (citation, known) in first.items()
        ]


def _place(citation: Citation, part: str) -> str:
    page = "" if citation.page is None else str(citation.page)
    return ", ".join(one for one in (page, part) if one)


def reference(citation: Citation, facts: SourceFacts, place: str) -> str:
    """One entry: 责任者. 题名: 文号[类型/载体]. 出版地: 出版者, 年: 引文页码(日期)."""
    title = facts.title or citation.title
    chinese = has_chinese(title)
    entry = _authors(facts.authors, chinese=chinese)
    entry += _without_authors(title, facts.authors)
    entry += f": {facts.number}" if facts.number and facts.number not in title else ""
    entry += f"[{_TYPES[facts.kind]}/{_CARRIER}]. "
    entry += _imprint(facts)
    issued = _issued(facts, place)
    return f"{entry}{issued}." if issued else entry.rstrip(" ,") + ("." if not entry.endswith(". ") else "")


def _authors(authors: Sequence[str], *, chinese: bool) -> str:
    if not authors:
        return ""
    more = ", 等" if chinese else ", et al"
    return ", ".join(authors[:_NAMED_AUTHORS]) + (more if len(authors) > _NAMED_AUTHORS else "") + ". "


def _without_authors(title: str, authors: Sequence[str]) -> str:
    """国务院办公厅关于…的通知 without the office, which stands before it already; other titles as they are."""
    rest = title
    for author in authors:
        rest = rest.removeprefix(author).lstrip(" \u3000、")
    return rest if rest.startswith("关于") else title


def _imprint(facts: SourceFacts) -> str:
    named = ": ".join(part for part in (facts.place, facts.publisher) if part)
    return f"{named}, " if named else ""


def _issued(facts: SourceFacts, place: str) -> str:
    """2018: 第三条(2018-11-06); without a place (2018-11-06); an estimated year in square brackets."""
    year = facts.date[:4] or (f"[{guess}]" if (guess := (facts.effective or facts.year)[:4]) else "")
    day = f"({facts.date})" if len(facts.date) > 4 else ""
    if day and not place and not facts.publisher:
        return day
    return ": ".join(part for part in (year, place) if part) + day
