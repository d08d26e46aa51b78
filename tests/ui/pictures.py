"""The pictures of the README: `python -m tests.ui.pictures [FOLDER] [--only NAME …]`.

Each is taken in a real browser, of the real page with the real model, over a copy of the sample library: what is kept
of anybody's own library is not touched. The PDF file is set and printed by the same browser.
"""

from __future__ import annotations

import argparse
import html
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from assistant.assistant import Assistant
from assistant.config import SAMPLE_LIBRARY, Settings
from assistant.library.receiving import receive
from tests.ui.conftest import CHROMIUM_ARGUMENTS
from tests.ui.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).parents[2] / "ui" / "pictures"
COLOURS = 128  # the page has few: more would not be seen, and each picture would be twice as large
SHARP = 1.5  # of a screen that is sharper than the README is wide
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SEAL = "村委会的公章由谁保管？"
KEEPER, SUCCESSOR = "会计何秀兰保管", "档案员方小燕保管"
STATUTE = "石桥村便民服务站管理办法（2023年）.txt"
REPORT = "清河镇2024年工作报告"
RISKS = "清河镇2024年用了哪些办法减少安全隐患？"
# A temporary folder's name says nothing, and is another each time.
_NAME_HOME = """(folder) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replaceAll(folder, "~");
}"""


class Studio:
    """A served copy of the sample library, and a browser before it."""

    def __init__(self, browser: Browser, running: Running, home: Path) -> None:
        self.browser, self.running, self.home = browser, running, home
        self.assistant: Assistant = running.assistant

    @contextmanager
    def tab(self, address: str = "/", *, locale: str = "zh-CN", dark: bool = False, **options: Any) -> Iterator[Page]:
        context = self.browser.new_context(
            locale=locale,
            color_scheme="dark" if dark else "light",
            device_scale_factor=SHARP,
            reduced_motion="reduce",
            **{"viewport": WIDE, **options},
        )
        page = context.new_page()
        page.set_default_timeout(120_000)  # a busy machine is no reason to begin again
        page.goto(self.running.url + address)
        yield page
        context.close()

    def shot(self, page: Page) -> Image.Image:
        page.mouse.move(0, 0)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)  # until what moves has come to rest
        page.evaluate(_NAME_HOME, str(self.home))
        return Image.open(io.BytesIO(page.screenshot(caret="hide"))).convert("RGB")


