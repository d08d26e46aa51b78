"""What a text says about itself as a source: who issued or wrote it, its number, its dates, its publisher.

Nothing is guessed: a fact stands in the text with a label (发文机关：…), in the form of official papers (the signature
and its date, 第十三届全国人民代表大会第三次会议通过), or in the title. What is not said stays empty.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assistant.addressing.addresses import read
from assistant.text.document_dates import document_date
from assistant.text.normal import CJK, fold
from assistant.types import Document

Kind = Literal["standard", "statute", "paper", "report", "thesis", "book", "other"]

_HEAD = 2_000  # characters at the beginning of a text in which it speaks of itself
_LONGEST_TEXT = 200_000  # characters that are looked through for the signature and the last article
_BRACKET_WITHIN = 600  # characters in which （2023年2月20日通过） is the document's own
_LONGEST_NAME = 40  # characters of an issuer or author
_SOME_AUTHORS = 8

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS)
_DAY = r"[12]\d{3}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
_ENGLISH_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\.?,? [12]\d{{3}}|(?:{_MONTH})\.? \d{{1,2}},? [12]\d{{3}})"
# What labels a fact at the beginning of a line, or after a mark that ends another fact.
_LABELS = {
    "issuers": "发文机关 发布机关 发布机构 发文单位 发布单位 制定机关 制定单位 印发机关 颁布机关 公布机关 issued_by",
    "authors": "作者 著者 撰稿人? 撰写人? 执笔人? authors? author\\(s\\) written_by prepared_by",
    "number": "发文字号 发文文号 文号 文件编号 标准编号 标准号 案号 (?:document|reference)_(?:no\\.?|number)",
    "date": (
        "成文日期 报告日期 签发日期 印发日期 公布日期 颁布日期 发布日期 发布时间 出版日期 日期 "
        "date date_of_issue published published_on issued issued_on"
    ),
    "effective": "施行日期 实施日期 生效日期 effective effective_date",
    "publisher": "出版社 出版单位 出版者 publisher published_by",
    "place": "出版地 place_of_publication",
}
_FIELDS = {
    name: re.compile(
        rf"(?:^|(?<=[；;。|｜（(]))[ \t\u3000]*(?:{'|'.join(words.split()).replace('_', ' ')})"
        r"[ \t\u3000]*[:：][ \t\u3000]*([^；;。|｜）)\n]{1,80})",
        re.IGNORECASE | re.MULTILINE,
    )
    for name, words in _LABELS.items()
}
_ORGAN = (
    rf"[{CJK}（）()]{{0,28}}"
    r"(?:院|部|局|会|厅|府|委|室|处|署|办|社|校|大学|学院|公司|中心|集团|银行|法庭|支队|总队|海关)"
)
_ORGANS = rf"{_ORGAN}(?:[ \t\u3000、]+{_ORGAN}){{0,4}}"
_ISSUER_LINE = re.compile(rf"^[ \t\u3000]*({_ORGANS})[ \t\u3000]*$")
_DATE_LINE = re.compile(
    rf"^[ \t\u3000]*({_DAY}|[一二三四五六七八九〇○零]{{4}}年[一二三四五六七八九十]{{1,2}}月"
    r"[一二三四五六七八九十]{1,3}日)[ \t\u3000]*$"
)
_ISSUER_OF_TITLE = re.compile(rf"^({_ORGANS})(?=关于|印发|转发|批转|公告|通告|令$)")
# 第十三届全国人民代表大会常务委员会第三十次会议通过: the congress itself is named without its term.
_PASSED = re.compile(
    rf"(?P<day>{_DAY})[^\n。）)]{{0,6}}?(?P<place>[{CJK}]{{0,12}}?)第[{CJK}\d]{{1,6}}届"
    rf"(?P<body>[{CJK}]{{0,10}}人民代表大会(?:常务委员会)?)第[{CJK}\d]{{1,6}}次会议(?:《[^\n。]{{0,60}}?》)?[{CJK}]{{0,10}}(?:通过|修[正订])"
)
_COUNCIL = re.compile(rf"(?P<day>{_DAY})国务院第[{CJK}\d]{{1,6}}次常务会议[{CJK}]{{0,4}}通过")
_ITSELF = "本(?:办法|指南|规定|条例|制度|细则|规则|章程|方案|意见|手册|通知|法|标准|报告|规范|守则|决定|解释)"
_ACT = "(?:印发|发布|公布|颁布|通过|修订|修正|制定)"
_OWN_ACT = re.compile(
    rf"{_ITSELF}[^\n。，]{{0,6}}?于?({_DAY})[{CJK}]{{0,8}}{_ACT}"
    rf"|\b(?:This|These) [\w ]{{2,30}} (?:was|were) (?:adopted|issued|approved|published|passed) (?:on )?"
    rf"({_ENGLISH_DAY})"
)
_BRACKETED = re.compile(r"^[ \t\u3000]*[（(]([^（）()\n]{8,300})[）)][ \t\u3000]*$", re.MULTILINE)
_ACTED = re.compile(rf"({_DAY})[^。；;，,]{{0,30}}?{_ACT}")
_MEETING = re.compile(rf"({_DAY})在[{CJK}]{{2,20}}第[{CJK}\d]{{1,6}}[届次][{CJK}]{{2,20}}第[{CJK}\d]{{1,6}}次会议上")
_OWN_EFFECT = re.compile(
    rf"{_ITSELF}自({_DAY})起(?:施行|实施|执行|生效)"
    rf"|(?:[Ii]n force (?:from|as of)|[Tt]akes effect (?:on|from)|[Ee]ffective (?:from|on|as of)) ({_ENGLISH_DAY})"
)
_HEADS = "(?:代?(?:省长|主席|市长|总理|县长|区长|州长|盟长|镇长|乡长)|院长|检察长)"
_SPEAKER = re.compile(
    rf"^[ \t\u3000—-]*[{CJK}]{{0,24}}?{_HEADS}[ \t\u3000]*([{CJK}·]{{2,12}}?)(?:作[{CJK}]{{0,6}}报告)?[ \t\u3000]*$"
    rf"|{_HEADS}[ \t\u3000]*([{CJK}·]{{2,4}})作[{CJK}]{{0,6}}报告"
)
_BY_LINE = re.compile(r"^[ \t]*By ((?:[A-Z][\w.'’-]+ ?){2,4})[ \t]*$")
_SPEAKS_FOR = re.compile(r"我代表(国务院|[^，,省市县区州]{2,12}(?:省|市|县|区|州)人民政府)[，,]")
_PRESS_LINE = re.compile(
    rf"^[ \t\u3000]*(?:([{CJK}]{{2,6}})\s*[:：]\s*)?([{CJK}]{{2,14}}出版社)(?:[ \t\u3000，,·]*([12]\d{{3}})\s*年?)?"
    r"(?:\s*\d{1,2}\s*月)?(?:第?\s*\d\s*版)?[ \t\u3000]*$",
    re.MULTILINE,
)
_STANDARD = re.compile(
    r"(?<![A-Za-z])((?:GB(?:/[TZ])?|GB[ZJ]|GJB|DB\d{2}(?:/T)?|[A-Z]{2}(?:/T)?|[TQ]/[A-Z]{2,8}|ISO(?:/IEC)?|IEC|ASTM|IEEE)"
    r"[ \u00a0]?[A-Z]?\d{2,6}(?:[.-]\d{1,3})*[—–-](?:19|20)\d{2})(?!\d)"
)
_STATUTE = re.compile(
    r"(?:法典|宪法|(?<![方办做想看说书语用无合非执司立违守犯历])法|条例|办法|规定|细则|章程|规则|通则|守则|规程|准则|公约|条约)"
    r"(?:[（(][^（）()]*[）)])?$"
    r"|\b(?:act|law|rules?|regulations?|charter|convention|treaty|constitution|statutes?|bylaws|policy|code)\b",
    re.I,
)
_PAPER = re.compile(
    r"(?:通知|意见|函|批复|公告|通告|通报|决定|决议|请示|纪要|命令|令|公报|方案|规划|计划|要点)(?:[（(][^（）()]*[）)])?$"
)
_REPORT = re.compile(r"(?:报告|白皮书|公报)(?:[（(][^（）()]*[）)])?$|\breport\b", re.I)
_RELEASED = re.compile(r"^[ \t\u3000]*((?:19|20)\d{2}-\d{2}-\d{2})[ \t\u3000]*发布", re.MULTILINE)
_RELEASED_BY = re.compile(
    rf"^[ \t\u3000]*([{CJK}]{{4,40}}(?:[ \t\u3000]+[{CJK}]{{4,40}})*)[ \t\u3000]+发布\s*$", re.MULTILINE
)
_ANNOUNCED = re.compile(rf"[{CJK} \t\u3000]{{2,40}}公告[ \t]*[12]\d{{3}}[ \t]*年[ \t]*第[ \t]*\d{{1,4}}[ \t]*号")
_THESIS = re.compile(
    rf"^[ \t\u3000]*[{CJK}]{{0,12}}(?:硕士|博士|学士)(?:专业)?(?:研究生)?(?:学位|毕业)?论文[ \t\u3000]*$", re.M
)
_ISBN = re.compile(r"ISBN[ :：]*[\d-]{10,17}", re.I)
_NUMBERED = r"第\s*[〇零一二三四五六七八九十百千两\d]{1,9}\s*条(?:之[一二三四五六七八九十]{1,2})?"
_ARTICLE = re.compile(rf"^[ \t\u3000#*]*({_NUMBERED})(?=[\s：:【（(*]|[^\W\d_])", re.MULTILINE)
_ARTICLE_OF_TITLE = re.compile(rf"^(\S.+?)[ \u3000]+({_NUMBERED})$")
_REFERS = re.compile(r"[规的和至或中所及与，、第]")


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a document as a source; empty where it does not say. Dates: "2021", "2021-06", "2021-06-10"."""

    title: str = ""  # without the marks around it, and without the article that it may end with
    kind: Kind = "other"
    authors: tuple[str, ...] = ()  # the issuing bodies, or persons
    number: str = ""  # 国发〔2021〕3号, GB/T 9704—2012
    date: str = ""  # it was issued, passed or written
    effective: str = ""  # it is in force from
    year: str = ""  # that its title or file name bears
    publisher: str = ""
    place: str = ""  # of publication
    articles: tuple[tuple[int, str], ...] = ()  # where each article of a statute begins, and its number

    def article(self, offset: int) -> str:
        """The article that a place of the text belongs to: 第十二条."""
        index = bisect_right(self.articles, offset, key=lambda article: article[0]) - 1
        return self.articles[index][1] if index >= 0 else ""


