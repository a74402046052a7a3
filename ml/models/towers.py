"""Two towers: one turns an item into a vector, the other a user's history; their product, and a bias, is the logit.

An item's vector is told by its text, through a frozen sentence encoder, and by its id where that is known. In training
ids are left out at random (as DropoutNet does; Volkovs, Yu and Poutanen, NIPS 2017), so that the text alone learns to
stand for an item that nobody met yet.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ml.data.sequences import Longs, Sequences

START_DEVIATION = 0.1
USERS_AT_ONCE = 4096
Floats = NDArray[np.float32]


class Towers(nn.Module):
    """Vectors have length 1; logits are cosines over ``temperature``, plus the item's bias."""

    def __init__(self, text_size: int, n_groups: int, *, ids: int, width: int, length: int, temperature: float) -> None:
        """``text_size`` and ``ids`` (how many items have an id embedding) may be 0, but not both."""
        super().__init__()
        self.width, self.temperature = width, temperature
        self.text = nn.Linear(text_size, width, bias=False) if text_size else None
        self.text_more = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
        self.text_bias = nn.Linear(width, 1)
        self.ids = nn.Embedding(ids, width) if ids else None
        self.id_bias = nn.Embedding(ids, 1) if ids else None
        self.places = nn.Parameter(torch.zeros(length))  # weight of an item by its place from the history's end
        self.groups = nn.Linear(n_groups, width, bias=False) if n_groups else None
        self.user = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
        if self.ids is not None and self.id_bias is not None:
            nn.init.normal_(self.ids.weight, std=START_DEVIATION)
            nn.init.zeros_(self.id_bias.weight)

    def item_vectors(self, titles: Tensor, items: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """[n, width] of length 1 and [n] biases; the id counts where ``known`` [n] is 1. ``titles`` [n, text size]."""
        vectors = titles.new_zeros(len(titles), self.width)
        biases = titles.new_zeros(len(titles))
        if self.text is not None:
            told = self.text(titles)
            vectors = told + self.text_more(told)
            biases = self.text_bias(vectors).squeeze(1)
        if self.ids is not None and self.id_bias is not None:
            vectors = vectors + known[:, None] * self.ids(items)
            biases = biases + known * self.id_bias(items).squeeze(1)
        return functional.normalize(vectors, dim=1), biases

    def user_states(self, vectors: Tensor, histories: Tensor, groups: Tensor) -> Tensor:
        """[n, width] of length 1. ``histories`` [n, length] are rows of ``vectors``, newest first, -1 for none."""
        there = histories >= 0
        weights = torch.where(there, self.places[: histories.shape[1]].exp(), 0.0)
        weights = weights / weights.sum(1, keepdim=True).clamp(min=1e-9)
        pooled = torch.einsum("nl,nlw->nw", weights, vectors[histories.clamp(min=0)])
        states = pooled + self.user(pooled)
        if self.groups is not None:
            states = states + self.groups(groups)
        return functional.normalize(states, dim=1)

    def forward(
        self, titles: Tensor, items: Tensor, known: Tensor, histories: Tensor, groups: Tensor, candidates: Tensor
    ) -> Tensor:
        """[n, candidates] logits; ``histories`` and ``candidates`` are places among ``items``."""
        vectors, biases = self.item_vectors(titles, items, known)
        states = self.user_states(vectors, histories, groups)
        logits: Tensor = states @ vectors[candidates].T / self.temperature + biases[candidates]
        return logits


@torch.no_grad()
def item_factors(towers: Towers, titles: Tensor, *, known: bool) -> Floats:
    """[n, width + 1] the vectors and, last, the biases; ``titles`` [n, text size], of all items in the order of ids."""
    towers.eval()
    items, mask = torch.arange(len(titles), device=titles.device), titles.new_full((len(titles),), float(known))
    vectors, biases = towers.item_vectors(titles, items, mask)
    return torch.cat([vectors, biases[:, None]], dim=1).cpu().numpy()


@torch.no_grad()
def user_factors(towers: Towers, factors: Floats, sequences: Sequences, groups: Floats) -> Floats:
    """[n_users, width + 1]: states over the temperature, and 1 for the bias. ``factors`` are those of the items."""
    towers.eval()
    device = towers.places.device
    vectors = torch.from_numpy(np.ascontiguousarray(factors[:, :-1])).to(device)
    length, found = len(towers.places), np.ones((len(sequences), towers.width + 1), np.float32)
    for start in range(0, len(sequences), USERS_AT_ONCE):
        users = np.arange(start, min(start + USERS_AT_ONCE, len(sequences)))
        stops = sequences.starts[users + 1]
        histories = gathered(sequences.items, sequences.starts[users], stops, length)
        of = torch.from_numpy(groups[users]).to(device)
        states = towers.user_states(vectors, torch.from_numpy(histories).to(device), of)
        found[users, :-1] = (states / towers.temperature).cpu().numpy()
    return found


def gathered(items: Longs, starts: Longs, stops: Longs, length: int) -> Longs:
    """[n, length] the items before each stop and from each start on, newest first, -1 where there are fewer."""
    rows = stops[:, None] - 1 - np.arange(length)[None, :]
    inside = rows >= starts[:, None]
    found: Longs = np.where(inside, items[np.where(inside, rows, 0)], -1) if len(items) else np.full(rows.shape, -1)
    return found


class Reading:
    """The towers with what they read, as a judge wants them: ``factors`` of users and items."""

    def __init__(self, towers: Any, sequences: Sequences, titles: Tensor, groups: Floats) -> None:
        self.towers, self.sequences, self.titles, self.group_table = towers, sequences, titles, groups

    def eval(self) -> None:
        self.towers.eval()

    def factors(self) -> tuple[Tensor, Tensor]:
        items = item_factors(self.towers, self.titles, known=True)
        users = user_factors(self.towers, items, self.sequences, self.group_table)
        return torch.from_numpy(users), torch.from_numpy(items)
