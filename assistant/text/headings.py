"""Headings and their order: 第三章, 第十二条, 一、 （一） 1. （1） ①, Chapter 3, Section 2.1, and short lines.

`recognise` looks at one paragraph alone; whether it is a heading or an item of a list also depends on what follows,
which `blocks` decides. A `Path` turns the headings of a text, in order, into heading paths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text.marks import FILLER, Span
from assistant.text.measure import measure

# A longer line is a sentence that lost its full stop. (Chinese characters; an English word counts two.)
LONGEST_HEADING = 45
_LONGEST_INLINE = 32
_LONGEST_SHORT_LINE = 32

_CHINESE = "[〇零一二三四五六七八九十百千两兩]"
_NUMBER = rf"(?:{_CHINESE}{{1,7}}|[0-9０-９]{{1,4}})"

# (style, family, rank, pattern). Within a family a lower rank is further out; a family nests in what is open.
_STYLES: tuple[tuple[str, str, float, re.Pattern[str]], ...] = tuple(
    (style, family, rank, re.compile(pattern))
    for style, family, rank, pattern in (
        (
            "附件",
            "legal",
            0.5,
            r"附(?:件|录|錄|表)\s*(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})?(?=\s*[:：]?\s*(?:[^\W\d]|$))",
        ),
        ("分编", "legal", 2, rf"第\s*{_NUMBER}\s*分[编編](?=[\s:：、]|\w|$)"),
        ("编", "legal", 1, rf"第\s*{_NUMBER}\s*(?:[编編]|篇|部分)(?=[\s:：、]|\w|$)"),
        ("章", "legal", 3, rf"第\s*{_NUMBER}\s*章(?=[\s:：、]|\w|$)"),
        ("节", "legal", 4, rf"第\s*{_NUMBER}\s*[节節](?=[\s:：、]|\w|$)"),
        ("条", "legal", 5, rf"第\s*{_NUMBER}\s*[条條](?:之[一二三四五六七八九十]{{1,2}})?"),
        ("part", "legal", 1, r"(?:PART|Part|BOOK|Book)\s+(?:\d{1,3}|[IVXLC]{1,7}|One|Two|Three|Four|Five|Six)\b[.:]?"),
        ("chapter", "legal", 3, r"(?:CHAPTER|Chapter)\s+(?:\d{1,3}|[IVXLC]{1,7}|[A-Z][a-z]{2,8})\b[.:]?"),
        ("section", "legal", 4, r"(?:SECTION|Section|§)\s*\d{1,3}(?:\.\d{1,3}){0,3}\b[.:]?"),
        ("article", "legal", 5, r"(?:ARTICLE|Article|Art\.)\s+(?:\d{1,3}|[IVXLC]{1,7})\b[.:]?"),
        ("appendix", "legal", 0.5, r"(?:APPENDIX|Appendix|ANNEX|Annex)(?:\s+(?:\d{1,2}|[A-Z]))?\b[.:]?"),
        ("一、", "outline", 6, rf"{_CHINESE}{{1,4}}\s*[、．.]\s*"),
        ("（一）", "outline", 7, rf"[（(]\s*{_CHINESE}{{1,4}}\s*[）)]\s*[、.．]?\s*"),
        ("I.", "outline", 6, r"[IVX]{1,5}\.\s+(?=[A-Z])"),
        (
            "1.1",
            "outline",
            8.1,
            r"\d{1,2}\.\d{1,2}(?:\s+|[、.．]\s*|(?![亿万千百元%％‰倍个米吨公度年月日级分条次])(?=[^\W\d_a-z]))",
        ),
        ("1.1.1", "outline", 8.2, r"\d{1,2}\.\d{1,2}\.\d{1,2}(?:\.\d{1,2})?[、.．]?\s*(?=[^\W\d_])"),
        ("1.", "outline", 8, r"\d{1,3}\s*(?:[、．]|\.(?!\d))\s*"),
        ("（1）", "outline", 9, r"[（(]\s*\d{1,3}\s*[）)]\s*|[⑴-⒇]\s*"),
        ("1）", "outline", 9.5, r"\d{1,3}[)）]\s*"),
        ("①", "outline", 10, r"[①-⑳❶-❿]\s*"),
    )
)
_DEEP = frozenset({"1.", "（1）", "1）", "①"})  # as often items of a list as headings
# Most paragraphs begin with none of these: they need not be tried against twenty patterns.
_MAY_BEGIN = re.compile(r"[第附〇零一二三四五六七八九十百千两（(0-9０-９①-⑳⑴-⒇❶-❿IVXPBCSA§]")
_FIRST = re.compile(r"\D*(?:一(?![二三四五六七八九十百])|1(?!\d)|[IA]\b|[①⑴❶]|One)")

_SENTENCE_END = re.compile(r"[。；;，,、…]$|(?<!\b[A-Z])\.$")
_ENDING = re.compile(r"[。！？；：，、…!?;:,.—]$")
_INLINE_END = re.compile(r"[。！？]|：(?=\S)|\s{2,}|\u3000")
# 第三条规定…, 第三章的…: running text that begins with a reference.
_REFERENCE = re.compile(
    r"[第的和至或中所及与與，、。；款项項规規]|(?:to|of|and|or|in|is|was|are|has|says|does)\b|[,;)）]"
)
_REMARK = re.compile(r"[。！？]\s*[（(][^（）()]*[）)][。；]?")
_BRACKETED = re.compile(r"[【〔\[（(][^】〕\]）)]{1,30}[】〕\]）)]")
_SALUTATION = re.compile(
    r"(?:各位|尊敬的|敬爱的|亲爱的|同志们|朋友们|女士们|先生们|老师们|同学们|战友们|乡亲们|父老乡亲|你们?好|大家好)"
    r"|(?:Dear|Ladies|Hello|Hi|Good (?:morning|afternoon|evening))\b"
)
_NO_HEADING = re.compile(
    r"[（(“\"‘'•●○■□◆◇▪*+|>-]|——|—"
    r"|(?:作者|来源|编辑|责任编辑|记者|日期|时间|发布(?:时间|日期|机构)?|发文字号|文号|索引号|编号|电话|地址|图|表)\s*[\d一二三]*\s*[:：]"
    r"|\W*(?:[\d〇零一二三四五六七八九十]{1,4}\s*[年月日./-]\s*)+\W*$"
    r"|[\u4e00-\u9fff]{1,12}\s*[〔（(\[【]\d{4}[〕）)\]】]\s*\d{1,4}\s*号$"
    r"|(?:https?:|www\.)|[\W\d_]*$"
)
CONTENTS = re.compile(r"(?:目\s*[录錄次]|(?:Table of )?Contents|TABLE OF CONTENTS|CONTENTS)\s*[:：]?$")
_LEADER = re.compile(r"(?:[.．…·\s]{3,}|…+|\t+)\s*\(?\d{1,4}\)?$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and how it stands to others."""

    title: str
    family: str  # "legal", "outline", "markdown", "line", "title"
    style: str
    rank: float
    span: Span  # of the title in the text
    inline: bool = False  # text follows in the same paragraph
    first: bool = False  # number one of its kind
    sentence: bool = False  # it ends with 。 and nothing follows: perhaps an item


