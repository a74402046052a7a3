"""Pairs that met, each beside items that its user never met: what BPR and LightGCN learn from."""

import hashlib

import numpy as np
import torch
from scipy.sparse import csr_array
from torch import Tensor, nn
from torch.nn import functional

REDRAWS = 3


class PairSource:
    """The loss of a batch is the mean of -log σ(x_ui - x_uj) over its pairs (u, i) and drawn items j, plus a penalty.

    Rendle, Freudenthaler, Gantner and Schmidt-Thieme, "BPR", UAI 2009. Items are drawn uniformly; one that the user met
    is drawn again, a few times, so that a user who met nearly everything stops nothing. The network gives, for users
    [n], items [n] and drawn items [n, negatives], the scores of both and the squares of what the penalty weighs.
    """

    def __init__(self, met: csr_array, *, negatives: int, l2: float, device: torch.device) -> None:
        self.n_items, self.negatives, self.l2 = met.shape[1], negatives, l2
        users = np.repeat(np.arange(met.shape[0], dtype=np.int64), np.diff(met.indptr))
        self.users = torch.from_numpy(users).to(device)
        self.items = torch.from_numpy(met.indices.astype(np.int64)).to(device)
        self.keys = self.users * self.n_items + self.items  # ascending

    def __len__(self) -> int:
        return len(self.users)

    def fingerprint(self) -> str:
        return hashlib.sha256(np.ascontiguousarray(self.keys.cpu().numpy()).data).hexdigest()

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        users, items = self.users[positions], self.items[positions]
        positive, negative, squares = model(users, items, self._drawn(users))
        loss: Tensor = functional.softplus(negative - positive[:, None]).mean() + self.l2 * squares / len(users)
        return loss

    def _drawn(self, users: Tensor) -> Tensor:
        """[n, negatives] items; the CPU draws, so that each device draws the same."""
        drawn = torch.randint(self.n_items, (len(users), self.negatives)).to(users.device)
        for _ in range(REDRAWS):
            met = self._met(users[:, None] * self.n_items + drawn)
            if not bool(met.any()):
                break
            drawn = torch.where(met, torch.randint(self.n_items, drawn.shape).to(users.device), drawn)
        return drawn

    def _met(self, keys: Tensor) -> Tensor:
        places = torch.searchsorted(self.keys, keys).clamp(max=len(self.keys) - 1)
        return self.keys[places] == keys
