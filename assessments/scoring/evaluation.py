"""The point score of every node of a tree, from evidence.

A leaf is known, unknown or not applicable. What does not apply is left out as if the tree did not have it. What is
unknown is left out of the point score; the low end of the interval takes it as worst (0), the high end as best (100).
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from assessments.scoring.formulas import HIGHEST, LOWEST, Combination, Numeric, scale_apply
from assessments.scoring.fuzzy import FuzzyCombination, compose, memberships
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
    """One node's point score; ``coverage`` is None for a node that does not apply.

    ``levels`` is, for a node of the method fuzzy, how far its known children together belong to each level, 0 to 1.
    """

    node: Node
    band: Band
    raw: float | None
    coverage: float | None
    weight: float
    share: float
    levels: tuple[float, ...] | None = None


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
    levels: tuple[float, ...] | None = None
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
        points = []
        for child, counts in zip(node.children, counted, strict=True):
            part = child.weight / total if counts else 0.0
            below = _point(child, leaves, overrides, found, weight=part, share=share * part)
            if counts:
                points.append(below)
        gathering = Gathering(node, heaviest_of(node, ((each.weight, each.band.value is not None) for each in points)))
        for point in points:
            gathering.add(point.weight, point.band)
        band = gathering.band()
        levels = _levels(node, points)
        coverage = sum(point.weight * (point.coverage or 0.0) for point in points) if points else None
    found[node.path] = Point(node, band, raw, coverage, weight, share, levels)
    return found[node.path]


def _levels(node: Node, points: list[Point]) -> tuple[float, ...] | None:
    """The composed level vector of the known children, whose weights are taken as the whole."""
    known = [(point.weight, float(point.band.value)) for point in points if point.band.value is not None]
    if node.operator is None or not known:
        return None
    total = sum(weight for weight, _ in known)
    weights = [weight / total for weight, _ in known]
    return tuple(compose(node.operator, weights, [memberships(value, node.centres) for _, value in known]))


@dataclass(frozen=True)
class Heaviest:
    """The greatest weight of a child, draw by draw: of those that are known, and of all, where they differ."""

    known: Numeric = 1.0
    every: Numeric | None = None


def heaviest_of(node: Node, children: Iterable[tuple[Numeric, bool]]) -> Heaviest:
    """What a node needs to know of its children, each (weight, whether it is known), before they are gathered."""
    if node.operator != "max_min":
        return Heaviest()
    known: Numeric = 0.0
    unknown: Numeric = 0.0
    for weight, is_known in children:
        if is_known:
            known = np.maximum(known, weight)
        else:
            unknown = np.maximum(unknown, weight)
    return Heaviest(known, np.maximum(known, unknown) if np.any(unknown) else None)


AnyCombination = Combination | FuzzyCombination


def _combination(node: Node, heaviest: Numeric) -> AnyCombination:
    if node.operator is None:
        return Combination(node.method, node.floor)
    return FuzzyCombination(node.operator, node.centres, heaviest)


class Gathering:
    """The band of a node from its children's, one after another; bounds are kept apart only once they differ.

    Where weights count against the greatest, an unknown child counts for the bounds and not for the value, so that
    the bounds go their own way from the first child on.
    """

    def __init__(self, node: Node, heaviest: Heaviest) -> None:
        self._value, self._fixed = (_combination(node, heaviest.known) for _ in range(2))
        self._bounds: tuple[AnyCombination, AnyCombination] | None = None
        if heaviest.every is not None:
            self._bounds = _combination(node, heaviest.every), _combination(node, heaviest.every)

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
