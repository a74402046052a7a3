"""Wide and deep: a linear model that remembers crosses beside a network that learns from features and embeddings.

Cheng et al., "Wide & Deep Learning for Recommender Systems", DLRS 2016. Both parts give one logit and learn together,
by the perceptron's binary cross-entropy with drawn items. The paper trains the wide part by FTRL with L1 and the deep
by AdaGrad; here AdamW trains both and an L2 penalty holds the crosses of the batch down.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ml.data.features import History, pair_grid
from ml.models.base import Scores
from ml.models.crosses import Codes, Crosses, make_crosses, property_codes
from ml.models.perceptron import Perceptron, Rows
from ml.training.device import one_thread
from ml.training.examples import Examples
from ml.training.tables import ExampleSource, Tables

START_DEVIATION = 0.05


class WideAndDeepNetwork(nn.Module):
    """Called with features [n, numeric], codes [n, 3 + kinds] and crosses [n, crosses]; gives logits [n, 1]."""

    def __init__(
        self, numeric: int, sizes: list[int], *, buckets: int, width: int, hidden: int, dropout: float
    ) -> None:
        """``sizes``: how many users, items, categories and values of each property, the unknown included."""
        super().__init__()
        self.embeddings = nn.ModuleList(nn.Embedding(size, width) for size in sizes)
        self.first = nn.Linear(numeric + width * len(sizes), hidden)
        self.second = nn.Linear(hidden, max(1, hidden // 2))
        self.last = nn.Linear(max(1, hidden // 2), 1)
        self.dropout = nn.Dropout(dropout)
        self.wide = nn.Embedding(buckets, 1, padding_idx=0)
        self.user, self.item = nn.Embedding(sizes[0], 1), nn.Embedding(sizes[1], 1)
        for table in self.embeddings:
            nn.init.normal_(table.weight, std=START_DEVIATION)  # type: ignore[arg-type]
        for single in (self.wide, self.user, self.item):
            nn.init.zeros_(single.weight)

    def forward(self, features: Tensor, codes: Tensor, crosses: Tensor) -> Tensor:
        embedded = [table(codes[:, place]) for place, table in enumerate(self.embeddings)]
        deep = self.top(self.first(torch.cat([features, *embedded], dim=1)))
        logits: Tensor = deep + self.wide(crosses).sum(1) + self.user(codes[:, 0]) + self.item(codes[:, 1])
        return logits

    def top(self, first: Tensor) -> Tensor:
        """[…, 1] the deep part's logit from what its first layer gives, before its ReLU."""
        hidden = self.dropout(torch.relu(first))
        result: Tensor = self.last(self.dropout(torch.relu(self.second(hidden))))
        return result


class CrossedSource(ExampleSource):
    """The perceptron's examples with the codes and crosses of their pairs; the penalty is on crosses of the batch."""

    def __init__(
        self, examples: Examples, tables: Tables, device: torch.device, *, crosses: Crosses, l2: float
    ) -> None:
        super().__init__(examples, tables, device)
        moved = {name: getattr(crosses, name).to(device) for name in ("properties", "categories", "recent")}
        self.crosses, self.l2 = replace(crosses, **moved), l2

    def fingerprint(self) -> str:
        return super().fingerprint() + self.crosses.fingerprint()

    def logits(self, model: nn.Module, rows: Tensor) -> Tensor:
        users, items = self.users[rows], self.items[rows]
        features = self.tables.inputs(users, items, self.pairs[rows], self.context[rows])
        logits: Tensor = model(features, self.crosses.codes(users, items), self.crosses.ids(users, items))
        return logits.squeeze(1)

    def loss(self, model: nn.Module, positions: Tensor) -> Tensor:
        network: Any = getattr(model, "module", model)
        touched = self.crosses.ids(self.users[positions], self.items[positions])
        penalty: Tensor = network.wide(touched).square().sum() / len(positions)
        return super().loss(model, positions) + self.l2 * penalty


