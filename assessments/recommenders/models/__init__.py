"""Training runs, what they leave, which is in use, and searches for good options."""

from assessments.recommenders.models.promotion import Promotion
from assessments.recommenders.models.training import MetricValue, ModelBundle, TrainingRun
from assessments.recommenders.models.tuning import TuningRun

__all__ = ["MetricValue", "ModelBundle", "Promotion", "TrainingRun", "TuningRun"]
