"""How long and how much memory preparing, fitting and full ranking take, and that the metrics agree with ranx.

python benchmarks/evaluation.py [--users 20000] [--items 5000] [--rows 2000000]
Each row of the output is one step in a process of its own: seconds and peak resident memory.
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

from ml.data.preparation import load_interactions
from ml.data.splits import Parts, apply_split, parse_split
from ml.evaluation.harness import evaluate, protocol_of
from ml.evaluation.ranking import hits_of, ranking_metrics, top_k, truth_of
from ml.memory import peak_mib
from ml.models.base import create

ROLES = {"user": "who", "item": "what", "time": "when"}
SPLIT = parse_split("time:0.9")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--step", choices=("prepare", "popular", "ease", "ranx"), help="used by the benchmark itself")
    parser.add_argument("--table", type=Path, help="used by the benchmark itself")
    given = parser.parse_args()
    if given.step:
        print(json.dumps(measure(given.step, given.table)))
        return
    with tempfile.TemporaryDirectory() as folder:
        table = generate(Path(folder) / "rows.parquet", given.users, given.items, given.rows)
        size = table.stat().st_size >> 20
        print(f"{given.rows:,} rows of {given.users:,} users and {given.items:,} items, {size} MiB")
        for step in ("prepare", "popular", "ease", "ranx"):
            command = [sys.executable, __file__, "--step", step, "--table", str(table)]
            output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            print(step.ljust(10), output.strip())


def generate(path: Path, users: int, items: int, rows: int) -> Path:
    """Purchases with a long tail and twenty tastes, one row group at a time."""
    rng = np.random.default_rng(0)
    popularity = 1 / np.arange(1, items + 1)
    popularity /= popularity.sum()
    schema = pa.schema([("who", pa.string()), ("what", pa.string()), ("when", pa.timestamp("us"))])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, 500_000):
            size = min(500_000, rows - start)
            user = rng.integers(0, users, size)
            item = (rng.choice(items, size, p=popularity) + (user % 20) * (items // 20)) % items
            times = np.sort(rng.integers(0, 365 * 86_400, size)) * 1_000_000 + 1_700_000_000_000_000
            columns = [pa.array(np.char.add("U", user.astype(str))), pa.array(np.char.add("I", item.astype(str)))]
            writer.write_table(pa.table([*columns, pa.array(times, pa.timestamp("us"))], schema=schema))
    return path


def measure(step: str, table: Path) -> dict[str, float]:
    started = time.perf_counter()
    prepared = load_interactions(table, ROLES)
    result = {"prepare_s": time.perf_counter() - started}
    if step != "prepare":
        parts = apply_split(prepared.interactions, SPLIT)
        result |= against_ranx(parts) if step == "ranx" else fit_and_rank(step, parts)
    return {name: round(value, 4) for name, value in {**result, "peak_mib": peak_mib()}.items()}


def fit_and_rank(name: str, parts: Parts) -> dict[str, float]:
    started = time.perf_counter()
    model = create(name).fit(parts.train)
    fitted = time.perf_counter()
    found = evaluate(model, parts, protocol_of(parts, SPLIT))
    return {
        "fit_s": fitted - started,
        "rank_s": time.perf_counter() - fitted,
        "test_users": len(found.users),
        "ndcg@10": found.estimates["ndcg@10"].value,
    }


def against_ranx(parts: Parts, users: int = 2_000) -> dict[str, float]:
    """NDCG@10 and MAP@10 of the first test users by both, from the same lists; ranx compiles before it is timed."""
    import ranx

    truth = truth_of(parts.train.matrix(), parts.test.matrix(), parts.unknown_items, masked=False)
    model = create("popular").fit(parts.train)
    rows = slice(0, min(users, len(truth.users)))
    ranked = top_k(model.score(truth.users[rows]), 10)
    wanted = truth.items[rows]
    sizes = np.diff(wanted.indptr).astype(np.int64)
    kept = sizes > 0
    started = time.perf_counter()
    ours = ranking_metrics(hits_of(ranked, wanted)[kept], sizes[kept], 10)
    seconds = time.perf_counter() - started
    qrels = {str(u): {str(i): 1 for i in wanted[[u]].indices} for u in np.flatnonzero(kept)}
    run = {str(u): {str(i): 10.0 - place for place, i in enumerate(ranked[u])} for u in np.flatnonzero(kept)}
    pair = (ranx.Qrels(qrels), ranx.Run(run))
    ranx.evaluate(*pair, ["ndcg@10", "map@10"])
    started = time.perf_counter()
    theirs = ranx.evaluate(*pair, ["ndcg@10", "map@10"], return_mean=False)
    difference = max(abs(np.mean(ours[name]) - np.mean(theirs[name])) for name in theirs)
    assert difference < 1e-9
    return {"ours_s": seconds, "ranx_s": time.perf_counter() - started, "difference_of_means": difference}


if __name__ == "__main__":
    main()
