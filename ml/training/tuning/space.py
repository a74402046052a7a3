"""Drawing options from the search space of a model."""

from collections.abc import Mapping
from typing import Any, cast

from optuna.trial import Trial

from ml.models.options import MODELS, check_options
from ml.models.options.option import Value
from ml.models.options.searches import SEARCHES, Search


def varied(model: str, fixed: Mapping[str, Any]) -> dict[str, Search]:
    """What tuning varies: the searched options of the model that are not fixed."""
    known = {option.name for option in MODELS[model]}
    return {name: search for name, search in SEARCHES.get(model, {}).items() if name in known - fixed.keys()}


def defaults(model: str, fixed: Mapping[str, Any]) -> dict[str, Value]:
    """The varied options at their defaults: the first trial of every study."""
    values = check_options(model, fixed)
    return {name: values[name] for name in varied(model, fixed)}


def draw(trial: Trial, model: str, fixed: Mapping[str, Any]) -> dict[str, Value]:
    """All options of the model for one trial."""
    drawn = {name: _one(trial, model, name, search) for name, search in varied(model, fixed).items()}
    return check_options(model, {**fixed, **drawn})


def _one(trial: Trial, model: str, name: str, search: Search) -> Value:
    if search.choices:
        return cast(Value, trial.suggest_categorical(name, search.choices))
    default = next(option.default for option in MODELS[model] if option.name == name)
    if isinstance(default, int):
        return trial.suggest_int(name, int(search.low), int(search.high), log=search.log)
    return trial.suggest_float(name, search.low, search.high, log=search.log)
