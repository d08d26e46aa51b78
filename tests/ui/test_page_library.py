"""The library's room in a real browser, over the fake library and over a real one that needs no model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.assistant import Assistant
from assistant.types import Changes, Problem
from tests.index.library import TEXTS, make_assistant, write
from tests.ui.axe import violations
from tests.ui.fake_library import HOSTILE, FakeAssistant
from tests.ui.running import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Tab = Callable[..., "Page"]
ROOM = "/?show=library"


def enter(page: Page, part: str = "") -> None:
    """Go to the room by its link, and wait for its table or for a part of it."""
    page.evaluate(
        """address => {
          const link = document.createElement("a");
          link.href = address;
          document.body.append(link);
          link.click();
          link.remove();
        }""",
        ROOM + part,
    )
    page.wait_for_selector("#shelf-table :is(table, .none, .problem)", state="attached")
    page.wait_for_selector(".shelf .head h1")


def text(page: Page, selector: str) -> str:
    return page.locator(selector).first.inner_text()


@pytest.fixture(scope="module")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of a library into which files may be put; each test gives its desk a library of its own."""
    with Running(make_assistant(tmp_path_factory.mktemp("none"), uploads=True)) as running:
        yield running


@pytest.fixture
def real(real_server: Running, tmp_path: Path) -> Iterator[Callable[..., Assistant]]:
    """Makes the library that the page shows, indexed unless it holds no texts."""

    def make(texts: dict[str, str] | None = None, **changes: Any) -> Assistant:
        write(tmp_path / "texts", TEXTS if texts is None else texts)
        changes = {"uploads": True, "file_megabytes": 1, **changes}
        assistant = make_assistant(tmp_path, **changes)
        if texts is None:
            assistant.update()
        assistant.load_model()  # while one loads, tabs look at the library every second
        real_server.desk.close()
        real_server.desk.__init__(assistant, lambda library: make_assistant(tmp_path / "sample", library=library))
        return assistant

    yield make
    real_server.desk.close()


@pytest.fixture
def visit(browser: Browser, real_server: Running) -> Iterator[Tab]:
    """Opens the room of the real library; any error on the console, dialog or outside request fails the test."""
    trouble: list[str] = []
    contexts = []

    def open_tab(part: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith(_OURS(real_server)) else trouble.append(one.url))
        page.goto(real_server.url + ROOM + part)
        page.wait_for_selector("#shelf-table :is(table, .none)", state="attached")
        page.wait_for_selector(".shelf .head h1")
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert trouble == []


def _OURS(served: Running) -> tuple[str, ...]:  # noqa: N802
    return (served.url + "/", "data:", "blob:")


@pytest.mark.parametrize(
    ("locale", "scheme", "facts", "states"),
    [
        ("zh-CN", "light", ["4 篇文档、8 个段落、240 个窗口", "第 3 代索引", "default，已就绪", "忽略\n3 项"],
         "全部 6\n有问题 1\n新文件 1\n已改动 1\n已是最新 3"),
        ("en-US", "dark", ["4 documents, 8 passages, 240 windows", "generation 3", "default, ready", "3 items"],
         "All 6\nWith a problem 1\nNew 1\nEdited since 1\nUp to date 3"),
    ],
)  # fmt: skip
def test_the_room_tells_all_that_is_known(
    tab: Tab, fake: FakeAssistant, locale: str, facts: list[str], states: str, scheme: str
) -> None:
    fake.changes, fake.ignored = Changes(("新.md",), ("english/tea.md",)), 3
    fake.problems = (Problem("旧/报告.doc", "旧/报告.doc is empty (0 bytes). Put it there again."),)
    page = tab(locale=locale, color_scheme=scheme)
    page.locator('#side a[data-room="library"]').click()
    page.wait_for_selector("table.documents")
    head = text(page, ".shelf .head")
    for fact in facts:
        assert fact in head
    assert text(page, "#shelf-filters .choices") == states
    assert page.locator("table.documents tbody tr").first.inner_text().startswith("报告.doc")
    assert (
        page.get_by_role("link", name="A short history of tea").get_attribute("href")
        == "/read?document=english%2Ftea.md"
    )
    assert violations(page, "#room-library") == []
    for part in ("dictionary", "check", "questions"):
        page.locator(f'.shelf .parts a[data-to="{part}"]').click()
        page.wait_for_selector(f"#shelf-part-{part}:visible")
        assert violations(page, "#room-library") == []


