"""Which documents bear a number (国发〔2021〕3号, （2021）云08民终123号), and which passages only cite it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.addressing.addresses import DocumentNumber, canonical_number
from assistant.index.snapshot import Snapshot
from assistant.text.marks import without_marks
from assistant.text.normal import CJK
from assistant.text.tokens import required

_READ = 300  # passages that hold a number's words, at most
_HEAD = 1_500  # characters: a document bears its number near its beginning
_ONE_LINE = 200  # where a whole judgment is one line, its number comes early in it
_LONGEST_LINE = 60
_OF_ANY_ISSUER = "〔12"  # a number that begins so has no issuer's sign: 〔2024〕150号, 2024年150号
_AROUND = 6  # characters: what cites is no longer
_LABEL = re.compile(r"(?:文号|字号|编号|案号|文件号|发文号)[:：]?$")
# What stands around a number that is another document's.
_CITES = re.compile(
    r"(?:[》〉)）(（\[“]|根据|依据|依照|按照|按|据|照|以|见|经|由|不服|作出的?|本院|法院|贯彻|落实|执行|转发|印发|废止|的)$"
)
_CITED = re.compile(
    r"^(?:[)）]|(?:民事|刑事|行政|执行|赔偿|仲裁)*(?:判决|裁定|调解|决定|裁决|通知)?书?(?:,|，|。|、|中|的|载明|认定|已|予|规定|要求|文件|精神)|"
    r"(?:民事|刑事|行政|执行|赔偿)*(?:判决|裁定|调解|决定|裁决)|规定|要求|文件|精神|批准|同意|印发|公布)"
)


# What may stand right before a number of which only the end is looked for: the issuer's name, or another document's.
_APART = re.compile(rf"(?:^|[^{CJK}]|[院部厅局令书件号])$")


@dataclass(frozen=True, slots=True)
class Bearers:
    """The documents that bear a number, and the passages that hold it."""

    documents: tuple[str, ...]
    citing: tuple[int, ...]  # passages of others, only where no document bears it


def bearers(
    snapshot: Snapshot, wanted: DocumentNumber, numbered: Sequence[tuple[str, str]], inside: frozenset[str] | None
) -> Bearers:
    """Where a number is held.

    `numbered` are the documents whose id or title has a number, and both as numbers are compared; `inside` those that
    a search is kept to.
    """
    whole, *shorter = wanted.forms()
    for form in (whole, *shorter):
        is_end = form != whole and form[0] not in _OF_ANY_ISSUER
        own = dict.fromkeys(
            name
            for name, canonical in numbered
            if form in canonical and (inside is None or name in inside) and _holds(canonical, form, is_end=is_end)
        )
        holding = _holding(snapshot, form, inside, is_end=is_end)
        for name in dict.fromkeys(document for document, _ in holding):
            if name not in own and _bears(snapshot.document(name).text[:_HEAD], form):
                own[name] = None
        if own or holding:
            return Bearers(tuple(own), () if own else tuple(number for _, number in holding))
    return Bearers((), ())


def named_by(wanted: DocumentNumber, names: Iterable[str]) -> tuple[str, ...]:
    """The documents whose files are named by a number in everyday words: 2024-150 关于停电的通知.txt."""
    if wanted.said is None or wanted.issuer:
        return ()
    year, count = wanted.said
    # Not 2024-15-3, which is a date, or a number in another part of the path.
    named = re.compile(
        rf"(?<!\d){year}\s*[-_. 年)）〕\]]*\s*(?:第|No\.?)?\s*0*{count}(?![\d])(?!\s*[-.月]\s*\d)[^/]*$", re.IGNORECASE
    )
    return tuple(name for name in names if "#" not in name and named.search(name))


def _holds(canonical: str, form: str, *, is_end: bool) -> bool:
    """Whether a text holds a number; where that is the end of one, not as the end of another (浙政发 and 京政发)."""
    if not is_end:
        return form in canonical
    before = (canonical[: match.start()] for match in re.finditer(re.escape(form), canonical))
    return any(_APART.search(text[-1:]) or _CITES.search(text[-_AROUND:]) for text in before)


def _holding(snapshot: Snapshot, form: str, inside: frozenset[str] | None, *, is_end: bool) -> list[tuple[str, int]]:
    """Documents and passages that hold a number, in the order of the library."""
    found = []
    ranges = snapshot.area(inside).ranges
    ids = snapshot.keywords.holding([[required(form)]], within=ranges)
    for number, stored in snapshot.passages(ids[:_READ]).items():
        passage = stored.passage
        text = without_marks(snapshot.document(passage.document).text, passage.start, passage.end)
        if _holds(canonical_number("\ue000".join((stored.title, *passage.heading, text))), form, is_end=is_end):
            found.append((passage.document, number))
    return found


def _bears(head: str, form: str) -> bool:
    """Whether a text that begins so is the document of a number, rather than one that cites it."""
    for line in head.splitlines():
        canonical = canonical_number(line)
        before, held, after = canonical.partition(form)
        if not held:
            continue
        if _LABEL.search(before):
            return True
        if (
            re.search(rf"[{CJK}]$", before)
            and form[0] not in _OF_ANY_ISSUER
            and not before.endswith(("令", "书", "件", "号"))
        ):
            continue  # 京政发〔2021〕3号 is not 政发〔2021〕3号
        short = len(canonical) <= _LONGEST_LINE or len(before) <= _ONE_LINE
        if short and not _CITES.search(before) and not _CITED.match(after):
            return True
    return False
