"""Names planted in columns that do not say so, before and after a search for personal data finds them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client

from assessments.accounts.models import User
from assessments.datasets.models import Snapshot
from assessments.quality.models import PersonalDataHit, PersonalDataScan, Profile, RuleSuggestion
from assessments.quality.personal_data.selectors import masked_columns
from assessments.quality.services import quality_run_execute, rule_save
from assessments.quality.services.personal_data import personal_data_decide, personal_data_scan
from assessments.quality.services.profiles import profile_make
from assessments.quality.services.repairs import repair_preview
from assessments.quality.services.suggestions import suggestions_make

LAST = ["Bagshaw", "Fotheringay", "Wolstenholme", "Cholmondeley"]


def orders(rows: int = 120) -> dict[str, Any]:
    """Notes with a telephone number and a name, card holders under a name that says nothing, and prices."""
    names = [f"Mary {LAST[at % 4]}" if at % 30 else f"Mary {LAST[at % 4]}x" for at in range(rows)]
    return {
        "order": list(range(rows)),
        "remark": [f"call {name} on +44 20 7946 0958" for name in names],
        "z": names,
        "price": [float(at % 30) for at in range(rows)],
    }


def kept() -> str:
    """Whatever our tables hold, as one text."""
    models = [model for model in apps.get_models() if model.__module__.startswith("assessments")]
    return "".join(serializers.serialize("json", model.objects.all(), ensure_ascii=False) for model in models)


def everything_measured(snapshot: Snapshot) -> None:
    dataset = snapshot.dataset
    profile_make(snapshot=snapshot, again=True)
    suggestions_make(snapshot=snapshot)
    for check, columns, parameters in (
        ("unique_key", ["remark"], {}),
        ("allowed_values", ["z"], {"values": ["nobody"]}),
        ("range", ["price"], {"max": 3}),
    ):
        if not dataset.rules.filter(check_name=check).exists():
            rule_save(dataset=dataset, name=check, check=check, columns=columns, parameters=parameters)
    quality_run_execute(snapshot=snapshot)
    repair_preview(snapshot=snapshot, steps=[{"repair": "normalise_case", "columns": ["z", "remark"]}])
    repair_preview(snapshot=snapshot, steps=[{"repair": "drop_duplicates", "columns": ["price"]}])


def names_found(snapshot: Snapshot) -> PersonalDataHit:
    """What a trained tagger would say of the column, which the patterns cannot."""
    scan = personal_data_scan(snapshot=snapshot)
    assert {(hit.column, hit.in_text) for hit in scan.hits.all()} == {("remark", True)}
    return PersonalDataHit.objects.create(
        scan=scan, column="z", entity="person_name", confidence=0.6, share=1, rows=120
    )


def test_what_was_kept_before_a_search_is_masked_by_it(
    make_snapshot: Callable[..., Snapshot], members: dict[str, User], client_as: Callable[[str], Client]
) -> None:
    snapshot = make_snapshot(orders())
    everything_measured(snapshot)
    assert "Bagshaw" in kept()  # nothing could know
    assert RuleSuggestion.objects.filter(columns=["z"]).exists()
    personal_data_decide(hit=names_found(snapshot), user=members["steward"], decision="confirmed")
    assert [name for name in LAST if name.lower() in kept().lower()] == []
    columns = {one["name"]: one for one in Profile.objects.get().content["columns"]}
    assert columns["z"]["personal"]
    assert columns["z"]["top"][0]["value"][:2] == "M•"
    assert columns["price"]["max"] == 29.0
    assert not columns["price"]["personal"]
    assert_shown_nowhere(client_as("administrator"), snapshot)


def test_what_is_measured_after_a_search_is_masked_at_once(
    make_snapshot: Callable[..., Snapshot], client_as: Callable[[str], Client]
) -> None:
    snapshot = make_snapshot(orders())
    names_found(snapshot)
    everything_measured(snapshot)
    assert [name for name in LAST if name.lower() in kept().lower()] == []
    assert not RuleSuggestion.objects.filter(columns=["z"], check_name="allowed_values").exists()
    assert_shown_nowhere(client_as("administrator"), snapshot)


def assert_shown_nowhere(client: Client, snapshot: Snapshot) -> None:
    base = f"/datasets/{snapshot.dataset_id}/"
    pages = ["", "profile/", "suggestions/", "personal-data/", "repairs/", "export/profile.json/"]
    for page in [*pages, "export/profile.csv/", "export/results.json/", "export/croissant.json/"]:
        response = client.get(base + page)
        assert response.status_code == 200, page
        text = b"".join(response).decode() if response.streaming else response.content.decode()
        assert [name for name in LAST if name.lower() in text.lower()] == [], page
    for address in ("profiles", "rule-suggestions", "personal-data-hits", "repairs", "quality-runs", "jobs"):
        listed = client.get(f"/api/v1/{address}/").json()["results"]
        text = json.dumps([listed, *(client.get(f"/api/v1/{address}/{one['id']}/").json() for one in listed)])
        assert [name for name in LAST if name.lower() in text.lower()] == [], address


@pytest.mark.parametrize(
    ("entity", "decisions", "hidden"),
    [
        ("email", ["open"], True),
        ("city", ["open"], False),  # a town tells nobody
        ("city", ["confirmed"], True),
        ("birth_date", ["open"], True),
        ("email", ["open", "dismissed"], False),  # the newest decision holds
        ("email", ["dismissed", "open"], True),
        ("a_type_of_another_version", ["open"], False),
    ],
)
def test_which_columns_are_masked(
    entity: str, decisions: list[str], hidden: bool, make_snapshot: Callable[..., Snapshot]
) -> None:
    snapshot = make_snapshot({"z": ["a"], "price": [1.0]})
    for decision in decisions:
        scan = PersonalDataScan.objects.create(snapshot=snapshot)
        PersonalDataHit.objects.create(scan=scan, column="z", entity=entity, confidence=0.9, share=1, decision=decision)
    assert masked_columns(snapshot) == ({"z"} if hidden else set())