def test_the_table_is_filtered_and_sorted_by_keyboard_and_found_again(
    visit: Tab, real: Callable[..., Assistant]
) -> None:
    real()
    page = visit()
    page.locator("#shelf-find").focus()
    page.keyboard.type("保密 办法")
    page.wait_for_selector("#shelf-table >> text=1 项")
    assert page.locator("tbody tr").count() == 1
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.wait_for_selector("#shelf-table >> text=3 项")
    page.locator("#shelf-sort-bytes").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('th.bytes[aria-sort="ascending"]')
    assert page.evaluate("document.activeElement.id") == "shelf-sort-bytes"
    page.keyboard.press("Enter")
    page.wait_for_selector('th.bytes[aria-sort="descending"]')
    page.locator("#shelf-kind").select_option("txt")
    page.wait_for_selector("#shelf-table >> text=2 项")
    page.reload()
    page.wait_for_selector("#shelf-table >> text=2 项")
    assert page.locator("#shelf-kind").input_value() == "txt"
    assert page.locator('th.bytes[aria-sort="descending"]').count() == 1


def test_two_hundred_hostile_problems_are_pages_of_text(tab: Tab, fake: FakeAssistant) -> None:
    fake.problems = tuple(Problem(f"{number:03}{HOSTILE}", HOSTILE) for number in range(200))
    page = tab(locale="en-US")
    enter(page, "&state=problem")
    page.wait_for_selector("#shelf-table >> text=200 rows")
    assert page.locator("tbody tr").count() == 50
    assert "<script>window.pwned=1</script>" in text(page, "tbody tr")
    page.locator("#shelf-page-next").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Page 2 of 4")
    assert page.evaluate("document.activeElement.id") == "shelf-page-next"
    assert "050<script>" in text(page, "tbody tr")
    assert page.evaluate("window.pwned") is None
    assert page.locator("#room-library :is(script, img, iframe, [onerror], [onmouseover])").count() == 0
    assert "\u202e" not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_update_is_previewed_followed_and_stopped_by_keyboard(tab: Tab, fake: FakeAssistant) -> None:
    fake.changes = Changes(tuple(f"会议纪要/第{n}次.docx" for n in range(60)), ("改.md",))
    fake.steps = threading.Semaphore(2)
    page, other = tab(), tab(locale="en-US")  # the other one stays where questions are asked
    enter(page)
    page.locator("#shelf-preview").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".preview >> text=要计算 480 个窗口，约需 12 秒")
    assert "…还有 20 个" in text(page, ".preview")
    page.locator("#shelf-update").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#shelf-running >> text=80/240 个窗口，每秒 42 个窗口，还需约 4 秒")
    page.wait_for_selector("#state >> text=正在计算向量 33%，还需约 4 秒")
    assert page.locator("#state progress").evaluate("bar => bar.value") == pytest.approx(1 / 3)
    assert page.locator(".preview").count() == 0
    page.wait_for_selector("#shelf-stop:focus")
    assert page.locator("#shelf-update").get_attribute("aria-disabled") == "true"
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when its window comes to the front
    other.wait_for_selector("#state >> text=Embedding 33%, about 4 seconds left")
    page.keyboard.press("Enter")
    page.wait_for_selector("#state >> text=正在停止…")
    fake.steps.release()
    page.wait_for_selector("#shelf-outcome >> text=已停止更新；算好的 80 个窗口都留着")
    page.wait_for_selector("#shelf-update:focus")
    assert fake.generation == 3
    fake.steps.release(10)
    page.keyboard.press("Enter")
    page.wait_for_selector("#shelf-outcome >> text=索引已更新：新增 1、修改 2")
    page.wait_for_selector(".head >> text=第 4 代索引")
    assert page.locator("#state .going").inner_text() == ""


