"""A question that follows another is made to stand alone, by rules: 那第三条呢？ becomes 《…办法》第三条怎么规定？

What it leaves out is taken from the earlier question, which stands alone already. A question that stands alone by itself
is never changed: every rule asks for an open sign that something was left out, and a new topic is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.asking import english, listing, slots
from assistant.asking.reference import Reference, referring
from assistant.asking.vocabulary import ANY_DOCUMENT, DOCUMENT_KINDS, GENERIC, MEASURES, ROLES
from assistant.asking.wording import (
    ASKING,
    LONGEST,
    Piece,
    Wording,
    content,
    earlier_wording,
    is_aspect,
    without_time,
)
from assistant.text.normal import literal
from assistant.text.tokens import Tokens
from assistant.types import Turn

_LONGEST_FOLLOWING = 60  # characters: a longer question says what it is about
_LEAD = re.compile(
    r"^(?:(?:好的?|嗯+|哦|噢|谢谢你?|明白了?|知道了|懂了|请问|请教一下|问一下|那么请问|那请问|那么|那就|那|还有就是|还有|另外|此外|再问一下|再|又|而|但是?|"
    r"可是|不过|所以|如果是|如果|要是|换成|假如是|假如)[,，、:：\s。!！]*)+"
)
_LEADS_ON = re.compile(r"那|还有|另外|此外|如果|要是|换成|假如")
_MORE = re.compile(
    r"(?:还有)?(?:还有(?:呢|吗|什么|哪些|别的|其他的?|没有)?(?:吗|呢)?|有没有(?:别的|其他的?)|(?:有)?(?:其他的?|别的|其余的?|剩下的)(?:呢|吗|还有吗)?"
    r"|然后呢?|接着呢?|接下来呢?|后来呢?|之后呢|除此之外呢?|继续|继续说|接着说|再说说|再?详细(?:点|一点|说说|些|一些)?|(?:能)?说?(?:得|的)?具体(?:点|一点|说说|些|一些|呢)?"
    r"|(?:能)?举个?例子?(?:说明)?|例如呢?|比如呢?|比如说呢?|还有没有别的|还有什么别的|还有其他的?吗|展开说说|多说(?:一)?点|说说看)"
)
_WHY = re.compile(
    r"(?:这|那|它)?(?:又)?(?:是)?(?:为什么|为何|为啥|因为什么|凭什么|怎么回事|怎么会这样|为什么会这样|为什么这样|什么原因|什么道理|何故)"
    r"|(?:它的|其|有什么|有何)?(?:原因|理由|依据|根据|法律依据|道理|出处)(?:是什么|何在|在哪里?|有哪些|是啥)?"
)
_WHAT_OF = re.compile(r"(?P<what>.+?)(?:的话)?(?:又|会|也|都)?(?:是)?(?:(?P<calls>呢)|怎么样|怎样|怎么说|如何|怎么办|一样吗|是这样吗)")
_PRONOUNS = re.compile(r"[他她它牠佢其这那我你您](?:们|哋|个|些)?")
_ACTORS = frozenset("法院 公司 单位 部门 机关 机构 人员 主管 法官 警察".split())
_CONDITION = re.compile(r"(?:对于?|如果|要是|假如|在|当|关于).{1,12}|.{1,12}(?:的话|的时候|以后|之后|以前|之前|期间|情况下)")
_CUT = re.compile(ASKING)
_JUDGED = re.compile(r"(?:是|算|属于)?(?:不)?(?:合法|违法|犯法|犯罪|违规|可以|行|允许|有效|对的?吗|要紧|侵权|违约)")
_NO_PERSONS = frozenset("路线站法书机车船楼山河湖岛镇村省市县国区街桥塔寺庙店厂率量费期例》")  # how no person's name ends
_IF = re.compile(r"如果|要是|假如|换成")
_SAID = {"条": "怎么规定？", "款": "怎么规定？", "项": "怎么规定？"}


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question as it stands alone, and what of it was added."""

    question: str
    added: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # by id, whose titles were added without being in the earlier question


@dataclass(frozen=True, slots=True)
class _Context:
    """What a follow-up can refer to."""

    question: Wording
    documents: Sequence[tuple[str, str]]  # ids, and titles in 《》, of what was cited; empty where there is no title

    def document(self, kind: str = "") -> tuple[str, str | None] | None:
        """《…》 of what was spoken of, if it is of a kind, and its id where it was only cited."""
        title = self.question.title()
        if title:
            return (title, None) if kind in literal(title) else None
        return next(((title, name) for name, title in self.documents if kind in literal(title)), None)


