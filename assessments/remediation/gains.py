"""How many points of the total a change of a leaf is worth, by the same formulas that scored it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from assessments.scoring.evaluation import KNOWN, Point, points_of
from assessments.scoring.formulas import HIGHEST, next_cut, scale_apply
from assessments.scoring.tree import Model, model_of, scores_of_units
from assessments.scoring.uncertainty import measure_value


class Gains:
    """The point scores of an assessment's document, and what they would be if something were better."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.evidence: Mapping[str, Any] = document["evidence"]
        self.model: Model = model_of(document["model"], scores_of_units(self.evidence))
        self.leaves: Mapping[str, Any] = self.evidence["leaves"]
        self.points: dict[str, Point] = points_of(self.model, self.leaves)

    @property
    def total(self) -> float | None:
        value = self.points[""].band.value
        return None if value is None else float(value)

    def known(self) -> dict[str, float]:
        """The score of each known leaf by path."""
        return {
            leaf.path: float(value)
            for leaf in self.model.root.leaves()
            if self.leaves[leaf.path]["state"] == KNOWN and (value := self.points[leaf.path].band.value) is not None
        }

    def at_next_level(self, path: str, score: float) -> tuple[float, float]:
        """The score at which the leaf's next level begins, and the points that reaching it adds to the total."""
        target = next_cut(score, self.model.cuts) if score < HIGHEST else HIGHEST
        return target, self._gain({path: target})

    def repaired(self, source: int) -> tuple[float, tuple[str, ...]]:
        """The points that the total gains when every row passes the rule with this result; and the leaves it is in."""
        better: dict[str, float] = {}
        for leaf in self.model.root.leaves():
            found = self.leaves[leaf.path]
            if found["state"] != KNOWN or found["measure"]["kind"] != "rates":
                continue
            measure = deepcopy(found["measure"])
            hit = [part for group in measure["groups"] for part in group["parts"] if part.get("source") == source]
            for part in hit:
                part["passing"] = part["checked"]
            if hit:
                better[leaf.path] = scale_apply(leaf.scale, measure_value(measure))
        return self._gain(better) if better else 0.0, tuple(better)

    def source(self, path: str, result: int) -> Mapping[str, Any] | None:
        """The piece of a leaf's evidence that is this rule result."""
        sources: list[Mapping[str, Any]] = self.leaves[path]["sources"]
        return next((one for one in sources if one["type"] == "rule_result" and one["id"] == result), None)

    def _gain(self, overrides: Mapping[str, float]) -> float:
        value = points_of(self.model, self.leaves, overrides)[""].band.value
        return 0.0 if value is None or self.total is None else float(value) - self.total
