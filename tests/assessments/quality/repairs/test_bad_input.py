"""Repairs that cannot be done: a clear error, nothing left half written, nothing changed in place."""

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assessments.accounts.models import AuditEvent, Organisation
from assessments.common.errors import ConflictError, GovernError, NotFoundError
from assessments.datasets.models import Snapshot
from assessments.datasets.selectors import snapshot_path
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.errors import crash_explained
from assessments.quality.models import RepairRun
from assessments.quality.repairs import all_repairs
from assessments.quality.services.repairs import repair_execute, repair_make, repair_preview
from tests.assessments.quality.repairs.cases import CASES, Case
from tests.assessments.quality.repairs.test_repairs import same

ROWS = {"user": ["ann", "ann", "bob", "cy"], "price": [2.0, 2.0, -1.0, 5.0]}
DROP, CLIP = (
    {"repair": "drop_duplicates"},
    {"repair": "clip_out_of_range", "columns": ["price"], "parameters": {"min": 0}},
)
PROTECTIONS = [
    Case("pseudonymise", ("a",), {"a": ["ann", "bob", None, "cy"]}, {}),
    Case("k_anonymise", ("a",), {"a": [20, 21, None, 70]}, {}, {"k": 2}),
]
ONE_EACH = list({case.repair: case for case in [*CASES, *PROTECTIONS]}.values())

# One row cannot be made like another one.
REFUSED = {("k_anonymise", "one")}


@pytest.fixture
def orders(make_snapshot: Callable[..., Snapshot]) -> Iterator[Snapshot]:
    """A snapshot of which a failed repair must leave everything as it was, and nothing beside it."""
    snapshot = make_snapshot(ROWS)
    file = snapshot_path(snapshot)
    before = file.read_bytes()
    yield snapshot
    assert not file.exists() or file.read_bytes() == before
    assert not [path for path in (file.parent / "staging").rglob("*") if path.is_file()]


def nothing_is_made(snapshot: Snapshot) -> bool:
    made = snapshot.dataset.snapshots.exclude(pk=snapshot.pk).exists()
    return not (made or RepairRun.objects.exists() or AuditEvent.objects.filter(action="dataset.repair").exists())


class Full:
    """A disk that is full from the given file on."""

    def __init__(self, writer: Callable[..., Any], good: int) -> None:
        self.writer, self.good = writer, good

    def __call__(self, table: Any, path: Path, *given: Any) -> Any:
        if self.good:
            self.good -= 1
            return self.writer(table, path, *given)
        path.write_bytes(b"PAR1 and then nothing more")
        raise OSError(errno.ENOSPC, "No space left on device", str(path))


@pytest.mark.parametrize("good", [0, 1])
def test_a_disk_that_becomes_full_leaves_nothing(
    orders: Snapshot, organisation: Organisation, monkeypatch: pytest.MonkeyPatch, good: int
) -> None:
    from assessments.quality.repairs import execution

    monkeypatch.setattr(execution, "write_table", Full(execution.write_table, good))
    with pytest.raises(OSError, match="No space left") as caught:
        repair_execute(snapshot=orders, steps=[DROP, CLIP])
    assert nothing_is_made(orders)
    assert "no room left on the disk" in crash_explained(caught.value).message


def test_a_disk_that_becomes_full_when_the_snapshot_is_stored(
    orders: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any, **_named: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    run = repair_preview(snapshot=orders, steps=[DROP])
    monkeypatch.setattr("assessments.quality.services.repairs.snapshot_store", full)
    with pytest.raises(OSError, match="No space left"):
        repair_make(run=run)
    run.refresh_from_db()
    assert (run.state, run.result) == (RepairRun.State.PREVIEWED, None)
    assert orders.dataset.snapshots.count() == 1


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"repair": "impute", "columns": ["price"], "parameters": {"method": "constant", "value": "dear"}}, "dear"),
        ({"repair": "clip_out_of_range", "columns": ["user"], "parameters": {"min": 0}}, "not numbers"),
    ],
)
def test_a_second_step_that_cannot_be_done_undoes_the_first(
    orders: Snapshot, second: dict[str, Any], words: str
) -> None:
    with pytest.raises(GovernError, match=words) as caught:
        repair_execute(snapshot=orders, steps=[DROP, second])
    assert second["repair"] in caught.value.where
    assert nothing_is_made(orders)


def test_a_column_that_an_earlier_step_dropped(orders: Snapshot) -> None:
    with pytest.raises(GovernError, match="“price” is not in the table") as caught:
        repair_execute(snapshot=orders, steps=[{"repair": "drop_column", "columns": ["price"]}, CLIP])
    assert caught.value.where == "repair “clip_out_of_range”, column “price”"
    assert nothing_is_made(orders)


