"""The title of a text without one: its first line, its file's name, or how it begins."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePosixPath

from assistant.text.headings import is_salutation, is_short_line
from assistant.text.lines import Line, lines
from assistant.text.marks import FILLER, masked

# Longer first sentences are cut at a clause.
_LONGEST = 30
_LONGEST_ENGLISH = 60
# What is looked at of a text.
_BEGINNING = 5000

_LABELLED = re.compile(r"(?:标题|题目|题名|[Tt]itle|TITLE)\s*[:：]\s*(\S.{0,80})$")
_CLAUSE_END = re.compile(r"[，；：。！？,;!?]|\.(?=\s|$)|——")
_NUMBERED = re.compile(
    r"(?:第\s*[〇零一二三四五六七八九十百千\d]{1,7}\s*[编篇章节条]|[一二三四五六七八九十]{1,3}[、．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,3}[、.．])"
)

_ENCODING_NAMES = re.compile(
    r"[._ -](?:gb-?18030|gbk|gb-?2312|big-?5|utf-?(?:8|16|32)(?:-?(?:le|be|sig|bom))?|ansi|cp\d{3,4}|latin-?1|txt|md)$",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"^(?:(?!(?:19|20)\d\d\b)\d{1,4}|[（(]\d{1,3}[）)])[\s_.、．-]+(?=\D)")
_COPY_AFTER = re.compile(r"\s*(?:[（(]\d{1,3}[）)]|[-_ ]?(?:副本|copy|Copy))$")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SAYS_NOTHING = re.compile(
    r"(?:新建|未命名|无标题|文本文档|文档|文本|文件|副本|下载|草稿|临时|测试|内容|正文)+\d*"
    r"|(?:content|document|doc|docs|file|files|text|texts|txt|new|untitled|page|index|tmp|temp|test|data|output|download|"
    r"scan|img|image|copy|draft|export|part|sheet|article|item|note|notes|default|main|final|version|ver)"
)


def title_of(text: str, document_id: str | None = None) -> str:
    """A title for a text: a first line that is one, else a file name that says something, else how the text begins.

    `document_id` is the path of the file; None where its name belongs to more than this text.
    """
    beginning = masked(text[:_BEGINNING])
    found = lines(beginning)
    if found:
        first = beginning[found[0].start : found[0].end].replace(FILLER, "")
        labelled = _LABELLED.match(first)
        if labelled:
            return _collapsed(labelled.group(1))
        if len(first) <= 100 and is_short_line(first) and not _NUMBERED.match(first):
            return _collapsed(first)
    name = title_of_name(document_id) if document_id else ""
    return name or _beginning(beginning, found) or PurePosixPath(document_id or "").name


def title_of_name(document_id: str) -> str:
    """What the name of a file says, or "" for numbers, hashes and names such as 新建文本文档 or content_5338761."""
    name = PurePosixPath(document_id).name
    stem = PurePosixPath(name).stem if "." in name[1:] else name
    while shorter := _ENCODING_NAMES.sub("", stem):
        if shorter == stem:
            break
        stem = shorter
    stem = _COPY_AFTER.sub("", _NUMBER_BEFORE.sub("", stem.strip())).strip()
    if _HAN.search(stem):
        words = [word for word in re.split(r"[\s_]+", stem) if not _is_code(word)]
        says = [word for word in words if _HAN.search(word) and not _SAYS_NOTHING.fullmatch(word)]
        return " ".join(words) if says and len(_HAN.findall("".join(says))) > 1 else ""
    words = [word for word in re.split(r"[\s_.-]+", stem) if word]
    telling = [word for word in words if not _is_code(word)]
    says = [word for word in telling if _LETTERS.search(word) and not _SAYS_NOTHING.fullmatch(word.lower())]
    kept = [word for word in words if word in telling or re.fullmatch(r"(?:19|20)\d\d", word)]
    return " ".join(kept) if says else ""


def _is_code(word: str) -> bool:
    """Digits, hexadecimal or random letters and digits: no word."""
    if re.fullmatch(r"\d+|[0-9a-fA-F]{6,}", word) and any(char.isdigit() for char in word):
        return True
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(word))
    return word.isascii() and changes >= 3


def _beginning(beginning: str, found: list[Line]) -> str:
    """The first sentence, or its beginning up to a clause end."""
    body = [line for line in found if not is_salutation(beginning[line.start : line.end][:100])] or found
    if not body:
        return ""
    text = _collapsed(beginning[body[0].start : body[0].end].replace(FILLER, ""))
    limit = _LONGEST if _HAN.search(text[:_LONGEST]) else _LONGEST_ENGLISH
    ends = [match.start() for match in _CLAUSE_END.finditer(text[: limit + 1]) if match.start() >= min(6, limit)]
    sentence = re.search(r"[。！？!?]|\.(?=\s|$)", text[: limit + 1])
    if sentence and sentence.start() > 1:
        return text[: sentence.start()]
    if len(text) <= limit:
        return text.rstrip("，；：。！？,;:.!? ") or text
    if ends and limit == _LONGEST:
        return text[: ends[-1]]
    cut = text[:limit]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip("，、；：,;: ") + "…"


def _collapsed(line: str) -> str:
    return " ".join(line.split())
