"""The language of expressions: what it reads, what it refuses and where, and that it computes as plain Python does."""

import math
from datetime import UTC, datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assessments.common.errors import GovernError
from assessments.quality.connection import DuckDBDialect
from assessments.quality.expressions import (
    Family,
    columns_of,
    families_of,
    family_of_name,
    parse,
    printed,
    translate,
    verify_truth,
)
from assessments.quality.expressions.families import family_of_type
from assessments.quality.expressions.functions import FUNCTIONS
from assessments.quality.expressions.tree import Column, Constant, Node, walk
from tests.assessments.quality.rows.oracle import LETTERS, ROWS, evaluate, truths
from tests.assessments.quality.rows.verdicts import NOW, backend, verdicts

TYPES = {
    "w": pa.string(),
    "other text": pa.string(),
    "x": pa.float64(),
    "n": pa.int64(),
    "数量": pa.int64(),
    "t": pa.timestamp("us"),
    "d": pa.date32(),
    "b": pa.bool_(),
}
FAMILIES = {name: family_of_name(str(kind)) for name, kind in TYPES.items()}


def table_of(rows: list[dict[str, Any]]) -> Any:
    return ibis.memtable(pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items()}))


def computed(source: str, table: Any) -> list[Any]:
    tree, families = parse(source), families_of(table, tuple(table.columns))
    verify_truth(tree, families)
    expression = translate(tree, table, families, NOW, DuckDBDialect())
    return [row["v"] for row in backend().to_pyarrow(table.select(v=expression)).to_pylist()]


@settings(max_examples=150)
@given(truths(3))
def test_what_is_printed_parses_to_the_same_tree(tree: Node) -> None:
    again = parse(printed(tree))
    assert again == tree
    assert [type(node.value) for node, _ in walk(again) if isinstance(node, Constant)] == [
        type(node.value) for node, _ in walk(tree) if isinstance(node, Constant)
    ]


@settings(max_examples=60)
@given(truths(3), ROWS)
def test_expressions_compute_as_in_python(tree: Node, rows: list[dict[str, Any]]) -> None:
    assume(any(isinstance(node, Column) for node, _depth in walk(tree)))
    expected = [evaluate(tree, row) for row in rows]
    assert computed(printed(tree), table_of(rows)) == expected
    data = {name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items()}
    assert verdicts(data, "expression", (), {"expression": printed(tree)}) == expected


EMPTY = dict.fromkeys(TYPES)
ROW = EMPTY | {"w": "Tea's", "x": 2.5, "n": 7, "数量": 0, "t": datetime(2024, 2, 29, 13), "b": True}  # noqa: DTZ001


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("n + 2 * 3 = 13", True),
        ("(n + 2) * 3 = 27", True),
        ("n - 2 - 3 = 2", True),
        ("not b or b", True),
        ("not (b and n > 100)", True),
        ("b or 1 / 数量 > 0", True),
        ("1 / 数量 > 0", None),
        ("n % 0 = 0", None),
        ("-7 % 3 = -1 and b", True),
        ("n / 2 = 3.5", True),
        ("x - 1e300 * 1e300 < 0", True),
        ("1e300*1e300*x - 1e300*1e300*x > 0", None),
        ("w = 'Tea''s'", True),
        ("`w` <> 'x' AND n IN (1, 7.0)", True),
        ("n not in (1, 2) and w NOT BETWEEN 'a' and 'b'", True),
        ("other_ is null", "At character 1: There is no column “other_”."),
        ("`other text` is null and d is null", True),
        ("d = date('2024-01-01')", None),
        ("t > date('2024-02-29') and t < time('2024-02-29 13:00:01')", True),
        ("year(t) = 2024 and month(t) = 2 and day(t) = 29", True),
        ("days_between(t, date('2024-03-01')) = 1", True),
        ("days_between(now(), t) = -93", True),
        ("round(x) = 3 and round(-x) = -2 and floor(-x) = -3 and ceil(x) = 3", True),
        ("round(x * 0.1, 2) = 0.25", True),
        ("if(d is null, 'none', 'some') = 'none'", True),
        ("if(d > now(), 1, 2) = 2", True),
        ("coalesce(d, t) = t", True),
        ("matches(w, '^T.*s$') and not matches(w, '[0-9]')", True),
        ("length(w) = 5 and upper(w) = 'TEA''S' and contains(w, '''')", True),
        ("1000000 * 1000000 * 1000000 > n", True),
        ("n > -9223372036854775808", True),
        ("9223372036854775808 > n", True),
    ],
)
def test_what_an_expression_says_of_a_row(source: str, expected: Any) -> None:
    table = table_of([ROW])
    if isinstance(expected, str):
        with pytest.raises(GovernError) as refused:
            computed(source, table)
        assert refused.value.message == expected
    else:
        assert computed(source, table) == [expected]


