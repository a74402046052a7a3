"""Register a generated CSV of a given size and print seconds, peak resident memory and rows.

    python benchmarks/register.py --gigabytes 2 --folder /tmp/register

The CSV is made from a seed outside of the measured process; the folder is removed afterwards.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

HEADER = "order_id,sku,title,quantity,ordered_at,unit_price,customer_id,country\n"
BLOCK = 100_000


def make_csv(path: Path, size: int, seed: int) -> int:
    """Write at least ``size`` bytes of orders; return the number of rows."""
    random = np.random.default_rng(seed)
    titles = [f'"Lamp, {number} cm ""Nordlys"""' if number % 50 == 0 else f"Lamp {number} cm" for number in range(5000)]
    countries = ["United Kingdom", "Germany", "France", "中国", ""]
    rows = 0
    with path.open("w", encoding="utf-8") as out:
        out.write(HEADER)
        while out.tell() < size:
            items = random.integers(0, 5000, BLOCK)
            times = np.datetime_as_string(
                np.datetime64("2024-01-01T00:00:00") + random.integers(0, 31_536_000, BLOCK).astype("timedelta64[s]")
            )
            parts = zip(
                random.integers(10**6, 10**7, BLOCK).tolist(),
                items.tolist(),
                random.integers(1, 20, BLOCK).tolist(),
                times.tolist(),
                (random.integers(1, 10_000, BLOCK) / 100).tolist(),
                random.integers(0, 500_000, BLOCK).tolist(),
                random.integers(0, 5, BLOCK).tolist(),
                strict=True,
            )
            out.writelines(
                f"{order},{item:06d},{titles[item]},{quantity},{at.replace('T', ' ')},{price},"
                f"{customer if customer % 4 else ''},{countries[country]}\n"
                for order, item, quantity, at, price, customer, country in parts
            )
            rows += BLOCK
    return rows


def register(path: Path) -> dict[str, object]:
    """Register the file in this process and measure it."""
    import django

    django.setup()
    from django.core.management import call_command

    from assessments.accounts.services import organisation_create
    from assessments.datasets.services import dataset_register
    from assessments.datasets.sources import SourceSpec
    from ml.memory import peak_mib

    call_command("migrate", verbosity=0)
    organisation = organisation_create(name="Benchmark")
    begin = time.perf_counter()
    snapshot = dataset_register(
        organisation=organisation,
        name="orders",
        kind="interactions",
        source=SourceSpec("path", str(path)),
        roles={"user": "customer_id", "item": "sku", "time": "ordered_at"},
        operator=True,
    )
    return {
        "rows": snapshot.rows,
        "csv_bytes": path.stat().st_size,
        "snapshot_bytes": snapshot.bytes,
        "seconds": round(time.perf_counter() - begin, 1),
        "peak_rss_mib": round(peak_mib()),
        "digest": snapshot.digest,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--folder", type=Path, required=True, help="an empty or new folder for the CSV and the snapshot"
    )
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(register(options.measure)))
        return
    options.folder.mkdir(parents=True)
    try:
        csv = options.folder / "orders.csv"
        rows = make_csv(csv, int(options.gigabytes * 10**9), options.seed)
        environment = {
            **os.environ,
            "GOVERN_HOME": str(options.folder / "home"),
            "DJANGO_SETTINGS_MODULE": "govern_app.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        }
        command = [sys.executable, __file__, "--folder", str(options.folder), "--measure", str(csv)]
        result = json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
        assert result["rows"] == rows, "every row written must be read"
        print(json.dumps(result, indent=2))
    finally:
        shutil.rmtree(options.folder)


if __name__ == "__main__":
    main()
