"""The pack of UCI Online Retail counts what is known to be wrong with the real file."""

import json
import os
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from assessments.accounts.models import Organisation
from assessments.datasets.models import Column, Dataset, Snapshot
from assessments.quality.services import rules_load

PACKS = Path("assessments/quality/packs")
DATA = Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")) / "online_retail" / "online_retail.csv.gz"
EXPECTED = {
    "customer is known": 135_080,
    "description is there": 1_454,
    "invoice article and time are there": 0,
    "no repeated row": 5_268,
    "not a cancellation": 9_288,
    "positive quantity": 10_624,
    "quantity is not negative": 10_624,
    "quantity is plausible": 5,
    "price is positive": 2_517,
    "price is not negative": 2,
    "code is that of a product": 2_759,
    "country is specified": 446,
    "description has no stray spaces": 113_452,
    "not in the future": 0,
}


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_file(), reason="the file of UCI Online Retail is not in GOVERN_DATA_DIR")
def test_the_counts_are_those_known(home: Path, organisation: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "files" / "retail.parquet"
    duckdb.read_csv(str(DATA)).write_parquet(str(file))
    dataset = Dataset.objects.create(
        organisation=organisation, name="retail", kind="interactions", source_kind="path", source_location=str(DATA)
    )
    snapshot = Snapshot.objects.create(
        dataset=dataset, number=1, digest="0" * 64, rows=541_909, bytes=1, storage_key=file.name
    )
    for position, field in enumerate(pq.read_schema(file)):
        Column.objects.create(snapshot=snapshot, position=position, name=field.name, type=str(field.type))
    rules_load(dataset=dataset, pack=(PACKS / "online_retail.yaml").read_text(encoding="utf-8"))
    call_command("check_quality", "retail", "--json", "--as-of", "2011-12-10")
    document = json.loads(capsys.readouterr().out)
    failing = {result["rule"]: result["rows_failing"] for result in document["results"]}
    assert {name: failing[name] for name in EXPECTED} == EXPECTED
    checked = {result["rule"]: result["rows_checked"] for result in document["results"]}
    assert checked["customer is known"] == checked["no repeated row"] == document["rows"] == 541_909
    assert checked["description has no stray spaces"] == 541_909 - 1_454
