"""那2023年呢？ 大米呢？ 罚款呢？: something else of the same kind, or something else of the same topic."""

from __future__ import annotations

import re

from assistant.asking import slots, subject
from assistant.asking.dialogue import Dialogue, title_of
from assistant.asking.topic import owner_of, title_end
from assistant.asking.vocabulary import GROUPS, ROLES
from assistant.asking.wording import ASKING, NUMBER, Piece, Wording, content, is_aspect, without_time

_LONGEST = 14  # characters of what is named
_SAYS = re.compile(r"[,，。;；]|吗|不|没(?!收)|.[了着]$")  # is in what says something, and does not only name it
_WHAT_OF = re.compile(
    r"(?P<what>.+?)(?:的话)?(?:又|会|也|都)?(?:是)?(?:(?P<calls>呢)|怎么样|怎样|怎么说|如何|怎么办|一样吗|是这样吗|可以吗|行吗|能吗)"
)
_ONLY_NAMES = re.compile(rf"(?!.*(?:{ASKING}|吗|[了过着]$)).{{1,8}}")
_CONDITION = re.compile(
    r"(?:对于?|如果|要是|假如|在|当|关于).{1,12}|.{1,12}(?:的话|的时候|以后|之后|以前|之前|期间|情况下)"
)
_CUT = re.compile(ASKING)
_PLACE = re.compile(
    r"(?:在)?(?P<place>.{2,8}?)(?:又|也|还)?(?:有(?:多少|几个?|哪些|谁)|是(?:多少|几个?|谁|哪些|什么时候|哪一?[年天]))$"
)
_IF = re.compile(r"如果|要是|假如|换成")
_YEAR = re.compile(r"(?P<year>\d{4})(?:年度?)?(?:的|发的|出的|印发的|版的?)?")
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OF_NUMBER = re.compile(r"(?:文件?|通知)?(?:中|里|里面)?(?:所)?(?:规定|提到|要求|明确)?的?")
_ACTION = re.compile(r"(?!.*[他她它这那其该我你您吗,，。;；])(?:.*(?:不|没|未).+|.+[了着])")
_LED = re.compile(rf"(?:{ASKING}|在|对于?|关于|什么是|请)")
_HIS = re.compile(r"[他她它牠佢](?![人国乡])")
_PRONOUNS = re.compile(r"[他她它牠佢其这那我你您](?:们|哋|个|些)?")


def another(dialogue: Dialogue) -> list[Piece] | None:
    """那2023年呢？ 大米呢？ 罚款呢？: something else of the same kind, or something else of the same topic."""
    asked, earlier = dialogue.asked, dialogue.earlier
    if slots.ARTICLE.match(dialogue.core) and "条" in dialogue.core:
        return None  # of a document that is not known
    if NUMBER.search(earlier.form) and _YEAR.fullmatch(dialogue.core):
        return _of_another_year(dialogue)
    pieces = _time(dialogue) or _place(dialogue)
    if pieces is not None:
        return pieces
    what = what_of(dialogue)
    if what is None:
        return _if(dialogue) or _done(dialogue)
    begin, end, form = what
    written = asked.cut(begin, end)
    if form.endswith("的"):  # 签了三年合同的呢？
        short = form.removesuffix("的")
        pieces = slots.another_measure(earlier, short, written.removesuffix("的"))
        return pieces or (None if slots.time_kind(short) is not None else subject.before_all(earlier, written))
    if "的" in form:
        return _with_time(form, written, earlier) if slots.time_kind(form.partition("的")[0]) is not None else None
    for swap in _SWAPS:
        pieces = swap(earlier, form, written)
        if pieces is not None:
            return pieces
    if not is_aspect(form) and any(form in group for group in GROUPS):  # 女职工: of none that was spoken of
        written += "的" if asked.form[end : end + 1] == "的" else ""
        return subject.before_all(earlier, written) if len(written) > 1 else None
    return _of_topic(dialogue, begin, end, form)


def _of_another_year(dialogue: Dialogue) -> list[Piece] | None:
    """2019年的呢？ after 国发〔2021〕3号: no document of another year has that number, so it stays as it is.

    Taken over is what is asked besides, and the title of the cited document where that names its year.
    """
    asked, earlier = dialogue.asked, dialogue.earlier
    number = list(NUMBER.finditer(earlier.form))[-1]
    begin = number.end() + len(_OF_NUMBER.match(earlier.form[number.end() :])[0])  # type: ignore[index]
    said = _YEAR.fullmatch(dialogue.core)
    if said is None:
        return None
    year = asked.cut(dialogue.start + said.start("year"), dialogue.start + said.end("year"))
    known = title_of(dialogue.cited, dialogue.titles)
    dated = _DATED.search(known)
    if dated is not None and len(year) == len(dated[0]):
        title = f"《{known[: dated.start()]}"
        return [(title, True), (year, False), (f"{known[dated.end() :]}》{earlier.cut(number.end())}", True)]
    rest = earlier.like(earlier.cut(begin))
    if not [word for word in content(rest.words) if not slots.ARTICLE.fullmatch(word)]:
        return None
    return [(year + "年", False), (rest.text, True)]


