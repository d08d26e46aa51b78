"""Words and character bigrams for the keyword leg.

Search-mode words find what a reader calls a word; bigrams of every run of Chinese characters make sure that a wrong
segmentation never hides one. Both are made from the literal form of a text (`assistant.text.normal`); its numbers are
words once more in the one way that the search form writes them, each also with what it counts: 12, 12条, 第12条.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assistant.text.abbreviations import other_names
from assistant.text.dictionary import dictionary_words
from assistant.text.jieba_words import load_jieba, names_of, with_words
from assistant.text.normal import CJK, fold, has_chinese, literal, literal_with_offsets
from assistant.text.numerals import Numeral, numerals
from assistant.text.question_words import QUESTION_WORDS

VERSION = "jieba-search+bigrams+numbers-3"  # part of the keyword index's fingerprint: raise it when tokens change

_RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<word>[^\W_{CJK}]+(?:[.'’\-/][^\W_{CJK}]+)*[%‰‱]?)")
_PART = re.compile(rf"[^\W_{CJK}]+")
_CHINESE = re.compile(rf"[{CJK}]")
_CJK_ONLY = re.compile(rf"[{CJK}]+")

_EACH = re.compile(
    r"一(?:个月|年|天|小时)(?=[里]?(?:最|能|可|有|要|给|发|休|放|几|多少|需|得|交|收|花|拿|产|共|总|大概|大约))"
)
_ASKS_NAME = re.compile("叫[做作]?(?:什么|甚么|啥)名字?|(?:名字|姓名)[是叫](?:什么|甚么|啥)")
_MEETS = frozenset("年例晨周早班")  # 年会: meetings that jieba's dictionary lacks, and 会 alone only asks

_Whole = tuple[int, int, str, Sequence[str]]  # start and end, what the search form has for it, words to search for

_RARE = 1_000  # times that a character is a word of its own in the texts that jieba was made from (硕 434, 领 6,800)
_MOST_KNOWN = 10_000  # words whose kind is remembered
_NOUN_TAGS = frozenset("njliz")  # nouns and names, abbreviations, phrases, idioms


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question that says what it is about."""

    text: str  # as the question writes it
    folded: str  # as the texts' search copies have it; English words are stems
    is_cjk: bool
    others: tuple[str, ...] = ()  # folded: other names of what it is, or is a part of the name of (GDP, 生产总值)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A word of a text as a span of it; the tag is nr (a person), ns (a place), nt (an organisation) or another's."""

    start: int
    end: int
    tag: str


@dataclass(frozen=True, slots=True)
class Required:
    """Tokens that a text must have to hold some words literally; it may have them and hold the words nowhere."""

    words: tuple[str, ...] = ()
    bigrams: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()  # lone Chinese ones, each in some bigram; only where there is nothing else

    def __bool__(self) -> bool:
        return bool(self.words or self.bigrams or self.characters)


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """A question as the keyword leg sees it."""

    terms: tuple[Term, ...]
    words: tuple[str, ...]
    bigrams: tuple[str, ...]
    phrase: tuple[Required, ...] = ()  # of the whole question, as it is written and with its numbers in the one way
    others: tuple[tuple[Required, ...], ...] = ()  # for each thing that has other names, these


