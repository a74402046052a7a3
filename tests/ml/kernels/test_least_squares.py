"""The half-step of iALS against the equations that it solves."""

import numpy as np
from scipy.sparse import csr_array

from ml.kernels.least_squares import improve_rows


def problem(factors: int) -> tuple[csr_array, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(factors)
    dense = rng.integers(1, 4, (30, 25)) * (rng.random((30, 25)) < 0.3)
    dense[4] = 0
    other = rng.standard_normal((25, factors)).astype(np.float32)
    return csr_array(dense.astype(np.float32)), other, rng.uniform(0.5, 2.0, 30).astype(np.float32)


def solution(entries: csr_array, other: np.ndarray, ridge: np.ndarray, unobserved: float) -> np.ndarray:
    dense, y = entries.toarray().astype(np.float64), other.astype(np.float64)
    rows = []
    for weights, penalty in zip(dense, ridge, strict=True):
        normal = unobserved * y.T @ y + (y * weights[:, None]).T @ y + penalty * np.eye(y.shape[1])
        rows.append(np.linalg.solve(normal, y.T @ weights))
    return np.array(rows)


def test_enough_steps_solve_every_row() -> None:
    for factors in (1, 5, 16):
        entries, other, ridge = problem(factors)
        own = np.random.default_rng(0).standard_normal((30, factors)).astype(np.float32)
        improve_rows(entries, own, other, unobserved=0.2, ridge=ridge, steps=4 * factors)
        np.testing.assert_allclose(own, solution(entries, other, ridge, 0.2), atol=2e-4)
        assert not own[4].any()


def test_each_step_comes_nearer() -> None:
    entries, other, ridge = problem(16)
    expected = solution(entries, other, ridge, 0.2)
    gaps = []
    for steps in (0, 2, 6, 16, 40):
        own = np.zeros((30, 16), np.float32)
        improve_rows(entries, own, other, unobserved=0.2, ridge=ridge, steps=steps)
        gaps.append(float(np.abs(own - expected).max()))
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 1e-3 < gaps[1]


def test_the_place_in_memory_changes_no_bit() -> None:
    """Small arrays near each other once took another path through the compiled sums."""
    entries, other, ridge = problem(8)
    rng, results = np.random.default_rng(0), set()
    for _ in range(60):
        kept = [np.empty(size, np.uint8) for size in rng.integers(1, 4000, 4)]
        own = np.zeros((30, 8), np.float32)
        improve_rows(entries, own, other.copy(), unobserved=0.2, ridge=ridge, steps=3)
        results.add(own.tobytes())
        del kept
    assert len(results) == 1
