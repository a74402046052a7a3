"""How much memory and time interactions take from Parquet to a sparse matrix.

python benchmarks/interactions.py --rows 100000000

The file is made from a seed, a piece at a time: whole numbers as user ids, text as item ids, popular items met more
often, times at random over two years and in no order. Loading runs in a process of its own, whose peak is what the
system counted.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROLES = {"user": "customer", "item": "article", "time": "moment"}
PIECE = 1_000_000
START = 1_640_995_200_000_000  # 2022-01-01 in microseconds
SPAN = 730 * 86_400_000_000
LIMIT_GIB = 8.0


def write(path: Path, rows: int, users: int, items: int) -> None:
    """A Parquet file of ``rows`` interactions, never more than a piece of it in memory."""
    names = pa.array([f"i{number:07}" for number in range(items)])
    schema = pa.schema({"customer": pa.int64(), "article": pa.string(), "moment": pa.timestamp("us")})
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, PIECE):
            rng = np.random.default_rng(start)
            size = min(PIECE, rows - start)
            who = 10**12 + (users * rng.random(size) ** 1.5).astype(np.int64)
            what = names.take(pa.array((items * rng.random(size) ** 3).astype(np.int64)))
            when = pa.array(START + rng.integers(0, SPAN, size), pa.timestamp("us"))
            writer.write_table(pa.table([pa.array(who), what, when], schema=schema))


def load(path: Path) -> None:
    """What the measured process does."""
    from ml.data.preparation import load_interactions
    from ml.memory import peak_mib

    started = time.perf_counter()
    before = peak_mib()
    rows = load_interactions(path, ROLES).interactions
    loaded, peak = time.perf_counter() - started, peak_mib()
    matrix = rows.matrix()
    figures = {
        "rows": len(rows),
        "users": rows.n_users,
        "items": rows.n_items,
        "pairs": int(matrix.nnz),
        "seconds to load": round(loaded, 1),
        "seconds for the matrix": round(time.perf_counter() - started - loaded, 1),
        "GiB before": round(before / 1024, 2),
        "GiB peak of loading": round(peak / 1024, 2),
        "GiB peak with the matrix": round(peak_mib() / 1024, 2),
    }
    print(json.dumps(figures))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.load:
        load(given.load)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "interactions.parquet"
        write(path, given.rows, given.users, given.items)
        print(f"file: {path.stat().st_size / 2**30:.2f} GiB")
        finished = subprocess.run([sys.executable, __file__, "--load", path], stdout=subprocess.PIPE, check=True)
    figures = json.loads(finished.stdout)
    for name, value in figures.items():
        print(f"{name}: {value}")
    assert figures["GiB peak with the matrix"] <= LIMIT_GIB, f"more than {LIMIT_GIB} GiB"
    return 0


if __name__ == "__main__":
    sys.exit(main())
