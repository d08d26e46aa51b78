"""Everything that reaches the page is markup of ours and text of theirs, and the two never mix."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.types import (
    Answer,
    Changes,
    Citation,
    Hit,
    IndexState,
    Passage,
    PassageChanges,
    Preview,
    Problem,
    Refusal,
    Sentence,
    Status,
    Value,
)
from tests.ui.fake_library import HOSTILE, FakeAssistant
from ui import escape as escaping
from ui import render
from ui.messages import CHINESE, ENGLISH, Words
from ui.render import Around
from ui.shelf import bar

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)

anything = st.one_of(
    st.text(),
    st.text(alphabet=string.punctuation + "\n\t 储备粮a1"),
    st.sampled_from([HOSTILE, "${1}", "$$x$$", "![a](http://b)", "\n\n# h\n\n", "\u202e", "\x00", "\ud800"]),
)


class Reader(HTMLParser):
    """Tags with their attribute names, and the text and the attribute values that a browser would see."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.titles: list[str | None] = []
        self.links: list[str | None] = []
        self.ids: list[str | None] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        found = dict(attrs)
        self.titles += [found["title"]] if "title" in found else []
        self.links += [found["href"]] if "href" in found else []
        self.ids += [found["id"]] if "id" in found else []

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(("/" + tag, ()))

    def handle_data(self, data: str) -> None:
        self.text += data


def make_answer(data: str, *, refused: bool = False) -> Answer:
    """An answer in which every text is `data`, framed so that the shape of the markup does not depend on it."""
    text = f"甲{data}乙"
    hit = Hit(Passage(text, 0, len(text), (text,), 3), text, text, 1.0, 1.0, 1.0, (text,))
    other = replace(hit, passage=Passage(text, 900, 901, (text,), None))
    index = IndexState(1, "2026-03-01T14:05:00+08:00", stale=True)
    if refused:
        return Answer(text, (), (), (hit, other), 0.1, Refusal(text, (text, text)), index)
    citation = Citation(1, text, text, (text,), 3, 0, len(text), text)
    return Answer(text, (Sentence(text, (1,)),), (citation,), (hit, other), 0.9, None, index)


def every_view(data: str, words: Words) -> list[str]:
    """Each thing that can be rendered, made of `data`."""
    text = f"甲{data}乙"
    status = Status(
        Path("/甲乙"),
        Path("/甲"),
        2,
        text,
        text,
        model_changed=True,
        documents=1,
        passages=2,
        windows=3,
        changes=Changes((text,), (), ()),
        problems=(Problem(text, text),),
    )
    preview = Preview((text,), (text,), (text,), (text,), PassageChanges(1, 2, 3), 4, None, (Problem(text, text),))
    return [
        render.pending(text, 1, text, words),
        render.answer(make_answer(data), 1, words, Around((text, text), {None: text, 1: text})),
        render.stopped(text, 1, words),
        render.welcome(words, examples=(text,)),
        render.answer(make_answer(data, refused=True), 1, words),
        render.error(text, 1, text, text, words),
        bar.library(status, "failed", words),
        bar.library_error(text, text, words),
        bar.update_failed(text, text, words),
        bar.preview_failed(text, text, words),
        bar.preview(preview, words),
    ]


@given(anything)
def test_escaped_text_holds_no_punctuation_of_its_own(text: str) -> None:
    rest = re.sub(r"&#\d+;", "", escaping.escape(text))
    assert not set(rest) & set(string.punctuation + "\n\r\t\x00" + escaping.BIDIRECTIONAL_CONTROLS)
    escaping.escape(text).encode()  # a lone surrogate cannot be sent


@given(anything)
def test_a_browser_reads_the_text_that_was_escaped(text: str) -> None:
    expected = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]", "\ufffd", text)
    expected = expected.replace("\r", "").replace("\t", " ")
    expected = re.sub(f"[{escaping.BIDIRECTIONAL_CONTROLS}]", "", re.sub("[\x85\u2028\u2029]", "\n", expected))
    assert Reader(f"<p>{escaping.escape(text)}</p>").text == expected