@pytest.mark.parametrize(
    ("source", "position", "words", "hint"),
    [
        ("", 1, "empty", "price > 0"),
        ("n >", 4, "a column, a constant or a function is expected, not “the end”", ""),
        ("n > 1 2", 7, "“2” is one too many", ""),
        ("n < x < 3", 7, "“<” is one too many", "not chained"),
        ("w like 'a'", 3, "“like” is one too many", "use contains"),
        ('w = "a"', 5, '“"” has no meaning here', "'single quotes'"),
        ("w = 'a", 5, "no end", "Close it"),
        ("`w = 'a'", 1, "no end", "Close it"),
        ("`` = 1", 1, "needs a name", ""),
        ("n; drop table t", 2, "“;” has no meaning here", ""),
        ("n = 1 -- comment", 10, "no column “comment”", ""),
        ("n /* x */ = 1", 4, "is expected", ""),
        ("n = 12abc", 7, "A number is followed by “a”", ""),
        ("x = 1e999", 5, "too large", ""),
        ("lenght(w) = 1", 1, "no function “lenght”", "Did you mean “length”?"),
        ("read_text('/etc/passwd') = w", 1, "no function “read_text”", "There are:"),
        ("length(w, w) = 1", 1, "given 2 values", "length(text)"),
        ("n in (n)", 7, "constants only", ""),
        ("n in (null)", 7, "constants only", ""),
        ("n is 5", 6, "“null” is expected", ""),
        ("n not 5", 7, "“in” or “between” is expected", ""),
        ("n between 1 or 2", 13, "“and” is expected", ""),
        ("d = date('2024-02-30')", 5, "a written day that exists", "date('2024-01-31')"),
        ("d = date(w)", 5, "a written day that exists", ""),
        ("t > time('2024-01-01T00:00:00Z')", 5, "a written day that exists", "time('"),
        ("lenth = 1", 1, "no column “lenth”", "There are:"),
        ("W = 'a'", 1, "no column “W”", "Did you mean “w”?"),
        ("n = null", 3, "Nothing is equal to null", "is null"),
        ("n + null = 1", 5, "this is null", ""),
        ("n = 'a'", 3, "A whole number and a text cannot be compared", ""),
        ("d > '2024-01-01'", 3, "cannot be compared", "date('2024-01-31')"),
        ("b > true", 3, "have no order", ""),
        ("n and b", 1, "True or false is expected here, and this is a whole number", ""),
        ("w + w = w", 1, "A number is expected here, and this is a text", ""),
        ("x % 2 = 0", 3, "takes whole numbers", "floor()"),
        ("n + 1", 1, "gives a whole number, not true or false", "price > 0"),
        ("1 = 1", 1, "names no column", ""),
        ("if(b, 1, 'a') = 1", 1, "of different kinds", ""),
        ("matches(w, w)", 12, "must be a written text", ""),
        ("matches(w, '(a')", 12, "not a regular expression of RE2", "RE2 has no look-ahead"),
        ("matches(w, '(?<=a)b')", 12, "not a regular expression of RE2", ""),
        ("round(x, n) = 1", 10, "written whole number from 0 to 15", ""),
        ("round(x, 99) = 1", 10, "written whole number from 0 to 15", ""),
        ("(" * 50 + "n" + ")" * 50 + " = 1", 42, "too large", "several rules"),
        ("not " * 50 + "b", 165, "too large", ""),
        ("n = " + "-" * 5_000 + "1", 0, "longer than", "several rules"),
        (" or ".join(["b"] * 60), 0, "too large", ""),
        ("n in (" + ", ".join(["1"] * 1_200) + ")", 3007, "more than 1000 values", "allowed_values"),
        ("w = 'a\0'", 5, "no database takes", ""),
        ("w = '\ud800'", 5, "no database takes", ""),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(source: str, position: int, words: str, hint: str) -> None:
    with pytest.raises(GovernError) as refused:
        verify_truth(parse(source), FAMILIES)
    assert words.lower() in refused.value.message.lower()
    assert hint in refused.value.hint
    if position:
        assert refused.value.message.startswith(f"At character {position}: ")


@settings(max_examples=150)
@given(st.text(max_size=60) | st.text(LETTERS + "()<>=+*/,.1nwx", max_size=40))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        tree = parse(source)
    except GovernError:
        return
    assert parse(printed(tree)) == tree


WORDS = st.sampled_from(
    [
        *(*FUNCTIONS, *TYPES, "and", "or", "not", "in", "between", "is", "null", "true", "(", ")", ",", "+", "-", "*"),
        *("/", "%", "=", "<", ">", "!=", "'a'", "''", "1", "0.5", "`other text`", "date('2024-01-01')", "9e18"),
    ]
)


@settings(max_examples=150)
@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_what_is_accepted_becomes_one_query_without_calls_of_its_own(source: str) -> None:
    table = table_of([ROW])
    try:
        verify_truth(tree := parse(source), FAMILIES)
    except GovernError:
        return
    expression = translate(tree, table, FAMILIES, NOW, DuckDBDialect())
    assert expression.type().is_boolean()
    backend().compile(table.select(v=expression))


def test_every_function_is_explained_and_tried() -> None:
    for function in FUNCTIONS.values():
        assert str(function.help).endswith(".")
        assert function.usage.startswith(function.name + "(")
    assert set(FUNCTIONS) == {
        *("contains", "starts_with", "ends_with", "matches", "length", "lower", "upper", "trim", "abs", "round"),
        *("floor", "ceil", "year", "month", "day", "days_between", "date", "time", "now", "coalesce", "if"),
    }


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        (pa.int8(), Family.WHOLE),
        (pa.uint64(), Family.NUMBER),
        (pa.float32(), Family.NUMBER),
        (pa.decimal128(12, 2), Family.NUMBER),
        (pa.large_string(), Family.TEXT),
        (pa.dictionary(pa.int32(), pa.string()), Family.TEXT),
        (pa.timestamp("ns", tz="Asia/Shanghai"), Family.TIME),
        (pa.date64(), Family.DATE),
        (pa.bool_(), Family.TRUTH),
        (pa.list_(pa.int64()), Family.OTHER),
        (pa.binary(), Family.OTHER),
        (pa.time64("us"), Family.OTHER),
    ],
)
def test_a_type_is_judged_before_the_scan_as_in_it(kind: pa.DataType, family: Family) -> None:
    assert family_of_name(str(kind)) is family
    if not pa.types.is_date64(kind) and not pa.types.is_dictionary(kind):
        assert family_of_type(ibis.expr.datatypes.DataType.from_pyarrow(kind)) is family


