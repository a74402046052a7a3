"""Is it there only once?"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quality.checks.base import NULLS, Check, GroupPlan, require_column
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec

COUNT = Parameter(
    "count",
    "choice",
    gettext_lazy("Which rows fail: surplus counts all but one of each group of equals, members counts all of them."),
    default="surplus",
    choices=("surplus", "members"),
    label=gettext_lazy("Which of the equal rows fail"),
    shown=(gettext_lazy("all but one of each group"), gettext_lazy("all of each group")),
)


@register
class DuplicateRows(Check):
    """Rows equal in every column; empty cells are equal to each other, and so is NaN to NaN."""

    name = "duplicate_rows"
    label = gettext_lazy("No repeated row")
    help = gettext_lazy("No row is repeated in all its columns.")
    dimension = "uniqueness"
    characteristic = "consistency"
    measured_by = "group"
    least_columns = most_columns = 0
    parameters = (COUNT,)
    example = {"parameters": {"count": "surplus"}}

    def meaning(self, spec: RuleSpec) -> str:
        if self.read(spec)["count"] == "members":
            return _("All rows; every row that has an equal fails. Empty cells equal each other.")
        return _("All rows; of rows equal in every column all but one fail. Empty cells equal each other.")

    def group(self, names: tuple[str, ...], spec: RuleSpec) -> GroupPlan:
        return GroupPlan(columns=names, count=self.read(spec)["count"], nulls="count")


@register
class UniqueKey(Check):
    """No two rows share their values in the key columns."""

    name = "unique_key"
    label = gettext_lazy("Unique key")
    help = gettext_lazy("No two rows have the same values in the columns, taken together.")
    dimension = "uniqueness"
    characteristic = "consistency"
    measured_by = "group"
    most_columns = 100
    parameters = (COUNT, NULLS)
    example = {"columns": ["order_id", "line"]}

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        if values["nulls"] == "fail":
            rows = _("All rows; a row with an empty key column fails.")
        else:
            rows = _("Rows in which no key column is empty.")
        if values["count"] == "members":
            return rows + " " + _("Every row of a repeated key fails.")
        return rows + " " + _("Of the rows of a repeated key all but one fail.")

    def group(self, names: tuple[str, ...], spec: RuleSpec) -> GroupPlan:
        values = self.read(spec)
        columns = tuple(require_column(name, names) for name in spec.columns)
        return GroupPlan(columns=columns, count=values["count"], nulls=values["nulls"])
