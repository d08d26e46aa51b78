"""The markup of the search room: passages, mentions, places, why, and the files to export; all of it pure."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date

import pytest

from assistant.retrieval.why import Matched, Why
from assistant.types import DocumentInfo, DocumentMentions, Hit, Mention, Mentions, Passage, Window
from tests.ui.fake_library import HOSTILE
from ui.messages import CHINESE, ENGLISH, Words
from ui.search import export, mentions, passages, places
from ui.search import why as reasons
from ui.search.marked import marked, mentioning
from ui.search.recent import Recent
from ui.search.room import address, dialog, room
from ui.search.words import CHINESE as OWN
from ui.search.words import ENGLISH as OWN_ENGLISH

BOTH = pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])


def hit(text: str = "每年轮换的库存。", **changes: object) -> Hit:
    values: dict[str, object] = {
        "passage": Passage("a/办法.md", 10, 10 + len(text), ("第三章", "第十二条"), 4),
        "title": "储备粮管理办法",
        "text": text,
        "score": 5.0,
        "dense": 4.2,
        "keyword": 0.4,
        "terms": ("轮换", "库存"),
        "window": Window(12, 15),
        "coverage": 0.6,
        "absent": ("多少",),
    }
    return Hit(**{**values, **changes})  # type: ignore[arg-type]


def reason(**changes: object) -> Why:
    values: dict[str, object] = {
        "meaning": 0.62,
        "words": 0.38,
        "meaning_level": "strong",
        "words_level": "some",
        "dense": 4.2,
        "keyword": 0.4,
        "coverage": 0.3,
        "matched": (Matched("轮换", ((2, 4),)), Matched("库存", ((5, 7),))),
        "absent": ("多少",),
    }
    return Why(**{**values, **changes})  # type: ignore[arg-type]


def plain(markup: str) -> str:
    """What a reader sees of markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def told(found: Why, language: str = "zh-CN", **more: object) -> str:
    return plain(reasons.explained(hit(), language, found=found, **more))  # type: ignore[arg-type]


# why


def test_both_shares_and_the_words_are_told_in_plain_words() -> None:
    assert "意思很接近（占 62%）；问题里的“轮换”“库存”出现在这段里（占 38%）。" in told(reason())
    english = told(reason(), "en")
    assert "Its meaning is very close (62%); it has these words of the question: “轮换”, “库存” (38%)." in english
    for text in (told(reason()), english):
        assert not re.search(r"BM25|deviation|dense|标准差|向量", text)


@pytest.mark.parametrize(
    ("level", "said"), [("strong", "意思很接近"), ("some", "意思有些接近"), ("none", "意思不算接近")]
)
def test_each_level_has_words_of_its_own(level: str, said: str) -> None:
    assert f"{said}（占" in told(reason(meaning_level=level))


def test_what_a_heading_holds_is_told_apart() -> None:
    above = Matched("储备粮", ())
    assert "“轮换”出现在这段里，“储备粮”出现在它的标题里" in told(reason(matched=(Matched("轮换", ((2, 4),)), above)))
    assert "问题里的“储备粮”出现在它的标题里（占 38%）" in told(reason(matched=(above,)))


def test_words_that_are_nowhere_are_told() -> None:
    assert "没有出现：“多少”。" in told(reason())
    none = told(reason(matched=(), meaning=1.0, words=0.0, words_level="none"))
    assert "意思很接近（占 100%）；问题里的词没有出现。" in none
    part = told(reason(matched=(), meaning=0.89, words=0.11, words_level="none"))
    assert "问题里的词没有完整出现，只有其中的字（占 11%）。" in part
    assert "没有比较意思；问题里的“轮换”" in told(reason(dense=None, meaning=0.0, words=1.0))


def test_of_many_words_some_are_named() -> None:
    many = tuple(Matched(f"词{n}", ((0, 1),)) for n in range(12))
    assert "“词7”等 12 个词出现" in told(reason(matched=many))
    assert "“词7” and 4 more" in told(reason(matched=many), "en")


@pytest.mark.parametrize(("share", "cells"), [(0.62, 12), (0.0, 0), (1.0, 20), (0.004, 0), (0.01, 1), (0.99, 19)])
def test_the_bar_has_cells_of_two_kinds_and_words_beside_it(share: float, cells: int) -> None:
    markup = reasons.explained(hit(), "zh-CN", found=reason(meaning=share, words=1 - share))
    assert markup.count('<i class="near">') == cells
    assert markup.count('<i class="held">') == 20 - cells
    first, second = reasons.shares(reason(meaning=share))
    assert first + second == 100
    assert f"意思 {first}%用词 {second}%" in plain(markup)


