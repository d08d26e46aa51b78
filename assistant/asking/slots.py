"""What may change from one question to the next: a year, an article, a place, a name of the same kind.

Every function works on folded words and gives the earlier question with the new words in the place of the old ones, as
pieces, or None where the earlier question has nothing of that kind.
"""

from __future__ import annotations

import re

from assistant.asking.vocabulary import DOCUMENT_KINDS, GROUPS, PLACE_ENDS, PLACES
from assistant.asking.wording import NUMBER, Piece, Wording
from assistant.text.chinese_numbers import loosely

_DIGITS = r"[〇零○一二三四五六七八九]"
_COUNT = r"(?:\d{1,4}|[零〇一二三四五六七八九十百千两]{1,8})"
TIMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:\d{{4}}|{_DIGITS}{{4}})年\d{{1,2}}月(?:\d{{1,2}}日)?",
        rf"(?:(?:\d{{4}}|{_DIGITS}{{4}})(?:年度|年)|今年|去年|前年|明年|后年|本年度|上年|(?<!\d)(?:19|20)\d\d(?!\d))",
        r"(?:[上下]半年|第?[一二三四1-4]季度)",
        rf"(?:{_COUNT}月{_COUNT}日)",
        r"(?:(?:1[0-2]|[1-9])月份?|(?:十[一二]|[一二三四五六七八九十])月份?)",
        r"(?:(?:周|星期|礼拜)[一二三四五六日天]|(?:法定)?节假日|工作日|周末|平日|平时)",
        r"(?:上午|下午|晚上|夜间|中午|早上|凌晨|白天)",
        rf"(?:{_COUNT}世纪(?:\d0|[一-九]十)?年代?|\d0年代)",
    )
)
_UNITS = (
    r"个工作日|个月|周岁|年|天|日|岁|小时|分钟|公里|千米|平方米|厘米|米|万元|亿元|元|块|亩|公顷|吨|公斤|千克|斤|克"
    r"|人|次|级|倍|度|层|楼|期|届|号"
    r"|类|档|等奖|等|个|%"
)
_MEASURE = re.compile(rf"(?P<number>\d+(?:\.\d+)?|[零一二三四五六七八九十百千万两半]+)(?P<unit>{_UNITS})")
_LEVELS = ("编", "分编", "篇", "章", "节", "条", "款", "项", "目")
_WITHIN = ("节", "款", "项", "目")  # counted within the chapter or article above; articles are counted throughout
_OTHER_LEVELS = r"部分|点|步|阶段|期|届|次|名|集|季|回|课|页|组|批|卷|版|轮|代|任|站"
ARTICLE = re.compile(rf"第{_COUNT}(?P<level>分编|[编篇章节条款项目]|{_OTHER_LEVELS})(?:之{_COUNT})?")
ARTICLES = re.compile(rf"(?:{ARTICLE.pattern.replace('?P<level>', '?:')})+")
NEXT = re.compile(r"(?P<way>下|上|前|后)(?:面)?一?(?P<level>[编篇章节条款项])")
_WESTERN = re.compile(r"[a-z0-9][a-z0-9_.+-]*")
_NUMBERED = re.compile(r"([a-z][a-z.-]*(?: [a-z.-]+)*)\s*\d[\d.]*")  # iPhone 16


def replaced(earlier: Wording, start: int, end: int, new: str) -> list[Piece]:
    """The earlier question with one place changed."""
    return [(earlier.cut(0, start), True), (new, False), (earlier.cut(end), True)]


def time_kind(form: str) -> int | None:
    """Which kind of time some words are."""
    return next((number for number, kind in enumerate(TIMES) if kind.fullmatch(form)), None)


