"""The pages of the profile and of suggested rules."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.accounts.models import Organisation
from assessments.dashboards.profile_charts import column_chart, events_chart, tail_chart
from assessments.dashboards.profile_words import figure
from assessments.datasets.models import Snapshot
from assessments.jobs.models import Job
from assessments.quality.models import Profile, Rule, RuleSuggestion
from assessments.quality.services.profiles import profile_make
from assessments.quality.services.suggestions import suggestions_make

ClientAs = Callable[[str], Client]


def wide(columns: int) -> dict[str, Any]:
    one = {
        "kind": "number",
        "personal": False,
        "nulls": 0,
        "null_share": 0.0,
        "distinct": 90,
        "distinct_sketched": True,
        "min": 1.0,
        "max": 2.0,
        "quartiles": [1.2, 1.5, 1.7],
        "quartiles_sketched": True,
        "mean": 1.5,
        "deviation": 0.2,
        "histogram": {"edges": [1.0, 1.5, 2.0], "counts": [40, 50], "below": 0, "above": 3, "of_rows": 100},
        "top": [],
        "top_of_rows": 100,
    }
    told = [{**one, "name": f"c{number:03d}"} for number in range(columns)]
    return {
        "version": 1,
        "rows": 100,
        "columns_in_all": columns + 5,
        "duplicates": {},
        "activity": {},
        "roles": {},
        "columns": told,
    }


def test_an_unprofiled_dataset_says_so_and_has_the_button(
    orders: Snapshot, client_as: ClientAs, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    address = reverse("dataset-profile", args=[orders.dataset_id])
    assert "Look at the snapshot" in client_as("steward").get(address).content.decode()
    assert "Look at the snapshot" not in client_as("viewer").get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = client_as("steward").post(reverse("profile-start", args=[orders.dataset_id]))
    job = Job.objects.get(kind="quality.profile")
    assert response["Location"] == reverse("job", args=[job.pk])
    assert (job.parameters, sent) == ({"snapshot_id": orders.pk, "again": True}, [job.pk])


def test_the_profile_shows_figures_with_units_and_a_table_under_each_chart(
    orders: Snapshot, client_as: ClientAs
) -> None:
    profile_make(snapshot=orders)
    text = client_as("viewer").get(reverse("dataset-profile", args=[orders.dataset_id])).content.decode()
    for shown in ("Rows for each day", "The long tail", "Gini", "item_id", "25.0 %", "The numbers as a table"):
        assert shown in text, shown
    assert "u1" not in text  # users are masked
    assert text.count("data-chart=") == 2 + 3  # of users no value may be drawn


def test_many_columns_come_in_pages_and_by_name(
    orders: Snapshot, client_as: ClientAs, django_assert_max_num_queries: Any
) -> None:
    Profile.objects.create(snapshot=orders, content=wide(200))
    client, address = client_as("viewer"), reverse("dataset-profile", args=[orders.dataset_id])
    with django_assert_max_num_queries(14):
        text = client.get(address).content.decode()
    assert text.count("data-chart=") == 12
    assert "1 to 12 of 200" in text
    assert "5 more were not looked at" in text
    assert "sketched" in text
    assert len(text) < 150_000
    assert client.get(address, {"column": "C19", "page": "x"}).content.decode().count("data-chart=") == 10
    assert "No column has this in its name" in client.get(address, {"column": "zzz"}).content.decode()


def test_what_changed_since_the_snapshot_before(orders: Snapshot, client_as: ClientAs) -> None:
    before, now = wide(2), wide(2)
    now["columns"][1] |= {"null_share": 0.5, "nulls": 50}
    Profile.objects.create(snapshot=orders, content=before)
    later = Snapshot.objects.create(
        dataset=orders.dataset, number=2, digest="e" * 64, rows=4, bytes=1, storage_key=orders.storage_key
    )
    Profile.objects.create(snapshot=later, content=now)
    text = client_as("viewer").get(reverse("dataset-profile", args=[orders.dataset_id])).content.decode()
    assert "What changed since snapshot 1" in text
    assert "share of empty cells" in text
    assert "50.0 %" in text


def test_charts_of_columns_events_and_tails() -> None:
    few = {
        "name": "n",
        "kind": "integer",
        "distinct": 2,
        "histogram": {"edges": [0.5, 1.5, 2.5], "counts": [1, 2], "below": 0, "above": 0},
        "top": [{"value": 2, "count": 2, "share": 2 / 3}, {"value": 1, "count": 1, "share": 1 / 3}],
    }
    drawn = column_chart(few, 0)
    assert drawn is not None
    assert drawn.rows == [["2", "2", "66.7 %"], ["1", "1", "33.3 %"]]
    many = column_chart(few | {"distinct": 30}, 1)
    assert many is not None
    assert many.rows == [["0.5 – 1.5", "1"], ["1.5 – 2.5", "2"]]
    assert column_chart({"name": "x", "kind": "text", "distinct": 0, "top": []}, 2) is None
    events = events_chart({"unit": "month", "periods": ["2026-01"], "counts": [1234]})
    assert events.rows == [["2026-01", "1,234"]]
    tail = tail_chart({"items": {"curve": [[0.0, 0.0], [0.01, 0.4], [1.0, 1.0]]}})
    assert tail is not None
    assert tail.rows[1] == ["1.0 %", "40.0 %"]
    assert tail_chart({}) is None
    assert [figure(value) for value in (1234, 2.0, 12.345, 0.01234, "2026-01-01 00:00:00")] == [
        "1,234",
        "2",
        "12.35",
        "0.0123",
        "2026-01-01",
    ]


def test_suggestions_are_listed_accepted_and_declined(shop: SimpleNamespace, client_as: ClientAs) -> None:
    steward, address = client_as("steward"), reverse("dataset-suggestions", args=[shop.dataset.pk])
    text = steward.get(address).content.decode()
    assert "item is filled" in text
    assert "All rows have one." in text
    decide = reverse("suggestion-decide", args=[shop.suggestion.pk])
    assert steward.post(decide, {"decision": "neither"}).status_code == 302
    assert RuleSuggestion.objects.get().state == "open"
    steward.post(decide, {"decision": "accept"})
    assert Rule.objects.filter(dataset=shop.dataset, name="item is filled").exists()
    assert steward.post(decide, {"decision": "decline"}).status_code == 409
    text = steward.get(address).content.decode()
    assert "Nothing is left to decide" in text
    assert "Accepted" in text


def test_suggestions_that_flag_rows_come_first_under_a_heading(shop: SimpleNamespace, client_as: ClientAs) -> None:
    RuleSuggestion.objects.update(rows_flagged=0)
    for name, rows in (("watches", None), ("flags", 3)):
        RuleSuggestion.objects.create(
            snapshot=shop.snapshot, name=name, check_name="completeness", reason="Full.", rows_flagged=rows
        )
    text = client_as("viewer").get(reverse("dataset-suggestions", args=[shop.dataset.pk])).content.decode()
    pieces = [
        "They flag rows now",
        ">1</span>",
        '<strong class="wrap-anywhere">flags<',
        "They flag nothing now",
        ">2</span>",
    ]
    places = [text.index(piece, text.index("They flag rows now")) for piece in pieces]
    assert places == sorted(places)
    assert text.index("They flag nothing now") < text.index(">item is filled<") < text.index(">watches<")
    assert text.count("They flag nothing now") == 1


def test_columns_that_are_not_looked_at_are_told(
    shop: SimpleNamespace, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, count = reverse("dataset-suggestions", args=[shop.dataset.pk]), shop.snapshot.columns.count()
    assert "are looked at." not in client_as("viewer").get(address).content.decode()
    monkeypatch.setattr("assessments.quality.profile.document.COLUMNS_MEASURED", 2)
    assert count > 2
    assert f"Of {count} columns the first 2 are looked at." in client_as("viewer").get(address).content.decode()


def test_all_that_is_shown_is_accepted_at_once(
    shop: SimpleNamespace, other_organisation: Organisation, client_as: ClientAs
) -> None:
    RuleSuggestion.objects.create(
        snapshot=shop.snapshot, name="price", check_name="completeness", columns=["price"], reason="Full."
    )
    numbers = list(RuleSuggestion.objects.values_list("pk", flat=True))
    address = reverse("suggestions-accept", args=[shop.dataset.pk])
    rules = Rule.objects.count()
    assert client_as("viewer").post(address, {"suggestion": numbers}).status_code == 403
    client_as("steward").post(address, {"suggestion": [*numbers, "x", "999999"]})
    assert Rule.objects.count() == rules + 2
    assert not RuleSuggestion.objects.filter(state="open").exists()


def test_a_list_of_suggestions_takes_few_queries(
    shop: SimpleNamespace, client_as: ClientAs, django_assert_max_num_queries: Any
) -> None:
    suggestions_make(snapshot=shop.snapshot)
    client = client_as("viewer")
    with django_assert_max_num_queries(10):
        client.get(reverse("dataset-suggestions", args=[shop.dataset.pk]))


@pytest.mark.parametrize("name", ["dataset-profile", "dataset-suggestions"])
def test_pages_before_the_first_reading(name: str, organisation: Organisation, client_as: ClientAs) -> None:
    dataset = organisation.datasets.create(name="new", kind="items", source_kind="path", source_location="x")
    assert client_as("steward").get(reverse(name, args=[dataset.pk])).status_code == 200
