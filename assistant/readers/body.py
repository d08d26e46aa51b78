"""The text of a document as a reader builds it: blocks in order, with the headings and pages among them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.readers.reading import Reading, make_document
from assistant.readers.titles import title_of, title_of_name
from assistant.text.headings import is_short_line, recognise
from assistant.text.measure import measure
from assistant.types import Heading, Problem

# A “heading” longer than this is a paragraph that somebody gave a heading's style for its looks.
_LONGEST_HEADING = 60

_HAN = "\u3400-\u9fff\uf900-\ufaff"
CJK = rf"{_HAN}\u3000-\u303f\uff00-\uffef\u2018-\u201d—…"
HAN = re.compile(f"[{_HAN}]")
# Characters that show nothing, control characters, and halves of surrogate pairs.
_NOTHING = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]"
)
_SPACES = re.compile("[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f]+")
# 总　　则, 韩　正: two characters set apart to fill the width of a line.
_SPACED = re.compile(rf"(?<![{_HAN}〇])([{_HAN}])\u3000+([{_HAN}])(?![{_HAN}〇])")
_WHITE = re.compile(r"\s+")
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_DIGIT = re.compile(r"\d")
# Titles that a program put there, and the name of its file.
_PROGRAM_TITLE = re.compile(
    r"(?:Microsoft (?:Word|PowerPoint|Excel) - .*|(?:PowerPoint|Word|WPS)?[ ]?(?:演示文稿|文档|Presentation|Document)?"
    r"|(?:幻灯片|Slide|文档|演示文稿|文稿)\s*\d*"
    r"|(?:untitled|无标题|未命名|新建|new page|document|index|home|首页|正文).{0,12}"
    r"|.{0,80}\.(?:docx?|pptx?|pdf|wps|html?|indd|epub|xlsx?))",
    re.IGNORECASE,
)
# A title from the metadata is believed if the text says it so early (characters), or begins without a title.
_TITLE_WITHIN = 3000
_BREAK = re.compile(r" *\n *")
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{CJK}]) *\n *(?=[{CJK}])")


def clean(text: str) -> str:
    """A line as it is read: one space for many, without characters that show nothing; line breaks stay."""
    text = _SPACES.sub(" ", _NOTHING.sub("", text))
    text = _SPACED.sub(r"\1\2", text)
    return _BREAK.sub("\n", text).strip(" \n\u3000")


def one_line(text: str) -> str:
    """A text with its line breaks joined: Chinese lines without a space."""
    return _BREAK.sub(" ", _BREAK_IN_CHINESE.sub("", clean(text)))


def raised(text: str) -> str:
    """A superscript of digits and signs in the characters that Unicode has for it (m², 10⁻³), others as they are."""
    return _in_signs(text, _RAISED)


def lowered(text: str) -> str:
    """A subscript of digits and signs (CO₂), others as they are."""
    return _in_signs(text, _LOWERED)


def _in_signs(text: str, signs: dict[int, int]) -> str:
    content = text.strip()
    known = all(ord(char) in signs for char in content)
    return text.translate(signs) if known and (_DIGIT.search(content) or content == "n") else text


def same_words(text: str) -> str:
    """A text without white space and in lower case, for comparing."""
    return _WHITE.sub("", text).lower()


def says_something(title: str) -> bool:
    """Whether a title from metadata is one that somebody wrote."""
    return len(title) > 1 and _PROGRAM_TITLE.fullmatch(title) is None and title_of_name(title) != ""


class Body:
    """Collects the blocks of a text; blank lines come between them, so that no two are taken for one paragraph."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._item = False
        self._outline: list[Heading] = []
        self._pages: list[int] = []
        self._page_opens = False

    def __len__(self) -> int:
        return self._length

    def add(self, text: str, *, level: int = 0, item: bool = False) -> None:
        """Add a block, a heading of this level where `level` is not 0; items of a list follow each other closely."""
        text = one_line(text) if level else clean(text)
        if not text:
            return
        if self._parts:
            self._append("\n" if item and self._item else "\n\n")
        if self._page_opens:
            self._pages[-1] = self._length
            self._page_opens = False
        if level and measure(text) <= _LONGEST_HEADING:
            self._outline.append(Heading(self._length, self._length + len(text), level))
        self._append(text)
        self._item = item

    def add_all(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.add(text)

    def append(self, other: Body) -> None:
        """Add the blocks and headings of another body."""
        if not other:
            return
        if self._parts:
            self._append("\n\n")
        moved = (Heading(mark.start + self._length, mark.end + self._length, mark.level) for mark in other._outline)
        self._outline.extend(moved)
        self._append(other.text)
        self._item = other._item

    def open_page(self) -> None:
        """A page begins here: with the next block, or the last page if none comes."""
        self._pages.append(self._length)
        self._page_opens = True

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def has_headings(self) -> bool:
        return bool(self._outline)

    def says(self, title: str) -> bool:
        """Whether the beginning of the text says a title."""
        return same_words(title) in same_words(self.text[:_TITLE_WITHIN])

    @property
    def first_heading(self) -> str:
        """The heading that the text begins with, "" where it begins with something else or a numbered one."""
        first = self._outline[0] if self._outline else None
        if first is None or first.start > 0 or recognise(self.text, first.start, first.end):
            return ""
        return self.text[first.start : first.end]

    def reading(
        self, document_id: str, title: str, *, encoding: str | None = None, problems: tuple[Problem, ...] = ()
    ) -> Reading:
        """What a reader returns."""
        document = make_document(
            document_id, title, self.text, encoding=encoding, pages=tuple(self._pages), outline=tuple(self._outline)
        )
        return Reading((document,), problems)


def choose_title(document_id: str, body: Body, marked: str, metadata: str) -> str:
    """The title that the format marks in the text, else that of the metadata, else what the text's beginning gives.

    Metadata often keeps the title of the file that this one was made from: it counts where the text or the name of the
    file says the same, or has no title of its own.
    """
    if marked and says_something(marked):
        return marked
    found = title_of(body.text, document_id)
    if metadata and says_something(metadata):
        named = same_words(metadata) in same_words(document_id)
        if body.says(metadata) or named or not is_short_line(body.text.partition("\n")[0]):
            return metadata
    return found
