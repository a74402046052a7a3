"""The main job through the API, with the jobs run as a worker runs them."""

import hashlib
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments import checklists
from assessments.accounts.models import Organisation, User
from assessments.checklists.models import Answer, Evidence
from assessments.checklists.services import framework_load
from assessments.datasets.models import Dataset
from assessments.jobs.models import Job
from assessments.jobs.runner import job_execute
from assessments.quality.models import Finding, Rule
from assessments.recommenders.models import TrainingRun

BASE = "/api/v1"
FRAMEWORKS = Path(checklists.__file__).parent / "frameworks"
CSV = "user,item,time,quantity\n1,a,2026-01-01T00:00:00,2\n2,b,2026-01-02T00:00:00,-1\n,a,2026-01-03T00:00:00,1\n"


def send(client: Client, method: str, address: str, body: Any, status: int) -> Any:
    answer = getattr(client, method)(f"{BASE}/{address}/", body, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def upload(client: Client, name: str = "orders", text: str = CSV, **fields: str) -> Any:
    file = io.BytesIO(text.encode())
    file.name = "orders.csv"
    return client.post(f"{BASE}/datasets/", {"name": name, "kind": "interactions", "file": file, **fields})


@pytest.fixture
def steward(client_as: Any, home: Path, sent: list[Any]) -> Client:
    client: Client = client_as("steward")
    return client


def run(accepted: dict[str, Any], client: Client) -> dict[str, Any]:
    """Do the job as a worker does and return it as the API shows it."""
    job_execute(job_id=accepted["job"]["id"])
    job: dict[str, Any] = client.get(accepted["job"]["address"]).json()
    return job


def test_a_file_is_registered_checked_and_its_rows_are_found_failing(
    steward: Client, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        accepted = upload(steward, roles=json.dumps({"user": "user", "item": "item", "time": "time"}))
    assert accepted.status_code == 202
    assert accepted["Location"] == accepted.json()["job"]["address"]
    assert sent == [accepted.json()["job"]["id"]]
    job = run(accepted.json(), steward)
    assert (job["state"], job["result"]["rows"], job["started_by"]) == ("succeeded", 3, "steward")

    dataset = steward.get(f"{BASE}/datasets/?name=orders").json()["results"][0]
    assert (dataset["rows"], dataset["source_kind"]) == (3, "upload")
    snapshot = steward.get(f"{BASE}/snapshots/{dataset['latest_snapshot']}/").json()
    assert {column["role"]: column["name"] for column in snapshot["columns"] if column["role"]} == {
        "user": "user",
        "item": "item",
        "time": "time",
    }
    roles = {"roles": {"user": "user", "item": "item", "time": "time", "quantity": "quantity"}}
    changed = send(steward, "put", f"snapshots/{snapshot['id']}/roles", roles, 200)
    assert changed["columns"][3]["role"] == "quantity"

    rule = {"dataset": dataset["id"], "name": "known", "check": "completeness", "columns": ["user"]}
    made = send(steward, "post", "rules", rule, 201)
    positive = {"name": "positive", "check": "range", "columns": ["quantity"], "parameters": {"min": 1}}
    send(steward, "post", "rules", {**positive, "dataset": dataset["id"], "severity": "error"}, 201)
    done = run(send(steward, "post", "quality-runs", {"dataset": dataset["id"]}, 202), steward)
    assert done["state"] == "succeeded", done
    results = steward.get(f"{BASE}/quality-runs/{done['result']['run']}/results/").json()["results"]
    assert {one["rule_name"]: (one["rows_checked"], one["rows_failing"], one["passed"]) for one in results} == {
        "known": (3, 1, False),
        "positive": (3, 1, False),
    }
    dimensions = steward.get(f"{BASE}/quality-runs/{done['result']['run']}/").json()["dimensions"]
    known = {one["dimension"]: one["value"] for one in dimensions}
    assert known["completeness"] == pytest.approx(2 / 3)

    finding = steward.get(f"{BASE}/findings/?state=open&severity=error").json()["results"][0]
    assert (finding["title"], finding["rows_failing"]) == ("positive", 1)
    looser = {"name": "known", "check": "completeness", "columns": ["user"], "threshold": 0.5}
    assert send(steward, "put", f"rules/{made['id']}", looser, 200)["threshold"] == 0.5
    send(steward, "delete", f"rules/{made['id']}", None, 204)
    assert [one.name for one in Rule.objects.all()] == ["positive"]


def newer(client: Client, dataset: int, text: str, **fields: str) -> Any:
    file = io.BytesIO(text.encode())
    file.name = "newer.csv"
    return client.post(f"{BASE}/datasets/{dataset}/snapshots/", {"file": file, **fields})


def test_a_newer_file_is_the_next_snapshot(steward: Client, client_as: Any, home: Path) -> None:
    accepted = upload(steward, roles=json.dumps({"user": "user", "item": "item", "time": "time"})).json()
    number = accepted["dataset"]["id"]
    busy = newer(steward, number, CSV)
    assert (busy.status_code, busy.json()["type"]) == (409, "urn:govern:problem:conflict")
    run(accepted, steward)
    for _twice in range(2):
        answer = newer(
            steward, number, CSV.replace(",", ";") + "9;c;2026-01-04T00:00:00;1\n", options='{"delimiter":";"}'
        )
        assert answer.status_code == 202, answer.content
        assert run(answer.json(), steward)["result"]["rows"] == 4
    second, first = steward.get(f"{BASE}/snapshots/?dataset={number}").json()["results"]
    assert [first["rows"], second["rows"], second["number"]] == [3, 4, 2]
    columns = steward.get(f"{BASE}/snapshots/{second['id']}/").json()["columns"]
    assert [column["role"] for column in columns] == ["user", "item", "time", ""]
    failed = run(newer(steward, number, 'user,item\n1,"open').json(), steward)
    assert (failed["state"], bool(failed["error"]), bool(failed["hint"])) == ("failed", True, True)
    again = run(send(steward, "post", f"datasets/{number}/snapshots", {}, 202), steward)
    assert (again["state"], again["result"]["snapshot"]) == ("succeeded", second["id"])
    assert steward.get(f"{BASE}/datasets/{number}/").json()["kind"] == "interactions"
    uploads = len(list((home / "files" / "uploads").iterdir()))
    assert newer(client_as("viewer"), number, CSV).status_code == 403
    assert newer(client_as("outsider"), number, CSV).status_code == 404
    assert len(list((home / "files" / "uploads").iterdir())) == uploads


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"path": "/etc/passwd"}, 403),
        ({"url": "file:///etc/passwd"}, 403),
        ({"path": "a.csv", "url": "https://example.org/a.csv"}, 400),
        ({"options": {"delimiter": ";"}}, 400),
    ],
)
def test_a_newer_source_that_cannot_be_is_refused(
    steward: Client, world: SimpleNamespace, body: dict[str, Any], status: int
) -> None:
    before = Job.objects.count()
    assert send(steward, "post", f"datasets/{world.dataset.pk}/snapshots", body, status)["title"]
    assert (Job.objects.count(), Dataset.objects.get().source_next) == (before, {})


