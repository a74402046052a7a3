"""What a sequence network makes of histories: the state of each user, and how well it tells what came next."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array
from torch import Tensor

from ml.data.interactions import Codes
from ml.data.sequences import Longs, Sequences
from ml.evaluation.ranking import hits_of, ranking_metrics, top_k
from ml.models.sequences.network import SequenceNetwork
from ml.models.sequences.packing import pack

USERS_AT_ONCE = 256
JUDGED_USERS = 10_000  # whose rankings decide which epoch is best, at most


@torch.no_grad()
def user_states(network: SequenceNetwork, histories: Sequences, users: Longs, *, asks: bool) -> Tensor:
    """[users, width] the states from which the next item is told, on the network's device.

    ``asks``: a token that stands for the unknown item follows each history, and its state answers. Without it a user of
    no history gets zeros.
    """
    network.eval()
    device = network.items.weight.device
    states = torch.zeros(len(users), network.items.embedding_dim, device=device)
    for start in range(0, len(users), USERS_AT_ONCE):
        some = users[start : start + USERS_AT_ONCE]
        items, starts, lengths = _asked(network, histories, some) if asks else _plain(histories, some)
        known = np.flatnonzero(lengths)
        if len(known):
            packed = pack(starts[known], lengths[known])
            ids = torch.from_numpy(items)[packed.rows].to(device)
            states[torch.from_numpy(start + known).to(device)] = network.last_states(ids, packed.to(device)).float()
    return states


def _plain(histories: Sequences, users: Longs) -> tuple[Longs, Longs, Longs]:
    return histories.items, histories.starts[users], histories.lengths[users]


def _asked(network: SequenceNetwork, histories: Sequences, users: Longs) -> tuple[Longs, Longs, Longs]:
    """(items, starts, lengths) of the histories with the unknown item behind each; the oldest item makes room."""
    room = network.length - 1
    kept = np.minimum(histories.lengths[users], room)
    lengths = kept + 1
    starts = np.cumsum(lengths) - lengths
    items = np.full(int(lengths.sum()), network.n_items, np.int64)
    inside = np.arange(int(kept.sum())) - np.repeat(np.cumsum(kept) - kept, kept)
    items[np.repeat(starts, kept) + inside] = histories.items[
        np.repeat(histories.starts[users + 1] - kept, kept) + inside
    ]
    return items, starts, lengths


class Validation:
    """NDCG@10 of what ``held`` marks of each user's sequence, told from what came before it."""

    def __init__(
        self,
        sequences: Sequences,
        held: NDArray[np.bool_],
        *,
        length: int,
        n_items: int,
        only_new: bool,
        asks: bool,
        seed: int,
    ) -> None:
        self.asks, self.n_items = asks, n_items
        owners = np.repeat(np.arange(len(sequences)), sequences.lengths)
        before = sequences.keep(~held)
        self.histories = before.last(length)
        truth = _matrix(owners[held], sequences.items[held], len(sequences), n_items)
        seen = _matrix(owners[~held], before.items, len(sequences), n_items)
        if only_new:
            truth = csr_array(truth - truth.multiply(seen))
            truth.eliminate_zeros()
        sizes = np.diff(truth.indptr)
        users = np.flatnonzero(sizes > 0)
        if len(users) > JUDGED_USERS:
            users = np.sort(np.random.default_rng(seed).choice(users, JUDGED_USERS, replace=False))
        self.users = users.astype(np.int64)
        self.truth, self.sizes = truth[self.users], sizes[self.users]
        self.seen = seen[self.users] if only_new else None

    def __call__(self, network: Any) -> dict[str, float]:
        states = user_states(network, self.histories, self.users, asks=self.asks)
        lists: list[Codes] = []
        for start in range(0, len(self.users), USERS_AT_ONCE):
            rows = slice(start, start + USERS_AT_ONCE)
            scores = item_scores(network, states[rows])
            lists.append(top_k(scores, min(10, self.n_items), self.seen[rows] if self.seen is not None else None))
        hits = hits_of(np.concatenate(lists), self.truth)
        values = ranking_metrics(hits, self.sizes, 10)
        return {"ndcg@10_validation": float(values["ndcg@10"].mean())}


@torch.no_grad()
def item_scores(network: SequenceNetwork, states: Tensor) -> NDArray[np.float32]:
    """[states, n_items] the logits."""
    scores: NDArray[np.float32] = network.logits(states).float().cpu().numpy()
    return scores


def _matrix(users: Longs, items: Longs, n_users: int, n_items: int) -> csr_array:
    matrix = csr_array((np.ones(len(users), np.float32), (users, items)), shape=(n_users, n_items))
    matrix.sum_duplicates()
    matrix.sort_indices()
    matrix.data[:] = 1.0
    return matrix
