"""Odd ids, odd users, odd items: each is either read for what it is or refused with what, where and how."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml.data.preparation import Prepared, load_interactions
from ml.data.rules import PreparationRules
from ml.data.splits import apply_split, parse_split
from ml.errors import DataError

ROLES = {"user": "who", "item": "what", "time": "when"}


def load(folder: Path, rules: PreparationRules | None = None, **columns: Any) -> Prepared:
    table = pa.table({"when": [datetime(2024, 1, 1, tzinfo=UTC)] * len(columns["who"]), **columns})
    pq.write_table(table, folder / "rows.parquet")
    return load_interactions(folder / "rows.parquet", ROLES, rules)


def test_negative_and_64_bit_ids_stay_what_they_are(tmp_path: Path) -> None:
    ids = [-1, 0, 2**63 - 1, 2**63 - 2, -(2**63), 2**53 + 1, 2**53]
    rows = load(tmp_path, who=ids, what=list(range(7))).interactions
    assert rows.users.tolist() == sorted(map(str, ids))
    unsigned = load(tmp_path, who=pa.array([2**64 - 1, 2**64 - 2], pa.uint64()), what=[1, 2]).interactions
    assert unsigned.users.tolist() == ["18446744073709551614", "18446744073709551615"]


def test_64_bit_ids_that_became_floats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="written as floats") as caught:
        load(tmp_path, who=[float(2**53), 1.0], what=[1, 2])
    assert caught.value.where == "column who"
    assert load(tmp_path, who=[float(2**53 - 1), None], what=[1, 2]).interactions.users.tolist() == [str(2**53 - 1)]


def test_ids_may_be_written_in_any_script(tmp_path: Path) -> None:
    ids = ["王小明", "Zoë", "Zoe\u0308", "🛒🛒", "عميل", "a\u2028b", "ﬀ", "\U00020000"]
    rows = load(tmp_path, PreparationRules(exclude_items=""), who=ids, what=ids).interactions
    assert rows.users.tolist() == sorted(ids)
    assert rows.users[rows.user_codes].tolist() == rows.items[rows.item_codes].tolist()
    path = tmp_path / "seq.txt"
    path.write_text("王小明 🛒🛒 a\u2028b Zoë\n", encoding="utf-8")
    assert load_interactions(path, file_format="sequences").interactions.items.tolist() == sorted(
        ["🛒🛒", "a\u2028b", "Zoë"]
    )


def test_one_user_with_a_million_events_is_read(tmp_path: Path) -> None:
    count = 1_000_000
    rng = np.random.default_rng(0)
    times = pa.array(1_700_000_000_000_000 + rng.integers(0, 10**13, count + 2), pa.timestamp("us"))
    items = pa.array(rng.integers(0, 5000, count + 2)).dictionary_encode()
    who = pa.array([0] * count + [1, 1]).dictionary_encode()
    prepared = load(tmp_path, PreparationRules(user_core=2), who=who, what=items, when=times)
    assert np.bincount(prepared.interactions.user_codes).tolist() == [count, 2]
    assert prepared.interactions.matrix().nnz <= 10_002


def test_rows_without_user_or_item_are_left_out_and_counted(tmp_path: Path) -> None:
    counts = load(tmp_path, who=["a", None, " ", "b"], what=["i1", "i1", "i2", None]).counts
    assert (counts.kept, counts.without_user, counts.without_item) == (1, 2, 1)


def test_an_item_that_train_never_saw_is_charged_to_every_model(tmp_path: Path) -> None:
    times = [datetime(2024, 1, day, tzinfo=UTC) for day in (1, 1, 2, 2, 9, 9)]
    rows = load(tmp_path, who=list("ababab"), what=["x", "y", "y", "x", "new", "x"], when=times).interactions
    parts = apply_split(rows, parse_split("time:2024-01-05"))
    assert parts.train.items.tolist() == ["x", "y"]
    assert parts.unknown_items.tolist() == [1, 0]
    assert parts.counts["test_rows_of_unknown_items"] == 1


@pytest.mark.parametrize(
    ("text", "works"), [("time:0.9", False), ("loo", True), ("random:0.3", True), ("users:0.4", True)]
)
def test_dates_that_are_all_the_same(tmp_path: Path, text: str, works: bool) -> None:
    who, what = zip(*[(f"u{u}", f"i{(u + n) % 9}") for u in range(9) for n in range(6)], strict=True)
    rows = load(tmp_path, who=list(who), what=list(what)).interactions
    if not works:
        with pytest.raises(DataError, match="same time") as caught:
            apply_split(rows, parse_split(text))
        assert "role time" in caught.value.where
        return
    parts = apply_split(rows, parse_split(text))
    assert len(parts.test)
    assert parts.tied_share == (1.0 if text != "random:0.3" else 0.0)  # how little the times say is told


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_duplicated_columns_are_named(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"rows.{suffix}"
    if suffix == "csv":
        path.write_text("who,what,what,when\na,x,y,2024-01-01\n", encoding="utf-8")
    else:
        table = pa.Table.from_arrays([pa.array(["a"])] * 4, names=["who", "what", "what", "when"])
        pq.write_table(table, path)
    with pytest.raises(DataError, match="Two columns are named 'what'") as caught:
        load_interactions(path, ROLES)
    assert (caught.value.where, caught.value.hint) == ("role item", "Rename one of them.")


def test_more_ids_than_can_be_held_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.data.identifiers.MOST_IDS", 2)
    monkeypatch.setattr("ml.data.columns.BATCH_ROWS", 3)
    with pytest.raises(DataError, match="more than 2 different ids") as caught:
        load(tmp_path, who=list("abcdef"), what=list("xxxxxx"))
    assert caught.value.where == "column who"
