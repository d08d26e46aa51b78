"""Short names of documents: 公积金提取办法 for 云州市住房公积金提取管理办法.

What a short name leaves out it leaves out in order, and it keeps the word for the kind of document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.text.normal import CJK

_KIND = re.compile(
    r"(?:条例|办法|章程|规定|细则|规则|守则|规程|准则|公约|制度|指南|指引|手册|须知|方案|预案|规划|计划|纲要|意见|"
    r"通知|法典|法)$"
)
# Such words tell no two documents apart: 管理办法 names none.
_COMMON = re.compile(r"(?:管理|实施|试行|暂行|工作|有关|相关|具体|若干|本市|我市|我省|我国|国家|全国|新|旧|的)+")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?版?")
_PIECE = re.compile(r"\d+|\D")
_LEADING_YEAR = re.compile(r"(?:19|20)\d\d年?(?:版|修订|修正|发布|公布|印发|出台|制定)*的?")
_PART_OF_RUN = re.compile(r"[的在按据照依对查看]")
_FEWEST = 2  # characters besides the kind and what is common


def short_for(name: str, titles: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of the titles, all versions of one, that a name is short for; none where several may be meant.

    `titles` has the key that each document of the library goes by, with its title as it is written.
    """
    kind = _KIND.search(name)
    if kind is None or re.search(f"[{CJK}]", name) is None:
        return ()
    stem = name[: kind.start()].replace("的", "")
    if len(_COMMON.sub("", _YEAR.sub("", stem))) < _FEWEST:
        return ()
    families: dict[str, list[str]] = {}
    for key in titles:
        if not key.endswith(kind[0]) or _KIND.search(key)[0] != kind[0]:  # type: ignore[index]
            continue
        pieces = _pieces_left(stem, key[: -len(kind[0])])
        # 劳动法 and 合同法 are no short names of 劳动合同法, while 保密法 is one of 保守国家秘密法
        if pieces > (kind[0] in ("法", "法典")):
            families.setdefault(_YEAR.sub("", key), []).append(key)
    return tuple(next(iter(families.values()))) if len(families) == 1 else ()


def possible_names(words: str) -> tuple[str, ...]:
    """What of some words before 第三条 may be a name, the longest first: 云州的公积金提取办法 has two."""
    found = [words, _LEADING_YEAR.sub("", words, count=1) if _LEADING_YEAR.match(words) else words]
    found += [words[match.end() :] for match in _PART_OF_RUN.finditer(words)]
    return tuple(dict.fromkeys(name for name in found if len(name) > 1))


def _pieces_left(short: str, long: str) -> int:
    """In how many pieces of another text a text stands, in order; 0 where it does not. A number is left whole."""
    wanted = _PIECE.findall(short)
    pieces, last, position = 0, -2, 0
    held = _PIECE.findall(long)
    for one in wanted:
        if last + 1 < len(held) and held[last + 1] == one and last >= 0:
            position = last + 1
        else:
            try:
                position = held.index(one, position)
            except ValueError:
                return 0
            pieces += 1
        last = position
        position += 1
    return pieces
