"""How a heading becomes a question, in its own language and script: （二）印章 → 《…》关于印章有哪些规定？"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.addressing.parts import NAMED, Step, chinese, name_of, step_of
from assistant.text.headings import CONTENTS
from assistant.text.normal import CJK, has_chinese, literal

_LONGEST_TITLE, _LONGEST_NAME = 50, 30
_CHINESE = re.compile(f"[{CJK}]")
_LETTER = re.compile(r"[^\W\d_]")
# Captions, cells of tables, links, marks, sentences, and what a question would read as another name.
_GARBAGE = re.compile(
    r"[|\t\\{}<>《》〈〉“”\"「」『』…=@#\u200b-\u200f\u202a-\u202e\u2066-\u2069]|https?:|www\.|[。！；;!,，、]$|[：:?？].|[：:]$"
    r"|^(?:[附续]?[表图]|table|figure|fig\.)\s*[\d一二三四五六七八九十]|[（(\[【][^）)\]】]*$",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"目[录次]|其[他它]|说明|备注|附注|注释?|正文|无|略|others?|notes?|misc|none")
_CHAPTERS = re.compile(r"总则|附则|分则|罚则|序言|前言|引言")
_REGULATION = re.compile(
    r"(?:法典|法|条例|办法|规定|细则|章程|规则|通则|守则|规程|准则|规范|制度|标准)\W*(?:\([^)]*\)\W*)?$"
)
_ASKING = re.compile(r"什么|如何|怎[么样]|哪|为何|是否|谁|吗$|\?$|多[少大长久远]|几[个种类级时天年]")
_SECTION = re.compile(r"(?:回顾|总结|安排|概述|概况|简介|背景|结论|摘要|建议|情况|计划|展望)$")
_SEVERAL = re.compile(
    r"(?:问题|措施|任务|权利|义务|条件|范围|原则|要求|目标|方法|种类|情形|职责|概念|责任|步骤|流程|材料|方式|事项)$"
)
_PRINTED = re.compile(r"印发.{0,6}[《〈](.+?)[》〉]")
_UNITS = {"条": "Article", "章": "Chapter", "编": "Part", "附件": "Appendix"}
_OUTER = ("编", "部分", "分编", "章", "节")
_TRADITIONAL = (
    ("讲了什么", "講了什麼"),
    ("是怎么规定的", "是怎麼規定的"),
    ("关于", "關於"),
    ("有哪些规定", "有哪些規定"),
    ("里，", "裡，"),
    ("条", "條"),
    ("节", "節"),
    ("编", "編"),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with the numbers that lead to it; without words: a whole document."""

    written: str
    steps: tuple[Step | None, ...]  # from the outside in, its own last

    @property
    def name(self) -> str:
        """What it says besides its number, as it is written; empty where that is nothing to ask by."""
        return _name(self.written)

    @property
    def is_article(self) -> bool:
        return bool(self.steps) and self.steps[-1] is not None and self.steps[-1].kind == "条"

    @property
    def number(self) -> str:
        """Its number as a Chinese question says it, with those of the parts around it; empty where none is its own."""
        last = self.steps[-1] if self.steps else None
        if last is None or last.kind == NAMED:
            return ""
        if last.kind in ("条", "附件"):
            return last.label
        if last.kind in _OUTER:
            return "".join(step.label for step in self.steps if step is not None and step.kind in _OUTER)
        alone = sum(step is not None for step in self.steps) == 1
        return f"第{chinese(int(last.number))}部分" if alone and last.number.isdecimal() else ""


def names_of_document(title: str) -> Iterator[str]:
    """How a question may name a document, in the marks that make it a name: what a notice attaches, or its title."""
    printed = _PRINTED.search(title)
    for text in (*([printed[1]] if printed else []), title.strip()):
        if len(text) > _LONGEST_TITLE or len(text) < 2 or any(sign in text for sign in '\n“”"「」'):
            continue
        if not has_chinese(text):
            yield f"“{text}”"
        elif text.startswith("《") and text.endswith("》") and "《" not in text[1:]:
            yield text
        else:
            yield f"《{text.replace('《', '〈').replace('》', '〉')}》"


def phrased(title: str, heading: Heading) -> Iterator[str]:
    """Ways to ask for a heading of a document, or for all of it, the most natural first."""
    if not has_chinese(title):
        yield from _english(title, heading)
        return
    traditional = _is_traditional(title + heading.written)
    for question in _chinese(title, heading):
        yield _in_traditional(question, title, heading.name) if traditional else question


def _chinese(title: str, heading: Heading) -> Iterator[str]:
    name = heading.name
    if not heading.written:
        yield f"{title}讲了什么？"
    elif name and not heading.is_article:
        folded = literal(name)
        if _CHAPTERS.fullmatch(re.sub(r"\s", "", folded)):
            yield f"{title}{name}讲了什么？"
        elif _ASKING.search(folded):
            yield f"{title}里，{name.rstrip('？?')}？"
        else:
            if _SEVERAL.search(folded):
                yield f"{title}中{name}有哪些？"
            if _REGULATION.search(literal(title)):
                yield f"{title}关于{name}有哪些规定？"
            yield f"{title}{'的' if _SECTION.search(folded) else '关于'}{name}讲了什么？"
    if heading.number:
        yield f"{title}{heading.number}{'是怎么规定的' if heading.is_article else '讲了什么'}？"


def _english(title: str, heading: Heading) -> Iterator[str]:
    name = heading.name
    if not heading.written:
        yield f"What does {title} say?"
    elif name and not heading.is_article:
        yield f"What does {title} say about {_within_sentence(name)}?"
    last = heading.steps[-1] if heading.steps else None
    if last is not None and last.number and last.kind != NAMED and (name or heading.is_article):
        yield f"What does {_UNITS.get(last.kind, 'Section')} {last.number} of {title} say?"


def _within_sentence(name: str) -> str:
    """A heading's words within a sentence: a capital that only begins it becomes a small letter."""
    first = name.split()[0]
    return name[:1].lower() + name[1:] if first[1:] == first[1:].lower() and first != "I" else name


@lru_cache(maxsize=4_096)
def _name(written: str) -> str:
    name = name_of(written)
    digits = sum(character.isdecimal() for character in name)
    longest = _LONGEST_NAME if has_chinese(name) else 2 * _LONGEST_NAME
    if not 2 <= len(name) <= longest or 2 * digits > len(name) or not _LETTER.search(name):
        return ""
    if _EMPTY.fullmatch(name) or CONTENTS.match(written):
        return ""
    starts = (n for n in range(len(written)) if written[n].isalnum() and name_of(written[n:]) == name)
    words = next((written[n:].strip() for n in starts if step_of(written[n:]) is None), "")
    return "" if _GARBAGE.search(words) else words


@lru_cache(maxsize=4_096)
def _is_traditional(text: str) -> bool:
    return any(literal(character) != character for character in _CHINESE.findall(text))


def _in_traditional(question: str, title: str, name: str) -> str:
    """A question of ours in traditional script; the title and the heading's words in it stay as they are."""
    kept = "|".join(map(re.escape, filter(None, (title, name))))
    pieces = re.split(f"({kept})", question)
    for place in range(0, len(pieces), 2):
        for simplified, traditional in _TRADITIONAL:
            pieces[place] = pieces[place].replace(simplified, traditional)
    return "".join(pieces)
