"""Repairs done on small tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assessments.quality.repairs import steps_read
from assessments.quality.repairs.execution import StepOutcome, Surroundings, steps_done

KEY = b"k" * 32


@dataclass
class Repaired:
    """The table after the steps, and what each step did."""

    table: pa.Table
    digest: str
    outcomes: list[StepOutcome]

    def __getitem__(self, name: str) -> list[Any]:
        return list(self.table[name].to_pylist())

    @property
    def outcome(self) -> StepOutcome:
        return self.outcomes[-1]


@pytest.fixture
def repair(home: Path) -> Callable[..., Repaired]:
    """``repair(columns, name, names, parameters)`` is a small table after one repair; ``steps=`` takes several."""

    def one(
        columns: Mapping[str, Any] | pa.Table,
        name: str = "",
        names: tuple[str, ...] = (),
        parameters: Mapping[str, Any] | None = None,
        *,
        steps: list[dict[str, Any]] | None = None,
        others: Mapping[str, Mapping[str, Any]] | None = None,
        roles: Mapping[str, str] | None = None,
        masked: tuple[str, ...] = (),
    ) -> Repaired:
        file = home / "t.parquet"
        pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(dict(columns)), file)
        before = file.read_bytes()
        files = {}
        for other, content in (others or {}).items():
            files[other] = home / f"{other}.parquet"
            pq.write_table(pa.table(dict(content)), files[other])
        around = Surroundings(others=files, roles=roles or {}, masked=masked, key=lambda: KEY)
        given = steps or [{"repair": name, "columns": list(names), "parameters": dict(parameters or {})}]
        with steps_done(file, steps_read(given), around) as (staged, outcomes):
            table = pq.read_table(staged.path)
        assert file.read_bytes() == before  # never in place
        return Repaired(table, staged.digest, outcomes)

    return one
