"""The queries of checks say nothing that only one database understands: they compile for all three places."""

from datetime import datetime
from typing import Any

import ibis
import pytest

from assessments.quality.checks import check_named
from assessments.quality.checks.base import Scope
from assessments.quality.specs import RuleSpec

SCHEMA = {
    "row": "int64",
    "user": "string",
    "item": "int64",
    "price": "float64",
    "grade": "int64",
    "other grade": "int64",
    "time": "timestamp",
    "title": "string",
}
OTHER = {"dataset": "other"}
RULES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "functional_dependency": (("item", "price"), {"dependent": "title", "nulls": "fail"}),
    "code_collision": (("title",), {"ignore": "case_and_space"}),
    "volume_change": ((), {}),
    "row_count_matches": ((), OTHER),
    "sum_matches": (("price",), {**OTHER, "by": ["user", "item"]}),
    "time_order": (("time",), {"within": "user"}),
    "time_ties": (("time",), {"user": "user", "last": 3}),
    "label_balance": (("user",), {}),
    "cold_start": (("price",), {}),
    "never_seen": (("item",), OTHER),
    "leakage": (("user", "price", "title"), {**OTHER, "match": "loose"}),
    "time_leakage": (("time",), OTHER),
}
INSPECTIONS: dict[str, list[tuple[tuple[str, ...], dict[str, Any]]]] = {
    "drift": [(("price",), {"measure": "psi"}), (("price",), {"measure": "ks"}), (("title",), {"measure": "js"})],
    "judge_agreement": [
        (("grade", "other grade"), {}),
        (("grade",), {"judge": "user", "unit": ["item"], "measure": "cohen"}),
    ],
    "near_duplicates": [(("title", "user"), {})],
}
PLACES = ("duckdb", "postgres", "pyspark")


@pytest.fixture(autouse=True)
def _spark_known(request: pytest.FixtureRequest) -> None:
    """Ibis knows Spark's options once its backend is asked for, which needs the extra "spark"."""
    if "pyspark" in request.node.callspec.params.values():
        pytest.importorskip("pyspark")
        assert ibis.pyspark.name == "pyspark"


def scope_of() -> Scope:
    table = ibis.table(SCHEMA, name="here")
    return Scope(
        table,
        tuple(name for name in SCHEMA if name != "row"),
        datetime(2024, 6, 1),  # noqa: DTZ001  in UTC without zone
        others={"other": ibis.table(SCHEMA, name="there")},
        earlier=ibis.table(SCHEMA, name="before"),
        row=table["row"],
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", RULES)
def test_queries_compile(name: str, place: str) -> None:
    columns, parameters = RULES[name]
    plan = check_named(name).query(scope_of(), RuleSpec("rule", name, columns, parameters))
    assert "here" in ibis.to_sql(plan.summary, dialect=place)
    assert plan.failing_rows is None or "here" in ibis.to_sql(plan.failing_rows, dialect=place)


class Compiling:
    """A reader that compiles what it is asked, and answers as a table with a few values would."""

    def __init__(self, place: str) -> None:
        self.place, self.asked = place, 0

    def rows(self, expression: Any, *_told: Any) -> list[dict[str, Any]]:
        self.asked += 1
        assert ibis.to_sql(expression, dialect=self.place)
        kinds = expression.schema()
        if "cuts" in kinds:
            return [{"cuts": [1.0, 2.0]}]
        return [{name: "a" if kind.is_string() else 1 for name, kind in kinds.items()}]

    def batches(self, expression: Any, *_told: Any) -> Any:
        self.asked += 1
        assert ibis.to_sql(expression, dialect=self.place)
        return iter(())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", INSPECTIONS)
def test_what_inspections_ask_compiles(name: str, place: str) -> None:
    for columns, parameters in INSPECTIONS[name]:
        reader = Compiling(place)
        check_named(name).inspect(scope_of(), RuleSpec("rule", name, columns, parameters), reader, lambda *_told: None)
        assert reader.asked >= 2
