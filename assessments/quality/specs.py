"""What goes into a scan and what comes out of it: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class RuleSpec:
    """One rule as the engine reads it. ``threshold`` is the least share (0 to 1) of checked rows that must pass."""

    name: str
    check: str
    columns: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    dimension: str = ""
    severity: str = "warning"
    threshold: float = 1.0


@dataclass(frozen=True)
class Outcome:
    """What one rule measured.

    ``fraction`` is the share of checked rows that passed, None when nothing was checked; ``passed`` is None when the
    rule could not be measured, and ``error`` says why. ``meaning`` says in words which rows were counted. ``sample``
    holds at most ten failing rows, already masked. ``seconds`` is the time of the pass over the table in which the
    rule was measured; ``detail["shared_with"]`` counts the other rules of that pass.
    """

    rule: RuleSpec
    dimension: str
    rows_checked: int = 0
    rows_failing: int = 0
    fraction: float | None = None
    passed: bool | None = None
    meaning: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    sample: tuple[Mapping[str, Any], ...] = ()
    error: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Look:
    """What is kept of an earlier look at a table that stays in its database: its number of rows, and its columns with
    their types in the words of snapshots ("integer", "text"), in their order."""

    rows: int
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Limits:
    """What a scan may use. ``temporary`` is the folder in which DuckDB may spill, none when it may not spill."""

    memory: str = "2GiB"
    threads: int = 2
    timeout_seconds: float = 3600.0
    temporary: Path | None = None
    temporary_bytes: str = "20GiB"
