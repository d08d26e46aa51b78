import datetime
from collections.abc import Mapping

import pytest

from assistant.readers import spreadsheet
from assistant.readers.number_formats import shown
from tests.readers.cases import part, with_part
from tests.readers.sheets import Value, xlsx


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.256, "0.0%", "25.6%"),
        (0.1, "0%", "10%"),
        (0.0035, "0.0‰", "3.5‰"),
        (1234567.5, "¥#,##0.00", "¥1,234,567.50"),
        (1234.5, "[$￥-804]#,##0.0", "￥1,234.5"),
        (-1234.5, "#,##0.00", "-1,234.50"),
        (-1234.5, r"#,##0.00_);[Red]\(#,##0.00\)", "(1,234.50)"),
        (0.0, '#,##0;-#,##0;"-"', "-"),
        (0.0, "0;-0;;@", ""),
        (-0.2, "0", "0"),
        (1 / 3, "0.00", "0.33"),
        (2.5, "0", "3"),
        (0.125, "0.00", "0.13"),
        (3.0, "0.##", "3"),
        (7.0, "000", "007"),
        (0.5, ".00", ".50"),
        (12.0, '0"个"', "12个"),
        (23456789.0, '#,##0.0,"千元"', "23,456.8千元"),
        (13800001111.0, "0", "13800001111"),
        (datetime.date(2024, 5, 1), 'yyyy"年"m"月"d"日"', "2024年5月1日"),
        (datetime.date(2024, 5, 1), '[$-804]yyyy"年"mm"月";@', "2024年05月"),
        (datetime.datetime(2024, 5, 1, 8, 5), 'yyyy"年"m"月"d"日" h"时"mm"分"', "2024年5月1日 8时05分"),
    ],
)
def test_a_value_is_told_as_the_workbook_shows_it(value: float | datetime.date, code: str, expected: str):
    assert shown(value, code) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.5, "# ?/?"),
        (12345.0, "0.00E+00"),
        (12345.0, r"0\.0,万"),  # digits with text between them
        (3712345.0, "000-0000"),
        (5.0, "[>=100]0.0;0"),
        (5.0, ";;;"),
        (1e300, "0.00"),
        (5.0, "yyyy"),
        (datetime.date(2024, 5, 1), "yyyy/m/d"),
        (datetime.date(2024, 5, 1), 'm"月"d"日"'),  # which year?
        (datetime.date(2024, 5, 1), 'yyyy"年"mmmm'),
    ],
)
def test_a_format_that_is_not_known_leaves_the_value(value: float | datetime.date, code: str):
    assert shown(value, code) is None


def text(rows: list[list[Value]], formats: Mapping[str, str], first_row: int = 1) -> str:
    data = xlsx({"预算": rows}, formats=formats, dates=["D"], first_row=first_row)
    (document,) = spreadsheet.read(data, "预算.xlsx").documents
    return document.text.partition("\n\n")[2]


@pytest.mark.parametrize("first_row", [1, 4])
def test_each_cell_has_its_own_format(first_row: int):
    rows: list[list[Value]] = [
        ["项目", "占比", "金额", "日期"], ["小麦", 0.256, 1234.5, 45413.0], [], [None, 0.1, 0.5, None],
    ]  # fmt: skip
    assert text(rows, {"B": "0.0%", "C": '#,##0.00"元"'}, first_row) == (
        "项目：小麦；占比：25.6%；金额：1,234.50元；日期：2024-05-01。\n\n占比：10.0%；金额：0.50元。"
    )


def test_cells_that_leave_out_where_they_are_follow_each_other():
    data = xlsx({"表": [["项目", "占比"], ["小麦", 0.256]]}, formats={"B": "0.0%"})
    sheet = part(data, "xl/worksheets/sheet1.xml").decode()
    for place in ("A1", "B1", "A2", "B2", "1", "2"):
        sheet = sheet.replace(f' r="{place}"', "")
    (document,) = spreadsheet.read(with_part(data, "xl/worksheets/sheet1.xml", sheet.encode()), "表.xlsx").documents
    assert "项目：小麦；占比：25.6%。" in document.text


def test_a_part_that_declares_entities_is_not_parsed():
    data = xlsx({"表": [["项目", "占比"], ["小麦", 0.256]]}, formats={"B": "0.0%"})
    styles = b'<!DOCTYPE a [<!ENTITY b "c">]>' + part(data, "xl/styles.xml").partition(b"?>")[2]
    (document,) = spreadsheet.read(with_part(data, "xl/styles.xml", styles), "表.xlsx").documents
    assert "占比：0.256" in document.text
