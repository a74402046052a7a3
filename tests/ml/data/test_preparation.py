"""From a table to interactions: what counts, what is left out and counted, and what is refused with its place."""

import gzip
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml.data.interactions import Interactions
from ml.data.preparation import load_interactions
from ml.data.rules import PreparationRules
from ml.errors import DataError

ROLES = {"user": "who", "item": "what", "time": "when"}
DAY = 86_400_000_000
START = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


def days(*numbers: int) -> list[datetime]:
    return [datetime(2024, 1, 1 + number) for number in numbers]  # noqa: DTZ001 - naive on purpose: taken as UTC


def parquet(folder: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), folder / "rows.parquet")
    return folder / "rows.parquet"


def pairs(rows: Interactions) -> list[tuple[str, str]]:
    return list(zip(rows.users[rows.user_codes], rows.items[rows.item_codes], strict=True))


def test_rows_stand_in_order_of_time_and_codes_in_order_of_ids(tmp_path: Path) -> None:
    path = parquet(tmp_path, who=["b", "a", "b"], what=["i9", "i1", "i1"], when=days(2, 1, 0))
    rows = load_interactions(path, ROLES).interactions
    assert pairs(rows) == [("b", "i1"), ("a", "i1"), ("b", "i9")]
    assert rows.users.tolist() == ["a", "b"]
    assert rows.items.tolist() == ["i1", "i9"]
    assert rows.times.tolist() == [START, START + DAY, START + 2 * DAY]
    assert (rows.user_codes.dtype, rows.item_codes.dtype, rows.times.dtype, rows.weights.dtype) == (
        np.int32,
        np.int32,
        np.int64,
        np.float32,
    )


def test_order_of_rows_and_size_of_batches_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    columns = {
        "who": [f"u{n}" for n in rng.integers(0, 20, 500)],
        "what": [f"i{n}" for n in rng.integers(0, 30, 500)],
        "when": pa.array(START + rng.permutation(500) * 1_000_000, pa.timestamp("us")),
    }
    first = load_interactions(parquet(tmp_path, **columns), ROLES)
    mixed = pa.table(columns).take(rng.permutation(500))
    monkeypatch.setattr("ml.data.columns.BATCH_ROWS", 7)
    second = load_interactions(parquet(tmp_path, **{name: mixed[name] for name in columns}), ROLES)
    for part in ("user_codes", "item_codes", "times", "weights", "users", "items"):
        assert getattr(first.interactions, part).tolist() == getattr(second.interactions, part).tolist()
    assert first.counts == second.counts


def test_missing_ids_and_times_are_dropped_and_counted_once(tmp_path: Path) -> None:
    path = parquet(
        tmp_path,
        who=["a", None, "  ", None, "b", "b"],
        what=["i1", "i1", "i1", None, "", "i2"],
        when=[*days(0, 1, 2, 3, 4), None],
    )
    with pytest.raises(DataError, match="role"):
        load_interactions(path, {**ROLES, "event": "type"})
    counts = load_interactions(path, ROLES).counts
    assert (counts.rows, counts.without_user, counts.without_item, counts.without_time) == (6, 3, 1, 1)
    assert (counts.kept, counts.users, counts.items) == (1, 1, 1)


def test_whole_floats_lose_their_decimals_only_in_a_float_column(tmp_path: Path) -> None:
    floats = parquet(tmp_path, who=[17850.0, None, 3.5], what=["1.0", "x", "2"], when=days(0, 1, 2))
    prepared = load_interactions(floats, ROLES)
    assert prepared.interactions.users.tolist() == ["17850", "3.5"]
    assert prepared.interactions.items.tolist() == ["1.0", "2"]
    assert prepared.counts.without_user == 1


def test_csv_with_gzip_delimiter_and_decimals(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b"who;what;when\n17850.0;85123A;2024-01-01 08:26:00\n12.0; 71053 ;2024-01-02\n"))
    rows = load_interactions(path, ROLES).interactions
    assert pairs(rows) == [("17850", "85123A"), ("12", "71053")]
    assert rows.times.tolist() == [START + 30_360_000_000, START + DAY]


