"""Enumerations: 一是…二是…, 第一，…第二，…, （一）…, 1. …, ① …, bullets."""

from __future__ import annotations

import re

_CHINESE = "[一二三四五六七八九十]{1,3}"

# At the beginning of a line anything that counts or marks is an item.
_LINE_ITEM = re.compile(
    rf"""(?:
      {_CHINESE}[、．]|{_CHINESE}(?:是|要|则)(?!否)
    | [（(]\s*(?:{_CHINESE}|\d{{1,3}}|[a-zA-Z]|[ivx]{{1,4}})\s*[）)]
    | \d{{1,3}}(?:[、）)]|[.．](?!\d))
    | [①-⒇❶-❿㈠-㈩]
    | [•●○■□◆◇▪·※＊*+-][\s\u3000]+ | [•●■◆▪※] | —— | [a-zA-Z][.)]\s
    | 第{_CHINESE}[，、,：:] | 其{_CHINESE}[，、,是] | (?:首先|其次|再次|最后)[，,]
    | 第[一二三四五六七八九十百千零〇\d]{{1,6}}[编章节条]
    | \|
    )""",
    re.VERBOSE,
)

# Within a paragraph an item follows the end of a sentence or clause.
_INNER_ITEM = re.compile(
    rf"""(?:(?<=[。！？；：，!?;:,”）)\s])|\A)(?P<item>
      {_CHINESE}(?:是|要)(?!否)
    | 第{_CHINESE}[，、,] | 其{_CHINESE}[，、,是] | (?:首先|其次|再次|最后|一方面|另一方面)(?=[，,]?)
    | [（(](?:{_CHINESE}|\d{{1,2}})[）)]
    | [①-⒇❶-❿㈠-㈩]
    )""",
    re.VERBOSE,
)


def starts_item(text: str, start: int, end: int) -> bool:
    """Whether the line text[start:end] begins with the number or bullet of an item."""
    return _LINE_ITEM.match(text, start, end) is not None


def item_starts(text: str, start: int, end: int) -> tuple[int, ...]:
    """Where the items within text[start:end] begin, in order: at line starts and after sentences and clauses."""
    piece = text[start:end]
    found = {start + match.start("item") for match in _INNER_ITEM.finditer(piece)}
    position = 0
    for line in piece.splitlines(keepends=True):
        left = position + len(line) - len(line.lstrip())
        if starts_item(piece, left, position + len(line)):
            found.add(start + left)
        position += len(line)
    return tuple(sorted(found))
