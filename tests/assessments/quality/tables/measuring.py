"""One rule on small tables: this one, the one before, and others by name."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assessments.quality.engine import scan
from assessments.quality.specs import Outcome, RuleSpec
from tests.assessments.quality.conftest import NOW, write_table


def outcome_of(
    columns: Mapping[str, Any],
    check: str,
    names: tuple[str, ...] = (),
    parameters: Mapping[str, Any] | None = None,
    *,
    earlier: Mapping[str, Any] | None = None,
    others: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> Outcome:
    """The outcome of one rule on the table ``columns``."""
    with TemporaryDirectory() as folder:
        table = write_table(Path(folder) / "t.parquet", columns)
        before = write_table(Path(folder) / "e.parquet", earlier) if earlier is not None else None
        files = {
            name: write_table(Path(folder) / f"o{position}.parquet", other)
            for position, (name, other) in enumerate((others or {}).items())
        }
        rule = RuleSpec("rule", check, names, parameters or {})
        return scan(table, [rule], references=files, earlier=before, as_of=NOW, **more)[0]


def counts(outcome: Outcome) -> tuple[int, int]:
    """Rows checked and failing of a rule that could be measured."""
    assert outcome.error == ""
    return outcome.rows_checked, outcome.rows_failing
