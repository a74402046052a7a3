"""Which model is tried next: the wall time is shared evenly, and what cannot win or end in time is left alone."""

import time
from dataclasses import dataclass, field

import numpy as np

from ml.training.tuning.plan import Plan, Tried

PATIENCE = 2  # failures at the beginning after which a model is given up
JUDGED_AFTER = 5  # measured trials after which a model can be found hopeless
HOPELESS = 0.7  # of the best value of all


@dataclass
class Budget:
    """Seconds are those of this worker; ``deadline`` is infinite where only trials are counted."""

    plan: Plan
    fixed_models: frozenset[str]  # in which nothing is varied: one trial says all
    started: float = field(default_factory=time.monotonic)
    spent: dict[str, float] = field(default_factory=dict)

    @property
    def deadline(self) -> float:
        return self.started + self.plan.minutes * 60 if self.plan.minutes is not None else float("inf")

    def trial_deadline(self, model: str) -> float:
        """A trial may take half of what is left, shared with the models that were not tried yet.

        The other half is for the refit, should it win.
        """
        waiting = sum(each not in self.spent for each in self.plan.models if each != model)
        left = self.deadline - time.monotonic()
        return time.monotonic() + left / 2 / (1 + waiting)

    def take(self, model: str, seconds: float) -> None:
        self.spent[model] = self.spent.get(model, 0.0) + seconds

    def next_model(self, tried: dict[str, list[Tried]]) -> str | None:
        """The open model with the least time spent, or fewest trials where no time is set; None at the end."""
        open_models = [model for model in self.plan.models if self._open(model, tried)]
        if not open_models:
            return None
        if self.plan.minutes is None:
            return min(open_models, key=lambda model: len(tried[model]))
        return min(open_models, key=lambda model: self.spent.get(model, 0.0))

    def _open(self, model: str, tried: dict[str, list[Tried]]) -> bool:
        own = tried[model]
        limit = 1 if model in self.fixed_models else self.plan.trials
        if limit is not None and len(own) >= limit:
            return False
        failures = sum(each.state == "failed" for each in own)
        measured = [each.value for each in own if each.value is not None]
        if failures >= PATIENCE and not measured:
            return False
        if self.plan.minutes is None:
            return True
        best = max((each.value for all_ in tried.values() for each in all_ if each.value is not None), default=0.0)
        if len(own) >= JUDGED_AFTER and max(measured, default=0.0) < HOPELESS * best:
            return False
        return time.monotonic() + self._needed(own, tried) < self.deadline

    def _needed(self, own: list[Tried], tried: dict[str, list[Tried]]) -> float:
        """Seconds for a trial as long as the model's median, and for the refit of the slowest that may win."""
        lasted = [each.seconds for each in own if each.value is not None]
        measured = [each for all_ in tried.values() for each in all_ if each.value is not None]
        leader = max(measured, key=lambda each: each.value or 0.0, default=None)
        refit = max(leader.seconds if leader else 0.0, max(lasted, default=0.0))
        return float(np.median(lasted)) + refit if lasted else refit
