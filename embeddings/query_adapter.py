"""A linear adapter of questions: they are asked in everyday words, and texts are not written in them.

q' = q + q·M, then length 1. Only questions pass through it: passages, their vectors and an index stay what they are.
The method is the linear embedding adapter of Chroma's report "Embedding Adapters" (Sanghavi and Huber, 2023); M is
fitted by `python -m assistant.evaluation.fit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings.embedder import Embedder, Vectors

ADAPTER = Path(__file__).with_name("query_adapter.npy")  # for the bundled model only


class AdaptedEmbedder:
    """An embedder whose questions pass through an adapter, a matrix of shape (dim, dim)."""

    def __init__(self, embedder: Embedder, matrix: Vectors) -> None:
        self.embedder = embedder
        self._matrix = matrix.astype(np.float32)
        self.name = embedder.name
        self.fingerprint = embedder.fingerprint
        self.dim = embedder.dim

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim). Raises EmbedderError."""
        return adapted(self.embedder.encode_queries(texts), self._matrix)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim). Raises EmbedderError."""
        return self.embedder.encode_passages(texts)


def adapted(vectors: Vectors, matrix: Vectors) -> Vectors:
    """Vectors through an adapter. Shapes (n, dim) and (dim, dim) give (n, dim), rows of length 1."""
    moved = vectors + vectors @ matrix
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def load_adapter(path: Path = ADAPTER) -> Vectors:
    """The adapter of the bundled model: shape (dim, dim)."""
    matrix: Vectors = np.load(path, allow_pickle=False).astype(np.float32)
    return matrix
