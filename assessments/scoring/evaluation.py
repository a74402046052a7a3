"""The point score of every node of a tree, from evidence.

A leaf is known, unknown or not applicable. What does not apply is left out as if the tree did not have it. What is
unknown is left out of the point score; the low end of the interval takes it as worst (0), the high end as best (100).
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from assessments.scoring.formulas import HIGHEST, LOWEST, Combination, Numeric, scale_apply
from assessments.scoring.tree import Model, Node
from assessments.scoring.uncertainty import measure_value

KNOWN, UNKNOWN, NOT_APPLICABLE = "known", "unknown", "not_applicable"

Leaves = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Band:
    """What a node may be: ``value`` with the unknown left out (None when all is), and with it at its worst and best.

    ``fixed`` is the value when only the weights vary. Numbers for the point score, arrays [draws] for the interval.
    """

    value: Numeric | None
    worst: Numeric
    best: Numeric
    fixed: Numeric | None = None

    @property
    def whole(self) -> bool:
        """Nothing below is unknown."""
        return self.worst is self.value and self.best is self.value


@dataclass(frozen=True)
class Point:
    """One node's point score; ``coverage`` is None for a node that does not apply."""

    node: Node
    band: Band
    raw: float | None
    coverage: float | None
    weight: float
    share: float


def points_of(model: Model, leaves: Leaves, overrides: Mapping[str, float] | None = None) -> dict[str, Point]:
    """The point score of every node by path, parents first; ``overrides`` puts other scores in place of leaves'."""
    found: dict[str, Point] = {}
    _point(model.root, leaves, overrides or {}, found, weight=1.0, share=1.0)
    return {node.path: found[node.path] for node in model.root.walk()}


def applies(node: Node, leaves: Leaves) -> bool:
    if node.leaf:
        return bool(leaves[node.path]["state"] != NOT_APPLICABLE)
    return any(applies(child, leaves) for child in node.children)


def _point(
    node: Node, leaves: Leaves, overrides: Mapping[str, float], found: dict[str, Point], *, weight: float, share: float
) -> Point:
    raw: float | None = None
    coverage: float | None
    if node.leaf:
        state = leaves[node.path]["state"]
        if state == KNOWN:
            raw = measure_value(leaves[node.path]["measure"])
        score = overrides.get(node.path, None if raw is None else scale_apply(node.scale, raw))
        band = Band(None, LOWEST, HIGHEST) if score is None else Band(score, score, score)
        coverage = None if state == NOT_APPLICABLE else float(score is not None)
    else:
        counted = [applies(child, leaves) for child in node.children]
        total = sum(child.weight for child, counts in zip(node.children, counted, strict=True) if counts)
        points, gathering = [], Gathering(node)
        for child, counts in zip(node.children, counted, strict=True):
            part = child.weight / total if counts else 0.0
            below = _point(child, leaves, overrides, found, weight=part, share=share * part)
            if counts:
                points.append(below)
                gathering.add(part, below.band)
        band = gathering.band()
        coverage = sum(point.weight * (point.coverage or 0.0) for point in points) if points else None
    found[node.path] = Point(node, band, raw, coverage, weight, share)
    return found[node.path]


class Gathering:
    """The band of a node from its children's, one after another; bounds are kept apart only once they differ."""

    def __init__(self, node: Node) -> None:
        self._value = Combination(node.method, node.floor)
        self._fixed = Combination(node.method, node.floor)
        self._bounds: tuple[Combination, Combination] | None = None

    def add(self, weight: Numeric, band: Band) -> None:
        if self._bounds is None and not band.whole:
            self._bounds = copy(self._value), copy(self._value)
        if band.value is not None:
            self._value.add(weight, band.value)
        if band.fixed is not None:
            self._fixed.add(weight, band.fixed)
        if self._bounds is not None:
            self._bounds[0].add(weight, band.worst)
            self._bounds[1].add(weight, band.best)

    def band(self) -> Band:
        value = self._value.result()
        worst, best = (value, value) if self._bounds is None else (bound.result() for bound in self._bounds)
        return Band(value, LOWEST if worst is None else worst, HIGHEST if best is None else best, self._fixed.result())
