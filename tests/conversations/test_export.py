"""An exported conversation holds every quote with its source, and nothing in it is anything but text."""

import io
import re
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from assistant.conversations import serialised
from assistant.conversations.export import export_docx, export_html, export_markdown, file_name
from assistant.conversations.turns import Conversation, ConversationInfo, NewTurn, StoredTurn
from assistant.conversations.wording import one_line, readable
from assistant.types import Answer, Citation, Sentence, Value
from tests.conversations.samples import HOSTILE, STATE, TEXT, TURNS, cited, listing, refused

ALL_TURNS = (
    NewTurn("每年轮换多少？", cited(), within=("粮食",), asked_at="2026-03-01T14:05:00+08:00"),
    NewTurn("火星上有什么？", refused()),
    NewTurn("提到“轮换”的段落", listing()),
    NewTurn("坏了", message="The index is damaged."),
    NewTurn("停"),
)


def conversation(*turns: NewTurn, title: str = "储备粮") -> Conversation:
    stored = [serialised.stored(number, turn) for number, turn in enumerate(turns, 1)]
    info = ConversationInfo("x" * 22, title, "2026-03-01T06:05:00+00:00", "2026-03-02T06:05:00+00:00", len(turns))
    return Conversation(info, tuple(stored))


def hostile(text: str = HOSTILE) -> Conversation:
    citation = Citation(1, text, text, (text, text), 2, 5, 5 + len(text), text, ((65, 69),))
    answer = Answer(
        text, (Sentence(text, (1, 9)), Sentence(text, (1,), item=True)), (citation,), (), 0.9, None, STATE,
        asked=text, differing=(Value(text, 1, text), Value(text, 7, None)),
    )  # fmt: skip
    return conversation(NewTurn(text, answer, within=(text,)), NewTurn(text, message=text), title=text)


def markdown_text(markdown: str) -> str:
    return " ".join(markdown_tokens(markdown)[1])


