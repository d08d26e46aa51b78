"""How quick the page is, in a real browser: `python -m tests.ui.measure`.

Prints, each as the median and the worst of some rounds:

* the page: from the server's first answer until a question can be typed and sent;
* an answer: from Enter until it stands on the page, over an assistant that answers at once, so that what is left is the
  page's own part, and what the handlers alone take of it;
* a text of 500,000 characters: from the click on a mark until the quote stands in view;
* typing and scrolling with 200 answers on the page: the longest time between two frames.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.types import Answer
from tests.ui.conftest import CHROMIUM_ARGUMENTS
from tests.ui.fake_library import FakeAssistant
from tests.ui.reader_library import LONG, library
from tests.ui.running import Running
from ui import handlers, links
from ui.desk import Asked
from ui.messages import CHINESE

if TYPE_CHECKING:
    from playwright.sync_api import Page

WHO = "储备粮的日常保管由谁负责？"
PLACE = (400_000, 400_020)
ANSWERS = 200
_FRAMES = """(until) => new Promise((resolve) => {
  let last = performance.now(), longest = 0;
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    if (now < until) requestAnimationFrame(frame); else resolve(longest);
  };
  until += last;
  requestAnimationFrame(frame);
})"""


def main() -> int:
    parser = argparse.ArgumentParser(description="How quick the page is, in a real browser.")
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds

    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium fonts-noto-cjk")
    fake = FakeAssistant()
    with sync_playwright() as playwright, Running(fake) as running:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)

        def fresh() -> Page:
            return browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()

        _tell("the page can be used after", [_usable(fresh(), running.url) for _ in range(rounds)])
        page = fresh()
        _usable(page, running.url)
        spent = []
        _tell("an answer stands after", [_answered(page, fake, spent) for _ in range(rounds)])
        _tell("  of it the assistant's own", spent)
        _tell("  handlers alone", [_handled(running) for _ in range(rounds)])
        with TemporaryDirectory() as folder, Running(library(Path(folder))) as reading:
            _tell("a quote in 500,000 characters", [_read(fresh(), reading.url) for _ in range(rounds)])
        typed, scrolled = _crowded(fresh(), running)
        _tell(f"typing with {ANSWERS} answers, longest frame", typed)
        _tell(f"scrolling with {ANSWERS} answers, longest frame", scrolled)
        browser.close()
    return 0


def _tell(what: str, seconds: Sequence[float]) -> None:
    median, worst = statistics.median(seconds) * 1e3, max(seconds) * 1e3
    print(f"{what:48} {median:8.1f} ms   worst {worst:8.1f} ms")  # noqa: T201


def _usable(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("#send:not(:empty):enabled")
    page.locator("#question textarea").fill("可以写字了")
    return time.perf_counter() - began


def _answered(page: Page, fake: FakeAssistant, spent: list[float]) -> float:
    """Timed in the page itself: from the key to the frame in which the answer stands."""
    answering = fake.ask

    def timed(*arguments: object, **named: object) -> Answer:
        began = time.perf_counter()
        given: Answer = answering(*arguments, **named)  # type: ignore[arg-type]
        spent.append(time.perf_counter() - began)
        return given

    fake.ask = timed  # type: ignore[method-assign]
    before = page.locator(".turn.answered").count()
    page.locator("#question textarea").fill(WHO)
    page.evaluate(
        """(before) => {
          window.answered = new Promise((resolve) => {
            addEventListener("keydown", () => {
              const began = performance.now();
              const look = () => document.querySelectorAll(".turn.answered").length > before
                ? requestAnimationFrame((now) => resolve(now - began)) : requestAnimationFrame(look);
              look();
            }, { once: true, capture: true });
          });
        }""",
        before,
    )
    page.locator("#question textarea").press("Enter")
    taken: float = page.evaluate("window.answered")
    fake.ask = answering  # type: ignore[method-assign]
    return taken / 1e3


def _handled(running: Running) -> float:
    """Beginning a turn and making its markup, less what the assistant takes."""
    began = time.perf_counter()
    belonging = re.search('href="#([^"]+)"', handlers.begin(running.desk, Asked(WHO), CHINESE))
    assert belonging
    underway = running.desk.recent(html.unescape(belonging[1]), 1)
    assert underway
    handlers.outcome(running.desk, underway, CHINESE, 30)
    whole = time.perf_counter() - began
    began = time.perf_counter()
    running.assistant.ask(WHO)
    return whole - (time.perf_counter() - began)


def _read(page: Page, url: str) -> float:
    """From a click on a link to a quote until it stands in view in the pane, marked."""
    page.goto(f"{url}/?show=library")
    page.wait_for_load_state("networkidle")
    taken: float = page.evaluate(
        """(href) => new Promise((resolve) => {
          const link = document.createElement("a");
          link.href = href;
          document.querySelector("#room-library").append(link);
          const began = performance.now();
          const look = (now) => {
            const mark = document.querySelector("#reader mark");
            const at = mark?.getBoundingClientRect();
            const pane = document.querySelector("#reader").getBoundingClientRect();
            if (at && at.height && at.top >= pane.top && at.bottom <= pane.bottom) resolve(now - began);
            else requestAnimationFrame(look);
          };
          link.click();
          requestAnimationFrame(look);
        })""",
        links.reading(LONG, PLACE),
    )
    return taken / 1e3


def _crowded(page: Page, running: Running) -> tuple[list[float], list[float]]:
    conversation = ""
    for number in range(ANSWERS):
        question = (WHO, "每年轮换多少储备粮？", "How fast was the clipper of 1866?")[number % 3]
        underway = running.desk.begin(Asked(question, conversation))
        underway.settled.result(30)
        conversation = underway.conversation
    page.goto(f"{running.url}/?c={conversation}")
    page.wait_for_selector("#send:not(:empty):enabled")
    page.wait_for_function(f"() => document.querySelectorAll('.turn').length === {ANSWERS}")
    page.wait_for_timeout(1500)
    typed, scrolled = [], []
    for _ in range(5):
        page.evaluate(f"() => {{ window.frames_ = ({_FRAMES})(1200); }}")
        page.locator("#question textarea").press_sequentially("储备粮的日常保管", delay=60)
        typed.append(page.evaluate("window.frames_") / 1e3)
        page.evaluate(f"() => {{ window.frames_ = ({_FRAMES})(1200); }}")
        page.mouse.move(600, 400)
        for _ in range(12):
            page.mouse.wheel(0, -600)
            page.wait_for_timeout(60)
        scrolled.append(page.evaluate("window.frames_") / 1e3)
    return typed, scrolled


if __name__ == "__main__":
    sys.exit(main())
