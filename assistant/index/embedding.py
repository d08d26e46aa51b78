"""The windows of an update embedded: only texts that the model never embedded, committed as they are made."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice

from assistant.index import reference
from assistant.index.cutting import Recipe, embedded_text
from assistant.index.database import Database
from assistant.index.plan import OnProgress, Plan
from assistant.index.vectors import Model, text_key
from assistant.text.windows import window_text
from assistant.types import Progress
from embeddings.embedder import Embedder, Vectors

_COMMIT_WINDOWS = 512  # vectors that a kill may lose, at most: a few seconds' work
_SPEED_WINDOWS = 100  # below so many a speed says little


@cache
def reference_texts() -> dict[bytes, str]:
    """The sentences on every subject that a library is compared with, by key."""
    return {text_key(sentence): sentence for language in reference.sentences() for sentence in language}


def unknown_keys(database: Database, plan: Plan, model: Model | None) -> set[bytes]:
    """What has to be embedded for a plan, so that every window has a vector of the model; None: a new model."""
    unknown = plan.staging.unknown_keys(model)
    current = database.current_model()
    if current is not None and (model is None or current.id != model.id or plan.to_mend):  # the texts that stay, too
        unknown |= database.vectors.keys_without(model, but_of=plan.replaced)
    return unknown


def embed(
    database: Database, plan: Plan, embedder: Embedder, model: Model, recipe: Recipe, on_progress: OnProgress
) -> int:
    """Embed every window text that the model never embedded, and the reference; returns how many windows."""
    unknown = unknown_keys(database, plan, model)
    known = database.vectors.known(model, reference_texts())
    rest = {key: text for key, text in reference_texts().items() if key not in known}
    run = _Run(database, embedder, model, recipe.batch_size, _Meter(on_progress, plan.staging.count, len(unknown)))
    pending: dict[bytes, str] = {}
    for key, text in _window_texts(database, plan) if unknown else ():
        if key in unknown:
            unknown.remove(key)
            pending[key] = text
        if len(pending) == _COMMIT_WINDOWS:
            run.embed(pending)
            pending = {}
    run.embed(pending)
    embedded = run.meter.done
    if embedded >= _SPEED_WINDOWS:
        with database.transaction():
            database.vectors.set_speed(model, run.meter.speed)
    run.meter.total += len(rest)
    run.embed(rest)
    return embedded


def measure_speed(database: Database, plan: Plan, embedder: Embedder, recipe: Recipe) -> float | None:
    """Windows a second, over a first few of a plan's; None without any. Nothing is kept of it."""
    texts = [text for _, text in islice(_window_texts(database, plan), 2 * recipe.batch_size)]
    if not texts:
        return None
    embedder.encode_passages(texts[: recipe.batch_size])  # the first call allocates
    timed = texts[recipe.batch_size :] or texts
    began = time.monotonic()
    embedder.encode_passages(timed)
    return len(timed) / max(time.monotonic() - began, 1e-6)


def _window_texts(database: Database, plan: Plan) -> Iterator[tuple[bytes, str]]:
    """Keys and embedded texts of the new windows, then of those that stay."""
    yield from plan.staging.windows()
    replaced = set(plan.replaced)
    for _, name in database.document_names():
        if name not in replaced:
            document = database.document(name)
            for row in database.embedded_windows(name):
                yield row.key, embedded_text(row.context, row.heading, window_text(document.text, row.window))


class _Run:
    def __init__(self, database: Database, embedder: Embedder, model: Model, batch_size: int, meter: _Meter) -> None:
        self._database = database
        self._embedder = embedder
        self._model = model
        self._batch_size = batch_size
        self.meter = meter

    def embed(self, texts: Mapping[bytes, str]) -> None:
        """In batches of texts of like length, so that little is padded; then commit."""
        items = sorted(texts.items(), key=lambda item: len(item[1]))
        made: list[tuple[list[bytes], Vectors]] = []
        try:
            for first in range(0, len(items), self._batch_size):
                batch = items[first : first + self._batch_size]
                made.append(([key for key, _ in batch], self._embedder.encode_passages([text for _, text in batch])))
                self.meter.advance(len(batch))
        finally:  # an interrupt keeps what was made
            with self._database.transaction():
                for keys, vectors in made:
                    self._database.vectors.add(self._model, keys, vectors)


class _Meter:
    """Counts windows and tells the speed and the time left, measured over the whole run."""

    def __init__(self, on_progress: OnProgress, documents: int, total: int) -> None:
        self._on_progress = on_progress
        self._documents = documents
        self._began = time.monotonic()
        self.total = total
        self.done = 0
        self.advance(0)

    @property
    def speed(self) -> float:
        """Windows a second; 0 before the first."""
        elapsed = time.monotonic() - self._began
        return self.done / elapsed if self.done else 0.0

    def advance(self, count: int) -> None:
        self.done += count
        speed = self.speed
        left = (self.total - self.done) / speed if speed else None
        self._on_progress(Progress("embed", self._documents, self._documents, self.done, self.total, speed, left))
