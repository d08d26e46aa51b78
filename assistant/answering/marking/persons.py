"""Who somebody is: the person who has an office (站长是谁), or the office of a person (何秀兰是谁)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.marking.names import is_role, organisations, people
from assistant.answering.marking.view import Fit, Put, View
from assistant.text.marks import Span
from assistant.text.tokens import Tokens

_WHO = re.compile(
    r"(?:请问|想问|问一?下)?(?P<first>[^,?]{2,40}?)(?:是|叫|为)$|^是(?P<second>[^,?]{2,40}?)[呢啊呀吗?]*$"
)
_ENDS = re.compile("[呢啊呀吗?]*")
_LONGEST = 12  # characters of what is said of a person; a foreign name may be longer
_LONGEST_FOREIGN = 24
_IS = re.compile("现?(?:任)?(?:是|为|系|叫|由|:|一职由)")
_LINKS = re.compile(r"(?:现?(?:任|任由)?(?:是|为|系|叫|由|:)|一职由)?[\"“( ]?")
_HOLDS = re.compile("(?:兼任|担任|出任|接任|当选为?|任命为|任)[^,。;是]{0,8}?$")
_FORMER = ("副", "前", "原", "代")
_NO_SIGN = re.compile(r"[,。;!?|]|\d|^[一两二三四五六七八九十几]+[次个名位人遍回天年月日]$")


def who_is(put: Put) -> str:
    """The one of whom it is asked who that is: an office or a name; empty where something else is asked."""
    match = _WHO.search(put.before) if _ENDS.fullmatch(put.after) else None
    if match and match["first"]:
        return match["first"].strip()
    match = _WHO.search(put.after) if not put.before.strip() else None
    return match["second"].strip() if match and match["second"] else ""


def somebody(put: Put, view: View, tokens: Tokens) -> Iterator[Fit] | None:
    """What answers who an office's holder or a person is; None where neither is asked for."""
    subject = who_is(put)
    if not subject:
        return None
    words = tokens.tagged(subject)
    last = subject[words[-1].start :]
    office = last if len(last) > 1 else subject[-2:]
    if is_role(last) or (len(last) == 1 and is_role(office)):
        return _holder(put, view, tokens, office) if office in view.text else None
    if len(subject) <= 4 and (0, len(subject)) in people(subject, words):
        return _office(view, tokens, subject)
    return None


def _holder(put: Put, view: View, tokens: Tokens, office: str) -> Iterator[Fit]:
    """The name beside the office: 站长王明, 站长是王明, 王明任站长, 由王明担任站长."""
    text = view.text
    words = tokens.tagged(text)
    named = {*people(text, words)}
    roles = {*organisations(text, words)}
    for match in re.finditer(re.escape(office), text):
        if any(text.endswith(sign, 0, match.start()) and sign + office not in put.text for sign in _FORMER):
            continue
        link = _LINKS.match(text, match.end())
        starts = {match.end(), link.end()} if link else {match.end()}
        if text.startswith(("兼", "、"), match.end()):  # 董事长兼总经理张伟
            starts |= {right for left, right in roles if left <= match.start() and match.end() < right}
        said = _IS.match(text, match.end())
        for start, end in named:
            if start in starts or (_HOLDS.search(text[end : match.start()]) and match.start() - end < _LONGEST):
                yield (start, end), 1.2
            elif said and any(role[0] == said.end() and role[1] == start for role in roles):
                yield (said.end(), end), 1.2  # 由校长陈志远担任
        for start, end in roles:
            follows = said is not None and start == said.end()
            by = text.endswith("由", 0, start) and _HOLDS.fullmatch(text, end, match.start()) is not None
            short = end - start <= _LONGEST and not any(start < left <= end for left, _ in named)
            if short and (follows or by):
                yield (start, end), 1.0


def _office(view: View, tokens: Tokens, name: str) -> Iterator[Fit]:
    """The office that stands before a name (会计何秀兰), or what the name is said to be (何秀兰是会计)."""
    text = view.text
    roles = [*organisations(text, tokens.tagged(text))]
    for match in re.finditer(re.escape(name), text):
        for start, end in roles:
            if end == match.start():
                yield (start, end), 1.0
        said = re.compile("现?(?:是|为|系|担任|任)").match(text, match.end())
        if said:
            end = view.until(re.compile("[,。;!?|]"), said.end())
            if 1 < end - said.end() <= 2 * _LONGEST:
                yield (said.end(), end), 1.2


def no_person(put: Put, view: View, span: Span) -> bool:
    """Whether words cannot say who: a clause, a date, a piece of a name that the question says, or too long."""
    said = view.text[span[0] : span[1]]
    longest = _LONGEST_FOREIGN if any(sign in said for sign in "·・‧") else 2 * _LONGEST
    if len(said) > longest or _NO_SIGN.search(said):
        return True
    subject = who_is(put)
    if not subject:
        return False
    places = (match.span() for match in re.finditer(re.escape(subject), view.text))
    return any(span[0] < right and left < span[1] for left, right in places)
