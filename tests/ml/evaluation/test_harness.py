"""A whole evaluation, small enough to be checked by hand, and its comparisons."""

import numpy as np
import pytest

from ml.data.interactions import DAY, Interactions
from ml.data.splits import apply_split, parse_split
from ml.errors import DataError
from ml.evaluation.harness import Evaluation, compare, evaluate, protocol_of
from ml.evaluation.protocol import Repeats
from ml.models.base import create

SPLIT = parse_split("time:1970-01-11,10d")
# (user, item, day); x is met by all three, y by a and b, z by c alone. "new" is unknown in train, d is a new customer.
EVENTS = [
    ("a", "x", 1),
    ("b", "x", 1),
    ("c", "x", 2),
    ("a", "y", 3),
    ("b", "y", 3),
    ("c", "z", 4),
    ("a", "y", 12),  # a repeat, twice: counts once
    ("a", "y", 13),
    ("a", "new", 13),
    ("c", "y", 14),
    ("b", "new", 14),
    ("d", "x", 15),
    ("b", "z", 25),  # after the window
]


def rows() -> Interactions:
    users, user_codes = np.unique([user for user, _, _ in EVENTS], return_inverse=True)
    items, item_codes = np.unique([item for _, item, _ in EVENTS], return_inverse=True)
    return Interactions(
        user_codes.astype(np.int32),
        item_codes.astype(np.int32),
        np.array([day * DAY for _, _, day in EVENTS], np.int64),
        np.ones(len(EVENTS), np.float32),
        users.astype(object),
        items.astype(object),
    )


def result(repeats: Repeats = "allowed", model: str = "popular", cutoffs: tuple[int, ...] = (1, 2)) -> Evaluation:
    parts = apply_split(rows(), SPLIT)
    protocol = protocol_of(parts, SPLIT, repeats=repeats, cutoffs=cutoffs)
    return evaluate(create(model).fit(parts.train), parts, protocol)


def test_every_number_of_popularity_by_hand() -> None:
    """Everyone's list is x, y, z. Truth: a {y, new}, b {new}, c {y}."""
    found = result()
    assert found.users.tolist() == ["a", "b", "c"]
    second = 1 / np.log2(3)
    assert found.values["ndcg@2"] == pytest.approx([second / (1 + second), 0, second])
    assert found.values["recall@2"] == pytest.approx([0.5, 0, 1])
    assert found.values["precision@2"] == pytest.approx([0.5, 0, 0.5])
    assert found.values["map@2"] == pytest.approx([0.25, 0, 0.5])
    assert found.values["mrr@2"] == pytest.approx([0.5, 0, 0.5])
    assert found.values["ndcg@1"].tolist() == [0, 0, 0]
    assert found.values["auc"] == pytest.approx([0.5, np.nan, 0.5], nan_ok=True)
    assert found.estimates["coverage@2"].value == pytest.approx(2 / 3)
    assert (found.estimates["auc"].users, found.estimates["ndcg@2"].users) == (2, 3)


def test_masked_lists_leave_out_what_was_met_and_the_truth_keeps_it() -> None:
    """a's list is z, b's too, c's is y."""
    found = result("masked")
    assert found.users.tolist() == ["a", "b", "c"]
    assert found.values["ndcg@1"].tolist() == [0, 0, 1]
    assert found.values["recall@2"].tolist() == [0, 0, 1]
    assert np.isnan(found.values["auc"][0])  # its only known test item is masked
    assert found.estimates["coverage@1"].value == pytest.approx(2 / 3)


def test_the_document_is_json_without_nan() -> None:
    document = result().document()
    assert set(document) == {
        f"{name}@{k}" for name in ("ndcg", "recall", "precision", "hit_rate", "map", "mrr", "coverage") for k in (1, 2)
    } | {"auc", "gauc"}
    assert set(document["ndcg@2"]) == {"value", "low", "high", "standard_error", "users"}
    assert all(value == value for each in document.values() for value in each.values())


def test_comparison_is_paired_and_refuses_another_protocol() -> None:
    ours, theirs = result(model="ease"), result()
    difference = compare(ours, theirs, "ndcg@2")
    assert difference.value == pytest.approx(float(np.mean(ours.values["ndcg@2"] - theirs.values["ndcg@2"])))
    assert compare(theirs, theirs, "ndcg@2").value == 0
    with pytest.raises(DataError, match="differently"):
        compare(ours, result("masked"), "ndcg@2")
    with pytest.raises(DataError, match="each user"):
        compare(ours, theirs, "coverage@2")


def test_blocks_of_users_do_not_change_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = result(model="ease").document()
    monkeypatch.setattr("ml.evaluation.rankings.BLOCK_CELLS", 4 * 3)
    assert result(model="ease").document() == whole
