"""Nearest vectors by inner product (FAISS): exact while the library is small, inverted lists when it is large."""

from __future__ import annotations

import hashlib
import importlib
import math
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.embedder import Vectors

faiss: Any = importlib.import_module("faiss")  # its type stubs lack the keywords and the Python classes used here

Ids = NDArray[np.int64]
Block = tuple[Ids, Vectors | NDArray[np.float16]]  # ids (n,) and their vectors (n, dim)

# 100,000 × 384, one thread: float16 8.7 ms and 77 MB, float32 10.8 ms and 154 MB; 300,000 in float16: 27 ms.
EXACT_LIMIT = 300_000
_NOT_FINITE = 0x7C00  # the exponent of a float16 that is infinite or no number
_TRAINING_VECTORS = 40  # for each inverted list; FAISS asks for 39
_PROBED = 16  # one list in so many is searched


class VectorIndexError(Exception):
    """The file of an index is missing, damaged, of another library, or cannot be written."""


class VectorIndex:
    """Unit vectors and their ids. Never changed once made, so any number of threads may search it.

    Up to `exact_limit` vectors it is exact, in float16 (which is what the database keeps); beyond, it holds 8-bit
    vectors in inverted lists, of which a search without a filter looks at one in sixteen. It does not go back when it
    shrinks.
    """

    def __init__(self, index: Any, ids: Ids, exact_limit: int) -> None:
        """Use `build` or `load`."""
        self._index = index
        self._exact_limit = exact_limit
        self._lists = isinstance(index, faiss.IndexIVF)
        self.ids: Ids = np.sort(ids)
        self.ids.flags.writeable = False

    @classmethod
    def build(cls, ids: ArrayLike, vectors: ArrayLike, *, exact_limit: int = EXACT_LIMIT) -> VectorIndex:
        """Index `vectors` (n, dim) under `ids` (n,): non-negative, no two equal. Raises ValueError."""
        rows = _as_vectors(vectors)
        keys = _as_ids(ids)
        _check_pair(keys, rows)
        return cls.build_in_blocks(lambda: iter([(keys, rows)]), len(keys), rows.shape[1], exact_limit=exact_limit)

    @classmethod
    def build_in_blocks(
        cls, blocks: Callable[[], Iterable[Block]], count: int, dim: int, *, exact_limit: int = EXACT_LIMIT
    ) -> VectorIndex:
        """As `build`, of `count` vectors of `dim` numbers that are never in memory all at once.

        `blocks` begins anew each time; above `exact_limit` it is gone through twice. Quickest in float16, which is what
        is kept. Raises ValueError.
        """
        if count > exact_limit:
            index = _train_lists(_sample(blocks(), count, dim), count, dim)
            added = [np.empty(0, np.int64)]
            for ids, rows in blocks():
                index.add_with_ids(_as_vectors(rows, dim), _as_ids(ids))
                added.append(_as_ids(ids))
            return cls(index, _all_ids(added, count), exact_limit)
        index, ids = _exact(blocks(), count, dim)
        return cls(index, ids, exact_limit)

    @classmethod
    def load(cls, path: Path, *, sha256: str, dim: int, count: int, exact_limit: int = EXACT_LIMIT) -> VectorIndex:
        """Read what `save` wrote. Raises VectorIndexError unless the file has this checksum and holds such vectors.

        FAISS loads many damaged files without a word, so nothing is parsed before the checksum agrees.
        """
        try:
            with path.open("rb") as file:  # one opened file for both: another process may replace it meanwhile
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise VectorIndexError(
                        f"{path} is damaged or of another generation. Run an update to make it again."
                    )
                file.seek(0)
                index = faiss.read_index(faiss.PyCallbackIOReader(file.read, 1 << 20))
        except (OSError, RuntimeError) as error:
            raise VectorIndexError(f"{path} cannot be read: {error}. Run an update to make it again.") from error
        if index.d != dim or index.ntotal != count:
            raise VectorIndexError(
                f"{path} holds {index.ntotal} vectors of {index.d} numbers; {count} of {dim} were expected. "
                "Run an update to make it again."
            )
        if isinstance(index, faiss.IndexIVF):
            lists = range(index.nlist)
            parts = [faiss.rev_swig_ptr(index.invlists.get_ids(n), index.invlists.list_size(n)).copy() for n in lists]
            return cls(index, np.concatenate([np.empty(0, np.int64), *parts]), exact_limit)
        if not isinstance(index, faiss.IndexIDMap2):
            raise VectorIndexError(f"{path} is a FAISS file of another kind. Run an update to make it again.")
        return cls(index, faiss.vector_to_array(index.id_map), exact_limit)

    def save(self, path: Path) -> str:
        """Write beside `path`, then move it there; returns the sha256 of the file. Raises VectorIndexError."""
        try:
            handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            work = Path(name)
            try:
                with os.fdopen(handle, "w+b") as file:
                    faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write, 1 << 20))
                    file.flush()
                    os.fsync(file.fileno())
                    file.seek(0)
                    checksum = hashlib.file_digest(file, "sha256").hexdigest()
                work.replace(path)
            finally:
                work.unlink(missing_ok=True)
        except (OSError, RuntimeError) as error:
            raise VectorIndexError(
                f"{path} cannot be written: {error}. Is there space, and may you write there?"
            ) from error
        if os.name == "posix":  # elsewhere a directory cannot be opened
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return checksum

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def approximate(self) -> bool:
        """Whether it keeps less of a vector than float16 does."""
        return self._lists

    @property
    def dim(self) -> int:
        return int(self._index.d)

    def search(self, queries: ArrayLike, k: int, *, allowed: ArrayLike | None = None) -> tuple[Vectors, Ids]:
        """The `k` best of each query: scores and ids, both (n, min(k, vectors to choose from)), best first.

        `queries` is (n, dim); the score is the inner product. `allowed` restricts the search to these ids, exactly;
        ids that are not in the index do not matter. Raises ValueError.
        """
        rows = _as_vectors(queries, self.dim)
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        choice = None
        if allowed is not None:
            choice = np.unique(_as_ids(allowed))
            choice = choice[self._holds(choice)]
        found = min(k, len(self) if choice is None else len(choice))
        if not found or not len(rows):
            return np.empty((len(rows), found), np.float32), np.empty((len(rows), found), np.int64)
        selector = None if choice is None else faiss.IDSelectorBatch(choice)  # FAISS keeps no reference to it
        # Of the calling thread only. With more than one a search waits for busy neighbours: 8 ms became 30 to 360.
        faiss.omp_set_num_threads(1)
        if not self._lists:
            scores, ids = self._index.search(rows, found, params=faiss.SearchParameters(sel=selector))
            return scores, ids
        every = self._index.nlist
        probed = every if selector is not None else math.ceil(every / _PROBED)
        scores, ids = self._index.search(rows, found, params=faiss.SearchParametersIVF(sel=selector, nprobe=probed))
        if (ids < 0).any():  # the lists looked at hold fewer than were asked for
            scores, ids = self._index.search(rows, found, params=faiss.SearchParametersIVF(sel=selector, nprobe=every))
        return scores, ids

    def reconstruct(self, ids: ArrayLike) -> Vectors:
        """The vectors of `ids` (n, dim), as exact as the index keeps them. Raises ValueError for an unknown id."""
        keys = _as_ids(ids)
        self._refuse_unknown(keys)
        if not len(keys):
            return np.empty((0, self.dim), np.float32)
        faiss.omp_set_num_threads(1)
        vectors: Vectors = self._index.reconstruct_batch(keys)
        return vectors

    def with_changes(self, removed: ArrayLike, added: ArrayLike, vectors: ArrayLike) -> VectorIndex:
        """Another index without the ids `removed` and with `vectors` under the ids `added`; this one stays as it is.

        An id may be in both: it gets the new vector. Raises ValueError for an id to remove that is not there, or one
        to add that is.
        """
        gone, keys, rows = _as_ids(removed), _as_ids(added), _as_vectors(vectors, self.dim)
        _check_pair(keys, rows)
        self._refuse_unknown(gone)
        kept = np.setdiff1d(self.ids, gone, assume_unique=True)
        twice = np.intersect1d(kept, keys)
        if twice.size:
            raise ValueError(f"the index already holds a vector with id {twice[0]}")
        ids = np.concatenate([kept, keys])
        if not self._lists and len(ids) > self._exact_limit:
            return self.build(ids, np.concatenate([self.reconstruct(kept), rows]), exact_limit=self._exact_limit)
        index = faiss.clone_index(self._index)
        if len(gone):
            index.remove_ids(gone)
        if len(keys):
            index.add_with_ids(rows, keys)
        return VectorIndex(index, ids, self._exact_limit)

    def _holds(self, keys: Ids) -> NDArray[np.bool_]:
        if not len(self):
            return np.zeros(len(keys), dtype=bool)
        places = np.searchsorted(self.ids, keys)
        found: NDArray[np.bool_] = self.ids.take(places, mode="clip") == keys
        return found

    def _refuse_unknown(self, keys: Ids) -> None:
        known = self._holds(keys)
        if not known.all():
            raise ValueError(f"the index holds no vector with id {keys[~known][0]}")


