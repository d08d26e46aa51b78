"""The vector index against plain numpy."""

from __future__ import annotations

import hashlib
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from embeddings.embedder import Vectors
from embeddings.vector_index import VectorIndex, VectorIndexError

DIM = 16
HALF = 1e-3  # what float16 may cost an inner product of unit vectors
BYTE = 3e-2  # and what 8 bits may


def unit_vectors(count: int, seed: int = 0, dim: int = DIM) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def check_search(
    index: VectorIndex, content: dict[int, NDArray[np.float32]], query: Vectors, k: int, allowed: set[int] | None
) -> None:
    """The scores are the best there are, and each id's score is its own."""
    scores, ids = index.search(query[None], k, allowed=None if allowed is None else sorted(allowed))
    choice = sorted(set(content) if allowed is None else set(content) & allowed)
    exact = {key: float(content[key] @ query) for key in choice}
    best = sorted(exact.values(), reverse=True)[:k]
    assert ids.shape == scores.shape == (1, len(best))
    assert len(set(ids[0].tolist())) == len(best)
    np.testing.assert_allclose(scores[0], best, atol=HALF)
    np.testing.assert_allclose(scores[0], [exact[key] for key in ids[0].tolist()], atol=HALF)


changes = st.lists(
    st.tuples(st.sets(st.integers(0, 60), max_size=12), st.sets(st.integers(0, 60), max_size=12)), max_size=5
)


@settings(max_examples=60, deadline=None)
@given(
    first=st.sets(st.integers(0, 60), max_size=30),
    steps=changes,
    k=st.integers(1, 70),
    allowed=st.none() | st.sets(st.integers(0, 80), max_size=20),
)
def test_any_series_of_changes_keeps_what_numpy_keeps(
    tmp_path_factory: pytest.TempPathFactory,
    first: set[int],
    steps: list[tuple[set[int], set[int]]],
    k: int,
    allowed: set[int] | None,
) -> None:
    pool = unit_vectors(400)
    used = len(first)
    content = dict(zip(sorted(first), pool[:used], strict=True))
    index = VectorIndex.build(sorted(first), pool[:used])
    for removing, adding in steps:
        removed = sorted(removing & set(content))
        added = sorted(adding - (set(content) - set(removed)))
        vectors = pool[used : used + len(added)]
        used += len(added)
        before, kept = index, dict(content)
        index = index.with_changes(removed, added, vectors)
        content = {key: vector for key, vector in content.items() if key not in removed}
        content |= dict(zip(added, vectors, strict=True))
        check_search(before, kept, pool[-2], k, allowed)  # the index that was there is as it was
        assert before.ids.tolist() == sorted(kept)
    path = tmp_path_factory.mktemp("index") / "vectors.faiss"
    loaded = VectorIndex.load(path, sha256=index.save(path), dim=DIM, count=len(content))
    for either in (index, loaded):
        assert either.ids.tolist() == sorted(content)
        assert (len(either), either.dim) == (len(content), DIM)
        check_search(either, content, pool[-1], k, allowed)
        expected = np.array([content[key] for key in sorted(content)], np.float32).reshape(-1, DIM)
        np.testing.assert_allclose(either.reconstruct(sorted(content)), expected, atol=HALF)


@pytest.fixture(scope="module")
def large() -> tuple[VectorIndex, Vectors]:
    """An index beyond its limit: inverted lists, ids 0, 3, 6, …"""
    vectors = unit_vectors(2000)
    return VectorIndex.build(np.arange(2000) * 3, vectors, exact_limit=500), vectors


def test_a_large_index_finds_nearly_what_an_exact_one_finds(large: tuple[VectorIndex, Vectors]) -> None:
    index, vectors = large
    near = unit_vectors(100, seed=1) * 0.3 + vectors[:100]  # questions lie near their answers
    _, ids = index.search(near, 1)
    best = (near @ vectors.T).argmax(1) * 3
    assert (ids[:, 0] == best).mean() > 0.7


def test_a_large_index_gives_as_many_as_are_asked_for(large: tuple[VectorIndex, Vectors]) -> None:
    index, vectors = large
    scores, ids = index.search(vectors[:5], 1900)
    assert ids.shape == (5, 1900)
    assert (ids >= 0).all()
    assert (np.diff(scores) <= 0).all()


def test_a_large_index_searches_the_allowed_ids_completely(large: tuple[VectorIndex, Vectors]) -> None:
    index, vectors = large
    allowed = [3 * row for row in range(100, 1900, 180)]
    _, ids = index.search(vectors[:20], 10, allowed=[*allowed, 1, 2, 10**9])
    for row in ids:
        assert set(row.tolist()) == set(allowed)


def test_a_large_index_is_changed_saved_and_loaded(tmp_path: Path, large: tuple[VectorIndex, Vectors]) -> None:
    index, vectors = large
    fresh = unit_vectors(3, seed=2)
    changed = index.with_changes([0, 3, 5997], [0, 1, 2], fresh)
    path = tmp_path / "vectors.faiss"
    loaded = VectorIndex.load(path, sha256=changed.save(path), dim=DIM, count=2000)
    again = loaded.with_changes([6], [], [])
    assert sorted(set(index.ids.tolist()) - {0, 3, 5997} | {0, 1, 2}) == changed.ids.tolist() == loaded.ids.tolist()
    assert len(again) == 1999
    for either in (changed, loaded, again):
        np.testing.assert_allclose(either.reconstruct([2, 0, 1, 9]), [*fresh[[2, 0, 1]], vectors[3]], atol=BYTE)
        assert either.search(fresh[1:2], 1, allowed=either.ids)[1].tolist() == [[1]]
    np.testing.assert_allclose(index.reconstruct([0, 3]), vectors[:2], atol=BYTE)


