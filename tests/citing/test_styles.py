from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.citing.sources import SourceFacts
from assistant.citing.styles import STYLES, Style, answer_quotations, markdown, quotation, quotations
from assistant.types import Answer, Citation, IndexState, Sentence

ORDER = SourceFacts("专利代理条例", "statute", ("国务院",), "国令第706号", "2018-11-06", "2019-03-01")
NOTICE = SourceFacts(
    "国务院办公厅关于印发《试点方案》的通知", "paper", ("国务院办公厅",), "国办函〔2018〕71号", "2018-10-27"
)
ESSAY = SourceFacts("学习体会")
POLICY = SourceFacts("Safety Policy", "statute", ("Harrow Lane Workshop",), "", "2024-09-01")


def cite(
    quote: str,
    title: str = "专利代理条例",
    heading: tuple[str, ...] = ("第一章 总则", "第三条"),
    page: int | None = None,
    number: int = 1,
    document: str = "a.txt",
) -> Citation:
    return Citation(number, document, title, heading, page, 10, 10 + len(quote), quote)


QUOTE = "任何单位和个人可以自行申请专利。"


@pytest.mark.parametrize(
    ("style", "language", "citation", "facts", "lines"),
    [
        ("plain", "zh", cite(QUOTE), ORDER, [
            f"“{QUOTE}”", "——国务院：《专利代理条例》（国令第706号，2018年11月6日），第一章第三条",
        ]),
        ("plain", "en", cite(QUOTE, page=3), ORDER, [
            f"“{QUOTE}”", "— 国务院, “专利代理条例” (国令第706号, 6 November 2018), 第一章第三条, p. 3",
        ]),
        ("markdown", "zh", cite(QUOTE), ESSAY, [f"> “{QUOTE}”", ">", "> ——《学习体会》，第一章第三条"]),
        ("footnotes", "zh", cite(QUOTE, page=3), ORDER, [
            f"“{QUOTE}”①", "", "①国务院：《专利代理条例》（国令第706号，2018年11月6日），第一章第三条，第 3 页。",
        ]),
        ("footnotes", "zh", cite(QUOTE, heading=("一、总体要求",)), NOTICE, [
            f"“{QUOTE}”①", "",
            "①《国务院办公厅关于印发〈试点方案〉的通知》（国办函〔2018〕71号，2018年10月27日），一、总体要求。",
        ]),
        ("footnotes", "en", cite("Doors stay shut.", heading=("Section 4. Fire",)), POLICY, [
            "“Doors stay shut.”¹", "", "1. Harrow Lane Workshop, “Safety Policy” (1 September 2024), Section 4.",
        ]),
        ("gbt7714", "zh", cite(QUOTE), ORDER, [
            f"“{QUOTE}”[1]", "", "[1] 国务院. 专利代理条例: 国令第706号[Z/DK]. 2018: 第一章第三条(2018-11-06).",
        ]),
        ("gbt7714", "zh", cite(QUOTE, heading=()), NOTICE, [
            f"“{QUOTE}”[1]", "",
            "[1] 国务院办公厅. 关于印发《试点方案》的通知: 国办函〔2018〕71号[A/DK]. (2018-10-27).",
        ]),
        ("gbt7714", "zh", cite(QUOTE, title="学习体会", heading=(), page=12), ESSAY, [
            f"“{QUOTE}”[1]", "", "[1] 学习体会[Z/DK]. 12.",
        ]),
        ("gbt7714", "zh", cite(QUOTE, heading=()), ESSAY, [f"“{QUOTE}”[1]", "", "[1] 学习体会[Z/DK]."]),
        ("gbt7714", "zh", cite(QUOTE, heading=()), SourceFacts("某规定", "statute", effective="2023-03-01"), [
            f"“{QUOTE}”[1]", "", "[1] 某规定[Z/DK]. [2023].",
        ]),
        ("gbt7714", "en", cite(QUOTE, heading=(), page=29), SourceFacts(
            "活着", "book", ("余华",), "", "2012", publisher="作家出版社", place="北京",
        ), [f"“{QUOTE}”[1]", "", "[1] 余华. 活着[M/DK]. 北京: 作家出版社, 2012: 29."]),
        ("gbt7714", "zh", cite(QUOTE, heading=()), SourceFacts(
            "公文格式", "standard", ("甲局", "乙局", "丙局", "丁局"), "GB/T 9704—2012", "2012-06-29",
        ), [f"“{QUOTE}”[1]", "", "[1] 甲局, 乙局, 丙局, 等. 公文格式: GB/T 9704—2012[S/DK]. (2012-06-29)."]),
    ],
)  # fmt: skip
def test_one_quote(style: Style, language: str, citation: Citation, facts: SourceFacts, lines: list[str]) -> None:
    assert quotation(citation, style, language, facts).split("\n") == lines  # type: ignore[arg-type]


def test_a_source_of_several_quotes_is_listed_once() -> None:
    """GB/T 7714: one number for a document, and the place stands after the mark where there are several."""
    citations = [
        cite("甲。", number=1),
        cite("乙。", number=2, heading=("第二章", "第九条")),
        cite("丙。", number=3, document="b.txt", heading=(), page=2),
        cite("丁。", number=4, document="b.txt", heading=(), page=2),
    ]
    made = quotations(citations, "gbt7714", "zh", lambda document: ORDER if document == "a.txt" else ESSAY)
    assert made.split("\n") == [
        "“甲。”[1]第一章第三条",
        "“乙。”[1]第二章第九条",
        "“丙。”[2]",
        "“丁。”[2]",
        "",
        "[1] 国务院. 专利代理条例: 国令第706号[Z/DK]. (2018-11-06).",
        "[2] 学习体会[Z/DK]. 2.",
    ]