def _exact(blocks: Iterable[Block], count: int, dim: int) -> tuple[Any, Ids]:
    """An index whose codes are written where they will stay: adding block by block would copy all, again and again."""
    exact = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index = faiss.IndexIDMap2(exact)  # takes only one that is empty
    added = [np.empty(0, np.int64)]
    codes = np.empty((0, dim), np.float16)
    if count:
        exact.codes.resize(count * exact.code_size)
        codes = faiss.rev_swig_ptr(exact.codes.data(), count * exact.code_size).view("<f2").reshape(count, dim)
    first = 0
    for ids, rows in blocks:
        half = rows if rows.dtype == np.float16 else _as_vectors(rows, dim).astype(np.float16)
        if half.shape != (len(ids), dim) or first + len(half) > count:
            raise ValueError(f"more than {count} vectors of {dim} numbers were given, or others")
        if ((np.ascontiguousarray(half).view(np.uint16) & _NOT_FINITE) == _NOT_FINITE).any():
            raise ValueError("a vector holds a number that is not finite")
        codes[first : first + len(half)] = half
        added.append(_as_ids(ids))
        first += len(half)
    found = _all_ids(added, count)
    exact.ntotal = index.ntotal = count
    faiss.copy_array_to_vector(found, index.id_map)
    index.construct_rev_map()
    return index, found


