"""A conversation as a file of its own, every answer with its quotes and their sources: Markdown, HTML and Word.

Whatever texts, questions and notes hold stays text: no form of it is interpreted by who opens the file.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant.conversations.exported import (
    ExportedQuote,
    ExportedTurn,
    ExportWords,
    Notes,
    exported,
    summary,
    words_of,
)
from assistant.conversations.turns import Conversation
from assistant.conversations.wording import one_line
from assistant.types import Sentence

# Everything that Markdown or one of its dialects reads within a line; HTML's own signs become references.
_INLINE = {ord(mark): f"\\{mark}" for mark in r"\`*_{}[]|~$^@#"} | {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
}
_LINE_START = re.compile(r"^(\d{1,9})?([-+=:%!.)])")
_ADDRESS = re.compile(r":(?=/)|(?<=www)\.", re.IGNORECASE)  # what dialects make a link of, unasked

_NAME_CHARACTERS = 60  # of a file name: 180 bytes at most, where a file system allows 255
_NAME_UNSAFE = re.compile(r"""[\\/:*?"'<>|%;,=&#$`~^\s\x00-\x1f\x7f-\x9f]+""")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.IGNORECASE)  # names of devices, on Windows


def export_markdown(conversation: Conversation, notes: Notes, language: str) -> str:
    words = words_of(language)
    blocks = [f"# {_marked(conversation.title)}", _marked(summary(conversation, words))]
    for turn in exported(conversation, notes, words):
        blocks.append(f"## {turn.number}\\. {_marked(turn.question)}")
        blocks += [_marked(line) for line in turn.details]
        blocks += [f"**{_marked(line)}**" for line in turn.lead]
        blocks += _markdown_sentences(turn.sentences)
        if turn.differing:
            blocks.append(_marked(words.differing))
            blocks.append("\n".join(f"- {_markdown_sentence(value)}" for value in turn.differing))
        if turn.quotes:
            blocks.append(f"### {_marked(words.quotes)}")
        for quote in turn.quotes:
            blocks += _markdown_quote(quote, words)
    return "\n\n".join(blocks) + "\n"


def _markdown_sentences(sentences: Sequence[Sentence]) -> list[str]:
    blocks: list[str] = []
    for item, group in groupby(sentences, key=lambda sentence: sentence.item):
        lines = [_markdown_sentence(sentence) for sentence in group]
        blocks += ["\n".join(f"- {line}" for line in lines)] if item else lines
    return blocks


def _markdown_sentence(sentence: Sentence) -> str:
    return _marked(sentence.text) + "".join(f"\\[{number}\\]" for number in sentence.citations)


def _markdown_quote(quote: ExportedQuote, words: ExportWords) -> list[str]:
    number = f"\\[{quote.number}\\] " if quote.number else ""
    source = number + (quote.source.translate(_INLINE) if number else _marked(quote.source))
    lines = [line.strip() for line in "".join(text for text, _ in quote.pieces).split("\n")]
    shown = [f"> {_marked(line)}" for line in lines if line]
    blocks = [_linked(source), "\\\n".join(shown) or "> …"]
    return [*blocks, _marked(words.note + quote.note)] if quote.note else blocks


def _marked(text: str) -> str:
    """Text on one line as Markdown that reads as this text wherever it stands."""
    line = _LINE_START.sub(r"\1\\\2", one_line(text).translate(_INLINE))
    return _linked(line)


def _linked(line: str) -> str:
    return _ADDRESS.sub(lambda match: f"\\{match[0]}", line)


_STYLE = """
:root { color-scheme: light dark; --text: #1d2329; --quiet: #5b6670; --line: #d8dde2; --paper: #fff; --accent: #0b6e5d;
  --mark: #fff1b8; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --quiet: #a3adb6; --line: #3a434b; --paper: #171b1f;
  --accent: #5ccbb5; --mark: #5a4a10; } }
body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 44rem; background: var(--paper); color: var(--text);
  font: 1.0625rem/1.8 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.35; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; line-height: 1.5; margin: 0 0 .5rem; }
h3 { font-size: .9rem; color: var(--quiet); margin: 1.5rem 0 .5rem; }
section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.5rem; }
.quiet { color: var(--quiet); font-size: .9rem; margin: 0 0 .5rem; }
.lead { font-weight: 600; }
sup a { color: var(--accent); text-decoration: none; padding: 0 .1em; }
sup a:focus-visible { outline: 2px solid var(--accent); }
sup { line-height: 0; }
ol { list-style: none; margin: 0; padding: 0; }
ol li { margin: 0 0 1.25rem; break-inside: avoid; }
li:target { outline: 2px solid var(--accent); outline-offset: .4rem; }
blockquote { margin: .25rem 0 0; padding: .1rem 0 .1rem 1rem; border-left: 3px solid var(--accent);
  white-space: pre-wrap; }
mark { background: var(--mark); color: inherit; font-weight: 600; }
.source { color: var(--quiet); font-size: .9rem; }
.note { font-size: .9rem; margin: .25rem 0 0; }
@media print { :root { --text: #000; --quiet: #444; --line: #bbb; --paper: #fff; --accent: #000; --mark: none; }
  body { max-width: none; padding: 0; font-size: 10.5pt; } h2, h3 { break-after: avoid; }
  mark { text-decoration: underline; } }
"""


