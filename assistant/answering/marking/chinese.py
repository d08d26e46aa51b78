"""Words of a Chinese sentence that may answer who, where, which, what, how, and what something is called or means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.marking.names import organisations, people, places
from assistant.answering.marking.persons import no_person, somebody
from assistant.answering.marking.slots import after_anchor, before_anchor, trimmed
from assistant.answering.marking.view import Fit, Put, View
from assistant.text.tokens import Tokens

_LOCATED = re.compile(
    r"(?:位[于处]|[坐座]落[于在]?|地处|分布[于在]|[产生]于|出生[于在]|葬于|建于|设[于在]|栖息[于在]|聚居[于在])"
    r"(?P<place>[^,。;的()]{2,30})"
)
_MEANS = re.compile(r"(?:通过|经由|利用|采用|凭借|借助)[^,。;]{2,40}|以[^,。;]{2,30}(?:方式|方法|手段|形式)")
_WORK = re.compile(
    "[书文章歌曲剧戏片影]$|作品|小说|节目|专辑|名著|著作|杂志|刊物|法律|法规|文件|办法|条例|游戏|漫画|动画"
)
_TITLE = re.compile("《[^《》]+》(?:[、和与及]?《[^《》]+》)*")

# Words for a name: what a question asks by the first, a sentence gives by the second.
_NAMES = re.compile(
    "又[叫名称]|[别俗简全旧原本学艺笔]名|[别俗简全旧]称|外号|绰号|昵称|[英中]文名|[亦也]称|[亦也]叫|字号"
)
_ANY_OTHER_NAME = re.compile("又[名称叫]|[亦也]称|[亦也]叫|[亦也]名|别[名称]|俗[称名]|或称|被称|简称")
_CALLED = tuple(
    (re.compile(asked), re.compile(given))
    for asked, given in (
        ("简称", "简称"),
        ("全[称名]", "全[称名]"),
        ("[原本]名", "[原本]名"),
        ("学名", "学名"),
        ("俗[名称]", "俗[名称]"),
        ("旧[称名]", "旧[称名]|原名|前称"),
        ("英文名", "英文名称?"),
        ("中文名", "中文名称?"),
        ("艺名", "艺名"),
        ("笔名", "笔名"),
        ("外号|绰号|昵称", "外号|绰号|昵称|人称"),
    )
)
_NAMED = re.compile(r"[为作是做之]*[:“\"「]*")
_NAME_END = re.compile(r"[,。;!?()]")
_LONGEST_NAME = 30

_TOPIC = re.compile(r".*(?:中|里|上|,)")
_IS = re.compile(r"[\"”」》]?(?:\([^()]*\))?,?(?:是指|指的是|系指|是|指|即|意为|意思是|意指|为)")
_SENTENCE_END = re.compile("[。;]")


def chinese(put: Put, view: View, tokens: Tokens) -> Iterator[Fit]:
    """What fits the kind that is asked for, of those kinds that are not told by a pattern alone."""
    kind = put.asked.kind
    if kind == "definition":
        yield from _defined(put, view)
    elif kind == "manner":
        yield from ((trimmed(view.text, *match.span()), 1.0) for match in _MEANS.finditer(view.text))
    elif kind == "name" and _NAMES.search(put.text):
        yield from _called(put, view)
    elif kind == "person":
        known = somebody(put, view, tokens)
        fits = known if known is not None else _someone(put, view, tokens)
        yield from ((span, fit) for span, fit in fits if not no_person(put, view, span))
    else:
        if kind == "place":
            yield from _named(put, view, tokens)
        elif _WORK.search(put.asked.noun):
            yield from ((match.span(), 1.5) for match in _TITLE.finditer(view.text))
        yield from led_to(put, view)


def _someone(put: Put, view: View, tokens: Tokens) -> Iterator[Fit]:
    yield from _named(put, view, tokens)
    yield from led_to(put, view)


def led_to(put: Put, view: View) -> Iterator[Fit]:
    """Where the question's own words lead."""
    following = after_anchor(put.text, put.asked, view.text)
    before = before_anchor(put.text, put.asked, view.text)
    if following is not None:
        yield following[0], 0.5 + 0.15 * min(following[1], 6)
    elif before is not None:
        yield before[0], 0.3 + 0.15 * min(before[1], 6)


def _named(put: Put, view: View, tokens: Tokens) -> Iterator[Fit]:
    words = tokens.tagged(view.text)
    if put.asked.kind == "person":
        yield from ((span, 1.0) for span in people(view.text, words))
        yield from ((span, 0.8) for span in organisations(view.text, words))
    else:
        yield from ((span, 0.8) for span in places(view.text, words))
        yield from ((trimmed(view.text, *match.span("place")), 1.4) for match in _LOCATED.finditer(view.text))


def _called(put: Put, view: View) -> Iterator[Fit]:
    """What follows the word for a name that the question uses."""
    word = next((given for asked, given in _CALLED if asked.search(put.text)), _ANY_OTHER_NAME)
    for match in word.finditer(view.text):
        link = _NAMED.match(view.text, match.end())
        begin = link.end() if link else match.end()
        start, end = trimmed(view.text, begin, view.until(_NAME_END, begin))
        if 0 < end - start <= _LONGEST_NAME:
            yield (start, end), 1.0


def _defined(put: Put, view: View) -> Iterator[Fit]:
    """What follows 是, 指 or 即 after the word that is to be explained."""
    word = (put.asked.noun or _TOPIC.sub("", put.before)).strip(' ?的"“”「」《》是')
    place = view.text.find(word) if len(word) > 1 else -1
    link = _IS.match(view.text, place + len(word)) if place >= 0 else None
    if link:
        yield trimmed(view.text, link.end(), view.until(_SENTENCE_END, link.end())), 1.0
