"""Intervals: their coverage on known distributions, their repeatability, and agreement with SciPy."""

import numpy as np
import pytest
from scipy import stats

from ml.evaluation.beyond_accuracy import catalogue_coverage
from ml.evaluation.uncertainty import bootstrap_mean, bootstrap_means, bootstrap_ratio, paired_difference


def test_same_seed_same_interval_as_by_gathering() -> None:
    values = np.random.default_rng(0).normal(size=300)
    whole = bootstrap_mean(values, seed=4)
    assert bootstrap_mean(values, seed=4) == whole
    assert bootstrap_mean(values, seed=5) != whole
    drawn = np.random.default_rng(4).integers(0, 300, (1000, 300), dtype=np.int32)
    gathered = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
    assert (whole.low, whole.high) == pytest.approx(gathered, abs=1e-12)


def test_several_values_are_estimated_as_each_alone() -> None:
    rng = np.random.default_rng(8)
    values = {"a": rng.random(40), "b": rng.random(40), "c": np.where(rng.random(40) < 0.3, np.nan, 1.5)}
    together = bootstrap_means(values)
    assert list(together) == ["a", "b", "c"]
    for name, each in values.items():
        alone = bootstrap_mean(each)
        assert (together[name].low, together[name].high) == pytest.approx((alone.low, alone.high), abs=1e-12)
        assert (together[name].value, together[name].users) == (alone.value, alone.users)


def test_a_weighted_mean_is_near_scipys_interval_and_delta_error() -> None:
    rng = np.random.default_rng(9)
    weights, values = rng.integers(0, 9, 500).astype(float), rng.random(500)
    estimate = bootstrap_ratio(values * weights, weights, draws=4000)
    assert estimate.value == pytest.approx(np.average(values, weights=weights), abs=1e-12)
    assert estimate.users == np.count_nonzero(weights)
    kept = weights > 0
    theirs = stats.bootstrap(
        (values[kept], weights[kept]),
        lambda v, w, axis: (v * w).sum(axis) / w.sum(axis),
        paired=True,
        n_resamples=4000,
        method="percentile",
        rng=1,
    )
    assert estimate.low == pytest.approx(theirs.confidence_interval.low, abs=0.002)
    assert estimate.high == pytest.approx(theirs.confidence_interval.high, abs=0.002)
    assert estimate.standard_error == pytest.approx(theirs.standard_error, rel=0.05)


def test_interval_is_near_scipys() -> None:
    values = np.random.default_rng(1).beta(0.5, 3, 800)
    ours = bootstrap_mean(values, draws=4000)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=4000, method="percentile", rng=1).confidence_interval
    assert ours.low == pytest.approx(theirs.low, abs=0.001)
    assert ours.high == pytest.approx(theirs.high, abs=0.001)
    assert ours.standard_error == pytest.approx(stats.sem(values), rel=1e-12)


def test_interval_covers_the_true_mean_about_19_times_in_20() -> None:
    rng = np.random.default_rng(2)
    estimates = [bootstrap_mean(rng.exponential(1.0, 150), draws=400, seed=draw) for draw in range(300)]
    covered = np.mean([each.low <= 1.0 <= each.high for each in estimates])
    assert 0.90 <= covered <= 0.98


def test_users_without_the_metric_are_left_out() -> None:
    estimate = bootstrap_mean(np.array([np.nan, 1.0, 3.0]))
    assert (estimate.value, estimate.users) == (2.0, 2)
    assert bootstrap_mean(np.array([np.nan])).users == 0
    assert np.isnan(bootstrap_mean(np.array([2.0])).standard_error)


def test_pairing_removes_what_users_have_in_common() -> None:
    rng = np.random.default_rng(3)
    easy = rng.normal(0, 1, 400)
    ours, theirs = easy + 0.05 + rng.normal(0, 0.01, 400), easy
    difference = paired_difference(ours, theirs)
    assert 0.04 < difference.low < 0.05 < difference.high < 0.06
    assert bootstrap_mean(ours).low < bootstrap_mean(theirs).high  # apart, the intervals overlap
    with pytest.raises(ValueError, match="same users"):
        paired_difference(ours, theirs[:10])


def test_coverage_and_its_jackknife_by_brute_force() -> None:
    rng = np.random.default_rng(4)
    ranked = rng.integers(-1, 12, (25, 3)).astype(np.int32)
    estimate = catalogue_coverage(ranked, 12)
    shown = [len(set(np.delete(ranked, user, 0).ravel()) - {-1}) / 12 for user in range(25)]
    assert estimate.value == len(set(ranked.ravel()) - {-1}) / 12
    error = np.sqrt(24 / 25 * ((np.array(shown) - np.mean(shown)) ** 2).sum())
    assert estimate.standard_error == pytest.approx(error, abs=1e-12)
