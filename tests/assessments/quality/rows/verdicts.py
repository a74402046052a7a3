"""What a check decided by row says of each row, without a file: True passes, False fails, None is not checked."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import ibis
import pyarrow as pa
from ibis.backends.duckdb import Backend

from assessments.quality.checks import verify
from assessments.quality.checks.base import Scope
from assessments.quality.connection import DuckDBDialect
from assessments.quality.specs import RuleSpec

NOW = datetime(2024, 6, 1, 12)  # noqa: DTZ001  UTC without zone, as a scope has it


@cache
def backend() -> Backend:
    return ibis.duckdb.connect()


def verdicts(
    columns: Mapping[str, Any], check: str, names: tuple[str, ...] = (), parameters: Any = None
) -> list[bool | None]:
    spec = RuleSpec("rule", check, names, parameters or {})
    table = ibis.memtable(pa.table(dict(columns)))
    scope = Scope(table, tuple(table.columns), NOW, dialect=DuckDBDialect())
    found = verify(spec)
    wanted = dict(found.prepare(scope, spec))
    if wanted:
        scope.measured.update(backend().to_pyarrow(table.aggregate(**wanted)).to_pylist()[0])  # type: ignore[attr-defined]
    plan = found.plan(scope, spec)
    rows = backend().to_pyarrow(table.select(checked=plan.checked, failing=plan.failing)).to_pylist()
    assert all(value is not None for row in rows for value in row.values()), "a plan gives no nulls"
    return [not row["failing"] if row["checked"] else None for row in rows]
