"""Words of a question that stand for something it does not name: 它, 他们, 该办法, 这个村."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.asking.vocabulary import DOCUMENT_KINDS, PLACE_ENDS
from assistant.asking.wording import ASKING, Wording, content, without_time

_PERSONS = r"佢哋|佢|他们|她们|他俩|他|她|此人|该人|这人|这个人|那个人|这位"
_THINGS = r"它们|牠们|它|牠|前者|后者"
_PRONOUN = re.compile(
    rf"(?P<person>(?<![其吉排])(?:{_PERSONS})(?![人乡国项日杀信山石]))|(?P<thing>(?:{_THINGS})(?!山))"
    r"|(?P<its>其(?![他它实中余次间后]))"
    r"|(?P<situation>这样做|这么做|那样做|那么做|这样|那样|这种情况下?|这种行为|这种做法|上述情况|上述行为"
    r"|此类情况|这件事情?|那件事情?|这事|那事)(?!的)"
    r"|(?P<this>(?:这|那)(?:个|些|件|项|种|里)?"
    r"(?=是|有[什哪多几没]|需(?!求)|要(?![求点素件闻])|会(?![议员计])|能(?![力源量])|可(?!能性)|应(?![用急])"
    r"|由(?!来)|怎|合法|违法|犯法|算(?!法)|属于"
    r"|对(?![象策手])|和(?![平解约])|什么|多(?![数样])|叫|指的|包括|适用|谁|哪|何|如何|归|得(?![分主])|还(?!款)"
    r"|都(?!市)|也|就(?!业)|一般|通常|不(?!足)|$))"
)
_DEMONSTRATIVE = re.compile(
    r"(?:该|此|本|上述|上面(?:提到)?的|前述|刚才(?:说|提到)?的"
    r"|(?:这|那)(?:一|几|两)?(?:个|项|部|份|篇|本|条|件|种|类|座|所|家|位|名|支|次|场|张|首|届|些|款|幅|台|批|段"
    r"|起|案)?)(?=[一-鿿])"
)
_ASKS = re.compile(ASKING)
_LONGEST_BEFORE = 12
_LONGEST_NOUN = 8
_SHORT = frozenset(PLACE_ENDS + "站厂校院所局部书法片剧")  # nouns of one character
# 该 and 此 within words, and where they are no pointing words at all.
_NO_POINTING = re.compile(
    r"此[外后前时次刻致]|本[人科来身质金息地土次月年周]|该(?:怎|如何|不该|当|由|去|找|交|不|在|是|有|要|拨|归)"
    r"|应该|活该|因此|如此|为此|从此|彼此|由此|据此|对此|至此|在此|于此|基本|根本|成本|资本|日本|书本|版本|样本"
    r"|剧本|标本|文本|原本|副本|课本|账本"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a word that stands for something is, and for what kind of thing."""

    start: int
    end: int
    nouns: tuple[str, ...] = ()  # of 该服务站: what it may be called, the longest first; they follow `end`
    is_person: bool = False
    is_thing: bool = False
    is_situation: bool = False
    is_possessive: bool = False


def referring(asked: Wording, start: int) -> Reference | None:
    """The first word of a question that stands for something, if nothing before it could be meant."""
    form = asked.form[: asked.end]
    found = _PRONOUN.search(form, start)
    pointing = _pointing(asked, start)
    if pointing is not None and (found is None or pointing.start < found.start()):
        return pointing
    while found is not None:
        if _is_open(asked, start, found.start()) and not _in_word(asked, found.start(), found.end()):
            if found["its"] and found.start() > start + without_time(form[start:]):
                return None
            if found["this"] and found.start() > start:
                return None
            return Reference(
                found.start(),
                found.end(),
                is_person=bool(found["person"]),
                is_thing=bool(found["thing"] or found["its"]),
                is_situation=bool(found["situation"]),
                is_possessive=bool(found["its"]),
            )
        return None
    return None


def _is_open(asked: Wording, start: int, place: int) -> bool:
    """Whether nothing before a place names something: only when, why or who, and at most one verb after that."""
    before = asked.form[start + without_time(asked.form[start:place]) : place]
    if len(before) > _LONGEST_BEFORE:
        return False
    begin = place - len(before)
    words = [asked.form[one.start : one.end] for one in asked.segments if one.is_word and begin <= one.start < place]
    words = content(words)
    return not words or (len(words) == 1 and len(words[0]) <= 2 and _ASKS.search(before) is not None)


def _in_word(asked: Wording, start: int, end: int) -> bool:
    """Whether a word is part of a longer one, as of a name."""
    return any(
        one.is_word and one.start <= start and end <= one.end and one.end - one.start > end - start
        for one in asked.segments
    )


def _pointing(asked: Wording, start: int) -> Reference | None:
    """该办法, 这个村, 上述规定: a pointing word, and what may be pointed at."""
    form = asked.form[: asked.end]
    for found in _DEMONSTRATIVE.finditer(form, start):
        if any(found.start() < match.end() and match.start() < found.end() for match in _NO_POINTING.finditer(form)):
            continue
        if not _is_open(asked, start, found.start()) or _in_word(asked, found.start(), found.end()):
            return None
        rest = form[found.end() :]
        kind = next((kind for kind in DOCUMENT_KINDS if rest.startswith(kind)), "")
        if kind and len(kind) > 1:
            return Reference(found.start(), found.end(), (kind,))
        nouns = _nouns(asked, found.end())
        return Reference(found.start(), found.end(), nouns) if nouns else None
    return None


def _nouns(asked: Wording, start: int) -> tuple[str, ...]:
    """The words right after a pointing word, and fewer and fewer of them: 服务站周六, 服务站."""
    ends: list[int] = []
    for one in asked.segments:
        if one.end <= start:
            continue
        if one.start > (ends[-1] if ends else start) or not one.is_word or one.end - start > _LONGEST_NOUN:
            break
        ends.append(one.end)
    nouns = [asked.form[start:end] for end in reversed(ends)]
    return tuple(noun for noun in nouns if len(noun) > 1 or noun in _SHORT)
