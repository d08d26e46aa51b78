"""What rules words out though they are of the kind that is asked for: another year's, a part's, another event's.

All read a sentence's view. Where a rule speaks against words and nothing else stands, nothing is marked.
"""

from __future__ import annotations

import re

from assistant.answering.marking.view import Put, View
from assistant.text.dates import dates
from assistant.text.marks import Span

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d{2}(?!\d)")
_PIECE = re.compile("[,。;:、()|!?]")  # ends what is said right before a number
_CLAUSE = re.compile("[,。;!?]")
_PARTS = re.compile("其中")
_SCOPE_END = re.compile("[。;]")  # of 其中
_SAYS_LITTLE = frozenset("占有为是约近达共计各收入的了在于中位到取总则也被和个并")
_NARROW = re.compile(
    "[省市区县校境国][内外](?!的)|面向(?!全国|社会|全社会)|男[性生]?|女[性生]?|城镇|农村|上半年|下半年|[一二三四]季度|首批|当天|当日"
)
_NARROW_KIND = re.compile("本科|专科|高职|硕士|博士|研究生|新增|增加|平均|另有")
_ONLY_A_PART = 0.4  # taken from how well it fits

# Events with a date of their own; the words of one line say the same.
_EVENT_WORDS = """
施行 实施 生效 执行
通过
公布 发布 印发 颁布 公告 公示
成立 创立 创办 建立 设立 创建 组建 建校 创刊
恢复 复工 复课 重开 重新开放
开工 动工 奠基
完工 竣工 建成 落成
通车 开通 通航
启用 投产 投用 投入使用
开业 开张 开馆
开幕
闭幕 结束 落幕
召开 举行 举办
出生 生于 诞生
去世 逝世 病逝 死亡 身亡 遇难 死于
修复 修补 补丁
发现 披露 曝光
签订 签署 签约
获评 获得 荣获 评为
受损 损坏 地震 坍塌
停驶 停运 停止 关闭 停用 暂停 停工
废止 撤销
修订 修正 修改
报名
缴费
考试 笔试
面试
录取
开学
毕业
退休
起诉 提起诉讼
判决 宣判
逮捕 被捕 抓获
上市
收购 并购
播种
收割 收获
"""
_EVENTS = tuple(tuple(line.split()) for line in _EVENT_WORDS.split("\n") if line)
_EVENT = re.compile("|".join(sorted((word for event in _EVENTS for word in event), key=len, reverse=True)))
_OF_EVENT = {word: number for number, event in enumerate(_EVENTS) for word in event}


def ruled_out(put: Put, view: View, span: Span) -> bool:
    """Whether the sentence itself says that these words answer another question."""
    if put.asked.kind == "date":
        return view.is_cjk and put.is_cjk and of_another_event(put, view.text, span)
    if of_another_year(put, view.text, span):
        return True
    return put.asked.kind == "number" and view.is_cjk and put.is_cjk and of_a_part(put, view.text, span)


def of_another_year(put: Put, text: str, span: Span) -> bool:
    """Whether the question asks of one year, and the sentence says these words of another one."""
    asked = set(_YEAR.findall(put.text))
    if len(asked) != 1:
        return False
    given = list(_YEAR.finditer(text))
    if given and not any(match[0] in asked for match in given):
        return True
    before = [match[0] for match in given if match.end() <= span[0]]
    return put.asked.kind == "number" and bool(before) and before[-1] not in asked


def of_a_part(put: Put, text: str, span: Span) -> bool:
    """Whether a number counts only a part that the question does not name: 其中省内1200人, 面向省内1200人."""
    said = _before(text, span)
    if any(match[0] not in put.text for match in _NARROW.finditer(said)):
        return True
    return _is_of_parts(text, span) and bool(_left(put, said))


def names_its_part(put: Put, text: str, span: Span) -> bool:
    """Whether the question names the part that a number counts, and the whole before it not: 其中台湾6家."""
    if not _is_of_parts(text, span):
        return False
    said, whole = _before(text, span), text[: _parts_before(text, span)]
    names = [term.folded for term in put.terms if term.is_cjk and len(term.folded) > 1 and term.folded in said]
    return not _left(put, said) and any(name not in whole for name in names)


def fits_less(put: Put, text: str, span: Span) -> float:
    """What is taken from how well a number fits: it counts one kind, and the question does not say which."""
    said = _before(text, span)
    return _ONLY_A_PART if any(match[0] not in put.text for match in _NARROW_KIND.finditer(said)) else 0.0


def _before(text: str, span: Span) -> str:
    """What stands right before a number, in its piece of the clause and after 其中."""
    start = max((match.end() for match in _PIECE.finditer(text, 0, span[0])), default=0)
    return text[max(start, _parts_before(text, span) + 2) if _is_of_parts(text, span) else start : span[0]]


def _parts_before(text: str, span: Span) -> int:
    return max((match.start() for match in _PARTS.finditer(text, 0, span[0])), default=-1)


def _is_of_parts(text: str, span: Span) -> bool:
    place = _parts_before(text, span)
    return place >= 0 and not _SCOPE_END.search(text, place, span[0])


def _left(put: Put, said: str) -> str:
    """What is said of a number besides the question's own words."""
    return "".join(sign for sign in said if sign not in put.text and sign not in _SAYS_LITTLE and sign.isalpha())


def of_another_event(put: Put, text: str, span: Span) -> bool:
    """Whether a date is that of another event than the one that is asked for: 通过 where 施行 is."""
    asked = _events(put.after) or _events(put.before)[-1:]
    if not asked:
        return False
    start = max((match.end() for match in _CLAUSE.finditer(text, 0, span[0])), default=0)
    found = _CLAUSE.search(text, span[1])
    end = found.start() if found else len(text)
    others = [date for date in dates(text, start, end) if date[1] <= span[0] or date[0] >= span[1]]
    left = max((date[1] for date in others if date[1] <= span[0]), default=start)
    right = min((date[0] for date in others if date[0] >= span[1]), default=end)
    own = _events(text[span[1] : right]) or _events(text[left : span[0]])
    if own:
        return not set(own) & set(asked)
    # A date that stands alone (2024年5月1日，…) belongs to what follows, unless that has a date of its own.
    following = _CLAUSE.search(text, end + 1) if found else None
    after = text[end + 1 : following.start() if following else len(text)]
    named = _events(after)
    return bool(named) and not any(dates(after)) and not set(named) & set(asked)


def _events(text: str) -> list[int]:
    return [_OF_EVENT[match[0]] for match in _EVENT.finditer(text)]
