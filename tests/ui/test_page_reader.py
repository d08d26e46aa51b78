"""The reader in a real browser: in the pane and as a page of its own. Console errors and outside requests fail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from assistant.assistant import Assistant
from tests.ui import axe
from tests.ui import reader_library as room
from tests.ui.running import Running
from ui import links

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

Open = Callable[..., "Page"]
QUESTION = "涉密人员上岗前应当签订什么？"
# The text of some places, as the reader's own script finds it in the page.
TEXTS_AT = """async (spans) => {
  const { blocksOf, rangeOf } = await import("/ui/reader_text.js");
  const body = document.querySelector(".reader .body");
  return spans.map(([start, end]) => rangeOf(body, blocksOf(body), start, end).toString());
}"""
FOUND = """(name) => [...(CSS.highlights.get(name) ?? [])].map(String)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(room.library(tmp_path_factory.mktemp("room"))) as running:
        yield running
    running.assistant.close()


@pytest.fixture
def assistant(server: Running) -> Assistant:
    found: Assistant = server.assistant
    return found


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Open]:
    """Opens an address of the server in a tab of its own."""
    trouble: list[str] = []
    contexts = []

    def open_tab(path: str, **options: Any) -> Page:
        context = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: trouble.append(dialog.message))
        page.on("request", lambda request: trouble.append(request.url) if outside(request.url) else None)
        page.goto(server.url + path)
        return page

    def outside(url: str) -> bool:
        return not url.startswith((server.url + "/", "data:", "blob:"))

    yield open_tab
    for context in contexts:
        context.close()
    assert trouble == []


def is_centred(page: Page, mark: Locator) -> bool:
    """Whether a mark has come to rest in the middle of what is seen of the text."""
    middles, last = [], None
    for _ in range(60):
        inner, outer = mark.bounding_box(), page.locator(".leaf").bounding_box()
        assert inner
        assert outer
        last = abs(inner["y"] + inner["height"] / 2 - outer["y"] - outer["height"] / 2)
        middles.append(last)
        if len(middles) > 5 and max(middles[-5:]) - min(middles[-5:]) < 2 and last < 30:
            return True
        page.wait_for_timeout(50)
    return False


def ask(page: Page, question: str) -> None:
    page.wait_for_selector("#send:not(:empty)")
    page.wait_for_load_state("networkidle")  # until then a key may come before there is somebody to hear it
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn.answered")


def test_a_click_on_a_mark_opens_the_original_at_the_quote(visit: Open) -> None:
    page = visit("/")
    ask(page, QUESTION)
    page.locator("a.cite").first.click()
    chosen = page.locator("#reader mark.chosen")
    chosen.wait_for()
    assert room.QUOTE in chosen.inner_text()
    assert chosen.get_attribute("data-number") == "1"
    assert page.locator("#reader .place").inner_text().endswith("第二章 人员 › 第二条第 2 段，共 3 段")
    assert page.evaluate("document.activeElement.id") == "place"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className").startswith("cite")


def test_every_mention_of_an_answer_leads_to_its_place(visit: Open) -> None:
    page = visit("/")
    ask(page, "列出所有提到“涉密”的段落")
    places = page.locator("#sources a.original")
    places.nth(1).click()
    page.locator("#reader mark.chosen", has_text="涉密").first.wait_for()
    assert page.locator("#reader .step-of").inner_text() == f"2 / {places.count()}"


def test_next_and_previous_lead_through_the_quotes_also_of_other_documents(visit: Open, assistant: Assistant) -> None:
    page = visit("/", locale="en-US")
    ask(page, QUESTION)
    addresses = [
        room.address(assistant, room.RULES, room.QUOTE),
        room.address(assistant, "other.txt", "Every building"),
        room.address(assistant, room.RULES, room.OTHER_QUOTE),
    ]
    # An answer with three quotes: what answers are made of is not the point here.
    page.evaluate(
        """(addresses) => {
          const text = document.querySelector(".turn .text");
          text.replaceChildren(...addresses.map((href, index) => {
            const link = document.createElement("a");
            link.className = "cite";
            link.href = href;
            link.textContent = `[${index + 1}]`;
            return link;
          }));
        }""",
        addresses,
    )
    page.locator("a.cite").first.press("Enter")
    chosen = page.locator("#reader mark.chosen")
    steps = page.locator("#reader .step-of")
    chosen.wait_for()
    assert steps.inner_text() == "1 / 3"
    other = page.locator("#reader mark:not(.chosen)")
    assert (other.inner_text(), other.get_attribute("data-number")) == (room.OTHER_QUOTE, "3")
    page.keyboard.press("n")
    page.locator("#reader mark.chosen", has_text="Every building").wait_for()
    assert steps.inner_text() == "2 / 3"
    page.keyboard.press("j")
    page.locator("#reader mark.chosen", has_text=room.OTHER_QUOTE).wait_for()
    page.get_by_role("button", name="Next quote").click()
    page.locator("#reader mark.chosen", has_text=room.QUOTE).wait_for()
    page.keyboard.press("p")
    page.locator("#reader mark.chosen", has_text=room.OTHER_QUOTE).wait_for()
    assert steps.inner_text() == "3 / 3"
    page.locator("#reader .find input").fill("npjk")
    page.locator("#reader .find input").press("n")
    assert steps.inner_text() == "3 / 3"


