"""One repair: its columns and the parameters that it takes; making a previewed one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.dashboards.forms.fields import PageForm
from assessments.dashboards.forms.rules import PREFIX, parameter_field, typed
from assessments.quality.repairs import Repair, Step, steps_read

# Where the order of the columns says what each of them is, they are asked for one by one.
IN_ORDER = {
    "collapse_descriptions": (gettext_lazy("Code"), gettext_lazy("Description")),
    "correct_by_dependency": (gettext_lazy("Column that decides"), gettext_lazy("Column that follows from it")),
    "move_last_word": (gettext_lazy("Text"), gettext_lazy("Column that the last word belongs to")),
}


class StepForm(PageForm):
    def __init__(self, *args: Any, repair: Repair, columns: Sequence[str], **kwargs: Any) -> None:
        self.repair, self.step = repair, None
        super().__init__(*args, **kwargs)
        self._add_columns(columns)
        for parameter in repair.parameters:
            field = parameter_field(parameter)
            field.help_text = _("In steps: %(name)s.") % {"name": parameter.name}
            self.fields[PREFIX + parameter.name] = field
        for field in self.fields.values():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = kind

    def _add_columns(self, columns: Sequence[str]) -> None:
        choices = [(name, name) for name in columns]
        repair = self.repair
        if repair.name in IN_ORDER:
            for position, label in enumerate(IN_ORDER[repair.name]):
                self.fields[f"column-{position}"] = forms.ChoiceField(label=str(label), choices=choices)
        elif repair.most_columns == 1:
            self.fields["columns"] = forms.ChoiceField(label=_("Column"), choices=choices)
        elif repair.most_columns:
            self.fields["columns"] = forms.MultipleChoiceField(
                label=_("Columns"),
                choices=choices,
                required=repair.least_columns > 0,
                widget=forms.SelectMultiple(attrs={"size": min(max(len(columns), 2), 8)}),
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        document = {"repair": self.repair.name, "columns": self._columns(data), "parameters": self._parameters(data)}
        try:
            self.step = steps_read([document])[0]
        except GovernError as error:
            self.add_error(None, f"{error.message} {error.hint}".strip())
        return data

    def _columns(self, data: dict[str, Any]) -> list[str]:
        if self.repair.name in IN_ORDER:
            return [data[f"column-{position}"] for position in range(len(IN_ORDER[self.repair.name]))]
        columns = data.get("columns") or []
        return [columns] if isinstance(columns, str) else columns

    def _parameters(self, data: dict[str, Any]) -> dict[str, Any]:
        """Those that were given; the repair's own defaults stand for the others."""
        given = {}
        for parameter in self.repair.parameters:
            value = data[PREFIX + parameter.name]
            if value not in (None, ""):
                given[parameter.name] = typed(parameter, value)
        return given

    step: Step | None


class MakeForm(PageForm):
    check = forms.BooleanField(
        label=gettext_lazy("Measure the rules on the new snapshot at once"), required=False, initial=True
    )
    force = forms.BooleanField(label=gettext_lazy("Make it even though no row is left"), required=False)