def test_a_place_that_the_question_names_is_told() -> None:
    assert "问题点名了这一处：《储备粮管理办法》 › 第十二条。" in told(
        reason(), places=("《储备粮管理办法》 › 第十二条",)
    )
    assert "问题点名了这篇文档：《储备粮管理办法》。" in told(reason(), places=("《储备粮管理办法》",))
    for other in ("《别的办法》 › 第十二条", "《储备粮管理办法》 › 第九条"):
        assert "点名" not in told(reason(), places=(other,))


def test_what_only_its_place_speaks_for_has_no_shares() -> None:
    alone = reason(dense=-0.5, keyword=None, coverage=0.0, matched=(), meaning=0.5, words=0.5)
    assert "问题点名了它所在的地方" in told(alone)
    assert "占" not in told(alone)


def test_hits_without_any_number_are_explained() -> None:
    """Answers that were kept long ago know less of their hits."""
    old = hit(dense=None, keyword=None, coverage=None, terms=(), absent=(), window=None)
    assert "为什么是这一段" in plain(reasons.explained(old, "zh-CN"))


def test_the_weak_are_told_from_the_strong() -> None:
    assert 'class="brief strong"' in reasons.brief(reason(), "zh-CN")
    assert 'class="brief some"' in reasons.brief(reason(meaning_level="some"), "en")
    common = reason(meaning_level="none", words_level="none")
    assert "只有常见的字词" in plain(reasons.brief(common, "zh-CN"))  # they are marked in the passage
    weak = reason(meaning_level="none", words_level="none", matched=())
    assert "没有相同的词" in plain(reasons.brief(weak, "zh-CN"))
    assert 'class="brief weak"' in reasons.brief(weak, "zh-CN")


# passages


def listed(count: int, start: int = 0, words: Words = CHINESE, **changes: object) -> str:
    return passages.found([hit(**changes)] * count, (), start, words)


def test_ten_are_shown_and_more_on_demand() -> None:
    assert listed(34).count("<article") == 10
    assert 'value="10"' in listed(34)
    assert plain(listed(34)).startswith("最相关的 10 段")
    assert listed(34, 30).count("<article") == 4
    assert plain(listed(34, 30)).startswith("最相关的 34 段")
    assert "<button" not in listed(34, 30)
    assert 'class="end"' in listed(passages.MOST, 90)
    assert "没有可以列出的段落" in listed(0)


@BOTH
def test_a_passage_has_its_place_its_marks_and_a_link_to_its_best_window(words: Words) -> None:
    markup = listed(1, words=words)
    assert "每年<mark>轮换</mark>的<mark>库存</mark>。" in html.unescape(markup)
    assert "at=12-15" in html.unescape(markup)
    text = plain(markup)
    assert "第三章 › 第十二条" in text
    assert words.page.format(n=4) in text
    assert "a/办法.md" in text


def test_where_all_are_weak_it_is_said() -> None:
    assert 'class="weak"' in listed(3, dense=0.1, terms=(), coverage=0.0)
    assert 'class="weak"' not in listed(3)


def test_of_a_passage_without_end_what_is_around_the_window_is_shown() -> None:
    text = "无" * 60_000 + "轮换" + "止" * 60_000
    markup = listed(1, text=text, window=Window(60_010, 60_012))
    assert "<mark>轮换</mark>" in markup
    assert len(markup) < 12_000


# mentions


def mentioned(*counts: int, text: str = "有轮换的段落", words: tuple[str, ...] = ("轮换",)) -> Mentions:
    one = Mention(Passage("a.txt", 10, 10 + len(text), ("一、总则",), 2), text, ((11, 13),))
    documents = [DocumentMentions(f"文{n}.txt", f"第{n}篇", (one,) * count) for n, count in enumerate(counts)]
    return Mentions(words, tuple(documents))


