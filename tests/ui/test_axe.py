"""axe-core on the page: in both languages, light and dark, empty, with an answer, with sources open on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.axe import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_page_has_nothing_serious(tab: Callable[..., Page], locale: str, scheme: Any) -> None:
    page = tab(locale=locale, color_scheme=scheme, reduced_motion="reduce")
    assert violations(page) == []
    page.fill("#question textarea", "储备粮的日常保管由谁负责？")
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".turn .cite")
    page.focus(".turn .cite")
    page.keyboard.press("Enter")
    assert violations(page) == []


def test_it_finds_what_is_wrong(browser: Browser) -> None:
    context = browser.new_context()
    try:
        page = context.new_page()
        page.set_content(
            '<html lang="zh"><title>t</title><main><h1>h</h1><button></button><img src="data:,">'
            '<p id="p" style="color:#bbb;background:#fff">看不清的字</p></main></html>'
        )
        found = violations(page)
        assert sorted(one.partition(":")[0] for one in found) == [
            "critical button-name",
            "critical image-alt",
            "serious color-contrast",
        ]
        assert any("<button>" in one for one in found)
        assert [one.partition(":")[0] for one in violations(page, "#p")] == ["serious color-contrast"]
        assert violations(page, "#p", least="critical") == []
    finally:
        context.close()