def recognise(masked: str, start: int, end: int) -> Heading | None:
    """The numbered heading that the paragraph masked[start:end] is, or begins with; None for text and items."""
    if not _MAY_BEGIN.match(masked, start):
        return None
    window = min(end, start + 40)
    for style, family, rank, pattern in _STYLES:
        number = pattern.match(masked, start, window)
        if number is None:
            continue
        stop = _title_end(masked, number.end(), end, style)
        if stop is None:
            return None
        first = _FIRST.match(masked, start, number.end()) is not None
        title = title_text(masked, start, stop)
        rest = masked[stop:end].strip()
        sentence = rest in ("。", "！", "？")
        if family == "outline" and _REMARK.fullmatch(rest):  # an item, and who is responsible for it
            return None
        inline = bool(rest.strip("：: ")) and not sentence
        return Heading(title, family, style, rank, (start, stop), inline=inline, first=first, sentence=sentence)
    return None


def number_style(masked: str, start: int, end: int) -> tuple[str, float]:
    """The style of the outline number that a paragraph begins with and its rank; "" without one."""
    stop = min(end, start + 40)
    for style, family, rank, pattern in _STYLES if _MAY_BEGIN.match(masked, start) else ():
        if family == "outline" and pattern.match(masked, start, stop):
            return style, rank
    return "", 0


def _title_end(masked: str, after_number: int, end: int, style: str) -> int | None:
    """Where the title of a heading ends; None where the paragraph only begins like one."""
    rest = masked[after_number:end]
    if style in ("条", "article"):
        return _article_end(masked, after_number, end)
    if _is_title(rest, numbered=style) and measure(rest) <= LONGEST_HEADING:
        return after_number + len(rest.rstrip("：: "))
    if style not in ("一、", "（一）", "1.", "1.1"):
        return None
    stop = _INLINE_END.search(rest[: 4 * _LONGEST_INLINE])
    if stop is None or not stop.start():
        return None
    colon = stop.group() == "："
    if measure(rest[: stop.start()]) > (15 if colon else _LONGEST_INLINE) or rest.rstrip()[-1] in "；;：:":
        return None
    return after_number + stop.start()


