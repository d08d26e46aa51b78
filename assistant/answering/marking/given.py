"""The words of a sentence that could be the number or the reason asked for, and how well they fit.

Everything is found in a sentence's view (`assistant.answering.marking.marked`): its literal form where it is Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.marks import Span

# Units that measure the same; longer ones before those they begin with.
_UNIT_GROUPS = tuple(
    tuple(group.split())
    for group in (
        "个工作日 工作日 个自然日 个小时 小时 分钟 秒钟 秒 个月 个星期 星期 世纪 周年 周 年 月 天 日",
        "平方公里 平方千米 平方英里 平方米 公顷 亩 km2 km² m2 ㎡",
        "立方公里 立方米 毫升 升 加仑",
        "公里 千米 厘米 毫米 微米 公分 英里 海里 英尺 英寸 英吋 米 里 尺 寸 丈 km cm mm m",
        "万吨 公吨 吨 公斤 千克 毫克 克 斤 磅 kg g",
        "人民币 万元 亿元 美元 欧元 英镑 日元 日圆 港元 港币 法郎 元 块钱 块 毛 角 分",
        "% ‰ 个百分点 成 倍",
        "周岁 岁",
        "人次 万人 个人 人 名 位 口 户",
        "次 回 遍 趟 场 届 下",
    )
)
_MEANT = """
钱=元 费=元 费用=元 多久=年 多长时间=年 多高=米 多远=公里 多长=米 多宽=米 多深=米 多厚=米 多重=公斤 员=人 公=公里
平=平方公里 百=%
"""
_SIZE_UNITS = tuple(dict.fromkeys(unit for group in (*_UNIT_GROUPS[1:4], *_UNIT_GROUPS[6:8]) for unit in group))
_ASKED_UNITS = dict(pair.split("=") for pair in _MEANT.split())
_SUBJECT_UNITS = tuple(
    (re.compile(words), unit)
    for words, unit in (
        ("面积", "平方公里"),
        ("人口", "人"),
        (
            "价格|(?<!消)费(?![者力孝])|金额|罚款|罚金|工资|薪|售价|票价|价钱|押金|补贴|补助|奖金|收入|成本|预算|产值|投资(?![者人])|"
            "资金|经费|造价|租金|房租|月租|保证金|赔偿|赔了|贷款|税款|奖励",
            "元",
        ),
        ("率|比例|占比|比重|百分|份额", "%"),
        ("年龄|年纪|几岁", "岁"),
        ("长度|高度|海拔|身高|体长|距离|全长|直径|宽度|深度", "米"),
        ("体重|重量|产量", "公斤"),
        ("时间|期限|年限|有效期|时长", "年"),
    )
)
_DIGITS = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?[万亿千百]{1,2})?"
_SPELT = (
    "(?<![一二三四五六七八九十百千万亿第几数唯统单])[一二三四五六七八九十百千万亿两零〇半]+(?:点[一二三四五六七八九零]+)?"
    "[万亿]?"
)
_AMOUNT = re.compile(rf"(?:{_DIGITS}|{_SPELT})[多余来几]?\s?")
_EDGE = re.compile("(?:半|多|整)?(?:以上|以下|以内|以外|之内|左右|内(?![容部外]))?")
_RANGE = re.compile(r"\s?(?:[至到~—–-]{1,2}|,?不超过)?\s?")
_UNITS = sorted({unit for group in _UNIT_GROUPS for unit in group}, key=len, reverse=True)
_ANY_UNIT = re.compile("|".join(_UNITS) + r"|[^\W\d_]")
_PART = "[一二三四五六七八九两\\d]+"
_SHARE = re.compile(rf"[百千万]分之[\d零一二三四五六七八九十百千点.]+|\d+(?:\.\d+)?\s?[%‰]|{_PART}分之{_PART}")

_SPELT_ENGLISH = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|twenty|thirty|forty|"
    "fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|hundreds|thousands|millions|half|twice|dozens?"
)
_ENGLISH_AMOUNT = re.compile(
    r"(?:[$£€]\s?)?(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?:\s(?:hundred|thousand|million|billion|trillion))?"
    rf"|\b(?:{_SPELT_ENGLISH})(?:[- ](?:{_SPELT_ENGLISH}))*\b",
    re.IGNORECASE,
)
_LENGTHS = r"met(?:er|re)s?|kilomet(?:er|re)s?|centimet(?:er|re)s?|feet|foot|ft|inch(?:es)?|miles?|yards?|km|cm|m|mi"
_TIMES = "years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|centur(?:y|ies)"
_ENGLISH_UNITS = {
    noun: re.compile(rf"[\s-]?(?:{units})(?![a-z])(?:[\s-]old)?", re.IGNORECASE)
    for nouns, units in (
        ("long", f"{_TIMES}|{_LENGTHS}"),
        ("old often", f"{_TIMES}|times?"),
        ("far tall high deep wide", rf"{_LENGTHS}|stor(?:e?y|ies)"),
        ("heavy", "tons?|tonnes?|pounds?|kilograms?|grams?|kg|lbs?|g"),
        ("fast", "mph|km/h|knots|(?:miles|kilomet(?:er|re)s) (?:per|an) hour"),
        ("percentage percent proportion share", "%|percent|per cent"),
    )
    for noun in nouns.split()
}

_CHINESE_REASON = re.compile(
    r"(?:主要)?是?(?:因为|由于|鉴于|为了|旨在|目的是|原因是|原因在于)[^,。;]{2,60}(?=[,。;]|$)"
    r"|(?<![原成基])因(?![此为何其应素])[^,。;]{2,40}?(?=而|被|,|。|;|$)"
    r"|(?:^|,)(?P<purpose>为(?![期数止例此])[^,。;]{4,30})(?=,)"
    r"|(?:^|[,。;])(?P<cause>[^,。;]{4,50}),(?:因此|所以|因而|故此|故|于是|从而|导致|致使|使得)"
)
_ENGLISH_REASON = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|in order to|so that|as a result of|thanks to|on account of)\b[^,.;]{3,160}"
)


def number_units(noun: str, question: str) -> tuple[str, ...]:
    """Units in which a number is asked for, the asked one first; none where any will do."""
    unit = _ASKED_UNITS.get(noun, noun)
    if "分之" in question or re.search("[率例比额]", noun):
        unit = "%"
    if not unit or unit[0] == "多":
        sized = unit == "多大"
        unit = next((measure for words, measure in _SUBJECT_UNITS if words.search(question)), "")
        if sized and unit not in _SIZE_UNITS:
            return _SIZE_UNITS  # 多大: a size or an age, and no 三个
    group = next((group for group in _UNIT_GROUPS if unit in group), ())
    return (unit, *(one for one in group if one != unit)) if unit else ()


def numbers(text: str, units: tuple[str, ...]) -> Iterator[tuple[Span, float]]:
    """Amounts with their units, and how well the unit fits: 1 the asked one, less another of its group or any.

    Two that make a range (8至12天, 1000元以上1万元以下) are one.
    """
    if units and units[0] == "%":
        yield from ((match.span(), 1.0) for match in _SHARE.finditer(text))
    found: list[tuple[int, int, float]] = []
    for match in _AMOUNT.finditer(text):
        end, fit = _unit_end(text, match.end(), units)
        if found and _RANGE.fullmatch(text, found[-1][1], match.start()) and fit:
            found[-1] = (found[-1][0], end, max(fit, found[-1][2]))
        else:
            found.append((match.start(), end, fit))
    yield from (((start, end), fit) for start, end, fit in found if fit)


def _unit_end(text: str, place: int, units: tuple[str, ...]) -> tuple[int, float]:
    """Where the unit at a place ends, and how well it fits; 0 where there is none."""
    if units:
        unit = next((unit for unit in units if text.startswith(unit, place)), "")
        end, fit = place + len(unit), 1.0 if unit == units[0] else 0.6
    else:
        any_unit = _ANY_UNIT.match(text, place)
        end, fit = any_unit.end() if any_unit else place, 0.3
    if end == place:
        return place, 0.0
    edge = _EDGE.match(text, end)
    return edge.end() if edge else end, fit


def english_numbers(text: str, noun: str) -> Iterator[tuple[Span, float]]:
    """Amounts as they stand before what is counted or measured; 1 where that is what was asked for."""
    head, _, counted = noun.partition(" ")
    units = _ENGLISH_UNITS.get(head)
    stem = counted[: max(3, len(counted) - 2)] if head == "many" else ""
    for match in _ENGLISH_AMOUNT.finditer(text):
        if units:
            unit = units.match(text, match.end())
            if unit:
                yield (match.start(), unit.end()), 1.0
        elif stem or match[0].casefold() not in ("one", "half", "twice"):
            near = stem and any(word.startswith(stem) for word in text[match.end() :].casefold().split()[:4])
            money = head in ("much", "price", "cost") and match[0][0] in "$£€"
            yield match.span(), 1.0 if near or money else 0.2


def reasons(text: str, *, is_cjk: bool) -> Iterator[tuple[Span, float]]:
    """Clauses that give a cause or a purpose."""
    if not is_cjk:
        yield from ((match.span(), 1.0) for match in _ENGLISH_REASON.finditer(text))
        return
    for match in _CHINESE_REASON.finditer(text):
        group = next((name for name in ("purpose", "cause") if match[name]), None)
        yield match.span(group or 0), 0.7 if group == "cause" else 1.0
