"""What a question asks for (when, how many, who, where, which, why, how, what is), and whether a sentence has it.

By surface patterns, Chinese (written, spoken, simplified or traditional) and English. The question's literal form is
read, so that 幾時 and 几时 are one; sentences are read as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.text.normal import literal

KindName = Literal["date", "number", "person", "place", "reason", "manner", "name", "definition", "thing"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a question asks for, and the words that ask, as a span of the question's literal form."""

    kind: KindName
    start: int
    end: int
    noun: str = ""  # what it is to be: 公里, 钱, % (number), 年 (date), 部门 (thing), city (place); 多久 (number)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question in its literal form, and what it asks for, in the order of its words."""

    text: str
    asked: tuple[Asked, ...]
    several: bool  # it asks for all of something: 有哪些, 哪几项, 采取什么措施, what are the …
    one_thing: bool  # it asks for a single thing: 谁, 多少, 哪个部门


_WHAT = "(?:什么|甚么|啥)"
_CLASSIFIERS = "个|位|名|种|家|座|所|条|项|类|部|本|篇|首|支|只|款|届|场|次|级|块|张|间|份|段|门|方面|处"
_COUNT = r"[两二三四五六七八九十]|\d{1,2}|若干"
_WHICH = rf"哪(?:一|几|些|{_COUNT})?(?:{_CLASSIFIERS})?"
_UNITS = rf"平方公里|平方米|立方米|个工作日|个小时|个月|个百分点|周岁|公里|小时|分钟|{_CLASSIFIERS}|[^\W\d_a-z]"
# What asks, with the noun that says what for as a group. Of those that begin at one place the first decides.
_PATTERNS: tuple[tuple[KindName, str], ...] = (
    (
        "reason",
        rf"为(?:何|{_WHAT})(?!而?[死得])|因何|何故|何以|缘何|怎么会|凭{_WHAT}|(?:{_WHAT}|何种)(?:原因|缘故|理由)",
    ),
    ("reason", rf"(?:原因|理由|缘由|由来)(?:是|有|在于|为)?(?:{_WHAT}|哪些|何在|哪里)"),
    ("number", r"[百千]分之(?:几|多少)"),
    ("number", r"((?:比例|比率|占比|百分比|[^\W\d_a-z]率|份额)(?:是|为|有|占|达|达到)?(?:多少|几何|多大))"),
    (
        "date",
        rf"(?:{_WHAT}|{_WHICH})(年份|年代|朝代|世纪|时代|时期|季节|日期|日子|时候|时间段?|时刻|时段|季)|何(时|年|月|日)",
    ),
    (
        "date",
        r"几时|啥时|多会儿|(?:星期|周|礼拜)几|时间(?:是|为)?(?:什么|啥)|哪(?:一|几)?(年|天|日|个?月份?)(?!龄)|几(月几[日号]|月份?|号(?![楼院线])|点(?!意见|要求|建议))",
    ),
    ("number", r"(多(?:长时间|久|长|大|高|远|重|深|宽|厚|快))(?!的?[历程])"),
    ("number", rf"(?:多少|若干)(?:个?(?P<unit>{_UNITS}|[a-z]{{1,3}})(?![都才就会能要可]))?|第?(?<!好)几({_UNITS})"),
    ("person", rf"谁|何人|{_WHAT}(?:样的)?人(?![口物数才均])|{_WHICH}人(?![口物数才均员])|哪(?:一|几)?(?:位|名)"),
    (
        "place",
        rf"哪[里儿]|何[处地方]|在哪(?=\W|$)|(?:{_WHAT}|{_WHICH})(国家|城市|省份|地区|地方|地点|位置|区域|国|省|市|县|州|洲|镇|乡|村)",
    ),
    ("name", rf"(?:叫|名叫|称作|称为|称之为|叫做|叫作){_WHAT}(?:名字?|名称)?|{_WHAT}名[字称]"),
    (
        "name",
        rf"(?:[别俗简全旧原曾本学艺笔又亦也][称名]|外号|绰号|昵称|[英中]文名称?|名字|名称|字号)(?:是|叫|为|叫做)?(?:{_WHAT}|何)",
    ),
    ("definition", rf"^(?:请问|问一?下|想问)?(?:{_WHAT}(?:是|叫做?)|何谓)(?P<defined>[^,]+)"),
    (
        "definition",
        rf"(?:的)?(?:含义|意思|定义|概念|涵义)(?:是|为)(?:{_WHAT}|何)|(?:是|指的?)(?:是)?{_WHAT}意思|指(?:的)?是?{_WHAT}",
    ),
    ("thing", r"怎样的|怎么样的"),
    ("manner", r"如何|怎(?:么样|么|样)|咋"),
    ("thing", rf"(?:{_WHICH}|{_WHAT}(?:样的)?|何种)([^\W\d_a-z]{{0,4}})"),
    ("reason", r"\bwhy\b|\b(?:what|which) (?:\w+ )?(?:reasons?|causes?)\b|\bwhat caused\b|\bhow come\b"),
    ("date", r"\bwhen\b(?! \w+ing\b)|\b(?:what|which) (year|date|century|decade|day|month|era|time)s?\b"),
    ("number", r"\bhow ((?:many|much)(?: \w+)?|long|often|far|old|tall|large|big|high|deep|fast|wide|heavy)\b"),
    (
        "number",
        r"\b(?:what|which) (?:(?:is|was|are|were) )?(?:the )?(percentage|percent|proportion|share|fraction|age|"
        r"number|amount|population|price|cost)\b",
    ),
    (
        "person",
        r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|people|man|woman|king|queen|president|author|scientist)\b",
    ),
    ("place", r"\bwhere\b|\b(?:what|which) (country|city|state|region|place|county|province|town|continent)\b"),
    ("manner", r"\bhow\b(?! (?:many|much|long|often|far|old|tall|large))"),
    (
        "definition",
        r"^what (?:is|are) (?:an? )?(?P<term>(?!the\b)(?:(?!of\b|in\b|by\b|for\b)[\w'-]+ ?){1,5})\??$|"
        r"\bwhat does (?P<word>.+?) (?:mean|stand for)\b",
    ),
    (
        "thing",
        r"\b(?:what|which)\b(?: (?!is|are|was|were|do|does|did|ha[sd]|have|can|could|will|would|should|to\b)(\w+))?",
    ),
)
_KINDS = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)

