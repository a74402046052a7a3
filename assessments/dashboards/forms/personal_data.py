"""Deciding on a hit, and choosing the columns by which people could be told apart."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assessments.dashboards.forms.fields import PageForm, offer


class RiskForm(PageForm):
    """Columns that tell people apart together, and one whose values should not follow from them."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Told apart by"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What somebody could know of a person: age, place, gender, dates."),
    )
    sensitive = forms.ChoiceField(
        label=gettext_lazy("What should stay unknown"),
        required=False,
        help_text=gettext_lazy("Measured: how many different values of it each group of equal rows has at least."),
    )

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, name) for name in names]
        offer(self, "columns", choices)
        offer(self, "sensitive", [("", gettext_lazy("nothing")), *choices])
