"""Pages as pictures with quotes boxed: the right place on the page, and no file takes the server down."""

import contextlib
import io
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from pypdf.generic import FloatObject, NameObject, NumberObject, RectangleObject

from assistant.errors import ReadError
from assistant.readers import pdf as reader
from assistant.readers.worker import Limits, LostError
from assistant.reading import pictures
from assistant.reading.opening import lay_out
from assistant.reading.pictures import Box, Pages, page_picture, quote_boxes
from assistant.text.paragraphs import split
from tests.readers.pdfs import HEIGHT, WIDTH, Page, pdf
from tests.readers.typeset import Layout, typeset

LIMITS = Limits(memory_bytes=600_000_000, seconds=30)
SENTENCE = "各村应当于每年三月底以前报送上一年度的情况，逾期不报的由镇政府通报批评。"
FILLER = "本镇坚持稳中求进工作总基调，扎实推动高质量发展，城乡居民收入稳步提高，各项事业取得了新的进展。"


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    made = Pages(LIMITS)
    yield made
    made.close()


def saved(folder: Path, data: bytes, name: str = "文件.pdf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def one_line(text: str = SENTENCE, x: float = 60, y: float = 700, size: float = 12) -> bytes:
    page = Page()
    page.line(x, y, text, size)
    return pdf([page])


def changed(data: bytes, change: object) -> bytes:
    """A PDF whose pages were changed with pypdf."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for page in writer.pages:
        change(page)  # type: ignore[operator]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def dark(picture: bytes, box: Box) -> float:
    """The share of the dark points of a page that are in a box."""
    image = Image.open(io.BytesIO(picture)).convert("L").point(lambda value: 255 * (value < 128))
    whole = image.histogram()[255]
    edges = (box.x0 * image.width, box.y0 * image.height, box.x1 * image.width, box.y1 * image.height)
    return image.crop(tuple(map(round, edges))).histogram()[255] / whole


def test_a_page_is_as_wide_as_asked(pages: Pages, tmp_path: Path) -> None:
    path = saved(tmp_path, one_line())
    for width in (300, 1400):
        picture = pages.picture(path, 1, width=width)
        image = Image.open(io.BytesIO(picture.png))
        assert image.format == "PNG"
        assert image.size == (picture.width, picture.height)
        assert abs(picture.width - width) <= 1
        assert abs(picture.height - width * HEIGHT / WIDTH) <= 1
    assert pages.picture(path, 1, width=1).width >= 100
    assert pages.picture(path, 1, width=10**9).width <= 4001


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("cut", [None, (20, 30, 500, 800), (-100, -50, 700, 900), (500, 800, 20, 30)])
def test_the_box_is_around_the_quote(
    pages: Pages, tmp_path: Path, turn: int, cut: tuple[int, int, int, int] | None
) -> None:
    """However the page is turned and cut: all that is drawn on it is the quote."""

    def change(page: pypdf.PageObject) -> None:
        page[NameObject("/Rotate")] = NumberObject(turn)
        if cut is not None:
            page[NameObject("/CropBox")] = RectangleObject(cut)
            page[NameObject("/MediaBox")] = RectangleObject((-200, -100, 800, 1000))

    path = saved(tmp_path, changed(one_line("粮食安全是头等大事", 60, 600, 20), change))
    ((box,),) = pages.boxes(path, [1], "粮食安全是头等大事")
    picture = pages.picture(path, 1, width=900)
    assert dark(picture.png, box) > 0.97
    assert (box.x1 - box.x0) * (box.y1 - box.y0) < 0.05
    across, down = (box.x1 - box.x0) * picture.width, (box.y1 - box.y0) * picture.height
    assert (across > 4 * down) == (turn in (0, 180))


def test_a_user_unit_is_no_trouble(pages: Pages, tmp_path: Path) -> None:
    def change(page: pypdf.PageObject) -> None:
        page[NameObject("/UserUnit")] = FloatObject(10)

    path = saved(tmp_path, changed(one_line(), change))
    ((box,),) = pages.boxes(path, [1], SENTENCE)
    assert dark(pages.picture(path, 1, width=900).png, box) > 0.97


LAYOUTS = {
    "lines": Layout(),
    "columns": Layout(columns=2, header="清河镇文件汇编", footer="— {} —", note="注：数据来自统计年报，以后不再说明。"),
    "narrow": Layout(size=18, leading=30, header="汇编", footer="{}"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_sentence_of_a_typeset_document_is_found(pages: Pages, tmp_path: Path, name: str) -> None:
    """As the reader made its text, on the pages that the text says; also those that run over the end of a page."""
    texts = [f"第{number}条　{FILLER}{SENTENCE}见{number}号文件。" for number in range(1, 40)]
    path = saved(tmp_path, pdf(typeset(texts, LAYOUTS[name])))
    (document,) = reader.read(path.read_bytes(), path.name).documents
    opened = lay_out(document, split(document.id, document.text, page_starts=document.pages, outline=document.outline))
    crossing = 0
    for number in range(1, 40):
        quote = f"逾期不报的由镇政府通报批评。见{number}号文件。"
        start = document.text.index(quote) - len(FILLER)
        span = (start, document.text.index(quote) + len(quote))
        numbers = opened.pages_of(span)
        boxes = pages.boxes(path, numbers, document.text[span[0] : span[1]], before=document.text[: span[0]][-40:])
        assert all(boxes), document.text[span[0] : span[1]]
        assert all(box.x1 - box.x0 > 0.01 and 0.005 < box.y1 - box.y0 < 0.08 for page in boxes for box in page)
        assert sum(len(page) for page in boxes) <= 12
        crossing += len(numbers) > 1
    assert crossing


def test_of_two_places_the_one_after_the_same_words(pages: Pages, tmp_path: Path) -> None:
    page = Page()
    page.lines(60, 700, ["甲方义务如下", SENTENCE, "乙方义务如下", SENTENCE])
    path = saved(tmp_path, pdf([page]))
    ((first,),) = pages.boxes(path, [1], SENTENCE, before="……甲方义务如下\n")
    ((second,),) = pages.boxes(path, [1], SENTENCE, before="……乙方义务如下\n")
    assert first.y1 < second.y0
    assert pages.boxes(path, [1], "全然不在这一页上的另外一句话") == ((),)
    assert pages.boxes(path, [], SENTENCE) == ()
    assert pages.boxes(path, [1], "") == ((),)
    assert pages.boxes(path, [1], "，。") == ((),)


def test_english_lines_with_hyphens(pages: Pages, tmp_path: Path) -> None:
    page = Page()
    page.lines(60, 700, ["The safety officer keeps the rec-", "ords for three years, and the docu-", "ments for ten."])
    path = saved(tmp_path, pdf([page]))
    ((one, two, three),) = pages.boxes(path, [1], "keeps the records for three years, and the documents for ten.")
    assert one.y1 < two.y1 < three.y1
    assert one.x0 > 0.2
    assert two.x0 < 0.12


@pytest.mark.parametrize("size", [(14400, 14400), (1_000_000, 1_000_000), (14400, 2), (2, 14400), (1, 1e9)])
def test_pages_of_any_size_are_pictures_of_a_few_megapixels(
    pages: Pages, tmp_path: Path, size: tuple[float, float]
) -> None:
    def change(page: pypdf.PageObject) -> None:
        page[NameObject("/MediaBox")] = RectangleObject((0, 0, *size))

    path = saved(tmp_path, changed(one_line(), change))
    picture = pages.picture(path, 1, width=4000)
    assert 0 < picture.width * picture.height < 13_000_000
    assert max(picture.width, picture.height) <= 10_001


@pytest.mark.parametrize("box", [(0, 0, 0, 0), (5, 5, 5, 5), (-1e30, -1e30, 1e30, 1e30)])
def test_pages_without_a_size_are_a_picture_or_an_error(pages: Pages, tmp_path: Path, box: tuple[float, ...]) -> None:
    def change(page: pypdf.PageObject) -> None:
        page[NameObject("/MediaBox")] = RectangleObject(box)

    path = saved(tmp_path, changed(one_line(), change))
    with contextlib.suppress(ReadError):
        picture = pages.picture(path, 1)
        assert picture.width * picture.height < 13_000_000


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(one_line()))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


BAD = {
    "encrypted": (encrypted, "encrypted"),
    "cut off": (lambda: one_line()[:300], "damaged"),
    "text": (lambda: "只是文字".encode(), "not a PDF"),
    "empty": (lambda: b"", "not a PDF"),
    "header": (lambda: b"%PDF-1.7\n%%EOF", "damaged"),
    "noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400, "damaged"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_shown_is_one_clear_error(pages: Pages, tmp_path: Path, what: str) -> None:
    make, message = BAD[what]
    path = saved(tmp_path, make(), "坏\n文件.pdf")
    for call in (lambda: pages.picture(path, 1), lambda: pages.boxes(path, [1], SENTENCE)):
        with pytest.raises(ReadError, match=message) as caught:
            call()
        assert "文件.pdf" in str(caught.value)
        assert "\n" not in str(caught.value)
        assert str(tmp_path) not in str(caught.value)
    good = saved(tmp_path, one_line(), "好.pdf")
    assert pages.picture(good, 1).png


@pytest.mark.parametrize("page", [0, -1, 2, 10**12])
def test_a_page_that_is_not_there(pages: Pages, tmp_path: Path, page: int) -> None:
    path = saved(tmp_path, one_line())
    with pytest.raises(ReadError, match="has no page"):
        pages.picture(path, page)
    with pytest.raises(ReadError, match="has no page"):
        pages.boxes(path, [1, page], SENTENCE)


def test_what_is_no_file(pages: Pages, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道.pdf")
    for path in (tmp_path / "没有.pdf", tmp_path, tmp_path / "管道.pdf", tmp_path / "a\0.pdf"):
        with pytest.raises(ReadError):
            pages.picture(path, 1)


def test_mutated_files_are_pictures_or_errors(pages: Pages, tmp_path: Path) -> None:
    data = pdf(typeset([FILLER * 3, SENTENCE], Layout()), compressed=True)
    for number in range(60):
        place = number * len(data) // 60
        path = saved(tmp_path, data[:place] + bytes([number * 37 % 256]) * (number % 7) + data[place + number % 5 :])
        os.utime(path, ns=(number, number))
        for call in (lambda: pages.picture(path, 1, width=200), lambda: pages.boxes(path, [1], SENTENCE)):  # noqa: B023
            with contextlib.suppress(ReadError):
                call()
    assert pages.picture(saved(tmp_path, one_line(), "好.pdf"), 1).png


def test_a_changed_file_is_drawn_anew(pages: Pages, tmp_path: Path) -> None:
    path = saved(tmp_path, one_line("甲"))
    first = pages.picture(path, 1)
    assert pages.picture(path, 1) is first
    path.write_bytes(one_line("乙丙丁戊"))
    assert pages.picture(path, 1) != first
    assert pages.boxes(path, [1], "乙丙丁戊") != ((),)


# Stands in the place of pypdfium2 in the worker process: it does what the file says.
FAKE = """
import os, time
class PdfiumError(RuntimeError): ...
class PdfDocument:
    def __init__(self, data):
        what = data.split(b"-")[1].decode()
        open(os.environ["YOUJU_TEST_CALLS"], "a").write(what + "\\n")
        if what == "hang":
            while True:
                pass
        if what == "abort":
            os.abort()
        if what == "exit":
            os._exit(3)
        if what == "memory":
            hoard = [bytearray(10_000_000) for _ in range(1000)]
        if what == "panic":
            class Panic(BaseException): ...
            raise Panic("a panic")
        if what == "print":
            os.write(1, b"noise" * 1000)
        from assistant.readers import process
        send, lies = process.send, {
            "noise": (b"noise",), "list": (b"[1]",), "nothing": (b"{}",), "deep": (b"[" * 100_000,),
            "no picture": (b'{"width": 1, "height": 1}', b"<svg onload=1 />\\0\\0\\0\\1\\0\\0\\0\\1"),
            "other size": (b'{"width": 9, "height": 9}', b"\\x89PNG\\r\\n\\x1a\\n" + bytes(100)),
            "places": (b'{"boxes": [[[0, 0, 2, 1]]]}',), "types": (b'{"boxes": [[["a", 0, 1, 1]]]}',),
            "nan": (b'{"boxes": [[[NaN, 0, 1, 1]]]}',), "few": (b'{"boxes": [[[0, 0]]]}',),
        }
        if what in lies:  # as a parser could that was taken over
            process.send = lambda pipe, *messages: send(pipe, *lies[what])
        raise PdfiumError(what)
"""


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    (tmp_path / "fake" / "pypdfium2").mkdir(parents=True)
    (tmp_path / "fake" / "pypdfium2" / "__init__.py").write_text(FAKE)
    (tmp_path / "fake" / "pypdfium2" / "raw.py").write_text("FPDF_ERR_PASSWORD = 4")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "fake"), *sys.path])
    monkeypatch.setenv("YOUJU_TEST_CALLS", str(tmp_path / "calls"))
    (tmp_path / "calls").touch()
    made = Pages(Limits(memory_bytes=400_000_000, seconds=30))
    yield made
    made.close()


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text().split()


@pytest.mark.parametrize(
    ("what", "message"),
    [("hang", "longer than 2 seconds"), ("abort", "crashed"), ("exit", "crashed"), ("memory", "MB of memory"),
     ("panic", "panic"), ("print", "damaged"), ("noise", "crashed"), ("list", "crashed"), ("nothing", "crashed"),
     ("deep", "crashed"), ("no picture", "crashed"), ("other size", "crashed")],
)  # fmt: skip
def test_a_drawing_program_that_fails_costs_one_error(hostile: Pages, tmp_path: Path, what: str, message: str) -> None:
    path = saved(tmp_path, f"%PDF-{what}-".encode())
    if what == "hang":  # the others are not given up before they have failed
        hostile._limits = replace(LIMITS, seconds=2)
    with pytest.raises(ReadError, match=message):
        hostile.picture(path, 1)
    hostile._limits = LIMITS
    # The next file gets an answer, from another process where the first was lost.
    with pytest.raises(ReadError, match="damaged"):
        hostile.picture(saved(tmp_path, b"%PDF-good-", "好.pdf"), 1)


@pytest.mark.parametrize("what", ["places", "types", "nan", "few"])
def test_lies_about_places_are_one_error(hostile: Pages, tmp_path: Path, what: str) -> None:
    with pytest.raises(ReadError, match="crashed"):
        hostile.boxes(saved(tmp_path, f"%PDF-{what}-".encode()), [1], SENTENCE)


def test_a_page_that_failed_is_not_tried_again(hostile: Pages, tmp_path: Path) -> None:
    path = saved(tmp_path, b"%PDF-abort-")
    for _ in range(3):
        with pytest.raises(ReadError, match="crashed"):
            hostile.picture(path, 1)
    assert calls(tmp_path) == ["abort"]


def test_a_page_that_took_too_long_is_tried_again_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def lose(_: Pages, request: dict[str, int], take: object) -> None:
        asked.append(request["page"])
        raise LostError(slow=True)

    monkeypatch.setattr(Pages, "_answer", lose)
    made, path = Pages(), saved(tmp_path, b"%PDF-slow-")
    for page, wait in ((1, pictures._SLOW_FOR), (2, 0.0)):
        monkeypatch.setattr(pictures, "_SLOW_FOR", wait)
        for _ in range(2):
            with pytest.raises(ReadError, match="longer than"):
                made.picture(path, page)
    assert asked == [1, 2, 2]
    made.close()


def test_what_was_asked_last_is_drawn_next_and_of_many_the_first_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, gate = threading.Semaphore(0), threading.Event()
    drawn: list[int] = []

    def draw(_: Pages, request: dict[str, int], take: object) -> ReadError:
        drawn.append(request["page"])
        begun.release()
        gate.wait(30)
        return ReadError("drawn")

    monkeypatch.setattr(Pages, "_answer", draw)
    path = saved(tmp_path, b"%PDF-good-")
    made = Pages()

    def told(page: int) -> str:
        with pytest.raises(ReadError) as error:
            made.picture(path, page)
        return str(error.value)

    with ThreadPoolExecutor(20) as tabs:
        first = tabs.submit(told, 1)
        assert begun.acquire(timeout=30)
        later = []
        for page in range(2, 13):
            later.append(tabs.submit(told, page))
            while page not in [request["page"] for _, request, _ in tuple(made._waiting)]:
                pass
        assert {one.result(30) for one in later[:3]} == {
            "Too many pages were asked for at once. Wait a moment, and show this one again."
        }
        assert not any(one.done() for one in later[3:])
        gate.set()
        assert {one.result() for one in (first, *later[3:])} == {"drawn"}
    assert drawn == [1, *range(12, 4, -1)]
    made.close()


def test_a_process_that_is_gone_is_started_again(tmp_path: Path) -> None:
    pages = Pages(LIMITS)
    assert pages.picture(saved(tmp_path, one_line()), 1).png
    worker = pages._worker
    assert worker is not None
    worker._process.kill()
    worker._process.wait()
    assert pages.picture(saved(tmp_path, one_line("又一页"), "另一.pdf"), 1).png
    pages.close()
    pages.close()
    assert worker._process.poll() is not None
    assert pages.picture(saved(tmp_path, one_line("再一页"), "再一.pdf"), 1).png
    pages.close()


def test_the_pictures_that_are_kept_are_bounded() -> None:
    from assistant.reading.bounded import Bounded

    kept: Bounded[int, bytes] = Bounded(100)
    for number in range(20):
        kept.put(number, b"", 30)
        assert kept.get(0 if number < 3 else number) is not None
        assert kept.weight <= 100
    assert [number for number in range(20) if kept.get(number) is not None] == [17, 18, 19]
    kept.put(18, b"", 10)
    assert kept.weight == 70
    kept.put(99, b"", 101)
    assert kept.get(99) is None
    assert kept.get(19) is not None


def test_for_everyone(tmp_path: Path) -> None:
    path = saved(tmp_path, one_line())
    assert page_picture(path, 1, width=200).width in (200, 201)
    assert len(quote_boxes(path, [1], SENTENCE)[0]) == 1