@settings(deadline=None)
@given(anything, st.sampled_from([CHINESE, ENGLISH]))
def test_no_text_changes_the_shape_of_the_markup(data: str, words: Words) -> None:
    for hostile, harmless in zip(every_view(data, words), every_view("丙", words), strict=True):
        assert Reader(hostile).tags == Reader(harmless).tags
        assert "\n" not in hostile  # one block of HTML for the Markdown component


@settings(deadline=None)
@given(anything)
def test_links_lead_only_into_the_page(data: str) -> None:
    for markup in every_view(data, CHINESE):
        for link in Reader(markup).links:
            assert re.fullmatch(r"#sources-1|/\?show=library|/read\?[\w=&%+.,~-]*", link or "")


@settings(deadline=None)
@given(anything, anything, anything)
def test_the_quote_is_marked_in_its_passage_and_nothing_is_lost(before: str, quote: str, after: str) -> None:
    text = f"{before}据{quote}{after}"
    start = 100
    at = start + len(before)
    hit = Hit(Passage("文.txt", start, start + len(text)), "文", text, 1.0, None, None)
    citation = Citation(1, "文.txt", "文", (), None, at, at + 1 + len(quote), f"据{quote}")
    index = IndexState(1, "", stale=False)
    given_answer = Answer("问", (Sentence(citation.quote, (1,)),), (citation,), (hit,), 0.9, None, index)
    markup = render.answer(given_answer, 4, CHINESE)
    passage = re.search(r'<p class="passage" dir="auto" lang="\w*">(.*?)</p>', markup)
    assert passage
    mark = '<mark id="src-4-1" tabindex="-1"><span class="number">[1]</span>'
    head, _, rest = passage[1].partition(mark)
    middle, _, tail = rest.partition("</mark>")
    assert (head, middle, tail) == (escaping.escape(before), escaping.escape(f"据{quote}"), escaping.escape(after))


def test_the_same_words_twice_are_marked_where_the_span_says() -> None:
    text = "粮食安全。保管。粮食安全。"
    hit = Hit(Passage("甲.md", 10, 10 + len(text)), "甲", text, 1.0, None, None)
    citation = Citation(1, "甲.md", "甲", (), None, 18, 23, "粮食安全。")
    index = IndexState(1, "", stale=False)
    markup = render.answer(Answer("问", (Sentence("", (1,)),), (citation,), (hit,), 1.0, None, index), 1, CHINESE)
    assert "粮食安全。保管。<mark" in markup


def test_quotes_of_one_passage_share_a_card_and_overlap_without_repeating_text() -> None:
    text = "甲乙丙丁戊己"
    hit = Hit(Passage("甲.md", 0, 6), "甲", text, 1.0, None, None)
    citations = (
        Citation(1, "甲.md", "甲", (), None, 2, 5, "丙丁戊"),
        Citation(2, "甲.md", "甲", (), None, 0, 3, "甲乙丙"),
    )
    sentences = (Sentence("丙丁戊", (1,)), Sentence("甲乙丙", (2,)))
    index = IndexState(1, "", stale=False)
    markup = render.answer(Answer("问", sentences, citations, (hit,), 1.0, None, index), 1, CHINESE)
    assert markup.count('<article class="card">') == 1
    passage = re.search(r'<p class="passage" dir="auto" lang="\w*">(.*?)</p>', markup)
    assert passage
    assert re.sub(r"\[\d\]", "", Reader(passage[0]).text) == text
    assert set(Reader(markup).ids) == {"turn-1", "sources-1", "src-1-1", "src-1-2", "cite-1-1", "cite-1-2"}


