"""Sentences as spans: Chinese and English in one pass, by regular expressions and no model.

Kept together: what stands in brackets and quotes (“不要怕。”他说), abbreviations, decimals, addresses, list numbers.
Ending a sentence: 。！？；…… and . ! ? with the quotes and brackets that close after them, and a line break unless the
line was wrapped there. A row of a table, told as 列名：值；列名：值。 on its own line, is one sentence: its values say
nothing without each other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from assistant.text.enumerations import starts_item
from assistant.text.lines import CJK, LINE_BREAK, joins, lines, surroundings
from assistant.text.marks import Span, masked, trim
from assistant.text.measure import measure
from assistant.text.periods import NOTES, ends_with_period

# Chinese characters (an English word counts two). Longer sentences are tables or lost punctuation: cut at clauses.
LONGEST_SENTENCE = 600
# A longer row of a table is parted at its semicolons: nobody reads so long a quote.
_LONGEST_ROW = 300
# The name of a column before its colon (characters).
_LONGEST_NAME = 30

_PAIRS = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "《": "》",
    "〈": "〉",
    "【": "】",
    "[": "]",
}
_CLOSERS = frozenset(_PAIRS.values()) | {'"'}
_TITLE_MARKS = frozenset("《〈【[")
_BRACKETS = frozenset("（(")
# A longer pair is a quoted speech: its sentences are sentences. (Characters: a quote in Chinese, anything else.)
_LONGEST_QUOTE = 150
_LONGEST_PAIR = 300

_BRACKET = re.compile(r"[“”‘’「」『』（）()《》〈〉【】\[\]\"]")
_POINT = re.compile(rf"[。！？｡!?…؟۔।][。！？｡!?….؟۔।]*|\.+|．|；+|;|(?:{LINE_BREAK.pattern})\s*")
_IS_CJK = re.compile(f"[{CJK}“”‘’]")
_WORD = re.compile(r"\w")
_NAMED = re.compile(rf"\s*[^：:；。！？，…\r\n]{{1,{_LONGEST_NAME}}}[：:]\s*[^\s：:；。]")
_CLAUSE_END = re.compile(r"[，、；：。,;:]|\s+")
_SPEECH = "[说道问答喊叫称]|表示|指出|认为|强调|回答|提出|解释|告诉"
# What goes on with the sentence after a closing quote: 他说, 的, ，…
_GOES_ON = re.compile(
    rf"[，、：；:,]|的|等|之[一类]|这[一个种句]|是|成[了为]|就是|让|使|作为|为(?:主题|题|目标)|(?:[他她我]们?|老师|(?![没不无谁])[^\W\d_]{{1,3}})(?:{_SPEECH})"
)
_LEADS_IN = re.compile(rf"(?:[：:，,]|{_SPEECH})\s*$")


def sentences(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The sentences of text[start:end] in order; only white space and marks lie between them."""
    low, high = start, end
    if LINE_BREAK.search(text, start, end):
        low, high = surroundings(text, start, end)
    return sentences_of_masked(masked(text[low:high]), start - low, end - low, offset=low)


