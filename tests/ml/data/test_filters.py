"""Ratings, returns, cores, fading and sessions: exact outcomes on rows that can be followed by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml.data.cores import core
from ml.data.decay import decayed
from ml.data.interactions import DAY, NO_CLOCK, Interactions
from ml.data.preparation import Prepared, load_interactions
from ml.data.rules import PreparationRules
from ml.data.sessions import sessions_as_users, sessions_of
from ml.errors import DataError

ROLES = {"user": "who", "item": "what", "time": "when"}
START = datetime(2024, 1, 1, tzinfo=UTC)


def load(folder: Path, rules: PreparationRules, roles: dict[str, str], **columns: Any) -> Prepared:
    pq.write_table(pa.table(columns), folder / "rows.parquet")
    return load_interactions(folder / "rows.parquet", {**ROLES, **roles}, rules)


def days(*numbers: float) -> list[datetime]:
    return [START + timedelta(days=number) for number in numbers]


def rows_of(users: list[int], items: list[int], times: list[float], clock: str = "shared") -> Interactions:
    names = [
        np.array([f"{side}{n}" for n in range(max(codes) + 1)], object) for side, codes in (("u", users), ("i", items))
    ]
    stamps = np.array([int(time * DAY) for time in times], np.int64)
    weights = np.ones(len(users), np.float32)
    return Interactions(np.array(users, np.int32), np.array(items, np.int32), stamps, weights, *names, clock=clock)


def test_ratings_weigh_and_missing_ones_are_left_out_and_counted(tmp_path: Path) -> None:
    columns = {
        "who": list("abcde"),
        "what": ["i"] * 5,
        "when": days(0, 1, 2, 3, 4),
        "stars": [5.0, None, np.nan, 0.0, 2.5],
    }
    prepared = load(tmp_path, PreparationRules(), {"rating": "stars"}, **columns)
    assert prepared.interactions.weights.tolist() == [5.0, 2.5]
    assert (prepared.counts.without_rating, prepared.counts.rating_too_low) == (2, 1)
    assert "NaN" in prepared.rules["rating"]
    enough = load(tmp_path, PreparationRules(minimum_rating=3), {"rating": "stars"}, **columns)
    assert enough.interactions.weights.tolist() == [5.0]
    assert enough.rules != prepared.rules


def test_a_rating_beyond_all_measure_is_refused_with_its_place(tmp_path: Path) -> None:
    columns = {"who": ["a", "b"], "what": ["i", "j"], "when": days(0, 1), "stars": [1.0, np.inf]}
    with pytest.raises(DataError, match="'inf' is not a rating") as caught:
        load(tmp_path, PreparationRules(), {"rating": "stars"}, **columns)
    assert caught.value.where == "column stars, row 2"


def test_returns_are_netted_against_the_latest_purchases(tmp_path: Path) -> None:
    columns = {
        "who": ["a"] * 5 + ["b"] * 2 + ["c"] * 2,
        "what": ["i"] * 9,
        "when": days(0, 1, 2, 3, 4, 0, 1, 0, 1),
        # a: 2 and 3 bought, 3 back (the second), 1 back (of the first), 1 bought; b: back too early; c: half back
        "n": [2, 3, -3, -1, 1, -1, 1, 2, -1],
    }
    ignored = load(tmp_path, PreparationRules(), {"quantity": "n"}, **columns)
    netted = load(tmp_path, PreparationRules(net_returns=True), {"quantity": "n"}, **columns)
    assert ignored.counts.kept == 5
    assert netted.counts.kept == 4
    assert netted.counts.purchase_returned == 1
    rows = netted.interactions
    kept = sorted(zip(rows.users[rows.user_codes], (rows.times - rows.times.min()) // DAY, strict=True))
    assert kept == [("a", 0), ("a", 4), ("b", 1), ("c", 0)]
    assert "returns" in netted.rules
    assert "returns" not in ignored.rules


def test_refund_events_and_cancelled_orders_are_netted_too(tmp_path: Path) -> None:
    events = {"who": ["a"] * 3, "what": ["i"] * 3, "when": days(0, 1, 2), "kind": ["purchase", "view", "Refund"]}
    netted = load(tmp_path, PreparationRules(net_returns=True), {"event": "kind"}, **events)
    assert netted.interactions.weights.tolist() == [1.0]  # the view stays: it was not sent back
    orders = {"who": ["a"] * 4, "what": ["i", "i", "j", "j"], "when": days(0, 1, 2, 3), "o": ["1", "C1", "2", "3"]}
    rules = PreparationRules(net_returns=True, exclude_items="")
    netted = load(tmp_path, rules, {"order": "o"}, **orders)
    assert netted.interactions.items.tolist() == ["j"]
    assert netted.counts.cancelled_order == 1


def test_a_core_is_that_of_an_independent_library() -> None:
    rng = np.random.default_rng(0)
    users, items = rng.integers(0, 80, 500).tolist(), rng.integers(0, 60, 500).tolist()
    graph = networkx.Graph([(f"u{u}", f"i{i}") for u, i in zip(users, items, strict=True)])
    rows = rows_of(users, items, list(range(500)))
    for k in (2, 4, 5):
        wanted = set(networkx.k_core(graph, k).nodes)
        found = core(rows, k, k)
        assert {*found.users, *found.items} == wanted
        assert len(found) == sum(f"u{u}" in wanted and f"i{i}" in wanted for u, i in zip(users, items, strict=True))
    with pytest.raises(DataError, match="No row is left"):
        core(rows, 50, 50)


def test_a_core_is_stated_and_counted(tmp_path: Path) -> None:
    columns = {"who": list("aabbc"), "what": ["i", "j", "i", "j", "i"], "when": days(0, 1, 2, 3, 4)}
    prepared = load(tmp_path, PreparationRules(user_core=2, item_core=2), {}, **columns)
    assert (prepared.counts.kept, prepared.counts.below_core) == (4, 1)
    assert prepared.interactions.users.tolist() == ["a", "b"]
    assert "users with 2 different items" in prepared.rules["core"]
    assert "core" not in load(tmp_path, PreparationRules(), {}, **columns).rules


def test_weights_halve_with_every_half_life() -> None:
    rows = decayed(rows_of([0, 0, 1], [0, 1, 0], [0, 10, 20]), 10, end=20 * DAY)
    np.testing.assert_allclose(rows.weights, [0.25, 0.5, 1.0])
    old = decayed(rows_of([0, 1], [0, 0], [0, 36_000]), 1)
    assert (old.weights > 0).all()
    with pytest.raises(DataError, match="no times"):
        decayed(rows_of([0, 1], [0, 0], [0, 0], NO_CLOCK), 10)
    with pytest.raises(DataError, match="cannot be 0 days"):
        decayed(rows, 0)


def test_sessions_end_before_a_long_pause() -> None:
    minute = 1 / 1440
    rows = rows_of([0, 1, 0, 0, 1, 0], [0, 0, 1, 2, 1, 3], [0, 0, 30 * minute, 61 * minute, minute, 62 * minute])
    assert sessions_of(rows, 30).tolist() == [0, 2, 0, 1, 2, 1]
    told = sessions_as_users(rows, 30)
    assert told.users.tolist() == ["u0/000000", "u0/000001", "u1/000000"]
    assert told.users[told.user_codes].tolist() == [
        f"u{u}/{n:06}" for u, n in [(0, 0), (1, 0), (0, 0), (0, 1), (1, 0), (0, 1)]
    ]
    with pytest.raises(DataError, match="no times"):
        sessions_of(rows_of([0], [0], [0], NO_CLOCK))
