"""The search room, the choice of places and why a passage was found, in a real browser and over a real index."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from assistant.assistant import Assistant
from tests.index.library import make_assistant, write
from tests.ui.axe import violations
from tests.ui.fake_library import HOSTILE
from tests.ui.fake_library import TEXTS as PARTS
from tests.ui.many import ManyAssistant
from tests.ui.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Tab = Callable[..., "Page"]
QUESTION = "储备粮每年轮换多少？"
ROTATION = "/?show=search&mode=mentions&q=轮换"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("search")
    texts = {
        name.replace("/", "／").replace("恶意／", "恶意/") if "<" in name else name: f"# {title}\n\n## {path[0]}\n\n"
        + "\n\n".join(paragraphs)
        for name, (title, path, *paragraphs) in PARTS.items()
    }
    for number in range(30):
        texts[f"通知/2024/第{number}号.md"] = f"# 第{number}批轮换通知\n\n各企业应当在第{number}日前完成轮换。\n"
    write(folder / "texts", texts)
    assistant = make_assistant(folder)
    assistant.update()
    assistant.load_model()
    with Running(assistant) as running:
        yield running


@pytest.fixture
def fake(served: Running) -> Assistant:
    """In the place of the fake one that other tests have."""
    return served.assistant  # type: ignore[no-any-return]


def enter(page: Page, query: str) -> None:
    page.locator("#search-words").fill(query)
    page.locator("#search-words").press("Enter")
    page.wait_for_selector('#search-found:not([aria-busy="true"]) > *')


def go(page: Page, address: str) -> None:
    """By the page's own history: a page that is left while Gradio still asks for something complains in the console."""
    page.evaluate(
        "address => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }", address
    )
    page.wait_for_selector("#search-found > *")
    page.wait_for_selector('#search-found:not([aria-busy="true"])')


def room(page: Page) -> None:
    page.locator('#side a[data-room="search"]').click()


def begun(page: Page) -> None:
    page.wait_for_selector("#send:not(:empty)", state="attached")


def told(page: Page) -> str:
    return page.locator("#search-told").inner_text()


@pytest.mark.parametrize(
    ("locale", "room", "why", "held"),
    [
        ("zh-CN", "搜索", "为什么是这一段", "出现在这段里"),
        ("en-US", "Search", "Why this passage", "it has these words"),
    ],
)
def test_passages_are_listed_without_an_answer(tab: Tab, locale: str, room: str, why: str, held: str) -> None:
    page = tab(locale=locale)
    page.get_by_role("link", name=room).click()
    assert page.locator("#search-words").evaluate("field => field === document.activeElement")
    enter(page, QUESTION)
    first = page.locator(".found .card").first
    assert "储备粮管理办法" in first.locator("h2").inner_text()
    assert "轮换" in first.locator("mark").all_inner_texts()
    assert "at=" in (first.locator("a.original").get_attribute("href") or "")
    assert not first.get_by_text(held).is_visible()
    first.get_by_text(why).click()
    assert first.get_by_text(held).is_visible()
    assert page.locator(".turn").count() == 0
    page.locator(".found > .more").press("Enter")
    page.wait_for_selector(".found .card >> nth=19")
    assert "20" in told(page)
    assert page.locator(".found .card").nth(10).locator("a").evaluate("link => link === document.activeElement")


def test_every_search_has_an_address(tab: Tab) -> None:
    page = tab()
    room(page)
    page.locator("#search-words").press_sequentially("轮换", delay=20)  # a pause looks for it
    page.wait_for_selector(".found .card")
    page.locator("#search-words").press_sequentially("计划", delay=20)
    page.wait_for_function("() => new URLSearchParams(location.search).get('q') === '轮换计划'")
    page.get_by_label("每一处提到").check()
    page.wait_for_selector(".groups")
    assert "1 个段落提到“轮换计划”" in told(page)
    page.reload()
    begun(page)
    page.wait_for_selector(".groups")
    assert page.locator("#search-words").input_value() == "轮换计划"
    page.go_back()
    page.wait_for_selector(".found > .card")
    assert page.get_by_label("最相关的段落").is_checked()
    page.go_back()  # what was typed in one go is one step
    page.wait_for_selector(".found > *", state="detached")
    assert page.locator("#search-words").input_value() == ""
    page.go_forward()
    page.wait_for_selector(".found > .card")
    page.get_by_role("link", name="提问", exact=True).click()
    page.get_by_role("link", name="搜索").click()
    assert page.locator("#search-words").input_value() == "轮换计划"


