"""From the tree of a web page to the blocks of its text.

What surrounds the text is known by its element (nav, footer), by what its class or id says, and by being mostly links;
but nothing that holds a large part of the page's text is left out for its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from assistant.readers.body import HAN, Body, clean, one_line, same_words
from assistant.readers.numbering import BULLET, format_number, numbered
from assistant.readers.page_nodes import BLOCKS, NEVER, events, integer, is_hidden, names, source_text, table_grid
from assistant.readers.rows import is_layout, table_lines

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SURROUNDING = frozenset({"footer", "aside", "form", "header"})
_NAMED = (BLOCKS | {"span"}) - _HEADINGS.keys()
_LINKED = frozenset({"ul", "ol", "dl", "div", "table", "td", "tr", "p", "section", "center", "span"})

# Words of a class or id that say: not the text.
_HINTS = names(
    "nav navbar navigation navi topnav subnav mainnav menu breadcrumb breadcrumbs crumb crumbs footer foot copyright "
    "sidebar aside share sharing sharebox bdsharebuttonbox social comment comments related recommend recommended "
    "pagination pager pages toolbar qr qrcode ewm advert advertisement ads adsbygoogle banner login search searchbox "
    "cookie cookies skip print noprint navbox catlinks editsection toc weibo weixin wechat friendlink links hidden "
    "popup modal backtop gotop totop topbar"
)
# These name tools and small pictures: what holds much running text is named so for another reason (content_print).
_WEAK_HINTS = names(
    "print noprint share sharing sharebox social weibo weixin wechat qr qrcode ewm links friendlink ads toolbar toc "
    "hidden banner search searchbox pages top topbar skip"
)
_RUNNING_TEXT = 200  # characters without links
_NAME_PARTS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_INVISIBLE = re.compile(r"(?:^|;)\s*visibility\s*:\s*hidden", re.IGNORECASE)
# A part with more of the page's text than this is never left out for its name, or while it is invisible.
_MOST, _NEARLY_ALL = 0.3, 0.6
# Lists of links: so much of the text in so many links, which are short.
_LINK_SHARE, _LINK_COUNT, _LINK_LENGTH = 0.75, 4, 25
_WORD_LENGTH = 6  # two or three links are left out only where they are words such as 首页
# The text is in <main> or <article> where that holds so much of it.
_MAIN_SHARE = 0.3

_SERVICE_LINE = re.compile(
    r"(?:您?(?:现在|当前|目前)?的?(?:所在)?(?:当前)?位置(?:是)?\s*[:：>].{0,80}|首页\s*[>›»/].{0,80}|扫一扫.{0,20}"
    r"|[【\[(（]?\s*字[体号]?\s*[:：]?\s*[\[【(（]?\s*大.{0,10}小\s*[】\])）]*.{0,20}|(?:分享|转发)(?:到|至|本页)?\s*[:：]?.{0,16}"
    r"|(?:[【\[]?\s*(?:打印|打印本页|打印本稿|关闭|关闭窗口|关闭本页|关闭页面|收藏|收藏本页|返回顶部|回到顶部|返回|纠错|我要纠错|上一页|下一页|上一篇|下一篇|推荐)"
    r"\s*[】\]]?[\s|｜]*){1,5}"
    r"|(?:[^\s›»>]{1,12}\s*[›»>]\s*){2,}[^›»>]{0,20}"
    r"|阅读(?:原文|\s*[\d.]+万?\+?)(?:\s*(?:赞|点赞|在看|分享|收藏|留言)\s*[\d.]*万?\+?)*"
    r"|.{0,40}(?:[\u4e00-\u9fff]ICP备\s?\d|公网安备\s?\d).{0,80}"
    r"|(?:版权所有|Copyright)\s*[:：©].{0,80}|Powered by .{0,40}"
    r"|Share(?: this)?(?: on .{0,20})?|Back to top|Print(?: this page)?|Skip to .{0,30}|Advertisement)",
    re.IGNORECASE,
)
_SERVICE_TAIL = re.compile(
    r"\s*[【\[(（]?\s*字[体号]\s*[:：]\s*[\[【(（]?\s*大\s*中\s*小.{0,20}$|(?:\s*[【\[](?:打印|关闭|收藏|分享|纠错)[】\]])+$"
)
_ANCHOR = re.compile("\\s*[§¶#🔗↩↑^]+\ufe0e?\\d*\\s*")
_NOTE = re.compile(r"\b(?:foot|end|rear)?notes?\b")
_INDENT = re.compile("[ \xa0]*(?:\u3000|\xa0\xa0)")
_TITLE_WITHIN = 40  # blocks
_TITLE_PIECES = 4
_LIST_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_CSS_STYLES = (
    ("cjk-ideographic", "chineseCounting"), ("simp-chinese-informal", "chineseCounting"),
    ("trad-chinese-informal", "chineseCounting"), ("lower-alpha", "lowerLetter"), ("lower-latin", "lowerLetter"),
    ("upper-alpha", "upperLetter"), ("upper-latin", "upperLetter"), ("lower-roman", "lowerRoman"),
    ("upper-roman", "upperRoman"),
)  # fmt: skip


@dataclass(slots=True)
class _Size:
    """How much text is in an element."""

    text: int = 0
    linked: int = 0
    links: int = 0


@dataclass(slots=True)
class _List:
    """A list that is open."""

    ordered: bool
    next: int
    step: int
    style: str


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    level: int = 0
    item: bool = False
    row: bool = False


class PageWriter:
    """Writes the text below an element; `title` is what the page says its title is.

    `contents` gives the levels of headings that a table of contents names (see `same_words`), for pages that mark none.
    """

    def __init__(self, root: LexborNode, body: Body, title: str, contents: Mapping[str, int]) -> None:
        self._root = root
        self._body = body
        self._title = same_words(title)
        self._contents = contents
        self._sizes: dict[int, _Size] = {}
        self._blocks: list[_Block] = []
        self._line: list[str] = []
        self._level = 0
        self._number = ""  # of the item that begins here
        self._pre = 0
        self._lists: list[_List] = []
        self._everything = False
        self._linked = False

    def write(self, *, everything: bool) -> None:
        """Write the blocks; `everything` includes what seems to surround the text."""
        self._everything = everything
        self._measure()
        self._walk(self._main())
        marked = any(block.level for block in self._blocks)
        for block in _with_title(self._blocks, self._title):
            level = block.level if marked or block.row else self._contents.get(same_words(block.text), block.level)
            self._body.add(block.text, level=level, item=block.item and not level)

    def _measure(self) -> None:
        """How much text and how many links are in each element, in one pass."""
        for node, leaving in events(self._root, _measurable):
            size = self._sizes.setdefault(node.mem_id, _Size())
            if node.is_text_node:
                size.text = len(same_words(node.text_content or ""))
            if leaving and node.tag == "a":
                size.linked, size.links = size.text, 1
            if (leaving or node.is_text_node) and node.mem_id != self._root.mem_id and node.parent is not None:
                above = self._sizes.setdefault(node.parent.mem_id, _Size())
                above.text += size.text
                above.linked += size.linked
                above.links += size.links

    def _size(self, node: LexborNode) -> _Size:
        return self._sizes.get(node.mem_id) or _Size()

    def _main(self) -> LexborNode:
        total = self._size(self._root).text
        for selector in ("main", '[role="main"]', "article", '[itemprop="articleBody"]'):
            found = self._root.css(selector)
            if len(found) == 1 and self._size(found[0]).text >= _MAIN_SHARE * total and not self._everything:
                return found[0]
        return self._root

    def _walk(self, root: LexborNode) -> None:
        for node, leaving in events(root, self._enters):
            if node.is_text_node:
                self._line.append(source_text(node, preformatted=self._pre > 0))
            elif leaving:
                self._leave(node)
            else:
                self._enter(node)
        self._flush()

    def _enters(self, node: LexborNode) -> bool:
        """Whether the text below an element belongs to the page's text; tables of data are written here."""
        tag = node.tag or ""
        if tag in NEVER or (is_hidden(node) and not self._is_shown_later(node)) or _is_mark(node, tag):
            return False
        if not self._everything and self._surrounds(node, tag):
            return False
        if tag == "table" and (rows := self._rows(node)) is not None:
            self._flush()
            self._blocks += [_Block(row, row=True) for row in rows]
            return False
        return True

    def _is_shown_later(self, node: LexborNode) -> bool:
        """Whether most of a page is hidden until a script shows it."""
        invisible = _INVISIBLE.search(node.attributes.get("style") or "") is not None
        return self._size(node).text > (_MOST if invisible else _NEARLY_ALL) * self._size(self._root).text

    def _surrounds(self, node: LexborNode, tag: str) -> bool:
        size, total = self._size(node), self._size(self._root).text
        if size.text > _MOST * total:
            return False
        if _is_note(node):
            return False
        if tag in _SURROUNDING and not (tag == "header" and node.css_first("h1, h2") is not None):
            return True
        attributes = node.attributes
        named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        words = {part.lower() for part in _NAME_PARTS.findall(named)}
        hints = _HINTS & words
        unlinked = size.text - size.linked
        if hints <= _WEAK_HINTS and unlinked > max(_RUNNING_TEXT, size.text / 2):
            hints = frozenset()
        if tag in _NAMED and (hints or ("header" in words and node.css_first("h1, h2") is None)):
            return True
        if attributes.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary"):
            return True
        if tag not in _LINKED or size.linked < _LINK_SHARE * size.text:
            return False
        if size.links >= _LINK_COUNT:
            return size.linked <= _LINK_LENGTH * size.links
        return size.links > 1 and size.linked == size.text <= _WORD_LENGTH * size.links

    def _enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "br":
            self._line.append("\n")
        elif tag == "img":
            return
        elif tag in BLOCKS:
            self._flush()
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ul", "ol"):
            self._lists.append(_list(node, ordered=tag == "ol"))
        elif tag == "li":
            self._number = self._next_number(node)

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in BLOCKS:
            self._flush()
        if tag in _HEADINGS:
            self._level = 0
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._number = ""

    def _next_number(self, node: LexborNode) -> str:
        if not self._lists or not self._lists[-1].ordered:
            return BULLET
        current = self._lists[-1]
        current.next = integer(node.attributes.get("value"), current.next)
        number = format_number(current.next, current.style)
        current.next += current.step
        return number + ("、" if HAN.search(number) else ".")

    def _flush(self) -> None:
        """What was collected is a paragraph, or several where lines are blank or indented."""
        raw, self._line = "".join(self._line), []
        if not raw.strip():
            return
        if self._level:
            self._add(one_line(raw))
            return
        paragraph: list[str] = []
        for line in raw.split("\n"):
            text = _SERVICE_TAIL.sub("", clean(line))
            if paragraph and (not text or _INDENT.match(line)):
                self._add("\n".join(paragraph))
                paragraph = []
            if text and not _SERVICE_LINE.fullmatch(text):
                paragraph.append(text)
        self._add("\n".join(paragraph))

    def _add(self, text: str) -> None:
        if not text:
            return
        number, self._number = self._number, ""
        level = min(self._level, 9)
        if level and number == BULLET:
            number = ""
        self._blocks.append(_Block(numbered(number, text), level, item=bool(number) and not level))

    def _rows(self, table: LexborNode) -> list[str] | None:
        """The rows of a table of data; None where it lays out the page."""
        role = table.attributes.get("role")
        inner = (element for element in table.css("table, h1, h2, h3, ul, ol, form") if element.mem_id != table.mem_id)
        if role in ("presentation", "none") or next(inner, None) is not None:
            return None
        grid = table_grid(table)
        if is_layout(grid):
            return None
        caption = table.css_first("caption")
        lines = [one_line(caption.text())] if caption is not None else []
        return [line for line in lines + table_lines(grid) if line and not _SERVICE_LINE.fullmatch(line)]


