"""How the parts of a score are put together and where their weights come from, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.checklists.models import localised
from assessments.common.templatetags.govern import decimals
from assessments.scoring.models import Assessment
from assessments.scoring.pairwise import GREATEST_RATIO
from assessments.scoring.tree import path_below, raw_node

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


def method_words(row: Mapping[str, Any]) -> str:
    """How a node's row of the result was put together; empty for a leaf, which is measured."""
    words = METHODS.get(row.get("operator") or row["method"])
    return "" if words is None else str(words)


def rows_of(assessment: Assessment) -> dict[str, Mapping[str, Any]]:
    """The rows of the result by path."""
    return {row["path"]: row for row in assessment.document.get("result", {}).get("nodes", [])}


def how_of(assessment: Assessment, path: str) -> dict[str, Any]:
    """What the page says of a node with parts: method, source of the weights, judgements, levels."""
    rows = rows_of(assessment)
    row, content = rows.get(path), raw_node(assessment.document.get("model", {}), path)
    if row is None or "children" not in content:
        return {}
    return {
        "method": method_words(row),
        "weights": str(WEIGHTINGS[content.get("weighting", "equal")]),
        "units": row.get("units", 0),
        "comparison": _comparison(rows, path, row.get("comparison")),
        "memberships": list(enumerate(row.get("memberships") or [], start=1)),
    }


def _comparison(
    rows: Mapping[str, Mapping[str, Any]], path: str, found: Mapping[str, Any] | None
) -> dict[str, Any] | None:
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
        "furthest": _furthest(rows, path, found["most_inconsistent"]),
    }


def _furthest(rows: Mapping[str, Mapping[str, Any]], path: str, worst: Mapping[str, Any] | None) -> str:
    if worst is None:
        return ""
    first, second = (localised(rows[path_below(path, worst[end])]["name"]) for end in ("first", "second"))
    return _("“%(first)s” against “%(second)s”: judged %(stated)s, the others imply %(consistent)s") % {
        "first": first,
        "second": second,
        "stated": decimals(worst["stated"], 2),
        "consistent": decimals(worst["consistent"], 2),
    }
