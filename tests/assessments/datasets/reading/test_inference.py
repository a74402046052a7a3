"""The type of a column of text, against values whose right type is known."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.datasets.reading.inference import ColumnInference


def inferred(*batches: list[str | None], **options: str) -> ColumnInference:
    column, row = ColumnInference("c", **options), 1
    for batch in batches:
        column.observe(pa.array(batch, pa.string()), row)
        row += len(batch)
    return column


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (["1", "-20", None, "0"], pa.int64()),
        (["1", "2.5"], pa.float64()),
        (["17850.0", None], pa.float64()),
        (["1e-05", "2.5"], pa.float64()),
        (["007", "12"], pa.string()),
        (["12", "007"], pa.string()),
        (["0.5", "-0.25"], pa.float64()),
        (["00.5", "1.5"], pa.string()),
        (["+4412345678"], pa.string()),
        (["12E45", "13E46"], pa.string()),
        (["0x1F", "0x2F"], pa.string()),
        (["9223372036854775807"], pa.int64()),
        (["9223372036854775808"], pa.string()),
        (["9007199254740993", "0.5"], pa.string()),
        (["1.5", "9007199254740993"], pa.string()),
        (["1.5", "nan"], pa.string()),
        (["1.5", "inf"], pa.string()),
        (["1.5", "NA"], pa.string()),
        (["true", "False", "TRUE"], pa.bool_()),
        (["true", "1"], pa.string()),
        (["2024-02-29", "2023-12-31"], pa.date32()),
        (["2024-02-29", "2023-02-29"], pa.string()),
        (["2010-12-01 08:26:00"], pa.timestamp("us")),
        (["2010-12-01T08:26:00.123456"], pa.timestamp("us")),
        (["2010-12-01", "2010-12-01 08:26:00"], pa.timestamp("us")),
        (["2010-12-01T08:26:00Z", "2010-12-01 08:26:00+02:00"], pa.timestamp("us", "UTC")),
        (["2010-12-01T08:26:00Z", "2010-12-01T08:26:00"], pa.string()),
        (["12/1/2010 8:26", "12/13/2010 8:26"], pa.timestamp("us")),
        (["13/12/2010", "1/12/2010"], pa.timestamp("us")),
        (["12/1/2010", "1/2/2010"], pa.string()),
        (["2010/12/1 8:26"], pa.timestamp("us")),
        (["12/1/10 8:26"], pa.string()),
        ([None, None], pa.string()),
        (["abc", "12"], pa.string()),
    ],
)
def test_type(values: list[str | None], type_: pa.DataType) -> None:
    assert inferred(values).type == type_
    assert inferred(*([value] for value in values)).type == type_, "batches must not matter"


def test_dates_are_read_in_the_order_that_the_whole_column_allows() -> None:
    column = inferred(["12/1/2010 8:26"], ["12/13/2010 8:26"])
    assert str(column.convert(pa.array(["12/1/2010 8:26"]))[0]) == "2010-12-01 08:26:00"
    assert "%m/%d/%Y" in column.note()


def test_ambiguous_dates_say_how_to_decide() -> None:
    column = inferred(["12/1/2010", "1/2/2010"])
    assert "date_format" in column.note()
    decided = inferred(["12/1/2010", "1/2/2010"], date_format="%d/%m/%Y")
    assert str(decided.convert(pa.array(["12/1/2010"]))[0]) == "2010-01-12 00:00:00"


def test_a_type_that_changes_late_is_told_with_row_value_and_count() -> None:
    column = inferred(["1"] * 1000, ["2"] * 500 + ["n/a"] + ["3"] * 10 + ["n/a"], ["4", "?"])
    assert column.type == pa.string()
    assert column.broken == ("integer", 1501, "n/a")
    assert column.misfits == 3
    note = column.note()
    assert "row 1,501" in note
    assert "“n/a”" in note


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("CustomerID", "Anna Berg", "“A••••••••”"),
        ("客户", "王小明", "“王••”"),
        ("CustomerID", "N/A", "“N/A”"),
        ("note", "call anna@example.com", "“call a•••••••••••••••”"),
        ("amount", "twelve", "“twelve”"),
    ],
)
def test_a_note_shows_no_personal_value(name: str, value: str, shown: str) -> None:
    column = ColumnInference(name)
    column.observe(pa.array(["1", "2", "3", value]), 1)
    assert shown in column.note()
    assert value == shown.strip("“”") or value not in column.note()


def test_the_row_counts_missing_values() -> None:
    assert inferred([None, "1", None, None, "x"]).broken == ("integer", 5, "x")


def test_codes_that_begin_with_a_number_are_no_change() -> None:
    assert inferred(["1", "A", "B", "C"]).note() == ""


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20))
def test_integers_come_back_as_they_were(numbers: list[int]) -> None:
    texts = [str(number) for number in numbers]
    column = inferred(texts)
    assert column.convert(pa.array(texts)).to_pylist() == numbers


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20))
def test_no_text_is_lost(texts: list[str]) -> None:
    column = inferred(texts)
    converted = column.convert(pa.array(texts, pa.string()))
    assert converted.null_count == 0
    if column.type == pa.string():
        assert converted.to_pylist() == texts
