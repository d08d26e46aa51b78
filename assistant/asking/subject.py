"""Whom or what a question begins with: 王强, 云海大学, 未佩戴安全头盔; and another of that kind in its place."""

from __future__ import annotations

import re

from assistant.asking.slots import TIMES, is_place, replaced
from assistant.asking.wording import ASKING, Piece, Segment, Wording, is_aspect, without_time

_PARTIES = re.compile(
    r"(?:上诉人|被上诉人|申请人|被申请人|被告人|原审被告|原告|被告|罪犯|犯罪嫌疑人|嫌疑人|被害人|受害人|证人|第三人"
    r"|同学|老师|教授|学生|员工|职工|村民|市民|居民|公民)(?:人)?"
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常于傅齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄臧伏成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季"
    "贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯卢莫房解应宗丁宣邓洪包诸左石崔龚程邢裴陆荣翁荀甄曲封靳段焦谷侯"
    "宁仇甘厉祖武符刘景詹龙叶司黎薄白蒲卓蔺屠乔阎连习艾容向古易廖耿匡文寇广东欧沃利蔚越隆师巩聂晁冷辛阚简饶曾关查佟"
    "涂肖覃"
)
_TWO_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "慕容", "令狐", "东方", "公孙", "尉迟")
_NICKNAME = re.compile(r"[小老阿][明红刚强丽芳军伟燕静王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢唐冯]")
_ANONYMOUS = re.compile(r"[某×xX*]{1,2}[甲乙丙丁一二三四]?")
# What may follow a name and is never the last sign of one.
_NO_NAME = frozenset(
    "偷抢骗打杀欠被因把向和与说在是有的何为几什怎多能会要犯判赔买卖给对由从到跟喝吃开撞借还骂伤死写做住"
)
ORGANISATION = re.compile(
    r"(?:大学|学院|学校|中学|小学|幼儿园|公司|集团|企业|医院|卫生院|诊所|银行|研究院|研究所|设计院|事务所|法院|检察院"
    r"|委员会|居委会|村委会|协会|学会|基金会|联合会|出版社|合作社|派出所|图书馆|博物馆|体育馆|美术馆|文化馆|电视台"
    r"|报社|杂志社|酒店|宾馆|饭店|商场|超市|工厂|街道办|管委会|[厅局部委署厂站所院馆中心社处])$"
)
_ONE_SIGN = 4  # characters of a name that ends with one sign only (县教育局, 东山林场); shorter ones are plain words
_IN_NAMES = re.compile(r"第[一二三四五六七八九十\d]+$|附属|直属|人民")  # 云海市第一人民医院
_GENERAL = re.compile(
    r"(?:分|子|母|总|本|该|贵|我|各|某|县|市|省|区|镇|村|乡)?(?:公司|学校|大学|医院|银行|单位|企业|法院|集团|工厂)"
)
ACTIVE = re.compile(
    r"(?:[员工生者人师民户童客手长]|公司|学校|单位|企业|医院|机关|机构|部门|商家|老板|雇主|房东|孩子|夫妻)$"
)
_BEFORE_ACTION = re.compile(r"(?:在|未|没有|没|不|乱|擅自|私自|随意|对|把|将)*")
_NEGATED = re.compile(r"(?:不|没有|没|未)(?!能|得|准|可|了)")
_DONE = re.compile(r".?了(?=怎|如何|由|谁|找|会|要|能|可|判|罚|赔|该|应)")  # 快递丢了怎么赔
_HOW_FIRST = re.compile(r"(?:如何|怎么|怎样|咋|什么时候|何时|哪里|哪儿|在哪|多久|多少|几|能|可以|要|需要)")
_ASKS = re.compile(rf"{ASKING}|吗|[能可是有要会该应算](?:不|没)")