def sentences_of_masked(text: str, start: int, end: int, *, offset: int = 0) -> tuple[Span, ...]:
    """The same for text that is masked already; `offset` is added to the spans."""
    found: list[Span] = []
    position = start
    for cut in (*_ends(text, start, end), end):
        left, right = trim(text, position, cut)
        position = cut
        if left == right:
            continue
        joinable = found and not LINE_BREAK.search(text, found[-1][1], left)
        if joinable and not _WORD.search(text, left, right):
            found[-1] = (found[-1][0], right)
        else:
            found.append((left, right))
    return tuple((left + offset, right + offset) for whole in found for left, right in _shortened(text, *whole))


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentences end, in order."""
    breaks = _breaks(text, start, end)
    pairs = _outermost_pairs(text, start, end, breaks)
    pair_starts = [pair[0] for pair in pairs]
    dots_end = "。" not in text[start:end]  # some type . for 。 throughout
    last, position = start, start
    row = start  # how far the row of a table reaches in which no semicolon ends a sentence
    while match := _POINT.search(text, position, end):
        point, position = match.start(), match.end()
        if LINE_BREAK.match(text, point):
            if point in breaks:
                yield position
                last = position
            continue
        if text[point] == "；":
            row = row if point < row else _row_end(text, point, start, end)
            if point < row - 1:
                continue
        index = bisect_right(pair_starts, point) - 1
        pair = pairs[index] if index >= 0 and pairs[index][1] > point else None
        if pair is None:
            closed = _after_closers(text, position, end)
        else:
            closed = _after_closers(text, position, min(end, pair[1] + 1))
            if closed <= pair[1]:
                continue
            closed = _after_closers(text, closed, end)
        if _ends_here(text, (last, point, match.end(), closed, end), pair, dots_end=dots_end):
            notes = NOTES.match(text, closed, end)
            last = position = notes.end() if notes else closed
            yield position


def _row_end(text: str, point: int, start: int, end: int) -> int:
    """Where the line of a semicolon ends; if it is the row of a table, this is also the end of its sentence.

    All cells of a row but its first have the names of their columns before them, as `readers.rows` writes them. Where
    the line is no such row the semicolon's own end comes back.
    """
    begin = max((match.end() for match in LINE_BREAK.finditer(text, start, point)), default=start)
    line_break = LINE_BREAK.search(text, point, end)
    stop = line_break.start() if line_break else end
    if stop - begin > 3 * _LONGEST_ROW or measure(text, begin, stop) > _LONGEST_ROW:
        return point + 1
    first, *others = text[begin:stop].rstrip("。； ").split("；")
    named = [_NAMED.match(field) is not None and not starts_item(field, 0, len(field)) for field in others]
    return stop if named and all(named) and (_NAMED.match(first) or len(first) <= _LONGEST_NAME) else point + 1


def _ends_here(text: str, where: tuple[int, int, int, int, int], pair: Span | None, *, dots_end: bool) -> bool:
    """Whether the sentence from `last` ends with the marks at point:stop and the brackets up to `closed`."""
    last, point, stop, closed, end = where
    mark = text[point]
    ends = closed == end or text[closed] not in "，、：；,:"
    if ends and mark in ".．":
        ends = ends_with_period(text, last, point, closed, end, dots_end=dots_end)
    elif ends and mark == "…":
        ends = _ellipsis_ends(text, last, point, stop, closed, end)
    elif ends and mark in "!?;":
        ends = _ascii_mark_ends(text, point, closed, end)
    if not ends:
        return False
    if pair is None or pair[1] >= closed:
        return True
    opener = text[pair[0]]
    standalone = not _WORD.search(text, last, pair[0])
    if opener in _TITLE_MARKS:
        return False
    if opener in _BRACKETS:
        return standalone or mark in "。."
    if _GOES_ON.match(text, closed, end):
        return False
    return standalone or mark not in "！？…；" or bool(_LEADS_IN.search(text, max(last, pair[0] - 6), pair[0]))


def _ascii_mark_ends(text: str, point: int, closed: int, end: int) -> bool:
    chinese = point > 0 and _IS_CJK.match(text, point - 1) is not None
    if text[point] == ";":
        return chinese
    if closed < end and not text[closed].isspace() and not chinese and not _IS_CJK.match(text, closed):
        return False
    return not _next_is_lower(text, closed, end)


def _ellipsis_ends(text: str, last: int, point: int, stop: int, closed: int, end: int) -> bool:
    if text[stop - 1] not in "….":
        return True
    if point > 0 and _IS_CJK.match(text, point - 1):
        return closed == end or (stop - point > 1 and point - last >= 8)
    following = text[closed : closed + 2]
    return closed == end or (following[:1].isspace() and not _next_is_lower(text, closed, end))


def _next_is_lower(text: str, position: int, end: int) -> bool:
    following = re.compile(r"\s*(\S)").match(text, position, end)
    return bool(following and following.group(1).islower())


def _after_closers(text: str, position: int, end: int) -> int:
    """After the closing quotes and brackets at `position`, and the marks that follow them (“……。”。)."""
    while position < end and text[position] in _CLOSERS:
        if (
            text[position] == '"'
            and position + 1 < end
            and text[position + 1].isascii()
            and text[position + 1].isalnum()
        ):
            break  # a quote that opens
        position += 1
        while position < end and text[position] in "。！？":
            position += 1
    return position


def _breaks(text: str, start: int, end: int) -> frozenset[int]:
    """The line breaks within the span at which a sentence ends: all but those of wrapped lines."""
    if not LINE_BREAK.search(text, start, end):
        return frozenset()
    everything = {match.start() for match in LINE_BREAK.finditer(text, start, end)}
    found = lines(text, *surroundings(text, start, end))
    for (first, second), joined in zip(pairwise(found), joins(text, found), strict=True):
        if joined and first.end < end and second.start > start:
            everything.difference_update(range(first.end, second.start))
    return frozenset(everything)


def _outermost_pairs(text: str, start: int, end: int, breaks: frozenset[int]) -> list[Span]:
    """The quotes and brackets that close again within reach, without those inside others."""
    open_at: list[int] = []
    pairs: list[Span] = []
    borders = sorted(breaks)
    for match in _BRACKET.finditer(text, start, end):
        here, char = match.start(), match.group()
        opens = char in _PAIRS
        if char == '"':
            opens = '"' not in (text[position] for position in open_at[-4:])
        if opens:
            open_at = [*open_at[-7:], here]
            continue
        depth = next((d for d in range(len(open_at) - 1, -1, -1) if _PAIRS.get(text[open_at[d]], '"') == char), None)
        if depth is None:
            continue
        opener = open_at[depth]
        del open_at[depth:]
        border = bisect_right(borders, opener)
        crosses = border < len(borders) and borders[border] < here
        limit = _LONGEST_QUOTE if text[opener] in "“‘「『" and _IS_CJK.match(text, here - 1) else _LONGEST_PAIR
        if not crosses and here - opener <= limit:
            while pairs and pairs[-1][0] > opener:
                pairs.pop()
            pairs.append((opener, here))
    return pairs


def _shortened(text: str, start: int, end: int) -> Iterator[Span]:
    """An overlong sentence cut at clause ends or white space, else hard."""
    length = measure(text, start, end) if end - start > LONGEST_SENTENCE else 0
    if length <= LONGEST_SENTENCE:
        yield start, end
        return
    yield from clauses(text, start, end, limit=max(1, (end - start) * LONGEST_SENTENCE // length))


def clauses(text: str, start: int, end: int, *, limit: int) -> Iterator[Span]:
    """Cut a span into pieces of at most `limit` characters, at the last clause end of each where there is one."""
    while end - start > limit:
        # Even pieces: three of 300 rather than two of 430 and a rest of 40.
        size = -(-(end - start) // -(-(end - start) // limit))
        low = start + max(1, size // 2)
        ends = [match.end() for match in _CLAUSE_END.finditer(text, low, min(end, start + limit))]
        cut = min(ends, key=lambda place: abs(place - start - size)) if ends else start + size
        left, right = trim(text, start, cut)
        if left < right:
            yield left, right
        start = cut
    left, right = trim(text, start, end)
    if left < right:
        yield left, right
