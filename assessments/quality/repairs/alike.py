"""A column that is written in several ways, written in one of them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.quality.checks.parameters import Parameter
from assessments.quality.repairs.base import Change, Repair, Scope, Step, place, text_column
from assessments.quality.repairs.columns import values_mapped
from assessments.quality.repairs.formats import FAMILIES, rewritten
from assessments.quality.repairs.registry import register

KIND_WORDS = {
    "time": gettext_lazy("times of the day"),
    "date": gettext_lazy("dates"),
    "duration": gettext_lazy("durations"),
    "quantity": gettext_lazy("numbers with a unit"),
    "range": gettext_lazy("ranges such as 5-12"),
    "number": gettext_lazy("numbers"),
    "zeros": gettext_lazy("codes that lost leading zeros"),
    "separators": gettext_lazy("telephone numbers"),
    "list": gettext_lazy("lists of words"),
}


@register
class WriteAlike(Repair):
    """What has several meanings, or none, stays as it is."""

    name = "write_alike"
    label = gettext_lazy("Write values in one way")
    help = gettext_lazy(
        "Times, dates, durations, numbers and phone numbers are written as most of their column are: 19:10 becomes "
        "7:10 p.m. where that is usual."
    )
    most_columns = 20
    parameters = (
        Parameter(
            "kind",
            "choice",
            gettext_lazy(
                "What the texts are: time, date, duration, quantity (a number with its unit), range (5-12 that became "
                "12-May), number, zeros (codes that lost leading zeros), separators (phone numbers) or list."
            ),
            required=True,
            choices=tuple(FAMILIES),
            label=gettext_lazy("What the texts are"),
            shown=tuple(KIND_WORDS[kind] for kind in FAMILIES),
        ),
        Parameter(
            "way",
            "text",
            gettext_lazy(
                "The way to write: h:mm a.m., hh:mm, yyyy-mm-dd, m/d/yy, d month yyyy, 100 min, 1234.50, 5-12, 00000 "
                "for five digits, or 999-999 9999."
            ),
            required=True,
            label=gettext_lazy("How they are written"),
        ),
    )

    def verify(self, step: Step, values: dict[str, Any]) -> None:
        if not FAMILIES[values["kind"]].is_way(values["way"]):
            raise GovernError(
                _("“%(way)s” is no way to write the kind “%(kind)s”.") % values,
                where=place(step),
                hint=_("Write one that the help of “way” names."),
            )

    def meaning(self, step: Step) -> str:
        return _(
            "Values of “%(columns)s” that can be read as %(kind)s are written like %(way)s. What has two readings, or "
            "none, stays."
        ) % {"columns": ", ".join(step.columns), **self.read(step)}

    def apply(self, scope: Scope, step: Step) -> Change:
        values = self.read(step)
        names = [text_column(scope, name).get_name() for name in step.columns]
        family, way = FAMILIES[values["kind"]], str(values["way"])
        return Change(
            scope.table,
            sliced=True,
            each=lambda batch: values_mapped(batch, names, lambda text: rewritten(family, text, way)),
        )
