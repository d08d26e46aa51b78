"""A real browser for the tests marked `browser`: Debian's chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.fake_library import FakeAssistant
from tests.ui.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Playwright is not installed: pip install -e '.[dev]'")
    if chromium is None:
        _missing("chromium is not installed: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def _missing(reason: str) -> None:
    if os.environ.get("YOUJU_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with Running(FakeAssistant()) as running:
        yield running


@pytest.fixture
def fake(served: Running) -> FakeAssistant:
    """The assistant behind the served page, as new."""
    served.assistant.gate.set()
    served.desk.close()
    served.assistant.__init__()
    served.desk.__init__(served.assistant)
    return served.assistant


@pytest.fixture
def tab(browser: Browser, served: Running, fake: FakeAssistant) -> Iterator[Callable[..., Page]]:
    """Opens the page in a tab of its own; any console error, script error or outside request fails the test."""
    trouble: list[str] = []
    contexts = []

    def open_tab(**options: Any) -> Page:
        options = {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: trouble.append(dialog.message))
        page.on("request", lambda request: trouble.append(request.url) if _outside(request.url) else None)
        page.goto(served.url)
        page.wait_for_selector("#state .library", state="attached")
        page.wait_for_selector("#send:not(:empty)")
        return page

    def _outside(url: str) -> bool:
        return not url.startswith((served.url + "/", "data:", "blob:"))

    yield open_tab
    for context in contexts:
        context.close()
    assert trouble == []
