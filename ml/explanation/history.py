"""Why an item was recommended: which of the things that the user met speak for it, and how much each says.

For models whose score is a sum over the user's history, the parts add up to the score: nothing is estimated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.errors import DataError
from ml.models.base import Recommender

Values = NDArray[np.float64]


@dataclass(frozen=True)
class HistoryExplanation:
    """``items`` are ids of what the user met, strongest first by size; ``contributions`` add up to ``score``."""

    user: str
    item: str
    score: float
    items: list[str]
    contributions: list[float]

    def document(self, most: int = 5) -> dict[str, Any]:
        """{"kind": "history", "item", "score", "because": [{"item", "contribution", "share"}], "others": contribution}.

        ``share`` is of the sum of all contributions' sizes, None where all are 0. Names no other user.
        """
        total = sum(abs(each) for each in self.contributions)
        pairs = list(zip(self.items, self.contributions, strict=True))
        because = [
            {"item": item, "contribution": each, "share": abs(each) / total if total else None}
            for item, each in pairs[:most]
        ]
        others = float(sum(each for _, each in pairs[most:]))
        return {"kind": "history", "item": self.item, "score": self.score, "because": because, "others": others}


def explain_by_history(model: Recommender, user: int, item: int) -> HistoryExplanation:
    """The score of this item code for this user code, taken apart by what the user met.

    Raises DataError for a model whose score is no sum over the history, and for a code that the model does not know.
    """
    if model.name not in PARTS:
        raise DataError(
            f"The model {model.name} cannot say which earlier items led to a recommendation.",
            where=f"model {model.name}",
            hint=f"Models that can: {', '.join(PARTS)}.",
        )
    if not (0 <= user < len(model.users) and 0 <= item < len(model.items)):
        raise DataError("The model does not know this user or this item.", where=f"user {user}, item {item}")
    met, contributions = PARTS[model.name](model, user, item)
    order = np.lexsort((met, -np.abs(contributions)))
    score = float(model.score(np.array([user], np.int32))[0, item])
    return HistoryExplanation(
        user=str(model.users[user]),
        item=str(model.items[item]),
        score=score,
        items=[str(each) for each in model.items[met[order]]],
        contributions=[float(each) for each in contributions[order]],
    )


def _of_ease(model: Any, user: int, item: int) -> tuple[NDArray[np.int32], Values]:
    row = model.history[[user]]
    return row.indices, row.data.astype(np.float64) * model.weights[row.indices, item]


def _of_item_neighbours(model: Any, user: int, item: int) -> tuple[NDArray[np.int32], Values]:
    row = model.history[[user]]
    likeness = model.likeness[row.indices][:, [item]].toarray()[:, 0]
    return row.indices, row.data.astype(np.float64) * likeness


def _of_user_neighbours(model: Any, user: int, item: int) -> tuple[NDArray[np.int32], Values]:
    """Each neighbour's part is shared among the items that make it a neighbour, by their part in the likeness.

    Every likeness is a function of a sum over shared items of the product of both values, whose terms are the shares.
    """
    if model.nearest.shape[0] != model.history.shape[0]:
        raise DataError("Of users who were folded in, it is not kept what was compared.", where=f"model {model.name}")
    own, neighbours = model.history[[user]], model.nearest[[user]]
    likes = neighbours.data.astype(np.float64) * model.met[neighbours.indices][:, [item]].toarray()[:, 0]
    shared = model.history[neighbours.indices][:, own.indices].toarray() * own.data.astype(np.float64)
    shares = shared / np.maximum(shared.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return own.indices, likes @ shares


PARTS: dict[str, Callable[[Any, int, int], tuple[NDArray[np.int32], Values]]] = {
    "ease": _of_ease,
    "item_neighbours": _of_item_neighbours,
    "user_neighbours": _of_user_neighbours,
}
