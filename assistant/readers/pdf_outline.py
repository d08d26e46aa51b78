"""The headings of a PDF: its bookmarks, or the paragraphs in larger or bolder letters than the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.readers.pdf_paragraphs import Paragraph
from assistant.text.headings import recognise
from assistant.text.measure import measure

# In characters (an English word counts two).
_LONGEST_HEADING = 60
_LONGEST_TITLE = 80
_MOST_LINES = 3
# So much larger than the text are headings and the title.
_LARGER, _TITLE_LARGER = 1.1, 1.2
# The title is one of the first paragraphs.
_TITLE_WITHIN = 8
# An outline is believed with so many headings, at most so much of the text, and if it lacks few numbered ones.
_FEWEST = 2
_MOST_SHARE = 0.3
_SHARE_MISSING = 0.25
# So many of the bookmarks must be found in the text.
_SHARE_BOOKMARKS = 0.6
_DEEPEST = 6

_ENDS_SENTENCE = re.compile(r"[。；，、,;:：.]$")
# Where somebody works, and keywords.
_NO_HEADING = re.compile(r"[（(].*[）)]$|.*；|关\s*键\s*[词字]|Key\s?words", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


def title_paragraph(found: Sequence[Paragraph], body: float) -> int | None:
    """The paragraph in the largest letters at the beginning of the first page, if they are clearly larger."""
    first = [
        index
        for index, paragraph in enumerate(found[:_TITLE_WITHIN])
        if paragraph.pages[0][0] == 0
        and paragraph.size >= _TITLE_LARGER * body
        and len(_LETTER.findall(paragraph.text)) > 1
        and measure(paragraph.text) <= _LONGEST_TITLE
    ]
    return max(first, key=lambda index: (found[index].size, -index), default=None)


def outline(
    found: Sequence[Paragraph], body: float, bookmarks: Sequence[tuple[int, str, int]]
) -> list[tuple[int, int]]:
    """Paragraphs that are headings, with their levels from 1; empty where that is not clear."""
    headings = _by_bookmarks(found, bookmarks) or _by_letters(found, body)
    return headings if _is_whole(found, {index for index, _ in headings}) else []


def _by_bookmarks(found: Sequence[Paragraph], bookmarks: Sequence[tuple[int, str, int]]) -> list[tuple[int, int]]:
    texts = [_key(paragraph.text) if len(paragraph.text) < 300 else "" for paragraph in found]
    headings: list[tuple[int, int]] = []
    position = 0
    for level, title, page in bookmarks:
        wanted = _key(title)
        index = next(
            (
                index
                for index in range(position, len(found))
                if wanted and texts[index] == wanted and abs(found[index].pages[0][0] - page) <= 1
            ),
            None,
        )
        if index is not None:
            headings.append((index, min(level, _DEEPEST)))
            position = index + 1
    enough = len(headings) >= max(_FEWEST, _SHARE_BOOKMARKS * len(bookmarks))
    return headings if enough else []


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _by_letters(found: Sequence[Paragraph], body: float) -> list[tuple[int, int]]:
    bold_body = 2 * sum(len(p.text) for p in found if p.bold) > sum(len(p.text) for p in found)
    candidates = [index for index, paragraph in enumerate(found) if _is_candidate(paragraph, body, bold_body=bold_body)]
    title = title_paragraph(found, body)
    styles = sorted({_style(found[index]) for index in candidates if index != title}, reverse=True)
    first = 2 if title is not None and styles and _style(found[title]) > styles[0] else 1
    headings = [
        (index, 1 if index == title else min(first + styles.index(_style(found[index])), _DEEPEST))
        for index in candidates
    ]
    below = [index for index in candidates if index != title]
    taken = sum(len(found[index].text) for index in candidates)
    clear = len(below) >= _FEWEST and taken <= _MOST_SHARE * sum(len(paragraph.text) for paragraph in found)
    return headings if clear else []


def _is_candidate(paragraph: Paragraph, body: float, *, bold_body: bool) -> bool:
    text = paragraph.text
    larger = paragraph.size >= _LARGER * body
    bolder = paragraph.bold and not bold_body and paragraph.size >= 0.97 * body
    return (
        (larger or bolder)
        and not paragraph.table
        and len(paragraph.places) <= _MOST_LINES
        and measure(text) <= _LONGEST_HEADING
        and _LETTER.search(text) is not None
        and _ENDS_SENTENCE.search(text) is None
        and _NO_HEADING.match(text) is None
    )


def _style(paragraph: Paragraph) -> tuple[float, bool]:
    return paragraph.size, paragraph.bold


def _is_whole(found: Sequence[Paragraph], headings: set[int]) -> bool:
    """Whether few numbered headings are missing: no others are looked for where there is an outline."""
    missing = 0
    for index, paragraph in enumerate(found):
        if index in headings:
            continue
        heading = recognise(paragraph.text, 0, len(paragraph.text))
        missing += heading is not None and (heading.family == "legal" or heading.rank <= 7)
    return missing <= _SHARE_MISSING * len(headings)
