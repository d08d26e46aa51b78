import io
import random
import re

import pypdf
import pytest

from assistant.errors import ReadError
from assistant.readers import pdf as reader
from assistant.readers.reading import digest
from assistant.types import Document
from tests.readers.pdfs import WIDTH, Page, pdf, width
from tests.readers.typeset import Layout, typeset

CHINESE = (
    "2024年是清河镇发展历程中不平凡的一年。面对艰巨繁重的改革发展稳定任务，全镇上下坚持稳中求进工作总基调，"
    "扎实推动高质量发展，地区生产总值增长5.2%，达到12.3亿元，城乡居民收入稳步提高，各项事业取得了新的进展。",
    "粮食安全是头等大事。全年粮食总产量达到3.2万吨，建成高标准农田1.5万亩，推广优良品种八个，农业保险覆盖率达到九成以上，"
    "耕地保护责任落实到村到户，没有发生一起违法占用耕地的案件。",
    "民生保障更加有力。新建村级卫生室六所，改造危房一百二十户，城乡低保标准提高到每人每月七百元，残疾人两项补贴按时足额发放，"
    "群众反映的急难愁盼问题办结率达到百分之九十八。",
)
ENGLISH = (
    "Every building holds a fire drill twice a year, and the safety officer keeps the records of it for three and a "
    "half years so that they can be shown to the inspectors whenever they ask for them.",
    "The library lends books for four weeks. A reader who has returned all books of the last quarter may borrow up to "
    "twelve at once, and the newest journals are for reading in the room only.",
    "Nobody may enter the server room alone after ten o'clock in the evening, unless the duty engineer has been told "
    "beforehand and has written the visit into the book that lies at the entrance.",
)
MIXED = (
    "资料室使用Python和PostgreSQL管理全部目录数据，检索服务部署在三台服务器上，每天凌晨两点做一次全量备份，"
    "备份文件保留九十天，由信息中心负责核对并登记在册。",
    "读者可以通过OPAC系统查询馆藏，也可以发送邮件到help desk咨询，工作人员在两个工作日以内答复；"
    "涉及馆际互借的申请须经过部门负责人审核同意以后方可办理。",
)


def numbered(texts: tuple[str, ...], times: int) -> list[str]:
    """Many paragraphs, no two of them equal."""
    return [
        f"{text[:-1]}，见{number}号文。" if text.endswith("。") else f"{text} See paper no. {number}."
        for number, text in enumerate(texts * times)
    ]


def read(data: bytes, name: str = "材料.pdf") -> Document:
    (document,) = reader.read(data, name).documents
    assert document.digest == digest(document.title, document.text, document.pages, document.outline)
    return document


def paragraphs(document: Document) -> list[str]:
    return document.text.split("\n\n")


LAYOUTS = {
    "indented": Layout(),
    "parted by space": Layout(indent=0, gap=14),
    "narrow lines": Layout(size=16, leading=28),
    "two columns": Layout(columns=2, size=10.5, leading=16),
    "two columns parted by space": Layout(columns=2, size=10.5, leading=16, indent=0, gap=10),
}


