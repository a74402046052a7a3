"""Each check against plain Python on generated tables: nulls, NaN, infinities, repeats, any script."""

import math
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.quality.engine import scan
from assessments.quality.specs import Limits, Outcome, RuleSpec

NOW = datetime(2024, 6, 1, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
FEW = st.one_of(
    st.none(), st.sampled_from(["a", "A", "b", "", " ", "é", "e\u0301", "红茶", "5", "-3.5", "x7", "C12"]), WORDS
)
NUMBERS = st.one_of(
    st.none(),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.5, math.nan, math.inf, -math.inf, 1e300]),
    st.floats(width=64),
)
WHOLE = st.one_of(st.none(), st.integers(-4, 4), st.integers(-(2**63), 2**63 - 1))
TIMES = st.one_of(st.none(), st.datetimes(datetime(2024, 5, 20), datetime(2024, 6, 10)))  # noqa: DTZ001  no zone
ROWS = st.lists(st.tuples(FEW, NUMBERS, WHOLE, TIMES), min_size=1, max_size=30)
TYPES = [("w", pa.string()), ("x", pa.float64()), ("n", pa.int64()), ("t", pa.timestamp("us"))]


def run(rows: list[tuple[Any, ...]], rules: list[RuleSpec], other: list[Any] | None = None) -> dict[str, Outcome]:
    arrays = {name: pa.array([row[i] for row in rows], kind) for i, (name, kind) in enumerate(TYPES)}
    with TemporaryDirectory() as folder:
        table, reference = Path(folder) / "t.parquet", Path(folder) / "r.parquet"
        pq.write_table(pa.table(arrays), table)
        pq.write_table(pa.table({"key": pa.array(other or [], pa.string())}), reference)
        outcomes = scan(table, rules, references={"other": reference}, as_of=NOW, limits=Limits(temporary=Path(folder)))
    return {outcome.rule.name: outcome for outcome in outcomes}


def holds(outcome: Outcome, verdicts: list[bool | None]) -> None:
    """``verdicts``: for each row True when it passes, False when it fails, None when it is not checked."""
    checked, failing = sum(v is not None for v in verdicts), sum(v is False for v in verdicts)
    if not checked:
        assert outcome.passed is None
        assert outcome.fraction is None
        assert "Nothing was checked" in outcome.error
        return
    assert (outcome.rows_checked, outcome.rows_failing, outcome.error) == (checked, failing, "")
    assert outcome.fraction == (checked - failing) / checked
    assert outcome.passed is (failing == 0)
    if outcome.rule.check not in ("unique_key", "duplicate_rows", "freshness"):
        first = [position + 1 for position, verdict in enumerate(verdicts) if verdict is False][:10]
        assert [row["row"] for row in outcome.sample] == first


@settings(max_examples=25)
@given(ROWS)
@example([(None, 0.0, None, None), (None, math.nan, None, None)])
def test_row_checks_agree_with_python(rows: list[tuple[Any, ...]]) -> None:
    found = run(
        rows,
        [
            RuleSpec("complete", "completeness", ("w", "x")),
            RuleSpec("not blank", "completeness", ("w",), {"blank": "missing"}),
            RuleSpec("between", "range", ("x",), {"min": -1, "max": 2.5}),
            RuleSpec("above", "range", ("x",), {"min": 0, "min_exclusive": True}),
            RuleSpec("whole", "range", ("n",), {"max": 3, "nulls": "fail"}),
            RuleSpec("text", "range", ("w",), {"min": 0}),
            RuleSpec("search", "pattern", ("w",), {"regex": "[a-c5]"}),
            RuleSpec("full", "pattern", ("w",), {"regex": "[a-z]+|红.", "match": "full", "expect": "no_match"}),
            RuleSpec("allowed", "allowed_values", ("w",), {"values": ["a", "红茶", 5]}),
            RuleSpec("any case", "allowed_values", ("w",), {"values": ["a"], "case": "ignore", "nulls": "fail"}),
            RuleSpec("numbers", "allowed_values", ("n",), {"values": [1, 2, -4]}),
            RuleSpec("past", "not_in_future", ("t",), {"tolerance": "1d"}),
        ],
    )
    words, floats, whole, times = zip(*rows, strict=True)
    empty = [x is None or math.isnan(x) for x in floats]
    holds(found["complete"], [w is not None and not e for w, e in zip(words, empty, strict=True)])
    holds(found["not blank"], [w is not None and w.strip(" \t\n\r\v\f") != "" for w in words])
    holds(found["between"], [None if x is None else -1 <= x <= 2.5 for x in floats])
    holds(found["above"], [None if x is None else x > 0 for x in floats])
    holds(found["whole"], [n is not None and n <= 3 for n in whole])
    holds(found["text"], [None if w is None else _number(w) for w in words])
    holds(found["search"], [None if w is None else bool(re.search("[a-c5]", w)) for w in words])
    holds(found["full"], [None if w is None else not re.fullmatch("[a-z]+|红.", w, re.DOTALL) for w in words])
    holds(found["allowed"], [None if w is None else w in ("a", "红茶", "5") for w in words])
    holds(found["any case"], [w is not None and w in ("a", "A") for w in words])
    holds(found["numbers"], [None if n is None else n in (1, 2, -4) for n in whole])
    holds(found["past"], [None if t is None else t <= NOW.replace(tzinfo=None) + timedelta(days=1) for t in times])


