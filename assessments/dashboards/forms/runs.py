"""Which runs are shown, and why one is promoted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.dashboards.forms.fields import PageForm, offer
from assessments.dashboards.model_words import MODELS, model_label
from assessments.datasets.models import Dataset
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.services.promotion import LONGEST_REASON


class RunFilterForm(PageForm):
    dataset = forms.ChoiceField(label=gettext_lazy("Dataset"), required=False)
    model = forms.ChoiceField(label=gettext_lazy("Recommender"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, datasets: Sequence[Dataset]) -> None:
        super().__init__(data)
        offer(self, "dataset", [("", _("all")), *((str(each.pk), each.name) for each in datasets)])
        offer(self, "model", [("", _("all")), *((name, model_label(name)) for name in MODELS)])
        offer(self, "state", [("", _("all")), *TrainingRun.State.choices])
        for field in self.fields.values():
            field.widget.attrs["data-autosubmit"] = ""

    def apply(self, runs: "QuerySet[TrainingRun]") -> "QuerySet[TrainingRun]":
        """The runs that fit; a choice that is none is passed over."""
        if not self.is_bound:
            return runs
        self.is_valid()
        columns = {"dataset": "dataset", "model": "model_name", "state": "state"}
        wanted = {columns[name]: value for name, value in self.cleaned_data.items() if value}
        return runs.filter(**wanted)


class PromoteForm(PageForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept in the history and in the audit log."),
    )
