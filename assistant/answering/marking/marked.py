"""The words within a sentence that give the answer, by rules on its surface; rather none than wrong ones.

Words of the kind that is asked for are compared by how near the question's words they stand, and by whether what is
before and after them in the sentence is so around what asks in the question. What the question says itself is never
the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.kinds import Asked, KindName, asking
from assistant.answering.marking.against import fits_less, names_its_part, ruled_out
from assistant.answering.marking.chinese import chinese, led_to
from assistant.answering.marking.english import english
from assistant.answering.marking.given import english_numbers, number_units, numbers, reasons
from assistant.answering.marking.table import cell
from assistant.answering.marking.view import CJK_SIGN, WORD, Fit, Put, View, view_of
from assistant.text.dates import dates
from assistant.text.marks import Span
from assistant.text.tokens import Term, Tokens, holds, stem

_FORMED = frozenset[KindName](("date", "number", "person", "place", "name"))
_MOST_ASKED = 2  # things that one question asks for (who and when)
_LEAD = 0.1  # the best words are marked where they are so much better than the next
_NEAR, _NEAR_ENGLISH = 6.0, 18.0  # characters at which nearness is a half
_SHARED_SIGN, _MOST_SHARED = 0.15, 5  # for each character around that is so in the question

_ROW = re.compile("、[^,。;、]{1,8}")
_LABEL = re.compile(
    r"\s*(?:第[\d一二三四五六七八九十百千零〇]+[条款项章节]\s*|\([\d一二三四五六七八九十]+\)\s*|[①-⒇]\s*|[一二三四五六七八九十]{1,3}、\s*"
    r"|\d{1,3}(?:、|\.(?!\d)|\))\s*)+"
)  # of an article or item
_SAYS_NOTHING_ALONE = re.compile(
    "[经由被因而其与及在也并就所将者是为之]+|因此|所以|正式|开始|首先|最主要|后来|其中|以及|可以|可能"
)
_CLAUSE = re.compile("[,，。;；!！?？:：]")
_CODE = re.compile("(?:编号|号码|电话|热线|代码|代号|邮编|账号|学号|车次|型号)[是为]?$")
_SAYS_NOTHING = frozenset(("the", "of", "and", "a", "an"))
_NO_NOUN = frozenset("的为是在和与于来而才可能会要有被把将从到就也都上中里下")


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
    is_cjk = CJK_SIGN.search(read.text) is not None
    found: list[Span] = []
    for asked in read.asked[:_MOST_ASKED]:
        put = Put(read.text, _with_noun(asked, tokens), tuple(terms), is_cjk)
        within = cell(put, text, start, end)
        if within is not None:
            found.append(within)
            continue
        best = _best(put, view, tokens)
        if best is not None:
            found.append(view.span(best.start, best.end))
    merged: list[Span] = []
    for left, right in sorted(found):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return tuple(merged)


def offers(question: str, terms: Sequence[Term], tokens: Tokens, text: str, start: int, end: int) -> bool:
    """Whether text[start:end] has words that could be what is asked for: of every date, number, name … that is asked.

    True where the question asks for nothing that has such a form.
    """
    read = asking(question)
    view = view_of(text, start, end)
    is_cjk = CJK_SIGN.search(read.text) is not None

    def has(asked: Asked) -> bool:
        put = Put(read.text, asked, tuple(terms), is_cjk)
        return any(
            not _is_said(put.text, view.text[slice(*span)]) and not ruled_out(put, view, span)
            for span, _ in _candidates(put, view, tokens)
        )

    wanted = [asked for asked in read.asked[:_MOST_ASKED] if asked.kind in _FORMED]
    return all(has(asked) or (asked.kind == "name" and has(replace(asked, kind="person"))) for asked in wanted)


def _with_noun(asked: Asked, tokens: Tokens) -> Asked:
    """The first word of what follows 哪个 or 什么 is the noun, unless it is none."""
    if asked.kind != "thing" or not CJK_SIGN.search(asked.noun):
        return asked
    first = tokens.tagged(asked.noun)[0]
    noun = "" if asked.noun[0] in _NO_NOUN else asked.noun[: first.end]
    return replace(asked, noun=noun, end=asked.end - len(asked.noun) + len(noun))


def _best(put: Put, view: View, tokens: Tokens) -> _Candidate | None:
    """The candidate that stands out; none where two are about as good."""
    label = _LABEL.match(view.text)
    first = label.end() if label else 0
    unlabelled = (((max(span[0], first), span[1]), fit) for span, fit in _candidates(put, view, tokens))
    given = [
        (span, fit)
        for span, fit in unlabelled
        if span[0] < span[1]
        and not _is_said(put.text, view.text[span[0] : span[1]])
        and not _SAYS_NOTHING_ALONE.fullmatch(view.text, *span)
        and not ruled_out(put, view, span)
    ]
    if put.asked.kind == "number" and view.is_cjk:
        parts = [(span, fit) for span, fit in given if names_its_part(put, view.text, span)]
        given = parts or [(span, fit - fits_less(put, view.text, span)) for span, fit in given]
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
    return None if _is_one_of_a_row(best, scored, view, places) else best


def _is_one_of_a_row(
    best: _Candidate, scored: Sequence[_Candidate], view: View, places: Sequence[tuple[float, list[Span]]]
) -> bool:
    """Whether a sentence lists several (甲类60元、乙类80元), and no word of the question says which."""
    held = [place for _, spans in places for place in spans]
    for other in scored:
        left, right = sorted(((best.start, best.end), (other.start, other.end)))
        if left[1] < right[0] and _ROW.fullmatch(view.text, left[1], right[0]):
            first = max(view.text.rfind(sign, 0, left[0]) for sign in "为是:,、") + 1
            if not any(left[1] <= a < right[0] or first <= a < left[0] for a, _ in held):
                return True
    return False


def _candidates(put: Put, view: View, tokens: Tokens) -> Iterator[Fit]:
    kind, noun = put.asked.kind, put.asked.noun
    if kind == "date":
        yield from ((span, 1.0) for span in dates(view.text, noun=noun))
        if noun[-1:] in ("期", "代"):  # 什么时期
            yield from led_to(put, view)
    elif kind == "number" and view.is_cjk:
        yield from _numbers(put, view)
    elif kind == "number":
        yield from english_numbers(view.text, noun)
    elif kind == "reason":
        yield from reasons(view.text, is_cjk=view.is_cjk)
    elif not view.is_cjk:
        yield from english(put, view)
    elif put.is_cjk:
        yield from chinese(put, view, tokens)


def _numbers(put: Put, view: View) -> Iterator[Fit]:
    if _CODE.search(put.before):
        yield from led_to(put, view)
        return
    units = number_units(put.asked.noun, put.text)
    found = list(numbers(view.text, units))
    if not found and len(units) == 1:  # 多少押金: what was taken for a unit is none
        found = list(numbers(view.text, number_units("", put.text)))
    yield from found
    if not units:
        yield from led_to(put, view)


def _is_said(question: str, words: str) -> bool:
    """Whether the question says the words itself, or they say nothing."""
    plain = words.strip(" ,.;:").casefold()
    if not plain.isascii():
        return plain in question
    asked = {stem(word) for word in WORD.findall(question)}
    return all(stem(word) in asked or word in _SAYS_NOTHING for word in WORD.findall(plain))


def _places(put: Put, view: View) -> list[tuple[float, list[Span]]]:
    """The question's words: how much each weighs, and where the sentence has it."""
    found: list[tuple[float, list[Span]]] = []
    latin = view.stems()
    for term in put.terms:
        if term.is_cjk:
            held = [(match.start(), match.end()) for match in re.finditer(re.escape(term.folded), view.text)]
        else:
            held = [span for word, span in latin if word == term.folded]
        held += [(place, place + len(name)) for name in term.others for place in holds(view.text, name)]
        if held:
            found.append((float(min(len(term.folded), 4)) if term.is_cjk else 2.0, held))
    return found