def markdown_tokens(markdown: str) -> tuple[set[str], list[str]]:
    """The kinds of what a Markdown program makes of it, with every dialect it knows, and the texts."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    kinds, texts = set(), []
    for token in parser.parse(markdown):
        kinds.add(token.type)
        text = ""
        for child in token.children or ():
            kinds.add(child.type)
            text += "\n" if child.type in ("hardbreak", "softbreak") else child.content
        texts += [text] if token.children else []
    return kinds, texts


def html_text(page: str) -> str:
    tree = LexborHTMLParser(page)
    assert tree.body is not None
    return one_line(tree.body.text(separator=" "))


def docx_text(content: bytes) -> str:
    return one_line(" ".join(paragraph_text(one) for one in docx.Document(io.BytesIO(content)).paragraphs))


def paragraph_text(paragraph: Any) -> str:
    return str(paragraph.text)


def texts(kept: Conversation, notes: dict[tuple[int, int], str], language: str) -> dict[str, str]:
    return {
        "Markdown": one_line(markdown_text(export_markdown(kept, notes, language))),
        "HTML": html_text(export_html(kept, notes, language)),
        "Word": docx_text(export_docx(kept, notes, language)),
    }


EXPECTED = {
    "zh-CN": [
        "范围：粮食",
        "文本中没有找到这个问题的答案。",
        "共 1 段，见于 1 篇文档。",
        "没有得到回答：The index is damaged.",
        "提问后停止",
        "《储备粮管理办法》 › 第三章 轮换 › 第十二条，第 4 页（粮食/办法.md）",
        "《Fire drills》（safety.txt）",
        "注：原文已改动",
        "《储备粮管理办法》 › 第三章，第 2 页（粮食/办法.md）",
        "6 个问题",
    ],
    "en": [
        "Within: 粮食",
        "Passages: 1, documents: 1.",
        "There was no answer: The index is damaged.",
        "It was stopped",
        "储备粮管理办法 › 第三章 轮换 › 第十二条, page 4 (粮食/办法.md)",
        "Fire drills (safety.txt)",
        "Note: 原文已改动",
        "Questions: 6",
    ],
}
COMMON = [
    "储备粮",
    "1. 每年轮换多少？",
    "6. 坏的一问",
    "每年轮换的数量一般为储备总量的百分之二十至三十。[1]",
    "[2]",
    "Twice a year, at 9h.",
    "轮换计划由企业提出",
]


@pytest.mark.parametrize("language", EXPECTED)
def test_every_form_holds_everything(language: str) -> None:
    kept = conversation(*ALL_TURNS)
    kept = Conversation(kept.info, (*kept.turns, StoredTurn(6, "unreadable", "坏的一问", message="damaged")))
    for form, text in texts(kept, {(1, 2): "原文已改动"}, language).items():
        unspaced = re.sub(r"\s", "", text)
        for part in [*COMMON, *EXPECTED[language]]:
            assert re.sub(r"\s", "", part) in unspaced, (form, part, text)


def test_markdown_reads_as_the_hostile_text_itself() -> None:
    markdown = export_markdown(hostile(), {(1, 1): HOSTILE}, "zh-CN")
    kinds, found = markdown_tokens(markdown)
    assert kinds <= {
        "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "strong_open",
        "strong_close", "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
        "blockquote_open", "blockquote_close", "hardbreak",
    }  # fmt: skip
    assert one_line(HOSTILE) in {text.partition("[1]")[0] for text in found}
    assert sum(one_line(HOSTILE) in text for text in found) >= 9
    for left in ("<script", "http://", "www.leak", "a@leak", "![", "${", "{{", "<!--"):
        assert left not in markdown
    assert not re.search(r"(?<!\\)\]\(", markdown)


@pytest.mark.parametrize(
    "line",
    [
        "# x",
        "- x",
        "+ x",
        "* x",
        "1. x",
        "12) x",
        "---",
        "===",
        "> x",
        "    code",
        "```",
        "~~~",
        "| a | b |",
        "[x]: http://y/",
        "[^1]: x",
        ":::note",
        "%x",
        "&amp; &#60;",
        "\\",
        "x  ",
        "![x](y)",
        "<x@y.z>",
        "http://a.b",
        "HTTPS://A.B",
        "www.a.b",
        "_x_ __x__",
        "a_b_c",
        "$x$",
        "~x~",
        "^x^",
        "==x==",
        "{x}",
        "![[x]]",
        "- [ ] x",
        "x\n===\ny",
        "x\n- y",
        "a|b\n-|-\n1|2",
    ],
)
def test_no_line_means_anything_to_markdown(line: str) -> None:
    citation = Citation(1, line, line, (line,), None, 0, len(line), line)
    answer = Answer(line, (Sentence(line, (1,)), Sentence(line, (), item=True)), (citation,), (), 0.9, None, STATE)
    markdown = export_markdown(conversation(NewTurn(line, answer), title=line), {}, "en")
    kinds, found = markdown_tokens(markdown)
    plain, expected = markdown_tokens(
        export_markdown(conversation(NewTurn("x", plain_answer(line)), title="x"), {}, "en")
    )
    assert kinds <= plain | {"hardbreak"}
    assert len(found) == len(expected)
    shown = [part.strip() for part in line.split("\n")]
    assert "softbreak" not in kinds
    assert found[0] == one_line(line)
    assert found[-1] == "\n".join(shown)


def plain_answer(line: str) -> Answer:
    text = "x" if "\n" not in line else "x\n" * line.count("\n") + "x"
    citation = Citation(1, "x", "x", ("x",), None, 0, len(text), text)
    return Answer("x", (Sentence("x", (1,)), Sentence("x", (), item=True)), (citation,), (), 0.9, None, STATE)


@given(TEXT)
@settings(max_examples=150, deadline=None)
def test_any_text_stays_text_in_markdown(text: str) -> None:
    markdown = export_markdown(conversation(NewTurn(text), title=one_line(text) or "x"), {}, "zh-CN")
    kinds, found = markdown_tokens(markdown)
    assert kinds <= {"heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text",
                     "strong_open", "strong_close"}  # fmt: skip
    assert found[2] == f"1. {one_line(text) or '…'}"


def test_a_page_of_hostile_texts_holds_no_element_of_theirs() -> None:
    page = export_html(hostile(), {(1, 1): HOSTILE}, "zh-CN")
    tree = LexborHTMLParser(page)
    assert tree.css("script, img, iframe, form, svg, link, object, base") == []
    assert {node.tag for node in tree.css("body *")} <= {
        "main", "h1", "h2", "h3", "p", "section", "sup", "a", "ul", "li", "ol", "span", "bdi", "blockquote", "mark",
    }  # fmt: skip
    for node in tree.css("*"):
        names = set(node.attributes)
        assert names <= {"lang", "charset", "http-equiv", "content", "name", "class", "dir", "href", "id"}, names
    assert all((node.attributes["href"] or "").startswith("#quote-") for node in tree.css("a"))
    assert html_text(page).count(one_line(HOSTILE)) >= 9
    assert [one_line(node.text()) for node in tree.css("blockquote")] == [one_line(HOSTILE)]
    assert "\u202e" not in page


def test_a_page_asks_for_nothing_and_its_links_lead_somewhere() -> None:
    page = export_html(conversation(*ALL_TURNS), {}, "zh-CN")
    assert not re.search(r"(?:src|href)=(?!\"#)|url\(|@import|https?:", page.replace("http-equiv", ""))
    assert "default-src 'none'" in page
    tree = LexborHTMLParser(page)
    places = {node.attributes["id"] for node in tree.css("li[id]")}
    assert {(node.attributes["href"] or "")[1:] for node in tree.css("sup a")} == places == {"quote-1-1", "quote-1-2"}
    assert [node.text() for node in tree.css("mark")] == ["Twice"]
    for wanted in ("prefers-color-scheme: dark", "@media print", 'lang="zh-CN"'):
        assert wanted in page


def test_word_shows_chinese_in_a_chinese_font() -> None:
    document = docx.Document(io.BytesIO(export_docx(conversation(*ALL_TURNS), {}, "zh-CN")))
    used = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style is not None}
    assert {"Title", "Heading 1", "Heading 2", "Normal", "Quote", "List Bullet"} <= used
    for name in used:
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert not [one for one in fonts.keys() if one.endswith("Theme")]  # noqa: SIM118  an element, no mapping
    (quote,) = [one for one in document.paragraphs if one.style and one.style.name == "Quote" and "百分之" in one.text]
    assert quote.runs[0]._r.rPr.rFonts.get(qn("w:hint")) == "eastAsia"


def test_word_references_lead_to_their_quotes() -> None:
    document = docx.Document(io.BytesIO(export_docx(conversation(*ALL_TURNS, ALL_TURNS[0]), {}, "zh-CN")))
    body = document.element.body
    anchors = [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))]
    names = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    ids = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert anchors == names == ["quote_1_1", "quote_1_2", "quote_6_1", "quote_6_2"]
    assert len(set(ids)) == 4
    assert {one.get(qn("w:val")) for link in body.iter(qn("w:hyperlink")) for one in link.iter(qn("w:vertAlign"))} == {
        "superscript"
    }


def test_word_holds_hostile_text_as_text() -> None:
    content = export_docx(hostile(), {(1, 1): HOSTILE}, "en")
    assert docx_text(content).count(one_line(HOSTILE)) >= 9


def test_our_own_reader_reads_an_exported_file() -> None:
    from assistant.readers.docx import read

    reading = read(export_docx(conversation(*ALL_TURNS), {}, "zh-CN"), "导出.docx")
    assert "每年轮换的数量一般为储备总量的百分之二十至三十。" in str(reading)


@given(TURNS, TEXT)
@settings(max_examples=60, deadline=None)
def test_any_turn_can_be_exported(turn: NewTurn, text: str) -> None:
    kept = conversation(turn, title=text)
    notes = {(1, number): text for number in range(7)}
    quotes = [] if turn.answer is None else [citation.quote for citation in turn.answer.citations]
    for language in ("zh-CN", "en"):
        export_markdown(kept, notes, language).encode()
        page = export_html(kept, notes, language)
        page.encode()
        content = export_docx(kept, notes, language)
        shown = [node.text() for node in LexborHTMLParser(page).css("blockquote")]
        assert [one_line(text) for text in shown[: len(quotes)]] == [one_line(quote) for quote in quotes]
        word = docx_text(content)
        assert all(one_line(quote) in word for quote in quotes)


def test_readable_text_fits_into_utf_8_and_xml() -> None:
    assert readable("a\ud800\ufffe\uffff\x00\x0c\u202eb") == "a\ufffd\ufffd\ufffd  b"


def test_lines_of_a_quote_stay_lines() -> None:
    quote = "一行\n\n二行\r\n三行\u2028四行"
    kept = conversation(NewTurn("问", cited(quote=quote)))
    assert "> 一行\\\n> 二行\\\n> 三行\\\n> 四行" in export_markdown(kept, {}, "zh-CN")
    assert f'<blockquote dir="auto">{readable(quote)}</blockquote>' in export_html(kept, {}, "zh-CN")


@given(
    TEXT
    | st.sampled_from(["CON", "nul.txt", "..", ".", "", "a/../b", "x" * 500, "😀" * 90, "粮" * 300, "-rf", HOSTILE])
)
@settings(max_examples=300, deadline=None)
def test_a_file_name_is_safe_everywhere(title: str) -> None:
    name = file_name(conversation(title=title), "docx")
    assert re.fullmatch(
        r"[^\\/:*?\"'<>|%;,=&#$`~^\s\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]+-2026-03-02\.docx", name
    )
    assert not re.match(r"[.\-_ ]|(con|prn|aux|nul|com\d|lpt\d)\b", name, re.IGNORECASE)
    assert len(name.encode()) <= 200


def test_a_file_name_says_what_it_is() -> None:
    assert file_name(conversation(title="粮食 自给率：多少？"), ".md") == "粮食-自给率：多少？-2026-03-02.md"
    assert file_name(conversation(title='a/b: "c"'), "html") == "a-b-c-2026-03-02.html"


def test_a_listed_passage_is_a_quote_without_a_number() -> None:
    page = export_html(conversation(NewTurn("提到", listing())), {}, "zh-CN")
    (item,) = LexborHTMLParser(page).css("ol li")
    assert "id" not in item.attributes
    assert item.text().startswith("《储备粮管理办法》")
