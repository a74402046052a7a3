"""The permutation test and the control of false discoveries against SciPy, and how often they are wrong."""

import numpy as np
import pytest
from scipy import stats

from ml.errors import DataError
from ml.evaluation.significance import EXACT_USERS, false_discovery_control, permutation_test


def scipys(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(
        stats.permutation_test(
            (ours, theirs), lambda a, b: np.mean(a - b), permutation_type="samples", n_resamples=np.inf
        ).pvalue
    )


@pytest.mark.parametrize("seed", range(12))
def test_few_users_equal_scipys_exact_test(seed: int) -> None:
    rng = np.random.default_rng(seed)
    users = int(rng.integers(2, 11))
    ours, theirs = np.round(rng.random((2, users)), int(rng.integers(1, 8)))  # ties and zero differences among them
    found = permutation_test(ours, theirs)
    assert found.exact
    assert found.error == 0
    assert found.p_value == pytest.approx(scipys(ours, theirs), abs=1e-9)
    assert found.difference == pytest.approx((ours - theirs).mean())


def test_drawing_agrees_with_the_exact_value_within_its_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    ours, theirs = rng.random(14) + 0.1, rng.random(14)
    exact = permutation_test(ours, theirs)
    monkeypatch.setattr("ml.evaluation.significance.EXACT_USERS", 3)
    drawn = [permutation_test(ours, theirs, draws=4000, seed=seed) for seed in range(40)]
    scores = [(each.p_value - exact.p_value) / each.error for each in drawn]
    assert not any(each.exact for each in drawn)
    assert abs(np.mean(scores)) < 0.6
    assert 0.7 < np.std(scores) < 1.35  # the stated error is the spread over seeds


def test_blocks_of_draws_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    ours, theirs = rng.random(100), rng.random(100)
    whole = permutation_test(ours, theirs)
    monkeypatch.setattr("ml.evaluation.significance.CELLS", 1700)
    assert permutation_test(ours, theirs) == whole


def test_under_the_null_it_says_so_and_a_shift_is_seen() -> None:
    rng = np.random.default_rng(6)
    p_values = [permutation_test(*rng.random((2, 60)), draws=500, seed=seed).p_value for seed in range(300)]
    assert stats.kstest(p_values, "uniform").pvalue > 0.001
    theirs = rng.random(200)
    assert permutation_test(theirs + 0.1 + rng.normal(0, 0.1, 200), theirs).p_value == pytest.approx(1 / 10_001)


def test_users_without_the_metric_or_a_difference_are_told() -> None:
    ours, theirs = np.array([1.0, np.nan, 0.5, 0.5]), np.array([0.0, 1.0, 0.5, 0.4])
    found = permutation_test(ours, theirs)
    assert (found.users, found.patterns, found.p_value) == (3, 4, 0.5)
    assert permutation_test(ours, ours).p_value == 1
    assert EXACT_USERS < 20
    with pytest.raises(ValueError, match="same users"):
        permutation_test(ours, theirs[:2])


@pytest.mark.parametrize("method", ["bh", "by"])
@pytest.mark.parametrize("seed", range(10))
def test_adjusted_values_equal_scipys(seed: int, method: str) -> None:
    rng = np.random.default_rng(seed)
    p_values = np.round(rng.random(int(rng.integers(1, 40))) ** 3, int(rng.integers(1, 6)))
    ours = false_discovery_control(p_values.tolist(), method=method)
    assert ours == pytest.approx(stats.false_discovery_control(p_values, method=method).tolist(), abs=1e-12)


def test_what_is_no_p_value_is_refused() -> None:
    assert false_discovery_control([]) == []
    for bad in ([0.5, 1.2], [-0.1], [float("nan")]):
        with pytest.raises(DataError, match="0 to 1"):
            false_discovery_control(bad)
    with pytest.raises(DataError, match="method"):
        false_discovery_control([0.5], method="holm")
