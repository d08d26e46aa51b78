"""An embedder whose vectors can be computed by hand: counts of hashed character bigrams, scaled to length 1."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from embeddings.embedder import Vectors


class FakeEmbedder:
    """Texts that share character bigrams are near; queries and passages live in one space, without prompts.

    Component `crc32(bigram) % dim` holds how often a bigram occurs in the case-folded text with a space before it, so
    that a text of one character has a bigram too. A text without any is the first unit vector.
    """

    def __init__(self, *, dim: int = 256, name: str = "fake", fingerprint: str = "fake-1") -> None:
        self.dim = dim
        self.name = name
        self.fingerprint = fingerprint
        self.texts_embedded: list[str] = []  # every passage text, in the order it was embedded
        self.queries_embedded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.queries_embedded.extend(texts)
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts_embedded.extend(texts)
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for first, second in pairwise(" " + text.casefold()):
                # "surrogatepass": a lone surrogate in a hostile text is still a text.
                vectors[row, zlib.crc32((first + second).encode("utf-8", "surrogatepass")) % self.dim] += 1
            if not text:
                vectors[row, 0] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors
