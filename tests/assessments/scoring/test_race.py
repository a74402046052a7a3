"""Several assessments published at the same moment make one chain, not a tree."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from shop import PERIOD, Shop

from assessments.scoring.models import Assessment
from assessments.scoring.services import assessment_compute, assessment_publish


@pytest.mark.django_db(transaction=True)
def test_publishing_at_once_makes_one_chain(shop: Shop) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lies in memory, where threads cannot wait for each other; PostgreSQL is tested")
    drafts = [assessment_compute(organisation=shop.organisation, period=PERIOD) for _ in range(6)]

    def publish(draft: Assessment) -> None:
        try:
            assessment_publish(assessment=draft, user=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(publish, drafts))
    links = dict(Assessment.objects.values_list("previous_seal", "seal"))
    seal, length = "", 0
    while seal in links:
        seal, length = links[seal], length + 1
    assert length == len(drafts)
