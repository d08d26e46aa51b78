"""Physical lines, and which of them are one paragraph that was wrapped at a fixed width.

Chinese texts usually have a paragraph a line; mails, old web pages and Gutenberg texts are wrapped at 60 to 80 columns.
Functions here take masked text (see `marks.masked`), whose offsets are those of the document's text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.text.enumerations import starts_item

LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")

# Columns. Narrower lines are verse, lists or tables; nobody wraps wider.
_NARROWEST = 40
_WIDEST = 200
# Lines around a line whose widths tell at which column the text was wrapped.
_NEIGHBOURS = 6
# Characters that those lines take at most.
_NEAR = 1500
# Of the lines that could be continued, how many must be full before we believe in wrapping.
_SHARE_FULL = 0.6

CJK = "\u2e80-\u303f\u3040-\u30ff\u31c0-\u31ef\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_WIDE = re.compile(f"[{CJK}\U00020000-\U0003ffff]")
_FIRST_WORD = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[。！？；.!?;：:…][”’」』）)】》\"]*$")
_MID_SENTENCE = re.compile(r"[\w,，、]$")


class Line(NamedTuple):
    """A line that is not blank, trimmed of white space."""

    start: int
    end: int
    indent: int  # columns
    after_blank: bool  # blank lines lie before it


def lines(masked: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The lines of masked[start:end] that are not blank."""
    end = len(masked) if end is None else end
    found: list[Line] = []
    position, blank = start, False
    while position <= end:
        line_break = LINE_BREAK.search(masked, position, end)
        line_end = line_break.start() if line_break else end
        content = masked[position:line_end]
        stripped = content.strip()
        if stripped:
            lead = content[: len(content) - len(content.lstrip())]
            left = position + len(lead)
            found.append(Line(left, left + len(stripped), _columns(lead), blank))
            blank = False
        else:
            blank = True
        if not line_break:
            break
        position = line_break.end()
    return found


def _columns(lead: str) -> int:
    return sum(2 if char == "\u3000" else 4 if char == "\t" else 1 if char in " \xa0" else 0 for char in lead)


def surroundings(text: str, start: int, end: int) -> tuple[int, int]:
    """A wider span with the lines around text[start:end] that tell whether those in it were wrapped."""
    low, floor = start, max(0, start - _NEAR)
    high, ceiling = end, min(len(text), end + _NEAR)
    for _ in range(2 * _NEIGHBOURS):  # some of the lines are blank
        before = text.rfind("\n", floor, low)
        after = text.find("\n", high + 1, ceiling)
        low = before if before >= 0 else floor
        high = after if after >= 0 else ceiling
    return low, high


def joins(masked: str, found: list[Line]) -> list[bool]:
    """For each line but the last: is it continued by the next one, because the text was wrapped there?"""
    widths = [_width(masked, line) for line in found]
    pairs = [_Pair.of(masked, found, widths, index) for index in range(len(found) - 1)]
    return [pair is not None and _joined(pairs, widths, index) for index, pair in enumerate(pairs)]


class _Pair(NamedTuple):
    """Two lines of which the second may continue the first."""

    width: int  # of the first
    needed: int  # the width the first would have had with the next word
    wide: bool  # Chinese, Japanese or Korean
    mid_sentence: bool
    lower: bool  # the second begins with a lower-case letter

    @classmethod
    def of(cls, masked: str, found: list[Line], widths: list[int], index: int) -> _Pair | None:
        first, second = found[index], found[index + 1]
        if second.after_blank or second.indent > first.indent + 1 or not widths[index] <= _WIDEST:
            return None
        if starts_item(masked, second.start, second.end):
            return None
        last, following = masked[first.end - 1], masked[second.start]
        wide = bool(_WIDE.match(last) or _WIDE.match(following))
        if wide and last in "：:":
            return None
        word = _FIRST_WORD.match(masked, second.start, min(second.end, second.start + _WIDEST))
        # A Chinese line may end up to two characters early, so that no line begins with a punctuation mark. An English
        # one may be a little longer than where others are wrapped, by its indentation.
        more = 5 if wide else 4 + (len(word.group()) if word else 1)
        ending = masked[max(first.start, first.end - 6) : first.end]
        mid_sentence = not _SENTENCE_END.search(ending) if wide else bool(_MID_SENTENCE.search(ending))
        return cls(widths[index], widths[index] + more, wide, mid_sentence, following.islower())


def _joined(pairs: list[_Pair | None], widths: list[int], index: int) -> bool:
    pair = pairs[index]
    if pair is None:
        return False
    low, high = max(0, index - _NEIGHBOURS), index + _NEIGHBOURS + 2
    limit = max(widths[low:high])
    if limit > _WIDEST:
        return False
    around = [other for other in pairs[low : high - 1] if other is not None and other.wide == pair.wide]
    full = [other for other in around if other.needed > limit]
    if not pair.wide and pair.lower and pair.mid_sentence:
        return True
    if limit < _NARROWEST or pair not in full or len(full) < _SHARE_FULL * len(around):
        return False
    broken = sum(other.mid_sentence for other in full)
    if pair.wide:
        return broken >= 2 and broken >= len(full) / 2
    return len(full) > 1 or (pair.mid_sentence and pair.width >= 60)


def _width(masked: str, line: Line) -> int:
    length = line.end - line.start
    if length > _WIDEST:
        return length
    return line.indent + length + len(_WIDE.findall(masked, line.start, line.end))
