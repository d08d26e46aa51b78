"""What a question names: titles, document numbers and parts of documents, and what it asks besides.

《某办法》第十二条怎么规定, 国发〔2021〕3号讲什么, 第三至五条, “Section 3 of the safety policy”. Here only the words are
read; `addressed` looks for what they name in a library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.addressing.parts import NUMBER, Part, named_parts, number
from assistant.text.normal import CJK, fold, literal, literal_with_offsets

_OPENING, _CLOSING = "《〈", "》〉"
_QUOTED = re.compile(r"「([^」]{2,80})」|“([^”]{2,80})”|\"([^\"]{2,80})\"|『([^』]{2,80})』")

_YEAR = rf"(?:(?:19|20)\d\d|{NUMBER})"
_COUNT = rf"(?:{NUMBER}|\d{{5,6}})"  # （2021）京01民终10023号
_OPEN, _CLOSE = r"[〔\[【(〖{]", r"[〕\]】)〗}]"
_DOCUMENT_NUMBER = re.compile(
    rf"(?P<who>[{CJK}a-z]{{0,16}})\s*{_OPEN}\s*{_YEAR}\s*年?{_CLOSE}\s*(?:第\s*)?{_COUNT}\s*号"
    rf"|{_OPEN}\s*(?:19|20)\d\d\s*{_CLOSE}\s*[{CJK}][{CJK}\d]{{1,14}}?(?:第\s*)?\d{{1,6}}\s*号(?:之[一二三四五六七八九十\d]{{1,3}})?"
    rf"|(?P<bare>[{CJK}]{{2,15}}[发函字规])\s*(?:19|20)\d\d\s*年?\s*第?\s*\d{{1,5}}\s*号"
    rf"|(?P<order>[{CJK}]{{2,16}}(?:令|公告))\s*第?\s*{NUMBER}\s*号"
    # 2024年第150号, in everyday words: where more follows, a storm or a building has that number
    rf"|(?P<said>[{CJK}]{{0,16}})(?<!\d)(?P<year>(?:19|20)\d\d)\s*年度?的?\s*(?:第\s*)?(?P<count>{_COUNT})\s*号"
    r"(?=\s*(?:$|[\W_]|文|通知|通告|公告|公文|函|令|批复|决定|意见|办法|规定|[的是说讲写]|主要|内容|里|中|有))"
)
# What such a number is called: 国发〔2021〕3号文, 2024年第150号通知.
_BEARER = re.compile(r"\s*(?:文件|通知|通告|公告|公文|文|令|函)(?=$|[\W_]|[说讲的是规要写主里中有内提])")
# The name of one who issues numbers, before a number in everyday words; else it is no part of it.
_ISSUES = re.compile(
    r"(?:部|局|院|厅|委|府|办|会|司|处|科|室|中心|公司|集团|省|市|县|区|镇|乡|州|盟|旗|大学|学校|学院|医院|银行|所|站|社|团|[发函字规])$"
)
# What stands before a name in a question and is no part of it.
_BEFORE = re.compile(
    r"(?:请问|请教|请|想问|想知道|我想|帮我|给我|告诉我|查一下|查找|查询|查|看看|看|找|说说|讲讲|问|根据|依据|依照|按照|遵照|参照|"
    r"按|照|据|依|由|从|在|对于|对|关于|就|违反|触犯|适用|引用|那么|那|而|和|与|及|以及|跟|同|或者|或|把|将|为什么|什么是|为何|"
    r"现行的?|最新的?|新的?|旧的?|我国的?|国家的?|中国的?|比较|对比|列出|文件|的|是|,|、|\s)+"
)
# What follows a part of a document that is asked for; 第一条铁路 and 第二节车厢 are none.
_AFTER = re.compile(
    r"\s*(?:$|[,.?!:;、。()《》“”\"'…—-]|怎|如何|规定|讲|说|是|的|有|写|主要|里|中|内|和|与|及|或|至|到|第|内容|提|涉|要求|所|"
    r"对|关于|具体|什么|哪|指|适用|列|包|呢|吗|都|分别|又|为|标题|题目|名|原文|全文|条文|明确|禁止|允许|应|不得|可以|能|在|叫)"
)
# A rule that is broken is not where its penalty stands.
_BROKEN = re.compile(
    r"(?:违反|触犯|不遵守|没有遵守|未遵守|不符合|不履行|未履行)(?:了|本法|本办法|本条例|本规定|其)?\s*$"
)
_BETWEEN = re.compile(r"\s*(?:的|中的?|里的?|里面的?|之中的?|当中的?|,|、|:)?\s*$")
_KIND_BEFORE = re.compile(
    r"[《〈]?\s*(?:(?:本|该|此|这|那|上述)[部个份项]?)?(?P<kind>法典|办法|条例|细则|章程|守则|规程|规定|规则|制度|通知|意见|方案|法)\s*[》〉]?\s*(?:的|中的?|里的?)?\s*$"
)
_OF = re.compile(r"\s+(?:of|in|from|under)\s+(?:the\s+|this\s+)?")

# Together these are all of a question that asks for nothing but what stands at a place.
_ONLY_CHINESE = (
    "请问 请教 请 帮我 给我 告诉我 我想知道 我想 想知道 想问 查一下 查询 查找 查 看一下 看看 看 列出 列 显示 "
    "引用 念 背 说说 讲讲 介绍 总结 概括 概述 一下 规定 讲述 讲解 讲 说明 说 写 提到 提及 涉及 包括 包含 内容 "
    "全文 原文 条文 文本 正文 什么 哪些 哪几 哪 主要 具体 详细 关于 文件 文章 文档 法规 法律 制度 条款 里面 里 "
    "之中 当中 中 内 的 了 是 有 呢 吗 啊 呀 吧 嘛 和 与 及 或 对 在 根据 依据 依照 按照 按 这个 这部 这份 这 "
    "那个 那么 那 该 本 部 份 版 到底 究竟 分别 都 些 怎么样 怎么 如何 怎样 咋 为 何 作 做 出 其 它 一共 方面 "
    "东西 条 章 节 款 项 部分 大致 大概 大意 意思 要点 核心 本法 本办法 本条例 本规定 该法 该办法 该条例 该规定"
)
_ONLY_ENGLISH = (
    "what whats which does do did is are was say says said state states provide provides about the of in content "
    "contents contain contains text full tell me show please read quote cover covers regulate regulates and "
    "under according to document it this that s a an give us summarise summarize summary mean means describe "
    "describes deal deals with for there on"
)
_ONLY = re.compile(  # possessive: 哪些 can be read in several ways, and a long question in very many
    rf"(?:{'|'.join(sorted(_ONLY_CHINESE.split(), key=len, reverse=True))}"
    rf"|(?<![a-z])(?:{'|'.join(_ONLY_ENGLISH.split())})(?![a-z])|[\W_])*+"
)
# Such words ask for something of the place, though they are made of words that ask for the place.
_MORE = re.compile(r"哪里|哪儿|在哪|何处|何时|何人|何地|为何|为什么|为啥|哪一")
_DEFINITION = re.compile(
    r"(?:什么|是|为|请问|叫|啊|呢|呀|(?<![a-z])(?:what|whats|is|are|was|were|the|an?|s)(?![a-z])|[\W_])*+"
)
_TITLE_ONLY = re.compile(r"(?:标题|题目|名称|名字|叫做|叫|heading|title|called|name)")


_SHORT = 25  # characters of a question besides the documents and parts it names
_MOST = 60  # names, and numbers, and parts; each is looked for, and a question that has more is none of a person's


@dataclass(frozen=True, slots=True)
class Name:
    """A title that a question may name."""

    text: str  # as the question writes it, without the marks around it
    start: int  # in the folded question, with its marks
    end: int
    marked: bool  # in 《》: meant as a title, whether or not a document has it
    quoted: bool = False  # in quotation marks: a title only where a document has it


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A 文号 or the number of a case: 国发〔2021〕3号, （2021）云08民终123号, 国务院令第736号."""

    text: str  # as the question writes it
    start: int
    end: int
    issuer: str = ""  # what of the text is the issuer's sign; words before it may have been taken along
    said: tuple[str, str] | None = None  # year and number, where they are said in everyday words: 2024年第150号

    def forms(self) -> tuple[str, ...]:
        """The number as texts are searched for it, with ever less of what stands before it."""
        if self.said is not None:
            ways = ("〔{}〕{}号".format(*self.said), "{}年{}号".format(*self.said))
            sign = canonical_number(self.issuer)
            return tuple(sign[i:] + way for way in ways for i in range(max(1, len(sign) - 1)))
        whole = canonical_number(self.text)
        rest = whole.removeprefix(self.issuer)
        shortest = 2 if self.issuer else 0
        return (whole, *(self.issuer[i:] + rest for i in range(1, len(self.issuer) - shortest + 1)))


