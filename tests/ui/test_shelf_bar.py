"""The library in short, its updates and their previews."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.types import Changes, PassageChanges, Preview, Problem, Progress, UpdateReport
from tests.ui.fake_library import FakeAssistant
from tests.ui.test_render import Reader
from ui.messages import CHINESE, ENGLISH
from ui.shelf import bar


def test_the_side_tells_what_is_held_and_what_matters_most() -> None:
    status = replace(
        FakeAssistant().status(), changes=Changes(("a",), ("b", "c"), ()), problems=(Problem("旧.doc", "Save it."),)
    )
    text = Reader(bar.library(status, "ready", CHINESE)).text
    assert text == "示例资料库4 篇文档，8 个段落文件夹里有 3 个文件与索引不同（新增 1、修改 2）"
    assert "正在加载模型…" in Reader(bar.library(status, "loading", CHINESE)).text
    assert "模型没有加载成功" in Reader(bar.library(status, "failed", CHINESE)).text
    assert "1 file has a problem" in Reader(bar.library(replace(status, changes=Changes()), "ready", ENGLISH)).text
    one = replace(status, documents=1, passages=1, changes=Changes(("a",)))
    assert "1 document, 1 passage1 file in the folder differs" in Reader(bar.library(one, "ready", ENGLISH)).text


def test_the_side_of_a_library_without_an_index_promises_nothing() -> None:
    text = Reader(bar.library(FakeAssistant(indexed=False).status(), "ready", CHINESE)).text
    assert text == "示例资料库还没有索引"


@pytest.mark.parametrize(
    ("state", "text", "measure"),
    [
        (Progress("scan"), "正在查看文件", ""),
        (Progress("read", 2, 4), "正在阅读 2/4 篇", ' value="2" max="4"'),
        (
            Progress("embed", 4, 4, 120, 240, 41.5, 2.9),
            "正在计算向量，4 篇文档，120/240 个窗口，每秒 42 个窗口，还需约 3 秒",
            ' value="120" max="240"',
        ),
        (Progress("embed", 4, 4, 0, 240), "正在计算向量，4 篇文档，0/240 个窗口", ' value="0" max="240"'),
        (Progress("publish", 4, 4, 240, 240), "正在写入索引", ""),
        (Progress("something new"), "正在更新…", ""),
    ],
)
def test_progress_tells_what_is_known(state: Progress, text: str, measure: str) -> None:
    markup = bar.progress(state, CHINESE)
    assert Reader(markup).text == text
    assert f"{measure}></progress>" in markup


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (0.2, "1 秒", "1 second"),
        (99, "99 秒", "99 seconds"),
        (150, "2 分钟", "2 minutes"),
        (7200, "2 小时", "2 hours"),
    ],
)
def test_durations_in_the_unit_that_helps(seconds: float, chinese: str, english: str) -> None:
    assert bar.duration(seconds, CHINESE) == chinese
    assert bar.duration(seconds, ENGLISH) == english


def test_what_an_update_did() -> None:
    report = UpdateReport(4, True, 1, 2, 0, 0, PassageChanges(3, 2, 1), 4, 8, 240, 80, 5.8)
    assert Reader(bar.updated(report, CHINESE)).text == (
        "索引已更新：新增 1、修改 2；段落新增 3、修改 2、删除 1；计算了 80 个窗口，6 秒"
    )
    english = Reader(bar.updated(replace(report, renamed=3, embedded=1), ENGLISH)).text
    assert english == (
        "Index updated: 1 added, 2 edited, 3 renamed; passages: 3 added, 2 edited, 1 removed; 1 window embedded, "
        "6 seconds"
    )
    anew = replace(report, added=0, edited=0, passages_changed=PassageChanges())  # another model
    assert Reader(bar.updated(anew, CHINESE)).text == "索引已更新：计算了 80 个窗口，6 秒"
    assert "up to date" in Reader(bar.updated(replace(report, changed=False), ENGLISH)).text


def test_a_library_that_cannot_be_read_is_not_called_up_to_date() -> None:
    status = FakeAssistant().status()
    status = replace(status, problems=(Problem(str(status.library), "The folder does not exist."),))
    text = Reader(bar.library(status, "ready", CHINESE)).text
    assert "资料库现在读不到，回答来自原来的索引" in text
    assert "最新" not in text


@pytest.mark.parametrize(
    ("state", "text", "share"),
    [
        (Progress("scan"), "Looking at the files", None),
        (Progress("read", 2, 4), "Reading 2 of 4 documents", 0.5),
        (Progress("embed", 4, 4, 60, 240, 41.5, 0.2), "Embedding 25%, about 1 second left", 0.25),
        (Progress("embed", windows_total=0), "Updating…", None),
    ],
)
def test_the_side_tells_in_a_few_words_what_is_being_done(state: Progress, text: str, share: float | None) -> None:
    assert bar.going(state, ENGLISH) == (text, share)
    assert bar.going(state, ENGLISH, stopping=True) == ("Stopping…", None)


def test_a_preview_names_the_documents_and_counts_the_work() -> None:
    found = Preview(
        ("新.md", "又新.md"),
        ("改.md",),
        (),
        ("改了名.md",),
        PassageChanges(12, 3, 0),
        480,
        150.0,
        (Problem("旧.doc", "Save it as .docx."),),
    )
    text = Reader(bar.preview(found, CHINESE)).text
    assert text == (
        "更新会做这些新增 2新.md又新.md修改 1改.md改名 1改了名.md"
        "段落新增 12、修改 3；要计算 480 个窗口，约需 2 分钟1 个文件有问题旧.docSave it as .docx."
    )
    assert (
        "480 windows to embed, how long is not known yet"
        in Reader(bar.preview(replace(found, seconds=None), ENGLISH)).text
    )
    assert "nothing to embed" in Reader(bar.preview(replace(found, windows=0, seconds=0.0), ENGLISH)).text


def test_a_preview_of_nothing_and_one_of_thousands() -> None:
    nothing = Preview((), (), (), (), PassageChanges(), 0, 0.0)
    assert Reader(bar.preview(nothing, CHINESE)).text == "更新会做这些没有什么要更新"
    many = replace(nothing, added=tuple(f"{number}.md" for number in range(5000)), windows=5000, seconds=None)
    markup = bar.preview(many, CHINESE)
    assert "…还有 4,960 个" in Reader(markup).text
    assert len(markup) < 10_000


def test_a_stopped_update_says_what_is_kept() -> None:
    reached = Progress("embed", 4, 4, 1, 240)
    assert "1 embedded window is kept" in Reader(bar.stopped(reached, ENGLISH, unfollowed=False)).text
    assert Reader(bar.stopped(Progress("read", 2, 4), CHINESE, unfollowed=False)).text == "已停止更新，索引没有变"
    assert Reader(bar.stopped(Progress("scan"), CHINESE, unfollowed=True)).text.endswith("；自动更新也关了")


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (Progress("scan"), "预览：正在查看文件"),
        (Progress("read", 2, 4), "预览：正在阅读 2/4 篇"),
        (Progress("embed", windows_total=9), "预览：正在估计时间"),
    ],
)
def test_a_preview_shows_how_far_it_is(state: Progress, text: str) -> None:
    assert Reader(bar.previewing(state, CHINESE)).text == text


def test_stopping_is_said_at_once() -> None:
    assert Reader(bar.progress(Progress("embed", 4, 4, 1, 240), CHINESE, stopping=True)).text == "正在停止…"
