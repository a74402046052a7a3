"""Doing the steps of a repair one after the other, each from one file to the next, with bounded memory."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _
from ibis.common.exceptions import IbisError

from assessments.common.errors import GovernError
from assessments.common.masking import mask_quoted
from assessments.common.progress import Progress, part, silent
from assessments.datasets.reading import Limits as ReadingLimits
from assessments.datasets.reading import Table
from assessments.datasets.storage import StagedTable, temporary_file, write_table
from assessments.quality.personal_data.risk import measure_risk
from assessments.quality.repairs.base import KEEP, Change, Scope, Step, place
from assessments.quality.repairs.comparing import Comparison, Differences
from assessments.quality.repairs.registry import repair_named
from assessments.quality.running import QueryRefusedError
from assessments.quality.scanner import Scanner, scanner_open
from assessments.quality.specs import Limits

SLICE_ROWS = 1_048_576


@dataclass(frozen=True)
class Surroundings:
    """What the steps may know beside the table: other datasets' files by name, roles, columns to mask, the key."""

    others: Mapping[str, Path]
    roles: Mapping[str, str]
    masked: Collection[str]
    key: Callable[[], bytes] = bytes
    limits: Limits | None = None
    as_of: datetime = datetime(1970, 1, 1)  # noqa: DTZ001  UTC without zone, as engines hold it