def _all_ids(parts: list[Ids], count: int) -> Ids:
    ids = np.concatenate(parts)
    if len(ids) != count:
        raise ValueError(f"{len(ids)} vectors were given, {count} were expected")
    return ids


def _sample(blocks: Iterable[Block], count: int, dim: int) -> Vectors:
    """The vectors that inverted lists are trained on, drawn evenly at random."""
    wanted = np.sort(
        np.random.default_rng(0).choice(count, min(count, _lists(count) * _TRAINING_VECTORS), replace=False)
    )
    found = [np.empty((0, dim), np.float32)]
    first = 0
    for _, rows in blocks:
        found.append(rows[wanted[(wanted >= first) & (wanted < first + len(rows))] - first].astype(np.float32))
        first += len(rows)
    return np.concatenate(found)


def _lists(count: int) -> int:
    return max(1, min(int(4 * math.sqrt(count)), count // _TRAINING_VECTORS))


def _train_lists(sample: Vectors, count: int, dim: int) -> Any:
    """An empty index with inverted lists for `count` vectors, trained on a sample of them."""
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dim), dim, _lists(count), faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.sq.rangestat_arg = 0.2  # widens the range of the 8 bits beyond what the sample holds: outliers are not cut
    faiss.omp_set_num_threads(os.cpu_count() or 1)  # of this thread; a search sets its own number
    index.train(np.ascontiguousarray(sample, dtype=np.float32))
    index.set_direct_map_type(faiss.DirectMap.Hashtable)  # finds a vector by its id
    return index


def _as_vectors(values: ArrayLike, dim: int | None = None) -> Vectors:
    rows = np.ascontiguousarray(values, dtype=np.float32)
    if dim is not None and rows.shape == (0,):  # an empty list
        rows = rows.reshape(0, dim)
    if rows.ndim != 2 or rows.shape[1] == 0 or rows.shape[1] != (dim or rows.shape[1]):
        raise ValueError(f"vectors must have the shape (n, {dim or 'dim'}), not {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError("a vector holds a number that is not finite")
    return rows


def _as_ids(values: ArrayLike) -> Ids:
    found = np.asarray(values)
    if found.size and found.dtype.kind not in "iu":
        raise ValueError(f"ids must be whole numbers, not {found.dtype}")
    ids: Ids = np.ascontiguousarray(found, dtype=np.int64).reshape(-1)
    if ids.size and ids.min() < 0:
        raise ValueError(f"ids must not be negative, and {ids.min()} is")
    return ids


def _check_pair(ids: Ids, rows: Vectors) -> None:
    if len(ids) != len(rows):
        raise ValueError(f"{len(ids)} ids do not fit {len(rows)} vectors")
    ordered = np.sort(ids)
    if (ordered[1:] == ordered[:-1]).any():
        raise ValueError(f"the id {ordered[:-1][ordered[1:] == ordered[:-1]][0]} is there twice")
