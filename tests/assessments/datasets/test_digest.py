"""The digest says whether two tables hold the same, whatever they were stored in."""

from pathlib import Path

import pyarrow as pa
import pytest

from assessments.common.progress import silent
from assessments.datasets.digest import ContentDigest
from tests.assessments.datasets.conftest import orders_table, read, rows_of


def digest(table: pa.Table, rows: int = 10**6) -> str:
    made = ContentDigest(table.schema)
    for batch in table.to_batches(max_chunksize=rows):
        made.update(batch)
    return made.hexdigest()


def file_digest(path: Path) -> str:
    table = read(path)
    return digest(pa.Table.from_batches(list(table.batches(silent)), table.schema))


def test_every_format_of_the_same_content_has_the_same_digest(same_orders: dict[str, Path]) -> None:
    expected = rows_of(read(same_orders["csv"]))
    for path in same_orders.values():
        assert rows_of(read(path)) == expected, path.name
    assert {file_digest(path) for path in same_orders.values()} == {digest(orders_table())}


def test_batches_leave_no_trace() -> None:
    table = orders_table()
    assert len({digest(table, rows) for rows in (1, 2, 3)}) == 1
    # Slices share buffers with their parent and begin at an offset.
    assert digest(table.slice(1)) == digest(pa.Table.from_pylist(table.slice(1).to_pylist(), table.schema))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": ["ab", "c"]}, {"a": ["a", "bc"]}),
        ({"a": ["", "x"]}, {"a": [None, "x"]}),
        ({"a": [0, 1]}, {"a": pa.array([None, 1], pa.int64())}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [1]}, {"b": [1]}),
        ({"a": [1]}, {"a": [1.0]}),
        ({"a": [1], "b": [2]}, {"b": [2], "a": [1]}),
        ({"a": ["1"], "b": ["2"]}, {"a": ["2"], "b": ["1"]}),
        ({"a": [True]}, {"a": [False]}),
    ],
)
def test_different_content_has_different_digests(one: dict[str, object], other: dict[str, object]) -> None:
    assert digest(pa.table(one)) != digest(pa.table(other))


def test_all_bit_patterns_of_nan_are_one() -> None:
    signed = pa.array([float("nan"), -float("nan")], pa.float64())
    assert digest(pa.table({"a": signed})) == digest(pa.table({"a": signed.take(pa.array([1, 0]))}))