def stand_alone(question: str, earlier: Turn | None, tokens: Tokens, titles: Callable[[str], str]) -> Standalone:
    """Make a question that follows `earlier` stand alone; one that does so by itself comes back as it is.

    `titles` gives the title of a document by its id.
    """
    unchanged = Standalone(question)
    if earlier is None or not any(sign.isalnum() for sign in earlier.question) or not question.strip():
        return unchanged
    if len(question) > _LONGEST_FOLLOWING * (2 if question.isascii() else 1) or "\n" in question.strip():
        return unchanged
    if english.is_english(question):
        pieces = english.standing_alone(question, earlier.question, [titles(name) for name in earlier.documents[:1]])
        return unchanged if pieces is None else _made(pieces, ())
    context = _Context(
        earlier_wording(earlier.question, tokens), [(name, _titled(titles(name))) for name in earlier.documents]
    )
    if len(context.question.text) > LONGEST:
        return unchanged
    asked = Wording(question, tokens)
    start = _after_lead(asked)
    core = asked.form[start : asked.end]
    if not core and not _MORE.fullmatch(asked.form[: asked.end]):
        return unchanged
    named: list[str] = []
    rules = (_listed, _more, _article, _referring) if context.question.text.isascii() else _RULES
    for rule in rules:
        pieces = rule(asked, start, context, named)
        if pieces is not None:
            return _made(pieces, named) if _says_something(context.question) else unchanged
    return unchanged


def _says_something(earlier: Wording) -> bool:
    return bool(content(earlier.words)) or bool(slots.ARTICLE.search(earlier.form))


def _titled(title: str) -> str:
    shown = title.strip().strip("《》")
    return f"《{shown}》" if shown and len(shown) <= 80 else ""


def _made(pieces: Sequence[Piece], named: Sequence[str]) -> Standalone:
    question = "".join(text for text, _ in pieces)
    added: list[str] = []
    joined = False
    for text, is_added in pieces:
        if not text:
            continue
        if is_added and joined:
            added[-1] += text
        elif is_added:
            added.append(text)
        joined = is_added
    shown = [text.strip(" \t\n　,，。?？!！、:：;；").lstrip("》”").rstrip("《“") for text in added]
    return Standalone(question, tuple(text for text in shown if any(sign.isalnum() for sign in text)), tuple(named))


def _after_lead(asked: Wording) -> int:
    """Where a question begins after 那, 还有 or 请问; none of it where that is part of a word (那曲, 再生)."""
    lead = _LEAD.match(asked.form)
    if lead is None:
        return 0
    inside = any(one.is_word and one.start < lead.end() < one.end for one in asked.segments)
    return 0 if inside else lead.end()


def _leads_on(asked: Wording, start: int) -> bool:
    return _LEADS_ON.search(asked.form[:start]) is not None


def _plain(form: str) -> str:
    """Without the signs and particles at its end."""
    return re.sub(r"[呢啊呀吧嘛么的?？。!！\s]+$", "", form)


def _question(earlier: Wording) -> Piece:
    """All of it, with one question mark."""
    return earlier.text.rstrip(" \t\n　?？。.!！") + ("?" if earlier.text.isascii() else "？"), True


# The rules: pieces of the question that stands alone, or None where it leaves out nothing of this kind.


def _listed(asked: Wording, start: int, context: _Context, named: list[str]) -> list[Piece] | None:
    """那“…”呢？ after a question for every mention: the same for other words."""
    place = listing.words_of(context.question.text)
    what = _what_of(asked, start)
    if place is None or what is None or slots.ARTICLE.match(what[2]):
        return None
    text = context.question.text
    return [(text[: place[0]], True), (asked.cut(what[0], what[1]), False), (text[place[1] :], True)]


def _more(asked: Wording, start: int, context: _Context, named: list[str]) -> list[Piece] | None:
    """还有呢？ 为什么？ 具体呢？: nothing but the earlier question says what about."""
    whole, core = asked.form[: asked.end], asked.form[start : asked.end]
    closed = asked.form.rstrip("?？。!！ ")
    if _MORE.fullmatch(whole) or _MORE.fullmatch(core) or _MORE.fullmatch(closed) or _WHY.fullmatch(core):
        space = " " if context.question.text.isascii() else ""
        return [_question(context.question), (space + asked.text, False)]
    return None


