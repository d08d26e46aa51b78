"""The words within a sentence that give the answer, by rules on its surface; rather none than wrong ones.

Candidates of the kind that is asked for (`given`, `names`, `dates`) are compared by how near the question's words they
stand, and by whether what stands before and after them in the sentence does so around what asks in the question
(`slots`). What the question itself says is never the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.given import english_numbers, number_units, numbers, reasons
from assistant.answering.kinds import Asked, Asking, asking
from assistant.answering.names import organisations, people, places
from assistant.answering.slots import after_anchor, before_anchor, trimmed
from assistant.text.dates import dates
from assistant.text.marks import Span, masked
from assistant.text.normal import CJK, literal_with_offsets
from assistant.text.tokens import Term, Tokens, stem

_CJK = re.compile(f"[{CJK}]")
_WORD = re.compile(r"[^\W_]+")
_CLAUSE = re.compile("[,，。;；!！?？:：]")
_LEAD = 0.1  # the best candidate is marked where it is so much better than the next
_MERGED = re.compile(r"[\s、,和与及以and]+")


@dataclass(frozen=True, slots=True)
class View:
    """A sentence as it is read here, and the way back: offsets[i] is where its character i stands in the document."""

    text: str
    offsets: Sequence[int]
    is_cjk: bool

    def span(self, start: int, end: int) -> Span:
        """The place in the document."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class _Question:
    asking: Asking
    asked: Asked
    terms: tuple[Term, ...]
    is_cjk: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    score: float


def answers(question: str, terms: Sequence[Term], tokens: Tokens, text: str, start: int, end: int) -> tuple[Span, ...]:
    """The spans of the words of text[start:end] that give what a question asks for, in order; often none."""
    read = asking(question)
    if not read.asked:
        return ()
    view = view_of(text, start, end)
    found: list[Span] = []
    for asked in read.asked[:2]:
        put = _Question(read, _cut_noun(read, asked, tokens), tuple(terms), bool(_CJK.search(read.text)))
        best = _best(put, view, tokens)
        if best is not None:
            found.append(view.span(best.start, best.end))
    merged: list[Span] = []
    for left, right in sorted(set(found)):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return tuple(merged)


def view_of(text: str, start: int, end: int) -> View:
    """A sentence's literal form where it holds Chinese, else the text itself with spaces for all white space."""
    piece = masked(text[start:end])
    if not _CJK.search(piece):
        return View(re.sub(r"\s", " ", piece), range(start, end + 1), is_cjk=False)
    form, offsets = literal_with_offsets(piece)
    return View(form, [start + offset for offset in offsets], is_cjk=True)


def _best(put: _Question, view: View, tokens: Tokens) -> _Candidate | None:
    """The candidate that stands out; none where two are about as good."""
    given = [
        (span, fit)
        for span, fit in _candidates(put, view, tokens)
        if span[0] < span[1] and not _is_said(put.asking.text, view.text[span[0] : span[1]])
    ]
    if not given:
        return None
    places = _places(put, view)
    scored = sorted(
        (_Candidate(*span, fit + _context(put, view, span) + _nearness(view, span, places)) for span, fit in given),
        key=lambda one: (-one.score, one.start - one.end),
    )
    best = scored[0]
    for other in scored[1:]:
        if other.start < best.end and best.start < other.end:
            continue  # a longer or shorter form of the same
        if other.score + _LEAD > best.score and view.text[other.start : other.end] != view.text[best.start : best.end]:
            return None
        break
    return best


def _cut_noun(read: Asking, asked: Asked, tokens: Tokens) -> Asked:
    """The first word of what follows 哪个 or 什么 is the noun, unless it is none."""
    if asked.kind != "thing" or not asked.noun or not _CJK.search(asked.noun):
        return asked
    words = [(word.start, word.end) for word in tokens.tagged(asked.noun)]
    noun = asked.noun[: words[0][1]]
    noun = "" if noun[0] in _NO_NOUN else noun
    return replace(asked, noun=noun, end=asked.end - len(asked.noun) + len(noun))


