"""The page in a real browser. Every test fails on a console error, a script error or a request to another host."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assistant.types import Problem
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
        ("zh-CN", "4 篇文档，8 个段落", "新对话", "提问", "问一个问题…"),
        ("en-US", "4 documents, 8 passages", "New conversation", "Ask", "Ask a question…"),
    ],
)
def test_the_page_tells_what_it_holds_in_the_language_of_the_browser(
    tab: Tab, locale: str, facts: str, button: str, send: str, placeholder: str
) -> None:
    page = tab(locale=locale)
    assert facts in page.locator("#state").inner_text()
    assert page.locator("#new").inner_text().strip() == button
    page.wait_for_selector(f"#send:has-text('{send}')")
    assert page.locator("#question textarea").get_attribute("placeholder") == placeholder
    assert page.locator("html").get_attribute("lang") == locale[:2] + ("-CN" if locale == "zh-CN" else "")
    assert page.title() == "有据 Youju"
    assert page.locator("gradio-app footer").count() == 0


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


def test_each_answer_keeps_its_own_sources(tab: Tab) -> None:
    page = tab()
    first = ask(page, WHO)
    second = ask(page, "How fast was the clipper of 1866?")
    assert page.locator("#sources-2").is_visible()
    assert not page.locator("#sources-1").is_visible()
    first.locator("a.show").click()
    assert page.locator("#src-1-1").is_visible()
    assert not page.locator("#sources-2").is_visible()
    second.locator("a.show").click()
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
    assert refused.locator(".refusal").evaluate(style) != answered.locator(".text").evaluate(style)


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


@pytest.mark.parametrize(
    ("question", "reason"),
    [("问" * 100_000, "最长 2000 字，请缩短。"), ("？！…", "问题要有字或词。"), ("😀😀", "问题要有字或词。")],
)
def test_a_question_that_cannot_be_searched_gets_a_clear_message(tab: Tab, question: str, reason: str) -> None:
    page = tab()
    turn = ask(page, question)
    assert f"这个问题没法查找：{reason}" in turn.inner_text()
    assert len(page.locator(".turn").first.inner_text()) < 500


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_hostile_texts_and_questions_are_shown_and_never_run(tab: Tab, fake: FakeAssistant, locale: str) -> None:
    fake.offered = (f"怎样 {HOSTILE}"[:300], WHO)
    fake.problems = (Problem(HOSTILE, HOSTILE),)
    page = tab(locale=locale)
    for question in ("危险文本里面有什么？", HOSTILE, f"反间谍法 {HOSTILE}"):
        ask(page, question)
    cited = page.locator("#sources-1")
    page.locator("a.show").first.click()
    page.locator("a.cite").first.hover()
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
        "#frame :is(script, img, iframe, form, #turns style, #sources style, .katex, code, [onerror], [onmouseover], "
        "a[href^=j], a[href^=h])"
    )
    assert page.locator(foreign).count() == 0
    assert page.locator("body").is_visible()
    assert "\u202e" not in page.content()


def test_a_question_while_the_model_loads_is_answered_as_soon_as_it_is_there(tab: Tab, fake: FakeAssistant) -> None:
    fake.state = "loading"
    fake.gate.clear()
    page = tab()
    assert "正在加载模型…" in page.locator("#state").inner_text()
    page.locator("#question textarea").fill(WHO)
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn.pending")
    assert "正在加载模型…" in page.locator(".turn").inner_text()
    page.locator("#question textarea").fill("下一个问题")
    page.locator("#question textarea").press("Enter")  # one at a time: what is typed stays
    fake.state = "ready"
    fake.gate.set()
    page.wait_for_selector(".turn.answered")
    assert page.locator("#question textarea").input_value() == "下一个问题"
    assert page.locator(".turn").count() == 1
    page.wait_for_selector("#send:enabled")
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn:not(.pending) >> nth=1")


def test_two_tabs_do_not_share_a_conversation(tab: Tab) -> None:
    one, two = tab(), tab()
    ask(one, WHO)
    ask(two, NOT_THERE)
    ask(one, HOW_MUCH)
    assert one.locator(".turn").count() == 2
    assert two.locator(".turn").count() == 1
    assert "反间谍法" not in one.locator("#turns").inner_text()


def test_the_answer_can_be_copied_with_its_source(tab: Tab) -> None:
    page = tab(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, WHO)
    turn.locator(".copying summary").click()
    turn.get_by_role("button", name="纯文本").click()
    turn.get_by_text("已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“储备粮的日常保管由承储企业负责，地方粮食部门每季度检查一次。”[1]\n")
    assert "[1] 《储备粮管理办法》" in copied


def test_what_was_added_to_a_follow_up_is_shown_and_can_be_taken_away(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    ask(page, WHO)
    turn = ask(page, "它每年轮换多少？")
    assert turn.locator(".understood").inner_text().startswith("理解为：储备粮每年轮换多少？（补充：储备粮）")
    assert turn.locator(".question").inner_text() == "它每年轮换多少？"
    page.locator("#question textarea").fill("还没写完的")
    turn.get_by_role("button", name="按原问题回答").click()
    page.wait_for_selector("#turn-2 .understood", state="detached")
    page.wait_for_selector("#send:enabled")
    assert page.locator(".turn").count() == 2
    assert page.locator("#turn-2 .question").inner_text() == "它每年轮换多少？"
    assert page.locator("#turn-2:is(.refused, .answered)").count() == 1
    assert fake.asked == [WHO, "它每年轮换多少？", "它每年轮换多少？"]
    assert fake.after == [None, WHO, None]
    assert page.locator("#question textarea").input_value() == "还没写完的"


def test_two_tabs_follow_their_own_questions(tab: Tab, fake: FakeAssistant) -> None:
    one, two = tab(), tab(locale="en-US")
    ask(one, WHO)
    ask(two, "How fast was the clipper of 1866?")
    assert "储备粮每年轮换多少？" in ask(one, "它每年轮换多少？").locator(".understood").inner_text()
    assert "Understood as: How每年轮换多少？" in ask(two, "它每年轮换多少？").locator(".understood").inner_text()
    one.get_by_role("button", name="新对话").click()
    ask(one, "它每年轮换多少？")
    assert fake.after == [None, None, WHO, "How fast was the clipper of 1866?", None]


def test_every_mention_is_counted_and_its_documents_open_one_by_one(tab: Tab) -> None:
    page = tab()
    turn = ask(page, "列出所有提到“储备粮”的段落")
    assert "2 个段落提到“储备粮”，在 1 篇文档里。" in turn.inner_text()
    assert page.locator("#sources-1 .mentioning mark").all_inner_texts() == ["储备粮", "储备粮"]
    many = ask(page, "列出所有提到“很多”的段落")
    assert "1,501 个段落提到“很多”，在 300 篇文档里。" in many.inner_text()
    many.get_by_role("link", name="按文档看全部 1,501 段").click()
    panel = page.locator("#sources-2")
    assert panel.locator(".mentioning[open]").count() == 1
    assert not panel.locator(".mentioning").nth(1).locator(".card").first.is_visible()
    panel.locator(".mentioning summary").nth(1).click()
    assert panel.locator(".mentioning").nth(1).locator(".card").first.is_visible()
    assert "在搜索里列出全部" in panel.inner_text()
    none = ask(page, "列出所有提到“火星车”的段落")
    assert "没有哪个段落提到“火星车”。" in none.inner_text()


@pytest.mark.parametrize("width", [360, 768, 1024, 2560])
def test_nothing_is_cut_off_at_any_width(tab: Tab, fake: FakeAssistant, width: int) -> None:
    page = tab(viewport={"width": width, "height": 780})
    ask(page, f"危险文本里面有什么？{'a' * 150}")
    page.locator("a.show").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") <= 780
    for place in ("#conversation", "#sources", "#composer", "#side"):
        assert page.locator(place).evaluate("element => element.scrollWidth <= element.clientWidth + 1")


def test_on_a_phone_the_sources_are_a_sheet_and_the_side_is_a_drawer(tab: Tab) -> None:
    page = tab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    turn = ask(page, WHO)
    assert not page.locator("#pane").is_visible()
    shown = turn.locator("a.show")
    shown.tap()
    page.wait_for_selector("#src-1-1", state="visible")
    assert in_view(page, page.locator("#src-1-1"), "#pane")
    page.get_by_role("button", name="关闭").tap()
    page.wait_for_selector("#pane", state="hidden")
    assert shown.evaluate("element => element === document.activeElement")
    page.get_by_role("button", name="菜单").tap()
    page.get_by_role("link", name="资料库", exact=True).tap()
    page.wait_for_selector("#side", state="hidden")
    assert page.locator("#room-library").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(tab: Tab, fake: FakeAssistant, scheme: str) -> None:
    """Contrast of at least 4.5 (WCAG AA) for every text of the page, against the background it stands on."""
    page = tab(color_scheme=scheme)
    ask(page, HOW_MUCH)
    ask(page, NOT_THERE)
    ask(page, "它每年轮换多少？")
    ask(page, "列出所有提到“很多”的段落")
    assert page.evaluate(CONTRAST) == []
    page.locator("a.show").first.click()
    assert page.evaluate(CONTRAST) == []


def test_answers_are_announced_and_places_are_named(tab: Tab) -> None:
    page = tab()
    turn = ask(page, WHO)
    log = page.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    assert "承储企业" in log.inner_text()
    assert page.get_by_role("textbox", name="问题").count() == 1
    assert turn.get_by_role("link", name=re.compile(r"来源 ?\[1\] ?，《储备粮管理办法》第 2 段")).count() == 1
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
  for (const element of document.querySelectorAll("#frame *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(element);
    if (!own || !element.checkVisibility() || element.matches(".spoken, :disabled")) continue;
    const [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


def test_a_browser_that_keeps_nothing_can_ask(tab: Tab) -> None:
    page = tab()
    refused = "{ get() { throw new DOMException('storage is switched off', 'SecurityError'); } }"
    for storage in ("localStorage", "sessionStorage"):
        page.add_init_script(f"Object.defineProperty(window, '{storage}', {refused});")
    page.reload()
    page.wait_for_selector("#send:not(:empty)")
    assert ask(page, WHO).locator(".cite").count() > 0


@pytest.mark.parametrize("composing", ["isComposing: true", "keyCode: 229"])  # as browsers, and as Safari tells it
def test_the_enter_that_ends_a_composition_asks_nothing(tab: Tab, fake: FakeAssistant, composing: str) -> None:
    page = tab()
    box = page.locator("#question textarea")
    box.fill("储备粮的日常bao")
    options = f"{{ key: 'Enter', bubbles: true, cancelable: true, {composing} }}"
    box.evaluate(f"box => box.dispatchEvent(new KeyboardEvent('keydown', {options}))")
    page.wait_for_timeout(2_000)  # longer than the page waits before it sends a question once more
    assert (page.locator(".turn").count(), fake.asked) == (0, [])
    assert box.input_value() == "储备粮的日常bao"
