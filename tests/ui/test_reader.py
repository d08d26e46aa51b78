"""The markup of the reader: a text sign for sign, its marks, what an address may ask for."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.opening import Opened, lay_out
from assistant.types import Document, Passage
from tests.ui.fake_library import HOSTILE
from ui import links
from ui.messages import CHINESE, ENGLISH
from ui.reader import article, body
from ui.reader.asked import asked, fingerprint, number_of, span_of
from ui.reader.exact import exact
from ui.reader.own_page import own_page, problem_page
from ui.reader.words import CHINESE as READER_CHINESE
from ui.reader.words import ENGLISH as READER_ENGLISH
from ui.reader.words import count

SIGNS = "中文。；：\n\r\t 　ab<>&\"'${}`*#[]()|\x00\x07\x7f\x85\u2028\u202e\u2066\u200d😀𠮷é́"
texts = st.text(st.one_of(st.sampled_from(SIGNS), st.characters(exclude_categories=["Cs"])), max_size=400)


class _Text(HTMLParser):
    """The text of the blocks and the marks, as a browser would have them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marked = "", ""
        self.tags: set[str] = set()
        self._marks = 0
        self.feed(markup.replace("&#13;", "\ue00d"))
        self.close()
        self.text, self.marked = (one.replace("\ue00d", "\r") for one in (self.text, self.marked))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._marks += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._marks -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._marks:
            self.marked += data


def opened(text: str, name: str = "甲.txt", passages: tuple[Passage, ...] = ()) -> Opened:
    return lay_out(Document(name, "标题", text, "0" * 64, "gb18030"), passages)


def shown(text: str) -> str:
    """A text as the reader shows it."""
    return html.unescape(exact(text).replace("&#13;", "\ue00d")).replace("\ue00d", "\r")


@given(texts)
@settings(max_examples=150, deadline=None)
def test_every_character_stays_at_its_place(text: str) -> None:
    markup = body.parts(opened(text), opened(text).blocks, ())
    found = _Text(markup).text
    assert len(found) == len(text)
    for there, here in zip(text, found, strict=True):
        assert here == there or here in "\ufffd\n"
    assert not re.search("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", found)


@given(texts, st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_marked_is_the_quotes_and_nothing_else(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    spans = [tuple(sorted(data.draw(st.tuples(places, places)))) for _ in range(data.draw(st.integers(0, 4)))]
    spans = [span for span in spans if span[0] < span[1]]
    wanted = asked("甲.txt", *(",".join(f"{a}-{b}" for a, b in part) for part in (spans[:1], spans[1:])))
    document = opened(text)
    found = _Text(body.parts(document, document.blocks, wanted.marks(len(text))))
    inside = {place for start, end in spans for place in range(start, end)}
    assert found.marked == "".join(shown(text)[place] for place in sorted(inside))
    assert len(found.marked) == len(inside)
    assert len(found.text) == len(text)


def test_a_hostile_text_is_nothing_but_text() -> None:
    document = opened(f"恶意\n\n{HOSTILE}\n\n姓名：{HOSTILE}；部门：<script>1</script>。\n")
    markup = body.parts(document, document.blocks, asked("甲.txt", "10-60").marks(10_000))
    assert _Text(markup).tags <= {"div", "p", "mark", "span"}
    assert "${" not in markup
    assert "\u202e" not in markup
    page = own_page(document, asked("甲.txt", "10-60"), CHINESE, article.Window(0, 10_000))
    assert "<script>1" not in page
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", page)


def test_the_chosen_quote_and_the_others_are_told_apart_and_numbered() -> None:
    document = opened("第一句在这里。第二句在这里。第三句在这里。")
    marks = asked("甲.txt", "7-14", "0-7,14-21", "2,5,7").marks(21)
    markup = body.parts(document, document.blocks, marks)
    found = re.findall(r'<mark class="(quoted[^"]*)"([^>]*) data-span="([^"]+)" data-number="(\d)"', markup)
    assert found == [
        ("quoted", "", "0-7", "5"),
        ("quoted chosen", ' id="place"', "7-14", "2"),
        ("quoted", "", "14-21", "7"),
    ]


def test_where_quotes_overlap_the_chosen_one_is_seen_as_a_whole() -> None:
    document = opened("第一句在这里。第二句在这里。")
    markup = body.parts(document, document.blocks, asked("甲.txt", "3-10", "0-6,9-14").marks(14))
    assert re.findall(r'class="quoted( chosen)?"[^>]*>([^<]+)', markup) == [
        ("", "第一句"),
        (" chosen", html.unescape(exact("在这里。第二句"))),
        ("", "在这里。"),
    ]


def test_without_numbers_quotes_are_counted_in_the_order_of_the_text() -> None:
    marks = asked("甲.txt", "20-30", "0-7,40-50").marks(100)
    assert [(mark.start, mark.number, mark.chosen) for mark in marks] == [(0, 1, False), (20, 2, True), (40, 3, False)]


def test_the_number_stands_where_a_quote_can_first_be_seen() -> None:
    document = opened("前一段。\n\n后一段。")
    markup = body.parts(document, document.blocks, asked("甲.txt", "4-10").marks(10))
    assert re.search(r'data-number="1"[^>]*>后一段', markup)
    assert markup.count("data-number") == 1


def test_rows_of_tables_are_shown_in_cells_with_their_columns() -> None:
    document = opened("姓名：张三；部门：粮食科；电话：1001。\n姓名：李四；部门：保密科；电话：1002。\n")
    markup = body.parts(document, document.blocks, ())
    assert markup.count('<span class="cell"><span class="column">') == 6
    assert "姓名：" in html.unescape(markup)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "5",
        "-",
        "5-5",
        "9-3",
        "-1-4",
        "a-b",
        "1-2-3",
        "１-２",
        "1-99999999999999999999",
        " 1-2",
        "1-2\n",
        "0x1-2",
        "1e3-2",
    ],
)
def test_what_is_no_span_is_none(written: str) -> None:
    assert span_of(written) is None
    assert asked("甲.txt", written).unclear == bool(written)


