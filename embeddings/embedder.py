"""What the rest of the project knows of an embedding model, and the one function that loads one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "default"


class EmbedderError(Exception):
    """A model that cannot be loaded or used; the message says what to do."""


class Embedder(Protocol):
    """Turns texts into unit vectors. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """What `load_embedder` takes to load this model again."""
        ...

    @property
    def fingerprint(self) -> str:
        """Identifies the vectors: equal fingerprints mean vectors that can be compared."""
        ...

    @property
    def dim(self) -> int: ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim), float32, rows of length 1; (0, dim) for no texts."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim), float32, rows of length 1; (0, dim) for no texts."""
        ...


def load_embedder(name: str = DEFAULT_MODEL, *, cache_dir: Path, batch_size: int = 32) -> Embedder:
    """Load the bundled model ("default") or any sentence-transformers model, by name or folder.

    `cache_dir` is where the bundled model is unpacked; `batch_size` is how many texts go through the model at once.
    Raises EmbedderError at once for a name that is neither a folder nor in the local model cache: nothing is ever
    downloaded.
    """
    if name == DEFAULT_MODEL:
        from embeddings import bundled

        folder, fingerprint = bundled.unpack(cache_dir), bundled.FINGERPRINT
    else:
        from embeddings.sentence_transformer import find_model

        folder, fingerprint = find_model(name), None
        if Path(name).expanduser().is_dir():
            name = str(folder)  # found again from any working directory
    from embeddings.query_adapter import AdaptedEmbedder, load_adapter
    from embeddings.sentence_transformer import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder(folder, name=name, fingerprint=fingerprint, batch_size=batch_size)
    return AdaptedEmbedder(embedder, load_adapter()) if name == DEFAULT_MODEL else embedder


def check_model(name: str) -> None:
    """Raise EmbedderError at once where `load_embedder` would not find this model; nothing heavy is imported."""
    if name != DEFAULT_MODEL:
        from embeddings.sentence_transformer import find_model

        find_model(name)