def _article_end(masked: str, after_number: int, end: int) -> int | None:
    """第十二条 stands before its text; what is in brackets after it is its name, and so is a short line."""
    rest = masked[after_number:end]
    if _REFERENCE.match(rest.lstrip()) and not rest.lstrip().startswith("（"):
        return None
    if not rest.strip() or (_is_title(rest, numbered="条") and measure(rest) <= LONGEST_HEADING // 2):
        return end
    name = _BRACKETED.match(masked, after_number + len(rest) - len(rest.lstrip()), end)
    if rest[:1].isascii() and rest[:1].isalpha():
        return None
    return name.end() if name else after_number


def _is_title(rest: str, *, numbered: str) -> bool:
    text = rest.strip()
    if not text:
        return numbered not in ("一、", "（一）", "I.", *_DEEP)
    if "。" in text or _SENTENCE_END.search(text):
        return False
    if text[-1] in "：:":
        return numbered in ("一、", "（一）") and measure(text) <= 15
    return not (text[-1] in "！？!?" and numbered in _DEEP)


def is_deep(heading: Heading) -> bool:
    """Whether such a heading may as well be an item of a list."""
    return heading.style in _DEEP


def is_short_line(line: str) -> bool:
    """Whether an unnumbered line could be a heading: short, not a sentence, date, salutation, byline or bullet."""
    text = line.strip()
    if not text or measure(text) > _LONGEST_SHORT_LINE or _ENDING.search(text.rstrip('”’」』）)】》"')):
        return text.endswith(("？", "?")) and measure(text) <= _LONGEST_SHORT_LINE and text.isascii() is False
    return _NO_HEADING.match(text) is None and _SALUTATION.match(text) is None


def is_salutation(line: str) -> bool:
    """各位代表： and the like: before the text, and neither title nor heading."""
    text = line.strip()
    return measure(text) <= 60 and _SALUTATION.match(text) is not None and text[-1] in "：:！!，,"


def title_text(masked: str, start: int, end: int) -> str:
    """A heading as it is shown: without marks and the page number of a table of contents, white space collapsed."""
    return _LEADER.sub("", " ".join(masked[start:end].replace(FILLER, "").split()))


def short_line_heading(masked: str, start: int, end: int, *, title: bool) -> Heading:
    """The heading an unnumbered short line is; `title` for the first line of the text."""
    kind = "title" if title else "line"
    return Heading(title_text(masked, start, end), kind, kind, 0, (start, end))


class Path:
    """The headings that are open at a place of the text."""

    def __init__(self) -> None:
        self._open: list[Heading] = []
        self._empty: list[bool] = []  # nothing has come under the heading yet

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(heading.title for heading in self._open)

    @property
    def styles(self) -> frozenset[str]:
        return frozenset(heading.style for heading in self._open if heading.family == "outline")

    @property
    def in_article(self) -> bool:
        """Whether the text here belongs to an article whose text began in the heading's paragraph."""
        return bool(self._open) and self._open[-1].style in ("条", "article")

    def text(self) -> None:
        """Text comes here: the headings that are open are not empty."""
        self._empty = [False] * len(self._empty)

    def push(self, heading: Heading) -> list[tuple[Heading, tuple[str, ...]]]:
        """Open a heading; the headings that it closes with nothing under them come back, with their paths."""
        level = self._level(heading)
        bare = self.close(level)
        self._empty = [False] * len(self._empty)
        self._open.append(heading)
        self._empty.append(not heading.inline)
        return bare

    def close(self, level: int = 0) -> list[tuple[Heading, tuple[str, ...]]]:
        """Close the headings from `level` on; those with nothing under them come back, with their paths."""
        bare = [
            (heading, self.titles[:index])
            for index, heading in enumerate(self._open)
            if index >= level and self._empty[index]
        ]
        del self._open[level:], self._empty[level:]
        return bare

    def leave(self, style: str) -> list[tuple[Heading, tuple[str, ...]]]:
        """Close the open heading of this style: an item of its rank comes that is too long to be a heading."""
        levels = [i for i, heading in enumerate(self._open) if heading.style == style and heading.family == "outline"]
        return self.close(levels[0]) if style and levels else []

    def close_inline(self) -> None:
        """Close the innermost heading that began a paragraph: the text that follows is not under it."""
        index = max((i for i, heading in enumerate(self._open) if heading.inline), default=None)
        if index is not None:
            del self._open[index:], self._empty[index:]

    def _level(self, heading: Heading) -> int:
        """How many of the open headings stay open."""
        for index, other in enumerate(self._open):
            if heading.family == "markdown" != other.family:
                return index
            if heading.style in ("附件", "appendix") and other.family == "outline":
                return index  # what is attached is not under 三、保障措施
            if other.family == heading.family and other.rank >= heading.rank:
                return index
            if other.family == "line" and self._is_sibling(index, heading):
                return index
        return len(self._open)

    def _is_sibling(self, index: int, heading: Heading) -> bool:
        """引言 before 第一章, or before 一、 once it has text of its own, is not what they are under."""
        chapter = heading.family == "legal" and heading.rank < 5
        return chapter or (
            heading.family == "outline" and heading.rank <= 6 and not self._empty[index] and heading.first
        )
