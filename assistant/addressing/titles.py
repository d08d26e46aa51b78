"""The titles of a library as questions name them: whole, short, without years and marks, or a part of the only one.

中华人民共和国民法典 is also 民法典, and 某村管理办法（2023年） also 某村管理办法. A document that is one article of a
statute (民法典 第五百七十七条) goes by the statute's title and is that part of it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from weakref import WeakKeyDictionary

from assistant.addressing.addresses import asks_only, canonical_number, without_lead
from assistant.addressing.parts import Part, named_parts
from assistant.addressing.short_names import short_for
from assistant.index.snapshot import Snapshot
from assistant.readers.titles import title_of_name
from assistant.text.normal import CJK, literal

_SEPARATOR = "\ue000"  # a private character: no form folds it
# A word that says which kind of document it is, at the end of its title.
KIND = (
    r"(?:法典|宪法|[^方办做想看说书语用无合非执司立违守犯历]法|条例|办法|规定|细则|章程|规则|通则|守则|规程|准则|规范|公约|条约|协定|协议|"
    r"合同|制度|决定|决议|意见|通知|通告|公告|公报|批复|复函|函|命令|方案|规划|计划|纲要|要点|预案|报告|解释|指南|手册|须知|指引|"
    r"标准|目录|清单|白皮书|宣言|声明|倡议书|承诺书|说明书|讲话|判决书|裁定书|调解书|决定书)"
)
_ENGLISH_KIND = re.compile(
    r"(?:act|law|rules?|policy|regulations?|agreement|contract|code|charter|convention|treaty|guidelines?|guide|handbook|"
    r"manual|report|plan|standards?|directive|constitution|statutes?|bylaws|terms|procedures?|facts)$"
)
# Such a name says which document is meant, also where it is part of no title.
STRONG_KIND = re.compile(rf"[{CJK}]{{2,}}(?:法典|法|条例|办法|细则|章程|守则|规程)(?:\([^)]*\))?$")
# What may stand before a title that is not marked: any other character would be a part of a longer name.
_LEADS = re.compile(
    r"(?:问|教|据|照|按|在|对|于|就|违反|触犯|适用|那么?|和|与|及|跟|同|或|把|看|查|找|说|讲|是|的|中|国|新|旧|现行|这部|该|由|从|让|"
    r"为|列出|比较|对比|条|款|项|章|节|令|号|文件|知道|了解|引用|以及)$"
)
_KIND_AT_END = re.compile(r"(?:法典|办法|条例|细则|章程|守则|规程|规定|规则|制度|通知|意见|方案|法)$")
_PRONOUN = re.compile(r"(?:(?:本|该|此|这|那|上述|前述|有关|相关)[部个份项]?)?")
_LONGER = re.compile(
    r"的?(?:实施|施行)(?:条例|细则|办法|规定|意见)|条例|细则|修正案|草案|征求意见|的?(?:司法)?解释|释义|解读|入门|教程|培训|知识|学习"
    r"|[^,。?!]{0,20}(?:解释|规定|意见|细则|条例|办法)(?:\([^)]*\))?第"
)
_PRINTED = re.compile(r"(?:印发|发布|公布|颁布|批转|转发|下发|施行|通过)[^《]*《([^》]+(?:《[^》]*》[^》]*)?)》")
_PRINTED_PLAIN = re.compile(r"(?:印发|批转|转发|下发)(?!《)([^《》]{4,60})的(?:通知|公告|决定)(?:\([^)]*\))?$")
_ISSUER = re.compile(
    rf"[{CJK}]*(?:院|部|局|会|办|厅|府|委|省|市|县|区|州|旗|镇|乡|村|社|行|署|处|校|司|团|所|站|大学)$"
)
_STATE = "中华人民共和国"
_BRACKETED = re.compile(
    r"\s*[(\[【〔](?:[^()\[\]【】〔〕]*(?:\d{2,4}|修|版|试行|暂行|节选|摘录|全文|草案|稿|二〇)[^()\[\]【】〔〕]*)[)\]】〕]\s*$"
)
_YEARLY = re.compile(r"[\s_-]*(?:19|20)\d\d\s*年?(?:修订|修正)?(?:版|本)?$")
_SIGNS = re.compile(r"[\W_]+")
_AROUND_CJK = re.compile(rf"(?<=[{CJK}]) | (?=[{CJK}])")
_DATE = re.compile(r"((?:19|20)\d\d)\s*(?:年|[-./])?(?:\s*(\d{1,2})\s*(?:月|[-./]))?(?:\s*(\d{1,2}))?")
_SHORTEST = 4  # characters of a name that is not marked as one
_TELLING = 8  # a title so long is named by nobody by chance
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Title:
    """A document as a name may mean it."""

    document: str
    title: str  # of the whole that the document is, or is a part of
    part: Part | None  # which part of that it is, where its title says so
    date: str  # of the version, as far as title and path tell: "2023", or ""
    begin: int = 0  # where in its text that begins, for a work within a document


@dataclass(frozen=True)  # no slots: `numbered` is kept
class Titles:
    """All titles of a library, by what they are called."""

    by_key: dict[str, tuple[Title, ...]]  # every form of every title
    whole: dict[str, str]  # the shortest form of each, and the title as it is written
    by_document: dict[str, Title]
    longest: int = 0  # characters of a form
    printed: dict[str, str] = field(default_factory=dict)  # what a notice attaches, by key, and the notice's title

    @cached_property
    def numbered(self) -> tuple[tuple[str, str], ...]:
        """Ids of documents whose id or title has a 文号, and both as numbers are compared: 50,000 take 2.5 s, once."""
        named = ((name, f"{name}\ue001{title.title}") for name, title in self.by_document.items())
        chosen = [(name, text.replace(_SEPARATOR, " ")) for name, text in named if "号" in text or "號" in text]
        canonical = canonical_number(_SEPARATOR.join(text for _, text in chosen)).split(_SEPARATOR)
        return tuple((name, form) for (name, _), form in zip(chosen, canonical, strict=True)) if chosen else ()

    def named(self, name: str) -> tuple[Title, ...]:
        """The documents of a title: where it is written just so first, then the newest; none where there is none."""
        full = key(name)
        for form in _forms(name):
            found = self.by_key.get(form)
            if found:
                return tuple(
                    sorted(sorted(found, key=lambda t: t.date, reverse=True), key=lambda t: key(t.title) != full)
                )
        return ()

    def holding(self, name: str) -> tuple[tuple[Title, ...], ...]:
        """The documents whose titles hold a name, or are held by it, by title: one title means that one."""
        wanted = next(iter(_forms(name)[-1:]), "")
        if len(wanted) < _SHORTEST:
            return ()
        return tuple(self.by_key[form] for form, title in self.whole.items() if _holds(form, title, wanted))

    def short(self, name: str) -> tuple[Title, ...]:
        """All versions of the only document that a name is short for, the newest first."""
        forms = short_for(next(iter(_forms(name)[-1:]), ""), {**self.printed, **self.whole})
        found = dict.fromkeys(title for form in forms for title in self.by_key[form])
        return tuple(sorted(found, key=lambda title: title.date, reverse=True))

    def spoken(self, folded: str) -> Iterator[tuple[int, int, tuple[Title, ...]]]:
        """Where a question names titles without marking them, and the documents; the longest, from the left."""
        spaced, places = _spaced(folded)
        position = 0
        for start in range(len(spaced)):
            if start < position or not _may_part(spaced, start):
                continue
            for end in range(min(len(spaced), start + self.longest), start + 1, -1):
                if spaced[start:end] not in self.by_key or not _may_part(spaced, end):
                    continue
                first, last = places[start], places[end - 1] + 1
                while last < len(folded) and folded[last] in ")]】〕" and folded.find("(", first, last) >= 0:
                    last += 1
                if _is_name(folded, first, last):
                    yield first, last, self.named(folded[first:last])
                    position = end
                    break


def _spaced(folded: str) -> tuple[str, list[int]]:
    """The key of a whole question, and the place in it of each character."""
    made: list[str] = []
    places: list[int] = []
    for place, character in enumerate(folded):
        if character.isalnum():
            latin = bool(made) and places[-1] < place - 1 and (character + made[-1]).isascii()
            if latin:
                made.append(" ")
                places.append(place - 1)
            made.append(character)
            places.append(place)
    return "".join(made), places


def _may_part(spaced: str, place: int) -> bool:
    """Whether a name may begin or end at a place: not within a word of letters."""
    around = spaced[place - 1 : place + 1] if place else ""
    return len(around) < 2 or not (around.isascii() and around.isalnum())


def titles(snapshot: Snapshot) -> Titles:
    """The titles of a library; read once for each snapshot."""
    with _LOCK:
        known = _READ.get(snapshot)
        if known is None:
            known = _READ[snapshot] = _titles(snapshot.titles())
        return known


_READ: WeakKeyDictionary[Snapshot, Titles] = WeakKeyDictionary()
_LOCK = threading.Lock()


def _titles(rows: Sequence[tuple[str, str]]) -> Titles:
    """Of the documents' ids and titles."""
    folded = literal(_SEPARATOR.join(title.replace(_SEPARATOR, " ") for _, title in rows)).split(_SEPARATOR)
    by_key: dict[str, dict[Title, None]] = {}
    whole: dict[str, str] = {}
    by_document = {}
    for (name, written), form in zip(rows, folded, strict=True):
        base, part = _parted(form.strip())
        shown = written.strip() if part is None else _without_part(written.strip(), base)
        stem = title_of_name(name) if "#" not in name else ""
        date = max((date_of(source) for source in (form, literal(stem))), default="")
        title = Title(name, shown, part, date)
        by_document[name] = title
        names = [base, *((literal(stem), literal(PurePosixPath(name).name)) if stem else ())]
        for form in dict.fromkeys(form for one in names for form in _folded_forms(one) if not is_generic(form)):
            by_key.setdefault(form, {})[title] = None
        for form in _folded_forms(base)[-1:]:
            whole.setdefault(form, shown)
    printed = _printed(by_key, whole)
    longest = min(_LONGEST, max(map(len, by_key), default=0))
    return Titles({form: tuple(found) for form, found in by_key.items()}, whole, by_document, longest, printed)


