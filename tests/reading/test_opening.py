"""A document opened for reading: no character is lost, headings are where they stand, passages have numbers."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import NotIndexedError
from assistant.readers.reading import make_document
from assistant.readers.worker import Limits, Reader
from assistant.reading.opening import Opened, lay_out, open_document
from assistant.reading.sections import LONGEST_BLOCK
from assistant.text.paragraphs import split
from assistant.types import Heading, Passage
from tests.index.library import TEXTS, make_assistant, write
from tests.readers.pdfs import pdf
from tests.readers.typeset import Layout, typeset

SAMPLE = Path(__file__).parents[2] / "assistant" / "sample"
SHARED = Path(__file__).parents[3] / "shared" / "evaluation" / "files"

STATUTE = """清河镇管理办法

第一章 总则

第一条 为了规范管理，制定本办法。
第二条 镇政府负责本办法的实施；各村应当配合：
（一）登记造册；
（二）按月报送。

第二章 罚则

第三条 违反本办法的，处二百元以下罚款。

第三章 附则
"""
MARKDOWN = """# **安全**手册 #

先看这里。

## 用电 [须知](http://a.example)

- 先断电
- 再挂牌

| 工种 | 人数 |
| --- | --- |
| 电工 | 3 |

## 用电 [须知](http://a.example)

