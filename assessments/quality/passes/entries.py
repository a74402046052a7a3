"""One rule on its way through the scan."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from ibis.common.exceptions import IbisError

from assessments.common.errors import GovernError
from assessments.common.masking import mask_quoted
from assessments.quality.checks.base import Check, GroupPlan, QueryPlan, RowPlan
from assessments.quality.running import QueryRefusedError, must_stop
from assessments.quality.specs import RuleSpec

logger = logging.getLogger(__name__)


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
        elif isinstance(error, QueryRefusedError | IbisError):
            self.error = mask_quoted((str(error).splitlines() or [type(error).__name__])[0])[:500]
        else:
            logger.error("the rule %s could not be measured", self.spec.name, exc_info=error)
            self.error = _("The rule could not be measured. The program's log says why.")


@contextmanager
def alone(*entries: Entry) -> Iterator[None]:
    """Whatever goes wrong inside is the error of these rules; only what ends the whole scan goes on."""
    try:
        yield
    except Exception as error:
        if must_stop(error):
            raise
        for entry in entries:
            entry.fail(error)
