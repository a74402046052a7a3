"""A search through a snapshot: what it keeps, what it never keeps, and the findings that follow."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core import serializers
from django.test import Client

from assessments.accounts.models import AuditEvent, User
from assessments.common.errors import CancelledError, ConflictError, GovernError
from assessments.datasets.models import Snapshot
from assessments.jobs.dispatch import job_run_here
from assessments.jobs.models import Job, JobLogLine
from assessments.quality.models import Finding, FindingEvent, PersonalDataHit, PersonalDataScan
from assessments.quality.personal_data.selectors import personal_data_scan_latest
from assessments.quality.personal_data.span import Span
from assessments.quality.services.personal_data import (
    personal_data_decide,
    personal_data_risk_measure,
    personal_data_scan,
)

PLANTED = ["ottoline.bagshaw@planted.example", "+44 20 7946 0958", "4111 1111 1111 1111", "GB82WEST12345698765432"]


def customers(rows: int = 60) -> dict[str, Any]:
    return {
        "customer_id": [10_000 + at for at in range(rows)],
        "email": [f"ottoline.bagshaw{at}@planted.example" for at in range(rows - 1)] + [PLANTED[0]],
        "age": [20 + at % 50 for at in range(rows)],
        "note": [f"parcel {at} left at the door" for at in range(rows - 3)]
        + [f"please call {PLANTED[1]} first", f"card {PLANTED[2]} was refused", f"refund to iban {PLANTED[3]} please"],
        "price": [round(1.5 * at, 2) for at in range(rows)],
        "created": [1_600_000_000 + 3600 * at for at in range(rows)],
    }


def hits_of(scan: PersonalDataScan) -> dict[tuple[str, str], PersonalDataHit]:
    return {(hit.column, hit.entity): hit for hit in scan.hits.all()}


def test_what_is_found_and_counted(make_snapshot: Callable[..., Snapshot]) -> None:
    scan = personal_data_scan(snapshot=make_snapshot(customers(), user="customer_id"))
    hits = hits_of(scan)
    assert set(hits) == {
        ("customer_id", "user_id"),
        ("email", "email"),
        ("age", "age"),
        ("note", "phone"),
        ("note", "payment_card"),
        ("note", "iban"),
    }
    assert (scan.state, scan.rows, scan.rows_sampled, scan.detectors) == ("succeeded", 60, None, ["patterns"])
    mail = hits["email", "email"]
    assert (mail.rows, mail.share, mail.in_text, mail.protection) == (60, 1.0, False, "")
    assert hits["note", "iban"].rows == 1
    assert hits["note", "iban"].in_text
    assert hits["customer_id", "user_id"].protection == "pseudonym"
    assert scan.risk["columns"] == ["age"]
    assert (scan.risk["rows"], scan.risk["unique_rows"], scan.risk["k"]) == (60, 40, 1)


def test_no_planted_value_is_kept_or_shown_anywhere(
    make_snapshot: Callable[..., Snapshot], client_as: Callable[[str], Client]
) -> None:
    snapshot = make_snapshot(customers())
    job = job_run_here(
        organisation=snapshot.dataset.organisation,
        kind="quality.personal_data",
        subject="orders",
        parameters={"snapshot_id": snapshot.pk},
    )
    kept = [PersonalDataScan, PersonalDataHit, Finding, FindingEvent, AuditEvent, Job, JobLogLine]
    text = "".join(serializers.serialize("json", model._default_manager.all()) for model in kept)
    viewer = client_as("steward")
    for address in ("personal-data-scans", "personal-data-hits", "findings", "jobs", f"jobs/{job.pk}/log"):
        text += viewer.get(f"/api/v1/{address}/").content.decode()
    text += viewer.get(f"/datasets/{snapshot.dataset_id}/personal-data/").content.decode()
    assert "E-mail address" in text
    assert "ottoline.bagshaw" not in text
    for value in PLANTED:
        assert value not in text
        assert value.replace(" ", "") not in text


def test_findings_open_stay_and_are_resolved(make_snapshot: Callable[..., Snapshot]) -> None:
    table = customers()
    personal_data_scan(snapshot=make_snapshot(table))
    found = {finding.subject: finding for finding in Finding.objects.all()}
    assert set(found) == {"email:email", "age:age", "note:phone", "note:payment_card", "note:iban"}
    assert found["email:email"].severity == "error"
    assert found["note:payment_card"].severity == "critical"
    table["email"] = [f"{at:064x}" for at in range(60)]
    del table["note"]
    personal_data_scan(snapshot=make_snapshot(table))
    states = dict(Finding.objects.values_list("subject", "state"))
    assert states == {
        "email:email": "resolved",
        "age:age": "open",
        "note:phone": "resolved",
        "note:payment_card": "resolved",
        "note:iban": "resolved",
    }


def test_dismissing_ends_the_finding_and_outlives_the_search(
    make_snapshot: Callable[..., Snapshot], members: dict[str, User]
) -> None:
    snapshot = make_snapshot(customers())
    scan = personal_data_scan(snapshot=snapshot)
    hit = hits_of(scan)["email", "email"]
    with pytest.raises(GovernError):
        personal_data_decide(hit=hit, user=members["steward"], decision="dismissed", reason=" ")
    personal_data_decide(hit=hit, user=members["steward"], decision="dismissed", reason="made for tests")
    assert Finding.objects.get(subject="email:email").state == "resolved"
    assert AuditEvent.objects.filter(action="personal_data.dismiss").count() == 1
    again = personal_data_scan(snapshot=snapshot)
    kept = hits_of(again)["email", "email"]
    assert (kept.decision, kept.reason, kept.decided_by) == ("dismissed", "made for tests", members["steward"])
    assert Finding.objects.filter(subject="email:email", state="open").count() == 0
    with pytest.raises(ConflictError):
        personal_data_decide(hit=hit, user=members["steward"], decision="confirmed")
    personal_data_decide(hit=kept, user=members["steward"], decision="confirmed")
    assert Finding.objects.filter(subject="email:email", state="open").count() == 1


def test_a_job_that_runs_twice_leaves_one_search(make_snapshot: Callable[..., Snapshot]) -> None:
    snapshot = make_snapshot(customers(), searched=False)
    job = Job.objects.create(organisation=snapshot.dataset.organisation, kind="quality.personal_data", subject="x")
    first = personal_data_scan(snapshot=snapshot, job_id=job.pk)
    again = personal_data_scan(snapshot=snapshot, job_id=job.pk)
    assert (first.pk, PersonalDataScan.objects.count()) == (again.pk, 1)


def test_cancelled_in_the_middle_keeps_nothing(make_snapshot: Callable[..., Snapshot]) -> None:
    def stop(fraction: float, message: str = "") -> None:
        if fraction > 0.45:
            raise CancelledError("stop")

    with pytest.raises(CancelledError):
        personal_data_scan(snapshot=make_snapshot(customers(), searched=False), progress=stop)
    scan = PersonalDataScan.objects.get()
    assert (scan.state, scan.hits.count(), Finding.objects.count()) == ("failed", 0, 0)


def test_risk_of_chosen_columns(make_snapshot: Callable[..., Snapshot]) -> None:
    scan = personal_data_scan(snapshot=make_snapshot(customers()))
    risk = personal_data_risk_measure(scan=scan, columns=["age", "price"], sensitive="email")
    assert (risk.unique_share, risk.k, risk.l_diversity) == (1.0, 1, 1)
    for wrong in ([], ["nowhere"], ["age", "age"]):
        with pytest.raises(GovernError):
            personal_data_risk_measure(scan=scan, columns=wrong)
    assert personal_data_scan_latest(scan.snapshot.dataset).risk["columns"] == ["age", "price"]


@pytest.mark.parametrize("rows", [0, 1])
def test_tables_with_hardly_a_row(make_snapshot: Callable[..., Snapshot], rows: int) -> None:
    table = {name: values[:rows] for name, values in customers().items()}
    scan = personal_data_scan(snapshot=make_snapshot(table))
    assert (scan.state, scan.rows) == ("succeeded", rows)


def test_one_address_among_many_texts(make_snapshot: Callable[..., Snapshot]) -> None:
    texts = ["a pleasant enough cup of tea"] * 45_001
    texts[4321] = f"write to {PLANTED[0]}, please"
    scan = personal_data_scan(snapshot=make_snapshot({"review": texts}))
    hit = hits_of(scan)["review", "email"]
    assert (hit.rows, hit.share, scan.rows_sampled) == (1, 1 / 45_001, 5_000)
    assert hit.evidence["rare"] is True


def test_titles_of_things_hold_no_numbers_of_people(make_snapshot: Callable[..., Snapshot]) -> None:
    titles = [f"Phone case {at} for the desk 0204 555 0123 memory card 4111111111111111" for at in range(50)]
    assert hits_of(personal_data_scan(snapshot=make_snapshot({"title": titles}))) == {}


def test_a_tagger_reads_what_people_write_and_not_what_things_are_called(
    make_snapshot: Callable[..., Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def tagger(texts: Sequence[str]) -> list[list[Span]]:
        read.extend(texts)
        return [[Span(0, 8, "person_name", 0.9)] for _text in texts]

    monkeypatch.setattr("assessments.quality.services.personal_data.trained_tagger", lambda: tagger)
    table = {
        "note": [f"Ottoline was here {at} and we were glad" for at in range(700)],
        "beer": [f"Ottoline Best Bitter {at}" for at in range(700)],
    }
    scan = personal_data_scan(snapshot=make_snapshot(table))
    assert set(hits_of(scan)) == {("note", "person_name")}
    assert scan.detectors == ["patterns", "tagger"]
    assert len(read) == 500
    assert all(" was here " in text for text in read)
    assert (scan.rows_sampled, hits_of(scan)["note", "person_name"].rows) == (500, 700)
