"""Repeated rows by hashes: the same answers as by grouping, also when different rows share a hash."""

import math
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.quality.connection import DuckDBDialect
from assessments.quality.engine import scan
from assessments.quality.passes import groups, repeats, verified
from assessments.quality.passes.hashes import HashStore, TooManyRepeatsError
from assessments.quality.passes.parts import RowParts
from assessments.quality.specs import Limits, Outcome, RuleSpec
from tests.assessments.quality.conftest import NOW, write_table
from tests.assessments.quality.test_oracle import ROWS, run

RULES = [
    RuleSpec("surplus", "duplicate_rows"),
    RuleSpec("members", "duplicate_rows", (), {"count": "members"}),
    RuleSpec("key", "unique_key", ("w", "n")),
    RuleSpec("strict key", "unique_key", ("x",), {"nulls": "fail"}),
    RuleSpec("members of key", "unique_key", ("t",), {"count": "members"}),
]


@pytest.fixture
def by_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes also for a small table, and grouping not at all."""

    def refuse(*_arguments: Any) -> None:
        raise AssertionError("grouped the whole table")

    monkeypatch.setattr(repeats, "LEAST_ROWS", 0)
    monkeypatch.setattr(groups, "_measure", refuse)


def expected(rows: list[tuple[Any, ...]]) -> dict[str, tuple[int, int]]:
    """(checked, failing) of each rule, in plain Python."""
    same = [tuple("nan" if isinstance(v, float) and math.isnan(v) else v for v in row) for row in rows]
    whole = Counter(same)
    key = Counter((w, n) for w, _x, n, _t in same if w is not None and n is not None)
    strict = Counter(x for _w, x, _n, _t in same if x is not None)
    times = Counter(t for _w, _x, _n, t in same if t is not None)
    return {
        "surplus": (len(rows), len(rows) - len(whole)),
        "members": (len(rows), sum(n for n in whole.values() if n > 1)),
        "key": (sum(key.values()), sum(key.values()) - len(key)),
        "strict key": (len(rows), len(rows) - len(strict)),
        "members of key": (sum(times.values()), sum(n for n in times.values() if n > 1)),
    }


def holds(found: dict[str, Outcome], rows: list[tuple[Any, ...]]) -> None:
    for name, (checked, failing) in expected(rows).items():
        if checked:
            assert (name, found[name].rows_checked, found[name].rows_failing) == (name, checked, failing)
            assert found[name].error == ""
        for row in found[name].sample:
            assert 1 <= row.get("same_as", 1) <= row["row"] <= len(rows)


@settings(max_examples=25)
@given(ROWS)
def test_the_answer_is_that_of_plain_python(rows: list[tuple[Any, ...]]) -> None:
    rows = rows + rows[: len(rows) // 2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "LEAST_ROWS", 0)
        holds(run(rows, RULES), rows)


@settings(max_examples=15)
@given(ROWS, st.sampled_from([1, 2, 3]))
def test_rows_that_share_a_hash_are_told_apart(rows: list[tuple[Any, ...]], values: int) -> None:
    """With one to three different hashes nearly all rows share theirs with others; none is counted for that."""
    whole = DuckDBDialect.row_hash

    def tiny(self: DuckDBDialect, columns: list[ir.Column]) -> ir.IntegerColumn | None:
        number = whole(self, columns)
        return None if number is None else (number % values).cast("uint64")

    rows = rows + rows[:1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "LEAST_ROWS", 0)
        patch.setattr(DuckDBDialect, "row_hash", tiny)
        holds(run(rows, RULES), rows)


@settings(max_examples=25)
@given(ROWS, st.sampled_from([1, 5, 2**63]))
def test_many_repeated_rows_are_grouped_in_parts_with_the_same_answer(rows: list[tuple[Any, ...]], values: int) -> None:
    """Each file a part of its own; also where different rows share a hash, and so a part."""
    whole = DuckDBDialect.row_hash

    def coarse(self: DuckDBDialect, columns: list[ir.Column]) -> ir.IntegerColumn | None:
        number = whole(self, columns)
        return None if number is None else (number % values * (2**64 // values)).cast("uint64")

    rows = rows + rows[: len(rows) // 2] + rows[:3]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "LEAST_ROWS", 0)
        patch.setattr(DuckDBDialect, "row_hash", coarse)
        at_once = run(rows, RULES)
        patch.setattr(verified, "FEW_ROWS", 0)
        patch.setattr(verified, "RowParts", partial(RowParts, part_bytes=1))
        found = run(rows, RULES)
    holds(found, rows)
    assert {name: one.sample for name, one in found.items()} == {name: one.sample for name, one in at_once.items()}


def test_rows_come_back_as_they_were_and_equal_ones_together(tmp_path: Path) -> None:
    columns = {
        "h": pa.array([2**64 - 1, 0, 2**63, 0, 2**64 - 1], pa.uint64()),
        "text": ["b", None, "é\U0001f600", "", "a"],
        "number": [math.inf, -0.0, None, math.nan, 1e300],
        "exact": pa.array([None, 1, 2, 3, -4], pa.decimal128(38, 2)),
        "time": pa.array([0, 9_300_000_000_000_000, None, -1, 5], pa.timestamp("us", "UTC")),
    }
    batch = pa.RecordBatch.from_pydict(columns)
    with RowParts(tmp_path, part_bytes=1) as store:
        store.add(batch.slice(0, 2))
        store.add(batch.slice(2))
        assert len(list(tmp_path.iterdir())) == 3
        parts = list(store.parts())
    order = [1, 3, 2, 0, 4]
    assert [len(one) for one in parts] == [2, 1, 2]
    assert str(pa.concat_tables(parts).to_pylist()) == str(batch.drop_columns(["h"]).take(pa.array(order)).to_pylist())
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("by_hashes")
def test_samples_show_the_last_row_of_each_group_with_its_first_and_empty_keys(tmp_path: Path) -> None:
    columns = {"k": [1, 2, 1, None, 2, 3, 1], "x": ["a", "b", "a", "c", "d", "e", "a"], "y": [0] * 7}
    table = write_table(tmp_path / "t.parquet", columns)
    rules = [
        RuleSpec("rows", "duplicate_rows"),
        RuleSpec("key", "unique_key", ("k",)),
        RuleSpec("filled", "unique_key", ("x", "k"), {"nulls": "fail"}),
    ]
    rows, key, filled = scan(table, rules, as_of=NOW)
    assert [(row["row"], row["same_as"]) for row in rows.sample] == [(7, 1)]
    assert (rows.rows_checked, rows.rows_failing, rows.detail["repeated_groups"]) == (7, 2, 1)
    assert [(row["row"], row["same_as"]) for row in key.sample] == [(5, 2), (7, 1)]
    assert (key.rows_checked, key.rows_failing) == (6, 3)
    assert (filled.rows_checked, filled.rows_failing, filled.detail["rows_with_an_empty_key"]) == (7, 3, 1)
    write_table(tmp_path / "t.parquet", {"k": [1, None, 2, None]})
    (empty,) = scan(table, [RuleSpec("filled", "unique_key", ("k",), {"nulls": "fail"})], as_of=NOW)
    assert [row["row"] for row in empty.sample] == [2, 4]


@pytest.mark.usefixtures("by_hashes")
def test_whole_rows_are_looked_for_among_those_with_a_repeated_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in columns that have no hash, since only the key is hashed."""
    hashed: list[int] = []
    whole = DuckDBDialect.row_hash
    monkeypatch.setattr(
        DuckDBDialect, "row_hash", lambda self, columns: (hashed.append(len(columns)), whole(self, columns))[1]
    )
    table = write_table(tmp_path / "t.parquet", {"k": [1, 2, 1, 2], "s": [{"a": 1}, {"a": 1}, {"a": 1}, {"a": 2}]})
    rows, key = scan(table, [RuleSpec("rows", "duplicate_rows"), RuleSpec("key", "unique_key", ("k",))], as_of=NOW)
    assert (rows.rows_failing, key.rows_failing) == (1, 2)
    assert hashed == [1]