def _place(dialogue: Dialogue) -> list[Piece] | None:
    """清河镇有多少？"""
    asked, start, earlier = dialogue.asked, dialogue.start, dialogue.earlier
    place = _PLACE.match(dialogue.core)
    if place is None or not slots.is_place(place["place"]):
        return None
    return slots.another_place(
        earlier, place["place"], asked.cut(start + place.start("place"), start + place.end("place"))
    )


def _if(dialogue: Dialogue) -> list[Piece] | None:
    """如果是公司不想续呢？"""
    asked, core = dialogue.asked, dialogue.core
    led = _IF.search(asked.form[: dialogue.start])
    if led is None or "呢" not in asked.form[asked.end :] or _CUT.search(core) or "吗" in core:
        return None
    return [(asked.cut(led.start(), asked.end) + "，", False), dialogue.whole]


def _done(dialogue: Dialogue) -> list[Piece] | None:
    """不签合同呢？ 送错了呢？: something else that is done, or is not."""
    asked, core = dialogue.asked, dialogue.core
    if not asked.form[asked.end :].startswith("呢") or not _ACTION.fullmatch(core) or _CUT.search(core):
        return None
    place = subject.action(dialogue.earlier)
    return slots.replaced(dialogue.earlier, *place, asked.cut(dialogue.start, asked.end)) if place else None


def what_of(dialogue: Dialogue) -> tuple[int, int, str] | None:
    """What is asked for where only that is named: 那大米呢？ 2023年是多少？ Its place, and its form."""
    asked, start = dialogue.asked, dialogue.start
    form = asked.form.rstrip("?？。!！ 　~～")
    core = form[start:]
    found = _WHAT_OF.fullmatch(core)
    if found is None and dialogue.leads_on and _ONLY_NAMES.fullmatch(core) and asked.form != form:
        end = asked.end  # 那大米？
    elif found is None or not (found["calls"] or dialogue.leads_on):
        return None
    else:
        end = start + found.end("what")
    while start < end and asked.form[start] in " ,，、在到":
        start += 1
    what = asked.form[start:end].rstrip(" ,，")
    what = what[:-1] if what.endswith("的") and len(what) <= 4 else what
    if (
        not 0 < len(what) <= _LONGEST
        or _PRONOUNS.fullmatch(what)
        or _HIS.match(what)
        or _CUT.search(what)
        or _SAYS.search(what)
    ):
        return None
    if "《" in what and not what.endswith("》"):
        return None  # 《档案法》第三条
    return start, start + len(what), what


def _time(dialogue: Dialogue) -> list[Piece] | None:
    """那2023年呢？ 2023年是多少？ 周六呢？"""
    asked, start, earlier = dialogue.asked, dialogue.start, dialogue.earlier
    form = dialogue.core
    found = next((match for kind in slots.TIMES if (match := re.match(rf"(?:在|到)?({kind.pattern})的?", form))), None)
    if found is None:
        return None
    rest = form[found.end() :]
    calls = asked.form[asked.end :].startswith("呢") or dialogue.leads_on or "呢" in asked.form[asked.end :]
    if not rest and not calls and "?" not in asked.form[asked.end :]:
        return None  # a time alone is looked for
    if rest and not (re.fullmatch(rf"(?:又|也|还|的)?(?:是|有|为|呢)?(?:{ASKING})?(?:呢|吗|一样)?", rest)):
        return None
    written = asked.cut(start + found.start(1), start + found.end(1))
    return slots.another_time(earlier, found[1], written)


def _with_time(form: str, written: str, earlier: Wording) -> list[Piece] | None:
    """那2023年的产量呢？: another time, and another thing of the same topic."""
    time, _, thing = form.partition("的")
    if not is_aspect(thing):
        return None
    begin, end = owner_of(earlier)
    begin += without_time(earlier.form[begin:end])
    if end <= begin or any(kind.fullmatch(earlier.form[begin:end]) for kind in slots.TIMES):
        return None
    return [
        (written[: len(time)], False),
        (earlier.cut(begin, end) + "的", True),
        (written[len(time) + 1 :] + "呢？", False),
    ]