def _printed(by_key: dict[str, dict[Title, None]], whole: dict[str, str]) -> dict[str, str]:
    """What notices attach, where no document has that title of its own; `by_key` gets it as a name of the notices."""
    own = set(by_key)
    printed: dict[str, str] = {}
    for form, title in whole.items():
        match = _PRINTED_PLAIN.search(literal(title))
        for inner in (*_PRINTED.findall(literal(title)), *((match[1],) if match else ())):
            forms = [one for one in _folded_forms(inner.strip()) if one not in own and not is_generic(one)]
            for one in forms:
                by_key.setdefault(one, {}).update(by_key[form])
            printed.update(dict.fromkeys(forms[-1:], title))
    return printed


def _parted(title: str) -> tuple[str, Part | None]:
    """A folded title without the part that it ends with, and this part."""
    if not title.endswith(("条", "章", "节", "编", "部分", "分编")) and "条之" not in title[-6:]:
        return title, None
    found = [one for one in named_parts(title) if one.end == len(title)]
    if len(found) != 1 or not found[0].start:
        return title, None
    return title[: found[0].start].rstrip(" ·:-_,、"), found[0].part


def _without_part(written: str, base: str) -> str:
    """The same beginning of a title as it is written; folding keeps the length of nearly all."""
    return written[: len(base)].strip() if literal(written[: len(base)]).strip() == base else base


