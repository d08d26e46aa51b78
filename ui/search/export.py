"""Every mention as a file: a table that spreadsheets open, and Markdown. Pure."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

from assistant.citing.styles import markdown
from assistant.types import Mentions
from ui.escape import titled
from ui.messages import Words
from ui.search.passages import placed
from ui.search.words import search_words

_UNSAFE = re.compile(r"""[\\/:*?"'<>|%;,=&#$`~^\s\x00-\x1f\x7f-\x9f]+""")
_NAME_CHARACTERS = 40
# What a spreadsheet takes for a formula, in every form in which one types these signs; they are read as text behind a
# quotation mark. White space before them is skipped by some.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_BROKEN = re.compile(r"[\ud800-\udfff\x00]")


def file_name(found: Mentions, suffix: str, words: Words, today: date) -> str:
    """For the export of some mentions: what they are of, and the day."""
    name = _UNSAFE.sub("-", "-".join(found.words))[:_NAME_CHARACTERS].strip("-.") or "-"
    return f"{search_words(words.language).file_name}-{name}-{today.isoformat()}.{suffix}"


def as_csv(found: Mentions, words: Words) -> bytes:
    """A row for each passage. UTF-8 with its mark, without which Excel takes Chinese for something else."""
    own = search_words(words.language)
    table = io.StringIO()
    writer = csv.writer(table)  # lines end with \r\n, as RFC 4180 has it
    writer.writerow(
        [
            own.column_title,
            own.column_file,
            own.column_heading,
            own.column_page,
            own.column_start,
            own.column_end,
            own.column_passage,
        ]
    )
    for document in found.documents:
        for mention in document.mentions:
            passage = mention.passage
            writer.writerow(
                [
                    _cell(document.title),
                    _cell(document.document),
                    _cell(" › ".join(passage.heading)),
                    "" if passage.page is None else passage.page,
                    passage.start,
                    passage.end,
                    _cell(mention.text),
                ]
            )
    return table.getvalue().encode("utf-8-sig")


def as_markdown(found: Mentions, words: Words) -> bytes:
    """A section for each document, a quotation for each passage."""
    names = words.list_comma.join(f"“{one}”" for one in found.words)
    count = words.count(words.mentioned, found.passages, words=names)
    count += words.count(words.in_documents, len(found.documents))
    blocks = [f"# {_line(words.mentions)}{_line(words.comma)}{_line(names)}", _line(count)]
    for document in found.documents:
        blocks += [
            f"## {_line(titled(document.title, document.document, words))}",
            f"{_line(document.document)} · {len(document.mentions)}",
        ]
        for mention in document.mentions:
            passage = mention.passage
            place = placed(passage, words)
            lines = [line for line in markdown(_sound(mention.text)).split("\n") if line.strip()] or ["…"]
            blocks.append("\n".join(f"> {line}" for line in (*lines, *(["", f"— {_line(place)}"] if place else []))))
    return ("\n\n".join(blocks) + "\n").encode()


def _cell(text: str) -> str:
    sound = _sound(text)
    return f"'{sound}" if _FORMULA.match(sound) else sound


def _line(text: str) -> str:
    return markdown(" ".join(_sound(text).split())) if text.strip() else text


def _sound(text: str) -> str:
    return _BROKEN.sub("\ufffd", text)
