"""One rule on its way through the scan."""

from dataclasses import dataclass, field
from typing import Any

from assessments.common.errors import GovernError
from assessments.common.masking import mask_quoted
from assessments.quality.checks.base import Check, GroupPlan, QueryPlan, RowPlan
from assessments.quality.specs import RuleSpec


@dataclass
class Entry:
    """``rows`` are numbers of failing rows, ``same_as`` of their equals; ``found`` are failing rows as a query gave
    them."""

    spec: RuleSpec
    check: Check | None = None
    flag: str = ""
    plan: RowPlan | None = None
    group: GroupPlan | None = None
    query: QueryPlan | None = None
    measured: dict[str, Any] = field(default_factory=dict)
    checked: int = 0
    failing: int = 0
    detail: dict[str, Any] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    same_as: list[int] = field(default_factory=list)
    found: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    error: str = ""

    def fail(self, error: Exception) -> None:
        """Keep why this rule could not be measured; the others go on."""
        if isinstance(error, GovernError):
            self.error = f"{error.message} {error.hint}".strip()
        else:
            self.error = mask_quoted((str(error).splitlines() or [type(error).__name__])[0])[:500]
