"""Do two tables that should tell the same tell the same?"""

import math
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, QueryPlan, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import (
    all_there,
    cells,
    column_of,
    comparable,
    filled,
    keyed,
    require_order,
    require_share,
    together,
)
from assessments.quality.checks.registry import register
from assessments.quality.checks.volume import counts_compared
from assessments.quality.specs import RuleSpec

DATASET = Parameter(
    "dataset",
    "text",
    gettext_lazy("The name of the other dataset."),
    required=True,
    label=gettext_lazy("Other dataset"),
)


@register
class RowCountMatches(Check):
    """This table has as many rows as another, or a stated ratio of them."""

    name = "row_count_matches"
    label = gettext_lazy("As many rows as another dataset")
    help = gettext_lazy("The number of rows, divided by that of another dataset, is within bounds.")
    dimension = "consistency"
    characteristic = "consistency"
    measured_by = "query"
    least_columns = most_columns = 0
    parameters = (
        DATASET,
        Parameter(
            "min_ratio",
            "number",
            gettext_lazy("The least ratio of rows here to rows there."),
            1.0,
            label=gettext_lazy("Least ratio"),
        ),
        Parameter(
            "max_ratio",
            "number",
            gettext_lazy("The greatest ratio of rows here to rows there."),
            1.0,
            label=gettext_lazy("Greatest ratio"),
        ),
    )
    example = {"parameters": {"dataset": "orders in the shop"}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        require_order(spec, values, "min_ratio", "max_ratio")

    def meaning(self, spec: RuleSpec) -> str:
        return _(
            "All rows; they fail together when the ratio to the number of rows of the dataset “%(dataset)s” is out of "
            "bounds. An empty table counts as one row."
        ) % {"dataset": self.read(spec)["dataset"]}

    def datasets(self, spec: RuleSpec) -> tuple[str, ...]:
        return (self.read(spec)["dataset"],)

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        return counts_compared(scope, scope.other(values["dataset"]).count(), values, "rows_there")


@register
class SumMatches(Check):
    """The sum of a column equals that of a column of another table, as a whole or for each key."""

    name = "sum_matches"
    label = gettext_lazy("Same sum as in another dataset")
    help = gettext_lazy("The sum of a column equals the sum of a column of another dataset, as a whole or by key.")
    dimension = "consistency"
    characteristic = "consistency"
    measured_by = "query"
    parameters = (
        DATASET,
        Parameter(
            "column",
            "text",
            gettext_lazy("The other dataset's column; the same name when left out."),
            label=gettext_lazy("Its column"),
        ),
        Parameter(
            "by",
            "names",
            gettext_lazy("Columns by which the sums are compared, such as the order number."),
            label=gettext_lazy("Compared by"),
        ),
        Parameter(
            "their_by",
            "names",
            gettext_lazy("The same in the other dataset; the same names when left out."),
            label=gettext_lazy("Its columns to compare by"),
        ),
        Parameter(
            "tolerance",
            "number",
            gettext_lazy("By which share of the other sum the two may differ: 0.01 is one per cent."),
            default=1e-9,
            label=gettext_lazy("Tolerance"),
        ),
    )
    example = {"columns": ["amount"], "parameters": {"dataset": "payments", "by": ["order_id"], "tolerance": 0.001}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        require_share(spec, values, "tolerance")
        if values["their_by"] and len(values["their_by"]) != len(values["by"] or ()):
            raise GovernError(
                _("The parameters “by” and “their_by” name different numbers of columns."),
                where=place(spec),
                hint=_("Name one column of the other dataset for each column of “by”."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        if self.read(spec)["by"]:
            return _(
                "Keys that are in either dataset, not rows; a key fails when its sums differ by more than the "
                "tolerance, and a missing key has the sum 0. Empty cells add nothing; rows with an empty key are left "
                "out; NaN in a sum fails."
            )
        return _(
            "All rows; they fail together when the sums differ by more than the tolerance. Empty cells add nothing; "
            "NaN in a sum fails. An empty table counts as one row."
        )

    def datasets(self, spec: RuleSpec) -> tuple[str, ...]:
        return (self.read(spec)["dataset"],)

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        other = scope.other(values["dataset"])
        ours = _amount(scope.column(spec.columns[0]), spec)
        theirs = _amount(column_of(other, values["column"] or spec.columns[0], values["dataset"], spec), spec)
        if values["by"]:
            return _by_key(scope, spec, values, ours, theirs)
        return _as_a_whole(cells(scope, amount=ours), other.select(amount=theirs), values["tolerance"])


def _amount(column: ir.Column, spec: RuleSpec) -> ir.FloatingColumn:
    if column.type().is_numeric() and not column.type().is_boolean():
        return column.cast("float64")
    name = column.get_name()
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, not numbers.") % {"name": name, "type": column.type()},
        where=place(spec),
        hint=_("Use columns of numbers."),
    )


def _sum_of(table: ir.Table, name: str) -> dict[str, ir.Scalar]:
    """The sum of ``amount`` without NaN, how many NaN there are, and how many rows: places differ on NaN in sums."""
    amount = filled(table.amount)
    return {
        name: amount.sum().fill_null(0.0),
        f"{name}_nan": table.count(where=table.amount.isnan().fill_null(False)),
        f"{name}_rows": table.count(),
    }


def _as_a_whole(ours: ir.Table, theirs: ir.Table, tolerance: float) -> QueryPlan:
    both = ours.aggregate(**_sum_of(ours, "ours")).cross_join(theirs.aggregate(**_sum_of(theirs, "theirs")))
    summary = both.mutate(checked=both.ours_rows, failing=0)

    def judge(rows: int, _failing: int, found: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
        here, there = float(found["ours"]), float(found["theirs"])
        nan = found["ours_nan"] + found["theirs_nan"]
        fits = not nan and abs(here - there) <= tolerance * abs(there)
        sums = {"sum": here, "sum_there": there, "difference": here - there}
        shown = {name: one if math.isfinite(one) else str(one) for name, one in sums.items()}
        return *together(rows, not fits), {**shown, "rows_with_nan": nan}

    return QueryPlan(summary, judge=judge)


def _by_key(scope: Scope, spec: RuleSpec, values: dict[str, Any], ours: ir.Column, theirs: ir.Column) -> QueryPlan:
    """Both tables grouped by key, then joined in full: as large as there are keys."""
    other = scope.other(values["dataset"])
    names = values["by"]
    their_names = values["their_by"] or names
    left = keyed({name: scope.column(name) for name in names}, names)
    right = keyed({name: column_of(other, name, values["dataset"], spec) for name in their_names}, their_names, "o")
    for name, theirs_too in zip(names, their_names, strict=True):
        comparable(scope.column(name), other[theirs_too], spec)
    here, there = (
        _sums(cells(scope, **left, amount=ours), left, "ours"),
        _sums(other.select(**right, amount=theirs), right, "theirs"),
    )
    both = here.outer_join(there, [here[k] == there[o] for k, o in zip(left, right, strict=True)])
    mine, other_sum = both.ours.fill_null(0.0), both.theirs.fill_null(0.0)
    near = (mine - other_sum).abs() <= values["tolerance"] * other_sum.abs()
    clean = (both.ours_nan.fill_null(0) == 0) & (both.theirs_nan.fill_null(0) == 0)
    judged = both.mutate(fits=near.fill_null(False) & clean)
    summary = judged.aggregate(
        checked=judged.count(),
        failing=judged.count(where=~judged.fits),
        keys_missing_there=judged.count(where=judged.theirs_rows.isnull()),
        keys_missing_here=judged.count(where=judged.ours_rows.isnull()),
    )
    failing = judged.filter(~judged.fits)
    keys = {
        name: ibis.coalesce(failing[k], failing[o].cast(failing[k].type()))
        for name, k, o in zip(names, left, right, strict=True)
    }
    return QueryPlan(summary, failing.select(**{name: key for name, key in keys.items() if name != "row"}))


def _sums(table: ir.Table, keys: dict[str, ir.Value], name: str) -> ir.Table:
    there = table.filter(all_there(table, keys))
    return there.group_by(list(keys)).aggregate(**_sum_of(there, name))