def test_returns_free_goods_and_cancellations_are_left_out(tmp_path: Path) -> None:
    path = parquet(
        tmp_path,
        who=list("aaaaaaaa"),
        what=[f"i{n}" for n in range(8)],
        when=days(*range(8)),
        n=[1, 0, -3, 1, 1, 1, None, 1],
        p=[1.0, 1.0, 1.0, 0.0, -2.0, 1.0, None, 1.0],
        o=["1", "2", "3", "4", "5", "C6", "7", None],
    )
    roles = {**ROLES, "quantity": "n", "price": "p", "order": "o"}
    prepared = load_interactions(path, roles)
    assert [item for _, item in pairs(prepared.interactions)] == ["i0", "i6", "i7"]
    counts = prepared.counts
    assert (counts.quantity_not_positive, counts.price_not_positive, counts.cancelled_order) == (2, 2, 1)
    assert counts.rows == counts.kept + 5
    free = PreparationRules(positive_quantity=False, positive_price=False, cancelled_orders=False)
    assert load_interactions(path, roles, free).counts.kept == 8


def test_order_numbers_that_all_begin_with_c_are_no_cancellations(tmp_path: Path) -> None:
    path = parquet(tmp_path, who=["a", "b"], what=["i1", "i2"], when=days(0, 1), o=["C1", "C2"])
    assert load_interactions(path, {**ROLES, "order": "o"}).counts.kept == 2


def test_codes_without_a_digit_are_no_products_where_most_have_one(tmp_path: Path) -> None:
    products = [f"{n}A" for n in range(20)]
    path = parquet(tmp_path, who=["a"] * 21, what=[*products, "POST"], when=days(*range(21)))
    assert load_interactions(path, ROLES).counts.not_a_product == 1
    assert load_interactions(path, ROLES, PreparationRules(exclude_items="")).counts.not_a_product == 0
    assert load_interactions(path, ROLES, PreparationRules(exclude_items=r"1\dA")).counts.not_a_product == 10
    names = parquet(tmp_path, who=["a"] * 3, what=["tea", "cup", "pot2"], when=days(0, 1, 2))
    assert load_interactions(names, ROLES).counts.not_a_product == 0


def test_events_weigh_by_their_type(tmp_path: Path) -> None:
    kinds = ["view", "Add to cart", "PURCHASE", "refund", "poke"]
    path = parquet(tmp_path, who=["a"] * 5, what=["i1"] * 5, when=days(*range(5)), kind=kinds)
    prepared = load_interactions(path, {**ROLES, "event": "kind"})
    assert prepared.interactions.weights.tolist() == [1, 2, 4, 1]
    assert prepared.counts.ignored_event == 1
    assert prepared.counts.other_events == ("poke",)
    assert prepared.interactions.matrix(binary=False).toarray().tolist() == [[8]]
    assert prepared.interactions.matrix().toarray().tolist() == [[1]]
    assert prepared.rules["event_weights"]["purchase"] == 4
    ours = load_interactions(path, {**ROLES, "event": "kind"}, PreparationRules({"view": 0.5}, other_event_weight=0))
    assert ours.interactions.weights.tolist() == [0.5]


