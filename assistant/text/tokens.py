"""Words and character bigrams for the keyword leg; the only module that imports jieba.

Search-mode words find what a reader calls a word; bigrams of every run of Chinese characters make sure that a wrong
segmentation never hides one. Both are made from the folded text (`assistant.text.normal`).
"""

from __future__ import annotations

import contextlib
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assistant.text.normal import fold, fold_with_offsets

VERSION = "jieba-search+bigrams-1"  # part of the keyword index's fingerprint: raise it when tokens change

_CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+(?:[.'’\-/][^\W_{_CJK}]+)*)")
_PART = re.compile(r"[^\W_]+")

_NOUN_TAGS = frozenset((b"n", b"j", b"l", b"i", b"z"))  # nouns and names, abbreviations, phrases, idioms

_QUESTION_WORDS = """
什么 甚么 啥 哪 哪个 哪些 哪里 哪儿 哪种 哪年 何 何时 何地 何处 何种 何人 为何 如何 怎么 怎样 怎么样 怎么办
多少 几 几个 几种 几年 几月 几日 几号 几条 几次 几项 谁 为什么 为啥 是否 是不是 有没有 能否 能不能 可以 可否
会不会 请问 请 告诉 一下 吗 呢 吧 啊 呀 么 的 了 地 得 着 过 是 在 有 和 与 及 或 以及 而 于 于是 则 就 都 也
还 又 被 把 对 对于 关于 由 从 到 向 给 为 以 所 其 其中 之 这 那 这个 那个 这些 那些 它 它们 他 她 他们 我
我们 你 你们 您 应 应该 应当 需要 要 会 能 分别 属于 进行 哪一 哪一年 多久 多长 多大 多高
a an the of in on at to for from by with and or is are was were be been being do does did has have had what
which who whom whose when where why how many much long that this these those it its their his her as than
then there can could would should will shall may might must not no into about also did
"""
# Words that ask or join and say nothing about the subject. They are left out of a question's search, never of a text's.
QUESTION_WORDS = frozenset(_QUESTION_WORDS.split())


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question that says what it is about."""

    text: str  # as the question writes it
    folded: str  # as the texts' search copies have it; English words are stems
    is_cjk: bool


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """A question as the keyword leg sees it."""

    terms: tuple[Term, ...]
    words: tuple[str, ...]
    bigrams: tuple[str, ...]


class Tokens:
    """Cuts texts into words and bigrams. Safe to call from several threads.

    jieba would read a dictionary cache with a fixed name from the shared temporary folder; this one has its own,
    in `cache_dir`.
    """

    def __init__(self, cache_dir: Path) -> None:
        self._cache_dir = cache_dir
        self._jieba: Any = None
        self._tags: bytes | None = None
        self._nouns: dict[str, bool] = {}  # as asked for: one entry a word of jieba's dictionary at most
        self._lock = threading.Lock()

    def words(self, text: str) -> list[str]:
        """Every word of the text in search mode: long words also as the shorter ones inside them."""
        return [word for word, _ in self._words(fold(text))]

    def bigrams(self, text: str) -> list[str]:
        """Every pair of neighbouring Chinese characters; a lone character stands for itself."""
        return [pair for run in _RUN.finditer(fold(text)) if run["cjk"] for pair in pairs(run["cjk"])]

    def question(self, text: str) -> QuestionTokens:
        """What of a question is searched for: its content words, their shorter words, and the bigrams of their runs."""
        folded, offsets = fold_with_offsets(text)
        terms: dict[str, Term] = {}
        words: list[str] = []
        runs = [""]  # neighbouring content words, so that no bigram spans a word that only asks
        for run in _RUN.finditer(folded):
            start = run.start()
            for piece in self._segment(run[0]) if run["cjk"] else [run[0]]:
                end = start + len(piece)
                if piece in QUESTION_WORDS:
                    runs.append("")
                else:
                    key = piece if run["cjk"] else stem(piece)
                    written, cjk = text[offsets[start] : offsets[end]], bool(run["cjk"])
                    terms.setdefault(key, Term(written, key, cjk))
                    words.extend(word for word, _ in self._words(piece))
                    if run["cjk"]:
                        runs[-1] += piece
                start = end
            runs.append("")
        bigrams = [pair for run in runs if run for pair in pairs(run)]
        return QuestionTokens(tuple(terms.values()), tuple(dict.fromkeys(words)), tuple(dict.fromkeys(bigrams)))

    def _words(self, folded: str) -> Iterator[tuple[str, bool]]:
        for run in _RUN.finditer(folded):
            if run["cjk"]:
                for word in self._load().cut_for_search(run["cjk"], HMM=False):
                    yield word, True
            else:
                yield stem(run[0]), False
                parts = _PART.findall(run[0])
                if len(parts) > 1:
                    for part in parts:
                        yield stem(part), False

    def _segment(self, run: str) -> list[str]:
        """The words of a run, end to end; a word made of shorter words (粮食产量) as these: a text may part them."""
        return [part for word in self._load().cut(run, HMM=False) for part in self._parts(word)]

    def _parts(self, word: str) -> list[str]:
        if len(word) < 4:
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
        if word not in self._nouns:
            dictionary = self._dictionary()
            place = dictionary.find(f"\n{word} ".encode())  # 2 ms: only for the few words that no text holds
            tag = dictionary[place + 1 : dictionary.find(b"\n", place + 1)].split()[-1] if place >= 0 else b"n"
            self._nouns[word] = tag[:1] in _NOUN_TAGS
        return self._nouns[word]

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
                    self._jieba = _load_jieba(self._cache_dir)
        return self._jieba


def latin_stems(folded: str) -> frozenset[str]:
    """The stems of all words of a folded text that are not Chinese; parts of joined words count, too."""
    runs = [run["word"] for run in _RUN.finditer(folded) if run["word"]]
    return frozenset(stem(word) for run in runs for word in (run, *_PART.findall(run)))


def terms_in(terms: Sequence[Term], folded: str) -> frozenset[Term]:
    """The words of a question that a folded text holds."""
    stems = latin_stems(folded) if any(not term.is_cjk for term in terms) else frozenset()
    return frozenset(term for term in terms if term.folded in (folded if term.is_cjk else stems))


@cache  # a second of work and 50 MB: one for all that use the same cache, and it never changes
def _load_jieba(cache_dir: Path) -> Any:
    import jieba

    jieba.setLogLevel(logging.CRITICAL)  # it logs a traceback where it cannot keep its cache, and goes on without
    with contextlib.suppress(OSError):
        cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache_dir)
    tokenizer.cache_file = "jieba.cache"
    tokenizer.initialize()
    return tokenizer


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
