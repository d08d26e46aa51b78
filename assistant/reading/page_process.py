"""What runs in the process that draws pages of PDF files and looks for quotes on them: hostile files are met there.

A request says what is wanted ("picture" or "boxes") of which file; the answer is a message about it, or why there is
none, and for a picture a second one that is the PNG file.
"""

from __future__ import annotations

import ctypes
import io
import logging
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import ReadError
from assistant.readers.process import Limits, encoded, serve_with
from assistant.reading.quote_places import letters, places

logger = logging.getLogger(__name__)

# A picture has at most so many pixels, and so many along one side, whatever size a page says it has.
_MOST_PIXELS, _LONGEST_SIDE = 12_000_000, 10_000
_MOST_CHARACTERS = 200_000  # of a page, that are looked through
_MOST_BOXES = 400  # of a page
_FINE = 1_000_000  # parts of a page's width and height in which places are told
# Characters of a line overlap by so much of their height, and are so many heights apart at most.
_OVERLAP, _APART = 0.5, 2.5
_MARGIN = 0.12  # of a line's height, around it
# Marks that follow the last letter of a quote belong to its box.
_FOLLOWING = 3

_Box = tuple[float, float, float, float]  # left, top, right, bottom in points of the page as it is shown


def serve() -> None:
    """The worker that draws: the only function that runs in that process."""
    serve_with(_Drawing().answer)


class _Drawing:
    """Keeps the file of the last request open: most often the next one is about the same."""

    def __init__(self) -> None:
        self._file: Any = None
        self._key: object = None

    def answer(self, request: dict[str, Any], limits: Limits) -> Iterator[tuple[bytes, ...]]:
        name = Path(request["path"]).name
        try:
            file = self._opened(Path(request["path"]), name, limits)
            if request["task"] == "picture":
                yield _picture(file, name, request["page"], request["width"])
            else:
                yield (encoded({"boxes": _boxes(file, name, request["pages"], request["quote"], request["before"])}),)
        except ReadError as error:
            yield (encoded({"error": str(error)}),)
        except MemoryError:
            raise
        except BaseException as error:
            logger.debug("drawing failed", exc_info=True)
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            yield (encoded({"error": f"{name} cannot be shown as pages ({reason}). Open it with a PDF program."}),)

    def _opened(self, path: Path, name: str, limits: Limits) -> Any:
        try:
            stat = path.stat()
            key = (path, stat.st_size, stat.st_mtime_ns)
            if key == self._key:
                return self._file
            if stat.st_size > limits.file_bytes:
                raise ReadError(f"{name} is larger than {limits.file_bytes // 1_000_000:,} MB. Split it.")
            self._close()
            data = path.read_bytes()  # so that the file itself stays free to be replaced
        except OSError as error:
            raise ReadError(f"{name} cannot be read ({error.strerror or error}). Check it, and try again.") from error
        self._file, self._key = _document(data, name), key
        return self._file

    def _close(self) -> None:
        file, self._file, self._key = self._file, None, None
        if file is not None:
            file.close()


def _document(data: bytes, name: str) -> Any:
    import pypdfium2
    import pypdfium2.raw as pdfium

    if b"%PDF-" not in data[:1024]:
        raise ReadError(f"{name} is not a PDF file, whatever its name says. Open it with the program it was made with.")
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise ReadError(f"{name} is encrypted. Open it with its password and save it without one.") from error
        raise ReadError(f"{name} is damaged or cut off. Get it again from where it came from.") from error


def _page(file: Any, name: str, number: int) -> Any:
    """A page (from 1) with what was filled in or typed on it as part of it, as the reader has it."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    if not 1 <= number <= len(file):
        raise ReadError(f"{name} has no page {number}: it has {len(file):,}. Update the index if it changed.")
    try:
        page = file[number - 1]
        if not pdfium.FPDFPage_GetAnnotCount(page):
            return page
        if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
            return page
        page.close()
        return file[number - 1]
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"Page {number:,} of {name} is damaged. Get the file again from where it came from.") from error


def _picture(file: Any, name: str, number: int, width: int) -> tuple[bytes, ...]:
    page = _page(file, name, number)
    try:
        across, down = page.get_size()
        if not (0 < across < math.inf and 0 < down < math.inf):
            raise ReadError(f"Page {number:,} of {name} has no size. Open it with a PDF program and save it again.")
        scale = min(width / across, math.sqrt(_MOST_PIXELS / (across * down)), _LONGEST_SIDE / max(across, down))
        image = page.render(scale=scale, may_draw_forms=False).to_pil()
    finally:
        page.close()
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=2)  # 6 takes three times as long, and saves a fifth
    return encoded({"width": image.width, "height": image.height}), out.getvalue()


def _boxes(file: Any, name: str, numbers: Sequence[int], quote: str, before: str) -> list[list[_Box]]:
    """For each page the boxes of the quote's lines, in fractions of the page from its left upper corner."""
    pages = [_page(file, name, number) for number in numbers]
    texts = [page.get_textpage() for page in pages]
    try:
        shown: list[str] = []
        where: list[tuple[int, int]] = []  # of each letter: which of the pages, and which of its characters
        for index, text in enumerate(texts):
            for place, character in _characters(text):
                for letter in letters(character):
                    shown.append(letter)
                    where.append((index, place))
        found = places("".join(shown), letters(quote), letters(before))
        ends_open = quote.rstrip()[-1:].isalnum()
        result: list[list[_Box]] = []
        for index, (page, text) in enumerate(zip(pages, texts, strict=True)):
            spans = [(where[start][1], where[end - 1][1]) for start, end in _of_page(found, where, index)]
            result.append(_lines(page, text, spans, following=0 if ends_open else _FOLLOWING))
        return result
    finally:
        for opened in (*texts, *pages):
            opened.close()


