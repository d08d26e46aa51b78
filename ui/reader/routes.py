"""The routes of the reader: the page of its own, and what the reader beside a conversation asks for."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from assistant.citing.sources import facts
from assistant.citing.styles import Language, Style, quotation
from assistant.errors import ReadError, YoujuError
from assistant.reading.finding import find_in
from assistant.reading.opening import Opened, open_document
from assistant.reading.original import original_file
from assistant.reading.pictures import NARROWEST, WIDEST, page_picture, quote_boxes
from assistant.types import Citation, Document, Span
from ui.desk import Desk
from ui.escape import escape
from ui.messages import Words
from ui.reader import article, body, own_page, sheet
from ui.reader.asked import Asked, Mark, asked, number_of
from ui.reader.words import reader_words
from ui.replies import data, fragment, problem, words_of
from ui.telling import told

# Characters that are sent at once. In the pane what is near the place comes first and the script asks for the rest; a
# page of its own is whole, so that it can be printed and searched by the browser, as long as that is quick.
_FIRST, _WHOLE, _MOST = 60_000, 700_000, 250_000
_BEFORE = 300  # characters before a quote that tell which place of a page is meant
_MOST_BOXED = 20  # quotes that are boxed on a page
_LONGEST_QUERY = 500


def _asked(
    document: str = "",
    at: str = "",
    also: str = "",
    numbers: str = "",
    start: Annotated[str, Query(alias="from")] = "",
    quote: str = "",
) -> Asked:
    return asked(document, at, also, numbers, start, quote)


AskedFor = Annotated[Asked, Depends(_asked)]


def routes(desk: Desk) -> APIRouter:
    """Everything of the reader room."""
    router = APIRouter()
    _texts(router, desk)
    _parts(router, desk)
    _files(router, desk)
    return router


def _texts(router: APIRouter, desk: Desk) -> None:
    @router.get("/read")
    def read(request: Request, wanted: AskedFor) -> Response:
        words = words_of(request)
        try:
            opened = open_document(desk.assistant, wanted.document)
        except (YoujuError, KeyError) as error:
            lead, detail = _why_not(desk, wanted, error, words)
            status = 404 if isinstance(error, KeyError) else 400
            return HTMLResponse(own_page.problem_page(lead, detail, words), status)
        sent = article.window(len(opened.document.text), _begin(opened, wanted), _WHOLE, _FIRST)
        return HTMLResponse(own_page.own_page(opened, wanted, words, sent))

    @router.get("/reader/open")
    def open_here(request: Request, wanted: AskedFor) -> Response:
        words = words_of(request)
        try:
            opened = open_document(desk.assistant, wanted.document)
        except (YoujuError, KeyError) as error:  # shown where the text would be; it is no failure of the page
            return problem(*_why_not(desk, wanted, error, words), status=200)
        sent = article.window(len(opened.document.text), _begin(opened, wanted), _FIRST, _FIRST)
        return fragment(article.article(opened, wanted, words, sent))

    @router.get("/reader/where")
    def where(request: Request, wanted: AskedFor) -> Response:
        opened = open_document(desk.assistant, wanted.document)
        return fragment(article.where(opened, wanted, words_of(request)))

    @router.get("/reader/quote")
    def quoted(request: Request, wanted: AskedFor, style: Style) -> Response:
        words = words_of(request)
        opened = open_document(desk.assistant, wanted.document)
        if wanted.at is None or not wanted.fits(opened.document.text):
            return problem(reader_words(words).outside, status=404)
        quote = _citation(opened, wanted.at)
        spoken: Language = "zh" if words.language == "zh-CN" else "en"
        return PlainTextResponse(quotation(quote, style, spoken, facts(opened.document)))

    @router.get("/reader/contents")
    def contents(request: Request, wanted: AskedFor) -> Response:
        return fragment(article.contents(open_document(desk.assistant, wanted.document), words_of(request)))


def _parts(router: APIRouter, desk: Desk) -> None:
    @router.get("/reader/part")
    def part(request: Request, wanted: AskedFor, end: str = "", version: str = "") -> Response:
        opened = open_document(desk.assistant, wanted.document)
        if _renewed(opened.document, version):
            return fragment(_told_renewed(wanted, words_of(request)))
        start = wanted.start or 0
        blocks = opened.part(start, max(1, min(_MOST, (number_of(end) or 0) - start)))
        marks = wanted.marks(len(opened.document.text))
        return fragment(body.parts(opened, blocks, marks))

    @router.get("/reader/find")
    def find(wanted: AskedFor, query: str = "", version: str = "") -> Response:
        document = open_document(desk.assistant, wanted.document).document
        if _renewed(document, version):
            return data({"renewed": True})
        found = find_in(document, query[:_LONGEST_QUERY])
        return data({"total": found.total, "spans": found.spans})


def _files(router: APIRouter, desk: Desk) -> None:
    @router.get("/reader/sheet")
    def page_facts(request: Request, wanted: AskedFor, page: str = "", width: str = "") -> Response:
        words = words_of(request)
        opened = open_document(desk.assistant, wanted.document)
        number = max(1, min(number_of(page) or 1, len(opened.pages)))
        facts: dict[str, object] = {"page": number, "boxes": [], "problem": "", "note": ""}
        try:
            path = original_file(desk.assistant, wanted.document)
            page_picture(path, number, width=_width(width))
            marks = [mark for mark in wanted.marks(len(opened.document.text)) if _is_on(opened, mark, number)]
            marks = sorted(marks, key=lambda mark: not mark.chosen)[:_MOST_BOXED]
            boxes = [_boxes(desk, opened, mark, number) for mark in marks]
        except ReadError as error:
            lead = reader_words(words).no_picture
            return data(facts | {"problem": _problem(lead, str(error))})
        shown = [box for box in boxes if box["lines"]]
        missing = any(mark.chosen and not box["lines"] for mark, box in zip(marks, boxes, strict=True))
        facts |= {"boxes": shown, "name": sheet.name(opened, number, len(shown), words)}
        return data(facts | {"note": reader_words(words).no_box if missing else ""})

    @router.get("/reader/page")
    def page_of(wanted: AskedFor, page: str = "", width: str = "") -> Response:
        path = original_file(desk.assistant, wanted.document)
        picture = page_picture(path, number_of(page) or 1, width=_width(width))
        return Response(picture.png, media_type="image/png")

    @router.get("/reader/original")
    def original(wanted: AskedFor) -> Response:
        path = original_file(desk.assistant, wanted.document)
        return FileResponse(path, media_type="application/octet-stream", filename=_file_name(path.name))


def _citation(opened: Opened, at: Span) -> Citation:
    """What stands at a place, as a quote; spaces at its ends, which a selection brings along, are left out."""
    document = opened.document
    text = document.text[slice(*at)]
    start = at[0] + len(text) - len(text.lstrip())
    quote, heading, page = text.strip(), opened.heading_of(at), opened.page_of(start)
    return Citation(1, document.id, document.title, heading, page, start, start + len(quote), quote)


def _begin(opened: Opened, wanted: Asked) -> int:
    """Where in the text reading begins."""
    if wanted.at is not None and wanted.fits(opened.document.text):
        return wanted.at[0]
    return min(wanted.start or 0, len(opened.document.text))


def _why_not(desk: Desk, wanted: Asked, error: Exception, words: Words) -> tuple[str, str]:
    """What to tell about a document that cannot be opened."""
    ours = reader_words(words)
    if not isinstance(error, KeyError):
        return told(error, words)
    if not wanted.document:
        return ours.nothing_asked, ours.nothing_asked_detail
    name = wanted.document[:200]
    colon = "：" if words.language == "zh-CN" else ": "
    return f"{ours.unknown}{colon}{name}", ours.unknown_detail


def _renewed(document: Document, version: str) -> bool:
    """Whether an update has brought another text than the one that is being read."""
    return version != document.digest[: article.VERSION]


def _told_renewed(wanted: Asked, words: Words) -> str:
    ours = reader_words(words)
    return (
        f'<p class="renewed" role="alert">{escape(ours.renewed)} '
        f'<a class="again" href="{escape(article.address(wanted))}">{escape(ours.open_again)}</a></p>'
    )


def _width(written: str) -> int:
    return max(NARROWEST, min(WIDEST, number_of(written) or 1_400))


def _is_on(opened: Opened, mark: Mark, page: int) -> bool:
    return page in opened.pages_of((mark.start, mark.end))


def _boxes(desk: Desk, opened: Opened, mark: Mark, page: int) -> dict[str, object]:
    """Where a quote stands on a page. Raises ReadError."""
    text = opened.document.text
    pages = opened.pages_of((mark.start, mark.end))
    path = original_file(desk.assistant, opened.document.id)
    before = text[max(0, mark.start - _BEFORE) : mark.start]
    found = quote_boxes(path, pages, text[mark.start : mark.end], before=before)
    lines = [[box.x0, box.y0, box.x1, box.y1] for box in found[pages.index(page)]]
    return {"number": mark.number, "chosen": mark.chosen, "lines": lines}


def _problem(lead: str, detail: str) -> str:
    return f'<div class="problem"><p class="lead">{escape(lead)}</p><p class="detail">{escape(detail)}</p></div>'


def _file_name(name: str) -> str:
    """A name for a download that looks like what it is."""
    return "".join("_" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") else sign for sign in name)