def is_generic(name: str) -> bool:
    """Whether a name only says which kind of document is meant: 《办法》, 本办法, 该条例."""
    match = _KIND_AT_END.search(name)
    return match is not None and _PRONOUN.fullmatch(name[: match.start()]) is not None


def mentions(folded: str, name: str) -> bool:
    """Whether a folded text holds a folded name as such: 劳动合同法 does not mention 合同法."""
    if _is_latin(name):
        return re.search(rf"(?<![a-z\d]){re.escape(_key(name))}(?![a-z\d])", _key(folded)) is not None
    if re.fullmatch(rf"[{CJK}]*{KIND}", name) is None:
        return _key(name) in _key(folded)
    start = folded.find(name)
    while start >= 0:
        before, after = folded[:start], folded[start + len(name) : start + len(name) + _LONGEST]
        alone = re.search(rf"[{CJK}]$", before[-1:]) is None or _LEADS.search(before[-_LONGEST:]) is not None
        if (alone or before.endswith(_STATE)) and _LONGER.match(after) is None:
            return True
        start = folded.find(name, start + 1)
    return False


def key(name: str) -> str:
    """A title as titles are compared: simplified, lower case, without signs; spaces only between words of letters."""
    return _key(literal(name))


def _key(folded: str) -> str:
    return _AROUND_CJK.sub("", _SIGNS.sub(" ", folded).strip())


