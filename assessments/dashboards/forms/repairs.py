"""One repair: its columns and the parameters that it takes; making a previewed one; counts with noise."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.dashboards.forms.fields import PageForm
from assessments.quality.repairs import Repair, Step, steps_read
from assessments.quality.rule_fields import PREFIX, beside, column_fields, parameter_field, rule_values, scalar


class StepForm(PageForm):
    """``step`` is there once the form is valid."""

    step: Step | None = None

    def __init__(self, *args: Any, repair: Repair, types: Mapping[str, str], **kwargs: Any) -> None:
        self.repair = repair
        super().__init__(*args, **kwargs)
        # A repair says what it takes in the same words as a check.
        self.fields.update(column_fields(repair, types))  # type: ignore[arg-type]
        if repair.least_columns == 0 and "columns" in self.fields:
            self.fields["columns"].help_text = _("All columns count when none is chosen.")
        for parameter in repair.parameters:
            field = parameter_field(parameter, types)
            field.help_text = beside(str(parameter.help), _("In steps: %(name)s.") % {"name": parameter.name})
            self.fields[PREFIX + parameter.name] = field
        self.style()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        columns, parameters = rule_values(self.repair, data)  # type: ignore[arg-type]  # the same words
        document = {"repair": self.repair.name, "columns": columns, "parameters": parameters}
        try:
            self.step = steps_read([document])[0]
        except GovernError as error:
            self.add_error(None, f"{error.message} {error.hint}".strip())
        return data


class MakeForm(PageForm):
    check = forms.BooleanField(
        label=gettext_lazy("Measure the rules on the new snapshot at once"), required=False, initial=True
    )
    force = forms.BooleanField(label=gettext_lazy("Make it even though no row is left"), required=False)


class NoiseForm(PageForm):
    column = forms.ChoiceField(label=gettext_lazy("Column to count"))
    values = forms.CharField(
        label=gettext_lazy("Values to count"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One on each line. All other values are counted together."),
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Who is protected"),
        required=False,
        help_text=gettext_lazy(
            "The column whose rows belong to one person; without it only single rows are protected."
        ),
    )
    most = forms.IntegerField(
        label=gettext_lazy("Values that one person counts for"), min_value=1, max_value=1000, initial=1
    )
    epsilon = forms.FloatField(
        label=gettext_lazy("Epsilon"),
        min_value=0.001,
        max_value=10,
        initial=0.5,
        help_text=gettext_lazy("What it costs of the budget. Less is more private and less exact."),
    )

    def __init__(self, *args: Any, types: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in types]
        for name, first in (("column", []), ("unit", [("", _("single rows"))])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - a mistake in the form's own code
            field.choices = [*first, *names]

    def arguments(self) -> dict[str, Any]:
        """What ``noisy_counts_publish`` takes."""
        data = self.cleaned_data
        lines = [line.strip() for line in data["values"].splitlines() if line.strip()]
        return {**data, "values": list(dict.fromkeys(scalar(line) for line in lines))}
