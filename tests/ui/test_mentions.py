"""Every mention on the page: all counted, as many shown as it can hold, and nothing of theirs is markup."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs

import pytest

from assistant.types import Answer, DocumentMentions, IndexState, Mention, Mentions, Passage
from tests.ui.fake_library import HOSTILE, FakeAssistant
from ui import mentions
from ui.messages import CHINESE, ENGLISH, Words

INDEX = IndexState(1, "2026-03-01T14:05:00+08:00", stale=False)


def shown(found: Mentions, words: Words = CHINESE) -> str:
    return mentions.answer(Answer("问题", (), (), (), 1.0, None, INDEX, mentions=found), found, 3, words)


def mention(text: str, *spans: tuple[int, int], start: int = 0, end: int | None = None) -> Mention:
    return Mention(Passage("a.txt", start, start + len(text) if end is None else end, ("一、总则",)), text, spans)


def one_document(*found: Mention) -> tuple[DocumentMentions, ...]:
    return (DocumentMentions("a.txt", "甲", found),)


def test_the_words_are_marked_where_the_text_holds_them() -> None:
    markup = shown(Mentions(("粮食",), one_document(mention("有粮食和粮食", (11, 13), (14, 16), start=10))))
    assert "有<mark>粮食</mark>和<mark>粮食</mark>" in markup
    assert markup.count("<mark>") == 2


def test_words_in_the_heading_above_are_marked_nowhere_in_the_passage() -> None:
    markup = shown(Mentions(("总则",), one_document(mention("粮食安全", (2, 4), start=10))))
    assert "<mark>" not in markup
    assert "粮食安全" in markup


def test_a_passage_whose_marks_were_left_out_is_shown_unmarked() -> None:
    markup = shown(Mentions(("粮食",), one_document(mention("粮食", (8, 10), end=20))))
    assert "<mark>" not in markup


def test_thousands_of_mentions_are_counted_and_a_few_are_put_into_the_page() -> None:
    many = FakeAssistant().ask("列出所有提到“很多”的段落").mentions
    assert many is not None
    assert many.passages == 1501
    markup = shown(many)
    assert "1&#44;501 个段落提到" in markup
    assert "在 300 篇文档里" in markup
    assert markup.count("<article") == mentions.PASSAGES_SHOWN
    assert markup.count("<details") == markup.count("</details>") == mentions.DOCUMENTS_SHOWN
    assert "这篇还有 883 段没有列在页面上" in markup  # of 903: 20 are shown
    assert "还有 100 篇文档没有列在页面上" in markup
    assert 'href="/?show=search&mode=mentions&q=%E5%BE%88%E5%A4%9A"' in html.unescape(markup)
    assert len(markup) < 200_000


def test_where_everything_is_shown_nothing_is_said_of_a_rest() -> None:
    found = Mentions(("粮食",), one_document(mention("粮食", (0, 2))))
    assert 'class="more"' not in shown(found)
    assert "1 passage mentions" in shown(found, ENGLISH)


def test_the_first_document_is_open_and_the_others_closed() -> None:
    (one,) = one_document(mention("粮食", (0, 2)))
    assert re.findall("<details[^>]*>", shown(Mentions(("粮食",), (one, one, one)))) == [
        '<details class="mentioning" open>',
        '<details class="mentioning">',
        '<details class="mentioning">',
    ]


def test_the_link_to_all_of_them_keeps_words_with_spaces_together_and_the_places() -> None:
    found = Mentions(("fire drill", "it's"), one_document(*[mention("fire drill", (0, 10))] * 30))
    given = Answer("问题", (), (), (), 1.0, None, INDEX, mentions=found)
    markup = html.unescape(mentions.answer(given, found, 3, ENGLISH, ("保密", "a&b.txt")))
    (query,) = re.findall(r'href="/\?([^"]+)">List all', markup)
    assert parse_qs(query) == {
        "show": ["search"],
        "mode": ["mentions"],
        "q": ["“fire drill” it's"],
        "within": ["保密", "a&b.txt"],
    }


@pytest.mark.parametrize("words", [CHINESE, ENGLISH])
def test_hostile_texts_words_and_titles_are_text(words: Words) -> None:
    hostile = DocumentMentions(HOSTILE, HOSTILE, (mention(HOSTILE, (0, 5)),) * 30)
    markup = shown(Mentions((HOSTILE,), (hostile,)), words)
    made = ["section", "pre", "h2", "div", "p", "bdi", "a", "button", "details", "summary", "span", "article", "mark"]
    assert set(re.findall(r"<([a-z0-9]+)", markup)) <= set(made)
    assert 'href="http' not in markup
    assert "\n" not in markup
    assert "\u202e" not in markup


def test_no_mention_is_told_and_has_no_sources() -> None:
    none = shown(Mentions(("火星车",), ()))
    assert 'class="turn refused"' in none
    assert "<bdi>“火星车”</bdi>" in none
    assert 'class="sources' not in none


def test_documents_about_something_are_told_apart_by_their_names_and_open_at_the_place() -> None:
    documents = tuple(
        DocumentMentions(name, "关于停电的通知", (Mention(Passage(name, 8, 14), "明日停电。", ((10, 12),)),))
        for name in ("甲.txt", "乙.txt")
    )
    markup = shown(Mentions(("停电",), documents, about=True))
    assert "2 篇文档与" in markup
    assert markup.count("<details") == 2
    assert '<bdi class="path">乙.txt</bdi></summary>' in html.unescape(markup)
    assert markup.count('class="original" href="') == 2
    english = shown(Mentions(("outage",), documents[:1], about=True), ENGLISH)
    assert "1 document is about" in english