def _article(asked: Wording, start: int, context: _Context, named: list[str]) -> list[Piece] | None:
    """那第三条呢？: of the document that was spoken of."""
    core = asked.form[start : asked.end]
    found = slots.ARTICLES.match(core) or slots.NEXT.match(core)
    if found is None:
        return None
    rest = core[found.end() :]
    if content(_words_between(asked, start + found.end(), asked.end)) or (len(rest) > 12):
        return None
    written = asked.cut(start, start + found.end())
    alone = not _plain(rest.removesuffix("怎么样"))
    if slots.NEXT.fullmatch(found[0]):
        pieces = slots.next_article(context.question, found[0])
        return pieces if pieces is None or alone else [*pieces[:2], (asked.cut(start + found.end()), False)]
    same = slots.another_article(context.question, found[0], written)
    if same is not None:
        return same if alone else [*same[:2], (asked.cut(start + found.end()), False)]
    if found[0][-1] not in "编篇章节条款项目分" or (found[0][-1] == "目" and not alone):
        return _numbered(asked, start, start + found.end(), context) if alone else None
    document = context.document()
    if document is None:
        return None
    title, name = document
    named += [name] if name else []
    said = _SAID.get(found[0][-1], "讲什么？")
    return [(title, True), (written, False), (said, False) if alone else (asked.cut(start + found.end()), False)]


def _numbered(asked: Wording, start: int, end: int, context: _Context) -> list[Piece] | None:
    """第二步呢？ 第三次呢？ of what was spoken of."""
    begin, stop = context.question.topic()
    if stop <= begin:
        return None
    return [(context.question.cut(begin, stop), True), (asked.cut(start, end), False), (asked.cut(end), False)]


def _words_between(asked: Wording, start: int, end: int) -> list[str]:
    """The words of a part of a question; numbers with what they count are none of them."""
    found = [one for one in asked.segments if one.is_word and start <= one.start and one.end <= end]
    return [asked.form[one.start : one.end] for one in found]


def _what_of(asked: Wording, start: int) -> tuple[int, int, str] | None:
    """What is asked for where only that is named: 那大米呢？ 2023年是多少？ Its place, and its form."""
    form = asked.form.rstrip("?？。!！ 　~～")
    core = form[start:]
    found = _WHAT_OF.fullmatch(core)
    if found is None and _leads_on(asked, start) and len(core) <= 8 and not _CUT.search(core) and asked.form != form:
        end = asked.end  # 那大米？
    elif found is None or not (found["calls"] or _leads_on(asked, start)):
        return None
    else:
        end = start + found.end("what")
    while start < end and asked.form[start] in " ,，、在到":
        start += 1
    what = asked.form[start:end].rstrip(" ,，")
    what = what[:-1] if what.endswith("的") and len(what) <= 4 else what
    if not what or _PRONOUNS.fullmatch(what) or len(what) > 14 or _CUT.search(what) or re.search(r"[,，。;；]|吗|不", what):
        return None
    return start, start + len(what), what


def _slot(asked: Wording, start: int, context: _Context, named: list[str]) -> list[Piece] | None:
    """那2023年呢？ 大米呢？ 罚款呢？: something else of the same kind, or something else of the same topic."""
    earlier = context.question
    time = _time(asked, start, earlier)
    if time is not None:
        return time
    place = re.match(rf"(?:在)?(?P<place>.{{2,8}}?)(?:又|也|还)?(?:是|有|为)(?:{ASKING})$", asked.form[start : asked.end])
    if place is not None and slots.is_place(place["place"]) and slots.first_place(earlier) is not None:
        return slots.another_place(earlier, place["place"], asked.cut(start + place.start("place"), start + place.end("place")))
    what = _what_of(asked, start)
    if what is None and "呢" in asked.form[asked.end :] and (led := _IF.search(asked.form[:start])):
        core = asked.form[start : asked.end]  # 如果是公司不想续呢？
        whole = asked.cut(led.start(), asked.end)
        return None if _CUT.search(core) or "吗" in core else [(whole + "，", False), _question(earlier)]
    if what is None:
        return None
    begin, end, form = what
    written = asked.cut(begin, end)
    if form.endswith("的"):  # 签了三年合同的呢？
        short = form.removesuffix("的")
        pieces = slots.another_measure(earlier, short, written.removesuffix("的"))
        return pieces or [(written + "，", False), _question(earlier)]
    if "的" in form:
        return _with_time(form, written, earlier) if slots.time_kind(form.partition("的")[0]) is not None else None
    for swap in (
        slots.another_measure,
        slots.another_document,
        slots.another_of_a_group,
        slots.another_place,
        slots.another_like_it,
    ):
        pieces = swap(earlier, form, written)
        if pieces is not None:
            return pieces
    return _of_topic(asked, begin, end, form, earlier)


