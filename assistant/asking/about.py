"""Questions for the documents about something: 关于X的通知有哪些, which documents are about X."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.asking import listing
from assistant.text.normal import literal

# Nouns that only a document goes by, and those that may as well ask for what is ruled, planned or told.
_SURE = (
    r"会议纪要|纪要|会议记录|通知书?|通告|公告|文件|文档|文章|文本|材料|资料|条例|法律法规|法规|法律|合同|协议|邮件|简报|随笔|散文|稿件|篇目"
    r"|判决书?|指南|手册|须知"
)
_UNSURE = r"规章制度|规章|制度|规定|办法|细则|报告|意见|决定|方案|预案|规划|标准|新闻"
_DOCUMENTS = rf"(?P<kind>{_SURE}|{_UNSURE})"
_ABOUT = r"(?:关于|有关|涉及|针对|谈论?|讲述?|介绍)"
_WITH = r"(?:与|和|跟|同)"
_WORDS = r"(?:[\"“「『‘'](?P<quoted>[^\"”」』’']+)[\"”」』’']|(?P<words>.+?))"
_ARE = r"(?:都|一共|总共|共)?(?:有|是|包括)(?:哪些|哪几[份篇个部项条]|什么|多少|几[份篇个部项条])"
_HOW_MANY = r"(?:哪些|哪几[份篇个部项条]?|什么|多少[份篇个部项条]?|几[份篇个部项条])"
_SCOPE = listing.SCOPE
_CHINESE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_SCOPE}{_ABOUT}{_WORDS}(?:方面)?的(?:所有|全部)?{_DOCUMENTS}{_ARE}{_DOCUMENTS.replace('?P<kind>', '?:')}?",
        rf"{_SCOPE}{_WITH}{_WORDS}(?:有关|相关)的?(?:所有|全部)?{_DOCUMENTS}{_ARE}",
        rf"{_SCOPE}{_WORDS}(?:方面|相关)的?(?:所有|全部)?{_DOCUMENTS}{_ARE}",
        rf"{_SCOPE}(?:一共|总共|共)?有?{_HOW_MANY}(?:是)?{_ABOUT}(?:了|到|过)?{_WORDS}(?:方面)?的{_DOCUMENTS}",
        rf"{_SCOPE}(?:一共|总共|共)?有?{_HOW_MANY}{_WITH}{_WORDS}(?:有关|相关)的?{_DOCUMENTS}",
        rf"{_SCOPE}(?:有)?{_HOW_MANY}{_DOCUMENTS}(?:都)?(?:是)?{_ABOUT}(?:了|到|过|的是)?{_WORDS}(?:方面)?的?",
        rf"{_SCOPE}(?:有)?{_HOW_MANY}{_DOCUMENTS}(?:都)?(?:是)?{_WITH}{_WORDS}(?:有关|相关)的?",
        rf"{_SCOPE}{listing.VERB}{listing.ALL}{_ABOUT}{_WORDS}(?:方面)?的(?:所有|全部)?{_DOCUMENTS}",
        rf"{_SCOPE}{listing.VERB}{listing.ALL}{_WITH}{_WORDS}(?:有关|相关)的?(?:所有|全部)?{_DOCUMENTS}",
        rf"{_SCOPE}(?:所有|全部|一切){_ABOUT}{_WORDS}(?:方面)?的{_DOCUMENTS}",
    )
)
_KIND = (
    r"(?P<kind>documents?|docs?|files?|texts?|papers?|articles?|notices?|announcements?|circulars?|(?:meeting )?minutes"
    r"|reports?|memos?|letters?|e-?mails?|policy|policies|guides?|guidelines?|handbooks?|manuals?|contracts?|agreements?"
    r"|essays?|judge?ments?)"
)
_ON = (
    r"(?:about|regarding|concerning|(?:related|relating) to|(?:that |which )?(?:is |are )?(?:deal(?:s|ing)?|concerned)"
    r" with|(?:that |which )?(?:discuss(?:es)?|concerns?|covers?|are (?:about|on|related to)|is (?:about|on)))"
)
_NAMES = r"(?:the |an? )?(?:[\"“'‘](?P<quoted>[^\"”]+?)[\"”'’]|(?P<words>[^\"“?]+?))"
_HERE = r"(?: (?:are there|do (?:we|you|i) have|exist|is there|were there))?"
_ENGLISH = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{listing.PLEASE}(?:which|what|how many)(?: of the)? {_KIND}{_HERE}(?: are| is| were)? (?:{_ON}|on) {_NAMES}",
        rf"{listing.PLEASE}(?:list|show|find|give|get|display)(?: me)?(?: all| every| each| any)?(?: of)?"
        rf"(?: the| my| our)? {_KIND} (?:{_ON}|on) {_NAMES}",
        rf"(?:all|every)(?: the| my| our)? {_KIND} (?:{_ON}|on) {_NAMES}",
    )
)
_SURELY = re.compile(_SURE)


@dataclass(frozen=True, slots=True)
class About:
    """What the documents are about that a question asks for."""

    words: str  # as a search for mentions takes them
    kind: str  # of documents, as the question calls them: 通知
    is_sure: bool  # nothing but documents can be meant


def about(question: str) -> About | None:
    """What a question wants the documents about; None for any other question."""
    plain, chinese = listing.plain(question)
    if plain is None:
        return None
    for pattern in _CHINESE if chinese else _ENGLISH:
        found = pattern.fullmatch(plain.strip())
        if found is None:
            continue
        quoted = found["quoted"]
        words = f"“{quoted}”" if quoted else listing.searched(found["words"])
        if words is None or (not quoted and listing.is_no_name(found["words"])):
            continue
        kind = literal(found["kind"])
        return About(words, kind, not chinese or _SURELY.fullmatch(kind) is not None)
    return None
