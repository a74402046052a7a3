"""The pages of repairs: put together, previewed, made, thrown away; proposed for what was found."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.accounts.models import Organisation
from assessments.dashboards.repair_words import repair_groups
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.models import Job
from assessments.quality.models import RepairRun, RuleSuggestion
from assessments.quality.repairs import all_repairs
from assessments.quality.services.repairs import repair_preview

CLIP = {"repair": "clip_out_of_range", "columns": ["price"], "parameters": {"min": 0}}


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


@pytest.fixture
def steward(client_as: Callable[[str], Client]) -> Client:
    return client_as("steward")


def test_every_repair_can_be_chosen_and_has_a_form(shop: SimpleNamespace, steward: Client) -> None:
    address = reverse("repair-new", args=[shop.dataset.pk])
    text = text_of(steward, address)
    for repair in all_repairs():
        assert f"?repair={repair.name}" in text
        form = text_of(steward, f"{address}?repair={repair.name}")
        for parameter in repair.parameters:
            assert f'name="parameter-{parameter.name}"' in form


def test_a_list_is_put_together_previewed_and_made(
    shop: SimpleNamespace, steward: Client, organisation: Organisation, sent: list[Any]
) -> None:
    page = reverse("dataset-repairs", args=[shop.dataset.pk])
    new = reverse("repair-new", args=[shop.dataset.pk])
    answer = steward.post(f"{new}?repair=clip_out_of_range", {"columns": ["price"], "parameter-min": "0"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Clip numbers to a range" in text_of(steward, page)
    answer = steward.post(reverse("repair-preview", args=[shop.dataset.pk]))
    job = Job.objects.get(kind="quality.repair_preview")
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert job.parameters == {"snapshot_id": shop.snapshot.pk, "steps": [CLIP]}
    done = job_run_here(organisation=organisation, kind=job.kind, subject="orders", parameters=job.parameters)
    run = RepairRun.objects.get(pk=done.result["repair"])
    assert done.result["url"] == reverse("repair", args=[run.pk])
    shown = text_of(steward, reverse("repair", args=[run.pk]))
    assert "Make the new snapshot" in shown
    assert "1 cell changed" in shown
    steward.post(reverse("repair-make", args=[run.pk]), {"check": "on"})
    job = Job.objects.get(kind="quality.repair")
    assert job.parameters == {"repair_id": run.pk, "check": True, "force": False}
    job_run_here(organisation=organisation, kind=job.kind, subject="orders", parameters=job.parameters)
    shown = text_of(steward, reverse("repair", args=[run.pk]))
    assert "Snapshot 2 ← snapshot 1" in shown
    assert shop.snapshot.digest in shown
    listed = text_of(steward, page)
    assert "2 ← 1" in listed
    assert "To be done" not in listed


def test_wrong_parameters_are_refused_in_the_form(shop: SimpleNamespace, steward: Client) -> None:
    new = reverse("repair-new", args=[shop.dataset.pk])
    answer = steward.post(f"{new}?repair=clip_out_of_range", {"columns": ["price"]})
    assert answer.status_code == 400
    assert "needs “min”" in answer.content.decode()
    assert steward.get(f"{new}?repair=nothing").status_code == 400


@pytest.mark.parametrize(
    ("repair", "first", "then"),
    [
        ("collapse_descriptions", "item_id", ["time", "price"]),
        ("correct_by_dependency", ["user_id", "item_id"], "price"),
        ("correct_by_votes", ["user_id", "item_id"], "price"),
    ],
)
def test_several_columns_are_chosen_where_a_repair_takes_several(
    repair: str, first: str | list[str], then: str | list[str], shop: SimpleNamespace, steward: Client
) -> None:
    new = f"{reverse('repair-new', args=[shop.dataset.pk])}?repair={repair}"
    form = text_of(steward, new)
    several = "column-0" if isinstance(first, list) else "column-1"
    assert form.count(f'type="checkbox" name="{several}"') == 4
    assert steward.post(new, {"column-0": first, "column-1": then}).status_code == 302
    steward.post(reverse("repair-preview", args=[shop.dataset.pk]))
    steps = Job.objects.get(kind="quality.repair_preview").parameters["steps"]
    names = [*([first] if isinstance(first, str) else first), *([then] if isinstance(then, str) else then)]
    assert [step["columns"] for step in steps] == [names]
    assert steward.post(new, {"column-0": first}).status_code == 400


def test_steps_are_taken_out_and_the_list_emptied(shop: SimpleNamespace, steward: Client) -> None:
    draft, page = (reverse(name, args=[shop.dataset.pk]) for name in ("repair-draft", "dataset-repairs"))
    for step in (CLIP, {"repair": "drop_duplicates"}):
        steward.post(draft, {"add": json.dumps(step)})
    steward.post(draft, {"remove": "0"})
    text = text_of(steward, page)
    assert "Drop duplicate rows" in text
    assert 'name="remove" value="1"' not in text
    steward.post(draft, {})
    assert "To be done" not in text_of(steward, page)
    for wrong in ("x", "[]", '{"repair": "x"}'):
        assert steward.post(draft, {"add": wrong}).status_code == 400
    assert steward.post(reverse("repair-preview", args=[shop.dataset.pk])).status_code == 400


def test_what_was_found_is_answered_by_proposals(shop: SimpleNamespace, steward: Client, sent: list[Any]) -> None:
    page = reverse("dataset-repairs", args=[shop.dataset.pk])
    RuleSuggestion.objects.create(
        snapshot=shop.snapshot,
        name="typing",
        check_name="allowed_values",
        reason="two writings",
        rows_flagged=2,
        repair={"repair": "correct_typos", "columns": ["item_id"]},
    )
    text = text_of(steward, page)
    assert "price is positive" in text
    assert "two writings" in text
    one = text_of(steward, f"{page}?finding={shop.finding.pk}")
    assert "Clip numbers to a range" in one
    assert "two writings" not in one
    steward.post(reverse("repair-draft", args=[shop.dataset.pk]), {"add": json.dumps(CLIP), "finding": shop.finding.pk})
    steward.post(reverse("repair-preview", args=[shop.dataset.pk]))
    assert Job.objects.get(kind="quality.repair_preview").parameters["finding_id"] == shop.finding.pk


def test_proposals_are_added_at_once_and_then_no_longer_offered(
    shop: SimpleNamespace, steward: Client, sent: list[Any]
) -> None:
    steps = [{"repair": name, "columns": ["item_id"]} for name in ("correct_typos", "normalise_spaces")]
    for number, step in enumerate([*steps, {"repair": "mask_column", "columns": ["user_id"]}]):
        RuleSuggestion.objects.create(
            snapshot=shop.snapshot,
            name=f"rule {number}",
            check_name="allowed_values",
            reason="two writings",
            rows_flagged=2,
            repair=step,
        )
    page = reverse("dataset-repairs", args=[shop.dataset.pk])
    text = text_of(steward, page)
    assert text.index("Ways to mend wrong values") < text.index("Ways to protect personal data")
    assert text.count(">Add all<") == 1
    documents = [json.dumps({**step, "parameters": {}}) for step in steps]
    steward.post(reverse("repair-draft", args=[shop.dataset.pk]), {"add": documents})
    text = text_of(steward, page)
    assert [
        text.count(f"<strong>{label}</strong>") for label in ("Correct typing errors", "Take out stray spaces")
    ] == [
        1,
        1,
    ]
    assert "Mask values" in text


def test_every_repair_stands_under_one_heading() -> None:
    groups = repair_groups()
    assert sorted(repair.name for _heading, repairs in groups for repair in repairs) == sorted(
        repair.name for repair in all_repairs()
    )
    assert "Others" not in dict(groups)
    assert all(repair.about_persons for repair in dict(groups)["Personal data"])


def test_a_preview_is_thrown_away(shop: SimpleNamespace, steward: Client) -> None:
    steward.post(reverse("repair-discard", args=[shop.repair.pk]))
    assert not RepairRun.objects.exists()


def test_a_reader_sees_the_pages_without_their_buttons(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    viewer = client_as("viewer")
    assert "Make the new snapshot" not in text_of(viewer, reverse("repair", args=[shop.repair.pk]))
    assert "Choose a repair" not in text_of(viewer, reverse("dataset-repairs", args=[shop.dataset.pk]))


def test_pages_mask_what_is_about_a_person(shop: SimpleNamespace, steward: Client) -> None:
    steps = [{"repair": "normalise_case", "columns": ["user_id"], "parameters": {"to": "upper"}}]
    run = repair_preview(snapshot=shop.snapshot, steps=steps)
    text = text_of(steward, reverse("repair", args=[run.pk]))
    assert "U•" in text
    assert "U1" not in text


def test_the_list_asks_no_more_for_more_repairs(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    viewer, page = client_as("viewer"), reverse("dataset-repairs", args=[shop.dataset.pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(viewer, page)
        return len(captured)

    asked()
    before = asked()
    for _number in range(8):
        RepairRun.objects.create(
            snapshot=shop.snapshot,
            result=shop.snapshot,
            steps=[{"repair": "drop_duplicates"}],
            created_by=shop.token.user,
        )
    assert asked() == before
