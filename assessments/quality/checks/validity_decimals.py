"""Is the number as precise as it should be?"""

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import NULLS, Check, RowPlan, Scope, by_row, nulls_in_words, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.dialect import Dialect
from assessments.quality.numbers import floor, is_finite
from assessments.quality.specs import RuleSpec

MOST = 15
# From here on a 64-bit floating-point number has no room for decimals.
ALWAYS_WHOLE = 2.0**53


@register
class Decimals(Check):
    """A price in cents has two decimals at most. Zeros at the end are not counted: 1.500 has one."""

    name = "decimals"
    label = gettext_lazy("Decimals of a number")
    help = gettext_lazy("The number has at most so many decimals.")
    dimension = "validity"
    characteristic = "precision"
    parameters = (
        Parameter(
            "most",
            "whole",
            gettext_lazy("The most decimals, 0 to 15."),
            required=True,
            label=gettext_lazy("Decimals at most"),
        ),
        NULLS,
    )
    example = {"columns": ["price"], "parameters": {"most": 2}}

    def verify(self, spec: RuleSpec, values: dict[str, object]) -> None:
        if not 0 <= int(str(values["most"])) <= MOST:
            raise GovernError(
                _("The parameter “most” cannot be %(value)s.") % {"value": values["most"]},
                where=place(spec),
                hint=_("It must be a whole number from 0 to 15."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        words = _(
            "Zeros at the end are not counted. A floating-point number has the fewest decimals with which it can be "
            "written; NaN and infinities fail, and so does a text that is not a plain number."
        )
        return nulls_in_words(self.read(spec)["nulls"]) + " " + words

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        column = scope.column(spec.columns[0])
        return by_row(column, fits(column, values["most"], spec, scope.dialect), values["nulls"])


def fits(column: ir.Column, most: int, spec: RuleSpec, dialect: Dialect) -> ir.BooleanValue:
    """Whether the number has at most ``most`` decimals that are not zeros at its end."""
    kind = column.type()
    if kind.is_integer():
        return column.notnull()
    if kind.is_string():
        shape = f"[+-]?(?:[0-9]+(?:\\.[0-9]{{0,{most}}}0*)?|\\.[0-9]{{0,{most}}}0*)"
        return dialect.full_match(column, shape) & dialect.search(column, "[0-9]")
    if kind.is_decimal():
        return column == column.round(most)
    if kind.is_floating():
        number = column.cast("float64")
        scale = ibis.literal(10.0**most)
        # The nearest decimal of that many digits, read back, is the same floating-point number.
        same = floor(number * scale + ibis.literal(0.5)) / scale == number
        return is_finite(number) & (same | (number.abs() * scale >= ALWAYS_WHOLE))
    raise GovernError(
        _("The column “%(name)s” holds %(type)s, not numbers.") % {"name": column.get_name(), "type": kind},
        where=place(spec),
        hint=_("Use a column of numbers, or of texts that are numbers."),
    )
