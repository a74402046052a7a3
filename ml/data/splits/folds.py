"""k-fold in time: k tests one after the other, each on what came before it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ml.data.interactions import SHARED_CLOCK, Interactions
from ml.data.splits.base import Split
from ml.data.splits.parts import Parts
from ml.data.splits.time import TimeSplit, cut, instant_after
from ml.errors import DataError


@dataclass(frozen=True)
class FoldSplit(Split):
    """The rows in order of time are cut into k + 1 blocks, as equal as ties allow; fold i trains on the i blocks before
    the one that it tests. Without ``fold`` it stands for all of them (``folds_of``)."""

    clock: ClassVar[str] = SHARED_CLOCK

    k: int
    fold: int | None = None  # 1 to k

    @property
    def text(self) -> str:
        return f"folds:{self.k}" + (f",fold={self.fold}" if self.fold is not None else "")

    def inner(self, train: Interactions) -> TimeSplit:
        """The last block that trains; the later half of it where there is only one."""
        return TimeSplit(at=None, share=1 - 1 / max(self.fold or self.k, 2))

    def apply(self, rows: Interactions, *, minimum_users: int) -> Parts:
        if self.fold is None:
            raise DataError(
                f"The split {self.text} makes {self.k} pairs of train and test, and one was asked for.",
                where="split",
                hint=f"Name one, such as folds:{self.k},fold={self.k}.",
            )
        at = instant_after(rows.times, self.fold / (self.k + 1))
        until = instant_after(rows.times, (self.fold + 1) / (self.k + 1)) if self.fold < self.k else None
        if until is not None and until <= at:
            raise DataError(
                f"Fold {self.fold} of {self.k} is empty: too many rows share one time.",
                where="split",
                hint="Choose fewer folds.",
            )
        return cut(rows, at, until, minimum_users=minimum_users)


def folds_of(split: Split) -> list[Split]:
    """The splits to be measured one after the other: k for ``folds:k``, else the split itself."""
    if isinstance(split, FoldSplit) and split.fold is None:
        return [FoldSplit(split.k, int(fold)) for fold in np.arange(1, split.k + 1)]
    return [split]
