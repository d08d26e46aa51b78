"""How natural the letters and signs stand that UTF-8 writes with two bytes: a “£” before a number, an “é” in a word.

“costs £2” in UTF-8 is “costs 拢2” in GBK, and “支援” in GBK is “֧Ԯ” in UTF-8. The characters alone do not tell, for 拢
is as common as £; their neighbours do.
"""

from __future__ import annotations

import re
from itertools import pairwise

# Bits, as in `assistant.readers.encoding`.
_LETTER, _OTHER_LETTER, _ALONE, _ODD = 7.0, 9.0, 9.0, 15.0
_FITS, _SYMBOL, _RARE = 7.0, 15.0, 26.0
_ODD_PAIR, _NO_WORD = 8.0, 6.0

# Letters of the languages written in Latin letters; most stand among ASCII letters.
_LATIN_1 = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
_EXTENDED = (
    "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž"
    "ơưƠƯǍǎǏǐǑǒǓǔǖǘǚǜȘșȚțɓɗəƏɛɔɣŋ"
)
_WORDS_OF_ONE_LETTER = frozenset("àáâäåæèéíòóöøùúÀÁÄÅÆÈÉÍÒÓÖØÚÜüôÔžŽ")
# Two in a row that languages do have; others, like “ûë”, are rather two bytes each of something else.
_PAIRS = re.compile(
    "éé|ää|öö|üü|õõ|åå|íí|çã|çõ|çé|çá|çà|öç|üç|äö|äü|õü|õä|üä|éä|áä|óð|íð|öð|áð|úð|þá|þé|þó|ïé|ñá|ñó|ñí|ñé|üé|éü|áí|öá",
    re.IGNORECASE,
)
_LATIN_RUN = re.compile(rf"[{_LATIN_1}{_EXTENDED}]+")
_ASCII_LETTER = re.compile(r"[A-Za-z]")

# Signs where they are used: a pound before a number, a degree after one, quotation marks around words.
_SIGN = re.compile(
    r"""[£¥¤](?=[ \xa0]?[\d.,(]) | (?<=[\d.,])[£¥¢] | (?<=[\d.,][ \xa0])[£¥¢](?!\w) | (?<=\()[£¥](?=(?:\ ?[mkb]\w*)?\))
      | (?<=[\d ½(-])°(?![^\W\dCFKNSEWO]) | (?<=[\d°º])[ªº](?!\w) | (?<=\b[nNM])º | (?<=\d)[.][ªº] | (?<=\d)[ªº]
      | [§¶](?=[ \xa0]?[§¶\dA-Z]) | (?<=[§¶])[§¶] | ^[§¶]
      | (?<=[\d\w\s)\]])[×÷±](?=[\s\d\w.(-]) | (?<=\d)×(?!\w) | [±×](?=[ ]?\d)
      | (?<![^\W\d])[½¼¾](?![^\W\d]|[\xa1-\xba]) | (?<=\d)[½¼¾]
      | (?<=[A-Za-z\d)\]])[²³¹](?![a-z\d]) | ^[²³¹](?=\s)
      | (?<![^\W\d_])µ(?=[mgslLAFVWCSTH]\b|mol|sec|\b)
      | (?<!\w)« | (?<=[\s\xa0\w.,;:!?)“”'’\]])»(?!\w) | (?<!\w)»(?=\w) | (?<=[\w.,;:!?)])«(?!\w)
      | (?<![^\s\xa0])·(?=[\s\xa0]) | (?<=[A-Za-z])·(?=[A-Za-z]) | ^·(?=\w) | (?<=\d)·(?=\d)
      | ©(?=[ \xa0]*(?:\d{4}|[A-Z])) | (?<=\(c\) )© | ^© | (?<=[A-Za-z\d)])®(?![A-Za-z]) | (?<=[ ])®(?=[ ])
      | (?<!\w)[¿¡](?=[\w\s"'“«¿¡]) | (?<=[A-Za-z])´(?=[a-z]) | (?<=[A-Za-z])\xad(?=[a-zà-ÿ])
      | [\xa0] | ¬(?=[\s(\w]) | (?<=[\s])¦(?=[\s])
      | (?<=['"(‘“`/])[\xa1-\xbf×÷](?=['")’”`/,]) | (?<=[a-z,][ ])[\xa1-\xbf×÷](?=[ ][a-z]) """,
    re.VERBOSE | re.MULTILINE,
)

