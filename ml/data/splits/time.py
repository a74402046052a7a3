"""Parting interactions at one instant: what came before trains, what came after tests."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ml.data.interactions import DAY, SHARED_CLOCK, Interactions
from ml.data.splits.base import Split
from ml.data.splits.parts import Parts, instant_text, parts_of
from ml.errors import DataError

TIES = "rows of one time stand on one side of the cut; the share is of the rows at the very instant of the cut"


@dataclass(frozen=True)
class TimeSplit(Split):
    """A global split: train before ``at``, test from it on, for ``window_days`` or to the last row.

    Instead of an instant, ``share`` names the part of the rows that train: the split falls at the time of the first row
    after that share, and rows of that time all test, so that rows of equal time stay together.
    """

    clock: ClassVar[str] = SHARED_CLOCK

    at: int | None  # microseconds since 1970, UTC
    share: float | None = None
    window_days: float | None = None

    @property
    def text(self) -> str:
        start = instant_text(self.at) if self.at is not None else f"{self.share:g}"
        return f"time:{start}" + (f",{self.window_days:g}d" if self.window_days else "")

    def inner(self, train: Interactions) -> "TimeSplit":
        """The last window before the cut where there is one, and else the same share again (0.9 for an instant)."""
        if self.window_days:
            at = train.end - round(self.window_days * DAY)
            tail = train.times >= at
            if tail.any() and not tail.all():
                return TimeSplit(at=at, window_days=self.window_days)
        return TimeSplit(at=None, share=self.share or 0.9)

    def apply(self, rows: Interactions, *, minimum_users: int) -> Parts:
        at = self.at if self.at is not None else instant_after(rows.times, self.share or 0.0)
        until = at + round(self.window_days * DAY) if self.window_days else None
        return cut(rows, at, until, minimum_users=minimum_users)


def cut(rows: Interactions, at: int, until: int | None, *, minimum_users: int) -> Parts:
    """Train before ``at``, test from it to before ``until``, or to the last row."""
    before = rows.times < at
    after = (rows.times >= at) & (rows.times < (until if until is not None else np.iinfo(np.int64).max))
    _check_sides(rows, at, until, before, after)
    where = f"split at {instant_text(at)}"
    share = float((rows.times == at).mean())
    parts = parts_of(
        rows, before, after, where=where, minimum_users=minimum_users, at=at, until=until, ties=TIES, tied_share=share
    )
    parts.counts["rows_after_the_window"] = len(rows) - int(before.sum()) - int(after.sum())
    return parts


def instant_after(times: NDArray[np.int64], share: float) -> int:
    """The time of the first row after this share of the rows; later where that would leave nothing before it.

    Raises DataError where all times are equal.
    """
    ordered = np.sort(times)
    if not len(ordered) or ordered[0] == ordered[-1]:
        raise DataError(
            "All rows have the same time, so nothing can come before or after.",
            where="column with the role time",
            hint="Check that the column with the role time is the right one.",
        )
    at = int(ordered[min(int(np.ceil(share * len(ordered))), len(ordered) - 1)])
    return at if at > ordered[0] else int(ordered[np.searchsorted(ordered, at, side="right")])


def _check_sides(
    rows: Interactions, at: int, until: int | None, before: NDArray[np.bool_], after: NDArray[np.bool_]
) -> None:
    if len(rows) and before.any() and after.any():
        return
    first, last = (int(rows.times.min()), int(rows.times.max())) if len(rows) else (0, 0)
    reach = f"The interactions reach from {instant_text(first)} to {instant_text(last)}."
    if not before.any():
        raise DataError(
            f"Nothing happened before {instant_text(at)}, so nothing can be learned.", where="split", hint=reach
        )
    window = f" and before {instant_text(until)}" if until is not None else ""
    raise DataError(
        f"Nothing happened from {instant_text(at)} on{window}, so nothing can be tested.", where="split", hint=reach
    )
