"""Pages ask the database the same number of times however many rows they show."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.checklists.models import Questionnaire
from assessments.datasets.models import Dataset
from assessments.jobs.models import Job
from assessments.quality.models import Finding
from assessments.recommenders.models import TrainingRun
from assessments.scoring.models import Assessment

MORE = 8
# The session, the person and the memberships are three of them.
PINNED = {
    "/": 14,
    "/assessments/": 5,
    "/findings/": 7,
    "/datasets/": 5,
    "/recommenders/": 8,
    "/recommenders/in-use/": 5,
    "/recommenders/tunings/": 5,
    "/jobs/": 7,
    "/account/": 4,
}


def add_rows(shop: SimpleNamespace, trained: Callable[..., TrainingRun]) -> None:
    organisation = shop.organisation
    for n in range(MORE):
        other = Dataset.objects.create(organisation=organisation, name=f"other {n}", kind="items", source_kind="url")
        Finding.objects.create(dataset=other, title=f"finding {n}", severity="error", last_result=shop.result)
        Job.objects.create(organisation=organisation, kind="quality.check", subject=f"{n}", started_by=shop.token.user)
        trained(shop.snapshot, digest=f"{n}" * 64)
        Assessment.objects.create(
            organisation=organisation,
            scoring_model=shop.assessment.scoring_model,
            period=f"20{n + 10}-Q1",
            as_of=shop.run.as_of,
        )


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", PINNED)
def test_lists_ask_no_more_for_more_rows(
    address: str, shop: SimpleNamespace, trained: Callable[..., Any], client_as: Callable[[str], Client]
) -> None:
    client = client_as("viewer")
    client.get(address)
    few = count(client, address)
    add_rows(shop, trained)
    many = count(client, address)
    assert many <= few
    assert many <= PINNED[address]


def test_the_list_of_questionnaires_asks_once_more_for_each_of_at_most_ten(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client = client_as("viewer")
    client.get("/checklists/")
    few = count(client, "/checklists/")
    for n in range(20):
        Questionnaire.objects.create(
            organisation=shop.organisation, framework=shop.questionnaire.framework, period=f"20{n + 10}-Q1"
        )
    assert count(client, "/checklists/") - few <= 10


def test_a_dataset_asks_no_more_for_more_rules(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client, address = client_as("steward"), f"/datasets/{shop.dataset.pk}/"
    client.get(address)
    few = count(client, address)
    for n in range(MORE):
        shop.result.pk, shop.result.rule_name = None, f"another {n}"
        shop.result.save()
    assert count(client, address) == few
    assert few <= 17