def another_time(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """The same question for another time: in the place of the earlier one, or before all."""
    kind = time_kind(form)
    if kind is None:
        return None
    if kind <= 1 and NUMBER.search(earlier.form):
        return None  # 国发〔2021〕3号 is one document: of another year, there is none of that number
    span = re.search(rf"{TIMES[1].pattern}(?:到|至|[-–—~])+{TIMES[1].pattern}", earlier.form)
    if kind == 1 and span:
        return replaced(earlier, span.start(), span.end(), written)
    for one in (TIMES[kind], *(TIMES[:1] if kind == 1 else ())):
        found = one.search(earlier.form)
        if found:
            end = found.end()
            if form.isdecimal() and found[0].endswith("年"):
                end -= 1
            return replaced(earlier, found.start(), end, written)
    return [(written + ("年" if form.isdecimal() and not earlier.form.isascii() else ""), False), (earlier.text, True)]


def another_measure(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """三年 in the place of 两年, 10公里 in that of 5公里."""
    wanted = _MEASURE.fullmatch(form)
    if wanted is None:
        return None
    for found in _MEASURE.finditer(earlier.form):
        if found["unit"] == wanted["unit"] and earlier.form[found.start() - 1 : found.start()] != "第":
            return replaced(earlier, found.start(), found.end(), written)
    return None


def another_article(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """Another article, chapter or paragraph of it in the place of the one that the earlier question names.

    A paragraph of an article (第二款) goes after it. What follows the place it takes and belongs to it goes.
    """
    first = ARTICLE.match(form)
    found = list(ARTICLES.finditer(earlier.form))
    if first is None or not found:
        return None
    place = found[-1]
    parts = list(ARTICLE.finditer(earlier.form, place.start(), place.end()))
    level = first["level"]
    for part in parts:
        if part["level"] == level:
            return replaced(earlier, part.start(), place.end(), written)
    if level not in _LEVELS or any(part["level"] not in _LEVELS for part in parts):
        return None
    higher = [part for part in parts if _LEVELS.index(part["level"]) < _LEVELS.index(level)]
    start = higher[-1].end() if higher and level in _WITHIN else place.start()
    return replaced(earlier, start, place.end(), written)


def next_article(earlier: Wording, form: str) -> list[Piece] | None:
    """下一条 and 上一条 of the one that the earlier question names."""
    wanted = NEXT.fullmatch(form)
    if wanted is None:
        return None
    for found in reversed(list(ARTICLE.finditer(earlier.form))):
        if found["level"] == wanted["level"]:
            number = _number(found[0][1 : -len(found["level"])] if "之" not in found[0] else "")
            if number is None:
                return None
            other = number + (1 if wanted["way"] in "下后" else -1)
            return replaced(earlier, found.start(), found.end(), f"第{other}{found['level']}") if other > 0 else None
    return None


def _number(written: str) -> int | None:
    return (int(written) if written.isdecimal() else loosely(written)) or None


def is_place(form: str) -> bool:
    return form in PLACES or (2 < len(form) <= 9 and form[-1] in PLACE_ENDS and "的" not in form)


def another_place(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """Another place in the place of the first one of the earlier question, or else before all of it."""
    if not is_place(form):
        return None
    place = first_place(earlier)
    if place is not None:
        return replaced(earlier, *place, written)
    return None


def first_place(earlier: Wording) -> tuple[int, int] | None:
    """Where the first name of a place stands: 清河镇, 广东省深圳市, 北京."""
    start: int | None = None
    for one in earlier.segments:
        text = earlier.form[one.start : one.end]
        if not one.is_word or text.startswith("《") or any(kind.fullmatch(text) for kind in TIMES):
            start = None
            continue
        start = one.start if start is None else start
        following = earlier.form[one.end : one.end + 2]
        if text in PLACES and not following.startswith(tuple(PLACE_ENDS)):
            return one.start, one.end
        if text[-1] in PLACE_ENDS and one.end - start > 2 and not following.startswith("长"):
            return start, one.end
    return None


def another_of_a_group(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """One of a known group of words in the place of another: 大米 for 小麦, 单位 for 个人."""
    for group in GROUPS:
        if form in group:
            for word in sorted(group, key=len, reverse=True):
                at = earlier.form.find(word)
                if at >= 0 and word != form and len(word) > 1:
                    return replaced(earlier, at, at + len(word), written)
    return None


def another_document(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """《…》 in the place of 《…》; a name without marks in the place of one of the same kind."""
    titles = list(re.finditer(r"《([^《》]+)》", earlier.form))
    if form.startswith("《") and form.endswith("》") and form.count("《") == 1:
        if titles:
            return replaced(earlier, titles[-1].start(), titles[-1].end(), written)
        return None
    kind = next((kind for kind in DOCUMENT_KINDS if form.endswith(kind) and len(form) > len(kind)), None)
    for title in titles if kind else ():
        if title[1].endswith(str(kind)):
            return replaced(earlier, title.start(1), title.end(1), written)
    return None


def another_like_it(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """A word with the same end in the place of one of nearly its length: 机密级 for 绝密级, 酸奶 for 牛奶."""
    if _WESTERN.fullmatch(form) or _NUMBERED.fullmatch(form):
        return _another_western(earlier, form, written)
    if not 2 <= len(form) <= 8:
        return None
    topic_end = earlier.topic()[1]
    words = [one for one in earlier.segments if one.is_word and not earlier.form[one.start : one.end].startswith("《")]
    for shared in range(min(3, len(form) - 1), 0, -1):
        for number, one in enumerate(words):
            text = earlier.form[one.start : one.end]
            if not text.endswith(form[-shared:]) or text == form or (one.end > topic_end and shared < 2):
                continue
            # What stands right before it belongs to it: 干粉灭火器 as 水基灭火器, as long as the new word has as much.
            start, needed = one.start, len(form) if form.endswith(text) else 2
            while number and one.end - start < needed and words[number - 1].end == start:
                number -= 1
                start = words[number].start
            if one.end - start > 1 and abs(one.end - start - len(form)) <= 2 and earlier.form[start : one.end] != form:
                return replaced(earlier, start, one.end, written)
    return None


def _another_western(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """CVE-2024-2 for CVE-2023-1, iOS 18 for iOS 17: words of letters or digits that are built alike."""
    numbered = _NUMBERED.fullmatch(form)
    same_name = numbered and re.search(rf"(?<![a-z]){re.escape(numbered[1])}\s*\d[\d.]*", earlier.form)
    if same_name and same_name[0] != form:
        return replaced(earlier, same_name.start(), same_name.end(), written)
    for found in _WESTERN.finditer(earlier.form):
        same = _built(found[0]) == _built(form) and any(sign.isdecimal() for sign in form)
        if found[0] != form and (same or (found[0].isalpha() and form.isalpha())):
            return replaced(earlier, found.start(), found.end(), written)
    return None


def _built(word: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"[a-z]+", lambda letters: letters[0], word))
