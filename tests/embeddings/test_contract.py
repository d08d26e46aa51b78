"""What every embedder keeps, the fake one included."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from embeddings.embedder import Embedder, load_embedder
from tests.fake_embedder import FakeEmbedder

TEXTS = (
    "谁负责粮食安全？",
    "省级人民政府应当每年检查一次。",
    "The archive keeps the files for thirty years.",
    "第三条 GDP 增长 3.5%，Wi-Fi 已覆盖。",
    "粮",
)
ODD_TEXTS = ("", " ", "\x00", "\ud800", "\x01\x02", "👨‍👩‍👧", "水" * 5000, "a\r\n\tb", "<s></s><mask>", "ｅ\u0301")

Loader = Callable[[], Embedder]


@pytest.fixture(params=["fake", "folder", pytest.param("default", marks=pytest.mark.model)], scope="module")
def loader(request: pytest.FixtureRequest) -> Loader:
    if request.param == "fake":
        return FakeEmbedder
    if request.param == "folder":
        folder: Path = request.getfixturevalue("tiny_model")
        return lambda: load_embedder(str(folder), cache_dir=folder / "not-used", batch_size=2)
    cache: Path = request.getfixturevalue("model_cache")
    return lambda: load_embedder(cache_dir=cache)


@pytest.fixture(scope="module")
def embedder(loader: Loader) -> Embedder:
    return loader()


def test_vectors_are_float32_rows_of_length_1(embedder: Embedder) -> None:
    for encode in (embedder.encode_queries, embedder.encode_passages):
        vectors = encode(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), embedder.dim)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.encode_queries([]).shape == (0, embedder.dim)
    assert embedder.encode_passages(()).shape == (0, embedder.dim)


def test_a_row_belongs_to_its_text_whatever_is_embedded_with_it(embedder: Embedder) -> None:
    together = embedder.encode_passages(TEXTS * 2)
    for row, text in enumerate(TEXTS * 2):
        assert together[row] @ embedder.encode_passages([text])[0] > 0.999


def test_the_same_text_has_the_same_vector(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.encode_queries(TEXTS), embedder.encode_queries(TEXTS))


def test_different_texts_have_different_vectors(embedder: Embedder) -> None:
    vectors = embedder.encode_passages(TEXTS)
    assert (vectors @ vectors.T)[~np.eye(len(TEXTS), dtype=bool)].max() < 0.99


def test_odd_texts_have_vectors_too(embedder: Embedder) -> None:
    vectors = embedder.encode_passages(ODD_TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_threads_do_not_disturb_each_other(embedder: Embedder) -> None:
    expected = embedder.encode_passages(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        queries = [pool.submit(embedder.encode_queries, [TEXTS[0]]) for _ in range(20)]
        passages = [pool.submit(embedder.encode_passages, TEXTS) for _ in range(4)]
        for work in passages:
            assert np.sum(work.result() * expected, axis=1).min() > 0.999
        for work in queries:
            assert work.result()[0] @ embedder.encode_queries([TEXTS[0]])[0] > 0.999


def test_loading_again_gives_the_same_fingerprint(embedder: Embedder, loader: Loader) -> None:
    again = loader()
    assert (again.fingerprint, again.name, again.dim) == (embedder.fingerprint, embedder.name, embedder.dim)
    assert again.fingerprint


def test_the_fake_embedder_can_be_computed_by_hand() -> None:
    fake = FakeEmbedder()
    vectors = fake.encode_passages(["粮食", "粮食安全", "水"])
    # " 粮食" has 2 bigrams, " 粮食安全" the same 2 and 2 more: 2 / (√2 · √4).
    assert vectors[0] @ vectors[1] == pytest.approx(2 / np.sqrt(2 * 4))
    assert vectors[0] @ vectors[2] == 0
    fake.encode_queries(["粮"])
    assert (fake.texts_embedded, fake.queries_embedded) == (["粮食", "粮食安全", "水"], ["粮"])
