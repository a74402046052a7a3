"""Runs beside each other on the same people, or the reason why not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.cache import cache

from assessments.common.errors import GovernError, NotFoundError
from assessments.datasets.models import Dataset
from assessments.recommenders.comparing import difference_of, differences_of
from assessments.recommenders.models import TrainingRun
from assessments.recommenders.selectors import runs_named
from ml.evaluation.uncertainty import paired_difference

Finished = Callable[..., TrainingRun]
ONE, OTHER = [0.1, 0.2, 0.3, 0.4], [0.3, 0.3, 0.5, 0.5]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def test_each_run_is_held_against_the_first(dataset: Dataset, finished: Finished) -> None:
    runs = [finished(dataset, ndcg=values) for values in (ONE, OTHER, ONE)]
    better, same = differences_of(runs, "ndcg@10")
    expected = paired_difference(np.array(OTHER), np.array(ONE))
    assert (better.value, better.low, better.high, better.users) == (expected.value, expected.low, expected.high, 4)
    assert better.value == pytest.approx(0.15)
    assert (better.run, better.against, same.value) == (runs[1].pk, runs[0].pk, 0.0)
    alone = differences_of(runs[:2], "ndcg@10")[0]
    assert (alone.verdict, alone.adjusted_p) == ("better", None)
    assert differences_of([runs[1], runs[0]], "ndcg@10")[0].verdict == "worse"


def test_several_differences_are_held_to_account_for_being_many(dataset: Dataset, finished: Finished) -> None:
    first, other, same = (finished(dataset, ndcg=values) for values in (ONE, OTHER, ONE))
    found = differences_of([first, other, same], "ndcg@10")
    assert [each.p_value for each in found] == [2 / 16, 1.0]  # four users: all signs alike, one way or the other
    assert [each.adjusted_p for each in found] == pytest.approx(by_hand([2 / 16, 1.0]))
    assert [each.verdict for each in found] == ["no_difference", "no_difference"]  # the interval alone said better


def test_what_stands_out_is_still_called_better(dataset: Dataset, finished: Finished) -> None:
    low, high = [0.1, 0.2, 0.3, 0.4] * 3, [0.3, 0.3, 0.5, 0.5] * 3
    runs = [finished(dataset, ndcg=values) for values in (low, high, low)]
    found = differences_of(runs, "ndcg@10")
    assert found[0].p_value == 2 / 2**12
    assert [each.verdict for each in found] == ["better", "no_difference"]
    assert [each.verdict for each in differences_of([runs[1], runs[0], runs[1]], "ndcg@10")] == [
        "worse",
        "no_difference",
    ]


def by_hand(p_values: list[float]) -> list[float]:
    """Benjamini and Yekutieli 2001 for ascending p-values."""
    count = len(p_values)
    factor = sum(1 / place for place in range(1, count + 1))
    raised = [p_value * count / place * factor for place, p_value in enumerate(p_values, 1)]
    return [min(1.0, *raised[place:]) for place in range(count)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"protocol_digest": "e" * 64, "protocol": {"repeats": "masked"}}, "different ways: .*items already bought"),
        ({"state": "failed"}, "has no results"),
    ],
)
def test_runs_measured_in_different_ways_are_refused_with_the_reason(
    changes: dict[str, Any], words: str, dataset: Dataset, finished: Finished
) -> None:
    with pytest.raises(GovernError, match=words):
        differences_of([finished(dataset), finished(dataset, **changes)], "ndcg@10")


def test_runs_on_other_data_are_refused(
    dataset: Dataset, finished: Finished, make_dataset: Callable[..., Dataset]
) -> None:
    with pytest.raises(GovernError, match="different data"):
        differences_of([finished(dataset), finished(make_dataset(name="later"))], "ndcg@10")


def test_too_few_and_too_many_runs_are_refused(dataset: Dataset, finished: Finished) -> None:
    run = finished(dataset)
    for runs in ([], [run], [run] * 9):
        with pytest.raises(GovernError, match="from 2 to 8"):
            differences_of(runs, "ndcg@10")


def test_a_run_of_old_kept_no_values_and_an_unknown_metric_has_none(dataset: Dataset, finished: Finished) -> None:
    new, old = finished(dataset), finished(dataset)
    with pytest.raises(GovernError, match="no value for each user"):
        difference_of(new, old, "ndcg@99")
    TrainingRun.objects.filter(pk=old.pk).update(values_key="")
    old.refresh_from_db()
    with pytest.raises(GovernError, match="kept no values"):
        difference_of(new, old, "ndcg@10")


def test_no_path_leads_out_of_the_folder_of_values(dataset: Dataset, finished: Finished) -> None:
    run, other = finished(dataset), finished(dataset)
    secret = Path(settings.MEDIA_ROOT).parent / "secret.parquet"
    secret.write_bytes((Path(settings.MEDIA_ROOT) / other.values_key).read_bytes())
    other.values_key = "values/../../secret.parquet"
    with pytest.raises(GovernError, match="kept no values"):
        difference_of(run, other, "ndcg@10")


def test_runs_are_named_in_order_each_once_and_only_ones_own(
    dataset: Dataset, finished: Finished, other_organisation: Any
) -> None:
    one, two = finished(dataset), finished(dataset)
    assert runs_named(organisation=dataset.organisation, numbers=[two.pk, f"{one.pk}", two.pk, "x"]) == [two, one]
    with pytest.raises(NotFoundError):
        runs_named(organisation=other_organisation, numbers=[one.pk])
