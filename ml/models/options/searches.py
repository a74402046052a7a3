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

SEARCHES: dict[str, dict[str, Search]] = {
    "recent_popular": {"window_days": Search(1, 365, log=True)},
    "ease": {"l2": Search(1, 10_000, log=True), "binary": YES_OR_NO},
    "perceptron": {
        "hidden": Search(16, 256, log=True),
        "learning_rate": RATE,
        "weight_decay": Search(1e-4, 0.1, log=True),
        "negatives": Search(1, 16, log=True),
        "popular_share": Search(0.0, 1.0),
        "taste_factors": Search(8, 128, log=True),
    },
}