def test_an_exact_index_becomes_a_large_one_when_it_outgrows_its_limit() -> None:
    vectors = unit_vectors(400)
    small = VectorIndex.build(np.arange(300), vectors[:300], exact_limit=350)
    grown = small.with_changes([7], np.arange(300, 400), vectors[300:])
    assert grown.ids.tolist() == [*range(7), *range(8, 400)]
    np.testing.assert_allclose(grown.reconstruct(grown.ids), np.delete(vectors, 7, axis=0), atol=BYTE)
    assert len(small) == 300


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = VectorIndex.build([], np.empty((0, DIM)))
    loaded = VectorIndex.load(tmp_path / "v", sha256=index.save(tmp_path / "v"), dim=DIM, count=0)
    for either in (index, loaded):
        scores, ids = either.search(unit_vectors(2), 5)
        assert scores.shape == ids.shape == (2, 0)
        assert either.reconstruct([]).shape == (0, DIM)
        assert len(either.with_changes([], [4], unit_vectors(1))) == 1


def test_no_queries_and_no_allowed_ids_find_nothing() -> None:
    index = VectorIndex.build([1, 2], unit_vectors(2))
    assert index.search([], 3)[1].shape == (0, 2)
    assert index.search(unit_vectors(1), 3, allowed=[])[1].shape == (1, 0)


NAN = np.full((1, DIM), np.nan)


@pytest.mark.parametrize(
    ("ids", "vectors", "message"),
    [
        ([1, 2, 1], unit_vectors(3), "id 1 is there twice"),
        ([1, 2], unit_vectors(3), "2 ids do not fit 3 vectors"),
        ([-1], unit_vectors(1), "negative"),
        ([1.5], unit_vectors(1), "whole numbers"),
        ([1], NAN, "not finite"),
        ([1], unit_vectors(1)[0], "shape"),
        ([], [], "shape"),
    ],
)
def test_building_refuses_what_makes_no_sense(ids: list[int], vectors: Vectors, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        VectorIndex.build(ids, vectors)


@pytest.mark.parametrize(
    ("removed", "added", "vectors", "message"),
    [
        ([9], [], [], "no vector with id 9"),
        ([], [1], unit_vectors(1), "already holds a vector with id 1"),
        ([], [5, 5], unit_vectors(2), "id 5 is there twice"),
        ([], [5], unit_vectors(1, dim=DIM + 1), "shape"),
        ([], [5], NAN, "not finite"),
    ],
)
def test_changes_that_make_no_sense_are_refused_and_change_nothing(
    removed: list[int], added: list[int], vectors: Vectors, message: str
) -> None:
    index = VectorIndex.build([1, 2], unit_vectors(2))
    with pytest.raises(ValueError, match=message):
        index.with_changes(removed, added, vectors)
    assert index.ids.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("query", "k", "message"),
    [(NAN, 1, "not finite"), (unit_vectors(1, dim=3), 1, "shape"), (unit_vectors(1), 0, "at least 1")],
)
def test_searches_that_make_no_sense_are_refused(query: Vectors, k: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        VectorIndex.build([1, 2], unit_vectors(2)).search(query, k)


def test_the_checksum_is_that_of_the_file_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "向量.faiss"
    for count in (5, 50):  # the second replaces the first
        checksum = VectorIndex.build(np.arange(count), unit_vectors(count)).save(path)
        assert checksum == hashlib.sha256(path.read_bytes()).hexdigest()
        assert list(tmp_path.iterdir()) == [path]


def test_every_damage_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    checksum = VectorIndex.build([1, 2], unit_vectors(2)).save(path)
    whole = path.read_bytes()
    damaged = [whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :] for place in range(len(whole))]
    for content in (*damaged, b"", whole[:-1], whole + b"\0"):
        path.write_bytes(content)
        with pytest.raises(VectorIndexError, match=r"vectors\.faiss is damaged or of another generation"):
            VectorIndex.load(path, sha256=checksum, dim=DIM, count=2)


def test_a_missing_or_wrong_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    with pytest.raises(VectorIndexError, match=r"vectors\.faiss cannot be read.*update"):
        VectorIndex.load(path, sha256="", dim=DIM, count=2)
    checksum = VectorIndex.build([1, 2], unit_vectors(2)).save(path)
    for dim, count in ((DIM, 3), (DIM + 1, 2)):
        with pytest.raises(VectorIndexError, match=r"vectors\.faiss holds 2 vectors of 16"):
            VectorIndex.load(path, sha256=checksum, dim=dim, count=count)
    path.write_bytes(b"not an index at all")
    with pytest.raises(VectorIndexError, match=r"vectors\.faiss cannot be read"):
        VectorIndex.load(path, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), dim=DIM, count=2)


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    checksum = VectorIndex.build([1, 2], unit_vectors(2)).save(path)
    large = VectorIndex.build(np.arange(5000), unit_vectors(5000))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))  # bytes a file may have: the nearest to a full disk
    try:
        with pytest.raises(VectorIndexError, match=r"vectors\.faiss cannot be written"):
            large.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == [path]
    assert len(VectorIndex.load(path, sha256=checksum, dim=DIM, count=2)) == 2
    with pytest.raises(VectorIndexError, match="cannot be written"):
        large.save(tmp_path / "missing" / "vectors.faiss")


def test_threads_search_one_index(large: tuple[VectorIndex, Vectors]) -> None:
    index, vectors = large
    expected = index.search(vectors[:50], 5)[1]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda row: index.search(vectors[row : row + 1], 5)[1][0].tolist(), range(50)):
            assert found in expected.tolist()