def test_hostile_addresses_are_understood_as_far_as_they_can_be() -> None:
    wanted = asked("甲.txt", "3-9", "x," + ",".join(f"{n}-{n + 5}" for n in range(9_000)), "1,2,<b>", "-7", "zzz")
    assert wanted.at == (3, 9)
    assert len(wanted.also) == 200
    assert wanted.start is None
    assert wanted.quote == ""
    assert number_of("9" * 5_000) is None
    assert all(mark.end <= 50 for mark in wanted.marks(50))


def test_a_quote_that_is_not_there_any_more_is_told() -> None:
    text = "第一句在这里。第二句在这里。"
    same = asked("甲.txt", "0-7", quote=fingerprint("第一句在这里。"))
    other = asked("甲.txt", "0-7", quote=fingerprint("别的一句。"))
    outside = asked("甲.txt", "0-700")
    assert READER_CHINESE.changed not in html.unescape(article.where(opened(text), same, CHINESE))
    assert READER_CHINESE.changed in html.unescape(article.where(opened(text), other, CHINESE))
    assert READER_CHINESE.outside in html.unescape(article.where(opened(text), outside, CHINESE))
    assert same.quote in links.reading("甲.txt", (0, 7), quote=same.quote)


@pytest.mark.parametrize(("words", "told"), [(CHINESE, "第 2 段，共 2 段"), (ENGLISH, "Passage 2 of 2")])
def test_the_place_is_told(words: object, told: str) -> None:
    text = "第一章\n第一句在这里。\n第二句在这里。"
    passages = (Passage("甲.txt", 4, 11, ("第一章",)), Passage("甲.txt", 12, 19, ("第一章", "第二节")))
    where = html.unescape(article.where(opened(text, passages=passages), asked("甲.txt", "12-19"), words))  # type: ignore[arg-type]
    assert told in where
    assert "第一章 › 第二节" in where
    assert "GB18030" in where
    assert "甲.txt" in where


def test_of_a_long_text_the_part_around_the_place_is_sent() -> None:
    assert article.window(500, 400, 1_000, 100) == article.Window(0, 500)
    assert article.window(5_000, 3_000, 1_000, 900) == article.Window(2_700, 900)
    assert article.window(5_000, 4_999, 1_000, 900) == article.Window(4_100, 900)
    assert article.window(5_000, 0, 1_000, 900) == article.Window(0, 900)


def test_a_page_that_stands_alone_has_no_script_or_style_of_its_own() -> None:
    for page in (
        own_page(opened("一句话。"), asked("甲.txt"), CHINESE, article.Window(0, 100)),
        problem_page("没有<script>", "${x}", CHINESE),
    ):
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page)
        assert page.startswith('<!doctype html><html lang="zh-CN">')


def test_both_languages_say_everything() -> None:
    for chinese, english in zip(_words(READER_CHINESE), _words(READER_ENGLISH), strict=True):
        assert chinese
        assert english
        assert set(re.findall(r"\{\w+\}", chinese)) == set(re.findall(r"\{\w+\}", english))
    assert count("{n} page|{n} pages", 1) == "1 page"
    assert count("{n} page|{n} pages", 2_000) == "2,000 pages"


def _words(words: object) -> list[str]:
    values = [getattr(words, name) for name in type(words).__dataclass_fields__]  # type: ignore[attr-defined]
    return [value for value in values if isinstance(value, str)]


def test_the_signs_of_markdown_are_set_apart_and_stay_in_the_text() -> None:
    text = "## 一、标准\n\n| 职级 | 省会 |\n|---|:-:|\n| 经理 | 450元 |\n\n#标签不是标题\n"
    document = opened(text, "甲.md", (Passage("甲.md", 9, 45, ("一、标准",)),))
    markup = body.parts(document, document.blocks, asked("甲.txt", "0-8").marks(len(text)))
    signs = re.findall(r'<span class="signs">(.*?)</span>', markup, re.DOTALL)
    assert [html.unescape(re.sub("<[^>]+>", "", one)).strip() for one in signs] == ["##", "|---|:-:|"]
    assert html.unescape(re.sub("<[^>]+>", "", markup)).replace("\n", "") == text.replace("\n", "")