def test_a_name_that_is_taken_keeps_no_file(steward: Client, home: Path) -> None:
    upload(steward)
    again = upload(steward)
    assert (again.status_code, again.json()["type"]) == (409, "urn:govern:problem:conflict")
    assert len(list((home / "files" / "uploads").iterdir())) == 1
    assert (Dataset.objects.count(), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ({"url": "file:///etc/passwd"}, 403),
        ({"url": "ftp://example.org/x.csv"}, 403),
        ({"path": "/etc/passwd"}, 403),
        ({"path": "/etc/no-such-file"}, 403),
        ({"path": "../../manage.py"}, 403),
    ],
)
def test_sources_that_are_not_for_everybody(steward: Client, source: dict[str, str], status: int) -> None:
    refused = send(steward, "post", "datasets", {"name": "n", "kind": "items", **source}, status)
    assert refused["hint"]
    assert (Dataset.objects.count(), Job.objects.count()) == (0, 0)


def test_an_address_inside_the_network_fails_in_its_job_and_says_why(steward: Client) -> None:
    body = {"name": "n", "kind": "items", "url": "http://127.0.0.1:1/x.csv"}
    job = run(send(steward, "post", "datasets", body, 202), steward)
    assert job["state"] == "failed"
    assert job["error"]
    assert job["hint"]


