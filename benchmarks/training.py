"""The perceptron on the CPU and, where there is one, on CUDA, side by side: examples per second and the same AUC.

    python -m benchmarks.training [--events 2000000] [--users 20000] [--items 5000] [--epochs 3] [--batch-size 65536]

With GOVERN_DATA_DIR naming the reference data, ``--online-retail`` trains on UCI Online Retail instead of generated
events. Both devices get the same examples in the same order.
"""

import argparse
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml.data.interactions import DAY, Interactions
from ml.data.preparation import load_interactions
from ml.data.splits import apply_split, parse_split
from ml.models.inputs import Inputs
from ml.models.perceptron import Perceptron

ROLES = {"user": "CustomerID", "item": "StockCode", "time": "InvoiceDate", "quantity": "Quantity", "order": "InvoiceNo"}


def generated(events: int, users: int, items: int) -> Interactions:
    """A year of events by popularity (Zipf) and by a taste for one of ten kinds of items."""
    rng = np.random.default_rng(0)
    user = rng.integers(0, users, events)
    popular = np.minimum(rng.zipf(1.3, events) - 1, items // 10 - 1)
    kind = np.where(rng.random(events) < 0.7, user % 10, rng.integers(0, 10, events))
    return Interactions(
        user.astype(np.int32),
        (popular * 10 + kind).astype(np.int32),
        np.sort(rng.integers(0, 365 * DAY, events)),
        np.ones(events, np.float32),
        np.array([f"{n:09}" for n in range(users)], dtype=object),
        np.array([f"{n:09}" for n in range(items)], dtype=object),
        365 * DAY,
    )


def online_retail() -> Interactions:
    path = Path(os.environ.get("GOVERN_DATA_DIR", "../shared/data")) / "online_retail" / "online_retail.csv.gz"
    rows = load_interactions(path, ROLES).interactions
    return apply_split(rows, parse_split("time:2011-10-10,28d")).train


def measure(train: Interactions, device: str, options: dict[str, Any]) -> dict[str, Any]:
    """One training; examples per second of the epochs after the first, which warms the device up."""
    lines: list[str] = []
    epochs: list[dict[str, Any]] = []
    model = Perceptron(options, seed=0, device=device)
    started = time.perf_counter()
    model.fit(train, features=Inputs(on_epoch=epochs.append, log=lines.append))
    whole = time.perf_counter() - started
    later = [epoch["train_seconds"] for epoch in epochs[1:]] or [epochs[0]["train_seconds"]]
    return {
        "device": model.device_used,
        "examples": model.examples,
        "seconds": whole,
        "rate": model.examples / (sum(later) / len(later)),
        "auc": max(epoch["auc_validation"] for epoch in epochs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("events", 2_000_000), ("users", 20_000), ("items", 5_000), ("epochs", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--batch-size", type=int, default=65_536)
    parser.add_argument("--max-events", type=int, default=2_000_000)
    parser.add_argument("--online-retail", action="store_true")
    given = parser.parse_args()
    train = online_retail() if given.online_retail else generated(given.events, given.users, given.items)
    options = {"epochs": given.epochs, "patience": given.epochs, "batch_size": given.batch_size}
    options |= {"max_events": given.max_events}
    print(f"{len(train)} events, {train.n_users} users, {train.n_items} items; {options}")
    print(f"{'device':<30} {'examples':>12} {'examples/s':>14} {'whole fit, s':>14} {'validation AUC':>16}")
    results = []
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        result = measure(train, device, options)
        results.append(result)
        print(
            f"{result['device']:<30} {result['examples']:>12} {result['rate']:>14.0f} "
            f"{result['seconds']:>14.1f} {result['auc']:>16.4f}"
        )
    if len(results) == 1:
        print("There is no CUDA device here, so nothing stands beside the CPU.")
    else:
        assert abs(results[0]["auc"] - results[1]["auc"]) < 0.01, "the two devices disagree"
        print(f"CUDA trains {results[1]['rate'] / results[0]['rate']:.1f} times as many examples a second.")


if __name__ == "__main__":
    main()