def test_equal_values_of_every_hashed_type_have_equal_hashes() -> None:
    pairs = {
        "DOUBLE": ("0.0", "-0.0"),
        "FLOAT": ("0.0", "-0.0"),
        "DECIMAL(38, 2)": ("1.10", "1.1"),
        "VARCHAR": ("'a'", "'a'"),
        "BLOB": ("'\\xAA'::BLOB", "'\\xAA'::BLOB"),
        "TIMESTAMPTZ": ("'2024-01-01 00:00:00+00'", "'2024-01-01 01:00:00+01'"),
        "HUGEINT": ("-5", "-5"),
    }
    for kind, (one, other) in pairs.items():
        assert duckdb.sql(f"SELECT hash({one}::{kind}) = hash({other}::{kind})").fetchall() == [(True,)], kind
    assert duckdb.sql("SELECT hash('nan'::DOUBLE) = hash(-('nan'::DOUBLE))").fetchall() == [(True,)]


@pytest.mark.parametrize("held_bytes", [2**30, 4096])
def test_the_store_finds_repeated_numbers_in_memory_and_on_disk(tmp_path: Path, held_bytes: int) -> None:
    random = np.random.default_rng(5)
    numbers = random.integers(0, 2**64, 50_000, np.uint64)
    numbers[40_000:] = numbers[random.integers(0, 40_000, 10_000)]
    store = HashStore(tmp_path, held_bytes=held_bytes)
    for piece in np.array_split(numbers, 23):
        store.add(piece)
    assert bool(list(tmp_path.iterdir())) is (held_bytes == 4096)
    found = store.repeats()
    values, counts = np.unique(numbers, return_counts=True)
    assert set(found.hashes.tolist()) == set(values[counts > 1].tolist())
    assert (found.rows, found.total) == (counts[counts > 1].sum(), 50_000)
    assert not list(tmp_path.iterdir())


