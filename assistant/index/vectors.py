"""The table of vectors: kept by model and by the hash of the text that was embedded, apart from the documents."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.embedder import Vectors

Ids = NDArray[np.int64]
_BLOCK = 4_096  # vectors read at once


@dataclass(frozen=True, slots=True)
class Model:
    """A model whose vectors the database holds."""

    id: int
    fingerprint: str
    name: str
    dim: int
    windows_per_second: float | None = None  # how fast it embedded here; None where it never did much


class VectorTable:
    """The models that embedded the texts of a library, and their vectors, in half precision."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def model(self, fingerprint: str) -> Model | None:
        row = self._connection.execute("SELECT * FROM models WHERE fingerprint = ?", (fingerprint,)).fetchone()
        return None if row is None else Model(*row)

    def add_model(self, fingerprint: str, name: str, dim: int) -> Model:
        self._connection.execute(
            "INSERT INTO models (fingerprint, name, dim) VALUES (?, ?, ?) "
            "ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name",
            (fingerprint, name, dim),
        )
        model = self.model(fingerprint)
        assert model is not None
        return model

    def model_named(self, name: str) -> Model | None:
        """The model last used under a name."""
        row = self._connection.execute("SELECT * FROM models WHERE name = ? ORDER BY id DESC", (name,)).fetchone()
        return None if row is None else Model(*row)

    def set_speed(self, model: Model, windows_per_second: float) -> None:
        self._connection.execute(
            "UPDATE models SET windows_per_second = ? WHERE id = ?", (windows_per_second, model.id)
        )

    def add(self, model: Model, keys: Sequence[bytes], vectors: Vectors) -> None:
        rows = zip(keys, vectors.astype(np.float16), strict=True)
        self._connection.executemany(
            "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", ((model.id, key, row.tobytes()) for key, row in rows)
        )

    def known(self, model: Model, keys: Iterable[bytes]) -> set[bytes]:
        """Those keys whose texts this model has embedded."""
        query = "SELECT 1 FROM vectors WHERE model = ? AND key = ?"
        return {key for key in keys if self._connection.execute(query, (model.id, key)).fetchone()}

    def keys_without(self, model: Model | None, *, but_of: Iterable[str] = ()) -> set[bytes]:
        """Keys of windows that a model never embedded (of all, for None), but not of some documents."""
        query = (
            "SELECT DISTINCT key FROM windows JOIN passages ON passages.id = passage "
            "WHERE NOT EXISTS (SELECT 1 FROM vectors WHERE model = ? AND vectors.key = windows.key) "
            "AND document NOT IN (SELECT id FROM documents WHERE name IN (SELECT value FROM json_each(?)))"
        )
        values = (None if model is None else model.id, json.dumps(list(but_of)))
        return {row[0] for row in self._connection.execute(query, values)}

    def of_windows(self, model: Model, *, above: int = 0) -> Iterator[tuple[Ids, NDArray[np.float16]]]:
        """Ids and vectors of all windows with higher ids, in blocks of shapes (n,) and (n, dim), in no order."""
        # Both sides in the order of their keys: a large table read here and there takes twice as long.
        cursor = self._connection.execute(
            "SELECT windows.id, vector FROM vectors CROSS JOIN windows ON windows.key = vectors.key "
            "WHERE model = ? AND windows.id > ?"
            if not above
            else "SELECT windows.id, vector FROM windows CROSS JOIN vectors ON windows.key = vectors.key AND model = ? "
            "WHERE windows.id > ?",
            (model.id, above),
        )
        while block := cursor.fetchmany(_BLOCK):
            ids = np.array([row_id for row_id, _ in block], dtype=np.int64)
            vectors = np.frombuffer(b"".join(vector for _, vector in block), dtype=np.float16)
            yield ids, vectors.reshape(len(block), model.dim)

    def remove(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """By model and key."""
        self._connection.executemany("DELETE FROM vectors WHERE model = ? AND key = ?", vectors)

    def remove_unneeded(self, model: Model, needed: Iterable[bytes]) -> tuple[int, int]:
        """Keep a model's vectors of windows and of some keys; returns how many vectors and models went."""
        keys = json.dumps([key.hex() for key in needed])
        gone = self._connection.execute(
            "DELETE FROM vectors WHERE model <> :model OR (key NOT IN (SELECT key FROM windows) "
            "AND lower(hex(key)) NOT IN (SELECT value FROM json_each(:keys)))",
            {"model": model.id, "keys": keys},
        )
        models = self._connection.execute("DELETE FROM models WHERE id <> ?", (model.id,))
        return gone.rowcount, models.rowcount

    def of(self, model: Model, keys: Sequence[bytes]) -> Vectors:
        """Shape (len(keys), dim). Raises KeyError for a key that the model has not embedded."""
        query = "SELECT vector FROM vectors WHERE model = ? AND key = ?"
        found = []
        for key in keys:
            row = self._connection.execute(query, (model.id, key)).fetchone()
            if row is None:
                raise KeyError(key)
            found.append(row[0])
        vectors = np.frombuffer(b"".join(found), dtype=np.float16).reshape(len(found), model.dim)
        return vectors.astype(np.float32)


def text_key(text: str) -> bytes:
    """What the vector of a text is kept under: 16 bytes of its sha256."""
    return hashlib.sha256(text.encode()).digest()[:16]