def test_a_quote_that_its_passage_does_not_hold_still_has_its_place() -> None:
    citation = Citation(1, "甲.md", "甲", ("一、",), 7, 0, 3, "甲乙丙")
    index = IndexState(1, "", stale=False)
    markup = render.answer(Answer("问", (Sentence("甲乙丙", (1,)),), (citation,), (), 1.0, None, index), 2, CHINESE)
    assert 'id="src-2-1"' in markup
    assert "第 7 页" in Reader(markup).text


def test_marks_are_links_with_readable_names_and_the_quote_as_title() -> None:
    markup = render.answer(FakeAssistant().ask("储备粮的日常保管由谁负责？"), 3, CHINESE)
    reader = Reader(markup)
    assert "来源 [1]，《储备粮管理办法》第 2 段" in reader.text
    assert "储备粮的日常保管由承储企业负责，地方粮食部门每季度检查一次。" in reader.titles
    address = urlsplit(reader.links[0] or "")
    assert address.path == "/read"
    assert parse_qs(address.query) == {"document": ["粮食安全/储备粮管理.md"], "at": ["98-128"], "numbers": ["1"]}


def test_an_address_of_a_quote_names_the_answers_other_quotes_in_its_document() -> None:
    texts = (("甲.md", 5), ("乙.md", 0), ("甲.md", 0))
    cited = tuple(
        Citation(number, name, "", (), None, start, start + 2, "甲乙") for number, (name, start) in enumerate(texts, 1)
    )
    sentences = tuple(Sentence("甲乙", (one.number,)) for one in cited)
    markup = render.answer(Answer("问", sentences, cited, (), 1.0, None, IndexState(1, "", stale=False)), 1, CHINESE)
    links = [parse_qs(urlsplit(link or "").query) for link in Reader(markup).links if (link or "").startswith("/read?")]
    assert {"document": ["甲.md"], "at": ["5-7"], "also": ["0-2"], "numbers": ["1,3"]} in links
    assert {"document": ["甲.md"], "at": ["0-2"], "also": ["5-7"], "numbers": ["3,1"]} in links
    assert {"document": ["乙.md"], "at": ["0-2"], "numbers": ["2"]} in links


def test_every_link_has_its_target_in_every_turn() -> None:
    fake = FakeAssistant()
    for turn, question in enumerate([*fake.offered, "危险文本里面有什么？", "反间谍法规定了哪些刑罚？"], 1):
        reader = Reader(render.answer(fake.ask(question), turn, CHINESE))
        assert reader.links
        assert {link[1:] for link in reader.links if link and link.startswith("#")} <= set(reader.ids)
        assert len(reader.ids) == len(set(reader.ids))
        for link in reader.links:
            asked = parse_qs(urlsplit(link or "").query)
            if "document" in asked:
                start, end = map(int, asked["at"][0].split("-"))
                assert fake.document(asked["document"][0]).text[start:end]


def test_what_a_reader_said_of_a_source_is_pressed() -> None:
    given_answer = FakeAssistant().ask("储备粮的日常保管由谁负责？")
    markup = render.answer(given_answer, 1, CHINESE, Around(marks={None: "missing", 1: "wrong"}))
    pressed = re.findall(r'value="([^"]*)" aria-pressed="true"', markup)
    assert pressed == ["missing", "wrong:1"]


def test_suggestions_are_buttons_below_the_answer() -> None:
    markup = render.answer(FakeAssistant().ask("储备粮的日常保管由谁负责？"), 1, CHINESE, Around(("接着呢<b>？",)))
    assert f'class="suggestion" dir="auto" lang="zh">{escaping.escape("接着呢<b>？")}</button>' in markup


