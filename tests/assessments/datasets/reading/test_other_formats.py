"""JSON lines and Parquet, and how a file's format is told."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assessments.common.errors import GovernError
from assessments.common.progress import silent
from assessments.datasets.reading import Limits, open_table
from tests.assessments.datasets.conftest import read, rows_of

Write = Callable[..., Path]


def test_json_types(write: Write) -> None:
    path = write("a.jsonl", '{"i": 1, "f": 1, "s": "007", "t": "2024-03-01T10:00:00Z"}\n\n{"f": 2.5, "b": true}\n')
    table = read(path)
    assert table.schema.types == [pa.int64(), pa.float64(), pa.string(), pa.timestamp("us", "UTC"), pa.bool_()]
    assert rows_of(table)[1] == {"i": None, "f": 2.5, "s": None, "t": None, "b": True}


def test_numbers_in_json_strings_stay_text(write: Write) -> None:
    assert rows_of(read(write("a.jsonl", '{"code": "12"}\n'))) == [{"code": "12"}]


def test_json_column_that_changes_type(write: Write) -> None:
    table = read(write("a.jsonl", '{"a": 1}\n' * 3 + '{"a": "x"}\n'))
    assert [row["a"] for row in rows_of(table)] == ["1", "1", "1", "x"]
    assert "row 4" in table.notes[0]


def test_nested_values_are_kept_as_json(write: Write) -> None:
    table = read(write("a.jsonl", '{"tags": ["灯", "b"]}\n{"tags": null}\n'))
    assert rows_of(table) == [{"tags": '["灯", "b"]'}, {"tags": None}]
    assert "JSON text" in table.notes[0]


def test_integers_beyond_64_bits_stay_text(write: Write) -> None:
    assert rows_of(read(write("a.jsonl", f'{{"a": {2**63}}}\n'))) == [{"a": str(2**63)}]


@pytest.mark.parametrize(
    "line", ['{"a": 1', "[1]", "5", '{"a": NaN}', '{"a": "\\ud800"}', '{"a": ' + "[" * 100_000, '{"a": 1} {"a": 2}']
)
def test_broken_json_line(write: Write, line: str) -> None:
    with pytest.raises(GovernError, match="not one JSON object") as failure:
        read(write("a.jsonl", '{"a": 1}\n\n' + line + '\n{"a": 2}\n'))
    assert failure.value.where == "line 3"


def test_json_that_is_not_utf_8(write: Write) -> None:
    with pytest.raises(GovernError, match="not UTF-8"):
        read(write("a.jsonl", '{"a": "é"}\n'.encode("latin-1")))


def test_json_with_nul(write: Write) -> None:
    with pytest.raises(GovernError, match="NUL"):
        read(write("a.jsonl", '{"a": 1}\n{"a": "\0"}\n'))


def test_json_with_5000_keys(write: Write) -> None:
    keys = ",".join(f'"k{number}": 1' for number in range(5000))
    with pytest.raises(GovernError, match="at most 1,000"):
        read(write("a.jsonl", "{" + keys + "}\n"))


def test_a_json_list_is_explained(write: Write) -> None:
    with pytest.raises(GovernError, match="one JSON list"):
        read(write("a.json", '[{"a": 1}]'))


def test_json_lines_are_known_by_content(write: Write) -> None:
    assert rows_of(read(write("data", '{"a": 1}\n'))) == [{"a": 1}]


def test_not_a_parquet_file(write: Write) -> None:
    with pytest.raises(GovernError, match="does not begin as a Parquet file"):
        read(write("a.parquet", "a,b\n1,2\n"))
    with pytest.raises(GovernError, match="not a Parquet file that can be read"):
        read(write("a.parquet", b"PAR1" + b"x" * 100))


def test_a_parquet_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": list(range(10_000))}), path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(GovernError, match="not a Parquet file that can be read"):
        read(path)


def test_parquet_types_come_to_one_width(tmp_path: Path) -> None:
    at = datetime(2024, 3, 1, 10, tzinfo=UTC)
    table = pa.table(
        {
            "small": pa.array([1], pa.uint8()),
            "float": pa.array([0.5], pa.float32()),
            "words": pa.array(["x"]).dictionary_encode(),
            "zone": pa.array([at], pa.timestamp("ms", "Europe/Paris")),
            "bytes": pa.array([b"abc"], pa.binary()),
            "money": pa.array([Decimal("1.50")], pa.decimal128(10, 2)),
            "list": pa.array([[1, 2]]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    read_back = read(tmp_path / "a.parquet")
    (row,) = rows_of(read_back)
    assert read_back.schema.field("small").type == pa.int64()
    assert row == {
        "small": 1,
        "float": 0.5,
        "words": "x",
        "zone": at,
        "bytes": "abc",
        "money": Decimal("1.50"),
        "list": "[1, 2]",
    }


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([b"\xff\xfe"], pa.binary())}), tmp_path / "a.parquet")
    with pytest.raises(GovernError, match="cannot be kept") as failure:
        rows_of(read(tmp_path / "a.parquet"))
    assert failure.value.where == "column “a”"


def test_decimals_beyond_38_digits_stay_exact_as_text(tmp_path: Path) -> None:
    numbers = [Decimal("1" * 60), Decimal("1" * 59 + "2"), None]
    pq.write_table(pa.table({"n": pa.array(numbers, pa.decimal256(60, 0))}), tmp_path / "a.parquet")
    table = read(tmp_path / "a.parquet")
    assert [row["n"] for row in rows_of(table)] == ["1" * 60, "1" * 59 + "2", None]
    assert "38 digits" in table.notes[0]


def test_a_small_parquet_file_of_many_rows_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": pa.array([None] * 20_000_000, pa.int64())}), path)
    assert path.stat().st_size < 2**20
    begin = time.monotonic()
    with pytest.raises(GovernError, match="more than 10000000 rows"):
        read(path)
    assert time.monotonic() - begin < 1


def test_parquet_of_long_repeated_texts_meets_the_limit_on_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": pa.array(["x" * 100_000] * 5_000).dictionary_encode()}), path)
    assert path.stat().st_size < 2**20
    table = open_table(path, name="a.parquet", options={}, limits=Limits(10**8, 10**6, 10), progress=silent)
    before = pa.total_allocated_bytes()
    with pytest.raises(GovernError, match="bytes once unpacked"):
        assert max(batch.nbytes for batch in table.batches(silent)) < 2**26
    assert pa.total_allocated_bytes() - before < 2**28


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), tmp_path / "a.parquet")
    with pytest.raises(GovernError, match="no rows"):
        read(tmp_path / "a.parquet")


def test_unknown_format(write: Write) -> None:
    with pytest.raises(GovernError, match="no file format named"):
        read(write("a.csv", "a,b\n1,2\n"), format="ods")


@pytest.mark.parametrize("inner", [pa.int8(), pa.int64()])
def test_a_list_without_end_in_one_cell_is_refused_before_it_is_unpacked(tmp_path: Path, inner: pa.DataType) -> None:
    length = 2**23
    values = pa.ListArray.from_arrays([0, length], pa.nulls(length, inner).fill_null(0))
    pq.write_table(pa.table({"id": [1], "vector": values}), tmp_path / "bomb.parquet", compression="zstd")
    assert (tmp_path / "bomb.parquet").stat().st_size < 4096
    with pytest.raises(GovernError, match="A cell is larger") as refused:
        rows_of(read(tmp_path / "bomb.parquet"))
    assert "vector" in refused.value.where


@pytest.mark.parametrize("rows", [1, 1000])
def test_a_text_without_end_in_one_cell_is_refused(tmp_path: Path, rows: int) -> None:
    texts = pa.array(["a"] * (rows - 1) + ["x" * (2**25 + 1)])
    pq.write_table(pa.table({"title": texts}), tmp_path / "bomb.parquet", compression="zstd")
    with pytest.raises(GovernError, match="A cell is larger") as refused:
        rows_of(read(tmp_path / "bomb.parquet"))
    assert "title" in refused.value.where


def test_vectors_and_long_texts_are_read(tmp_path: Path) -> None:
    table = pa.table({"vector": [[0.5] * 768] * 3, "text": ["x" * 10_000_000] * 3})
    pq.write_table(table, tmp_path / "fine.parquet")
    assert [len(row["text"]) for row in rows_of(read(tmp_path / "fine.parquet"))] == [10_000_000] * 3
