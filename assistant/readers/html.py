"""Web pages: the text of the page without navigation, scripts, forms and footers, with headings, lists and tables."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from types import MappingProxyType

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.errors import ReadError
from assistant.readers.body import Body
from assistant.readers.encoding import Decoded
from assistant.readers.page import PageWriter
from assistant.readers.page_titles import is_site, page_titles
from assistant.readers.reading import Reading, decode_text
from assistant.readers.titles import title_of
from assistant.types import Problem

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,30})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,30})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096  # bytes; browsers look at 1024, old pages are longer
# What browsers take these names for (https://encoding.spec.whatwg.org).
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
# Any bytes are Latin: such a declaration, the default of many programs, says nothing.
_SAYS_NOTHING = frozenset({"iso-8859-1", "windows-1252"})
_KNOWN = re.compile(r"utf-?8|gb[\w-]*|x-gbk|big5[\w-]*|euc-\w\w|shift_jis|windows-12\d\d|iso-8859-\d{1,2}|koi8-[ru]")
_XHTML = re.compile(r"<\?xml|xmlns\s*=", re.IGNORECASE)
# In XML <title/> is empty; to an HTML parser it begins a title that never ends.
_EMPTY_ELEMENT = re.compile(
    r"<(title|script|style|textarea|iframe|noscript|a|div|p|span|td|th|i|b|em|strong|ul|ol|li|section|h[1-6])"
    r"((?:\s[^<>]*?)?)/>",
    re.IGNORECASE,
)
_FRAMES = re.compile(r"<frame\b", re.IGNORECASE)


def read(data: bytes, document_id: str) -> Reading:
    """One document. Raises ReadError."""
    decoded = _declared(data)
    problems: tuple[Problem, ...] = ()
    if decoded is None:
        decoded, problems = decode_text(data, document_id)
    body = Body()
    tree = parse(decoded.text)
    titles = page_titles(tree)
    write(tree, body, title=titles[0] if titles else "")
    if not body:
        why = "its texts are in other files (frames)" if _FRAMES.search(decoded.text) else "it may be drawn by a script"
        raise ReadError(
            f"{document_id} is a web page that holds no text: {why}. Open it in a browser and save what you see as "
            "text or PDF."
        )
    title = next((title for title in titles if body.says(title)), "") or body.first_heading
    title = title or next((title for title in titles if not is_site(title)), "") or title_of(body.text, document_id)
    return body.reading(document_id, title, encoding=decoded.encoding, problems=problems)


def parse(text: str) -> LexborHTMLParser:
    """The tree of a page. The parser resolves the entities of HTML only and fetches nothing."""
    if _XHTML.search(text, 0, 2000):
        text = _EMPTY_ELEMENT.sub(r"<\1\2></\1>", text)
    return LexborHTMLParser(text)


def write(
    tree: LexborHTMLParser, body: Body, *, title: str = "", contents: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Write the text of a page: without what surrounds it; where nothing is left then, with it.

    `title` and `contents`: see `PageWriter`.
    """
    root: LexborNode | None = tree.body or tree.root
    if root is None:
        return
    before = len(body)
    PageWriter(root, body, title, contents).write(everything=False)
    if len(body) == before:
        PageWriter(root, body, title, contents).write(everything=True)


def _declared(data: bytes) -> Decoded | None:
    """The text in the encoding that the page names, None where it names none or lies."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    match = _DECLARED.search(data[:_DECLARED_WITHIN])
    if match is None or b"\0" in data:
        return None
    name = (match.group(1) or match.group(2)).decode("ascii").lower()
    if name in _SAYS_NOTHING or not _KNOWN.fullmatch(name):
        return None
    for encoding in ("utf-8", _MEANT.get(name, name)):  # pages are often saved in another one than they say
        try:
            text = data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if not text.strip():
            return None
        return Decoded(text, codecs.lookup(encoding).name)
    return None