class WideAndDeep(Perceptron):
    """Reads besides the perceptron's features the ids, categories and properties, embedded and crossed."""

    name = "wide_and_deep"
    properties: Codes  # [n_users, kinds]
    sizes: list[int]  # of the embeddings: users, items, categories, each kind of property

    def _read_inputs(self) -> None:
        self.properties = property_codes(self.facts)
        kinds = (int(size) + 1 for size in self.properties.max(axis=0, initial=0))
        self.sizes = [len(self.users), len(self.items), len(self.facts.category_names) + 1, *kinds]

    def _kept_inputs(self) -> dict[str, Any]:
        return {"properties": self.properties}

    def _restore_inputs(self, arrays: Mapping[str, Any]) -> None:
        self.properties = arrays["properties"]
        places = range(3 + self.properties.shape[1])
        self.sizes = [len(arrays[f"network.embeddings.{place}.weight"]) for place in places]
        if len(self.properties) != len(self.users) or self.properties.min(initial=0) < 0:
            raise ValueError("The properties do not belong to these users.")

    def _make_network(self, width: int) -> nn.Module:
        given = self.options
        sizes = {name: int(given[name]) for name in ("buckets", "width", "hidden")}
        return WideAndDeepNetwork(width, self.sizes, dropout=float(given["dropout"]), **sizes)

    def _make_source(
        self, scaled: Examples, tables: Tables, histories: list[History], device: torch.device
    ) -> ExampleSource:
        return CrossedSource(scaled, tables, device, crosses=self._crosses(histories), l2=float(self.options["l2"]))

    def _crosses(self, histories: list[History]) -> Crosses:
        last, buckets = int(self.options["last_items"]), int(self.options["buckets"])
        return make_crosses(self.properties, histories[0].categories, histories, last=last, buckets=buckets)

    @torch.no_grad()
    def _fold_tables(self) -> None:
        """The parts of user, item and context in the first layer, each computed once."""
        network: Any = self.network
        scale, history = self.scalers, self.history
        self._now = self._crosses([history])
        numeric = network.first.in_features - network.embeddings[0].embedding_dim * len(self.sizes)
        weight = network.first.weight.T
        user, item = (torch.from_numpy(scale[kind].apply(getattr(history, kind))) for kind in ("user", "item"))
        titles = torch.from_numpy(np.ascontiguousarray(self.titles))
        context = torch.from_numpy(scale["context"].apply(self._moment()))
        cuts = [user.shape[1], item.shape[1], titles.shape[1], len(scale["pair"].mean), context.shape[1]]
        of_user, of_item, of_title, of_pair, of_context = torch.split(weight[:numeric], cuts)
        of_codes = torch.split(weight[numeric:], network.embeddings[0].embedding_dim)
        embedded = [table.weight @ part for table, part in zip(network.embeddings, of_codes, strict=True)]
        self._user_part = user @ of_user + embedded[0] + network.first.bias + context @ of_context
        for kind in range(self._now.properties.shape[1]):
            self._user_part += embedded[3 + kind][self._now.properties[:, kind]]
        self._item_part = item @ of_item + titles @ of_title + embedded[1] + embedded[2][self._now.categories]
        self._of_pairs = of_pair

    @torch.no_grad()
    def _score_block(self, users: Rows) -> Scores:
        network: Any = self.network
        rows = torch.from_numpy(users)
        with one_thread():
            pairs = torch.from_numpy(self.scalers["pair"].apply(pair_grid(self.history, users)))
            first = pairs @ self._of_pairs + self._user_part[rows][:, None] + self._item_part[None]
            logits = network.top(first).squeeze(2)
            ids = self._now.ids(rows[:, None], torch.arange(len(self.items))[None])
            logits += network.wide.weight[:, 0][ids].sum(2)
            logits += network.user.weight[rows] + network.item.weight[:, 0]
            scores: Scores = logits.numpy()
        return scores

    @torch.no_grad()
    def score_pairs(self, users: Rows, items: Rows) -> Scores:
        rows, columns = torch.from_numpy(users), torch.from_numpy(items)
        features = torch.from_numpy(self.pair_inputs(users, items))
        logits: Tensor = self.network(features, self._now.codes(rows, columns), self._now.ids(rows, columns))
        result: Scores = logits.squeeze(1).numpy()
        return result
