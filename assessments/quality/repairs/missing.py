"""Values that are missing: those in disguise made empty, and empty ones filled in."""

import math
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import OWN, Change, Repair, Scope, Step, is_missing, number_column, own, place
from assessments.quality.repairs.groups import replaced
from assessments.quality.repairs.registry import register
from assessments.quality.repairs.texts import bare

DISGUISES = [
    "",
    "-",
    "--",
    "?",
    "n/a",
    "na",
    "#n/a",
    "nan",
    "null",
    "none",
    "nil",
    "unknown",
    "unspecified",
    "not available",
]


@register
class MissingToNull(Repair):
    name = "missing_to_null"
    label = gettext_lazy("Empty disguised missing values")
    help = gettext_lazy("Texts and numbers that only say “missing” become empty cells.")
    most_columns = 100
    parameters = (
        Parameter(
            "values",
            "values",
            gettext_lazy("The values that mean missing, such as N/A, ?, 0000 or -999; the usual words when left out."),
            label=gettext_lazy("Values that stand for nothing"),
        ),
    )

    def meaning(self, step: Step) -> str:
        values = self.read(step)["values"] or [value for value in DISGUISES if value]
        return _(
            "Cells of “%(columns)s” that hold one of these become empty: %(values)s. Texts are compared without regard "
            "to case and to spaces at their ends."
        ) % {"columns": ", ".join(step.columns), "values": ", ".join(str(value) for value in values)}

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)["values"] or DISGUISES
        return Change(
            scope.with_columns(**{name: self._emptied(scope.column(name), values) for name in step.columns}),
            sliced=True,
        )

    def _emptied(self, column: ir.Column, values: list[Any]) -> ir.Value:
        kind = column.type()
        if kind.is_string():
            words = sorted({str(value).strip().lower() for value in values})
            disguised = bare(column).lower().isin(words)
        elif kind.is_numeric() and not kind.is_boolean():
            numbers = [number for number in map(_number, values) if number is not None]
            disguised = column.isin(numbers) if numbers else ibis.literal(False)
        else:
            return column
        return ibis.ifelse(disguised, ibis.null(kind), column)


