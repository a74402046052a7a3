"""Registering: what is written, what is kept when something fails, what roles do."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings

from assessments.accounts.models import AuditEvent, Organisation
from assessments.common.errors import CancelledError, ConflictError, GovernError
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import (
    dataset_by_name,
    dataset_get,
    datasets_of,
    roles_of,
    roles_suggested,
    snapshot_get,
    snapshot_latest,
    snapshot_path,
)
from assessments.datasets.services import dataset_create, dataset_source_change, roles_confirm, snapshot_take
from assessments.datasets.sources import SourceSpec
from assessments.jobs.models import Job
from tests.assessments.datasets.conftest import ORDERS, Registers

Write = Callable[..., Path]
ROLES = {"user": "user", "item": "item", "time": "at"}
pytestmark = pytest.mark.django_db


def left_over(home: Path) -> list[Path]:
    return [path for path in (home / "files").rglob("*") if path.is_file()]


def test_register(register: Registers, same_orders: dict[str, Path]) -> None:
    snapshot = register(same_orders["csv"], roles=ROLES)
    assert (snapshot.number, snapshot.rows) == (1, 3)
    columns = list(snapshot.columns.values_list("name", "type", "nulls", "role"))
    assert columns == [
        ("user", "text", 0, "user"),
        ("item", "text", 0, "item"),
        ("at", "timestamp", 0, "time"),
        ("quantity", "integer", 0, ""),
        ("price", "number", 0, ""),
        ("paid", "boolean", 0, ""),
        ("note", "text", 1, ""),
    ]
    assert roles_of(snapshot) == ROLES
    assert roles_suggested(snapshot) == {**ROLES, "quantity": "quantity", "price": "price"}
    path = snapshot_path(snapshot)
    assert path.stat().st_size == snapshot.bytes
    assert snapshot.digest in path.name
    assert duckdb.execute("select sum(price) from read_parquet(?)", [str(path)]).fetchall() == [(6.75,)]
    assert AuditEvent.objects.filter(action="dataset.snapshot", subject="orders").count() == 1


def test_the_same_content_in_another_format_is_the_same_snapshot(
    register: Registers, same_orders: dict[str, Path], home: Path
) -> None:
    first = register(same_orders["csv"], roles=ROLES)
    for path in same_orders.values():
        again = register(path)
        assert again.pk == first.pk
        assert "snapshot 1" in again.notes[-1]
    assert Snapshot.objects.count() == 1
    assert left_over(home) == [snapshot_path(first)]
    assert Snapshot.objects.get().notes == []


@pytest.mark.parametrize(("empty", "roles"), [(9, ["user", "country"]), (10, ["user"])])
def test_a_column_that_is_mostly_empty_plays_no_role(
    register: Registers, write: Write, empty: int, roles: list[str]
) -> None:
    rows = ["user_id,country", "u0,Norway", *["u1,"] * empty]
    assert list(roles_suggested(register(write("people.csv", "\n".join(rows))))) == roles


def test_a_new_snapshot_keeps_roles_by_name_and_says_what_is_gone(register: Registers, write: Write) -> None:
    register(write("a.csv", ORDERS), roles={**ROLES, "price": "price"})
    second = register(write("b.csv", ORDERS.replace("price", "cost")))
    assert second.number == 2
    assert roles_of(second) == ROLES
    assert any("“price”" in note for note in second.notes)
    assert Dataset.objects.get().source_location.endswith("b.csv")


def test_content_that_returns_is_a_new_snapshot_of_the_old_file(register: Registers, write: Write) -> None:
    first = register(write("a.csv", ORDERS))
    register(write("b.csv", ORDERS + "u9,010,2024-03-04 10:00:00,1,1.0,true,x\n"))
    third = register(write("a.csv", ORDERS))
    assert (third.number, third.digest) == (3, first.digest)
    assert snapshot_path(third) == snapshot_path(first)


@pytest.mark.parametrize("content", ["", "user,item,at\n", "a,b\n1,2,3\n", 'a,b\n1,"2\n', "a,a\n1,2\n", "a,b\n1,\0\n"])
def test_a_file_that_cannot_be_read_leaves_nothing(register: Registers, write: Write, home: Path, content: str) -> None:
    with pytest.raises(GovernError) as failure:
        register(write("a.csv", content))
    assert failure.value.hint
    assert not Dataset.objects.exists()
    assert not AuditEvent.objects.exists()
    assert left_over(home) == []
    assert list((home / "files" / "staging").iterdir()) == []


def test_a_file_that_cannot_be_read_leaves_the_snapshot_before(register: Registers, write: Write) -> None:
    first = register(write("a.csv", ORDERS), roles=ROLES)
    with pytest.raises(GovernError):
        register(write("b.csv", ORDERS + 'u9,"open'))
    dataset = Dataset.objects.get()
    assert snapshot_latest(dataset) == first
    assert dataset.source_location.endswith("a.csv")
    assert roles_of(first) == ROLES
    assert snapshot_path(first).is_file()


def test_missing_role_column_names_the_nearest(register: Registers, write: Write) -> None:
    with pytest.raises(GovernError, match="“usr” for the role “user” is missing") as failure:
        register(write("a.csv", ORDERS), roles={**ROLES, "user": "usr"})
    assert "Did you mean “user”?" in failure.value.hint
    assert "quantity" in failure.value.hint
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ({"user": "user", "item": "item"}, "needs a column for: time"),
        ({**ROLES, "usre": "note"}, "no role named “usre”"),
        ({**ROLES, "price": "at"}, "two roles"),
    ],
)
def test_roles_that_cannot_be(register: Registers, write: Write, roles: dict[str, str], message: str) -> None:
    snapshot = register(write("a.csv", ORDERS), roles=ROLES)
    with pytest.raises(GovernError, match=message):
        roles_confirm(snapshot=snapshot, roles=roles)
    assert roles_of(snapshot) == ROLES


def test_roles_are_confirmed_in_place_of_those_before(register: Registers, write: Write) -> None:
    snapshot = register(write("a.csv", ORDERS), roles={**ROLES, "price": "price"})
    roles_confirm(snapshot=snapshot, roles={**ROLES, "text": "note"})
    assert roles_of(snapshot) == {**ROLES, "text": "note"}


HOSTILE = ["<script>alert(1)</script>", "=cmd()", '"; drop table datasets_dataset; --', "../../etc/passwd", "数据 集"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_names(
    register: Registers, write: Write, home: Path, organisation: Organisation, name: str
) -> None:
    header = ",".join(['"' + name.replace('"', '""') + '"', "b"])
    snapshot = register(write("a.csv", header + "\nx,1\n"), name=name, kind="documents", roles={"text": name})
    assert dataset_by_name(organisation=organisation, name=name).pk == snapshot.dataset_id
    assert roles_of(snapshot) == {"text": name}
    path = snapshot_path(snapshot)
    assert path == home / "files" / "snapshots" / str(organisation.pk) / str(snapshot.dataset_id) / path.name
    assert pq.read_schema(path).names == [name, "b"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\nb", "a\0b"])
def test_names_that_cannot_be(register: Registers, write: Write, name: str) -> None:
    with pytest.raises(GovernError, match="printable"):
        register(write("a.csv", ORDERS), name=name)


def test_a_name_keeps_its_kind(register: Registers, write: Write) -> None:
    register(write("a.csv", ORDERS))
    with pytest.raises(ConflictError, match="registered as interactions"):
        register(write("a.csv", ORDERS), kind="items")
    with pytest.raises(GovernError, match="no kind of dataset"):
        register(write("a.csv", ORDERS), name="other", kind="things")


def test_limits_come_from_settings(register: Registers, write: Write, settings: LazySettings) -> None:
    settings.DATASET_MAX_ROWS = 2
    with pytest.raises(GovernError, match="more than 2 rows"):
        register(write("a.csv", ORDERS))
    settings.DATASET_MAX_ROWS, settings.DATASET_MAX_COLUMNS = 100, 3
    with pytest.raises(GovernError, match="7 columns; at most 3"):
        register(write("a.csv", ORDERS))


def test_cancelling_leaves_nothing(register: Registers, write: Write, home: Path) -> None:
    def cancelled(fraction: float, message: str = "") -> None:
        if fraction > 0.6:
            raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        register(write("a.csv", ORDERS), progress=cancelled)
    assert not Dataset.objects.exists()
    assert left_over(home) == []


def test_progress_only_rises_to_one(register: Registers, write: Write) -> None:
    seen: list[float] = []
    register(write("a.csv", ORDERS), progress=lambda fraction, message="": seen.append(fraction))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_pages_create_first_and_read_later(
    organisation: Organisation, same_orders: dict[str, Path], home: Path, settings: LazySettings
) -> None:
    settings.DATASET_LOCAL_PATHS = [same_orders["csv"].parent]
    source = SourceSpec("path", str(same_orders["csv"]))
    dataset = dataset_create(organisation=organisation, name="orders", kind="interactions", source=source, roles=ROLES)
    assert snapshot_latest(dataset) is None
    snapshot = snapshot_take(dataset=dataset)
    assert roles_of(snapshot) == ROLES
    assert snapshot_take(dataset=dataset).pk == snapshot.pk
    with pytest.raises(ConflictError, match="named “orders” already"):
        dataset_create(organisation=organisation, name="orders", kind="interactions", source=source)


def test_other_organisations_see_nothing(register: Registers, write: Write, other_organisation: Organisation) -> None:
    snapshot = register(write("a.csv", ORDERS))
    assert not datasets_of(other_organisation).exists()
    for read in (
        lambda: dataset_get(organisation=other_organisation, pk=snapshot.dataset_id),
        lambda: snapshot_get(organisation=other_organisation, pk=snapshot.pk),
        lambda: dataset_by_name(organisation=other_organisation, name="orders"),
    ):
        with pytest.raises(GovernError, match="There is no"):
            read()


def test_a_missing_snapshot_file_is_explained(register: Registers, write: Write) -> None:
    snapshot = register(write("a.csv", ORDERS))
    snapshot_path(snapshot).unlink()
    with pytest.raises(GovernError, match="is missing"):
        snapshot_path(snapshot)
    register(write("a.csv", ORDERS))
    assert snapshot_path(snapshot).is_file(), "registering the same content again brings the file back"


@pytest.fixture
def _allowed(tmp_path: Path, settings: LazySettings) -> None:
    settings.DATASET_LOCAL_PATHS = [tmp_path]


def change(snapshot: Snapshot, path: Path | None) -> Dataset:
    source = SourceSpec("path", str(path)) if path else None
    return dataset_source_change(dataset=snapshot.dataset, source=source)


@pytest.mark.usefixtures("_allowed")
def test_another_source_takes_the_place_once_it_has_been_read(register: Registers, write: Write) -> None:
    first = register(write("a.csv", ORDERS), roles=ROLES)
    dataset = change(first, write("b.csv", ORDERS + "u9,010,2024-03-04 10:00:00,1,1.0,true,x\n"))
    assert dataset.source_location.endswith("a.csv")
    second = snapshot_take(dataset=dataset)
    dataset.refresh_from_db()
    assert (second.number, second.rows, roles_of(second)) == (2, 4, ROLES)
    assert (dataset.source_location[-5:], dataset.source_next, dataset.kind) == ("b.csv", {}, "interactions")
    assert AuditEvent.objects.filter(action="dataset.source", subject="orders").count() == 1
    assert snapshot_take(dataset=dataset).pk == second.pk


@pytest.mark.usefixtures("_allowed")
def test_another_source_with_the_same_content_adds_no_snapshot(register: Registers, write: Write) -> None:
    first = register(write("a.csv", ORDERS), roles=ROLES)
    assert snapshot_take(dataset=change(first, write("b.csv", ORDERS))).pk == first.pk
    assert Snapshot.objects.count() == 1
    assert Dataset.objects.get().source_location.endswith("b.csv")


@pytest.mark.usefixtures("_allowed")
def test_another_source_that_cannot_be_read_takes_nothing_away(register: Registers, write: Write) -> None:
    first = register(write("a.csv", ORDERS), roles=ROLES)
    dataset = change(first, write("b.csv", 'user,item\nu1,"open'))
    with pytest.raises(GovernError) as failure:
        snapshot_take(dataset=dataset)
    assert failure.value.hint
    dataset.refresh_from_db()
    assert (dataset.source_location[-5:], snapshot_latest(dataset)) == ("a.csv", first)
    assert snapshot_take(dataset=change(first, None)).pk == first.pk, "the source before is read again when asked"


def test_another_source_must_be_allowed(register: Registers, write: Write) -> None:
    first = register(write("a.csv", ORDERS))
    with pytest.raises(GovernError):
        change(first, write("b.csv", ORDERS))
    assert Dataset.objects.get().source_next == {}


@pytest.mark.usefixtures("_allowed")
def test_the_source_stays_while_it_is_being_read(register: Registers, write: Write) -> None:
    first = register(write("a.csv", ORDERS))
    job = Job.objects.create(
        organisation=first.dataset.organisation, kind="datasets.register", parameters={"dataset_id": first.dataset_id}
    )
    with pytest.raises(ConflictError, match="is being read"):
        change(first, write("b.csv", ORDERS))
    job.state = Job.State.CANCELLED
    job.save()
    assert change(first, write("b.csv", ORDERS)).source_next["location"].endswith("b.csv")


@pytest.mark.usefixtures("_allowed")
def test_before_the_first_reading_the_source_is_simply_another(organisation: Organisation, write: Write) -> None:
    source = SourceSpec("path", str(write("a.csv", "user\n")))
    dataset = dataset_create(organisation=organisation, name="orders", kind="interactions", source=source, roles=ROLES)
    other = SourceSpec("path", str(write("b.csv", ORDERS)))
    dataset = dataset_source_change(dataset=dataset, source=other)
    assert dataset.source_location.endswith("b.csv")
    assert roles_of(snapshot_take(dataset=dataset)) == ROLES


@pytest.mark.data
def test_online_retail(register: Registers, online_retail: Path) -> None:
    roles = {"user": "CustomerID", "item": "StockCode", "time": "InvoiceDate"}
    snapshot = register(online_retail, roles=roles)
    assert snapshot.rows == 541_909
    columns = {column.name: (column.type, column.nulls) for column in snapshot.columns.all()}
    assert columns == {
        "InvoiceNo": ("text", 0),
        "StockCode": ("text", 0),
        "Description": ("text", 1_454),
        "Quantity": ("integer", 0),
        "InvoiceDate": ("timestamp", 0),
        "UnitPrice": ("number", 0),
        "CustomerID": ("number", 135_080),
        "Country": ("text", 0),
    }
    query = """
        select count(*) filter (InvoiceNo like 'C%'), count(*) filter (Quantity < 0), count(*) filter (UnitPrice <= 0),
               count(distinct CustomerID), count(distinct StockCode), count(distinct InvoiceNo)
        from read_parquet(?)
    """
    (counted,) = duckdb.execute(query, [str(snapshot_path(snapshot))]).fetchall()
    assert counted == (9_288, 10_624, 2_517, 4_372, 4_070, 25_900)
    assert json.dumps(snapshot.notes).count("InvoiceNo") == 1
