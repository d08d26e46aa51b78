"""What the measurements of the benchmark share: figures with their limits, and one model for both sides."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.assistant import Assistant
from assistant.config import Settings, load_settings
from assistant.evaluation.sets import CORPUS
from embeddings.embedder import Embedder, Vectors


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure, and its limit where one is promised."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool:
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)


class RecordingEmbedder:
    """An embedder that keeps the texts it was given, so that a bare model can be given exactly the same."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = embedder.name
        self.fingerprint = embedder.fingerprint
        self.dim = embedder.dim
        self.texts: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        return self._embedder.encode_passages(texts)


@dataclass(frozen=True, slots=True)
class Bench:
    """What every measurement needs: public data, a folder kept between runs, one model that both sides use."""

    shared: Path
    work: Path
    model: str | None
    embedder: Embedder
    bare_passages: Callable[[Sequence[str], int], float]  # texts, batch size → seconds
    bare_query: Callable[[str], float]  # → seconds

    def settings(self, library: Path, index: Path) -> Settings:
        return load_settings(library=library, index=index, model=self.model)

    def assistant(self, settings: Settings, embedder: Embedder | None = None) -> Assistant:
        return Assistant(settings, load=lambda name: embedder or self.embedder)

    def corpus(self, name: str) -> bytes:
        return (self.shared / "evaluation" / name / CORPUS).read_bytes()


def seconds_of(call: Callable[[], object]) -> float:
    """How long a call takes, on the wall."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
