"""Filtering findings, and accepting one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from assessments.accounts.models import Organisation, User
from assessments.dashboards.forms.fields import PageForm, choose_from
from assessments.datasets.models import Dataset
from assessments.quality.models import Finding, Severity

ANY = ("", gettext_lazy("all"))


class FindingFilter(PageForm):
    """Read from the address; a value that is not among the choices filters nothing."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[ANY, *Finding.State.choices])
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), required=False, choices=[ANY, *Severity.choices])
    dataset = forms.ModelChoiceField(
        label=gettext_lazy("Dataset"), required=False, queryset=Dataset.objects.none(), empty_label=ANY[1]
    )

    def __init__(self, *args: Any, datasets: "QuerySet[Dataset]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "dataset", datasets)
        for field in self.fields.values():
            field.widget.attrs["data-autosubmit"] = ""

    def apply(self, findings: "QuerySet[Finding]") -> "QuerySet[Finding]":
        self.is_valid()
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if value:
                findings = findings.filter(**{name: value})
        return findings


class AcceptForm(PageForm):
    """Why a finding is left as it is, and until when."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it left as it is?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with your name."),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("It opens again after this day, at most a year from now."),
    )


class AssignForm(PageForm):
    """Whose finding it is."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        required=False,
        queryset=User.objects.none(),
        empty_label=gettext_lazy("nobody"),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(memberships__organisation=organisation, is_active=True)
        choose_from(self, "owner", members.order_by("username").distinct())
