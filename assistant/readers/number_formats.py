"""Numbers and dates of a workbook as its reader sees them: 25.6% for 0.256, ¥1,234.50, 2024年5月.

The library that reads the cells gives their values only, so the formats are taken from the parts of an .xlsx file here.
What a format says that is not known here (fractions, exponents, conditions) leaves the value as it is stored.
Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (number formats).
"""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from xml.etree import ElementTree

from assistant.readers import archive

_WORKBOOK = "xl/workbook.xml"
# Formats that have a number and no text in the file; 5 to 8 and 41 to 44 have the currency of whoever opens it.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00", 9: "0%",
    10: "0.00%", 31: 'yyyy"年"m"月"d"日"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0",
    42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
}  # fmt: skip
_MOST_FORMATS = 100_000  # Excel allows 65,490 cell styles
_LONGEST_FORMAT = 255  # as in Excel
# A double has so many digits; more would show 0.1 + 0.2 as it is stored.
_DIGITS = 15
_MOST_PLACES = 30  # digits after the point

_CELL = re.compile(rb"<(?:\w+:)?(row|c)\b([^>]*)>")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{0,7})["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d{1,6})["']""")

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<digits>[#0?][#0?,.]*|\.[#0?]+)|(?P<share>[%％‰])|(?P<date>[yYmMdDhHsS]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_COLOUR = re.compile(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|黑色|蓝色|绿色|红色|白色|黄色)$", re.IGNORECASE
)
_SHARES = {"%": 100, "％": 100, "‰": 1000}
_CHINESE_DATE = re.compile("[年月日时分秒]")

Formats = Mapping[int, str]  # column → format, for one row


@dataclass(frozen=True, slots=True)
class Book:
    """The formats of a workbook: those of its styles, and which part holds which sheet."""

    opened: zipfile.ZipFile
    styles: tuple[str, ...]  # by the number of the cell style; "" for one that shows the value as it is
    parts: Mapping[str, str]  # by the name of the sheet

    def rows(self, sheet: str) -> Iterator[tuple[int, Formats]]:
        """The rows (from 0) of a sheet that have cells with a format, in order."""
        name = self.parts.get(sheet)
        if name is None or not any(self.styles):
            return
        try:
            data = archive.read_part(self.opened, name)
        except archive.DAMAGE:
            return
        yield from _rows(data, self.styles)


def read_book(opened: zipfile.ZipFile) -> Book | None:
    """The formats of an .xlsx file; None where it has none or they cannot be read: its values come as they are."""
    try:
        relations = _relations(opened)
        sheets = {
            str(sheet.get("name")): next((value for key, value in sheet.items() if key.endswith("}id")), "")
            for sheet in _elements(archive.read_part(opened, _WORKBOOK), "sheet")
        }
        styles = next((path for kind, path in relations.values() if kind.endswith("/styles")), "")
        if not styles:
            return None
        parts = {name: relations[relation][1] for name, relation in sheets.items() if relation in relations}
        return Book(opened, _styles(archive.read_part(opened, styles)), parts)
    except archive.DAMAGE:
        return None


def _relations(opened: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """By their ids the kinds and the parts of what belongs to a workbook."""
    return {
        relation.get("Id", ""): (
            relation.get("Type", ""),
            posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/"),
        )
        for relation in _elements(archive.read_part(opened, "xl/_rels/workbook.xml.rels"), "Relationship")
    }


def _styles(data: bytes) -> tuple[str, ...]:
    own = {_integer(item.get("numFmtId")): item.get("formatCode", "") for item in _elements(data, "numFmt")}
    codes = {**_BUILT_IN, **own}
    styles: list[str] = []
    for cell_styles in _elements(data, "cellXfs"):
        for style in list(cell_styles)[:_MOST_FORMATS]:
            code = codes.get(_integer(style.get("numFmtId")), "")
            styles.append(code if len(code) <= _LONGEST_FORMAT and code.strip().lower() not in ("general", "@") else "")
    return tuple(styles)


def _elements(data: bytes, name: str) -> Iterator[ElementTree.Element]:
    if b"<!" in data:
        raise ValueError("a document type is declared")
    return (item for item in ElementTree.fromstring(data).iter() if item.tag.rpartition("}")[2] == name)


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _rows(data: bytes, styles: tuple[str, ...]) -> Iterator[tuple[int, Formats]]:
    """The rows of a sheet's part. Rows and cells may leave out where they are: each then follows the one before it."""
    row, column = -1, -1
    found: dict[int, str] = {}
    for match in _CELL.finditer(data):
        place = _PLACE.search(match.group(2))
        letters, number = place.groups() if place else (b"", b"")
        if match.group(1) == b"row":
            if found:
                yield row, found
            found, column = {}, -1
            row = int(number) - 1 if number else row + 1
            continue
        column = _column(letters) if letters else column + 1
        style = _STYLE.search(match.group(2))
        code = styles[index] if style and (index := int(style.group(1))) < len(styles) else ""
        if code:
            found[column] = code
    if found:
        yield row, found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def number_text(value: float) -> str:
    """A number without a format: 3 and not 3.0, and no more digits than are stored."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    return f"{Decimal(f'{value:.{_DIGITS}g}').normalize() + 0:f}"


def shown(value: float | datetime.date | datetime.datetime, code: str) -> str | None:
    """A number or date in a format of a workbook; None where it is better told as it is stored."""
    if isinstance(value, datetime.date):
        return _date(value, _parts(_sections(code)[0]))
    if value != value or value in (float("inf"), float("-inf")):
        return None
    sections = _sections(code)
    number = Decimal(f"{value:.{_DIGITS}g}")
    index = 1 if number < 0 and len(sections) > 1 else 2 if not number and len(sections) > 2 else 0
    text = _number(abs(number), _parts(sections[index]))
    if not text:
        return "" if text == "" and not number else None
    return f"-{text}" if number < 0 and not index and text.strip("0.,%％‰") else text


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[str, ...]:
    """The formats for positive numbers, for negative ones, for zero, for text."""
    found, start = [], 0
    for match in _TOKEN.finditer(code):
        if match.group("other") == ";":
            found.append(code[start : match.start()])
            start = match.end()
    return (*found, code[start:])


_Parts = tuple[tuple[str, str], ...]  # kind and text


@lru_cache(maxsize=1000)
def _parts(section: str) -> _Parts | None:
    """What a format consists of: literal text, digits, shares, pieces of dates; None for what is not known here."""
    parts: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(section):
        kind, text = match.lastgroup, match.group()
        if kind in ("quoted", "escaped", "currency"):
            parts.append(("literal", match.group(kind)))
        elif kind == "bracket":
            if not _COLOUR.match(match.group("bracket")):
                return None
        elif kind == "other":
            if text.isascii() and (text.isalpha() or text in "/@"):
                return None
            parts.append(("literal", text))
        elif kind is not None:
            parts.append((kind, text))
    return tuple(parts)


def _number(number: Decimal, parts: _Parts | None) -> str | None:
    """A number without its sign."""
    if parts is None or any(kind == "date" for kind, _ in parts):
        return None
    runs = [text for kind, text in parts if kind == "digits"]
    if len(runs) > 1:  # 000-0000, 0\.0: digits with text between them
        return None
    for kind, text in parts:
        number *= _SHARES[text] if kind == "share" else 1
    try:
        told = "".join(_digits(number, text) if kind == "digits" else text for kind, text in parts)
    except InvalidOperation:  # more digits than anybody counts
        return None
    return " ".join(told.split())


def _digits(number: Decimal, run: str) -> str:
    whole, _, places = run.partition(".")
    thousands = len(whole) - len(whole.rstrip(",")) + len(places) - len(places.rstrip(","))
    number = number.scaleb(-3 * thousands)
    most = min(len(places.replace(",", "")), _MOST_PLACES)
    rounded = number.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
    before, _, after = f"{rounded:{',' if ',' in whole.rstrip(',') else ''}f}".partition(".")
    before = before.zfill(whole.count("0")) if before != "0" or "0" in whole else ""
    after = after.rstrip("0").ljust(min(places.count("0"), most), "0")
    return f"{before}.{after}" if after else before


def _date(value: datetime.date, parts: _Parts | None) -> str | None:
    """A date, if its format is one with Chinese words and says the year; others are told year first."""
    literals = "".join(text for kind, text in parts or () if kind == "literal")
    dates = [text.lower() for kind, text in parts or () if kind == "date"]
    if not _CHINESE_DATE.search(literals) or not any(text.startswith("y") for text in dates):
        return None
    time = value.time() if isinstance(value, datetime.datetime) else datetime.time()
    told, last = "", ""
    for kind, text in parts or ():
        if kind != "date":
            told += text
            continue
        piece = text.lower()
        letter, two = piece[0], len(piece) > 1
        if len(set(piece)) > 1 or len(piece) > (4 if letter == "y" else 2):
            return None
        if letter == "y":
            told += f"{value.year:04}" if len(piece) > 2 else f"{value.year % 100:02}"
        else:
            minutes = letter == "m" and last in ("h", "s")
            number = {"m": time.minute if minutes else value.month, "d": value.day, "h": time.hour, "s": time.second}
            told += f"{number[letter]:02}" if two else str(number[letter])
        last = letter
    return told.strip()
