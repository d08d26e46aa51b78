import random
import zipfile
from io import BytesIO

import pytest

from assistant.errors import ReadError
from assistant.readers import epub as reader
from assistant.types import Document
from tests.readers.cases import Found, assert_found, assert_harmless, damaged_copies, only, rewritten, with_part

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = (
    '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>石桥村志</dc:title><dc:creator>村志编委会</dc:creator></metadata>'
    '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    '<item id="c2" href="text/b.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="c1" href="text/a%20b.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="c3" href="text/c.html" media-type="text/html"/><item id="p" href="cover.jpg" '
    'media-type="image/jpeg"/></manifest>'
    '<spine toc="ncx"><itemref idref="nav"/><itemref idref="c1"/><itemref idref="c2"/><itemref idref="c3"/>'
    '<itemref idref="gone"/></spine></package>'
)
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol><li><a href="text/a%20b.xhtml">第一章 建置</a></li>'
    '<li><a href="text/b.xhtml#x">第二章 物产</a></li></ol></nav></body></html>'
)
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>附记</text></navLabel>'
    '<content src="text/c.html"/></navPoint></navMap></ncx>'
)
FIRST = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
    '<body><a id="top"/><h1>第一章 建置</h1><p>石桥村始建于明洪武二年，因村东石桥得名，迄今六百余年。'
    "</p><h2>第一节 沿革</h2>"
    "<p>清属清河乡，民国属第三区，新中国成立后属清河公社。<sup>1</sup></p></body></html>"
)
SECOND = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>村中主产小麦、玉米，兼种棉花，年产粮食一千二百吨。</p>'
    "<table><tr><th>作物</th><th>面积</th></tr><tr><td>小麦</td><td>1200亩</td></tr></table></body></html>"
)
THIRD = "<html><body><p>附记一则：编纂村志历时三年，参与者二十余人，谨此致谢。</p></body></html>"


def packed(**changed: str) -> bytes:
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/nav.xhtml": NAV,
        "OEBPS/toc.ncx": NCX,
        "OEBPS/text/a b.xhtml": FIRST,
        "OEBPS/text/b.xhtml": SECOND,
        "OEBPS/text/c.html": THIRD,
        "OEBPS/cover.jpg": "图",
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in {**parts, **changed}.items():
            book.writestr(name, text)
    return buffer.getvalue()


def read(data: bytes, name: str = "书/b1.epub") -> Document:
    reading = reader.read(data, name)
    assert reading.problems == ()
    return only(reading)


@pytest.mark.parametrize(
    "found",
    [
        Found("石桥村始建于明洪武二年", ("第一章 建置",)),
        Found("新中国成立后属清河公社", ("第一章 建置", "第一节 沿革")),
        Found("年产粮食一千二百吨", ("第二章 物产",)),
        Found("作物：小麦；面积：1200亩。", ("第二章 物产",)),
        Found("编纂村志历时三年", ("附记",)),
    ],
    ids=lambda found: found.quote,
)
def test_what_is_found_with_its_heading(found: Found):
    assert_found(read(packed()), found)


def test_chapters_in_the_order_of_the_spine_without_the_table_of_contents():
    document = read(packed())
    order = [document.text.index(text) for text in ("洪武二年", "年产粮食", "历时三年")]
    assert order == sorted(order)
    assert document.text.count("第一章 建置") == 1
    assert document.title == "石桥村志"


def test_a_title_that_says_nothing():
    data = packed(**{"OEBPS/book.opf": PACKAGE.replace("石桥村志", "Untitled")})
    assert read(data, "书/石桥村志（修订版）.epub").title == "石桥村志（修订版）"


def test_a_broken_chapter_is_told_and_the_others_are_read():
    data = packed()
    at = data.index(b"OEBPS/text/b.xhtml") + len(b"OEBPS/text/b.xhtml")
    reading = reader.read(data[:at] + b"\xff\xff\xff" + data[at + 3 :], "书.epub")
    assert [problem.path for problem in reading.problems] == ["书.epub"]
    assert "OEBPS/text/b.xhtml" in reading.problems[0].reason
    text = only(reading).text
    assert "洪武二年" in text
    assert "历时三年" in text