def facts(document: Document) -> SourceFacts:
    """What a document says about itself."""
    text = document.text[:_LONGEST_TEXT]
    head = document.text[:_HEAD]
    whole = _bare(document.title)
    split = _ARTICLE_OF_TITLE.match(whole)
    title = split[1] if split else whole
    number = _labelled("number", head) or _number(title, head)
    standard = _standard(title, head)
    kind = _kind(title, number, standard, head)
    publisher, place, printed = _imprint(head)
    authors = _authors(title, kind, text)
    date = _date(head, text) or printed
    return SourceFacts(
        title,
        kind,
        authors,
        standard or number,
        date,
        _first_day(_labelled("effective", head)) or _effect(head, document.text[-_HEAD:]),
        (document_date(replace(document, text="")) or "")[:4],
        publisher,
        place,
        ((0, split[2]),) if split else _articles(document.text),
    )


def _bare(title: str) -> str:
    title = " ".join(title.split())
    inner = title[1:-1]
    return inner if title[:1] == "《" and title[-1:] == "》" and not re.search("[《》]", inner) else title


def _labelled(name: str, head: str) -> str:
    match = _FIELDS[name].search(head)
    return match[1].strip(" \t\u3000，,.") if match else ""


# numbers and kinds


def _number(title: str, head: str) -> str:
    """The number that a document bears: in its title, in a line of its own, or that of the decree it is issued by."""
    for found in read(title).numbers:
        return "".join(found.text.split())
    lines = [line.strip() for line in head.splitlines() if line.strip()][:30]
    for place, line in enumerate(lines):
        if _ANNOUNCED.fullmatch(line):
            return line
        numbers = read(line).numbers if len(line) <= 40 else ()
        if len(numbers) == 1 and len(numbers[0].text) >= len(line) - 2:
            return "".join(numbers[0].text.split())
        after = lines[place + 1] if place + 1 < len(lines) else ""
        if (
            line.endswith("令")
            and len(line) <= 30
            and re.fullmatch(r"第?\s*[\d〇零一二三四五六七八九十百]{1,6}\s*号", after)
        ):
            return "".join((line + after).split())
    return ""