def _nearness(view: View, span: Span, places: Sequence[tuple[float, list[Span]]]) -> float:
    """How near the question's words stand, 0 to 1; a clause's end between is as far as a dozen characters."""
    total = sum(weight for weight, _ in places)
    if not total:
        return 0.0
    scale = _NEAR if view.is_cjk else _NEAR_ENGLISH
    reached = 0.0
    for weight, held in places:
        nearest = min(_distance(view, span, place, 2 * scale) for place in held)
        reached += weight / (1 + nearest / scale)
    return reached / total


def _distance(view: View, one: Span, other: Span, clause: float) -> float:
    left, right = (one[1], other[0]) if one[0] < other[0] else (other[1], one[0])
    return 0.0 if right <= left else right - left + clause * len(_CLAUSE.findall(view.text, left, right))


def _context(put: Put, view: View, span: Span) -> float:
    """How much of what stands around words is so around what asks, 0 to 1.5; only Chinese keeps the order."""
    if not (put.is_cjk and view.is_cjk):
        return 0.0
    before = _shared(put.before[::-1], view.text[: span[0]][::-1])
    after = _shared(put.after, view.text[span[1] :])
    return _SHARED_SIGN * (before + after)


def _shared(first: str, second: str) -> int:
    """The length of the common beginning, as far as it counts."""
    length = 0
    while length < min(len(first), len(second), _MOST_SHARED) and first[length] == second[length]:
        length += 1
    return length