@pytest.mark.parametrize("texts", [CHINESE, ENGLISH, MIXED], ids=["zh", "en", "mixed"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_wrapped_lines_are_the_paragraphs_they_were(texts: tuple[str, ...], layout: Layout) -> None:
    several = numbered(texts, 4)
    assert paragraphs(read(pdf(typeset(several, layout)))) == several


@pytest.mark.parametrize("texts", [CHINESE, ENGLISH, MIXED], ids=["zh", "en", "mixed"])
@pytest.mark.parametrize("columns", [1, 2])
def test_headers_footers_and_page_numbers_are_dropped(texts: tuple[str, ...], columns: int) -> None:
    several = numbered(texts, 24)
    layout = Layout(columns=columns, header="清河镇2024年政府工作报告 内部资料", footer="— {} —")
    pages = typeset(several, layout)
    assert len(pages) > 3
    assert paragraphs(read(pdf(pages))) == several


@pytest.mark.parametrize("footer", ["{}", "第 {} 页", "Page {} of 9", "- {} -", "{}/9"])
def test_page_numbers_of_all_kinds_are_dropped(footer: str) -> None:
    several = numbered(CHINESE, 12)
    assert paragraphs(read(pdf(typeset(several, Layout(footer=footer))))) == several


def test_what_is_at_the_edge_of_pages_but_differs_is_text() -> None:
    pages = []
    for name in ("张三", "李四", "王五", "赵六"):
        page = Page()
        page.lines(90, 780, [f"{name}的述职报告", "　　" + CHINESE[0][:20] + "。"])
        pages.append(page)
    document = read(pdf(pages))
    assert all(f"{name}的述职报告" in document.text for name in ("张三", "李四", "王五", "赵六"))


def test_a_paragraph_over_a_page_break_is_one_and_begins_on_its_first_page() -> None:
    several = numbered(CHINESE, 12)
    document = read(pdf(typeset(several, Layout(footer="{}"))))
    assert document.pages[0] == 0
    assert list(document.pages) == sorted(document.pages)
    assert paragraphs(document) == several
    inside = [start for start in document.pages if not document.text[:start].endswith("\n\n") and start]
    assert inside, "no paragraph runs over a page break: the test is too short"


def test_an_empty_page_has_a_place() -> None:
    first, last = Page(), Page()
    first.line(90, 700, "第一页上只有这一句话，它说了一件事。")
    last.line(90, 700, "第三页上也只有一句话，说的是另一件事。")
    document = read(pdf([first, Page(), last, Page()]))
    third = document.text.index("第三页")
    assert document.pages == (0, third, third, len(document.text))


def test_a_footnote_does_not_part_the_paragraph_that_runs_over_the_page() -> None:
    note = "① 数据来自清河镇统计站。"
    several = numbered(CHINESE, 8)
    document = read(pdf(typeset(several, Layout(note=note))))
    assert sorted(paragraphs(document)) == sorted([*several, note])
    assert document.text.index(note) < document.pages[1]


def test_hyphens_at_line_ends_are_taken_back_but_those_of_words_stay() -> None:
    text = (
        "The com\u00admit\u00adtee ex\u00adam\u00adined the appli\u00adca\u00adtions care\u00adfully and "
        "rec\u00adom\u00admended a long-term programme of main\u00adte\u00adnance, together with "
        "in\u00adde\u00adpen\u00addent super\u00advision. "
    )
    document = read(pdf(typeset([text * 3], Layout(columns=2, size=10.5, leading=16))))
    assert document.text == " ".join([text.replace("\u00ad", "").strip()] * 3)


def test_a_hyphen_at_a_line_end_stays_where_the_text_writes_the_word_with_it() -> None:
    page = Page()
    page.lines(
        90, 760, ["The long-term plan was made in the spring, and it is a good long-", "term plan for everybody."]
    )
    assert read(pdf([page])).text.endswith("it is a good long-term plan for everybody.")


def test_headings_by_size_are_the_outline_and_the_largest_is_the_title() -> None:
    page = Page()
    page.line(180, 780, "清河镇图书馆借阅办法", 22)
    y = 730.0
    for heading in ("总体要求", "借阅期限", "逾期处理"):
        page.line(90, y, heading, 16)
        y = page.lines(90, y - 30, ["　　" + CHINESE[0][:32], CHINESE[0][32:50] + "。"])
    document = read(pdf([page]), "001.pdf")
    assert document.title == "清河镇图书馆借阅办法"
    assert [(document.text[h.start : h.end], h.level) for h in document.outline] == [
        ("清河镇图书馆借阅办法", 1), ("总体要求", 2), ("借阅期限", 2), ("逾期处理", 2),
    ]  # fmt: skip


def test_bookmarks_are_the_outline() -> None:
    pages = typeset(["第一部分", CHINESE[0], "第二部分", CHINESE[1], "第三部分", CHINESE[2]], Layout(indent=0, gap=12))
    document = read(pdf(pages, bookmarks=[("第一部分", 0), ("第二部分", 0), ("第三部分", 0)]))
    assert [document.text[h.start : h.end] for h in document.outline] == ["第一部分", "第二部分", "第三部分"]


def test_no_outline_where_it_would_hide_numbered_headings() -> None:
    """Sections and articles in letters of the same size are found by their numbers, if there is no outline."""
    texts = ["# 借阅办法", "# 附则"]
    texts[1:1] = [f"第{n}条　{CHINESE[i]}" for i, n in enumerate("一二三")]
    document = read(pdf(typeset(texts)))
    assert document.outline == ()


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("清河镇防汛预案", "清河镇防汛预案"),
        ("Microsoft Word - 清河镇防汛预案.docx", "清河镇防汛预案"),
        ("Microsoft Word - 文档1", "清河镇防汛工作预案"),
        ("untitled", "清河镇防汛工作预案"),
        ("", "清河镇防汛工作预案"),
    ],
)
def test_title(metadata: str, expected: str) -> None:
    page = Page()
    y = page.lines(90, 760, ["本文收录清河镇防汛预案的全文。", "　　" + CHINESE[0][:30]])
    if expected != "清河镇防汛预案":
        page.line(150, 800, "清河镇防汛工作预案", 20)
    page.lines(90, y, [CHINESE[1][:34]])
    assert read(pdf([page], title=metadata), "000_1de2b8558a34d7ec.pdf").title == expected