def _number(value: Any) -> float | int | None:
    """The value as a number; a text such as "-999" is one as well."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@register
class Impute(Repair):
    """Fills empty cells from a constant, or from the other cells of the column."""

    name = "impute"
    label = gettext_lazy("Fill in empty cells")
    help = gettext_lazy("Empty cells get a constant, or the median or the most frequent value of their group.")
    parameters = (
        Parameter(
            "method",
            "choice",
            gettext_lazy("What is filled in: median, mode (the most frequent value) or constant."),
            default="mode",
            choices=("median", "mode", "constant"),
            label=gettext_lazy("What is filled in"),
            shown=(
                gettext_lazy("the median"),
                gettext_lazy("the most frequent value"),
                gettext_lazy("the value below"),
            ),
        ),
        Parameter("value", "text", gettext_lazy("For constant: the value."), label=gettext_lazy("The value")),
        Parameter(
            "by",
            "names",
            gettext_lazy("The columns that make the groups; the whole table is one group when left out."),
            label=gettext_lazy("In groups by"),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        if (values["method"] == "constant") != (values["value"] is not None):
            raise GovernError(
                _("The method “constant” needs “value”, and the others take none."),
                where=place(step),
                hint=_("Add the parameter “value”, or choose the median or the mode."),
            )

    def meaning(self, step: Step) -> str:
        values, names = self.read(step), {"column": step.columns[0]}
        cells = _("Empty cells of “%(column)s” (NaN too)") % names
        if values["method"] == "constant":
            return _("%(cells)s become “%(value)s”.") % {"cells": cells, "value": values["value"]}
        if values["method"] == "median":
            how = _("the median (in a column of whole numbers rounded down)")
        else:
            how = _("the most frequent value, the first in the table among equals")
        if values["by"]:
            words = {"cells": cells, "how": how, "by": ", ".join(values["by"])}
            return (
                _("%(cells)s become %(how)s of their group by %(by)s, or of the table where the group has none.")
                % words
            )
        return _("%(cells)s become %(how)s of the column.") % {"cells": cells, "how": how}

    def apply(self, scope: Scope, step: Step) -> Change:
        values, name = self.read(step), step.columns[0]
        column = scope.column(name)
        if values["method"] == "constant":
            filled = ibis.ifelse(is_missing(column), self._constant(column, values["value"], step), column)
            return Change(scope.with_columns(**{name: filled}), sliced=True)
        known = number_column(scope, name) if values["method"] == "median" else column
        if column.type().is_floating():
            known = ibis.ifelse(column.isnan(), ibis.null(column.type()), column)
        find = _medians if values["method"] == "median" else _modes
        # An aggregate, so that there is one row even where no cell of the column has a value.
        overall = find(scope, {}, known)
        joined = scope.table.cross_join(overall.aggregate(**{own("overall"): overall.best.max()}))
        best = joined[own("overall")]
        if values["by"]:
            by = {f"k{position}": scope.column(each) for position, each in enumerate(values["by"])}
            groups = find(scope, by, known).rename(OWN)
            matches = [joined[key.get_name()].identical_to(groups[own(alias)]) for alias, key in by.items()]
            joined = joined.left_join(groups, matches)
            best = ibis.coalesce(joined[own("best")], joined[own("overall")])
        filled = ibis.ifelse(is_missing(joined[name]), best.cast(column.type()), joined[name])
        return Change(replaced(scope, joined, {name: filled}))

    def _constant(self, column: ir.Column, value: str, step: Step) -> ir.Value:
        kind = column.type()
        if kind.is_string():
            return ibis.literal(value)
        number = _number(value)
        if kind.is_integer() and number is not None and _fits(number, kind):
            return ibis.literal(int(number)).cast(kind)
        if kind.is_numeric() and not kind.is_integer() and not kind.is_boolean() and number is not None:
            return ibis.literal(float(number)).cast(kind)
        if kind.is_boolean() and value in {"true", "false"}:
            return ibis.literal(value == "true")
        if (kind.is_date() or kind.is_timestamp()) and _is_time(value):
            return ibis.literal(value).cast(kind)
        raise GovernError(
            _("“%(value)s” is no value for a column of the type %(type)s.") % {"value": value, "type": kind},
            where=place(step),
            hint=_("Write the value as the column writes it."),
        )


def _fits(number: float | int, kind: dt.DataType) -> bool:
    """Whether a column of these whole numbers can hold it."""
    return float(number).is_integer() and kind.bounds.lower <= int(number) <= kind.bounds.upper


def _is_time(value: str) -> bool:
    """Whether it is a date or time that Python knows too, which writes the samples of what was changed."""
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _medians(scope: Scope, keys: dict[str, ir.Column], known: ir.Value) -> ir.Table:
    """The median ``best`` of each group, or of the whole table without keys; a missing key is a group of its own."""
    pieces = scope.table.select(**keys, v=known)
    median = pieces.v.median().floor() if known.type().is_integer() else pieces.v.median()
    return (pieces.group_by(list(keys)).aggregate(best=median) if keys else pieces.aggregate(best=median)).view()


def _modes(scope: Scope, keys: dict[str, ir.Column], known: ir.Value) -> ir.Table:
    """The most frequent value ``best`` of each group, as ``_medians``; the first in the table among equals."""
    pieces = scope.table.select(**keys, best=known, r=scope.table[scope.row]).drop_null("best")
    counted = pieces.group_by([*keys, "best"]).aggregate(n=pieces.count(), first=pieces.r.min())
    order = ibis.window(group_by=[counted[key] for key in keys], order_by=[counted.n.desc(), counted["first"]])
    ranked = counted.mutate(place=ibis.row_number().over(order))
    return ranked.filter(ranked.place == 0).select(*keys, "best").view()
