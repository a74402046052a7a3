"""Starting a training run; each choice says what it does."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from assessments.common.errors import GovernError
from assessments.dashboards.forms.fields import PageForm, choose_from, offer
from assessments.dashboards.forms.options import option_field
from assessments.dashboards.forms.splits import BY_NAME, KINDS, split_fields, split_text
from assessments.dashboards.model_words import model_label, model_order, model_words
from assessments.datasets.models import Dataset
from assessments.recommenders.ml_adapter import check_split, model_choices

USUAL_MODEL, USUAL_SPLIT = "ease", "time_share"


class TestedForm(PageForm):
    """Data, test and seed: what a training and a tuning both ask for. Has the fields of the chosen split alone."""

    dataset = forms.ModelChoiceField(
        label=gettext_lazy("Interactions"),
        queryset=Dataset.objects.none(),
        help_text=gettext_lazy("Who did what with which item, and when. Needs the roles user, item and time."),
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
    split_kind = forms.ChoiceField(label=gettext_lazy("Test"), widget=forms.RadioSelect, initial=USUAL_SPLIT)
    repeats = forms.ChoiceField(
        label=gettext_lazy("Items that a person already has"),
        choices=[("allowed", gettext_lazy("may be recommended again")), ("masked", gettext_lazy("are left out"))],
        help_text=gettext_lazy("Consumables are bought again; furniture is not."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=0,
        help_text=gettext_lazy("Where something is drawn at random. The same seed gives the same numbers."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, datasets: "QuerySet[Dataset]", initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.models = model_choices()
        offer(self, "split_kind", [(kind.name, kind.label) for kind in KINDS])
        for name, kind in (("dataset", "interactions"), ("items_dataset", "items"), ("users_dataset", "users")):
            choose_from(self, name, datasets.filter(kind=kind))
        self.split_name = self.chosen("split_kind", BY_NAME, USUAL_SPLIT)
        wanted = BY_NAME[self.split_name].fields
        self.fields.update({name: field for name, field in split_fields().items() if name in wanted})
        self.style()

    def chosen(self, name: str, known: Mapping[str, Any], usual: str) -> str:
        value = str((self.data if self.is_bound else self.initial).get(name, usual))
        return value if value in known else usual

    def basics(self) -> list[forms.BoundField]:
        return [self[name] for name in ("dataset", "items_dataset", "users_dataset")]

    def split_cards(self) -> list[dict[str, Any]]:
        return [{"value": k.name, "label": k.label, "words": k.words, "on": k.name == self.split_name} for k in KINDS]

    def split_parts(self) -> list[forms.BoundField]:
        return [self[name] for name in BY_NAME[self.split_name].fields]

    def others(self) -> list[forms.BoundField]:
        return [self["repeats"], self["seed"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        parts = BY_NAME[self.split_name].fields
        if "split_kind" in data and not any(name in self.errors for name in parts):
            try:
                check_split(self.split())
            except GovernError as error:
                self.add_error("split_kind", str(error))
        return data

    def split(self) -> str:
        return split_text(self.split_name, self.cleaned_data)

    def shared(self) -> dict[str, Any]:
        """What the services of both take alike."""
        names = ("dataset", "items_dataset", "users_dataset", "repeats", "seed")
        return {**{name: self.cleaned_data[name] for name in names}, "split": self.split()}


class TrainingForm(TestedForm):
    """Has the options of the chosen model alone; another choice is another form.

    An option that is left empty has its default.
    """

    model_name = forms.ChoiceField(label=gettext_lazy("Recommender"), widget=forms.RadioSelect, initial=USUAL_MODEL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "model_name", [(name, model_label(name)) for name in model_order(self.models)])
        self.model = self.chosen("model_name", self.models, USUAL_MODEL)
        self.fields.update({f"{self.model}-{each['name']}": option_field(each) for each in self.models[self.model]})
        self.style()

    def model_cards(self) -> list[dict[str, Any]]:
        """Every recommender with its sentence: what it is good for, what it costs and what it needs."""
        names = model_order(self.models)
        return [{"value": n, "label": model_label(n), "words": model_words(n), "on": n == self.model} for n in names]

    def chosen_label(self) -> str:
        return model_label(self.model)

    def option_parts(self) -> list[forms.BoundField]:
        return [self[f"{self.model}-{option['name']}"] for option in self.models[self.model]]

    def options_wrong(self) -> bool:
        return any(field.errors for field in self.option_parts())

    def options(self) -> dict[str, Any]:
        """What was filled in; several ticked words are one text with commas."""
        names = [option["name"] for option in self.models[self.model]]
        values = {name: self.cleaned_data.get(f"{self.model}-{name}") for name in names}
        given = {name: value for name, value in values.items() if value not in (None, "", [])}
        return {name: ",".join(value) if isinstance(value, list) else value for name, value in given.items()}


# What an error of a service is about → the field beside which it is said.
PLACES = {
    "dataset": "dataset",
    "user": "dataset",
    "item": "dataset",
    "time": "dataset",
    "split": "split_kind",
    "model": "model_name",
    "seed": "seed",
    "repeats": "repeats",
    "models": "models_wanted",
    "minutes": "minutes",
    "metric": "metric",
}


def say_beside(form: TestedForm, error: GovernError) -> bool:
    """Say a refusal beside the field that it is about; False where no field is."""
    words = error.where.split()
    name = PLACES.get(error.where.split(",")[0])
    if len(words) >= 2 and words[0] == "option" and isinstance(form, TrainingForm):
        name = f"{form.model}-{words[1]}"
    if name not in form.fields:
        return False
    form.add_error(name, str(error))
    return True
