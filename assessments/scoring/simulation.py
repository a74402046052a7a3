"""The Monte Carlo interval of every node, and what share of the total's spread each leaf brings."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from assessments.common.errors import GovernError
from assessments.scoring.evaluation import KNOWN, Band, Gathering, Leaves, Point, heaviest_of
from assessments.scoring.formulas import HIGHEST, LOWEST, Draws, Numeric, scale_apply
from assessments.scoring.tree import Model, Node
from assessments.scoring.uncertainty import measure_draws, stream
from assessments.scoring.weights import dirichlet_parts

KEPT_NUMBERS = 10_000_000  # draws of leaves kept for the drivers: 80 MB at most, whatever the tree
FEWEST_KEPT = 100
MOST_NUMBERS = 1_000_000_000  # of one run, about a minute: a document from outside must not ask for more
TABLE_NUMBERS = 20_000  # what the quantiles of one distribution cost, in random numbers


class Simulation:
    """One run over the tree, a node at a time: it holds a few arrays [draws] for each depth of the tree.

    Leaves vary by their own uncertainty, weights by a Dirichlet around the chosen ones. The leaves' draws are kept
    for the drivers, thinned to the first ``kept`` where there are many leaves.
    """

    def __init__(self, model: Model, leaves: Leaves, points: Mapping[str, Point], seed: str) -> None:
        self.model, self.leaves, self.points, self.seed = model, leaves, points, seed
        if _numbers(model, leaves) > MOST_NUMBERS:
            raise GovernError(f"The interval would need more than {MOST_NUMBERS} random numbers.", where="interval")
        known = sum(1 for leaf in model.root.leaves() if leaves[leaf.path]["state"] == KNOWN)
        self.kept = max(FEWEST_KEPT, min(model.draws, KEPT_NUMBERS // max(known, 1)))
        self.leaf_draws: dict[str, Draws] = {}
        self.intervals: dict[str, tuple[float, float]] = {}
        self.root = self._visit(model.root)

    def _visit(self, node: Node) -> Band:
        if node.leaf:
            band = self._leaf(node)
        else:
            counted = [child for child in node.children if self.points[child.path].coverage is not None]
            weights = ((self._weight(node, child, len(counted)), self._known(child)) for child in counted)
            gathering = Gathering(node, heaviest_of(node, weights))
            for child in counted:
                gathering.add(self._weight(node, child, len(counted)), self._visit(child))
            band = gathering.band()
        self.intervals[node.path] = self._interval(node, band)
        return band

    def _known(self, node: Node) -> bool:
        return self.points[node.path].band.value is not None

    def _leaf(self, node: Node) -> Band:
        point = self.points[node.path].band.value
        if point is None:
            return Band(None, LOWEST, HIGHEST)
        raw = measure_draws(self.leaves[node.path]["measure"], self.seed, f"leaf {node.path}", self.model.draws)
        score = scale_apply(node.scale, raw)
        self.leaf_draws[node.path] = score[: self.kept].copy() if self.kept < len(score) else score
        return Band(score, score, score, point)

    def _weight(self, node: Node, child: Node, siblings: int) -> Numeric:
        chosen = self.points[child.path].weight
        if siblings == 1 or node.method == "minimum":
            return chosen
        normals = stream(self.seed, f"weight {child.path}").standard_normal(self.model.draws)
        return dirichlet_parts(normals, chosen, siblings, node.concentration)

    def _interval(self, node: Node, band: Band) -> tuple[float, float]:
        """The ends of the interval, moved out to the point score (and to its worst and best) where that lies beyond."""
        point = self.points[node.path].band
        tail = (1.0 - self.model.mass) / 2
        inside = [] if point.value is None else [float(point.value)]
        low = min(quantile(band.worst, tail), float(point.worst), *inside)
        return low, max(quantile(band.best, 1.0 - tail), float(point.best), *inside)

    def drivers(self) -> dict[str, Any]:
        """What share of the variance of the total each leaf brings, and the weights; ``other`` is what is left.

        A leaf's share is its squared correlation with the total, less what chance alone would give (1/draws): its
        first-order Sobol index as far as the total is linear in it. The weights' is the variance of the total when
        only they vary, over its whole variance.
        """
        total = self.root.value
        if not isinstance(total, np.ndarray) or not total.var() > 0:
            return {"leaves": [], "weights": 0.0, "other": 0.0, "draws": self.kept}
        shares = {path: _correlation_share(draws, total[: self.kept]) for path, draws in self.leaf_draws.items()}
        fixed = self.root.fixed
        weights = min(1.0, float(np.var(fixed) / total.var())) if isinstance(fixed, np.ndarray) else 0.0
        return {
            "leaves": [{"path": path, "share": share} for path, share in shares.items()],
            "weights": weights,
            "other": max(0.0, 1.0 - weights - sum(shares.values())),
            "draws": self.kept,
        }


def _numbers(model: Model, leaves: Leaves) -> int:
    """What a run costs, in random numbers: those of every part of every leaf and of every weight, and their tables."""
    measured = (leaves[leaf.path]["measure"] for leaf in model.root.leaves() if leaves[leaf.path]["state"] == KNOWN)
    parts = sum(len(group["parts"]) for measure in measured for group in measure["groups"])
    return (model.draws + TABLE_NUMBERS) * parts + model.draws * sum(1 for _ in model.root.walk())


def quantile(draws: Numeric, share: float) -> float:
    """The value below which ``share`` of the draws lie: the draw at that place, without interpolation."""
    if not isinstance(draws, np.ndarray):
        return float(draws)
    place = min(int(share * len(draws)), len(draws) - 1)
    return float(np.partition(draws, place)[place])


def _correlation_share(draws: Draws, total: Draws) -> float:
    spread = draws.var() * total.var()
    if not spread > 0:
        return 0.0
    covariance = float(np.mean((draws - draws.mean()) * (total - total.mean())))
    return max(0.0, float(covariance**2 / spread) - 1.0 / len(total))
