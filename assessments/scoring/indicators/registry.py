"""What an indicator is asked and what it answers, and where the indicators are found by name."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from assessments.accounts.models import Organisation
from assessments.common.errors import GovernError

KNOWN, UNKNOWN, NOT_APPLICABLE = "known", "unknown", "not_applicable"
Kept = TypeVar("Kept")


class Context:
    """One organisation at one moment; what one indicator has read, the others need not read again."""

    def __init__(self, *, organisation: Organisation, period: str, as_of: datetime) -> None:
        self.organisation, self.period, self.as_of = organisation, period, as_of
        self._kept: dict[str, Any] = {}

    def once(self, name: str, read: Callable[[], Kept]) -> Kept:
        if name not in self._kept:
            self._kept[name] = read()
        kept: Kept = self._kept[name]
        return kept


@dataclass(frozen=True)
class Ask:
    """One leaf, or one gate, asking for its evidence; evidence older than ``validity_days`` counts as unknown."""

    context: Context
    parameters: Mapping[str, Any]
    validity_days: int | None = None

    def fresh(self, date: datetime) -> bool:
        if date > self.context.as_of:
            return False
        return self.validity_days is None or self.context.as_of - date <= timedelta(days=self.validity_days)


@dataclass(frozen=True)
class Found:
    """What an indicator found: plain data that goes into the assessment as it is.

    ``measure`` holds the counts, levels or metrics from which the value is computed again (see uncertainty.py).
    ``sources`` leads to where they come from; ``missing`` names what could not be counted, with the reason.
    ``reason`` says why the value is unknown: a word of ``REASONS``.
    """

    state: str
    unit: str
    measure: Mapping[str, Any] | None = None
    date: str | None = None
    sources: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, str]] = field(default_factory=list)
    reason: str = ""

    def document(self) -> dict[str, Any]:
        return asdict(self)


Indicator = Callable[[Ask], Found]
_indicators: dict[str, Indicator] = {}


def indicator(name: str) -> Callable[[Indicator], Indicator]:
    """Register the decorated function as the indicator of this name."""

    def register(function: Indicator) -> Indicator:
        if name in _indicators:
            raise ValueError(f"two indicators are named {name!r}")
        _indicators[name] = function
        return function

    return register


def indicator_get(name: str) -> Indicator:
    if name not in _indicators:
        raise GovernError(
            f"There is no indicator named “{name}”.", where=name, hint=f"Known: {', '.join(indicator_names())}."
        )
    return _indicators[name]


def indicator_names() -> list[str]:
    return sorted(_indicators)


def instant(date: datetime) -> str:
    """A moment as the documents write it: UTC, whole microseconds."""
    return date.isoformat()


def oldest(dates: list[datetime]) -> str | None:
    return instant(min(dates)) if dates else None
