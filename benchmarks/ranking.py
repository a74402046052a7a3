"""How long full ranking takes beside the matrix product that makes the scores, in one run.

python benchmarks/ranking.py [--users 50000] [--items 20000] [--width 64] [--k 100] [--rounds 3]
Product and evaluation alternate, so that what else the machine does falls on both. The first round, in which loops may
be compiled, is shown and not counted. Processor seconds stand beside the wall clock, because on a machine that others
use only they are comparable.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.recommender_parts.speed import timed
from ml.data.interactions import Interactions
from ml.data.splits import Parts
from ml.evaluation.harness import evaluate
from ml.evaluation.protocol import Protocol
from ml.evaluation.rankings import rank
from ml.models.base import BLOCK_CELLS, blocks

TEST_ITEMS, TRAIN_ITEMS = 10, 90  # of each user


class Factors:
    """A model whose scores are one matrix product."""

    name = "factors"

    def __init__(self, users: int, items: int, width: int) -> None:
        rng = np.random.default_rng(0)
        self.of_users = rng.normal(size=(users, width)).astype(np.float32)
        self.of_items = rng.normal(size=(items, width)).astype(np.float32)

    def score(self, users: np.ndarray) -> np.ndarray:
        return self.of_users[users] @ self.of_items.T


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("users", 50_000), ("items", 20_000), ("width", 64), ("k", 100), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    model = Factors(given.users, given.items, given.width)
    parts = random_parts(given.users, given.items)
    everyone = blocks(np.arange(given.users, dtype=np.int32), given.items, BLOCK_CELLS // 4)
    steps: dict[str, Callable[[], object]] = {"product": lambda: product_alone(model, everyone)}
    for repeats in ("allowed", "masked"):
        protocol = Protocol(split="", train_until="", test_until="", repeats=repeats, cutoffs=(given.k,))
        steps[f"lists, repeats {repeats}"] = lambda p=protocol: rank(model, parts, p, auc=False)
        steps[f"evaluation, repeats {repeats}"] = lambda p=protocol: evaluate(model, parts, p, auc=False)
    allowed = replace(protocol, repeats="allowed")
    steps["evaluation with AUC"] = lambda: evaluate(model, parts, allowed, auc=True)
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
    for _ in range(given.rounds + 1):
        for name, step in steps.items():
            seconds[name].append(timed(step))
    print(f"{given.users:,} users x {given.items:,} items, width {given.width}, k = {given.k}: least of {given.rounds}")
    print(f"{'':30s} {'wall clock':>20s} {'processor':>20s}")
    products = least(seconds["product"])
    for name, each in seconds.items():
        cells = [f"{own:8.2f} s {own / product:5.2f} times" for own, product in zip(least(each), products, strict=True)]
        print(f"{name:30s} {'  '.join(cells)}  first round {each[0][0]:.2f} s")


def least(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    """The least wall clock and the least processor time, the first round left out."""
    return min(each[0] for each in rounds[1:]), min(each[1] for each in rounds[1:])


def product_alone(model: Factors, everyone: list[np.ndarray]) -> None:
    for block in everyone:
        model.score(block)  # let go at once: the scores of all users would not fit


def random_parts(users: int, items: int) -> Parts:
    names = [np.array([f"{code:07d}" for code in range(count)], object) for count in (users, items)]

    def rows(each: int, seed: int) -> Interactions:
        count = users * each
        item = np.random.default_rng(seed).integers(0, items, count).astype(np.int32)
        user = np.repeat(np.arange(users, dtype=np.int32), each)
        return Interactions(user, item, np.arange(count), np.ones(count, np.float32), *names)

    return Parts(rows(TRAIN_ITEMS, 1), rows(TEST_ITEMS, 2), np.zeros(users, np.int64), None, None, {})


if __name__ == "__main__":
    main()