def _time(asked: Wording, start: int, earlier: Wording) -> list[Piece] | None:
    """那2023年呢？ 2023年是多少？ 周六呢？"""
    form = asked.form[start : asked.end]
    found = next((match for kind in slots.TIMES if (match := re.match(rf"(?:在|到)?({kind.pattern})的?", form))), None)
    if found is None:
        return None
    rest = form[found.end() :]
    calls = asked.form[asked.end :].startswith("呢") or _leads_on(asked, start) or "呢" in asked.form[asked.end :]
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
    begin, end = _owner(earlier)
    begin += without_time(earlier.form[begin:end])
    if end <= begin or any(kind.fullmatch(earlier.form[begin:end]) for kind in slots.TIMES):
        return None
    return [(written[: len(time)], False), (earlier.cut(begin, end) + "的", True), (written[len(time) + 1 :] + "呢？", False)]


def _owner(earlier: Wording) -> tuple[int, int]:
    """Whose something is, where the earlier question asks for something of a topic; else the topic."""
    start, end = earlier.topic()
    form = earlier.form[start:end]
    owner, of, thing = form.rpartition("的")
    if of and owner and is_aspect(thing):
        return start, start + len(owner)
    last = [one for one in earlier.segments if one.is_word and start < one.start and one.end == end]
    if last and len(form) - (last[0].end - last[0].start) > 1 and earlier.form[last[0].start : end] in MEASURES:
        return start, last[0].start
    return start, end


def _of_topic(asked: Wording, begin: int, end: int, form: str, earlier: Wording) -> list[Piece] | None:
    """Something that was not spoken of in that way: of the same topic, or in its place."""
    written, closing = asked.cut(begin, end), "呢？"
    if _CONDITION.fullmatch(form) or asked.form[:begin].rstrip().endswith(("如果", "要是", "假如", "如果是", "换成")):
        led = asked.form[:begin].rstrip().endswith(("如果", "要是", "假如", "如果是"))
        return [("如果是" if led and not form.startswith("是") else "", False), (written + "，", False), _question(earlier)]
    start, stop = earlier.topic()
    topic = earlier.form[start:stop]
    if not topic:
        return [(written + "，", False), _question(earlier)]
    owner_start, owner_end = _owner(earlier)
    owner = earlier.form[owner_start:owner_end]
    if slots.is_place(form):
        return [(written + "，", False), _question(earlier)]
    first, of, rest = topic.partition("的")
    keeps_owner = bool(of) and (slots.is_place(first) or slots.time_kind(first) is not None or "《" in first)
    if is_aspect(form) or keeps_owner or slots.is_place(topic) or "《" in topic:
        if owner_end < stop and not slots.is_place(topic) and earlier.form[stop:earlier.end]:  # 的人口 → 的面积, and on
            of_it = "的" if earlier.form[owner_end] == "的" else ""
            return [(earlier.cut(0, owner_end) + of_it, True), (written, False), (earlier.cut(stop), True)]
        if keeps_owner and "《" not in first and earlier.form[stop : earlier.end]:  # 石桥村的大印 → 石桥村的钥匙
            return slots.replaced(earlier, start + len(first) + 1, stop, written)
        kept_end = start + len(first) if keeps_owner else _title_end(earlier, start, owner_end)
        return [(earlier.cut(start, kept_end) + "的", True), (written + closing, False)]
    if of and not earlier.is_noun(form) and "的" not in rest:  # 储备粮的保管 → 储备粮的轮换
        return slots.replaced(earlier, start + len(first) + 1, stop, written)
    if of and len(first) > 1 and first[-1:] not in "了过" and not _is_described(earlier, start, start + len(first)):
        return slots.replaced(earlier, start, start + len(first), written)
    words = [one for one in earlier.segments if one.is_word and owner_start <= one.start and one.end <= owner_end]
    if asked.form[end : end + 1] == "的" and len(words) > 1 and words[0].end == words[1].start:  # 水基的呢？
        return slots.replaced(earlier, words[0].start, words[0].end, written)
    if len(words) > 2:  # 公司拖欠工资: what of it is another cannot be told
        return [(written + "，", False), _question(earlier)]
    if owner and owner_end < stop:
        return slots.replaced(earlier, owner_start, owner_end, written)
    return slots.replaced(earlier, start, stop, written)


