"""Counts with noise: what is counted is exact, the noise is as large as it must be, and the budget holds."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings

from assessments.accounts.models import AuditEvent, Organisation
from assessments.common.errors import CancelledError, ConflictError, GovernError
from assessments.datasets.models import Snapshot
from assessments.jobs.dispatch import job_run_here
from assessments.quality.models import NoisyCounts
from assessments.quality.repairs.noise import margin, noisy, true_counts
from assessments.quality.selectors import privacy_spent
from assessments.quality.services.noise import noisy_counts_publish
from assessments.quality.services.opening import snapshot_open

ROWS = {"user": ["a", "a", "b", "b", "c", None], "event": ["view", "buy", "view", "view", "gift", "view"]}


@pytest.fixture
def orders(make_snapshot: Callable[..., Snapshot]) -> Snapshot:
    return make_snapshot(ROWS)


@pytest.mark.parametrize(
    ("unit", "most", "expected"),
    [(None, 1, [4, 1, 1]), ("user", 1, [2, 0, 1]), ("user", 2, [2, 1, 1])],
)
def test_rows_or_persons_are_counted(orders: Snapshot, unit: str | None, most: int, expected: list[int]) -> None:
    with snapshot_open(orders) as scanner:
        of = scanner.table[unit] if unit else None
        found = true_counts(
            scanner.table, scanner.row or "", scanner.runner, scanner.table.event, ["view", "buy"], of, most
        )
    assert found == expected


def test_the_noise_has_the_spread_of_its_epsilon() -> None:
    """The variance of discrete Laplace noise is 2q / (1 - q)² with q = exp(-epsilon / most)."""
    pytest.importorskip("opendp")
    for epsilon, most in ((0.5, 1), (1.0, 3)):
        found = noisy([1_000] * 20_000, epsilon=epsilon, most=most)
        q = math.exp(-epsilon / most)
        variance = sum((one - 1_000) ** 2 for one in found) / len(found)
        assert variance == pytest.approx(2 * q / (1 - q) ** 2, rel=0.1)
        assert sum(found) / len(found) == pytest.approx(1_000, abs=0.3)
        inside = sum(abs(one - 1_000) <= margin(epsilon, most) for one in found) / len(found)
        assert inside == pytest.approx(0.95, abs=0.03)
    assert min(noisy([0] * 1_000, epsilon=0.1)) == 0


def test_publishing_uses_the_budget_once_for_the_same_counts(orders: Snapshot, settings: LazySettings) -> None:
    pytest.importorskip("opendp")
    settings.PRIVACY_BUDGET = 1.0
    first = noisy_counts_publish(snapshot=orders, column="event", values=["view", "buy"], epsilon=0.6)
    assert [one["value"] for one in first.counts] == ["view", "buy", None]
    assert first.margin == pytest.approx(math.log(20) / 0.6)
    assert noisy_counts_publish(snapshot=orders, column="event", values=["view", "buy"], epsilon=0.6) == first
    assert privacy_spent(orders.dataset) == pytest.approx(0.6)
    with pytest.raises(ConflictError, match=r"0\.4 left"):
        noisy_counts_publish(snapshot=orders, column="event", values=["view"], epsilon=0.5)
    noisy_counts_publish(snapshot=orders, column="event", values=["view"], epsilon=0.4)
    assert privacy_spent(orders.dataset) == pytest.approx(1.0)
    assert AuditEvent.objects.filter(action="dataset.counts").count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"epsilon": 0.0},
        {"epsilon": 11.0},
        {"values": []},
        {"values": ["a", "a"]},
        {"most": 0},
        {"most": 9},
        {"column": "nothing"},
        {"unit": "nothing"},
    ],
    ids=str,
)
def test_wrong_questions_are_refused_and_cost_nothing(orders: Snapshot, wrong: dict[str, Any]) -> None:
    with pytest.raises(GovernError):
        noisy_counts_publish(snapshot=orders, **{"column": "event", "values": ["view", "buy"], "epsilon": 0.5, **wrong})
    assert not NoisyCounts.objects.exists()


def test_another_organisation_publishes_nothing(orders: Snapshot, other_organisation: Organisation) -> None:
    parameters = {"snapshot_id": orders.pk, "column": "event", "values": ["view"], "epsilon": 0.5}
    with pytest.raises(GovernError):
        job_run_here(organisation=other_organisation, kind="quality.publish_counts", subject="x", parameters=parameters)
    assert not NoisyCounts.objects.exists()


@pytest.mark.parametrize("at", [0.1, 0.9, 0.95])
def test_a_cancelled_publication_is_none_and_costs_nothing(orders: Snapshot, at: float) -> None:
    """Wherever it is: before counting, while it counts, and when the noise is there."""
    pytest.importorskip("opendp")

    def stop(fraction: float, message: str = "") -> None:
        if fraction >= at:
            raise CancelledError("stop")

    asked = {"snapshot": orders, "column": "event", "values": ["view"], "epsilon": 0.5}
    with pytest.raises(CancelledError):
        noisy_counts_publish(**asked, progress=stop)
    assert not NoisyCounts.objects.exists()
    assert not AuditEvent.objects.filter(action="dataset.counts").exists()
    noisy_counts_publish(**asked)
    assert privacy_spent(orders.dataset) == 0.5


def test_of_two_that_ask_the_same_at_once_one_pays(orders: Snapshot) -> None:
    pytest.importorskip("opendp")
    asked = {"snapshot": orders, "column": "event", "values": ["view"], "epsilon": 0.5}
    first: list[NoisyCounts] = []

    def meanwhile(fraction: float, message: str = "") -> None:
        if fraction == 0.95:
            first.append(noisy_counts_publish(**asked))

    second = noisy_counts_publish(**asked, progress=meanwhile)
    assert (second.pk, second.counts) == (first[0].pk, first[0].counts)
    assert privacy_spent(orders.dataset) == 0.5