def test_mentions_are_counted_and_come_in_parts() -> None:
    many = mentioned(250, *[2] * 250)
    markup = mentions.found(many, 7, "轮换", ("保密",), CHINESE)
    assert "750 个段落提到“轮换”，在 251 篇文档里。" in plain(markup)
    assert markup.count("<details") == mentions.DOCUMENTS_SHOWN
    assert markup.count("<article") == mentions.PASSAGES_SHOWN  # of the first one, which is open
    assert 'data-generation="7"' in markup
    starts = [0, 20, 120, 220]
    parts = [mentions.passages(many.documents[0], start, CHINESE) for start in starts]
    assert sum(part.count("<article") for part in parts) == 250
    assert re.findall('class="quiet more" value="([0-9]+)"', "".join(parts)) == ["20", "120", "220"]
    rest = [mentions.documents(many, start, CHINESE) for start in (0, 100, 200)]
    assert sum(part.count("<details") for part in rest) == 251
    assert "<button" not in rest[-1]


def test_no_mention_says_what_else_to_try() -> None:
    text = plain(mentions.found(mentioned(), 1, "轮换", (), CHINESE))
    assert "没有哪个段落提到“轮换”。" in text
    assert "换个写法" in text


def test_words_of_a_heading_lead_there_and_are_marked_nowhere_else() -> None:
    above = Mention(Passage("a.txt", 10, 14), "粮食安全", ((2, 4),))
    assert mentioning(above) == "粮食安全"
    shorter = Mention(Passage("a.txt", 10, 30), "粮食安全", ((12, 14),))  # a mark of the text is left out of it
    assert mentioning(shorter) == "粮食安全"
    markup = mentions.passages(DocumentMentions("a.txt", "甲", (above,)), 0, CHINESE)
    assert "at=2-4" in html.unescape(markup)


def test_marks_never_overlap() -> None:
    assert marked("一二三四", [(0, 2), (1, 3), (3, 9)], 'span class="held"') == (
        '<span class="held">一二</span><span class="held">三</span><span class="held">四</span>'
    )


# exports

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://leak.example")']


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_the_table_is_a_formula(formula: str) -> None:
    one = Mention(Passage(formula, 0, 5, (formula,)), formula, ())
    content = export.as_csv(Mentions(("词",), (DocumentMentions(formula, formula, (one,)),)), CHINESE)
    cells = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]
    assert not any(re.match(r"\s*[=+\-@＝＋－＠]", cell) for cell in cells)
    assert cells[0] == f"'{formula}"


@BOTH
def test_the_table_is_complete_and_opens_in_excel(words: Words) -> None:
    text = '他说“轮换”，\n"是"的，轮换'
    content = export.as_csv(mentioned(3, 2, text=text), words)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    own = OWN if words is CHINESE else OWN_ENGLISH
    assert rows[0][0] == own.column_title
    assert len(rows) == 6
    assert rows[1] == ["第0篇", "文0.txt", "一、总则", "2", "10", str(10 + len(text)), text]


@BOTH
def test_markdown_has_a_section_for_each_document(words: Words) -> None:
    content = export.as_markdown(mentioned(3, 2), words).decode()
    assert content.count("\n## ") == 2
    assert content.count("\n> 有轮换的段落") == 5
    assert words.count(words.in_documents, 2).strip("，, 。.") in content


def test_nothing_in_markdown_is_read_as_markup() -> None:
    from markdown_it import MarkdownIt

    one = Mention(Passage(HOSTILE, 0, 5, (HOSTILE,)), f"# {HOSTILE}\n\n- a\n\n    code\n\ud800", ())
    content = export.as_markdown(Mentions((HOSTILE,), (DocumentMentions(HOSTILE, HOSTILE, (one,)),)), CHINESE)
    made = MarkdownIt("commonmark").render(content.decode())
    assert set(re.findall(r"<([a-z0-9]+)", made)) <= {"h1", "h2", "p", "blockquote", "br"}


def test_files_are_named_after_the_words() -> None:
    today = date(2026, 3, 1)
    assert export.file_name(mentioned(1), "csv", CHINESE, today) == "提到-轮换-2026-03-01.csv"
    hostile = export.file_name(mentioned(1, words=("../../a\0\n<x>", HOSTILE)), "md", ENGLISH, today)
    assert re.fullmatch(r"mentions-[^/\\<>\s\0]{1,40}-2026-03-01\.md", hostile)


# places


def info(name: str, title: str = "", file: str = "") -> DocumentInfo:
    return DocumentInfo(name, title, "utf-8", 9, 1, file=file or name)


