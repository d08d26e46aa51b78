import random
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches

from assistant.errors import ReadError
from assistant.readers import pptx as reader
from assistant.types import Document
from tests.readers.cases import (
    Found,
    assert_found,
    assert_harmless,
    damaged_copies,
    only,
    part,
    rewritten,
    with_part,
)

TITLE, TITLE_AND_BODY, TWO_CONTENTS, ONLY_TITLE, BLANK = 0, 1, 3, 5, 6
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def made(build: Callable[[Any], None]) -> bytes:
    presentation = pptx.Presentation()
    build(presentation)
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def read(data: bytes, name: str = "培训/防汛培训.pptx") -> Document:
    reading = reader.read(data, name)
    assert reading.problems == ()
    return only(reading)


def slide(presentation: Any, layout: int, title: str = "") -> Any:
    added = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title:
        added.shapes.title.text = title
    return added


def box(on: Any, text: str, left: float, top: float, width: float = 3, height: float = 0.5) -> None:
    frame = on.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height)).text_frame
    frame.text = text


def rich(presentation: Any) -> None:
    first = slide(presentation, TITLE, "清河镇防汛\v业务培训")
    first.placeholders[1].text = "镇应急管理办公室\n2024年5月"
    body = slide(presentation, TITLE_AND_BODY, "一、组织机构")
    body.placeholders[1].text = "镇长任总指挥\n分管副镇长任副总指挥\n各村主任为成员"
    body.notes_slide.notes_text_frame.text = "这里要强调责任到人。\n再举一个去年的例子。"
    numbers = slide(presentation, TITLE_AND_BODY, "二、响应流程")
    frame = numbers.placeholders[1].text_frame
    frame.text = "发布预警\n转移群众\n上报情况"
    for paragraph in frame.paragraphs:
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<a:buAutoNum {A} type="ea1ChsPeriod"/>'))
    slide(presentation, BLANK)
    table_slide = slide(presentation, ONLY_TITLE, "三、物资储备")
    table = table_slide.shapes.add_table(4, 3, Inches(1), Inches(2), Inches(6), Inches(2)).table
    rows = [("品名", "数量", "存放"), ("沙袋", "500条", "镇仓库"), ("", "200条", "村仓库"), ("救生衣", "30件", "")]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    columns = slide(presentation, ONLY_TITLE, "四、两栏")
    box(columns, "右栏第一段", 6, 2)
    box(columns, "右栏第二段", 6, 3)
    box(columns, "左栏第一段", 1, 2)
    box(columns, "左栏第二段", 1, 3)
    box(columns, "页脚上方的说明", 1, 6, width=8)
    group = columns.shapes.add_group_shape()
    inner = group.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(0.4))
    inner.text_frame.text = "组合里的文字"
    chart_slide = slide(presentation, ONLY_TITLE, "五、历年雨量")
    data = CategoryChartData()
    data.categories = ["2022年", "2023年"]
    data.add_series("降雨量", (650.5, 720))
    data.add_series("蒸发量", (500, None))
    chart_slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(6), Inches(4), data)
    untitled = slide(presentation, BLANK)
    box(untitled, "六、谢谢大家", 1, 1)
    box(untitled, "联系电话：0371-1234567，值班室二十四小时有人。", 1, 3)


FOUND = [
    Found("镇应急管理办公室", ("清河镇防汛业务培训",), 1),
    Found("• 镇长任总指挥\n• 分管副镇长任副总指挥\n• 各村主任为成员", ("一、组织机构",), 2),
    Found("备注：这里要强调责任到人。", ("一、组织机构",), 2),
    Found("一、发布预警\n二、转移群众\n三、上报情况", ("二、响应流程",), 3),
    Found("品名：沙袋；数量：500条；存放：镇仓库。", ("三、物资储备",), 5),
    Found("品名：沙袋；数量：200条；存放：村仓库。", ("三、物资储备",), 5),
    Found("品名：救生衣；数量：30件。", ("三、物资储备",), 5),
    Found("左栏第一段", ("四、两栏",), 6),
    Found("2022年；降雨量：650.5；蒸发量：500。", ("五、历年雨量",), 7),
    Found("2023年；降雨量：720。", ("五、历年雨量",), 7),
    Found("联系电话：0371-1234567", ("六、谢谢大家",), 8),
]


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.quote[:12])
def test_what_is_found_with_its_heading_and_page(found: Found):
    assert_found(read(made(rich)), found)


def test_a_page_for_each_slide_and_the_title_of_the_first():
    document = read(made(rich))
    assert len(document.pages) == 8
    assert document.title == "清河镇防汛业务培训"


def test_reading_order_of_columns_and_groups():
    text = read(made(rich)).text
    order = ["左栏第一段", "左栏第二段", "右栏第一段", "右栏第二段", "组合里的文字", "页脚上方的说明"]
    assert [text.index(one) for one in order] == sorted(text.index(one) for one in order)


