"""Many runs on one protocol: who differs from whom, and which of the differences would stand a second look."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from ml.errors import DataError
from ml.evaluation.harness import Evaluation, compare, plain
from ml.evaluation.significance import DRAWS, Method, false_discovery_control, permutation_test

LEVEL = 0.05


def compare_many(
    runs: Mapping[str, Evaluation],
    metrics: Sequence[str],
    *,
    baseline: str | None = None,
    method: Method = "by",
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Any]:
    """Every run with every other, or all with ``baseline``, in each metric, as JSON values:

    {"protocol": digest, "runs": {run: {metric: estimate}}, "method": "by", "level": 0.05, "comparisons": [{"run",
    "other", "metric", "value": run - other, "low", "high", "standard_error", "users", "p_value", "p_error", "exact",
    "adjusted_p", "verdict": "better", "worse" or "no difference shown"}]}.

    ``low`` and ``high`` are each pair's own 95 % bootstrap interval; the verdict is by the adjusted p-value. Pairs of
    the same runs depend on each other, so the default control is Benjamini and Yekutieli's, which holds for any
    dependence. Raises DataError for runs of different protocols or users, and for an unknown run or metric.
    """
    if baseline is not None and baseline not in runs:
        raise DataError(f"There is no run '{baseline}'.", where="baseline", hint=f"Known: {', '.join(runs)}.")
    if len(runs) < 2:
        raise DataError("A comparison needs two runs or more.", where="runs")
    pairs = [(run, baseline) for run in runs if run != baseline] if baseline else list(combinations(runs, 2))
    rows = [
        _compared(runs, run, str(other), metric, draws=draws, seed=seed) for metric in metrics for run, other in pairs
    ]
    adjusted = false_discovery_control([row["p_value"] for row in rows], method=method)
    for row, p_value in zip(rows, adjusted, strict=True):
        row["adjusted_p"], row["verdict"] = p_value, _verdict(row["value"], p_value)
    return {
        "protocol": next(iter(runs.values())).protocol.digest,
        "runs": {name: {each: plain(run.estimates[each]) for each in metrics} for name, run in runs.items()},
        "method": method,
        "level": LEVEL,
        "comparisons": rows,
    }


def _compared(
    runs: Mapping[str, Evaluation], run: str, other: str, metric: str, *, draws: int, seed: int
) -> dict[str, Any]:
    difference = compare(runs[run], runs[other], metric)
    tested = permutation_test(runs[run].values[metric], runs[other].values[metric], draws=draws, seed=seed)
    return {
        "run": run,
        "other": other,
        "metric": metric,
        **plain(difference),
        "p_value": tested.p_value,
        "p_error": tested.error,
        "exact": tested.exact,
    }


def _verdict(difference: float | None, adjusted: float) -> str:
    if difference is None or np.isnan(difference) or adjusted > LEVEL:
        return "no difference shown"
    return "better" if difference > 0 else "worse"