def _title_end(earlier: Wording, start: int, end: int) -> int:
    """A topic that begins with a title is that title: 《…》规定轮换数量."""
    closed = earlier.form.find("》", start, end)
    return closed + 1 if earlier.form[start] == "《" and closed >= 0 else end


def _is_described(earlier: Wording, start: int, end: int) -> bool:
    """Whether what stands before 的 says how something is (晒干的小麦), not whose it is."""
    last = [one for one in earlier.segments if one.is_word and start <= one.start and one.end == end]
    return not last or last[0].end - last[0].start == 1


def _fragment(asked: Wording, start: int, context: _Context, named: list[str]) -> list[Piece] | None:
    """多少钱？ 什么时候开始？ 由谁负责？: a question without anything it could be about."""
    earlier = context.question
    core = asked.form[start : asked.end]
    asks = _CUT.search(core) is not None or asked.form[asked.end :].lstrip().startswith(("吗", "么")) or "吗" in asked.form
    asks = asks or re.search(r"(能|可以|是|有|要|会|该|算|行|用)不(能|可以|是|有|要|会|该|算|行|用)|有没有|是否", core) is not None
    if not asks or len(core) > 16 or "《" in core or re.search(r"[a-z0-9]", core):
        return None
    if slots.ARTICLE.search(core) or re.search(r"他|她|它|牠|这|那|此|其|该|本", core):
        return None
    if any(kind.search(core) for kind in slots.TIMES):
        return None
    words = _words_between(asked, start, asked.end)
    led = _leads_on(asked, start)
    if _names_something(asked, start) or not all(is_aspect(word) if led else not content([word]) for word in words):
        return None
    written = (asked.cut(start, asked.end), asked.cut(asked.end))
    closing = written[1].strip() or "？"
    if not words and not re.match(r"(?:多少|多[久长大高远深重]|几)", core):
        body = earlier.body()
        return None if not body else [(body + "，", True), (written[0] + closing, False)]
    if not words:
        return [(earlier.body(), True), (written[0] + closing, False)]
    if words and words[0] in _ACTORS and core.startswith(words[0]):  # 原告要求赔偿，法院支持了吗？
        return [(earlier.body() + "，", True), (written[0] + closing, False)]
    begin, stop = _owner(earlier) if _begins_with_word(asked, start) else earlier.topic(whole=True)
    if stop <= begin:
        return [(earlier.body() + "，", True), (written[0] + closing, False)]
    if re.search(r"[,，]", earlier.form[begin:stop]) or not re.match(r"[一-鿿]", core):
        return [(earlier.cut(begin, stop) + "，", True), (written[0] + closing, False)]
    return [(earlier.cut(begin, stop), True), (written[0] + closing, False)]


def _begins_with_word(asked: Wording, start: int) -> bool:
    """Whether a question begins with what it wants to know, as 地址是什么, and not with how it asks."""
    first = next((one for one in asked.segments if one.end > start), None)
    return first is not None and first.is_word and len(asked.form[max(start, first.start) : first.end]) > 1


def _names_something(asked: Wording, start: int) -> bool:
    """Whether a question begins with so many words that these are its topic, however plain each is: 保管人验收内容."""
    place, run = start, 0
    for one in asked.segments:
        if one.end <= start or (not one.is_word and one.start <= start):
            place = one.end
            continue
        if one.start > place or not one.is_word:
            break
        place, run = one.end, run + 1
    return run > 2


