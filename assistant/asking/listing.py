"""Questions for every mention: 列出所有提到X的段落, where is X mentioned. A list is their answer."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.asking.standing import Standalone
from assistant.text.normal import has_chinese, literal, literal_with_offsets
from assistant.types import Answer, IndexState, Mentions, Refusal

_LONGEST = 40  # characters of the words that are looked for: longer ones are an ordinary question's
_PLACES = r"段落|段|地方|位置|资料|文件|文档|文章|文本|文字|材料|句子|条文|条款|章节|章|节|内容|原文|部分|篇目|处|页"
_TEXTS = r"段落|段|资料|句子|条款|文字|文件|文档|文章|文本|材料|条文|章节|页|篇"
# What names a kind of document: with these only what is mentioned is asked for, as 包含押金的规定 asks for the rules.
_KINDS_SAID = (
    r"会议纪要|纪要|通知书?|通告|公告|公报|办法|规定|规章制度|规章|制度|条例|细则|规则|守则|章程|法律法规|法规|法律|报告|意见|决定|决议"
    r"|方案|预案|规划|计划|纲要|合同|协议|函件?|批复|判决书|指南|手册|须知|讲话|新闻|稿件|邮件|信件|帖子|标准|简报|日记|随笔|散文"
)
_PLACES_SAID = rf"{_PLACES}|{_KINDS_SAID}"
_TEXTS_SAID = rf"{_TEXTS}|{_KINDS_SAID}"
_COUNTED = r"[个处段篇份条项部封章节句页]"
_SAY = r"提到|提及|提過|谈到|谈及|讲到|说到|写到|言及"
_HOLD = r"含有|包含|含|出现|包括|带有|写有|写着|使用"
_NAMED = r"[\"“「『‘'](?P<quoted>[^\"”」』’']+)[\"”」』’'](?:这个词|一词|这几个字|字样|这个概念|二字|的)?"
_WORDS = r"(?P<words>.+?)(?:这个词语?|一词|这几个字|字样|这个概念|二字|两个字|三个字)?"
_LIBRARY = r"(?:文库|资料库|库|资料|文件夹?|文档|文本|文章|文|书|材料|语料)(?:里面|里|中|内|当中)"
SCOPE = (
    r"(?:请问?|麻烦|帮我|给我|帮忙|我想(?:知道)?|想知道|那么?|再)*"
    rf"(?:在)?(?:(?:我的|整个|全部|所有的?|这些|这个|这份|全)?{_LIBRARY}|全文)?[,，]?(?:都)?"
)
ALL = r"(?:出|一下|全部|所有|一切|每一?[个处段篇]?|各处|全文|的|里|中)*"
VERB = (
    r"(?:列出来?|列举出?|列一下|罗列|找出来?|找到|找"
    r"|查找|查出|查一下|查|搜索|搜出|搜一下|搜|检索|显示|给出|摘出|摘录|标出|汇总|看看)"
)
_DO = r"(?:了|过|到)*"

_CHINESE = tuple(
    re.compile(pattern)
    for pattern in (
        # 列出所有提到X的段落
        *(
            rf"{SCOPE}(?:{VERB}{ALL}|(?:所有|全部|一切){ALL})(?:{verb}){_DO}(?:{_NAMED}|{_WORDS})的?(?:所有"
            rf"|全部|每一?{_COUNTED}?)?(?:{noun})(?:有哪些|都有哪些|在哪里?|出来)?"
            for verb, noun in ((_SAY, _PLACES_SAID), (_HOLD, _PLACES))
        ),
        rf"{SCOPE}{VERB}(?:出|一下)?(?:{_NAMED}|{_WORDS})(?:的)?(?:所有|全部|每一?[个处])(?:的)?(?:出处|出现|位置"
        rf"|地方|提及|提到的地方|提到之处)",
        # 哪些地方提到了X
        rf"{SCOPE}(?:有)?(?:哪些|哪几{_COUNTED}?|什么|哪个|哪一?{_COUNTED})(?:{_PLACES_SAID})(?:里|中|里面|上)?(?:都"
        rf"|曾|有)?(?:{_SAY}){_DO}(?:{_NAMED}|{_WORDS})",
        rf"{SCOPE}(?:有)?(?:哪里|哪儿|何处)(?:都|曾|有)?(?:{_SAY}){_DO}(?:{_NAMED}|{_WORDS})",
        rf"{SCOPE}(?:有)?(?:哪些|哪几[个处段篇份]?|哪个|哪一?[段篇份])(?:{_TEXTS})(?:里|中|里面|上)?(?:都|曾"
        rf"|有)?(?:{_SAY}|含有|包含|出现){_DO}(?:{_NAMED}|{_WORDS})",
        rf"{SCOPE}(?:有)?(?:哪些|哪几[个处]|什么|哪里|哪儿)(?:{_PLACES})?(?:里|中|上)?(?:都)?(?:{_HOLD}){_DO}{_NAMED}",
        # 提到“X”的段落
        rf"{SCOPE}(?:所有|全部|一切)?(?:{_SAY}|{_HOLD}){_DO}{_NAMED}的?(?:所有|全部)?(?:{_PLACES_SAID})",
        rf"{SCOPE}(?:{_SAY}){_DO}{_WORDS}的(?:所有|全部)?(?:{_TEXTS_SAID})(?:有哪些|都有哪些)?",
        # X出现在哪些文件里
        rf"{SCOPE}{_NAMED}(?:都)?(?:出现|见|用)(?:过|了)?(?:在|于)?(?:了)?(?:哪些|哪几[个处]|哪个|什么|哪里|哪儿"
        rf"|何处)(?:{_PLACES})?(?:里|中|里面|上)?",
        rf"{SCOPE}{_WORDS}(?:都)?出现(?:过|了)?(?:在|于)(?:了)?(?:哪些|哪几[个份篇段]|哪个)(?:{_TEXTS_SAID})(?:里|中"
        rf"|里面|上)?",
        rf"{SCOPE}(?:{_NAMED}|{_WORDS})(?:都)?在(?:哪些|哪几{_COUNTED}?|哪个|什么)(?:{_PLACES_SAID})(?:里|中"
        rf"|里面"
        rf"|上)?(?:都)?(?:被)?(?:{_SAY})(?:过|了)*",
        rf"{SCOPE}(?:{_NAMED}|{_WORDS})(?:都)?在(?:哪里|哪儿|何处)(?:都)?(?:被)?(?:{_SAY})(?:过|了)*",
        rf"{SCOPE}(?:{_NAMED}|{_WORDS})(?:都)?在(?:哪些|哪几[个份篇段]?|哪个)(?:{_TEXTS_SAID})(?:里|中|里面"
        rf"|上)?(?:都)?出现(?:过|了)*",
        # 提到X的有几处, 有多少处提到X
        *(
            rf"{SCOPE}(?:所有|全部)?(?:{verb}){_DO}(?:{_NAMED}|{_WORDS})的(?:{noun})?(?:一共|总共|共)?(?:都)?(?:有|是)?"
            rf"(?:几|多少|哪些?|哪几)(?:{_PLACES}|{_COUNTED}|次)?(?:{noun})?"
            for verb, noun in ((_SAY, _PLACES_SAID), ("含有|包含", _PLACES))
        ),
        *(
            rf"{SCOPE}(?:一共|总共|共)?有?(?:几|多少){_COUNTED}?(?:{noun})(?:里|中)?(?:{verb}){_DO}(?:{_NAMED}|{_WORDS})"
            for verb, noun in ((_SAY, _PLACES_SAID), ("含有|包含|出现", _PLACES))
        ),
        rf"{SCOPE}(?:{_NAMED}|{_WORDS})(?:在文中|在文本中|在全文中|在库里|在资料库中)?(?:一共|总共"
        rf"|共)?(?:被)?(?:{_SAY})(?:过|了)*(?:多少|几)(?:次|处|遍|回)",
        rf"{SCOPE}{_NAMED}(?:在文中|在文本中|在全文中)?(?:一共|总共|共)?出现(?:过|了)*(?:多少|几)(?:次|处|遍|回)",
    )
)
_KINDS = (
    r"(?:passages?|places?|paragraphs?|documents?|docs?|files?|sections?|sentences?|texts?|pages?|lines?|articles?"
    r"|chapters?|parts?|clauses?|provisions?|papers?|records?|notices?|announcements?|circulars?|(?:meeting )?minutes"
    r"|reports?|memos?|memorand(?:um|a)|letters?|e-?mails?|messages?|policy|policies|regulations?|contracts?|agreements?|guides?"
    r"|guidelines?|manuals?|handbooks?|plans?|judge?ments?|speech(?:es)?|news|posts?|notes?)"
)
_MENTION = r"(?:mention(?:s|ed|ing)?|nam(?:es?|ed|ing)|refer(?:s|red|ring)? to|cit(?:es?|ed|ing))"
_QUOTED = r"[\"“'‘](?P<quoted>[^\"”]+?)[\"”'’]"
_NAMES = rf"(?:the (?:words?|terms?|phrase) )?(?:{_QUOTED}|(?P<words>[^\"“?]+?))"
_IN = r" (?:in|within|across|throughout) (?:the |my |all |our |these |all the )?"
_IN_TEXTS = rf"(?:{_IN}(?:texts?|documents?|files?|library|folder|passages?))?"
PLEASE = r"(?:(?:please|can you|could you|and|then) )*"
_ENGLISH = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{PLEASE}(?:list|show|find|give|get|display)(?: me)?(?: all| every| each"
        rf"| any)?(?: of)?(?: the)? {_KINDS}(?: (?:that|which|where))? (?:{_MENTION}|contain(?:s|ing)?"
        rf"|with the (?:words?|phrase|term)) {_NAMES}{_IN_TEXTS}",
        rf"{PLEASE}(?:list|show|find|give|get|display)(?: me)?(?: all| every| each)?(?: of)?(?: the)? (?:mentions?"
        rf"|occurrences?|appearances?) of {_NAMES}{_IN_TEXTS}",
        rf"(?:all|every|each)(?: the)? (?:mentions?|occurrences?) of {_NAMES}{_IN_TEXTS}",
        rf"(?:all|every)(?: the)? {_KINDS}(?: (?:that|which))? (?:{_MENTION}|contain(?:s|ing)?) {_NAMES}{_IN_TEXTS}",
        rf"where (?:is|are|was|were|do (?:they|the {_KINDS})|does (?:it|the {_KINDS})) {_NAMES} (?:mentioned|named"
        rf"|referred to|cited){_IN_TEXTS}",
        rf"where (?:do|does) (?:the |my |these )?{_KINDS} {_MENTION} {_NAMES}",
        rf"where (?:do|does) (?:the (?:words?|terms?|phrase) )?{_QUOTED} (?:appear|occur|come up){_IN_TEXTS}",
        rf"where (?:do|does) {_NAMES} (?:appear|occur|come up) (?:in|within|across|throughout) (?:the |my |all "
        rf"|our |these |all the )?(?:texts?|documents?|files?|library|folder|passages?)",
        rf"(?:which|what|how many) {_KINDS}(?: of the (?:library|texts|documents))? (?:{_MENTION}|contain(?:s"
        rf"|ing)? (?=[\"“]|the (?:words?|terms?|phrase) )) ?{_NAMES}",
        rf"how (?:many times|often) (?:is|are|was|were) {_NAMES} mentioned{_IN_TEXTS}",
    )
)
_KIND_SAID = re.compile(
    rf"{_KINDS_SAID}|\b(?:notices?|announcements?|circulars?|minutes|reports?|memos?|letters?|policy|policies|contracts?"
    r"|agreements?|guides?|handbooks?|manuals?|judge?ments?)\b"
)
_ASKS = re.compile(
    r"什么|甚么|谁|哪|多少|几[个次项种年]|怎|如何|为何|是否|吗|呢|[?？。；;！!]|\b(?:what|who|how|why|when|which"
    r"|where)\b",
    re.I,
)
_AND = re.compile(
    r"\s*(?:、|以及|(?<![共饱缓总温调中柔暖随附混亲人议求讲媾])和(?![平谐解睦约田县尚蔼气声服])"
    r"|(?<![参赠授给相])与(?![会其否时众日世])"
    r"|(?<![普涉波危埃提触以论推遍])及(?![时格其早第])|,|，|\band\b|&)\s*",
    re.I,
)
_OR = re.compile(r"或者?|\bor\b|/", re.I)
_EDGES = " \t　,，、:：《》\"“”「」『』‘’'"
_CLOSING = " \t\n　?？!！。.~～…"


def wanted(question: str) -> str | None:
    """The words that a question wants every mention of, as a search for mentions takes them; None for any other.

    “Words in quotation marks” are one; 提到A和B的段落 means passages that hold both.
    """
    place = words_of(question)
    if place is None:
        return None
    start, end = place
    found = question[start:end]
    if question[start - 1 : start] in tuple("\"“「『‘'") and start:
        return f"“{found.strip()}”"
    return searched(found)


def searched(found: str) -> str | None:
    """Words of a question as a search for mentions takes them: A和B are two; None where they are none."""
    quoted = re.findall(r"[\"“「『]([^\"”」』]+)[\"”」』]", found)
    parts = quoted or _AND.split(found)
    if any(len(part.strip(_EDGES)) < 2 and not quoted for part in parts) and len(parts) > 1:
        parts = [found]
    parts = [re.sub(r"^(?:the|an?)\s+", "", part.strip(_EDGES), flags=re.I) for part in parts]
    return " ".join(f"“{part}”" if len(part.split()) > 1 or quoted else part for part in parts if part) or None


def kind_asked(question: str) -> str:
    """The kind of documents that a question for mentions is kept to: 通知 of 列出提到X的通知; "" for any text."""
    place = words_of(question)
    if place is None:
        return ""
    outside = literal(question[: place[0]] + "\n" + question[place[1] :])
    found = _KIND_SAID.search(outside)
    return found[0] if found else ""


def plain(question: str) -> tuple[str | None, bool]:
    """A question's literal form without what closes it, None where no form of a list is so long; whether in Chinese."""
    form = literal(question).rstrip(_CLOSING)
    chinese = re.search(r"[\u3400-\u9fff]", form) is not None
    form = re.sub(r"(?:呢|啊|呀|吗)$", "", form).rstrip() if chinese else form
    return (form if 3 < len(form.lstrip()) <= _LONGEST * 3 else None), chinese