def test_the_switch_follows_the_folder_in_every_tab(tab: Tab, fake: FakeAssistant, tmp_path: Path) -> None:
    fake.settings = fake.settings.model_copy(update={"library": tmp_path, "index": tmp_path / ".index"})
    page = tab()
    enter(page)
    page.get_by_role("switch", name="跟随文件夹自动更新").focus()
    page.keyboard.press("Space")
    page.wait_for_selector('#shelf-follow[aria-checked="true"]')
    other = tab(locale="en-US")
    enter(other)
    other.wait_for_selector('#shelf-follow[aria-checked="true"]')
    fake.changes = Changes(("新.md",), (), ())
    (tmp_path / "新.md").write_text("新的文字。")
    page.wait_for_selector("#shelf-outcome >> text=索引已更新")
    other.get_by_role("switch", name="Follow the folder").click()
    page.wait_for_selector('#shelf-follow[aria-checked="false"]')


def test_an_update_that_fails_says_what_to_do(tab: Tab, fake: FakeAssistant) -> None:
    from assistant.errors import IndexBusyError

    fake.update_failure = IndexBusyError("Another process is updating this index. Wait for it.")
    page = tab()
    enter(page)
    page.locator("#shelf-update").click()
    page.wait_for_selector(".update.failed >> text=索引没有更新，原来的仍可使用")
    assert "另一个程序正在更新这个索引" in text(page, ".update.failed")


def test_the_dictionary_is_edited_and_a_change_by_others_is_not_lost(
    visit: Tab, real: Callable[..., Assistant]
) -> None:
    library = real().library
    page = visit("&part=dictionary")
    box = page.locator("#shelf-words-text")
    box.fill("清河镇\nabc\n")
    page.wait_for_selector("#shelf-words-problems >> text=第 2 行：不是中文词")
    page.get_by_role("button", name="保存词典").click()
    page.wait_for_selector("#shelf-words-said >> text=没有保存")
    assert not (library / "youju.dict").exists()
    box.fill("清河镇\n耕地占补平衡 5\n")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#shelf-part-dictionary .stale >> text=更新索引后，新的词才会用上")
    assert page.locator("#shelf-words-said").inner_text() == "词典已保存。"  # also in the form as it is made anew
    assert page.evaluate("document.activeElement.id") == "shelf-words-save"
    assert (library / "youju.dict").read_text("utf-8") == "清河镇\n耕地占补平衡 5\n"
    page.wait_for_selector(".known >> text=词典改了")
    assert "primary" in (page.locator("#shelf-update").get_attribute("class") or "")
    (library / "youju.dict").write_text("别人的词\n", "utf-8")
    box.fill("我的词\n")
    page.get_by_role("button", name="保存词典").click()
    page.wait_for_selector(".conflict >> text=别人的词")
    assert box.input_value() == "我的词\n"
    page.get_by_role("button", name="读入文件现在的内容").click()
    assert box.input_value() == "别人的词\n"
    box.fill("别人的词\n我的词\n")
    page.get_by_role("button", name="保存词典").click()
    page.wait_for_selector("#shelf-words-said >> text=词典已保存")
    assert (library / "youju.dict").read_text("utf-8") == "别人的词\n我的词\n"