def _characters(text: Any) -> Iterator[tuple[int, str]]:
    """The characters of a page with their numbers; pdfium gives those beyond U+FFFF in two halves."""
    import pypdfium2.raw as pdfium

    high = 0
    for index in range(min(text.count_chars(), _MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        if code < 0x110000:
            yield index, chr(code)


def _of_page(
    found: Sequence[tuple[int, int]], where: Sequence[tuple[int, int]], page: int
) -> Iterator[tuple[int, int]]:
    """The parts of spans of letters that are on one page."""
    for start, end in found:
        inside = [place for place in range(start, end) if where[place][0] == page]
        if inside:
            yield inside[0], inside[-1] + 1


def _lines(page: Any, text: Any, spans: Sequence[tuple[int, int]], *, following: int) -> list[_Box]:
    """The boxes of the lines that some characters (first, last) take."""
    across, down = page.get_size()
    lines: list[_Box] = []
    for number, (first, last) in enumerate(spans):
        more = following if number == len(spans) - 1 else 0
        previous: _Box | None = None
        for box in _character_boxes(page, text, first, last, more):
            if previous is not None and lines and _is_beside(previous, box):
                lines[-1] = _around(lines[-1], box)
            elif len(lines) < _MOST_BOXES:
                lines.append(box)
            previous = box
    shown = [line for line in lines if line[0] < across and line[1] < down and line[2] > 0 and line[3] > 0]
    return [_fractions(line, across, down) for line in shown]


def _fractions(line: _Box, across: float, down: float) -> _Box:
    left, top, right, bottom = line
    margin = _MARGIN * min(right - left, bottom - top)
    return (
        max(0.0, (left - margin) / across),
        max(0.0, (top - margin) / down),
        min(1.0, (right + margin) / across),
        min(1.0, (bottom + margin) / down),
    )


def _character_boxes(page: Any, text: Any, first: int, last: int, following: int) -> Iterator[_Box]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    end = text.count_chars()
    for index in range(first, min(end, last + 1 + following)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        character = chr(code) if code < 0x110000 else " "
        if index > last and (character.isalnum() or character.isspace()):
            return
        if character.isspace():
            continue
        # The one is as high as the font says its letters are, which may be wrong; the other holds what is drawn.
        try:
            pairs = list(zip(text.get_charbox(index, loose=True), text.get_charbox(index), strict=True))
        except pypdfium2.PdfiumError:
            continue
        left, bottom, right, top = (*map(min, pairs[:2]), *map(max, pairs[2:]))
        one, other = _shown_at(page, left, top), _shown_at(page, right, bottom)
        shown = (min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))
        if shown[0] < shown[2] and shown[1] < shown[3]:
            yield shown


def _shown_at(page: Any, x: float, y: float) -> tuple[float, float]:
    """A place of a page as it is shown: turned and cut as the page says, in points from its left upper corner."""
    import pypdfium2.raw as pdfium

    across, down = page.get_size()
    right, below = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, right, below)
    return right.value / _FINE * across, below.value / _FINE * down


def _is_beside(one: _Box, other: _Box) -> bool:
    """Whether two characters stand in the same line (or, turned, in the same column), one after the other."""
    for low, high, first, second in ((1, 3, 0, 2), (0, 2, 1, 3)):
        height = min(one[high] - one[low], other[high] - other[low])
        overlap = min(one[high], other[high]) - max(one[low], other[low])
        apart = max(other[first] - one[second], one[first] - other[second])
        if overlap > _OVERLAP * height and apart < _APART * height:
            return True
    return False


def _around(one: _Box, other: _Box) -> _Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
