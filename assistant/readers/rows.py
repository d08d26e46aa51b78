"""Tables as lines of text that can be found and quoted alone: 项目：小麦；产量：1.2万吨。

A line ends with a full stop so that it is a sentence to everything that follows, and is never taken for a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.readers.body import HAN, one_line
from assistant.text.measure import measure

# A longer cell is no column's name.
_LONGEST_NAME = 24
# A cell merged over several rows is told in each of them up to this length, so that each can be quoted alone.
_LONGEST_REPEATED = 24
# A table whose cells are longer than this on average lays out a page.
_PROSE = 200
_MOST_HEADER_ROWS = 3

_VALUE = re.compile(
    r"[-+±~～约]?[\d０-９][\d,.，:：/~～—-]*\s*(?:%|％|‰|℃|[元万亿个人次户吨斤亩件名家台套项里天岁])*$|[-—–/√×✓✗]+$"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:年|年度)?$")
_FORM_LABEL = re.compile(
    r"(?:姓名|性别|民族|出生(?:年月|日期)?|籍贯|学历|学位|职务|职称|专业|(?:联系)?(?:电话|方式)|手机(?:号码?)?|联系人|负责人"
    r"|(?:工作)?单位(?:名称)?|(?:家庭|通讯|联系)?(?:住址|地址)|邮编|电子邮箱|邮箱|身份证(?:号码?)?|政治面貌|编号|备注|申请(?:人|日期|事由)"
    r"|Name|Sex|Gender|Date|Address|Phone|E-?mail|Company|Position)[:：]?$"
)
_COLON = re.compile(r"\s*[:：]\s*$")
_SENTENCE_END = re.compile(r"[。！？.!?…][”’」』）)】》\"]*$")
_TRAILING = re.compile(r"[。；;\s]+$")
_LABEL_SPACES = re.compile(r"(?<=[\u3400-\u9fff])[ \u3000]+(?=[\u3400-\u9fff])")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell of a table; merged over several places, it is one object in all of them."""

    text: str
    header: bool = False  # the format says that it names a column or a row


Grid = Sequence[Sequence[Cell | None]]


def table_lines(grid: Grid) -> list[str]:
    """The rows of a table, a line each, with the names of their columns. Lines of other text come without a stop."""
    rows = [row for row in grid if any(cell and cell.text.strip() for cell in row)]
    if not rows:
        return []
    chinese = any(HAN.search(cell.text) for row in rows for cell in row if cell)
    lines: list[str] = []
    while rows and len(_cells(rows[0])) == 1 and len(rows[0]) > 1:  # a line over the whole width: its title
        lines += [one_line(cell.text) for cell in _cells(rows[0])]
        rows = rows[1:]
    if not rows:
        return lines
    if _is_form(rows):
        return lines + [_sentence(pairs, chinese=chinese) for row in rows if (pairs := _pairs(row))]
    names, count = _names(rows)
    for index in range(count, len(rows)):
        fields = list(_fields(rows[index], rows[index - 1] if index > count else (), names))
        if len(fields) == 1 and len(_cells(rows[index])) == 1:
            lines.append(fields[0][1])
        elif fields:
            lines.append(_sentence(fields, chinese=chinese))
    if not lines or count == len(rows):
        lines += [_sentence([("", cell.text) for cell in _cells(row)], chinese=chinese) for row in rows]
    return lines


def is_layout(grid: Grid) -> bool:
    """Whether a table only places text on a page: one column, or cells that are texts of their own."""
    rows = [_cells(row) for row in grid]
    cells = [cell for row in rows for cell in row if cell.text.strip()]
    if not cells or max(len(row) for row in rows) < 2:
        return True
    return sum(len(cell.text) for cell in cells) > _PROSE * len(cells) and not any(cell.header for cell in cells)


def _cells(row: Sequence[Cell | None]) -> list[Cell]:
    """The different cells of a row, in order."""
    return list(dict.fromkeys(cell for cell in row if cell is not None))