def person(wording: Wording, start: int) -> int:
    """Where a person's name that begins at a place ends, with 被告人 before it; `start` where none does."""
    party = _PARTIES.match(wording.form, start)
    place = party.end() if party else start
    rest = [one for one in wording.segments if one.end > place]
    if not rest:
        return start
    first = rest[0]
    if first.start < place or not first.is_word:
        return start
    text = wording.form[first.start : first.end]
    if _NICKNAME.fullmatch(text):
        return first.end
    surname = 2 if text.startswith(_TWO_SURNAMES) else int(text[0] in _SURNAMES)
    if not surname:
        return start
    hidden = _ANONYMOUS.match(wording.form, place + surname)
    if hidden and not wording.form.startswith("某些", place + surname):
        return hidden.end()
    if len(text) > surname:
        return first.end if len(text) <= surname + 2 and wording.is_name(text) else start
    return _given(wording, rest[1:], first.end) or start


def _given(wording: Wording, rest: list[Segment], end: int) -> int:
    """Where the given name after a surname ends: 强 of 王强, 建国 of 王建国; 0 where there is none."""
    begin = end
    for one in rest:
        text = wording.form[one.start : one.end]
        if one.start > end or not one.is_word or not ("\u3400" <= text[0] <= "\u9fff") or text in _NO_NAME:
            break
        if len(text) == 2 and end == begin and wording.is_noun(text) and not ORGANISATION.search(text):
            return one.end
        if len(text) > 1 or end - begin == 2:
            break
        end = one.end
    return end if end > begin else 0


def organisation(wording: Wording) -> tuple[int, int] | None:
    """Where the name of an organisation or a place stands that a question begins with: 云海大学, 县教育局."""
    begin = without_time(wording.form)
    end, found = begin, 0
    for one in wording.segments:
        if one.end <= begin:
            continue
        text = wording.form[one.start : one.end]
        timed = any(kind.fullmatch(text) for kind in TIMES)
        if one.start > end or not one.is_word or text.startswith("《") or timed or is_aspect(text):
            break
        if found and not (ORGANISATION.search(text) or wording.is_noun(text) or _IN_NAMES.match(text)):
            break
        end = one.end
        if is_organisation(wording.form[begin:end]) or is_place(wording.form[begin:end]):
            found = end
        elif found and end - found > 4:
            break
    return (begin, found) if found else None


def is_organisation(form: str) -> bool:
    """Whether some words name one organisation, and not any: 东山理工学院, but not 公司."""
    found = ORGANISATION.search(form)
    if found is None or "的" in form or _GENERAL.fullmatch(form) or is_aspect(form):
        return False
    return len(form) >= (_ONE_SIGN if len(found[0]) == 1 else len(found[0]) + 2)


def action(earlier: Wording) -> tuple[int, int] | None:
    """Where what is done, or is the case, stands before what is asked of it: 未佩戴安全头盔 of 未佩戴安全头盔罚多少."""
    begin = without_time(earlier.form)
    start, end = earlier.topic(whole=True)
    led = _BEFORE_ACTION.match(earlier.form, begin)
    if end <= start or led is None or led.end() < start:
        return None
    while _NEGATED.match(earlier.form, end):  # 到期不续签
        following = [one for one in earlier.segments if one.start >= end][1:]
        first = next((one for one in following if one.is_word), None)
        if first is None or first.end >= earlier.end:
            break
        end = first.end
    done = _DONE.match(earlier.form, end)
    end = done.end() if done else end
    return (begin, end) if _ASKS.search(earlier.form, end) else None