DRM = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/></enc:EncryptedData></encryption>'
)
BOMB = '<!DOCTYPE d [<!ENTITY a0 "x">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
) + "]><package><metadata>&a9;</metadata></package>"  # fmt: skip
HOSTILE = {
    "empty": (lambda: b"", "is empty"),
    "a PDF": (lambda: b"%PDF-1.4", "a PDF file"),
    "another zip": (lambda: with_part(b"PK\x05\x06" + bytes(18), "a.txt", b"a"), "another zip archive"),
    "protected": (
        lambda: packed(**{"META-INF/encryption.xml": DRM.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}),
        "DRM",
    ),
    "entity bomb": (lambda: packed(**{"OEBPS/book.opf": BOMB}), "damaged"),
    "no package": (lambda: packed(**{"META-INF/container.xml": "<container/>"}), "damaged"),
    "no chapters": (lambda: packed(**{"OEBPS/book.opf": "<package/>"}), "no text"),
    "zip bomb": (lambda: packed(**{"OEBPS/text/b.xhtml": "<p>" * 3_000_000}), "fill the memory"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(name: str):
    build, reason = HOSTILE[name]
    with pytest.raises(ReadError, match=reason) as caught:
        reader.read(build(), "子/坏的.epub")
    assert "子/坏的.epub" in str(caught.value)


def test_hidden_fonts_hide_no_text():
    fonts = DRM.format("http://www.idpf.org/2008/embedding")
    assert_found(read(packed(**{"META-INF/encryption.xml": fonts})), Found("洪武二年"))


def test_truncated_and_damaged_books_are_harmless():
    data = packed()
    for end in range(0, len(data), max(1, len(data) // 60)):
        with pytest.raises(ReadError):
            reader.read(data[:end], "半.epub")
    for copy in damaged_copies(data, seed=50, count=100):
        assert_harmless(reader.read, copy, "坏.epub")
    chance = random.Random(51)
    for _ in range(100):
        assert_harmless(reader.read, rewritten(data, chance), "坏.epub")


def test_headings_that_only_the_table_of_contents_knows():
    chapter = (
        "<html><body><div>第二章 物产</div><p>一、粮食</p><p>村中主产小麦、玉米，年产粮食一千二百吨。</p>"
        "<p>二、林果</p><p>沿河植杨柳，村东有桃园三十亩，岁收桃五万斤。</p></body></html>"
    )
    sections = "".join(
        f'<li><a href="text/b.xhtml#{n}">{text}</a></li>' for n, text in enumerate(("一、粮食", "二、林果"))
    )
    nav = NAV.replace("第二章 物产</a>", f"第二章 物产</a><ol>{sections}</ol>")
    point = '<navPoint><navLabel><text>{}</text></navLabel><content src="text/b.xhtml{}"/>{}</navPoint>'
    inner = point.format("一、粮食", "#0", "") + point.format("二、林果", "#1", "")
    ncx = NCX.replace("<navMap>", "<navMap>" + point.format("第二章 物产", "", inner))
    for contents in ({"OEBPS/nav.xhtml": nav}, {"OEBPS/toc.ncx": ncx, "OEBPS/nav.xhtml": "<html><body/></html>"}):
        document = read(packed(**{"OEBPS/text/b.xhtml": chapter, **contents}))
        assert_found(document, Found("一千二百吨", ("第二章 物产", "一、粮食")))
        assert_found(document, Found("岁收桃五万斤", ("第二章 物产", "二、林果")))


def test_a_footnote_is_part_of_the_text_and_its_sign_is_not():
    chapter = (
        '<html xmlns:epub="http://www.idpf.org/2007/ops"><body><p>村中主产小麦、玉米，年产粮食一千二百吨'
        '<a epub:type="noteref" href="#n"><sup>1</sup></a>。</p>'
        '<aside epub:type="footnote" id="n"><p>据乡志。</p></aside><aside>广告</aside></body></html>'
    )
    text = read(packed(**{"OEBPS/text/b.xhtml": chapter})).text
    assert "年产粮食一千二百吨。" in text
    assert "据乡志。" in text
    assert "广告" not in text
