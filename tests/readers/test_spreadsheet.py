import datetime
import io
import random
import re
import zipfile
from pathlib import Path

import pytest

from assistant.errors import ReadError
from assistant.readers import spreadsheet
from assistant.readers.reading import Reading
from assistant.readers.worker import Limits, Reader
from tests.readers.sheets import ods, xlsx


def lines(reading: Reading) -> list[str]:
    (document,) = reading.documents
    return document.text.split("\n\n")


def headings(reading: Reading) -> list[tuple[str, int]]:
    (document,) = reading.documents
    return [(document.text[h.start : h.end], h.level) for h in document.outline]


def test_a_row_is_a_line_with_the_names_of_its_columns() -> None:
    data = xlsx({"通讯录": [["姓名", "部门", "电话"], ["张三", "财务科", 5551234.0], ["李四", None, 5554321.0]]})
    reading = spreadsheet.read(data, "资料/名册.xlsx")
    assert lines(reading) == ["通讯录", "姓名：张三；部门：财务科；电话：5551234。", "姓名：李四；电话：5554321。"]
    assert headings(reading) == [("通讯录", 1)]
    assert not reading.problems


def test_english_rows_have_english_marks() -> None:
    reading = spreadsheet.read(xlsx({"Rota": [["Day", "Duty"], ["Monday", "Li"], ["Tuesday", "Zhang Wei"]]}), "a.xlsx")
    assert lines(reading)[1:] == ["Day: Monday; Duty: Li.", "Day: Tuesday; Duty: Zhang Wei."]


def test_every_sheet_is_a_heading_and_empty_ones_are_none() -> None:
    sheets = {"一月": [["项目", "金额"], ["道路", 12.0]], "空表": [], "二月": [["项目", "金额"], ["水渠", 8.5]]}
    reading = spreadsheet.read(xlsx(sheets), "支出.xlsx")
    assert headings(reading) == [("一月", 1), ("二月", 1)]
    assert lines(reading) == ["一月", "项目：道路；金额：12。", "二月", "项目：水渠；金额：8.5。"]


def test_a_title_above_the_table_and_names_in_two_rows() -> None:
    rows = [
        ["2024年收支表", None, None, None],
        ["项目", "收入", None, "备注"],
        [None, "一月", "二月", None],
        ["小麦", 3.0, 4.5, "已核对"],
        ["玉米", 120.0, None, None],
    ]
    reading = spreadsheet.read(xlsx({"Sheet1": rows}, merged=["A1:D1", "A2:A3", "B2:C2", "D2:D3"]), "001.xlsx")
    assert lines(reading)[1:] == [
        "2024年收支表", "项目：小麦；收入·一月：3；收入·二月：4.5；备注：已核对。", "项目：玉米；收入·一月：120。",
    ]  # fmt: skip
    assert reading.documents[0].title == "2024年收支表"
    assert headings(reading)[1] == ("2024年收支表", 2)


def test_a_cell_merged_over_rows_is_told_in_each() -> None:
    rows = [["部门", "姓名", "工龄"], ["财务科", "张三", 3.0], [None, "李四", 12.0], ["人事科", "王五", 7.0]]
    reading = spreadsheet.read(xlsx({"名单": rows}, merged=["A2:A3"]), "1.xlsx")
    assert lines(reading)[2] == "部门：财务科；姓名：李四；工龄：12。"


def test_two_tables_of_a_sheet_have_their_own_names() -> None:
    rows = [
        ["项目", "金额"], ["道路", 12.0], [None, None], [None, None],
        ["值班人员", None], ["姓名", "电话"], ["张三", 5551234.0],
    ]  # fmt: skip
    assert lines(spreadsheet.read(xlsx({"表": rows}), "1.xlsx"))[1:] == [
        "项目：道路；金额：12。", "值班人员", "姓名：张三；电话：5551234。",
    ]  # fmt: skip


