"""The rule engine against one hand-written DuckDB statement for each pass, on the same generated table.

    python benchmarks/quality.py --rows 2000000 [--seed 0] [--repeat 3]

Both sides run in processes of their own with the same memory limit and threads, read the same Parquet file and must
count the same failing rows. Printed for each: seconds (best and median of the repeats), peak resident memory, ratio.
The hand-written side counts only: it keeps no failing rows, no row numbers and masks nothing.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb

ROOT = Path(__file__).resolve().parent.parent
THREADS, MEMORY = 2, "2GiB"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
TABLE = """
SELECT
    'O' || (n // 3) AS order_id,
    CASE WHEN hash(n, seed) % 100 < 6 THEN NULL ELSE 'U' || (hash(n, seed, 1) % 50000) END AS user_id,
    'I' || (hash(n, seed, 2) % 12000) AS item_id,
    (hash(n, seed, 3) % 12)::BIGINT - 1 AS quantity,
    CASE WHEN hash(n, seed, 4) % 500 = 0 THEN 'nan'::DOUBLE ELSE (hash(n, seed, 5) % 10000) / 100.0 - 0.5 END AS price,
    TIMESTAMP '2023-06-01' + to_seconds((hash(n, seed, 6) % 31700000)::BIGINT) AS time,
    ['CN', 'DE', 'GB', 'US', 'XX'][(hash(n, seed, 7) % 5)::BIGINT + 1] AS country
FROM (SELECT least(range, $rows - $rows // 100 - 1) + CASE WHEN range >= $rows - $rows // 100
    THEN range - $rows ELSE 0 END AS n, $seed AS seed FROM range($rows))
"""
BY_HAND = """
SELECT
    count(*) FILTER (user_id IS NULL),
    count(*) FILTER (NOT coalesce(quantity >= 1, true)),
    count(*) FILTER (price IS NOT NULL AND (isnan(price) OR NOT price > 0)),
    count(*) FILTER (NOT regexp_matches(item_id, '^I[0-9]{1,4}$', 's')),
    count(*) FILTER (country NOT IN ('CN', 'DE', 'GB', 'US')),
    count(*) FILTER (time > TIMESTAMP '2024-06-01'),
    count(*) FILTER (item_id IS NOT NULL AND known IS NULL)
FROM read_parquet($table) LEFT JOIN
    (SELECT DISTINCT item_id AS key, true AS known FROM read_parquet($items) WHERE item_id IS NOT NULL) ON item_id = key
"""
BY_HAND_ROWS = """
SELECT sum(n - 1)::BIGINT FROM (SELECT count(*) AS n FROM read_parquet($table)
    GROUP BY order_id, user_id, item_id, quantity, price, time, country)
"""
BY_HAND_KEY = """
SELECT sum(n - 1)::BIGINT FROM (SELECT count(*) AS n FROM read_parquet($table)
    WHERE order_id IS NOT NULL AND item_id IS NOT NULL GROUP BY order_id, item_id)
"""


def by_engine(table: Path, items: Path) -> list[int]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govern_app.settings")
    sys.path.insert(0, str(ROOT))
    django.setup()
    from assessments.quality.engine import scan
    from assessments.quality.specs import Limits, RuleSpec

    rules = [
        RuleSpec("user", "completeness", ("user_id",)),
        RuleSpec("quantity", "range", ("quantity",), {"min": 1}),
        RuleSpec("price", "range", ("price",), {"min": 0, "min_exclusive": True}),
        RuleSpec("code", "pattern", ("item_id",), {"regex": "^I[0-9]{1,4}$"}),
        RuleSpec("country", "allowed_values", ("country",), {"values": ["CN", "DE", "GB", "US"]}),
        RuleSpec("past", "not_in_future", ("time",)),
        RuleSpec("known", "reference", ("item_id",), {"dataset": "items"}),
        RuleSpec("repeated", "duplicate_rows"),
        RuleSpec("key", "unique_key", ("order_id", "item_id")),
    ]
    limits = Limits(memory=MEMORY, threads=THREADS, temporary=table.parent)
    outcomes = scan(table, rules, references={"items": items}, as_of=NOW, limits=limits)
    assert not any(outcome.error for outcome in outcomes), [outcome.error for outcome in outcomes]
    return [outcome.rows_failing for outcome in outcomes]


def by_hand(table: Path, items: Path) -> list[int]:
    with duckdb.connect(
        config={"threads": THREADS, "memory_limit": MEMORY, "temp_directory": str(table.parent)}
    ) as con:
        row = con.execute(BY_HAND, {"table": str(table), "items": str(items)}).fetchone()
        rest = [con.execute(query, {"table": str(table)}).fetchone() for query in (BY_HAND_ROWS, BY_HAND_KEY)]
    assert row is not None
    return [*row, *(one[0] for one in rest if one)]


def measure(side: str, table: Path, items: Path, repeat: int) -> None:
    """Run one side and print its answer, times and peak as JSON. The first, cold run is not counted."""
    work = {"engine": by_engine, "hand": by_hand}[side]
    answer = work(table, items)
    seconds = []
    for _ in range(repeat):
        started = perf_counter()
        assert work(table, items) == answer
        seconds.append(perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"answer": answer, "seconds": seconds, "peak_mib": peak}))


def run_side(side: str, table: Path, items: Path, repeat: int) -> dict[str, list[float]]:
    """One side in a process of its own, so that peaks do not mix."""
    command = [sys.executable, __file__, "--side", side, "--table", str(table), "--items", str(items)]
    environment = {**os.environ, "GOVERN_HOME": str(table.parent / "home")}
    done = subprocess.run(
        [*command, "--repeat", str(repeat)], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    answer: dict[str, list[float]] = json.loads(done.stdout)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--side", choices=["engine", "hand"], help=argparse.SUPPRESS)
    parser.add_argument("--table", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--items", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        measure(options.side, options.table, options.items, options.repeat)
        return
    with tempfile.TemporaryDirectory() as folder:
        table, items = Path(folder) / "orders.parquet", Path(folder) / "items.parquet"
        duckdb.sql(TABLE, params={"rows": options.rows, "seed": options.seed}).write_parquet(str(table))
        duckdb.sql("SELECT 'I' || range AS item_id FROM range(11800)").write_parquet(str(items))
        sides = {side: run_side(side, table, items, options.repeat) for side in ("hand", "engine")}
        print(f"{options.rows:,} rows, {table.stat().st_size / 2**20:.0f} MiB of Parquet, {THREADS} threads, {MEMORY}")
    assert sides["engine"]["answer"] == sides["hand"]["answer"], sides
    print("failing rows, equal on both sides:", sides["engine"]["answer"])
    for side, found in sides.items():
        times = found["seconds"]
        print(f"{side:>6}: best {min(times):.2f} s, median {median(times):.2f} s, peak {found['peak_mib']:.0f} MiB")
    ratio = median(sides["engine"]["seconds"]) / median(sides["hand"]["seconds"])
    print(
        f"engine / hand: {ratio:.2f} in time, {sides['engine']['peak_mib'] / sides['hand']['peak_mib']:.2f} in memory"
    )


if __name__ == "__main__":
    main()