def test_every_mention_folds_open_and_is_exported(tab: Tab) -> None:
    page = tab()
    go(page, ROTATION)
    assert "在 31 篇文档里" in told(page)
    assert page.locator(".group .card").count() == 1
    group = page.locator(".group").last
    group.locator("summary").press("Enter")
    group.locator(".card").first.wait_for()
    assert "轮换" in (group.locator("mark").first.text_content() or "")
    with page.expect_download() as started:
        page.get_by_role("link", name="导出表格（CSV）").click()
    content = started.value.path().read_bytes().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(content)))) == 32


def test_thousands_of_mentions_come_in_parts(tab: Tab, fake: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fake, "mentions", ManyAssistant().mentions)
    page = tab()
    go(page, "/?show=search&mode=mentions&q=备案很多")
    assert "19,994 个段落提到“备案很多”，在 3,000 篇文档里。" in told(page)
    assert page.locator(".group").count() == 100
    page.locator(".group .more").click()
    page.wait_for_selector(".group .card >> nth=119")
    page.locator(".group summary").first.click()
    page.locator(".groups > .more").scroll_into_view_if_needed()  # where its end is seen, the list goes on
    page.wait_for_selector(".group >> nth=199")
    page.locator(".group").nth(150).locator("summary").click()
    page.wait_for_selector(".group >> nth=150 >> .card >> nth=5")
    assert page.locator(".group .card").count() == 126


def test_places_are_chosen_by_keyboard_alone(tab: Tab) -> None:
    page = tab()
    go(page, ROTATION)
    page.locator("#search-scope").press("Enter")
    page.wait_for_selector("#places .row")
    assert page.get_by_role("dialog", name="选择查找的范围").is_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.body === document.activeElement || document.activeElement.closest('dialog') !== null"
        )
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    assert page.locator("#search-scope").evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_selector("#places .row")
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#places .row .row")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.locator("#places .chosen bdi").all_inner_texts() == ["2024"]
    page.get_by_role("button", name="就在这里找").press("Enter")
    page.wait_for_function("() => new URLSearchParams(location.search).get('within') === '通知/2024'")
    page.wait_for_function("() => document.querySelector('#search-told').textContent.includes('30 个段落')")
    assert page.locator("#search-scope").inner_text() == "范围：2024"
    page.locator("#search-scope-clear").press("Enter")
    page.wait_for_function("() => document.querySelector('#search-told').textContent.includes('在 31 篇')")


def test_the_filter_finds_and_a_folder_takes_what_is_in_it(tab: Tab) -> None:
    page = tab()
    room(page)
    page.locator("#search-scope").click()
    page.locator("#places-filter").fill("通知 第7號")
    page.wait_for_function("() => document.querySelectorAll('#places .row').length === 1")
    page.locator("#places .row input").check()
    page.locator("#places-filter").fill("")
    page.wait_for_selector("#places .row.folder")
    folder = page.locator("#places .row.folder", has_text="通知")
    assert folder.locator("input").evaluate("box => box.indeterminate")
    folder.locator("input").check()
    assert page.locator("#places .chosen bdi").all_inner_texts() == ["通知"]
    folder.locator(".unfold").click()
    page.wait_for_selector("#places .row .row")
    assert folder.locator(".row input").first.is_checked()
    assert folder.locator(".row input").first.is_disabled()
    page.get_by_role("button", name="不要通知").click()
    assert not folder.locator(".row input").first.is_checked()
    page.locator("#places .actions .whole").click()
    assert page.locator("#search-scope").inner_text() == "范围：全部资料"


def test_a_conversation_is_kept_to_places(tab: Tab) -> None:
    page = tab()
    page.locator("#scope").click()
    page.locator("#places .row.folder", has_text="安全生产").locator("input").check()
    page.get_by_role("button", name="就在这里找").click()
    page.wait_for_selector("#scope.set")
    page.reload()
    begun(page)
    page.wait_for_selector("#scope.set")
    page.wait_for_selector("#send:not(:empty)")
    page.locator("#question textarea").fill("储备粮轮换期间库存不得低于多少？")
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn:is(.answered, .refused)")
    assert set(page.locator("#sources .path").all_inner_texts()) == {"安全生产/车间守则.txt"}
    page.reload()
    begun(page)
    page.wait_for_selector(".turn")
    page.wait_for_function("() => document.querySelector('#scope-name').textContent === '安全生产'")
    page.locator("#scope-clear").click()
    assert page.locator("#scope").inner_text() == "范围：全部资料"