def _of_topic(dialogue: Dialogue, begin: int, end: int, form: str) -> list[Piece] | None:
    """Something that was not spoken of in that way: of the same topic, or in its place."""
    asked, earlier = dialogue.asked, dialogue.earlier
    written, led = asked.cut(begin, end), asked.form[:begin].rstrip()
    if led.endswith(("如果", "要是", "假如", "如果是")):
        return [("如果是", False), (written + "，", False), dialogue.whole]
    start, stop = earlier.topic()
    if _CONDITION.fullmatch(form):
        return [(written + "，", False), dialogue.whole]
    if stop <= start or slots.is_place(form):
        return subject.before_all(earlier, written)
    topic = earlier.form[start:stop]
    owner = topic.partition("的")[0] if "的" in topic else ""
    known = slots.is_place(owner) or subject.is_organisation(owner)
    known = known or (bool(owner) and subject.person(earlier, start) == start + len(owner))
    of_same = owner and ROLES.search(form) and ROLES.search(topic)  # 公司的经理: 会计呢
    keeps_owner = bool(known or of_same or slots.time_kind(owner) is not None or "《" in owner)
    if is_aspect(form) or keeps_owner or slots.is_place(topic) or "《" in topic:
        return _aspect(earlier, written, len(owner) if keeps_owner else 0)
    return _in_its_place(dialogue, begin, end, form, written)


def _aspect(earlier: Wording, written: str, owner: int) -> list[Piece]:
    """Another aspect of the same: 清河镇的人口是多少？ 面积呢？ `owner` characters of the topic stay for sure."""
    start, stop = earlier.topic()
    end = owner_of(earlier)[1]
    goes_on = stop < earlier.end and earlier.is_who == bool(ROLES.search(written))  # 校长是谁: 学费呢
    if end < stop and goes_on and not slots.is_place(earlier.form[start:stop]):
        of = "的" if earlier.form[end] == "的" else ""
        return [(earlier.cut(0, end) + of, True), (written, False), (earlier.cut(stop), True)]
    if owner and goes_on and "《" not in earlier.form[start : start + owner]:  # 石桥村的大印 → 石桥村的钥匙
        return slots.replaced(earlier, start + owner + 1, stop, written)
    timed = re.search(r"\d{4}年", earlier.form[start:end])
    if timed and timed.start() and not owner and end == stop:  # 云海大学2022年招
        end = start + timed.end()
    kept = start + owner if owner else title_end(earlier, start, end)
    return [(earlier.cut(start, kept) + "的", True), (written + "呢？", False)]


def _in_its_place(dialogue: Dialogue, begin: int, end: int, form: str, written: str) -> list[Piece] | None:
    """Another topic in the place of the earlier one, or of the part of it that is another."""
    asked, earlier = dialogue.asked, dialogue.earlier
    start, stop = earlier.topic()
    first, of, rest = earlier.form[start:stop].partition("的")
    if of and not earlier.is_noun(form) and "的" not in rest:  # 储备粮的保管 → 储备粮的轮换
        return slots.replaced(earlier, start + len(first) + 1, stop, written)
    if of and len(first) > 1 and not _is_described(earlier, start, start + len(first)):
        return slots.replaced(earlier, start, start + len(first), written)
    at_place = asked.form[dialogue.start : begin].endswith("在")
    begin, stop = owner_of(earlier)
    words = [one for one in earlier.segments if one.is_word and begin <= one.start and one.end <= stop]
    if asked.form[end : end + 1] == "的" and len(words) > 1 and words[0].end == words[1].start:  # 水基的呢？
        return slots.replaced(earlier, words[0].start, words[0].end, written)
    pieces = subject.another_part(earlier, (begin, stop), written)
    if pieces is not None and not at_place:
        return pieces
    done = earlier.form.startswith("了", stop)  # 快递丢了怎么赔
    if at_place or done or len(words) > 2 or begin > without_time(earlier.form):
        pieces = subject.another_action(earlier, form, written, at_place=at_place)
        if pieces is not None or at_place or len(words) > 2:  # which of it is another cannot be told
            return pieces or (subject.before_all(earlier, written) if subject.ACTIVE.search(form) else None)
        if begin > without_time(earlier.form) and not _LED.match(earlier.form, without_time(earlier.form)):
            return None
    return slots.replaced(earlier, begin, stop, written)


def _is_described(earlier: Wording, start: int, end: int) -> bool:
    """Whether what stands before 的 says how something is (晒干的小麦), not whose it is."""
    last = [one for one in earlier.segments if one.is_word and start <= one.start and one.end == end]
    return not last or last[0].end - last[0].start == 1


_SWAPS = (
    slots.another_measure,
    slots.another_document,
    subject.another_person,
    slots.another_of_a_group,
    slots.another_place,
    subject.another_organisation,
    slots.another_like_it,
)