def _forms(name: str) -> tuple[str, ...]:
    """The keys of a name, from the whole to the shortest: without its year, without the state's name."""
    return _folded_forms(literal(name).strip())


@lru_cache(maxsize=1_000)
def _folded_forms(text: str) -> tuple[str, ...]:
    found = [_key(text)]
    for pattern in (_BRACKETED, _YEARLY):
        text = pattern.sub("", text)
        found.append(_key(text))
    found += [form.replace(_STATE, "") for form in tuple(found)]  # also inside: 关于适用《中华人民共和国…法》的解释
    found += [form.removeprefix("the ") for form in tuple(found)]
    return tuple(dict.fromkeys(form for form in found if len(form) > 1))


def date_of(text: str) -> str:
    """The first date of a text: "2023", "2023-05" or "2023-05-01"; empty without one."""
    match = _DATE.search(text)
    if match is None:
        return ""
    return "-".join(part.zfill(2) for part in match.groups() if part)


def _holds(form: str, title: str, wanted: str) -> bool:
    """Whether a name that is no form of a title means it all the same."""
    if wanted not in form and form not in wanted:
        return False
    if _is_latin(wanted):
        if " " not in wanted:
            return form.endswith(f" {wanted}") and _ENGLISH_KIND.search(wanted) is not None
        return f" {wanted} " in f" {form} "
    if any(_forms(inner)[-1:] == (wanted,) for inner in _PRINTED.findall(title)):
        return True  # 关于印发《…方案》的通知
    if form.endswith(wanted):
        return not wanted.endswith("法") or wanted.endswith("办法")  # 合同法 is not 劳动合同法
    if wanted.endswith(form):
        return len(form) >= 6 and _ISSUER.fullmatch(wanted[: -len(form)]) is not None
    return wanted in form and re.search(rf"{KIND}$", wanted) is None


def _is_latin(form: str) -> bool:
    return form.isascii()


def _is_name(folded: str, start: int, end: int) -> bool:
    """Whether the words of a title stand in a question as its name, rather than as words."""
    form = key(folded[start:end])
    before, after = folded[:start], folded[end:]
    if _is_latin(form):
        whole = not (before[-1:].isalnum() or after[:1].isalnum())
        words = form.count(" ") + 1
        return whole and (words > 2 or (words > 1 and _ENGLISH_KIND.search(form) is not None))
    if _LONGER.match(after):
        return False
    if before and re.match(f"[{CJK}]", before[-1]) and not _LEADS.search(before):
        return False
    if re.search(rf"{KIND}$", form):
        return len(form) >= _SHORTEST or re.match(r"(?:的|中|里)?(?:第|规定|总则|附则|分则)", after) is not None
    if len(form) > 2 and not without_lead(before) and asks_only(after):
        return True  # the whole question: 保密常识讲了什么
    return len(form) >= _TELLING