@dataclass(frozen=True)
class StepOutcome:
    """One step done: what it meant, what it changed, what it left."""

    step: Step
    meaning: str
    found: Differences
    notes: tuple[str, ...] = ()
    risk: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The outcome as it is stored and shown; all of its values are masked."""
        return {
            **self.step.document(),
            **self.counts(),
            "meaning": self.meaning,
            "notes": list(self.notes),
            "risk": dict(self.risk),
            "changed": self.found.changed,
            "dropped": self.found.dropped,
        }

    def counts(self) -> dict[str, Any]:
        found = self.found
        return {
            "rows_before": found.rows_before,
            "rows_after": found.rows_after,
            "rows_changed": found.rows_changed,
            "cells_changed": found.cells_changed,
            "columns_removed": found.columns_removed,
        }


@contextmanager
def steps_done(
    table: Path, steps: Sequence[Step], around: Surroundings, progress: Progress = silent
) -> Iterator[tuple[StagedTable, list[StepOutcome]]]:
    """The table after all steps as a file without a place, and what each step did; the table itself is only read."""
    outcomes = []
    with ExitStack() as files:
        source, staged = table, None
        for number, step in enumerate(steps):
            target = files.enter_context(temporary_file())
            share = part(progress, number / len(steps), (number + 1) / len(steps))
            with _named(step):
                staged, outcome = _step_done(source, target, step, around, share)
            outcomes.append(outcome)
            if source != table:
                source.unlink(missing_ok=True)
            source = target
        if staged is None:
            raise GovernError(_("No repair is named."), hint=_("Choose at least one repair."))
        yield staged, outcomes


@contextmanager
def _named(step: Step) -> Iterator[None]:
    """What goes wrong in a step names its repair, beside the column or file at fault."""
    try:
        yield
    except GovernError as error:
        if place(step) not in error.where:
            error.where = ", ".join(part for part in (place(step), error.where) if part)
        raise


def _step_done(
    source: Path, target: Path, step: Step, around: Surroundings, progress: Progress
) -> tuple[StagedTable, StepOutcome]:
    repair = repair_named(step.repair)
    needed = {name: around.others[name] for name in repair.datasets(step) if name in around.others}
    protected = step.columns if repair.about_persons else ()
    try:
        with scanner_open(source, others=needed, limits=around.limits) as scanner:
            change = repair.apply(_scope(scanner, around, part(progress, 0.0, 0.3)), step)
            kept = [name for name in change.table.columns if name not in (_row(scanner), KEEP)]
            comparison = Comparison(source, kept, {*around.masked, *protected}, protected)
            rows = Table(*_rows_after(scanner, change, kept, comparison))
            staged = write_table(rows, target, ReadingLimits.configured(), part(progress, 0.3, 1.0))
            notes = (*change.notes, *change.tell())
            sensitive = str(step.parameters.get("sensitive") or "") if protected else ""
            before = _risk(scanner, [name for name in protected if name in kept], sensitive)
        risk = {}
        if before:
            with scanner_open(target, limits=around.limits) as scanner:
                risk = {**before, "after": _risk(scanner, before["columns"], sensitive)["before"]}
        return staged, StepOutcome(step, repair.meaning(step), comparison.close(), notes, risk)
    except (IbisError, QueryRefusedError) as error:
        raise GovernError(
            _("The repair cannot be done on this table: %(reason)s")
            % {"reason": mask_quoted(str(error).splitlines()[0])[:300]},
            where=place(step),
            hint=_("Look at the types of its columns and at its parameters."),
        ) from error


def _risk(scanner: Scanner, columns: list[str], sensitive: str) -> dict[str, Any]:
    """How easily rows are told apart by the columns that a protection changed.

    k and the rows that are alone with their values; with ``sensitive``, a column, also its l.
    """
    if not columns:
        return {}
    found = measure_risk(scanner.table, scanner.runner, columns, sensitive=sensitive)
    figures = {"k": found.k, "unique_rows": found.unique_rows, "unique_share": found.unique_share}
    if not sensitive:
        return {"columns": columns, "before": figures}
    return {"columns": columns, "sensitive": sensitive, "before": {**figures, "l": found.l_diversity}}


def _row(scanner: Scanner) -> str:
    """The column of row numbers, which every file has."""
    assert scanner.row is not None  # noqa: S101  only tables that are not files go without
    return scanner.row


def _scope(scanner: Scanner, around: Surroundings, progress: Progress) -> Scope:
    def hold(table: pa.Table) -> Any:
        name = ibis.util.gen_name("held")
        connection = scanner.backend.con
        connection.register(f"{name}_view", table)
        connection.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM "{name}_view"')  # noqa: S608  a made-up name
        connection.unregister(f"{name}_view")
        return scanner.backend.table(name)

    return Scope(
        table=scanner.table,
        row=_row(scanner),
        names=scanner.names,
        reader=scanner.runner,
        hold=hold,
        roles=around.roles,
        others=scanner.others,
        key=around.key,
        as_of=around.as_of,
        dialect=scanner.dialect,
        progress=progress,
    )


def _rows_after(
    scanner: Scanner, change: Change, kept: list[str], comparison: Comparison
) -> tuple[pa.Schema, Callable[[Progress], Iterator[pa.RecordBatch]]]:
    """The schema after the step, and the rows after it in the order of the rows before it."""
    schema = _stored_schema(change, kept)

    def batches(progress: Progress) -> Iterator[pa.RecordBatch]:
        for batch in _sorted_batches(scanner, change, progress):
            rows = batch.column(_row(scanner))
            if KEEP in batch.schema.names:
                flags = batch.column(KEEP).fill_null(False)
                batch, rows = batch.filter(flags), rows.filter(flags)
            if change.each is not None:
                batch = change.each(batch)
            table = pa.Table.from_batches([batch]).select(kept).cast(schema)
            comparison.update(np.asarray(rows), table)
            yield from table.to_batches()

    return schema, batches


def _sorted_batches(scanner: Scanner, change: Change, progress: Progress) -> Iterator[pa.RecordBatch]:
    """The rows in their order: sorted, since DuckDB streams a file's groups as its threads finish them.

    Where each row stands by itself, the table is read slice by slice, so that only a slice is ever sorted.
    """
    row, message = _row(scanner), _("Repairing")
    if not change.sliced:
        yield from scanner.runner.batches(change.table.order_by(row), progress, message)
        return
    rows = int(scanner.runner.rows(scanner.table.aggregate(n=scanner.table.count()))[0]["n"])
    for start in range(0, max(rows, 1), SLICE_ROWS):
        number = change.table[row]
        piece = change.table.filter((number >= start) & (number < start + SLICE_ROWS)).order_by(row)
        share = part(progress, start / max(rows, 1), min((start + SLICE_ROWS) / max(rows, 1), 1.0))
        yield from scanner.runner.batches(piece, share, message)


def _stored_schema(change: Change, kept: list[str]) -> pa.Schema:
    """The schema in the types that snapshots are stored in."""
    given = change.table.schema().to_pyarrow()
    if change.each is not None:
        given = change.each(_no_rows(given)).schema
    return pa.schema([(name, _stored(given.field(name).type)) for name in kept])


def _no_rows(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


def _stored(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", "UTC") if kind.tz else pa.timestamp("us")
    if pa.types.is_date(kind):
        return pa.date32()
    return kind if pa.types.is_boolean(kind) or pa.types.is_decimal(kind) else pa.string()
