"""One suggested rule, before and after it was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.quality.specs import RuleSpec

MOST_NAME, MOST_REASON = 200, 500
# Parameters that make another rule of the same check on the same columns; all others are its settings.
TELLING = ("dependent", "dataset", "format", "ignore", "operator")


@dataclass(frozen=True)
class Suggested:
    """A rule with the reason for it in words.

    ``rank`` sorts suggestions, the greatest first. ``guard``: worth suggesting though it flags nothing today.
    ``most`` is the share (0 to 1) of checked rows above which the suggestion was wrong. ``blames`` are the columns
    whose cells are at fault in a row that fails. ``repair`` is {"repair", "columns", "parameters"}, empty when none
    mends it. ``checked`` and ``failing`` are what a scan of this snapshot measured.
    """

    spec: RuleSpec
    reason: str
    rank: float
    guard: bool = False
    most: float = 0.3
    blames: tuple[str, ...] = ()
    repair: Mapping[str, Any] = field(default_factory=dict)
    checked: int = 0
    failing: int = 0

    @property
    def share(self) -> float:
        return self.failing / self.checked if self.checked else 0.0


def per_cent(share: float) -> str:
    """A share (0 to 1) per cent with two digits that tell, of what is missing to 100 where that is less: 99.81."""
    number = 100 * share
    told = 100 - float(f"{100 - number:.2g}") if number > 50 else float(f"{number:.2g}")
    return f"{told:.10f}".rstrip("0").rstrip(".")


def suggested(
    check: str,
    columns: Sequence[str],
    *,
    name: str,
    reason: str,
    rank: float,
    parameters: Mapping[str, Any] | None = None,
    severity: str = "warning",
    threshold: float = 1.0,
    repair: Mapping[str, Any] | None = None,
    blames: Sequence[str] = (),
    guard: bool = False,
    most: float = 0.3,
) -> Suggested:
    spec = RuleSpec(name[:MOST_NAME], check, tuple(columns), dict(parameters or {}), "", severity, threshold)
    blamed = tuple(blames) or tuple(columns)
    return Suggested(spec, reason[:MOST_REASON], rank, guard, most, blamed, dict(repair or {}))


def mend(repair: str, columns: Sequence[str], **parameters: Any) -> dict[str, Any]:
    """A repair as a step of a repair run."""
    return {"repair": repair, "columns": list(columns), "parameters": parameters}


def identity(check: str, columns: Sequence[str], parameters: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two rules the same suggestion, whatever their bounds, lists and thresholds."""
    return (check, tuple(columns), tuple((name, str(parameters[name])) for name in TELLING if parameters.get(name)))
