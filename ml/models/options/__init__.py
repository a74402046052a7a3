"""Which options each model takes. Knows neither torch nor numpy, so that a web process can check a form with it."""

from ml.models.options.catalogue import MODELS, check_options, model_names
from ml.models.options.option import Option, choice

__all__ = ["MODELS", "Option", "check_options", "choice", "model_names"]
