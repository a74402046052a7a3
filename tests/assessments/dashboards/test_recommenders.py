"""How good a recommender is, compared with what; starting a run."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from assessments.dashboards.forms.options import option_field
from assessments.dashboards.model_words import OPTIONS, model_words, option_word
from assessments.datasets.models import Snapshot
from assessments.jobs.models import Job
from assessments.recommenders.ml_adapter import model_choices
from assessments.recommenders.models import TrainingRun

OnCommit = Callable[..., Any]


def test_the_page_says_how_it_was_measured_and_compared(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = client_as("viewer").get(f"/recommenders/{shop.training_run.pk}/").content.decode()
    assert "Learned from everything before 2026-01-03" in text
    assert "Items that a person already had were left out." in text
    assert "0.2113" in text
    assert "0.1913 – 0.2313" in text
    assert "<strong>better</strong>" in text
    assert "AUC, validation part" in text


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.01, 0.09, "better"), (-0.09, -0.01, "worse"), (-0.01, 0.09, "no difference shown"), (None, None, "not known")],
)
def test_only_an_interval_without_zero_says_which_is_better(
    low: float | None, high: float | None, verdict: str, shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    run = shop.training_run
    run.comparisons = [{**run.comparisons[0], "low": low, "high": high}]
    run.save()
    assert f"<strong>{verdict}</strong>" in client_as("viewer").get(f"/recommenders/{run.pk}/").content.decode()


def test_only_runs_under_the_same_test_stand_beside_it(
    shop: SimpleNamespace, trained: Callable[..., TrainingRun], client_as: Callable[[str], Client]
) -> None:
    same, other = trained(shop.snapshot, "perceptron"), trained(shop.snapshot, "popular", digest="e" * 64)
    text = client_as("viewer").get(f"/recommenders/{shop.training_run.pk}/").content.decode()
    assert f'href="/recommenders/{same.pk}/"' in text
    assert f'href="/recommenders/{other.pk}/"' not in text


def test_a_run_that_failed_says_why_and_shows_no_numbers(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    run = shop.training_run
    TrainingRun.objects.filter(pk=run.pk).update(state="failed", error="Only one <user>.", epochs=[])
    text = client_as("viewer").get(f"/recommenders/{run.pk}/").content.decode()
    assert "Only one &lt;user&gt;." in text
    assert "0.2113" not in text


def chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize("model", model_choices())
def test_every_registered_model_has_a_sentence_in_both_languages(model: str) -> None:
    with translation.override("en"):
        english = model_words(model)
    with translation.override("zh-hans"):
        assert chinese(model_words(model))
    assert len(english) > 40
    assert english.endswith(".")
    assert english.count(".") == 1


@pytest.mark.parametrize(
    "option", sorted({option["name"] for options in model_choices().values() for option in options})
)
def test_every_option_has_words_in_both_languages(option: str) -> None:
    assert option in OPTIONS
    with translation.override("zh-hans"):
        assert chinese(option_word(option))


@pytest.mark.parametrize("option", [option for options in model_choices().values() for option in options])
def test_every_kind_of_option_has_a_field(option: dict[str, Any]) -> None:
    """Also a model that came without any change here: numbers, yes or no, words and several words."""
    field = option_field(option)
    assert not field.required
    assert option["name"] in str(field.help_text)


def test_a_run_is_started_with_its_choices(
    orders: Snapshot,
    client_as: Callable[[str], Client],
    sent: list[Any],
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    data = {
        "dataset": orders.dataset_id,
        "model_name": "ease",
        "split_kind": "time",
        "first_day": "2026-01-03",
        "days": 7,
        "repeats": "masked",
        "seed": 5,
        "ease-l2": "100",
        "ease-binary": "false",
        "perceptron-hidden": "8",
    }
    with django_capture_on_commit_callbacks(execute=True):
        response = client_as("steward").post("/recommenders/new/", data)
    run, job = TrainingRun.objects.get(), Job.objects.get()
    assert response["Location"] == f"/recommenders/{run.pk}/"
    assert (job.kind, job.parameters, job.queue) == ("recommenders.train", {"run_id": run.pk}, "gpu")
    assert (run.split, run.repeats, run.seed, run.job) == ("time:2026-01-03,7d", "masked", 5, job)
    assert run.options == {"l2": 100.0, "binary": False, "max_items": 20_000, "half_life_days": 0.0}
    assert sent == [job.pk]


@pytest.mark.parametrize(
    "wrong",
    [{"first_day": "x"}, {"days": 0}, {"seed": -1}, {"ease-l2": "-5"}, {"model_name": "nonsense"}, {"dataset": 0}],
)
def test_a_wrong_choice_starts_nothing(
    wrong: dict[str, Any], orders: Snapshot, client_as: Callable[[str], Client]
) -> None:
    data = {
        "dataset": orders.dataset_id,
        "model_name": "ease",
        "split_kind": "time",
        "first_day": "2026-01-03",
        "days": 7,
        "repeats": "masked",
        "seed": 0,
    }
    assert client_as("steward").post("/recommenders/new/", {**data, **wrong}).status_code == 400
    assert not TrainingRun.objects.exists()
    assert not Job.objects.exists()


def test_missing_roles_are_named(orders: Snapshot, client_as: Callable[[str], Client]) -> None:
    orders.columns.filter(role="user").update(role="")
    data = {
        "dataset": orders.dataset_id,
        "model_name": "ease",
        "split_kind": "time",
        "first_day": "2026-01-03",
        "days": 7,
    }
    response = client_as("steward").post("/recommenders/new/", {**data, "repeats": "masked", "seed": 0})
    assert response.status_code == 400
    assert "user" in response.content.decode()
    assert not TrainingRun.objects.exists()


def test_training_again_begins_with_the_same_choices(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("steward")
    initial = client.get(f"/recommenders/new/?like={shop.training_run.pk}").context["form"].initial
    assert (initial["dataset"], initial["first_day"], initial["days"]) == (shop.dataset.pk, "2026-01-03", 7)
    assert client.get("/recommenders/new/?like=999999999999999999999").status_code == 200


def test_the_list_names_what_is_missing(client_as: Callable[[str], Client]) -> None:
    text = client_as("steward").get("/recommenders/").content.decode()
    assert "Register such a dataset first." in text
    assert 'href="/datasets/new/"' in text


def test_datasets_of_another_organisation_cannot_be_chosen(
    orders: Snapshot, outsider: Any, client_as: Callable[[str], Client]
) -> None:
    data = {
        "dataset": orders.dataset_id,
        "model_name": "ease",
        "split_kind": "time",
        "first_day": "2026-01-03",
        "days": 7,
    }
    response = client_as("outsider").post("/recommenders/new/", {**data, "repeats": "masked", "seed": 0})
    assert response.status_code == 400
    assert not TrainingRun.objects.exists()
