"""Does the test know what training knew?"""

from datetime import UTC, datetime
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, QueryPlan, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import all_there, by_role, cells, column_of, comparable, filled, shown
from assessments.quality.checks.reconciliation import DATASET
from assessments.quality.checks.registry import register
from assessments.quality.checks.timeliness import UNIT, moment
from assessments.quality.specs import RuleSpec

MATCH = Parameter(
    "match",
    "choice",
    gettext_lazy("exact: cells are equal; loose: texts are equal but for case and spaces, numbers to six decimals."),
    default="exact",
    choices=("exact", "loose"),
    label=gettext_lazy("When cells are the same"),
    shown=(
        gettext_lazy("when they are equal"),
        gettext_lazy("when they are equal but for case, spaces and the seventh decimal"),
    ),
)


@register
class Leakage(Check):
    """Rows of a test set are not found in the training set, or rows after a cut not before it."""

    name = "leakage"
    label = gettext_lazy("No test row in training")
    help = gettext_lazy(
        "The values of the columns (a user and an item, or a text) are not found in another dataset, the training set; "
        "or those of rows from a cut in time on are not found before it."
    )
    dimension = "integrity"
    characteristic = "credibility"
    measured_by = "query"
    most_columns = 20
    parameters = (
        Parameter(
            "dataset",
            "text",
            gettext_lazy("The name of the training set, where this table is the test set."),
            label=gettext_lazy("Training set"),
        ),
        Parameter(
            "their_columns",
            "names",
            gettext_lazy("The training set's columns; the same names when left out."),
            label=gettext_lazy("Columns of the training set"),
        ),
        Parameter(
            "cut",
            "text",
            gettext_lazy("Where one table holds both: the first time of the test (2011-10-10)."),
            label=gettext_lazy("First time of the test"),
        ),
        Parameter(
            "time",
            "column",
            gettext_lazy("With a cut: the column of times; the one with that role when left out."),
            label=gettext_lazy("Column of times"),
        ),
        MATCH,
        UNIT,
    )
    example = {"columns": ["user_id", "item_id"], "parameters": {"dataset": "training"}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        if (values["dataset"] is None) == (values["cut"] is None):
            raise GovernError(
                _("The rule needs either “dataset” or “cut”."),
                where=place(spec),
                hint=_("Name the training set, or the time at which the test begins within this table."),
            )
        if values["cut"] is not None:
            _time(values["cut"], spec)
        if values["their_columns"] and len(values["their_columns"]) != len(spec.columns):
            raise GovernError(
                _("The parameter “their_columns” names %(theirs)d columns and the rule %(ours)d.")
                % {"theirs": len(values["their_columns"]), "ours": len(spec.columns)},
                where=place(spec),
                hint=_("Name one column of the training set for each column of the rule."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        equal = _("equal but for case, spaces and decimals") if values["match"] == "loose" else _("equal")
        if values["cut"]:
            return _(
                "Rows from %(cut)s on in which none of the columns is empty; a row fails when a row before that time "
                "has values that are %(equal)s."
            ) % {"cut": values["cut"], "equal": equal}
        return _(
            "Rows in which none of the columns is empty; a row fails when the dataset “%(dataset)s” has values that "
            "are %(equal)s."
        ) % {"dataset": values["dataset"], "equal": equal}

    def datasets(self, spec: RuleSpec) -> tuple[str, ...]:
        dataset = self.read(spec)["dataset"]
        return (dataset,) if dataset else ()

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        test, training = self._split(scope, spec, values) if values["cut"] else self._two(scope, spec, values)
        known = training.distinct().mutate(known=ibis.literal(True))
        names = [f"k{position}" for position in range(len(spec.columns))]
        both = test.left_join(known, [test[name] == known[f"o{name}"] for name in names])
        found = both.known.notnull()
        summary = both.aggregate(checked=both.count(), failing=both.count(where=found))
        originals = {f"v{position}": name for position, name in enumerate(spec.columns)}
        return QueryPlan(summary, shown(both.filter(found), originals))

    def _two(self, scope: Scope, spec: RuleSpec, values: dict[str, Any]) -> tuple[ir.Table, ir.Table]:
        other = scope.other(values["dataset"])
        ours = [scope.column(name) for name in spec.columns]
        theirs = [column_of(other, name, values["dataset"], spec) for name in values["their_columns"] or spec.columns]
        for mine, one in zip(ours, theirs, strict=True):
            comparable(mine, one, spec)
        test = cells(scope, **_alike(ours, "k", values["match"]), **_originals(ours))
        training = other.select(**_alike(theirs, "ok", values["match"]))
        return _complete(test, "k", ours), _complete(training, "ok", ours)

    def _split(self, scope: Scope, spec: RuleSpec, values: dict[str, Any]) -> tuple[ir.Table, ir.Table]:
        column = scope.column(by_role(scope, values["time"], "time", "time", spec))
        ours = [scope.column(name) for name in spec.columns]
        cut = _time(values["cut"], spec)
        time = moment(column, values["unit"], scope.dialect)
        test = cells(scope, **_alike(ours, "k", values["match"]), **_originals(ours), late=time >= cut)
        training = scope.table.select(**_alike(ours, "ok", values["match"]), early=time < cut)
        test, training = test.filter(test.late), training.filter(training.early).drop("early")
        return _complete(test, "k", ours), _complete(training, "ok", ours)


@register
class TrainedOnTheFuture(Check):
    """No row of the test set is older than the newest row of the training set."""

    name = "time_leakage"
    label = gettext_lazy("Test comes after training")
    help = gettext_lazy("Every time is after the newest time of another dataset, the training set.")
    dimension = "integrity"
    characteristic = "credibility"
    measured_by = "query"
    parameters = (
        DATASET,
        Parameter(
            "column",
            "text",
            gettext_lazy("The training set's column of times; the same name when left out."),
            label=gettext_lazy("Its column of times"),
        ),
        UNIT,
    )
    example = {"columns": ["time"], "parameters": {"dataset": "training"}}

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "Rows whose time is readable; a row fails when it is not after the newest time of the dataset "
            "“%(dataset)s”."
        ) % {"dataset": self.read(spec)["dataset"]}

    def datasets(self, spec: RuleSpec) -> tuple[str, ...]:
        return (self.read(spec)["dataset"],)

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        name = spec.columns[0]
        other = scope.other(values["dataset"])
        theirs = column_of(other, values["column"] or name, values["dataset"], spec)
        theirs = moment(theirs, values["unit"], scope.dialect)
        newest = other.select(theirs=theirs).aggregate(newest=ibis._.theirs.max())
        table = cells(scope, time=moment(scope.column(name), values["unit"], scope.dialect))
        both = table.filter(table.time.notnull()).cross_join(newest)
        early = (both.time <= both.newest).fill_null(False)
        summary = both.aggregate(
            checked=both.count(), failing=both.count(where=early), newest_of_training=both.newest.max()
        )
        return QueryPlan(summary, shown(both.filter(early), {"time": name}))


def _time(text: str, spec: RuleSpec) -> datetime:
    """The time of a text in UTC without zone."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise GovernError(
            _("The parameter “cut” cannot be %(value)s.") % {"value": text[:80]},
            where=place(spec),
            hint=_("It must be a time such as 2011-10-10 or 2011-10-10T12:00:00."),
        ) from error
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def _alike(columns: list[ir.Column], prefix: str, match: str) -> dict[str, ir.Value]:
    """The columns as they are compared."""
    return {
        f"{prefix}{position}": _loose(column) if match == "loose" else filled(column)
        for position, column in enumerate(columns)
    }


def _loose(column: ir.Column) -> ir.Value:
    if column.type().is_string():
        return column.lower().re_replace(r"\s+", "")
    return filled(column).round(6) if column.type().is_floating() else column


def _originals(columns: list[ir.Column]) -> dict[str, ir.Value]:
    return {f"v{position}": column for position, column in enumerate(columns)}


def _complete(table: ir.Table, prefix: str, columns: list[ir.Column]) -> ir.Table:
    return table.filter(all_there(table, [f"{prefix}{position}" for position in range(len(columns))]))
