"""Each repair gives exactly what was planted, the second time nothing more, and takes a table without rows."""

import hashlib
import hmac
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.conf import settings

from assessments.common.errors import GovernError
from assessments.quality.repairs import Step, all_repairs, steps_read
from tests.assessments.quality.repairs.cases import CASES, Case

KEY = b"k" * 32


def same(found: list[Any], expected: list[Any]) -> bool:
    return len(found) == len(expected) and all(map(_equal, found, expected))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other)


def done(repair: Callable[..., Any], case: Case, table: Any) -> Any:
    return repair(table, case.repair, case.columns, case.parameters, others=case.others, roles=case.roles)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_repair_gives_what_was_planted_and_the_second_time_nothing_more(
    case: Case, repair: Callable[..., Any]
) -> None:
    result = done(repair, case, case.before)
    for name, values in case.after.items():
        assert same(result[name], values), (name, result[name])
    assert [note[: len(known)] for note, known in zip(result.outcome.notes, case.notes, strict=True)] == list(
        case.notes
    )
    assert result.outcome.meaning
    found = result.outcome.found
    assert (found.rows_before, found.rows_after) == (len(next(iter(case.before.values()))), result.table.num_rows)
    if found.rows_after == found.rows_before:
        for name in set(case.before) & set(result.table.column_names):
            changed = sum(not _kept(a, b) for a, b in zip(case.before[name], result[name], strict=True))
            assert found.cells_changed.get(name, 0) == changed
    if case.repair != "drop_column":  # the column is gone
        assert done(repair, case, result.table).digest == result.digest


def _kept(one: Any, other: Any) -> bool:
    """As the counts see it: values of another type are compared as texts."""
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if numbers or one is None or other is None:
        return _equal(one, other)
    return str(one) == str(other)


@pytest.mark.parametrize("case", list({case.repair: case for case in CASES}.values()), ids=str)
def test_a_table_without_rows_stays_without(case: Case, repair: Callable[..., Any]) -> None:
    types = {name: pa.array(values).type for name, values in case.before.items()}
    empty = pa.table({name: pa.array([], kind) for name, kind in types.items()})
    assert done(repair, case, empty).table.num_rows == 0


def test_there_is_a_case_for_every_repair() -> None:
    elsewhere = {"k_anonymise", "pseudonymise"}
    assert {case.repair for case in CASES} | elsewhere == {one.name for one in all_repairs()}


def test_a_pseudonym_is_the_hmac_of_the_value(repair: Callable[..., Any]) -> None:
    table = {"e": ["a@x.org", None, "é"], "n": [17850.0, None, 2.5]}
    result = repair(table, "pseudonymise", ("e", "n"))

    def expected(text: str) -> str:
        return "p_" + hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()[:32]

    assert result["e"] == [expected("a@x.org"), None, expected("é")]
    assert result["n"] == [expected("17850"), None, expected("2.5")]
    assert repair(result.table, "pseudonymise", ("e", "n")).digest == result.digest
    assert "a@x.org" not in str(result.outcome.document())


def test_steps_follow_each_other(repair: Callable[..., Any]) -> None:
    steps = [
        {"repair": "normalise_spaces", "columns": ["a"]},
        {"repair": "normalise_codes", "columns": ["a"]},
        {"repair": "drop_duplicates"},
    ]
    result = repair({"a": ["x", " X", "x ", "y"]}, steps=steps)
    assert result["a"] == ["x", "y"]
    assert [(one.found.rows_before, one.found.rows_after) for one in result.outcomes] == [(4, 4), (4, 4), (4, 2)]


def test_samples_of_columns_about_persons_are_masked(repair: Callable[..., Any]) -> None:
    result = repair({"name": ["ann lee", "BOB"]}, "normalise_case", ("name",), {"to": "upper"}, masked=("name",))
    assert result.outcome.found.changed == [{"row": 1, "changed": {"name": ["a••••••", "A••••••"]}}]
    result = repair({"name": ["ann", "ann"]}, "drop_duplicates", masked=("name",))
    assert result.outcome.found.dropped == [{"row": 2, "values": {"name": "a••"}}]
    result = repair({"code": ["ann lee"]}, "mask_column", ("code",))
    assert result.outcome.found.changed == [{"row": 1, "changed": {"code": ["a••••••", "***"]}}]


def test_many_rows_keep_their_order_over_batches(repair: Callable[..., Any]) -> None:
    rows = 150_000
    table = {"a": [n % 1_000 for n in range(rows)], "b": list(range(rows))}
    result = repair(table, "drop_duplicates", ("a",))
    assert result["b"] == list(range(1_000))
    result = repair(table, "drop_out_of_range", ("b",), {"min": 70_000})
    assert result["b"] == list(range(70_000, rows))
    assert result.outcome.found.dropped[0]["row"] == 1


@pytest.mark.parametrize(
    "step",
    [
        Step("drop_duplicates", ("a",), {"keep": "middle"}),
        Step("drop_out_of_range", ("a",), {"min": 2, "max": 1}),
        Step("impute", ("a",), {"method": "constant"}),
        Step("impute", ("a",), {"value": "x"}),
        Step("merge_near_duplicates", ("a",), {"threshold": 0}),
        Step("correct_by_dependency", ("a",)),
        Step("correct_by_dependency", ("a", "b"), {"majority": 0.1}),
        Step("correct_typos", ("a",), {"edits": 9}),
        Step("drop_orphans", ("a", "b"), {"dataset": "x", "columns": ["c"]}),
        Step("drop_rows_where", (), {"expression": "a >"}),
        Step("generalise", ("a",), {"to": "mapping"}),
        Step("generalise", ("a",), {"to": "band", "width": 0}),
        Step("mask_column", ("a",), {"keep": "first", "characters": 0}),
        Step("k_anonymise", ("a",), {"k": 1}),
        Step("k_anonymise", ("a",), {"sensitive": "a"}),
    ],
    ids=lambda step: f"{step.repair} {dict(step.parameters)}",
)
def test_wrong_parameters_are_refused_before_anything_is_read(step: Step) -> None:
    with pytest.raises(GovernError) as caught:
        steps_read([step])
    assert caught.value.message


def test_the_guide_names_every_repair() -> None:
    guide = (Path(settings.BASE_DIR) / "docs" / "repairs.md").read_text(encoding="utf-8")
    assert [one.name for one in all_repairs() if f"`{one.name}`" not in guide] == []


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (pa.array([1, None], pa.int64()), "1e30"),
        (pa.array([1, None], pa.uint8()), "-1"),
        (pa.array([0, None], pa.date32()), "infinity"),
        (pa.array([0, None], pa.timestamp("us")), "99999-01-01"),
        (pa.array([0, None], pa.timestamp("us")), "soon"),
    ],
)
def test_a_constant_that_the_column_cannot_hold_is_refused(
    cells: pa.Array, value: str, repair: Callable[..., Any]
) -> None:
    with pytest.raises(GovernError, match="is no value for a column"):
        repair({"a": cells}, "impute", ("a",), {"method": "constant", "value": value})


def test_times_after_the_year_9999_do_not_stop_a_repair(repair: Callable[..., Any]) -> None:
    late = pa.array([3_700_000, 3_700_000, None], pa.date32())
    result = repair({"t": late, "a": [1, 1, 2]}, "drop_duplicates", ())
    assert result.outcome.found.dropped == [{"row": 2, "values": {"t": "1••••••••••", "a": 1}}]
