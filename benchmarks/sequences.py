"""One epoch of SASRec, packed and with shared negatives, beside a naive padded one with negatives of each sequence.

    python -m benchmarks.sequences [--users 22000] [--items 12000] [--length 50] [--width 64] [--blocks 1]
        [--negatives 256] [--mean 9] [--share 0.1] [--threads 1]

``--mean`` is the mean length of the generated sequences (Amazon Beauty has 9); 0 makes all of them ``--length`` long.
Packed is measured over whole epochs, the naive one over ``--share`` of its batches and scaled up. CPU seconds stand
beside the wall clock, because on a machine that others use only they are comparable.
"""

import argparse
import math
import time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.data.sequences import Sequences
from ml.models.sequences.layers import Block
from ml.models.sequences.network import SequenceNetwork
from ml.models.sequences.recommender import SequenceRecommender
from ml.models.sequences.source import NextItems
from ml.training.optimisers import make_optimiser
from ml.training.options import LoopOptions


def generated(users: int, items: int, length: int, mean: float) -> Sequences:
    rng = np.random.default_rng(0)
    lengths = np.full(users, length + 1)
    if mean:
        lengths = np.minimum(4 + rng.geometric(1 / max(mean - 4, 1), users), length + 1)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    ids = rng.zipf(1.3, starts[-1]) % items
    return Sequences(ids.astype(np.int64), np.arange(starts[-1], dtype=np.int64), starts)


class Naive(nn.Module):
    """SASRec as it is often written: padded on the left to the full length, torch's own transformer layer."""

    def __init__(self, items: int, length: int, width: int, blocks: int) -> None:
        super().__init__()
        self.items, self.places = nn.Embedding(items + 1, width, padding_idx=items), nn.Embedding(length, width)
        layer = nn.TransformerEncoderLayer(width, 2, width, 0.2, batch_first=True, norm_first=True)
        self.body = nn.TransformerEncoder(layer, blocks, nn.LayerNorm(width), enable_nested_tensor=False)
        self.length = length

    def loss(self, ids: Tensor, targets: Tensor, negatives: Tensor) -> Tensor:
        """``ids``, ``targets`` [b, length], padded with the last id; ``negatives`` [b, k]."""
        later = torch.ones(self.length, self.length, dtype=torch.bool).triu(1)
        x = self.items(ids) * math.sqrt(self.items.embedding_dim) + self.places.weight
        states = self.body(functional.dropout(x, 0.2), mask=later)
        positive = (states * self.items(targets)).sum(2, keepdim=True)
        negative = states @ self.items(negatives).transpose(1, 2)
        asked = targets < self.items.padding_idx
        logits = torch.cat([positive, negative], 2)[asked]
        return functional.cross_entropy(logits, torch.zeros(len(logits), dtype=torch.int64))


def naive_batches(data: Sequences, items: int, length: int, size: int) -> tuple[Tensor, Tensor]:
    ids = np.full((len(data), length + 1), items, np.int64)
    for user, (start, stop) in enumerate(zip(data.starts[:-1], data.starts[1:], strict=True)):
        ids[user, length + 1 - (stop - start) :] = data.items[start:stop]
    return torch.from_numpy(ids[:, :-1]), torch.from_numpy(np.where(ids[:, :-1] == items, items, ids[:, 1:]))


def timed(work: list[object], step: object) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    for each in work:
        step(each)  # type: ignore[operator]
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("users", 22_000), ("items", 12_000), ("length", 50), ("width", 64), ("blocks", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--negatives", type=int, default=256)
    parser.add_argument("--mean", type=float, default=9.0)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    data = generated(given.users, given.items, given.length, given.mean)
    print(
        f"{len(data)} users, {len(data.items) - len(data)} asked tokens, {given.items} items, {given.threads} threads"
    )
    source = NextItems(data, length=given.length, n_items=given.items, negatives=given.negatives)
    body: list[nn.Module] = [Block(given.width, 2, 0.2, causal=True, hidden=given.width) for _ in range(given.blocks)]
    network = SequenceNetwork(
        given.items, width=given.width, length=given.length, body=body, dropout=0.2, loss="sampled_softmax"
    )
    optimiser = make_optimiser(network.parameters(), LoopOptions(fused=True, weight_decay=0.0))

    def step(batch: Tensor) -> None:
        optimiser.zero_grad()
        source.loss(network, batch).backward()
        optimiser.step()

    size = SequenceRecommender.batch_of(len(source))
    plans = [source.plan(size, torch.Generator().manual_seed(epoch)) for epoch in range(2)]
    timed(plans[1][:5], step)
    ours = timed(plans[0], step)
    naive, (ids, targets) = (
        Naive(given.items, given.length, given.width, given.blocks),
        naive_batches(data, given.items, given.length, size),
    )
    slow = make_optimiser(naive.parameters(), LoopOptions(weight_decay=0.0))

    def naive_step(batch: Tensor) -> None:
        slow.zero_grad()
        negatives = torch.randint(given.items, (len(batch), given.negatives))
        naive.loss(ids[batch], targets[batch], negatives).backward()
        slow.step()

    some = plans[0][: max(2, round(given.share * len(plans[0])))]
    timed(some[:1], naive_step)
    theirs = [each * len(plans[0]) / len(some) for each in timed(some, naive_step)]
    print(f"{'':<10}{'seconds an epoch':>18}{'CPU seconds':>14}{'batches of ' + str(size):>18}")
    print(f"{'packed':<10}{ours[0]:>18.1f}{ours[1]:>14.1f}{len(plans[0]):>18}")
    print(f"{'naive':<10}{theirs[0]:>18.1f}{theirs[1]:>14.1f}{len(some):>18}")
    print(f"The naive one takes {theirs[1] / ours[1]:.1f} times the processor time.")


if __name__ == "__main__":
    main()
