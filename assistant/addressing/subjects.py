"""What is asked of a whole document by its name: 主要任务 (a heading), 原告 (a line 原告：…), 判决结果."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.addressing.outline import Outline, Piece, Place
from assistant.addressing.parts import NAMED, Part, Step
from assistant.text.marks import trim
from assistant.text.normal import literal
from assistant.text.sentences import sentences

_BEFORE = re.compile(r"(?:的|之|中的?|里的?|里面的?|文件|案件?|判决书?|裁定书?|请问|关于|其|对于|\W)+")
_AFTER = re.compile(
    r"(?:的?(?:具体|主要|详细)?(?:内容|姓名|名字|名称|全称)?(?:是|为|有|叫|包[括含]|都有|写的?|规定了?|讲了?|怎么写的?|怎么规定的?)*"
    r"(?:什么|谁|哪些|哪几[项条个位]|哪一?[个位家]|多少|几|何人|啥|怎样|如何)?(?:内容|人|规定)?(?:的|呢|吗|啊|\W)*)$"
)
_RESULT = re.compile(
    r"(?:最终|最后|法院)?的?(?:(?:判决|裁判|裁定|裁决|判|审理|诉讼|案件)的?(?:结果|主文|结论)|(?:判决|裁定|裁决)如下|(?:判决|裁定|裁决)(?:内容|事项)|"
    r"(?:是)?(?:怎么|如何|怎样)(?:判|裁定|判决|裁决)(?:的|决的?)?|[判裁]了什么|结果(?:是什么|如何|怎[么样]样?)?)"
)
_OPERATIVE = re.compile(r"(?:判决|裁定|裁决|决定|判決|裁決)如下\s*[：:]")
# What follows the operative part of a judgment.
_AFTER_OPERATIVE = re.compile(
    r"如不服本|如果不服本|本(?:判决|裁定|判決)(?:为终审|為終審|为一审|送达后|自)|(?:^|\n)\s*(?:代理)?审\s*判\s*[长员]|(?:^|\n)\s*審\s*判\s*[長員]"
)
_ABOUT = re.compile(r"what\b.*?\b(?:says?|states?|provides?)\s+(?:about|on)\s+(?:the\s+)?(?P<thing>.+?)\W*$")
# When a rule comes into force: asked in one word, told in another.
_IN_FORCE = re.compile(
    r"(?:从|自|在|于|是|到底|正式|的|具体)*(?:什么时候|何时|哪一?[年天日]|哪一?年哪一?月|几时|几月几[日号]|什么时间)(?:才|就|正式|开始|起|的)*"
    r"(?:施行|实施|执行|生效|起效|实行)(?:的|了)?"
    r"|(?:的|正式|开始)*(?:施行|实施|执行|生效|实行)的?(?:时间|日期|日子|日)(?:分别|各)?(?:是|为|在)?(?:什么时候|何时|哪一?[年天日]|几月几[日号]|什么|多少)?"
)
# Of the document itself, for it may tell of other rules, too.
_FROM = re.compile(
    r"(?:本[^，,。；;\n]{1,16}|^\W*(?:第\S{1,8}[条條])?\s*)自[^。；;\n]{1,30}起(?:正式|开始|全面|统一)?(?:施行|实施|执行|生效|实行)",
    re.MULTILINE,
)
_LONGEST_LABEL = 12
_LABELLED = r"[^\S\n]*(?:[（(][^（）()\n]{{1,12}}[）)])?[^\S\n]*(?:[:：][^\S\n]*|[ \u3000\t]+)[^\s，。、；:：]"
_MOST_LINES = 10


def subject(rest: str) -> str:
    """The thing that the rest of a question asks for, where it asks for one: 主要任务 of 的主要任务是什么."""
    text = literal(rest).strip()
    about = _ABOUT.match(text)
    if about:
        return about["thing"]
    match = _AFTER.search(_asked(text))
    return (_asked(text)[: match.start()] if match else _asked(text)).strip()


def _asked(text: str) -> str:
    match = _BEFORE.match(text)
    return text[match.end() :] if match else text


def find_subject(read: str, outline: Outline, rest: str) -> tuple[str, Place] | None:
    """Where a document says what is asked of it, and what that place is called; None where nothing is named so.

    `read` is its text.
    """
    wanted = subject(rest)
    if len(wanted) < 2 or len(wanted) > (60 if wanted.isascii() else 30):
        return None
    if _RESULT.fullmatch(re.sub(r"\s+", "", literal(rest)).strip("的?。,.!")) or _RESULT.fullmatch(wanted):
        spans = _operative(read)
        if not spans:
            return None
        name = read[spans[0][0] : spans[0][0] + 4]
        return name, Place((), _pieces(outline, spans))
    if _IN_FORCE.fullmatch(re.sub(r"[\s?？。.!呢啊]+", "", literal(rest))):
        for match in list(_FROM.finditer(read))[-1:]:
            line = read.rfind("\n", 0, match.end()) + 1, (read + "\n").index("\n", match.end())
            spans = [(start, end) for start, end in sentences(read, *line) if start < match.end() <= end]
            return "施行", Place((), _pieces(outline, spans))
    whole = _asked(literal(rest).strip()).rstrip("?。.!, ")  # a heading may be a question: 网格员做什么
    for name in dict.fromkeys((wanted, whole)):
        place = outline.find(Part((Step(NAMED, re.sub(r"\s+", "", name)),)), strict=True)
        if place is not None:
            return place.heading[-1], place
    spans = _labelled(read, wanted)
    pieces = _pieces(outline, spans)
    return (wanted, Place((), pieces)) if pieces else None


def _operative(text: str) -> list[tuple[int, int]]:
    """From the words for it (判决如下：) to what follows the operative part.

    The last of a text, for it may quote another judgment's.
    """
    begins = [match.start() for match in _OPERATIVE.finditer(text)]
    if not begins:
        return []
    match = _AFTER_OPERATIVE.search(text, begins[-1])
    return [trim(text, begins[-1], match.start() if match else len(text))]


def _labelled(text: str, label: str) -> list[tuple[int, int]]:
    """The lines 原告：…, 审判员　…; lines are read in their literal form, so that either script is the same."""
    if len(label) > _LONGEST_LABEL:
        return []
    begin = re.compile(rf"[^\S\n]*{re.escape(label)}{_LABELLED.format()}")
    found, position = [], 0
    for line in text.splitlines(keepends=True):
        head = re.sub(r"(?<=[^\W\d_a-zA-Z])[ \u3000](?=[^\W\d_a-zA-Z][ \u3000])", "", line.strip()[:60])  # 审 判 长
        if begin.match(literal(head.replace("\u3000", " "))) is not None:
            found.append(trim(text, position, position + len(line)))
        position += len(line)
    return found[:_MOST_LINES]


def _pieces(outline: Outline, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """Spans of a text as pieces of its passages."""
    return tuple(
        Piece(row.passage, *trim(outline.text, max(start, row.start), min(end, row.end)))
        for start, end in spans
        for row in outline.rows
        if row.start < end and start < row.end
    )