_LISTED = (
    "措施|办法|方法|方式|条件|要求|情形|情况|职责|义务|权利|责任|任务|工作|步骤|程序|流程|材料|手续|原则|问题|内容|方面|规定|"
    "活|事"
)
_SEVERAL = re.compile(
    rf"哪些|哪几|哪(?:{_COUNT})|分别|列[出举]|包[括含]{_WHAT}|有{_WHAT}|{_WHAT}(?:样的)?(?:{_LISTED})|几[个项种条类点]?(?:{_LISTED})"
    r"|\bwhat (?:\w+ )?(?:are|were) the\b|\b(?:what|which) (?:\w+ )?(?:measures|steps|conditions|rules|duties|"
    r"requirements|reasons|things|items|ways|rights|tasks|documents)\b|\blist\b"
)
_ALSO = re.compile(r"\s*(?:and|or|, and)(?: (?:by|from|with|in|to))?\s*")
_CLAUSE_FIRST = re.compile(r",\s*(?:(?:by|from|with|in|to|at|of|on|for|under|the) ){0,2}$")
_ALL = re.compile(rf"哪些|哪几|哪(?:{_COUNT})|分别|列[出举]|包[括含]")
_WHICH_ONE = re.compile(r"哪|which \w+(?<!s)\b")
_ONE_THING = frozenset(("date", "number", "person", "place", "name"))


@lru_cache(maxsize=256)
def asking(question: str) -> Asking:
    """What a question asks for; nothing where it asks in a way that is not known (是否…, or a few words only)."""
    text = literal(question).strip()
    found = sorted(
        (match.start(), row, match) for row, (_, pattern) in enumerate(_KINDS) for match in pattern.finditer(text)
    )
    asked: list[Asked] = []
    for start, row, match in found:
        if asked and start < asked[-1].end:
            continue
        if asked and text[start].isascii() and not _ALSO.fullmatch(text, asked[-1].end, start):
            if not _CLAUSE_FIRST.search(text, asked[-1].end, start):
                continue  # … that, who, when within an English question ask nothing
            asked.clear()  # When she came to power, what …
        noun = next((group for group in match.groups() if group), "")
        asked.append(Asked(_KINDS[row][0], start, match.end(), noun.rstrip("?")))
    several = _SEVERAL.search(text) is not None
    single = [one for one in asked if one.kind in _ONE_THING or _WHICH_ONE.match(text, one.start)]
    if several and single:
        several = _ALL.search(text) is not None
    return Asking(text, tuple(asked), several, bool(single) and not several)


_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
# What a sentence that gives an answer of a kind has; only of these kinds can that be told.
_GIVEN = {
    "date": re.compile(
        rf"[0-9０-９〇零一二三四五六七八九十]+(?:年|月|日|世[纪紀]|年代|[时時]|[点點]|[号號])|[时時][代期]|[春夏秋冬]|季"
        rf"|\b[12][0-9]{{3}}\b|\bcentur(?:y|ies)\b|\b(?:{_MONTHS})\b",
        re.IGNORECASE,
    ),
    "number": re.compile(
        r"[0-9０-９〇零二三四五六七八九十百千万萬亿億两兩]"
        r"|一(?:[个個]|次|年|月|天|日|[号號]|[项項]|[条條]|[种種]|名|位|人|半|倍|成|座|所|章|[节節]|[届屆])"
        r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion|half|twice)\b",
        re.IGNORECASE,
    ),
    "place": re.compile(r"[省市县縣区區镇鎮乡鄉村国國州洲岛島河山湖海港]|位[于於]|\b(?:in|at|near|from|to) [A-Z]"),
    "reason": re.compile(
        r"因|由[于於]|所以|[为為]了|使得?|[导導]致|\b(?:because|due to|since|so that|in order|cause[ds]?|reason)\b",
        re.IGNORECASE,
    ),
}
_SURE = frozenset(("date", "number"))  # an answer cannot do without; places and reasons are given in too many ways


def agreement(question: str, sentence: str) -> float:
    """1 if a sentence has the kind of answer that is asked for, -1 if not, 0 if no known kind is asked for."""
    kinds = {one.kind for one in asking(question).asked} & _GIVEN.keys()
    return 0.0 if not kinds else 1.0 if any(_GIVEN[kind].search(sentence) for kind in kinds) else -1.0


def lacks(question: str, sentence: str) -> bool:
    """Whether a date or a number is asked for and a sentence has none."""
    kinds = {one.kind for one in asking(question).asked} & _SURE
    return bool(kinds) and not any(_GIVEN[kind].search(sentence) for kind in kinds)
