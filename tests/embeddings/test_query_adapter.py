"""The adapter of questions: lengths stay 1, nothing but questions is changed, and the one that is shipped fits."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from embeddings.query_adapter import AdaptedEmbedder, adapted, load_adapter
from tests.fake_embedder import FakeEmbedder

UNIT = st.floats(-1, 1, width=32)


@given(arrays.arrays(np.float32, (3, 4), elements=UNIT), arrays.arrays(np.float32, (4, 4), elements=UNIT))
def test_lengths_are_one_or_nothing_is_left(vectors: np.ndarray, matrix: np.ndarray) -> None:
    lengths = np.linalg.norm(adapted(vectors, matrix), axis=1)
    assert np.isfinite(lengths).all()
    moved = np.linalg.norm(vectors + vectors @ matrix, axis=1)
    assert np.allclose(lengths[moved > 1e-3], 1, atol=1e-3)


def test_only_questions_pass_through_it() -> None:
    plain = FakeEmbedder()
    matrix = np.zeros((plain.dim, plain.dim), dtype=np.float32)
    matrix[0, 1] = 0.5
    embedder = AdaptedEmbedder(plain, matrix)
    texts = ["粮食自给率", "某县安全生产"]
    assert np.array_equal(embedder.encode_passages(texts), plain.encode_passages(texts))
    assert np.allclose(embedder.encode_queries(texts), adapted(plain.encode_queries(texts), matrix))
    assert (embedder.name, embedder.fingerprint, embedder.dim) == (plain.name, plain.fingerprint, plain.dim)


def test_the_shipped_one_is_of_the_bundled_model_and_moves_a_little() -> None:
    matrix = load_adapter()
    assert matrix.shape == (384, 384)
    assert 0.05 < np.linalg.norm(matrix, 2) < 2