@pytest.mark.parametrize("document", [room.LONG, room.LINE, room.ENDLESS])
def test_in_a_long_text_the_quote_is_marked_and_in_the_middle(visit: Open, assistant: Assistant, document: str) -> None:
    text = assistant.document(document).text
    start = text.index("。", len(text) // 2) + 1
    end = text.index("。", start) + 1
    page = visit(links.reading(document, (start, end), ((start + 3_000, start + 3_020),)))
    mark = page.locator("mark.chosen").first
    mark.wait_for()
    assert "".join(page.locator("mark.chosen").all_text_contents()) == text[start:end]
    assert is_centred(page, mark)
    page.keyboard.press("n")
    page.wait_for_selector(f'mark.chosen[data-span="{start + 3_000}-{start + 3_020}"]')
    assert is_centred(page, page.locator("mark.chosen").first)


def test_the_rest_of_a_long_text_comes_by_itself_and_nothing_moves(visit: Open, assistant: Assistant) -> None:
    text = assistant.document(room.LONG).text
    page = visit("/?show=library")
    page.wait_for_selector("#send", state="attached")
    page.evaluate(
        """async (href) => {
          const pane = await import("/ui/pane.js");
          await pane.read(href);
        }""",
        links.reading(room.LONG, (250_000, 250_030)),
    )
    page.wait_for_function(
        """() => {
          const parts = document.querySelectorAll("#reader .part");
          return parts.length && parts[0].dataset.start === "0" && [...parts].at(-1).dataset.end === "500000";
        }"""
    )
    assert is_centred(page, page.locator("#reader mark.chosen").first)
    assert page.locator("#reader .body").text_content() == text


def test_an_endless_text_goes_on_when_it_is_asked_to(visit: Open, assistant: Assistant) -> None:
    text = assistant.document(room.ENDLESS).text
    page = visit(links.reading_from(room.ENDLESS, 1_500_000))
    later = page.locator(".more.later a")
    later.wait_for()
    assert re.fullmatch(r"后面还有 1,\d{3},\d{3} 字，接着显示", later.inner_text())
    before = page.locator(".part").count()
    later.click()
    page.wait_for_function("(before) => document.querySelectorAll('.part').length > before", arg=before)
    page.locator(".find input").fill(text[2_900_010:2_900_040])
    page.locator(".find input").press("Enter")
    page.wait_for_function("() => CSS.highlights.get('youju-found-now')?.size === 1")
    assert page.evaluate(FOUND, "youju-found-now") == [text[2_900_010:2_900_040]]
    page.wait_for_selector(".more.earlier:not([hidden])")


def test_signs_beyond_the_first_plane_shift_nothing(visit: Open, assistant: Assistant) -> None:
    text = assistant.document(room.SIGNS).text
    quote = "𠮷野家的门口"
    page = visit(room.address(assistant, room.SIGNS, quote, "最后一句"))
    assert page.locator("mark.chosen").text_content() == quote
    assert page.locator(".body").evaluate("(body) => body.textContent") == text
    spans = [(start, end) for start in range(len(text)) for end in range(start + 1, min(start + 4, len(text)))]
    found = page.evaluate(TEXTS_AT, spans)
    assert found == [text[start:end] for start, end in spans]
    page.locator(".find input").fill("野家")
    page.wait_for_function("() => CSS.highlights.get('youju-found')?.size === 2")
    assert page.evaluate(FOUND, "youju-found") == ["野家"] * 2


@pytest.mark.parametrize(("locale", "none"), [("zh-CN", "没有找到"), ("en-US", "Not found")])
def test_searching_counts_marks_and_goes_round(visit: Open, assistant: Assistant, locale: str, none: str) -> None:
    page = visit(room.address(assistant, room.RULES, room.OTHER_QUOTE), locale=locale)
    field, count = page.locator(".find input"), page.locator(".find .count")
    page.keyboard.press("/")
    page.keyboard.type("文件")
    page.wait_for_function("() => document.querySelector('.find .count').textContent")
    total = assistant.document(room.RULES).text.count("文件")
    assert count.inner_text().endswith(f" / {total}")
    assert len(page.evaluate(FOUND, "youju-found")) == total - 1
    seen = [count.inner_text()]
    for _ in range(total):
        field.press("Enter")
        page.wait_for_function("(last) => document.querySelector('.find .count').textContent !== last", arg=seen[-1])
        seen.append(count.inner_text())
    assert seen[0] == seen[-1]
    assert len(set(seen)) == total
    field.press("Shift+Enter")
    page.wait_for_function("(last) => document.querySelector('.find .count').textContent === last", arg=seen[-2])
    field.fill("没有这样的词")
    page.wait_for_function("(none) => document.querySelector('.find .count').textContent === none", arg=none)
    field.press("Escape")
    assert (field.input_value(), count.inner_text()) == ("", "")
    assert page.evaluate("CSS.highlights.size") == 0


def test_the_contents_lead_to_their_headings(visit: Open, assistant: Assistant) -> None:
    text = assistant.document(room.LONG).text
    page = visit(links.reading(room.LONG, (0, 8)))
    page.locator(".contents summary").press("Enter")
    entries = page.locator(".contents a[data-start]")
    entries.first.wait_for()
    wanted = entries.filter(has_text=re.compile("^第60章"))
    start = int(wanted.get_attribute("data-start") or -1)
    assert text[start:].startswith("第60章")
    wanted.press("Enter")
    heading = page.locator(f'.block[data-start="{start}"]')
    page.wait_for_function(
        """(start) => {
          const heading = document.querySelector(`.block[data-start="${start}"]`).getBoundingClientRect();
          const leaf = document.querySelector(".leaf").getBoundingClientRect();
          return heading.top >= leaf.top - 2 && heading.top < leaf.top + 80;
        }""",
        arg=start,
    )
    assert heading.is_visible()
    assert not page.locator(".contents nav").is_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_a_hostile_text_is_shown_and_does_nothing(visit: Open, assistant: Assistant, width: int) -> None:
    text = assistant.document(room.HOSTILE_TEXT).text
    page = visit(links.reading(room.HOSTILE_TEXT, (8, 60), ((100, 160),)), viewport={"width": width, "height": 800})
    page.wait_for_selector("mark.chosen")
    page.wait_for_timeout(300)
    shown = page.locator(".body").evaluate("(body) => body.textContent")
    assert len(shown) == len(text)
    assert "<script>window.pwned=1</script>" in shown
    assert not set(shown) & set("\u202e\u2067\x07")
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".body :is(script, img, form, iframe, a, svg, style)").count() == 0