def test_a_place_that_is_gone_is_told_and_let_go(tab: Tab) -> None:
    page = tab()
    go(page, f"{ROTATION}&within=没有了")
    assert "“没有了”已经不在资料库里了" in page.locator(".found .problem").inner_text()
    page.wait_for_selector("#search-scope.gone")
    page.locator(".found .problem button").click()
    page.wait_for_selector(".groups")
    assert "within" not in page.url
    page.evaluate("sessionStorage.setItem('youju-scope', JSON.stringify(['没有了']))")
    page.goto(page.url.partition("?")[0])
    begun(page)
    page.get_by_text("“没有了”已经不在资料库里了").wait_for()
    page.locator("#told button").click()
    page.wait_for_selector("#scope:not(.set)")


def test_while_the_model_loads_mentions_can_be_looked_for(
    tab: Tab, fake: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = threading.Event()
    search = fake.search

    def waiting(*given: Any, **more: Any) -> Any:
        loaded.wait(20)
        return search(*given, **more)

    monkeypatch.setattr(fake, "search", waiting)
    monkeypatch.setattr(type(fake), "model_state", "loading")
    page = tab()
    try:
        room(page)
        page.locator("#search-words").fill("库存不得低于多少")
        page.get_by_text("“每一处提到”不用模型，现在就能找").first.wait_for()
        page.get_by_role("button", name="改找每一处提到").click()
        page.wait_for_selector(".found .hint")
        assert "没有哪个段落提到" in told(page)
        page.get_by_label("最相关的段落").check()
        page.wait_for_selector(".found .switch")
        loaded.set()
        page.wait_for_selector(".found > .card")  # by itself
    finally:
        loaded.set()


def test_hostile_questions_and_texts_are_text(tab: Tab) -> None:
    page = tab()
    room(page)
    for query in (HOSTILE[:300], "“\"'` ${1} <b>危险文本</b>", "危险文本"):
        enter(page, query)
    for mode in ("每一处提到", "最相关的段落"):
        page.get_by_label(mode).check()
        page.wait_for_selector('#search-found:not([aria-busy="true"]) .card')
    page.locator("#search-scope").click()
    page.locator("#places .row.folder", has_text="恶意").locator(".unfold").click()
    page.locator("#places .row .row input").first.check()
    page.get_by_role("button", name="就在这里找").click()
    page.wait_for_function("() => location.search.includes('within')")
    page.wait_for_selector('#search-found:not([aria-busy="true"]) .card')
    assert page.evaluate("window.pwned") is None
    assert page.locator("#room-search :is(img, script, iframe, style), #places :is(img, script)").count() == 0


def test_a_question_as_long_as_a_book_is_told(tab: Tab) -> None:
    page = tab()
    room(page)
    address = page.url
    page.locator("#search-words").fill("很长的问题" * 20_000)
    page.locator("#search-words").press("Enter")
    assert "这个问题没法查找" in page.locator(".found .problem").inner_text()
    assert page.url == address
    enter(page, "轮换")
    assert page.locator(".found .card").count() == 10


def test_the_cards_of_an_answer_say_why(tab: Tab) -> None:
    page = tab()
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    page.wait_for_selector(".turn.answered")
    for _ in range(2):  # as it arrives through Gradio's sanitiser, and as it is kept
        card = page.locator("#sources .card").first
        card.locator(".why summary").click()
        assert "问题里的“储备粮”“每年”“轮换”出现在这段里" in card.locator(".because").inner_text()
        assert card.locator(".bar i").count() == 20
        assert "轮换" in card.locator(".passage .held").all_inner_texts()
        page.reload()
        begun(page)
        page.wait_for_selector("#sources .card")


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en-US", "dark")])
def test_nothing_serious_for_those_who_hear_or_see_it_badly(tab: Tab, locale: str, scheme: str) -> None:
    page = tab(locale=locale, color_scheme=scheme, reduced_motion="reduce")
    go(page, f"/?show=search&mode=passages&q={QUESTION}")
    page.locator(".why summary").first.click()
    assert violations(page) == []
    go(page, f"{ROTATION}&within=没有了")
    assert violations(page) == []
    go(page, f"{ROTATION}&within=通知")
    page.locator("#search-scope").click()
    page.locator("#places .unfold").last.click()
    page.wait_for_selector("#places .row .row")
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 700})
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []


def test_the_button_that_matters_stays_readable_under_the_mouse(tab: Tab) -> None:
    page = tab()
    page.get_by_role("link", name="搜索").click()
    button = page.locator("#search-form button.primary")
    style = "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    before = button.evaluate(style)
    button.hover()
    assert button.evaluate(style) == before
