from assistant.readers.rows import Cell, table_lines
from assistant.text.sentences import sentences


def grid(*rows: tuple[str | Cell, ...]) -> list[list[Cell | None]]:
    return [[cell if isinstance(cell, Cell) else Cell(cell) if cell else None for cell in row] for row in rows]


def test_a_table_of_merged_rows_only_is_its_lines():
    first, second = Cell("填表说明"), Cell("一律用黑色笔填写")
    assert table_lines(grid((first, first), (second, second))) == ["填表说明", "一律用黑色笔填写"]


def test_a_cell_over_several_columns_has_all_their_names():
    whole = Cell("全年平均")
    assert table_lines(grid(("项目", "上半年", "下半年"), ("雨量", whole, whole), ("气温", "18", "21"))) == [
        "项目：雨量；上半年、下半年：全年平均。",
        "项目：气温；上半年：18；下半年：21。",
    ]
    value = Cell("Europe")
    assert table_lines(grid(("Name", "Germany", "Austria"), ("Continent", value, value), ("Size", "9", "8")))[0] == (
        "Name: Continent; Germany, Austria: Europe."
    )


def test_a_cell_over_the_first_columns_names_the_row():
    total = Cell("合计")
    rows = grid(("序号", "品名", "数量"), ("1", "救生衣", "20"), (total, total, "20"))
    assert table_lines(rows)[1] == "合计；数量：20。"


def test_every_row_is_one_sentence():
    tables = (
        grid(("品名", "数量", "备注"), ("救生衣", "20", "已核对"), ("冲锋舟", "3", "")),
        grid(("", "2023年"), ("小麦", "1.2"), ("玉米", "0.9")),
        grid(("302000001", "10.12", "散称粉条"), ("302000002", "2.98", "散称粉块")),
    )
    for table in tables:
        for line in table_lines(table):
            assert sentences(line, 0, len(line)) == ((0, len(line)),)
