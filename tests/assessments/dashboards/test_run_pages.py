"""A run as it goes on, beside others, promoted and taken away; and the form's fragments."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from assessments.dashboards.forms.splits import KINDS, split_initial, split_text
from assessments.dashboards.forms.training import TrainingForm
from assessments.dashboards.model_words import COUNTS
from assessments.datasets.models import Dataset, Snapshot
from assessments.jobs.models import Job
from assessments.recommenders.models import Promotion, TrainingRun
from ml.data.rules import OPTIONAL, REASONS, Counts
from ml.data.splits import apply_split, parse_split
from tests.ml.evaluation.conftest import shop as small_shop

As = Callable[[str], Client]
Trained = Callable[..., TrainingRun]
HTMX = {"HX-Request": "true"}
EPOCHS = [{"epoch": 1, "loss": 0.7, "ndcg@10_validation": 0.21}, {"epoch": 2, "loss": 0.5, "ndcg@10_validation": 0.25}]


def going(shop: SimpleNamespace, epochs: list[dict[str, Any]]) -> TrainingRun:
    job = Job.objects.create(
        organisation=shop.organisation,
        kind="recommenders.train",
        subject="orders",
        state="running",
        progress=0.4,
        message="Epoch 2",
    )
    run: TrainingRun = shop.training_run
    TrainingRun.objects.filter(pk=run.pk).update(state="running", epochs=epochs, job=job)
    return run


def ask(client: Client, address: str) -> Any:
    return client.get(address, headers=HTMX)


def test_a_run_that_goes_on_shows_its_curve_and_polls_for_more(shop: SimpleNamespace, client_as: As) -> None:
    run, client = going(shop, EPOCHS), client_as("steward")
    text = client.get(f"/recommenders/{run.pk}/").content.decode()
    assert f'hx-get="/recommenders/{run.pk}/live/?epochs=2"' in text
    assert "NDCG@10, validation part" in text
    assert "Loss (right scale)" in text
    answer = ask(client, f"/recommenders/{run.pk}/live/?epochs=2")
    fragment = answer.content.decode()
    assert answer.status_code == 200
    assert '<div id="learning-data" hx-swap-oob="true">' in fragment
    assert "0.2500" in fragment
    assert "40 %" in fragment
    assert "Stop the training" in fragment
    assert "<html" not in fragment


def test_the_first_epoch_and_the_end_have_the_page_read_anew(shop: SimpleNamespace, client_as: As) -> None:
    run, client = going(shop, []), client_as("viewer")
    answer = ask(client, f"/recommenders/{run.pk}/live/?epochs=0")
    assert (answer.status_code, answer.headers.get("HX-Refresh")) == (200, None)
    assert "Stop the training" not in answer.content.decode()  # a viewer may not
    TrainingRun.objects.filter(pk=run.pk).update(epochs=EPOCHS[:1])
    answer = ask(client, f"/recommenders/{run.pk}/live/?epochs=0")
    assert (answer.status_code, answer["HX-Refresh"]) == (286, "true")
    TrainingRun.objects.filter(pk=run.pk).update(state="succeeded")
    answer = ask(client, f"/recommenders/{run.pk}/live/?epochs=1")
    assert (answer.status_code, answer["HX-Refresh"]) == (286, "true")


def test_stopping_asks_the_worker_and_shows_the_run(shop: SimpleNamespace, client_as: As) -> None:
    run = going(shop, EPOCHS)
    answer = client_as("steward").post(f"/recommenders/{run.pk}/stop/")
    assert answer["Location"] == f"/recommenders/{run.pk}/"
    run.refresh_from_db()
    assert run.job is not None
    assert run.job.cancel_requested_at is not None


def test_notes_say_what_happened_on_the_way(shop: SimpleNamespace, client_as: As) -> None:
    notes = [{"kind": "batch_halved", "from": 2048, "to": 1024}, {"kind": "resumed", "epoch": 4}, {"kind": "other"}]
    TrainingRun.objects.filter(pk=shop.training_run.pk).update(notes=notes)
    text = client_as("viewer").get(f"/recommenders/{shop.training_run.pk}/").content.decode()
    assert "the batch was halved from 2048 to 1024 examples" in text
    assert "went on from its checkpoint, with epoch 4" in text


@pytest.mark.parametrize(
    ("split", "words"),
    [
        ("loo", "Learned from all but the last item of each person"),
        ("random:0.2,seed=0", "20.0 % of each person"),
        ("users:0.1,seed=3", "Learned without 10.0 % of the people"),
        ("time:0.9", "Learned from everything before 2026-01-03"),
    ],
)
def test_the_test_is_said_in_one_sentence(split: str, words: str, shop: SimpleNamespace, client_as: As) -> None:
    TrainingRun.objects.filter(pk=shop.training_run.pk).update(split=split)
    assert words in client_as("viewer").get(f"/recommenders/{shop.training_run.pk}/").content.decode()


def test_groups_and_gaps_are_shown_in_words(shop: SimpleNamespace, client_as: As) -> None:
    def group(name: str, value: float) -> dict[str, Any]:
        return {"name": name, "value": value, "low": value - 0.01, "high": value + 0.01, "users": 50}

    history = {
        "attribute": "history",
        "side": "user",
        "metric": "ndcg@10",
        "groups": [group("1-4", 0.1), group("20+", 0.3), group("5-19", 0.2)],
        "worst": "1-4",
        "gap": {"best": "20+", "worst": "1-4", "value": 0.2, "low": 0.15, "high": 0.25},
    }
    colour = {
        "attribute": "colour",
        "side": "item",
        "metric": "recall@10",
        "groups": [group("red", 0.1), group("blue", 0.11)],
        "worst": "red",
        "gap": {"best": "blue", "worst": "red", "value": 0.01, "low": -0.02, "high": 0.04},
    }
    beyond = {"gini@10": {"value": 0.75, "low": 0.7, "high": 0.8, "standard_error": 0.02, "users": 90}}
    document = {"k": 10, "slices": [history], "groups": [colour], "beyond_accuracy": beyond, "probability": None}
    TrainingRun.objects.filter(pk=shop.training_run.pk).update(evaluation=document)
    text = client_as("viewer").get(f"/recommenders/{shop.training_run.pk}/").content.decode()
    assert "NDCG@10 by how many items a person had before" in text
    assert "“1–4” fares worse than “20+”, by 0.2000 (95 % interval 0.1500 – 0.2500)." in text
    assert text.index("<td>1–4 (50)") < text.index("<td>5–19 (50)") < text.index("<td>20+ (50)")
    assert "Recall@10 by colour" in text
    assert "No difference between groups is shown" in text
    assert "0.7000 – 0.8000" in text


def test_chosen_runs_are_compared_or_refused_with_the_reason(
    shop: SimpleNamespace, trained: Trained, client_as: As
) -> None:
    client, first = client_as("viewer"), shop.training_run
    same, other = trained(shop.snapshot, "perceptron"), trained(shop.snapshot, digest="e" * 64)
    text = client.get(f"/recommenders/compare/?run={first.pk}&run={same.pk}").content.decode()
    assert "kept no values of each user" in text  # runs of before; what is stored of each still stands side by side
    assert text.count("0.2113") == 2
    refused = client.get(f"/recommenders/compare/?run={first.pk}&run={other.pk}")
    assert refused.status_code == 400
    assert "were tested in different ways" in refused.content.decode()
    assert client.get(f"/recommenders/compare/?run={first.pk}").status_code == 400
    assert client.get("/recommenders/compare/?run=999999").status_code == 404
    outside = client_as("outsider").get(f"/recommenders/compare/?run={first.pk}&run={same.pk}")
    assert outside.status_code == 404


def test_a_run_is_promoted_from_its_page_and_stands_beside_the_next(
    shop: SimpleNamespace, trained: Trained, client_as: As
) -> None:
    steward, run = client_as("steward"), shop.training_run
    assert steward.post(f"/recommenders/{run.pk}/promote/", {"reason": "A start."}).status_code == 302
    made = Promotion.objects.get()
    assert (made.run, made.reason) == (run, "A start.")
    text = steward.get("/recommenders/").content.decode()
    assert "in use</span>" in text
    next_run = trained(shop.snapshot, "perceptron")
    text = steward.get(f"/recommenders/{next_run.pk}/").content.decode()
    assert "In use: EASE" in text
    refused = steward.post(f"/recommenders/{next_run.pk}/promote/", {"reason": ""})
    assert refused.status_code == 400
    assert "cannot be compared with the run in use" in refused.content.decode()
    assert "Give a reason to promote it all the same." in refused.content.decode()
    assert Promotion.objects.count() == 1
    history = client_as("viewer").get("/recommenders/in-use/").content.decode()
    assert "A start." in history
    assert "A start." not in client_as("outsider").get("/recommenders/in-use/").content.decode()


def test_the_card_is_shown_and_the_bundle_handed_to_those_who_train(shop: SimpleNamespace, client_as: As) -> None:
    run = shop.training_run
    text = client_as("viewer").get(f"/recommenders/{run.pk}/").content.decode()
    assert "# A recommender of the harbour shop" in text
    assert f"/recommenders/{run.pk}/bundle/" not in text
    answer = client_as("steward").get(f"/recommenders/{run.pk}/bundle/")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as packed:
        assert packed.namelist() == [f"run-{run.pk}-ease/README.md", f"run-{run.pk}-ease/manifest.json"]


def test_a_choice_brings_its_own_fields_and_no_others(orders: Snapshot, client_as: As) -> None:
    client = client_as("steward")
    fragment = ask(client, "/recommenders/new/?model_name=perceptron&split_kind=users").content.decode()
    assert 'name="perceptron-hidden"' in fragment
    assert 'name="ease-l2"' not in fragment
    assert 'name="test_share"' in fragment
    assert 'name="first_day"' not in fragment
    assert "<html" not in fragment
    whole = client.get("/recommenders/new/").content.decode()
    assert 'name="ease-l2"' in whole
    assert 'name="perceptron-hidden"' not in whole
    assert ask(client, "/recommenders/new/?model_name=nonsense&split_kind=nonsense").status_code == 200


def test_what_a_form_says_of_a_split_can_be_read_and_shown_again(orders: Snapshot) -> None:
    data = {
        "dataset": orders.dataset_id,
        "model_name": "ease",
        "repeats": "allowed",
        "seed": 0,
        "first_day": "2026-01-03",
        "days": 7,
        "train_share": 80,
        "test_share": 25,
        "split_seed": 4,
    }
    expected = {
        "time": "time:2026-01-03,7d",
        "time_share": "time:0.8,7d",
        "loo": "loo",
        "random": "random:0.25,seed=4",
        "users": "users:0.25,seed=4",
    }
    assert {kind.name for kind in KINDS} == set(expected)
    for kind, text in expected.items():
        form = TrainingForm({**data, "split_kind": kind}, datasets=Dataset.objects.all(), initial={})
        assert form.is_valid(), form.errors
        assert form.split() == text
        shown = split_initial(text)
        assert shown["split_kind"] == kind
        again = TrainingForm({**data, **shown}, datasets=Dataset.objects.all(), initial={})
        assert again.is_valid()
        assert again.split() == text
    assert split_text("time_share", {"train_share": 90, "days": None}) == "time:0.9"


def test_a_refusal_is_said_beside_the_field_that_it_is_about(orders: Snapshot, client_as: As) -> None:
    orders.columns.filter(role="time").update(role="")
    data = {"dataset": orders.dataset_id, "model_name": "ease", "split_kind": "loo", "repeats": "masked", "seed": 0}
    response = client_as("steward").post("/recommenders/new/", data)
    assert response.status_code == 400
    assert "role time" in str(response.context["form"].errors["dataset"])
    assert "error" not in response.context


def test_the_history_of_runs_is_filtered_by_its_address(shop: SimpleNamespace, trained: Trained, client_as: As) -> None:
    run, client = trained(shop.snapshot, "perceptron"), client_as("viewer")
    text = client.get("/recommenders/?model=perceptron&state=succeeded").content.decode()
    assert f'href="/recommenders/{run.pk}/"' in text
    assert f'href="/recommenders/{shop.training_run.pk}/"' not in text
    assert "No run fits" in client.get("/recommenders/?state=failed").content.decode()
    assert client.get("/recommenders/?state=nonsense&dataset=x").status_code == 200


def test_a_tuning_is_shown_and_its_best_trial_trained(
    shop: SimpleNamespace, client_as: As, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    steward, tuning = client_as("steward"), shop.tuning
    text = steward.get(f"/recommenders/tunings/{tuning.pk}/").content.decode()
    assert "Best: EASE with 0.2500" in text
    assert "How strongly large weights are held down 50" in text
    assert "Refuse more items" not in text.split("The best trials")[1]  # it was not varied
    with django_capture_on_commit_callbacks(execute=True):
        answer = steward.post(f"/recommenders/tunings/{tuning.pk}/trials/1/train/")
    run = TrainingRun.objects.latest("pk")
    assert answer["Location"] == f"/recommenders/{run.pk}/"
    assert (run.options["l2"], run.split, run.repeats, run.seed) == (50.0, tuning.split, tuning.repeats, tuning.seed)
    assert run.job is not None
    assert sent == [run.job.pk]
    assert steward.post(f"/recommenders/tunings/{tuning.pk}/trials/2/train/").status_code == 400
    assert steward.post(f"/recommenders/tunings/{tuning.pk}/trials/99/train/").status_code == 400


def test_a_tuning_is_started_with_its_choices(
    orders: Snapshot, client_as: As, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    data = {
        "dataset": orders.dataset_id,
        "models_wanted": ["ease", "ials"],
        "metric": "recall",
        "minutes": "2.5",
        "split_kind": "loo",
        "repeats": "masked",
        "seed": 1,
    }
    steward = client_as("steward")
    assert steward.post("/recommenders/tunings/new/", {**data, "models_wanted": []}).status_code == 400
    assert steward.post("/recommenders/tunings/new/", {**data, "minutes": "0"}).status_code == 400
    with django_capture_on_commit_callbacks(execute=True):
        answer = steward.post("/recommenders/tunings/new/", data)
    job = Job.objects.get()
    assert (job.kind, job.queue) == ("recommenders.tune", "gpu")
    assert answer["Location"] == f"/recommenders/tunings/{job.parameters['tuning_id']}/"
    assert sent == [job.pk]


@pytest.mark.parametrize("text", ["time:0.8", "loo", "random:0.3", "users:0.2"])
def test_every_count_of_a_run_has_words(text: str) -> None:
    split = parse_split(text)
    counted = {*apply_split(small_shop(), split).counts, *asdict(Counts()), *REASONS, *OPTIONAL}
    assert {name for name in counted if not name.startswith("_")} <= set(COUNTS)


def test_what_a_training_says_is_told_in_the_language_of_the_reader(shop: SimpleNamespace, client_as: As) -> None:
    run, client = going(shop, EPOCHS), client_as("steward")
    Job.objects.filter(pk=TrainingRun.objects.get(pk=run.pk).job_id).update(message="Epoch 3: validation ndcg@10 0.2")
    client.post("/language/", {"language": "zh-hans"})
    assert "第 3 轮：验证 ndcg@10 0.2" in client.get(f"/recommenders/{run.pk}/").content.decode()
    client.post("/language/", {"language": "en"})
    assert "Epoch 3: validation ndcg@10 0.2" in client.get(f"/recommenders/{run.pk}/").content.decode()
