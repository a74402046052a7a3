"""Does it lead to something?"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import NULLS, Check, Reference, RowPlan, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec


@register
class ReferenceCheck(Check):
    """The row's value is among those of another dataset (a join on its distinct values, never NOT IN)."""

    name = "reference"
    label = gettext_lazy("Known in another dataset")
    help = gettext_lazy("The values of the columns, taken together, are found in another dataset.")
    dimension = "integrity"
    characteristic = "consistency"
    most_columns = 10
    parameters = (
        Parameter(
            "dataset",
            "text",
            gettext_lazy("The name of the other dataset."),
            required=True,
            label=gettext_lazy("Other dataset"),
        ),
        Parameter(
            "columns",
            "names",
            gettext_lazy("The columns of the other dataset, in the same order; the same names when left out."),
            label=gettext_lazy("Its columns"),
        ),
        NULLS,
    )
    example = {"columns": ["item_id"], "parameters": {"dataset": "items", "columns": ["item_id"]}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        theirs = values["columns"]
        if theirs is not None and len(theirs) != len(spec.columns):
            raise GovernError(
                _("The parameter “columns” names %(theirs)d columns and the rule %(ours)d.")
                % {"theirs": len(theirs), "ours": len(spec.columns)},
                where=place(spec),
                hint=_("Name one column of the other dataset for each column of the rule."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        if values["nulls"] == "fail":
            rows = _("All rows; an empty cell fails.")
        else:
            rows = _("Rows in which none of the columns is empty.")
        found = _("A row fails when the dataset “%(dataset)s” does not have its values.")
        return rows + " " + found % {"dataset": values["dataset"]}

    def reference(self, spec: RuleSpec) -> Reference:
        values = self.read(spec)
        return Reference(dataset=values["dataset"], columns=tuple(values["columns"] or spec.columns))

    def plan(self, scope: Scope, spec: RuleSpec) -> RowPlan:
        complete = scope.column(spec.columns[0]).notnull()
        for name in spec.columns[1:]:
            complete = complete & scope.column(name).notnull()
        missing = scope.known[spec.name].isnull()
        if self.read(spec)["nulls"] == "fail":
            return RowPlan(checked=complete | ~complete, failing=~complete | missing)
        return RowPlan(checked=complete, failing=missing)