_NO_NOUN = frozenset("的为是在和与于来而才可能会要有被把将从到就也都上中里下")


def _is_said(question: str, words: str) -> bool:
    """Whether the question says the words itself, or they say nothing."""
    plain = words.strip(" ,.;:").casefold()
    if not plain.isascii():
        return plain in question
    asked = {stem(word) for word in _WORD.findall(question)}
    return all(stem(word) in asked or word in ("the", "of", "and", "a", "an") for word in _WORD.findall(plain))


def _candidates(put: _Question, view: View, tokens: Tokens) -> Iterator[tuple[Span, float]]:
    kind, noun = put.asked.kind, put.asked.noun
    if kind == "date":
        yield from ((span, 1.0) for span in dates(view.text, noun=noun))
        if noun[-1:] in tuple("期代"):
            yield from _led_to(put, view)
    elif kind == "number" and view.is_cjk and not _CODE.search(put.asking.text, 0, put.asked.start):
        units = number_units(noun, put.asking.text)
        found = list(numbers(view.text, units))
        if not found and len(units) == 1:  # 多少押金: what was taken for a unit is none
            found = list(numbers(view.text, number_units("", put.asking.text)))
        yield from found
        if not units:
            yield from _led_to(put, view)
    elif kind == "number" and not view.is_cjk:
        yield from english_numbers(view.text, noun)
    elif kind == "reason":
        yield from reasons(view.text, is_cjk=view.is_cjk)
    elif view.is_cjk and put.is_cjk:
        yield from _chinese(put, view, tokens)
    elif not view.is_cjk:
        yield from _english(put, view)


_CODE = re.compile("(?:编号|号码|电话|热线|代码|代号|邮编|账号|学号|车次|型号)[是为]?$")


def _chinese(put: _Question, view: View, tokens: Tokens) -> Iterator[tuple[Span, float]]:
    kind = put.asked.kind
    words = tokens.tagged(view.text) if kind in ("person", "place") else []
    if kind == "person":
        yield from ((span, 1.0) for span in people(view.text, words))
        yield from ((span, 0.8) for span in organisations(view.text, words))
    elif kind == "place":
        yield from ((span, 0.8) for span in places(view.text, words))
        yield from ((trimmed(view.text, *match.span("place")), 1.4) for match in _LOCATED.finditer(view.text))
    elif kind == "definition":
        yield from _defined(put, view)
        return
    elif kind == "name" and _NAMES.search(put.asking.text):
        yield from _called(put, view)
        return
    elif kind == "manner":
        yield from ((trimmed(view.text, *match.span()), 1.0) for match in _MEANS.finditer(view.text))
        return
    elif kind == "thing" and _WORK.search(put.asked.noun):
        yield from ((match.span(), 1.5) for match in _TITLE.finditer(view.text))
    yield from _led_to(put, view)


_WORK = re.compile(
    "[书文章歌曲剧戏片影]$|作品|小说|节目|专辑|名著|著作|杂志|刊物|法律|法规|文件|办法|条例|游戏|漫画|动画"
)
_TITLE = re.compile("《[^《》]+》(?:[、和与及]?《[^《》]+》)*")


def _led_to(put: _Question, view: View) -> Iterator[tuple[Span, float]]:
    """Where the question's own words lead."""
    following = after_anchor(put.asking.text, put.asked, view.text)
    before = before_anchor(put.asking.text, put.asked, view.text)
    if following is not None:
        yield following[0], 0.5 + 0.15 * min(following[1], 6)
    elif before is not None:
        yield before[0], 0.3 + 0.15 * min(before[1], 6)


