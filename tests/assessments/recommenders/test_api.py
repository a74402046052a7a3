"""Runs over the API: compared, promoted, taken away; and what it refuses."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from assessments.datasets.models import Dataset
from assessments.recommenders.models import Promotion, TrainingRun

RUNS = "/api/v1/training-runs"
Finished = Callable[..., TrainingRun]
As = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def post(client: Client, address: str, body: dict[str, Any]) -> Any:
    return client.post(f"{RUNS}/{address}/", body, content_type="application/json")


def test_runs_are_compared_on_the_same_people(dataset: Dataset, finished: Finished, client_as: As) -> None:
    first, second = finished(dataset, ndcg=[0.1, 0.2, 0.3]), finished(dataset, ndcg=[0.4, 0.6, 0.5])
    answer = client_as("viewer").get(f"{RUNS}/compare/?run={first.pk}&run={second.pk}").json()
    assert answer["runs"] == [first.pk, second.pk]
    (difference,) = answer["differences"]
    assert (difference["run"], difference["against"], difference["metric"]) == (second.pk, first.pk, "ndcg@10")
    assert difference["value"] == pytest.approx(0.3)
    assert (difference["users"], difference["verdict"]) == (3, "better")
    assert difference["low"] > 0


def test_runs_under_other_protocols_are_refused_with_the_reason(
    dataset: Dataset, finished: Finished, client_as: As
) -> None:
    first = finished(dataset)
    other = finished(dataset, protocol_digest="e" * 64, protocol={"repeats": "masked"})
    answer = client_as("viewer").get(f"{RUNS}/compare/?run={first.pk}&run={other.pk}")
    assert answer.status_code == 400
    assert "items already bought" in answer.json()["detail"]
    assert client_as("viewer").get(f"{RUNS}/compare/?run={first.pk}").status_code == 400
    assert client_as("viewer").get(f"{RUNS}/compare/?run=x").status_code == 400


def test_runs_of_another_organisation_cannot_be_compared(dataset: Dataset, finished: Finished, client_as: As) -> None:
    one, two = finished(dataset), finished(dataset)
    assert client_as("outsider").get(f"{RUNS}/compare/?run={one.pk}&run={two.pk}").status_code == 404


def test_a_run_is_promoted_and_the_history_says_by_whom(dataset: Dataset, finished: Finished, client_as: As) -> None:
    strong, weak = finished(dataset, ndcg=[0.5, 0.6, 0.7]), finished(dataset, low=-0.1)
    steward = client_as("steward")
    assert post(steward, f"{strong.pk}/promote", {}).status_code == 201
    refused = post(steward, f"{weak.pk}/promote", {})
    assert (refused.status_code, refused.json()["where"]) == (400, "reason")
    made = post(steward, f"{weak.pk}/promote", {"reason": "A pilot."}).json()
    assert made["warnings"] == ["not_better_than_recent", "worse_than_promoted"]
    assert (made["promoted_by"], made["ended_at"]) == ("steward", None)
    listed = client_as("viewer").get("/api/v1/promotions/").json()["results"]
    assert [row["run"] for row in listed] == [weak.pk, strong.pk]
    in_use = client_as("viewer").get(f"/api/v1/promotions/?ended_at__isnull=true&dataset={dataset.pk}").json()
    assert [row["run"] for row in in_use["results"]] == [weak.pk]


def test_a_token_without_the_scope_does_not_promote(
    dataset: Dataset, finished: Finished, members: Any, organisation: Any
) -> None:
    from assessments.accounts.models import Membership
    from assessments.accounts.services import token_create

    run = finished(dataset)
    membership = Membership.objects.get(user=members["steward"], organisation=organisation)
    _token, key = token_create(membership=membership, name="pipeline", scopes=["view", "train"])
    client = Client(headers={"Authorization": f"Bearer {key}"})
    assert post(client, f"{run.pk}/promote", {"reason": "x"}).status_code == 403
    assert not Promotion.objects.exists()
    assert client.get(f"{RUNS}/{run.pk}/bundle/").status_code == 200


def test_a_bundle_is_handed_out_as_an_archive_to_those_who_train(
    dataset: Dataset, finished: Finished, client_as: As
) -> None:
    run = finished(dataset)
    answer = client_as("steward").get(f"{RUNS}/{run.pk}/bundle/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/zip", "nosniff")
    assert answer["Content-Disposition"] == f'attachment; filename="run-{run.pk}-ease.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as packed:
        assert f"run-{run.pk}-ease/weights.safetensors" in packed.namelist()
    for role, status in (("viewer", 403), ("auditor", 403), ("outsider", 404)):
        assert client_as(role).get(f"{RUNS}/{run.pk}/bundle/").status_code == status


def test_the_evaluation_document_is_read_as_it_was_stored(dataset: Dataset, finished: Finished, client_as: As) -> None:
    example = {"user": "customer-1", "had": [{"item": "i1", "title": "Write to ada@example.org"}]}
    run = finished(dataset, evaluation={"groups": {"history": []}}, examples=[example])
    expected = {"evaluation": {"groups": {"history": []}}, "examples": [example]}
    assert client_as("steward").get(f"{RUNS}/{run.pk}/evaluation/").json() == expected
    masked = client_as("viewer").get(f"{RUNS}/{run.pk}/evaluation/").json()
    assert masked["evaluation"] == expected["evaluation"]
    hidden = {"user": "c•••••••••", "had": [{"item": "i1", "title": "Write to a••••••••••••••"}]}
    assert masked["examples"] == [hidden]
    assert client_as("outsider").get(f"{RUNS}/{run.pk}/evaluation/").status_code == 404


def test_costly_answers_are_not_given_at_will(
    dataset: Dataset, finished: Finished, client_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assessments.api.throttling import HeavyReads

    monkeypatch.setattr(HeavyReads, "THROTTLE_RATES", {"heavy": "2/minute"})
    run, steward = finished(dataset), client_as("steward")
    statuses = [steward.get(f"{RUNS}/{run.pk}/bundle/").status_code for _n in range(3)]
    assert statuses == [200, 200, 429]
