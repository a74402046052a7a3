"""Which options each model takes. Knows neither torch nor numpy, so that a web process can check a form with it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ml.errors import DataError

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True)
class Option:
    """One option: its type is the type of its default; ``low`` and ``high`` are both allowed."""

    name: str
    default: float | int | bool
    low: float
    high: float
    help: str

    def parse(self, value: Any, *, model: str) -> float | int | bool:
        where = f"option {self.name} of {model}"
        if isinstance(self.default, bool):
            return self._flag(value, where)
        try:
            number = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not (self.low <= number <= self.high):
            raise DataError(
                f"“{str(value)[:50]}” is not a possible value of {self.name}.",
                where=where,
                hint=f"Give a number from {self.low:g} to {self.high:g}.",
            )
        if isinstance(self.default, int):
            if number != int(number):
                raise DataError(f"{self.name} must be a whole number.", where=where)
            return int(number)
        return number

    def _flag(self, value: Any, where: str) -> bool:
        text = str(value).strip().lower()
        if text not in TRUE | FALSE:
            raise DataError(f"“{str(value)[:50]}” is neither yes nor no.", where=where, hint="Give yes or no.")
        return text in TRUE


MODELS: dict[str, tuple[Option, ...]] = {
    "popular": (),
    "recent_popular": (Option("window_days", 28.0, 0.01, 36_500, "days before the end of the training part"),),
    "ease": (
        Option("l2", 200.0, 1e-6, 1e9, "strength of the ridge penalty (λ)"),
        Option("binary", True, 0, 1, "count a user and an item once; otherwise add up the weights"),
        Option("max_items", 20_000, 1, 200_000, "refuse more items: memory grows with their square"),
    ),
    "perceptron": (
        Option("hidden", 64, 1, 4096, "ReLU units of the hidden layer"),
        Option("learning_rate", 0.001, 1e-7, 1.0, "step size of Adam"),
        Option("weight_decay", 0.01, 0.0, 10.0, "decoupled weight decay of Adam"),
        Option("epochs", 20, 1, 1000, "epochs at most"),
        Option("patience", 5, 1, 1000, "epochs without a better validation AUC before it stops"),
        Option("batch_size", 2048, 1, 10_000_000, "examples of one step"),
        Option("negatives", 4, 1, 100, "sampled items for each event"),
        Option("popular_share", 0.5, 0.0, 1.0, "share of the negatives drawn by popularity; the rest uniformly"),
        Option("max_events", 250_000, 10, 100_000_000, "training events at most; more are sampled"),
        Option("step_days", 0.0, 0.0, 3650, "days between two readings of the history; 0 chooses from the time span"),
        Option("taste_factors", 32, 0, 512, "factors of the taste feature (truncated SVD); 0 leaves it out"),
        Option("titles", False, 0, 1, "use the titles of the items, through the sentence encoder"),
    ),
}


def model_names() -> list[str]:
    return list(MODELS)


def check_options(model: str, given: Mapping[str, Any]) -> dict[str, float | int | bool]:
    """All options of the model: the given ones as numbers, the others at their defaults.

    Raises DataError for an unknown model, an unknown option or a value out of its range, naming it.
    """
    if model not in MODELS:
        raise DataError(
            f"There is no model called “{str(model)[:50]}”.",
            where="model",
            hint=f"{_nearest(model, MODELS)}Choose one of: {', '.join(MODELS)}.",
        )
    known = {option.name: option for option in MODELS[model]}
    for name in given:
        if name not in known:
            names = ", ".join(known)
            raise DataError(
                f"The model {model} has no option “{str(name)[:50]}”.",
                where=f"option {str(name)[:50]}",
                hint=f"{_nearest(name, known)}Its options are: {names}." if names else "It takes no options.",
            )
    return {
        name: option.parse(given[name], model=model) if name in given else option.default
        for name, option in known.items()
    }


def _nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(str(word)[:50], list(known), n=1, cutoff=0.5)
    return f"Did you mean {near[0]}? " if near else ""