def test_two_repairs_of_one_snapshot_are_two_snapshots_with_one_parent(orders: Snapshot) -> None:
    first, second = (repair_preview(snapshot=orders, steps=[step]) for step in (DROP, CLIP))
    made = [repair_make(run=run).result for run in (second, first)]
    assert [(one.number, one.parent, one.lineage["parent"], one.lineage["repair"]) for one in made if one] == [
        (2, orders, 1, "clip_out_of_range"),
        (3, orders, 1, "drop_duplicates"),
    ]
    assert [one.rows for one in made if one] == [4, 3], "the second repair began with the same rows as the first"


def test_the_same_repairs_made_twice_at_once_make_one_snapshot(orders: Snapshot) -> None:
    run = repair_preview(snapshot=orders, steps=[DROP])
    others: list[RepairRun] = []

    def meanwhile(fraction: float, message: str = "") -> None:
        if not others:
            others.append(run)
            others[0] = repair_make(run=run)

    with pytest.raises(ConflictError, match="made meanwhile"):
        repair_make(run=run, progress=meanwhile)
    assert list(orders.dataset.snapshots.values_list("number", flat=True)) in ([1, 2], [2, 1])
    assert RepairRun.objects.get().result == others[0].result


def test_a_snapshot_whose_file_is_gone_is_named(orders: Snapshot, organisation: Organisation) -> None:
    run = repair_preview(snapshot=orders, steps=[DROP])
    snapshot_path(orders).unlink()
    for call in (
        lambda: repair_preview(snapshot=orders, steps=[DROP]),
        lambda: repair_make(run=run),
        lambda: job_run_here(
            organisation=organisation,
            kind="quality.repair_preview",
            subject="orders",
            parameters={"snapshot_id": orders.pk, "steps": [DROP]},
        ),
    ):
        with pytest.raises(NotFoundError, match="snapshot"):
            call()
    assert RepairRun.objects.get().state == RepairRun.State.PREVIEWED
    assert orders.dataset.snapshots.count() == 1


def test_every_repair_has_a_case() -> None:
    assert {case.repair for case in ONE_EACH} == {repair.name for repair in all_repairs()}


@pytest.mark.parametrize("rows", ["none", "one", "empty"])
@pytest.mark.parametrize("case", ONE_EACH, ids=lambda case: case.repair)
def test_tables_without_rows_with_one_and_with_empty_cells_alone(
    repair: Callable[..., Any], case: Case, rows: str
) -> None:
    """Each repair leaves such a table in its shape, or says why it cannot be done."""
    whole = pa.table(case.before)
    empty = pa.table([pa.nulls(4, field.type) for field in whole.schema], schema=whole.schema)
    table = {"none": whole.slice(0, 0), "one": whole.slice(0, 1), "empty": empty}[rows]
    named = {"others": case.others, "roles": case.roles}
    if (case.repair, rows) in REFUSED:
        with pytest.raises(GovernError) as caught:
            repair(table, case.repair, case.columns, case.parameters, **named)
        assert caught.value.where.startswith(f"repair “{case.repair}”")
        return
    found = repair(table, case.repair, case.columns, case.parameters, **named)
    outcome = found.outcome.found
    assert outcome.rows_before == table.num_rows
    assert outcome.rows_after == found.table.num_rows <= table.num_rows
    if rows == "none":
        assert (outcome.rows_changed, outcome.cells_changed) == (0, {})


# What repairs call what they find, while they work.
INNER = (
    "n",
    "r",
    "v",
    "k0",
    "f0",
    "l0",
    "g0",
    "u",
    "i",
    "t",
    "q",
    "best",
    "best0",
    "total",
    "second",
    "first",
    "place",
)
INNER += (
    "known",
    "start",
    "word",
    "wrong0",
    "right0",
    "says0",
    "kept",
    "found",
    "left",
    "member",
    "first_row",
    "netted",
)


@pytest.mark.parametrize("case", ONE_EACH, ids=lambda case: case.repair)
def test_columns_of_any_name_beside_the_repaired_ones(repair: Callable[..., Any], case: Case) -> None:
    """A table may hold columns that are named as a repair names its own: they stay, and the outcome is the same."""
    rows = len(next(iter(case.before.values())))
    beside = {name: ["x"] * rows for name in INNER if name not in case.before}
    named = {"others": case.others, "roles": case.roles}
    alone = repair(case.before, case.repair, case.columns, case.parameters, **named)
    found = repair({**case.before, **beside}, case.repair, case.columns, case.parameters, **named)
    assert all(same(found[name], alone[name]) for name in alone.table.column_names)
    assert found.table.column_names == [*alone.table.column_names, *beside]
    assert all(set(found[name]) <= {"x"} for name in beside)