def _number(text: str) -> bool:
    """What a range from 0 on says of a text; restricted to what Python and SQL read alike."""
    if not re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", text, re.ASCII):
        return text.strip().lower() in ("inf", "+inf", "infinity", "+infinity")
    return float(text) >= 0


@settings(max_examples=25)
@given(ROWS, st.lists(FEW, max_size=8))
def test_grouped_and_joined_checks_agree_with_python(rows: list[tuple[Any, ...]], other: list[Any]) -> None:
    rows = rows + rows[: len(rows) // 2]
    found = run(
        rows,
        [
            RuleSpec("surplus", "duplicate_rows"),
            RuleSpec("members", "duplicate_rows", (), {"count": "members"}),
            RuleSpec("key", "unique_key", ("w", "n")),
            RuleSpec("all of key", "unique_key", ("n", "w"), {"count": "members"}),
            RuleSpec("strict key", "unique_key", ("w",), {"nulls": "fail"}),
            RuleSpec("known", "reference", ("w",), {"dataset": "other", "columns": "key"}),
            RuleSpec("known or not", "reference", ("w",), {"dataset": "other", "columns": ["key"], "nulls": "fail"}),
            RuleSpec("fresh", "freshness", ("t",), {"max_age": "2d"}),
        ],
        other,
    )
    same = [tuple("nan" if isinstance(v, float) and math.isnan(v) else v for v in row) for row in rows]
    groups = Counter(same)
    assert found["surplus"].rows_failing == len(rows) - len(groups)
    assert found["members"].rows_failing == sum(n for n in groups.values() if n > 1)
    assert found["surplus"].rows_checked == found["members"].rows_checked == len(rows)

    pairs = Counter((w, n) for w, _x, n, _t in rows if w is not None and n is not None)
    if pairs:
        assert found["key"].rows_checked == found["all of key"].rows_checked == sum(pairs.values())
        assert found["key"].rows_failing == sum(pairs.values()) - len(pairs)
        assert found["all of key"].rows_failing == sum(n for n in pairs.values() if n > 1)
    words = [row[0] for row in rows]
    there = Counter(word for word in words if word is not None)
    assert found["strict key"].rows_checked == len(rows)
    assert found["strict key"].rows_failing == len(rows) - len(there)

    known = {word for word in other if word is not None}
    holds(found["known"], [None if word is None else word in known for word in words])
    holds(found["known or not"], [word is not None and word in known for word in words])

    now = NOW.replace(tzinfo=None)
    times = [row[3] for row in rows if row[3] is not None]
    past = [time for time in times if time <= now]
    stale = bool(past) and max(past) < now - timedelta(days=2)
    holds(found["fresh"], [not stale for _time in past])
    assert found["fresh"].detail["future_rows"] == len(times) - len(past)


@settings(max_examples=12)
@given(ROWS)
def test_one_scan_gives_what_rules_alone_give(rows: list[tuple[Any, ...]]) -> None:
    rules = [
        RuleSpec("a", "completeness", ("w",)),
        RuleSpec("b", "range", ("x",), {"min": 0}),
        RuleSpec("c", "unique_key", ("n", "w"), {"nulls": "fail"}),
        RuleSpec("gone", "range", ("absent",), {"min": 0}),
        RuleSpec("d", "duplicate_rows"),
    ]
    together = run(rows, rules)
    for rule in rules:
        alone = run(rows, [rule])[rule.name]
        both = together[rule.name]
        assert (alone.rows_checked, alone.rows_failing, alone.passed) == (
            both.rows_checked,
            both.rows_failing,
            both.passed,
        )
        assert alone.error == both.error
        assert [row["row"] for row in alone.sample] == [row["row"] for row in both.sample]
