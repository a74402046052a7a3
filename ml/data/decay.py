"""Forgetting: the weight of an event halves with every half-life that it lies back."""

from dataclasses import replace

import numpy as np

from ml.data.interactions import DAY, SHARED_CLOCK, Interactions
from ml.errors import DataError

LEAST = np.float32(1e-6)  # weights stay positive, and such a one says nothing


def decayed(rows: Interactions, half_life_days: float, *, end: int | None = None) -> Interactions:
    """The rows with weights times 0.5 ** (age / half-life), the age counted back from ``end`` (the end of the rows).

    Only models that use weights see it: the binary ones do not. Raises DataError where rows have no common clock.
    """
    if not 0 < half_life_days < float("inf"):
        raise DataError(f"A half-life cannot be {half_life_days:g} days.", where="half-life", hint="For example 90.")
    if rows.clock != SHARED_CLOCK:
        raise DataError(
            "Weights cannot fade with time: the rows have no times.", where="half-life", hint="Leave it out."
        )
    ages = ((rows.end if end is None else end) - rows.times) / DAY  # [n] days
    kept = np.exp2(-np.maximum(ages, 0.0) / half_life_days).astype(np.float32)
    return replace(rows, weights=np.maximum(rows.weights * kept, LEAST))
