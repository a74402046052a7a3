"""The only way from this app to ``ml``: checks without torch here, training in a child process.

A child can be stopped at once, gives its memory back when it ends, and keeps torch out of the process that started it.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assessments.common import child_process
from assessments.common.child_process import OnCancel, OnEvent, Tick
from assessments.common.errors import GovernError
from assessments.recommenders.ml_words import in_words

TRAIN_MODULE, TUNE_MODULE = "ml.recipes.train", "ml.recipes.tune_run"


def check_model(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """All options of the model with their values; GovernError names what is wrong."""
    from ml.errors import DataError
    from ml.models.options import check_options

    try:
        return dict(check_options(name, options))
    except DataError as error:
        raise GovernError(in_words(error.message), where=error.where, hint=in_words(error.hint)) from error


def check_split(text: str) -> None:
    """Raise GovernError for a split that cannot be read."""
    from ml.data.splits import parse_split
    from ml.errors import DataError

    try:
        parse_split(text)
    except DataError as error:
        raise GovernError(in_words(error.message), where=error.where or "split", hint=in_words(error.hint)) from error


def model_choices() -> dict[str, list[dict[str, Any]]]:
    """Model name → its options (name, default, low, high, help), for forms."""
    from ml.models.options import MODELS

    return {name: [vars(option) for option in options] for name, options in MODELS.items()}


def compare_values(ours: Path, theirs: Path, metric: str) -> dict[str, Any]:
    """The paired difference of two files of values: value, low, high (None where there is none), users and p_value."""
    from ml.errors import DataError
    from ml.evaluation.significance import permutation_test
    from ml.evaluation.stored import compare_stored, read_values

    try:
        one, other = read_values(ours), read_values(theirs)
        found = compare_stored(one, other, metric)
    except DataError as error:
        raise GovernError(in_words(error.message), where=error.where, hint=in_words(error.hint)) from error
    numbers = {name: float(getattr(found, name)) for name in ("value", "low", "high")}
    tested = permutation_test(one.values[metric], other.values[metric])
    return {
        **{name: None if math.isnan(number) else number for name, number in numbers.items()},
        "users": found.users,
        "p_value": tested.p_value,
    }


def adjusted_p_values(p_values: list[float]) -> list[float]:
    """The p-values adjusted for being many, by Benjamini and Yekutieli: differences to one run depend on each other."""
    from ml.evaluation.significance import false_discovery_control

    return false_discovery_control(p_values, method="by")


def run_child(
    *,
    spec: dict[str, Any],
    on_event: OnEvent,
    tick: Tick,
    on_cancel: OnCancel | None = None,
    module: str = TRAIN_MODULE,
) -> dict[str, Any]:
    """Run the recipe in a child process and return its result; see ``child_process.run_child``."""
    import ml

    root = Path(str(ml.__file__)).resolve().parent.parent
    recipe = child_process.Recipe(module=module, root=root, in_words=in_words, killed=_killed)
    return child_process.run_child(recipe=recipe, spec=spec, on_event=on_event, tick=tick, on_cancel=on_cancel)


def _killed() -> GovernError:
    return GovernError(
        _("The training process was ended by the system, most likely for want of memory."),
        where="memory",
        hint=_("Train on fewer items or events, or on a machine with more memory."),
    )
