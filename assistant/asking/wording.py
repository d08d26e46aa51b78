"""A Chinese question as it is written and as it is looked at, and what can be told from its words alone.

Looked at is its literal form (simplified characters, half width, lower case); what is taken over is what was written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.asking.vocabulary import ASPECTS, BOUNDARIES, GENERIC, VERBS
from assistant.text.normal import literal, literal_with_offsets
from assistant.text.tokens import Tokens

Piece = tuple[str, bool]  # some words, and whether they come from the earlier question

# What a question asks with, and the little word before it that belongs to it. Possessive: 一个 is 一 and 个 as well,
# and 哪一个一个… could be read in very many ways.
ASKING = (
    r"(?:什么时候|什么时间|什么地方|什么|甚么|啥时候|啥|哪(?:一年|一天|一个|一种|一些|一|几|些|里|儿|个|种|年|天"
    r"|位|家|条|次|项|座|部|类|级|月|日)*+"
    r"|谁|多少|多(?:久|长时间|长|大|高|远|深|重|宽|快)|几(?!乎)(?:个|种|年|天|月|日|号|点|条|次|项|家|人|岁|倍|级)?"
    r"|何(?:时|地|处|人|种|年)|如何|怎么样|怎么办|怎么|怎样|咋办|咋|为什么|为何|为啥|是否|能否|可否|有无)"
)
_ASKING = re.compile(ASKING)
_WITH_ASKING = re.compile(rf"(?:是由|是在|是|由|在|于|被|为|有|向|归|从|对|给|跟|用|按|达|共)?{ASKING}")
_HOW_MANY = re.compile(r"(?:几(?![乎何])|多少).")
_EITHER = re.compile(r"(能|可以|可|是|有|要|会|该|应|算)(?:不\1|没\1|不可以)")
# One of joined words, or what stands before the words that are asked for: part of what a question is about.
_JOINS = re.compile(r"[的之和与及、·\s“”‘’\"'()/,，:：;；-]+")
_JOINS_ALL = re.compile(_JOINS.pattern.replace("[", "[在对把被向给从到了地得", 1))
# 《…办法》, or the number of a document: 国发〔2021〕3号.
_NUMBER = r"[\u4e00-\u9fff]{1,10}[〔\[(【]\d{4}[〕\])】]第?\d+号"
NUMBER = re.compile(_NUMBER)
_TITLE = re.compile(rf"《[^《》]{{1,80}}》|{_NUMBER}")
_WHO = re.compile(r"谁|哪(?:一|个|些)?(?:人(?!民)|部门|单位|机构)|哪位")
_CLOSING = " \t\n　?？!！。.…~～,，;；、"
_PARTICLES = re.compile(r"(?:呢|啊|呀|吧|嘛|(?<![什怎多这那要])么|吗|来着)+$")
_POLITE = re.compile(
    r"^(?:请问|请教|问一下|想问一下|我想问|想问|我想知道|想知道|你知道|您好|你好|那么|麻烦问下|麻烦)[一下,，:：\s]*"
)
# Before a question that stands alone otherwise.
_LEADING = re.compile(
    r"(?:(?:好的?|嗯+|哦|噢|谢谢你?|明白了?|知道了|懂了|那么|那就|那|还有|另外|此外)[,，、:：\s。!！]*)+"
)
_TIME_FIRST = re.compile(
    r"^(?:在|到|截至|从)?(?:\d{2,4}|[〇零一二三四五六七八九]{4})年(?:[^,，的]{0,8}[,，]|度|末|初|底|以来|间)?"
)
_SENTENCES = re.compile(r"[^。！!？?\n；;]+[。！!？?\n；;]*")
_FRAGMENT = re.compile(rf"^(?:原因|理由|依据|还有|具体|然后|另外)?(?:是|呢)?{ASKING}?呢?[?？]?$")
LONGEST = 200  # characters of an earlier question that a later one may take over


@dataclass(frozen=True, slots=True)
class Segment:
    """A word of a question, or what stands between two."""

    start: int
    end: int
    is_word: bool


class Wording:
    """One question; every offset is one of `form`, its literal form, and `cut` gives what was written there."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        self.text = text
        form, self._offsets = literal_with_offsets(text)
        self.form = form.replace("甚么", "什么")
        self._tokens = tokens

    def cut(self, start: int, end: int | None = None) -> str:
        """What was written at a place."""
        end = len(self.form) if end is None else end
        return self.text[self._offsets[start] : self._offsets[end]] if start < end else ""

    @cached_property
    def segments(self) -> list[Segment]:
        """The whole form, as words that say something and what is between them; titles in 《》 are one word."""
        terms = self._tokens.question(self.form).terms
        words = sorted({term.text.lower() for term in terms}, key=len, reverse=True)
        found: list[Segment] = []
        place = 0
        while place < len(self.form):
            title = _TITLE.match(self.form, place)
            word = title[0] if title else next((one for one in words if self.form.startswith(one, place)), "")
            end = place + (len(word) or 1)
            if not word and found and not found[-1].is_word:
                found[-1] = Segment(found[-1].start, end, is_word=False)
            else:
                found.append(Segment(place, end, is_word=bool(word)))
            place = end
        return found

    @cached_property
    def words(self) -> list[str]:
        return [self.form[one.start : one.end] for one in self.segments if one.is_word]

    @cached_property
    def end(self) -> int:
        """Where what it says ends: before its closing signs and particles."""
        kept = self.form.rstrip(_CLOSING)
        while (shorter := _PARTICLES.sub("", kept).rstrip(_CLOSING)) != kept:
            kept = shorter
        return len(kept)

    @property
    def plain(self) -> str:
        return self.cut(0, self.end)

    @cached_property
    def is_who(self) -> bool:
        return _WHO.search(self.form) is not None

    def title(self) -> str:
        """The last 《…》 of it, as it is written."""
        titles = list(_TITLE.finditer(self.form))
        return self.cut(titles[-1].start(), titles[-1].end()) if titles else ""

    def is_noun(self, word: str) -> bool:
        """Whether a word of it names something, as far as jieba's dictionary tells."""
        term = next((term for term in self._tokens.question(word).terms if term.folded == word), None)
        return term is None or self._tokens.is_noun(term)

    def like(self, text: str) -> Wording:
        """Some other words, cut in the same way."""
        return Wording(text, self._tokens)

    def is_name(self, word: str) -> bool:
        """Whether a word is a person's name or unknown, as far as jieba's dictionary tells."""
        found = self._tokens.tagged(word)
        return len(found) > 1 or found[0].tag.startswith("nr")

    def is_verb(self, word: str) -> bool:
        """Whether a word of it says what is done; jieba's dictionary takes some words for verbs that seldom are."""
        if len(word) == 1:
            return word in _SMALL_VERBS or word in _VERB_SIGNS
        if len(word) == 3 and word[0] in _VERB_SIGNS:  # 闯红灯
            return True
        return not self.is_noun(word) and word not in GENERIC and _NO_VERB.search(word) is None

    def topic(self, *, whole: bool = False) -> tuple[int, int]:
        """Where what it is about stands: what comes before its verb or what it asks with; (0, 0) for nothing.

        A `whole` one goes on after 在, 对, 把 and the like: 邻居在楼道堆杂物.
        """
        joins = _JOINS_ALL if whole else _JOINS
        start = end = -1
        for number, one in enumerate(self.segments):
            text = self.form[one.start : min(one.end, self.end)]
            if one.start >= self.end:
                break
            if one.is_word:
                asks = _ASKING.fullmatch(text) is not None or _HOW_MANY.fullmatch(text) is not None  # 几点
                if start >= 0 and (text in BOUNDARIES or asks) and self.form[one.start - 1] != "的":  # 香港的最低工资
                    break
                if start < 0:
                    if text in BOUNDARIES and number + 1 < len(self.segments):
                        continue
                    start = one.start
                end = one.start + len(text)
                continue
            joined = joins.match(text)
            if start >= 0 and (joined is None or joined.end() < len(text)):
                break
        if start < 0:
            return 0, 0
        led = _ASKING.search(self.form[:start])
        first = next(one for one in self.segments if one.start == start)
        if led and self.form[first.start : first.end] in VERBS and first.end < end:
            start = first.end
            while start < end and self.form[start] in "了的过着":
                start += 1
        return start, self._trimmed(start, end)

    def _trimmed(self, start: int, end: int) -> int:
        """Where a topic ends without the adverbs and small verbs at its end."""
        last = end
        for one in reversed([one for one in self.segments if start < one.start < end]):
            text = self.form[one.start : one.end]
            if one.end < end and not _JOINS.fullmatch(self.form[one.end : end]) and self.form[one.end : end] != "了":
                break
            small = text in BOUNDARIES or text in _SMALL or (one.is_word and text in _SMALL_VERBS | _VERB_SIGNS)
            small = small or (end == last and text in GENERIC and _OBJECT.match(self.form, end) is not None)
            if one.is_word and not small:
                break
            end = one.start
        return end

    def situation(self) -> str:
        """What was the case: all before the last comma, where the question is after that, else all it says."""
        parted = max(self.form.rfind(",", 0, self.end), self.form.rfind("，", 0, self.end))
        return self.cut(0, parted) if parted > 3 else self.body()

    def body(self) -> str:
        """All it says, without what it asks with."""
        form = _EITHER.sub(lambda found: found[1] + " " * (len(found[0]) - 1), self.form[: self.end])
        kept = [True] * len(form)
        for match in _WITH_ASKING.finditer(form):
            kept[match.start() : match.end()] = [False] * (match.end() - match.start())
        pieces = [self.cut(at, at + 1) for at in range(len(form)) if kept[at] and form[at] == self.form[at]]
        return "".join(pieces).strip(_CLOSING)


