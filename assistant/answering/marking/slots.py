"""Where a sentence says what a question asks: the question's own words lead to the place.

“10号线巴沟站位于什么地方” and “…巴沟站位于海淀区巴沟路。” share the words up to what asks; what follows them in the
sentence answers. Both texts are literal forms (`assistant.text.normal`).
"""

from __future__ import annotations

import re

from assistant.answering.kinds import Asked
from assistant.text.marks import Span

_LONGEST = 40  # characters of an answer found so
_LINKS = "是为有了在的于由被叫做作称过把成给从到至以和跟与用都共约达即乃着呈"
_LIGHT = re.compile(  # possessive: 可以 is 可 and 以 as well, and a row of them could be read in very many ways
    rf"(?:可以|一共|总共|目前|主要|通常|一般|曾经|分别|需要|要|应当|应|可|会|能|等|应该|大约|最多|最少|至少|当时|现在|后来|属于|[{_LINKS}\s])++$"
)
_LINK = re.compile(
    rf"(?:\([^()]*\)|经(?![济营理费验贸典常过销])|主要|通常|一般|分别|一个|一种|一位|一名|一座|一所|包括|如下|大约|等于|属于|[{_LINKS}\s:“\"「『]|$)*"
)
_NAMES_IT = re.compile("[是为有]|包括")
_OPENS = frozenset('“"「『《(0123456789一二三四五六七八九十两约达')
_END = re.compile(r"[,。;!?\n]|(?<!\d):(?!\d)|$")
_TAIL = re.compile(r"^(?:的|了|过|着|呢|吗|啊|呀|等|来|去|所|而|才|就|\s|\?|,)+")


def after_anchor(question: str, asked: Asked, sentence: str) -> tuple[Span, int] | None:
    """What follows the words before what asks, up to those after it or the clause's end; and how many led there."""
    before = _LIGHT.sub("", question[: asked.start])
    place, shared = _longest_suffix(before, sentence)
    if shared < 2:
        return None
    start = _LINK.match(sentence, place).end()  # type: ignore[union-attr]  # it matches nothing, too
    if (
        start == place
        and _NAMES_IT.search(question, len(before), asked.start)
        and sentence[place : place + 1] not in _OPENS
    ):
        return None  # the words before 是 or 有 name something, and nothing here says that it is or has anything
    end = _END.search(sentence, start).start()  # type: ignore[union-attr]
    following = _TAIL.sub("", question[asked.end :])
    if len(following) > 1:  # 由哪个公司生产: the subject alone leads nowhere
        stop = _first_prefix(following, sentence, start, min(end, start + _LONGEST))
        if stop is None or stop[0] <= start:
            return None
        end, shared = stop[0], shared + stop[1]
    start, end = trimmed(sentence, start, end)
    return ((start, end), shared) if 0 < end - start <= _LONGEST else None


def before_anchor(question: str, asked: Asked, sentence: str) -> tuple[Span, int] | None:
    """What stands before the words after what asks, back to the clause's beginning."""
    following = _TAIL.sub("", question[asked.end :])
    found = _first_prefix(following, sentence, 0, len(sentence))
    if found is None:
        return None
    end, shared = found
    start = max((sentence.rfind(sign, 0, end) for sign in ",。;:!?\n"), default=-1) + 1
    lead = max(
        (
            start + match.end()
            for match in re.finditer("由|被|是|为|在|于|从|经(?![济营理费验贸])|[)”」]", sentence[start:end])
        ),
        default=start,
    )
    start, end = trimmed(sentence, lead, end)
    return ((start, end), shared) if 0 < end - start <= _LONGEST // 2 else None


def trimmed(sentence: str, start: int, end: int) -> Span:
    """Without white space, a closing 的 or 等, and quotation marks or brackets that have no other half."""
    while start < end and sentence[start] in " 、，,:;)）”」』’":
        start += 1
    while start < end and sentence[end - 1] in " 、，,:;的了。.(（“「『":
        end -= 1
    for opening, closing in ("“”", "()", "「」", "《》", "『』"):
        if sentence.count(opening, start, end) != sentence.count(closing, start, end):
            if sentence[start] == opening:
                start += 1
            elif sentence[end - 1] == closing:
                end -= 1
    return start, end


def _longest_suffix(words: str, sentence: str) -> tuple[int, int]:
    """Where the longest end of some words stands in a sentence (the end of it there), and its length."""
    best = (0, 0)
    for length in range(1, min(len(words), 12) + 1):
        place = sentence.find(words[-length:])
        if place < 0:
            break
        best = (place + length, length)
    return best


def _first_prefix(words: str, sentence: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the longest beginning of some words, of two characters or more, stands in sentence[start:end]."""
    for length in range(min(len(words), 8), 1, -1):
        place = sentence.find(words[:length], start, end)
        if place >= 0:
            return place, length
    return None
