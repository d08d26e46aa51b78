"""The page in a real browser. Every test fails on a console error, a script error or a request to another host."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.types import Changes, Problem
from tests.ui.fake_library import HOSTILE, FakeAssistant

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

Tab = Callable[..., "Page"]
WHO = "储备粮的日常保管由谁负责？"
HOW_MUCH = "每年轮换多少储备粮？轮换期间库存"
NOT_THERE = "反间谍法规定了哪些刑罚？"


def ask(page: Page, question: str) -> Locator:
    """Type a question, press Enter, and wait for the turn to be settled."""
    turns = page.locator(".turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    turn = page.locator(".turn").nth(turns)
    turn.wait_for()
    page.wait_for_selector(".turn.pending", state="detached")
    page.wait_for_selector("#send:enabled")
    return turn


def in_view(page: Page, locator: Locator, within: str) -> bool:
    page.wait_for_timeout(700)  # the scrolling is smooth
    inner, outer = locator.bounding_box(), page.locator(within).bounding_box()
    assert inner
    assert outer
    return outer["y"] - 1 <= inner["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1


@pytest.mark.parametrize(
    ("locale", "facts", "button", "send", "placeholder"),
    [
        ("zh-CN", "4 篇文档，8 个段落，索引于", "更新索引", "提问", "问一个问题…"),
        ("en-US", "4 documents, 8 passages, indexed ", "Update the index", "Ask", "Ask a question…"),
    ],
)
def test_the_page_tells_what_it_holds_in_the_language_of_the_browser(
    tab: Tab, locale: str, facts: str, button: str, send: str, placeholder: str
) -> None:
    page = tab(locale=locale)
    assert facts in page.locator(".facts").inner_text()
    assert page.locator("#update").inner_text().strip() == button
    assert page.locator("#send").inner_text().strip() == send
    assert page.locator("#question textarea").get_attribute("placeholder") == placeholder
    assert page.locator("html").get_attribute("lang") == locale[:2] + ("-CN" if locale == "zh-CN" else "")
    assert page.title() == "有据 Youju"
    assert page.locator("footer").count() == 0


def test_an_example_is_asked_by_one_click(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    page.locator("#question textarea").fill("还没写完的")
    page.get_by_role("button", name=fake.offered[1]).click()
    page.wait_for_selector(".turn.answered")
    assert fake.asked == [fake.offered[1]]
    assert page.locator("#question textarea").input_value() == "还没写完的"
    assert not page.locator("#welcome").is_visible()


def test_the_button_asks_too_and_the_box_is_emptied(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    page.locator("#question textarea").fill(WHO)
    page.get_by_role("button", name="提问").click()
    page.wait_for_selector(".turn.answered")
    assert page.locator("#question textarea").input_value() == ""
    assert fake.asked == [WHO]


def test_a_click_on_a_mark_brings_its_sentence_into_view_and_marks_it(tab: Tab) -> None:
    page = tab(viewport={"width": 1440, "height": 420})
    turn = ask(page, HOW_MUCH)
    marks = turn.locator("a.cite")
    assert marks.count() == 2
    assert "轮换" in (marks.first.get_attribute("title") or "")
    marks.last.click()
    quote = page.locator("#src-1-2")
    assert in_view(page, quote, "#panel")
    assert quote.evaluate("element => element === document.activeElement")
    assert "chosen" in (quote.get_attribute("class") or "")
    assert "chosen" in (page.locator(".card", has=quote).get_attribute("class") or "")
    assert page.locator(".chosen a, a.chosen").count() == 1
    card = page.locator(".card", has=quote).inner_text()
    assert "《储备粮管理办法》" in card
    assert "第三章 轮换管理 › 第十二条" in card
    assert "粮食安全/储备粮管理.md" in card
    page.keyboard.press("Escape")
    assert marks.last.evaluate("element => element === document.activeElement")


def test_marks_and_the_way_back_by_keyboard_alone(tab: Tab) -> None:
    page = tab()
    page.locator("#question textarea").focus()
    page.keyboard.type(WHO)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.answered")
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.cite')"):
            break
    assert page.evaluate("document.activeElement.textContent") == "来源 [1] 《储备粮管理办法》"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "src-1-1"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('a.cite')")


def test_each_answer_keeps_its_own_sources(tab: Tab) -> None:
    page = tab()
    first = ask(page, WHO)
    second = ask(page, "How fast was the clipper of 1866?")
    assert page.locator("#sources-2").is_visible()
    assert not page.locator("#sources-1").is_visible()
    first.locator("a.cite").first.click()
    assert page.locator("#src-1-1").is_visible()
    assert not page.locator("#sources-2").is_visible()
    second.locator("a.cite").first.click()
    assert page.locator("#src-2-1").inner_text().endswith("from Fuzhou to London in 99 days.")
    identities = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id).filter(id => id)")
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize(
    ("locale", "lead", "nearest"),
    [("zh-CN", "文本里没有找到答案", "最接近的段落，不是答案"), ("en-US", "The texts do not answer", "not an answer")],
)
def test_a_refusal_looks_like_none_of_an_answer(tab: Tab, locale: str, lead: str, nearest: str) -> None:
    page = tab(locale=locale)
    answered = ask(page, WHO).locator(".reply")
    refused = ask(page, NOT_THERE).locator(".reply")
    assert lead in refused.inner_text()
    assert "反间谍法" in refused.inner_text()
    assert nearest in page.locator("#sources-2 h2").inner_text()
    assert page.locator("#sources-2 .card").count() == 5
    assert page.locator("#sources-2 mark").count() == 0
    style = "element => getComputedStyle(element).borderStyle"
    assert refused.evaluate(style) != answered.evaluate(style)


def test_an_error_is_one_message_and_the_next_question_is_answered(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    fake.failure = RuntimeError("secret internals")
    failed = ask(page, WHO)
    assert "出了意外" in failed.inner_text()
    assert "secret" not in page.content()
    fake.failure = None
    assert "承储企业" in ask(page, WHO).inner_text()


def test_an_empty_question_does_nothing(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    page.locator("#question textarea").press("Enter")
    page.locator("#question textarea").fill("   ")
    page.get_by_role("button", name="提问").click()
    page.wait_for_timeout(500)
    assert page.locator(".turn").count() == 0
    assert fake.asked == []
    assert ask(page, WHO).locator("a.cite").count() == 1


@pytest.mark.parametrize("question", ["问" * 100_000, "？！…", "😀😀"])
def test_a_question_that_cannot_be_searched_gets_a_clear_message(tab: Tab, question: str) -> None:
    page = tab()
    turn = ask(page, question)
    assert "这个问题没法查找：问题要有字或词，最长 2000 字。" in turn.inner_text()
    assert len(page.locator(".turn").first.inner_text()) < 500


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_hostile_texts_and_questions_are_shown_and_never_run(tab: Tab, fake: FakeAssistant, locale: str) -> None:
    fake.offered = (f"怎样 {HOSTILE}"[:300], WHO)
    fake.problems = (Problem(HOSTILE, HOSTILE),)
    page = tab(locale=locale)
    for question in ("危险文本里面有什么？", HOSTILE, f"反间谍法 {HOSTILE}"):
        ask(page, question)
    cited = page.locator("#sources-1")
    page.locator("a.cite").first.click()
    page.locator(".problem summary").click()
    page.mouse.move(700, 400)
    page.wait_for_timeout(500)
    assert "<script>window.pwned=1</script>" in cited.inner_text()
    assert "${window.pwned=3} {{window.pwned=4}}" in cited.inner_text()
    assert "![leak](http://leak.example/a.png)" in cited.inner_text()
    assert "<img src=x onerror=window.pwned=10>.txt" in cited.inner_text()
    assert "$$\\href{javascript:window.pwned=7}{x}$$" in cited.inner_text()
    assert page.locator(".turn .question").nth(1).inner_text().startswith("<script>window.pwned=1</script><img src=x")
    assert page.evaluate("window.pwned") is None
    foreign = (
        "#page :is(script, img, iframe, form, style, .katex, code, [onerror], [onmouseover], a[href^=j], a[href^=h])"
    )
    assert page.locator(foreign).count() == 0
    assert page.locator("body").is_visible()
    assert "\u202e" not in page.content()


def test_a_question_while_the_model_loads_is_answered_as_soon_as_it_is_there(tab: Tab, fake: FakeAssistant) -> None:
    fake.state = "loading"
    fake.gate.clear()
    page = tab()
    assert "正在加载模型…" in page.locator(".notices").inner_text()
    page.locator("#question textarea").fill(WHO)
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn.pending")
    assert "正在加载模型…" in page.locator(".turn").inner_text()
    page.locator("#question textarea").fill("下一个问题")
    page.locator("#question textarea").press("Enter")  # one at a time: what is typed stays
    fake.state = "ready"
    fake.gate.set()
    page.wait_for_selector(".turn.answered")
    page.wait_for_selector(".notice.loading", state="detached")
    assert page.locator("#question textarea").input_value() == "下一个问题"
    assert page.locator(".turn").count() == 1
    page.wait_for_selector("#send:enabled")
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn:not(.pending) >> nth=1")


def test_an_update_shows_its_progress_in_every_tab_while_questions_are_answered(tab: Tab, fake: FakeAssistant) -> None:
    fake.changes = Changes(("新.md", "又新.md"), ("旧.md",), ())
    fake.problems = (Problem("旧/报告.doc", "Old Word format: save it as .docx."),)
    fake.steps = threading.Semaphore(2)
    page, other = tab(), tab(locale="en-US")
    assert "文件夹里有 3 个文件与索引不同 (新增 2、修改 1)" in page.locator(".notices").inner_text()
    page.locator(".problem summary").click()
    assert "Old Word format" in page.locator(".problem").inner_text()
    page.get_by_role("button", name="更新索引").click()
    page.wait_for_selector("text=80/240 个窗口，每秒 42 个窗口，还需约 4 秒")
    assert page.locator("#update").is_disabled()
    assert page.locator("progress").get_attribute("value") == "80"
    assert "承储企业" in ask(page, WHO).inner_text()
    assert page.locator("#update").is_disabled()
    other.reload()
    other.wait_for_selector("text=80 of 240 windows")
    fake.steps.release(10)
    page.wait_for_selector("text=索引已更新：新增 1、修改 2；段落新增 3")
    page.wait_for_selector("text=索引是最新的")
    assert page.locator("#update").is_enabled()
    other.wait_for_selector("text=Index updated")
    assert page.locator(".turn.answered").count() == 1


def test_a_preview_is_shown_before_anything_is_done_and_to_every_tab(tab: Tab, fake: FakeAssistant) -> None:
    fake.changes = Changes(tuple(f"会议纪要/第{n}次.docx" for n in range(60)), ("改.md",), ("旧/old.txt",))
    fake.problems = (Problem("旧/报告.doc", "Old Word format: save it as .docx."),)
    fake.reading = threading.Semaphore(2)
    page = tab()
    page.get_by_role("button", name="预览改动").click()
    page.wait_for_selector("text=预览：正在阅读 2/4 篇")
    assert "承储企业" in ask(page, WHO).inner_text()  # nothing is held up
    fake.reading.release(10)
    page.wait_for_selector(".preview")
    shown = page.locator(".preview").inner_text()
    assert "会议纪要/第39次.docx" in shown
    assert "…还有 20 个" in shown
    assert "旧/old.txt" in shown
    assert "段落新增 12、修改 3、删除 2；要计算 480 个窗口，约需 12 秒" in shown
    page.locator(".preview .problem summary").click()
    assert "Old Word format" in page.locator(".preview").inner_text()
    assert fake.generation == 3
    other = tab(locale="en-US")
    assert "480 windows to embed, about 12 seconds" in other.locator(".preview").inner_text()
    page.locator(".preview > summary").click()
    assert not page.locator(".preview .documents").is_visible()
    page.get_by_role("button", name="更新索引").click()
    page.wait_for_selector("text=索引已更新")
    assert page.locator(".preview").count() == 0  # it told what is done now
    assert page.get_by_role("button", name="预览改动").count() == 0


def test_an_update_is_stopped_by_keyboard_and_the_focus_stays_in_the_bar(tab: Tab, fake: FakeAssistant) -> None:
    fake.changes = Changes(("新.md",), (), ())
    fake.steps = threading.Semaphore(2)
    page = tab()
    assert page.get_by_role("button", name="停止").count() == 0
    page.get_by_role("button", name="更新索引").click()
    page.wait_for_selector("text=80/240 个窗口")
    page.get_by_role("button", name="停止").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=正在停止…")
    fake.steps.release()
    page.wait_for_selector("text=已停止更新；算好的 80 个窗口都留着，下次更新接着做")
    page.wait_for_selector("#update:focus")
    assert page.get_by_role("button", name="停止").count() == 0
    assert page.locator(".update.failed").count() == 0
    assert fake.generation == 3
    assert "承储企业" in ask(page, WHO).inner_text()
    fake.steps.release(10)
    page.get_by_role("button", name="更新索引").click()
    page.wait_for_selector("text=索引已更新")


def test_the_switch_follows_the_folder_in_every_tab(tab: Tab, fake: FakeAssistant, tmp_path: Path) -> None:
    fake.settings = fake.settings.model_copy(update={"library": tmp_path, "index": tmp_path / ".index"})
    page = tab()
    switch = page.get_by_role("checkbox", name="自动更新")
    assert not switch.is_checked()
    switch.focus()
    page.keyboard.press("Space")
    other = tab(locale="en-US")
    other_switch = other.get_by_role("checkbox", name="Auto-update")
    assert other_switch.is_checked()
    fake.changes = Changes(("新.md",), (), ())
    (tmp_path / "新.md").write_text("新的文字。")
    page.wait_for_selector("text=索引已更新")
    other.wait_for_selector("text=Index updated")
    assert fake.generation == 4
    other_switch.uncheck()
    page.wait_for_selector("#follow input:not(:checked)")
    fake.changes = Changes(("又.md",), (), ())
    (tmp_path / "又.md").write_text("又有新的。")
    page.wait_for_timeout(1500)
    assert fake.generation == 4


def test_a_library_without_an_index_explains_itself_and_can_be_indexed(tab: Tab, fake: FakeAssistant) -> None:
    fake.generation = 0
    page = tab()
    assert "还没有索引" in page.locator(".notices").inner_text()
    assert "建立索引" in page.locator("#greeting").inner_text()
    assert "这个资料库还没有索引" in ask(page, WHO).inner_text()
    page.get_by_role("button", name="建立索引").click()
    page.wait_for_selector("text=4 篇文档，8 个段落")
    assert page.locator("#update").inner_text().strip() == "更新索引"
    assert "承储企业" in ask(page, WHO).inner_text()


def test_two_tabs_do_not_share_a_conversation(tab: Tab) -> None:
    one, two = tab(), tab()
    ask(one, WHO)
    ask(two, NOT_THERE)
    ask(one, HOW_MUCH)
    assert one.locator(".turn").count() == 2
    assert two.locator(".turn").count() == 1
    assert "反间谍法" not in one.locator("#page").inner_text()


def test_the_answer_can_be_copied_with_its_source(tab: Tab) -> None:
    page = tab(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, WHO)
    turn.get_by_role("button", name="复制").click()
    turn.get_by_role("button", name="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(
        "储备粮的日常保管由承储企业负责，地方粮食部门每季度检查一次。[1]\n\n[1] 《储备粮管理办法》 › "
    )


def test_what_was_added_to_a_follow_up_is_shown_and_can_be_taken_away(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    ask(page, WHO)
    turn = ask(page, "它每年轮换多少？")
    assert turn.locator(".understood").inner_text().startswith("理解为：储备粮每年轮换多少？（补充：储备粮）")
    assert turn.locator(".question").inner_text() == "它每年轮换多少？"
    page.locator("#question textarea").fill("还没写完的")
    turn.get_by_role("button", name="按原问题回答").click()
    page.wait_for_selector("#turn-3:not(.pending)")
    page.wait_for_selector("#send:enabled")
    assert page.locator("#turn-3 .question").inner_text() == "它每年轮换多少？"
    assert page.locator("#turn-3 .understood").count() == 0
    assert fake.asked == [WHO, "它每年轮换多少？", "它每年轮换多少？"]
    assert fake.after == [None, WHO, None]
    assert page.locator("#question textarea").input_value() == "还没写完的"
    assert not page.locator("#written").is_visible()


def test_two_tabs_follow_their_own_questions(tab: Tab, fake: FakeAssistant) -> None:
    one, two = tab(), tab(locale="en-US")
    ask(one, WHO)
    ask(two, "How fast was the clipper of 1866?")
    assert "储备粮每年轮换多少？" in ask(one, "它每年轮换多少？").locator(".understood").inner_text()
    assert "Understood as: How每年轮换多少？" in ask(two, "它每年轮换多少？").locator(".understood").inner_text()
    one.reload()
    one.wait_for_selector("#send:not(:empty)")
    ask(one, "它每年轮换多少？")
    assert fake.after == [None, None, WHO, "How fast was the clipper of 1866?", None]  # a page anew begins anew


def test_every_mention_is_counted_and_its_documents_open_one_by_one(tab: Tab) -> None:
    page = tab()
    turn = ask(page, "列出所有提到“储备粮”的段落")
    assert "2 个段落提到“储备粮”，在 1 篇文档里。" in turn.inner_text()
    assert page.locator("#sources-1 .mentioning mark").all_inner_texts() == ["储备粮", "储备粮"]
    many = ask(page, "列出所有提到“很多”的段落")
    assert "1501 个段落提到“很多”，在 300 篇文档里。" in many.inner_text()
    many.get_by_role("link", name="按文档看全部 1501 段").click()
    panel = page.locator("#sources-2")
    assert panel.locator(".mentioning[open]").count() == 1
    assert not panel.locator(".mentioning").nth(1).locator(".card").first.is_visible()
    panel.locator(".mentioning summary").nth(1).click()
    assert panel.locator(".mentioning").nth(1).locator(".card").first.is_visible()
    assert "youju search --all '很多'" in panel.inner_text()
    none = ask(page, "列出所有提到“火星车”的段落")
    assert "没有哪个段落提到“火星车”。" in none.inner_text()


@pytest.mark.parametrize("width", [360, 768, 1024, 2560])
def test_nothing_is_cut_off_at_any_width(tab: Tab, fake: FakeAssistant, width: int) -> None:
    fake.changes = Changes(("长" * 90 + ".md", "a" * 200), ("改.md",), ())
    page = tab(viewport={"width": width, "height": 780})
    page.get_by_role("button", name="预览改动").click()
    page.wait_for_selector(".preview")
    ask(page, f"危险文本里面有什么？{'a' * 150}")
    page.locator("a.cite").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= 780
    for place in ("#bar", ".preview .documents", "#conversation", "#panel", "#composer"):
        assert page.locator(place).evaluate("element => element.scrollWidth <= element.clientWidth + 1")


def test_on_a_phone_the_sources_are_a_drawer(tab: Tab) -> None:
    page = tab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    turn = ask(page, WHO)
    assert not page.locator("#panel").is_visible()
    mark = turn.locator("a.cite").first
    mark.tap()
    page.wait_for_selector("#src-1-1", state="visible")
    assert in_view(page, page.locator("#src-1-1"), "#panel")
    page.locator("#sources-1 .close").tap()
    page.wait_for_selector("#panel", state="hidden")
    assert mark.evaluate("element => element === document.activeElement")
    mark.tap()
    page.wait_for_selector("#src-1-1", state="visible")
    page.locator(".library").tap()
    page.wait_for_selector("#panel", state="hidden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(tab: Tab, fake: FakeAssistant, scheme: str) -> None:
    """Contrast of at least 4.5 (WCAG AA) for every text of the page, against the background it stands on."""
    fake.changes = Changes(("新.md",) * 50, ("改.md",), ("旧.md",))
    page = tab(color_scheme=scheme)
    page.get_by_role("button", name="预览改动").click()
    page.wait_for_selector(".preview")
    ask(page, HOW_MUCH)
    ask(page, NOT_THERE)
    ask(page, "它每年轮换多少？")
    ask(page, "列出所有提到“很多”的段落")
    assert page.evaluate(CONTRAST) == []
    page.locator("a.cite").first.click()
    assert page.evaluate(CONTRAST) == []
    fake.steps = threading.Semaphore(1)
    page.get_by_role("button", name="更新索引").click()
    page.wait_for_selector("#stop")
    assert page.evaluate(CONTRAST) == []
    fake.steps.release(10)


def test_answers_are_announced_and_places_are_named(tab: Tab) -> None:
    page = tab()
    turn = ask(page, WHO)
    log = page.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    assert "承储企业" in log.inner_text()
    assert page.get_by_role("textbox", name="问题").count() == 1
    assert turn.get_by_role("link", name=re.compile(r"来源 \[1\] 《储备粮管理办法》")).count() == 1
    assert log.locator("mark").count() == 0  # sources are beside the log and not read out with the answer


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => {
    const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const part = rgb.slice(0, 3).map((v) => linear(v / 255));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] > 250) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("#page *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(element);
    if (!own || !element.checkVisibility() || element.matches(".spoken, :disabled")) continue;
    const [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""
