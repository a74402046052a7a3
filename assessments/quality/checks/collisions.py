"""Codes that a person would read as one and a computer takes for two."""

import ibis.expr.types as ir
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.base import Check, QueryPlan, Scope, place
from assessments.quality.checks.dependency import one_value_each
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.queries import cells
from assessments.quality.checks.registry import register
from assessments.quality.checks.uniqueness import COUNT
from assessments.quality.specs import RuleSpec


@register
class CodeCollision(Check):
    """Codes that are equal without regard to case (and space) are written in one way."""

    name = "code_collision"
    label = gettext_lazy("Each code written in one way")
    help = gettext_lazy("Codes that differ only in upper and lower case, or in spaces, are written alike.")
    dimension = "consistency"
    characteristic = "consistency"
    measured_by = "query"
    parameters = (
        Parameter(
            "ignore",
            "choice",
            gettext_lazy("Which differences make no other code: of case, of spaces anywhere in it, or of both."),
            default="case",
            choices=("case", "space", "case_and_space"),
            label=gettext_lazy("Differences that make no other code"),
            shown=(gettext_lazy("upper and lower case"), gettext_lazy("spaces"), gettext_lazy("case and spaces")),
        ),
        COUNT,
    )
    example = {"columns": ["item_id"], "parameters": {"ignore": "case_and_space"}}

    def meaning(self, spec: RuleSpec) -> str:
        values = self.read(spec)
        rows = _("Rows whose cell is not empty.")
        if values["count"] == "members":
            return rows + " " + _("When a code is written in several ways, all its rows fail.")
        return (
            rows
            + " "
            + _(
                "When a code is written in several ways, its rows fail that are not written in the most frequent one "
                "(of equally frequent ones, the first in the order of values)."
            )
        )

    def query(self, scope: Scope, spec: RuleSpec) -> QueryPlan:
        values = self.read(spec)
        name = spec.columns[0]
        column = scope.column(name)
        if not column.type().is_string():
            raise GovernError(
                _("The column “%(name)s” holds %(type)s, not texts.") % {"name": name, "type": column.type()},
                where=place(spec),
                hint=_("Numbers have one way of writing; check a column of texts."),
            )
        table = cells(scope, k0=normal(column, values["ignore"]), value=column)
        return one_value_each(table, ["k0"], {"value": name}, values["count"], "skip")


def normal(column: ir.StringColumn, ignore: str) -> ir.StringValue:
    """The text without the differences that are to be ignored."""
    if ignore != "case":
        column = column.re_replace(r"\s+", "")
    return column if ignore == "space" else column.lower()
