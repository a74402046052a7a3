"""Writing training runs and tunings: made, executed, promoted."""

from assessments.recommenders.services.creation import training_run_assign, training_run_create
from assessments.recommenders.services.execution import training_run_execute, training_spec
from assessments.recommenders.services.promotion import run_promote
from assessments.recommenders.services.tuning import (
    training_run_from_trial,
    tuning_assign,
    tuning_create,
    tuning_execute,
)

__all__ = [
    "run_promote",
    "training_run_assign",
    "training_run_create",
    "training_run_execute",
    "training_run_from_trial",
    "training_spec",
    "tuning_assign",
    "tuning_create",
    "tuning_execute",
]