class Tokens:
    """Cuts texts into words and bigrams. Safe to call from several threads.

    jieba would read a dictionary cache with a fixed name from the shared temporary folder; this one has its own,
    in `cache_dir`. `dictionary` holds a library's own words (`assistant.text.dictionary`).
    """

    def __init__(self, cache_dir: Path, dictionary: str = "") -> None:
        self.dictionary = dictionary
        self._cache_dir = cache_dir
        self._own = {own.word: own for own in dictionary_words(dictionary)}
        self._mixed = _mixed(tuple(self._own))
        self._jieba: Any = None
        self._tags: bytes | None = None
        self._named: Mapping[str, str] | None = None
        self._nouns: dict[str, bool] = {}  # as asked for
        self._lock = threading.Lock()

    def with_dictionary(self, dictionary: str) -> Tokens:
        """The same with another library's words, or with those a library has now."""
        return self if dictionary == self.dictionary else _tokens(self._cache_dir, dictionary)

    def words(self, text: str) -> list[str]:
        """Every word of the text in search mode: long words also as the shorter ones inside them."""
        folded = literal(text)
        return [*self._words(folded), *(self._mixed.findall(folded) if self._mixed is not None else ())]

    def numbers(self, text: str) -> list[str]:
        """The text's numbers in the one way the search form writes them, each also with what it counts."""
        return [word for numeral in numerals(literal(text)) for word in _number_words(numeral)]

    def bigrams(self, text: str) -> list[str]:
        """Every pair of neighbouring Chinese characters; a lone character stands for itself."""
        return [pair for run in _RUN.finditer(literal(text)) if run["cjk"] for pair in pairs(run["cjk"])]

    def question(self, text: str) -> QuestionTokens:
        """What of a question is searched for: its content words, their shorter words, and the bigrams of their runs.

        Numbers are searched for as they are written and in the one way of the search form.
        """
        folded, offsets = literal_with_offsets(text)
        whole = self._whole(folded)
        terms: dict[str, Term] = {}
        named = list(other_names(folded))
        for start, piece, key in self._pieces(folded, whole):
            left, right, others = next((one for one in named if one[0] <= start < one[1]), (start, start, ()))
            if "&" in folded[left:right]:  # R&D is one word
                start, piece = left, folded[left:right]
                key, others = piece, (*others, piece)
            written = text[offsets[start] : offsets[start + len(piece)]]
            terms.setdefault(key, Term(written, key, has_chinese(key), others))
        words: list[str] = []
        runs = [""]  # neighbouring content words, so that no bigram spans a word that only asks
        for run in _RUN.finditer(folded):
            for piece in self._segment(run[0]) if run["cjk"] else [run[0]]:
                asks = piece in QUESTION_WORDS
                words += [] if asks else self._words(piece)
                runs[-1] += piece if run["cjk"] and not asks else ""
                if asks:
                    runs.append("")
            runs.append("")
        words += [word for *_, made in whole for word in made]
        bigrams = [pair for run in runs if run for pair in pairs(run)]
        phrase = dict.fromkeys((required(folded), required(fold(folded))))
        return QuestionTokens(
            tuple(terms.values()),
            tuple(dict.fromkeys(words)),
            tuple(dict.fromkeys(bigrams)),
            tuple(tokens for tokens in phrase if tokens),
            tuple(dict.fromkeys(tuple(required(name) for name in names) for *_, names in named)),
        )

    def _pieces(self, folded: str, whole: Sequence[_Whole]) -> Iterator[tuple[int, str, str]]:
        """The content words of a question: where they begin, as they are written, and as the search form has them."""
        position = 0
        for start, end, key, _ in [*whole, (len(folded), len(folded), "", ())]:
            for run in _RUN.finditer(folded, position, start):
                place = run.start()
                for piece in self._segment(run[0]) if run["cjk"] else [run[0]]:
                    if piece not in QUESTION_WORDS:
                        yield place, piece, piece if run["cjk"] else stem(piece)
                    place += len(piece)
            if key:
                yield start, folded[start:end], key
            position = end

    def _whole(self, folded: str) -> list[_Whole]:
        """What of a question is no matter for jieba: numbers, and words of letters and Chinese characters."""
        own = [] if self._mixed is None else list(self._mixed.finditer(folded))
        found: list[_Whole] = [(match.start(), match.end(), match[0], (match[0],)) for match in own]
        found += [(match.start(), match.end(), "", ()) for match in _ASKS_NAME.finditer(folded)]
        for numeral in numerals(folded):
            if any(match.start() < numeral.end and numeral.start < match.end() for match in own):
                continue
            if folded[: numeral.start].endswith("哪"):
                continue  # 哪一年 asks
            start, end, key = numeral.start, numeral.end, numeral.form
            if _EACH.match(folded, start):
                key = ""  # 一个月最多多少: each
            elif not numeral.prefix and numeral.unit == "年" and len(numeral.number) == 4:
                key = numeral.number  # a year is written without 年, too
            found.append((start, end, key, _number_words(numeral) if key else ()))
        return sorted(found)

    def _words(self, folded: str) -> Iterator[str]:
        for run in _RUN.finditer(folded):
            if run["cjk"]:
                yield from self._load().cut_for_search(run["cjk"], HMM=False)
            else:
                yield from _latin(run[0])

    def _segment(self, run: str) -> list[str]:
        """The words of a run, end to end; a word made of shorter words (粮食产量) as these: a text may part them."""
        jieba = self._load()
        plain = list(jieba.cut(run, HMM=False))
        if all(len(word) > 1 for word in plain):
            return [part for word in plain for part in self._parts(word)]
        # A name that the dictionary lacks falls into single characters, which jieba's model of names puts together. It
        # does so with others, too (能领, 省点): those are of common characters.
        words: list[str] = []
        for word in jieba.cut(run, HMM=True):
            if len(word) > 1 and not jieba.FREQ.get(word) and not self._is_rare(word):
                words += jieba.cut(word, HMM=False)
            else:
                words.append(word)
        return [part for word in _with_meetings(words) for part in self._parts(word)]

    def _is_rare(self, word: str) -> bool:
        """Whether a character of a word is rarely a word itself."""
        frequencies = self._load().FREQ
        return bool(min(frequencies.get(character, 0) for character in word) < _RARE)

    def _parts(self, word: str) -> list[str]:
        if len(word) < 4 or word in self._own:
            return [word]
        shorter = {part for part in self._load().cut_for_search(word, HMM=False) if 1 < len(part) < len(word)}
        parts: list[str] = []
        start = 0
        while start < len(word):
            part = next((word[start:end] for end in range(len(word), start + 1, -1) if word[start:end] in shorter), "")
            if not part:
                return [word]
            parts.append(part)
            start += len(part)
        return parts

    def is_noun(self, term: Term) -> bool:
        """Whether a word names something, so that it says something if no text holds it (包括 or 每年 would not).

        By the tags of jieba's dictionary; what is not in it is taken for a name. Other scripts: unless it is short.
        """
        word = term.folded
        if not term.is_cjk:
            return len(word) > 2 or word.isdecimal()
        if len(word) == 1:
            return False
        if word in self._own:
            return self._own[word].tag[0] in _NOUN_TAGS
        if word not in self._nouns:
            if len(self._nouns) >= _MOST_KNOWN:
                self._nouns.clear()
            dictionary = self._dictionary()
            place = dictionary.find(f"\n{word} ".encode())  # 2 ms: only for the few words that no text holds
            tag = dictionary[place + 1 : dictionary.find(b"\n", place + 1)].split()[-1] if place >= 0 else b"n"
            self._nouns[word] = chr(tag[0]) in _NOUN_TAGS
        return self._nouns[word]

    def tagged(self, folded: str) -> list[Tagged]:
        """The words of a literal form, end to end, those that name a person, place or organisation with their tag."""
        names = self._names()
        found: list[Tagged] = []
        position = 0
        for run in _RUN.finditer(folded):
            found += [Tagged(place, place + 1, "") for place in range(position, run.start())]
            place = run.start()
            for piece in self._load().cut(run[0], HMM=False) if run["cjk"] else [run[0]]:
                own = self._own.get(piece)
                tag = names.get(piece, "") if own is None else own.tag[:2]
                found.append(Tagged(place, place + len(piece), tag))
                place += len(piece)
            position = run.end()
        return [*found, *(Tagged(place, place + 1, "") for place in range(position, len(folded)))]

    def _names(self) -> Mapping[str, str]:
        """The names of jieba's dictionary: 100,000 words and 12 MB, read in 0.1 s when the first is asked for."""
        if self._named is None:
            self._named = names_of(self._cache_dir)
        return self._named

    def _dictionary(self) -> bytes:
        """5 MB: lines of word, frequency and tag."""
        if self._tags is None:
            with self._load().get_dict_file() as file:
                self._tags = b"\n" + file.read()
        return self._tags

    def _load(self) -> Any:
        if self._jieba is None:
            with self._lock:
                if self._jieba is None:
                    self._jieba = load_jieba(self._cache_dir)
                    own = [word for word in self._own.values() if _CJK_ONLY.fullmatch(word.word)]
                    self._jieba = with_words(self._jieba, own) if own else self._jieba
        return self._jieba


