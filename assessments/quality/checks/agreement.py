"""Do judges who grade the same thing agree?"""

import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.common.progress import Progress, part
from assessments.quality.agreement import LEVELS, WEIGHTS
from assessments.quality.checks.agreement_tables import Judgments, judgments_of, pairs_of_judges
from assessments.quality.checks.base import Check, Measurement, Reader, Scope, place
from assessments.quality.checks.parameters import Parameter
from assessments.quality.checks.registry import register
from assessments.quality.specs import RuleSpec


@register
class JudgeAgreement(Check):
    """A coefficient of agreement of relevance grades is at least a limit."""

    name = "judge_agreement"
    label = gettext_lazy("Judges agree")
    help = gettext_lazy(
        "Judges who grade the same pair of query and item agree beyond chance. Name one column of grades of a table "
        "with a row for each judgment, or one column for each judge. alpha: Krippendorff's alpha, for any number of "
        "judges and with gaps. fleiss: Fleiss' kappa. cohen: Cohen's kappa, its mean over all pairs of judges when "
        "there are more than two (Light). Krippendorff calls 0.667 the lowest value from which tentative conclusions "
        "may be drawn, and asks for 0.8."
    )
    dimension = "consistency"
    characteristic = "credibility"
    measured_by = "inspect"
    most_columns = 20
    parameters = (
        Parameter(
            "measure",
            "choice",
            gettext_lazy("Which coefficient."),
            "alpha",
            choices=("alpha", "fleiss", "cohen"),
            label=gettext_lazy("Coefficient"),
            shown=(gettext_lazy("Krippendorff's alpha"), gettext_lazy("Fleiss' kappa"), gettext_lazy("Cohen's kappa")),
        ),
        Parameter(
            "min",
            "number",
            gettext_lazy("The least coefficient that passes."),
            default=0.667,
            label=gettext_lazy("At least"),
        ),
        Parameter(
            "level",
            "choice",
            gettext_lazy("For alpha: grades are names, in an order, or numbers with distances that mean something."),
            default="ordinal",
            choices=LEVELS,
            label=gettext_lazy("What the grades are"),
            shown=(
                gettext_lazy("names without an order"),
                gettext_lazy("names in an order"),
                gettext_lazy("numbers with distances"),
            ),
        ),
        Parameter(
            "weights",
            "choice",
            gettext_lazy("For cohen: how much more a greater disagreement counts, grade by grade."),
            default="none",
            choices=WEIGHTS,
            label=gettext_lazy("Weight of a disagreement"),
            shown=(
                gettext_lazy("all the same"),
                gettext_lazy("by the distance"),
                gettext_lazy("by the square of the distance"),
            ),
        ),
        Parameter(
            "unit",
            "names",
            gettext_lazy("The columns that say what was graded; those with the roles query and item when left out."),
            label=gettext_lazy("What was graded"),
        ),
        Parameter(
            "judge",
            "column",
            gettext_lazy("With one column of grades: the column that says who graded."),
            label=gettext_lazy("Who graded"),
        ),
    )
    example = {"columns": ["grade"], "parameters": {"judge": "judge", "unit": ["query", "item_id"], "min": 0.667}}

    def verify(self, spec: RuleSpec, values: dict[str, Any]) -> None:
        if len(spec.columns) == 1 and values["judge"] is None:
            raise GovernError(
                _("The parameter “judge” is missing."),
                where=place(spec),
                hint=_("Name the column that says who graded, or one column of grades for each judge."),
            )

    def meaning(self, spec: RuleSpec) -> str:
        if len(spec.columns) > 1:
            rows = _("Rows with two grades or more; an empty grade is a gap.")
        else:
            rows = _(
                "Units (such as a query and an item) with grades of two judges or more, not rows; rows without unit, "
                "judge or grade are left out. Of several grades of one judge for one unit the greatest counts."
            )
        more = _("All pass or fail together.")
        if self.read(spec)["measure"] == "fleiss":
            more += " " + _("Only units with the most usual number of grades are looked at.")
        return rows + " " + more

    def inspect(self, scope: Scope, spec: RuleSpec, reader: Reader, progress: Progress) -> Measurement:
        values = self.read(spec)
        judgments = judgments_of(scope, spec, values, reader)
        if values["measure"] != "cohen" or values["level"] != "nominal":
            judgments.require_numbers(values, spec)
        sums = judgments.summed(reader, part(progress, 0.1, 0.7))
        detail: dict[str, Any] = {
            "grades": len(judgments.grades),
            "units": sums.units,
            "pair_agreement": sums.pair_agreement,
            "unanimous_share": sums.unanimous / sums.units if sums.units else None,
            "ratings": sums.ratings,
        }
        if not sums.units:
            return Measurement(0, 0, detail)
        value = self._coefficient(judgments, values, reader, sums, detail)
        if not math.isfinite(value):
            raise GovernError(
                _("Agreement cannot be told: all grades are the same, or no two judges graded the same thing."),
                where=place(spec),
            )
        detail |= {"measure": values["measure"], "value": value, "limit": values["min"]}
        return Measurement(sums.units, 0 if value >= values["min"] else sums.units, detail)

    def _coefficient(
        self, judgments: Judgments, values: dict[str, Any], reader: Reader, sums: Any, detail: dict[str, Any]
    ) -> float:
        if values["measure"] == "alpha":
            detail["level"] = values["level"]
            return float(sums.alpha(judgments.grades, values["level"]))
        if values["measure"] == "fleiss":
            kappa, detail["units_used"], detail["ratings_of_each"] = sums.fleiss()
            return float(kappa)
        detail["weights"] = values["weights"]
        kappas = pairs_of_judges(judgments, reader, values["weights"])
        known = [one for one in kappas if math.isfinite(one)]
        detail |= {"pairs_of_judges": len(kappas), "least_of_a_pair": min(known, default=None)}
        return sum(known) / len(known) if known else math.nan
