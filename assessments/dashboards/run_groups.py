"""What is stored of a run besides its metrics: by group, and lists with their reasons."""

from typing import Any

from assessments.recommenders.models import TrainingRun


def evaluation_of(run: TrainingRun) -> dict[str, Any]:
    return {}


def examples_of(run: TrainingRun) -> list[Any]:
    return []