LIBRARY = places.Places(
    [
        info("制度/办法2.md", "第二個办法"),
        info("制度/办法10.md", "第十个办法"),
        info("制度/旧/办法1.md", "第一个办法"),
        info("根.txt", "根"),
        info("库.jsonl#一/二", "行", "库.jsonl"),
        info("库.jsonl#三", "", "库.jsonl"),
        info("C# 笔记.md", "C 井"),
    ]
)


def test_folders_come_first_and_numbers_in_their_order() -> None:
    assert [(one.path, one.kind, one.documents) for one in LIBRARY.inside("")] == [
        ("制度", "folder", 3),
        ("库.jsonl", "file", 2),
        ("C# 笔记.md", "document", 1),
        ("根.txt", "document", 1),
    ]
    assert [one.path for one in LIBRARY.inside("制度")] == ["制度/旧", "制度/办法2.md", "制度/办法10.md"]
    assert [one.path for one in LIBRARY.inside("库.jsonl")] == ["库.jsonl#一/二", "库.jsonl#三"]
    assert [one.name for one in LIBRARY.inside("库.jsonl")] == ["行", "库.jsonl"]


@pytest.mark.parametrize("query", ["第二个 办法", "第二個", "办法2.MD", "制度 二个"])
def test_names_are_compared_in_folded_form(query: str) -> None:
    assert [one.path for one in LIBRARY.named(query)] == ["制度/办法2.md"]


def test_a_long_list_comes_in_parts() -> None:
    many = places.Places([info(f"{n}.txt") for n in range(450)])
    first = places.rows(many.inside(""), 0, OWN, paths=False)
    assert first.count("<li class") == places.ROWS
    assert 'value="200"' in first
    last = places.rows(many.inside(""), 400, OWN, paths=False)
    assert last.count("<li class") == 50
    assert "<button" not in last
    assert "没有名称相符" in places.rows((), 0, OWN, paths=True)


def test_places_are_called_together() -> None:
    assert places.together([], CHINESE) == "全部资料"
    assert places.together(["甲", "乙"], CHINESE) == "甲、乙"
    assert places.together(["甲", "乙", "丙"], CHINESE) == "甲等 3 处"
    assert places.together(["a", "b", "c"], ENGLISH) == "a and 2 more"


def test_an_address_holds_everything() -> None:
    assert address("轮 换&", "mentions", ["a b", "c"]) == (
        "/?show=search&mode=mentions&q=%E8%BD%AE+%E6%8D%A2%26&within=a+b&within=c"
    )


# what is kept


def test_the_last_few_are_kept() -> None:
    recent: Recent[str] = Recent(2)
    made: list[str] = []

    def make(name: str) -> str:
        return recent.made(name, lambda: made.append(name) or name)  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        assert make(name) == name
    assert made == ["a", "b", "c", "b"]
    assert recent.get("c") is None


# hostile

OURS = {
    "p",
    "article",
    "h2",
    "a",
    "bdi",
    "mark",
    "div",
    "span",
    "details",
    "summary",
    "i",
    "button",
    "ul",
    "li",
    "label",
}


@BOTH
def test_hostile_texts_titles_and_names_are_text(words: Words) -> None:
    own = OWN if words is CHINESE else OWN_ENGLISH
    text = HOSTILE[:400]
    bad = hit(
        text, title=HOSTILE, terms=(HOSTILE, "script"), absent=(HOSTILE,),
        passage=Passage(HOSTILE, 0, len(text), (HOSTILE,)),
    )  # fmt: skip
    one = Mention(bad.passage, text, ((0, 7),))
    found = Mentions((HOSTILE,), (DocumentMentions(HOSTILE, HOSTILE, (one,) * 30),))
    tree = places.Places([info(HOSTILE, HOSTILE), info(f"a/{HOSTILE}")])
    markup = (
        passages.found([bad], (HOSTILE,), 0, words)
        + mentions.found(found, 1, HOSTILE, (HOSTILE,), words)
        + places.rows(tree.inside(""), 0, own, paths=True)
        + room(words)
        + dialog(words)
    )
    made = set(re.findall(r"<([a-z0-9]+)", markup))
    assert made <= OURS | {"input", "fieldset", "legend", "h1", "dialog", "template"}
    links = [html.unescape(link) for link in re.findall(r'(?:href|src)="([^"]*)"', markup)]
    assert links
    assert all(link.startswith(("/read?", "/search/mentions/export?")) for link in links)
    assert " on" not in "".join(re.findall(r"<[^>]*>", markup))
    assert "\u202e" not in markup
    assert "\n" not in markup