def test_an_empty_file_fails_in_its_job_and_says_why(steward: Client) -> None:
    file = upload(steward, text="\n")
    job = run(file.json(), steward)
    assert (job["state"], bool(job["error"])) == ("failed", True)


def test_a_path_in_an_allowed_folder_is_read(steward: Client, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "orders.csv").write_text(CSV)
    settings.DATASET_LOCAL_PATHS = [tmp_path / "data"]
    body = {"name": "n", "kind": "interactions", "path": str(tmp_path / "data" / "orders.csv")}
    accepted = send(steward, "post", "datasets", body, 202)
    assert run(accepted, steward)["state"] == "succeeded"
    more = send(steward, "post", f"datasets/{accepted['dataset']['id']}/snapshots", {}, 202)
    assert run(more, steward)["state"] == "succeeded"


def test_a_training_starts_with_its_job(client_as: Any, world: SimpleNamespace, sent: list[Any]) -> None:
    body = {"dataset": world.dataset.pk, "model": "ease", "split": "time:2011-10-10,28d", "options": {"l2": 200}}
    steward = client_as("steward")
    accepted = send(steward, "post", "training-runs", body, 202)
    made = TrainingRun.objects.get(pk=accepted["training_run"])
    assert (made.job_id, made.job.queue, made.job.kind) == (accepted["job"]["id"], "gpu", "recommenders.train")
    listed = steward.get(f"{BASE}/training-runs/?state=queued").json()["results"]
    assert [(one["id"], one["model"]) for one in listed] == [(made.pk, "ease")]
    refused = send(steward, "post", "training-runs", {**body, "model": "magic"}, 400)
    assert refused["hint"]
    assert (TrainingRun.objects.count(), Job.objects.count()) == (2, 2)


def test_metrics_of_a_run_come_with_intervals_and_baselines(client_as: Any, world: SimpleNamespace) -> None:
    shown = client_as("viewer").get(f"{BASE}/training-runs/{world.training.pk}/").json()
    assert shown["metrics"]["ease"]["ndcg@10"] == {
        "value": 0.1,
        "low": 0.09,
        "high": 0.11,
        "standard_error": None,
        "users": 7,
    }
    assert set(shown["metrics"]) == {"ease", "popular"}
    assert shown["bundle"] is None


def test_answers_are_saved_and_a_conflict_carries_the_newer_one(
    client_as: Any, world: SimpleNamespace, members: dict[str, User]
) -> None:
    assessor = client_as("assessor")
    address = f"questionnaires/{world.questionnaire.pk}/answers/strategy.planning"
    body = {"status": "level", "level": 4, "comment": "better", "revision": 1}
    saved = send(assessor, "put", address, body, 200)
    assert (saved["level"], saved["revision"], saved["item"]) == (4, 2, "strategy.planning")
    conflict = send(assessor, "put", address, {**body, "level": 2}, 409)
    assert conflict["newer"] == {"revision": 2, "status": "level", "level": 4, "comment": "better"}
    assert Answer.objects.get().level == 4
    assert send(assessor, "put", address, {**body, "level": 9}, 400)["errors"][0]["field"] == "level"
    missing = f"questionnaires/{world.questionnaire.pk}/answers/strategy.nothing"
    send(assessor, "put", missing, body, 404)


