"""Whether a model serves some people, or some articles, worse than others: a metric by group, the gap, the worst."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from ml.errors import DataError
from ml.evaluation.harness import plain
from ml.evaluation.ranking import Values
from ml.evaluation.rankings import Rankings
from ml.evaluation.uncertainty import LEVEL, bootstrap_mean

Labels = Sequence[str | None]
LEAST_USERS = 10  # in a group that is compared; a smaller one is shown without being judged


def user_group_values(values: Values, labels: Labels) -> dict[str, Values]:
    """Group → [users] the values of its users, NaN elsewhere. ``labels`` [users] may be None: of no group."""
    found = _codes(labels, len(values))
    return {name: np.where(rows, values, np.nan) for name, rows in found.items()}


def item_group_values(rankings: Rankings, labels: Labels, k: int) -> dict[str, Values]:
    """Group → [users] the recall@k of each user's test items of that group, NaN for a user who has none.

    ``labels`` is [n_items]. Items that train does not know belong to no group.
    """
    truth, found = rankings.truth.items, {}
    rows = np.repeat(np.arange(truth.shape[0]), np.diff(truth.indptr))
    lists, hits = rankings.ranked[:, :k], rankings.hits[:, :k]
    for name, member in _codes(labels, truth.shape[1]).items():
        wanted = np.bincount(rows, weights=member[truth.indices], minlength=truth.shape[0])
        met = (hits & member[lists]).sum(axis=1)
        found[name] = np.where(wanted > 0, met / np.maximum(wanted, 1), np.nan)
    return found


def exposure(rankings: Rankings, labels: Labels, k: int) -> dict[str, float]:
    """Group → its share of all list places; ``labels`` is [n_items]."""
    lists = rankings.ranked[:, :k]
    shown = lists[lists >= 0]
    return {name: float(member[shown].mean()) for name, member in _codes(labels, rankings.truth.items.shape[1]).items()}


def group_report(attribute: str, side: str, metric: str, groups: Mapping[str, Values]) -> dict[str, Any]:
    """How the groups fare, as JSON values. ``groups`` are [users] each, NaN for users who do not speak for the group.

    {"attribute", "side", "metric", "groups": [{"name", "value", "low", "high", "standard_error", "users"}],
    "worst": the name of the worst group or None, "gap": {"best", "worst", "value", "low", "high"} or None}.
    Only groups of at least LEAST_USERS users are compared. The gap's interval is normal and holds for all pairs of
    groups at once (Bonferroni), because the two were chosen for being furthest apart: a low end above 0 is a difference
    that is really there.
    """
    rows = [{"name": name, **plain(bootstrap_mean(values))} for name, values in groups.items()]
    judged = [row for row in rows if row["users"] >= LEAST_USERS]
    report: dict[str, Any] = {"attribute": attribute, "side": side, "metric": metric, "groups": rows}
    if len(judged) < 2:
        return report | {"worst": None, "gap": None}
    judged.sort(key=lambda row: row["value"])
    worst, best = judged[0]["name"], judged[-1]["name"]
    pairs = len(judged) * (len(judged) - 1) // 2
    reach = float(norm.ppf(1 - (1 - LEVEL) / (2 * pairs))) * _error_of_difference(groups[best], groups[worst])
    gap = judged[-1]["value"] - judged[0]["value"]
    return report | {
        "worst": worst,
        "gap": {"best": best, "worst": worst, "value": gap, "low": gap - reach, "high": gap + reach},
    }


def _error_of_difference(one: Values, other: Values) -> float:
    """The standard error of the difference of two means that may share users."""
    influence = np.zeros(len(one))
    for values, sign in ((one, 1.0), (other, -1.0)):
        known = ~np.isnan(values)
        influence[known] += sign * (values[known] - values[known].mean()) / known.sum()
    return float(np.sqrt((influence**2).sum()))


def _codes(labels: Labels, count: int) -> dict[str, NDArray[np.bool_]]:
    """Group → [count] who belongs to it, in order of name."""
    if len(labels) != count:
        raise DataError(f"There are {len(labels)} labels for {count} rows.", where="groups")
    every = np.array(["" if label is None else str(label) for label in labels], dtype=object)
    return {name: every == name for name in sorted(set(every.tolist()) - {""})}
