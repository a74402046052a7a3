"""Is the value there where it must be?"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.base import Check, RowPlan, Scope
from assessments.quality.checks.completeness import BLANK, missing
from assessments.quality.checks.expression import evaluated, expression_parameter, verify_expression
from assessments.quality.checks.registry import register
from assessments.quality.expressions import Family, columns_of, parse
from assessments.quality.specs import RuleSpec


@register
class ConditionalCompleteness(Check):
    """A purchase needs a price, a view does not."""

    name = "conditional_completeness"
    label = gettext_lazy("Complete under a condition")
    help = gettext_lazy("Every row for which a condition holds has a value in each of the columns.")
    dimension = "completeness"
    characteristic = "completeness"
    most_columns = 100
    parameters = (
        expression_parameter(
            "where",
            gettext_lazy("For which rows the columns must be filled, such as: event = 'purchase'"),
            gettext_lazy("Where"),
        ),
        BLANK,
    )
    example = {"columns": ["price"], "parameters": {"where": "event = 'purchase'"}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        verify_expression(values["where"], spec)

    def verify_columns(self, spec: RuleSpec, families: Mapping[str, Family]) -> None:
        verify_expression(self.read(spec)["where"], spec, families)

    def shown(self, spec: RuleSpec) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*spec.columns, *columns_of(parse(self.read(spec)["where"]))]))

    def meaning(self, spec: RuleSpec) -> str:
        rows = _("Rows for which the condition is true; those for which it is false or open are left out.")
        if self.read(spec)["blank"] == "missing":
            return rows + " " + _("A row fails when one of the columns is empty, NaN, or nothing but spaces.")
        return rows + " " + _("A row fails when one of the columns is empty or NaN.")

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        empty = [missing(scope.column(name), values["blank"]) for name in spec.columns]
        return RowPlan(checked=evaluated(values["where"], scope).fill_null(False), failing=reduce(or_, empty))
