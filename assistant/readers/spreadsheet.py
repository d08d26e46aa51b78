"""Spreadsheets (.xlsx, .xlsm, .xls, .ods) and tables in text files (.csv, .tsv).

Every sheet is a heading, every row a line of text with the names of its columns.
"""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

import python_calamine as calamine

from assistant.errors import ReadError
from assistant.readers.archive import open_archive
from assistant.readers.body import Body
from assistant.readers.number_formats import Book, Formats, number_text, read_book, shown
from assistant.readers.reading import Reading, decode_text
from assistant.readers.rows import Cell, table_lines
from assistant.readers.titles import title_of_name
from assistant.types import Problem

# A sheet of more rows is data for a database; what is told of it is the beginning, with a problem.
_MOST_ROWS = 100_000
_MOST_COLUMNS = 500
_MOST_CELLS = 2_000_000  # of all sheets together
# A field so long holds a quotation mark that nothing closes.
_LONGEST_FIELD = 30_000
_DELIMITERS = ",\t;|，；"
# Lines that tell the delimiter.
_SAMPLE = 50
# A workbook's beginning: a zip archive, an old Office file.
# The part of an old Office file that holds an encrypted new one.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_LONGEST_TITLE = 60
# How OpenDocument stores a length of time.
_DURATION = re.compile(r"PT(\d+)H(\d\d)M(\d\d)S")
_DEFAULT_NAMES = ("sheet", "工作表", "table", "表格")

_Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
_Row = list[Cell | None]


def read(data: bytes, document_id: str) -> Reading:
    """One document. Raises ReadError."""
    suffix = PurePosixPath(document_id).suffix.lower()
    if suffix in (".csv", ".tsv"):
        return _read_text(data, document_id, tabs=suffix == ".tsv")
    if data.startswith(_ZIP):
        holds = "content.xml" if suffix == ".ods" else "xl/"
        opened = open_archive(data, document_id, kind=f"a spreadsheet ({suffix})", holds=holds)
        return _read_workbook(data, document_id, None if suffix == ".ods" else read_book(opened))
    if not data.startswith(_OLE):
        return _read_disguised(data, document_id)
    return _read_workbook(data, document_id, None)


def _read_workbook(data: bytes, document_id: str, book: Book | None) -> Reading:
    body, left = Body(), _MOST_CELLS
    problems: list[Problem] = []
    titles: list[str] = []
    try:
        with calamine.load_workbook(io.BytesIO(data)) as workbook:
            sheets = [meta.name for meta in workbook.sheets_metadata if meta.typ is calamine.SheetTypeEnum.WorkSheet]
            for name in sheets:
                sheet = workbook.get_sheet_by_name(name)
                rows, problem = _rows(sheet, left, book.rows(name) if book else iter(()))
                left -= sum(len(row) for row in rows)
                if problem:
                    problems.append(Problem(document_id, f"Sheet “{name}” {problem}"))
                titles += _add_sheet(body, name, rows)
    except (calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, calamine.PasswordError) or _ENCRYPTED in data:
            raise ReadError(
                f"{document_id} is encrypted. Open it with its password, save it without one, and index again."
            ) from error
        raise ReadError(
            f"{document_id} is damaged or no spreadsheet ({str(error)[:200]}). Open it with the program it was "
            "made with and save it again as .xlsx."
        ) from error
    return _reading(body, titles, document_id, problems)


def _read_text(data: bytes, document_id: str, *, tabs: bool) -> Reading:
    decoded, told = decode_text(data, document_id)
    problems = list(told)
    records = _records(decoded.text, tabs=tabs)
    try:
        rows: list[_Row] = [
            [Cell(field.strip()) if field.strip() else None for field in record[:_MOST_COLUMNS]]
            for record in itertools.islice(records, _MOST_ROWS)
        ]
        if next(records, None) is not None:
            problems.append(Problem(document_id, f"It {_cut(_MOST_ROWS)}"))
    except csv.Error as error:
        raise ReadError(
            f"{document_id} is no table: {error}. Open it with a spreadsheet program and save it again."
        ) from error
    body = Body()
    titles = _add_sheet(body, _name(document_id), rows)
    return _reading(body, titles, document_id, problems, encoding=decoded.encoding)


