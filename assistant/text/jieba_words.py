"""The words that jieba knows, read once for all that use the same cache; the only module that imports jieba."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.text.dictionary import DictionaryWord

_NAME = re.compile(r"^(\S{2,}) \d+ (nr|nrt|nrfg|ns|nt)$", re.MULTILINE)


@cache  # a second of work and 50 MB: one for all that use the same cache, and it never changes
def load_jieba(cache_dir: Path) -> Any:
    """Jieba's tokenizer, which nobody changes."""
    import jieba

    jieba.setLogLevel(logging.CRITICAL)  # it logs a traceback where it cannot keep its cache, and goes on without
    with contextlib.suppress(OSError):
        cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache_dir)
    tokenizer.cache_file = "jieba.cache"
    tokenizer.initialize()
    return tokenizer


@cache
def names_of(cache_dir: Path) -> Mapping[str, str]:
    """The names of persons, places and organisations among its words, and which of these each is: nr, ns, nt."""
    with load_jieba(cache_dir).get_dict_file() as file:
        lines = file.read().decode()
    tags = {tag: tag[:2] for tag in ("nr", "nrt", "nrfg", "ns", "nt")}  # the short forms once, not 100,000 times
    return {word: tags[tag] for word, tag in _NAME.findall(lines)}


def with_words(base: Any, words: Sequence[DictionaryWord]) -> Any:
    """The words of jieba and some more; `base` stays as it is."""
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = dict(base.FREQ), base.total, True
    for own in words:
        frequency = tokenizer.suggest_freq(own.word, tune=False) if own.frequency is None else own.frequency
        tokenizer.FREQ[own.word] = frequency
        tokenizer.total += frequency
        for end in range(1, len(own.word)):
            tokenizer.FREQ.setdefault(own.word[:end], 0)  # jieba looks no further than where nothing begins
    return tokenizer