def test_a_level_that_differs_from_the_measured_one_needs_its_reason(
    client_as: Any, world: SimpleNamespace, members: dict[str, User]
) -> None:
    assessor = client_as("assessor")
    framework_load(FRAMEWORKS / "dcmm-2018.yaml")
    made = send(assessor, "post", "questionnaires", {"framework": "dcmm-2018", "period": "2026-Q4"}, 201)
    address = f"questionnaires/{made['id']}/answers/quality.improvement"
    Finding.objects.filter(dataset__organisation=world.questionnaire.organisation).update(
        state="resolved", resolved_at=timezone.now()
    )
    body = {"status": "level", "level": 2, "comment": "", "revision": 0}
    refused = send(assessor, "put", address, body, 400)
    assert refused["detail"].startswith("What was measured proposes level 5; say in the comment why it is level 2.")
    saved = send(assessor, "put", address, {**body, "comment": "They come back."}, 200)
    (piece,) = saved["evidence"]
    assert (saved["level"], piece["kind"], piece["revision"], piece["document"]["level"]) == (2, "measured", 1, 5)


def test_evidence_is_attached_and_read_back_as_an_attachment(
    client_as: Any, world: SimpleNamespace, home: Path
) -> None:
    assessor = client_as("assessor")
    link = send(assessor, "post", f"answers/{world.answer.pk}/evidence", {"url": "https://example.org/p"}, 201)
    assert (link["kind"], link["created_by"]) == ("link", "assessor")
    file = io.BytesIO(b"a policy\n")
    file.name = "policy.txt"
    made = assessor.post(f"{BASE}/answers/{world.answer.pk}/evidence/", {"file": file})
    assert made.status_code == 201
    assert made.json()["digest"] == hashlib.sha256(b"a policy\n").hexdigest()
    read = client_as("viewer").get(f"{BASE}/evidence/{made.json()['id']}/file/")
    assert b"".join(read.streaming_content) == b"a policy\n"
    assert read["Content-Disposition"].startswith("attachment")
    assert client_as("outsider").get(f"{BASE}/evidence/{made.json()['id']}/file/").status_code == 404
    assert send(assessor, "post", f"answers/{world.answer.pk}/evidence", {"url": "javascript:1"}, 400)["hint"]
    assert Evidence.objects.count() == 2


def test_a_questionnaire_is_started_once_and_submitted(client_as: Any, world: SimpleNamespace) -> None:
    assessor = client_as("assessor")
    made = send(assessor, "post", "questionnaires", {"framework": "dcmm", "period": "2026-Q4"}, 201)
    send(assessor, "post", "questionnaires", {"framework": "dcmm", "period": "2026-Q4"}, 409)
    send(assessor, "post", "questionnaires", {"framework": "none", "period": "2026-Q4"}, 404)
    send(assessor, "post", f"questionnaires/{made['id']}/submit", {}, 400)
    done = send(assessor, "post", f"questionnaires/{world.questionnaire.pk}/submit", {}, 200)
    assert done["submitted_at"]
    shown = assessor.get(f"{BASE}/questionnaires/{world.questionnaire.pk}/").json()
    assert shown["progress"] == [{"domain": "strategy", "items": 1, "answered": 1, "known": 1}]
    framework = assessor.get(f"{BASE}/frameworks/{world.framework.pk}/").json()
    assert framework["domains"][0]["items"][0]["identifier"] == "planning"


def test_a_framework_says_why_its_items_matter_and_what_proves_them(client_as: Any) -> None:
    framework = framework_load(FRAMEWORKS / "dcmm-2018.yaml")
    shown = client_as("viewer").get(f"{BASE}/frameworks/{framework.pk}/").json()
    item = shown["domains"][0]["items"][0]
    stored = framework.domains.get(identifier="strategy").items.get(identifier="planning")
    assert (shown["attribution"], item["reference"], item["why"]) == ({}, "", stored.why)
    assert item["evidence"] == stored.typical_evidence
    assert [set(text) for text in item["evidence"]] == [{"en", "zh"}] * 4


def answer_a_checklist(assessor: Client) -> None:
    framework_load(FRAMEWORKS / "dcmm-2018.yaml")
    made = send(assessor, "post", "questionnaires", {"framework": "dcmm-2018", "period": "2026-Q3"}, 201)
    framework = assessor.get(f"{BASE}/frameworks/").json()["results"][0]
    domains = assessor.get(f"{BASE}/frameworks/{framework['id']}/").json()["domains"]
    keys = [f"{domain['identifier']}.{item['identifier']}" for domain in domains for item in domain["items"]]
    assert len(keys) == 28
    for key in keys:
        body = {"status": "level", "level": 3, "revision": 0}
        send(assessor, "put", f"questionnaires/{made['id']}/answers/{key}", body, 200)
    send(assessor, "post", f"questionnaires/{made['id']}/submit", {}, 200)


