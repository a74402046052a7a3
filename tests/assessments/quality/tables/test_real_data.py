"""What is known of real data is what the checks count."""

import os
from pathlib import Path

import duckdb
import pytest

from assessments.quality.engine import scan
from assessments.quality.specs import Outcome, RuleSpec
from tests.assessments.quality.conftest import NOW

DATA = Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data"))
NEEDED = [
    "online_retail/online_retail.csv.gz",
    "complete_journey/transactions_sample.csv.gz",
    "chorus_electronics/individual_ratings.csv",
]
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not all((DATA / name).is_file() for name in NEEDED), reason="the reference data are not in GOVERN_DATA_DIR"
    ),
]


def measured(folder: Path, file: str, *rules: RuleSpec, others: dict[str, str] | None = None) -> dict[str, Outcome]:
    """The outcomes by rule on a CSV file of the reference data."""

    def parquet(name: str) -> Path:
        target = folder / f"{Path(name).name}.parquet"
        duckdb.read_csv(str(DATA / name)).write_parquet(str(target))
        return target

    references = {name: parquet(other) for name, other in (others or {}).items()}
    outcomes = scan(parquet(file), list(rules), references=references, as_of=NOW)
    assert not [outcome.error for outcome in outcomes if outcome.error]
    return {outcome.rule.name: outcome for outcome in outcomes}


def test_online_retail(tmp_path: Path) -> None:
    found = measured(
        tmp_path,
        NEEDED[0],
        RuleSpec("descriptions", "functional_dependency", ("StockCode",), {"dependent": "Description"}),
        RuleSpec("case", "code_collision", ("StockCode",)),
        RuleSpec("customers", "cold_start", ("CustomerID",), {"min_events": 2}),
        RuleSpec("codes", "cold_start", ("StockCode",), {"min_events": 1}),
        RuleSpec("ties", "time_ties", ("InvoiceDate",), {"user": "CustomerID"}),
        RuleSpec("one time an invoice", "functional_dependency", ("InvoiceNo",), {"dependent": "CustomerID"}),
    )
    assert found["descriptions"].detail["groups_in_violation"] == 650
    assert found["descriptions"].rows_failing == 7_853
    assert found["case"].detail["groups_in_violation"] == 112
    assert found["customers"].rows_checked == 4_372
    assert found["codes"].rows_checked == 4_070
    assert (found["ties"].rows_checked, found["ties"].rows_failing) == (4_293, 3_800)
    assert found["one time an invoice"].rows_failing == 0


def test_complete_journey(tmp_path: Path) -> None:
    found = measured(
        tmp_path,
        NEEDED[1],
        RuleSpec("known products", "reference", ("product_id",), {"dataset": "products"}),
        RuleSpec("ties", "time_ties", ("transaction_timestamp",), {"user": "household_id"}),
        others={"products": "complete_journey/products.csv.gz"},
    )
    assert (found["known products"].rows_checked, found["known products"].rows_failing) == (52_660, 150)
    assert (found["ties"].rows_checked, found["ties"].rows_failing) == (1_621, 533)


def test_judges_of_chorus(tmp_path: Path) -> None:
    judges = ("agent_1_rating", "agent_2_rating", "agent_3_rating")
    outcome = measured(tmp_path, NEEDED[2], RuleSpec("agree", "judge_agreement", judges))["agree"]
    assert round(outcome.detail["unanimous_share"], 2) == 0.71
    assert round(outcome.detail["value"], 3) == 0.755
    assert outcome.passed