def test_cards_are_not_torn_apart():
    def build(presentation: Any) -> None:
        on = slide(presentation, ONLY_TITLE, "四项工作")
        for row in range(2):
            for column in range(2):
                left, top = 0.5 + 4.5 * column, 2 + 2.5 * row
                box(on, f"标题{row}{column}", left, top, 3.5, 0.5)
                box(on, f"内容{row}{column}是一句完整的话。", left, top + 0.6, 3.5, 1)

    text = read(made(build)).text
    for place in ("00", "01", "10", "11"):
        assert f"标题{place}\n\n内容{place}是一句完整的话。" in text


def test_footers_dates_and_numbers_are_left_out():
    def build(presentation: Any) -> None:
        on = slide(presentation, TITLE_AND_BODY, "标题")
        on.placeholders[1].text = "正文内容在这里。"
        for kind, text in (("ftr", "每页都有的页脚"), ("sldNum", "17"), ("dt", "2024/5/1")):
            on.shapes._spTree.append(
                parse_xml(
                    f'<p:sp {A} xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:nvSpPr>'
                    f'<p:cNvPr id="{90 + len(kind)}" name="{kind}"/><p:cNvSpPr/><p:nvPr><p:ph '
                    f'type="{kind}" idx="{20 + len(kind)}"/>'
                    f"</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
                )
            )

    text = read(made(build)).text
    assert text == "标题\n\n正文内容在这里。"


def test_smart_art_is_read():
    diagram = (
        f'<dgm:dataModel {A} xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"><dgm:ptLst><dgm:pt><dgm:t>'
        "<a:bodyPr/><a:p><a:r><a:t>预警发布</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>人员转移</a:t></a:r></a:p>"
        "</dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )

    def build(presentation: Any) -> None:
        on = slide(presentation, ONLY_TITLE, "流程图")
        on.shapes._spTree.append(
            parse_xml(
                f'<p:graphicFrame {A} xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:nvGraphicFramePr>'
                '<p:cNvPr id="77" name="图示"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>'
                '<p:xfrm><a:off x="0" y="0"/>'
                '<a:ext cx="10" cy="10"/></p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/'
                'diagram"><dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:r="http://schemas.'
                'openxmlformats.org/officeDocument/2006/relationships" r:dm="rId88"/></a:graphicData>'
                "</a:graphic></p:graphicFrame>"
            )
        )

    data = with_part(made(build), "ppt/diagrams/data1.xml", diagram.encode())
    links = part(data, "ppt/slides/_rels/slide1.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId88" Type="http://schemas.openxmlformats.org/officeDocum'
        b'ent/2006/relationships/diagramData" '
        b'Target="../diagrams/data1.xml"/></Relationships>',
    )
    document = read(with_part(data, "ppt/slides/_rels/slide1.xml.rels", links))
    assert_found(document, Found("• 预警发布\n• 人员转移", ("流程图",), 1))


@pytest.mark.parametrize(
    ("core", "first", "title"),
    [
        ("PowerPoint 演示文稿", "清河镇防汛培训", "清河镇防汛培训"),
        ("别的演示文稿的题目", "清河镇防汛培训", "清河镇防汛培训"),
        ("PowerPoint Presentation", "", "防汛培训"),
    ],
)
def test_title(core: str, first: str, title: str):
    def build(presentation: Any) -> None:
        presentation.core_properties.title = core
        on = slide(presentation, ONLY_TITLE, first)
        box(on, "这里是正文，讲的是防汛工作怎样组织、怎样落实、怎样检查、怎样总结。", 1, 3)

    assert read(made(build)).title == title


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE, "older Office or WPS format"),
        (b"%PDF-1.7\n", "a PDF file"),
        (b"PK\x05\x06" + bytes(18), "another zip archive"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
    ],
)
def test_what_is_no_presentation_is_refused_with_a_reason(data: bytes, reason: str):
    with pytest.raises(ReadError, match=reason) as caught:
        reader.read(data, "子/坏的.pptx")
    assert "子/坏的.pptx" in str(caught.value)


def test_no_text():
    with pytest.raises(ReadError, match="holds no text"):
        reader.read(made(lambda presentation: slide(presentation, BLANK)), "空.pptx")


def test_entities_are_refused():
    data = made(rich)
    xml = part(data, "ppt/slides/slide1.xml").replace(b"<p:sld ", b'<!DOCTYPE d [<!ENTITY a "b">]><p:sld ', 1)
    with pytest.raises(ReadError, match="XML entities"):
        reader.read(with_part(data, "ppt/slides/slide1.xml", xml), "实体.pptx")


def test_truncated_and_damaged_files_are_harmless():
    data = made(rich)
    for end in range(0, len(data), max(1, len(data) // 40)):
        with pytest.raises(ReadError):
            reader.read(data[:end], "半.pptx")
    for copy in damaged_copies(data, seed=40, count=100):
        assert_harmless(reader.read, copy, "坏.pptx")


def test_damaged_parts_are_harmless():
    data, chance = made(rich), random.Random(41)
    for _ in range(100):
        assert_harmless(reader.read, rewritten(data, chance), "坏.pptx")
