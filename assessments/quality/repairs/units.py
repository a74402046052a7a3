"""Numbers and units in texts: 12.0 oz., 12 ounce and 12 OZ are one thing."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, text_column
from assessments.quality.repairs.columns import values_mapped
from assessments.quality.repairs.measures import UNITS, converted, measure_read
from assessments.quality.repairs.registry import register

UNIT_WORDS = {
    "mg": gettext_lazy("milligrams (mg)"),
    "g": gettext_lazy("grams (g)"),
    "kg": gettext_lazy("kilograms (kg)"),
    "oz": gettext_lazy("ounces (oz)"),
    "lb": gettext_lazy("pounds (lb)"),
    "ml": gettext_lazy("millilitres (ml)"),
    "cl": gettext_lazy("centilitres (cl)"),
    "l": gettext_lazy("litres (l)"),
    "mm": gettext_lazy("millimetres (mm)"),
    "cm": gettext_lazy("centimetres (cm)"),
    "m": gettext_lazy("metres (m)"),
    "in": gettext_lazy("inches (in)"),
    "ft": gettext_lazy("feet (ft)"),
    "%": gettext_lazy("per cent (%)"),
    "pcs": gettext_lazy("pieces (pcs)"),
    "gb": gettext_lazy("gigabytes (GB)"),
    "mb": gettext_lazy("megabytes (MB)"),
    "tb": gettext_lazy("terabytes (TB)"),
}


@register
class NormaliseUnits(Repair):
    name = "normalise_units"
    label = gettext_lazy("Write measures in one way")
    help = gettext_lazy(
        "Numbers with units are written alike: 12.0 oz. and 12 ounce become 12 oz, or the number alone."
    )
    most_columns = 20
    parameters = (
        Parameter(
            "write",
            "choice",
            gettext_lazy("What is written: number_unit, or number alone when all cells have one unit."),
            default="number_unit",
            choices=("number_unit", "number"),
            label=gettext_lazy("What is written"),
            shown=(
                gettext_lazy("the number with its unit"),
                gettext_lazy("the number alone"),
            ),
        ),
        Parameter(
            "unit",
            "choice",
            gettext_lazy("The unit to convert to, within mass, volume or length; as they are when left out."),
            choices=tuple(UNITS),
            label=gettext_lazy("Convert to"),
            shown=tuple(UNIT_WORDS[unit] for unit in UNITS),
        ),
        Parameter(
            "rest",
            "choice",
            gettext_lazy("Words after the unit: leave the cell as it is, or drop them."),
            default="leave",
            choices=("leave", "drop"),
            label=gettext_lazy("Words after the unit"),
            shown=(
                gettext_lazy("leave the cell as it is"),
                gettext_lazy("are left out"),
            ),
        ),
    )

    def meaning(self, step: Step) -> str:
        values = self.read(step)
        how = _("as a number alone") if values["write"] == "number" else _("as number and unit")
        text = _(
            "Measures in “%(columns)s” are written %(how)s, without needless zeros and digits after the twelfth. "
            "A per cent sign is a unit: 5%% becomes 5, not 0.05."
        ) % {"columns": ", ".join(step.columns), "how": how}
        if values["unit"]:
            text += " " + _("They are converted to %(unit)s.") % {"unit": values["unit"]}
        if values["rest"] == "drop":
            text += " " + _("Words after the unit are dropped.")
        return text + " " + _("Other cells stay and are counted.")

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        names = [text_column(scope, name).get_name() for name in step.columns]
        left: Counter[str] = Counter()
        rule = written(values, left)
        return Change(
            scope.table,
            sliced=True,
            each=lambda batch: values_mapped(batch, names, rule),
            tell=lambda: _told(left),
        )


def _told(left: Counter[str]) -> tuple[str, ...]:
    if not left:
        return ()
    text = ngettext(
        "%(count)d different writing is no measure of a known unit and stays.",
        "%(count)d different writings are no measures of a known unit and stay.",
        len(left),
    )
    return (text % {"count": len(left)},)


def written(values: dict[str, Any], left: Counter[str]) -> Callable[[str], str]:
    """The rule for one cell; what it cannot write is counted in ``left``, up to ten thousand writings."""

    def rule(text: str) -> str:
        measure = measure_read(text)
        if measure is None or (measure.rest and values["rest"] == "leave"):
            return kept(text)
        unit, number = measure.unit, measure.number
        if values["unit"] and unit:
            other = converted(measure, values["unit"])
            if other is None:
                return kept(text)
            unit, number = values["unit"], other
        if values["write"] == "number" or not unit:
            return number
        return number + unit if unit == "%" else f"{number} {unit}"

    def kept(text: str) -> str:
        if len(left) < 10_000:
            left[text] += 1
        return text

    return rule