def test_empty_rows_and_columns_are_nothing() -> None:
    rows = [
        [None, "城市", None, "人口"],
        [None] * 4,
        [None, "北京", None, 2184.0],
        [None] * 4,
        [None, "上海", None, 2487.0],
    ]
    assert lines(spreadsheet.read(xlsx({"城市": rows}), "1.xlsx"))[1:] == [
        "城市：北京；人口：2184。",
        "城市：上海；人口：2487。",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3.0, "3"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (1e15, "1000000000000000"), (1.5e-7, "0.00000015"), (7, "7"),
        (True, "TRUE"), ("小麦", "小麦"),
        (datetime.date(2024, 5, 1), "2024-05-01"),
        (datetime.datetime(2024, 5, 1), "2024-05-01"),
        (datetime.datetime(2024, 5, 1, 8, 30), "2024-05-01 08:30"),
        (datetime.time(8, 30), "08:30"), (datetime.time(8, 30, 5), "08:30:05"),
        (datetime.timedelta(hours=26, minutes=30), "26:30"),
        (float("nan"), "nan"),
    ],
)  # fmt: skip
def test_values_are_written_as_people_do(value: object, expected: str) -> None:
    assert spreadsheet._text(value) == expected  # type: ignore[arg-type]


def test_dates_of_a_workbook() -> None:
    reading = spreadsheet.read(
        xlsx({"表": [["事项", "日期"], ["开工", 45413.0], ["竣工", 45414.5]]}, dates="B"), "1.xlsx"
    )
    assert lines(reading)[1:] == ["事项：开工；日期：2024-05-01。", "事项：竣工；日期：2024-05-02 12:00。"]