def test_a_spread_title_is_written_without_its_gaps() -> None:
    page = Page()
    for index, char in enumerate("会议通知"):
        page.line(150 + 60 * index, 780, char, 20)
    page.lines(90, 720, ["　　" + CHINESE[0][:30], CHINESE[0][30:60]])
    assert read(pdf([page])).title == "会议通知"


def test_lines_of_contents_stay_apart() -> None:
    page = Page()
    page.lines(
        90, 760, [f"第{n}章 总则与适用范围的规定{'.' * 60} {i}" for i, n in enumerate("一二三四", 1)], leading=18
    )
    assert len(paragraphs(read(pdf([page])))) == 4


def test_turned_pages_are_read() -> None:
    data = pdf(typeset(CHINESE))
    turned = data.replace(b"/Type /Page /Parent", b"/Type /Page /Rotate 90 /Parent")
    assert paragraphs(read(turned)) == list(CHINESE)


def ruled(page: Page, top: float, rows: list[list[str]], *, merged: bool = False) -> None:
    """A table with rules; with `merged`, the first column of its last two rows is one cell."""
    xs, step = (90, 150, 390, 500), 40
    bottom = top - step * len(rows)
    for number in range(len(rows) + 1):
        left = xs[1] if merged and number == len(rows) - 1 else xs[0]
        page.rule(left, top - step * number, xs[-1], top - step * number)
    for x in xs:
        page.rule(x, top, x, bottom)
    for number, row in enumerate(rows):
        for x, text in zip(xs, row, strict=False):
            for part, line in enumerate(text.split("\n")):
                page.line(x + 4, top - step * number - 16 - 15 * part, line, 11)


TABLE = [
    ["序号", "项目名称", "金额（万元）"],
    ["1", "道路硬化工程第一标段，包括路\n基整治", "120"],
    ["2", "水渠", "8.5"],
]


def test_a_row_of_a_ruled_table_is_a_line_with_the_names_of_its_columns() -> None:
    page = Page()
    page.lines(90, 780, ["　　" + CHINESE[0][:30], CHINESE[0][30:50] + "。"])
    ruled(page, 700, TABLE)
    page.line(114, 540, "以上项目由镇政府督办。")
    assert paragraphs(read(pdf([page])))[1:] == [
        "序号：1；项目名称：道路硬化工程第一标段，包括路基整治；金额（万元）：120。",
        "序号：2；项目名称：水渠；金额（万元）：8.5。",
        "以上项目由镇政府督办。",
    ]


def test_a_table_over_two_pages_keeps_the_names_and_its_rows_their_pages() -> None:
    first, second = Page(), Page()
    first.line(90, 760, "重点项目安排如下，请各单位抓好落实。")
    ruled(first, 740, TABLE)
    ruled(second, 780, [["3", "桥梁", "66"], ["4", "泵站", "35"]])
    document = read(pdf([first, second]))
    assert paragraphs(document)[-1] == "序号：4；项目名称：泵站；金额（万元）：35。"
    assert document.text[document.pages[1] :].startswith("序号：3；项目名称：桥梁；")


def test_a_merged_cell_is_told_in_each_of_its_rows() -> None:
    page = Page()
    page.line(90, 760, "重点项目安排如下，请各单位抓好落实。")
    ruled(page, 740, [["部门", "姓名", "工龄"], ["财务科", "张三", "3"], ["", "李四", "12"]], merged=True)
    assert paragraphs(read(pdf([page])))[-1] == "部门：财务科；姓名：李四；工龄：12。"


