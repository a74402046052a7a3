"""Numbers that cannot be."""

import math
from typing import Any

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import KEEP, Change, Repair, Scope, Step, number_column, place
from assessments.quality.repairs.registry import register

LEAST = Parameter("min", "number", gettext_lazy("The least value."), label=gettext_lazy("At least"))
GREATEST = Parameter("max", "number", gettext_lazy("The greatest value."), label=gettext_lazy("At most"))


class RangeRepair(Repair):
    """What the two repairs of numbers outside a range share."""

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        least, most = values["min"], values["max"]
        if least is None and most is None:
            raise GovernError(
                _("A range needs “min”, “max” or both."), where=place(step), hint=_("Add the parameter “min” or “max”.")
            )
        if least is not None and most is not None and least > most:
            raise GovernError(
                _("No number is in the range: “min” is %(min)s and “max” is %(max)s.") % {"min": least, "max": most},
                where=place(step),
                hint=_("The parameter “min” must be below “max”."),
            )

    def bounds(self, step: Step) -> str:
        values, words = self.read(step), []
        if values["min"] is not None:
            words.append((_("%(min)s or below") if values.get("min_exclusive") else _("below %(min)s")) % values)
        if values["max"] is not None:
            words.append((_("%(max)s or above") if values.get("max_exclusive") else _("above %(max)s")) % values)
        return _(" or ").join(words)


@register
class DropOutOfRange(RangeRepair):
    name = "drop_out_of_range"
    label = gettext_lazy("Drop rows out of a range")
    help = gettext_lazy("Rows whose number is below the least or above the greatest value are left out.")
    parameters = (
        LEAST,
        GREATEST,
        Parameter(
            "min_exclusive",
            "flag",
            gettext_lazy("Rows with the least value itself are left out too."),
            default=False,
            label=gettext_lazy("Without the least value"),
        ),
        Parameter(
            "max_exclusive",
            "flag",
            gettext_lazy("Rows with the greatest value itself are left out too."),
            default=False,
            label=gettext_lazy("Without the greatest value"),
        ),
        Parameter(
            "nulls",
            "choice",
            gettext_lazy("Rows whose cell is empty or NaN: keep them or drop them."),
            default="keep",
            choices=("keep", "drop"),
            label=gettext_lazy("Rows with an empty cell"),
            shown=(
                gettext_lazy("stay"),
                gettext_lazy("are left out"),
            ),
        ),
    )

    def meaning(self, step: Step) -> str:
        words = {"column": ", ".join(step.columns), "bounds": self.bounds(step)}
        text = _("Rows whose “%(column)s” is %(bounds)s are left out.") % words
        if self.read(step)["nulls"] == "drop":
            return text + " " + _("So are rows where it is empty or NaN.")
        return text + " " + _("Rows where it is empty or NaN are kept.")

    def apply(self, scope: Scope, step: Step) -> Change:
        values, column = self.read(step), number_column(scope, step.columns[0])
        inside: ir.BooleanValue = ibis.literal(True)
        if values["min"] is not None:
            inside = inside & ((column > values["min"]) if values["min_exclusive"] else (column >= values["min"]))
        if values["max"] is not None:
            inside = inside & ((column < values["max"]) if values["max_exclusive"] else (column <= values["max"]))
        missing = column.isnull()
        if column.type().is_floating():
            missing = missing | column.isnan().fill_null(False)
        keep = ibis.ifelse(missing, values["nulls"] == "keep", inside)
        return Change(scope.table.mutate(**{KEEP: keep}), sliced=True)


@register
class EmptyOutOfRange(RangeRepair):
    """The gentlest when nobody knows the right number: the rest of the row stays."""

    name = "empty_out_of_range"
    label = gettext_lazy("Empty numbers out of a range")
    help = gettext_lazy("Numbers below the least or above the greatest value become empty cells; the rows stay.")
    most_columns = 100
    parameters = (
        LEAST,
        GREATEST,
        Parameter(
            "min_exclusive",
            "flag",
            gettext_lazy("The least value itself becomes empty too."),
            default=False,
            label=gettext_lazy("Without the least value"),
        ),
        Parameter(
            "max_exclusive",
            "flag",
            gettext_lazy("The greatest value itself becomes empty too."),
            default=False,
            label=gettext_lazy("Without the greatest value"),
        ),
    )

    def meaning(self, step: Step) -> str:
        words = {"column": ", ".join(step.columns), "bounds": self.bounds(step)}
        return _("Numbers of “%(column)s” %(bounds)s become empty cells. NaN stays.") % words

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        emptied = {name: self._empty(number_column(scope, name), values) for name in step.columns}
        return Change(scope.with_columns(**emptied), sliced=True)

    def _empty(self, column: ir.NumericColumn, values: dict[str, Any]) -> ir.NumericValue:
        outside: ir.BooleanValue = ibis.literal(False)
        if values["min"] is not None:
            least = values["min"]
            outside = outside | ((column <= least) if values["min_exclusive"] else (column < least))
        if values["max"] is not None:
            most = values["max"]
            outside = outside | ((column >= most) if values["max_exclusive"] else (column > most))
        if column.type().is_floating():  # NaN is greater than every number here
            outside = outside & ~column.isnan()
        return ibis.ifelse(outside.fill_null(False), ibis.null(column.type()), column)


@register
class ClipOutOfRange(RangeRepair):
    name = "clip_out_of_range"
    label = gettext_lazy("Clip numbers to a range")
    help = gettext_lazy("Numbers below the least value become it, numbers above the greatest become that.")
    most_columns = 100
    parameters = (LEAST, GREATEST)

    def meaning(self, step: Step) -> str:
        words = {"column": ", ".join(step.columns), "bounds": self.bounds(step)}
        return (
            _(
                "Numbers of “%(column)s” %(bounds)s are set to that bound (in a column of whole numbers, to the next "
                "whole number inside). Empty cells and NaN stay."
            )
            % words
        )

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        clipped = {name: self._clip(number_column(scope, name), values) for name in step.columns}
        return Change(scope.with_columns(**clipped), sliced=True)

    def _clip(self, column: ir.NumericColumn, values: dict[str, Any]) -> ir.NumericValue:
        least, most = values["min"], values["max"]
        if column.type().is_integer():
            least = None if least is None else math.ceil(least)
            most = None if most is None else math.floor(most)
        branches = []
        if least is not None:
            branches.append((column < least, ibis.literal(least).cast(column.type())))
        if most is not None:
            above = column > most
            if column.type().is_floating():  # NaN is greater than every number here
                above = above & ~column.isnan()
            branches.append((above, ibis.literal(most).cast(column.type())))
        return ibis.cases(*branches, else_=column)