def test_open_document_sheets() -> None:
    reading = spreadsheet.read(ods({"名单": [["姓名", "年龄"], ["张三", 35.0]]}), "名单.ods")
    assert lines(reading) == ["名单", "姓名：张三；年龄：35。"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_text_tables_in_their_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    rows = [("姓名", "部门", "联系电话"), ("张三", "财务科", "5551234"), ("李四", "人事科", "5554321")]
    text = "".join(delimiter.join(row) + "\r\n" for row in rows)
    reading = spreadsheet.read(text.encode(encoding), "名册.csv")
    assert lines(reading) == [
        "名册",
        "姓名：张三；部门：财务科；联系电话：5551234。",
        "姓名：李四；部门：人事科；联系电话：5554321。",
    ]
    assert reading.documents[0].title == "名册"


def test_quoted_fields_and_the_delimiter_that_excel_writes_first() -> None:
    text = 'sep=;\n名称;说明\n水泵;"扬程20米；功率3千瓦"\n电缆;"长,100米\n防水"\n'
    assert lines(spreadsheet.read(text.encode(), "物资.csv"))[1:] == [
        "名称：水泵；说明：扬程20米；功率3千瓦。", "名称：电缆；说明：长,100米防水。",
    ]  # fmt: skip


def test_a_quotation_mark_that_nothing_closes_does_not_swallow_the_rest() -> None:
    text = "名称,规格,数量\n" + '钢管,"2寸,5\n' + "".join(f"螺丝,{n}号,{n}\n" for n in range(9))
    found = lines(spreadsheet.read(text.encode(), "物资.csv"))
    assert found[1] == '名称：钢管；规格："2寸；数量：5。'
    assert len(found) == 11


def test_tabs_that_are_called_xls_are_read_and_web_pages_are_told() -> None:
    reading = spreadsheet.read("姓名\t年龄\n张三\t35\n".encode("gb18030"), "导出.xls")
    assert lines(reading)[1:] == ["姓名：张三；年龄：35。"]
    with pytest.raises(ReadError, match=r"导出\.xls is a web page.*\.html"):
        spreadsheet.read("<html><table><tr><td>姓名</table>".encode(), "导出.xls")


def test_more_rows_than_the_limit_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_MOST_ROWS", 10)
    rows = [["编号", "名称"], *([float(n), f"第{n}件"] for n in range(30))]
    reading = spreadsheet.read(xlsx({"台账": rows}), "台账.xlsx")
    assert len(lines(reading)) == 10
    assert re.fullmatch(r"Sheet “台账” has more than 10 rows.*Split.*", reading.problems[0].reason)
    text = "".join(f"{row[0]},{row[1]}\n" for row in rows)
    reading = spreadsheet.read(text.encode(), "台账.csv")
    assert [problem.path for problem in reading.problems] == ["台账.csv"]


def test_an_encrypted_workbook_says_so() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    with pytest.raises(ReadError, match=r"^密\.xlsx is encrypted.*without one"):
        spreadsheet.read(data, "密.xlsx")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xlsx({"空": []}), "空.xlsx"),
        (b"", "空.xlsx"),
        (b"", "空.csv"),
        (b"PK\x03\x04 no zip", "坏.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook", "坏.xls"),
        (xlsx({"表": [["姓名", "年龄"], ["张三", 3.0]]})[:-60], "断.xlsx"),
        (bytes(range(256)) * 20, "坏.xls"),
    ],
    ids=["no cells", "0 bytes", "0 bytes of text", "no zip", "no workbook", "cut off", "anything"],
)
def test_what_holds_no_table_says_so(data: bytes, name: str) -> None:
    with pytest.raises(ReadError, match=rf"^{re.escape(name)} "):
        spreadsheet.read(data, name)


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
@pytest.mark.parametrize("within", [False, True], ids=["archive", "parts"])
def test_broken_files_give_a_reading_or_an_error(suffix: str, within: bool, tmp_path: Path) -> None:
    rows = [["姓名", "年龄"], *([f"张{n}", float(n)] for n in range(40))]
    data = xlsx({"名单": rows}, merged=["A2:A4"]) if suffix == ".xlsx" else ods({"名单": rows})
    chance = random.Random(20240501)
    errors: list[str] = []
    path = tmp_path / f"坏{suffix}"
    with Reader(Limits(memory_bytes=400_000_000, seconds=20)) as reader:
        for _ in range(100):
            path.write_bytes(broken_within(data, chance) if within else broken(data, chance))
            try:
                for document in reader.read(path, path.name).documents:
                    assert document.text.encode()
            except ReadError as error:
                errors.append(str(error))
    assert 0 < len(errors) < 100
    assert all(error.startswith(f"坏{suffix} ") for error in errors)


def broken(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, some taken out."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    if chance.random() < 0.3:
        start = chance.randrange(len(changed))
        del changed[start : start + chance.randrange(1, 200)]
    return bytes(changed)


def broken_within(data: bytes, chance: random.Random) -> bytes:
    """A good archive with a part in it that is broken."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        chosen = chance.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, broken(old.read(name), chance) if name == chosen else old.read(name))
    return out.getvalue()


def test_a_merged_cell_is_in_its_place_where_the_first_rows_are_empty() -> None:
    rows = [["项目", "收入", None], [None, "一月", "二月"], ["小麦", 3.0, 4.5]]
    data = xlsx({"表": rows}, merged=["A4:A5", "B4:C4"], first_row=4)
    assert lines(spreadsheet.read(data, "收入.xlsx"))[1:] == ["项目：小麦；收入·一月：3；收入·二月：4.5。"]


def test_a_number_alone_is_no_title() -> None:
    reading = spreadsheet.read(xlsx({"表": [[3.0], [4.0]]}), "数.xlsx")
    assert headings(reading) == [("表", 1)]


def test_lengths_of_time_of_open_document_sheets() -> None:
    assert lines(spreadsheet.read(ods({"表": [["工时", "人"], ["PT27H17M00S", "张三"]]}), "工时.ods"))[1] == (
        "工时：27:17；人：张三。"
    )