def test_a_pdf_is_shown_as_a_picture_with_the_quote_boxed(visit: Open, assistant: Assistant, server: Running) -> None:
    document = assistant.document(room.PDF)
    start = document.pages[1] + 200
    facts = room.getting(server)("/reader/sheet", document=room.PDF, page=2, at=f"{start}-{start + 60}").json()
    page = visit(links.reading(room.PDF, (start, start + 60)))
    rectangle = page.locator(".paper .chosen rect").first
    rectangle.wait_for()
    picture, box, frame = (
        page.locator(one).bounding_box() for one in (".paper img", ".paper .chosen rect >> nth=0", ".frame")
    )
    assert picture
    assert box
    assert frame
    left, top, right, bottom = facts["boxes"][0]["lines"][0]
    assert box["x"] + box["width"] / 2 == pytest.approx(picture["x"] + (left + right) / 2 * picture["width"], abs=3)
    assert box["y"] + box["height"] / 2 == pytest.approx(picture["y"] + (top + bottom) / 2 * picture["height"], abs=3)
    number = page.locator(".paper .chosen text").bounding_box()
    assert number
    assert number["y"] + number["height"] / 2 < box["y"]  # what stands before the quote in its line can be read
    assert frame["y"] <= box["y"] <= frame["y"] + frame["height"]
    assert "第 2 页" in (page.locator(".paper img").get_attribute("alt") or "")
    page.get_by_role("button", name="下一页").click()
    page.wait_for_selector('.paper img[alt*="第 3 页"]')
    assert page.locator(".paper rect").count() == 0
    page.wait_for_function(  # the text beside it goes along
        """() => {
          const [leaf, begun] = [".leaf", '.body [data-page="3"]'].map((one) => document.querySelector(one));
          const below = begun.getBoundingClientRect().top - leaf.getBoundingClientRect().top;
          return below >= 0 && below < leaf.clientHeight / 3;
        }"""
    )
    page.get_by_role("button", name="放大").click()
    assert page.locator(".paper").bounding_box()["width"] > picture["width"]  # type: ignore[index]
    page.get_by_role("button", name="文本", exact=True).click()
    assert not page.locator(".sheet").is_visible()
    page.reload()
    page.wait_for_selector("mark.chosen")
    assert not page.locator(".sheet").is_visible()


