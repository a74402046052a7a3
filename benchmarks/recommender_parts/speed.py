"""The time of iALS beside implicit's and of EASE beside one Cholesky inverse, in wall clock and processor seconds."""

import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from scipy.linalg.lapack import spotrf, spotri
from scipy.sparse import csr_array, csr_matrix

from ml.data.splits import Parts
from ml.evaluation.harness import evaluate
from ml.evaluation.protocol import Protocol
from ml.kernels.compiled import thread_count
from ml.kernels.least_squares import improve_rows
from ml.models.base import create

FACTORS, ROUNDS = 64, 8
L2, UNOBSERVED = 10.0, 0.3  # without scaling by frequency, which implicit does not have


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(wall clock, processor) seconds. On a machine that others use, only the second says much."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def ials_beside_implicit(parts: Parts, protocol: Protocol) -> list[list[object]]:
    """One iteration of each, least of several, and the NDCG@10 after as many of them with the same objective."""
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    met = parts.train.matrix()
    options = {"factors": FACTORS, "iterations": ROUNDS, "l2": L2, "unobserved_weight": UNOBSERVED, "frequency": 0}
    model = create("ials", options).fit(parts.train)
    ours = min(iteration(met) for _ in range(3))
    with threadpool_limits(1, "blas"):  # as implicit asks for: its own threads share the rows
        theirs = AlternatingLeastSquares(
            factors=FACTORS, regularization=L2 / UNOBSERVED, alpha=1 / UNOBSERVED, iterations=ROUNDS, random_state=0
        )
        theirs.num_threads = thread_count()
        marks = [(time.perf_counter(), time.process_time())]
        theirs.fit(
            csr_matrix(met),
            show_progress=False,
            callback=lambda *_: marks.append((time.perf_counter(), time.process_time())),
        )
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(marks[1:])]
    other = create("ials", options).fit(parts.train)
    other.user_factors, other.item_factors = theirs.user_factors, theirs.item_factors  # type: ignore[attr-defined]
    quality = [evaluate(each, parts, protocol).estimates["ndcg@10"].value for each in (model, other)]
    least = (min(step[0] for step in steps), min(step[1] for step in steps))
    return [
        ["iALS, one iteration", f"{ours[0]:.2f} s", f"{ours[1]:.2f} s", f"NDCG@10 {quality[0]:.4f}"],
        ["implicit, one iteration", f"{least[0]:.2f} s", f"{least[1]:.2f} s", f"NDCG@10 {quality[1]:.4f}"],
        ["ratio (reach: at most 1)", f"{ours[0] / least[0]:.2f}", f"{ours[1] / least[1]:.2f}", ""],
    ]


def iteration(met: csr_array) -> tuple[float, float]:
    """Both half-steps from random factors."""
    rng, met_by = np.random.default_rng(0), csr_array(met.T)
    users, items = (rng.standard_normal((size, FACTORS), dtype=np.float32) / 80 for size in met.shape)

    def both() -> None:
        for entries, own, other in ((met, users, items), (met_by, items, users)):
            ridge = np.full(len(own), L2, np.float32)
            improve_rows(entries, own, other, unobserved=UNOBSERVED, ridge=ridge, steps=3)

    return timed(both)


def ease_beside_inverse(parts: Parts) -> list[list[object]]:
    """The whole fit of EASE, and LAPACK's inverse of a positive definite matrix of as many rows."""
    items = parts.train.n_items
    ours = timed(lambda: create("ease", {"max_items": items}).fit(parts.train))
    matrix = np.zeros((items, items), np.float32, order="F")
    matrix[np.diag_indices(items)] = np.random.default_rng(0).uniform(1, 2, items)
    matrix += np.float32(1e-5)

    def inverse() -> None:
        factor, failed = spotrf(matrix, lower=1, clean=0, overwrite_a=1)
        assert not failed
        assert not spotri(factor, lower=1, overwrite_c=1)[1]

    theirs = timed(inverse)
    return [
        [f"EASE, {items} items", f"{ours[0]:.1f} s", f"{ours[1]:.1f} s", ""],
        ["one Cholesky inverse", f"{theirs[0]:.1f} s", f"{theirs[1]:.1f} s", ""],
        ["ratio (reach: at most 1.2)", f"{ours[0] / theirs[0]:.2f}", f"{ours[1] / theirs[1]:.2f}", ""],
    ]
