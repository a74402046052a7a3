"""What the features of the perceptron are about, so that a reason can be told in a few words."""

from collections.abc import Mapping
from typing import Any

from ml.data.features import CONTEXT_NAMES, ITEM_NAMES, PAIR_NAMES, PRICE_NAMES
from ml.explanation.gradients import explain_by_features

# A pair's features by what they compare; the others are told apart by where they stand.
PAIR_THEMES: Mapping[str, str] = {
    "met before": "met",
    "times met": "met",
    "freshness": "met",
    "share of category": "category",
    "price gap": "price",
    "absolute price gap": "price",
    "taste": "taste",
}


def feature_themes(model: Any) -> list[str]:
    """[features] the theme of each feature in the order of ``pair_inputs``.

    One of person, popularity, price, category, title, met (how often and how lately the person met the item), taste
    (likeness to what the person met) and season.
    """
    known = len(ITEM_NAMES) + len(PRICE_NAMES)
    categories = model.history.item.shape[1] - known
    return [
        *["person"] * model.history.user.shape[1],
        *["popularity"] * len(ITEM_NAMES),
        *["price"] * len(PRICE_NAMES),
        *["category"] * categories,
        *["title"] * model.titles.shape[1],
        *(PAIR_THEMES[name] for name in PAIR_NAMES),
        *["season"] * len(CONTEXT_NAMES),
    ]


def explain_by_themes(model: Any, user: int, item: int, most: int = 3) -> dict[str, Any]:
    """The score of a pair by theme, strongest first by size.

    {"kind": "features", "score", "baseline", "because": [{"feature": theme, "contribution"}], "others": contribution};
    all contributions add up to score - baseline, in logits. Raises DataError for a model without features.
    """
    found = explain_by_features(model, user, item)
    sums: dict[str, float] = {}
    for theme, attribution in zip(feature_themes(model), found.attributions, strict=True):
        sums[theme] = sums.get(theme, 0.0) + float(attribution)
    ordered = sorted(sums.items(), key=lambda each: (-abs(each[1]), each[0]))
    return {
        "kind": "features",
        "score": found.score,
        "baseline": found.baseline,
        "because": [{"feature": theme, "contribution": value} for theme, value in ordered[:most]],
        "others": sum(value for _theme, value in ordered[most:]),
    }
