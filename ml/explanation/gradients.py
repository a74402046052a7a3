"""Which features made a score: integrated gradients along the straight way from a baseline to the example.

Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML 2017. The attributions add up to the
difference between the score and the baseline's score (completeness).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.errors import DataError

Values = NDArray[np.float64]


@dataclass(frozen=True)
class FeatureExplanation:
    """``attributions`` [features] add up to ``score`` - ``baseline``; ``values`` are the features as the model sees
    them, in standard deviations from their mean."""

    names: list[str]
    attributions: Values
    values: Values
    score: float
    baseline: float

    def document(self, most: int = 8) -> dict[str, Any]:
        """{"kind": "features", "score", "baseline", "because": [{"feature", "contribution", "value"}], "others"}."""
        order = np.argsort(-np.abs(self.attributions), kind="stable")
        because = [
            {
                "feature": self.names[place],
                "contribution": float(self.attributions[place]),
                "value": float(self.values[place]),
            }
            for place in order[:most]
        ]
        others = float(self.attributions[order[most:]].sum())
        return {
            "kind": "features",
            "score": self.score,
            "baseline": self.baseline,
            "because": because,
            "others": others,
        }


def hidden_layer_attributions(inputs: Values, baseline: Values, first: Values, bias: Values, last: Values) -> Values:
    """[rows, features] the integrated gradients of last . relu(first x + bias), exactly.

    ``inputs`` [rows, features], ``baseline`` [features], ``first`` [hidden, features], ``bias`` and ``last`` [hidden].
    On a straight way a unit's input moves evenly from one end to the other, so a unit of ReLU is on for a share of the
    way that is known in closed form, and no steps are needed.
    """
    start, end = first @ baseline + bias, inputs @ first.T + bias  # [hidden], [rows, hidden]
    on_start, on_end = np.maximum(start, 0.0), np.maximum(end, 0.0)
    moved = end - start
    still = np.abs(moved) < 1e-12
    share = np.where(still, (end > 0).astype(np.float64), (on_end - on_start) / np.where(still, 1.0, moved))
    return ((share * last) @ first) * (inputs - baseline)


def explain_by_features(model: Any, user: int, item: int, names: Sequence[str] | None = None) -> FeatureExplanation:
    """The logit of one pair by a model with ``pair_inputs`` and one hidden layer, from the mean of all features.

    ``names`` [features] are those of ``feature_names``, or None to number them. Raises DataError for another model.
    """
    if not hasattr(model, "pair_inputs"):
        raise DataError(f"The model {model.name} does not learn from features.", where=f"model {model.name}")
    if not hasattr(model.network, "__getitem__"):
        raise DataError(f"The model {model.name} has more than one hidden layer.", where=f"model {model.name}")
    inputs = np.asarray(model.pair_inputs(np.array([user]), np.array([item])), np.float64)
    first, last = model.network[0], model.network[2]
    weight, bias, top = (
        each.detach().cpu().numpy().astype(np.float64) for each in (first.weight, first.bias, last.weight[0])
    )
    baseline = np.zeros(inputs.shape[1])  # features are standardised, so that 0 is the mean of each
    names = list(names) if names is not None else [f"feature {place}" for place in range(inputs.shape[1])]
    if len(names) != inputs.shape[1]:
        raise DataError(f"There are {len(names)} names for {inputs.shape[1]} features.", where="names")
    added = float(last.bias.detach().cpu().numpy()[0])
    return FeatureExplanation(
        names=names,
        attributions=hidden_layer_attributions(inputs, baseline, weight, bias, top)[0],
        values=inputs[0],
        score=float(np.maximum(inputs[0] @ weight.T + bias, 0.0) @ top) + added,
        baseline=float(np.maximum(bias, 0.0) @ top) + added,
    )
