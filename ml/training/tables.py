"""Examples as tensors: rows of feature tables are gathered batch by batch, never laid out in full."""

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.data.features import Floats
from ml.training.examples import Examples
from ml.training.losses import binary_cross_entropy


@dataclass(frozen=True)
class Tables:
    """Feature tables on the training device, already scaled; periods stand one below the other."""

    users: Tensor  # [periods x n_users, user features]
    items: Tensor  # [periods x n_items, item features]
    titles: Tensor  # [n_items, title dimensions], none: [n_items, 0]

    def inputs(self, users: Tensor, items: Tensor, pairs: Tensor, context: Tensor) -> Tensor:
        """[n, features]: user, item, title, pair and context features side by side."""
        return torch.cat(
            [self.users[users], self.items[items], self.titles[items % len(self.titles)], pairs, context], 1
        )


class ExampleSource:
    """Examples on their device, as the training loop wants them (``ml.training.loop.Source``)."""

    def __init__(self, examples: Examples, tables: Tables, device: torch.device) -> None:
        self.tables = tables
        self.users, self.items = (torch.from_numpy(rows).to(device) for rows in (examples.users, examples.items))
        self.pairs, self.context, self.labels, self.offsets, self.weights = (
            torch.from_numpy(column).to(device)
            for column in (examples.pairs, examples.context, examples.labels, examples.offsets, examples.weights)
        )

    def __len__(self) -> int:
        return len(self.labels)

    def fingerprint(self) -> str:
        """SHA-256 of the examples and of the feature tables that they point into."""
        tables = (self.tables.users, self.tables.items, self.tables.titles)
        columns = (self.users, self.items, self.pairs, self.context, self.labels, self.offsets, self.weights)
        digest = hashlib.sha256()
        for tensor in (*tables, *columns):
            digest.update(repr(tuple(tensor.shape)).encode())
            digest.update(np.ascontiguousarray(tensor.cpu().numpy()).data)
        return digest.hexdigest()

    def logits(self, model: nn.Module, rows: Tensor) -> Tensor:
        inputs = self.tables.inputs(self.users[rows], self.items[rows], self.pairs[rows], self.context[rows])
        result: Tensor = model(inputs).squeeze(1)
        return result

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        """Binary cross-entropy of the batch.

        A drawn item shows up as a negative in proportion to how often it is drawn; taking the log of that off the logit
        leaves the model to learn the liking itself, as noise-contrastive estimation does (Gutmann and Hyvärinen, 2010).
        """
        logits = self.logits(model, positions) - self.offsets[positions]
        return binary_cross_entropy(logits, self.labels[positions], self.weights[positions])

    @torch.no_grad()
    def all_logits(self, model: nn.Module, size: int = 65_536) -> Floats:
        """[n] the model's logits of all examples."""
        model.eval()
        rows = torch.arange(len(self), device=self.labels.device)
        parts = [self.logits(model, part).cpu().numpy() for part in torch.split(rows, size)]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)


@dataclass(frozen=True)
class Scaler:
    """Mean and standard deviation of each feature, measured on training examples alone."""

    mean: Floats
    deviation: Floats

    def apply(self, values: Floats) -> Floats:
        return ((values - self.mean) / self.deviation).astype(np.float32)


def fit_scaler(table: Floats, counts: NDArray[np.int64] | None = None) -> Scaler:
    """The scaler of a table whose rows occur ``counts`` times; a constant feature keeps its scale."""
    weights = np.ones(len(table)) if counts is None else counts.astype(np.float64)
    total = max(float(weights.sum()), 1.0)
    mean = weights @ table / total
    variance = np.maximum(weights @ np.square(table, dtype=np.float64) / total - mean**2, 0.0)
    deviation = np.sqrt(variance)
    return Scaler(mean.astype(np.float32), np.where(deviation > 1e-6, deviation, 1.0).astype(np.float32))