def is_no_name(words: str) -> bool:
    """Whether words that a form would look for are a question of their own, or too long."""
    return bool(_ASKS.search(words) or _OR.search(words)) or len(words) > _LONGEST or words.startswith("的")


def words_of(question: str) -> tuple[int, int] | None:
    """Where the words stand that a question wants every mention of, without their quotation marks."""
    form, offsets = literal_with_offsets(question)
    plain = form.rstrip(_CLOSING)
    plain = re.sub(r"(?:呢|啊|呀|吗)$", "", plain).rstrip() if not plain.isascii() else plain
    shift = len(plain) - len(plain.lstrip())  # spaces before the question
    if not 3 < len(plain) - shift <= _LONGEST * 3:
        return None
    for pattern in _CHINESE if has_chinese(plain) else _ENGLISH:
        found = pattern.fullmatch(plain, shift)
        if found is None:
            continue
        group = "quoted" if found.groupdict().get("quoted") else "words"
        if group not in found.groupdict() or not found[group]:
            continue
        words = found[group]
        if group == "words" and is_no_name(words):
            continue
        if not any(sign.isalnum() for sign in (words if group == "quoted" else words.strip("的了过到"))):
            continue
        return offsets[found.start(group)], offsets[found.end(group)]
    return None


def answer(
    question: str, alone: Standalone, found: Mentions, index: IndexState, timings_ms: Mapping[str, float]
) -> Answer:
    """The answer that a list of mentions is; a refusal that names the words where there are none."""
    refusal = None
    if not found.passages:
        words = "、".join(found.words)
        if has_chinese(question):
            together = "同时" if len(found.words) > 1 else ""
            refusal = Refusal(f"没有哪一段文本{together}提到：{words}。", found.words)
        else:
            refusal = Refusal(f"No passage of the texts mentions {' and '.join(found.words)}.", found.words)
    return Answer(
        question,
        (),
        (),
        (),
        1.0 if refusal is None else 0.0,
        refusal,
        index,
        timings_ms,
        asked=alone.question if alone.question != question else "",
        added=alone.added,
        mentions=found,
    )
