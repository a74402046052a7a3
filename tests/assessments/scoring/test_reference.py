"""AHP, entropy and TOPSIS against pymcdm on two hundred random cases each."""

import numpy as np
import pytest

from assessments.scoring.pairwise import priorities_of
from assessments.scoring.ranking import topsis
from assessments.scoring.weights import entropy_weights

pymcdm = pytest.importorskip("pymcdm", reason="pymcdm, an independent library, is not installed")
CASES = 200


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(20)


def test_weights_and_eigenvalue_of_a_pairwise_comparison(random: np.random.Generator) -> None:
    scale = [1 / 9, 1 / 7, 1 / 5, 1 / 3, 1 / 2, 1, 2, 3, 5, 7, 9]
    for _ in range(CASES):
        size = int(random.integers(3, 10))
        drawn = np.triu(random.choice(scale, (size, size)), 1)
        matrix = drawn + np.eye(size)
        matrix[drawn.T > 0] = 1 / drawn.T[drawn.T > 0]
        reference, found = pymcdm.weights.subjective.AHP(matrix=matrix), priorities_of(matrix)
        assert found.weights == pytest.approx(reference(), abs=1e-9)
        # Its random index is of another simulation, so that the index is compared and not the ratio.
        assert found.index == pytest.approx(reference.get_cr() * reference.RI_M[size - 1], abs=1e-9)


def test_entropy_weights(random: np.random.Generator) -> None:
    for _ in range(CASES):
        rows = random.uniform(1, 100, (int(random.integers(3, 12)), int(random.integers(2, 8))))
        assert entropy_weights(rows.tolist()) == pytest.approx(pymcdm.weights.entropy_weights(rows), abs=1e-9)


@pytest.mark.filterwarnings("ignore:Alternatives with indices")  # it warns of a best or a worst unit
def test_closeness_to_the_ideal(random: np.random.Generator) -> None:
    reference = pymcdm.methods.TOPSIS(pymcdm.normalizations.vector_normalization)
    for _ in range(CASES):
        units, parts = int(random.integers(2, 12)), int(random.integers(2, 8))
        rows, weights = random.uniform(1, 100, (units, parts)), random.dirichlet(np.ones(parts))
        benefits = random.integers(0, 2, parts).astype(bool)
        expected = reference(rows, weights, np.where(benefits, 1, -1))
        assert topsis(rows.tolist(), weights.tolist(), benefits.tolist()) == pytest.approx(expected, abs=1e-9)
