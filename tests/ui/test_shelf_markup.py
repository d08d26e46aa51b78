"""The library's room as markup: nothing that comes from files, names or questions acts, and all of it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.last_run import LastRun, Miss
from assistant.library.overview import Entry, Overview, overview
from assistant.types import Changes, CheckReport, DocumentInfo, Finding, GcReport, Problem, Progress, Status
from tests.ui.fake_library import HOSTILE, FakeAssistant
from tests.ui.test_render import NOW, Reader, anything
from ui.messages import CHINESE, ENGLISH, Words
from ui.shelf import checks, first, room, table, wordlist
from ui.shelf.questions import OwnQuestions, questions_part
from ui.shelf.reasons import finding_in_words, in_words
from ui.shelf.sizes import size
from ui.shelf.table import Asked
from ui.shelf.upkeep import Ended, StoppedWorkError
from ui.shelf.words import shelf_words

EMPTY = Status(Path("/资料"), Path("/索引"), 0, None, "default", False, 0, 0, 0, Changes())


def every_view(data: str, words: Words) -> list[str]:
    """Everything the room can show, made of `data`."""
    data = data.encode(errors="replace").decode()  # no name or query holds half a surrogate pair: they are in UTF-8
    text = f"甲{data}乙"
    problems = (Problem(text, text),)
    status = replace(EMPTY, generation=2, built_at=text, model=text, changes=Changes((text,)), problems=problems)
    document = DocumentInfo(text, text, text, 3, 1, text, "2026-03-01T14:05:00+08:00", 5, None, text)
    entry = Entry(text, text, text, text, "current", (text,), document)
    report = CheckReport(1, 1, 1, 1, (Finding(text, text),), (Finding(text, text),), 0.2)
    run = LastRun(text, 1, text, 2, {"answering.right": 0.5}, 1, (Miss(text, text),), problems)
    questions = OwnQuestions(text, 2, 1)
    return [
        room.head(status, "failed", words, NOW, sample=True),
        room.head_error(text, text, (text, text), words, sample=True),
        room.frame(words, ""),
        table.documents(Overview(status, (entry,), dictionary=False), Asked(data), words, NOW),
        checks.check_part({"check": Ended("check", report)}, words),
        questions_part(questions, run, Ended("questions", run, run), words, NOW, generation=2),
        questions_part(replace(questions, mistake=text), None, None, words, NOW, generation=2),
        wordlist.line_problems(problems, words),
        first.reading(text, words),
        first.broken(text, words, sample=True),
        first.steps(replace(status, built_at=None), words, sample=True),
    ]


@pytest.mark.parametrize("words", [CHINESE, ENGLISH])
@settings(deadline=None)
@given(data=anything)
def test_no_text_changes_the_shape_of_the_room(words: Words, data: str) -> None:
    for made, plain in zip(every_view(data, words), every_view("", words), strict=True):
        assert Reader(made).tags == Reader(plain).tags


def test_hostile_names_and_reasons_are_text() -> None:
    for made in every_view(HOSTILE, ENGLISH):
        assert "<script" not in made
        assert "<img" not in made
        assert "\u202e" not in made


def listed(fake: FakeAssistant, asked: Asked = Asked(), words: Words = CHINESE) -> str:  # noqa: B008 - frozen
    return table.documents(overview(fake), asked, words, NOW)


def test_the_table_tells_of_every_file_how_it_stands() -> None:
    fake = FakeAssistant()
    fake.changes = Changes(("新.md",), ("english/tea.md",), ("粮食安全/储备粮管理.md",))
    fake.problems = (Problem("旧/报告.doc", "旧/报告.doc is empty (0 bytes). Put the file there again, or remove it."),)
    text = Reader(listed(fake)).text
    assert "报告.doc是空文件（0 字节）。重新放一份，或删掉它。旧/报告.docdoc有问题" in text
    assert "新.md新.mdmd新文件" in text
    assert "A short history of teaenglish/tea.mdmdUTF-8" in text
    assert "2026-03-01 14:05已改动" in text
    assert text.index("报告.doc") < text.index("新.md") < text.index("tea.md") < text.index("车间")
    assert "全部 6有问题 1新文件 1已改动 1已不在 1已是最新 2" in text
    english = Reader(listed(fake, words=ENGLISH)).text
    assert "is empty (0 bytes). Put the file there again" in english
    assert "With a problem 1New 1Edited since 1Removed 1Up to date 2" in english


def test_what_is_asked_of_the_table_is_done() -> None:
    fake = FakeAssistant()
    assert "1 项A" in Reader(listed(fake, Asked("ＴＥＡ"))).text.replace("标题路径类型编码大小段落编入时间状态▲", "")
    assert "1 row" in Reader(listed(fake, Asked("tea"), ENGLISH)).text
    assert "没有符合筛选的文档。" in Reader(listed(fake, Asked("没有这样的"))).text
    assert "2 项" in Reader(listed(fake, Asked(kind="txt"))).text
    descending = listed(fake, Asked(sort="passages", down=True))
    assert 'class="passages" aria-sort="descending"' in descending
    assert descending.count('aria-sort="none"') == 7
    assert 'aria-sort="ascending"' in listed(fake, Asked(sort="no such column"))


def test_a_table_of_thousands_has_pages() -> None:
    status = FakeAssistant().status()
    entries = tuple(Entry(f"{n:05}.md", f"{n:05}.md", f"第{n}篇", "md", "added") for n in range(20_000))
    found = Overview(status, entries, dictionary=False)
    markup = table.documents(found, Asked(page=3, sort="path"), CHINESE, NOW)
    assert "第 3 页，共 400 页" in Reader(markup).text
    assert "00100.md" in markup.replace("&#46;", ".")
    assert len(markup) < 100_000
    last = table.documents(found, Asked(page=10**9), CHINESE, NOW)
    assert 'value="401" disabled' in last
    assert 'id="shelf-page-last" value="400" disabled' in last


def test_a_file_with_many_problems_names_the_first() -> None:
    entry = Entry("a.jsonl", "a.jsonl", "", "jsonl", "problem", tuple(f"Line {n} has no text." for n in range(1, 40)))
    text = Reader(table.documents(Overview(EMPTY, (entry,), dictionary=False), Asked(), CHINESE, NOW)).text
    assert "第 1 行没有 text。" in text
    assert "…还有 34 个" in text


def test_the_head_tells_everything_that_status_knows() -> None:
    fake = FakeAssistant()
    fake.changes, fake.ignored = Changes(("新.md", "又.md", "youju.dict"), (), ("旧.md",)), 1
    status = replace(fake.status(), model_changed=True)
    text = Reader(room.head(status, "loading", CHINESE, NOW, sample=False)).text
    for told in (
        "文件夹/资料/示例资料库 复制路径",
        "索引位置/索引 复制路径",
        "4 篇文档、8 个段落、240 个窗口",
        "2026-03-01 14:05，第 3 代索引",
        "default，正在加载…设置换了模型，更新后生效",
        "文件夹里的变化新增 2、删除 1、词典改了",
        "1 项，由 .youjuignore 排除",
    ):
        assert told in text
    assert "1 item, by .youjuignore" in Reader(room.head(status, "ready", ENGLISH, NOW, sample=False)).text


@pytest.mark.parametrize(
    ("status", "title", "buttons"),
    [
        (replace(EMPTY, problems=(Problem("/资料", "gone"),)), "找不到资料库的文件夹", ["look", "sample"]),
        (EMPTY, "资料库里还没有文本", ["look", "sample"]),
        (replace(EMPTY, problems=(Problem("a.doc", "Old"),)), "资料库里的文件都读不了", ["look", "sample"]),
        (replace(EMPTY, changes=Changes(("a.md",))), "先建立索引", ["update", "sample"]),
    ],
)
def test_a_library_that_cannot_be_asked_explains_itself(status: Status, title: str, buttons: list[str]) -> None:
    welcome = first.steps(status, CHINESE, sample=True)
    assert title in welcome
    assert [name for name in ("update", "look", "sample") if f'data-shelf="{name}"' in welcome] == buttons
    assert "/资料" in Reader(welcome).text or "资料" in Reader(welcome).text
    head = room.head(status, "ready", CHINESE, NOW, sample=True)
    assert [name for name in ("look", "sample") if f'data-shelf="{name}"' in head] == [
        name
        for name in buttons
        if name != "update"  # its button stands below the head
    ]
    assert "sample" not in first.steps(status, CHINESE, sample=False)


def test_what_a_check_found_and_mended() -> None:
    def said(ended: Ended, words: Words = CHINESE) -> str:
        return Reader(checks.check_part({ended.work: ended}, words)).text

    sound = CheckReport(1, 1, 1, 1, (), (), 0.2)
    assert "没有发现问题核对了1 篇文档、1 个段落、1 个窗口和硬盘上的 1 个文件，用了 1 秒。" in said(
        Ended("check", sound)
    )
    assert "1 document, 1 passage" in said(Ended("check", sound), ENGLISH)
    wrong = replace(sound, findings=(Finding("vectors", "2 windows have none"),))
    assert "发现 1 处问题向量2 个窗口没有向量。" in said(Ended("check", wrong))
    assert "1 thing is wrongvectors2 windows have none" in said(Ended("check", wrong), ENGLISH)
    mended = replace(sound, repaired=wrong.findings)
    assert "没有发现问题修好了 1 处向量" in said(Ended("repair", mended))
    assert "已停止检查，什么也没有改动。" in said(Ended("check", StoppedWorkError()))
    assert "没有完成出了意外" in said(Ended("check", RuntimeError("secret")))
    assert "secret" not in said(Ended("check", RuntimeError("secret")))
    freed = GcReport(3, 0, 1, 1_500_000)
    assert "清理好了：3 个向量、1 代旧索引，腾出 1.5 MB。" in said(Ended("clean", freed))
    assert "3 vectors, 1 old index; 1.5 MB freed" in said(Ended("clean", freed), ENGLISH)
    assert "没有需要清理的。" in said(Ended("clean", GcReport(0, 0, 0, 0)))


def test_how_far_a_check_is() -> None:
    assert checks.going("check", Progress("check"), CHINESE) == ("正在检查…", None)
    assert checks.going("check", Progress("check", 1, 4), CHINESE) == ("正在检查 1/4", 0.25)
    repairing = Progress("embed", 4, 4, 1, 4, 1.0, 3.0)
    assert checks.going("repair", repairing, ENGLISH) == ("Repairing, Embedding 25%, about 3 seconds left", 0.25)
    assert checks.going("check", Progress("check", 1, 4), CHINESE, stopping=True) == ("正在停止…", None)


def test_the_figures_of_the_last_run_and_the_difference_to_the_one_before() -> None:
    figures = {"answering.right": 0.75, "refusal.unanswerable_refused": 1.0}
    run = LastRun("2026-03-02T08:00:00+08:00", 3, "default", 4, figures, 3, (Miss("谁负责？", "refused"),), ())
    before = replace(run, figures={"answering.right": 0.5})
    asked = OwnQuestions("/q.jsonl", 4, 1)

    def said(ended: Ended | None, words: Words = CHINESE, generation: int = 3) -> str:
        return Reader(questions_part(asked, run, ended, words, NOW, generation=generation)).text

    text = said(Ended("questions", run, before))
    assert "4 个问题，其中 1 个来自页面上的评价再运行一次" in text
    assert "上次运行于今天 08:004 个问题里有 3 个合乎期望" in text
    assert "第一句就答对75%+25.0不能回答的拒答了100%–" in text
    assert "谁负责？ 拒答了" in text
    assert "那之后索引更新过" not in text
    assert "那之后索引更新过" in said(None, generation=4)
    assert "比前一次" not in said(None)
    assert "3 of 4 questions came out as expected" in said(None, ENGLISH)
    none = Reader(questions_part(OwnQuestions("/q"), None, None, CHINESE, NOW, generation=3)).text
    assert "还没有自己的问题" in none
    assert "运行这些问题" not in none


@given(st.text())
def test_a_reason_is_always_told(reason: str) -> None:
    assert in_words(reason, ENGLISH) == reason
    assert in_words(reason, CHINESE) or not reason


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("a.pdf is larger than 200 MB. Split it", "超过了 200 MB 的上限。拆开它，或调大设置 file_megabytes。"),
        ("Line 1,003 is not valid JSON. Write one", "第 1,003 行不是有效的 JSON。每行写一个 JSON 对象。"),
        ("12 lines have no text, first: line 3. Give", "12 行（从第 3 行起）没有 text。给每行写上“text”。"),
        ("line 3: is no Chinese word: it", "第 3 行：不是中文词。词里要有汉字，可以夹字母和数字。"),
        (
            "a.txt took longer than 60 seconds to read",
            "读了 60 秒还没读完，没有继续。拆开它，或调大设置 read_seconds。",
        ),
        ("something that nobody thought of", "something that nobody thought of"),
    ],
)
def test_reasons_in_chinese(reason: str, chinese: str) -> None:
    assert in_words(reason, CHINESE) == chinese


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("/i/derived/1 cannot be used: /i/1/vectors.faiss is damaged", "已损坏，或属于另一代索引。修复会重新做出来。"),
        ("2 windows have none", "2 个窗口没有向量。"),
        ("The index /i is damaged (x). Your texts are untouched", "数据库已损坏。原文没有受影响，修复会重做索引。"),
        ("something new", "something new"),
    ],
)
def test_findings_in_chinese(reason: str, chinese: str) -> None:
    assert finding_in_words(reason, CHINESE) == chinese
    assert finding_in_words(reason, ENGLISH) == reason


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 KB"), (999_600, "1.0 MB"), (2 * 10**9, "2.0 GB")]
)
def test_sizes(number: int, text: str) -> None:
    assert size(number) == text


def test_every_reason_of_a_refused_file_has_words_in_both_languages() -> None:
    from typing import get_args

    from assistant.library.receiving import Outcome, Reason

    for words in (CHINESE, ENGLISH):
        own = shelf_words(words)
        assert {*get_args(Reason), "library"} == set(own.upload_reasons)
        assert set(get_args(Outcome)) == set(own.upload_outcomes)
