"""Is the number far from all the others?"""

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import NULLS, Check, RowPlan, Scope, by_row, nulls_in_words, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.dialect import Dialect
from assessments.quality.numbers import as_number, is_finite
from assessments.quality.specs import RuleSpec

# Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): the median absolute deviation and the mean absolute
# deviation of a normal distribution, times these, are its standard deviation.
OF_MEDIAN = 1.4826
OF_MEAN = 1.253314
LIMIT = 3.5


@register
class Outliers(Check):
    """The modified z score of Iglewicz and Hoaglin, |x − median| / (1.4826 · MAD), which outliers hardly move.

    MAD is 0 when more than half of the values are equal: then the mean absolute deviation takes its place (times
    1.253314), and when that is 0 too, all values are equal and none is an outlier.
    """

    name = "outliers"
    label = gettext_lazy("No outlier")
    help = gettext_lazy("No number is far from the others, measured by the robust z score.")
    dimension = "validity"
    characteristic = "accuracy"
    parameters = (
        Parameter(
            "limit",
            "number",
            gettext_lazy("How many robust standard deviations a number may be away from the median."),
            default=LIMIT,
            label=gettext_lazy("Limit of the robust z score"),
        ),
        NULLS,
    )
    example = {"columns": ["price"], "parameters": {"limit": 5}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        if values["limit"] <= 0:
            raise GovernError(
                _("The parameter “limit” cannot be %(value)s.") % {"value": values["limit"]},
                where=place(spec),
                hint=_("It must be above 0; 3.5 is usual."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        words = _(
            "A row fails when |x − median| / (1.4826 · MAD) is above the limit; where MAD is 0, the mean deviation "
            "times 1.2533 takes its place. NaN, infinities and texts that are not numbers fail and are left out of the "
            "median."
        )
        return nulls_in_words(self.read(spec)["nulls"]) + " " + words

    def prepare(self, scope: Scope, spec: RuleSpec) -> Mapping[str, ir.Scalar]:
        number = _finite(scope.column(spec.columns[0]), scope.dialect)
        away = (number - number.median().as_scalar()).abs()
        return {"median": number.median(), "mad": away.median(), "mean_deviation": away.mean()}

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values, found = self.read(spec), scope.measured
        column = scope.column(spec.columns[0])
        number = as_number(column, scope.dialect).cast("float64")
        median, width = found.get("median"), _width(found)
        passes = is_finite(number).fill_null(False)
        if median is not None:
            passes = passes & ((number - float(median)).abs() <= values["limit"] * width)
        plan = by_row(column, passes, values["nulls"])

        def judge(checked: int, failing: int, extra: dict[str, Any]) -> tuple[int, int, dict[str, Any]]:
            return checked, failing, {**extra, **found, "robust_standard_deviation": width}

        return RowPlan(plan.checked, plan.failing, judge=judge)


def _finite(column: ir.Column, dialect: Dialect) -> ir.FloatingValue:
    """The numbers that count, null for the others."""
    number = as_number(column, dialect).cast("float64")
    for odd in ("nan", "inf", "-inf"):
        number = number.nullif(float(odd))
    return number


def _width(found: Mapping[str, Any]) -> float:
    """The robust standard deviation: 0 when all values are equal or there is none."""
    return OF_MEDIAN * float(found.get("mad") or 0.0) or OF_MEAN * float(found.get("mean_deviation") or 0.0)