def test_files_are_put_into_the_library_and_every_refusal_is_told(visit: Tab, real: Callable[..., Assistant]) -> None:
    assistant = real()
    page = visit()
    page.locator("#shelf-folder").select_option("保密")
    files = [
        ("新的一篇.md", "# 新的一篇\n\n放进来的文字。"),
        ("办法.md", "别的内容。"),
        ("<img src=x onerror=window.pwned=1>.txt", "Text."),
        ("表.exe", "MZ"),
        ("大.txt", "大" * 400_000),
        ("空.txt", ""),
    ]
    page.locator("#shelf-files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content.encode()} for name, content in files]
    )
    page.wait_for_selector("#shelf-queue .done")
    said = text(page, "#shelf-queue")
    assert "新的一篇.md\n已放入" in said
    assert "办法.md\n那里已有同名文件，内容不同" in said
    assert "<img src=x onerror=window.pwned=1>.txt\n这个名字不能用作文件名" in said
    assert "表.exe\n这种文件读不了" in said
    assert "大.txt\n超过了 1.0 MB 的上限" in said
    assert "空.txt\n是空文件" in said
    assert (assistant.library / "保密" / "新的一篇.md").read_text("utf-8").endswith("放进来的文字。")
    assert "涉密" in (assistant.library / "保密" / "办法.md").read_text("utf-8")
    page.get_by_role("button", name="替换 办法.md").click()
    page.wait_for_selector("#shelf-queue >> text=已替换原来的文件")
    assert (assistant.library / "保密" / "办法.md").read_text("utf-8") == "别的内容。"
    page.locator("#shelf-queue .done button").click()
    page.wait_for_selector("#shelf-outcome >> text=索引已更新：新增 1、修改 1")
    page.wait_for_selector("tbody >> text=新的一篇")
    assert page.evaluate("window.pwned") is None


def test_dropped_files_go_into_the_library_and_dropped_folders_are_refused(
    visit: Tab, real: Callable[..., Assistant]
) -> None:
    assistant = real()
    page = visit(locale="en-US")
    page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["Dropped text."], "dropped.txt"));
          const room = document.getElementById("shelf-table");
          for (const type of ["dragover", "drop"])
            room.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_selector("#shelf-queue >> text=dropped.txt")
    page.wait_for_selector("#shelf-queue >> text=The files are in place; update the index to ask about them.")
    assert (assistant.library / "dropped.txt").read_text() == "Dropped text."


def test_where_uploads_are_off_one_line_says_how_to_switch_them_on(tab: Tab) -> None:
    page = tab(locale="en-US")
    enter(page)
    assert "youju chat --uploads" in text(page, ".uploads-off")
    assert page.locator("#shelf-drop, #shelf-files").count() == 0


def test_a_check_finds_what_is_wrong_and_a_repair_mends_it(visit: Tab, real: Callable[..., Assistant]) -> None:
    assistant = real()
    page = visit("&part=check")
    page.locator("#shelf-check").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#shelf-part-check >> text=没有发现问题")
    assert "3 篇文档" in text(page, "#shelf-part-check .results")
    faiss = next(assistant.index_dir.rglob("*.faiss"))
    faiss.write_bytes(faiss.read_bytes()[:-8] + b"\0" * 8)
    page.locator("#shelf-check").click()
    page.wait_for_selector("#shelf-part-check >> text=发现 1 处问题")
    assert "检索文件" in text(page, ".findings")
    page.locator("#shelf-repair").click()
    page.wait_for_selector("#shelf-part-check >> text=修好了 1 处")
    page.locator("#shelf-clean").click()
    page.wait_for_selector("#shelf-part-check .results >> text=清理")
    assert assistant.check().sound