@pytest.mark.parametrize(
    "times",
    [
        pa.array([datetime(2024, 1, 2, tzinfo=UTC)], pa.timestamp("ns", "Asia/Shanghai")),
        pa.array([date(2024, 1, 2)]),
        pa.array(["2024-01-02"]),
        pa.array(["2024-01-02T08:00:00+08:00"]),
        pa.array(["2024-01-02 00:00:00"]).dictionary_encode(),
        pa.array([(START + DAY) // 1_000_000]),
        pa.array([(START + DAY) / 1_000]),
        pa.array([START + DAY]),
        pa.array([(START + DAY) * 1_000]),
        pa.array([str((START + DAY) // 1_000)]),
    ],
    ids=lambda array: str(array.type),
)
def test_times_of_many_kinds(tmp_path: Path, times: pa.Array) -> None:
    rows = load_interactions(parquet(tmp_path, who=["a"], what=["i"], when=times), ROLES).interactions
    assert rows.times.tolist() == [START + DAY]


def test_ties_in_the_last_time_are_counted(tmp_path: Path) -> None:
    path = parquet(
        tmp_path,
        who=["a", "a", "b", "b", "c", "c"],
        what=["i1", "i2", "i1", "i1", "i1", "i2"],
        when=days(5, 5, 5, 5, 5, 6),
    )
    counts = load_interactions(path, ROLES).counts
    assert counts.users_with_tied_last_time == 1  # b met one item twice; c's last is alone
    assert counts.document()["share_with_tied_last_time"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ({"user": "who", "item": "what"}, "role 'time'"),
        ({**ROLES, "item": "waht"}, "Did you mean 'what'"),
        ({**ROLES, "time": ""}, "role 'time'"),
    ],
)
def test_a_missing_role_or_column_is_named(tmp_path: Path, roles: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_interactions(parquet(tmp_path, who=["a"], what=["i"], when=days(0)), roles)


@pytest.mark.parametrize(
    ("column", "values", "where"),
    [
        ("when", ["2024-01-01", None, "last week"], "column when, row 3"),
        ("when", ["2024-01-01", "2024-13-01", "2024-01-01"], "column when, row 2"),
        ("when", ["2024-01-01", "3024-01-01", "2024-01-01"], "column when, row 2"),
        ("n", ["1", "2", "many"], "column n, row 3"),
    ],
)
@pytest.mark.parametrize("batch", [1, 65_536])
def test_an_unreadable_value_is_named_with_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str, values: list[str], where: str, batch: int
) -> None:
    monkeypatch.setattr("ml.data.columns.BATCH_ROWS", batch)
    columns = {"who": ["a"] * 3, "what": ["i"] * 3, "when": ["2024-01-01"] * 3, "n": ["1"] * 3, column: values}
    with pytest.raises(DataError) as caught:
        load_interactions(parquet(tmp_path, **columns), {**ROLES, "quantity": "n"})
    assert caught.value.where == where


def test_times_with_and_without_a_zone_may_stand_in_one_column(tmp_path: Path) -> None:
    path = parquet(tmp_path, who=["a", "a"], what=["i", "j"], when=["2024-01-01", "2024-01-02T02:00:00+02:00"])
    assert load_interactions(path, ROLES).interactions.times.tolist() == [START, START + DAY]


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_empty_absent_and_broken_files_are_explained(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="no file"):
        load_interactions(tmp_path / name, ROLES)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(DataError):
        load_interactions(tmp_path / name, ROLES)
    (tmp_path / name).write_bytes(b"who,what,when\n" if name == "rows.csv" else b"PAR1 nothing PAR1")
    with pytest.raises(DataError):
        load_interactions(tmp_path / name, ROLES)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"who,what,when\na,b\n", "Expected 3 columns, got 2"),
        (b'who,what,when\n"a,b,2024-01-01\n', "cannot be read"),
        (b"who,what,when\n\xe9,b,2024-01-01\n", "UTF-8"),
        (b"who,who,what,when\na,c,b,2024-01-01\n", "Two columns are named 'who'"),
        (b"who,what,when\n", "no rows"),
        (b"who;what;when\n", "no rows"),
        (b"who what when\na b 2024-01-01\n", "no column 'who'"),
    ],
)
def test_broken_csv_is_explained(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "rows.csv").write_bytes(content)
    with pytest.raises(DataError, match=message):
        load_interactions(tmp_path / "rows.csv", ROLES)


def test_names_that_look_like_code_are_only_names(tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "=cmd()", '"; drop table']
    path = parquet(tmp_path, who=names, what=names, when=days(0, 1, 2))
    assert load_interactions(path, ROLES).interactions.users.tolist() == sorted(names)


def test_a_table_in_which_nothing_counts_says_why(tmp_path: Path) -> None:
    path = parquet(tmp_path, who=["a", None], what=["i", "j"], when=days(0, 1), n=[-1, 2])
    with pytest.raises(DataError, match="1 without user, 1 quantity not positive"):
        load_interactions(path, {**ROLES, "quantity": "n"})


def test_rules_that_make_no_sense_are_refused() -> None:
    with pytest.raises(DataError, match="regular expression"):
        PreparationRules(exclude_items="(")
    with pytest.raises(DataError, match="cannot weigh"):
        PreparationRules({"view": -1.0})


def test_the_rules_name_the_columns_that_were_read_and_no_others(tmp_path: Path) -> None:
    """The same rows with another column of items are another measurement; who has which title is none of it."""
    path = parquet(tmp_path, who=["a", "b"], what=["i", "j"], title=["x", "y"], when=days(0, 1))
    by_code = load_interactions(path, ROLES).rules
    assert by_code["columns"] == ROLES
    assert load_interactions(path, {**ROLES, "item": "title"}).rules != by_code
    assert load_interactions(path, {**ROLES, "title": "title"}).rules == by_code