_LOCATED = re.compile(
    r"(?:位[于处]|[坐座]落[于在]?|地处|分布[于在]|[产生]于|出生[于在]|葬于|建于|设[于在]|栖息[于在]|聚居[于在])(?P<place>[^,。;的()]{2,30})"
)
_MEANS = re.compile(r"(?:通过|经由|利用|采用|采取|凭借|借助|按照)[^,。;]{2,40}|以[^,。;]{2,30}(?:方式|方法|手段|形式)")
# Words for a name, those of one row for one another; what a question asks by one, a sentence gives by these.
_NAMES = re.compile(
    "又[叫名称]|[别俗简全旧原本学艺笔]名|[别俗简全旧]称|外号|绰号|昵称|[英中]文名|[亦也]称|[亦也]叫|字号"
)
_CALLED = (
    (re.compile("简称"), re.compile("简称")),
    (re.compile("全[称名]"), re.compile("全[称名]")),
    (re.compile("[原本]名"), re.compile("[原本]名")),
    (re.compile("学名"), re.compile("学名")),
    (re.compile("俗[名称]"), re.compile("俗[名称]")),
    (re.compile("旧[称名]"), re.compile("旧[称名]|原名|前称")),
    (re.compile("英文名"), re.compile("英文名称?")),
    (re.compile("中文名"), re.compile("中文名称?")),
    (re.compile("艺名"), re.compile("艺名")),
    (re.compile("笔名"), re.compile("笔名")),
    (re.compile("外号|绰号|昵称"), re.compile("外号|绰号|昵称|人称")),
    (re.compile(""), re.compile("又[名称叫]|[亦也]称|[亦也]叫|[亦也]名|别[名称]|俗[称名]|或称|被称|简称")),
)
_NAMED = re.compile(r"[为作是做之]*[:“\"「]*")
_NAME_END = re.compile(r"[,。;!?()]|$")


def _called(put: _Question, view: View) -> Iterator[tuple[Span, float]]:
    """What follows the word for a name that the question uses."""
    word = next(sentence for question, sentence in _CALLED if question.search(put.asking.text))
    for match in word.finditer(view.text):
        begin = _NAMED.match(view.text, match.end()).end()  # type: ignore[union-attr]  # it matches nothing, too
        start, end = trimmed(view.text, begin, _NAME_END.search(view.text, begin).start())  # type: ignore[union-attr]
        if 0 < end - start <= 30:
            yield (start, end), 1.0


def _defined(put: _Question, view: View) -> Iterator[tuple[Span, float]]:
    """What follows 是, 指 or 即 after the word that is to be explained."""
    word = put.asked.noun or re.sub(r".*(?:中|里|上|,)", "", put.asking.text[: put.asked.start])
    word = word.strip(' ?的"“”「」《》是')
    place = view.text.find(word) if len(word) > 1 else -1
    if place < 0:
        return
    link = re.compile(r"[\"”」》]?(?:\([^()]*\))?,?(?:是指|指的是|系指|是|指|即|意为|意思是|意指|为)").match(
        view.text, place + len(word)
    )
    if link is None:
        return
    start, end = trimmed(view.text, link.end(), re.compile("[。;]|$").search(view.text, link.end()).start())  # type: ignore[union-attr]
    yield (start, end), 1.0


_CAPITALS = re.compile(
    r"(?:[A-Z][\w’'.&-]*\w|[A-Z]\b)(?:(?: (?:of|the|de|von|van|la|le|du|di|da|al|bin|ibn|and|for|y)){0,2} (?:[A-Z][\w’'&-]*|[IVX]+\b|\d{4}\b))*"
)
_NO_NAME = frozenset(
    "the a an in on at it he she they this that these those after before when while since although however by for from with as "
    "his her its their there during between under over about into among many some most all each several both if but and or not "
    "one two three according because what which who i we you such other another no thus then also".split()
)


