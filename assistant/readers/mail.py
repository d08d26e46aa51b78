"""E-mails: subject, who wrote to whom and when, the text, and the names of what is attached (which is not read)."""

from __future__ import annotations

import contextlib
import email
import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from assistant.errors import ReadError
from assistant.readers import archive, html
from assistant.readers.body import HAN, Body, one_line
from assistant.readers.encoding import decode
from assistant.readers.reading import Reading
from assistant.readers.titles import title_of
from assistant.types import Problem

_KIND = "an e-mail (.eml)"
_HEADER = re.compile(rb"(?im)^(?:from|to|subject|date|received|message-id|mime-version)[ \t]*:")
_HEADER_WITHIN = 65_536  # bytes
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
# Chinese programs say gb2312 and mean more than that; ASCII and Latin, the defaults of programs, say nothing.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "", "windows-1252": ""}
_KNOWN = re.compile(r"utf-?(?:7|8|16(?:le|be)?)|(?:gb|hz|big5|euc|shift|iso-2022|iso-8859|windows|koi8|cp)[\w-]*")
_PARAGRAPHS = re.compile(r"\r?\n[ \t\u3000]*\r?\n")
_LONGEST_HEADER = 10_000  # characters
_DEEPEST = 50  # parts within parts
_FIELDS = (("from", "发件人", "From"), ("to", "收件人", "To"), ("cc", "抄送", "Copy to"), ("date", "日期", "Date"))


def read(data: bytes, document_id: str) -> Reading:
    """One document. Raises ReadError."""
    if _HEADER.search(data, 0, _HEADER_WITHIN) is None:
        raise archive.other(data, document_id, _KIND)
    with archive.reading(document_id, _KIND, MessageError):
        message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"))
        headers = _headers(message)
        if not headers:
            raise archive.other(data, document_id, _KIND)
        if message.get_content_type() in _ENCRYPTED:
            raise ReadError(f"{document_id} is an encrypted e-mail. Open it with your mail program and save its text.")
        mail = _Mail(document_id)
        mail.take(message)
    if not mail.text and not mail.attached and not headers.get("subject"):
        raise archive.no_text(document_id)
    body = Body()
    body.add(headers.get("subject", ""), level=1)
    chinese = HAN.search(headers.get("subject", "") + mail.text.text) is not None
    body.add(_about(headers, chinese=chinese))
    body.append(mail.text)
    body.add(_sentence("附件" if chinese else "Attached", mail.attached, chinese=chinese))
    title = headers.get("subject") or title_of(mail.text.text, document_id)
    return body.reading(document_id, title, problems=tuple(mail.problems))


class _Mail:
    """Collects the texts of a message; of alternatives the plain one, if there is a text in it."""

    def __init__(self, document_id: str) -> None:
        self.text = Body()
        self.attached: list[str] = []
        self.problems: list[Problem] = []
        self._id = document_id

    def take(self, part: Message, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise ValueError("parts within parts within parts")
        kind = part.get_content_type()
        children = [child for child in part.get_payload() if isinstance(child, Message)] if part.is_multipart() else []
        if depth and (part.get_filename() or part.get_content_disposition() == "attachment"):
            self.attached.append(one_line(_words(part.get_filename() or kind)))
        elif kind == "message/rfc822":
            self.attached += [_headers(child).get("subject", kind) for child in children]
        elif children:
            for child in sorted(children, key=_preference) if kind == "multipart/alternative" else children:
                before = len(self.text)
                self.take(child, depth + 1)
                if kind == "multipart/alternative" and len(self.text) > before:
                    break
        elif kind in ("text/plain", "text/html"):
            self._add(part, kind)

    def _add(self, part: Message, kind: str) -> None:
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data.strip():
            return
        try:
            text = _text(data, part.get_content_charset() or "", self._id)
        except ReadError:
            self.problems.append(Problem(self._id, "A text in it is in no known encoding. Save the e-mail again."))
            return
        if kind == "text/html":
            html.write(html.parse(text), self.text)
        else:
            self.text.add_all(_PARAGRAPHS.split(text))


def _preference(part: Message) -> int:
    return {"text/plain": 0, "text/html": 1}.get(part.get_content_type(), 2)


def _text(data: bytes, charset: str, document_id: str) -> str:
    """In the encoding that the message names, or where it names none or lies, in the one it is in. Raises ReadError."""
    encoding = _MEANT.get(charset.lower(), charset)
    if _KNOWN.fullmatch(encoding):
        with contextlib.suppress(UnicodeError, LookupError):
            return data.decode(encoding)
    return decode(data, document_id).text


def _headers(message: Message) -> dict[str, str]:
    return {name.lower(): _words(str(value)) for name, value in reversed(list(message.raw_items()))}


def _words(value: str) -> str:
    """A header as it is read: its encoded words, which may part in the middle of a character, or plain GBK or UTF-8."""
    value = value[:_LONGEST_HEADER]
    try:
        value = decode(value.encode("utf-8", "surrogateescape"), "").text if not value.isascii() else value
        pieces = decode_header(value)
        shown = [piece if isinstance(piece, str) else _text(piece, charset or "", "") for piece, charset in pieces]
    except (ReadError, MessageError, ValueError):  # what is damaged is shown as it is
        return one_line(value)
    return one_line("".join(shown))


def _about(headers: dict[str, str], *, chinese: bool) -> str:
    lines = []
    for name, chinese_name, english_name in _FIELDS:
        value = _time(headers.get(name, "")) if name == "date" else headers.get(name, "")
        lines.append(_sentence(chinese_name if chinese else english_name, [value], chinese=chinese))
    return "\n".join(line for line in lines if line)


def _sentence(name: str, values: list[str], *, chinese: bool) -> str:
    told = ("、" if chinese else ", ").join(value for value in values if value)
    return f"{name}{'：' if chinese else ': '}{told}{'。' if chinese else '.'}" if told else ""


def _time(value: str) -> str:
    try:
        return parsedate_to_datetime(value).strftime("%Y-%m-%d %H:%M")
    except (ValueError, TypeError, IndexError, OverflowError):
        return value
