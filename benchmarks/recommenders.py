"""Quality and speed of the recommenders in one run, beside the library implicit (extra ``bench``).

    python -m benchmarks.recommenders [--only retail,ials,ease,oracle,sasrec,ranking] [--models …]
        [--users 50000] [--items 20000] [--events 5000000] [--test-users 3000]

retail: all models on UCI Online Retail under the reference protocol (GOVERN_DATA_DIR). ials, ease and oracle use a
generated shop whose tastes are known; sasrec and ranking run the scripts that stand beside this one. CPU seconds stand
beside the wall clock, because on a machine that others use only they are comparable.
"""

import argparse
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

import numpy as np

from benchmarks.recommender_parts import retail, speed
from benchmarks.recommender_parts.shop import DAYS, TEST_DAYS, Oracle, Tastes, make_events, make_tastes
from ml.data.interactions import DAY
from ml.data.splits import Parts, apply_split, parse_split
from ml.evaluation.harness import evaluate, protocol_of
from ml.kernels.compiled import thread_count
from ml.models.base import create

PARTS = ("retail", "ials", "ease", "oracle", "sasrec", "ranking")
CLASSIC = (
    "popular,recent_popular,personal_popular,item_neighbours,user_neighbours,ease,ials,"
    "bpr,lightgcn,softmax_factors,hybrid"
)
TASTEFUL: tuple[tuple[str, dict[str, float]], ...] = (
    ("popular", {}),
    ("ials", {}),
    ("ials", {"factors": 24, "l2": 0.02, "unobserved_weight": 0.1}),
    ("user_neighbours", {}),
    ("ease", {}),
    ("softmax_factors", {}),
    ("softmax_factors", {"factors": 16}),
)
SHARE_OF_ORACLE = 0.85
SPLIT = "time:1970-12-04"  # DAYS - TEST_DAYS after 1970-01-01


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), help="parts with commas between")
    parser.add_argument("--models", default=CLASSIC, help="of the part retail")
    for name, default in (("users", 50_000), ("items", 20_000), ("events", 5_000_000), ("test-users", 3000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    wanted = given.only.split(",")
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "numba", "torch"))
    print(f"Python {platform.python_version()}, {versions}; {thread_count()} threads")
    if "retail" in wanted:
        show(("model", "repeats", "validation", "test NDCG@10", "fit and rank"), retail.rows(given.models.split(",")))
    if {"ials", "ease", "oracle"} & set(wanted):
        generated(given, wanted)
    for part, module in (("sasrec", "benchmarks.sequences"), ("ranking", "benchmarks.ranking")):
        if part in wanted:
            print(f"\n{module}", flush=True)
            subprocess.run([sys.executable, "-m", module], check=True)


def generated(given: argparse.Namespace, wanted: Sequence[str]) -> None:
    """The parts that need the generated shop."""
    tastes = make_tastes(given.users, given.items)
    parts = shop_parts(tastes, given.events, given.test_users)
    train = parts.train
    print(f"\ngenerated shop: {len(train):,} train events, {train.n_users:,} users, {train.n_items:,} items")
    protocol = protocol_of(parts, parse_split(SPLIT))
    head = ("what", "wall clock", "CPU", "")
    if "ials" in wanted:
        print(f"implicit {version('implicit')}")
        show(head, speed.ials_beside_implicit(parts, protocol))
    if "ease" in wanted:
        show(head, speed.ease_beside_inverse(parts))
    if "oracle" in wanted:
        best = evaluate(Oracle(tastes, train), parts, protocol).estimates["ndcg@10"].value  # type: ignore[arg-type]
        table: list[list[object]] = [["oracle", "", f"{best:.4f}", ""]]
        for name, options in TASTEFUL:
            value = evaluate(create(name, options).fit(train), parts, protocol).estimates["ndcg@10"].value
            table.append([name, options or "", f"{value:.4f}", f"{value / best:.1%}"])
        show(("model", "options", "NDCG@10", f"of the oracle's (reach: {SHARE_OF_ORACLE:.0%})"), table)


def shop_parts(tastes: Tastes, events: int, test_users: int) -> Parts:
    """The last four weeks test, for some of the users."""
    rows = make_events(tastes, events)
    parts = apply_split(rows, parse_split(SPLIT))
    assert parts.at == (DAYS - TEST_DAYS) * DAY
    some = np.random.default_rng(0).permutation(parts.train.n_users)[:test_users]
    unknown = np.zeros_like(parts.unknown_items)
    unknown[some] = parts.unknown_items[some]
    return replace(parts, test=parts.test.select(np.isin(parts.test.user_codes, some)), unknown_items=unknown)


def show(head: Sequence[str], table: Sequence[Sequence[object]]) -> None:
    """The rows in columns as wide as they must be."""
    lines = [[str(cell) for cell in row] for row in (head, *table)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print()
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip(), flush=True)


if __name__ == "__main__":
    main()