def _referring(asked: Wording, start: int, context: _Context, named: list[str]) -> list[Piece] | None:
    """它由谁负责？ 该办法什么时候施行？: a word that stands for what was spoken of."""
    found = referring(asked, start)
    if found is None:
        return None
    if found.nouns:
        return _of_that_kind(asked, found, context, named)
    earlier = context.question
    if earlier.text.isascii():
        antecedent = english.antecedent(earlier.text, "he" if found.is_person else "it")
    elif found.is_person:
        antecedent = _person(earlier)
        if not antecedent and earlier.is_who:  # 大印放在谁手里，他叫什么名字？
            return [(earlier.plain + "，", True), (asked.cut(start), False)]
    else:
        begin, stop = _owner(earlier) if found.is_thing else earlier.topic()
        stop = _title_end(earlier, begin, stop) if found.is_thing and stop > begin else stop
        begin += without_time(earlier.form[begin:stop]) if earlier.form[begin:stop].find("，") > 0 else 0
        antecedent = earlier.cut(begin, stop) or earlier.body()
        if found.is_situation or _JUDGED.match(asked.form, found.end):
            antecedent = earlier.situation()
    if not antecedent:
        return None
    joined = "的" if found.is_possessive and not asked.form[found.end :].startswith("的") else ""
    comma = "，" if found.is_situation and asked.form[found.end : found.end + 1] not in ("是", "合", "违", "算", "，") else ""
    return [
        (asked.cut(start, found.start), False),
        (antecedent, True),
        (joined + comma, False),
        (asked.cut(found.end), False),
    ]


def _person(earlier: Wording) -> str:
    """Who was spoken of: the topic, or where a question asked who, whoever does that."""
    begin, stop = earlier.topic()
    topic = earlier.cut(begin, stop)
    if not earlier.is_who:
        first, of, rest = earlier.form[begin:stop].partition("的")
        named = first if of and len(first) > 1 and not ROLES.search(rest) else earlier.form[begin:stop]
        stop = begin + len(named)
        begin += max(named.rfind("，"), named.rfind(",")) + 1
        begin += without_time(earlier.form[begin:stop])
        return "" if earlier.form.startswith("《", begin) or earlier.form[stop - 1] in _NO_PERSONS else earlier.cut(begin, stop)
    if not earlier.form.startswith("谁") and not re.search(r"由|是|归", earlier.form):
        return ""
    of = re.match(r"(?P<what>.+?)(?:是由|由|是|归)(?:谁|哪[^的]{0,4}(?:人|部门|单位|机构))(?:来)?(?P<does>.{0,6})$", earlier.form[: earlier.end])
    if of is None:
        return f"{earlier.body()}的人" if earlier.body() else topic
    if not of["does"]:
        return earlier.cut(0, of.end("what"))  # 清河镇的镇长是谁？
    return f"{earlier.cut(of.start('does'), of.end('does'))}{earlier.cut(0, of.end('what'))}的人"


def _of_that_kind(asked: Wording, found: Reference, context: _Context, named: list[str]) -> list[Piece] | None:
    """该办法, 这个村: what of the earlier question or of the documents is called so."""
    for noun in found.nouns:
        name = ""
        if noun in DOCUMENT_KINDS:
            document = context.document("" if noun in ANY_DOCUMENT else noun)
            name = document[0] if document is not None else ""
            named += [document[1]] if document is not None and document[1] else []
        name = name or _called(context.question, noun)
        if name:
            return [(asked.cut(0, found.start), False), (name, True), (asked.cut(found.end + len(noun)), False)]
    return None


def _called(earlier: Wording, noun: str) -> str:
    """The name in the earlier question that ends with a noun: 石桥村 for 村, 东片排涝泵站 for 泵站."""
    at = earlier.form.find(noun)
    end = at + len(noun)
    if at < 0 or any(one.start < at and end < one.end for one in earlier.segments if one.is_word):
        return ""
    if re.search(r"[这那该此本]", earlier.form[:end]):
        return ""
    start = at
    for one in reversed([one for one in earlier.segments if one.start < at]):
        text = earlier.form[one.start : min(one.end, at)]
        if one.end < start or (not one.is_word and text != "的") or without_time(earlier.form[: one.end]) == one.end:
            break
        if one.start == 0 or one.is_word or text == "的":
            start = one.start
    while start < at and earlier.form[start] in "的和与在":
        start += 1
    return earlier.cut(start, end) if start < at or len(noun) > 1 else ""


_RULES = (_listed, _more, _article, _slot, _fragment, _referring)
