"""What must hold of a row, in the words of the rule's author."""

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, RowPlan, Scope, by_row, place
from assessments.quality.checks.parameters import Parameter, Words
from assessments.quality.checks.registry import register
from assessments.quality.expressions import Family, columns_of, families_of, parse, translate, verify_truth
from assessments.quality.specs import RuleSpec


def verify_expression(source: str, spec: RuleSpec, families: Mapping[str, Family] | None = None) -> None:
    """Refuse what is no expression, or with ``families`` does not fit the columns; names the rule."""
    try:
        verify_truth(parse(source), families)
    except GovernError as error:
        raise GovernError(error.message, where=place(spec), hint=error.hint) from error


def evaluated(source: str, scope: Scope) -> ir.BooleanValue:
    """The expression over the scope's table: true, false, or null where it says nothing."""
    tree, families = parse(source), families_of(scope.table, scope.names)
    verify_truth(tree, families)
    found: ir.BooleanValue = translate(tree, scope.table, families, scope.as_of, scope.dialect)
    return found


def expression_parameter(name: str, help_text: Words, label: Words) -> Parameter:
    return Parameter(name, "expression", help_text, required=True, label=label)


@register
class ExpressionCheck(Check):
    """Three-valued: a comparison with an empty cell is neither true nor false, and its row is not checked."""

    name = "expression"
    label = gettext_lazy("An expression of your own")
    help = gettext_lazy("A condition on one or more columns holds, such as: price > 0 or event = 'view'.")
    dimension = "validity"
    characteristic = "accuracy"
    least_columns = 0
    most_columns = 100
    parameters = (
        expression_parameter(
            "expression",
            gettext_lazy("What must hold of every row, such as: price > 0 and currency in ('EUR', 'USD')"),
            gettext_lazy("Expression"),
        ),
        Parameter(
            "nulls",
            "choice",
            gettext_lazy(
                "What it means when the expression is neither true nor false because a cell is empty: skip leaves the "
                "row out of the count, fail counts it as failing."
            ),
            default="skip",
            choices=("skip", "fail"),
            label=gettext_lazy("Neither true nor false"),
            shown=(gettext_lazy("leave the row out"), gettext_lazy("the row fails")),
        ),
    )
    example = {"parameters": {"expression": "price > 0 or event = 'view'"}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        verify_expression(values["expression"], spec)

    def verify_columns(self, spec: RuleSpec, families: Mapping[str, Family]) -> None:
        verify_expression(self.read(spec)["expression"], spec, families)

    def shown(self, spec: RuleSpec) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*spec.columns, *columns_of(parse(self.read(spec)["expression"]))]))

    def meaning(self, spec: RuleSpec) -> str:
        if self.read(spec)["nulls"] == "fail":
            return _("All rows; a row fails when the expression is false, or neither true nor false.")
        return _(
            "Rows for which the expression is true or false; where an empty cell leaves it open, nothing is checked."
        )

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        values = self.read(spec)
        for name in spec.columns:
            scope.column(name)
        found = evaluated(values["expression"], scope)
        return by_row(found, found, values["nulls"])
