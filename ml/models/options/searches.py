"""The search space beside each model: which of its options tuning varies, and between which values.

An option without a line here stays as it is given, or at its default. Ranges are wide on purpose: they suit no one
dataset, and each holds the default, which is always tried first.
"""

from dataclasses import dataclass

from ml.models.options.option import Value


@dataclass(frozen=True)
class Search:
    """Numbers from ``low`` to ``high``, drawn evenly in their logarithm if ``log``; or one of ``choices``."""

    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Value, ...] = ()


YES_OR_NO = Search(choices=(True, False))
RATE = Search(1e-4, 1e-2, log=True)

FADING = Search(choices=(0.0, 30.0, 90.0, 365.0))

NEIGHBOURS = {
    "similarity": Search(choices=("cosine", "jaccard", "tfidf", "bm25")),
    "neighbours": Search(20, 1000, log=True),
    "shrinkage": Search(0.0, 100.0),
    "half_life_days": FADING,
}
IN_ORDER = {
    "width": Search(choices=(32, 64, 128)),
    "blocks": Search(1, 3),
    "dropout": Search(0.0, 0.6),
    "learning_rate": RATE,
    "calibration": Search(0.0, 1.0),
    "loss": Search(choices=("auto", "sampled_softmax", "gbce")),
}

PAIRS = {
    "factors": Search(16, 256, log=True),
    "l2": Search(1e-5, 0.1, log=True),
    "learning_rate": Search(1e-3, 3e-2, log=True),
    "negatives": Search(1, 16, log=True),
}

FEATURES = {
    "hidden": Search(16, 256, log=True),
    "learning_rate": RATE,
    "weight_decay": Search(1e-4, 0.1, log=True),
    "negatives": Search(1, 16, log=True),
    "popular_share": Search(0.0, 1.0),
    "taste_factors": Search(8, 128, log=True),
}

SEARCHES: dict[str, dict[str, Search]] = {
    "recent_popular": {"window_days": Search(1, 365, log=True)},
    "personal_popular": {"half_life_days": FADING},
    "item_neighbours": NEIGHBOURS,
    "user_neighbours": NEIGHBOURS,
    "ease": {"l2": Search(1, 10_000, log=True), "binary": YES_OR_NO, "half_life_days": FADING},
    "ials": {
        "factors": Search(16, 256, log=True),
        "iterations": Search(4, 32, log=True),
        "l2": Search(1e-4, 0.1, log=True),
        "unobserved_weight": Search(1e-3, 1.0, log=True),
        "frequency": Search(0.0, 1.0),
        "binary": YES_OR_NO,
    },
    "bpr": PAIRS,
    "softmax_factors": {
        "factors": Search(8, 256, log=True),
        "l2": Search(0.3, 300.0, log=True),
        "binary": YES_OR_NO,
        "learning_rate": Search(1e-3, 3e-2, log=True),
    },
    "lightgcn": {**PAIRS, "layers": Search(1, 4)},
    "two_tower": {
        "width": Search(choices=(32, 64, 128)),
        "length": Search(5, 200, log=True),
        "id_dropout": Search(0.0, 0.6),
        "temperature": Search(0.03, 0.5, log=True),
        "learning_rate": RATE,
        "weight_decay": Search(1e-4, 0.3, log=True),
    },
    "hybrid": {"half_life_days": Search(7, 365, log=True), "window_days": Search(1, 90, log=True)},
    "sasrec": IN_ORDER,
    "bert4rec": {**IN_ORDER, "mask_share": Search(0.1, 0.6)},
    "convolution": IN_ORDER,
    "perceptron": FEATURES,
    "wide_and_deep": {
        **FEATURES,
        "width": Search(4, 64, log=True),
        "last_items": Search(choices=(0, 5, 10, 20)),
        "l2": Search(1e-5, 0.1, log=True),
        "dropout": Search(0.0, 0.5),
    },
}
