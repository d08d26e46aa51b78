import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import pptx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from assistant.readers import docx as word
from assistant.readers import pptx as slides
from tests.readers.cases import only, with_part


def chart(data: Any, kind: Any) -> tuple[bytes, bytes]:
    """A presentation with a chart, and the chart's part."""
    presentation = pptx.Presentation()
    shapes = presentation.slides.add_slide(presentation.slide_layouts[6]).shapes
    frame = shapes.add_chart(kind, Inches(1), Inches(1), Inches(6), Inches(4), data)
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue(), frame.chart.part.blob


def shares() -> Any:
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["一产", "二产"]
    data.add_series("占比", (0.256, 0.744))
    return data


def amounts() -> Any:
    data = CategoryChartData()
    data.categories = ["2023年", "2024年"]
    data.add_series("投资", (1234567, None))
    data.add_series("产量", (0.1 + 0.2, 5))
    return data


def places() -> Any:
    data = XyChartData()
    series = data.add_series("雨量")
    series.add_data_point(1.5, 20)
    series.add_data_point(2.5, 30)
    return data


def levels() -> Any:
    data = CategoryChartData()
    year = data.add_category("2024年")
    year.add_sub_category("上半年")
    year.add_sub_category("下半年")
    data.add_series("雨量", (300, 420))
    return data


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (shares, XL_CHART_TYPE.PIE, ["一产；占比：25.6%。", "二产；占比：74.4%。"]),
        (amounts, XL_CHART_TYPE.LINE, ["2023年；投资：1234567；产量：0.3。", "2024年；产量：5。"]),
        (places, XL_CHART_TYPE.XY_SCATTER, ["1.5；雨量：20。", "2.5；雨量：30。"]),
        (levels, XL_CHART_TYPE.COLUMN_CLUSTERED, ["2024年 上半年；雨量：300。", "2024年 下半年；雨量：420。"]),
    ],
)
def test_the_figures_of_a_chart(data: Callable[[], Any], kind: Any, expected: list[str]):
    presentation, _ = chart(data(), kind)
    text = only(slides.read(presentation, "图表.pptx")).text
    assert text.split("\n\n")[-len(expected) :] == expected


def test_a_kind_of_chart_that_the_library_does_not_know():
    presentation, part = chart(shares(), XL_CHART_TYPE.PIE)
    assert b"<c:pieChart>" in part
    names = "ppt/charts/" + _chart_name(presentation)
    flat = part.replace(b"c:pieChart>", b"c:surface3DChart>")
    text = only(slides.read(with_part(presentation, names, flat), "图表.pptx")).text
    assert "一产；占比：25.6%。" in text


def _chart_name(presentation: bytes) -> str:
    names = zipfile.ZipFile(BytesIO(presentation)).namelist()
    return next(name.rpartition("/")[2] for name in names if name.startswith("ppt/charts/chart"))


@pytest.mark.parametrize("damage", [b"", b"<c:"])
def test_a_chart_in_a_word_document_comes_after_its_paragraph(damage: bytes):
    document = docx.Document()
    part = Part(
        PackURI("/word/charts/chart1.xml"),
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        damage or chart(shares(), XL_CHART_TYPE.PIE)[1],
        document.part.package,
    )
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    drawing = (
        f"<w:p {nsdecls('w', 'a', 'r')}><w:r><w:t>产业结构如图。</w:t><w:drawing><a:graphic><a:graphicData><c:chart "
        f'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></w:drawing></w:r></w:p>"
    )
    document.element.body.insert(0, parse_xml(drawing))
    document.add_paragraph("下一段。")
    buffer = BytesIO()
    document.save(buffer)
    figures = [] if damage else ["一产；占比：25.6%。", "二产；占比：74.4%。"]
    text = only(word.read(buffer.getvalue(), "报告.docx")).text
    assert [line for line in text.split("\n\n") if line != "占比"] == ["产业结构如图。", *figures, "下一段。"]