def test_the_store_gives_up_when_too_many_are_repeated(tmp_path: Path) -> None:
    early = HashStore(tmp_path)
    for _batch in range(9):
        early.add(np.arange(100_000, dtype=np.uint64))
    with pytest.raises(TooManyRepeatsError):
        early.add(np.arange(100_000, dtype=np.uint64))
    late = HashStore(tmp_path, most=10)
    late.add(np.repeat(np.arange(6, dtype=np.uint64), 2))
    with pytest.raises(TooManyRepeatsError):
        late.repeats()
    nowhere = HashStore(None, held_bytes=64)
    with pytest.raises(TooManyRepeatsError):
        nowhere.add(np.arange(100, dtype=np.uint64))


def test_a_large_table_is_hashed_to_disk_and_one_with_few_values_is_grouped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 1_300_000
    table = tmp_path / "t.parquet"
    query = f"SELECT range % {rows - 1000} AS k, range % 7 AS few FROM range({rows})"  # noqa: S608  our own number
    duckdb.sql(query).write_parquet(str(table))
    monkeypatch.setattr(repeats, "HELD_BYTES", 1 << 20)
    rules = [RuleSpec("key", "unique_key", ("k",)), RuleSpec("few", "unique_key", ("few",))]
    key, few = scan(table, rules, as_of=NOW, limits=Limits(temporary=tmp_path))
    assert (key.rows_checked, key.rows_failing, key.sample[0]["same_as"]) == (rows, 1000, 1)
    assert (few.rows_checked, few.rows_failing) == (rows, rows - 7)
    assert not list(tmp_path.glob("*-*"))
