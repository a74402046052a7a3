"""Parting interactions into what trains and what tests: one file for each way, one text for each split."""

from ml.data.interactions import Interactions
from ml.data.splits.base import Split
from ml.data.splits.folds import FoldSplit, folds_of
from ml.data.splits.parts import Parts, instant_text
from ml.data.splits.text import parse_split
from ml.data.splits.time import TimeSplit
from ml.data.splits.validation import validation_tail

__all__ = [
    "FoldSplit",
    "Parts",
    "Split",
    "TimeSplit",
    "apply_split",
    "folds_of",
    "instant_text",
    "parse_split",
    "validation_tail",
]


def apply_split(rows: Interactions, split: Split, *, minimum_users: int = 2) -> Parts:
    """Part the rows.

    Raises DataError when the rows' times cannot say what the split needs, when nothing is left to learn from or to
    test, or when too few users are left to learn from.
    """
    split.check_clock(rows.clock)
    return split.apply(rows, minimum_users=minimum_users)