@pytest.mark.parametrize(
    ("words", "lead", "missing", "nearest"),
    [
        (CHINESE, "文本里没有找到答案", "文本中没有出现：反间谍法、规定了哪", "最接近的段落，不是答案"),
        (ENGLISH, "The texts do not answer this", "Not found in the texts: 反间谍法, 规定了哪", "not an answer"),
    ],
)
def test_a_refusal_names_what_is_missing_and_shows_passages_as_no_answer(
    words: Words, lead: str, missing: str, nearest: str
) -> None:
    markup = render.answer(FakeAssistant().ask("反间谍法规定了哪些刑罚？"), 1, words)
    text = Reader(markup).text
    assert 'class="turn refused"' in markup
    assert lead in text
    assert missing in text
    assert nearest in text
    assert "<mark" not in markup
    assert 'class="cite"' not in markup


@pytest.mark.parametrize(
    ("confidence", "word"), [(0.95, "把握较大"), (0.7, "把握一般"), (0.52, "把握较小，请核对原文")]
)
def test_confidence_is_told_in_words(confidence: float, word: str) -> None:
    assert word in Reader(render.answer(replace(make_answer("丙"), confidence=confidence), 1, CHINESE)).text


@pytest.mark.parametrize("words", [CHINESE, ENGLISH])
def test_each_quote_can_be_copied_on_its_card_by_a_menu_with_a_name_of_its_own(words: Words) -> None:
    cards = render.answer(listing(), 1, words).partition('class="sources')[2]
    for number in (1, 2, 3):
        assert cards.count(f'aria-label="{escaping.escape(words.copy_one.format(n=number))}"') == 1
        assert cards.count(f'value="gbt7714:{number}"') == 1
    assert words.copy_one.format(n=1) != words.copy_one.format(n=2)


def test_a_very_long_question_is_shortened_and_says_so() -> None:
    text = Reader(render.error("问" * 100_000, 1, "太长", "", CHINESE)).text
    assert "…（共 100000 字）" in text
    assert len(text) < 5600


def listing() -> Answer:
    """An answer with a list, marked words, and two documents that differ."""
    texts = ("押金如下：", "一是三百元。", "押金为 <200> 元。")
    citations = tuple(
        Citation(number, f"{number}.txt", "办法", (), None, 10, 10 + len(text), text)
        for number, text in enumerate(texts, 1)
    )
    citations = (*citations[:2], replace(citations[2], answers=((14, 19),)))
    sentences = (Sentence(texts[0], (1,)), Sentence(texts[1], (2,), item=True), Sentence(texts[2], (3,)))
    values = (Value("三百元", 2, "2025-01-06"), Value("<200>", 3, None))
    return Answer("押金？", sentences, citations, (), 0.9, None, IndexState(1, "", stale=False), differing=values)


@pytest.mark.parametrize("words", [CHINESE, ENGLISH])
def test_items_are_a_list_marked_words_are_strong_and_differing_values_are_told(words: Words) -> None:
    markup = render.answer(listing(), 1, words)
    assert '<ul class="items"><li class="sentence" dir="auto" lang="zh">一是三百元。<a' in markup
    assert markup.count("<strong") == 2  # in the answer and in its source
    assert f'押金为 <strong class="asked short">{escaping.escape("<200>")}</strong> 元。<a' in markup
    assert " 元。</mark>" in markup
    text = Reader(markup).text
    assert words.differing in text
    assert words.undated in text
    assert "2025-01-06" in text


def test_without_differing_values_nothing_is_said_of_them() -> None:
    assert "differing" not in render.answer(replace(listing(), differing=()), 1, CHINESE)


def test_blank_lines_of_a_passage_take_no_room_and_a_quote_keeps_its_own() -> None:
    assert escaping.without_blank_lines(escaping.escape("甲\n\n \u3000\n乙\n丙&#10;&#10;")) == (
        f"甲&#10;乙&#10;丙{escaping.escape('&#10;&#10;')}"
    )
    text = "前\n\n中\n\n后"
    cited = Citation(1, "甲.md", "甲", (), None, 0, len(text), text)
    answer = Answer("问", (Sentence(text, (1,)),), (cited,), (), 1.0, None, IndexState(1, "", stale=False))
    assert "中&#10;&#10;后</mark>" in render.answer(answer, 1, CHINESE)
