"""Errors have one shape, whatever went wrong."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from assessments.common.errors import ConflictError

BASE = "/api/v1"
MEMBERS = {"type", "title", "status", "detail", "where", "hint"}


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body: dict[str, Any] = answer.json()
    assert set(body) >= MEMBERS
    assert body["status"] == status
    return body


def test_an_address_that_is_not_there(client_as: Any) -> None:
    for client in (Client(), client_as("viewer")):
        problem(client.get(f"{BASE}/nothing/"), 404)
        problem(client.post(f"{BASE}/nothing/", {}, content_type="text/weird"), 404)
    problem(client_as("viewer").get(f"{BASE}/datasets/9999999/"), 404)
    for digits in (23, 5000):
        problem(client_as("viewer").get(f"{BASE}/datasets/{'9' * digits}/"), 404)
        problem(client_as("administrator").post(f"{BASE}/assessments/{'9' * digits}/publish/"), 404)


def test_a_method_that_is_not_there(client_as: Any, world: SimpleNamespace) -> None:
    problem(client_as("administrator").delete(f"{BASE}/datasets/{world.dataset.pk}/"), 405)


def test_fields_that_are_not_valid_are_named(client_as: Any) -> None:
    body = {"name": "", "kind": "bread", "roles": {"user": ["x"]}, "options": {"speed": 1}, "path": "/x"}
    found = problem(client_as("steward").post(f"{BASE}/datasets/", body, content_type="application/json"), 400)
    assert [error["field"] for error in found["errors"]] == ["name", "kind", "roles.user", "options"]
    assert found["where"] == "name, kind, roles.user, options"


@pytest.mark.parametrize("sources", [{}, {"path": "/x", "url": "https://example.org/x.csv"}])
def test_exactly_one_source_is_named(client_as: Any, sources: dict[str, str]) -> None:
    body = {"name": "n", "kind": "items", **sources}
    found = problem(client_as("steward").post(f"{BASE}/datasets/", body, content_type="application/json"), 400)
    assert found["errors"] == [{"field": "", "message": "Name exactly one source: file, path, url, object or table."}]


@pytest.mark.parametrize("body", ["{", "[]", "null", '"x"', "[" * 100_000, '{"name": "\\ud800"}', "\x00"])
def test_bodies_that_are_no_object(client_as: Any, body: str) -> None:
    answer = client_as("steward").post(f"{BASE}/datasets/", body, content_type="application/json")
    problem(answer, 400)


@pytest.mark.parametrize("length", ["abc", "-1", "٣", "9" * 5000])
def test_a_length_that_is_no_number(client_as: Any, length: str) -> None:
    # Not by way of the client's own parsing: a web server hands the header on as it came.
    answer = client_as("auditor").post(f"{BASE}/verify/", {}, content_type="application/json", CONTENT_LENGTH=length)
    problem(answer, 400)


def test_a_body_that_is_too_large_is_not_read(client_as: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = {"name": "x" * 200}
    problem(client_as("steward").post(f"{BASE}/datasets/", body, content_type="application/json"), 413)


def test_a_body_of_another_type(client_as: Any) -> None:
    problem(client_as("steward").post(f"{BASE}/datasets/", "a,b", content_type="text/csv"), 415)


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?page=99999999999999999999", "?kind=bread", "?page=2"], ids=str
)
def test_wrong_pages_and_filters(client_as: Any, query: str) -> None:
    answer = client_as("viewer").get(f"{BASE}/datasets/{query}")
    problem(answer, 400 if "kind" in query else 404)


def test_an_expected_failure_says_what_where_and_how_to_mend_it(client_as: Any, world: SimpleNamespace) -> None:
    body = {"dataset": world.dataset.pk, "name": "n", "check": "completeness", "columns": ["usre"]}
    found = problem(client_as("steward").post(f"{BASE}/rules/", body, content_type="application/json"), 400)
    assert found["type"] == "urn:govern:problem:refused"
    assert "usre" in found["detail"] + found["where"]
    assert found["hint"]


def test_a_crash_is_logged_and_tells_nobody_anything(
    client_as: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(organisation: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("assessments.api.views.datasets.datasets_of", crash)
    answer = client_as("viewer").get(f"{BASE}/datasets/")
    problem(answer, 500)
    assert b"secret" not in answer.content
    assert "secret detail" in caplog.text


def test_a_conflict_has_its_status(client_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(organisation: object) -> None:
        raise ConflictError("Taken.", where="here", hint="Choose another.")

    monkeypatch.setattr("assessments.api.views.datasets.datasets_of", refuse)
    found = problem(client_as("viewer").get(f"{BASE}/datasets/"), 409)
    assert (found["detail"], found["where"], found["hint"]) == ("Taken.", "here", "Choose another.")


def test_pages_are_bounded(client_as: Any, world: SimpleNamespace, organisation: Any) -> None:
    from assessments.jobs.models import Job

    Job.objects.bulk_create(Job(organisation=organisation, kind="x.y", subject=str(n)) for n in range(250))
    viewer = client_as("viewer")
    assert len(viewer.get(f"{BASE}/jobs/").json()["results"]) == 50
    page = viewer.get(f"{BASE}/jobs/?page_size=100000").json()
    assert (len(page["results"]), page["count"]) == (200, 251)
    assert viewer.get(page["next"]).json()["next"] is None
    assert viewer.get(f"{BASE}/jobs/?kind=quality.check").json()["count"] == 1