_SMALL = frozenset(
    ("内", "里", "中", "上", "下", "前", "后", "时", "期间", "以后", "之后", "之前", "以前", "等", "分别", "每", "其中")
) | frozenset("都也就还要从到")
_SMALL_VERBS = frozenset(
    "用按叫做指达拨交建写设算给让使比放归招住去来看说讲犯判罚扣赔买卖吃喝挣赚花造含占受遭离距办开领报考学教读查修收付欠租借送寄带穿"
)
_VERB_SIGNS = frozenset("养偷抢骗打杀吸扔闯丢停倒喂砍烧炒堆占挖养骑摔撞咬骂拆卸装")
_NO_VERB = re.compile(r"(?:[资费员者人道物品件机车证额率款金后时前里内外间中上下]|快递|外卖|工作|\d)$")
_OBJECT = re.compile("什么|哪些|哪|谁|多少|几")  # what a verb right before it asks for
_COUNTED = re.compile(r"[一两二三几\d]+(?:次|个|人|年|天|月|岁|倍|条|项|名|种|份|遍|回|趟|户|家|元|块|点|分)")


def earlier_wording(question: str, tokens: Tokens) -> Wording:
    """The earlier question without what only leads to it: politeness, a story before it, or a question after it."""
    sentences = [match[0] for match in _SENTENCES.finditer(question) if match[0].strip(_CLOSING)]
    while len(sentences) > 1 and _FRAGMENT.match(literal(sentences[-1]).strip()):
        sentences.pop()
    chosen = (sentences or [question])[-1].strip()
    folded = literal(chosen)
    polite = _POLITE.match(folded)
    if polite and polite.end() < len(folded) and len(folded) == len(chosen):
        chosen = chosen[polite.end() :]
    wording = Wording(chosen, tokens)
    led = after(_LEADING, wording)  # 那公章由谁保管？
    return Wording(wording.cut(led), tokens) if 0 < led < wording.end else wording


def after(lead: re.Pattern[str], wording: Wording) -> int:
    """Where a question begins after 那, 还有 or 请问; none of it where that is part of a word (那曲, 再生)."""
    found = lead.match(wording.form)
    if found is None:
        return 0
    inside = any(one.is_word and one.start < found.end() < one.end for one in wording.segments)
    return 0 if inside else found.end()


def content(words: Sequence[str]) -> list[str]:
    """Those words that can be what a question is about."""
    return [
        word for word in words if word not in GENERIC and not _generic(word, GENERIC) and not _COUNTED.fullmatch(word)
    ]


def is_aspect(word: str) -> bool:
    """Whether something of a topic is named, and no topic."""
    return word in ASPECTS or _generic(word, ASPECTS)


def _generic(word: str, known: frozenset[str]) -> bool:
    """Whether a word is made of two of some known words: 罚款金额, 申请材料."""
    return len(word) > 2 and any(word[:at] in known and word[at:] in known for at in range(1, len(word)))


def without_time(form: str) -> int:
    """Where a question begins after a year at its beginning."""
    match = _TIME_FIRST.match(form)
    return match.end() if match else 0