def _capitals(view: View) -> Iterator[Span]:
    """Names: runs of capitalised words; a first word that is capitalised as such is left out."""
    for match in _CAPITALS.finditer(view.text):
        start, end = match.span()
        first = re.match(r"\w+", match[0])
        while first and first[0].casefold() in _NO_NAME:
            start += first.end()
            while start < end and not view.text[start].isalnum():
                start += 1
            first = re.match(r"\w+", view.text[start:end])
        if start < end and view.text[start].isupper():
            yield start, end


def _english(put: _Question, view: View) -> Iterator[tuple[Span, float]]:
    kind = put.asked.kind
    if kind == "person":
        yield from _doer(put, view)
    elif kind == "place":
        yield from _whereabouts(put, view)
    elif kind == "manner":
        yield from ((match.span(), 0.8) for match in _BY_DOING.finditer(view.text))
    elif kind == "definition":
        yield from _explained(put, view)
    elif kind == "thing":
        yield from _object(put, view)


_AUXILIARY = frozenset(
    "is are was were be been being do does did has have had can could will would should may might must to".split()
)
_PREPOSITIONS = frozenset("to of in on at for from with by about into over as".split())
_STOPS = re.compile(
    r"[,.;:()]| (?:in|on|at|for|during|after|before|until|from|when|who|which|that|while|since|as|because|with|to) | and (?=[a-z])|$"
)
_BY_DOING = re.compile(r"\b(?:by (?:means of )?\w+ing|through|via|by means of|by using)\b[^,.;]{3,100}")


def _verb(put: _Question) -> str:
    """The stem of the question's main verb: its first word after what asks that is no auxiliary."""
    words = [match[0] for match in _WORD.finditer(put.asking.text, put.asked.end)]
    return next((stem(word) for word in words if word not in _AUXILIARY), "")


def _stems(view: View) -> list[tuple[str, Span]]:
    return [(stem(match[0].casefold()), match.span()) for match in _WORD.finditer(view.text)]


def _doer(put: _Question, view: View) -> Iterator[tuple[Span, float]]:
    """Who did something: named right before the verb, or after “by”."""
    verb = _verb(put)
    if not re.match(r"who\b", put.asking.text[put.asked.start :]) or re.match(
        r"\s*(?:do|does|did)\b", put.asking.text[put.asked.end :]
    ):
        return  # whom: not who does it
    if _WORD.findall(put.asking.text)[-1] in _PREPOSITIONS:
        return
    for word, (start, end) in _stems(view):
        if word != verb:
            continue
        passive = re.compile(r"(?: \w+){0,2}? by (?:the )?(?!their|its|his|her|them|it\\b)").match(view.text, end)
        if passive:
            yield (passive.end(), _STOPS.search(view.text, passive.end()).start()), 1.0  # type: ignore[union-attr]
        names = [
            span
            for span in _capitals(view)
            if span[1] <= start and re.fullmatch(r"(?: (?!and\b)\w+){0,2} ", view.text[span[1] : start])
        ]
        if names and not passive:
            yield names[-1], 1.0


def _whereabouts(put: _Question, view: View) -> Iterator[tuple[Span, float]]:
    """A name after a preposition that follows the verb of the question; of a country or city any name will do."""
    verb = stem(_WORD.findall(put.asking.text)[-1]) if put.asked.noun == "" else ""
    verbs = [span for word, span in _stems(view) if word in (verb, _verb(put))]
    for start, end in _capitals(view):
        before = re.search(
            r"\b(?:in|at|near|to|from|on|into|through) (?:the |what is now |present-day )?$", view.text[:start]
        )
        if not before:
            continue
        led = any(
            0 < before.start() - right < 25 and not _CLAUSE.search(view.text, right, before.start())
            for _, right in verbs
        )
        if led:
            more = re.compile(r"(?:, [A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)?(?=[,.;]|$)").match(view.text, end)
            yield (start, more.end() if more else end), 1.0


