"""A small valid file of every format, the same bytes every time: what is damaged and fuzzed begins as one of these."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping

import docx
import pptx
from pptx.util import Inches

from tests.readers.old_sheets import xls
from tests.readers.pdfs import Page, pdf
from tests.readers.sheets import ods, xlsx
from tests.readers.typeset import Layout, typeset

PARAGRAPHS = (
    "各村要在六月一日前完成河道清淤，落实专人负责，并将结果报镇水利站备案，逾期不报的通报批评。",
    "镇长任总指挥，负责全镇防汛工作的统一领导、统一指挥、统一调度。",
    "The library opens at nine and closes at half past five; readers show their cards at the door.",
)
SHEETS = {
    "人员": [["姓名", "年龄", "村"], ["张三", 35.0, "石桥村"], ["李四", 41.5, "清河村"]],
    "物资": [["品名", "数量"], ["沙袋", 500.0], ["救生衣", 30.0]],
}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive of these parts, without the time of day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _office(save: Callable[[io.BytesIO], None]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return packed({name: blob for name, blob in parts(buffer.getvalue()).items() if not name.endswith(".jpeg")})


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("清河镇防汛工作办法", style="Title")
    document.add_heading("第一章 总则", 1)
    for paragraph in PARAGRAPHS:
        document.add_paragraph(paragraph)
    document.add_heading("第二章 物资", 1)
    for item in ("沙袋由镇仓库保管", "救生衣由各村保管"):
        document.add_paragraph(item, style="List Number")
    table = document.add_table(rows=3, cols=2)
    for row, texts in zip(table.rows, (("品名", "数量"), ("沙袋", "500条"), ("救生衣", "30件")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return _office(document.save)


def _pptx() -> bytes:
    presentation = pptx.Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[0])
    first.shapes.title.text = "清河镇防汛业务培训"
    first.placeholders[1].text = "镇应急管理办公室"
    second = presentation.slides.add_slide(presentation.slide_layouts[1])
    second.shapes.title.text = "一、组织机构"
    second.placeholders[1].text = "\n".join(PARAGRAPHS)
    second.notes_slide.notes_text_frame.text = "这里要强调责任到人。"
    third = presentation.slides.add_slide(presentation.slide_layouts[5])
    third.shapes.title.text = "二、物资储备"
    table = third.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for row, texts in zip(table.rows, (("品名", "数量"), ("沙袋", "500条")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return _office(presentation.save)


def _pdf() -> bytes:
    pages = typeset(["#清河镇防汛工作办法", *PARAGRAPHS * 3], Layout(header="清河镇文件", footer="第 {} 页"))
    pages.append(Page())
    pages[-1].lines(80, 700, ["品名 数量", "沙袋 500条"])
    return pdf(pages, title="防汛办法", bookmarks=[("清河镇防汛工作办法", 0)])


def _epub() -> bytes:
    space = 'xmlns="http://www.w3.org/1999/xhtml"'
    chapters = [
        f"<html {space}><body><h1>第{number}章 建置</h1><p>{text}</p></body></html>"
        for number, text in enumerate(PARAGRAPHS, 1)
    ]
    items = "".join(
        f'<item id="c{number}" href="{number}.xhtml" media-type="application/xhtml+xml"/>' for number in range(3)
    )
    order = "".join(f'<itemref idref="c{number}"/>' for number in range(3))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>石桥村志</dc:title></metadata><manifest>'
        f'<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>{items}</manifest>'
        f'<spine toc="ncx">{order}</spine></package>'
    )
    contents = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>附记</text></navLabel>'
        '<content src="2.xhtml"/></navPoint></navMap></ncx>'
    )
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    texts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "book.opf": package,
        "toc.ncx": contents,
        **{f"{number}.xhtml": chapter for number, chapter in enumerate(chapters)},
    }
    return packed({name: text.encode() for name, text in texts.items()})


def _html() -> bytes:
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    rows = "".join(
        f"<tr><td>{name}</td><td colspan=2>{count}</td></tr>" for name, count in (("品名", "数量"), ("沙袋", "500条"))
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>防汛办法_清河镇</title></head><body><nav>'
        f'<a href="/">首页</a></nav><h1>清河镇防汛工作办法</h1><div class=content>{paragraphs}<h2>二、物资</h2>'
        f"<ul><li>沙袋<li>救生衣</ul><table>{rows}</table><pre>原样\n文字</pre>&lt;&#27827;&amp;</div></body></html>"
    ).encode()


def _jsonl() -> bytes:
    rows = [{"id": number, "title": f"文件{number}", "text": text} for number, text in enumerate(PARAGRAPHS)]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in [*rows, {"text": "没有名字的一行。"}]).encode()


def _eml() -> bytes:
    return (
        "From: =?utf-8?b?5byg5LiJ?= <zhang@example.org>\r\nTo: li@example.org\r\n"
        "Date: Mon, 3 Jun 2024 09:00:00 +0800\r\nSubject: =?utf-8?b?6Ziy5rGb5Lya6K6u6YCa55+l?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        f"{PARAGRAPHS[0]}\r\n{PARAGRAPHS[1]}\r\n--b1\r\nContent-Type: application/pdf\r\n"
        'Content-Disposition: attachment; filename="plan.pdf"\r\n\r\nJVBERi0=\r\n--b1--\r\n'
    ).encode()


# Format → what makes a valid file of it.
SAMPLES: Mapping[str, Callable[[], bytes]] = {
    "txt": lambda: "清河镇防汛工作办法\n\n".encode() + "\n".join(PARAGRAPHS).encode(),
    "md": lambda: (
        f"---\ntitle: 防汛\n---\n# 总则\n\n{PARAGRAPHS[0]}\n\n- 沙袋\n- 救生衣\n\n> {PARAGRAPHS[2]}\n".encode()
    ),
    "jsonl": _jsonl,
    "csv": lambda: "姓名,年龄,村\n张三,35,石桥村\n李四,41,“清河村”\n".encode(),
    "html": _html,
    "docx": _docx,
    "pptx": _pptx,
    "epub": _epub,
    "xlsx": lambda: xlsx(SHEETS, merged=("A1:B1",), dates=("B",)),
    "ods": lambda: ods(SHEETS),
    "xls": lambda: xls(SHEETS),
    "pdf": _pdf,
    "eml": _eml,
}
