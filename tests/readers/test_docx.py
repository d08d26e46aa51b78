import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from assistant.errors import ReadError
from assistant.readers import docx as reader
from assistant.types import Document
from tests.readers.cases import (
    Found,
    assert_found,
    assert_harmless,
    damaged_copies,
    only,
    part,
    passages,
    rewritten,
    shared_file,
    with_part,
)

W = nsdecls("w")
LONG = "各村要在六月一日前完成河道清淤，落实专人负责，并将结果报镇水利站备案，逾期不报的通报批评。"


def saved(document: Any) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def made(build: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    build(document)
    return saved(document)


def read(data: bytes, name: str = "清河镇/防汛.docx") -> Document:
    reading = reader.read(data, name)
    assert reading.problems == ()
    return only(reading)


def add_xml(document: Any, xml: str) -> None:
    document.element.body.insert(len(document.element.body) - 1, parse_xml(xml))


def headings(document: Any) -> None:
    document.add_paragraph("清河镇防汛工作办法", style="Title")
    document.add_heading("第一章 总则", 1)
    document.add_paragraph(LONG)
    document.add_heading("第一节 职责", 2)
    document.add_paragraph("镇长任总指挥，负责全镇防汛工作的统一领导、统一指挥、统一调度。")
    by_level = document.add_paragraph("第二章 应急响应")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "0")
    by_level._p.get_or_add_pPr().append(level)
    document.add_paragraph("接到暴雨红色预警后一小时内转移危险区域群众，不得拖延。")


def define_list(document: Any, levels: list[tuple[str, str]], *, start: int = 1) -> str:
    """A list of Word's own with (format, pattern) for each level; its id comes back."""
    numbering = document.part.numbering_part.element
    used = [int(item.get(qn("w:abstractNumId"))) for item in numbering.findall(qn("w:abstractNum"))]
    new = str(max(used, default=0) + 1)
    shown = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start if depth == 0 else 1}"/><w:numFmt w:val="{style}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, (style, pattern) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{new}">{shown}</w:abstractNum>'))
    numbers = [int(item.get(qn("w:numId"))) for item in numbering.findall(qn("w:num"))]
    number = str(max(numbers, default=0) + 1)
    numbering.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{new}"/></w:num>'))
    return number


def item(document: Any, number: str, depth: int, text: str, **kwargs: Any) -> None:
    paragraph = document.add_paragraph(text, **kwargs)
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'))


def chapters(document: Any) -> None:
    number = define_list(
        document, [("chineseCountingThousand", "第%1章"), ("chineseCounting", "%2、"), ("chineseCounting", "（%3）")]
    )
    articles = define_list(document, [("chineseCountingThousand", "第%1条")], start=9)
    document.add_paragraph("石桥村村规民约", style="Title")
    item(document, number, 0, "总则", style="Heading 1")
    item(document, articles, 0, "本村村民应当遵守国家法律法规，维护公共秩序，爱护公共财物。")
    item(document, articles, 0, "本规约由村民会议通过之日起施行，解释权归村民委员会所有。")
    item(document, articles, 0, "红白喜事一律从简办理，提倡厚养薄葬，反对铺张浪费和攀比之风。")
    item(document, number, 0, "环境卫生", style="Heading 1")
    item(document, number, 1, "垃圾分类", style="Heading 2")
    document.add_paragraph("各户应当将垃圾分类投放到指定地点，不得随意倾倒建筑垃圾和污水。")
    item(document, number, 2, "每周六为村庄清洁日，各户门前屋后由本户负责清扫干净。")
    item(document, number, 1, "公厕管理", style="Heading 2")
    document.add_paragraph("公厕由保洁员每日清扫两次，损坏设施的照价赔偿。")