def _is_form(rows: Grid) -> bool:
    """Whether labels and values stand side by side (发文机关：| 国务院 | 成文日期：| …) rather than under names."""
    cells = [_cells(row) for row in rows]
    if any(len(row) % 2 for row in cells):
        return False
    labels = [cell for row in cells for cell in row[::2] if cell.text.strip()]
    values = [cell for row in cells for cell in row[1::2] if cell.text.strip()]
    if labels and all(_COLON.search(cell.text) for cell in labels):
        return True
    if not labels or not values:
        return False
    if all(cell.header for cell in labels) and not any(cell.header for cell in values):
        return True
    if any(not _is_name(cell) for cell in labels) or len(rows) < 2:
        return False
    known = [_FORM_LABEL.match(_label(cell.text)) is not None for cell in labels]
    if sum(known) >= max(2, len(labels) / 2):
        return not any(_FORM_LABEL.match(_label(cell.text)) for cell in values)
    return any(not _is_name(cell) for cell in cells[0][1::2])


def _pairs(row: Sequence[Cell | None]) -> list[tuple[str, str]]:
    cells = _cells(row)
    return [(cells[i].text, cells[i + 1].text) for i in range(0, len(cells), 2) if cells[i + 1].text.strip()]


def _is_name(cell: Cell) -> bool:
    text = cell.text.strip()
    if not text or measure(text) > _LONGEST_NAME:
        return False
    return _YEAR.match(text) is not None or (_VALUE.match(text) is None and not _SENTENCE_END.search(text))


def _names(rows: Grid) -> tuple[list[str], int]:
    """The names of the columns ("" for none), and how many rows they take."""
    width = max(len(row) for row in rows)
    count = 0
    while count < min(len(rows) - 1, _MOST_HEADER_ROWS) and all(cell.header for cell in _cells(rows[count])):
        count += 1
    if not count and len(rows) > 1 and _names_columns(rows):
        count = 1
        first, second = rows[0], rows[1]
        spanning = any(cell is not None and list(first).count(cell) > 1 for cell in first)
        reaching = any(cell is not None and cell in second for cell in first)
        if spanning and len(rows) > 2 and (reaching or all(_is_name(cell) for cell in _cells(second))):
            count = 2
    names = []
    for column in range(width):
        stack = dict.fromkeys(cell for row in rows[:count] if column < len(row) and (cell := row[column]) is not None)
        names.append("·".join(dict.fromkeys(text for cell in stack if (text := _label(cell.text)))))
    return names, count


def _names_columns(rows: Grid) -> bool:
    """Whether the first row names the columns: short words, different ones, no numbers."""
    first = _cells(rows[0])
    texts = [cell.text.strip() for cell in first]
    if len(first) < 2 or any(text and not _is_name(cell) for text, cell in zip(texts, first, strict=True)):
        return False
    filled = [text for text in texts if text]
    if len(set(filled)) < len(filled) or len(filled) < max(2, len(first) - 1):
        return False
    return not (len(first) == 2 and any(_COLON.search(text) for text in texts))


def _fields(
    row: Sequence[Cell | None], above: Sequence[Cell | None], names: Sequence[str]
) -> Iterator[tuple[str, str]]:
    seen: set[Cell] = set()
    for column, cell in enumerate(row):
        if cell is None or cell in seen or not cell.text.strip():
            continue
        seen.add(cell)
        if cell in above and measure(cell.text) > _LONGEST_REPEATED:
            continue
        yield (names[column] if column < len(names) else ""), one_line(cell.text)


def _label(text: str) -> str:
    return _COLON.sub("", _LABEL_SPACES.sub("", one_line(text)))


def _sentence(fields: Sequence[tuple[str, str]], *, chinese: bool) -> str:
    colon, semicolon, stop = ("：", "；", "。") if chinese else (": ", "; ", ".")
    told = []
    for name, value in fields:
        label, content = _label(name), _TRAILING.sub("", one_line(value))
        if content:
            told.append(f"{label}{colon}{content}" if label and label != content else content)
    line = semicolon.join(told)
    return line if not line or _SENTENCE_END.search(line) else line + stop
