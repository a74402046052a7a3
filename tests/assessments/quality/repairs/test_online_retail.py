"""Netting the cancellations of UCI Online Retail: what was bought and kept is the same, counted another way."""

import os
from pathlib import Path

import duckdb
import pytest

from assessments.quality.repairs import steps_read
from assessments.quality.repairs.execution import Surroundings, steps_done

DATA = Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")) / "online_retail" / "online_retail.csv.gz"
ROLES = {"user": "CustomerID", "item": "StockCode", "time": "InvoiceDate", "quantity": "Quantity"}
TYPES = "types={'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'VARCHAR'}"


@pytest.fixture
def orders(home: Path) -> Path:
    file = home / "orders.parquet"
    duckdb.sql(f"COPY (FROM read_csv('{DATA}', {TYPES})) TO '{file}' (FORMAT parquet)")
    return file


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_file(), reason="the rows of Online Retail are not here")
def test_what_is_left_of_each_item_and_customer_is_the_same(orders: Path) -> None:
    steps = steps_read([{"repair": "net_cancellations", "columns": ["Quantity"]}])
    with steps_done(orders, steps, Surroundings(others={}, roles=ROLES, masked=())) as (staged, outcomes):
        before, after = duckdb.read_parquet(str(orders)), duckdb.read_parquet(str(staged.path))
        kept = [
            set(rows.aggregate("CustomerID, StockCode, sum(Quantity) AS n").filter("n != 0").fetchall())
            for rows in (before, after)
        ]
        # A cancellation that is left has no earlier order of its customer and item with something left to cancel.
        left = duckdb.sql(
            "FROM after AS c JOIN after AS o USING (CustomerID, StockCode) "
            "WHERE c.Quantity < 0 AND o.Quantity > 0 AND o.InvoiceDate < c.InvoiceDate"
        ).fetchall()
    assert kept[0] == kept[1]
    assert left == []
    found = outcomes[0].found
    assert (found.rows_before, found.rows_after) == (541_909, 531_527)
    assert outcomes[0].notes == (
        "Of 8,905 cancellations with user, item and time, 7,516 were netted, 54 in part; 1,335 have no earlier order "
        "and stay.",
    )


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_file(), reason="the rows of Online Retail are not here")
def test_its_duplicates_are_dropped(orders: Path) -> None:
    with steps_done(orders, steps_read([{"repair": "drop_duplicates"}]), Surroundings({}, {}, ())) as (staged, _out):
        assert staged.rows == 541_909 - 5_268
