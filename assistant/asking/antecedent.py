"""它由谁负责？ 该办法什么时候施行？: what a word that stands for something stands for."""

from __future__ import annotations

import re

from assistant.asking import english
from assistant.asking.dialogue import Dialogue
from assistant.asking.reference import Reference, referring
from assistant.asking.subject import is_organisation, organisation, person
from assistant.asking.topic import owner_of, title_end
from assistant.asking.vocabulary import ANY_DOCUMENT, ANY_THING, DOCUMENT_KINDS, ROLES
from assistant.asking.wording import Piece, Wording, without_time
from assistant.text.normal import literal

_JUDGED = re.compile(r"(?:是|算|属于)?(?:不)?(?:合法|违法|犯法|犯罪|违规|可以|行|允许|有效|对的?吗|要紧|侵权|违约)")
# What after a name says that not this person is spoken of, or not surely: 王芳的律师是谁, 王强被谁打了.
_MORE_THAN_A_NAME = re.compile(r"的|和|与|、|及|[^,，]{0,6}(?:是谁|由谁|被谁)")
_YEAR = re.compile(r"\d{4}年?")
_YEAR_LAST = re.compile(r"\d{4}年?$")
_NO_PERSONS = frozenset("路线站法书机车船楼山河湖岛镇村省市县国区街桥塔寺庙店厂率量费期例》")  # ends of no name


def referred(dialogue: Dialogue) -> list[Piece] | None:
    """它由谁负责？ 该办法什么时候施行？: a word that stands for what was spoken of."""
    asked, start, earlier = dialogue.asked, dialogue.start, dialogue.earlier
    found = referring(asked, start)
    if found is None:
        return None
    if found.nouns:
        return _of_that_kind(dialogue, found)
    if (
        found.is_person
        and earlier.is_who
        and not earlier.text.isascii()
        and not _meant(earlier, found, is_judged=False)
    ):
        return [(earlier.plain + "，", True), (asked.cut(start), False)]  # 大印放在谁手里，他叫什么名字？
    meant = _meant(earlier, found, is_judged=_JUDGED.match(asked.form, found.end) is not None)
    if not meant or (found.is_person and _is_no_person(asked.form[found.start : found.end], meant)):
        return None
    following = asked.form[found.end : found.end + 1]
    joined = ""
    if found.is_possessive and following != "的":
        joined = "的"
    elif found.is_situation and following not in ("是", "合", "违", "算", "，", ","):
        joined = "，"
    return [(asked.cut(start, found.start), False), (meant, True), (joined, False), (asked.cut(found.end), False)]


def _is_no_person(pronoun: str, meant: str) -> bool:
    """Whether 他 cannot stand for what was spoken of: for 云海大学, 他们 can."""
    name = _YEAR_LAST.sub("", literal(meant))
    return pronoun[-1] not in "们哋俩" and is_organisation(name)


def _meant(earlier: Wording, found: Reference, *, is_judged: bool) -> str:
    """What a pronoun stands for; empty where nothing fits."""
    if earlier.text.isascii():
        return english.antecedent(earlier.text, "he" if found.is_person else "it")
    if found.is_person:
        return _person(earlier)
    if found.is_situation or is_judged:
        return earlier.situation()
    begin, stop = owner_of(earlier) if found.is_thing else earlier.topic()
    stop = title_end(earlier, begin, stop) if found.is_thing and stop > begin else stop
    begin += without_time(earlier.form[begin:stop]) if "，" in earlier.cut(begin, stop)[1:] else 0
    if (
        found.is_thing
        and (whole := organisation(earlier))
        and begin <= whole[0]
        and _YEAR.match(earlier.form, whole[1])
    ):
        return earlier.cut(*whole)  # 云海大学2022年招多少人？
    return earlier.cut(begin, stop) or earlier.body()


def _person(earlier: Wording) -> str:
    """Who was spoken of: the topic, or where a question asked who, whoever does that."""
    named_from = without_time(earlier.form)
    named_to = person(earlier, named_from)
    if named_to > named_from and not _MORE_THAN_A_NAME.match(earlier.form, named_to):
        return earlier.cut(named_from, named_to)
    begin, stop = earlier.topic()
    topic = earlier.cut(begin, stop)
    if not earlier.is_who:
        first, of, rest = earlier.form[begin:stop].partition("的")
        named = first if of and len(first) > 1 and not ROLES.search(rest) else earlier.form[begin:stop]
        stop = begin + len(named)
        begin += max(named.rfind("，"), named.rfind(",")) + 1
        begin += without_time(earlier.form[begin:stop])
        stop = _before_verb(earlier, begin, stop)
        is_thing = earlier.form.startswith("《", begin) or earlier.form[stop - 1] in _NO_PERSONS
        return "" if is_thing else earlier.cut(begin, stop)
    if not earlier.form.startswith("谁") and not re.search(r"由|是|归", earlier.form):
        return ""
    who = r"(?:谁|哪[^的]{0,4}(?:人|部门|单位|机构))"
    found = re.match(
        rf"(?P<what>.+?)(?:是由|由|是|归){who}(?:来)?(?P<does>.{{0,6}})$",
        earlier.form[: earlier.end],
    )
    if found is None and earlier.form.startswith("谁是"):
        return earlier.cut(2, earlier.end)
    if found is None:
        return f"{earlier.body()}的人" if earlier.body() else topic
    if not found["does"]:
        return earlier.cut(0, found.end("what"))  # 清河镇的镇长是谁？
    return f"{earlier.cut(found.start('does'), found.end('does'))}{earlier.cut(0, found.end('what'))}的人"


def _before_verb(earlier: Wording, begin: int, stop: int) -> int:
    """Where whoever does something ends: 清洁工 of 清洁工打碎."""
    words = [one for one in earlier.segments if one.is_word and begin <= one.start and one.end <= stop]
    verb = next((one for one in words[1:] if earlier.is_verb(earlier.form[one.start : one.end])), None)
    return stop if verb is None or "的" in earlier.form[begin:stop] else verb.start


def _of_that_kind(dialogue: Dialogue, found: Reference) -> list[Piece] | None:
    """该办法, 这个村: what of the earlier question or of the documents is called so."""
    asked = dialogue.asked
    for noun in found.nouns:
        name, document = "", None
        if noun in DOCUMENT_KINDS and (known := dialogue.document("" if noun in ANY_DOCUMENT else noun)):
            name, document = known
        name = name or _called(dialogue.earlier, noun)
        if not name and noun in ANY_THING:
            name = dialogue.earlier.cut(*dialogue.earlier.topic())
        if name:
            if document:
                dialogue.named.append(document)
            return [(asked.cut(0, found.start), False), (name, True), (asked.cut(found.end + len(noun)), False)]
    return None


def _called(earlier: Wording, noun: str) -> str:
    """The name in the earlier question that ends with a noun: 石桥村 for 村, 东片排涝泵站 for 泵站."""
    at = earlier.form.find(noun)
    end = at + len(noun)
    if at < 0 or any(one.start < at and end < one.end for one in earlier.segments if one.is_word):
        return ""
    if re.search(r"[这那该此本]", earlier.form[:end]):
        return ""
    start = at
    for one in reversed([one for one in earlier.segments if one.start < at]):
        text = earlier.form[one.start : min(one.end, at)]
        if one.end < start or (not one.is_word and text != "的") or without_time(earlier.form[: one.end]) == one.end:
            break
        if one.start == 0 or one.is_word or text == "的":
            start = one.start
    while start < at and earlier.form[start] in "的和与在":
        start += 1
    return earlier.cut(start, end) if start < at or len(noun) > 1 else ""