def lists(document: Any) -> None:
    decimals = define_list(document, [("decimal", "%1."), ("lowerLetter", "%2)"), ("decimal", "%1.%2.%3")])
    circles = define_list(document, [("decimalEnclosedCircleChinese", "%1")])
    romans = define_list(document, [("lowerRoman", "%1."), ("decimalZero", "[%2]")])
    document.add_paragraph("办理护照需要的材料如下：")
    item(document, decimals, 0, "户口簿原件")
    item(document, decimals, 1, "集体户口的提供首页复印件")
    item(document, decimals, 1, "未成年人提供监护人身份证明")
    item(document, decimals, 0, "居民身份证")
    item(document, decimals, 1, "遗失的提供临时身份证")
    document.add_paragraph("注意事项有两条，请认真阅读。", style=None)
    item(document, circles, 0, "照片须为近期免冠照")
    item(document, circles, 0, "费用一百二十元")
    item(document, romans, 0, "Bring your passport")
    item(document, romans, 1, "and a copy of it")
    document.add_paragraph("苹果", style="List Bullet")
    document.add_paragraph("1. 已经写了序号的", style="List Number")


def tables(document: Any) -> None:
    document.add_heading("粮食产量", 1)
    document.add_paragraph("2024年全镇主要作物产量见下表，比上年有所增长，单位为万吨。")
    table = document.add_table(rows=4, cols=3)
    rows = [("项目", "产量", "备注"), ("小麦", "1.2万吨", "增长3%"), ("玉米", "2.4万吨", ""), ("大豆", "", "未统计")]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("以上数据由镇农业服务中心提供，经县统计局核定后发布。")
    merged = document.add_table(rows=4, cols=3)
    rows = [("村", "户数", ""), ("", "常住", "外出"), ("石桥村", "210", "35"), ("", "198", "40")]
    for row, texts in zip(merged.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    merged.cell(0, 1).merge(merged.cell(0, 2)).text = "户数"
    merged.cell(0, 0).merge(merged.cell(1, 0)).text = "村"
    merged.cell(2, 0).merge(merged.cell(3, 0)).text = "石桥村"
    form = document.add_table(rows=2, cols=4)
    rows = [("姓名", "张三", "性别", "男"), ("出生年月", "1990年1月", "联系电话", "0371-1234567")]
    for row, texts in zip(form.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    box = document.add_table(rows=1, cols=1)
    box.cell(0, 0).text = "表格框里的一段话，不是数据，应当作为普通段落读出来，一字不漏。"


def revisions(document: Any) -> None:
    add_xml(
        document,
        f"<w:p {W}><w:r><w:t>会期</w:t></w:r><w:del><w:r><w:delText>三</w:delText></w:r></w:del>"
        '<w:ins><w:r><w:t>五</w:t></w:r></w:ins><w:r><w:t xml:space="preserve">天，地点在</w:t></w:r>'
        "<w:moveFrom><w:r><w:t>旧礼堂</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新会议中心</w:t></w:r></w:moveTo>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的话</w:t></w:r><w:r><w:t>，由办公室负责筹备。</w:t></w:r></w:p>",
    )
    add_xml(
        document, f"<w:p {W}><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>这一段的段落标记被删去，</w:t></w:r></w:p>"
    )
    add_xml(document, f"<w:p {W}><w:r><w:t>所以和下一段连成一段，中间没有断开。</w:t></w:r></w:p>")
    add_xml(
        document,
        f"<w:sdt {W}><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>内容控件里的段落也要读到，"
        "它是正文的一部分。</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
    )
    add_xml(
        document,
        f"<w:sdt {W}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>"
        "单击此处输入文字</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
    )
    add_xml(
        document,
        f"<w:sdt {W}><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        "<w:sdtContent><w:p><w:r><w:t>目录里的一行 3</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    add_xml(
        document,
        f"<w:p {W}><w:hyperlink><w:r><w:t>超链接的文字</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>"
        "和制表符之后的文字都在同一段里。"
        "</w:t></w:r><w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r></w:p>",
    )
    add_xml(
        document,
        f"<w:tbl {W}><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删去的表行</w:t></w:r></w:p>"
        "</w:tc></w:tr></w:tbl>",
    )


def text_boxes(document: Any) -> None:
    document.add_paragraph("正文在前，文本框在后，两者都应当能查到，次序不乱。")
    box = "<w:txbxContent><w:p><w:r><w:t>文本框里的提示：灭火器放在楼梯口。</w:t></w:r></w:p></w:txbxContent>"
    add_xml(
        document,
        f'<w:p {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:t>带文本框的段落，讲的是消防安全的注意事项。</w:t></w:r><w:r>'
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    )


def footnotes() -> bytes:
    def build(document: Any) -> None:
        add_xml(
            document,
            f"<w:p {W}><w:r><w:t>全年粮食总产量1344亿斤</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>"
            "<w:r><w:t>，连续八年稳定在1300亿斤以上。</w:t></w:r></w:p>",
        )
        document.add_paragraph("下一段说的是别的事情，与脚注没有关系，不应混在一起。")

    notes = (
        f"<w:footnotes {W}><w:footnote w:type='separator' w:id='0'><w:p/></w:footnote>"
        "<w:footnote w:id='2'><w:p><w:r><w:t>数据来自国家统计局公告。</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    data = with_part(made(build), "word/footnotes.xml", notes.encode())
    types = part(data, "[Content_Types].xml").replace(
        b"</Types>",
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.footnotes+xml"/></Types>',
    )
    links = part(data, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
        b' Target="footnotes.xml"/></Relationships>',
    )
    return with_part(with_part(data, "[Content_Types].xml", types), "word/_rels/document.xml.rels", links)


CASES = {
    "headings": (
        lambda: made(headings),
        [
            Found("河道清淤", ("第一章 总则",)),
            Found("镇长任总指挥", ("第一章 总则", "第一节 职责")),
            Found("暴雨红色预警", ("第二章 应急响应",)),
        ],
        [],
    ),
    "Chinese numbers": (
        lambda: made(chapters),
        [
            Found("第九条 本村村民应当", ("第一章 总则", "第九条")),
            Found("第十条 本规约", ("第一章 总则", "第十条")),
            Found("第十一条 红白喜事", ("第一章 总则", "第十一条")),
            Found("垃圾分类投放", ("第二章 环境卫生", "一、垃圾分类")),
            Found("（一）每周六为村庄清洁日", ("第二章 环境卫生", "一、垃圾分类")),
            Found("公厕由保洁员", ("第二章 环境卫生", "二、公厕管理")),
        ],
        [],
    ),
    "lists": (
        lambda: made(lists),
        [
            Found("1. 户口簿原件\na) 集体户口的提供首页复印件\nb) 未成年人提供监护人身份证明\n2. "
                "居民身份证\na) 遗失的"),
            Found("①照片须为近期免冠照"),
            Found("②费用一百二十元"),
            Found("[01] and a copy of it"),
            Found("• 苹果"),
            Found("\n1. 已经写了序号的"),
        ],
        ["1. 1."],
    ),
    "tables": (
        lambda: made(tables),
        [
            Found("项目：小麦；产量：1.2万吨；备注：增长3%", ("粮食产量",)),
            Found("项目：玉米；产量：2.4万吨。", ("粮食产量",)),
            Found("项目：大豆；备注：未统计。", ("粮食产量",)),
            Found("村：石桥村；户数·常住：210；户数·外出：35。"),
            Found("村：石桥村；户数·常住：198；户数·外出：40。"),
            Found("姓名：张三；性别：男。"),
            Found("出生年月：1990年1月；联系电话：0371-1234567。"),
            Found("表格框里的一段话，不是数据，应当作为普通段落读出来，一字不漏。"),
        ],
        ["户数·户数", "户数：户数", "姓名：出生年月"],
    ),
    "revisions": (
        lambda: made(revisions),
        [
            Found("会期五天，地点在新会议中心，由办公室负责筹备。"),
            Found("这一段的段落标记被删去，所以和下一段连成一段，中间没有断开。"),
            Found("内容控件里的段落也要读到"),
            Found("超链接的文字 和制表符之后的文字"),
        ],
        ["三", "旧礼堂", "隐藏的话", "单击此处", "目录里的一行", "PAGEREF", "删去的表行"],
    ),
    "text boxes": (
        lambda: made(text_boxes),
        [Found("文本框里的提示：灭火器放在楼梯口。"), Found("带文本框的段落")],
        [],
    ),
    "footnotes": (
        footnotes,
        [Found("全年粮食总产量1344亿斤，连续八年稳定在1300亿斤以上。"), Found("脚注1：数据来自国家统计局公告。")],
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_found_and_what_is_not(name: str):
    build, found, absent = CASES[name]
    document = read(build())
    for one in found:
        assert_found(document, one)
    for text in absent:
        assert text not in document.text
    assert document.text.count("文本框里的提示") <= 1


def test_tables_stay_between_their_paragraphs():
    text = read(made(tables)).text
    assert text.index("单位为万吨") < text.index("项目：小麦") < text.index("以上数据由") < text.index("村：石桥村")


def test_a_footnote_follows_its_paragraph():
    text = read(footnotes()).text
    assert text.index("1300亿斤以上") < text.index("脚注1") < text.index("下一段说的")


def test_a_long_paragraph_in_the_style_of_a_heading_is_text():
    data = made(lambda document: document.add_heading(LONG * 3, 1))
    document = read(data)
    assert document.outline == ()
    assert_found(document, Found("各村要在六月一日前"))


@pytest.mark.parametrize(
    ("core", "styled", "first", "name", "title"),
    [
        ("", "防汛工作办法", "甲", "a.docx", "防汛工作办法"),
        ("防汛工作办法（2024年）", None, "现印发《防汛工作办法（2024年）》。", "1.docx", "防汛工作办法（2024年）"),
        ("上一份文件的标题", None, "石桥村村规民约", "a.docx", "石桥村村规民约"),
        ("Microsoft Word - 新建文档.doc", None, "石桥村村规民约", "a.docx", "石桥村村规民约"),
        ("Word Document", None, "为了做好防汛工作，根据有关法律，制定本办法。", "防汛办法.docx", "防汛办法"),
        ("Annual Report", None, "This is the annual report of the library, and it says a lot.", "x.docx",
         "Annual Report"),
    ],
)  # fmt: skip
def test_title(core: str, styled: str | None, first: str, name: str, title: str):
    def build(document: Any) -> None:
        document.core_properties.title = core
        if styled:
            document.add_paragraph(styled, style="Title")
        document.add_paragraph(first)
        document.add_paragraph(LONG)

    assert read(made(build), name).title == title


def test_macros_templates_and_strict_files_are_read():
    data = made(headings)
    types = part(data, "[Content_Types].xml")
    for kind in (b"application/vnd.ms-word.document.macroEnabled.main+xml",
                 b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"):  # fmt: skip
        main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        assert main in types
        assert_found(read(with_part(data, "[Content_Types].xml", types.replace(main, kind))), Found("河道清淤"))
    strict = data
    for name in ("word/document.xml", "word/styles.xml", "_rels/.rels", "word/_rels/document.xml.rels"):
        blob = part(data, name)
        blob = blob.replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                            b"http://purl.oclc.org/ooxml/wordprocessingml/main")  # fmt: skip
        blob = blob.replace(b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                            b"http://purl.oclc.org/ooxml/officeDocument/relationships")  # fmt: skip
        strict = with_part(strict, name, blob)
    assert_found(read(strict), Found("镇长任总指挥", ("第一章 总则", "第一节 职责")))


def test_a_relationship_that_leads_nowhere_loses_nothing():
    data = made(headings)
    links = part(data, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId77" Target="../NULL" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/image"/></Relationships>',
    )
    assert_found(read(with_part(data, "word/_rels/document.xml.rels", links)), Found("河道清淤"))


def bomb(megabytes: int) -> bytes:
    """A docx whose text would unpack to so many megabytes; made without holding them."""
    data = made(headings)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as copy:
        source = zipfile.ZipFile(BytesIO(data))
        for name in source.namelist():
            if name != "word/document.xml":
                copy.writestr(name, source.read(name))
        with copy.open("word/document.xml", "w") as target:
            target.write(b"<w:document>")
            for _ in range(megabytes):
                target.write(b"<w:p></w:p>    " * (1 << 16))
    return packed.getvalue()


def lying_bomb() -> bytes:
    """A docx that declares a small text where the packed data is large."""
    data = bytearray(bomb(32))
    large = zipfile.ZipFile(BytesIO(bytes(data))).getinfo("word/document.xml").file_size
    return bytes(data.replace(struct.pack("<L", large), struct.pack("<L", 4096)))


def entity_bomb(encoding: str) -> bytes:
    entities = '<!ENTITY a0 "汛">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    xml = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [{entities}]><w:document {W}>'
        "<w:body><w:p><w:r><w:t>&a9;"
    )
    return with_part(
        made(headings), "word/document.xml", f"{xml}</w:t></w:r></w:p></w:body></w:document>".encode(encoding)
    )


def external_entity() -> bytes:
    xml = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><w:document {W}><w:body><w:p><w:r>'
        "<w:t>&x;</w:t></w:r>"
        "</w:p></w:body></w:document>"
    )
    return with_part(made(headings), "word/document.xml", xml.encode())


def other_zip(*names: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as copy:
        for name in names:
            copy.writestr(name, "甲")
    return packed.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HOSTILE = {
    "empty": (lambda: b"", "is empty"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old format": (lambda: OLE, "older Office or WPS format"),
    "a PDF": (lambda: b"%PDF-1.7\n" + bytes(99), "a PDF file"),
    "rich text": (lambda: rb"{\rtf1 abc}", "a rich text file"),
    "a page": (lambda: b"\n<!DOCTYPE HTML><html></html>", "a web page"),
    "a text": (lambda: "只是一段文字。".encode(), "plain text"),
    "noise": (lambda: random.Random(1).randbytes(3000), "damaged"),
    "a presentation": (lambda: other_zip("ppt/presentation.xml"), "a presentation"),
    "a workbook": (lambda: other_zip("xl/workbook.xml"), "an Excel workbook"),
    "another zip": (lambda: other_zip("照片.jpg"), "another zip archive"),
    "without its text": (lambda: other_zip("word/settings.xml"), "damaged"),
    "no text": (lambda: made(lambda document: None), "holds no text"),
    "zip bomb": (lambda: bomb(300), "might fill the memory"),
    "small zip bomb": (lambda: bomb(4), "might fill the memory"),
    "lying zip bomb": (lying_bomb, "damaged"),
    "many entries": (lambda: other_zip("word/document.xml", *(f"word/{n}" for n in range(21_000))), "21,001 files"),
    "entity bomb": (lambda: entity_bomb("utf-8"), "XML entities"),
    "entity bomb in UTF-16": (lambda: entity_bomb("utf-16"), "XML entities"),
    "external entity": (external_entity, "XML entities"),
    "deep nesting": (
        lambda: with_part(made(headings), "word/document.xml",
                          f"<w:document {W}><w:body>{'<w:sdt>' * 5000}{'</w:sdt>' * 5000}</w:body>"
                              "</w:document>".encode()),
        "damaged",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(name: str):
    build, reason = HOSTILE[name]
    with pytest.raises(ReadError) as caught:
        reader.read(build(), "子/坏的.docx")
    assert "子/坏的.docx" in str(caught.value)
    assert reason in str(caught.value)


def rich() -> bytes:
    def build(document: Any) -> None:
        for one in (headings, chapters, lists, tables, revisions, text_boxes):
            one(document)
        document.paragraphs[0].paragraph_format.space_after = Pt(3)

    return made(build)


def test_truncated_files_are_harmless():
    data = rich()
    for end in range(0, len(data), max(1, len(data) // 60)):
        with pytest.raises(ReadError):
            reader.read(data[:end], "半.docx")


def test_damaged_files_are_harmless():
    data = rich()
    for copy in damaged_copies(data, seed=20, count=100):
        assert_harmless(reader.read, copy, "坏.docx")


def test_damaged_parts_are_harmless():
    data, chance = rich(), random.Random(21)
    for _ in range(100):
        assert_harmless(reader.read, rewritten(data, chance), "坏.docx")


def test_a_damaged_picture_costs_nothing():
    picture = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0)
    picture += struct.pack(">L", zlib.crc32(picture[12:29])) + b"\0\0\0\0IEND\xaeB`\x82"

    def build(document: Any) -> None:
        headings(document)
        document.add_picture(BytesIO(picture))

    data = made(build)
    assert b"word/media/image1.png" in data
    broken = data.replace(picture[16:24], b"\xff" * 8)
    assert_found(read(broken), Found("河道清淤"))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count", "paths"),
    [
        ("2025年河南省政府工作报告.docx", 58,
         {"粮食总产量1344亿斤": ("一、2024 年工作回顾", "（四）乡村振兴有力有效"),
          "强化高能级创新平台建设": ("三、2025年重点工作", "（二）更大力度推动科技创新和产业创新深度融合")}),
        ("2025年西藏政府工作报告.docx", 61, {"粮食产量突破110万吨": ("2024年工作回顾",)}),
        ("2025年黑龙江省政府工作报告.docx", 82,
         {"社会消费品零售总额增长5%左右": ("三、2025年重点工作任务", "（一）大力提振消费")}),
    ],
)  # fmt: skip
def test_real_work_reports(name: str, count: int, paths: dict[str, tuple[str, ...]]):
    document = read(shared_file(name), name)
    assert document.title == name.removesuffix(".docx")
    assert abs(len(passages(document)) - count) <= 8
    for quote, heading in paths.items():
        assert_found(document, Found(quote, heading))
    for passage in passages(document):
        text = document.text[passage.start : passage.end]
        assert text == text.strip()
        assert "  " not in text


def looking(document: Any, text: str, font: str = "仿宋_GB2312", size: int = 16, *, bold: bool = False) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = font, Pt(size), bold or None
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    return paragraph


def official(document: Any) -> None:
    head = {"清河镇人民政府文件": 36, "清政发〔2024〕12号": 16}
    for text, size in {**head, "清河镇人民政府关于印发": 22, "《2024年防汛工作方案》的通知": 22}.items():
        looking(document, text, "方正小标宋简体", size).alignment = 1
    looking(document, "各村民委员会：")
    looking(document, LONG)
    looking(document, "组织领导", "黑体")
    looking(document, "值班安排", "楷体_GB2312")
    looking(document, "汛期实行24小时值班，带班领导不得擅自离岗，值班电话0371-66778899。")
    looking(document, "物资保障", "楷体_GB2312")
    looking(document, "储备编织袋5000条、救生衣200件、冲锋舟3艘，由镇水利站统一保管。")
    looking(document, "监督检查", "黑体")
    looking(document, "镇督查室每半月督查一次，结果在全镇通报，并作为年度考核的依据。")
    looking(document, "清河镇人民政府", bold=True)


@pytest.mark.parametrize(
    "found",
    [
        Found("24小时值班", ("清河镇人民政府关于印发《2024年防汛工作方案》的通知", "组织领导", "值班安排")),
        Found("5000条", ("组织领导", "物资保障")),
        Found("每半月督查", ("清河镇人民政府关于印发《2024年防汛工作方案》的通知", "监督检查")),
        Found("逾期不报", ("清河镇人民政府关于印发《2024年防汛工作方案》的通知",)),
    ],
)
def test_headings_are_known_by_their_letters(found: Found):
    document = read(made(official))
    assert document.title == "清河镇人民政府关于印发《2024年防汛工作方案》的通知"
    assert_found(document, found)


def test_letters_of_a_style_count_as_those_of_a_run():
    def build(document: Any) -> None:
        for name, font in (("小标题", "黑体"), ("段落", "宋体")):
            style = document.styles.add_style(name, 1)
            style.font.size = Pt(14)
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        for heading in ("收费标准", "办理时间"):
            document.add_paragraph(heading, style="小标题")
            document.add_paragraph("凭证", style="小标题")
            document.add_paragraph(f"关于{heading}：{LONG}", style="段落")

    assert_found(read(made(build)), Found("关于办理时间", ("凭证",)))
    assert [mark.level for mark in read(made(build)).outline] == [1, 1, 1, 1]


def test_letters_are_not_asked_where_styles_mark_headings_or_numbered_ones_look_like_text():
    def numbered_as_text(document: Any) -> None:
        for heading in ("一、总体要求", "二、重点任务", "三、保障措施"):
            looking(document, heading)
            looking(document, LONG)
            looking(document, "说明", bold=True)
            looking(document, LONG)

    assert read(made(numbered_as_text)).outline == ()
    assert_found(read(made(numbered_as_text)), Found("各村要", ("二、重点任务", "说明")))

    def styled(document: Any) -> None:
        headings(document)
        looking(document, "附注", "黑体", 22)
        looking(document, LONG)

    assert len(read(made(styled)).outline) == len(read(made(headings)).outline)


def test_a_cover_or_a_bold_text_has_no_headings_by_its_letters():
    def cover(document: Any) -> None:
        for line in ("清河镇", "防汛抗旱指挥部", "工作手册", "内部资料"):
            looking(document, line, "黑体")
        looking(document, LONG)
        looking(document, LONG)

    assert read(made(cover)).outline == ()

    def bold(document: Any) -> None:
        for text in ("清河镇", LONG, "水利站", LONG):
            looking(document, text, bold=True)

    assert read(made(bold)).outline == ()


MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def _r(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (f"<m:f><m:num>{_r('总产量')}</m:num><m:den>{_r('面积')}</m:den></m:f>", "总产量/面积"),
        (f"<m:f><m:num>{_r('a+b')}</m:num><m:den>{_r('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:sSup><m:e>{_r('x')}</m:e><m:sup>{_r('2')}</m:sup></m:sSup>", "x²"),
        (f"<m:sSubSup><m:e>{_r('x')}</m:e><m:sub>{_r('i')}</m:sub><m:sup>{_r('k+1')}</m:sup></m:sSubSup>", "x_i^(k+1)"),
        (f"<m:rad><m:deg/><m:e>{_r('n+1')}</m:e></m:rad>", "√(n+1)"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{_r("i=1")}</m:sub><m:sup>{_r("n")}</m:sup>'
            f"<m:e>{_r('y')}</m:e></m:nary>",
            "∑_(i=1)ⁿ y",
        ),
        (f'<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e>{_r("0,1")}</m:e></m:d>', "[0,1]"),
        (f"<m:func><m:fName>{_r('ln')}</m:fName><m:e>{_r('x')}</m:e></m:func>", "ln x"),
    ],
)
def test_a_formula_is_told_in_one_line(xml: str, expected: str):
    paragraph = (
        f"<w:p {W}><w:r><w:t>单产为</w:t></w:r><m:oMath {MATH}>{xml}</m:oMath><w:r><w:t>公斤。</w:t></w:r></w:p>"
    )
    assert read(made(lambda document: add_xml(document, paragraph))).text == f"单产为{expected}公斤。"


def test_raised_and_lowered_digits_stay_what_they_are():
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("面积10m")
        for text, raised, after in (("2", True, "，CO"), ("2", False, "减少，第5"), ("th", True, "。")):
            font = paragraph.add_run(text).font
            setattr(font, "superscript" if raised else "subscript", True)
            paragraph.add_run(after)

    assert read(made(build)).text == "面积10m²，CO₂减少，第5th。"
