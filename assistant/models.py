"""The embedding models that are loaded: each once, however many threads ask for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal

from assistant.index.vectors import Model
from embeddings.embedder import Embedder, EmbedderError

LoadEmbedder = Callable[[str], Embedder]  # by a model's name
ModelState = Literal["waiting", "loading", "ready", "failed"]


class Models:
    """Thread-safe; who asks for a model that is being loaded waits for it."""

    def __init__(self, load: LoadEmbedder) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._loaded: dict[str, Embedder] = {}
        self.state: ModelState = "waiting"

    def named(self, name: str) -> Embedder:
        """Raises EmbedderError; the next call tries again."""
        embedder = self._loaded.get(name)
        if embedder is not None:
            return embedder
        with self._lock:
            if name not in self._loaded:
                self.state = "loading"
                try:
                    self._loaded[name] = self._load(name)
                except BaseException:
                    self.state = "ready" if self._loaded else "failed"
                    raise
            self.state = "ready"
            return self._loaded[name]

    def of(self, model: Model) -> Embedder:
        """The one that an index was made with; another one's vectors cannot be compared with it. Raises EmbedderError.

        Nor can those of a model that is another one by now under the same name.
        """
        embedder = self.named(model.name)
        if embedder.fingerprint != model.fingerprint:
            raise EmbedderError(
                f"The model “{model.name}” is not the one the index was made with (it was changed since). Run "
                "`youju index` to embed the texts again."
            )
        return embedder
