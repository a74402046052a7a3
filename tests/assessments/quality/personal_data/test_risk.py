"""Classes, k, l and t against a count in plain Python, and against the tables of the papers."""

from collections import Counter, defaultdict
from typing import Any

import duckdb
import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.quality.personal_data.risk import measure_risk


class Direct:
    """Runs an expression on DuckDB as it stands."""

    def __init__(self) -> None:
        self.backend = ibis.duckdb.from_connection(duckdb.connect())

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        return self.backend.to_pyarrow(expression).to_pylist()


@pytest.fixture(scope="module")
def direct() -> Direct:
    return Direct()


def table_of(rows: list[tuple[Any, ...]], names: list[str]) -> Any:
    return ibis.memtable(
        {name: [row[at] for row in rows] for at, name in enumerate(names)}, schema=dict.fromkeys(names, "string")
    )


def test_patients_of_the_l_diversity_paper(direct: Direct) -> None:
    """The 4-anonymous inpatient table of Machanavajjhala et al.: 4-anonymous, but one class is all cancer."""
    ill = [
        "heart",
        "heart",
        "viral",
        "viral",
        "cancer",
        "heart",
        "viral",
        "viral",
        "cancer",
        "cancer",
        "cancer",
        "cancer",
    ]
    rows = (
        [("130**", "<30", a) for a in ill[:4]]
        + [("1485*", ">=40", a) for a in ill[4:8]]
        + [("130**", "3*", a) for a in ill[8:]]
    )
    risk = measure_risk(table_of(rows, ["zip", "age", "condition"]), direct, ["zip", "age"], sensitive="condition")
    assert (risk.rows, risk.classes, risk.k, risk.unique_rows) == (12, 3, 4, 0)
    assert (risk.l_diversity, risk.homogeneous_rows) == (1, 4)
    assert risk.t_closeness == pytest.approx(7 / 12)
    assert [(band.classes, band.rows) for band in risk.bands if band.classes] == [(3, 12)]


def test_nothing_chosen_and_nothing_there(direct: Direct) -> None:
    empty = table_of([], ["zip", "age"])
    assert measure_risk(empty, direct, ["zip", "age"], sensitive="age").document()["k"] == 0
    assert measure_risk(empty, direct, []).unique_share == 0.0


cells = st.one_of(st.none(), st.sampled_from(["a", "b", "é", ""]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=25))
def test_like_plain_counting(direct: Direct, rows: list[tuple[Any, ...]]) -> None:
    risk = measure_risk(table_of(rows, ["p", "q", "s"]), direct, ["p", "q"], sensitive="s")
    sizes = Counter(row[:2] for row in rows)
    values = defaultdict(Counter)
    for row in rows:
        values[row[:2]][row[2]] += 1
    overall = Counter(row[2] for row in rows)
    unique = sum(size == 1 for size in sizes.values())
    assert (risk.rows, risk.classes, risk.k) == (len(rows), len(sizes), min(sizes.values()))
    assert (risk.unique_rows, risk.unique_share) == (unique, unique / len(rows))
    assert risk.l_diversity == min(len(found) for found in values.values())
    assert risk.homogeneous_rows == sum(sizes[key] for key, found in values.items() if len(found) == 1)
    farthest = max(
        sum(abs(found[value] / sizes[key] - overall[value] / len(rows)) for value in overall) / 2
        for key, found in values.items()
    )
    assert risk.t_closeness == pytest.approx(farthest)
    assert sum(band.rows for band in risk.bands) == len(rows)
