"""Tables of very many columns: registered whole, searched whole, profiled and given suggestions as far as is said."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from assessments.accounts.models import Organisation
from assessments.common.errors import GovernError
from assessments.datasets.reading import Limits
from assessments.datasets.reading.table import column_names
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec
from assessments.quality.personal_data.search import search
from assessments.quality.profile import document, profile_of
from assessments.quality.scanner import scanner_open
from assessments.quality.suggest import suggestions_for
from tests.assessments.quality.conftest import NOW

MOST, ROWS = 10_000, 25


def wide(columns: int) -> pa.Table:
    """Numbers, but for a column of e-mail addresses at the end and, at its place, one that hides missing values."""
    held: dict[str, list[object]] = {f"c{n}": [at % 7 + n for at in range(ROWS)] for n in range(columns)}
    held["c3"] = ["N/A" if at == 7 else ("red", "blue")[at % 2] for at in range(ROWS)]
    held[f"c{columns - 1}"] = [f"jo{at}@mail.example" for at in range(ROWS)]
    return pa.table(held)


@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.django_db
def test_ten_thousand_columns_are_registered(home: Path, organisation: Organisation, form: str) -> None:
    file = home / f"t.{form}"
    (pq.write_table if form == "parquet" else pacsv.write_csv)(wide(MOST), file)
    source = SourceSpec("path", str(file), {})
    snapshot = dataset_register(organisation=organisation, name="wide", kind="items", source=source, operator=True)
    assert (snapshot.rows, snapshot.columns.count()) == (ROWS, MOST)
    last = snapshot.columns.order_by("position").last()
    assert last is not None
    assert (last.name, last.type, last.suggested_role) == (f"c{MOST - 1}", "text", "email")


def test_one_column_more_is_refused_and_the_setting_named() -> None:
    limits = Limits.configured()
    assert limits.columns == MOST
    with pytest.raises(GovernError, match="has 10,001 columns; at most 10,000") as refused:
        column_names([f"c{n}" for n in range(MOST + 1)], limits)
    assert "GOVERN_DATASET_MAX_COLUMNS" in refused.value.hint


def test_the_last_of_many_columns_is_searched_for_personal_data(tmp_path: Path) -> None:
    pq.write_table(wide(1_200), tmp_path / "t.parquet")
    with scanner_open(tmp_path / "t.parquet") as scanner:
        found = search(scanner, {})
    assert [(hit.column, hit.entity, hit.rows) for hit in found.hits] == [("c1199", "email", ROWS)]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> int:
    """Of how many columns the figures are measured: fewer here than elsewhere, as each takes its time."""
    assert document.COLUMNS_MEASURED == 1_000
    monkeypatch.setattr(document, "COLUMNS_MEASURED", 100)
    return 100


def test_the_first_of_ten_thousand_columns_are_profiled_and_the_number_of_all_is_told(
    tmp_path: Path, measured: int
) -> None:
    pq.write_table(wide(MOST), tmp_path / "t.parquet")
    with scanner_open(tmp_path / "t.parquet") as scanner:
        profile = profile_of(scanner)
    assert (profile["columns_in_all"], len(profile["columns"])) == (MOST, measured)
    assert (profile["columns"][-1]["min"], profile["columns"][-1]["max"]) == (99, 105)


def test_rules_are_suggested_from_the_first_of_ten_thousand_columns(tmp_path: Path, measured: int) -> None:
    pq.write_table(wide(MOST), tmp_path / "t.parquet")
    made = suggestions_for(tmp_path / "t.parquet", as_of=NOW)
    found = {(one.spec.check, one.spec.columns): one.failing for one in made}
    assert found["disguised_missing", ("c3",)] == 1
    assert all(int(name[1:]) < measured for _check, names in found for name in names)
