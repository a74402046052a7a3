"""Is it of the right time?"""

from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, RowPlan, Scope, by_row
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.dialect import Dialect
from assessments.quality.specs import RuleSpec

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000}
UNIT = Parameter(
    "unit",
    "choice",
    gettext_lazy("For a column of numbers: what they count since 1970 (s, ms or us)."),
    choices=tuple(PER_SECOND),
    label=gettext_lazy("Unit of times that are numbers"),
    shown=(gettext_lazy("seconds"), gettext_lazy("milliseconds"), gettext_lazy("microseconds")),
)


@register
class Freshness(Check):
    """The newest time that is not after "now" is recent enough; times after "now" never make a table fresh."""

    name = "freshness"
    label = gettext_lazy("Fresh")
    help = gettext_lazy("The newest row is recent enough.")
    dimension = "timeliness"
    characteristic = "currentness"
    parameters = (
        Parameter(
            "max_age",
            "duration",
            gettext_lazy("How old the newest row may be: 36h, 7d, 2w."),
            required=True,
            label=gettext_lazy("Greatest age"),
        ),
        UNIT,
    )
    example = {"columns": ["time"], "parameters": {"max_age": "36h"}}

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Rows whose time is readable and not after now; all of them fail together when the newest is too old. "
            "Rows in the future are counted apart."
        )

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        time = moment(column, values["unit"], scope.dialect)
        past = (time <= scope.as_of).fill_null(False)
        extra = {
            "newest": time.max(where=past),
            "newest_of_all": time.max(),
            "future_rows": time.count(where=time > scope.as_of),
            "unreadable_rows": column.count(where=time.isnull()),
        }
        limit = scope.as_of - timedelta(seconds=values["max_age"])

        def judge(checked: int, _failing: int, found: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
            newest = found["newest"]
            age = (scope.as_of - newest).total_seconds() if isinstance(newest, datetime) else None
            return checked, checked if newest is None or newest < limit else 0, {**found, "age_seconds": age}

        return RowPlan(checked=past, failing=ibis.literal(False) & past, extra=extra, judge=judge)


@register
class NotInFuture(Check):
    """No time is after "now", which a run can be told, so that an old snapshot is judged as of its day."""

    name = "not_in_future"
    label = gettext_lazy("Not in the future")
    help = gettext_lazy("No time is after now.")
    dimension = "timeliness"
    characteristic = "credibility"
    parameters = (
        Parameter(
            "tolerance",
            "duration",
            gettext_lazy("How far after now a time may be, for clocks that differ: 5m, 1h."),
            default=0.0,
            label=gettext_lazy("Tolerance"),
        ),
        UNIT,
    )
    example = {"columns": ["time"], "parameters": {"tolerance": "5m"}}

    def meaning(self, spec: RuleSpec) -> str:
        return _("Rows whose cell is not empty; a time after now fails, and so does a value that is not a time.")

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        time = moment(column, values["unit"], scope.dialect)
        return by_row(column, time <= scope.as_of + timedelta(seconds=values["tolerance"]), "skip")


def moment(column: ir.Column, unit: str | None, dialect: Dialect) -> ir.TimestampValue:
    """The column as a time in UTC without zone; times without a zone are read as UTC, unreadable ones are null."""
    kind = column.type()
    if kind.is_timestamp():
        return column.cast("timestamp(6)") if kind.timezone else column
    if kind.is_date():
        return column.cast("timestamp")
    if kind.is_string():
        return column.try_cast("timestamp('UTC')").cast("timestamp")
    name = column.get_name()
    if kind.is_numeric() and not kind.is_boolean():
        if unit is None:
            raise GovernError(
                _("The column “%(name)s” holds numbers, not times.") % {"name": name},
                where=_("column “%(name)s”") % {"name": name},
                hint=_("Say what they count since 1970 with the parameter “unit”: s, ms or us."),
            )
        return _from_number(column, PER_SECOND[unit], dialect)
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, not times.") % {"name": name, "type": kind},
        where=_("column “%(name)s”") % {"name": name},
        hint=_("Use a column of times, dates, or texts that are times."),
    )


def _from_number(column: ir.NumericValue, per_second: int, dialect: Dialect) -> ir.TimestampValue:
    """Null for numbers beyond the year 9999 or before 1, which no time can hold."""
    seconds = column.cast("float64") / per_second
    readable = (seconds >= -62_135_596_800) & (seconds < 253_402_300_800)
    microseconds = (column * (1_000_000 // per_second)) if column.type().is_integer() else (seconds * 1e6)
    return ibis.cases((readable, dialect.moment(microseconds.cast("int64"))), else_=None)