def _read_disguised(data: bytes, document_id: str) -> Reading:
    """Many programs write web pages or tables of text and call them .xls."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise ReadError(
            f"{document_id} is a web page or XML, whatever its name says. Open it with a spreadsheet program and save "
            "it as .xlsx, or rename it to .html."
        )
    try:
        return _read_text(data, document_id, tabs=True)
    except ReadError as error:
        raise ReadError(
            f"{document_id} is damaged or no spreadsheet. Open it with the program it was made with and save it again "
            "as .xlsx."
        ) from error


def _reading(
    body: Body, titles: Sequence[str], document_id: str, problems: list[Problem], *, encoding: str | None = None
) -> Reading:
    if not titles:
        raise ReadError(f"{document_id} holds no filled cells. Put a table into it, or remove it.")
    title = title_of_name(document_id) or next(filter(None, titles), "") or _name(document_id)
    return body.reading(document_id, title, encoding=encoding, problems=tuple(problems))


def _name(document_id: str) -> str:
    return title_of_name(document_id) or PurePosixPath(document_id).stem


def _cut(rows: int) -> str:
    return f"has more than {rows:,} rows; the others were left out. Split it into several files."


def _add_sheet(body: Body, name: str, rows: list[_Row]) -> list[str]:
    """Add a sheet; what it may be called: nothing where it is empty."""
    tables = [lines for table in _tables(rows) if (lines := [line for line in table_lines(table) if line])]
    if not tables:
        return []
    body.add(name, level=1)
    for lines in tables:
        titled = len(lines) > 1 and _is_title(lines[0])
        body.add(lines[0], level=2 if titled else 0)
        body.add_all(lines[1:])
    first = tables[0][0]
    named = not name.lower().startswith(_DEFAULT_NAMES)
    titled = len(tables[0]) > 1 and _is_title(first)
    return [first if titled else name if named else ""]


def _is_title(line: str) -> bool:
    return line[-1] not in "。." and len(line) <= _LONGEST_TITLE and any(char.isalpha() for char in line)


def _rows(
    sheet: calamine.CalamineSheet, most_cells: int, formats: Iterator[tuple[int, Formats]]
) -> tuple[list[_Row], str]:
    """The rows of a sheet without the columns that are empty everywhere, and what is wrong with them."""
    if not sheet.height or not sheet.width:
        return [], ""
    limit = min(_MOST_ROWS, max(0, most_cells) // min(sheet.width, _MOST_COLUMNS))
    rows: list[_Row] = []
    left = (sheet.start or (0, 0))[1]
    formatted, codes = next(formats, (-1, {}))
    for number, values in enumerate(itertools.islice(sheet.iter_rows(), limit)):
        while 0 <= formatted < number:
            formatted, codes = next(formats, (-1, {}))
        own = codes if formatted == number else {}
        cells = (
            _text(value, own.get(column, "")).strip() for column, value in enumerate(values[:_MOST_COLUMNS], start=left)
        )
        rows.append([Cell(text) if text else None for text in cells])
    _fill_merged(sheet, rows)
    filled = {column for row in rows for column, cell in enumerate(row) if cell is not None}
    problem = ""
    if sheet.height > limit:
        problem = _cut(limit)
    elif sheet.width > _MOST_COLUMNS:
        problem = f"has more than {_MOST_COLUMNS} columns; the others were left out. Split it into several sheets."
    return [[cell for column, cell in enumerate(row) if column in filled] for row in rows], problem


def _fill_merged(sheet: calamine.CalamineSheet, rows: list[_Row]) -> None:
    """A merged cell stands in all its places."""
    top, left = 0, (sheet.start or (0, 0))[1]  # rows count from the first of the sheet, columns from the first filled
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        row, column = first_row - top, first_column - left
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            continue
        cell = rows[row][column]
        for below in rows[row : last_row - top + 1]:
            end = min(last_column - left + 1, len(below))
            below[column:end] = [cell] * (end - column)


def _tables(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """The tables of a sheet: after an empty row, a title or a row of names begins another one."""
    table: list[_Row] = []
    gap = False
    for row in rows:
        if all(cell is None for cell in row):
            gap = bool(table)
            continue
        if gap and _begins_table(row, table[-1]):
            yield table
            table = []
        table.append(row)
        gap = False
    if table:
        yield table


def _begins_table(row: _Row, before: _Row) -> bool:
    cells = list(dict.fromkeys(cell for cell in row if cell is not None))
    if len(cells) == 1:
        return True
    names = all(not any(char.isdigit() for char in cell.text) for cell in cells)
    places = {column for column, cell in enumerate(row) if cell is not None}
    other = {column for column, cell in enumerate(before) if cell is not None}
    numbers = any(cell is not None and _is_number(cell.text) for cell in before)
    return names and (numbers or not places & other)


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "", 1).rstrip("%").lstrip("-+").isdecimal()


def _text(value: _Value, code: str = "") -> str:
    """A value as its format shows it, else as people write it: 3 and not 3.0, 2024-05-01 without 00:00:00."""
    if code and isinstance(value, float | datetime.date) and (told := shown(value, code)) is not None:
        return told
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return number_text(value)
        case datetime.datetime():
            midnight = value.time() == datetime.time()
            return value.date().isoformat() if midnight else f"{value.date().isoformat()} {_clock(value.time())}"
        case datetime.date():
            return value.isoformat()
        case datetime.time():
            return _clock(value)
        case datetime.timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    duration = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return (
        f"{int(duration[1])}:{duration[2]}" + (f":{duration[3]}" if int(duration[3]) else "")
        if duration
        else str(value)
    )


def _clock(time: datetime.time) -> str:
    return time.strftime("%H:%M:%S" if time.second else "%H:%M")


def _records(text: str, *, tabs: bool) -> Iterator[list[str]]:
    """The records of a table in text, by the delimiter that parts most of its lines alike. They may raise csv.Error."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[-1], rest
    else:
        delimiter = _delimiter(text, tabs=tabs)
    if _is_quoted(text, delimiter):
        return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return csv.reader(text.splitlines(keepends=True), delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _delimiter(text: str, *, tabs: bool) -> str:
    if tabs:
        return "\t"
    lines = [line for line in itertools.islice(io.StringIO(text), _SAMPLE) if line.strip()]

    def told(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_DELIMITERS, key=told)


def _is_quoted(text: str, delimiter: str) -> bool:
    """Whether the quotation marks of the text are closed, so that fields end where they should."""
    try:
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return all(len(field) < _LONGEST_FIELD for record in records for field in record)
    except csv.Error:
        return False