def test_a_frame_around_text_is_no_table() -> None:
    page = Page()
    page.lines(90, 760, ["　　" + CHINESE[0][:30], CHINESE[0][30:60]])
    for y in (790, 700):
        page.rule(80, y, 500, y)
    for x in (80, 500):
        page.rule(x, 700, x, 790)
    assert read(pdf([page])).text == CHINESE[0][:60]


def encrypted(data: bytes, user: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(data))
    writer.encrypt(user, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_encrypted_file_says_so_and_one_that_opens_without_a_password_is_read() -> None:
    data = pdf(typeset(CHINESE))
    with pytest.raises(ReadError, match=r"^密件\.pdf is encrypted.*without one"):
        read(encrypted(data, "secret"), "密件.pdf")
    assert paragraphs(read(encrypted(data, ""))) == list(CHINESE)


def test_scanned_files_need_ocr() -> None:
    scanned = Page()
    scanned.picture()
    with pytest.raises(ReadError, match=r"扫描\.pdf holds only pictures.*OCR"):
        read(pdf([scanned, scanned]), "扫描.pdf")
    reading = reader.read(pdf([*typeset(CHINESE), scanned]), "半.pdf")
    assert paragraphs(reading.documents[0]) == list(CHINESE)
    assert [problem.path for problem in reading.problems] == ["半.pdf"]
    assert re.search(r"Page 2 is a picture.*OCR", reading.problems[0].reason)
    with pytest.raises(ReadError, match="no text"):
        read(pdf([Page()]))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a pdf", b"%PDF-1.4\n", b"%PDF-1.4\nstartxref\n0\n%%EOF"])
def test_what_is_no_pdf_says_so(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"材料\.pdf (?:is|holds)"):
        read(data)


def test_a_file_cut_off_is_told() -> None:
    data = pdf(typeset(CHINESE * 12))
    told: list[str] = []
    for share in (0.02, 0.2, 0.5, 0.8, 0.95, 0.999):
        try:
            reading = reader.read(data[: int(share * len(data))], "断.pdf")
        except ReadError as error:
            told.append(str(error))
        else:
            told += [f"{problem.path} {problem.reason}" for problem in reading.problems]
    assert len(told) == 6
    assert all(message.startswith("断.pdf ") for message in told)


def test_a_bomb_of_a_stream_does_no_harm() -> None:
    page = Page()
    page.operators = [" " * 50_000_000, *typeset(CHINESE)[0].operators]
    data = pdf([page], compressed=True)
    assert len(data) < 200_000
    assert paragraphs(read(data)) == list(CHINESE)


def test_broken_files_give_a_reading_or_an_error() -> None:
    data = pdf(typeset(CHINESE * 3, Layout(columns=2)), title="题", bookmarks=[("一", 0)], compressed=True)
    chance = random.Random(20240501)
    errors: list[str] = []
    for _ in range(100):
        broken = bytearray(data)
        for _ in range(chance.choice((1, 3, 20))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        if chance.random() < 0.3:
            start = chance.randrange(len(broken))
            del broken[start : start + chance.randrange(1, 400)]
        try:
            for document in reader.read(bytes(broken), "坏.pdf").documents:
                assert document.text.encode()
                assert all(0 <= start <= len(document.text) for start in document.pages)
                assert all(0 <= h.start < h.end <= len(document.text) for h in document.outline)
        except ReadError as error:
            errors.append(str(error))
    assert 0 < len(errors) < 100
    assert all(error.startswith("坏.pdf ") for error in errors)


def test_what_was_filled_in_a_form_is_text() -> None:
    page = Page()
    page.line(80, 700, "Applicant's name:")
    writer = pypdf.PdfWriter(io.BytesIO(pdf([page])))
    generic = pypdf.generic
    look = generic.StreamObject()
    look.set_data(b"BT /F2 12 Tf 2 4 Td (Zhang San) Tj ET")
    look.update(
        {
            generic.NameObject("/Type"): generic.NameObject("/XObject"),
            generic.NameObject("/Subtype"): generic.NameObject("/Form"),
            generic.NameObject("/BBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 100, 20)]),
            generic.NameObject("/Resources"): writer.pages[0]["/Resources"],
        }
    )
    field = generic.DictionaryObject(
        {
            generic.NameObject("/Type"): generic.NameObject("/Annot"),
            generic.NameObject("/Subtype"): generic.NameObject("/Widget"),
            generic.NameObject("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (180, 696, 280, 716)]),
            generic.NameObject("/AP"): generic.DictionaryObject({generic.NameObject("/N"): writer._add_object(look)}),
            generic.NameObject("/F"): generic.NumberObject(4),
        }
    )
    writer.pages[0][generic.NameObject("/Annots")] = generic.ArrayObject([writer._add_object(field)])
    saved = io.BytesIO()
    writer.write(saved)
    assert read(saved.getvalue()).text == "Applicant's name: Zhang San"


def centred(page: Page, y: float, text: str, size: float) -> None:
    page.line((WIDTH - width(text, size)) / 2, y, text, size)


def body(page: Page, y: float) -> float:
    for line in ("\u3000\u3000" + CHINESE[0][:33], CHINESE[0][33:68], CHINESE[0][68:]):
        page.lines(87, y, [line])
        y -= 20
    return y


def test_a_title_goes_on_in_its_next_line_and_the_lines_below_it_do_not() -> None:
    page = Page()
    centred(page, 780, "清河镇人民政府关于进一步做好二〇二四年防汛抗", 20)
    centred(page, 752, "旱工作的通知", 20)
    centred(page, 720, "——在清河镇第十届人民代表大会第四次会议上的讲话", 12)
    centred(page, 700, "镇长：张三", 12)
    body(page, 660)
    assert paragraphs(read(pdf([page])))[:3] == [
        "清河镇人民政府关于进一步做好二〇二四年防汛抗旱工作的通知",
        "——在清河镇第十届人民代表大会第四次会议上的讲话",
        "镇长：张三",
    ]


def test_who_signed_and_when_are_two_paragraphs() -> None:
    page = Page()
    y = body(page, 780)
    for text in ("清河镇人民政府", "2024年5月20日"):
        page.line(507 - width(text, 12), y, text)
        y -= 20
    assert paragraphs(read(pdf([page])))[-2:] == ["清河镇人民政府", "2024年5月20日"]


def test_abstract_and_keywords_begin_paragraphs() -> None:
    page = Page()
    page.lines(87, 780, [CHINESE[0][:35], "摘要：" + CHINESE[1][:32], CHINESE[1][32:60], "关键词：粮食；耕地"])
    assert [text[:3] for text in paragraphs(read(pdf([page])))] == ["202", "摘要：", "关键词"]


def test_a_justified_line_of_three_words_is_no_row_of_a_table() -> None:
    page = Page()
    words = [
        ("accommodates", "wellknown", "typographical"), ("peculiarities", "without", "compromising"),
        ("computational", "tractability", "whatsoever"),
    ]  # fmt: skip
    for index, line in enumerate([["Nobody", "may", "enter", "the", "server", "room", "alone", "unless"], *words]):
        gap = (260 - sum(width(word, 9) for word in line)) / (len(line) - 1)
        x = 80.0
        for word in line:
            page.line(x, 780 - 12 * index, word, 9)
            x += width(word, 9) + gap
    (told,) = paragraphs(read(pdf([page])))
    assert told.endswith("unless accommodates wellknown typographical peculiarities without compromising computational "
                         "tractability whatsoever")  # fmt: skip


def test_roman_numbers_before_arabic_ones_and_a_date_at_the_edge_are_dropped() -> None:
    pages = []
    for number, shown in enumerate(["iii", "iv", "v", "1", "2", "3", "4"]):
        page = Page()
        page.line(80, 800, "Data Model, first edition", 10)
        page.line(480, 800, "2004-06", 10)
        page.lines(80, 740, [ENGLISH[number % 3][start : start + 70] for start in range(0, 150, 70)])
        page.line(80, 40, f"GeoBase {shown}", 10)
        pages.append(page)
    text = read(pdf(pages)).text
    assert not re.search("GeoBase|first edition|2004-06", text)
    assert text.count("Every building holds") == 3


def test_a_file_without_a_title_has_that_of_its_name() -> None:
    page = Page()
    page.lines(80, 780, ["（一）" + CHINESE[0][:30], CHINESE[0][30:60]])
    assert read(pdf([page]), "汇编/防汛值班制度.pdf").title == "防汛值班制度"
