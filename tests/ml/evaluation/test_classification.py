"""The figures of a classifier against scikit-learn."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve as sklearn_curve
from sklearn.metrics import log_loss, roc_auc_score

from ml.evaluation.classification import (
    auc,
    calibration_curve,
    calibration_error,
    grouped_auc,
    log_losses,
    probabilities_of,
)


@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_auc_equals_scikit_learn_with_ties(decimals: int) -> None:
    rng = np.random.default_rng(decimals)
    labels = rng.random(500) < 0.3
    scores = np.round(rng.normal(size=500) + labels, decimals)
    assert auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), abs=1e-9)


def test_one_class_has_no_auc() -> None:
    assert np.isnan(auc(np.ones(3, bool), np.arange(3.0)))


@pytest.mark.parametrize("seed", range(10))
def test_log_loss_equals_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.random(300) < 0.4
    chances = np.clip(np.round(rng.random(300) * 1.2 - 0.1, 2), 0, 1)  # also 0 and 1, right and wrong
    assert log_losses(labels, chances).mean() == pytest.approx(log_loss(labels, chances), abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("bins", [5, 15])
def test_calibration_bins_equal_scikit_learns(seed: int, bins: int) -> None:
    rng = np.random.default_rng(seed)
    chances = np.round(rng.random(400), int(rng.integers(1, 4)))  # many of them on the edges of bins
    labels = rng.random(400) < chances**2
    observed, predicted = sklearn_curve(labels, chances, n_bins=bins, strategy="uniform")
    ours = calibration_curve(labels, chances, bins=bins)
    assert [each["observed"] for each in ours] == pytest.approx(observed.tolist(), abs=1e-9)
    assert [each["predicted"] for each in ours] == pytest.approx(predicted.tolist(), abs=1e-9)
    assert sum(each["rows"] for each in ours) == 400
    expected = sum(each["rows"] * abs(o - p) for each, o, p in zip(ours, observed, predicted, strict=True)) / 400
    assert calibration_error(labels, chances, bins=bins) == pytest.approx(expected, abs=1e-12)


def test_calibration_error_by_hand() -> None:
    """Two bins: 0.2 said and 1 of 2 seen, 0.9 said and 2 of 2 seen."""
    labels, chances = np.array([True, False, True, True]), np.array([0.2, 0.2, 0.9, 0.9])
    assert calibration_error(labels, chances, bins=2) == pytest.approx((2 * 0.3 + 2 * 0.1) / 4)
    assert np.isnan(calibration_error(labels[:0], chances[:0]))


def test_logits_of_any_size_are_probabilities() -> None:
    logits = np.array([-1000.0, -2.0, 0.0, 2.0, 1000.0], np.float32)
    assert probabilities_of(logits).tolist() == pytest.approx([0, 1 / (1 + np.e**2), 0.5, 1 / (1 + np.e**-2), 1])


def test_grouped_auc_weighs_each_user_by_what_the_user_did() -> None:
    estimate = grouped_auc(np.array([0.5, 1.0, np.nan]), np.array([1.0, 3.0, 50.0]))
    assert estimate.value == pytest.approx((0.5 + 3.0) / 4)
    assert estimate.users == 2
