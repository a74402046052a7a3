"""The AUC of a classifier against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from ml.evaluation.classification import auc


@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_auc_equals_scikit_learn_with_ties(decimals: int) -> None:
    rng = np.random.default_rng(decimals)
    labels = rng.random(500) < 0.3
    scores = np.round(rng.normal(size=500) + labels, decimals)
    assert auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), abs=1e-9)


def test_one_class_has_no_auc() -> None:
    assert np.isnan(auc(np.ones(3, bool), np.arange(3.0)))
