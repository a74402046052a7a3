"""Overlaps against the dense arithmetic."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from ml.kernels.overlap import Likeness, gram_matrix, nearest_rows


def random_matrix(rows: int, columns: int, seed: int = 0, *, binary: bool = False) -> csr_array:
    rng = np.random.default_rng(seed)
    dense = rng.random((rows, columns)) * (rng.random((rows, columns)) < 0.2)
    return csr_array((dense > 0 if binary else dense).astype(np.float32))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_gram_matrix_is_the_upper_triangle_of_the_product(kind: type) -> None:
    matrix = random_matrix(40, 30)
    gram = gram_matrix(matrix, kind)
    dense = matrix.toarray().astype(np.float64)
    assert gram.dtype == kind
    np.testing.assert_allclose(gram, np.triu(dense.T @ dense), rtol=1e-5)


@pytest.mark.parametrize("shrinkage", [0.0, 3.0])
@pytest.mark.parametrize("jaccard", [False, True])
def test_the_nearest_rows_are_those_of_the_whole_table(jaccard: bool, shrinkage: float) -> None:
    rows, queries = random_matrix(50, 20, binary=jaccard), random_matrix(7, 20, 1, binary=jaccard)
    found = nearest_rows(queries, rows, 5, Likeness(jaccard, shrinkage), same=False).toarray()
    a, b = queries.toarray().astype(np.float64), rows.toarray().astype(np.float64)
    product = a @ b.T
    if jaccard:
        whole = product / (a.sum(axis=1)[:, None] + b.sum(axis=1)[None, :] - product + shrinkage)
    else:
        whole = product / (np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)[None, :] + shrinkage)
    whole = whole.astype(np.float32).astype(np.float64)
    for query in range(7):
        best = np.lexsort((np.arange(50), -np.round(whole[query], 6)))[:5]
        expected = np.zeros(50)
        expected[best] = whole[query, best]
        np.testing.assert_allclose(found[query], expected, rtol=1e-5, atol=1e-7)


def test_a_row_is_no_neighbour_of_itself_and_equals_are_taken_in_order() -> None:
    rows = csr_array(np.ones((6, 3), np.float32))
    found = nearest_rows(rows, rows, 2, Likeness(), same=True)
    assert found.indices.reshape(6, 2).tolist() == [[1, 2], [0, 2], [0, 1], [0, 1], [0, 1], [0, 1]]
    np.testing.assert_allclose(found.data, 1.0)


def test_rows_that_share_nothing_are_no_neighbours() -> None:
    rows = csr_array(np.eye(4, dtype=np.float32))
    assert nearest_rows(rows, rows, 3, Likeness(), same=True).nnz == 0
    assert nearest_rows(csr_array((2, 4), dtype=np.float32), rows, 3, Likeness(), same=False).nnz == 0


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = random_matrix(300, 80)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    alone, gram = nearest_rows(matrix, matrix, 9, Likeness(), same=True), gram_matrix(matrix, np.float32)
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setattr("os.sched_getaffinity", lambda process: set(range(7)))
    shared = nearest_rows(matrix, matrix, 9, Likeness(), same=True)
    assert np.array_equal(shared.toarray(), alone.toarray())
    assert np.array_equal(gram_matrix(matrix, np.float32), gram)