def _with_meetings(words: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        if word == "会" and joined and joined[-1] in _MEETS:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _number_words(numeral: Numeral) -> list[str]:
    words = dict.fromkeys(word for run in _RUN.finditer(numeral.number) for word in _latin(run[0]))
    return list(words | dict.fromkeys((numeral.number + numeral.unit, numeral.form)))


def required(folded: str) -> Required:
    """What every text needs to hold a folded text's words; of letters and digits, whole words are meant."""
    words: list[str] = []
    bigrams: list[str] = []
    characters: list[str] = []
    for run in _RUN.finditer(folded):
        if run["word"]:
            words += map(stem, _PART.findall(run[0]))
        elif len(run[0]) > 1:
            bigrams += pairs(run[0])
        else:
            characters.append(run[0])
    lone = () if words or bigrams else tuple(dict.fromkeys(characters))
    return Required(tuple(dict.fromkeys(words)), tuple(dict.fromkeys(bigrams)), lone)


def holds(folded: str, words: str) -> Iterator[int]:
    """Where a folded text holds folded words: letters and digits as whole words, Chinese characters anywhere."""
    start = folded.find(words)
    while start >= 0:
        end = start + len(words)
        if not (_joined(folded, start) or _joined(folded, end)):
            yield start
        start = folded.find(words, start + 1)


def _joined(text: str, place: int) -> bool:
    """Whether a word of letters or digits goes on across a place."""
    return 0 < place < len(text) and _PART.fullmatch(text[place - 1 : place + 1]) is not None


def _latin(run: str) -> dict[str, None]:
    """The words of a run of letters and digits: it itself, without the sign of per cent, and what it is joined of."""
    return dict.fromkeys(stem(word) for word in (run, run.rstrip("%‰‱"), *_PART.findall(run)))


def latin_stems(folded: str) -> frozenset[str]:
    """The stems of all words of a folded text that are not Chinese; parts of joined words count, too."""
    runs = [run["word"] for run in _RUN.finditer(folded) if run["word"]]
    return frozenset(word for run in runs for word in _latin(run))


def terms_in(terms: Sequence[Term], folded: str) -> frozenset[Term]:
    """The words of a question that a folded text holds, or other names of the same thing."""
    stems = latin_stems(folded) if any(not term.is_cjk for term in terms) else frozenset()
    return frozenset(
        term
        for term in terms
        if (any(True for _ in holds(folded, term.folded)) if term.is_cjk else term.folded in stems)
        or any(True for name in term.others for _ in holds(folded, name))
    )


@lru_cache(maxsize=2)  # the words before and after a change; each has 50 MB of jieba's of its own
def _tokens(cache_dir: Path, dictionary: str) -> Tokens:
    return Tokens(cache_dir, dictionary)


def _mixed(words: Sequence[str]) -> re.Pattern[str] | None:
    """Finds words of Chinese characters together with letters or digits, which jieba never sees as a whole."""
    mixed = sorted((word for word in words if not _CJK_ONLY.fullmatch(word)), key=len, reverse=True)
    if not mixed:
        return None
    other = rf"[^\W_{CJK}]"
    parts = (
        f"{'' if _CHINESE.match(word) else f'(?<!{other})'}{re.escape(word)}"
        f"{'' if _CHINESE.match(word[-1]) else f'(?!{other})'}"
        for word in mixed
    )
    return re.compile("|".join(parts))


def pairs(run: str) -> list[str]:
    """The bigrams of a run of Chinese characters; a lone character stands for itself."""
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


@cache
def _stemmer() -> tuple[Any, threading.Lock]:
    import snowballstemmer

    return snowballstemmer.stemmer("english"), threading.Lock()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of an English word (Snowball); other words and numbers stay as they are."""
    if not (word.isascii() and word.isalpha()):
        return word
    stemmer, lock = _stemmer()
    with lock:  # a stemmer keeps the word it works on in itself
        return str(stemmer.stemWord(word))
