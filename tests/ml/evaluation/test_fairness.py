"""Groups, gaps and slices: by hand, and how often a gap is found where there is none."""

import numpy as np
import pytest

from ml.data.splits import Parts
from ml.errors import DataError
from ml.evaluation.fairness import exposure, group_report, item_group_values, user_group_values
from ml.evaluation.protocol import Protocol
from ml.evaluation.rankings import rank
from ml.evaluation.slices import history_groups, popularity_groups
from ml.models.base import create


def test_a_planted_gap_is_found_with_its_groups() -> None:
    rng = np.random.default_rng(0)
    labels = ["north", "south", None, "west"] * 100
    values = rng.random(400) * 0.1 + np.array([0.5, 0.3, 0.9, 0.45] * 100)
    report = group_report("region", "user", "ndcg@10", user_group_values(values, labels))
    assert [group["name"] for group in report["groups"]] == ["north", "south", "west"]
    assert [group["users"] for group in report["groups"]] == [100, 100, 100]
    assert report["groups"][1]["value"] == pytest.approx(values[1::4].mean())
    assert (report["worst"], report["gap"]["best"], report["gap"]["worst"]) == ("south", "north", "south")
    assert report["gap"]["low"] < 0.2 < report["gap"]["high"]
    assert report["gap"]["low"] > 0.15


def test_no_gap_is_claimed_where_there_is_none_about_19_times_in_20() -> None:
    claimed = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        labels = [f"g{group}" for group in rng.integers(0, 6, 300)]
        report = group_report("made", "user", "m", user_group_values(rng.exponential(size=300), labels))
        claimed += report["gap"]["low"] > 0
    assert claimed / 400 <= 0.07


def test_small_groups_are_shown_and_not_judged() -> None:
    values = np.concatenate([np.full(9, 0.0), np.linspace(0.4, 0.6, 30)])
    labels = ["few"] * 9 + ["one", "two"] * 15
    report = group_report("made", "user", "m", user_group_values(values, labels))
    assert report["worst"] in ("one", "two")
    assert len(report["groups"]) == 3
    alone = group_report("made", "user", "m", user_group_values(values[:9], labels[:9]))
    assert (alone["worst"], alone["gap"]) == (None, None)
    with pytest.raises(DataError, match="labels"):
        user_group_values(values, labels[:-1])


@pytest.mark.parametrize("repeats", ["allowed", "masked"])
def test_recall_by_item_group_and_exposure_by_counting(parts: Parts, protocol: Protocol, repeats: str) -> None:
    from dataclasses import replace

    rankings = rank(create("popular").fit(parts.train), parts, replace(protocol, repeats=repeats))
    labels = [["a", "b", None][item % 3] for item in range(parts.train.n_items)]
    found, truth = item_group_values(rankings, labels, 5), rankings.truth.items.toarray() > 0
    assert list(found) == ["a", "b"]
    for name in found:
        member = np.array([label == name for label in labels])
        for user, row in enumerate(rankings.ranked[:, :5]):
            wanted = set(np.flatnonzero(truth[user] & member))
            expected = len(wanted & set(row.tolist())) / len(wanted) if wanted else np.nan
            assert found[name][user] == pytest.approx(expected, nan_ok=True)
        shown = [labels[item] == name for row in rankings.ranked[:, :5] for item in row if item >= 0]
        assert exposure(rankings, labels, 5)[name] == pytest.approx(np.mean(shown))


def test_slices_by_hand() -> None:
    assert history_groups(np.array([0, 1, 4, 5, 19, 20])) == [None, "1-4", "1-4", "5-19", "5-19", "20+"]
    # 100 pairs: the first item alone holds 25, the last five 20.
    popularity = np.array([4, 25, 20, 20, 15, 4, 4, 4, 0, 4])
    expected = ["tail", "head", "middle", "middle", "middle", "tail", "tail", "tail", None, "tail"]
    assert popularity_groups(popularity) == expected
