"""A picture of an answered question, for the README: `python -m tests.ui.picture OUT.png [--library PATH]`.

Starts the real page on a library (the sample one by default, indexed first where needed) and asks in a real browser.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from tests.ui.conftest import CHROMIUM_ARGUMENTS
from tests.ui.running import Running

SAMPLE = Path(__file__).parents[2] / "assistant" / "sample"


def main() -> int:
    parser = argparse.ArgumentParser(description="Save a picture of an answered question.")
    parser.add_argument("out", type=Path, help="the PNG file to write")
    parser.add_argument("--library", type=Path, default=SAMPLE, help="a folder of texts; the sample by default")
    parser.add_argument("--index", type=Path, help="where its index lives")
    parser.add_argument("--question", help="what to ask; the library's first example by default")
    parser.add_argument("--locale", default="zh-CN", help="language of the browser")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    given = parser.parse_args()

    from playwright.sync_api import sync_playwright

    from assistant.assistant import Assistant
    from assistant.config import load_settings

    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium fonts-noto-cjk")
    assistant = Assistant(load_settings(library=given.library, index=given.index))
    assistant.update()
    assistant.load_model()
    question = given.question or assistant.examples(1)[0]
    with Running(assistant) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(
            locale=given.locale,
            viewport={"width": given.width, "height": given.height},
            color_scheme="dark" if given.dark else "light",
            device_scale_factor=2,
        )
        page.goto(running.url)
        page.wait_for_selector("#send:not(:empty)")
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
        page.wait_for_selector(".turn:not(.pending)", timeout=120_000)
        mark = page.locator("a.cite").first
        if mark.count():
            mark.click()
        page.mouse.move(0, 0)
        page.wait_for_timeout(800)
        page.screenshot(path=given.out)
        browser.close()
    assistant.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