def _measurable(node: LexborNode) -> bool:
    return node.tag not in NEVER


def _is_mark(node: LexborNode, tag: str) -> bool:
    """Signs that link to a note or to the heading they stand at: [1], ¶."""
    if tag == "sup":
        return node.css_first("a") is not None
    if tag != "a":
        return False
    alone = node.css_first("sup")
    raised = alone is not None and same_words(alone.text()) == same_words(node.text())
    return raised or "noteref" in (node.attributes.get("epub:type") or "") or bool(_ANCHOR.fullmatch(node.text()))


def _is_note(node: LexborNode) -> bool:
    """Footnotes of books are beside the text, and part of it."""
    attributes = node.attributes
    kinds = f"{attributes.get('epub:type') or ''} {attributes.get('role') or ''}"
    return _NOTE.search(kinds) is not None


def _list(node: LexborNode, *, ordered: bool) -> _List:
    attributes = node.attributes
    reverse = "reversed" in attributes
    items = sum(child.tag == "li" for child in node.iter()) if reverse else 1
    css = (attributes.get("style") or "").lower()
    style = next((name for value, name in _CSS_STYLES if value in css), "decimal")
    style = _LIST_STYLES.get(attributes.get("type") or "", style)
    return _List(ordered, integer(attributes.get("start"), items), -1 if reverse else 1, style)


def _with_title(blocks: list[_Block], title: str) -> list[_Block]:
    """The blocks with the page's title, often broken over several centred lines, as one heading."""
    if not title or any(block.level and same_words(block.text) == title for block in blocks):
        return blocks
    for first in range(min(len(blocks), _TITLE_WITHIN)):
        words = ""
        for last in range(first, min(len(blocks), first + _TITLE_PIECES)):
            block = blocks[last]
            words += same_words(block.text)
            if block.row or block.item or not title.startswith(words):
                break
            if words == title:
                heading = _Block(one_line("\n".join(part.text for part in blocks[first : last + 1])), 1)
                return [*blocks[:first], heading, *blocks[last + 1 :]]
    return blocks
