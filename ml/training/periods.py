"""The training part cut into periods of equal length, each described by what was known when it began."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ml.data.features import History
from ml.data.interactions import DAY, Interactions
from ml.errors import DataError
from ml.models.base import Progress
from ml.training.examples import Examples, Sampling, build_examples, join, period_events

LONGEST_DAYS, SHORTEST_DAYS, USUAL_COUNT = 28.0, 1.0, 10
MOST_PERIODS = 40
AUC_EVENTS = 20_000  # events of the samples whose AUC stands for that of the training and of the validation part


@dataclass(frozen=True)
class Periods:
    """``fitted``: all periods but the last. ``sample`` (of those) and ``validation`` (the last) have uniform negatives.

    The rows of the feature tables of ``histories`` stand one below the other, in this order.
    """

    fitted: Examples
    sample: Examples
    validation: Examples
    histories: list[History]


def period_length(rows: Interactions, step_days: float) -> int:
    """In microseconds: as given, or for 0 a tenth of the time span, from one day to 28.

    Raises DataError when three periods do not fit into the span: one of history, one to learn, one to validate.
    """
    span = (rows.end - int(rows.times.min())) / DAY if len(rows) else 0.0
    days = step_days or min(max(span / USUAL_COUNT, SHORTEST_DAYS), LONGEST_DAYS)
    if span < 3 * days:
        raise DataError(
            f"The training part spans {span:.1f} days, too few for three periods of {days:g} days.",
            where="option step_days",
            hint="Choose a shorter period or a later split.",
        )
    return round(days * DAY)


def period_starts(rows: Interactions, step: int) -> list[int]:
    """Instants from which periods of ``step`` reach to the end; before the first lies one period of history or more."""
    first = int(rows.times.min()) + step
    return list(range(rows.end - step, first - 1, -step))[:MOST_PERIODS][::-1]


def read_periods(
    rows: Interactions,
    history_at: Callable[[int], History],
    sampling: Sampling,
    *,
    step: int,
    seed: int,
    max_events: int,
    progress: Progress,
) -> Periods:
    """Examples of every period. Raises DataError when there is nothing to learn from or nothing to validate with."""
    starts = period_starts(rows, step)
    histories, found = [], []
    for number, start in enumerate(starts):
        progress(number / len(starts), f"Reading the history, period {number + 1} of {len(starts)}")
        histories.append(history_at(start))
        found.append(period_events(rows, histories[-1], start + step, unseen_only=sampling.unseen_only))
    rng, last = np.random.default_rng(seed), len(starts) - 1

    def sample(period: int, sampling: Sampling, share: float) -> Examples:
        return sample_events(found[period], histories[period], sampling, table=period, rng=rng, share=share)

    total = max(sum(len(events) for events in found[:-1]), 1)
    return Periods(
        fitted=join([sample(period, sampling, max_events / total) for period in range(last)]),
        sample=join([sample(period, sampling.uniform(), AUC_EVENTS / total) for period in range(last)]),
        validation=join([sample(last, sampling.uniform(), AUC_EVENTS / max(len(found[last]), 1))]),
        histories=histories,
    )


def sample_events(
    events: Interactions,
    history: History,
    sampling: Sampling,
    *,
    table: int,
    rng: np.random.Generator,
    share: float = 1.0,
) -> Examples:
    """Examples of about this ``share`` of the events, each kept or left by chance."""
    chosen = np.arange(len(events))
    if share < 1:
        chosen = np.flatnonzero(rng.random(len(events)) < share)
    return build_examples(events, history, sampling, chosen=chosen, table=table, rng=rng)
