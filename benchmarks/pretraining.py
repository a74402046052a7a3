"""What pre-training is worth when few users are labelled: NDCG@10 of SASRec on the generated shop, with and without.

    python -m benchmarks.pretraining [--users 2000] [--items 600] [--days 365] [--seeds 1] [--epochs 30]

Pre-training reads the sequences of all users; what comes next is learned from the labelled share of them alone. All
are tested on what they met in the last tenth of the time, every item ranked, repeats allowed. The interval of a
difference is that of the paired bootstrap over users, each user's mean over the seeds taken first.
"""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from ml.data.marketplace import Size, generate_shop
from ml.data.preparation import load_interactions
from ml.data.splits import Parts, apply_split, parse_split
from ml.evaluation.harness import evaluate, protocol_of
from ml.evaluation.uncertainty import paired_difference
from ml.models.sasrec import SasRec

SHARES = (0.05, 0.10, 0.25, 0.50, 1.00)
KINDS = ("none", "masked", "contrastive")
SPLIT = "time:0.9"


def generated(size: Size) -> Parts:
    """The shop's events, split in time."""
    shop = generate_shop(seed=0, end=datetime(2026, 1, 1, tzinfo=UTC), size=size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        pq.write_table(shop.tables["events"], path)
        rows = load_interactions(path, {"user": "user_id", "item": "item_id", "time": "time"}).interactions
    return apply_split(rows, parse_split(SPLIT))


def per_user(parts: Parts, kind: str, share: float, seed: int, options: dict[str, Any]) -> np.ndarray:
    """[test users] NDCG@10 of one training; the same seed labels the same users whatever the kind is."""
    model = SasRec({**options, "pretraining": kind}, seed=seed, device="cpu")
    drawn = np.random.default_rng(seed).permutation(parts.train.n_users)
    model.labelled = drawn < share * parts.train.n_users
    model.fit(parts.train)
    return evaluate(model, parts, protocol_of(parts, parse_split(SPLIT))).values["ndcg@10"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("users", 2000), ("items", 600), ("days", 365), ("seeds", 1), ("epochs", 30)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    parts = generated(Size(users=given.users, items=given.items, days=given.days))
    options = {"epochs": given.epochs, "length": 50, "pretraining_epochs": 10}
    print(f"{len(parts.train)} events of {parts.train.n_users} users and {parts.train.n_items} items; {options}")
    print(f"{'labelled':>9}{'without':>10}" + "".join(f"{kind:>14}{'difference':>26}" for kind in KINDS[1:]))
    for share in SHARES:
        found = {
            kind: np.mean([per_user(parts, kind, share, seed, options) for seed in range(given.seeds)], axis=0)
            for kind in KINDS
        }
        line = f"{share:>9.0%}{found['none'].mean():>10.4f}"
        for kind in KINDS[1:]:
            gain = paired_difference(found[kind], found["none"])
            line += f"{found[kind].mean():>14.4f}{f'{gain.value:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}]':>26}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
