"""A question that follows another is made to stand alone, by rules: 那第三条呢？ becomes 《…办法》第三条怎么规定？

What it leaves out is taken from the earlier question, which stands alone already. A question that stands alone by
itself is never changed: every rule asks for an open sign that something was left out, and a new topic is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.asking import english, listing, slots
from assistant.asking.antecedent import referred
from assistant.asking.change import another, what_of
from assistant.asking.dialogue import Dialogue, title_of
from assistant.asking.fragment import fragment
from assistant.asking.standing import Standalone
from assistant.asking.wording import LONGEST, Piece, Wording, after, content, earlier_wording
from assistant.text.tokens import Tokens
from assistant.types import Turn

_LONGEST_FOLLOWING = 60  # characters: a longer question says what it is about
_LONGEST_SAID = 12  # characters after an article's number: 是怎么规定的
_THIS_ARTICLE = re.compile(r"(?:这|该|本|此|那)一?(?P<level>[章节条款项])(?=[怎什是的由适有规讲何在属对能可要])")
_LEAD = re.compile(
    r"^(?:(?:好的?|嗯+|哦|噢|谢谢你?|明白了?|知道了|懂了|请问|请教一下|问一下|那么请问|那请问|那么|那就|那"
    r"|还有就是|还有|另外|此外|再问一下|再|又|而|但是?|"
    r"可是|不过|所以|如果是|如果|要是|换成|假如是|假如)[,，、:：\s。!！]*)+"
)
_MORE = re.compile(
    r"(?:还有)?(?:还有(?:呢|吗|什么|哪些|别的|其他的?|没有)?(?:吗|呢)?|有没有(?:别的|其他的?)|(?:有)?(?:其他的?"
    r"|别的|其余的?|剩下的)(?:呢|吗|还有吗)?"
    r"|然后呢?|接着呢?|接下来呢?|后来呢?|之后呢|除此之外呢?|继续|继续说|接着说|再说说|再?详细(?:点|一点|说说|些"
    r"|一些)?|(?:能)?说?(?:得|的)?具体(?:点|一点|说说|些|一些|呢)?"
    r"|(?:能)?举个?例子?(?:说明)?|例如呢?|比如呢?|比如说呢?|还有没有别的|还有什么别的|还有其他的?吗|展开说说"
    r"|多说(?:一)?点|说说看)"
)
_WHY = re.compile(
    r"(?:这|那|它)?(?:又)?(?:是)?(?:为什么|为何|为啥|因为什么|凭什么|怎么回事|怎么会这样|为什么会这样|为什么这样"
    r"|什么原因|什么道理|何故)"
    r"|(?:它的|其|有什么|有何)?(?:原因|理由|依据|根据|法律依据|道理|出处)(?:是什么|何在|在哪里?|有哪些|是啥)?"
)
_SAID = {"条": "怎么规定？", "款": "怎么规定？", "项": "怎么规定？"}


def stand_alone(question: str, earlier: Turn | None, tokens: Tokens, titles: Callable[[str], str]) -> Standalone:
    """Make a question that follows `earlier` stand alone; one that does so by itself comes back as it is.

    `titles` gives the title of a document by its id, or raises KeyError where it has gone.
    """
    unchanged = Standalone(question)
    if earlier is None or not any(sign.isalnum() for sign in earlier.question) or not question.strip():
        return unchanged
    if len(question) > _LONGEST_FOLLOWING * (2 if question.isascii() else 1) or "\n" in question.strip():
        return unchanged
    if english.is_english(question):
        pieces = english.standing_alone(question, earlier.question, lambda: title_of(earlier.documents, titles))
        return unchanged if pieces is None else _made(pieces, ())
    return _chinese(question, earlier, tokens, titles)


def _chinese(question: str, earlier: Turn, tokens: Tokens, titles: Callable[[str], str]) -> Standalone:
    unchanged = Standalone(question)
    before, asked = earlier_wording(earlier.question, tokens), Wording(question, tokens)
    if len(before.text) > LONGEST:
        return unchanged
    dialogue = Dialogue(asked, after(_LEAD, asked), before, earlier.documents, titles)
    if not dialogue.core and not _MORE.fullmatch(asked.form[: asked.end]):
        return unchanged
    for rule in _RULES_OVER_ENGLISH if before.text.isascii() else _RULES:
        pieces = rule(dialogue)
        if pieces is not None:
            made = _made(pieces, dialogue.named) if _says_something(before) else unchanged
            return made if made.added or made.documents else unchanged  # 婚假呢？ 那产假呢？: only 呢 was added
    return unchanged


def _says_something(earlier: Wording) -> bool:
    return bool(content(earlier.words)) or bool(slots.ARTICLE.search(earlier.form))


def _made(pieces: Sequence[Piece], named: Sequence[str]) -> Standalone:
    question = "".join(text for text, _ in pieces)
    added: list[str] = []
    joined = False
    for text, is_added in pieces:
        if not text:
            continue
        if is_added and joined:
            added[-1] += text
        elif is_added:
            added.append(text)
        joined = is_added
    shown = [text.strip(" \t\n　,，。?？!！、:：;；").lstrip("》”").rstrip("《“") for text in added]
    return Standalone(question, tuple(text for text in shown if any(map(str.isalnum, _plain(text)))), tuple(named))


def _plain(form: str) -> str:
    """Without the signs and particles at its end."""
    return re.sub(r"[呢啊呀吧嘛么的?？。!！\s]+$", "", form)


def _listed(dialogue: Dialogue) -> list[Piece] | None:
    """那“…”呢？ after a question for every mention: the same for other words."""
    asked, earlier = dialogue.asked, dialogue.earlier
    place = listing.words_of(earlier.text)
    what = what_of(dialogue)
    if place is None or what is None or slots.ARTICLE.match(what[2]) or ("的" in what[2] and not dialogue.leads_on):
        return None
    text = earlier.text
    return [(text[: place[0]], True), (asked.cut(what[0], what[1]), False), (text[place[1] :], True)]


def _more(dialogue: Dialogue) -> list[Piece] | None:
    """还有呢？ 为什么？ 具体呢？: nothing but the earlier question says what about."""
    asked, earlier = dialogue.asked, dialogue.earlier
    whole, core = asked.form[: asked.end], dialogue.core
    closed = asked.form.rstrip("?？。!！ ")
    if _MORE.fullmatch(whole) or _MORE.fullmatch(core) or _MORE.fullmatch(closed) or _WHY.fullmatch(core):
        space = " " if earlier.text.isascii() else ""
        return [dialogue.whole, (space + asked.text, False)]
    return None


def _article(dialogue: Dialogue) -> list[Piece] | None:
    """那第三条呢？: of the document that was spoken of."""
    asked, start, earlier, core = dialogue.asked, dialogue.start, dialogue.earlier, dialogue.core
    pointed = _THIS_ARTICLE.match(core)
    if pointed is not None:
        known = [one for one in slots.ARTICLE.finditer(earlier.form) if one["level"] == pointed["level"]]
        return [(earlier.cut(0, known[-1].end()), True), (asked.cut(start + pointed.end()), False)] if known else None
    found = slots.ARTICLES.match(core) or slots.NEXT.match(core)
    if found is None or len(core) - found.end() > _LONGEST_SAID:
        return None
    end = start + found.end()
    if content(dialogue.words(end, asked.end)):
        return None
    alone = not _plain(core[found.end() :].removesuffix("怎么样"))
    written, rest = asked.cut(start, end), asked.cut(end)
    if slots.NEXT.fullmatch(found[0]):
        same = slots.next_article(earlier, found[0])
    else:
        same = slots.another_article(earlier, found[0], written)
    if same is not None:
        return same if alone else [*same[:2], (rest, False)]
    level = found[0][-1]
    if level not in "编篇章节条款项目" or slots.NEXT.fullmatch(found[0]):
        return _numbered(dialogue, end) if alone else None
    document = dialogue.document()
    if document is None:
        return None
    title, name = document
    if name:
        dialogue.named.append(name)
    return [(title, True), (written, False), (_SAID.get(level, "讲什么？") if alone else rest, False)]


def _numbered(dialogue: Dialogue, end: int) -> list[Piece] | None:
    """第二步呢？ 第三次呢？ of what was spoken of."""
    asked, start, earlier = dialogue.asked, dialogue.start, dialogue.earlier
    begin, stop = earlier.topic()
    if stop <= begin:
        return None
    return [(earlier.cut(begin, stop), True), (asked.cut(start, end), False), (asked.cut(end), False)]


_RULES = (_listed, _more, _article, another, fragment, referred)
_RULES_OVER_ENGLISH = (_listed, _more, _article, referred)
