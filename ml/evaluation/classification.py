"""How well a probability tells the two classes apart, and whether it means what it says."""

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.uncertainty import Estimate, bootstrap_ratio

Floats = NDArray[np.float64]
BINS = 15
TINY = (
    2.220446049250313e-16  # probabilities stay this far from 0 and 1, as in scikit-learn, so that no loss is infinite
)


def auc(labels: NDArray[np.bool_], scores: NDArray[np.floating]) -> float:
    """The probability that a positive row scores above a negative one, a tie counting half (Mann and Whitney 1947).

    ``labels`` and ``scores`` are [rows]. NaN when one class is missing.
    """
    labels = np.asarray(labels, dtype=bool)
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if not positives or not negatives:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2.0  # mean rank of each distinct score, from 1
    ranks = middle[place][labels].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))


def grouped_auc(areas: Floats, weights: Floats) -> Estimate:
    """The mean of the users' AUCs, each weighted by how much the user did: GAUC. Zhou et al., KDD 2018, section 6.2.

    ``areas`` and ``weights`` are [users]; a user without an AUC (NaN) is left out.
    """
    return bootstrap_ratio(areas * weights, np.where(np.isnan(areas), 0.0, weights))


def probabilities_of(logits: NDArray[np.floating]) -> Floats:
    """The sigmoid of logits, without overflow."""
    logits = np.asarray(logits, np.float64)
    small = np.exp(-np.abs(logits))
    chances: Floats = np.where(logits >= 0, 1.0, small) / (1.0 + small)
    return chances


def log_losses(labels: NDArray[np.bool_], probabilities: Floats) -> Floats:
    """[rows] the negative log-likelihood of each label (natural logarithm); their mean is the log loss."""
    clipped = np.clip(np.asarray(probabilities, np.float64), TINY, 1 - TINY)
    return -np.log(np.where(np.asarray(labels, dtype=bool), clipped, 1 - clipped))


def calibration_curve(labels: NDArray[np.bool_], probabilities: Floats, *, bins: int = BINS) -> list[dict[str, float]]:
    """The bins of equal width that hold rows: {rows, predicted, observed}, both means of the bin.

    A probability on an edge belongs to the bin below it, and 0 to the first.
    """
    place = np.clip(np.ceil(np.asarray(probabilities) * bins).astype(np.int64) - 1, 0, bins - 1)
    rows = np.bincount(place, minlength=bins)
    predicted = np.bincount(place, weights=probabilities, minlength=bins)
    observed = np.bincount(place, weights=np.asarray(labels, np.float64), minlength=bins)
    return [
        {"rows": int(n), "predicted": float(p / n), "observed": float(o / n)}
        for n, p, o in zip(rows, predicted, observed, strict=True)
        if n
    ]


def calibration_error(labels: NDArray[np.bool_], probabilities: Floats, *, bins: int = BINS) -> float:
    """Expected calibration error: the bins' |predicted - observed|, weighted by their rows. Naeini et al., AAAI 2015.

    It is not below 0 and not above 1; NaN without rows.
    """
    if not len(labels):
        return float("nan")
    curve = calibration_curve(labels, probabilities, bins=bins)
    return float(sum(each["rows"] * abs(each["predicted"] - each["observed"]) for each in curve) / len(labels))
