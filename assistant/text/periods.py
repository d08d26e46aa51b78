"""Whether a full stop ends a sentence: not in 3.5, e.g., Mr. Smith, U.S. Army, www.gov.cn, file.txt, nor after 1."""

from __future__ import annotations

import re

from assistant.text.lines import CJK


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Always followed by what they belong to.
_NEVER = _words(
    "mr mrs ms mx dr prof rev fr gen col lt sgt capt cpl cpt cmdr maj adm brig pvt supt sen rep gov pres amb hon "
    "messrs mt st ste ft vs v e.g i.e eg ie cf viz approx ca circa lit trans esp resp incl excl pseud arr"
)
# Abbreviations only before a number: No. 5, Fig. 3, Jan. 12.
_NUMBERED = _words(
    "no nos nr vol vols p pp fig figs eq eqs sec sect ch chap chs art arts para paras par op pt ver tab app ex "
    "jan feb mar apr jun jul aug sep sept oct nov dec c b d r fl § nn n l ll"
)
# Abbreviations that may also end a sentence: only before a word that begins one.
_EITHER = _words(
    "inc ltd co corp jr sr bros esq al ph.d dept univ assn est ave blvd rd bldg gov't ed eds a.m p.m b.c a.d"
)
# The same, of states: only with a capital (“mass.” is a word).
_STATES = _words(
    "ala ariz ark cal calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa "
    "penn tenn tex va vt wash wis wyo"
)
_STARTERS = _words(
    "a about according after all also although among an and another any apart as at because before between both but "
    "by despite during each early even every few finally first following for four from further furthermore given he "
    "hence her here his how however i if in indeed instead into it its last later like many may meanwhile more "
    "moreover most much my near nevertheless no nor not now of on once one only or other others our out over rather "
    "second several she similarly since so some soon still such than thanks that the their then there these they "
    "this those though three through throughout thus to today together two under unlike until up upon various was "
    "we were what when where whereas whether which while who whose why with within without yet you your"
)

_BEFORE = re.compile(r"[^\s\"“”‘(\[（【—–/，。、；：！？]+\Z")
_CJK = re.compile(f"[{CJK}]")
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}|[0-9０-９]{1,3}")
_LIST_NUMBER = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5}|\d{1,2}(?:\.\d{1,2}){1,3})")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}")
# Numbers of notes after a sentence, as encyclopaedias have them: they belong to it.
NOTES = re.compile(r"(?:\[(?:\d{1,3}|[a-z]|note \d+)\])+")
_NEXT = re.compile(r"[\s\"“”‘’'(\[（]*(?P<word>[^\W_]+)?")


def ends_with_period(text: str, last: int, point: int, closed: int, end: int, *, dots_end: bool) -> bool:
    """Whether the sentence that began at `last` ends with the full stop(s) at `point`, closed by brackets at `closed`.

    `dots_end`: the text has no 。, so a full stop after a Chinese character is one.
    """
    if closed >= end:
        return not _is_list_number(text, last, point)
    if point > 0 and _CJK.match(text, point - 1):
        number = _CHINESE_NUMBER.fullmatch(text[max(last, point - 40) : point].strip())
        return number is None and dots_end and (text[closed].isspace() or bool(_CJK.match(text, closed)))
    if text[point] == "．" or not (text[closed].isspace() or _CJK.match(text, closed) or NOTES.match(text, closed)):
        return False
    if _is_list_number(text, last, point):
        return False
    following = _NEXT.match(text, closed, end)
    word = (following.group("word") if following else "") or ""
    if word[:1].islower():
        return False
    return _word_allows_end(text[max(last, point - 40) : point], word)


def _is_list_number(text: str, last: int, point: int) -> bool:
    return _LIST_NUMBER.fullmatch(text[max(last, point - 40) : point].strip()) is not None


def _word_allows_end(before: str, following: str) -> bool:
    """Whether a sentence may end after `before` (the text up to the stop) when `following` is the next word."""
    match = _BEFORE.search(before)
    if match is None:
        return True
    word = match.group().rsplit("-", 1)[-1] or "-"
    name = word.lower().strip("'’*_").removesuffix("'s")
    begins = following.lower() in _STARTERS
    number = following[:1].isdigit() or re.fullmatch(r"[IVXLC]+", following) is not None
    if name in _NEVER or (name in _NUMBERED and number):
        return False
    if name in _NUMBERED and len(name) > 1:
        return True
    abbreviated = name in _EITHER or _ACRONYM.fullmatch(word) or (word[0].isupper() and name in _STATES)
    if abbreviated or (len(word) == 1 and word.isupper()):
        return begins or not following
    return True
