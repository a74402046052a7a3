"""Repairs through the API: kinds, previews, making."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.test import Client

from assessments.jobs.models import Job
from assessments.quality.models import RepairRun
from assessments.quality.repairs import all_repairs

BASE = "/api/v1/repairs"
STEPS = [{"repair": "clip_out_of_range", "columns": ["price"], "parameters": {"min": 0}}]


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_every_kind_is_described(client_as: Callable[[str], Client]) -> None:
    kinds = client_as("viewer").get(f"{BASE}/kinds/").json()
    assert [kind["name"] for kind in kinds] == [repair.name for repair in all_repairs()]
    impute = next(kind for kind in kinds if kind["name"] == "impute")
    assert impute["parameters"][0]["choices"] == ["median", "mode", "constant"]


def test_a_preview_and_a_repair_are_jobs(client_as: Any, world: SimpleNamespace, sent: list[Any]) -> None:
    steward = client_as("steward")
    answer = post(steward, f"{BASE}/", {"dataset": world.dataset.pk, "steps": STEPS})
    assert answer.status_code == 202
    job = Job.objects.get(pk=answer.json()["job"]["id"])
    assert (job.kind, job.parameters) == (
        "quality.repair_preview",
        {"snapshot_id": world.snapshot.pk, "steps": STEPS},
    )
    body = {"snapshot": world.snapshot.pk, "steps": STEPS, "make": True, "check": True, "finding": world.finding.pk}
    job = Job.objects.get(pk=post(steward, f"{BASE}/", body).json()["job"]["id"])
    assert job.kind == "quality.repair"
    assert job.parameters["check"] is True
    assert job.parameters["finding_id"] == world.finding.pk
    answer = post(steward, f"{BASE}/{world.repair.pk}/make/", {"force": True})
    made = Job.objects.get(pk=answer.json()["job"]["id"])
    assert made.parameters == {"repair_id": world.repair.pk, "check": True, "force": True}


def test_wrong_steps_are_refused_before_a_job_starts(client_as: Any, world: SimpleNamespace, sent: list[Any]) -> None:
    steward = client_as("steward")
    for steps in ([], [{"repair": "x"}], [{"repair": "impute"}], [{"columns": ["a"]}]):
        answer = post(steward, f"{BASE}/", {"dataset": world.dataset.pk, "steps": steps})
        assert answer.status_code == 400
    assert sent == []


def test_a_preview_is_thrown_away(client_as: Any, world: SimpleNamespace) -> None:
    assert client_as("steward").delete(f"{BASE}/{world.repair.pk}/").status_code == 204
    assert not RepairRun.objects.exists()
