"""The score of each quality dimension, from the results of one run: pure arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

# How much a rule counts in its dimension. A starting point, stated in the documentation of the checks.
SEVERITY_WEIGHTS = {"info": 1.0, "warning": 2.0, "error": 4.0, "critical": 8.0}


class Measured(Protocol):
    """What the score reads of a result: a stored RuleResult or an engine's Outcome with the same names."""

    dimension: str
    severity: str
    rows_checked: int
    rows_failing: int
    passed: bool | None


@dataclass(frozen=True)
class RuleShare:
    """One measured rule: exact counts, so that a reader can compute binomial uncertainty, and its weight."""

    rule: str
    checked: int
    failing: int
    weight: float
    passed: bool


@dataclass(frozen=True)
class DimensionScore:
    """``value`` (0 to 1) is the severity-weighted mean of the shares that pass; None when nothing was measured.

    ``value = Σ wᵢ (1 - failingᵢ / checkedᵢ) / Σ wᵢ`` over the measured rules, w by severity. ``coverage`` is the weight
    of the measured rules over the weight of all rules of the dimension; ``low`` and ``high`` are the value if every
    rule that could not be measured failed or passed on all rows.
    """

    dimension: str
    value: float | None
    rules: int
    measured: int
    passed: int
    coverage: float
    low: float
    high: float
    shares: tuple[RuleShare, ...]


def score_of(dimension: str, results: Iterable[Measured]) -> DimensionScore:
    """The score of ``dimension`` from those of ``results`` that belong to it."""
    mine = [result for result in results if result.dimension == dimension]
    shares = tuple(_share(result) for result in mine if result.passed is not None and result.rows_checked)
    total = sum(SEVERITY_WEIGHTS[result.severity] for result in mine)
    known = sum(share.weight for share in shares)
    reached = sum(share.weight * (1 - share.failing / share.checked) for share in shares)
    return DimensionScore(
        dimension=dimension,
        value=reached / known if known else None,
        rules=len(mine),
        measured=len(shares),
        passed=sum(share.passed for share in shares),
        coverage=known / total if total else 0.0,
        low=reached / total if total else 0.0,
        high=(reached + total - known) / total if total else 1.0,
        shares=shares,
    )


def _share(result: Measured) -> RuleShare:
    return RuleShare(
        rule=getattr(result, "rule_name", ""),
        checked=result.rows_checked,
        failing=result.rows_failing,
        weight=SEVERITY_WEIGHTS[result.severity],
        passed=bool(result.passed),
    )