def another_person(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """赵敏 in the place of the person whom the earlier question begins with."""
    begin = without_time(earlier.form)
    end = person(earlier, begin) if earlier.form[begin : begin + 1] not in tuple("他她") else begin + 1
    is_party = _PARTIES.fullmatch(form) is not None  # 原告李某: 被告呢
    if person(earlier.like(form), 0) != len(form) and not (is_party and _PARTIES.match(earlier.form, begin)):
        return None
    if end == begin:  # 谁是王强的律师
        known = ((one.start, person(earlier, one.start)) for one in earlier.segments if one.is_word)
        begin, end = next((place for place in known if place[0] < place[1]), (begin, begin))
    if end == begin:
        return None
    party = _PARTIES.match(earlier.form, begin)
    if party and party.end() < end and not _PARTIES.match(form):
        begin = party.end()
    return replaced(earlier, begin, end, written)


def another_organisation(earlier: Wording, form: str, written: str) -> list[Piece] | None:
    """东山理工学院 in the place of 云海大学."""
    if not (is_organisation(form) or is_place(form)):
        return None
    known = organisation(earlier)
    return replaced(earlier, *known, written) if known else None


def another_action(earlier: Wording, form: str, written: str, *, at_place: bool) -> list[Piece] | None:
    """闯红灯 in the place of 未佩戴安全头盔, 加班费 in that of 工资 in 公司拖欠工资; `at_place` where 在 leads it."""
    place = action(earlier)
    if place is None:
        return None
    begin, end = place
    words = [one for one in earlier.segments if one.is_word and begin <= one.start and one.end <= end]
    verbs = [number for number, one in enumerate(words) if _is_verb(earlier, one)]
    nominal = _is_nominal(earlier.like(form))
    if at_place and nominal:
        inside = re.search(r"在", earlier.form[begin:end])
        word = next((one for one in words if inside and one.start >= begin + inside.end()), None)
        return replaced(earlier, word.start, word.end, written) if word else None
    if nominal and verbs and 0 < verbs[-1] < len(words) - 1 and ACTIVE.search(form):  # 公司拖欠工资: 学校呢
        return replaced(earlier, begin, words[verbs[0]].start, written) if verbs[0] else None
    if nominal and verbs and verbs[-1] < len(words) - 1:
        return replaced(earlier, words[verbs[-1] + 1].start, end, written)
    subject = words[0] if words and verbs and verbs[0] else None
    if nominal and subject and subject.start == begin and words[verbs[0]].start == subject.end:  # 快递丢了: 外卖呢
        return replaced(earlier, subject.start, subject.end, written)
    return replaced(earlier, begin, end, ("在" if at_place else "") + written)


def _is_verb(earlier: Wording, one: Segment) -> bool:
    text = earlier.form[one.start : one.end]
    return earlier.is_verb(text)


def _is_nominal(wording: Wording) -> bool:
    """Whether some words only name something: none of them is a verb."""
    words = [one for one in wording.segments if one.is_word]
    led = _BEFORE_ACTION.match(wording.form)
    return bool(words) and not any(_is_verb(wording, one) for one in words) and not (led and led[0])


def another_part(earlier: Wording, place: tuple[int, int], written: str) -> list[Piece] | None:
    """食堂 in the place of 图书馆 in 云海大学图书馆; another name before the year in 腾讯2023年营收."""
    begin, end = place
    timed = next((found for kind in TIMES if (found := kind.search(earlier.form, begin, end))), None)
    if timed is not None:
        return replaced(earlier, begin, timed.start(), written) if timed.start() > begin else None
    words = [one for one in earlier.segments if one.is_word and begin <= one.start and one.end <= end]
    for one in words[:-1]:
        whole = earlier.form[begin : one.end]
        if is_organisation(whole) or is_place(whole):
            rest = [earlier.form[word.start : word.end] for word in words if word.start >= one.end]
            nominal = len(rest) < 3 and not any(earlier.is_verb(word) for word in rest) and "的" not in "".join(rest)
            return replaced(earlier, one.end, end, written) if nominal else None
    return None


def before_all(earlier: Wording, written: str) -> list[Piece] | None:
    """北京 or 女职工 before a question that speaks of no place and no one: 女职工退休年龄是多少岁."""
    begin = without_time(earlier.form)
    start, stop = earlier.topic()
    first = start == begin and stop > start
    if not first and not _HOW_FIRST.match(earlier.form, begin):
        return None
    return [(earlier.cut(0, begin), True), (written, False), (earlier.cut(begin), True)]
