"""An exported conversation as a Word file: headings, superscript links to the quotes, fonts for Chinese."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from assistant.conversations.exported import ExportedQuote, ExportedTurn, ExportWords, summary
from assistant.conversations.turns import Conversation
from assistant.conversations.wording import one_line
from assistant.types import Sentence

_LATIN, _CHINESE = "Calibri", "Microsoft YaHei"  # both come with Word, on Windows and on macOS
_QUIET = RGBColor(0x5B, 0x66, 0x70)


def word_file(conversation: Conversation, turns: Iterable[ExportedTurn], words: ExportWords) -> bytes:
    page = _WordFile(words)
    title = one_line(conversation.title)
    page.properties(title, conversation.info.changed)
    page.paragraph("Title", title)
    page.quiet(summary(conversation, words))
    for turn in turns:
        page.turn(turn)
    return page.bytes()


class _WordFile:
    """One file that is being written."""

    def __init__(self, words: ExportWords) -> None:
        self._words = words
        self._document: Any = docx.Document()
        self._styles = {style.name: style.style_id for style in self._document.styles}
        self._bookmarks = 0
        _set_fonts(self._document)

    def bytes(self) -> bytes:
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    def properties(self, title: str, changed: str) -> None:
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = title, "有据 Youju", ""
        properties.language = self._words.language
        try:
            properties.created = properties.modified = datetime.fromisoformat(changed).replace(tzinfo=None)
        except ValueError:  # of a row that somebody edited
            return

    def paragraph(self, style: str, text: str = "") -> Any:
        paragraph = self._document.add_paragraph()
        paragraph._p.style = self._styles[style]  # noqa: SLF001  by its name each takes three milliseconds
        if text:
            _run(paragraph, text)
        return paragraph

    def quiet(self, text: str) -> None:
        run = _run(self.paragraph("Normal"), text)
        run.font.size, run.font.color.rgb = Pt(9), _QUIET

    def turn(self, turn: ExportedTurn) -> None:
        self.paragraph("Heading 1", f"{turn.number}. {turn.question}")
        for line in turn.details:
            self.quiet(line)
        for line in turn.lead:
            _run(self.paragraph("Normal"), line).bold = True
        for sentence in turn.sentences:
            self._sentence(sentence, turn.number, "List Bullet" if sentence.item else "Normal")
        if turn.differing:
            self.paragraph("Normal", self._words.differing)
            for value in turn.differing:
                self._sentence(value, turn.number, "List Bullet")
        if turn.quotes:
            self.paragraph("Heading 2", self._words.quotes)
            for quote in turn.quotes:
                self._quote(quote, turn.number)

    def _sentence(self, sentence: Sentence, turn: int, style: str) -> None:
        paragraph = self.paragraph(style, sentence.text)
        for number in sentence.citations:
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), _bookmark(turn, number))
            link.set(qn("w:history"), "1")
            run = paragraph.add_run(f"[{number}]")
            run.font.superscript = True
            link.append(run._r)  # noqa: SLF001  python-docx makes no links
            paragraph._p.append(link)  # noqa: SLF001

    def _quote(self, quote: ExportedQuote, turn: int) -> None:
        source = self.paragraph("Normal")
        source.paragraph_format.keep_with_next = True
        if quote.number:
            self._bookmarks += 1
            start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
            start.set(qn("w:id"), str(self._bookmarks))
            start.set(qn("w:name"), _bookmark(turn, quote.number))
            end.set(qn("w:id"), str(self._bookmarks))
            source._p.append(start)  # noqa: SLF001
            source.add_run(f"[{quote.number}] ").bold = True
            source._p.append(end)  # noqa: SLF001
        run = _run(source, quote.source)
        run.font.size, run.font.color.rgb = Pt(9), _QUIET
        text = self.paragraph("Quote")
        for piece, asked in quote.pieces:
            _run(text, piece).bold = asked
        if quote.note:
            _run(self.paragraph("Normal"), self._words.note + quote.note)


def _bookmark(turn: int, number: int) -> str:
    return f"quote_{turn}_{number}"


def _run(paragraph: Any, text: str) -> Any:
    """Quotation marks and dashes stand in the fonts of both scripts: in Chinese text they are to be Chinese ones."""
    run = paragraph.add_run(text)
    if not text.isascii():
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")  # noqa: SLF001
    return run


def _set_fonts(document: Any) -> None:
    """In every style: those of a theme would be used instead, and know no Chinese ones."""
    styles = document.styles
    for defaults in styles.element.iter(qn("w:rPrDefault")):
        for fonts in defaults.iter(qn("w:rFonts")):
            _name(fonts)
        for language in defaults.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
    for style in styles:
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER):
            _name(style.element.get_or_add_rPr().get_or_add_rFonts())
    styles["Normal"].font.size = Pt(11)
    styles["Normal"].paragraph_format.line_spacing = 1.4
    styles["Quote"].font.italic = False  # slanted, Chinese is hard to read
    styles["Quote"].paragraph_format.left_indent = Pt(18)


def _name(fonts: Any) -> None:
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    for attribute in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{attribute}"), _LATIN)
    fonts.set(qn("w:eastAsia"), _CHINESE)
