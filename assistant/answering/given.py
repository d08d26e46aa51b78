"""The words of a sentence that could answer, by the kind of answer: numbers, dates, names, places, reasons.

Everything is found in a sentence's view (`assistant.answering.spans`): the literal form where it is Chinese, else the
text as it stands, for there capitals tell names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.text.marks import Span

# Units that measure the same; the first group that holds the asked one counts.
_UNIT_GROUPS: tuple[tuple[str, ...], ...] = (
    ("个工作日", "工作日", "个自然日", "个小时", "小时", "分钟", "秒钟", "秒", "个月", "个星期", "星期", "周年", "周", "年", "月", "天", "日", "世纪"),
    ("平方公里", "平方千米", "平方米", "公顷", "亩", "km2", "km²", "m2", "㎡", "平方英里"),
    ("立方米", "立方公里", "升", "毫升", "加仑"),
    ("公里", "千米", "厘米", "毫米", "微米", "公分", "英里", "海里", "英尺", "英寸", "英吋", "米", "里", "尺", "寸", "丈", "km", "cm", "mm", "m"),
    ("万吨", "公吨", "吨", "公斤", "千克", "毫克", "克", "斤", "磅", "kg", "g"),
    ("人民币", "万元", "亿元", "美元", "欧元", "英镑", "日元", "日圆", "港元", "港币", "法郎", "元", "块钱", "块", "毛", "角", "分"),
    ("%", "‰", "个百分点", "成", "倍"),
    ("周岁", "岁"),
    ("人次", "人", "名", "位", "口", "万人", "个人", "户"),
    ("次", "回", "遍", "趟", "场", "届"),
)  # fmt: skip
_ASKED_UNITS = {
    "钱": "元", "费": "元", "费用": "元", "多久": "年", "多长时间": "年", "多高": "米", "多远": "公里", "多长": "米",
    "多宽": "米", "多深": "米", "多厚": "米", "多重": "公斤", "员": "人", "公": "公里", "平": "平方公里", "百": "%",
}  # fmt: skip
_SUBJECT_UNITS = (
    ("面积", "平方公里"), ("人口", "人"), ("价格|费用|金额|罚款|工资|售价|票价|押金|补贴|奖金|收入|成本|预算|产值", "元"),
    ("率|比例|占比|比重|百分|份额", "%"), ("年龄|年纪|几岁", "岁"), ("长度|高度|海拔|身高|体长|距离|全长|直径|宽度|深度", "米"),
    ("体重|重量|产量", "公斤"), ("时间|期限|年限|有效期|时长", "年"),
)  # fmt: skip
_AMOUNT = (
    r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?[万亿千百]{1,2})?"
    r"|(?<![一二三四五六七八九十百千万亿第几数])(?:[一二三四五六七八九十百千万亿两零〇半]+)(?:点[一二三四五六七八九零]+)?(?:[万亿])?"
)
_MORE = "[多余来几]?"
_EDGE = "(?:以上|以下|以内|以外|之内|左右)?"
_ANY_UNIT = r"%|‰|[^\W\d_]{1,2}"
_SHARE = r"[百千万]分之[\d零一二三四五六七八九十百千点.]+|\d+(?:\.\d+)?\s?[%‰]|[一二三四五六七八九两\d]+分之[一二三四五六七八九两\d]+|[一二三四五六七八九]成"
_ENGLISH_AMOUNT = (
    r"(?:[$£€]\s?)?(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?:\s(?:hundred|thousand|million|billion|trillion))?"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds|thousands|millions|half|twice|dozens?)(?:[- ](?:one|two|three|four|five|six|seven|eight|"
    r"nine|hundred|thousand|million|billion))*\b"
)
_ENGLISH_UNITS = {
    "long": r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|miles?|kilomet(?:er|re)s?|km|met(?:er|re)s?|feet|decades?|centur(?:y|ies)",
    "old": r"years?|months?", "often": r"times?|years?|months?|weeks?|days?|hours?", "far": r"miles?|kilomet(?:er|re)s?|km|met(?:er|re)s?|feet|mi",
    "tall": r"met(?:er|re)s?|feet|foot|ft|m\b|stor(?:e?y|ies)", "high": r"met(?:er|re)s?|feet|foot|ft|m\b", "deep": r"met(?:er|re)s?|feet|ft|m\b",
    "wide": r"met(?:er|re)s?|feet|ft|m\b|miles?|km", "heavy": r"tons?|tonnes?|pounds?|kilograms?|kg|lbs?",
    "fast": r"mph|km/h|miles per hour|knots|kilomet(?:er|re)s per hour", "percentage": r"%|percent|per cent", "percent": r"%|percent|per cent",
    "proportion": r"%|percent|per cent", "share": r"%|percent|per cent",
}  # fmt: skip

_CHINESE_REASON = re.compile(
    r"(?:主要)?(?:是)?(?:因为|由于|鉴于|为了|旨在|目的是|原因是|原因在于)[^,。;]{2,60}(?=[,。;]|$)|(?<![原成基])(?:因|为)(?=[^,。;此为何其应]{2,30}(?:而|被|遭|,|。|;))(?!此|而)[^,。;]{2,30}?(?=而|,|。|;)"
)
_CHINESE_RESULT = re.compile(r"(?:^|[,。;])(?P<cause>[^,。;]{4,50}),(?:因此|所以|因而|故此|故|于是|从而|导致|致使|使得)")
_ENGLISH_REASON = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|in order to|so that|as a result of|thanks to|on account of)\b[^,.;]{3,160}"
)


def number_units(noun: str, question: str) -> tuple[str, ...]:
    """Units in which a number is asked for, the asked one first; none where any will do."""
    unit = _ASKED_UNITS.get(noun, noun)
    if not unit or unit[:1] == "多":
        unit = next((measure for words, measure in _SUBJECT_UNITS if re.search(words, question)), "")
    if "分之" in question or unit[-1:] in ("率", "例", "比") or re.search("[率例比]", noun):
        unit = "%"
    if not unit:
        return ()
    group = next((group for group in _UNIT_GROUPS if unit in group), ())
    return (unit, *(one for one in group if one != unit))


def numbers(text: str, units: tuple[str, ...]) -> Iterator[tuple[Span, float]]:
    """Amounts with their units, and how well the unit fits: 1 the asked one, less another of its group, 0 any."""
    if units and units[0] == "%":
        for match in re.finditer(_SHARE, text):
            yield match.span(), 1.0
    wanted = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    unit = wanted or _ANY_UNIT
    one = rf"(?:{_AMOUNT}){_MORE}\s?(?:{unit})(?:半|多|整)?{_EDGE}"
    pattern = rf"(?:(?:{_AMOUNT}){_MORE}\s?(?:{unit})?{_EDGE}\s?(?:[至到~—–-]+|,?不超过|、)\s?)?{one}"
    for match in re.finditer(pattern, text):
        fit = 1.0 if units and units[0] in match[0] else 0.6 if units else 0.3
        yield match.span(), fit


def english_numbers(text: str, noun: str) -> Iterator[tuple[Span, float]]:
    """Amounts as they stand before what is counted or measured; 1 where that is what was asked for."""
    head, _, counted = noun.partition(" ")
    units = _ENGLISH_UNITS.get(head)
    if units:
        for match in re.finditer(rf"(?:{_ENGLISH_AMOUNT})[\s-]?(?:{units})(?:[\s-]old)?", text, re.IGNORECASE):
            yield match.span(), 1.0
        return
    stem = counted[: max(3, len(counted) - 2)] if head == "many" else ""
    for match in re.finditer(_ENGLISH_AMOUNT, text, re.IGNORECASE):
        if re.fullmatch("one|half|twice", match[0], re.IGNORECASE) and not stem:
            continue
        near = stem and re.match(rf"(?:[\s-]+[\w'-]+){{0,3}}?[\s-]+{re.escape(stem)}", text[match.end() :], re.IGNORECASE)
        money = head in ("much", "price", "cost") and match[0][0] in "$£€"
        yield match.span(), 1.0 if near or money else 0.2


def reasons(text: str, *, is_cjk: bool) -> Iterator[tuple[Span, float]]:
    """Clauses that give a cause or a purpose."""
    if not is_cjk:
        for match in _ENGLISH_REASON.finditer(text):
            yield match.span(), 1.0
        return
    for match in _CHINESE_REASON.finditer(text):
        yield match.span(), 1.0
    for match in _CHINESE_RESULT.finditer(text):
        yield match.span("cause"), 0.7
