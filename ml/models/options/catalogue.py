"""The options of all models by name, and the check of what a form, a file or a command line gives."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ml.errors import DataError
from ml.models.options.closed_form import CLOSED_FORM
from ml.models.options.gradient import GRADIENT
from ml.models.options.hybrid import HYBRID
from ml.models.options.option import Option
from ml.models.options.sequence import SEQUENCE

MODELS: dict[str, tuple[Option, ...]] = {**CLOSED_FORM, **GRADIENT, **SEQUENCE, **HYBRID}


def model_names() -> list[str]:
    return list(MODELS)


def check_options(model: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of the model: the given ones as numbers or words, the others at their defaults.

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