def test_the_words_for_types_that_snapshots_keep() -> None:
    words = ["integer", "number", "text", "boolean", "date", "timestamp", "timestamp with zone", "decimal(12,2)"]
    assert [family_of_name(word).value for word in words] == [
        *("whole", "number", "text", "truth", "date", "time", "time", "number")
    ]


NESTED = {
    "round": lambda n: "round(" * n + "x" + ")" * n + " > 0",
    "division": lambda n: "1/(" * n + "x" + ")" * n + " > 0",
    "remainder": lambda n: "7%(" * n + "n" + ")" * n + " > 0",
    "sum": lambda n: "x" + " + 1.5" * n + " > 0",
    "coalesce": lambda n: "coalesce(1.5+" * n + "x" + ", 0.5)" * n + " > 0",
    "if": lambda n: "if(x>0, " * n + "x" + ", x*2.5)" * n + " > 0",
    "equal": lambda n: "(" * n + "b" + " = b)" * n,
    "between": lambda n: " and ".join(f"x+n*x between 1 and {i}+x*x" for i in range(n)),
}


def accepted(source: str) -> bool:
    try:
        parse(source)
    except GovernError:
        return False
    return True


def deeper(frames: int, call: Any) -> Any:
    return deeper(frames - 1, call) if frames else call()


