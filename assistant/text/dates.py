"""Dates and times in texts, as they are written in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.marks import Span

_FEW = "(?:\\d{1,2}|[零〇○一二三四五六七八九十]{1,3})"
_YEAR = (
    r"(?:公元前?|西元前?|前|民国|昭和|平成|令和)?"
    r"(?:\d{1,4}|[零〇○一二三四五六七八九]{4}|[零〇一二三四五六七八九十元]{1,3})年"
)
_OF_YEAR = "(?:代|间|初|末|底|中期?|春|夏|秋|冬)?"
_MONTH = rf"(?:{_FEW}|正|腊)月(?:份|初|底|末|中旬|上旬|下旬)?"
_DAY = rf"{_FEW}[日号](?![常程线楼]|报(?![名考到告]))"
_TIME = (
    r"(?:凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|晚间|夜间|晚)?"
    rf"(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?|{_FEW}(?:时(?![代期节])|点(?![意建要]))(?:{_FEW}分?|半|整)?)"
)
_WEEKDAY = "(?:星期|周|礼拜)[一二三四五六日天](?!年)"
_FULL = (
    rf"{_YEAR}{_OF_YEAR}(?:\([^()]{{2,12}}\))?(?:的?{_MONTH}(?:{_DAY})?)?(?:{_TIME})?|{_MONTH}(?:{_DAY}(?:{_TIME})?)?"
    rf"|{_DAY}(?:{_TIME})?|{_WEEKDAY}(?:{_TIME})?|{_TIME}"
)
_ERA = (
    rf"(?:公元前?)?{_FEW}世纪(?:{_FEW}年代)?(?:[初末中][期叶]?|前期|后期)?"
    r"|(?:[夏商周秦汉晋隋唐宋元明清辽金][朝代]|战国|春秋|三国|[一-龥]{2}年间)(?:[初末中][期叶年]?)?"
    r"|[春夏秋冬][季天末初]|[初仲暮][春夏秋冬]"
)
_CHINESE = rf"(?:{_FULL})(?:\s?(?:至|到|[-—–~]{{1,2}})\s?(?:今|(?:次年|翌年)?(?:{_FULL}))){{0,2}}|{_ERA}"
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_AD = r"(?:\s?(?:BCE?|CE|AD)\b)?"
_CENTURY = r"(?:\d{1,2}(?:st|nd|rd|th)|[a-z]+(?:teen|tie)th|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)"
_PART = r"(?:(?:early|mid|late)[- ](?:to[- ](?:mid|late)[- ])?)?"
_CALENDAR_YEAR = r"\b(?:1[0-9]|20)\d{2}\b(?![%‰]|[,.]\d|[-‑](?!\d)| [a-z]+s\b(?<!ies)(?<!was))"
_ENGLISH = (
    rf"\b{_MONTHS} {_ORDINAL}\b(?:,? \d{{4}}\b)?|\b{_ORDINAL} (?:of )?{_MONTHS}(?:,? \d{{4}}\b)?"
    rf"|\b{_MONTHS}(?: of)?,? \d{{4}}\b|\b{_PART}(?:the )?\d{{3,4}}s\b"
    rf"|\b{_PART}{_CENTURY}(?:(?: and | to |[-–]){_CENTURY})?[ -]centur(?:y|ies)\b{_AD}"
    rf"|\b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b|{_CALENDAR_YEAR}(?:\s?[-–]\s?(?:\d{{4}}|\d{{2}})\b)?{_AD}"
    rf"|\b\d{{1,3}} (?:BCE?|AD)\b|\bAD \d{{1,4}}\b|\b(?!May\b){_MONTHS}"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
    r"|\b\d{1,2}(?::\d{2})?\s?[ap]\.?m\b\.?|\b\d{1,2}:\d{2}\b"
)
_DATE = re.compile(f"{_CHINESE}|{_ENGLISH}")
_PARTS = {
    "year": re.compile(rf"{_YEAR}(?:代)?|\b(?:1[0-9]|20)\d{{2}}\b"),
    "month": re.compile(rf"{_MONTH}(?:\s?(?:至|到|[-—–~]{{1,2}})\s?(?:次年|翌年)?{_MONTH})?|{_MONTHS}"),
    "day": re.compile(rf"(?:{_YEAR})?(?:{_MONTH})?{_DAY}|{_WEEKDAY}|{_MONTHS} \d{{1,2}}|\d{{1,2}} {_MONTHS}"),
    "time": re.compile(rf"{_TIME}(?:\s?(?:至|到|[-—–~]{{1,2}})\s?{_TIME})?|\b\d{{1,2}}(?::\d{{2}})?\s?[ap]\.?m\b\.?"),
}
_NOUNS = {
    noun: part
    for part, nouns in (
        ("year", "year 年 年份"),
        ("month", "month 月 月份"),
        ("day", "day date 日 天 号 日期"),
        ("time", "点 时刻"),
    )
    for noun in nouns.split()
}
_LASTING = re.compile(r"前?(?:\d{1,2}|[一二三四五六七八九十]{1,3})年")  # 三年, 前三年: so long, and not when


def dates(text: str, start: int = 0, end: int | None = None, *, noun: str = "") -> Iterator[Span]:
    """The dates of a literal form; with a noun (年, 月, 日, 点, year …) only such a part of each that has it."""
    part = _PARTS.get(_NOUNS.get(noun, ""))
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        if _LASTING.fullmatch(match[0]):
            continue
        if part is None:
            yield match.span()
            continue
        found = part.search(match[0])
        if found and not _LASTING.fullmatch(found[0]):
            yield match.start() + found.start(), match.start() + found.end()
