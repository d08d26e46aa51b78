"""The focus in a real browser: never lost to the page as a whole, and where a keyboard goes on from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.ui.fake_library import FakeAssistant
from tests.ui.test_page import WHO, ask

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.ui.running import Running

pytestmark = pytest.mark.browser

Tab = Callable[..., "Page"]


def focused(page: Page, selector: str) -> None:
    """Waits until an element has the focus."""
    page.wait_for_selector(f"{selector}:focus")


def test_what_is_asked_with_a_button_leads_to_its_question(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    page.locator(".example").first.press("Enter")
    page.wait_for_selector("#turn-1.answered")
    focused(page, "#turn-1 .question")
    page.keyboard.press("Tab")
    focused(page, "#turn-1 .edit")
    page.locator("#turn-1 .retry").press("Enter")
    page.wait_for_selector("#turn-1.answered")
    focused(page, "#turn-1 .question")
    page.locator("#turn-1 .edit").press("Enter")
    page.locator(".editing").fill(WHO)
    page.locator(".editing").press("Enter")
    page.locator("#turn-1 .question", has_text=WHO).wait_for()
    page.wait_for_selector("#turn-1.answered")
    focused(page, "#turn-1 .question")
    fake.gate.clear()
    page.locator("#turn-1 .retry").press("Enter")
    page.locator(".stop-asking").press("Enter")
    page.wait_for_selector("#turn-1.stopped")
    focused(page, "#turn-1 .question")


def test_a_typed_question_leaves_the_focus_in_its_box(tab: Tab) -> None:
    page = tab()
    ask(page, WHO)
    focused(page, "#question textarea")


def test_the_end_of_an_answer_is_announced_without_its_question(tab: Tab) -> None:
    page = tab()
    page.evaluate(
        """() => {
            window.put = [];
            new MutationObserver((changes) => {
                for (const { addedNodes } of changes) {
                    for (const node of addedNodes) {
                        const within = node.nodeType === 1 ? node : node.parentElement;
                        if (within?.isConnected && !within.closest('[aria-live="off"]')) put.push(node.textContent);
                    }
                }
            }).observe(document.getElementById("turns"), { childList: true, subtree: true });
        }"""
    )
    ask(page, WHO)
    said: list[str] = page.evaluate("put")
    assert sum(WHO in one for one in said) == 1, said  # as it is asked
    assert sum("保管" in one and WHO not in one for one in said) == 1, said  # the answer
    assert page.locator("main main:not([role=presentation])").count() == 0


def test_a_conversation_is_brought_back_without_a_search_for_the_button(tab: Tab) -> None:
    page = tab()
    ask(page, WHO)
    page.locator("#new").click()
    page.wait_for_selector("#welcome .example")
    ask(page, "第二个对话？")
    page.wait_for_selector("#conversation-list li >> nth=1")
    for key in ("Escape", "Enter"):
        menu = page.locator("#conversation-list li", has_text=WHO).locator("summary")
        menu.press("Enter")
        menu.press("ArrowDown")
        page.locator("#conversation-list .rename:focus").press("ArrowDown")
        page.locator("#conversation-list .delete:focus").press("Enter")
        focused(page, "#told button")
        page.wait_for_function("document.querySelectorAll('#conversation-list li').length === 1")
        page.keyboard.press(key)
        if key == "Enter":
            page.locator("#conversation-list a.open:focus", has_text=WHO).wait_for()
        else:
            page.locator("#conversation-list a.open:focus", has_text="第二个对话").wait_for()
            assert page.locator("#told").inner_text() == ""
            page.locator("#conversation-list a.open:focus").click()
            ask(page, "再问一次。")
            page.locator("#new").click()
            ask(page, WHO)
            page.wait_for_selector("#conversation-list li >> nth=1")


def test_a_list_that_comes_again_keeps_the_focus_and_a_name_half_written(tab: Tab, fake: FakeAssistant) -> None:
    page = tab()
    fake.gate.clear()
    page.locator("#question textarea").fill(WHO)
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector("#conversation-list li summary")
    page.focus("#conversation-list li summary")
    fake.gate.set()
    with page.expect_response("**/conversations?query=*"):
        page.wait_for_selector("#turn-1.answered")
    focused(page, "#conversation-list summary")
    fake.gate.clear()
    page.locator("#turn-1 .retry").click()
    page.wait_for_selector("#turn-1.pending")
    page.locator("#conversation-list summary").press("Enter")
    page.locator("#conversation-list .rename").press("Enter")
    page.locator(".renaming").press_sequentially("新的名")
    fake.gate.set()
    with page.expect_response("**/conversations?query=*"):
        page.wait_for_selector("#turn-1.answered")
    page.locator(".renaming").press_sequentially("字")
    page.locator(".renaming").press("Enter")
    page.locator("#conversation-list a.open:focus", has_text="新的名字").wait_for()


def test_a_server_that_is_away_is_told_everywhere_and_back_without_a_reload(
    browser: Browser, served: Running, fake: FakeAssistant
) -> None:
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(served.url)
    page.wait_for_selector("#send:not(:empty)")
    ask(page, WHO)
    away = "Youju cannot be reached: it may have been closed."
    context.set_offline(True)
    page.locator("#turn-1 a.cite").first.press("Enter")
    page.locator("#reader .problem", has_text=away).wait_for()
    page.locator("#question textarea").fill("再问一次。")
    page.locator("#question textarea").press("Enter")
    page.locator("#told", has_text=away).wait_for()
    assert page.locator("#question textarea").input_value() == "再问一次。"
    assert not page.locator(".toast-wrap").is_visible()
    page.locator('#side a[data-room="library"]').click()
    page.locator("#room-library .problem", has_text=away).wait_for()
    page.locator("#away", has_text=away).wait_for()
    page.evaluate("window.stayed = true")
    context.set_offline(False)
    page.wait_for_selector("#shelf-table table")
    assert page.locator("#away").inner_text() == ""
    page.locator('#side a[data-room="chat"]').click()
    page.wait_for_selector("#room-chat:not([hidden]) #turn-1.answered")
    assert not fake.asked[1:] or fake.asked[1:] == ["再问一次。"]
    context.close()


def test_the_drawer_of_a_narrow_window_closes_behind_the_focus_and_stays_for_an_undo(tab: Tab) -> None:
    page = tab(viewport={"width": 360, "height": 740})
    ask(page, WHO)
    page.locator("#menu").press("Enter")
    focused(page, "#new")
    page.locator("#language").focus()
    page.keyboard.press("Tab")
    page.wait_for_selector("#frame:not(.side-open)")
    assert page.locator("#main :focus").count() == 1
    page.locator("#menu").press("Enter")
    page.locator("#conversation-list summary").press("Enter")
    page.locator("#conversation-list .delete").press("Enter")
    focused(page, "#told button")
    page.keyboard.press("Enter")
    focused(page, "#conversation-list a.open")


def test_ask_leads_back_to_the_conversation_and_the_language_is_switched_in_its_place(tab: Tab) -> None:
    page = tab(locale="en-US")
    ask(page, WHO)
    page.wait_for_url("**/?c=*")
    page.locator('#side a[data-room="search"]').click()
    page.locator('#side a[data-room="chat"]').press("Enter")
    page.wait_for_selector("#room-chat:not([hidden]) #turn-1.answered")
    page.locator("#language").press("Enter")
    page.locator("#send", has_text="提问").wait_for()
    focused(page, "#language")
    page.wait_for_selector("#turn-1.answered")
    page.locator("#new").click()
    page.wait_for_selector("#welcome .example")
    assert page.locator('#side a[data-room="chat"]').get_attribute("href") == "/"