@pytest.mark.parametrize("shape", NESTED)
def test_the_largest_expression_that_is_accepted_is_planned_in_seconds(shape: str) -> None:
    """A database writes nested NULLIFs out twice at each level: fifteen of them once took more than a minute."""
    largest = max(n for n in range(1, 60) if accepted(NESTED[shape](n)))
    assert largest >= 6
    assert not accepted(NESTED[shape](60))
    started = perf_counter()
    found = deeper(200, lambda: computed(NESTED[shape](largest), table_of([ROW])))
    assert len(found) == 1
    assert perf_counter() - started < 20


def test_small_big_and_exact_numbers_are_foundalike() -> None:
    data = {
        "small": pa.array([100, None], pa.int8()),
        "big": pa.array([2**64 - 1, 1], pa.uint64()),
        "exact": pa.array([Decimal("1.50"), None], pa.decimal128(12, 2)),
        "single": pa.array([math.nan, 0.5], pa.float32()),
        "zoned": pa.array([datetime(2024, 1, 1, 1, tzinfo=UTC)] * 2).cast(pa.timestamp("us", tz="Asia/Shanghai")),
        "list": pa.array([[1], None]),
    }
    table = ibis.memtable(pa.table(data))
    assert computed("small + small = 200", table) == [True, None]
    assert computed("big > 9223372036854775807", table) == [True, False]
    assert computed("exact * 2 = 3", table) == [True, None]
    assert computed("single is null", table) == [True, False]
    assert computed("zoned = time('2024-01-01 01:00:00')", table) == [True, True]
    assert computed("list is null", table) == [False, True]
    with pytest.raises(GovernError, match="of a type that expressions do not read"):
        computed("list = 1", table)


def test_the_columns_of_an_expression_are_those_of_its_sample(measure: Any) -> None:
    columns = {"a": [1, 2], "b c": [2, 1], "secret": ["x@y.org", "z@y.org"]}
    outcome = measure(columns, "expression", (), {"expression": "`b c` > a"})
    assert (outcome.rows_checked, outcome.rows_failing) == (2, 1)
    assert outcome.sample[0] == {"row": 2, "values": {"b c": 1, "a": 2}}
    assert columns_of(parse("`b c` > a + `b c`")) == ("b c", "a")


def test_rows_that_an_expression_leaves_open_are_left_out_or_fail() -> None:
    data = {"a": [1, None, 0]}
    assert verdicts(data, "expression", (), {"expression": "a > 0"}) == [True, None, False]
    assert verdicts(data, "expression", (), {"expression": "a > 0", "nulls": "fail"}) == [True, False, False]


def test_a_number_that_overflows_spoils_only_its_own_rule(measure: Any) -> None:
    outcome = measure({"a": [2**62]}, "expression", (), {"expression": "a * a > 0"})
    assert outcome.passed is None
    assert outcome.error