def _explained(put: _Question, view: View) -> Iterator[tuple[Span, float]]:
    word = put.asked.noun.strip()
    verb = "(?:is|are|means|refers to|stands for|was)"
    found = re.search(rf"\b{re.escape(word)}\b(?: \([^()]*\))?,? {verb} ", view.text, re.IGNORECASE) if word else None
    if found:
        end = re.compile(r"[.;]|, (?:which|and|who)|$").search(view.text, found.end())
        yield (found.end(), end.start() if end else len(view.text)), 1.0


_CALLS = re.compile(r"\b(?:called|named|termed|known as|nicknamed|dubbed|titled|entitled|referred to as) (?:the )?")


def _object(put: _Question, view: View) -> Iterator[tuple[Span, float]]:
    """What somebody did: what follows the verb that ends the question; what something is called; a name with the noun."""
    text = put.asking.text
    if re.search(r"\b(?:called|named|known as|name of|termed)\b", text):
        for match in _CALLS.finditer(view.text):
            yield (match.end(), _STOPS.search(view.text, match.end()).start()), 0.8  # type: ignore[union-attr]
        return
    if put.asked.noun:
        for start, end in _capitals(view):
            if stem(put.asked.noun) in [stem(word.casefold()) for word in _WORD.findall(view.text[start:end])]:
                yield (start, end), 1.0
    words = _WORD.findall(text)
    if re.match(r"\s*(?:do|does|did)\b", text[put.asked.end :]) and len(words) > 3:
        verb = words[-2] if words[-1] in _PREPOSITIONS else words[-1]
        subject = stem(words[words.index(verb) - 1])
        held = _stems(view)
        for number, (word, (_, end)) in enumerate(held):
            if word == stem(verb) and subject in [other for other, _ in held[max(0, number - 3) : number]]:
                stop = re.compile("[.;,]|$").search(view.text, end)
                yield (end + 1, stop.start() if stop else end), 0.8


def _places(put: _Question, view: View) -> list[tuple[float, list[Span]]]:
    """The question's words: how much each weighs, and where the sentence has it."""
    found: list[tuple[float, list[Span]]] = []
    latin = [(stem(match[0].casefold()), match.span()) for match in _WORD.finditer(view.text)]
    lowered = view.text if view.is_cjk else view.text.casefold()
    for term in put.terms:
        if term.is_cjk:
            held = [(match.start(), match.end()) for match in re.finditer(re.escape(term.folded), lowered)]
        else:
            held = [span for word, span in latin if word == term.folded]
        if held:
            found.append((min(len(term.folded), 4) if term.is_cjk else 2.0, held))
    return found


def _nearness(view: View, span: Span, places: Sequence[tuple[float, list[Span]]]) -> float:
    """How near the question's words stand, 0 to 1; a clause's end between is as far as a dozen characters."""
    total = sum(weight for weight, _ in places)
    if not total:
        return 0.0
    scale = 6.0 if view.is_cjk else 18.0
    reached = 0.0
    for weight, held in places:
        nearest = min(_distance(view, span, place, 2 * scale) for place in held)
        reached += weight / (1 + nearest / scale)
    return reached / total


def _distance(view: View, one: Span, other: Span, clause: float) -> float:
    left, right = (one[1], other[0]) if one[0] < other[0] else (other[1], one[0])
    if right <= left:
        return 0.0
    return right - left + clause * len(_CLAUSE.findall(view.text, left, right))


def _context(put: _Question, view: View, span: Span) -> float:
    """How many characters around a candidate are those around what asks, 0 to 1."""
    if not (put.is_cjk and view.is_cjk):
        return 0.0
    before = sum(1 for _ in _shared(put.asking.text[: put.asked.start][::-1], view.text[: span[0]][::-1]))
    after = sum(1 for _ in _shared(put.asking.text[put.asked.end :], view.text[span[1] :]))
    return 0.15 * min(before, 5) + 0.15 * min(after, 5)


def _shared(first: str, second: str) -> Iterator[str]:
    for one, other in zip(first, second, strict=False):
        if one != other:
            return
        yield one