def test_a_picture_that_cannot_be_drawn_is_explained_beside_the_text(visit: Open, assistant: Assistant) -> None:
    path = assistant.library / room.PDF
    before = path.read_bytes()
    try:
        path.write_bytes(b"%PDF-1.4 broken meanwhile")
        page = visit(links.reading(room.PDF, (0, 20)))
        page.locator(".sheet .problem").wait_for()
        assert "画不出来" in page.locator(".sheet .problem").inner_text()
        assert page.locator("mark.chosen").first.is_visible()
        assert "文件比索引新" in page.locator(".facts").inner_text()
    finally:
        path.write_bytes(before)


def test_quote_link_and_file_can_be_taken_along(visit: Open, assistant: Assistant, server: Running) -> None:
    page = visit(room.address(assistant, room.RULES, room.QUOTE))
    menu = page.locator(".extra summary")
    menu.click()
    page.get_by_role("button", name="复制引文和出处（纯文本）").click()
    page.locator(".done", has_text="已复制").wait_for()
    assert menu.evaluate("element => element === document.activeElement")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"“{room.QUOTE}”\n——《保密办法》，第二章第二条"
    menu.click()
    page.get_by_role("button", name="复制链接").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('http'))")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(server.url + "/read?")
    page.goto(link)
    assert page.locator("mark.chosen").text_content() == room.QUOTE
    page.locator(".extra summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载原文件").click()
    assert download.value.path().read_bytes() == (assistant.library / room.RULES).read_bytes()


def test_on_paper_there_is_the_text_with_its_marks_and_no_tools(visit: Open, assistant: Assistant) -> None:
    page = visit(links.reading(room.LONG, (250_000, 250_040)))
    page.emulate_media(media="print")
    assert page.locator(".title").is_visible()
    assert page.locator(".facts").is_visible()
    assert page.locator("mark.chosen").first.is_visible()
    assert not any(page.locator(one).is_visible() for one in (".toolbar", ".home", ".more.later"))
    assert page.evaluate("document.documentElement.scrollHeight") > 100_000
    assert page.evaluate("getComputedStyle(document.querySelector('.part')).contentVisibility") == "visible"


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_nothing_stands_in_the_way_of_those_who_hear_the_page(
    visit: Open, assistant: Assistant, width: int, scheme: str
) -> None:
    path = room.address(assistant, room.RULES, room.QUOTE, room.OTHER_QUOTE)
    # Without the policy for once: axe tries styles of its own out on the page.
    page = visit(path, viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    page.wait_for_selector("mark.chosen")
    page.locator(".contents summary").click()
    page.locator(".contents a[data-start]").first.wait_for()
    assert axe.violations(page) == []
    page.goto(page.url.split("/read")[0] + links.reading(room.PDF, (300, 340)))
    page.get_by_role("button", name="对照").click()
    page.locator(".paper .chosen rect").first.wait_for()
    assert axe.violations(page) == []


def test_a_page_that_is_enlarged_four_times_shows_the_quote_and_leads_behind_no_sheet(visit: Open) -> None:
    page = visit("/", viewport={"width": 320, "height": 256})
    ask(page, QUESTION)
    page.locator(".turn a.cite").first.press("Enter")
    page.wait_for_selector("#reader mark.chosen:focus")
    page.wait_for_function(
        """() => {
            const { top, bottom } = document.querySelector("#reader mark.chosen").getBoundingClientRect();
            return top >= 40 && bottom <= innerHeight;
        }"""
    )
    page.wait_for_load_state("networkidle")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert not page.locator("#main :focus").count()
    page.locator("#reader mark.chosen").first.focus()
    page.keyboard.press("Escape")
    page.wait_for_selector(".turn a.cite:focus")
    page.set_viewport_size({"width": 1280, "height": 400})
    listed, state = page.locator("#conversation-list").bounding_box(), page.locator("#state").bounding_box()
    assert listed
    assert state
    assert listed["y"] + listed["height"] <= state["y"]
