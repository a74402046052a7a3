"""Connections that the operator named: who may use them, and what is told when they do not answer."""

import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from assessments.accounts.models import AuditEvent, Organisation
from assessments.common.errors import ForbiddenError, GovernError
from assessments.common.named import named_places
from assessments.datasets.models import Dataset, Snapshot
from assessments.datasets.services import dataset_create, dataset_register
from assessments.datasets.sources import SourceSpec
from assessments.datasets.sources.places import connections_for, table_address
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.models import Job, JobLogLine

PASSWORD = "s3cr3t-pässword"
SCHEMES = ("postgresql", "spark")


def connected(settings: LazySettings, text: str) -> None:
    settings.CONNECTIONS = named_places(text, setting="GOVERN_CONNECTIONS", schemes=SCHEMES)


@pytest.fixture
def refusing() -> Iterator[int]:
    """The port of a server that speaks PostgreSQL, asks for a password and refuses it."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _address = server.accept()
            except OSError:
                return
            with client:
                while True:
                    (length,) = struct.unpack("!I", client.recv(4))
                    body = client.recv(length - 4)
                    if struct.unpack("!I", body[:4])[0] == 196608:
                        break
                    client.sendall(b"N")  # no TLS, no GSSAPI
                client.sendall(b"R" + struct.pack("!II", 8, 3))
                given = client.recv(1000)
                words = b'password authentication failed for user "reader" with ' + given[5:-1]
                fields = b"SFATAL\0VFATAL\0C28P01\0M" + words + b"\0\0"
                client.sendall(b"E" + struct.pack("!I", 4 + len(fields)) + fields)

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


def test_a_wrong_password_is_told_without_it_everywhere(
    refusing: int,
    settings: LazySettings,
    home: object,
    organisation: Organisation,
    client_as: Callable[[str], Client],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in the log of any level, the job, the dataset, the audit log, a page of them, or an answer of the API."""
    connected(settings, f"shop=postgresql://reader:s3cr3t-p%C3%A4ssword@127.0.0.1:{refusing}/shop")
    caplog.set_level(logging.DEBUG)
    spec = SourceSpec("database", "shop:public.orders")
    dataset = dataset_create(organisation=organisation, name="orders", kind="interactions", source=spec)
    with pytest.raises(GovernError, match="refused its user name or password"):
        job_run_here(
            organisation=organisation,
            kind="datasets.register",
            subject="orders",
            parameters={"dataset_id": dataset.pk},
            progress=lambda *_told: None,
        )
    job, browser = Job.objects.get(), client_as("administrator")
    addresses = ["/jobs/", f"/jobs/{job.pk}/", "/datasets/", f"/datasets/{dataset.pk}/"]
    addresses += [f"/api/v1/jobs/{job.pk}/", f"/api/v1/datasets/{dataset.pk}/", "/api/v1/jobs/", "/api/v1/datasets/"]
    pages = {address: browser.get(address) for address in addresses}
    assert {page.status_code for page in pages.values()} == {200}
    for shown in (f"/jobs/{job.pk}/", f"/api/v1/jobs/{job.pk}/"):
        assert "refused its user name or password" in pages[shown].content.decode()
    told = " ".join([job.error, job.hint, job.trace, str(job.parameters), str(job.result), caplog.text])
    told += " ".join(str(Dataset.objects.values().get()).split())
    assert "refused its user name or password" in told
    told += str([*AuditEvent.objects.values()]) + str([*JobLogLine.objects.values()])
    # A page writes the ä of the password in ways of its own: its parts beside that are looked for.
    for hidden in (PASSWORD, "s3cr3t", "reader", str(refusing)):
        assert hidden not in told
    for address, page in pages.items():
        assert not {hidden for hidden in ("s3cr3t", "ssword@", f":{refusing}") if hidden in page.content.decode()}, (
            address
        )
    assert not Snapshot.objects.exists()


def test_a_database_that_is_not_there_is_told_without_its_address(
    settings: LazySettings, home: object, organisation: Organisation
) -> None:
    connected(settings, "shop=postgresql://reader:secret@127.0.0.1:9/shop?options=%zz")
    with pytest.raises(GovernError, match="does not answer") as raised:
        dataset_register(
            organisation=organisation,
            name="orders",
            kind="interactions",
            source=SourceSpec("database", "shop:public.orders"),
        )
    assert raised.value.__cause__ is None
    assert not {"reader", "secret", "127.0.0.1"} & set(str(raised.value).split())


def test_connections_serve_whom_they_name(settings: LazySettings) -> None:
    connected(
        settings,
        "shop=postgresql://r:p@db/shop#organisations=harbour&schemas=public,sales lake=spark://local[2]?files=/lake",
    )
    assert [one.name for one in connections_for("harbour")] == ["lake", "shop"]
    assert [one.name for one in connections_for("other")] == ["lake"]
    assert str(table_address("shop:sales.Orders 2024", "harbour")) == "shop:sales.Orders 2024"
    for location, organisation in (
        ("shop:public.orders", "other"),
        ("shop:private.orders", "harbour"),
        ("nowhere:public.orders", "harbour"),
    ):
        with pytest.raises(ForbiddenError):
            table_address(location, organisation)


@pytest.mark.parametrize(
    "location",
    [
        *("orders", "shop:orders", "shop:.orders", ":public.orders", "shop:public.", "shop:public.a\nb"),
        *("postgresql://u:p@h/d.t", "shop:public." + "x" * 200),
    ],
)
def test_what_is_no_table_is_refused(settings: LazySettings, location: str) -> None:
    connected(settings, "shop=postgresql://r:p@db/shop")
    with pytest.raises(GovernError):
        table_address(location, "harbour")


def test_without_named_connections_there_are_none(organisation: Organisation) -> None:
    assert connections_for(organisation.slug) == []
    with pytest.raises(ForbiddenError):
        dataset_create(
            organisation=organisation,
            name="orders",
            kind="interactions",
            source=SourceSpec("database", "shop:public.orders"),
        )
    assert not Dataset.objects.exists()