def test_own_questions_are_run_and_their_figures_shown(visit: Tab, real: Callable[..., Assistant]) -> None:
    assistant = real()
    lines = (
        '{"question": "涉密人员上岗前应当签订什么？", "document": "保密/办法.md", "quote": "保密承诺书"}\n'
        '{"question": "火星上有几家银行？", "answerable": false}\n'
    )
    (assistant.index_dir / "questions.jsonl").write_text(lines, "utf-8")
    page = visit("&part=questions")
    assert "2 个问题" in text(page, "#shelf-part-questions")
    page.get_by_role("button", name="运行这些问题").click()
    page.wait_for_selector("#shelf-part-questions >> text=/2 个问题里有 [012] 个合乎期望/")
    assert "今天" in text(page, "#shelf-part-questions .when")
    page.get_by_role("button", name="再运行一次").click()
    page.wait_for_selector("#shelf-part-questions >> text=±0")


@pytest.mark.parametrize(
    ("locale", "title", "look", "sample"),
    [
        ("zh-CN", "资料库里还没有文本", "再看一次", "使用示例资料库"),
        ("en-US", "The library holds no texts yet", "Look again", "Use the sample library"),
    ],
)
def test_an_empty_library_explains_itself_and_offers_the_sample(
    visit: Tab, real: Callable[..., Assistant], locale: str, title: str, look: str, sample: str
) -> None:
    library = real({"a.txt": "不是文本"}).library
    (library / "a.txt").unlink()
    page = visit(locale=locale)
    page.wait_for_selector("#shelf-table .none")
    page.locator('#side a[data-room="chat"]').click()
    page.wait_for_selector(f"#welcome >> text={title}")
    assert str(library) in text(page, "#welcome")
    write(library, {"新.txt": "后来放进来的一段文字。"})
    page.locator("#welcome").get_by_role("button", name=look).click()
    page.wait_for_selector("#welcome [data-shelf=update]")
    page.locator("#welcome").get_by_role("button", name=sample).click()
    page.wait_for_selector("#state >> text=sample")
    page.wait_for_selector("#welcome .example")  # the sample has been read
    assert "sample" in text(page, "#state .name")
    assert "新.txt" not in page.content()


def test_a_library_is_indexed_from_the_welcome(visit: Tab, real: Callable[..., Assistant]) -> None:
    assistant = real({"粮食.txt": TEXTS["粮食.txt"]})
    page = visit()
    assert "有 1 个文件还没有读" in text(page, ".shelf .begin")
    page.locator('#side a[data-room="chat"]').click()
    page.locator("#welcome").get_by_role("button", name="建立索引").click()
    page.wait_for_selector("#welcome >> text=问你自己的文本")
    assert assistant.status().documents == 1


def test_a_missing_library_says_so_everywhere(visit: Tab, real: Callable[..., Assistant], tmp_path: Path) -> None:
    real({"a.txt": "一段文字。"}, library=tmp_path / "nowhere")
    page = visit()
    assert "“" + str(tmp_path / "nowhere") + "”不存在" in text(page, ".shelf .begin")
    page.locator(".parts a[data-to=dictionary]").click()
    page.wait_for_selector("#shelf-part-dictionary >> text=现在用不了词典")
    page.locator('#side a[data-room="chat"]').click()
    page.wait_for_selector("#welcome >> text=找不到资料库的文件夹")


@pytest.mark.parametrize("width", [360, 768, 1440, 2560])
def test_nothing_is_cut_off_at_any_width(tab: Tab, fake: FakeAssistant, width: int) -> None:
    fake.changes = Changes(("长" * 90 + ".md", "a" * 200), ("english/tea.md",), ())
    fake.problems = (Problem("b" * 200, "c" * 300),)
    page = tab(viewport={"width": width, "height": 780})
    enter(page)
    page.locator("#shelf-preview").click()
    page.wait_for_selector(".preview")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for place in ("#room-library", ".shelf .head", "#shelf-table", "#shelf-filters"):
        assert page.locator(place).evaluate("element => element.scrollWidth <= element.clientWidth + 1"), place
    is_card = page.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == "flex"
    assert is_card == (width < 1000)
    assert page.get_by_role("table", name="资料库里的文档").get_by_role("row").count() >= 4
