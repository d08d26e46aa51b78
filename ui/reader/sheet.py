"""The page of a PDF file as a picture beside the text, with the quotes boxed. Pure."""

from __future__ import annotations

from assistant.reading.opening import Opened
from ui.escape import escape
from ui.messages import Words
from ui.reader.tools import tool
from ui.reader.words import reader_words


def pictured(opened: Opened) -> bool:
    """Whether a document has pages that can be drawn."""
    return opened.kind == "pdf" and bool(opened.pages) and opened.state not in ("gone", "away")


def sheet(opened: Opened, words: Words) -> str:
    """Where the picture of a page will be, with the tools around it; the script asks for the page."""
    ours = reader_words(words)
    count = len(opened.pages)
    newer = f'<p class="note">{escape(ours.picture_newer)}</p>' if opened.state == "newer" else ""
    return (
        f'<section class="sheet" role="group" aria-label="{escape(ours.sheet)}" data-pages="{count}" '
        f'data-no-picture="{escape(ours.no_picture)}"><div class="bar">'
        f'{tool("previous-page", "back", ours.previous_page)}<label><span class="spoken">{escape(ours.page_number)}'
        f'</span><input class="field page-number" inputmode="numeric" autocomplete="off" maxlength="7" value="1">'
        f"</label><span>{escape(ours.of_pages.format(n=count))}</span>{tool('next-page', 'on', ours.next_page)}"
        f'<span class="sizes">{tool("smaller", "smaller", ours.smaller)}{tool("fit", "fit", ours.fit)}'
        f"{tool('larger', 'larger', ours.larger)}</span></div>{newer}"
        f'<div class="told" role="status"></div><p class="drawing" hidden><span class="spinner"></span>'
        f"{escape(ours.drawing)}</p>"
        f'<div class="frame" tabindex="0" role="region" aria-label="{escape(ours.sheet)}"><div class="paper" hidden>'
        f'<img alt=""><svg aria-hidden="true" focusable="false"></svg></div></div></section>'
    )


def name(opened: Opened, page: int, boxed: int, words: Words) -> str:
    """What the picture of a page is called for those who do not see it."""
    ours = reader_words(words)
    title = opened.document.title.strip() or opened.document.id
    title = title.removeprefix("《").removesuffix("》") if title.startswith("《") and title.endswith("》") else title
    called = ours.sheet_name.format(title=title, n=page)
    return called + words.count(ours.sheet_marked, boxed) if boxed else called