def ask(page: Page, question: str) -> None:
    page.wait_for_selector("#send:not(:empty)")
    page.wait_for_load_state("networkidle")
    count = page.locator(".turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator(".turn:not(.pending)").nth(count).wait_for()


def open_quote(page: Page, number: int = 0) -> None:
    page.locator(".turn").last.locator("a.cite").nth(number).click()
    page.wait_for_selector("#reader mark.chosen")


def chat(studio: Studio) -> Image.Image:
    with studio.tab() as page:
        ask(page, SEAL)
        ask(page, "城乡居民医保每人每年交多少钱？")  # which no text of the sample answers
        ask(page, RISKS)
        open_quote(page, 1)
        return studio.shot(page)


def chat_en(studio: Studio) -> Image.Image:
    with studio.tab(locale="en-US", dark=True) as page:
        ask(page, "How many books may I borrow at a time?")
        ask(page, "Who may stop work that looks unsafe?")
        open_quote(page)
        return studio.shot(page)


def phone(studio: Studio) -> Image.Image:
    """The answer, and the reader that a tap on its mark opens, beside each other."""
    with studio.tab(viewport=PHONE, has_touch=True) as page:
        ask(page, RISKS)
        answer = studio.shot(page)
        open_quote(page)
        reader = studio.shot(page)
    gap = answer.width // 16
    both = Image.new("RGB", (answer.width * 2 + gap, answer.height), "white")
    both.paste(answer, (0, 0))
    both.paste(reader, (answer.width + gap, 0))
    return both


def search(studio: Studio) -> Image.Image:
    with studio.tab("/?show=search&q=油锅起火怎么灭火") as page:
        page.wait_for_selector("#search-found .card")
        page.locator("#search-found .card summary").first.click()
        return studio.shot(page)


def library(studio: Studio) -> Image.Image:
    """One file that cannot be read, one edited and one new, so that there is something to see."""
    texts = studio.assistant.library
    (texts / "会议记录.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    studio.assistant.update()
    with (texts / "家庭消防安全.txt").open("a", encoding="gb18030") as file:
        file.write("\n楼道里不给电动自行车充电。\n")
    receive(texts, "停水通知.txt", ["明天上午停水两小时。\n".encode()], limit_bytes=1000)
    with studio.tab("/?show=library") as page:
        page.wait_for_selector("#shelf-table table")
        page.wait_for_selector("#shelf-table tr.is-edited")
        return studio.shot(page)


def changed(studio: Studio) -> Image.Image:
    """A conversation opened again after the text that it quotes was edited."""
    with studio.tab() as page:
        ask(page, SEAL)
        page.wait_for_url("**/?c=*")
        address = page.url.removeprefix(studio.running.url)
    text = studio.assistant.library / STATUTE
    text.write_text(text.read_text("utf-8").replace(KEEPER, SUCCESSOR), "utf-8")
    studio.assistant.update()
    with studio.tab(address) as page:
        page.wait_for_selector(".verified del")
        return studio.shot(page)


def pdf(studio: Studio) -> Image.Image:
    """The report as a PDF file in the place of the text, on the reader's own page."""
    text = studio.assistant.library / f"{REPORT}.txt"
    _print(studio.browser, text.read_text("utf-8").splitlines(), text.with_suffix(".pdf"))
    text.unlink()
    studio.assistant.update()
    with studio.tab() as page:
        ask(page, RISKS)
        page.locator(".turn a.cite").last.click()
        page.wait_for_selector("#reader mark.chosen")
        address = page.locator("#reader .own-tab").get_attribute("href")
    with studio.tab(str(address)) as page:
        page.wait_for_selector("mark.chosen")
        page.wait_for_selector(".sheet .paper svg rect", state="attached")
        return studio.shot(page)


def _print(browser: Browser, lines: list[str], out: Path) -> None:
    title, *rest = lines
    body = "".join(f"<p>{html.escape(line)}</p>" for line in rest if line.strip())
    page = browser.new_page()
    page.set_content(
        "<style>body { font: 12pt/1.9 'Noto Serif CJK SC', serif } p { margin: 0; text-indent: 2em }"
        f"h1 {{ font-size: 18pt; text-align: center }}</style><h1>{html.escape(title)}</h1>{body}"
    )
    out.write_bytes(page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "22mm")))
    page.close()


# In this order: the later ones change the library.
PICTURES: dict[str, Callable[[Studio], Image.Image]] = {
    "chat": chat,
    "chat-en": chat_en,
    "phone": phone,
    "search": search,
    "changed": changed,
    "pdf": pdf,
    "library": library,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the pictures of the README.")
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, help="where the PNG files are written")
    parser.add_argument("--only", nargs="+", choices=sorted(PICTURES), default=list(PICTURES), help="these alone")
    given = parser.parse_args()

    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium fonts-noto-cjk")
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="youju-") as temporary, sync_playwright() as playwright:
        home = Path(temporary).resolve()
        texts = home / "示例资料库"
        shutil.copytree(SAMPLE_LIBRARY, texts)
        assistant = Assistant(Settings(library=texts, index=home / "index", uploads=True))
        assistant.update()
        assistant.load_model()
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        with Running(assistant) as running:
            studio = Studio(browser, running, home)
            for name in [name for name in PICTURES if name in given.only]:
                out = given.folder / f"{name}.png"
                PICTURES[name](studio).quantize(COLOURS, dither=Image.Dither.NONE).save(out, optimize=True)
                print(f"{out}: {out.stat().st_size // 1000} kB")  # noqa: T201
        browser.close()
        assistant.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
