"""The OpenAPI document is valid and complete, and its page needs no other host."""

import re
from typing import Any

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import validate


@pytest.fixture
def document(db: None) -> dict[str, Any]:
    answer = Client().get("/api/v1/schema/")
    assert answer.status_code == 200
    loaded: dict[str, Any] = yaml.safe_load(answer.content)
    return loaded


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.")


def test_the_generator_has_nothing_to_complain_about(capsys: pytest.CaptureFixture[str]) -> None:
    from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats

    reset_generator_stats()
    SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("datasets/", {"get", "post"}),
        ("datasets/{id}/snapshots/", {"post"}),
        ("rules/{id}/", {"get", "put", "delete"}),
        ("quality-runs/{id}/results/", {"get"}),
        ("training-runs/", {"get", "post"}),
        ("training-runs/compare/", {"get"}),
        ("training-runs/{id}/promote/", {"post"}),
        ("training-runs/{id}/bundle/", {"get"}),
        ("training-runs/{id}/evaluation/", {"get"}),
        ("promotions/{id}/", {"get"}),
        ("tunings/", {"get", "post"}),
        ("tunings/{id}/train/", {"post"}),
        ("questionnaires/{id}/answers/{key}/", {"put"}),
        ("assessments/{id}/export/", {"get"}),
        ("verify/", {"post"}),
        ("jobs/{id}/cancel/", {"post"}),
        ("session/", {"get", "post", "delete"}),
    ],
)
def test_the_document_names_the_addresses(document: dict[str, Any], path: str, methods: set[str]) -> None:
    assert set(document["paths"][f"/api/v1/{path}"]) == methods


def test_both_ways_of_saying_who_asks_are_described(document: dict[str, Any]) -> None:
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}


def test_the_page_loads_nothing_from_outside_and_runs_no_script_of_its_own(db: None) -> None:
    answer = Client().get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert [address for address in loaded if not address.startswith("/")] == []
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert re.findall(r"\son\w+=", page) == []
    for address in loaded:
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/"))
        else:
            assert Client().get(address.replace("&amp;", "&")).status_code == 200


def test_the_entrance_names_every_list(db: None) -> None:
    listed = Client().get("/api/v1/").json()
    assert listed["datasets"] == "/api/v1/datasets/"
    for address in listed.values():
        assert Client().get(address).status_code in {200, 401, 405}