def test_an_assessment_is_computed_published_exported_and_verified(
    client_as: Any, organisation: Organisation, sent: list[Any]
) -> None:
    administrator = client_as("administrator")
    answer_a_checklist(client_as("assessor"))
    job = run(send(administrator, "post", "assessments", {"period": "2026-Q3"}, 202), administrator)
    assert job["state"] == "succeeded", job
    made = administrator.get(f"{BASE}/assessments/?period=2026-Q3").json()["results"][0]
    address = f"assessments/{made['id']}"
    assert send(administrator, "post", f"{address}/verify", {}, 400)["hint"]
    published = send(administrator, "post", f"{address}/publish", {}, 200)
    assert (published["state"], len(published["seal"])) == ("published", 64)
    exported = client_as("auditor").get(f"{BASE}/{address}/export/")
    document = json.loads(exported.content)
    assert document["seal"]["seal"] == published["seal"]
    assert send(client_as("auditor"), "post", f"{address}/verify", {}, 200)["valid"] is True
    assert send(client_as("auditor"), "post", "verify", document, 200)["valid"] is True
    document["period"] = "2026-Q4"
    changed = send(client_as("auditor"), "post", "verify", document, 200)
    assert (changed["valid"], bool(changed["reason"])) == (False, True)
    assert send(client_as("auditor"), "post", "verify", [], 200)["valid"] is False
    nodes = administrator.get(f"{BASE}/{address}/scores/").json()["results"]
    assert (nodes[0]["path"], nodes[0]["value"]) == ("", published["score"])
    assert nodes[0]["aggregation"] == {
        "method": "geometric", "weighting": "equal", "operator": None, "memberships": None, "comparison": None,
        "units": None,
    }  # fmt: skip
    assert nodes[-1]["aggregation"] is None
    maturity = next(node for node in nodes if node["path"] == "maturity")
    # level 3 everywhere: by the published cuts 2.5 -> 40 and 3.5 -> 60
    assert maturity["value"] == pytest.approx(50.0)


def test_jobs_show_their_log_and_never_their_trace(client_as: Any, world: SimpleNamespace) -> None:
    for role in ("viewer", "administrator"):
        assert b"secret" not in client_as(role).get(f"{BASE}/jobs/{world.job.pk}/").content
    lines = client_as("viewer").get(f"{BASE}/jobs/{world.job.pk}/log/").json()["results"]
    assert [line["message"] for line in lines] == ["first line", "second line"]
    later = client_as("viewer").get(f"{BASE}/jobs/{world.job.pk}/log/?after={lines[0]['id']}").json()["results"]
    assert [line["message"] for line in later] == ["second line"]
    assert client_as("viewer").get(f"{BASE}/jobs/{world.job.pk}/log/?after=x").status_code == 400


def test_a_job_is_cancelled_by_whoever_may_start_one(client_as: Any, world: SimpleNamespace) -> None:
    steward = client_as("steward")
    assert send(steward, "post", f"jobs/{world.job.pk}/cancel", {}, 200)["state"] == "cancelled"
    assert send(steward, "post", f"jobs/{world.job.pk}/cancel", {}, 409)["hint"]


def test_looking_at_the_jobs_sends_lost_ones_again(client_as: Any, world: SimpleNamespace, sent: list[Any]) -> None:
    Job.objects.update(enqueued_at="2020-01-01T00:00Z")
    client_as("viewer").get(f"{BASE}/jobs/")
    assert sent == [world.job.pk]


@pytest.mark.parametrize("text", ["a\u0000b", "\ud800"])
def test_texts_that_no_database_keeps_are_refused(client_as: Any, world: SimpleNamespace, text: str) -> None:
    body = {"dataset": world.dataset.pk, "name": "n", "check": "pattern", "parameters": {"regex": text}}
    answer = client_as("steward").post(f"{BASE}/rules/", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
