"""Conversations in a real browser: kept, found, changed, told apart, and still there after a reload."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assistant.errors import ConversationError
from tests.ui.fake_library import HOSTILE, FakeAssistant
from tests.ui.running import Running
from tests.ui.test_page import HOW_MUCH, NOT_THERE, WHO, ask

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Tab = Callable[..., "Page"]


def titles(page: Page) -> list[str]:
    return page.locator("#conversation-list .title").all_inner_texts()


def menu(page: Page, number: int = 0) -> None:
    page.locator("#conversation-list summary").nth(number).click()


@pytest.mark.parametrize(("locale", "again"), [("zh-CN", "重新回答"), ("en-US", "Ask again")])
def test_a_reload_loses_nothing(tab: Tab, locale: str, again: str) -> None:
    page = tab(locale=locale)
    ask(page, WHO)
    ask(page, NOT_THERE)
    page.locator("#question textarea").fill("还没写完的")
    before = page.locator(".reply > .text > .sentence, .reply > .lead").all_text_contents()
    page.reload()
    page.wait_for_selector(".turn >> nth=1")
    page.wait_for_selector("#send:not(:empty)")
    assert page.locator(".reply > .text > .sentence, .reply > .lead").all_text_contents() == before
    assert page.locator("#question textarea").input_value() == "还没写完的"
    assert page.get_by_role("button", name=again).count() == 2
    assert titles(page) == [WHO]
    page.locator("#turn-1 a.show").click()
    assert page.locator("#src-1-1").inner_text().endswith("地方粮食部门每季度检查一次。")


def test_a_question_goes_on_while_its_tab_is_reloaded(tab: Tab, fake: FakeAssistant) -> None:
    fake.gate.clear()
    page = tab()
    page.locator("#question textarea").fill(WHO)
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn.pending")
    page.wait_for_url("**/?c=*")
    page.reload()
    page.wait_for_selector(".turn.pending")
    fake.gate.set()
    page.wait_for_selector(".turn.answered")
    assert page.locator(".turn").count() == 1
    assert fake.asked == [WHO]


def test_an_answer_that_the_disk_does_not_take_is_shown_and_told(
    tab: Tab, served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ConversationError("The disk is full.")

    page = tab()
    monkeypatch.setattr(served.desk.conversations, "replace", full)
    ask(page, WHO)
    page.wait_for_selector("#told:has-text('现在保存不了')")


def test_a_question_is_stopped_edited_and_asked_again(tab: Tab, fake: FakeAssistant) -> None:
    fake.gate.clear()
    page = tab()
    page.locator("#question textarea").fill("写错了的问题")
    page.locator("#question textarea").press("Enter")
    page.get_by_role("button", name="停止").click()
    page.wait_for_selector(".turn.stopped")
    page.wait_for_selector("#send:enabled")
    assert "已停止" in page.locator("#turn-1 .reply").inner_text()
    fake.gate.set()
    page.get_by_role("button", name="编辑").click()
    box = page.locator(".editing")
    assert box.input_value() == "写错了的问题"
    box.fill(WHO)
    box.press("Enter")
    page.wait_for_selector("#turn-1.answered")
    assert page.locator("#turn-1 .question").inner_text() == WHO
    page.wait_for_selector("#send:enabled")
    with page.expect_response("**/turns/1"):
        page.get_by_role("button", name="重新回答").click()
    page.wait_for_selector("#send:enabled")
    assert fake.asked[-2:] == [WHO, WHO]
    assert page.locator(".turn.answered").count() == 1
    for leave in (lambda: page.locator(".editing").press("Escape"), page.get_by_role("button", name="取消").click):
        page.get_by_role("button", name="编辑").click()
        leave()
        assert page.locator(".editing, .editing-acts").count() == 0
    page.get_by_role("button", name="编辑").click()
    page.locator(".editing").fill("每年轮换多少储备粮？")
    page.locator(".editing-acts").get_by_role("button", name="提问").click()
    page.wait_for_selector("#turn-1.answered .question:has-text('每年轮换多少储备粮？')")
    assert fake.asked[-1] == "每年轮换多少储备粮？"


def test_conversations_are_listed_found_renamed_and_deleted_by_keyboard(tab: Tab) -> None:
    page = tab()
    ask(page, WHO)
    page.get_by_role("button", name="新对话").press("Enter")
    assert page.locator(".turn").count() == 0
    assert page.locator("#question textarea").evaluate("element => element === document.activeElement")
    ask(page, HOW_MUCH)
    page.wait_for_function("() => document.querySelectorAll('#conversation-list li').length === 2")
    assert titles(page) == [HOW_MUCH, WHO]
    page.get_by_role("searchbox", name="在对话里查找").fill("書面告知")
    page.wait_for_selector("#conversation-list .none")
    page.get_by_role("searchbox").fill("承儲企業 季度")  # folded as the texts are
    page.wait_for_function("() => document.querySelectorAll('#conversation-list li').length === 1")
    assert "承储企业" in page.locator("#conversation-list .excerpt").inner_text()
    page.get_by_role("searchbox").fill("")
    page.wait_for_function("() => document.querySelectorAll('#conversation-list li').length === 2")
    page.locator("#conversation-list summary").nth(1).press("Enter")
    page.get_by_role("button", name="改名").press("Enter")
    page.locator(".renaming").fill("保管的事 <b>")
    page.locator(".renaming").press("Enter")
    page.get_by_text("保管的事 <b>").wait_for()
    page.get_by_text("保管的事 <b>").click()
    page.wait_for_selector(f".turn:has-text('{WHO}')")
    menu(page, 1)
    page.get_by_role("button", name="删除").click()
    page.get_by_text("对话已删除").wait_for()
    assert page.locator(".turn").count() == 0
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("保管的事 <b>").wait_for()


def test_an_answer_that_comes_meanwhile_takes_nothing_from_who_works_in_the_list(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    ask(page, WHO)

    def asked_meanwhile(question: str) -> None:
        fake.gate.clear()
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
        page.wait_for_selector(".turn.pending")

    def answered() -> None:
        with page.expect_response(lambda response: "/conversations?query=" in response.url):
            fake.gate.set()
        page.wait_for_timeout(200)  # the list that has come is put in its place

    asked_meanwhile(HOW_MUCH)
    menu(page)
    page.get_by_role("button", name="改名").focus()
    answered()
    assert page.evaluate("document.activeElement.className") == "rename"
    assert page.get_by_role("button", name="改名").is_visible()
    asked_meanwhile(NOT_THERE)
    menu(page)
    page.get_by_role("button", name="改名").click()
    page.locator(".renaming").fill("写到一半")
    answered()
    assert page.locator(".renaming").input_value() == "写到一半"
    page.locator(".renaming").press("Enter")
    page.get_by_text("写到一半").wait_for()


def test_an_edited_question_waits_for_the_one_under_way(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    ask(page, WHO)
    fake.gate.clear()
    page.locator("#question textarea").fill(HOW_MUCH)
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn.pending")
    page.locator("#turn-1 .edit").click()
    page.locator(".editing").fill(NOT_THERE)
    page.locator(".editing").press("Enter")
    assert page.locator(".editing").input_value() == NOT_THERE
    fake.gate.set()
    page.wait_for_selector(".turn.pending", state="detached")
    page.locator(".editing").press("Enter")
    page.wait_for_selector(f"#turn-1.refused:has-text('{NOT_THERE}')")


def test_two_conversations_wait_for_their_first_answers_at_once(tab: Tab, fake: FakeAssistant) -> None:
    fake.gate.clear()
    page = tab()
    for question in (WHO, HOW_MUCH):
        page.get_by_role("button", name="新对话").click()
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
        page.wait_for_selector(f".turn.pending:has-text('{question}')")
    fake.gate.set()
    page.wait_for_selector(f".turn.answered:has-text('{HOW_MUCH}')")
    page.wait_for_selector(f"li:has([aria-current]) .title:has-text('{HOW_MUCH}')")
    assert sorted(titles(page)) == sorted([HOW_MUCH, WHO])


def test_a_new_conversation_has_no_places_of_another(tab: Tab) -> None:
    page = tab()
    page.evaluate("sessionStorage.setItem('youju-scope', JSON.stringify(['粮食安全']))")
    page.reload()
    page.wait_for_selector("#scope.set")
    ask(page, WHO)
    page.locator("#scope-clear").click()
    page.get_by_role("button", name="新对话").click()
    page.wait_for_selector("#scope.set")
    page.evaluate("sessionStorage.removeItem('youju-scope')")
    page.locator("#conversation-list a.open").click()
    page.wait_for_selector(".turn.answered")
    page.wait_for_selector("#scope.set")
    page.get_by_role("button", name="新对话").click()
    page.wait_for_selector("#scope:not(.set)")


def test_two_tabs_write_into_one_conversation(tab: Tab) -> None:
    one = tab()
    ask(one, WHO)
    two = one.context.new_page()
    two.goto(one.url)
    two.wait_for_selector("#send:not(:empty)")
    two.wait_for_selector(".turn.answered")
    ask(two, HOW_MUCH)
    ask(one, NOT_THERE)
    one.reload()
    one.wait_for_selector(".turn >> nth=2")
    assert one.locator(".question").all_text_contents() == [WHO, HOW_MUCH, NOT_THERE]


def test_a_question_in_a_conversation_that_another_tab_deleted_begins_a_new_one(tab: Tab, served: Running) -> None:
    page = tab()
    ask(page, WHO)
    ask(page, NOT_THERE)
    (gone,) = served.desk.conversations.listed()
    served.desk.conversations.delete(gone.id)
    page.locator("#question textarea").fill(HOW_MUCH)
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector("#told:has-text('放进了一个新的对话')")
    page.wait_for_selector("#turn-1.answered")
    assert page.locator(".question").all_text_contents() == [HOW_MUCH]
    (begun,) = served.desk.conversations.listed()
    assert page.url.endswith(begun.id)


def test_a_conversation_goes_on_when_there_is_room_on_the_disk_again(
    tab: Tab, served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ConversationError("The disk is full.")

    page = tab()
    ask(page, WHO)
    with monkeypatch.context() as patch:
        patch.setattr(served.desk.conversations, "add", full)
        ask(page, NOT_THERE)
        page.wait_for_selector("#told:has-text('现在保存不了')")
    ask(page, HOW_MUCH)
    assert page.locator(".question").all_text_contents() == [WHO, NOT_THERE, HOW_MUCH]
    (kept,) = served.desk.conversations.listed()
    assert [turn.question for turn in served.desk.conversations.open(kept.id).turns] == [WHO, HOW_MUCH]


def test_quotes_are_copied_in_every_style(tab: Tab) -> None:
    page = tab(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, WHO)
    copied = set()
    for style in ("纯文本", "Markdown", "脚注", "GB/T 7714"):
        turn.locator(".copying summary").click()
        turn.get_by_role("button", name=style).click()
        turn.get_by_text("已复制").wait_for()
        text = page.evaluate("navigator.clipboard.readText()")
        assert "储备粮的日常保管由承储企业负责，地方粮食部门每季度检查一次。" in text.replace("\\", "")
        copied.add(text)
        turn.get_by_text("已复制").wait_for(state="hidden")
    assert len(copied) == 4


@pytest.mark.parametrize(
    ("locale", "name"), [("zh-CN", "复制 [2] 的引文和出处"), ("en-US", "Copy quote [2] with its source")]
)
def test_one_quote_is_copied_from_its_card_by_keyboard(tab: Tab, locale: str, name: str) -> None:
    page = tab(locale=locale, permissions=["clipboard-read", "clipboard-write"])
    ask(page, HOW_MUCH)
    marks = page.locator(".sources.shown mark").all_inner_texts()
    first, second = (next(text[3:] for text in marks if text.startswith(number)) for number in ("[1]", "[2]"))
    opener = page.locator(f'.sources.shown summary[aria-label="{name}"]')
    copied = set()
    for steps in range(1, 5):
        opener.focus()
        for _ in range(steps):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.locator(".sources.shown .copied:not(:empty)").wait_for()
        assert opener.evaluate("element => element === document.activeElement")  # and not lost with the menu
        text = page.evaluate("navigator.clipboard.readText()").replace("\\", "")
        assert second in text
        assert first not in text
        copied.add(text)
        page.locator(".sources.shown .copied:not(:empty)").wait_for(state="detached")
    assert len(copied) == 4


def test_menus_are_left_by_escape_by_a_click_elsewhere_and_by_tab(tab: Tab) -> None:
    page = tab()
    turn = ask(page, WHO)
    opener = turn.locator(".copying > summary")
    is_focused = "element => element === document.activeElement"
    opener.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")  # from the first to the last
    assert turn.locator(".copy-as").last.evaluate(is_focused)
    page.keyboard.press("Escape")
    assert opener.evaluate(is_focused)
    page.keyboard.press("Enter")
    choice = turn.locator(".copy-as").last  # all of it is seen, wherever the answer ends
    seen = (
        "element => { const at = element.getBoundingClientRect(); "
        "return document.elementFromPoint(at.left + 3, at.bottom - 3) === element; }"
    )
    assert choice.evaluate(seen)
    page.keyboard.press("Escape")
    assert page.locator(".menu[open]").count() == 0
    assert page.locator("#pane").is_visible()  # Escape closed the menu and nothing else
    menu(page)
    opener.click()
    assert page.locator(".menu[open]").count() == 1  # the other one closed
    page.locator("#turn-1 .question").click()
    assert page.locator(".menu[open]").count() == 0
    opener.click()
    for _ in range(5):
        page.keyboard.press("Tab")
    assert page.locator(".menu[open]").count() == 0
    assert turn.locator(".verdict").first.evaluate(is_focused)


def test_quotes_are_copied_where_the_browser_has_no_clipboard(tab: Tab) -> None:
    page = tab(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, WHO)
    # As it is on a page that comes from another computer over plain HTTP.
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    turn.locator(".copying summary").click()
    turn.get_by_role("button", name="纯文本").click()
    turn.get_by_text("已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("“储备粮的日常保管由承储企业负责")


@pytest.mark.parametrize(
    ("locale", "label", "told"), [("zh-CN", "来源正确", "记下了"), ("en-US", "Right source", "Saved")]
)
def test_what_is_said_of_a_source_is_kept_as_a_case(
    tab: Tab, fake: FakeAssistant, locale: str, label: str, told: str
) -> None:
    page = tab(locale=locale)
    turn = ask(page, WHO)
    turn.get_by_role("button", name=label).click()
    page.get_by_text(told).wait_for()
    assert turn.get_by_role("button", name=label).get_attribute("aria-pressed") == "true"
    questions = (fake.index_dir / "questions.jsonl").read_text("utf-8")
    assert WHO in questions
    assert "地方粮食部门每季度检查一次" in questions
    page.reload()
    page.wait_for_selector('#turn-1 .verdict[aria-pressed="true"]')


def test_hostile_conversations_are_text(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    ask(page, f"危险文本里面有什么？{HOSTILE}"[:300])
    page.reload()
    page.wait_for_selector(".turn")
    menu(page)
    page.get_by_role("button", name="改名").click()
    page.locator(".renaming").fill(HOSTILE[:150])
    page.locator(".renaming").press("Enter")
    page.wait_for_selector("#conversation-list .title:has-text('<script>')")
    page.get_by_role("searchbox").fill("<script> ' \" % _ OR NEAR( *")
    page.wait_for_timeout(500)
    assert page.evaluate("window.pwned") is None
    assert page.locator("#turns img, #turns script, #side img, #side script").count() == 0


@pytest.mark.parametrize("kind", ["md", "docx", "html"])
def test_a_conversation_is_exported_with_its_quotes(tab: Tab, kind: str) -> None:
    page = tab()
    ask(page, WHO)
    menu(page)
    with page.expect_download() as started:
        page.locator(f'a.export[href$="format={kind}"]').click()
    path = started.value.path()
    assert re.fullmatch(r"储备粮的日常保管由谁负责？?-\d{4}-\d\d-\d\d\." + kind, started.value.suggested_filename)
    content = path.read_bytes()
    assert len(content) > 200
    if kind != "docx":
        assert "地方粮食部门每季度检查一次" in content.decode()


def test_the_quote_is_shown_when_its_mark_is_hovered_or_focused(tab: Tab) -> None:
    page = tab()
    mark = ask(page, WHO).locator("a.cite").first
    mark.hover()
    assert "地方粮食部门每季度检查一次" in page.get_by_role("tooltip").inner_text()
    page.keyboard.press("Escape")
    assert not page.get_by_role("tooltip").is_visible()
    mark.focus()
    assert "《储备粮管理办法》第 2 段" in page.get_by_role("tooltip").inner_text()


def test_a_mark_of_a_changed_quote_is_readable_when_it_is_chosen(tab: Tab) -> None:
    page = tab()
    mark = ask(page, WHO).locator("a.cite").first
    mark.evaluate("mark => mark.classList.add('changed', 'chosen')")
    page.mouse.move(0, 0)
    colour, ground = mark.evaluate("mark => [getComputedStyle(mark).color, getComputedStyle(mark).backgroundColor]")
    light = [sum(map(int, re.findall(r"\d+", one)[:3])) / 3 for one in (colour, ground)]
    assert abs(light[0] - light[1]) > 120