@dataclass(frozen=True, slots=True)
class Asked:
    """A part that a question names, and how."""

    part: Part
    start: int
    end: int
    clear: bool  # what follows it shows that a part of a document is meant
    broken: bool  # the question asks what follows from breaking it


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question names; `folded` is its literal form, into which all places of the others point."""

    folded: str
    names: tuple[Name, ...]
    numbers: tuple[DocumentNumber, ...]
    parts: tuple[Asked, ...]

    def rest(self, *spans: tuple[int, int]) -> str:
        """What is left of the question without its names, numbers and parts, and without some more spans."""
        left = list(self.folded)
        taken = [(one.start, one.end) for one in self.numbers] + [(one.start, one.end) for one in self.parts]
        taken += [(one.start, one.end) for one in self.names if one.marked]
        for start, end in (*taken, *spans):
            left[start:end] = " " * (end - start)
        return " ".join("".join(left).split())

    def before(self, asked: Asked) -> str:
        """The words right before a part, as far as they may name a document: 保密办法 of 根据保密办法第三条."""
        head = self.folded[: asked.start]
        match = _BETWEEN.search(head)
        head = head[: match.start()] if match else head
        run = re.search(rf"[{CJK}\w()·—-]+$", head)
        return run.group() if run else ""

    def kind_before(self, asked: Asked) -> tuple[str, int, int]:
        """The word for a kind of document right before a part (办法第三条, 《条例》第三条), and its place; or empty."""
        head = self.folded[: asked.start]
        match = _KIND_BEFORE.search(head)
        if match is None or without_lead(head[: match.start()]):
            return "", asked.start, asked.start
        return match["kind"], match.start(), asked.start

    def after(self, asked: Asked) -> str:
        """The words after “Section 3 of the”."""
        match = _OF.match(self.folded, asked.end)
        return self.folded[match.end() :] if match else ""


def read(question: str) -> Reading:
    """What a question names."""
    folded, offsets = literal_with_offsets(question)

    def written(start: int, end: int) -> str:
        return question[offsets[start] : offsets[end]].strip()

    names = list(islice(_marked_names(folded, written), _MOST))
    taken = [(name.start, name.end) for name in names]
    numbers = [one for one in islice(_numbers(folded, written), _MOST) if _free(one.start, one.end, taken)]
    taken += [(one.start, one.end) for one in numbers]
    for match in _QUOTED.finditer(folded):
        if _free(*match.span(), taken):
            names.append(Name(written(*match.span())[1:-1], *match.span(), marked=False, quoted=True))
    asked = [
        Asked(
            one.part,
            one.start,
            one.end,
            one.plain or _AFTER.match(folded, one.end) is not None,
            _BROKEN.search(_without_name(folded[: one.start], names)) is not None,
        )
        for one in islice(named_parts(folded), _MOST)
        if _free(one.start, one.end, taken)
    ]
    return Reading(folded, tuple(names), tuple(numbers), tuple(asked))


def asks_only(rest: str) -> bool:
    """Whether the rest of a question asks for nothing but what stands at the place it names."""
    return _ONLY.fullmatch(rest) is not None and _MORE.search(rest) is None


def asks_what(rest: str) -> bool:
    """Whether the rest of a question asks what something is, rather than what a text says: 什么是, 是什么."""
    return bool(rest.strip()) and _DEFINITION.fullmatch(rest) is not None


def asks_title(rest: str) -> bool:
    """Whether the rest of a question asks for the heading of the place: 第三章的标题是什么."""
    without = _TITLE_ONLY.sub("", rest)
    return without != rest and asks_only(without)


def is_subject(reading: Reading, start: int, rest: str) -> bool:
    """Whether a question is about a document that it names, rather than names it by the way in a longer account."""
    return not without_lead(reading.folded[:start]) or len(rest) <= _SHORT


def without_lead(words: str) -> str:
    """Words without those before a name that are no part of it: 请问根据保密办法 becomes 保密办法."""
    match = _BEFORE.match(words)
    return words[match.end() :] if match else words


def canonical_number(text: str) -> str:
    """A 文号 as it is compared: one kind of brackets, no white space, no 第, numbers in digits."""
    folded = re.sub(r"\s+", "", fold(literal(text)))
    folded = re.sub(rf"{_OPEN}((?:19|20)\d\d)年?{_CLOSE}", r"〔\1〕", folded)
    folded = re.sub(rf"{_OPEN}({NUMBER})年?{_CLOSE}", lambda m: f"〔{number(m[1]) or m[1]}〕", folded)
    folded = re.sub(r"(?<=[发函字规])((?:19|20)\d\d)年?第?(?=\d+号)", r"〔\1〕", folded)
    return re.sub(rf"第?(?<!\d)(\d+|{NUMBER})号", lambda m: f"{number(m[1]) or m[1]}号", folded)


def _marked_names(folded: str, written: Callable[[int, int], str]) -> Iterator[Name]:
    """《…》, with those inside others left to them."""
    depth, begin = 0, 0
    for place, character in enumerate(folded):
        if character in _OPENING:
            begin = begin if depth else place
            depth += 1
        elif character in _CLOSING and depth:
            depth -= 1
            if not depth and place - begin > 1:
                yield Name(written(begin + 1, place), begin, place + 1, marked=True)
    if depth > 1:  # 《关于适用《民法典》的解释: one was not closed, the last that was still counts
        end = max(folded.rfind(sign) for sign in _CLOSING)
        if end > begin + 1:
            yield Name(written(begin + 1, end), begin, end + 1, marked=True)


def _numbers(folded: str, written: Callable[[int, int], str]) -> Iterator[DocumentNumber]:
    for match in _DOCUMENT_NUMBER.finditer(folded):
        start, end = match.span()
        named = match["who"] or match["bare"] or match["order"] or match["said"] or ""
        lead = len(named) - len(without_lead(named)) if named else 0
        issuer = named[lead:]
        said = None
        if match["year"]:
            if issuer and not _ISSUES.search(issuer):
                lead, issuer = len(named), ""
            said = match["year"], str(number(match["count"]) or match["count"])
        text = written(start + lead, end)
        noun = _BEARER.match(folded, end)
        yield DocumentNumber(text, start + lead, noun.end() if noun else end, issuer, said)


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return all(end <= left or right <= start for left, right in taken)


def _without_name(head: str, names: list[Name]) -> str:
    """What stands before the name that a part is one of: 违反 of 违反《办法》第三条."""
    for name in names:
        if name.end <= len(head) and _BETWEEN.fullmatch(head, name.end):
            return head[: name.start]
    return head
