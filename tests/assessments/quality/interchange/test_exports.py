"""What is taken out of a dataset: CSV without formulas, JSON, Croissant; and rules brought in."""

import csv
import hashlib
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.common.errors import NotFoundError
from assessments.datasets.models import Snapshot
from assessments.quality.exports import EXPORTS, export_make
from assessments.quality.interchange.tables import csv_text, plain_cell
from assessments.quality.models import Profile, Rule
from assessments.quality.packs import read_pack
from assessments.quality.services import quality_run_execute, rules_import, rules_load

MakeSnapshot = Callable[..., Snapshot]
PACK = """
rules:
  - {name: "=cmd|' /C calc'!A0", check: completeness, columns: [user], severity: error}
  - {name: price, check: range, columns: [price], parameters: {min: 0}, threshold: 0.9}
"""


@pytest.fixture
def checked(make_snapshot: MakeSnapshot) -> Snapshot:
    snapshot = make_snapshot({"user": ["anna@example.org", None], "price": [1.0, -2.0]}, user="user")
    snapshot.columns.filter(name="price").update(type="number")
    rules_load(dataset=snapshot.dataset, pack=PACK)
    quality_run_execute(snapshot=snapshot)
    return snapshot


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-x", "'-x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("plain", "plain"),
        ("", ""),
        (-5, "-5"),
        (-0.5, "-0.5"),
        (True, "true"),
        (None, ""),
        (["a"], '["a"]'),
        ({"b": 1, "a": "用"}, '{"a": "用", "b": 1}'),
    ],
)
def test_no_cell_is_a_formula(value: Any, cell: str) -> None:
    assert plain_cell(value) == cell


def test_csv_is_read_again_as_it_was_written() -> None:
    text = csv_text(["a", "b,c"], [["x\ny", 'q"'], [1, None]])
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [["a", "b,c"], ["x\ny", 'q"'], ["1", ""]]


def test_rules_go_out_and_come_back(checked: Snapshot) -> None:
    dataset = checked.dataset
    for what in ("rules.yaml", "contract.odcs.yaml"):
        text = export_make(dataset, what).content
        before = list(Rule.objects.order_by("name").values("name", "check_name", "columns", "parameters", "threshold"))
        Rule.objects.all().delete()
        rules, passed_over = rules_import(dataset=dataset, text=text)
        after = list(Rule.objects.order_by("name").values("name", "check_name", "columns", "parameters", "threshold"))
        assert (after, passed_over, len(rules)) == (before, [], 2)
    assert read_pack(export_make(dataset, "rules.yaml").content)[0].spec.severity == "error"


def test_results_hold_no_unmasked_value_and_no_formula(checked: Snapshot) -> None:
    text = export_make(checked.dataset, "results.csv").content
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["rule_name"] for row in rows] == ["'=cmd|' /C calc'!A0", "price"]
    assert [(row["rows_checked"], row["rows_failing"]) for row in rows] == [("2", "1"), ("2", "1")]
    document = json.loads(export_make(checked.dataset, "results.json").content)
    assert document["results"][1]["sample"] == [{"row": 2, "values": document["results"][1]["sample"][0]["values"]}]
    for what in ("results.csv", "results.json", "croissant.json"):
        assert "anna" not in export_make(checked.dataset, what).content


def test_a_profile_has_a_row_for_each_column(checked: Snapshot) -> None:
    with pytest.raises(NotFoundError):
        export_make(checked.dataset, "profile.csv")
    columns = [{"name": "user", "null_share": 0.5}, {"name": "-price", "mean": -0.5}]
    Profile.objects.create(snapshot=checked, content={"columns": columns})
    text = export_make(checked.dataset, "profile.csv").content
    assert text == "\ufeffname,null_share,mean\r\nuser,0.5,\r\n'-price,,-0.5\r\n"
    assert json.loads(export_make(checked.dataset, "profile.json").content)["profile"]["columns"] == columns


def test_croissant_is_valid_by_its_own_library_and_its_records_are_the_rows(checked: Snapshot, home: Path) -> None:
    text = export_make(checked.dataset, "croissant.json").content
    document = json.loads(text)
    file = home / "files" / checked.storage_key
    assert document["distribution"][0]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert document["rai:personalSensitiveInformation"] == ["user"]
    folder = home / "croissant"
    folder.mkdir()
    (folder / "croissant.json").write_text(text, encoding="utf-8")
    (folder / document["distribution"][0]["name"]).write_bytes(file.read_bytes())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlcroissant

        dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
        assert not dataset.metadata.issues.errors
        records = list(dataset.records("rows"))
    assert [record["rows/1"] for record in records] == [1.0, -2.0]


def test_an_export_that_is_none_names_those_that_are(checked: Snapshot) -> None:
    with pytest.raises(NotFoundError) as refused:
        export_make(checked.dataset, "../secrets")
    assert all(name in refused.value.hint for name in EXPORTS)


def test_the_pages_hand_out_and_take_in(
    checked: Snapshot, client_as: Callable[[str], Client], tmp_path: SimpleNamespace
) -> None:
    address = f"/datasets/{checked.dataset.pk}/"
    answer = client_as("viewer").get(f"{address}export/contract.odcs.yaml/")
    assert answer["Content-Disposition"] == 'attachment; filename="orders-contract.odcs.yaml"'
    contract = yaml.safe_load(answer.content)
    contract["schema"][0]["quality"] = [{"name": "by hand", "type": "sql", "query": "SELECT 1", "mustBe": 1}]
    file = SimpleUploadedFile("c.yaml", yaml.safe_dump(contract).encode())
    steward = client_as("steward")
    assert steward.post(f"{address}rules/import/", {"file": file}).status_code == 302
    assert "SQL from a contract is not run" in steward.get(address).content.decode()
    wrong = SimpleUploadedFile("c.yaml", b"\xff\xfe")
    assert steward.post(f"{address}rules/import/", {"file": wrong}).status_code == 400
    assert Rule.objects.count() == 2