同名的另一节。
"""


def opened(text: str, name: str = "a.txt", outline: tuple[Heading, ...] = ()) -> Opened:
    document = make_document(name, "标题", text, outline=outline)
    return lay_out(document, split(name, text, outline=outline))


def shown(read: Opened) -> list[tuple[str, int, str]]:
    text = read.document.text
    return [(block.kind, block.level, text[block.start : block.end]) for block in read.blocks if block.kind != "blank"]


def check_whole(read: Opened) -> None:
    text, position = read.document.text, 0
    for block in read.blocks:
        assert block.start == position < block.end
        assert block.end - block.start <= 2 * LONGEST_BLOCK
        assert block.kind != "blank" or not text[block.start : block.end].strip()
        position = block.end
    assert position == len(text)


PIECES = st.sampled_from(
    ["第一条 ", "一、总则", "（一）", "甲乙丙丁。", "word ", "\n", "\r\n", "\n\n", "\u3000\u3000", "# ", "- ", "|",
     "；", "：", "##paidbegin##", "<!--", "-->", "\u2028", "\ud800", "e\u0301", "👩\u200d🚀", "长" * 700, " " * 50,
     "\x00", "```\n"]
)  # fmt: skip
TEXT = st.lists(PIECES, max_size=60).map("".join)


@given(TEXT, st.sampled_from(["a.txt", "a.md", "a.jsonl#1", "a.pdf"]))
@settings(max_examples=200, deadline=None)
def test_blocks_are_the_whole_text(text: str, name: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    check_whole(opened(text, name))


@given(TEXT, st.lists(st.integers(0, 400), max_size=8), st.integers(-3, 2500), st.integers(-3, 3000))
@settings(max_examples=200, deadline=None)
def test_any_outline_and_any_part(text: str, places: list[int], offset: int, characters: int) -> None:
    text = text.encode("utf-8", "replace").decode()
    edges = sorted({min(place, len(text)) for place in places})
    outline = tuple(Heading(a, b, 1 + a % 3) for a, b in zip(edges[::2], edges[1::2], strict=False))
    read = opened(text, "a.html", outline)
    check_whole(read)
    end = max(0, offset) + max(1, characters)
    wanted = tuple(block for block in read.blocks if block.end > max(0, offset) and block.start < end)
    assert read.part(offset, characters) == wanted


def test_a_long_text_is_cut_into_sections_that_hold_the_same_blocks() -> None:
    text = "".join(f"第{number}条 " + "应当依法办理。" * (number % 40) + "\n\n" for number in range(1, 3000))
    read = opened(text)
    check_whole(read)
    whole = read.blocks
    anew = lay_out(read.document, read.passages)
    parts = [block for offset in range(0, len(text), 7_000)[::-1] for block in anew.part(offset, 7_000)[::-1]][::-1]
    assert tuple(dict.fromkeys(parts)) == whole
    assert all(text[block.start] == "第" for block in whole if block.kind != "blank")  # no paragraph was cut


def test_a_section_does_not_begin_within_a_heading() -> None:
    for before in range(49_000, 56_000, 700):
        text = "长" * before + "\n" + "标题\n" * 2000 + "长" * 60_000
        read = lay_out(make_document("a.html", "", text, outline=(Heading(before + 1, before + 6001, 1),)), [])
        check_whole(read)
        assert "".join(words for kind, _, words in shown(read) if kind == "heading") == "标题\n" * 2000


@pytest.mark.parametrize("unit", ["长", "长句。", "word and ", "字，", "e\u0301\u0302"])
def test_one_line_of_a_million_characters(unit: str) -> None:
    text = (unit * 1_000_000)[:1_000_000]
    read = lay_out(make_document("a.txt", "", text), [])
    check_whole(read)
    if unit == "长句。":
        assert all(text[block.end - 1] == "。" for block in read.blocks[:-1])
    if unit == "e\u0301\u0302":
        assert all(text[block.start] == "e" for block in read.blocks)


def test_headings_items_and_rows() -> None:
    assert [row for row in shown(opened(STATUTE)) if row[0] != "paragraph"] == [
        ("heading", 1, "清河镇管理办法\n"),
        ("heading", 2, "第一章 总则\n"),
        ("item", 0, "（一）登记造册；\n"),
        ("item", 0, "（二）按月报送。\n"),
        ("heading", 2, "第二章 罚则\n"),
        ("heading", 2, "第三章 附则\n"),
    ]
    kinds = [(kind, level) for kind, level, _ in shown(opened(MARKDOWN, "a.md"))]
    assert kinds == [("heading", 1), ("paragraph", 0), ("heading", 2), *[("item", 0)] * 2, *[("row", 0)] * 3,
                     ("heading", 2), ("paragraph", 0)]  # fmt: skip
    told = "项目：小麦；产量：1.2万吨。\n甲；产量：3万吨；面积：5亩。\n要点：一是快；二是好。\n"
    assert [kind for kind, _, _ in shown(opened(told))] == ["row", "row", "paragraph"]


def test_contents_of_a_statute() -> None:
    read = opened(STATUTE)
    assert [(entry.level, entry.text) for entry in read.contents] == [
        (1, "清河镇管理办法"), (2, "第一章 总则"), (3, "第一条"), (3, "第二条"),
        (2, "第二章 罚则"), (3, "第三条"), (2, "第三章 附则"),
    ]  # fmt: skip
    assert all(read.document.text[entry.start : entry.end] == entry.text for entry in read.contents)


def test_contents_of_markdown_hold_words_only_and_headings_of_one_name() -> None:
    read = opened(MARKDOWN, "a.md")
    assert [(entry.level, entry.text) for entry in read.contents] == [
        (1, "安全手册"),
        (2, "用电 须知"),
        (2, "用电 须知"),
    ]
    starts = [entry.start for entry in read.contents]
    assert starts == sorted(set(starts))
    assert all(read.document.text[entry.start : entry.end].strip("# ")[0] in "*用" for entry in read.contents)


def test_contents_of_an_outline() -> None:
    text = "年报\n\n上篇\n\n第一条 甲方付款。\n\n节\n\n尾声\n"
    marks = tuple(Heading(text.index(word), text.index(word) + 2, level) for word, level in (("年报", 1), ("上篇", 3)))
    read = opened(text, "a.docx", (*marks, Heading(text.index("节"), text.index("节") + 1, 3)))
    assert [(entry.level, entry.text) for entry in read.contents] == [
        (1, "年报"), (2, "上篇"), (3, "第一条"), (2, "节"),
    ]  # fmt: skip


def test_a_heading_in_two_lines() -> None:
    text = "第一章 甲乙丙\n丁戊己\n\n---\n正文在此。\n"
    read = lay_out(
        make_document("a.txt", "", text), [Passage("a.txt", text.index("正文"), len(text), ("第一章 甲乙丙丁戊己",))]
    )
    assert [(entry.text, text[entry.start : entry.end]) for entry in read.contents] == [
        ("第一章 甲乙丙丁戊己", "第一章 甲乙丙\n丁戊己")
    ]


def files() -> list[Path]:
    return sorted([*SAMPLE.glob("*.txt"), *SAMPLE.glob("*.md"), *(SHARED.iterdir() if SHARED.is_dir() else [])])


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_heading_of_real_texts_is_found(path: Path) -> None:
    with Reader(Limits()) as reader:
        (document,) = reader.read(path, path.name).documents
    passages = split(document.id, document.text, outline=document.outline)
    read = lay_out(document, passages)
    check_whole(read)
    assert {title for passage in passages for title in passage.heading} <= {entry.text for entry in read.contents}
    for passage in passages:  # the path that the contents give is that of the passage
        if passage.heading:
            before = [entry for entry in read.contents if entry.start <= passage.start]
            assert before[-1].text == passage.heading[-1] or passage.heading[-1] in {entry.text for entry in before}


def test_numbers_pages_and_headings_of_a_span() -> None:
    text = "甲。" * 10 + "\n\n" + "乙。" * 10 + "\n\n" + "丙。" * 10
    passages = [Passage("a.pdf", 0, 20, ("一",)), Passage("a.pdf", 22, 42, ("二",)), Passage("a.pdf", 44, 64, ("三",))]
    read = lay_out(make_document("a.pdf", "", text, pages=(0, 22, 30)), passages)
    assert [read.passage_number(span) for span in [(0, 2), (19, 30), (20, 22), (20, 23), (44, 60), (64, 70)]] == [
        1, 1, None, 2, 3, None,
    ]  # fmt: skip
    assert [read.page_of(offset) for offset in (0, 21, 22, 29, 30, 63)] == [1, 1, 2, 2, 3, 3]
    assert [read.pages_of(span) for span in [(0, 22), (0, 23), (25, 40), (40, 40)]] == [(1,), (1, 2), (2, 3), (3,)]
    assert read.heading_of((25, 30)) == ("二",)
    statute = opened(STATUTE)
    chapter = STATUTE.index("第二章")
    assert statute.heading_of((chapter, chapter + 3)) == ("清河镇管理办法", "第二章 罚则")
    assert statute.page_of(5) is None
    assert statute.pages_of((0, 5)) == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.PDF", "pdf"), ("年报.v2/材料", ""), ("b/语料.jsonl#x/y.pdf", "jsonl"), ("a#b.md", "md"), (".txt", "")],
)
def test_kind_is_what_the_file_is_called(name: str, kind: str) -> None:
    assert lay_out(make_document(name, "", "文"), []).kind == kind


def test_open_document_tells_how_its_file_stands(tmp_path: Path) -> None:
    library = tmp_path / "texts"
    write(library, TEXTS)
    (library / "报告.pdf").write_bytes(pdf(typeset(["# 年度报告", *TEXTS["粮食.txt"].split() * 30], Layout())))
    assistant = make_assistant(tmp_path)
    with pytest.raises(NotIndexedError):
        open_document(assistant, "粮食.txt")
    assistant.update()
    read = open_document(assistant, "粮食.txt")
    assert (read.document, read.state, read.kind, read.encoding) == (
        assistant.document("粮食.txt"), "present", "txt", "utf-8",
    )  # fmt: skip
    assert next(read.document.text[p.start : p.end] for p in read.passages).startswith("确保粮食")
    assert read.passage_number((read.passages[1].start, read.passages[1].end)) == 2
    assert open_document(assistant, "粮食.txt").blocks is not None
    pages = open_document(assistant, "报告.pdf")
    assert pages.kind == "pdf"
    assert len(pages.pages) == 5
    check_whole(pages)

    path = library / "粮食.txt"
    os.utime(path, (1, 1))
    assert open_document(assistant, "粮食.txt").state == "present"  # touched, and the same
    path.write_text("粮食安全\n\n改了。\n")
    changed = open_document(assistant, "粮食.txt")
    assert (changed.state, changed.document) == ("newer", read.document)
    path.unlink()
    assert open_document(assistant, "粮食.txt").state == "gone"
    with pytest.raises(KeyError):
        open_document(assistant, "没有.txt")
    path.write_text("粮食安全\n\n一、又一章\n又改了一次内容，这是新的。\n")
    assistant.update()
    assert "又改了" in open_document(assistant, "粮食.txt").document.text
    assistant.close()
