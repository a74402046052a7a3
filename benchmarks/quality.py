"""The rule engine, the same work as one statement of DuckDB written by hand, and other libraries, on the same table.

    python benchmarks/quality.py --rows 10000000 [--seed 0] [--repeat 3] [--sides hand,engine,pandera] [--no-csv]

Each side runs in a process of its own, imports first, and is then timed from opening the file to the last answer, with
two threads where it has such a setting. Sides that count the same thing must agree. Hand and engine take turns
``--repeat`` times, so that a busy machine disturbs both alike; the others run once. Printed: wall seconds (median),
seconds of the processor, peak resident memory of the whole process, the ratio to the statement by hand, and how many
failing rows came back. The peers come with the extra "bench"; one that is not installed is said so. They may be
installed for another interpreter, which ``--peers`` names.

``--grow`` then measures the engine on ten times the rows. ``--keep`` names a folder in which the tables stay, so that
another run with as many rows and the same seed need not make them again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.quality_sides import ours, peers  # noqa: E402  the root comes first
from benchmarks.quality_sides.table import make_tables  # noqa: E402
from ml.memory import peak_mib  # noqa: E402

OURS = ("hand", "engine")
Side = Callable[[dict[str, Path]], dict[str, Any]]
SIDES: dict[str, tuple[str, Side]] = {
    "hand": ("duckdb", ours.by_hand),
    "engine": ("ibis", ours.by_engine),
    "pandera": ("pandera", peers.by_pandera),
    "pointblank": ("pointblank", peers.by_pointblank),
    "great_expectations": ("great_expectations", peers.by_great_expectations),
    "read_csv": ("ibis", ours.read_csv),
}


def measure(side: str, paths: dict[str, Path]) -> None:
    """Run one side in this process and print its answer and what it took as JSON."""
    package, work = SIDES[side]
    if side in ("engine", "read_csv"):
        ours.django_ready()
    __import__(package)
    begin, processor = perf_counter(), process_time()
    answer = work(paths)
    found = {"seconds": perf_counter() - begin, "processor": process_time() - processor, "answer": answer}
    found["peak_mib"] = peak_mib()
    print(json.dumps(found, default=float))


def run_side(side: str, paths: dict[str, Path], python: str = sys.executable) -> dict[str, Any]:
    command = [python, __file__, "--side", side, "--paths", json.dumps(paths, default=str)]
    environment = {
        **os.environ,
        "GOVERN_HOME": str(paths["work"] / "home"),
        "POLARS_MAX_THREADS": "2",
        "TQDM_DISABLE": "1",
    }
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_sides(sides: list[str], paths: dict[str, Path], options: argparse.Namespace) -> dict[str, list[dict[str, Any]]]:
    """All runs of each installed side, in turns; the answers are held against each other."""
    here = [side for side in sides if side in OURS or installed(SIDES[side][0], options.peers)]
    for side in sides:
        if side not in here:
            print(f"  {side}: not installed")
    runs: dict[str, list[dict[str, Any]]] = {side: [] for side in here}
    for turn in range(options.repeat):
        for side in here:
            if side in OURS:
                runs[side].append(run_side(side, paths))
            elif turn == 0:
                runs[side].append(run_side(side, paths, options.peers))
    for side in here:
        agree(runs[here[0]][0]["answer"], runs[side][-1]["answer"], f"{here[0]} and {side}")
    return runs


def installed(package: str, python: str) -> bool:
    found = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
    return subprocess.run([python, "-c", found], check=False).returncode == 0


def agree(one: dict[str, Any], other: dict[str, Any], who: str) -> None:
    for name in (one.keys() & other.keys()) - {"samples"}:
        same = abs(one[name] - other[name]) < 1e-6 if name == "mean_price" else one[name] == other[name]
        assert same, f"{who} differ in {name}: {one[name]} and {other[name]}"


def show(runs: dict[str, list[dict[str, Any]]]) -> None:
    base = median(run["seconds"] for run in runs["hand"]) if "hand" in runs else None
    print(f"  {'side':<20}{'seconds':>9}{'processor':>11}{'peak MiB':>10}{'ratio':>8}{'counts':>8}{'samples':>9}")
    for side, found in runs.items():
        seconds, answer = median(run["seconds"] for run in found), found[-1]["answer"]
        print(
            f"  {side:<20}{seconds:>9.2f}{median(run['processor'] for run in found):>11.2f}"
            f"{max(run['peak_mib'] for run in found):>10.0f}{seconds / base if base else 0:>8.2f}"
            f"{len(answer) - 1:>8}{answer['samples']:>9}"
        )


def measure_size(
    rows: int, options: argparse.Namespace, sides: list[str], *, csv: bool
) -> dict[str, list[dict[str, Any]]]:
    """Make the table, run the sides and print; the runs of each side on Parquet."""
    with tempfile.TemporaryDirectory(dir=options.keep) as name:
        folder = Path(name)
        paths = tables(folder, rows, options, csv=csv) | {"work": folder}
        parquet = {key: path for key, path in paths.items() if key != "csv"}
        size = parquet["parquet"].stat().st_size / 2**20
        print(f"{rows:,} events, Parquet of {size:.0f} MiB, 100,000 items, {load()}")
        runs = run_sides(sides, parquet, options)
        show(runs)
        print(
            "  counts:", {key: value for key, value in runs[next(iter(runs))][0]["answer"].items() if key != "samples"}
        )
        if csv:
            csv_size(paths, runs, options.repeat)
        return runs


def tables(folder: Path, rows: int, options: argparse.Namespace, *, csv: bool) -> dict[str, Path]:
    """The tables in ``folder``, or those that an earlier run kept, complete once they have their last name."""
    if options.keep is None:
        return make_tables(folder, rows, options.seed, csv=csv)
    kept = options.keep / f"{rows}-{options.seed}{'-csv' if csv else ''}"
    if not kept.exists():
        (folder / kept.name).mkdir()
        make_tables(folder / kept.name, rows, options.seed, csv=csv)
        (folder / kept.name).rename(kept)
    return {path.suffix[1:] if path.stem == "events" else "items": path for path in kept.iterdir()}


def csv_size(paths: dict[str, Path], parquet: dict[str, list[dict[str, Any]]], repeat: int) -> None:
    print(f"the same as CSV of {paths['csv'].stat().st_size / 2**20:.0f} MiB, {load()}")
    snapshot = {**paths, "parquet": paths["work"] / "events.snapshot"}
    once = run_side("read_csv", snapshot)
    print(f"  read once into a snapshot: {once['seconds']:.2f} s, peak {once['peak_mib']:.0f} MiB")
    runs = {"hand": [run_side("hand", paths)]} if "hand" in parquet else {}
    if "engine" in parquet:
        runs["engine"] = [run_side("engine", snapshot) for _turn in range(repeat)]
        agree(parquet["engine"][0]["answer"], runs["engine"][0]["answer"], "Parquet and CSV")
    show(runs)


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sides", default=",".join(side for side in SIDES if side != "read_csv"))
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--no-csv", action="store_true")
    parser.add_argument("--grow", action="store_true", help="then the engine alone on ten times the rows")
    parser.add_argument("--keep", type=Path, help="a folder in which the tables stay for other runs")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--paths", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        measure(options.side, {name: Path(path) for name, path in options.paths.items()})
        return
    small = measure_size(options.rows, options, options.sides.split(","), csv=not options.no_csv)
    if options.grow:
        large = measure_size(options.rows * 10, options, ["engine"], csv=False)
        for what in ("seconds", "processor", "peak_mib"):
            one, ten = (median(run[what] for run in runs["engine"]) for runs in (small, large))
            print(f"  ten times the rows take {ten / one:.1f} times the {what}")


if __name__ == "__main__":
    main()