def export_html(conversation: Conversation, notes: Notes, language: str) -> str:
    """One page that needs nothing else, and is allowed nothing else: no script, no request."""
    words = words_of(language)
    title = html.escape(one_line(conversation.title))
    turns = "\n".join(_html_turn(turn, words) for turn in exported(conversation, notes, words))
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{style}'; "
        "base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{title}</h1>\n<p class="quiet">{html.escape(summary(conversation, words))}</p>\n{turns}\n'
        "</main>\n</body>\n</html>\n"
    )


def _html_turn(turn: ExportedTurn, words: ExportWords) -> str:
    parts = [f'<h2 dir="auto">{turn.number}. {html.escape(turn.question)}</h2>']
    parts += [f'<p class="quiet" dir="auto">{html.escape(line)}</p>' for line in turn.details]
    parts += [f'<p class="lead" dir="auto">{html.escape(line)}</p>' for line in turn.lead]
    for item, group in groupby(turn.sentences, key=lambda sentence: sentence.item):
        together = tuple(group)
        parts.append(
            _html_list(together, turn.number)
            if item
            else "\n".join(f'<p dir="auto">{_html_sentence(one, turn.number)}</p>' for one in together)
        )
    if turn.differing:
        parts += [f"<p>{html.escape(words.differing)}</p>", _html_list(turn.differing, turn.number)]
    if turn.quotes:
        quotes = "\n".join(_html_quote(quote, turn.number, words) for quote in turn.quotes)
        parts.append(f"<h3>{html.escape(words.quotes)}</h3>\n<ol>\n{quotes}\n</ol>")
    return "<section>\n{}\n</section>".format("\n".join(parts))


def _html_list(sentences: Iterable[Sentence], turn: int) -> str:
    items = "".join(f'<li dir="auto">{_html_sentence(sentence, turn)}</li>' for sentence in sentences)
    return f"<ul>{items}</ul>"


def _html_sentence(sentence: Sentence, turn: int) -> str:
    marks = "".join(f'<a href="#quote-{turn}-{number}">[{number}]</a>' for number in sentence.citations)
    return html.escape(sentence.text) + (f"<sup>{marks}</sup>" if marks else "")


def _html_quote(quote: ExportedQuote, turn: int, words: ExportWords) -> str:
    place = f' id="quote-{turn}-{quote.number}"' if quote.number else ""
    number = f"[{quote.number}] " if quote.number else ""
    text = "".join(f"<mark>{html.escape(one)}</mark>" if asked else html.escape(one) for one, asked in quote.pieces)
    note = f'<p class="note" dir="auto">{html.escape(words.note + quote.note)}</p>' if quote.note else ""
    return (
        f'<li{place}><span class="source">{number}<bdi>{html.escape(quote.source)}</bdi></span>'
        f'<blockquote dir="auto">{text}</blockquote>{note}</li>'
    )


def export_docx(conversation: Conversation, notes: Notes, language: str) -> bytes:
    """For Word: headings, superscript numbers that lead to the quotes, fonts for Chinese."""
    from assistant.conversations.word import word_file  # python-docx takes a third of a second to import

    words = words_of(language)
    return word_file(conversation, exported(conversation, notes, words), words)


def file_name(conversation: Conversation, suffix: str) -> str:
    """A name after the title and the day, fit for every file system; in a header it goes as `filename*=UTF-8''…`."""
    title = unicodedata.normalize("NFC", one_line(conversation.title))
    seen = "".join(sign for sign in title if unicodedata.category(sign) not in ("Cf", "Co", "Cn"))
    stem = _NAME_UNSAFE.sub("-", seen)[:_NAME_CHARACTERS].strip("-._ ")
    if not stem or _RESERVED.match(stem):
        stem = f"conversation-{stem}".rstrip("-")
    while len(stem.encode()) > 3 * _NAME_CHARACTERS:
        stem = stem[:-1]
    day = re.sub(r"[^\d-]", "", conversation.info.changed[:10])
    kind = re.sub(r"[^A-Za-z0-9]", "", suffix)[:10]
    return f"{stem}-{day}".rstrip("-") + f".{kind}"
