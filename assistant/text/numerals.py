"""Numbers as the search copy writes them: 第十二条 and 第12条, 三十日 and 30日, 百分之三十 and 30% become the same.

Only what can be nothing but a number is folded, and a word that merely holds a numeral (一些, 三农, 十分, 万一, 十三五)
stays. So a lone numeral counts only before a unit, and a longer one only where writing its value out gives it again.
Libraries that convert Chinese numerals (cn2an) read whole strings that are numbers; where one stands in a text, and
whether it is one, is the question here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.text.chinese_numbers import POWERS, SCALES, VALUES, in_full, loosely

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")  # as amounts of money are written out
_SHARES = {"百": "%", "千": "‰", "万": "‱"}  # of 分之

_ARABIC_SCALES = r"[十百千]?(?:万亿|亿|万)"
# Units, and what follows where the character is none: 日期, 人民, 条件, 位置 …
_UNITS = (
    r"个工作日|个百分点|个自然日|个小时|个月|年(?![龄])|月(?![薪饼球])|工作日|日(?![期本常益程报志])|天(?![然津空])|小时|分钟|秒|"
    r"岁|周岁|周年|世纪|季度|倍|次(?![序])|人(?![民员口才类物士均大们])|名(?![称单义额])|位(?![置于])|条(?![件例约])|"
    r"款|项(?![目])|章(?![程])|节(?![气日假约能目])|编(?![制辑])|篇|级(?![别])|届|类(?![型别似])|种(?![子植])|"
    r"家(?![庭长属具园渠])|户(?![籍口])|台(?![山湾风])|辆|套|件|份|期(?![间限货望])|批(?![准评])|轮|亩|公里|千米|米|厘米|毫米|公顷|"
    r"平方米|立方米|平方公里|吨|公斤|千克|克|元(?![化素旦首])|万元|亿元|层|楼|号|所|座|折|页|个"
)
_ORDINAL_UNITS = rf"{_UNITS}|部分|卷|版|档|组|行|列|段|句|题|课|讲|回|幕|站|阶段|步|代"
_ONE_UNITS = r"年|月|日|天|小时|分钟|个月|个工作日|周岁|周年|倍|级|号"  # of a lone 一: 一个, 一种 say nothing
_BEFORE_POINT = r"[万亿倍元]|个百分点"  # what makes a decimal of 三点五, which may be a time or 两点一线

_CHINESE = r"[零〇○一二三四五六七八九两十百千万亿]"
_NUMBER = rf"{_CHINESE}+(?:点[零〇一二三四五六七八九]+)?|\d{{1,15}}(?:\.\d{{1,15}})?"
_NUMERAL = re.compile(
    rf"(?P<share>[百千万])分之(?P<portion>{_NUMBER})(?!{_CHINESE}|\d|\.\d)"
    rf"|(?<!{_CHINESE})(?P<below>{_CHINESE}+)分之(?P<above>{_CHINESE}+)"
    rf"|(?P<ordinal>第\ ?)?(?<![\d.])(?<!\d,)(?:"
    rf"(?<!{_CHINESE})(?<![几数])(?P<chinese>{_CHINESE}+)(?P<point>点[零〇一二三四五六七八九]+"
    rf"(?={_BEFORE_POINT})(?P<power>[万亿]+)?)?(?!{_CHINESE}|\d)"
    r"|(?P<formal>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,})"
    rf"|(?P<arabic>\d{{1,15}}(?:,\d{{3}})*(?:\.\d{{1,15}})?)"
    rf"(?:\ ?(?P<scale>{_ARABIC_SCALES}))?(?!{_CHINESE}|\d|[.,]\d))"
    rf"(?P<unit>\ ?(?:{_ORDINAL_UNITS}))?"
)
_COUNTED = re.compile(_UNITS)  # a unit that was found, so that what follows it was looked at
_COUNTED_ONE = re.compile(_ONE_UNITS)
_RANGE = re.compile(rf"[至到~—-]第?(?:{_CHINESE}+|\d+)\ ?(?:{_UNITS})")
_NO_ONE = frozenset("统唯单同逐之专")  # 统一日期, 唯一年级: no 一日, 一年


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text, and how the search copy writes it."""

    start: int
    end: int
    number: str  # 12, 30%, 1/3, 250000000
    unit: str = ""  # 条
    prefix: str = ""  # 第

    @property
    def form(self) -> str:
        return self.prefix + self.number + self.unit


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers of a text whose characters are folded; those in Arabic digits only where they count something."""
    for match in _NUMERAL.finditer(text):
        found = _numeral(match)
        if found is not None:
            yield found


def _numeral(match: re.Match[str]) -> Numeral | None:
    start, end = match.span()
    if match["share"]:
        portion = "100" if match["portion"] == match["share"] == "百" else _value(match["portion"])
        return None if portion is None else Numeral(start, end, portion + _SHARES[match["share"]])
    if match["below"]:
        below, above = _value(match["below"]), _value(match["above"])
        return None if below is None or above is None else Numeral(start, end, f"{above}/{below}")
    prefix, unit = (match["ordinal"] or "").strip(), (match["unit"] or "").strip()
    if match["arabic"]:
        number = _arabic(match["arabic"], match["scale"] or "", counted=bool(unit))
        changed = number != match["arabic"]
        return Numeral(start, end, number, unit, prefix) if unit or prefix or changed else None
    if match["formal"]:
        formal = match["formal"].translate(_FORMAL)
        if formal == match["formal"] or set("十百千万亿").isdisjoint(formal):
            return None
        value = _integer(formal)
        return None if value is None else Numeral(start, end, value, unit, prefix)
    return _chinese(match, unit, prefix)


def _chinese(match: re.Match[str], unit: str, prefix: str) -> Numeral | None:
    written, text = match["chinese"], match.string
    start, end = match.span()
    if match["point"]:
        number = _value(written + match["point"].removesuffix(match["power"] or ""))
        number = _arabic(number, match["power"], counted=True) if number and match["power"] else number
    elif len(written) == 1:
        number = _lone(match, unit, ordinal=bool(prefix))
    elif len(written) > 2 and all(sign in VALUES for sign in written):
        # Years and numbers read digit by digit; 一二三 may list, and 三五 mean three to five.
        spelt = len(written) == 4 or not set("零〇○").isdisjoint(written) or unit in ("年", "号")
        number = "".join(str(VALUES[sign]) for sign in written) if spelt else None
    else:
        number = _integer(written)
        if written[-1] == "千" and text[match.end("chinese") : match.end("chinese") + 1] in tuple("克瓦伏"):
            number = None  # 五千克 weighs five kilograms
    if number is None:
        return None
    if not prefix and not _COUNTED.fullmatch(unit):
        end, unit = match.end("point") if match["point"] else match.end("chinese"), ""
    return Numeral(start, end, number, unit, prefix)


def _lone(match: re.Match[str], unit: str, *, ordinal: bool) -> str | None:
    """A single character is a number only where something is counted: 第三章, 五日, 三至五年."""
    written, text = match["chinese"], match.string
    if written in "百千万亿零〇○":
        return None
    value = "10" if written == "十" else str(VALUES[written])
    if ordinal:
        return value if unit and unit != "人" else None  # 第三人 has a part in something, and is not counted
    if written == "一" and (text[match.start() - 1 : match.start()] in _NO_ONE or not _COUNTED_ONE.fullmatch(unit)):
        return None
    if _COUNTED.fullmatch(unit) or _RANGE.match(text, match.end("chinese")):
        return value
    return None


def _arabic(digits: str, scale: str, *, counted: bool) -> str:
    """30,000 → 30000, but not 100,200, which may list two; 1.5亿 → 150000000."""
    if digits.count(",") > 1 or counted or scale:
        digits = digits.replace(",", "")
    if not scale or "," in digits:
        return digits
    factor = 1
    for sign in scale:
        factor *= POWERS.get(sign) or SCALES[sign]
    return f"{(Decimal(digits) * factor).normalize():f}"


def _value(written: str) -> str | None:
    """Of a number with or without decimals, in either writing."""
    if written[0].isascii():
        return written
    whole, _, decimals = written.partition("点")
    number = str(VALUES[whole]) if whole in VALUES else _integer(whole)
    if number is None or not decimals:
        return number
    return f"{number}.{''.join(str(VALUES[sign]) for sign in decimals)}"


def _integer(written: str) -> str | None:
    """Of a number written with 十, 百, 千, 万, 亿; None unless it is the one way to write its value.

    So none of 万一, 千万, 三四十, 十三五; nor 三万五 and 二百五, whose last digit counts the next lower power.
    """
    if re.search(r"[百千万亿][一二三四五六七八九两](?:$|[万亿])", written) or len(written) > 40:
        return None
    if written[0] in "零〇○":
        return None
    plain = re.sub("[零〇○]", "", written).replace("两", "二")
    value = loosely(plain)
    canonical = in_full(value).replace("零", "")  # which some write and some do not
    return str(value) if plain in (canonical, canonical.removeprefix("一") if canonical[:2] == "一十" else "") else None