def _standard(title: str, head: str) -> str:
    """The number of a standard that a document is: in its title, or alone in one of its first lines."""
    match = _STANDARD.search(title)
    if match:
        return match[1]
    for line in head.splitlines()[:20]:
        match = _STANDARD.fullmatch(line.strip())
        if match:
            return match[1]
    return ""


def _kind(title: str, number: str, standard: str, head: str) -> Kind:
    if standard:
        return "standard"
    if _THESIS.search(head[:600]):
        return "thesis"
    if _STATUTE.search(title) and not title.endswith("通知"):
        return "statute"
    if _REPORT.search(title):
        return "report"
    if _PAPER.search(title) and number:
        return "paper"
    return "book" if _ISBN.search(head) else "other"


# who


def _authors(title: str, kind: Kind, text: str) -> tuple[str, ...]:
    head = text[:_HEAD]
    named = _labelled("issuers", head) or _labelled("authors", head)
    if named:
        return _names(named)
    lines = [line for line in text.splitlines() if line.strip()]
    if kind == "report":
        said = next((match for line in lines[:8] if (match := _SPEAKER.search(line))), None)
        person = (said[1] or said[2]) if said else ""
        spoken = _SPEAKS_FOR.search(head)
        return (person,) if person else (spoken[1],) if spoken else ()
    match = _ISSUER_OF_TITLE.match(title) or (_RELEASED_BY.search(head) if kind == "standard" else None)
    if match:
        return _names(match[1])
    passed = _passed(head)
    if passed:
        return (passed[1],)
    signed = next(_signatures(lines), None)
    if signed is not None:
        return _names(signed[0])
    first = next(
        (match for line in lines[:3] if (match := re.match(rf"^\s*([{CJK}]{{2,20}}人民法院)\s*$", line))), None
    )
    if first:
        return (first[1],)
    by = next((match[1].strip() for line in lines[:6] if (match := _BY_LINE.match(line))), "")
    return (by,) if by else ()


