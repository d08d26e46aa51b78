"""The title of a web page, without the name of the site."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from assistant.readers.body import one_line, same_words, says_something

# What sites put the plain title in: those of Chinese authorities, then those made for sharing.
_META = (
    'meta[name="ArticleTitle" i]',
    'meta[property="og:title" i]',
    'meta[name="og:title" i]',
    'meta[name="citation_title" i]',
    'meta[name="DC.Title" i]',
)
_SEPARATOR = re.compile(r"\s*[|｜_＿]+\s*|\s+[-–—·»«›:]+\s+|\s*--+\s*|\s*(?:>>|»|›)\s*")
_SITE = re.compile(
    r"(?:网|网站|网页|门户|平台|频道|专栏|栏目|公众号|政府|人民政府|百科全书|百科|图书馆|日报|新闻|博客|论坛|首页|官网|云|社区|文库"
    r"|公开|法规库|数据库|wiki\w*|blog|news|\w+\.(?:com|cn|org|net|gov\S*))$",
    re.IGNORECASE,
)
_LONGEST_SITE = 16  # characters
_DASH_SITE = re.compile(r"^(.{4,}?)\s*[-–—]{1,2}\s*([^-–—]{2,24})$")


def page_titles(tree: LexborHTMLParser) -> list[str]:
    """What may be the page's title, the likeliest first; empty where it names none."""
    found: list[str] = []
    for selector in _META:
        node = tree.css_first(selector)
        found.append(one_line((node.attributes.get("content") if node else "") or ""))
    head = tree.css_first("head > title") or tree.css_first("title")
    full = one_line(head.text() if head else "")
    headings = [one_line(heading.text(separator="")) for heading in tree.css("h1")]
    inside = [text for text in headings if len(text) > 1 and same_words(text) in same_words(full)]
    found += [max(inside, key=len, default=""), without_site(full)]
    found += headings if len(headings) == 1 else []
    found = [title if title in headings else without_site(title) for title in found]
    return list(dict.fromkeys(title for title in found if title and says_something(title)))


def without_site(title: str) -> str:
    """A page's title without the names of its section and site behind (or before) it."""
    parts = [part for part in _SEPARATOR.split(title) if part]
    if len(parts) > 1:
        while len(parts) > 1 and _SITE.search(parts[-1]):
            parts.pop()
        if len(parts) > 1 and _SITE.search(parts[0]) and not _SITE.search(parts[1]):
            parts = parts[1:]
        return parts[0] if len(parts[0]) > 3 or len(parts) == 1 else " ".join(parts[:2])
    dashed = _DASH_SITE.match(title)
    return dashed.group(1) if dashed and _SITE.search(dashed.group(2)) else title


def is_site(title: str) -> bool:
    """Whether a title seems to be the name of a site or section."""
    return len(title) <= _LONGEST_SITE and _SITE.search(title) is not None
