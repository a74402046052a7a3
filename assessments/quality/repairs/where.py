"""Rows that a condition of one's own picks out."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.parameters import Parameter
from assessments.quality.expressions import families_of, parse, translate, verify_truth
from assessments.quality.repairs.base import KEEP, Change, Repair, Scope, Step
from assessments.quality.repairs.registry import register


@register
class DropRowsWhere(Repair):
    name = "drop_rows_where"
    label = gettext_lazy("Drop rows where a condition holds")
    help = gettext_lazy("Rows for which the expression is true are left out.")
    least_columns = most_columns = 0
    parameters = (
        Parameter(
            "expression",
            "expression",
            gettext_lazy("The condition, such as: price <= 0 or country = 'Unspecified'"),
            required=True,
            label=gettext_lazy("Condition"),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        parse(values["expression"])

    def meaning(self, step: Step) -> str:
        return _(
            "Rows for which “%(expression)s” is true are left out. Rows for which an empty cell leaves it open are "
            "kept; now() is the time at which the snapshot was taken."
        ) % {"expression": self.read(step)["expression"]}

    def apply(self, scope: Scope, step: Step) -> Change:
        tree, families = parse(self.read(step)["expression"]), families_of(scope.table, scope.names)
        verify_truth(tree, families)
        true = translate(tree, scope.table, families, scope.as_of, scope.dialect)
        return Change(scope.table.mutate(**{KEEP: ~true.fill_null(False)}), sliced=True)
