"""PDF files: paragraphs with the pages they begin on, headings where the file or the size of letters tells them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from assistant.errors import ReadError
from assistant.readers.pdf_lines import PageText, Segment, flows, page_text
from assistant.readers.pdf_margins import margins
from assistant.readers.pdf_outline import outline, title_paragraph
from assistant.readers.pdf_paragraphs import Paragraph, body_size, paragraphs
from assistant.readers.pdf_tables import Table, told_rows
from assistant.readers.reading import Reading, make_document
from assistant.readers.titles import title_of, title_of_name
from assistant.types import Heading, Problem

_BETWEEN = "\n\n"  # so that no reader of lines takes two paragraphs for one
# A page with fewer characters and a picture is a scanned one.
_SCANNED = 10
# With more glyphs (in a hundred) of which the file does not say what characters they are, the text is no text.
_UNREADABLE_PERCENT = 30
_END_OF_FILE = b"%%EOF"
_TAIL = 2048

_PROGRAM = re.compile(
    r"^(?:Microsoft (?:Word|PowerPoint|Excel)|WPS \w+|PowerPoint)\s*(?:[-–—:]\s*|演示文稿$)", re.IGNORECASE
)
_SUFFIX = re.compile(r"\.(?:docx?|wps|pptx?|xlsx?|pdf|tex|dvi|indd|qxd|p65|txt|rtf|html?)$", re.IGNORECASE)


def read(data: bytes, document_id: str) -> Reading:
    """One document. Not safe in two threads at once, as pdfium is not. Raises ReadError."""
    pages, titles, bookmarks, problems = _read_pages(data, document_id)
    problems += _unreadable(pages, document_id)
    pages = [
        replace(page, segments=tuple(segment for segment in page.segments if segment not in dropped))
        for page, dropped in zip(pages, margins([page.segments for page in pages]), strict=True)
    ]
    rows = told_rows([page.tables for page in pages])
    columns = [
        flows([*page.segments, *(_row(*row) for row in told)]) + flows(list(page.aside))
        for page, told in zip(pages, rows, strict=True)
    ]
    found = paragraphs(columns, [page.width for page in pages])
    text = _BETWEEN.join(paragraph.text for paragraph in found)
    if not text.strip():
        raise ReadError(f"{document_id} holds no text but page numbers. Put text into it, or remove it.")
    starts = list(accumulate((len(paragraph.text) + len(_BETWEEN) for paragraph in found), initial=0))
    body = body_size(columns)
    title = _title(titles, found, body, text, document_id)
    headings = tuple(
        Heading(starts[index], starts[index] + len(found[index].text), level)
        for index, level in outline(found, body, bookmarks)
    )
    begins = _page_starts(found, starts, len(pages), len(text))
    document = make_document(document_id, title, text, pages=begins, outline=headings)
    return Reading((document,), tuple(problems))


def _row(table: Table, height: float, text: str) -> Segment:
    return Segment(text, table.grid.xs[0], table.grid.xs[-1], height, table.size, bold=False, row=True)


def _read_pages(data: bytes, document_id: str) -> tuple[list[PageText], str, list[tuple[int, str, int]], list[Problem]]:
    """The pages, the title of the file's metadata, its bookmarks (level from 1, title, page), and what is wrong."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    if b"%PDF-" not in data[:1024]:
        raise ReadError(
            f"{document_id} is not a PDF file, whatever its name says. Give it the right name ending, or save it again."
        )
    try:
        file = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise ReadError(
                f"{document_id} is encrypted. Open it with its password, save it without one, and index again."
            ) from error
        raise _damaged(document_id) from error
    try:
        pages: list[PageText] = []
        bad: list[int] = []
        for number in range(len(file)):
            try:
                page = _filled_in(file, number)
                pages.append(page_text(page))
                page.close()
            except pypdfium2.PdfiumError:
                pages.append(PageText((), 0))
                bad.append(number + 1)
        problems = []
        if len(bad) == len(pages):
            raise _damaged(document_id)
        if bad:
            reason = f"{_pages(bad)} cannot be read and were left out; the file is damaged. Save it again."
            problems.append(Problem(document_id, reason))
        elif _END_OF_FILE not in data[-_TAIL:]:
            reason = f"its end is missing; {len(pages):,} pages could be read. Get it again from where it came from."
            problems.append(Problem(document_id, reason))
        return pages, _metadata_title(file), _bookmarks(file), problems
    finally:
        file.close()