def test_where_the_articles_of_the_text_begin_tells_the_article() -> None:
    facts = SourceFacts("办法", "statute", articles=((0, "第七条"), (8, "第八条")))
    assert "第一章第八条" in quotation(cite("盖章。", heading=("第一章 总则", "第七条")), "plain", "zh", facts)
    assert "第八条" not in quotation(cite("附件。", heading=("附件 清单",)), "plain", "zh", facts)


def test_many_footnotes_go_on_counting() -> None:
    citations = [cite(f"第{number}句。", number=number) for number in range(1, 53)]
    lines = quotations(citations, "footnotes", "zh", lambda document: ESSAY).split("\n")
    assert [lines[place][-1] for place in (0, 19, 20, 49)] == ["①", "⑳", "㉑", "㊿"]
    assert lines[50].endswith("(51)")
    english = quotations(citations, "footnotes", "en", lambda document: ESSAY).split("\n")
    assert english[11].endswith("¹²")


def test_quotation_marks_within_a_quote_stay_as_they_are() -> None:
    quote = "不准“大数据杀熟”，也叫 ‘price discrimination’。"
    for style in STYLES:
        assert f"“{quote}”" in quotation(cite(quote), style, "zh", ESSAY)


ANSWER = Answer(
    "谁可以申请？",
    (Sentence("任何单位和个人可以自行申请专利。", (1,)), Sentence("也可以委托。", (2, 3), item=True)),
    (cite("任何单位和个人可以自行申请专利。"), cite("也可以", number=2), cite("委托。", number=3)),
    (),
    0.9,
    None,
    IndexState(1, "2025-01-01T00:00:00+08:00", stale=False),
)


@pytest.mark.parametrize(
    ("style", "beginning", "notes"),
    [
        ("plain", "“任何单位和个人可以自行申请专利。”[1]\n“也可以委托。”[2][3]\n\n[1] 国务院：", 3),
        ("markdown", "“任何单位和个人可以自行申请专利。”[^1]\n\n“也可以委托。”[^2][^3]\n\n[^1]: 国务院：", 3),
        ("footnotes", "“任何单位和个人可以自行申请专利。”①\n“也可以委托。”②③\n\n①国务院：", 3),
        ("gbt7714", "“任何单位和个人可以自行申请专利。”[1]\n“也可以委托。”[1]\n\n[1] 国务院. 专利", 1),
    ],
)
def test_an_answer_with_its_notes(style: Style, beginning: str, notes: int) -> None:
    made = answer_quotations(ANSWER, style, "zh", lambda document: ORDER)
    assert made.startswith(beginning)
    assert len(made.rpartition("\n\n")[2].split("\n")) == notes


def test_a_refusal_has_nothing_to_copy() -> None:
    refused = Answer("？", (), (), (), 0.1, None, ANSWER.index)
    assert answer_quotations(refused, "plain", "zh", lambda document: ORDER) == ""
    assert quotations([], "footnotes", "zh", lambda document: ORDER) == ""


HOSTILE = [
    "<script>alert(1)</script>",
    "![x](http://evil.example/a.png)",
    "[点我](javascript:alert(1))",
    "# 标题\n- 一\n1. 二\n+ 三\n2) 四\n> 五\n---\n===\n    code",
    "`code` **粗** _斜_ ~~删~~ $x^2$ {{7*7}} ${x} | 表 |",
    "http://evil.example www.evil.example &lt;b&gt; &amp;",
    "<img src=x onerror=alert(1)>\n\n<style>*{}</style>",
    "```\n``` \\",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_markdown(text: str) -> None:
    """Rendered by a Markdown program it shows the very signs of the text, and makes no markup."""
    program = MarkdownIt("gfm-like", {"linkify": False})
    tokens = program.parse(markdown(text))
    inner = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for child in inner} <= {"text", "softbreak", "text_special"}
    shown = "".join(child.content for child in inner)
    assert "".join(shown.split()) == "".join(text.split())


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("text", HOSTILE)
def test_titles_and_headings_break_no_style(style: Style, text: str) -> None:
    citation = cite("引文。", title=text, heading=(text,))
    made = quotation(citation, style, "zh", SourceFacts(text, authors=(text,), number=text))
    assert len(made.split("\n")) == (2 if style == "plain" else 3)
    if style == "markdown":
        assert all(line.startswith(">") for line in made.split("\n"))
        assert "<" not in made


def test_marks_of_direction_and_control_characters_are_left_out() -> None:
    for style in STYLES:
        made = quotation(cite("甲\u202e乙\x07丙\ud800。"), style, "zh", SourceFacts("题\u2066名\x1b"))
        assert "甲乙丙。" in made
        assert "题名" in made
        assert made.isprintable() or set(made) - {"\n"} == {sign for sign in made if sign.isprintable()}


@given(st.text(max_size=40), st.text(max_size=20), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_can_be_quoted(quote: str, title: str, heading: list[str]) -> None:
    for style in STYLES:
        for language in ("zh", "en"):
            made = quotation(cite(quote, title, tuple(heading)), style, language, SourceFacts())
            made.encode()


def test_the_styles_are_those_that_are_named() -> None:
    assert get_args(Style) == STYLES
