"""How the parts of a score are put together and where their weights come from, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.common.templatetags.govern import decimals
from assessments.scoring.models import Score
from assessments.scoring.pairwise import GREATEST_RATIO
from assessments.scoring.tree import path_below

METHODS = {
    "arithmetic": gettext_lazy("weighted mean"),
    "geometric": gettext_lazy("weighted geometric mean"),
    "minimum": gettext_lazy("the least of its parts"),
    "max_min": gettext_lazy("fuzzy evaluation, max–min: the strongest voice for and against each level"),
    "weighted_average": gettext_lazy("fuzzy evaluation, weighted average of the levels"),
}
WEIGHTINGS = {
    "equal": gettext_lazy("all parts alike"),
    "given": gettext_lazy("given in the scoring model"),
    "pairwise": gettext_lazy("compared in pairs (AHP)"),
    "entropy": gettext_lazy("by entropy: what tells the assessed units apart"),
    "combined": gettext_lazy("combined: given or compared in pairs, times entropy"),
}

Aggregation = Mapping[str, Any]


def method_words(aggregation: Aggregation | None) -> str:
    """How a node was put together; a leaf, which has no parts, was measured."""
    if aggregation is None:
        return _("measured")
    return str(METHODS[aggregation["operator"] or aggregation["method"]])


def how_of(aggregation: Aggregation | None, path: str, scores: Mapping[str, Score]) -> dict[str, Any]:
    """What the page says of a node with parts: method, where the weights come from, judgements, levels."""
    if aggregation is None:
        return {}
    return {
        "method": method_words(aggregation),
        "weights": str(WEIGHTINGS[aggregation["weighting"]]),
        "units": aggregation["units"],
        "comparison": _comparison(aggregation["comparison"], path, scores),
        "memberships": list(enumerate(aggregation["memberships"] or [], start=1)),
    }


def _comparison(found: Mapping[str, Any] | None, path: str, scores: Mapping[str, Score]) -> dict[str, Any] | None:
    if found is None:
        return None
    judges = [
        _("%(by)s: %(ratio)s") % {"by": judge["by"], "ratio": decimals(judge["consistency_ratio"], 3)}
        for judge in found["judges"]
    ]
    return {
        "ratio": found["consistency_ratio"],
        "greatest": GREATEST_RATIO,
        "contradicts": found["consistency_ratio"] > GREATEST_RATIO,
        "judges": judges,
        "furthest": _furthest(found["most_inconsistent"], path, scores),
    }


def _furthest(worst: Mapping[str, Any] | None, path: str, scores: Mapping[str, Score]) -> str:
    if worst is None:
        return ""
    return _("“%(first)s” against “%(second)s”: judged %(stated)s, the others imply %(consistent)s") % {
        "first": scores[path_below(path, worst["first"])].label,
        "second": scores[path_below(path, worst["second"])].label,
        "stated": decimals(worst["stated"], 2),
        "consistent": decimals(worst["consistent"], 2),
    }
