"""Starting a search for good options."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assessments.dashboards.forms.fields import offer
from assessments.dashboards.forms.training import TestedForm
from assessments.dashboards.model_words import model_label, model_order
from assessments.dashboards.run_figures import metric_short
from assessments.recommenders.services.tuning import METRICS, MOST_MINUTES

USUAL_MODELS = ("item_neighbours", "ease", "ials")


class TuningForm(TestedForm):
    models_wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Recommenders"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The time is shared among them; simple ones need little of it."),
    )
    metric = forms.ChoiceField(
        label=gettext_lazy("What is to be best"),
        choices=[(name, metric_short(f"{name}@10")) for name in METRICS],
        initial="ndcg",
        help_text=gettext_lazy("On a part of the learning data that is held back; the test is not looked at."),
    )
    minutes = forms.FloatField(
        label=gettext_lazy("Minutes"),
        min_value=0.1,
        max_value=MOST_MINUTES,
        initial=10,
        help_text=gettext_lazy("For all of them together."),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [name for name in model_order(self.models) if self.models[name]]
        offer(self, "models_wanted", [(name, model_label(name)) for name in names])
        self.fields["models_wanted"].initial = [name for name in USUAL_MODELS if name in names]

    def tuned(self) -> list[forms.BoundField]:
        return [self["metric"], self["minutes"]]