def _names(written: str) -> tuple[str, ...]:
    """Several names, as a line or a label gives them."""
    parts = re.split(r"[、，,]| and |[ \t\u3000]+" if re.search(f"[{CJK}]", written) else r", | and |; ", written)
    names = [part.strip() for part in parts if part.strip()]
    return tuple(name for name in names if len(name) <= _LONGEST_NAME)[:_SOME_AUTHORS]


def _signatures(lines: list[str]) -> Iterator[tuple[str, str]]:
    """An issuer in a line of its own and a date in the next one."""
    for place, line in enumerate(lines[:-1]):
        date = _DATE_LINE.match(lines[place + 1])
        issuer = _ISSUER_LINE.match(line) if date else None
        if issuer and date:
            yield issuer[1], date[1]


def _passed(head: str) -> tuple[str, str] | None:
    """The last day on which a congress or the State Council passed what the head is of, and which it was."""
    found: list[tuple[str, str]] = []
    for match in _PASSED.finditer(head):
        if _is_own(head, match):
            found.append((match["day"], match["place"] + match["body"]))
    found += [(match["day"], "国务院") for match in _COUNCIL.finditer(head) if _is_own(head, match)]
    return max(found, key=lambda one: _first_day(one[0]), default=None)


def _is_own(head: str, match: re.Match[str]) -> bool:
    """Whether an act is that of the document, not of one that it speaks of: it stands in brackets or begins a line."""
    before = head[: match.start()].rpartition("\n")[2]
    return before.strip(" \t\u3000") == "" or re.search(r"[（(][^）)]*$", before) is not None


# when


def _date(head: str, text: str) -> str:
    labelled = _first_day(_labelled("date", head))
    if labelled:
        return labelled
    released, passed = _RELEASED.search(head), _passed(head)
    if released:
        return released[1]
    if passed:
        return _first_day(passed[0])
    inside = (match[1] for match in _BRACKETED.finditer(head[:_BRACKET_WITHIN]))
    acts = [_first_day(match[1]) for words in inside for match in _ACTED.finditer(words)]
    if acts:
        return max(acts)
    for pattern in (_OWN_ACT, _MEETING):
        match = pattern.search(head)
        if match:
            return _first_day(next(filter(None, match.groups())))
    signed = next(_signatures([line for line in text.splitlines() if line.strip()]), None)
    return _first_day(signed[1]) if signed else ""


def _effect(head: str, end: str) -> str:
    for part in (end, head):
        match = _OWN_EFFECT.search(part)
        if match:
            return _first_day(next(filter(None, match.groups())))
    return ""


def _first_day(written: str) -> str:
    """The first date of some words: "2021-06-10", "2021-06" or "2021"; empty without one."""
    text = fold(written)  # 二〇二一年六月十日 is 2021年6月10日
    match = re.search(r"([12]\d{3})\s*[年./-]\s*(?:(\d{1,2})\s*(?:[月./-]\s*(?:(\d{1,2}))?)?)?", text)
    if match:
        return "-".join(part.zfill(2) for part in match.groups() if part)
    match = re.search(_ENGLISH_DAY, written)
    if match:
        day, year = re.findall(r"\d+", match[0])
        month = next(number for number, name in enumerate(_MONTHS, 1) if name[:3] in match[0])
        return f"{year}-{month:02}-{day.zfill(2)}"
    match = re.search(r"\b([12]\d{3})\b", text)
    return match[1] if match else ""


# publisher and articles


def _imprint(head: str) -> tuple[str, str, str]:
    """Publisher, place and year."""
    publisher, place = _labelled("publisher", head), _labelled("place", head)
    match = None if publisher else _PRESS_LINE.search(head)
    if match:
        return match[2], place or match[1] or "", match[3] or ""
    return publisher, place, ""


def _articles(text: str) -> tuple[tuple[int, str], ...]:
    """Where articles begin lines, for a text that has several."""
    found = [
        (match.start(), "".join(match[1].split()))
        for match in _ARTICLE.finditer(text)
        if not _REFERS.match(text, match.end())
    ]
    return tuple(found) if len(found) > 1 else ()
