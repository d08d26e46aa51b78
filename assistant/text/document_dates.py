"""When a document is from, by its title, its file name and its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.normal import fold
from assistant.types import Document

_HEAD = 600  # characters of a text in which its date is looked for

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?(?:年\s?(?:(?P<month>\d{1,2})月(?:\s?(?P<day>\d{1,2})[日号])?)?"
    r"|[-./](?P<month2>0?[1-9]|1[0-2])(?:[-./](?P<day2>0?[1-9]|[12]\d|3[01]))?(?!\d))"
)
_ENGLISH = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<month>{'|'.join(_MONTHS)})[a-z]*\.? "
    r"(?:(?P<day2>\d{1,2})(?:st|nd|rd|th)?,? )?"
    r"(?P<year>(?:19|20)\d{2})\b"
)
_YEAR = re.compile(r"(?<![\d.,-])(?P<year>(?:19|20)\d{2})(?!\d|%|年|[-,.]\d)")
# What a date near the beginning has beside it where it is the document's own.
_DATED = re.compile(
    r"发布|印发|公布|颁布|通过|施行|实施|生效|修订|修正|修改|日期|更新|签发|制定|年版|版本|起执行"
    r"|\b(?:published|issued|updated|revised|dated?|effective|adopted|approved|version|edition|as of)\b"
)
_AROUND = 16  # characters between the two


def document_date(document: Document) -> str | None:
    """“2024”, “2024-05” or “2024-05-01”; None where a document says nothing of the kind.

    The year in its title or file name counts first; its first lines say more exactly when, or say it alone.
    """
    named = _first(fold(document.title)) or _first(fold(document.id.rpartition("#")[0] or document.id))
    stated = _stated(fold(document.text[:_HEAD]))
    if named is None:
        return stated
    exact = stated is not None and len(stated) > len(named) and stated.startswith(named)
    return stated if exact else named


def _first(folded: str) -> str | None:
    """The first date in a title or name; there a bare year is one, too."""
    dated = next((date for date, *_ in _dates(folded)), None)
    return dated or next((match["year"] for match in _YEAR.finditer(folded)), None)


def _stated(head: str) -> str | None:
    """The latest date near the beginning that is said to be the document's."""
    own = [
        date
        for date, start, end in _dates(head)
        if _DATED.search(head[max(0, start - _AROUND) : start] + " " + head[end : end + _AROUND])
    ]
    return max(own, default=None)


def _dates(folded: str) -> Iterator[tuple[str, int, int]]:
    """Every date with a year, and its span."""
    for match in _FULL.finditer(folded):
        yield _joined(match["year"], match["month"] or match["month2"], match["day"] or match["day2"]), *match.span()
    for match in _ENGLISH.finditer(folded):
        month = str(_MONTHS.index(match["month"]) + 1)
        yield _joined(match["year"], month, match["day"] or match["day2"]), *match.span()


def _joined(year: str, month: str | None, day: str | None) -> str:
    return "-".join([year, *(part.zfill(2) for part in (month, day if month else None) if part)])
