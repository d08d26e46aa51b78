"""多少钱？ 什么时候开始？ 由谁负责？: a question without anything that it could be about."""

from __future__ import annotations

import re

from assistant.asking import slots
from assistant.asking.dialogue import Dialogue
from assistant.asking.topic import owner_of
from assistant.asking.wording import ASKING, Piece, Wording, content, is_aspect

_LONGEST = 16  # characters
_ASKS = re.compile(rf"{ASKING}|(?:能|可以|是|有|要|会|该|算|行|用)不(?:能|可以|是|有|要|会|该|算|行|用)|有没有")
_OF_ASKING = ("时候", "时间", "地方")  # words of what is asked with, as 什么时候
# When, where or how: stands before the verb of a question.
_CIRCUMSTANCE = re.compile(
    r"(?:是|在|于|从|到)?(?:什么时候|什么时间|什么地方|何时|何地|何处|哪里|哪儿|哪一?[年天]|多久|怎么|怎样|如何|咋)(?:样|办)?"
)
_NAMING = re.compile(
    r"[他她它牠佢这那此其该本《a-z0-9你您我]|^几点了?$|^现在"
)  # what names something, or stands for it
_ONE_OF = re.compile(r"(?:哪(?:些|个|几个|一个|种|类|位|家)|什么)$")
_ACTORS = frozenset(("法院", "公司", "单位", "部门", "机关", "机构", "人员", "主管", "法官", "警察"))


def fragment(dialogue: Dialogue) -> list[Piece] | None:
    """多少钱？ 什么时候开始？ 由谁负责？: a question without anything it could be about."""
    asked, start, earlier = dialogue.asked, dialogue.start, dialogue.earlier
    core = dialogue.core
    if len(core) > _LONGEST or not _asks(asked, core) or _NAMING.search(core) or slots.ARTICLE.search(core):
        return None
    if any(kind.search(core) for kind in slots.TIMES):
        return None
    words = dialogue.words(start, asked.end)
    led = dialogue.leads_on
    if _names_something(dialogue) or not all(is_aspect(word) if led else not content([word]) for word in words):
        return None
    piece = (asked.cut(start, asked.end) + (asked.cut(asked.end).strip() or "？"), False)
    if all(word in _OF_ASKING for word in words):
        return _asked_otherwise(earlier, core, piece)
    begin, stop = owner_of(earlier) if _begins_with_word(dialogue) else earlier.topic(whole=True)
    one_of = _ONE_OF.search(earlier.form[:begin]) is not None  # 哪些单位要参加考核？
    if stop <= begin or one_of or (words[0] in _ACTORS and core.startswith(words[0])):  # 原告要求赔偿，法院支持了吗？
        return [(earlier.body() + "，", True), piece]
    parted = "，" if re.search(r"[,，]", earlier.form[begin:stop]) else ""
    return [(earlier.cut(begin, stop) + parted, True), piece]


def _asked_otherwise(earlier: Wording, core: str, piece: Piece) -> list[Piece] | None:
    """什么时候？ in the place of what the earlier question asks with, 在哪里召开, or after all that it says."""
    circumstances = list(_CIRCUMSTANCE.finditer(earlier.form, 0, earlier.end))
    if _CIRCUMSTANCE.fullmatch(core) and len(circumstances) == 1 and len(list(_ASKS.finditer(earlier.form))) == 1:
        found = circumstances[0]
        if found.start() and found.end() < earlier.end:
            said = earlier.cut(found.end(), earlier.end) + "？"
            return [(earlier.cut(0, found.start()), True), (piece[0].rstrip("?？"), False), (said, True)]
    body, topic = earlier.body(), earlier.cut(*earlier.topic(whole=True))
    said = topic if _CIRCUMSTANCE.fullmatch(core) and topic else body
    return [(said, True), piece] if said else None


def _asks(asked: Wording, core: str) -> bool:
    return _ASKS.search(core) is not None or "吗" in asked.form[asked.end :]


def _begins_with_word(dialogue: Dialogue) -> bool:
    """Whether a question begins with what it wants to know, as 地址是什么, and not with how it asks."""
    asked, start = dialogue.asked, dialogue.start
    first = next((one for one in asked.segments if one.end > start), None)
    return first is not None and first.is_word and len(asked.form[max(start, first.start) : first.end]) > 1


def _names_something(dialogue: Dialogue) -> bool:
    """Whether a question begins with so many words that these are its topic, however plain each is: 保管人验收内容."""
    asked, start = dialogue.asked, dialogue.start
    place, run = start, 0
    for one in asked.segments:
        if one.end <= start or (not one.is_word and one.start <= start):
            place = one.end
            continue
        if one.start > place or not one.is_word:
            break
        place, run = one.end, run + 1
    return run > 2
