"""Registering datasets, saying what columns mean, reading again, checking."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.accounts.models import Organisation
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.selectors import roles_of
from assessments.jobs.models import Job
from assessments.jobs.runner import job_execute

OnCommit = Callable[..., Any]


def upload(name: str = "sales", **data: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("sales.csv", b"user;item\n1;2\n", content_type="text/csv")
    return {"name": name, "kind": "interactions", "source": "upload", "file": file, **data}


def test_an_upload_is_stored_and_read_by_a_job(
    home: Path,
    client_as: Callable[[str], Client],
    sent: list[Any],
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = client_as("steward").post("/datasets/new/", upload(delimiter=";", encoding="utf-8"))
    dataset = Dataset.objects.get()
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert (job.kind, job.parameters) == ("datasets.register", {"dataset_id": dataset.pk})
    assert sent == [job.pk]
    assert dataset.source_options["delimiter"] == ";"
    assert dataset.source_options["filename"] == "sales.csv"
    assert "sales" not in dataset.source_location
    assert (home / "files" / "uploads" / dataset.source_location).read_bytes() == b"user;item\n1;2\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"source": "upload", "file": ""}, "This is needed."),
        ({"source": "url", "url": ""}, "This is needed."),
        ({"source": "path", "path": ""}, "This is needed."),
        ({"kind": "nonsense"}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_made(
    data: dict[str, Any], said: str, home: Path, client_as: Callable[[str], Client]
) -> None:
    response = client_as("steward").post("/datasets/new/", upload(**data))
    assert response.status_code == 400
    assert said in response.content.decode()
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ({"source": "path", "path": "/etc/passwd"}, 403),
        ({"source": "url", "url": "file:///etc/passwd"}, 400),
    ],
)
def test_places_that_are_not_allowed_are_refused(
    place: dict[str, str], status: int, home: Path, client_as: Callable[[str], Client]
) -> None:
    response = client_as("steward").post("/datasets/new/", {"name": "sales", "kind": "interactions", **place})
    assert response.status_code == status
    assert not Dataset.objects.exists()


def test_a_name_that_is_taken_is_said_and_kept_in_the_form(
    shop: SimpleNamespace, home: Path, client_as: Callable[[str], Client]
) -> None:
    response = client_as("steward").post("/datasets/new/", upload(name="orders", kind="items"))
    assert response.status_code in {400, 409}
    assert 'value="orders"' in response.content.decode()
    assert list((home / "files" / "uploads").iterdir()) == []
    assert Dataset.objects.count() == 1


def test_the_page_shows_quality_rules_and_masked_samples(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    text = client_as("viewer").get(f"/datasets/{shop.dataset.pk}/").content.decode()
    assert "price is positive" in text
    assert "✗ failed" in text
    assert "✓ passed" in text
    assert "1 failing row, masked" in text
    assert shop.snapshot.digest[:12] in text
    assert "25.0 %" in text  # one of four rows has no user
    assert "Run the rules" not in text  # a viewer may not


def test_failing_rows_are_a_table_of_row_numbers_and_values(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    table = next(
        result.failing_rows
        for result in client_as("viewer").get(f"/checks/{shop.run.pk}/").context["results"]
        if result.rule_name == "price is positive"
    )
    assert table["columns"][0] == "Row"
    price = table["columns"].index("price")
    assert [(row[0], float(row[price])) for row in table["rows"]] == [(2, -1.0)]


def test_names_from_data_are_shown_as_text(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    hostile = "<script>alert(1)</script>"
    Dataset.objects.filter(pk=shop.dataset.pk).update(name=hostile)
    shop.snapshot.columns.filter(name="price").update(name=hostile)
    client = client_as("administrator")
    for address in ("/datasets/", f"/datasets/{shop.dataset.pk}/", f"/datasets/{shop.dataset.pk}/roles/", "/findings/"):
        text = client.get(address).content.decode()
        assert "&lt;script&gt;alert(1)" in text, address
        assert hostile not in text, address


def test_roles_begin_with_what_is_known_and_are_saved(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    client, address = client_as("steward"), f"/datasets/{shop.dataset.pk}/roles/"
    form = client.get(address).context["form"]
    first = shop.snapshot.columns.order_by("position").first()
    assert form[f"column-{first.position}"].value() == "user"
    fields = {column.name: f"column-{column.position}" for column in shop.snapshot.columns.all()}
    data = {fields["user_id"]: "user", fields["item_id"]: "item", fields["time"]: "time", fields["price"]: ""}
    assert client.post(address, data).status_code == 302
    assert roles_of(shop.snapshot) == {"user": "user_id", "item": "item_id", "time": "time"}


def test_a_role_belongs_to_one_column(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    before = roles_of(shop.snapshot)
    data = {f"column-{column.position}": "item" for column in shop.snapshot.columns.all()}
    response = client_as("steward").post(f"/datasets/{shop.dataset.pk}/roles/", data)
    assert response.status_code == 400
    assert "has this role already" in response.content.decode()
    assert roles_of(shop.snapshot) == before


def test_checking_and_reading_again_start_jobs(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    client = client_as("steward")
    Job.objects.all().delete()
    client.post(f"/datasets/{shop.dataset.pk}/check/")
    client.post(f"/datasets/{shop.dataset.pk}/read/")
    started = {job.kind: job.parameters for job in Job.objects.all()}
    assert started == {
        "quality.check": {"snapshot_id": shop.snapshot.pk},
        "datasets.register": {"dataset_id": shop.dataset.pk},
    }


def test_a_dataset_without_rules_offers_to_add_one_and_not_to_run_them(
    shop: SimpleNamespace, client_as: Callable[[str], Client]
) -> None:
    page = f"/datasets/{shop.dataset.pk}/"
    assert "Run the rules" in client_as("steward").get(page).content.decode()
    shop.dataset.rules.all().delete()
    text = client_as("steward").get(page).content.decode()
    assert "Run the rules" not in text
    assert f'href="{page}rules/new/"' in text


def test_a_dataset_without_rules_says_so_instead_of_starting_a_job(
    orders: Snapshot, client_as: Callable[[str], Client]
) -> None:
    response = client_as("steward").post(f"/datasets/{orders.dataset_id}/check/")
    assert response.status_code == 400
    assert "This dataset has no rules." in response.content.decode()
    assert not Job.objects.exists()
    page = client_as("steward").get(f"/datasets/{orders.dataset_id}/").content.decode()
    assert "No rules yet" in page
    assert f'href="/datasets/{orders.dataset_id}/rules/new/"' in page


def test_a_dataset_that_could_not_be_read_says_why(
    organisation: Organisation, client_as: Callable[[str], Client]
) -> None:
    dataset = Dataset.objects.create(organisation=organisation, name="broken", kind="items", source_kind="url")
    Job.objects.create(
        organisation=organisation,
        kind="datasets.register",
        subject="broken",
        parameters={"dataset_id": dataset.pk},
        state="failed",
        error="Line 3 is torn.",
        hint="Close the quote.",
    )
    text = client_as("steward").get(f"/datasets/{dataset.pk}/").content.decode()
    assert "Line 3 is torn." in text
    assert "Close the quote." in text
    assert f'action="/datasets/{dataset.pk}/read/"' in text


def test_results_of_an_older_snapshot_are_marked(shop: SimpleNamespace, client_as: Callable[[str], Client]) -> None:
    Snapshot.objects.create(
        dataset=shop.dataset, number=2, digest="e" * 64, rows=5, bytes=10, storage_key=shop.snapshot.storage_key
    )
    text = client_as("viewer").get(f"/datasets/{shop.dataset.pk}/").content.decode()
    assert "These results are of snapshot 1; snapshot 2 has not been checked yet." in text


def test_an_empty_list_names_the_missing_step(client_as: Callable[[str], Client]) -> None:
    assert 'href="/datasets/new/"' in client_as("steward").get("/datasets/").content.decode()
    viewer = client_as("viewer").get("/datasets/").content.decode()
    assert "No dataset yet" in viewer
    assert 'href="/datasets/new/"' not in viewer


def test_a_name_whose_file_could_not_be_read_takes_another_file(
    home: Path, client_as: Callable[[str], Client], sent: list[Any], django_capture_on_commit_callbacks: OnCommit
) -> None:
    client = client_as("steward")
    first = client.post("/datasets/new/", upload(name="sales"))
    assert first.status_code == 302
    dataset, job = Dataset.objects.get(), Job.objects.get()
    old = home / "files" / "uploads" / dataset.source_location
    assert client.post("/datasets/new/", upload(name="sales")).status_code == 409  # it is still to be read
    job.state = Job.State.FAILED
    job.save()
    assert client.post("/datasets/new/", upload(name="sales", kind="items")).status_code == 409
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/datasets/new/", upload(name="sales")).status_code == 302
    newer = Dataset.objects.get()
    assert newer.pk == dataset.pk
    assert newer.source_location != dataset.source_location
    assert (home / "files" / "uploads" / newer.source_location).exists()
    assert not old.exists()
    assert [each.parameters for each in Job.objects.all()] == [{"dataset_id": dataset.pk}] * 2


NEWER = b"user_id,item_id,time,price\nu1,i1,2026-02-01,2.5\nu2,i2,2026-02-02,1\n"


def read(client: Client, dataset: Dataset, content: bytes | None) -> Job:
    """Ask for a new snapshot and read it as a worker does."""
    data: dict[str, Any] = {"source": ""}
    if content is not None:
        data = {"source": "upload", "file": SimpleUploadedFile("newer.csv", content)}
    response = client.post(f"/datasets/{dataset.pk}/read/", data)
    assert response.status_code == 302, response.content
    job = Job.objects.get(pk=response["Location"].strip("/").split("/")[-1])
    job_execute(job_id=job.pk)
    job.refresh_from_db()
    return job


def test_a_newer_file_gives_a_second_snapshot_with_the_same_roles(
    orders: Snapshot, home: Path, client_as: Callable[[str], Client], django_capture_on_commit_callbacks: OnCommit
) -> None:
    client, dataset = client_as("steward"), orders.dataset
    assert "where they were before" in client.get(f"/datasets/{dataset.pk}/read/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert read(client, dataset, NEWER).state == Job.State.SUCCEEDED
    second = dataset.snapshots.get(number=2)
    assert (second.rows, roles_of(second)) == (2, roles_of(orders))
    with django_capture_on_commit_callbacks(execute=True):
        read(client, dataset, NEWER)
    assert dataset.snapshots.count() == 2
    dataset.refresh_from_db()
    assert (dataset.kind, dataset.source_kind, dataset.source_options["filename"]) == (
        "interactions",
        "upload",
        "newer.csv",
    )
    assert [file.name for file in (home / "files" / "uploads").iterdir()] == [dataset.source_location]


def test_a_newer_file_that_cannot_be_read_takes_nothing_away(
    orders: Snapshot, home: Path, client_as: Callable[[str], Client], django_capture_on_commit_callbacks: OnCommit
) -> None:
    client, dataset, page = client_as("steward"), orders.dataset, f"/datasets/{orders.dataset_id}/"
    job = read(client, dataset, b'user_id,item_id\nu1,"open')
    assert (job.state, bool(job.error), bool(job.hint)) == (Job.State.FAILED, True, True)
    text = client.get(page).content.decode()
    assert "what was there before is kept" in text
    assert job.hint in client.get(page).context["job"].hint
    dataset.refresh_from_db()
    assert (dataset.source_kind, list(dataset.snapshots.all())) == ("path", [orders])
    with django_capture_on_commit_callbacks(execute=True):
        read(client, dataset, NEWER)
    assert "what was there before is kept" not in client.get(page).content.decode()
    assert len(list((home / "files" / "uploads").iterdir())) == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"source": "upload"}, 400),
        ({"source": "path", "path": "/etc/passwd"}, 403),
        ({"source": "nonsense"}, 400),
    ],
)
def test_a_newer_source_that_cannot_be_starts_nothing(
    orders: Snapshot, client_as: Callable[[str], Client], data: dict[str, str], status: int
) -> None:
    response = client_as("steward").post(f"/datasets/{orders.dataset_id}/read/", data)
    assert response.status_code == status
    assert not Job.objects.exists()
    assert Dataset.objects.get().source_next == {}


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("outsider", 404)])
def test_a_newer_file_is_not_for_everybody(
    orders: Snapshot, home: Path, client_as: Callable[[str], Client], role: str, status: int
) -> None:
    data = {"source": "upload", "file": SimpleUploadedFile("newer.csv", NEWER)}
    assert client_as(role).post(f"/datasets/{orders.dataset_id}/read/", data).status_code == status
    assert not Job.objects.exists()
    assert not (home / "files" / "uploads").exists()