def _filled_in(file: Any, number: int) -> Any:
    """A page with what was filled in a form or typed on it as part of its text. Raises PdfiumError."""
    import pypdfium2.raw as pdfium

    page = file[number]
    kinds = set()
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        if annotation := pdfium.FPDFPage_GetAnnot(page, index):
            kinds.add(pdfium.FPDFAnnot_GetSubtype(annotation))
            pdfium.FPDFPage_CloseAnnot(annotation)
    if not kinds & {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP}:
        return page
    flattened = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    if not flattened:
        return page
    page.close()
    return file[number]


def _damaged(document_id: str) -> ReadError:
    return ReadError(
        f"{document_id} is damaged or cut off: no page of it can be read. Get it again from where it came from, or "
        "open it with a PDF program and save it again."
    )


def _metadata_title(file: Any) -> str:
    title = " ".join(file.get_metadata_value("Title").replace("\0", "").split())
    title = _SUFFIX.sub("", _PROGRAM.sub("", title)).strip()
    return "" if re.search(r"[\ud800-\udfff\ufffd]", title) else title


def _bookmarks(file: Any) -> list[tuple[int, str, int]]:
    import pypdfium2

    found = []
    try:
        for mark in file.get_toc(max_depth=8):
            destination = mark.get_dest()
            page = destination.get_index() if destination is not None else None
            if page is not None:
                found.append((mark.level + 1, mark.get_title(), page))
    except (pypdfium2.PdfiumError, UnicodeDecodeError):  # a help only
        return []
    return found


def _unreadable(pages: Sequence[PageText], document_id: str) -> list[Problem]:
    """What OCR would be needed for. Raises ReadError where that is everything."""
    lengths = [sum(len(s.text) for s in (*page.segments, *page.aside)) + len(page.tables) * _SCANNED for page in pages]
    unreadable = sum(page.unreadable for page in pages)
    if unreadable * 100 > _UNREADABLE_PERCENT * (sum(lengths) + unreadable):
        raise ReadError(
            f"{document_id} does not say which characters its glyphs are. Run text recognition (OCR) on it, or save it "
            "again from the program it was made with."
        )
    scanned = [
        number + 1
        for number, (page, length) in enumerate(zip(pages, lengths, strict=True))
        if length < _SCANNED and page.pictures
    ]
    if sum(lengths) < _SCANNED and (scanned or not any(lengths)):
        what = "only pictures" if scanned else "no text"
        raise ReadError(
            f"{document_id} holds {what}: it was scanned. Run text recognition (OCR) on it first, and index again."
            if scanned
            else f"{document_id} holds {what}. If it was scanned, run text recognition (OCR) on it first."
        )
    if not scanned:
        return []
    verb = "is a picture" if len(scanned) == 1 else "are pictures"
    reason = f"{_pages(scanned)} {verb} without text; the others were read. Run text recognition (OCR) on it."
    return [Problem(document_id, reason)]


def _pages(numbers: Sequence[int]) -> str:
    """“Page 3” or “Pages 3, 4 and 8 more”."""
    if len(numbers) == 1:
        return f"Page {numbers[0]:,}"
    shown = ", ".join(f"{number:,}" for number in numbers[:5])
    return f"Pages {shown}" + (f" and {len(numbers) - 5:,} more" if len(numbers) > 5 else "")


def _title(metadata: str, found: Sequence[Paragraph], body: float, text: str, document_id: str) -> str:
    """The metadata's title if the first page has it, else the largest letters there, else as for any text."""
    beginning = "".join(text[:3000].split()).lower()
    if len(metadata) > 1 and "".join(metadata.split()).lower() in beginning:
        return metadata
    large = title_paragraph(found, body)
    if large is not None:
        return " ".join(found[large].text.split())
    return metadata if title_of_name(metadata) else title_of(text, document_id)


def _page_starts(found: Sequence[Paragraph], starts: Sequence[int], count: int, length: int) -> tuple[int, ...]:
    """Where each page begins in the text; a page without text begins where the next one does."""
    begins: dict[int, int] = {}
    for paragraph, start in zip(found, starts, strict=False):
        for page, offset in paragraph.pages:
            begins.setdefault(page, start + offset)
    result: list[int] = []
    following = length
    for page in range(count - 1, -1, -1):
        following = min(following, begins.get(page, following))
        result.append(following)
    return (0, *reversed(result[:-1]))
