"""Looking for the model and options that do best on a validation part of train. Test data are never given to it."""

from ml.training.tuning.plan import Plan, Tried, Tuned
from ml.training.tuning.search import tune

__all__ = ["Plan", "Tried", "Tuned", "tune"]
