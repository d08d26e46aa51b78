"""Numbered parts of documents: as questions name them and as headings bear them.

第三章第十二条第二款, 第三至五条, 附则, Article 12, “Section 3 of Chapter 2”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.text.chinese_numbers import as_spoken
from assistant.text.normal import fold, literal

NUMBER = r"(?:[〇零○一二三四五六七八九十百千两]{1,9}|\d{1,4})"
_LONGEST_RANGE = 100  # parts of 第三条至第五条
_MOST_NAMED = 60  # at one place of a question

# From the outside in. A part of an outline bears its own number; 部分 and others may mean it (see `MAY_MEAN`).
_RANKS = {
    "附件": 0, "编": 1, "部分": 1, "分编": 2, "章": 3, "节": 4, "条": 5,
    "一": 6, "（一）": 7, "1": 8, "1.1": 8.1, "1.1.1": 8.2, "(1)": 9, "款": 20, "项": 21, "目": 22,
}  # fmt: skip
NAMED = "name"  # 总则, 附则: a chapter by its name
# What a part is called, and what else bears its number in a document that has no parts of that name.
MAY_MEAN = {
    "附件": ("附件",),
    "编": ("编", "部分"),
    "分编": ("分编",),
    "部分": ("部分", "编", "一", "1", "章"),
    "章": ("章", "一", "1", "部分"),
    "节": ("节", "1", "一"),
    "条": ("条", "1", "一"),
    NAMED: (NAMED,),
}
WITHIN = frozenset({"款", "项", "目"})  # they have no headings
_UNITS = {"篇": "编", "大部分": "部分", "点": "部分", "大点": "部分"}

_UNIT = (
    r"(?:分编|编(?![制辑])|篇|大?部分|章(?!程)|节(?![日目假气])|条(?![件例])|款|项(?!目)|目(?![的标录])"
    r"|大?点(?![钟\d]))"
)
# A number as a question may write it: also one that no document has (第零条, 第-1条, 第一百万条).
_ASKED = r"(?:[〇零○一二三四五六七八九十百千两万亿]{1,12}|\d{1,9}(?:\.\d{1,3}){0,3})"
_SUB = r"(?:\s*之\s*(?P<sub>[一二三四五六七八九十]{1,2}|\d{1,2}))?"
_COUNTED = rf"(?:(?P<number>{_ASKED})|\(\s*(?P<inner>{_ASKED})\s*\))"
_HEAD = re.compile(rf"(?<!倒数)第\s*(?P<minus>[-−–])?\s*{_COUNTED}\s*(?P<unit>{_UNIT})?{_SUB}")
_NEXT = re.compile(
    rf"\s*(?P<sep>至|到|-|—+|–|~|、|,|和|与|以及|及|或者|或|跟)?\s*(?P<ordinal>第)?\s*{_COUNTED}\s*(?P<unit>{_UNIT})?{_SUB}"
)
_RANGES = frozenset("至到-—–~")
_ATTACHED = re.compile(
    rf"附(?:件|录|表)\s*(?P<number>{NUMBER})?(?=\s*(?:$|[,.?!:;、。中里的是讲说规和与]|有|怎|如何|什么|哪|内容))"
)
_LAST = re.compile(
    rf"(?:(?:的\s*)?(?:最后|最末|末尾)的?\s*(?P<several>{NUMBER})?|(?:的\s*)?倒数第\s*(?P<number>{NUMBER}))\s*个?(?P<unit>{_UNIT})"
)
_HOW_MANY = re.compile(
    rf"(?:(?:总共|一共|共计|共|总计|到底|有|分为?|包[括含]|设|由|是)+)\s*(?:几|多少)\s*个?(?P<unit>{_UNIT}|附[件录])"
    r"(?=\W|$|呢|吗|啊|规定|内容|组成|构成|条文|法条)"
)
LAST, ALL = "~", "*"  # numbers that depend on the document: ~1 is its last part, * all of a kind
_CALLED = re.compile(r"(?:总则|附则|分则|罚则|序言|前言|引言)(?!编)")

_ENGLISH = {
    "article": "条", "articles": "条", "art": "条", "rule": "条", "section": "节", "sec": "节", "clause": "节",
    "chapter": "章", "ch": "章", "part": "编", "appendix": "附件", "annex": "附件", "schedule": "附件",
    "paragraph": "款", "para": "款", "item": "项", "point": "项",
}  # fmt: skip
_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_NUMERALS = {word: str(value) for words in (_WORDS, _ORDINALS) for value, word in enumerate(words.split(), 1)}
_COUNT = rf"(?:\d{{1,4}}(?:\.\d{{1,3}}){{0,3}}|[ivx]{{1,6}}|[ivxlc]{{2,7}}|{'|'.join(_WORDS.split())})(?![\w])"
_NOUN = rf"(?<![\w])(?P<noun>{'|'.join(_ENGLISH)})s?\.?"
_LATIN = re.compile(
    rf"(?:{_NOUN}\s+|(?P<sign>§+)\s*)(?P<count>{_COUNT}|(?<=appendix\s)[a-h]\b|(?<=annex\s)[a-h]\b)"
    rf"(?P<inner>(?:\s?\((?:\d{{1,2}}|[a-z])\)){{0,2}})"
    rf"(?P<more>(?:\s*(?:,\s*and|,|and|&|to|-|–|through|or)\s*{_COUNT})*)"
)
_LATIN_ORDINAL = re.compile(
    rf"(?<![\w])(?P<count>{'|'.join(_ORDINALS.split())}|\d{{1,3}}(?:st|nd|rd|th))\s+"
    rf"(?P<noun>article|section|chapter|part|paragraph|appendix|annex|clause)(?![\w])"
)
_OUTER = re.compile(r"\s*,?\s*(?:of|in)?\s+(?:the\s+)?|\s*,\s*")
_ALWAYS = frozenset(
    {"article", "articles", "section", "chapter", "appendix", "annex", "clause", "schedule", "art", "sec"}
)

_HEADING = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("分编", rf"第\s*({NUMBER})\s*分编"),
        ("编", rf"第\s*({NUMBER})\s*(?:编|篇)"),
        ("部分", rf"第\s*({NUMBER})\s*部分"),
        ("章", rf"第\s*({NUMBER})\s*章"),
        ("节", rf"第\s*({NUMBER})\s*节"),
        ("条", rf"第\s*({NUMBER})\s*条(?:\s*之\s*([一二三四五六七八九十]{{1,2}}|\d{{1,2}}))?"),
        ("附件", rf"附(?:件|录|表)\s*({NUMBER})?(?=\W|$|[^\W\d])"),
        ("编", rf"(?:part|book)\s+({_COUNT})"),
        ("章", rf"chapter\s+({_COUNT})"),
        ("节", rf"(?:section|§)\s*({_COUNT})"),
        ("条", rf"(?:article|art\.)\s*({_COUNT})"),
        ("附件", rf"(?:appendix|annex|schedule)(?:\s+({_COUNT}|[a-h]\b))?"),
        ("一", r"([〇零一二三四五六七八九十百两]{1,4})\s*[、.]"),
        ("一", r"([ivx]{1,5})\.\s"),
        ("（一）", r"\(\s*([〇零一二三四五六七八九十百两]{1,4})\s*\)"),
        ("1.1.1", r"(\d{1,2}(?:\.\d{1,2}){2,3})(?!\d)"),
        ("1.1", r"(\d{1,2}\.\d{1,2})(?!\d)"),
        ("1", r"(\d{1,3})\s*(?:[、)]|\.(?!\d))"),
        ("(1)", r"\(\s*(\d{1,3})\s*\)"),
    )
)
_DECORATION = re.compile(r"[\s*_#>•●·-]*")


@dataclass(frozen=True, slots=True)
class Step:
    """One step into a document: its kind and its number, as digits (12, 120之1, 3.2) or a name (附则)."""

    kind: str
    number: str

    @property
    def label(self) -> str:
        """As it is written in Chinese: 第十二条."""
        if self.kind == NAMED:
            return self.number
        if self.kind == "附件":
            return f"附件{self.number}"
        if self.number == ALL:
            return self.kind
        if self.number.startswith(LAST):
            back = int(self.number[1:])
            return f"最后一{self.kind}" if back == 1 else f"倒数第{chinese(back)}{self.kind}"
        main, _, sub = self.number.partition("之")
        written = chinese(int(main)) if main.isdecimal() else main
        if self.kind not in _RANKS or _RANKS[self.kind] in (6, 7, 8, 8.1, 8.2, 9):
            return self.number
        count = f"（{written}）" if self.kind == "项" else written
        return f"第{count}{self.kind}" + (f"之{chinese(int(sub))}" if sub else "")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document, by its steps from the outside in: 第三章第十二条."""

    steps: tuple[Step, ...]
    written: str = ""  # as an English question writes it

    @property
    def label(self) -> str:
        return self.written or "".join(step.label for step in self.steps)

    @property
    def headed(self) -> tuple[Step, ...]:
        """The steps that documents have headings for."""
        return tuple(step for step in self.steps if step.kind not in WITHIN)

    @property
    def within(self) -> tuple[Step, ...]:
        """The steps within these: 款, 项, 目."""
        return tuple(step for step in self.steps if step.kind in WITHIN)


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A part and where a folded question names it; several may be named at one place: 第三至五条."""

    part: Part
    start: int
    end: int
    plain: bool  # such words can hardly be anything else, whatever follows them


@lru_cache(maxsize=4_096)
def number(written: str) -> str | None:
    """The digits of a number however it is written; None where it is none."""
    text = written.strip().lower()
    if text in _NUMERALS:
        return _NUMERALS[text]
    if text.isascii() and text.isalpha():
        return _roman(text)
    if text.isascii() and text.isdecimal():
        return str(int(text))
    if re.fullmatch(r"\d+(?:\.\d+)+", text):
        return text
    if text and set(text) <= set("〇零○"):
        return "0"
    found = re.match(r"第(\d+)条", fold(f"第{text}条"))
    return str(int(found[1])) if found else None


def _roman(text: str) -> str | None:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    if not set(text) <= set(values):
        return text if len(text) == 1 else None  # Appendix A
    total = 0
    for sign, following in zip(text, [*text[1:], ""], strict=True):
        total += -values[sign] if values.get(following, 0) > values[sign] else values[sign]
    return str(total)


def chinese(value: int) -> str:
    """A number in Chinese, one above 9,999 in digits: 120 becomes 一百二十."""
    return str(value) if value > 9_999 else as_spoken(value)


def is_counted(part: Part) -> bool:
    """Whether a question asks how many parts there are: 共几章, 第三条有几款."""
    return part.steps[-1].number == ALL


def named_parts(folded: str) -> Iterator[NamedPart]:
    """The parts that a question names, in its order; `folded` is its literal form."""
    yield from _with_last(_counted_parts(folded), _last_parts(folded))
    for match in _ATTACHED.finditer(folded):
        step = Step("附件", number(match["number"]) or "" if match["number"] else "")
        yield NamedPart(Part((step,)), *match.span(), plain=False)
    for match in _CALLED.finditer(folded):
        yield NamedPart(Part((Step(NAMED, match[0]),)), *match.span(), plain=False)
    yield from _english_parts(folded)


def _counted_parts(folded: str) -> Iterator[NamedPart]:
    """第三条第二款."""
    position = 0
    while match := _HEAD.search(folded, position):
        found, end = _chinese_parts(folded, match)
        yield from (NamedPart(part, match.start(), end, plain=False) for part in found)
        position = max(end, match.end())


def _last_parts(folded: str) -> Iterator[tuple[tuple[Step, ...], int, int]]:
    """最后一条, 最后两条, 倒数第二条, 有几条: the steps, from the first on, and where they are named."""
    for match in _LAST.finditer(folded):
        kind = _unit(match["unit"])
        count = number(match["number"] or match["several"] or "一") or "1"
        back = min(int(count), _LONGEST_RANGE) if count.isdecimal() else 1
        steps = [Step(kind, f"{LAST}{value}") for value in range(back, 0, -1)]
        yield tuple(steps[:1] if match["number"] else steps), match.start(), match.end()
    for match in _HOW_MANY.finditer(folded):
        kind = "附件" if match["unit"].startswith("附") else _unit(match["unit"])
        yield (Step(kind, ALL),), match.start(), match.end()


def _with_last(counted: Iterator[NamedPart], last: Iterator[tuple[tuple[Step, ...], int, int]]) -> Iterator[NamedPart]:
    """Parts by number, and the last ones: 第三条最后一款 is one part."""
    found = list(counted)
    for steps, start, end in last:
        outer = next((one for one in found if one.end == start), None)
        if outer is not None and _RANKS[outer.part.steps[-1].kind] < _RANKS[steps[0].kind]:
            found.remove(outer)
            found += [NamedPart(Part((*outer.part.steps, step)), outer.start, end, plain=True) for step in steps]
        else:
            found += [NamedPart(Part((step,)), start, end, plain=True) for step in steps]
    yield from sorted(found, key=lambda one: one.start)


_Entry = tuple[str, str, str, int]  # what stands before it, number, unit, where it ends


def _chinese_parts(folded: str, head: re.Match[str]) -> tuple[list[Part], int]:
    """The parts of 第三条第二款和第五条 or 第三至五条, from its beginning, and where it ends."""
    entries: list[_Entry] = [_entry("", head)]
    while len(entries) < _MOST_NAMED and (match := _NEXT.match(folded, entries[-1][3])):
        separator, unit = match["sep"] or "", _unit(match["unit"])
        before = next((entry[2] for entry in reversed(entries) if entry[2]), "")
        if not separator and not (unit and (match["ordinal"] or match["inner"] or unit in WITHIN)):
            break
        if separator and not match["ordinal"] and unit and before and unit != before:
            break  # 第三条和两项措施
        entries.append(_entry(separator, match))
    last = entries[-1][3]
    while entries and not entries[-1][2]:
        entries.pop()
    path: tuple[Step, ...] = ()
    found: list[tuple[Step, ...]] = []
    for index, (separator, count, unit, _) in enumerate(entries):
        kind = unit or next(entry[2] for entry in entries[index:] if entry[2])
        outer = tuple(step for step in path if _RANKS[step.kind] < _RANKS[kind])
        step = Step(kind, count)
        if separator and separator[0] in _RANGES and found and found[-1][-1].kind == kind:
            found += [(*outer, between) for between in _between(found[-1][-1], step)]
        elif not separator and found:
            found.pop()
        path = (*outer, step)
        found.append(path)
    return [Part(steps) for steps in found], entries[-1][3] if entries else last


def _entry(separator: str, match: re.Match[str]) -> _Entry:
    count = number(match["number"] or match["inner"]) or ""
    if match.groupdict().get("minus"):
        count = f"-{count}"
    if match["sub"]:
        count += f"之{number(match['sub'])}"
    return separator, count, _unit(match["unit"]), match.end()


def _unit(written: str | None) -> str:
    return _UNITS.get(written or "", written or "")


def _between(first: Step, last: Step) -> list[Step]:
    if not (first.number.isdecimal() and last.number.isdecimal()):
        return []
    low, high = int(first.number) + 1, int(last.number)
    return [Step(first.kind, str(value)) for value in range(low, min(high, low + _LONGEST_RANGE))]


def _english_parts(folded: str) -> Iterator[NamedPart]:
    matches = sorted((*_LATIN.finditer(folded), *_LATIN_ORDINAL.finditer(folded)), key=lambda match: match.start())
    inner: list[Step] = []
    begin = 0
    for index, match in enumerate(matches):
        groups = match.groupdict()
        kind = "节" if groups.get("sign") else _ENGLISH[groups["noun"]]
        counts = _counts(groups["count"], groups.get("more") or "")
        if not counts:
            continue
        following = matches[index + 1] if index + 1 < len(matches) else None
        begin = match.start() if not inner else begin
        marks = re.findall(r"\((\w+)\)", groups.get("inner") or "")
        steps = [Step(name, number(mark) or mark) for name, mark in zip(("款", "项"), marks, strict=False)]
        if following is not None and len(counts) == 1 and _OUTER.fullmatch(folded, match.end(), following.start()):
            other = _ENGLISH.get(following.groupdict().get("noun") or "", "节")
            if _RANKS[other] < _RANKS[kind]:  # Section 3 of Chapter 2
                inner = [Step(kind, counts[0]), *steps, *inner]
                continue
        for count in counts:
            written = folded[begin : match.end()] if len(counts) == 1 else f"{groups.get('noun') or '§'} {count}"
            part = Part((Step(kind, count), *steps, *inner), _capital(written))
            plain = bool(groups.get("sign")) or groups["noun"] in _ALWAYS
            yield NamedPart(part, begin, match.end(), plain)
        inner = []


def _counts(first: str, more: str) -> list[str]:
    counts = [number(re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", first)) or ""]
    for match in re.finditer(rf"(?P<sep>to|-|–|through|and|&|or|,)\s*(?P<count>{_COUNT})", more):
        count = number(match["count"]) or ""
        if match["sep"] in ("to", "-", "–", "through") and counts[-1].isdecimal() and count.isdecimal():
            low, high = int(counts[-1]) + 1, int(count)
            counts += [str(value) for value in range(low, min(high, low + _LONGEST_RANGE))]
        counts.append(count)
    return [count for count in counts if count]


def _capital(written: str) -> str:
    nouns = r"\b(?:article|section|chapter|part|appendix|annex|schedule|clause|rule)s?\b"
    capital = re.sub(nouns, lambda match: match[0].capitalize(), written)
    return re.sub(r"\b(?:[ivxlc]+|[a-h])$", lambda match: match[0].upper(), capital)


@lru_cache(maxsize=50_000)
def step_of(heading: str) -> Step | None:
    """The number that a heading bears, or a text begins with; None for one without."""
    text = literal(heading[:60])
    text = text[_DECORATION.match(text).end() :]  # type: ignore[union-attr]
    for kind, pattern in _HEADING:
        match = pattern.match(text)
        if match is not None:
            count = (number(match[1]) or "") if match[1] else ""
            if match.lastindex == 2 and match[2]:
                count += f"之{number(match[2])}"
            return Step(kind, count) if count or kind == "附件" else None
    return None


@lru_cache(maxsize=50_000)
def name_of(heading: str) -> str:
    """What a heading says besides its number, without white space: 总则 of 第一章　总　则."""
    text = re.sub(r"\s+", "", literal(heading))
    for _, pattern in _HEADING:
        match = pattern.match(text)
        if match is not None:
            return text[match.end() :].strip("、.: ")
    return text
