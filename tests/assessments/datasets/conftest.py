"""Small files of every format with the same content, and a short way to register one."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assessments.accounts.models import Organisation
from assessments.common.progress import silent
from assessments.datasets.models import Snapshot
from assessments.datasets.reading import Limits, Table, open_table
from assessments.datasets.services import dataset_register
from assessments.datasets.sources import SourceSpec

ORDERS = """user,item,at,quantity,price,paid,note
u1,007,2024-03-01 10:00:00,1,2.5,true,fine
u2,008,2024-03-02 11:30:00,2,4.0,false,
u1,009,2024-03-03 12:45:10,3,0.25,true,"said ""yes"", then left"
"""
LIMITS = Limits(bytes=10**9, rows=10**7, columns=1000)
Registers = Callable[..., Snapshot]


def orders_table() -> pa.Table:
    return pa.table(
        {
            "user": ["u1", "u2", "u1"],
            "item": ["007", "008", "009"],
            "at": pc.strptime(
                ["2024-03-01 10:00:00", "2024-03-02 11:30:00", "2024-03-03 12:45:10"], "%Y-%m-%d %H:%M:%S", "us"
            ),
            "quantity": pa.array([1, 2, 3], pa.int64()),
            "price": pa.array([2.5, 4.0, 0.25], pa.float64()),
            "paid": [True, False, True],
            "note": ["fine", None, 'said "yes", then left'],
        }
    )


def read(path: Path, **options: Any) -> Table:
    return open_table(path, name=path.name, options=options, limits=LIMITS, progress=silent)


def rows_of(table: Table) -> list[dict[str, Any]]:
    return pa.Table.from_batches(list(table.batches(silent)), table.schema).to_pylist()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """``write("a.csv", "text or bytes")`` makes a file; a name that ends in .gz is packed."""

    def make(name: str, content: str | bytes) -> Path:
        data = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return make


@pytest.fixture
def same_orders(tmp_path: Path, write: Callable[..., Path]) -> dict[str, Path]:
    """The same three orders as CSV (plain, packed, other delimiter, byte order mark), JSON lines and Parquet."""
    table = orders_table()
    semicolons = ORDERS.replace(",", ";").replace('""yes""; then', '""yes"", then')
    lines = [json.dumps(row, default=lambda at: at.isoformat(" ")) for row in table.to_pylist()]
    pq.write_table(table, tmp_path / "plain.parquet")
    narrow = table.set_column(3, "quantity", table["quantity"].cast(pa.int8())).set_column(
        0, "user", table["user"].dictionary_encode()
    )
    pq.write_table(narrow, tmp_path / "narrow.parquet", row_group_size=1, compression="gzip")
    return {
        "csv": write("orders.csv", ORDERS),
        "gzip": write("orders.csv.gz", ORDERS),
        "semicolon": write("semicolon.csv", semicolons),
        "crlf": write("crlf.csv", ORDERS.replace("\n", "\r\n")),
        "mark": write("mark.csv", b"\xef\xbb\xbf" + ORDERS.encode()),
        "jsonl": write("orders.jsonl", "\n".join(lines) + "\n"),
        "jsonl.gz": write("orders.jsonl.gz", "\n".join(lines)),
        "parquet": tmp_path / "plain.parquet",
        "narrow": tmp_path / "narrow.parquet",
    }


@pytest.fixture
def register(home: Path, organisation: Organisation) -> Registers:
    def make(path: Path | str, *, name: str = "orders", kind: str = "interactions", **more: Any) -> Snapshot:
        options = more.pop("options", {})
        source = more.pop("source", SourceSpec("path", str(path), options))
        return dataset_register(
            organisation=organisation, name=name, kind=kind, source=source, operator=more.pop("operator", True), **more
        )

    return make


@pytest.fixture
def online_retail() -> Path:
    root = Path(__file__).resolve().parents[3]
    data = Path(os.environ.get("GOVERN_DATA_DIR", root.parent / "shared" / "data"))
    path = data / "online_retail" / "online_retail.csv.gz"
    if not path.is_file():
        pytest.skip(f"the reference data are not at {path}; set GOVERN_DATA_DIR")
    return path
