"""Starting a training run; each choice says what it does."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.dashboards.forms.fields import PageForm, choose_from, offer
from assessments.dashboards.model_words import model_choice, model_label, option_word
from assessments.datasets.models import Dataset
from assessments.recommenders.ml_adapter import model_choices


class TrainingForm(PageForm):
    """The options of the chosen model follow its choice; an option that is left empty has its default."""

    dataset = forms.ModelChoiceField(
        label=gettext_lazy("Interactions"),
        queryset=Dataset.objects.none(),
        help_text=gettext_lazy("Who did what with which item, and when. Needs the roles user, item and time."),
    )
    model_name = forms.ChoiceField(
        label=gettext_lazy("Recommender"), widget=forms.Select(attrs={"data-shows": "model"}), initial="ease"
    )
    first_day = forms.DateField(
        label=gettext_lazy("The test begins on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Everything before this day is for learning; nothing after it is seen while learning."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days of the test"),
        min_value=1,
        max_value=3650,
        initial=28,
        help_text=gettext_lazy("The recommender must foretell what people take in these days."),
    )
    repeats = forms.ChoiceField(
        label=gettext_lazy("Items that a person already has"),
        choices=[("allowed", gettext_lazy("may be recommended again")), ("masked", gettext_lazy("are left out"))],
        help_text=gettext_lazy("Consumables are bought again; furniture is not."),
    )
    items_dataset = forms.ModelChoiceField(
        label=gettext_lazy("Items"),
        queryset=Dataset.objects.none(),
        required=False,
        help_text=gettext_lazy("Titles, categories and prices, for recommenders that use features."),
    )
    users_dataset = forms.ModelChoiceField(
        label=gettext_lazy("Users"),
        queryset=Dataset.objects.none(),
        required=False,
        help_text=gettext_lazy("Countries and age bands, for recommenders that use features."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=0,
        help_text=gettext_lazy("The same seed gives the same numbers."),
    )

    def __init__(self, *args: Any, datasets: "QuerySet[Dataset]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.models = model_choices()
        offer(self, "model_name", [(name, model_choice(name)) for name in self.models])
        for name, kind in (("dataset", "interactions"), ("items_dataset", "items"), ("users_dataset", "users")):
            choose_from(self, name, datasets.filter(kind=kind))
        for model, options in self.models.items():
            for option in options:
                self.fields[f"{model}-{option['name']}"] = option_field(option)

    def common(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if "-" not in name]

    def option_groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(model, its label, its options) of the models that have any."""
        return [
            (model, model_label(model), [self[f"{model}-{option['name']}"] for option in options])
            for model, options in self.models.items()
            if options
        ]

    def split(self) -> str:
        first_day: date = self.cleaned_data["first_day"]
        return f"time:{first_day.isoformat()},{self.cleaned_data['days']}d"

    def options(self) -> dict[str, Any]:
        model = self.cleaned_data["model_name"]
        values = {option["name"]: self.cleaned_data.get(f"{model}-{option['name']}") for option in self.models[model]}
        return {name: value for name, value in values.items() if value not in (None, "")}


def option_field(option: dict[str, Any]) -> forms.Field:
    default = option["default"]
    common: dict[str, Any] = {
        "label": option_word(option["name"], option["help"]),
        "required": False,
        "help_text": _("By command and API: %(name)s.") % {"name": option["name"]},
    }
    if isinstance(default, bool):
        shown = _("yes") if default else _("no")
        usual = ("", _("as usual (%(default)s)") % {"default": shown})
        choices = [usual, ("true", _("yes")), ("false", _("no"))]
        return forms.ChoiceField(choices=choices, widget=forms.Select(attrs={"class": "form-select"}), **common)
    attributes: dict[str, Any] = {"class": "form-control", "placeholder": f"{default:g}", "step": "any"}
    field = forms.IntegerField if isinstance(default, int) else forms.FloatField
    return field(
        widget=forms.NumberInput(attrs=attributes), min_value=option["low"], max_value=option["high"], **common
    )