_CYRILLIC = re.compile(r"[Ѐ-џҊ-ԯ]+")
_CYRILLIC_VOWEL = re.compile(r"[аеиоуыэюяёєіїъүұәө]", re.IGNORECASE)
_GREEK = re.compile(r"[Ά-ώ]+")
_GREEK_VOWEL = re.compile(r"[αεηιουωάέήίόύώϊϋΐΰ]", re.IGNORECASE)
_NEVER_ALONE = "\u03a2ΪΫΰϊϋόύώάέί"
# Of a word in Armenian, Hebrew, Arabic, Syriac, Thaana or N'Ko some letter is mostly beyond those that GB2312 can be.
_EASTERN = re.compile(r"[\u0531-\u0556\u0561-\u0587]+|[\u0591-\u05f4]+|[\u060c-\u06f9]+|[\u0700-\u07ff]+")
_COMBINED = re.compile(r"(?<=[A-Za-zÀ-ž])[\u0300-\u0328]|(?<=[Ͱ-я])[\u0300\u0301\u0306\u0308\u0342]")
_PHONETIC = re.compile(r"(?<=[/\[\sA-Za-z\u0250-\u02ff])[\u0250-\u02af\u02b0-\u02d0]+(?=[/\]\sA-Za-z\u0250-\u02ff])")
_BETWEEN_WORDS = re.compile(r"(?<=[a-z,] ).(?= [A-Za-z])")
_MANY = 5  # so many letters of one script in a row are a word, whatever they are


def bits(text: str) -> float:
    """What the characters from U+0080 to U+07FF in a text cost, in bits, as UTF-8 would have them."""
    costs = {match.start(): _FITS for match in _SIGN.finditer(text)}
    costs |= {match.start(): _OTHER_LETTER for match in _COMBINED.finditer(text)}
    for match in _PHONETIC.finditer(text):
        costs |= dict.fromkeys(range(*match.span()), _OTHER_LETTER if _beyond_gb2312(match.group()) else _ODD)
    for match in _LATIN_RUN.finditer(text):
        costs |= _latin(match)
    for pattern, vowel in ((_CYRILLIC, _CYRILLIC_VOWEL), (_GREEK, _GREEK_VOWEL)):
        for match in pattern.finditer(text):
            costs |= _alphabet(match, vowel)
    for match in _EASTERN.finditer(text):
        costs |= _eastern(match)
    return sum(
        costs.get(index, _SYMBOL if char <= "\u024f" else _RARE)
        for index, char in enumerate(text)
        if "\x80" <= char < "\u0800"
    )


def _beyond_gb2312(run: str) -> bool:
    """Whether a letter's second byte is none that a character of GB2312 has: 80 to A0."""
    return any(ord(char) % 64 <= 0x20 for char in run)


def _neighbours(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]


def _among_other_letters(match: re.Match[str]) -> bool:
    """Whether a letter of another script that is not ASCII touches it, or a “µ”; an accent over it is none."""
    return any(char == "µ" or "\xc0" <= char < "\u0300" or "\u0370" <= char < "\u0800" for char in _neighbours(match))


def _latin(match: re.Match[str]) -> dict[int, float]:
    """The cost of each letter in a run of Latin letters beyond ASCII; place → bits."""
    run, start = match.group(), match.start()
    in_word = _ASCII_LETTER.search(_neighbours(match)) is not None
    if not in_word and len(run) == 1:
        digit = any(char.isdigit() for char in _neighbours(match))
        word = run in _WORDS_OF_ONE_LETTER or _BETWEEN_WORDS.match(match.string, start)
        return {start: _ALONE if word and not digit and not _among_other_letters(match) else _ODD}
    beyond = _beyond_gb2312(run)
    apart = 0.0 if in_word or beyond else _NO_WORD
    costs = {start + index: apart + (_LETTER if char in _LATIN_1 else _OTHER_LETTER) for index, char in enumerate(run)}
    for index, pair in enumerate(pairwise(run), start + 1):
        known = beyond or _PAIRS.fullmatch("".join(pair)) or (in_word and any(char in _EXTENDED for char in pair))
        costs[index] += 0.0 if known else _ODD_PAIR
    return costs


def _alphabet(match: re.Match[str], vowel: re.Pattern[str]) -> dict[int, float]:
    """The cost of each letter in a run of Cyrillic or Greek ones: a word has a vowel, and its capitals in front."""
    run = match.group()
    if min(run) >= "\u0460":  # not one letter of everyday's Cyrillic
        cost = _RARE if any(char.isalpha() for char in _neighbours(match)) else _ODD
    elif _among_other_letters(match):
        cost = _ODD
    elif len(run) == 1:
        cost = _ODD if run in _NEVER_ALONE else _ALONE
    else:
        cased = run[1:].islower() or run.isupper()
        fits = len(run) >= _MANY or (cased and (_beyond_gb2312(run) or vowel.search(run)))
        cost = _LETTER if fits else _ODD
    return dict.fromkeys(range(*match.span()), cost)


def _eastern(match: re.Match[str]) -> dict[int, float]:
    """The cost of each letter in a run of Hebrew, Arabic and the like, which have no capitals to judge by."""
    run = match.group()
    beyond = _beyond_gb2312(run)
    alone = _ODD if beyond else _RARE
    in_word = _OTHER_LETTER if beyond or len(run) >= _MANY else _ODD
    return dict.fromkeys(range(*match.span()), alone if len(run) == 1 else in_word)
