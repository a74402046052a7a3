"""iALS against the objective that it lowers, against exact alternating solutions and against the library implicit."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.data.interactions import Interactions
from ml.models.base import create
from ml.models.ials import Ials


@pytest.fixture(scope="module")
def shop() -> Interactions:
    """Tastes of rank 4, so that there is something to find."""
    rng = np.random.default_rng(0)
    chance = np.exp(rng.standard_normal((120, 4)) @ rng.standard_normal((4, 50)))
    users, items = np.nonzero(rng.random((120, 50)) < 0.3 * chance / chance.mean(axis=1, keepdims=True))
    return Interactions(
        users.astype(np.int32),
        items.astype(np.int32),
        np.arange(len(users), dtype=np.int64),
        np.ones(len(users), np.float32),
        np.array([f"u{n:03d}" for n in range(120)], dtype=object),
        np.array([f"i{n:03d}" for n in range(50)], dtype=object),
    )


def fit(shop: Interactions, **options: float) -> Ials:
    model = create("ials", {"factors": 6, "l2": 0.02, "unobserved_weight": 0.1, **options}, seed=1).fit(shop)
    assert isinstance(model, Ials)
    return model


def objective(model: Ials, met: np.ndarray, l2: float, frequency: float, unobserved: float = 0.1) -> float:
    products = model.user_factors.astype(float) @ model.item_factors.T.astype(float)
    loss = (met * (1 - products) ** 2).sum() + unobserved * (products**2).sum()
    for factors, axis in ((model.user_factors, 1), (model.item_factors, 0)):
        counts = met.sum(axis=axis) + unobserved * met.shape[axis]
        loss += l2 * (counts**frequency * (factors.astype(float) ** 2).sum(axis=1)).sum()
    return float(loss)


@pytest.mark.parametrize("frequency", [0.0, 1.0])
def test_iterations_lower_the_stated_objective_to_that_of_exact_solutions(shop: Interactions, frequency: float) -> None:
    met = shop.matrix().toarray().astype(float)
    found = [
        objective(fit(shop, iterations=rounds, frequency=frequency), met, 0.02, frequency) for rounds in (1, 4, 40)
    ]
    assert found == sorted(found, reverse=True)
    exact = fit(shop, iterations=1, frequency=frequency)
    for _ in range(40):
        for own, other, weights in (
            (exact.user_factors, exact.item_factors, met),
            (exact.item_factors, exact.user_factors, met.T),
        ):
            for row in range(len(own)):
                y = other.astype(float)
                ridge = 0.02 * (weights[row].sum() + 0.1 * len(y)) ** frequency
                normal = 0.1 * y.T @ y + (y * weights[row][:, None]).T @ y + ridge * np.eye(6)
                own[row] = np.linalg.solve(normal, y.T @ weights[row])
    assert found[-1] == pytest.approx(objective(exact, met, 0.02, frequency), rel=0.01)


def test_a_user_folded_in_with_the_same_history_has_the_same_scores(shop: Interactions) -> None:
    model = fit(shop, iterations=5)
    everyone = np.arange(120, dtype=np.int32)
    assert np.array_equal(model.fold_in(shop).score(everyone), model.score(everyone))


def test_threads_change_no_bit(shop: Interactions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    alone = fit(shop, iterations=3)
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    monkeypatch.setattr("os.sched_getaffinity", lambda process: set(range(5)))
    shared = fit(shop, iterations=3)
    assert np.array_equal(alone.item_factors, shared.item_factors)


def test_it_tells_held_out_events_as_well_as_implicit(shop: Interactions) -> None:
    """The same objective up to the target of met pairs: alpha 1 / a, regularisation l2 / a, no frequency scaling."""
    als = pytest.importorskip("implicit.als", reason="the extra bench is not installed")
    rng = np.random.default_rng(0)
    held = rng.random(len(shop)) < 0.2
    train, test = shop.select(~held), shop.select(held)
    model = fit(train, iterations=15, frequency=0.0, l2=0.5)
    theirs = als.AlternatingLeastSquares(
        factors=6, regularization=5.0, alpha=10.0, iterations=15, random_state=1, num_threads=1, use_gpu=False
    )
    theirs.fit(csr_matrix(train.matrix()), show_progress=False)

    def quality(scores: np.ndarray) -> float:
        scores = np.where(train.matrix().toarray() > 0, -np.inf, scores)
        ranks = np.argsort(np.argsort(-scores, axis=1), axis=1)
        return float((1 / np.log2(ranks[test.user_codes, test.item_codes] + 2.0)).mean())

    ours = quality(model.score(np.arange(120, dtype=np.int32)))
    assert ours == pytest.approx(quality(theirs.user_factors @ theirs.item_factors.T), rel=0.03)
