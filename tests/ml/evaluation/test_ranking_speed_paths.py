"""The ways of ranking and counting that differ only in speed: each against a plain sort, on many random cases."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import roc_auc_score

from ml.evaluation import ranking
from ml.evaluation.ranking import top_k, user_auc


def plain(row: np.ndarray, hidden: np.ndarray, k: int) -> list[int]:
    order = sorted((item for item in range(len(row)) if not hidden[item]), key=lambda item: (-row[item], item))
    return (order + [-1] * k)[:k]


def random_scores(rng: np.random.Generator, rows: int, items: int) -> np.ndarray:
    """Continuous, with few values, all equal, mixed zeros of both signs, very large and very small."""
    kind = rng.integers(0, 6)
    scores = rng.normal(size=(rows, items))
    if kind == 1:
        scores = np.round(scores * 2)
    elif kind == 2:
        scores[:] = rng.normal()
    elif kind == 3:
        scores = np.where(rng.random((rows, items)) < 0.5, -0.0, 0.0)
    elif kind == 4:
        scores = scores * 1e37
    elif kind == 5:
        scores = np.sort(scores, axis=1) * 1e-42  # below the normal numbers, the best item last
    return scores.astype(np.float32)


@pytest.mark.parametrize("seed", range(40))
def test_lists_equal_a_plain_sort(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    rows, items, k = int(rng.integers(1, 9)), int(rng.integers(1, 700)), int(rng.integers(1, 30))
    scores = random_scores(rng, rows, items)
    hidden = rng.random((rows, items)) < rng.choice([0.0, 0.1, 0.95, 1.0])
    monkeypatch.setattr(ranking, "KEYS", int(rng.choice([1, 3 * k, 10**6])))
    monkeypatch.setattr(ranking, "LARGE", int(rng.choice([0, 10**6])))
    before = scores.copy()
    found = top_k(scores, k, csr_array(hidden.astype(np.float32)))
    assert [row.tolist() for row in found] == [plain(*pair, k) for pair in zip(scores, hidden, strict=True)]
    assert np.array_equal(scores, before)  # what a model handed out is only read
    without = top_k(scores, k)
    assert [row.tolist() for row in without] == [plain(row, np.zeros(items, bool), k) for row in scores]


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_counting_equals_sorting_and_scikit_learn(seed: int, masked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    rows, items = 7, int(rng.integers(2, 60))
    scores = random_scores(rng, rows, items)
    truth = rng.random((rows, items)) < rng.choice([0.1, 0.5, 1.0])
    truth[0] = False
    seen = rng.random((rows, items)) < (0.3 if masked else 0.0)
    monkeypatch.setattr(ranking, "MANY_TEST_ITEMS", int(rng.choice([3, 64])))
    sparse = csr_array(truth.astype(np.float32)), csr_array(seen.astype(np.float32))
    counted, by_sort = (user_auc(scores, *sparse, counting=counting) for counting in (True, False))
    assert np.array_equal(counted, by_sort, equal_nan=True)
    for user in range(rows):
        kept = ~seen[user]
        if truth[user][kept].any() and not truth[user][kept].all():
            expected = roc_auc_score(truth[user][kept], scores[user][kept])
            assert counted[user] == pytest.approx(expected, abs=1e-9)
        else:
            assert np.isnan(counted[user])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 321, 4999])
def test_a_score_that_is_no_number_is_found_wherever_it_stands(bad: float, place: int) -> None:
    scores = np.random.default_rng(0).normal(size=(3, 5000)).astype(np.float32)
    scores[1, place] = bad
    with pytest.raises(ValueError, match="finite"):
        top_k(scores, 5)
